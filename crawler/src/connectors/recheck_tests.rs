//! Looking again, on each platform against a loopback server that takes posts back; and what must never be read as a
//! deletion.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use discover_model::Refusal::{
    self, AuthorOptedOut, Held, Noindex, NotPublic, Password, Unlisted, Withdrawn,
};
use discover_model::SourceKind;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::recheck::Verdict::{Lost, There, Unsure};
use crate::recheck::{Kept, Rechecked, Verdict, recheck};
use crate::task::Task;
use crate::testing::{Answer, Hit, NOW, Reply, Site, fetcher};

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn site(play: impl Fn(&Hit) -> Option<Answer> + Send + Sync + 'static) -> Site {
    Site::start(move |hit| play(hit).unwrap_or_else(Reply::not_found)).await
}

fn data(value: &Value) -> Option<Answer> {
    Some(Reply::json(&value.to_string()))
}

fn error(status: u16, value: &Value) -> Option<Answer> {
    Some(Reply::with(
        status,
        &[("content-type", "application/json")],
        value.to_string(),
    ))
}

fn kept(site: &Site, posts: &[(&str, &str)]) -> Vec<Kept> {
    posts
        .iter()
        .map(|(key, path)| Kept {
            key: (*key).to_owned(),
            url: site.url(path),
        })
        .collect()
}

async fn look(task: Task, kept: &[Kept]) -> Vec<Verdict> {
    recheck(&fetcher(), task, kept, NOW).await.verdicts
}

/// Ways in which an answer says nothing about any post.
const NOTHING: [&str; 9] = [
    "empty",
    "page",
    "login",
    "broken",
    "cut",
    "wall",
    "calendar",
    "bad request",
    "slow down",
];

fn nothing(how: &str) -> Answer {
    match how {
        "empty" => Reply::json(""),
        "page" => Reply::html("<html><body>Hello</body></html>"),
        "login" => Reply::redirect(302, "/login?next=x"),
        "broken" => Reply::with(500, &[], "oops"),
        "cut" => Reply::json("[{\"id\":1,\"status\":"),
        "calendar" => Reply::with(200, &[], "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        "bad request" => Reply::with(
            400,
            &[("content-type", "application/json")],
            r#"{"error":"bad_request","message":"x"}"#,
        ),
        "slow down" => Reply::with(
            400,
            &[("content-type", "application/json")],
            r#"{"error":"rate_limit_error"}"#,
        ),
        _ => Reply::with(
            403,
            &[("content-type", "text/html")],
            "<html>Attention required",
        ),
    }
}

#[tokio::test]
async fn what_says_nothing_is_never_a_deletion_on_any_platform() {
    let posts: [(SourceKind, &str, &str); 11] = [
        (SourceKind::Feed, "guid-1", "/a"),
        (SourceKind::PublicInbox, "urn:uuid:1", "/town/m1/"),
        (SourceKind::Wordpress, "p/1", "/one"),
        (SourceKind::Discourse, "t/1/p/2", "/t/one/1"),
        (SourceKind::Mastodon, "s/1", "/@c/1"),
        (
            SourceKind::Atproto,
            "at://did:plc:a/app.bsky.feed.post/1",
            "/x",
        ),
        (SourceKind::Lemmy, "post/1", "/post/1"),
        (SourceKind::Nodebb, "p/1", "/topic/1/one"),
        (SourceKind::Flarum, "p/1", "/d/1-one"),
        (SourceKind::Ical, "event-1", "/events.ics"),
        (SourceKind::Html, "/t/1#a", "/t/1#a"),
    ];
    for how in NOTHING {
        let site = Site::start(move |hit| match hit.path.as_str() {
            "/robots.txt" => Reply::not_found(),
            "/login" => Reply::html("<input type=password>"),
            _ => nothing(how),
        })
        .await;
        for (kind, key, path) in posts {
            let mut task = site.task(
                kind,
                if kind == SourceKind::Mastodon {
                    "/@c"
                } else {
                    "/"
                },
            );
            task.source.options.accounts = match kind {
                SourceKind::Atproto => vec!["did:plc:a".into()],
                _ => Vec::new(),
            };
            let verdicts = look(task, &kept(&site, &[(key, path)])).await;
            // A web page at a feed item's address is what is expected there.
            let is_page = matches!(kind, SourceKind::Feed | SourceKind::PublicInbox)
                && matches!(how, "page" | "cut" | "calendar");
            let expected = if is_page { There } else { Unsure };
            assert_eq!(verdicts, [expected], "{kind}: {how}");
        }
    }
}

