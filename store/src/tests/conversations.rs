use std::collections::BTreeSet;

use discover_model::*;
use jiff::civil::date;
use proptest::prelude::*;

use super::support::*;
use crate::Hide;

#[tokio::test]
async fn a_reply_waits_as_its_own_root_until_the_root_arrives() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![reply(1, "b", "a")]).await;
    let waiting = house.thread(&source, "b").await.unwrap();
    assert_eq!(waiting.posts.len(), 1);
    let before = house.store.last_seq().await.unwrap();
    house.put(&source, vec![item(1, "a", "root")]).await;
    let whole = house.thread(&source, "b").await.unwrap();
    assert_ne!(whole.id, waiting.id);
    assert_eq!(whole.id, ConversationId::derive(source.network, "a"));
    assert_eq!(whole.posts.len(), 2);
    assert_eq!(whole.posts[0].text, "root");
    assert_eq!(whole.posts[1].parent, Some(whole.posts[0].id));
    let changes = house.store.changes(before, 10).await.unwrap();
    let log: BTreeSet<_> = changes.iter().map(|c| (c.conversation, c.gone)).collect();
    assert_eq!(log, BTreeSet::from([(waiting.id, true), (whole.id, false)]));
    // The old address still leads there.
    let alias = house.store.conversation_alias(waiting.id).await.unwrap();
    assert_eq!(alias, Some(whole.id));
    let by_alias = house.store.conversation(waiting.id).await.unwrap();
    assert_eq!(by_alias.map(|found| found.id), Some(whole.id));
}

#[tokio::test]
async fn a_root_is_found_by_its_address_across_sources() {
    let house = House::with(&[1]).await;
    let (blog, comments) = (source(1, "forum"), source(1, "comments"));
    house.store.put_source(&comments, NOW).await.unwrap();
    let mut early = reply(1, "c1", "https://site1.example/t/post/?utm_source=feed");
    early.url = "https://site1.example/t/post#comment-1".parse().unwrap();
    house.put(&comments, vec![early]).await;
    house.put(&blog, vec![item(1, "post", "an article")]).await;
    let mut late = reply(1, "c2", "http://www.site1.example/t/post#comment-1");
    late.url = "https://site1.example/t/post#comment-2".parse().unwrap();
    late.published = Some(NOW);
    house.put(&comments, vec![late]).await;
    let thread = house.thread(&blog, "post").await.unwrap();
    assert_eq!(thread.posts.len(), 3);
    assert_eq!(thread.posts[1].parent, Some(thread.posts[0].id));
    assert_eq!(thread.posts[2].parent, Some(thread.posts[1].id));
}

fn in_thread(mut item: Item) -> Item {
    item.thread = Some(discover_model::item::Thread {
        key: "t/1".into(),
        title: Some("Clinic times".into()),
        url: "https://site1.example/t/1".parse().unwrap(),
        closed: None,
    });
    item
}

#[tokio::test]
async fn a_thread_without_its_opening_post_is_one_conversation_with_its_title() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let replies = ["b", "c"].map(|key| in_thread(reply(1, key, "a")));
    house.put(&source, replies.to_vec()).await;
    house
        .put(&source, vec![in_thread(reply(1, "d", "a"))])
        .await;
    let thread = house.thread(&source, "d").await.unwrap();
    assert_eq!(thread.posts.len(), 3);
    assert_eq!(thread.title, "Clinic times");
    assert_eq!(thread.url, "https://site1.example/t/1");
    let mut root = in_thread(item(1, "a", "The walk-in service stopped."));
    root.title = Some("Clinic times".into());
    house.put(&source, vec![root]).await;
    let whole = house.thread(&source, "b").await.unwrap();
    assert_eq!((whole.id, whole.posts.len()), (thread.id, 4));
    assert_eq!(whole.posts[0].text, "The walk-in service stopped.");
    assert!(
        whole.posts[1..]
            .iter()
            .all(|post| post.parent == Some(whole.posts[0].id))
    );
}

