//! The smaller connectors, each against a loopback server that speaks its interface.

use std::collections::BTreeSet;

use discover_model::proof::ProofMethod;
use discover_model::{ItemState, Refusal, SourceKind};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::health::Status;
use crate::task::Task;
use crate::testing::{Answer, Hit, NOW, Reply, Site, Visited, fetcher, permit_by, visit};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

async fn site(play: impl Fn(&Hit) -> Option<Answer> + Send + Sync + 'static) -> Site {
    Site::start(move |hit| play(hit).unwrap_or_else(Reply::not_found)).await
}

fn data(value: &Value) -> Option<Answer> {
    Some(Reply::json(&value.to_string()))
}

/// Key, parent and state of each item, in the order of keys.
fn shape(seen: &Visited) -> Vec<(String, String, ItemState)> {
    let mut shape: Vec<_> = seen
        .items()
        .iter()
        .map(|item| {
            let parent = item.parent.clone().unwrap_or_default();
            (item.key.clone(), parent, item.state)
        })
        .collect();
    shape.sort_by(|a, b| a.0.cmp(&b.0));
    shape
}

fn expect(seen: &Visited, expected: &[(&str, &str, ItemState)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(key, parent, state)| ((*key).to_owned(), (*parent).to_owned(), *state))
        .collect();
    assert_eq!(shape(seen), expected, "{:?}", seen.finish.health);
}

async fn again(mut task: Task, before: &Visited) -> Visited {
    let json = serde_json::to_string(&before.finish.state).expect("json");
    task.state = serde_json::from_str(&json).expect("state");
    Box::pin(visit(&fetcher(), task, NOW + HOUR)).await
}

const LIVE: ItemState = ItemState::Live;
const fn held_back(refusal: Refusal) -> ItemState {
    ItemState::Withheld(refusal)
}

#[tokio::test]
async fn wordpress_gives_posts_and_comments_and_no_protected_ones() {
    let site = site(|hit| match hit.path.as_str() {
        "/" => Some(Reply::html("<html><head><title>x</title>")),
        "/feed/" | "/comments/feed/" if hit.has("\"f\"") => Some(Reply::with(304, &[], "")),
        "/feed/" | "/comments/feed/" => Some(Reply::with(200, &[("etag", "\"f\"")], "<rss/>")),
        "/wp-json/wp/v2/posts" => match hit.param("page").as_deref() {
            Some("1") => data(&json!([
                {"id": 1, "link": format!("{}/one", hit.origin), "date_gmt": "2026-01-02T10:00:00", "modified_gmt": "2026-01-03T10:00:00",
                 "title": {"rendered": "One &amp; only"}, "content": {"rendered": "<p>Text</p>", "protected": false}, "author": 3},
                {"id": 2, "link": format!("{}/two", hit.origin), "date_gmt": "2026-01-01T10:00:00",
                 "title": {"rendered": "Protected: Two"}, "content": {"rendered": "", "protected": true}},
                "an unreadable element",
            ])),
            _ => Some(Reply::with(400, &[], "{}")),
        },
        "/wp-json/wp/v2/comments" => match hit.param("page").as_deref() {
            Some("1") => data(&json!([
                {"id": 8, "post": 1, "parent": 7, "link": format!("{}/one#c8", hit.origin), "date_gmt": "2026-01-05T10:00:00",
                 "content": {"rendered": "I agree"}, "author_name": "Jo"},
                {"id": 7, "post": 1, "parent": 0, "link": format!("{}/one#c7", hit.origin), "date_gmt": "2026-01-04T10:00:00",
                 "content": {"rendered": "Good"}},
                {"id": 9, "post": 2, "link": format!("{}/two#c9", hit.origin), "content": {"rendered": "SECRET"}},
            ])),
            _ => Some(Reply::with(400, &[], "{}")),
        },
        _ => None,
    })
    .await;
    let mut task = site.task(SourceKind::Wordpress, "/");
    task.source.options.comments = true;
    let seen = visit(&fetcher(), task.clone(), NOW).await;
    expect(
        &seen,
        &[
            ("c/7", "p/1", LIVE),
            ("c/8", "c/7", LIVE),
            ("c/9", "", held_back(Refusal::Password)),
            ("p/1", "", LIVE),
            ("p/2", "", held_back(Refusal::Password)),
        ],
    );
    assert_eq!(seen.items()[0].title.as_deref(), Some("One & only"));
    assert!(!format!("{:?}", seen.items()).contains("SECRET"));
    site.forget();
    let second = again(task, &seen).await;
    assert!(second.batches.is_empty());
    assert_eq!(second.finish.not_modified, 2);
    assert!(
        !site.paths().iter().any(|path| path.contains("wp-json")),
        "{:?}",
        site.paths()
    );
}

