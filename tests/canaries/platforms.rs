//! What each platform serves of the same posts, as far as its connector asks.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Place, Post};
use crate::support::site::Sites;

const AT: &str = "2026-06-02T10:00:00Z";
const MILLIS: i64 = 1_780_394_400_000;

/// A platform, and which places a post has there.
pub(super) struct Platform {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    /// The source's address.
    pub(super) path: &'static str,
    /// More lines of the registry.
    pub(super) more: &'static str,
    pub(super) places: &'static [Place],
    pub(super) put: fn(&Sites, usize, &[Post]),
}

use Place::{
    Attachment, Author, Elsewhere, Guid, ImageAlt, Link, Location, Organiser, Path, Query,
    Quotation, Refused, Signature, Text, Title,
};

const FEED: &[Place] = &[
    Text, Title, Path, Query, Link, Guid, Quotation, Signature, ImageAlt, Attachment, Author,
    Elsewhere, Refused,
];
/// The address is made of an id and a slug.
const FORUM: &[Place] = &[
    Text, Title, Path, Link, Quotation, Signature, ImageAlt, Attachment, Author,
];
/// The address is made of an id.
const BY_ID: &[Place] = &[
    Text, Title, Link, Quotation, Signature, ImageAlt, Attachment, Author,
];

pub(super) const PLATFORMS: [Platform; 14] = [
    Platform {
        name: "rss",
        kind: "feed",
        path: "/feed",
        more: "",
        places: FEED,
        put: rss,
    },
    Platform {
        name: "atom",
        kind: "feed",
        path: "/feed",
        more: "",
        places: FEED,
        put: atom,
    },
    Platform {
        name: "jsonfeed",
        kind: "feed",
        path: "/feed",
        more: "",
        places: FEED,
        put: json_feed,
    },
    Platform {
        name: "wordpress",
        kind: "wordpress",
        path: "/",
        more: "",
        places: FORUM,
        put: wordpress,
    },
    Platform {
        name: "discourse",
        kind: "discourse",
        path: "/",
        more: "",
        places: FORUM,
        put: discourse,
    },
    Platform {
        name: "nodebb",
        kind: "nodebb",
        path: "/",
        more: "",
        places: FORUM,
        put: nodebb,
    },
    Platform {
        name: "flarum",
        kind: "flarum",
        path: "/",
        more: "",
        places: FORUM,
        put: flarum,
    },
    Platform {
        name: "lemmy",
        kind: "lemmy",
        path: "/",
        more: "",
        places: BY_ID,
        put: lemmy,
    },
    Platform {
        name: "mastodon",
        kind: "mastodon",
        path: "/@board",
        more: "",
        places: &[Text, Path, Link, Quotation, Signature, ImageAlt, Author],
        put: mastodon,
    },
    Platform {
        name: "atproto",
        kind: "atproto",
        path: "/",
        more: "accounts = [\"board.example.org\"]\n",
        places: &[Text, Link, Signature, ImageAlt],
        put: atproto,
    },
    Platform {
        name: "html",
        kind: "html",
        path: "/",
        more: "[network.source.list]\nstart = \"/\"\nthread = \"a.t@href\"\n[network.source.thread]\ntitle = \"h1\"\npost = \".p\"\n\
               text = \".x\"\nauthor = \".w\"\ntime = { css = \"time\" }\n",
        places: &[
            Text, Title, Path, Query, Link, Quotation, Signature, ImageAlt, Attachment, Author,
        ],
        put: html,
    },
    Platform {
        name: "ical",
        kind: "ical",
        path: "/events.ics",
        more: "",
        places: &[
            Text, Title, Path, Query, Link, Guid, Signature, Attachment, Organiser, Location,
        ],
        put: ical,
    },
    Platform {
        name: "hyperkitty",
        kind: "hyperkitty",
        path: "/hk/list/town@site.example/",
        more: "",
        places: &[Text, Title, Link, Quotation, Signature, Attachment, Author],
        put: hyperkitty,
    },
    Platform {
        name: "public-inbox",
        kind: "public-inbox",
        path: "/town/",
        more: "",
        places: &[Text, Title, Path, Link, Quotation, Signature, Author],
        put: public_inbox,
    },
];