#[tokio::test]
async fn what_an_item_says_of_itself_is_followed_when_it_is_put_right() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house
        .put(&source, vec![item(1, "a", "one"), item(1, "b", "two")])
        .await;
    let mut right = reply(1, "b", "a");
    right.text = "two".into();
    right.published = Some(NOW - days(400));
    right.language = Some("cy".into());
    house.put(&source, vec![right.clone()]).await;
    let thread = house.thread(&source, "b").await.unwrap();
    assert_eq!(thread.posts.len(), 2);
    assert_eq!(thread.posts[1].parent, Some(thread.posts[0].id));
    assert_eq!(thread.started, Some(NOW - days(400)));
    // Said again it changes nothing, and silence takes nothing back.
    right.published = None;
    let seq = house.store.last_seq().await.unwrap();
    house.put(&source, vec![right]).await;
    assert_eq!(house.store.last_seq().await.unwrap(), seq);
}

#[tokio::test]
async fn a_post_that_nobody_dates_has_no_date() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let mut undated = item(1, "a", "one");
    undated.published = None;
    house.put(&source, vec![undated]).await;
    let read = house.thread(&source, "a").await.unwrap();
    assert_eq!((read.started, read.last_active), (None, None));
    assert_eq!(read.posts[0].happened, None);
}

#[tokio::test]
async fn equal_numbers_in_two_sources_are_two_conversations() {
    let house = House::with(&[1]).await;
    let (one, two) = (source(1, "forum"), source(1, "other"));
    house.store.put_source(&two, NOW).await.unwrap();
    house.put(&one, vec![item(1, "12", "in the first")]).await;
    let mut root = item(1, "12", "in the second");
    root.url = "https://site1.example/other/12".parse().unwrap();
    let mut answer = reply(1, "13", "12");
    answer.url = "https://site1.example/other/13".parse().unwrap();
    house.put(&two, vec![answer]).await;
    house.put(&two, vec![root]).await;
    let (a, b) = (
        house.thread(&one, "12").await.unwrap(),
        house.thread(&two, "12").await.unwrap(),
    );
    assert_ne!(a.id, b.id);
    assert_eq!((a.posts.len(), b.posts.len()), (1, 2));
}

#[tokio::test]
async fn a_conversation_reads_as_promised() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let mut root = item(1, "a", "Erste Frage, ziemlich kurz");
    // Half past midnight in London's summer is still the day before in UTC.
    root.published = Some("2026-07-01T23:30:00Z".parse().unwrap());
    let mut early = reply(1, "b", "a");
    early.published = Some("2026-07-02T10:00:00Z".parse().unwrap());
    early.text = "a long answer in English ".repeat(5);
    let mut late = reply(1, "c", "b");
    late.published = Some("2026-07-05T10:00:00Z".parse().unwrap());
    late.author = Some("other".into());
    late.links = vec![
        "https://www.report.example/x/?utm_source=z"
            .parse()
            .unwrap(),
    ];
    let german = House::admitted(&source, root, NOW).with_language("de".parse().ok(), 1.0);
    let commit = crate::Commit {
        posts: vec![
            House::admitted(&source, late, NOW),
            german,
            House::admitted(&source, early, NOW),
        ],
        ..crate::Commit::new(&source)
    };
    house.store.commit(commit, NOW).await.unwrap();
    let read = house.thread(&source, "c").await.unwrap();
    assert_eq!(read.title, "Erste Frage, ziemlich kurz");
    assert_eq!(read.url, "https://site1.example/t/a");
    assert_eq!(read.kind, SourceKind::Discourse);
    assert_eq!(read.language, "en".parse().ok());
    assert_eq!(read.started.unwrap().to_string(), "2026-07-01T23:30:00Z");
    assert_eq!(
        read.last_active.unwrap().to_string(),
        "2026-07-05T10:00:00Z"
    );
    assert_eq!(read.voices(), 2);
    let happened: Vec<_> = read.posts.iter().filter_map(|post| post.happened).collect();
    assert_eq!(
        happened,
        [date(2026, 7, 2), date(2026, 7, 2), date(2026, 7, 5)]
    );
    assert_eq!(read.posts[2].links, ["https://report.example/x"]);
    assert_eq!(read.posts[2].parent, Some(read.posts[1].id));
}