#[tokio::test]
async fn wordpress_that_asks_not_to_be_indexed_is_refused() {
    let site = site(|hit| {
        (hit.path == "/").then(|| Reply::html("<meta name='robots' content='noindex, nofollow'>"))
    })
    .await;
    let seen = visit(&fetcher(), site.task(SourceKind::Wordpress, "/"), NOW).await;
    assert_eq!(seen.finish.health.refusal, Some(Refusal::Noindex));
    assert_eq!(site.asked().len(), 1);
}

fn status(id: u32, change: &Value) -> Value {
    let mut status = json!({
        "id": id.to_string(), "url": format!("https://social.example/@c/{id}"), "visibility": "public",
        "content": format!("<p>Status {id}</p>"), "created_at": "2026-01-01T10:00:00Z", "language": "cy",
    });
    let change = change.as_object().expect("object").clone();
    status.as_object_mut().expect("object").extend(change);
    status
}

#[tokio::test]
async fn mastodon_gives_public_statuses_of_accounts_that_want_to_be_found() {
    let site = site(|hit| match hit.path.as_str() {
        "/api/v1/accounts/lookup" => {
            let name = hit.param("acct").expect("acct");
            data(&json!({"id": name.len().to_string(), "acct": name, "indexable": name != "shy",
                "note": if name == "tagged" { "<p>hi <a>#<span>nobot</span></a></p>" } else { "" }}))
        }
        "/api/v1/accounts/7/statuses" => match hit.param("max_id").as_deref() {
            None => data(&json!([
                status(109, &json!({})),
                status(108, &json!({"visibility": "unlisted"})),
                status(107, &json!({"visibility": "private"})),
                status(106, &json!({"reblog": {"id": "1"}})),
                status(105, &json!({"in_reply_to_id": "99"})),
            ])),
            Some("105") => data(&json!([status(99, &json!({}))])),
            _ => data(&json!([])),
        },
        _ => None,
    })
    .await;
    let mut task = site.task(SourceKind::Mastodon, "/@council");
    let seen = visit(&fetcher(), task.clone(), NOW).await;
    expect(
        &seen,
        &[
            ("s/105", "s/99", LIVE),
            ("s/107", "", held_back(Refusal::FollowersOnly)),
            ("s/108", "", held_back(Refusal::Unlisted)),
            ("s/109", "", LIVE),
            ("s/99", "", LIVE),
        ],
    );
    assert!(
        seen.items()
            .iter()
            .all(|item| item.state != LIVE || item.language.as_deref() == Some("cy"))
    );
    assert!(again(task.clone(), &seen).await.batches.is_empty());
    for name in ["shy", "tagged"] {
        task.source.options.accounts = vec![format!("@{name}@127.0.0.1")];
        let seen = visit(&fetcher(), task.clone(), NOW).await;
        assert_eq!(
            seen.finish.health.refusal,
            Some(Refusal::AuthorOptedOut),
            "{name}"
        );
        assert!(seen.items().is_empty());
    }
    task.source.options.accounts = vec!["@a@other.example".into()];
    let elsewhere = visit(&fetcher(), task, NOW).await;
    assert_eq!(elsewhere.finish.health.status, Status::Blocked);
}