/// What one platform answers for a post that can be read, beside which another says nothing.
fn readable(kind: SourceKind, hit: &Hit) -> Option<Answer> {
    let page =
        "<div class=h-entry id=a><a class=u-url href='/good#a'></a><p class=e-content>x</p></div>";
    let about = |name: &str| hit.param(name).unwrap_or_default();
    match (kind, hit.path.as_str()) {
        (SourceKind::Feed | SourceKind::PublicInbox | SourceKind::Html, "/good") => {
            Some(Reply::html(page))
        }
        (SourceKind::Wordpress, "/") => Some(Reply::html("<title>x</title>")),
        (SourceKind::Wordpress, "/wp-json/wp/v2/posts") => {
            data(&json!([{"id": 1, "status": "publish"}]))
        }
        (SourceKind::Discourse, "/site.json") => data(&json!({"categories": [{"id": 1}]})),
        (SourceKind::Discourse, "/t/1.json") => data(
            &json!({"id": 1, "category_id": 1, "archetype": "regular", "visible": true,
                "post_stream": {"stream": [1], "posts": [{"id": 1, "post_number": 1, "cooked": "x", "post_type": 1}]}}),
        ),
        (SourceKind::Mastodon, "/api/v1/accounts/lookup") => {
            data(&json!({"id": "7", "acct": "c", "indexable": true}))
        }
        (SourceKind::Mastodon, "/api/v1/statuses") => {
            data(&json!([{"id": "1", "visibility": "public"}]))
        }
        (SourceKind::Atproto, "/xrpc/com.atproto.sync.getRepoStatus") => {
            data(&json!({"active": true}))
        }
        (SourceKind::Atproto, "/xrpc/com.atproto.sync.getLatestCommit") => {
            data(&json!({"rev": "r"}))
        }
        (SourceKind::Atproto, "/xrpc/com.atproto.repo.getRecord") if about("rkey") != "2" => {
            data(&json!({"uri": "at://did:plc:a/app.bsky.feed.post/1", "value": {"text": "x"}}))
        }
        (SourceKind::Lemmy, "/api/v3/post") if about("id") == "1" => data(
            &json!({"post_view": {"post": {"id": 1}, "community": {"local": true, "visibility": "Public"}}}),
        ),
        (SourceKind::Nodebb, "/api/topic/1") => {
            data(&json!({"cid": 2, "posts": [{"pid": 1, "content": "x", "index": 0}]}))
        }
        (SourceKind::Flarum, "/api/posts") if hit.query.contains("=1&") => data(&json!({"data": [
            {"type": "posts", "id": "1", "attributes": {"number": 1, "contentType": "comment", "contentHtml": "x"}}]})),
        _ => None,
    }
}

