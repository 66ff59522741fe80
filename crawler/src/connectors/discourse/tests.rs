//! The Discourse connector against a loopback server that replays real topics, and one that plays every refusal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use discover_model::{ItemState, Refusal, SourceKind};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::hashes::body_hash;
use crate::health::Status;
use crate::task::{BATCH_ITEMS, Task};
use crate::testing::{Answer, Hit, NOW, Reply, Site, Visited, data_dir, fetcher, visit};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A forum's topics by id; each is a whole `/t/ID.json` with all its posts.
#[derive(Clone, Default)]
struct Forum {
    topics: Arc<Mutex<BTreeMap<u64, Value>>>,
    /// Categories as `/site.json` tells them.
    categories: Vec<Value>,
    /// Ignores the order asked for and lists by id.
    by_id: bool,
}

impl Forum {
    fn real() -> Option<Self> {
        let forum = Self::default();
        for entry in std::fs::read_dir(data_dir()?.join("discourse/topics")).expect("topics") {
            let bytes = std::fs::read(entry.expect("entry").path()).expect("topic");
            forum.add(serde_json::from_slice(&bytes).expect("json"));
        }
        Some(forum)
    }

    fn add(&self, topic: Value) {
        let id = topic["id"].as_u64().expect("id");
        self.topics.lock().expect("topics").insert(id, topic);
    }

    fn edit(&self, id: u64, change: impl FnOnce(&mut Value)) {
        change(
            self.topics
                .lock()
                .expect("topics")
                .get_mut(&id)
                .expect("topic"),
        );
    }

    async fn serve(&self) -> Site {
        let forum = self.clone();
        Site::start(move |hit| forum.answer(hit)).await
    }

    fn answer(&self, hit: &Hit) -> Answer {
        let topics = self.topics.lock().expect("topics");
        let body = match hit.path.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
            ["latest.json"] => self.latest(&topics, hit),
            ["site.json"] if !self.categories.is_empty() => json!({"categories": self.categories}),
            ["t", id] => {
                let id = id
                    .strip_suffix(".json")
                    .and_then(|id| id.parse().ok())
                    .unwrap_or(0);
                let Some(topic) = topics.get(&id) else {
                    return Reply::not_found();
                };
                let all = posts(topic);
                let mut page = topic.clone();
                page["post_stream"] = json!({
                    "posts": all.iter().take(20).collect::<Vec<_>>(),
                    "stream": all.iter().map(|post| post["id"].clone()).collect::<Vec<_>>(),
                });
                page
            }
            ["t", id, "posts.json"] => {
                let Some(topic) = id.parse().ok().and_then(|id: u64| topics.get(&id)) else {
                    return Reply::not_found();
                };
                let wanted: BTreeSet<String> = url::form_urlencoded::parse(hit.query.as_bytes())
                    .filter(|(name, _)| name == "post_ids[]")
                    .map(|(_, value)| value.into_owned())
                    .collect();
                assert!(wanted.len() <= 20, "as Discourse's own pages do");
                let some: Vec<&Value> = posts(topic)
                    .iter()
                    .filter(|post| wanted.contains(&post["id"].to_string()))
                    .collect();
                json!({"post_stream": {"posts": some}, "id": topic["id"]})
            }
            _ => return Reply::not_found(),
        };
        let body = body.to_string();
        let etag = format!("W/\"{:016x}\"", body_hash(body.as_bytes()));
        if hit.has(&etag) {
            return Reply::with(304, &[("etag", &etag)], "");
        }
        Reply::with(200, &[("etag", &etag)], body)
    }

    fn latest(&self, topics: &BTreeMap<u64, Value>, hit: &Hit) -> Value {
        let page: usize = hit
            .param("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(0);
        let mut all: Vec<&Value> = topics
            .values()
            .filter(|topic| topic["listed"] != json!(false))
            .collect();
        if !self.by_id {
            all.sort_by_cached_key(|topic| std::cmp::Reverse(bumped(topic)));
        }
        let lines: Vec<Value> = all
            .iter()
            .skip(page * 30)
            .take(30)
            .map(|topic| {
                json!({
                    "id": topic["id"], "slug": topic["slug"], "title": topic["title"],
                    "posts_count": posts(topic).len(), "highest_post_number": topic["highest_post_number"],
                    "bumped_at": bumped(topic), "last_posted_at": bumped(topic),
                    "created_at": topic["created_at"], "category_id": topic["category_id"],
                    "archetype": topic["archetype"], "visible": topic["visible"],
                })
            })
            .collect();
        let more = (page * 30 + 30 < all.len()).then(|| format!("/latest?page={}", page + 1));
        json!({"topic_list": {"more_topics_url": more, "topics": lines}})
    }
}