#[tokio::test]
async fn where_a_server_has_no_word_for_it_the_token_in_an_accounts_own_profile_counts() {
    let site = site(|hit| match hit.path.as_str() {
        "/api/v1/accounts/lookup" => {
            let mut account = json!({"id": "7", "acct": "c"});
            match hit.param("acct").as_deref() {
                Some("no") => account["indexable"] = json!(false),
                Some("null") => account["indexable"] = json!(null),
                Some("tagged") => account["note"] = json!("<p>#nobot</p>"),
                Some("hidden") => account["noindex"] = json!(true),
                _ => {}
            }
            data(&account)
        }
        "/api/v1/accounts/7/statuses" if hit.param("max_id").is_some() => data(&json!([])),
        "/api/v1/accounts/7/statuses" => data(&json!([status(9, &json!({}))])),
        _ => None,
    })
    .await;
    let read = async |name: &str, method, scope: &[&str]| {
        let mut task = site.task(SourceKind::Mastodon, &format!("/@{name}"));
        task.permit = permit_by(method, &site.root, scope);
        visit(&fetcher(), task, NOW).await.items().len()
    };
    let profile = |name: &str| [format!("/@{name}"), "/api/".to_owned()];
    for (name, items) in [
        ("council", 1),
        ("no", 0),
        ("null", 0),
        ("tagged", 0),
        ("hidden", 0),
    ] {
        let scope = profile(name);
        let scope = [scope[0].as_str(), scope[1].as_str()];
        assert_eq!(
            read(name, ProofMethod::Profile, &scope).await,
            items,
            "{name}"
        );
    }
    let elsewhere = ["/@other", "/api/"];
    assert_eq!(read("council", ProofMethod::Profile, &elsewhere).await, 0);
    assert_eq!(read("council", ProofMethod::WellKnown, &["/"]).await, 0);
}

