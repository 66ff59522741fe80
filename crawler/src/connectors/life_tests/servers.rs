//! The platforms' servers as far as the matrix asks them, and the rows.

use discover_model::SourceKind;
use serde_json::{Value, json};

use super::{Event, Post, Row, Version, World, at};
use crate::testing::{Answer, Hit, Reply};

fn data(value: &Value) -> Option<Answer> {
    Some(Reply::json(&value.to_string()))
}

fn list(values: impl Iterator<Item = Value>) -> Option<Answer> {
    data(&Value::Array(values.collect()))
}

fn oops() -> Option<Answer> {
    Some(Reply::with(500, &[], "oops"))
}

/// A failure with the platform's own word for it.
fn missing(status: u16, body: &'static str) -> Option<Answer> {
    let json = [("content-type", "application/json")];
    Some(Reply::with(status, &json, body))
}

/// Entries of a list, none of which can be read.
fn nonsense() -> Value {
    json!([{"x": 1}, {"x": 2}])
}

fn discourse(world: &World, hit: &Hit) -> Option<Answer> {
    let topic = |id: u64, active: u32| json!({"id": id, "slug": world.slug, "title": world.title, "category_id": 1, "posts_count": active, "bumped_at": at(u64::from(active % 9 + 1))});
    match hit.path.as_str() {
        // The latest versions tell categories page by page, and elsewhere none.
        "/site.json" if world.version == Version::Newer => {
            data(&json!({"lazy_load_categories": true, "categories": []}))
        }
        "/categories.json" => data(
            &json!({"category_list": {"categories": [{"id": 1, "slug": "open", "read_restricted": false}]}}),
        ),
        // Version 1 had neither the fields of a restriction nor of a kind.
        "/site.json" if world.version == Version::Older => {
            data(&json!({"categories": [{"id": 1, "slug": "open"}]}))
        }
        "/site.json" => {
            data(&json!({"categories": [{"id": 1, "slug": "open", "read_restricted": false}]}))
        }
        "/latest.json" if world.unreadable => data(&json!({"topic_list": {"topics": nonsense()}})),
        "/latest.json" => {
            let mut topics: Vec<Value> = world.noise().map(|id| topic(id, 9)).collect();
            topics.push(topic(1, world.activity()));
            let more = world.endless.then_some("/latest?page=1");
            data(&json!({"topic_list": {"topics": topics, "more_topics_url": more}}))
        }
        "/t/1.json" if world.version == Version::Older => data(
            &json!({"id": 1, "title": world.title, "slug": world.slug, "category_id": 1,
            "post_stream": {
                "posts": world.present().map(|post| json!({"id": post.n, "post_number": post.n, "username": "u", "created_at": post.at(),
                    "cooked": format!("<p>{}</p>", post.text)})).collect::<Vec<_>>(),
                "stream": world.present().map(|post| post.n).collect::<Vec<_>>(),
            }}),
        ),
        "/t/1.json" => data(
            &json!({"id": 1, "title": world.title, "slug": world.slug, "category_id": 1, "archetype": "regular", "visible": true,
            "post_stream": {
                "posts": world.present().map(|post| json!({"id": post.n, "post_number": post.n, "post_type": 1, "username": "u", "created_at": post.at(),
                    "cooked": format!("<p>{}</p>", post.text)})).collect::<Vec<_>>(),
                "stream": world.present().map(|post| post.n).collect::<Vec<_>>(),
            }}),
        ),
        path if path.starts_with("/t/10") => oops(),
        _ => None,
    }
}