fn posts(topic: &Value) -> &[Value] {
    topic["post_stream"]["posts"]
        .as_array()
        .map_or(&[], Vec::as_slice)
}

fn bumped(topic: &Value) -> &str {
    let times = posts(topic)
        .iter()
        .filter_map(|post| post["created_at"].as_str());
    times.max().unwrap_or("2020-01-01T00:00:00Z")
}

fn topic(id: u64, numbers: std::ops::RangeInclusive<u64>) -> Value {
    let posts: Vec<Value> = numbers.map(|n| post(id, n)).collect();
    json!({
        "id": id, "slug": format!("topic-{id}"), "title": format!("Topic {id}"), "category_id": 1,
        "archetype": "regular", "visible": true, "created_at": "2026-01-01T00:00:00Z",
        "highest_post_number": posts.len(), "post_stream": {"posts": posts},
    })
}

fn post(topic: u64, number: u64) -> Value {
    json!({
        "id": topic * 1000 + number, "post_number": number, "post_type": 1, "username": "a",
        "created_at": format!("2026-01-{:02}T{:02}:00:00Z", topic % 28 + 1, number % 24),
        "cooked": format!("<p>Post {number} of {topic}</p>"),
    })
}

async fn first(site: &Site) -> Visited {
    visit(&fetcher(), site.task(SourceKind::Discourse, "/"), NOW).await
}

async fn again(site: &Site, before: &Visited, now: Timestamp) -> Visited {
    let mut task = site.task(SourceKind::Discourse, "/");
    task.state = through_json(&before.finish.state);
    visit(&fetcher(), task, now).await
}

fn through_json(state: &crate::SourceState) -> crate::SourceState {
    serde_json::from_str(&serde_json::to_string(state).expect("json")).expect("state")
}

fn keys(visited: &Visited) -> BTreeSet<String> {
    visited
        .items()
        .iter()
        .map(|item| item.key.clone())
        .collect()
}

#[tokio::test]
async fn every_post_of_four_hundred_real_topics_comes_once_and_a_second_crawl_stores_nothing() {
    let Some(forum) = Forum::real() else { return };
    let site = forum.serve().await;
    let one = first(&site).await;
    assert!(one.finish.health.is_ok(), "{:?}", one.finish.health);
    assert_eq!(one.items().len(), keys(&one).len(), "none twice");
    let (mut regular, mut edges) = (0, 0);
    for topic in forum.topics.lock().expect("topics").values() {
        let numbers: BTreeSet<u64> = posts(topic)
            .iter()
            .filter_map(|post| post["post_number"].as_u64())
            .collect();
        for post in posts(topic) {
            if post["post_type"] == json!(4)
                || !post["deleted_at"].is_null()
                || post["user_deleted"] == json!(true)
            {
                continue;
            }
            regular += 1;
            let parent = post["reply_to_post_number"].as_u64();
            edges += usize::from(
                post["hidden"] != json!(true) && parent.is_some_and(|n| numbers.contains(&n)),
            );
        }
    }
    assert_eq!(one.items().len(), regular);
    let found = one
        .items()
        .iter()
        .filter(|item| item.parent.is_some())
        .count();
    assert_eq!(found, edges);
    assert!(
        one.batches
            .iter()
            .all(|batch| batch.items.len() <= BATCH_ITEMS)
    );
    assert!(one.batches.len() < 60);

    site.forget();
    let two = again(&site, &one, NOW + HOUR).await;
    assert!(two.batches.is_empty());
    assert_eq!(
        site.paths(),
        ["/latest.json"],
        "a 304 on the list ends the walk"
    );
    assert_eq!(two.finish.not_modified, 1);
}

#[tokio::test]
async fn a_stop_after_any_batch_loses_and_doubles_nothing() {
    let Some(forum) = Forum::real() else { return };
    let site = forum.serve().await;
    let whole = first(&site).await;
    let all = keys(&whole);
    let last = whole.batches.len() - 1;
    for stop in [0, last / 2, last - 1] {
        let before: BTreeSet<String> = whole.batches[..=stop]
            .iter()
            .flat_map(|batch| batch.items.iter().map(|item| item.key.clone()))
            .collect();
        let mut task = site.task(SourceKind::Discourse, "/");
        task.state = through_json(&whole.batches[stop].state);
        let rest = visit(&fetcher(), task, NOW + HOUR).await;
        let after = keys(&rest);
        let both: BTreeSet<String> = before.union(&after).cloned().collect();
        assert_eq!(both, all, "stopped after batch {stop}");
        assert!(
            before.intersection(&after).count() < 250,
            "little is read twice"
        );
        let settled = again(&site, &rest, NOW + HOUR * 2).await;
        assert!(settled.batches.is_empty());
    }
}