#[tokio::test]
async fn many_are_read_in_the_order_asked() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let keys: Vec<String> = (0..30).map(|n| format!("k{n}")).collect();
    let items = keys.iter().map(|key| item(1, key, key)).collect();
    house.put(&source, items).await;
    let arrived = house.store.conversation_ids(None, 100).await.unwrap();
    assert_eq!(arrived.len(), 30);
    let page = house
        .store
        .conversation_ids(Some(arrived[9]), 5)
        .await
        .unwrap();
    assert_eq!(page, arrived[10..15]);
    let mut asked: Vec<ConversationId> = arrived.iter().rev().copied().collect();
    asked.insert(3, ConversationId::from_u128(1));
    asked.push(asked[0]);
    let read = house.store.conversations(&asked).await.unwrap();
    let got: Vec<ConversationId> = read.iter().map(|one| one.id).collect();
    assert_eq!(got, arrived.iter().rev().copied().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_hidden_conversation_stays_hidden_when_it_is_joined_to_another() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![reply(1, "b", "a")]).await;
    let waiting = house.thread(&source, "b").await.unwrap().id;
    let hide = Hide::Conversation(waiting);
    house
        .store
        .hide(&hide, Refusal::Objected, NOW)
        .await
        .unwrap();
    let done = house.put(&source, vec![item(1, "a", "root")]).await;
    assert!(done.visibility_changed);
    let visibility = house.store.visibility().await.unwrap();
    let shown = house.thread(&source, "a").await.unwrap();
    let shown = shown.visible(&visibility).unwrap();
    assert_eq!(shown.posts.len(), 1);
    assert_eq!(shown.posts[0].text, "root");
}

/// A thread of `parents.len() + 1` posts: post n + 1 replies to `parents[n]`, which is one before it.
fn threads() -> impl Strategy<Value = (Vec<usize>, Vec<usize>, Vec<bool>, Vec<bool>)> {
    (2usize..9).prop_flat_map(|size| {
        let parents: Vec<_> = (1..size).map(|n| 0..n).collect();
        (
            parents,
            Just((0..size).collect::<Vec<usize>>()).prop_shuffle(),
            proptest::collection::vec(any::<bool>(), size),
            proptest::collection::vec(any::<bool>(), size),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Whatever the order, however cut into commits, and whether or not a reply names its root: one conversation.
    #[test]
    fn a_thread_comes_together_in_any_order((parents, order, cuts, rooted) in threads()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let house = House::with(&[1]).await;
            let source = source(1, "forum");
            let make = |n: usize| {
                let key = format!("p{n}");
                if n == 0 {
                    return item(1, &key, "root");
                }
                let mut item = reply(1, &key, &format!("p{}", parents[n - 1]));
                item.root = rooted[n].then(|| "p0".to_owned());
                item
            };
            let mut batch = Vec::new();
            for (n, cut) in order.iter().zip(&cuts) {
                batch.push(make(*n));
                if *cut {
                    house.put(&source, std::mem::take(&mut batch)).await;
                }
            }
            house.put(&source, batch).await;
            let thread = house.thread(&source, "p0").await.unwrap();
            assert_eq!(thread.id, ConversationId::derive(source.network, "p0"));
            assert_eq!(thread.posts.len(), parents.len() + 1);
            for post in &thread.posts {
                let key = post.url.rsplit('p').next().unwrap().parse::<usize>().unwrap();
                let parent = key.checked_sub(1).map(|at| {
                    PostId::derive(source.network, source.id, &format!("p{}", parents[at]))
                });
                assert_eq!(post.parent, parent, "parent of p{key}");
            }
            assert_eq!(house.store.counts().await.unwrap().conversations, 1);
            // What a reader of the log ends up with is what the store holds.
            let mut held = BTreeSet::new();
            for change in house.store.changes(0, 1000).await.unwrap() {
                if change.gone { held.remove(&change.conversation); } else { held.insert(change.conversation); }
            }
            assert_eq!(held, BTreeSet::from([thread.id]));
        });
    }
}

#[tokio::test]
async fn what_a_platform_says_of_a_thread_being_closed_is_held_until_it_says_otherwise() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    for (number, said, closed) in [(1, Some(true), 1), (2, None, 1), (3, Some(false), 0)] {
        let mut post = in_thread(item(1, &format!("p{number}"), "Are the clinic times new?"));
        if let Some(thread) = &mut post.thread {
            thread.closed = said;
        }
        house.put(&source, vec![post]).await;
        let ids = house.store.conversation_ids(None, 10).await.unwrap();
        let found = house.store.closed(&ids).await.unwrap();
        assert_eq!(found.len(), closed, "after {said:?}");
    }
}