#[tokio::test]
async fn what_says_nothing_beside_a_post_that_can_be_read_is_no_deletion_either() {
    let record = |rkey: &str| format!("at://did:plc:a/app.bsky.feed.post/{rkey}");
    let (first, second) = (record("1"), record("2"));
    let posts = [
        (SourceKind::Feed, ("1", "/good"), ("2", "/bad")),
        (SourceKind::PublicInbox, ("1", "/good"), ("2", "/bad")),
        (
            SourceKind::Html,
            ("/good#a", "/good#a"),
            ("/bad#b", "/bad#b"),
        ),
        (SourceKind::Wordpress, ("p/1", "/one"), ("p/2", "/two")),
        (
            SourceKind::Discourse,
            ("t/1/p/1", "/t/one/1"),
            ("t/2/p/2", "/t/two/2"),
        ),
        (SourceKind::Mastodon, ("s/1", "/@c/1"), ("s/2", "/@c/2")),
        (
            SourceKind::Atproto,
            (first.as_str(), "/x"),
            (second.as_str(), "/x"),
        ),
        (
            SourceKind::Lemmy,
            ("post/1", "/post/1"),
            ("post/2", "/post/2"),
        ),
        (
            SourceKind::Nodebb,
            ("p/1", "/topic/1/one"),
            ("p/2", "/topic/2/two"),
        ),
        (SourceKind::Flarum, ("p/1", "/d/1-one"), ("p/2", "/d/2-two")),
    ];
    for how in NOTHING {
        for (kind, good, bad) in posts {
            let site = Site::start(move |hit| match hit.path.as_str() {
                "/robots.txt" => Reply::not_found(),
                "/login" => Reply::html("<input type=password>"),
                _ => readable(kind, hit).unwrap_or_else(|| nothing(how)),
            })
            .await;
            let mut task = site.task(
                kind,
                if kind == SourceKind::Mastodon {
                    "/@c"
                } else {
                    "/"
                },
            );
            if kind == SourceKind::Atproto {
                task.source.options.accounts = vec!["did:plc:a".into()];
            }
            let verdicts = look(task, &kept(&site, &[good, bad])).await;
            let is_page = matches!(kind, SourceKind::Feed | SourceKind::PublicInbox)
                && matches!(how, "page" | "cut" | "calendar");
            let expected = if is_page { There } else { Unsure };
            assert_eq!(verdicts, [There, expected], "{kind}: {how}");
        }
    }
}

#[tokio::test]
async fn pages_of_feed_items_are_looked_at() {
    let site = site(|hit| match hit.path.as_str() {
        "/there" => Some(Reply::html("<p id=comment-7>x</p><p id=comment-9>y</p>")),
        "/gone" => Some(Reply::with(410, &[], "")),
        "/withdrawn" => Some(Reply::with(300, &[], "")),
        "/hidden" => Some(Reply::html("<meta name=robots content=noindex>")),
        "/header" => Some(Reply::with(200, &[("x-robots-tag", "noindex")], "<p>x</p>")),
        "/password" => Some(Reply::html("<input name=post_password type=password>")),
        "/small-login" => {
            let text = "Words of the discussion. ".repeat(100);
            Some(Reply::html(&format!("<input type=password>{text}")))
        }
        "/login" => Some(Reply::html("<input type=password>")),
        "/private" => Some(Reply::redirect(302, "/login?next=/private")),
        "/busy" => Some(Reply::with(500, &[], "")),
        _ => None,
    })
    .await;
    let posts = [
        ("1", "/there"),
        ("2", "/gone"),
        ("3", "/missing"),
        ("4", "/withdrawn"),
        ("5", "/hidden"),
        ("6", "/header"),
        ("7", "/password"),
        ("8", "/small-login"),
        ("9", "/private"),
        ("10", "/busy"),
        ("11", "/there#comment-7"),
        ("12", "/there#comment-8"),
    ];
    let mut kept = kept(&site, &posts);
    let elsewhere = url::Url::parse("https://elsewhere.example/x").expect("url");
    kept.push(Kept {
        key: "13".into(),
        url: elsewhere,
    });
    let task = site.task(SourceKind::Feed, "/feed");
    let first = recheck(&fetcher(), task.clone(), &kept, NOW).await;
    let lost = Lost(Withdrawn);
    let expected = [
        There,
        lost,
        lost,
        lost,
        Lost(Noindex),
        Lost(Noindex),
        Lost(Password),
        There,
        Unsure,
        Unsure,
        There,
        lost,
        There,
    ];
    assert_eq!(first.verdicts, expected);
    let fetched = site.paths().iter().filter(|path| *path == "/there").count();
    assert_eq!(fetched, 1, "one look serves all posts on a page");

    // A login page in place of one post, while others can be read, counts when it stands for a day.
    let again = |state: &Rechecked, later: SignedDuration| {
        let mut task = task.clone();
        let json = serde_json::to_string(&state.state).expect("json");
        task.state = serde_json::from_str(&json).expect("state");
        let kept = kept.clone();
        async move { recheck(&fetcher(), task, &kept, NOW + later).await }
    };
    let soon = again(&first, SignedDuration::from_hours(2)).await;
    assert_eq!(soon.verdicts[8], Unsure);
    let next_day = again(&soon, DAY).await;
    assert_eq!(next_day.verdicts[8], Lost(Refusal::LoginWall));
}