#[tokio::test]
async fn new_edited_and_deleted_posts_are_seen_by_the_next_crawl() {
    for by_id in [false, true] {
        let forum = Forum {
            by_id,
            ..Forum::default()
        };
        for id in 1..=90 {
            forum.add(topic(id, 1..=3));
        }
        let site = forum.serve().await;
        let one = first(&site).await;
        assert_eq!(one.items().len(), 270);
        forum.edit(80, |topic| {
            let mut posts = posts(topic).to_vec();
            posts.remove(1);
            posts[0]["cooked"] = json!("<p>edited</p>");
            let mut reply = post(80, 4);
            reply["created_at"] = json!("2026-03-01T00:00:00Z");
            reply["reply_to_post_number"] = json!(3);
            posts.push(reply);
            topic["post_stream"]["posts"] = json!(posts);
        });
        site.forget();
        let mut two = again(&site, &one, NOW + HOUR).await;
        // Of a list that is not sorted each visit reads the first page and one other, in turn.
        if by_id {
            assert_eq!(site.paths().len(), 2, "{:?}", site.paths());
            two = again(&site, &two, NOW + HOUR * 2).await;
        }
        assert_eq!(two.gone(), ["t/80/p/80002"], "by_id {by_id}");
        let new = two.items();
        assert_eq!(new.len(), 3);
        assert_eq!(new[0].text, "edited");
        assert_eq!(new[2].parent.as_deref(), Some("t/80/p/80003"));
        let topics = site
            .paths()
            .iter()
            .filter(|path| path.starts_with("/t/"))
            .count();
        assert_eq!(topics, 1, "only what changed is read");

        forum
            .topics
            .lock()
            .expect("topics")
            .get_mut(&80)
            .expect("topic")["post_stream"] = json!({"posts": []});
        forum.edit(80, |topic| topic["listed"] = json!(false));
        let three = again(&site, &two, NOW + HOUR * 2).await;
        assert!(three.finish.health.is_ok());
    }
}