fn nodebb(world: &World, hit: &Hit) -> Option<Answer> {
    let slug = |id: u64| format!("{id}/{}", world.slug);
    let topic = |id: u64, active: u32| json!({"tid": id, "cid": 1, "slug": slug(id), "title": world.title, "lastposttime": 1_790_000_000_000_u64 + u64::from(active), "postcount": active});
    match hit.path.as_str() {
        "/api/recent" if world.unreadable => {
            data(&json!({"topics": nonsense(), "pagination": {"pageCount": 1}}))
        }
        "/api/recent" => {
            let mut topics: Vec<Value> = world.noise().map(|id| topic(id, 9)).collect();
            topics.push(topic(1, world.activity()));
            let pages = world.endless.then_some(9).or(Some(1));
            data(&json!({"topics": topics, "pagination": {"pageCount": pages}}))
        }
        "/api/topic/1" => data(
            &json!({"cid": 1, "slug": slug(1), "title": world.title, "mainPid": 1, "pagination": {"pageCount": 1},
            "posts": world.posts.iter().map(|post| json!({"pid": post.n, "index": post.n - 1, "content": if post.gone { "" } else { &post.text },
                "deleted": flag(world, post.gone), "timestamp": millis(post), "user": {"username": "u", "displayname": "U"}})).collect::<Vec<_>>()}),
        ),
        path if path.starts_with("/api/topic/10") => oops(),
        _ => None,
    }
}

/// NodeBB 1 writes flags as truth values, later versions as numbers.
fn flag(world: &World, set: bool) -> Value {
    if world.version == Version::Older {
        json!(set)
    } else {
        json!(u8::from(set))
    }
}

fn millis(post: &Post) -> i64 {
    let at: jiff::Timestamp = post.at().parse().expect("a moment");
    at.as_millisecond()
}

fn flarum(world: &World, hit: &Hit) -> Option<Answer> {
    // The betas had other names for the same.
    let (count, last, written) = match world.version {
        Version::Older => ("commentsCount", "lastTime", "time"),
        _ => ("commentCount", "lastPostedAt", "createdAt"),
    };
    let topic = |id: u64, active: u32| {
        json!({"type": "discussions", "id": id.to_string(), "attributes": {"title": world.title, "slug": format!("{id}-{}", world.slug),
        count: active, last: at(u64::from(active % 9 + 1))}})
    };
    let next = world.endless.then(|| format!("{}/api/more", hit.origin));
    match (hit.path.as_str(), hit.query.as_str()) {
        // Without the extension Tags, which the betas had built in.
        ("/api/discussions", query)
            if world.version == Version::Newer && query.contains("tags") =>
        {
            missing(
                400,
                r#"{"errors":[{"status":"400","code":"invalid_parameter"}]}"#,
            )
        }
        ("/api/discussions", _) if world.unreadable => data(&json!({"data": nonsense()})),
        ("/api/discussions", _) => {
            let mut topics: Vec<Value> = world.noise().map(|id| topic(id, 9)).collect();
            topics.push(topic(1, world.activity()));
            data(&json!({"data": topics, "links": {"next": next}}))
        }
        ("/api/posts", query) if query.contains("=1&") => data(&json!({
            "links": {"next": next},
            "data": world.present().map(|post| json!({"type": "posts", "id": post.n.to_string(), "attributes": {"number": post.n, "contentType": "comment",
                "contentHtml": format!("<p>{}</p>", post.text), written: post.at()}})).collect::<Vec<_>>(),
            "included": [topic(1, 0)]})),
        ("/api/posts", _) => oops(),
        _ => None,
    }
}