#[tokio::test]
async fn a_404_where_no_page_was_ever_seen_has_to_stand() {
    let site = site(|_| None).await;
    let kept = kept(&site, &[("1", "/a"), ("2", "/b")]);
    let mut task = site.task(SourceKind::Feed, "/feed");
    for (days, expected) in [(0, Unsure), (0, Unsure), (1, Unsure), (2, Lost(Withdrawn))] {
        let looked = recheck(&fetcher(), task.clone(), &kept, NOW + DAY * days).await;
        assert_eq!(looked.verdicts, [expected; 2], "after {days} days");
        task.state = looked.state;
    }
}

#[tokio::test]
async fn wordpress_is_asked_by_number() {
    let site = site(|hit| match hit.path.as_str() {
        "/" => Some(Reply::html("<title>x</title>")),
        "/wp-json/wp/v2/posts" => data(&json!([
            {"id": 1, "status": "publish", "content": {"protected": false}},
            {"id": 2, "status": "publish", "content": {"protected": true}},
        ])),
        "/wp-json/wp/v2/posts/3" => error(404, &json!({"code": "rest_post_invalid_id"})),
        "/wp-json/wp/v2/posts/4" => error(401, &json!({"code": "rest_forbidden"})),
        // Left out of the list by a plugin, but there.
        "/wp-json/wp/v2/posts/5" => data(&json!({"id": 5, "status": "publish"})),
        "/wp-json/wp/v2/comments" => data(&json!([{"id": 7, "status": "approved"}])),
        "/wp-json/wp/v2/comments/8" => error(401, &json!({"code": "rest_cannot_read"})),
        // A firewall, and a theme's own page.
        "/wp-json/wp/v2/comments/9" => Some(Reply::with(403, &[], "<html>no")),
        _ => None,
    })
    .await;
    let keys = [
        "p/1", "p/2", "p/3", "p/4", "p/5", "c/7", "c/8", "c/9", "c/10",
    ];
    let kept = kept(&site, &keys.map(|key| (key, "/x")));
    let verdicts = look(site.task(SourceKind::Wordpress, "/"), &kept).await;
    let expected = [
        There,
        Lost(Password),
        Lost(Withdrawn),
        Lost(NotPublic),
        There,
        There,
        Lost(NotPublic),
        Unsure,
        Unsure,
    ];
    assert_eq!(verdicts, expected);
}

#[tokio::test]
async fn wordpress_that_newly_asks_not_to_be_indexed_loses_everything() {
    let site = site(|hit| {
        (hit.path == "/").then(|| Reply::html("<meta name='robots' content='noindex'>"))
    })
    .await;
    let kept = kept(&site, &[("p/1", "/x"), ("c/1", "/x")]);
    let verdicts = look(site.task(SourceKind::Wordpress, "/"), &kept).await;
    assert_eq!(verdicts, [Lost(Noindex); 2]);
}

#[tokio::test]
async fn discourse_is_asked_topic_by_topic() {
    let post = |id: u64, more: Value| {
        let mut post = json!({"id": id, "post_number": id, "cooked": "x", "post_type": 1});
        let more = more.as_object().expect("object").clone();
        post.as_object_mut().expect("object").extend(more);
        post
    };
    let site = site(move |hit| match hit.path.as_str() {
        "/site.json" => data(&json!({"categories": [{"id": 1, "slug": "open"}, {"id": 2, "read_restricted": true}]})),
        "/t/1.json" => data(&json!({"id": 1, "category_id": 1, "archetype": "regular", "visible": true, "post_stream": {
            "stream": [1, 3, 4, 5],
            "posts": [post(1, json!({})), post(3, json!({"hidden": true})), post(4, json!({"user_deleted": true}))]}})),
        "/t/1/posts.json" => data(&json!({"post_stream": {"posts": [post(5, json!({}))]}})),
        "/t/2.json" => data(&json!({"id": 2, "category_id": 2, "post_stream": {"stream": [6], "posts": [post(6, json!({}))]}})),
        "/t/3.json" => data(&json!({"id": 3, "category_id": 1, "visible": false, "post_stream": {"stream": [7], "posts": []}})),
        "/t/4.json" => error(403, &json!({"errors": ["no"], "error_type": "invalid_access"})),
        "/t/5.json" => Some(Reply::with(410, &[], "{}")),
        _ => None,
    })
    .await;
    let keys = [
        "t/1/p/1", "t/1/p/2", "t/1/p/3", "t/1/p/4", "t/1/p/5", "t/2/p/6", "t/3/p/7", "t/4/p/8",
        "t/5/p/9",
    ];
    let kept = kept(&site, &keys.map(|key| (key, "/t")));
    let verdicts = look(site.task(SourceKind::Discourse, "/"), &kept).await;
    let lost = Lost(Withdrawn);
    let expected = [
        There,
        lost,
        Lost(Held),
        lost,
        There,
        Lost(NotPublic),
        Lost(Unlisted),
        Lost(NotPublic),
        lost,
    ];
    assert_eq!(verdicts, expected);
}

