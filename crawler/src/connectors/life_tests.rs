//! What a site does after it was first read, on every platform: a row for each connector, a column for each event. Each
//! cell is two visits and one look, and says what is known then and how often the site was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use discover_model::gate::stored_key;
use discover_model::{Item, ItemState, SourceKind};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::crawl::Task;
use crate::recheck::{Kept, Verdict, recheck};
use crate::testing::{Answer, Hit, NOW, Reply, Site, fetcher, visit};

/// A thread of four posts, as its site tells it.
#[derive(Debug, Clone)]
struct World {
    title: String,
    posts: Vec<Post>,
    /// What the list says changes: replies bump it, edits and deletions do not.
    bumped: u32,
    /// Four threads that the server fails to give stand before the one that it gives.
    broken: bool,
}

#[derive(Debug, Clone)]
struct Post {
    n: u64,
    text: String,
    gone: bool,
}

impl World {
    fn new() -> Self {
        let posts = (1..=4).map(|n| Post {
            n,
            text: format!("Words of post {n}"),
            gone: false,
        });
        Self {
            title: "Clinic times".into(),
            posts: posts.collect(),
            bumped: 0,
            broken: false,
        }
    }

    fn present(&self) -> impl Iterator<Item = &Post> {
        self.posts.iter().filter(|post| !post.gone)
    }
}

/// What happens between the first visit and the second.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Event {
    Nothing,
    Reply,
    Edit(usize),
    Gone(usize),
    Rename,
    BrokenThreads,
}

const EVENTS: [Event; 10] = [
    Event::Nothing,
    Event::Reply,
    Event::Edit(0),
    Event::Edit(1),
    Event::Edit(3),
    Event::Gone(0),
    Event::Gone(1),
    Event::Gone(3),
    Event::Rename,
    Event::BrokenThreads,
];

impl Event {
    fn happen(self, world: &mut World) {
        match self {
            Self::Nothing => {}
            Self::Reply => {
                world.posts.push(Post {
                    n: 5,
                    text: "Words of post 5".into(),
                    gone: false,
                });
                world.bumped += 1;
            }
            Self::Edit(at) => world.posts[at].text = "Corrected words".into(),
            Self::Gone(at) => world.posts[at].gone = true,
            Self::Rename => world.title = "Clinic times, corrected".into(),
            Self::BrokenThreads => world.broken = true,
        }
    }
}

struct Row {
    kind: SourceKind,
    path: &'static str,
    answer: fn(&World, &Hit) -> Option<Answer>,
    /// Events that the platform knows nothing of, and why.
    without: fn(Event) -> Option<&'static str>,
    /// Requests of the second visit and the look together, at most.
    requests: u32,
}

fn data(value: &Value) -> Option<Answer> {
    Some(Reply::json(&value.to_string()))
}

fn at(n: u64) -> String {
    format!("2026-09-0{n}T10:00:00Z")
}

fn discourse(world: &World, hit: &Hit) -> Option<Answer> {
    let topic = |id: u64, active: u32| json!({"id": id, "slug": "one", "title": world.title, "category_id": 1, "posts_count": active, "bumped_at": at(u64::from(active % 9 + 1))});
    match hit.path.as_str() {
        "/site.json" => {
            data(&json!({"categories": [{"id": 1, "slug": "open", "read_restricted": false}]}))
        }
        "/latest.json" => {
            let mut topics: Vec<Value> = (101..=104)
                .filter(|_| world.broken)
                .map(|id| topic(id, 9))
                .collect();
            topics.push(topic(1, world.bumped + u32::from(world.broken)));
            data(&json!({"topic_list": {"topics": topics}}))
        }
        "/t/1.json" => data(
            &json!({"id": 1, "title": world.title, "slug": "one", "category_id": 1, "archetype": "regular", "visible": true,
            "post_stream": {
                "posts": world.present().map(|post| json!({"id": post.n, "post_number": post.n, "post_type": 1, "username": "u", "created_at": at(post.n),
                    "cooked": format!("<p>{}</p>", post.text)})).collect::<Vec<_>>(),
                "stream": world.present().map(|post| post.n).collect::<Vec<_>>(),
            }}),
        ),
        path if path.starts_with("/t/10") => Some(Reply::with(500, &[], "oops")),
        _ => None,
    }
}