#[tokio::test]
async fn a_long_topic_is_read_in_twenties_and_only_its_new_posts_again() {
    let forum = Forum::default();
    forum.add(topic(1, 1..=250));
    let site = forum.serve().await;
    let one = first(&site).await;
    assert_eq!(one.items().len(), 250);
    let asked = site
        .paths()
        .iter()
        .filter(|path| path.ends_with("/posts.json"))
        .count();
    assert_eq!(asked, 12);
    forum.edit(1, |topic| {
        let mut posts = posts(topic).to_vec();
        posts.push(post(1, 251));
        topic["post_stream"]["posts"] = json!(posts);
    });
    site.forget();
    let two = again(&site, &one, NOW + HOUR).await;
    assert_eq!(
        two.items().len(),
        21,
        "the first page of posts, and the new one"
    );
    let asked = site
        .paths()
        .iter()
        .filter(|path| path.ends_with("/posts.json"))
        .count();
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn what_is_not_public_is_refused_with_its_reason() {
    let forum = Forum {
        categories: vec![
            json!({"id": 1, "slug": "open"}),
            json!({"id": 2, "slug": "staff", "read_restricted": true}),
            json!({"id": 4, "slug": "lounge"}),
        ],
        ..Forum::default()
    };
    let with = |id, change: fn(&mut Value)| {
        let mut topic = topic(id, 1..=2);
        change(&mut topic);
        forum.add(topic);
    };
    with(1, |_| {});
    with(2, |topic| topic["category_id"] = json!(2));
    with(3, |topic| topic["category_id"] = json!(3));
    with(4, |topic| topic["category_id"] = json!(4));
    with(5, |topic| topic["visible"] = json!(false));
    with(6, |topic| topic["archetype"] = json!("private_message"));
    with(7, |topic| {
        let posts = topic["post_stream"]["posts"].as_array_mut().expect("posts");
        posts[1]["hidden"] = json!(true);
        for (n, change) in [
            (3, json!({"post_type": 4})),
            (4, json!({"post_type": 3})),
            (5, json!({"deleted_at": "2026-01-01T00:00:00Z"})),
            (6, json!({"user_deleted": true})),
        ] {
            let mut post = post(7, n);
            post.as_object_mut()
                .expect("post")
                .extend(change.as_object().expect("change").clone());
            posts.push(post);
        }
    });
    let site = forum.serve().await;
    let mut task = site.task(SourceKind::Discourse, "/");
    task.source.options.deny = vec!["lounge".into()];
    let seen = visit(&fetcher(), task, NOW).await;
    let mut states: Vec<(String, ItemState)> = seen
        .items()
        .iter()
        .map(|item| (item.key.clone(), item.state))
        .collect();
    states.sort_by(|a, b| a.0.cmp(&b.0));
    let withheld = ItemState::Withheld;
    let expected = [
        ("t/1/p/1001", ItemState::Live),
        ("t/1/p/1002", ItemState::Live),
        ("t/2", withheld(Refusal::NotPublic)),
        ("t/3", withheld(Refusal::NotPublic)),
        ("t/5", withheld(Refusal::Unlisted)),
        ("t/6", withheld(Refusal::NotPublic)),
        ("t/7/p/7001", ItemState::Live),
        ("t/7/p/7002", withheld(Refusal::Held)),
        ("t/7/p/7003", withheld(Refusal::NotPublic)),
        ("t/7/p/7004", ItemState::Live),
    ];
    let expected: Vec<(String, ItemState)> = expected
        .into_iter()
        .map(|(key, state)| (key.to_owned(), state))
        .collect();
    assert_eq!(states, expected);
    assert!(
        !site.paths().contains(&"/t/4.json".to_owned()),
        "the owner said no"
    );
    let mut gone = seen.gone();
    gone.sort_unstable();
    assert_eq!(gone, ["t/7/p/7002", "t/7/p/7005", "t/7/p/7006"]);
}

#[tokio::test]
async fn a_post_hidden_or_a_topic_removed_after_it_was_kept_is_taken_back() {
    let forum = Forum::default();
    for id in 1..=3 {
        forum.add(topic(id, 1..=2));
    }
    let site = forum.serve().await;
    let one = first(&site).await;
    forum.edit(1, |topic| topic["visible"] = json!(false));
    forum.edit(2, |topic| {
        topic["post_stream"]["posts"] = json!([post(2, 1)]);
    });
    let two = again(&site, &one, NOW + HOUR).await;
    let mut gone = two.gone();
    gone.sort_unstable();
    assert_eq!(gone, ["t/1/p/1001", "t/1/p/1002", "t/2/p/2002"]);
}

#[tokio::test]
async fn a_forum_behind_a_login_is_refused_and_asked_daily_at_first() {
    for play in [
        (|hit: &Hit| match hit.path.as_str() {
            "/robots.txt" => Reply::not_found(),
            _ => Reply::with(
                403,
                &[],
                r#"{"errors":["no"],"error_type":"not_logged_in"}"#,
            ),
        }) as fn(&Hit) -> Answer,
        |hit| match hit.path.as_str() {
            "/robots.txt" => Reply::not_found(),
            _ => Reply::redirect(302, "/login"),
        },
    ] {
        let site = Site::start(play).await;
        let seen = first(&site).await;
        assert_eq!(seen.finish.health.status, Status::Blocked);
        assert_eq!(seen.finish.health.refusal, Some(Refusal::LoginWall));
        assert!(seen.finish.next_due >= NOW + crate::frontier::DAILY);
        assert!(seen.finish.next_due < NOW + crate::frontier::WEEKLY);
    }
}

#[tokio::test]
async fn one_broken_topic_waits_for_the_next_crawl_and_does_not_stop_the_others() {
    let forum = Forum::default();
    for id in 1..=40 {
        forum.add(topic(id, 1..=2));
    }
    let healthy = Arc::new(Mutex::new(false));
    let (played, served) = (Arc::clone(&healthy), forum.clone());
    let site = Site::start(move |hit| {
        if hit.path == "/t/17.json" && !*played.lock().expect("flag") {
            return Reply::with(500, &[], "");
        }
        served.answer(hit)
    })
    .await;
    let one = first(&site).await;
    assert_eq!(one.items().len(), 78);
    *healthy.lock().expect("flag") = true;
    let two = again(&site, &one, NOW + HOUR).await;
    assert_eq!(
        keys(&two),
        BTreeSet::from(["t/17/p/17001".to_owned(), "t/17/p/17002".to_owned()])
    );
}

#[tokio::test]
async fn a_forum_in_a_folder_is_read_below_it() {
    let forum = Forum::default();
    forum.add(topic(1, 1..=1));
    let served = forum.clone();
    let site = Site::start(move |hit| {
        let mut inner = hit.clone();
        match hit.path.strip_prefix("/talk") {
            Some(path) => inner.path = path.to_owned(),
            None => return Reply::not_found(),
        }
        served.answer(&inner)
    })
    .await;
    let mut task: Task = site.task(SourceKind::Discourse, "/talk");
    task.permit = crate::testing::permit(&site.root, &["/talk/"]);
    let seen = visit(&fetcher(), task, NOW).await;
    let items = seen.items();
    assert_eq!(items.len(), 1, "{:?}", seen.finish.health);
    assert_eq!(items[0].url, site.url("/talk/t/topic-1/1"));
}