#[tokio::test]
async fn mastodon_statuses_are_asked_together_and_alone() {
    let opted_out = Arc::new(AtomicUsize::new(0));
    let played = Arc::clone(&opted_out);
    let site = site(move |hit| match hit.path.as_str() {
        "/api/v1/accounts/lookup" => {
            let indexable = played.load(Ordering::Relaxed) == 0;
            data(&json!({"id": "7", "acct": "c", "indexable": indexable}))
        }
        "/api/v1/statuses" => data(&json!([
            {"id": "1", "visibility": "public"},
            {"id": "2", "visibility": "unlisted"},
        ])),
        "/api/v1/statuses/3" => error(404, &json!({"error": "Record not found"})),
        "/api/v1/statuses/4" => data(&json!({"id": "4", "visibility": "public"})),
        _ => None,
    })
    .await;
    let kept = kept(
        &site,
        &["s/1", "s/2", "s/3", "s/4"].map(|key| (key, "/@c/1")),
    );
    let task = site.task(SourceKind::Mastodon, "/@c");
    let verdicts = look(task.clone(), &kept).await;
    assert_eq!(verdicts, [There, Lost(Unlisted), Lost(Withdrawn), There]);
    opted_out.store(1, Ordering::Relaxed);
    assert_eq!(look(task, &kept).await, [Lost(AuthorOptedOut); 4]);
}

#[tokio::test]
async fn atproto_records_are_asked_for_only_where_the_repository_changed() {
    let site = site(|hit| match hit.path.strip_prefix("/xrpc/com.atproto.")? {
        "sync.getRepoStatus" => data(&json!({"active": true})),
        "sync.getLatestCommit" => data(&json!({"rev": "r2"})),
        "repo.getRecord" => match (
            hit.param("collection")?.as_str(),
            hit.param("rkey")?.as_str(),
        ) {
            ("app.bsky.feed.post", "1") => {
                data(&json!({"uri": "at://did:plc:a/app.bsky.feed.post/1", "value": {"text": "x"}}))
            }
            _ => error(400, &json!({"error": "RecordNotFound"})),
        },
        _ => None,
    })
    .await;
    let mut task = site.task(SourceKind::Atproto, "/");
    task.source.options.accounts = vec!["did:plc:a".into()];
    let keys = ["1", "2"].map(|rkey| format!("at://did:plc:a/app.bsky.feed.post/{rkey}"));
    let posts: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "/x")).collect();
    let kept = kept(&site, &posts);
    assert_eq!(look(task, &kept).await, [There, Lost(Withdrawn)]);
}