fn nodebb(world: &World, hit: &Hit) -> Option<Answer> {
    let topic = |id: u64, active: u32| json!({"tid": id, "cid": 1, "slug": format!("{id}/one"), "title": world.title, "lastposttime": 1_790_000_000_000_u64 + u64::from(active), "postcount": active});
    match hit.path.as_str() {
        "/api/recent" => {
            let mut topics: Vec<Value> = (101..=104)
                .filter(|_| world.broken)
                .map(|id| topic(id, 9))
                .collect();
            topics.push(topic(1, world.bumped + u32::from(world.broken)));
            data(&json!({"topics": topics, "pagination": {"pageCount": 1}}))
        }
        "/api/topic/1" => data(
            &json!({"cid": 1, "slug": "1/one", "title": world.title, "mainPid": 1, "pagination": {"pageCount": 1},
            "posts": world.posts.iter().map(|post| json!({"pid": post.n, "index": post.n - 1, "content": if post.gone { "" } else { &post.text },
                "deleted": u8::from(post.gone), "timestamp": 1_789_000_000_000_u64, "user": {"username": "u"}})).collect::<Vec<_>>()}),
        ),
        path if path.starts_with("/api/topic/10") => Some(Reply::with(500, &[], "oops")),
        _ => None,
    }
}

fn flarum(world: &World, hit: &Hit) -> Option<Answer> {
    let topic = |id: u64, active: u32| {
        json!({"type": "discussions", "id": id.to_string(), "attributes": {"title": world.title, "slug": format!("{id}-one"),
        "commentCount": active, "lastPostedAt": at(u64::from(active % 9 + 1))}})
    };
    match (hit.path.as_str(), hit.query.as_str()) {
        ("/api/discussions", _) => {
            let mut topics: Vec<Value> = (101..=104)
                .filter(|_| world.broken)
                .map(|id| topic(id, 9))
                .collect();
            topics.push(topic(1, world.bumped + u32::from(world.broken)));
            data(&json!({"data": topics}))
        }
        ("/api/posts", query) if query.contains("=1&") => data(&json!({
            "data": world.present().map(|post| json!({"type": "posts", "id": post.n.to_string(), "attributes": {"number": post.n, "contentType": "comment",
                "contentHtml": format!("<p>{}</p>", post.text), "createdAt": at(post.n)}})).collect::<Vec<_>>(),
            "included": [topic(1, 0)]})),
        ("/api/posts", _) => Some(Reply::with(500, &[], "oops")),
        _ => None,
    }
}

fn lemmy(world: &World, hit: &Hit) -> Option<Answer> {
    let post = |id: u64| json!({"id": id, "name": world.title, "body": world.posts[0].text, "published": at(1), "local": true, "deleted": world.posts[0].gone});
    let view = |id: u64, count: u32| json!({"post": post(id), "community": {"local": true, "visibility": "Public"}, "counts": {"comments": count}});
    match hit.path.as_str() {
        "/api/v3/post/list" => {
            let mut posts: Vec<Value> = (101..=104)
                .filter(|_| world.broken)
                .map(|id| view(id, 9))
                .collect();
            posts.push(view(1, world.bumped + u32::from(world.broken)));
            data(&json!({"posts": posts}))
        }
        "/api/v3/post" if hit.param("id").as_deref() == Some("1") => {
            data(&json!({"post_view": view(1, 0)}))
        }
        "/api/v3/post" => Some(Reply::with(500, &[], "oops")),
        "/api/v3/comment/list" if hit.param("page").as_deref() == Some("1") => data(&json!({
            "comments": world.posts[1..].iter().filter(|post| !post.gone).map(|post| json!({"comment": {"id": post.n, "content": post.text, "path": format!("0.{}", post.n),
                "published": at(post.n), "local": true}, "creator": {"name": "u"}})).collect::<Vec<_>>()})),
        "/api/v3/comment/list" => data(&json!({"comments": []})),
        _ => None,
    }
}