fn json(sites: &Sites, number: usize, path: &str, value: &Value) {
    sites.put(number, path, "application/json", value.to_string());
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// The item's address on its site, with the page that stands there.
fn page(sites: &Sites, number: usize, post: &Post) -> String {
    if let Some(step) = &post.elsewhere {
        return format!("https://elsewhere.example/people/{step}");
    }
    let mut path = format!("/news/{}-{}", post.slug, post.id);
    if let Some(query) = &post.query {
        write!(path, "?{query}").expect("writing to a string");
    }
    if post.refused {
        let page = "<html><meta name=robots content=noindex><p>A page.</p>";
        sites.put(number, &path, "text/html", page);
    }
    format!("{}{path}", sites.origin(number))
}

fn rss(sites: &Sites, number: usize, posts: &[Post]) {
    let items: String = posts
        .iter()
        .map(|post| {
            let enclosure = post.attachment.as_ref().map(|name| {
                let at = format!("{}/files/{name}", sites.origin(number));
                format!("<enclosure url=\"{}\" type=\"application/pdf\" length=\"1\"/>", escaped(&at))
            });
            format!(
                "<item><guid isPermaLink=\"false\">{}</guid><link>{}</link><title>{}</title><dc:creator>{}</dc:creator>\
                 <description><![CDATA[{}]]></description>{}<pubDate>Tue, 02 Jun 2026 10:00:00 GMT</pubDate></item>",
                escaped(&post.guid),
                escaped(&page(sites, number, post)),
                escaped(&post.title),
                escaped(&post.author),
                post.html(),
                enclosure.unwrap_or_default()
            )
        })
        .collect();
    let feed = format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>t</title><link>{}/</link>{items}</channel></rss>",
        sites.origin(number)
    );
    sites.put(number, "/feed", "application/rss+xml", feed);
}

fn entries(posts: &[Post], content: &str, address: impl Fn(&Post) -> String) -> String {
    let entries: String = posts
        .iter()
        .map(|post| {
            let said = if content == "html" { post.html() } else { post.plain() };
            format!(
                "<entry><id>{}</id><title>{}</title><author><name>{}</name></author><published>{AT}</published><updated>{AT}</updated>\
                 <link href=\"{}\"/><content type=\"{content}\">{}</content></entry>",
                escaped(&post.guid),
                escaped(&post.title),
                escaped(&post.author),
                escaped(&address(post)),
                escaped(&said)
            )
        })
        .collect();
    format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title>{entries}</feed>")
}

fn atom(sites: &Sites, number: usize, posts: &[Post]) {
    let feed = entries(posts, "html", |post| page(sites, number, post));
    sites.put(number, "/feed", "application/atom+xml", feed);
}

fn public_inbox(sites: &Sites, number: usize, posts: &[Post]) {
    let step = |post: &Post| format!("/town/{}-{}/", post.slug, post.id);
    for post in posts {
        let page = format!("<pre>{}</pre>", escaped(&post.plain()));
        sites.put(number, &step(post), "text/html", page);
    }
    let feed = entries(posts, "text", |post| {
        format!("{}{}", sites.origin(number), step(post))
    });
    sites.put(number, "/town/new.atom", "application/atom+xml", feed);
}

fn json_feed(sites: &Sites, number: usize, posts: &[Post]) {
    let items: Vec<Value> = posts
        .iter()
        .map(|post| {
            let file = post.attachment.as_ref().map(|name| {
                json!({"url": format!("{}/files/{name}", sites.origin(number)), "mime_type": "application/pdf", "title": name})
            });
            json!({"id": post.guid, "url": page(sites, number, post), "title": post.title, "content_html": post.html(),
                "authors": [{"name": post.author}], "date_published": AT, "attachments": file.into_iter().collect::<Vec<_>>()})
        })
        .collect();
    let feed = json!({"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": items});
    sites.put(number, "/feed", "application/feed+json", feed.to_string());
}

fn wordpress(sites: &Sites, number: usize, posts: &[Post]) {
    sites.put(number, "/", "text/html", "<html><body>Blog</body></html>");
    let listed: Vec<Value> = posts
        .iter()
        .map(|post| {
            json!({"id": post.id, "link": page(sites, number, post), "slug": post.slug, "date_gmt": AT.trim_end_matches('Z'),
                "modified_gmt": AT.trim_end_matches('Z'), "status": "publish", "title": {"rendered": escaped(&post.title)},
                "content": {"rendered": post.html()}, "author": 7, "_embedded": {"author": [{"name": post.author}]}})
        })
        .collect();
    json(sites, number, "/wp-json/wp/v2/posts", &json!(listed));
    for list in ["posts", "comments"] {
        json(
            sites,
            number,
            &format!("/wp-json/wp/v2/{list}?page=2"),
            &json!([]),
        );
    }
    json(sites, number, "/wp-json/wp/v2/comments", &json!([]));
}