#[tokio::test]
async fn lemmy_posts_and_comments_are_asked_for_by_number() {
    let open = json!({"local": true, "visibility": "Public"});
    let site = site(move |hit| {
        let id = hit.param("id").unwrap_or_default();
        match (hit.path.as_str(), id.as_str()) {
            ("/api/v3/post", "1") => data(&json!({"post_view": {"post": {"id": 1}, "community": open}})),
            ("/api/v3/post", "2") => data(&json!({"post_view": {"post": {"id": 2, "removed": true}, "community": open}})),
            ("/api/v3/post", "3") => data(&json!({"post_view": {"post": {"id": 3}, "community": {"visibility": "Private"}}})),
            ("/api/v3/comment", "4") => data(&json!({"comment_view": {"comment": {"id": 4}, "post": {"id": 1}, "community": open}})),
            ("/api/v3/comment", "5") => data(&json!({"comment_view": {"comment": {"id": 5}, "post": {"id": 1, "deleted": true}, "community": open}})),
            ("/api/v3/comment", _) => error(404, &json!({"error": "couldnt_find_comment"})),
            _ => None,
        }
    })
    .await;
    let keys = [
        "post/1",
        "post/2",
        "post/3",
        "post/9",
        "comment/4",
        "comment/5",
        "comment/6",
    ];
    let kept = kept(&site, &keys.map(|key| (key, "/x")));
    let verdicts = look(site.task(SourceKind::Lemmy, "/"), &kept).await;
    let lost = Lost(Withdrawn);
    // The route itself missing (a plain 404) is no answer.
    assert_eq!(
        verdicts,
        [There, lost, Lost(NotPublic), Unsure, There, lost, lost]
    );
}

#[tokio::test]
async fn lemmys_rate_limit_ends_the_look_and_other_errors_are_no_deletion() {
    let site = site(|hit| match hit.param("id").as_deref() {
        Some("1") => error(400, &json!({"error": "couldnt_find_post"})),
        Some("2") => error(400, &json!({"error": "invalid_url"})),
        Some("3") => error(400, &json!({"error": "rate_limit_error"})),
        _ => error(404, &json!({"error": "not_found"})),
    })
    .await;
    let kept = kept(
        &site,
        &["post/1", "post/2", "post/3", "post/4"].map(|key| (key, "/x")),
    );
    let looked = recheck(&fetcher(), site.task(SourceKind::Lemmy, "/"), &kept, NOW).await;
    assert_eq!(looked.verdicts, [Lost(Withdrawn), Unsure, Unsure, Unsure]);
    assert!(looked.ended.is_some_and(|why| why.contains("429")));
}