fn lemmy(world: &World, hit: &Hit) -> Option<Answer> {
    let first = &world.posts[0];
    // Version 0.17 wrote UTC without saying so, and knew no visibility; the latest has another interface.
    let date = |post: &Post| match world.version {
        Version::Older => post.at().replace('Z', ".123456"),
        _ => post.at(),
    };
    let post = |id: u64| json!({"id": id, "name": world.title, "body": first.text, "published": date(first), "local": true, "deleted": first.gone});
    let community = match world.version {
        Version::Older => json!({"local": true}),
        _ => json!({"local": true, "visibility": "Public"}),
    };
    let view = |id: u64, count: u32| json!({"post": post(id), "community": community, "counts": {"comments": world.posts.len() - 1, "newest_comment_time": at(u64::from(count % 9 + 1))}});
    let next = world.endless.then_some("more");
    if world.version == Version::Newer {
        let path = hit.path.strip_prefix("/api/v4/")?;
        let post = |count: u32| json!({"id": 1, "name": world.title, "body": first.text, "published_at": first.at(), "local": true, "comments": world.posts.len() - 1, "newest_comment_time_at": at(u64::from(count % 9 + 1))});
        let view = |count: u32| json!({"post": post(count), "community": {"local": true, "visibility": "public"}, "creator": {"name": "u", "ap_id": "https://x.example/u/u"}});
        return match path {
            "post/list" => data(&json!({"items": [view(world.activity())], "next_page": null})),
            "post" => data(&json!({"post_view": view(0)})),
            "comment/list" => data(&json!({"next_page": null,
                "items": world.posts[1..].iter().map(|post| json!({"comment": {"id": post.n, "content": post.text, "path": format!("0.{}", post.n),
                    "published_at": post.at(), "local": true}, "creator": {"name": "u", "ap_id": "https://x.example/u/u"}})).collect::<Vec<_>>()})),
            _ => None,
        };
    }
    match hit.path.as_str() {
        "/api/v3/post/list" if world.unreadable => data(&json!({"posts": nonsense()})),
        "/api/v3/post/list" => {
            let mut posts: Vec<Value> = world.noise().map(|id| view(id, 9)).collect();
            posts.push(view(1, world.activity()));
            data(&json!({"posts": posts, "next_page": next}))
        }
        "/api/v3/post" if hit.param("id").as_deref() == Some("1") => {
            data(&json!({"post_view": view(1, 0)}))
        }
        "/api/v3/post" => oops(),
        "/api/v3/comment/list" if hit.param("post_id").as_deref() != Some("1") => oops(),
        "/api/v3/comment/list" if world.endless || hit.param("page").as_deref() == Some("1") => {
            data(&json!({
            "comments": world.posts[1..].iter().filter(|post| !post.gone).map(|post| json!({"comment": {"id": post.n, "content": post.text, "path": format!("0.{}", post.n),
                "published": date(post), "local": true}, "creator": {"name": "u"}})).collect::<Vec<_>>()}))
        }
        "/api/v3/comment/list" => data(&json!({"comments": []})),
        _ => None,
    }
}