fn mastodon(world: &World, hit: &Hit) -> Option<Answer> {
    let status = |post: &Post| {
        json!({"id": post.n.to_string(), "url": format!("{}/@board/{}", hit.origin, post.n), "visibility": "public",
        "content": format!("<p>{}</p>", post.text), "created_at": at(post.n), "account": {"id": "9", "acct": "board"}})
    };
    match hit.path.as_str() {
        "/api/v1/accounts/lookup" => data(&json!({"id": "9", "acct": "board", "indexable": true})),
        "/api/v1/accounts/9/statuses" if hit.param("max_id").is_some() => data(&json!([])),
        "/api/v1/accounts/9/statuses" => {
            data(&world.present().map(status).collect::<Vec<_>>().into())
        }
        "/api/v1/statuses" => data(&world.present().map(status).collect::<Vec<_>>().into()),
        path if path.starts_with("/api/v1/statuses/") => Some(Reply::with(
            404,
            &[("content-type", "application/json")],
            r#"{"error":"Record not found"}"#,
        )),
        _ => None,
    }
}

fn wordpress(world: &World, hit: &Hit) -> Option<Answer> {
    let post = || {
        json!({"id": 1, "link": format!("{}/one/", hit.origin), "date_gmt": "2026-09-01T10:00:00", "modified_gmt": format!("2026-09-02T10:00:0{}", world.bumped),
        "status": "publish", "title": {"rendered": world.title}, "content": {"rendered": format!("<p>{}</p>", world.posts[0].text)}})
    };
    let comment = |post: &Post| {
        json!({"id": post.n, "post": 1, "link": format!("{}/one/#comment-{}", hit.origin, post.n), "date_gmt": format!("2026-09-0{}T10:00:00", post.n),
        "status": "approved", "content": {"rendered": format!("<p>{}</p>", post.text)}, "author_name": "u"})
    };
    let missing = Some(Reply::with(
        404,
        &[("content-type", "application/json")],
        r#"{"code":"rest_post_invalid_id"}"#,
    ));
    let single = Some(Reply::with(
        404,
        &[("content-type", "application/json")],
        r#"{"code":"rest_comment_invalid_id"}"#,
    ));
    if hit.param("page").is_some_and(|page| page != "1") {
        return data(&json!([]));
    }
    match hit.path.as_str() {
        "/" => Some(Reply::html("<html><body>Blog</body></html>")),
        "/wp-json/wp/v2/posts" if !world.posts[0].gone => data(&json!([post()])),
        "/wp-json/wp/v2/posts" => data(&json!([])),
        "/wp-json/wp/v2/comments" => data(
            &world.posts[1..]
                .iter()
                .filter(|post| !post.gone)
                .map(comment)
                .collect::<Vec<_>>()
                .into(),
        ),
        path if path.starts_with("/wp-json/wp/v2/posts/") => missing,
        path if path.starts_with("/wp-json/wp/v2/comments/") => single,
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
        "/" => {
            let broken: String = (101..=104)
                .filter(|_| world.broken)
                .map(|id| line(id, 9))
                .collect();
            Some(Reply::html(&format!(
                "<body><div>{broken}{}</div>",
                line(1, world.bumped + u32::from(world.broken))
            )))
        }
        "/t/1" => {
            let posts: String = world
                .present()
                .map(|post| {
                    format!(
                        "<div class=p id=p{}><p class=x>{}</p></div>",
                        post.n, post.text
                    )
                })
                .collect();
            Some(Reply::html(&format!("<h1>{}</h1>{posts}", world.title)))
        }
        path if path.starts_with("/t/10") => Some(Reply::with(500, &[], "oops")),
        _ => None,
    }
}

const ROWS: [Row; 7] = [
    Row {
        kind: SourceKind::Discourse,
        path: "/",
        answer: discourse,
        without: |_| None,
        requests: 9,
    },
    Row {
        kind: SourceKind::Nodebb,
        path: "/",
        answer: nodebb,
        without: |_| None,
        requests: 8,
    },
    Row {
        kind: SourceKind::Flarum,
        path: "/",
        answer: flarum,
        without: |_| None,
        requests: 8,
    },
    Row {
        kind: SourceKind::Lemmy,
        path: "/",
        answer: lemmy,
        without: |event| match event {
            Event::Gone(0) => Some("a deleted post takes its comments with it"),
            _ => None,
        },
        requests: 12,
    },
    Row {
        kind: SourceKind::Mastodon,
        path: "/@board",
        answer: mastodon,
        without: |event| match event {
            Event::Rename | Event::BrokenThreads => {
                Some("a timeline has neither titles nor threads")
            }
            _ => None,
        },
        requests: 7,
    },
    Row {
        kind: SourceKind::Wordpress,
        path: "/",
        answer: wordpress,
        without: |event| match event {
            Event::BrokenThreads => Some("posts and comments are lists"),
            Event::Gone(0) => Some("comments of a deleted post go with it"),
            _ => None,
        },
        requests: 12,
    },
    Row {
        kind: SourceKind::Html,
        path: "/",
        answer: html,
        without: |_| None,
        requests: 8,
    },
];