fn discourse(sites: &Sites, number: usize, posts: &[Post]) {
    let site = json!({"categories": [{"id": 1, "slug": "open", "read_restricted": false}]});
    json(sites, number, "/site.json", &site);
    let topic = |post: &Post| {
        json!({"id": post.id, "slug": post.slug, "title": post.title, "category_id": 1, "archetype": "regular", "visible": true,
            "posts_count": 1, "highest_post_number": 1, "bumped_at": AT, "created_at": AT, "last_posted_at": AT})
    };
    for post in posts {
        let mut whole = topic(post);
        whole["post_stream"] = json!({"stream": [post.id], "posts": [{"id": post.id, "post_number": 1, "post_type": 1,
            "username": post.author, "name": post.author, "created_at": AT, "updated_at": AT, "cooked": post.html()}]});
        json(sites, number, &format!("/t/{}.json", post.id), &whole);
    }
    let topics: Vec<Value> = posts.iter().map(topic).collect();
    let list = json!({"topic_list": {"topics": topics}});
    json(sites, number, "/latest.json?page=0", &list);
}

fn nodebb(sites: &Sites, number: usize, posts: &[Post]) {
    let slug = |post: &Post| format!("{}/{}", post.id, post.slug);
    let topics: Vec<Value> = posts
        .iter()
        .map(|post| {
            json!({"tid": post.id, "cid": 1, "slug": slug(post), "title": post.title, "lastposttime": MILLIS, "postcount": 1})
        })
        .collect();
    let list = json!({"topics": topics, "pagination": {"pageCount": 1}});
    json(sites, number, "/api/recent", &list);
    for post in posts {
        let topic = json!({"cid": 1, "slug": slug(post), "title": post.title, "mainPid": post.id, "pagination": {"pageCount": 1},
            "posts": [{"pid": post.id, "index": 0, "content": post.html(), "deleted": 0, "timestamp": MILLIS,
                "user": {"username": post.author, "displayname": post.author}}]});
        json(sites, number, &format!("/api/topic/{}", post.id), &topic);
    }
}

fn flarum(sites: &Sites, number: usize, posts: &[Post]) {
    let about = |post: &Post| {
        json!({"type": "discussions", "id": post.id.to_string(), "attributes": {"title": post.title,
            "slug": format!("{}-{}", post.id, post.slug), "commentCount": 1, "lastPostedAt": AT}})
    };
    let listed: Vec<Value> = posts.iter().map(about).collect();
    json(sites, number, "/api/discussions", &json!({"data": listed}));
    for post in posts {
        let user = json!({"type": "users", "id": post.id.to_string(), "attributes": {"username": post.author, "displayName": post.author}});
        let posts = json!({"data": [{"type": "posts", "id": post.id.to_string(), "attributes": {"number": 1, "contentType": "comment",
            "contentHtml": post.html(), "createdAt": AT}, "relationships": {"user": {"data": {"type": "users", "id": post.id.to_string()}}}}],
            "included": [about(post), user]});
        json(
            sites,
            number,
            &format!("/api/posts?filter[discussion]={}", post.id),
            &posts,
        );
    }
}

fn lemmy(sites: &Sites, number: usize, posts: &[Post]) {
    let view = |post: &Post| {
        json!({"post": {"id": post.id, "name": post.title, "body": post.marked_down(), "published": AT, "local": true, "deleted": false},
            "creator": {"name": post.author, "display_name": post.author}, "community": {"local": true, "visibility": "Public"},
            "counts": {"comments": 0}})
    };
    let views: Vec<Value> = posts.iter().map(view).collect();
    json(sites, number, "/api/v3/post/list", &json!({"posts": views}));
    json(
        sites,
        number,
        "/api/v3/post/list?page=2",
        &json!({"posts": []}),
    );
    for post in posts {
        let one = json!({"post_view": view(post)});
        json(sites, number, &format!("/api/v3/post?id={}", post.id), &one);
    }
    json(
        sites,
        number,
        "/api/v3/comment/list",
        &json!({"comments": []}),
    );
}

fn mastodon(sites: &Sites, number: usize, posts: &[Post]) {
    let origin = sites.origin(number);
    let account =
        |name: &str| json!({"id": "9", "acct": "board", "display_name": name, "indexable": true});
    json(sites, number, "/api/v1/accounts/lookup", &account("board"));
    let statuses: Vec<Value> = posts
        .iter()
        .map(|post| {
            let media: Vec<Value> = post.alt.iter().map(|alt| json!({"description": alt})).collect();
            json!({"id": post.id.to_string(), "url": format!("{origin}/@board/{}-{}", post.slug, post.id), "visibility": "public",
                "content": post.html(), "created_at": AT, "account": account(&post.author), "media_attachments": media})
        })
        .collect();
    json(
        sites,
        number,
        "/api/v1/accounts/9/statuses",
        &json!(statuses),
    );
    let last = format!(
        "/api/v1/accounts/9/statuses?max_id={}",
        posts[posts.len() - 1].id
    );
    json(sites, number, &last, &json!([]));
}