#[tokio::test]
async fn atproto_honours_the_opt_out_and_sees_deletions() {
    let turn = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let played = std::sync::Arc::clone(&turn);
    let record = |key: &str, reply: Option<&str>| {
        let mut value = json!({"text": format!("Post {key}"), "createdAt": "2026-01-01T10:00:00Z", "langs": ["en"]});
        if let Some(parent) = reply {
            value["reply"] = json!({"root": {"uri": "at://did:plc:a/app.bsky.feed.post/1"}, "parent": {"uri": parent}});
        }
        json!({"uri": format!("at://did:plc:a/app.bsky.feed.post/{key}"), "value": value})
    };
    let site = site(move |hit| {
        let turn = played.load(std::sync::atomic::Ordering::Relaxed);
        match hit.path.strip_prefix("/xrpc/com.atproto.")? {
            "identity.resolveHandle" => data(&json!({"did": "did:plc:a"})),
            "sync.getRepoStatus" => data(&json!({"did": "did:plc:a", "active": turn < 3})),
            "repo.getRecord" if turn == 2 => data(&json!({"value": {"labels": {"values": [{"val": "!no-unauthenticated"}]}}})),
            "repo.getRecord" => Some(Reply::with(400, &[], r#"{"error":"RecordNotFound"}"#)),
            "sync.getLatestCommit" => data(&json!({"rev": format!("rev{turn}")})),
            "repo.listRecords" => match (hit.param("cursor").as_deref(), turn) {
                (None, 0) => data(&json!({"records": [record("3", None), record("2", Some("at://did:plc:a/app.bsky.feed.post/1"))], "cursor": "2"})),
                (None, _) => data(&json!({"records": [record("3", None)], "cursor": "2"})),
                (Some("2"), _) => data(&json!({"records": [record("1", None)]})),
                _ => None,
            },
            _ => None,
        }
    })
    .await;
    let mut task = site.task(SourceKind::Atproto, "/");
    task.source.options.accounts = vec!["council.example.org".into()];
    let one = visit(&fetcher(), task.clone(), NOW).await;
    assert_eq!(one.items().len(), 3, "{:?}", one.finish.health);
    assert_eq!(
        one.items()
            .iter()
            .filter(|item| item.parent.is_some())
            .count(),
        1
    );
    site.forget();
    let same = again(task.clone(), &one).await;
    assert!(same.batches.is_empty());
    assert!(
        !site
            .paths()
            .iter()
            .any(|path| path.ends_with("listRecords"))
    );
    turn.store(1, std::sync::atomic::Ordering::Relaxed);
    let two = again(task.clone(), &one).await;
    assert_eq!(two.gone(), ["at://did:plc:a/app.bsky.feed.post/2"]);
    for later in [2, 3] {
        turn.store(later, std::sync::atomic::Ordering::Relaxed);
        let opted_out = again(task.clone(), &two).await;
        assert_eq!(opted_out.finish.health.status, Status::Blocked);
        assert_eq!(opted_out.gone().len(), 2, "what was kept goes");
    }
}

#[tokio::test]
async fn lemmy_gives_local_public_communities_with_their_comment_tree() {
    let view = |id: u64, visibility: &str| {
        json!({"post": {"id": id, "name": format!("Post {id}"), "body": "see https://a.example/x.", "local": true, "published": "2026-01-01T00:00:00Z"},
               "community": {"local": true, "visibility": visibility}, "creator": {"name": "a"}, "counts": {"comments": 2}})
    };
    let site = site(move |hit| match hit.path.as_str() {
        "/api/v3/post/list" if hit.param("page_cursor").is_some() => data(&json!({"posts": []})),
        "/api/v3/post/list" => data(&json!({"posts": [view(1, "Public"), view(2, "LocalOnlyPrivate")], "next_page": "P2"})),
        "/api/v3/post" => {
            let id = hit.param("id")?.parse().ok()?;
            data(&json!({"post_view": view(id, if id == 1 { "Public" } else { "LocalOnlyPrivate" })}))
        }
        "/api/v3/comment/list" if hit.param("page").as_deref() == Some("1") => data(&json!({"comments": [
            {"comment": {"id": 5, "path": "0.5", "content": "a", "local": true}},
            {"comment": {"id": 6, "path": "0.5.6", "content": "b", "local": true}},
            {"comment": {"id": 7, "path": "0.7", "content": "c", "local": true, "removed": true}},
            {"comment": {"id": 8, "path": "0.8", "content": "d", "local": false}},
        ]})),
        "/api/v3/comment/list" => data(&json!({"comments": []})),
        _ => None,
    })
    .await;
    let mut task = site.task(SourceKind::Lemmy, "/");
    task.source.options.communities = vec!["townhall".into()];
    let seen = visit(&fetcher(), task.clone(), NOW).await;
    expect(
        &seen,
        &[
            ("comment/5", "post/1", LIVE),
            ("comment/6", "comment/5", LIVE),
            ("comment/8", "", held_back(Refusal::StrangerReply)),
            ("post/1", "", LIVE),
            ("thread 2", "", held_back(Refusal::NotPublic)),
        ],
    );
    let first = seen.items()[0];
    assert_eq!(
        first.links.iter().map(url::Url::as_str).collect::<Vec<_>>(),
        ["https://a.example/x"]
    );
    assert!(again(task, &seen).await.batches.is_empty());
}

#[tokio::test]
async fn nodebb_gives_topics_of_guests_and_takes_back_what_is_gone() {
    let turn = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let played = std::sync::Arc::clone(&turn);
    let post = |pid: u64, change: Value| {
        let mut post = json!({"pid": pid, "content": "<p>x</p>", "timestamp": 1_767_225_600_000_u64, "index": pid - 10, "user": {"username": "a"}});
        post.as_object_mut()
            .expect("object")
            .extend(change.as_object().expect("object").clone());
        post
    };
    let site = site(move |hit| {
        let turn = played.load(std::sync::atomic::Ordering::Relaxed);
        match hit.path.as_str() {
            "/api/recent" => data(&json!({"topics": [
                {"tid": 1, "cid": 2, "slug": "1/one", "title": "One", "lastposttime": 1_767_225_600_000_u64, "postcount": 4 - turn},
                {"tid": 2, "cid": -1, "slug": "2/remote", "title": "Remote"},
            ], "pagination": {"pageCount": 1}})),
            "/api/topic/1" => match hit.param("page").as_deref() {
                Some("1") => data(&json!({"cid": 2, "slug": "1/one", "title": "One", "pagination": {"pageCount": 2},
                    "posts": [post(10, json!({})), post(11, json!({"toPid": "10"}))]})),
                _ if turn > 0 => data(&json!({"cid": 2, "slug": "1/one", "title": "One", "pagination": {"pageCount": 2}, "posts": []})),
                _ => data(&json!({"cid": 2, "slug": "1/one", "title": "One", "pagination": {"pageCount": 2},
                    "posts": [post(12, json!({"deleted": 1})), post(13, json!({"toPid": 11}))]})),
            },
            _ => None,
        }
    })
    .await;
    let task = site.task(SourceKind::Nodebb, "/");
    let one = visit(&fetcher(), task.clone(), NOW).await;
    expect(
        &one,
        &[
            ("p/10", "", LIVE),
            ("p/11", "p/10", LIVE),
            ("p/13", "p/11", LIVE),
        ],
    );
    assert_eq!(one.items()[2].url, site.url("/topic/1/one/4"));
    assert!(again(task.clone(), &one).await.batches.is_empty());
    turn.store(1, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(again(task, &one).await.gone(), ["p/13"]);
}

#[tokio::test]
async fn flarum_gives_open_discussions_and_their_answers() {
    let site = site(|hit| match hit.path.as_str() {
        "/api/discussions" => data(&json!({
            "data": [
                {"type": "discussions", "id": "1", "attributes": {"title": "One", "slug": "1-one", "commentCount": 3, "lastPostedAt": "2026-01-02T00:00:00+00:00"}},
                {"type": "discussions", "id": "2", "attributes": {"title": "Private", "isPrivate": true}},
                {"type": "discussions", "id": "3", "attributes": {"title": "Staff"}, "relationships": {"tags": {"data": [{"type": "tags", "id": "9"}]}}},
            ],
            "included": [{"type": "tags", "id": "9", "attributes": {"isRestricted": true}}],
            "links": {},
        })),
        "/api/posts" => data(&json!({"data": [
            {"type": "posts", "id": "4", "attributes": {"number": 1, "contentType": "comment", "contentHtml": "<p>Open</p>"}},
            {"type": "posts", "id": "5", "attributes": {"number": 2, "contentType": "comment", "contentHtml": "<p><a href=\"/d/1/1\" class=\"PostMention\" data-id=\"4\">a</a> yes</p>"}},
            {"type": "posts", "id": "6", "attributes": {"number": 3, "contentType": "discussionRenamed"}},
            {"type": "posts", "id": "7", "attributes": {"number": 4, "contentType": "comment", "contentHtml": "SECRET", "isHidden": true}},
        ], "links": {}})),
        _ => None,
    })
    .await;
    let task = site.task(SourceKind::Flarum, "/");
    let seen = visit(&fetcher(), task.clone(), NOW).await;
    expect(&seen, &[("p/4", "", LIVE), ("p/5", "p/4", LIVE)]);
    assert_eq!(seen.items()[1].url, site.url("/d/1-one/2"));
    assert!(again(task, &seen).await.batches.is_empty());
}

#[tokio::test]
async fn public_inbox_is_walked_back_to_the_first_message_once() {
    fn entry(hit: &Hit, n: u32) -> String {
        let parent = if n > 1 {
            format!(
                "<thr:in-reply-to ref=\"urn:uuid:{:08}\" href=\"{}/town/{}/\"/>",
                n - 1,
                hit.origin,
                n - 1
            )
        } else {
            String::new()
        };
        format!(
            "<entry><author><name>A</name><email>a@mail.example</email></author><title>m {n}</title>\
             <updated>2026-01-01T00:00:{:02}Z</updated><content type=\"text\">text {n}</content>\
             <link href=\"{}/town/{n}/\"/><id>urn:uuid:{n:08}</id>{parent}</entry>",
            n / 2,
            hit.origin
        )
    }
    let site = site(|hit| {
        if hit.path != "/town/new.atom" {
            return None;
        }
        let before: Option<u32> = hit.param("t").and_then(|t| t[12..].parse().ok());
        let messages: String = (1..=20_u32)
            .rev()
            .filter(|n| before.is_none_or(|before| n / 2 <= before))
            .take(5)
            .map(|n| entry(hit, n))
            .collect();
        Some(Reply::with(
            200,
            &[],
            format!("<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\"><title>t</title>{messages}</feed>"),
        ))
    })
    .await;
    let task = site.task(SourceKind::PublicInbox, "/town");
    let seen = visit(&fetcher(), task.clone(), NOW).await;
    let keys: BTreeSet<&str> = seen.items().iter().map(|item| item.key.as_str()).collect();
    assert_eq!(keys.len(), 20, "{:?}", seen.finish.health);
    assert!(
        seen.items()
            .iter()
            .filter(|item| item.parent.is_some())
            .count()
            >= 19
    );
    assert!(site.asked().len() < 20, "and in few steps");
    site.forget();
    assert!(again(task, &seen).await.batches.is_empty());
    assert_eq!(site.asked().len(), 1);
}

#[tokio::test]
async fn a_mastodon_account_that_comes_to_say_no_is_forgotten_while_the_others_go_on() {
    let turn = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let played = std::sync::Arc::clone(&turn);
    let site = site(move |hit| {
        let turn = played.load(std::sync::atomic::Ordering::Relaxed);
        match (hit.path.as_str(), hit.param("acct").as_deref()) {
            ("/api/v1/accounts/lookup", Some("c")) if turn == 2 => Some(Reply::with(404, &[], "<html>proxy")),
            ("/api/v1/accounts/lookup", Some("c")) if turn == 3 => {
                Some(Reply::with(404, &[], r#"{"error":"Record not found"}"#))
            }
            ("/api/v1/accounts/lookup", Some(name)) => {
                data(&json!({"id": name, "acct": name, "indexable": name != "b" || turn == 0}))
            }
            (path, _) => {
                let name = path.strip_prefix("/api/v1/accounts/")?.strip_suffix("/statuses")?;
                let id = format!("{}", name.as_bytes()[0]);
                let shown = hit.param("max_id").is_none();
                let status = json!({"id": id, "visibility": "public", "content": "x", "url": format!("{}/@{name}/{id}", hit.origin)});
                data(&if shown { json!([status]) } else { json!([]) })
            }
        }
    })
    .await;
    let mut task = site.task(SourceKind::Mastodon, "/");
    task.source.options.accounts = ["a", "b", "c"].map(String::from).to_vec();
    let mut seen = visit(&fetcher(), task.clone(), NOW).await;
    assert_eq!(seen.items().len(), 3, "{:?}", seen.finish.health);
    for (at, gone) in [(1, vec!["s/98"]), (2, vec![]), (3, vec!["s/99"])] {
        turn.store(at, std::sync::atomic::Ordering::Relaxed);
        let next = again(task.clone(), &seen).await;
        assert_eq!(next.gone(), gone, "turn {at}: {:?}", next.finish.health);
        assert_eq!(next.finish.health.is_ok(), at != 2, "turn {at}");
        if at != 2 {
            seen = next;
        }
    }
}

#[tokio::test]
async fn a_calendar_takes_back_only_what_a_whole_one_leaves_out() {
    let turn = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let played = std::sync::Arc::clone(&turn);
    let site = site(move |_| {
        let event =
            |uid: &str, end: &str| format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:x\r\n{end}");
        let end = "END:VEVENT\r\n";
        let events = match played.load(std::sync::atomic::Ordering::Relaxed) {
            0 => event("a", end) + &event("b", end) + &event("c", end),
            1 => String::new(),
            2 => event("a", "") + &event("b", end) + &event("c", end),
            3 => {
                (0..10_000)
                    .map(|n| event(&format!("n{n}"), end))
                    .collect::<String>()
                    + &event("a", end)
            }
            _ => event("a", end) + &event("b", end),
        };
        Some(Reply::with(
            200,
            &[],
            format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n"),
        ))
    })
    .await;
    let task = site.task(SourceKind::Ical, "/events.ics");
    let mut seen = visit(&fetcher(), task.clone(), NOW).await;
    assert_eq!(seen.items().len(), 3, "{:?}", seen.finish.health);
    for (at, gone) in [(1, vec![]), (2, vec![]), (4, vec!["c"])] {
        turn.store(at, std::sync::atomic::Ordering::Relaxed);
        let next = again(task.clone(), &seen).await;
        assert_eq!(next.gone(), gone, "turn {at}: {:?}", next.finish.health);
        assert_eq!(next.finish.health.is_ok(), at != 2, "turn {at}");
        if at == 1 {
            seen = next;
        }
    }
    turn.store(3, std::sync::atomic::Ordering::Relaxed);
    let cut = again(task, &seen).await;
    assert_eq!((cut.items().len(), cut.gone()), (10_000, vec![]));
}