/// What is known of a source, as a store would hold it.
#[derive(Debug, Default)]
struct StoredItems(BTreeMap<String, Item>);

impl StoredItems {
    fn take(&mut self, items: impl IntoIterator<Item = Item>) {
        for item in items {
            let key = stored_key(&item.key);
            match item.state {
                ItemState::Live => {
                    self.0.insert(key, item);
                }
                _ => {
                    self.0.remove(&key);
                }
            }
        }
    }
}

async fn play(row: &Row, event: Event) -> (StoredItems, World, u32) {
    let world = Arc::new(Mutex::new(World::new()));
    let shown = Arc::clone(&world);
    let answer = row.answer;
    let site = Site::start(move |hit| {
        let world = shown.lock().expect("the world").clone();
        answer(&world, hit).unwrap_or_else(Reply::not_found)
    })
    .await;
    let mut task = site.task(row.kind, row.path);
    task.source.options.comments = true;
    if row.kind == SourceKind::Html {
        task.source.options.list =
            serde_json::from_value(json!({"start": "/", "thread": "a.t@href"})).ok();
        task.source.options.thread =
            serde_json::from_value(json!({"title": "h1", "post": ".p", "id": "@id", "text": ".x"}))
                .ok();
    }
    let fetcher = fetcher();
    let mut held = StoredItems::default();
    let one = visit(&fetcher, task.clone(), NOW).await;
    assert!(
        one.finish.health.is_ok(),
        "{}: {:?}",
        row.kind,
        one.finish.health
    );
    held.take(one.batches.into_iter().flat_map(|batch| batch.items));
    assert_eq!(held.0.len(), 4, "{}", row.kind);

    event.happen(&mut world.lock().expect("the world"));
    let later = NOW + SignedDuration::from_hours(24);
    task.state = one.finish.state;
    let two = visit(&fetcher, task.clone(), later).await;
    assert!(
        two.finish.health.is_ok(),
        "{} {event:?}: {:?}",
        row.kind,
        two.finish.health
    );
    for batch in two.batches {
        for key in &batch.gone {
            held.0.remove(&stored_key(key));
        }
        held.take(batch.items);
    }
    let kept: Vec<Kept> = held
        .0
        .values()
        .map(|item| Kept {
            key: stored_key(&item.key),
            url: item.url.clone(),
        })
        .collect();
    let look = Task {
        state: two.finish.state,
        ..task
    };
    let looked = recheck(&fetcher, look, &kept, later).await;
    held.take(looked.items);
    for (kept, verdict) in kept.iter().zip(&looked.verdicts) {
        if matches!(verdict, Verdict::Lost(_)) {
            held.0.remove(&kept.key);
        }
    }
    let world = world.lock().expect("the world").clone();
    (held, world, two.finish.requests + looked.requests)
}

#[tokio::test]
async fn what_a_site_does_later_is_followed_on_every_platform() {
    for row in &ROWS {
        for event in EVENTS {
            if (row.without)(event).is_some() {
                continue;
            }
            let (held, world, requests) = Box::pin(play(row, event)).await;
            let cell = format!("{} {event:?}", row.kind);
            let mut told: Vec<&str> = held.0.values().map(|item| item.text.as_str()).collect();
            let mut expected: Vec<&str> = world.present().map(|post| post.text.as_str()).collect();
            told.sort_unstable();
            expected.sort_unstable();
            assert_eq!(told, expected, "{cell}");
            if row.kind != SourceKind::Mastodon {
                let titles: Vec<&str> = held
                    .0
                    .values()
                    .filter_map(|item| {
                        item.thread
                            .as_ref()?
                            .title
                            .as_deref()
                            .or(item.title.as_deref())
                    })
                    .collect();
                assert!(titles.contains(&world.title.as_str()), "{cell}: {titles:?}");
                let threads: std::collections::BTreeSet<_> = held
                    .0
                    .values()
                    .filter_map(|item| Some(&item.thread.as_ref()?.key))
                    .collect();
                assert_eq!(threads.len(), 1, "{cell}");
            }
            assert!(requests <= row.requests, "{cell}: {requests} requests");
        }
    }
}