fn atproto(sites: &Sites, number: usize, posts: &[Post]) {
    let put = |method: &str, value: &Value| {
        json(sites, number, &format!("/xrpc/com.atproto.{method}"), value);
    };
    let records: Vec<Value> = posts
        .iter()
        .map(|post| {
            let images: Vec<Value> = post.alt.iter().map(|alt| json!({"alt": alt})).collect();
            json!({"uri": format!("at://did:plc:a/app.bsky.feed.post/{}", post.id),
                "value": {"text": post.plain(), "createdAt": AT, "langs": ["en"],
                    "embed": {"$type": "app.bsky.embed.images", "images": images}}})
        })
        .collect();
    put("identity.resolveHandle", &json!({"did": "did:plc:a"}));
    put(
        "sync.getRepoStatus",
        &json!({"did": "did:plc:a", "active": true}),
    );
    put("sync.getLatestCommit", &json!({"rev": "3"}));
    put("repo.listRecords", &json!({"records": records}));
}

fn html(sites: &Sites, number: usize, posts: &[Post]) {
    let address = |post: &Post| {
        let query = post.query.as_ref().map(|query| format!("?{query}"));
        format!(
            "/threads/{}-{}{}",
            post.slug,
            post.id,
            query.unwrap_or_default()
        )
    };
    let rows: String = posts
        .iter()
        .map(|post| {
            format!(
                "<div class=row><a class=t href=\"{}\">{}</a> 1 reply</div>",
                escaped(&address(post)),
                escaped(&post.title)
            )
        })
        .collect();
    sites.put(number, "/", "text/html", format!("<body>{rows}</body>"));
    for post in posts {
        let page = format!(
            "<h1>{}</h1><div class=p id=p{}><span class=w>{}</span><time datetime={AT}></time><div class=x>{}</div></div>",
            escaped(&post.title),
            post.id,
            escaped(&post.author),
            post.html()
        );
        sites.put(number, &address(post), "text/html", page);
    }
}

fn ical(sites: &Sites, number: usize, posts: &[Post]) {
    let value = |text: &str| {
        text.replace('\\', "\\\\")
            .replace(['\r', '\n'], "\\n")
            .replace(',', "\\,")
            .replace(';', "\\;")
    };
    let events: String = posts
        .iter()
        .map(|post| {
            let organiser = post.organiser.as_ref().map(|name| {
                format!("ORGANIZER;CN=\"{name}\":mailto:{}\r\n", name.replace(' ', "."))
            });
            let place = post
                .location
                .as_ref()
                .map(|place| format!("LOCATION:{}\r\n", value(place)));
            let file = post
                .attachment
                .as_ref()
                .map(|name| format!("ATTACH:{}/files/{name}\r\n", sites.origin(number)));
            format!(
                "BEGIN:VEVENT\r\nUID:{}\r\nSUMMARY:{}\r\nDESCRIPTION:{}\r\nCREATED:20260602T100000Z\r\nURL:{}\r\n{}{}{}END:VEVENT\r\n",
                post.guid,
                value(&post.title),
                value(&post.plain()),
                page(sites, number, post),
                organiser.unwrap_or_default(),
                place.unwrap_or_default(),
                file.unwrap_or_default()
            )
        })
        .collect();
    let calendar = format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n");
    sites.put(number, "/events.ics", "text/calendar", calendar);
}

fn hyperkitty(sites: &Sites, number: usize, posts: &[Post]) {
    let base = "/hk/api/list/town%40site.example";
    let threads: Vec<Value> = posts
        .iter()
        .map(|post| {
            json!({"thread_id": format!("T{}", post.id), "subject": post.title, "date_active": AT, "replies_count": 0})
        })
        .collect();
    let list = json!({"results": threads, "next": null});
    json(sites, number, &format!("{base}/threads/"), &list);
    for post in posts {
        let message = json!({"message_id_hash": format!("M{}", post.id), "subject": post.title, "sender_name": post.author,
            "sender": {"mailman_id": "u", "address": post.author}, "date": AT, "parent": null, "content": post.plain()});
        json(
            sites,
            number,
            &format!("{base}/email/M{}/", post.id),
            &message,
        );
        let list = json!({"results": [message], "next": null});
        json(
            sites,
            number,
            &format!("{base}/thread/T{}/emails/", post.id),
            &list,
        );
    }
}
