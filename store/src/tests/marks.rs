use std::collections::BTreeMap;

use discover_model::*;
use jiff::Timestamp;

use super::support::*;
use crate::{Commit, Committed};

fn id(source: &Source, key: &str) -> PostId {
    PostId::derive(source.network, source.id, key)
}

async fn put(
    house: &House,
    source: &Source,
    items: Vec<(Item, Option<u8>)>,
    now: Timestamp,
) -> Committed {
    let mut commit = Commit::new(source);
    for (item, mark) in items {
        if let Some(mark) = mark {
            let mark = ItemMark::from_bytes([mark; 16]);
            commit.marks.insert(id(source, &item.key), mark);
        }
        commit.posts.push(House::admitted(source, item, now));
    }
    house.store.commit(commit, now).await.unwrap()
}

/// The marks of the posts with these keys, by their first byte.
async fn marks<'a>(house: &House, source: &Source, keys: &[&'a str]) -> BTreeMap<&'a str, u8> {
    let held = house
        .store
        .item_marks(keys.iter().map(|key| id(source, key)))
        .await
        .unwrap();
    keys.iter()
        .filter_map(|key| Some((*key, held.get(&id(source, key))?.mark.to_bytes()[0])))
        .collect()
}

#[tokio::test]
async fn a_mark_follows_its_item_and_goes_with_its_post() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let (a, b) = (item(1, "a", "one"), item(1, "b", "two"));
    let first = vec![(a.clone(), Some(1)), (b.clone(), Some(2))];
    put(&house, &source, first, NOW).await;
    let held = BTreeMap::from([("a", 1), ("b", 2)]);
    assert_eq!(marks(&house, &source, &["a", "b", "c"]).await, held);
    // The same words said by another item, and another item's words without a mark.
    let edited = item(1, "b", "two, edited");
    let second = vec![(a.clone(), Some(3)), (edited, None)];
    let done = put(&house, &source, second, NOW + days(1)).await;
    assert_eq!((done.updated, done.unchanged), (1, 1));
    let held = BTreeMap::from([("a", 3)]);
    assert_eq!(marks(&house, &source, &["a", "b"]).await, held);
    let gone = Commit {
        gone: vec![id(&source, "a")],
        ..Commit::new(&source)
    };
    house.store.commit(gone, NOW + days(1)).await.unwrap();
    assert!(marks(&house, &source, &["a", "b"]).await.is_empty());
}

#[tokio::test]
async fn a_post_that_is_read_as_before_counts_as_named_and_nothing_else_is_written() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let first = vec![
        (item(1, "a", "one"), Some(1)),
        (item(1, "b", "two"), Some(2)),
    ];
    let stored = put(&house, &source, first, NOW).await;
    let later = NOW + days(3);
    let again = Commit {
        unchanged: vec![id(&source, "a"), id(&source, "never held")],
        ..Commit::new(&source)
    };
    let done = house.store.commit(again, later).await.unwrap();
    assert_eq!((done.stored, done.updated, done.unchanged), (0, 0, 2));
    assert_eq!(done.seq, stored.seq);
    let unnamed = house
        .store
        .to_recheck(source.id, later, later, 10)
        .await
        .unwrap();
    let unnamed: Vec<PostId> = unnamed.into_iter().map(|kept| kept.id).collect();
    assert_eq!(unnamed, [id(&source, "b")]);
}

#[tokio::test]
async fn a_post_whose_conversation_is_joined_to_another_loses_its_mark() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let first = vec![
        (reply(1, "c", "a"), Some(1)),
        (item(1, "b", "two"), Some(2)),
    ];
    put(&house, &source, first, NOW).await;
    put(&house, &source, vec![(item(1, "a", "one"), Some(3))], NOW).await;
    assert_eq!(house.thread(&source, "c").await.unwrap().posts.len(), 2);
    let held = BTreeMap::from([("a", 3), ("b", 2)]);
    assert_eq!(marks(&house, &source, &["a", "b", "c"]).await, held);
}

#[tokio::test]
async fn the_marks_of_two_sources_that_carry_one_post_do_not_mix() {
    let house = House::with(&[1]).await;
    let (forum, feed) = (source(1, "forum"), source(1, "feed"));
    house.store.put_source(&feed, NOW).await.unwrap();
    put(
        &house,
        &forum,
        vec![(item(1, "a", "the full text"), Some(1))],
        NOW,
    )
    .await;
    let mut copy = item(1, "a", "the full…");
    copy.key = "guid-77".into();
    // It is known to be a copy now, and only then has a mark.
    for mark in [None, Some(2)] {
        let done = put(&house, &feed, vec![(copy.clone(), Some(2))], NOW).await;
        assert_eq!((done.stored, done.unchanged), (0, 1));
        let held = marks(&house, &feed, &["guid-77"]).await;
        assert_eq!(held.get("guid-77").copied(), mark);
    }
    let held = BTreeMap::from([("a", 1)]);
    assert_eq!(marks(&house, &forum, &["a"]).await, held);
}