fn mastodon(world: &World, hit: &Hit) -> Option<Answer> {
    let status = |post: &Post| {
        let mut status = json!({"id": post.n.to_string(), "url": format!("{}/@board/{}", hit.origin, post.n), "visibility": "public",
        "content": format!("<p>{}</p>", post.text), "created_at": post.at(), "account": {"id": "9", "acct": "board"}});
        if world.version == Version::Newer {
            status["quote_approval"] = json!({"automatic": ["public"], "manual": []});
            status["quote"] = Value::Null;
        }
        status
    };
    match hit.path.as_str() {
        "/api/v1/accounts/lookup" => data(&json!({"id": "9", "acct": "board", "indexable": true})),
        "/api/v1/accounts/9/statuses" if hit.param("max_id").is_some() && !world.endless => {
            data(&json!([]))
        }
        // Versions before 4.3 give one at a time.
        "/api/v1/statuses" if world.version == Version::Older => None,
        path if world.version == Version::Older && path.starts_with("/api/v1/statuses/") => {
            let wanted = path.rsplit('/').next()?;
            let post = world.present().find(|post| post.n.to_string() == wanted)?;
            data(&status(post))
        }
        "/api/v1/accounts/9/statuses" if world.unreadable => data(&nonsense()),
        "/api/v1/accounts/9/statuses" | "/api/v1/statuses" => list(world.present().map(status)),
        path if path.starts_with("/api/v1/statuses/") => {
            missing(404, r#"{"error":"Record not found"}"#)
        }
        _ => None,
    }
}

fn atproto(world: &World, hit: &Hit) -> Option<Answer> {
    let uri = |n: u64| format!("at://did:plc:a/app.bsky.feed.post/{n}");
    let record = |post: &Post| {
        let mut value = json!({"text": post.text, "createdAt": post.at(), "langs": ["en"]});
        if post.n > 1 {
            value["reply"] = json!({"root": {"uri": uri(1)}, "parent": {"uri": uri(1)}});
        }
        json!({"uri": uri(post.n), "value": value})
    };
    match hit.path.strip_prefix("/xrpc/com.atproto.")? {
        "identity.resolveHandle" => data(&json!({"did": "did:plc:a"})),
        "sync.getRepoStatus" if world.version == Version::Older => {
            missing(501, r#"{"error":"MethodNotImplemented"}"#)
        }
        "sync.getRepoStatus" => data(&json!({"did": "did:plc:a", "active": true})),
        "sync.getLatestCommit" => data(
            &json!({"rev": format!("{:x}", crate::hashes::body_hash(format!("{world:?}").as_bytes()))}),
        ),
        "repo.listRecords" if world.unreadable => data(&json!({"records": nonsense()})),
        "repo.listRecords" => {
            let more = world.endless || world.version == Version::Newer;
            let empty = hit.param("cursor").is_some() && !world.endless;
            let records: Vec<Value> = world.present().filter(|_| !empty).map(record).collect();
            data(&json!({"records": records, "cursor": (more && !empty).then_some("more")}))
        }
        "repo.getRecord" => {
            let wanted = hit.param("rkey")?;
            match world.present().find(|post| post.n.to_string() == wanted) {
                Some(post) => data(&record(post)),
                None => missing(400, r#"{"error":"RecordNotFound"}"#),
            }
        }
        _ => None,
    }
}

fn wordpress(world: &World, hit: &Hit) -> Option<Answer> {
    let page = || format!("{}/{}/", hit.origin, world.slug);
    let post = |first: &Post| {
        json!({"id": 1, "link": page(), "date_gmt": first.at().trim_end_matches('Z'), "modified_gmt": format!("2026-09-02T10:00:0{}", world.bumped),
        "status": "publish", "title": {"rendered": world.title}, "content": {"rendered": format!("<p>{}</p>", first.text)}})
    };
    let comment = |post: &Post| {
        json!({"id": post.n, "post": 1, "link": format!("{}#comment-{}", page(), post.n), "date_gmt": post.at().trim_end_matches('Z'),
        "status": "approved", "content": {"rendered": format!("<p>{}</p>", post.text)}, "author_name": "u"})
    };
    // Before version 4.7 there are feeds alone.
    if world.version == Version::Older && hit.path.starts_with("/wp-json") {
        return None;
    }
    if hit.param("page").is_some_and(|page| page != "1") && !world.endless {
        return data(&json!([]));
    }
    match hit.path.as_str() {
        "/feed/atom/" => {
            let replies = format!(
                "<link rel=\"replies\" type=\"application/atom+xml\" href=\"{}feed/atom/\"/>",
                page()
            );
            let first = world.present().filter(|post| post.n == 1);
            let entries = first.map(|post| entry(world, post, &page()));
            atom(
                &entries
                    .map(|entry| entry.replace("<content", &format!("{replies}<content")))
                    .collect::<String>(),
            )
        }
        path if path == format!("/{}/feed/atom/", world.slug) => {
            let comments = world.present().filter(|post| post.n > 1);
            let comments =
                comments.map(|post| entry(world, post, &format!("{}#comment-{}", page(), post.n)));
            atom(&comments.collect::<String>())
        }
        path if path == format!("/{}/", world.slug) => {
            let posts: String = world
                .present()
                .map(|post| format!("<p id=comment-{}>{}</p>", post.n, post.text))
                .collect();
            Some(Reply::html(&posts))
        }
        "/" => Some(Reply::html("<html><body>Blog</body></html>")),
        "/wp-json/wp/v2/posts" | "/wp-json/wp/v2/comments" if world.unreadable => data(&nonsense()),
        "/wp-json/wp/v2/posts" => list(world.present().filter(|post| post.n == 1).map(post)),
        "/wp-json/wp/v2/comments" => list(world.present().filter(|post| post.n > 1).map(comment)),
        path if path.starts_with("/wp-json/wp/v2/posts/") => {
            missing(404, r#"{"code":"rest_post_invalid_id"}"#)
        }
        path if path.starts_with("/wp-json/wp/v2/comments/") => {
            missing(404, r#"{"code":"rest_comment_invalid_id"}"#)
        }
        _ => None,
    }
}

fn html(world: &World, hit: &Hit) -> Option<Answer> {
    let line = |id: u64, count: u32| {
        format!(
            "<div class=row><div><a class=t href=/t/{id}>{}</a></div><div>{count} replies</div></div>",
            world.title
        )
    };
    match hit.path.as_str() {
        "/" | "/t/1" if world.unreadable => Some(Reply::html("<p>We are moving house.</p>")),
        "/" => {
            let noise: String = world.noise().map(|id| line(id, 9)).collect();
            let own = line(1, world.activity());
            let more = if world.endless {
                "<a class=more href=/?page=2>more</a>"
            } else {
                ""
            };
            Some(Reply::html(&format!("<body><div>{noise}{own}</div>{more}")))
        }
        "/t/1" => {
            let posts: String = world
                .present()
                .map(|post| {
                    format!(
                        "<div class=p id=p{}><time datetime={}></time><p class=x>{}</p></div>",
                        post.n,
                        post.at(),
                        post.text
                    )
                })
                .collect();
            Some(Reply::html(&format!("<h1>{}</h1>{posts}", world.title)))
        }
        path if path.starts_with("/t/10") => oops(),
        _ => None,
    }
}

/// A page for each item of a feed or archive.
fn page(world: &World, n: &str, gone: u16) -> Option<Answer> {
    match world.present().find(|post| post.n.to_string() == n) {
        Some(post) => Some(Reply::html(&format!("<p>{}</p>", post.text))),
        None if n.starts_with("10") => oops(),
        None => Some(Reply::with(gone, &[], "")),
    }
}

fn atom(entries: &str) -> Option<Answer> {
    let feed = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\"><title>t</title>{entries}</feed>"
    );
    Some(Reply::with(200, &[], feed))
}

fn entry(world: &World, post: &Post, address: &str) -> String {
    let (title, answers) = if post.n == 1 {
        (world.title.clone(), String::new())
    } else {
        let answers = "<thr:in-reply-to ref=\"urn:uuid:00000001\"/>".to_owned();
        (format!("Re: {}", post.n), answers)
    };
    format!(
        "<entry><id>urn:uuid:{:08}</id><title>{title}</title><published>{2}</published><updated>{2}</updated>\
         <link href=\"{address}\"/><content type=\"text\">{1}</content>{answers}</entry>",
        post.n,
        post.text,
        post.at()
    )
}

fn feed(world: &World, hit: &Hit) -> Option<Answer> {
    if hit.path != "/feed" {
        let (slug, n) = hit.path.trim_start_matches('/').split_once('/')?;
        return if ["one", "two"].contains(&slug) {
            page(world, n, 404)
        } else {
            None
        };
    }
    if world.unreadable {
        return atom("<entry/><entry/>");
    }
    let noise: Vec<Post> = world.noise().map(Post::new).collect();
    let entries = world.present().chain(&noise).map(|post| {
        let address = format!("{}/{}/{}", hit.origin, world.slug, post.n);
        // Days of the month.
        let day = post.day.min(9);
        entry(
            world,
            &Post {
                day,
                ..post.clone()
            },
            &address,
        )
    });
    let (entries, kind) = match world.version {
        // The same entries in the other two formats.
        Version::Older => (rss(world, hit), "application/rss+xml"),
        Version::Newer => (json_feed(world, hit), "application/feed+json"),
        Version::Usual => {
            let next = format!("<link rel=\"next\" href=\"{}/feed?page=2\"/>", hit.origin);
            let next = if world.endless { next } else { String::new() };
            return atom(&(next + &entries.collect::<String>()));
        }
    };
    Some(Reply::with(200, &[("content-type", kind)], entries))
}

fn rss(world: &World, hit: &Hit) -> String {
    let items = world.present().map(|post| {
        let title = if post.n == 1 { world.title.clone() } else { format!("Re: {}", post.n) };
        format!(
            "<item><guid isPermaLink=\"false\">urn:uuid:{:08}</guid><title>{title}</title><pubDate>{:02} Sep 2026 10:00:00 GMT</pubDate>\
             <link>{}/{}/{}</link><description>{}</description></item>",
            post.n, post.day, hit.origin, world.slug, post.n, post.text
        )
    });
    format!(
        "<rss version=\"2.0\"><channel><title>t</title>{}</channel></rss>",
        items.collect::<String>()
    )
}

fn json_feed(world: &World, hit: &Hit) -> String {
    let items = world.present().map(|post| {
        let title = if post.n == 1 {
            world.title.clone()
        } else {
            format!("Re: {}", post.n)
        };
        json!({"id": format!("urn:uuid:{:08}", post.n), "title": title, "date_published": post.at(),
        "url": format!("{}/{}/{}", hit.origin, world.slug, post.n), "content_text": post.text})
    });
    json!({"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": items.collect::<Vec<_>>()}).to_string()
}

fn public_inbox(world: &World, hit: &Hit) -> Option<Answer> {
    match hit.path.strip_prefix("/town/")? {
        "new.atom" if hit.param("t").is_some() && !world.endless => None,
        "new.atom" if world.unreadable => atom("<entry/><entry/>"),
        "new.atom" => {
            let entries = world.present().collect::<Vec<_>>().into_iter().rev();
            let entries =
                entries.map(|post| entry(world, post, &format!("{}/town/{}/", hit.origin, post.n)));
            atom(&entries.collect::<String>())
        }
        path => page(world, path.trim_end_matches('/'), 300),
    }
}

fn ical(world: &World, hit: &Hit) -> Option<Answer> {
    if hit.path != "/events.ics" {
        return None;
    }
    let events: String = world
        .present()
        .map(|post| {
            let own = if post.n == 1 {
                format!("SUMMARY:{}\r\n", world.title)
            } else {
                "RELATED-TO:1\r\n".to_owned()
            };
            format!(
                "BEGIN:VEVENT\r\nUID:{0}\r\n{own}DESCRIPTION:{1}\r\nCREATED:202609{2:02}T100000Z\r\nURL:{3}/{4}/{0}\r\nEND:VEVENT\r\n",
                post.n, post.text, post.day, hit.origin, world.slug
            )
        })
        .collect();
    let events = if world.unreadable {
        "BEGIN:VEVENT\r\nEND:VEVENT\r\n"
    } else {
        &events
    };
    let about = match world.version {
        Version::Older => "VERSION:1.0\r\n",
        Version::Usual => "VERSION:2.0\r\n",
        // RFC 7986.
        Version::Newer => {
            "VERSION:2.0\r\nNAME:Town\r\nCOLOR:teal\r\nREFRESH-INTERVAL;VALUE=DURATION:P1D\r\n"
        }
    };
    let calendar = format!("BEGIN:VCALENDAR\r\n{about}{events}END:VCALENDAR\r\n");
    Some(Reply::with(
        200,
        &[("content-type", "text/calendar")],
        calendar,
    ))
}

fn hyperkitty(world: &World, hit: &Hit) -> Option<Answer> {
    let path = hit.path.replace("%40", "@");
    let path = path.strip_prefix("/hk/api/list/town@site.example/")?;
    let thread = |id: u64, active: u32| json!({"thread_id": format!("T{id}"), "subject": world.title, "date_active": at(u64::from(active % 9 + 1)), "replies_count": active});
    let message = |post: &Post| {
        json!({"message_id_hash": format!("M{}", post.n), "subject": world.title, "sender_name": "U", "sender": if world.version == Version::Older { json!({"address": "u (a) site.example"}) } else { json!({"mailman_id": "u"}) },
        "date": post.at(), "parent": (post.n > 1).then_some("http://x/api/list/a@b/email/M1/"), "content": post.text})
    };
    let next = world.endless.then_some("http://x/more");
    match path {
        "threads/" if world.unreadable => data(&json!({"results": nonsense(), "next": null})),
        "threads/" => {
            let mut rows: Vec<Value> = world.noise().map(|id| thread(id, 9)).collect();
            rows.push(thread(1, world.activity()));
            data(&json!({"results": rows, "next": next}))
        }
        "thread/T1/emails/" => data(
            &json!({"results": world.present().map(message).collect::<Vec<_>>(), "next": next}),
        ),
        path if path.starts_with("thread/T10") => oops(),
        path => {
            let hash = path.strip_prefix("email/M")?.trim_end_matches('/');
            let post = world.present().find(|post| post.n.to_string() == hash)?;
            data(&message(post))
        }
    }
}

const NO_TITLE: &str = "a timeline has neither titles nor threads";
const NAMED: &str = "its number alone names it there";
const FIXED: &str = "a message never changes";
const NO_THREADS: &str = "it is one list, without threads";
const ONE_FORMAT: &str = "it has had one format from its first version on";
const PAGES: &str = "pages have no interface, and so no version of it";
const BY_GATE: &str = "what it gives has no text, and the gate refuses and counts it";

pub(super) const ROWS: [Row; 12] = [
    Row {
        kind: SourceKind::Discourse,
        path: "/",
        answer: discourse,
        noise: "/t/10",
        threads: true,
        without: |_| None,
        requests: 10,
    },
    Row {
        kind: SourceKind::Nodebb,
        path: "/",
        answer: nodebb,
        noise: "/api/topic/10",
        threads: true,
        without: |_| None,
        requests: 9,
    },
    Row {
        kind: SourceKind::Flarum,
        path: "/",
        answer: flarum,
        noise: "/api/posts?filter%5Bdiscussion%5D=10",
        threads: true,
        without: |_| None,
        requests: 9,
    },
    Row {
        kind: SourceKind::Lemmy,
        path: "/",
        answer: lemmy,
        noise: "/api/v3/comment/list?post_id=10",
        threads: true,
        without: |event| match event {
            Event::Gone(0) | Event::GoneBefore => Some("a deleted post takes its comments with it"),
            Event::Address => Some(NAMED),
            _ => None,
        },
        requests: 13,
    },
    Row {
        kind: SourceKind::Hyperkitty,
        path: "/hk/list/town@site.example/",
        answer: hyperkitty,
        noise: "/hk/api/list/town%40site.example/thread/T10",
        threads: true,
        without: |event| match event {
            Event::Edit(_) | Event::Rename | Event::Date | Event::Address => Some(FIXED),
            _ => None,
        },
        requests: 9,
    },
    Row {
        kind: SourceKind::Html,
        path: "/",
        answer: html,
        noise: "/t/10",
        threads: true,
        without: |event| match event {
            Event::Address => Some("a page at another address is another page"),
            Event::Older | Event::Newer => Some(PAGES),
            _ => None,
        },
        requests: 9,
    },
    Row {
        kind: SourceKind::Wordpress,
        path: "/",
        answer: wordpress,
        noise: "",
        threads: true,
        without: |event| match event {
            Event::Broken | Event::Disallowed => Some("posts and comments are lists"),
            Event::Gone(0) | Event::GoneBefore => Some("comments of a deleted post go with it"),
            Event::Newer => Some("the data interface is what it was in version 4.7"),
            _ => None,
        },
        requests: 12,
    },
    Row {
        kind: SourceKind::Mastodon,
        path: "/@board",
        answer: mastodon,
        noise: "",
        threads: false,
        without: |event| match event {
            Event::Rename | Event::Broken | Event::Disallowed => Some(NO_TITLE),
            Event::Address => Some(NAMED),
            _ => None,
        },
        requests: 7,
    },
    Row {
        kind: SourceKind::Atproto,
        path: "/",
        answer: atproto,
        noise: "",
        threads: false,
        without: |event| match event {
            Event::Rename | Event::Broken | Event::Disallowed => Some(NO_TITLE),
            Event::Address => Some(NAMED),
            _ => None,
        },
        requests: 9,
    },
    Row {
        kind: SourceKind::Feed,
        path: "/feed",
        answer: feed,
        noise: "/one/10",
        threads: false,
        without: |event| match event {
            Event::Unreadable => Some(BY_GATE),
            _ => None,
        },
        requests: 16,
    },
    Row {
        kind: SourceKind::PublicInbox,
        path: "/town/",
        answer: public_inbox,
        noise: "",
        threads: false,
        without: |event| match event {
            Event::Edit(_) | Event::Rename | Event::Date | Event::Address => Some(FIXED),
            Event::Hidden => Some("a message that was withdrawn does not come again"),
            Event::Broken | Event::Disallowed => Some(NO_THREADS),
            Event::Older | Event::Newer => Some(ONE_FORMAT),
            Event::Unreadable => Some(BY_GATE),
            _ => None,
        },
        requests: 9,
    },
    Row {
        kind: SourceKind::Ical,
        path: "/events.ics",
        answer: ical,
        noise: "",
        threads: false,
        without: |event| match event {
            Event::Broken | Event::Disallowed => Some(NO_THREADS),
            Event::Unreadable => Some(BY_GATE),
            Event::Endless => Some("a calendar that does not end was cut off: an error"),
            _ => None,
        },
        requests: 2,
    },
];