#[tokio::test]
async fn an_atproto_account_is_lost_by_its_servers_word_and_not_by_a_proxys() {
    for (body, expected) in [
        ("<html>Bad request", Unsure),
        (r#"{"error":"InvalidRequest","message":"x"}"#, Unsure),
        (
            r#"{"error":"RepoDeactivated","message":"x"}"#,
            Lost(NotPublic),
        ),
    ] {
        let site = site(move |hit| {
            let is_status = hit.path.ends_with("getRepoStatus");
            is_status.then(|| Reply::with(400, &[], body))
        })
        .await;
        let mut task = site.task(SourceKind::Atproto, "/");
        task.source.options.accounts = vec!["did:plc:a".into()];
        let kept = kept(&site, &[("at://did:plc:a/app.bsky.feed.post/1", "/x")]);
        assert_eq!(look(task, &kept).await, [expected], "{body}");
    }
}

#[tokio::test]
async fn an_account_among_several_that_says_no_or_is_deleted_loses_its_own_statuses() {
    let site = site(|hit| match hit.path.as_str() {
        "/api/v1/accounts/lookup" => match hit.param("acct").as_deref() {
            Some("open") => data(&json!({"id": "1", "acct": "open", "indexable": true})),
            Some("shut") => data(&json!({"id": "2", "acct": "shut", "indexable": false})),
            _ => error(404, &json!({"error": "Record not found"})),
        },
        "/api/v1/statuses" => data(&json!([
            {"id": "10", "visibility": "public", "account": {"id": "1", "acct": "open"}},
            {"id": "21", "visibility": "public", "account": {"id": "2", "acct": "shut"}},
        ])),
        _ => None,
    })
    .await;
    let mut task = site.task(SourceKind::Mastodon, "/");
    task.source.options.accounts = ["open", "shut", "deleted"].map(String::from).to_vec();
    let posts = [
        ("s/10", "/@open/10"),
        ("s/20", "/@shut/20"),
        ("s/21", "/notice/21"),
        ("s/30", "/@deleted/30"),
    ];
    let verdicts = look(task, &kept(&site, &posts)).await;
    let shut = Lost(AuthorOptedOut);
    assert_eq!(verdicts, [There, shut, shut, Lost(Withdrawn)]);
}

#[tokio::test]
async fn what_is_missing_from_one_page_of_several_may_stand_on_another() {
    let site = site(|hit| match (hit.path.as_str(), hit.query.as_str()) {
        ("/first", "") => Some(Reply::html(
            "<p id=comment-7>x</p><a href='/first?cpage=2'>newer</a>",
        )),
        ("/second", "") => Some(Reply::html(
            "<p id=comment-7>x</p><link rel=next href='/another-post'>",
        )),
        ("/thread", "") => Some(Reply::html(
            "<div class=h-entry id=a><a class=u-url href='/thread#a'></a><p class=e-content>x</p></div>\
             <a href='/thread?page=2'>2</a>",
        )),
        ("/single", "") => Some(Reply::html(
            "<div class=h-entry id=a><a class=u-url href='/single#a'></a><p class=e-content>x</p></div>",
        )),
        _ => None,
    })
    .await;
    let posts = [("1", "/first#comment-8"), ("2", "/second#comment-8")];
    let verdicts = look(site.task(SourceKind::Feed, "/feed"), &kept(&site, &posts)).await;
    assert_eq!(verdicts, [Unsure, Lost(Withdrawn)]);
    let posts = [
        ("/thread#a", "/thread#a"),
        ("/thread#b", "/thread#b"),
        ("/single#b", "/single#b"),
    ];
    let verdicts = look(site.task(SourceKind::Html, "/"), &kept(&site, &posts)).await;
    assert_eq!(verdicts, [There, Unsure, Lost(Withdrawn)]);
}

#[tokio::test]
async fn nodebb_and_flarum_threads_are_read_again() {
    let site = site(|hit| match (hit.path.as_str(), hit.query.as_str()) {
        ("/api/topic/1", _) => data(&json!({"cid": 2, "title": "One", "posts": [
            {"pid": 10, "content": "x", "index": 0}, {"pid": 11, "content": "y", "index": 1, "deleted": 1}]})),
        ("/api/topic/2", _) => data(&json!({"cid": 2, "deleted": 1, "posts": []})),
        ("/api/posts", query) if query.contains("=1&") => data(&json!({"data": [
            {"type": "posts", "id": "20", "attributes": {"number": 1, "contentType": "comment", "contentHtml": "x"}},
            {"type": "posts", "id": "21", "attributes": {"number": 2, "contentType": "comment", "contentHtml": "y", "isHidden": true}}]})),
        ("/api/posts", _) => data(&json!({"data": []})),
        _ => None,
    })
    .await;
    let lost = Lost(Withdrawn);
    let posts = [
        ("p/10", "/topic/1/one"),
        ("p/11", "/topic/1/one/2"),
        ("p/12", "/topic/2/two"),
        ("p/13", "/topic/3/three"),
    ];
    let verdicts = look(site.task(SourceKind::Nodebb, "/"), &kept(&site, &posts)).await;
    assert_eq!(verdicts, [There, lost, Lost(NotPublic), lost]);
    let posts = [
        ("p/20", "/d/1-one"),
        ("p/21", "/d/1-one/2"),
        ("p/22", "/d/2-two"),
    ];
    let verdicts = look(site.task(SourceKind::Flarum, "/"), &kept(&site, &posts)).await;
    assert_eq!(verdicts, [There, lost, Lost(NotPublic)]);
}

#[tokio::test]
async fn a_calendar_that_came_whole_says_what_is_there() {
    let site = site(|hit| {
        (hit.path == "/events.ics").then(|| {
            Reply::with(
                200,
                &[("content-type", "text/calendar")],
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:x\r\nEND:VEVENT\r\n\
                 BEGIN:VEVENT\r\nUID:b\r\nSUMMARY:y\r\nCLASS:PRIVATE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            )
        })
    })
    .await;
    let kept = kept(&site, &["a", "b", "c"].map(|key| (key, "/events.ics")));
    let verdicts = look(site.task(SourceKind::Ical, "/events.ics"), &kept).await;
    assert_eq!(verdicts, [There, Lost(NotPublic), Lost(Withdrawn)]);
}
