use discover_model::*;
use jiff::Timestamp;
use url::Url;

use super::support::*;
use crate::{Commit, Finished, Hide, StoreError};

#[tokio::test]
async fn a_second_equal_commit_stores_nothing() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let items = || vec![item(1, "a", "one"), item(1, "b", "two"), reply(1, "c", "a")];
    let first = house.put(&source, items()).await;
    assert_eq!((first.stored, first.updated, first.unchanged), (3, 0, 0));
    assert_eq!(house.store.changes(0, 10).await.unwrap().len(), 2);
    let second = house.put_at(&source, items(), NOW + days(3)).await;
    assert_eq!((second.stored, second.updated, second.unchanged), (0, 0, 3));
    assert_eq!(second.seq, first.seq);
    assert!(house.store.changes(first.seq, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_change_raises_the_version_and_keeps_first_seen() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let first = house.put(&source, vec![item(1, "a", "one")]).await;
    let later = NOW + days(3);
    let done = house
        .put_at(&source, vec![item(1, "a", "one, edited")], later)
        .await;
    assert_eq!((done.stored, done.updated), (0, 1));
    let changes = house.store.changes(first.seq, 10).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert!(!changes[0].gone);
    let id = PostId::derive(source.network, source.id, "a");
    let post = house.store.post(id).await.unwrap().unwrap();
    assert_eq!((post.version, post.first_seen), (2, NOW));
    let thread = house.thread(&source, "a").await.unwrap();
    assert_eq!(thread.posts[0].text, "one, edited");
    // The log is compacted: the conversation stands once, at its latest change.
    assert_eq!(house.store.changes(0, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_address_from_two_sources_is_one_post() {
    let house = House::with(&[1]).await;
    let (forum, feed) = (source(1, "forum"), source(1, "feed"));
    house.store.put_source(&feed, NOW).await.unwrap();
    house.put(&forum, vec![item(1, "a", "the full text")]).await;
    let mut shortened = item(1, "a", "the full…");
    shortened.key = "guid-77".into();
    shortened.url = "http://www.site1.example/t/a/?utm_source=rss"
        .parse()
        .unwrap();
    let done = house.put(&feed, vec![shortened.clone()]).await;
    assert_eq!((done.stored, done.unchanged), (0, 1));
    let counts = house.store.counts().await.unwrap();
    assert_eq!((counts.conversations, counts.posts), (1, 1));
    let by_second = PostId::derive(feed.network, feed.id, "guid-77");
    let post = house.store.post(by_second).await.unwrap().unwrap();
    assert_eq!(post.id, PostId::derive(forum.network, forum.id, "a"));
    // The second source's other wording changes nothing, visit after visit.
    let done = house.put(&feed, vec![shortened]).await;
    assert_eq!((done.updated, done.unchanged), (0, 1));
    assert_eq!(
        house.thread(&forum, "a").await.unwrap().posts[0].text,
        "the full text"
    );
}

#[tokio::test]
async fn changed_guids_make_no_second_post_but_a_shared_address_does_not_make_one() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let same_page = |key: &str, text: &str| Item {
        key: key.into(),
        ..item(1, "page", text)
    };
    let done = house
        .put(
            &source,
            vec![same_page("1", "hello"), same_page("2", "other")],
        )
        .await;
    assert_eq!(done.stored, 2);
    let done = house
        .put(
            &source,
            vec![same_page("1b", "hello"), same_page("2b", "other")],
        )
        .await;
    assert_eq!((done.stored, done.unchanged), (0, 2));
    let mut comment = same_page("3", "hello");
    comment.url = "https://site1.example/t/page#comment-3".parse().unwrap();
    assert_eq!(house.put(&source, vec![comment]).await.stored, 1);
}

#[tokio::test]
async fn two_networks_never_share_a_post() {
    let house = House::with(&[1, 2]).await;
    let (one, two) = (source(1, "forum"), source(2, "forum"));
    house.put(&one, vec![item(1, "a", "text")]).await;
    // The second network links to the first one's page as its own item.
    let mut same = item(2, "a", "text");
    same.url = item(1, "a", "").url;
    assert_eq!(house.put(&two, vec![same]).await.stored, 1);
    assert_eq!(house.store.counts().await.unwrap().posts, 2);
    let first = house.thread(&one, "a").await.unwrap().id;
    let found = house
        .store
        .conversation_by_url("https://site1.example/t/a")
        .await
        .unwrap();
    assert_eq!(found, Some(first));
}

#[tokio::test]
async fn posts_state_and_refusals_stand_or_fall_together() {
    let house = House::with(&[1, 2]).await;
    let source = source(1, "forum");
    let due = house.store.due(NOW, 10).await.unwrap();
    assert_eq!(due.len(), 2);
    let due = due.into_iter().find(|due| due.source == source).unwrap();
    let commit = |posts, fence| Commit {
        posts,
        refusals: vec![(Refusal::Noindex, "https://site1.example/t/x".into())],
        state_json: Some("{\"cursor\":7}".into()),
        fence: Some(fence),
        ..Commit::new(&due.source)
    };
    let foreign = House::admitted(&super::support::source(2, "forum"), item(2, "z", "z"), NOW);
    let own = House::admitted(&source, item(1, "a", "a"), NOW);
    let refused = house
        .store
        .commit(commit(vec![own.clone(), foreign], due.fence), NOW)
        .await;
    assert!(matches!(refused, Err(StoreError::Foreign { .. })));
    let counts = house.store.counts().await.unwrap();
    assert_eq!((counts.posts, counts.refused.len()), (0, 0));
    let stale = house
        .store
        .commit(commit(vec![own.clone()], due.fence - 1), NOW)
        .await;
    assert!(matches!(stale, Err(StoreError::LeaseLost { .. })));
    house
        .store
        .commit(commit(vec![own], due.fence), NOW)
        .await
        .unwrap();
    let counts = house.store.counts().await.unwrap();
    assert_eq!((counts.posts, counts.refused[&Refusal::Noindex]), (1, 1));
    house.store.release_leases().await.unwrap();
    let due = house.store.due(NOW, 10).await.unwrap();
    let due = due.iter().find(|due| due.source == source).unwrap();
    assert_eq!(due.state_json, "{\"cursor\":7}");
}

#[tokio::test]
async fn what_a_source_took_back_may_return_and_what_was_objected_to_may_not() {
    let house = House::with(&[1]).await;
    let (forum, feed) = (source(1, "forum"), source(1, "feed"));
    house.store.put_source(&feed, NOW).await.unwrap();
    let mut answer = reply(1, "c", "b");
    answer.published = Some(NOW);
    let thread = || vec![item(1, "a", "root"), reply(1, "b", "a"), answer.clone()];
    house.put(&forum, thread()).await;
    house.put(&feed, vec![item(1, "a", "root")]).await;
    let before = house.thread(&forum, "a").await.unwrap();
    let root = before.posts[0].id;
    let done = house
        .store
        .commit(
            Commit {
                gone: vec![root],
                ..Commit::new(&forum)
            },
            NOW,
        )
        .await
        .unwrap();
    assert_eq!(done.removed, 1);
    let after = house.thread(&forum, "b").await.unwrap();
    assert_eq!(after.id, before.id);
    assert_eq!(after.posts.len(), 2);
    assert_eq!(after.posts[0].parent, None);
    assert_eq!(after.title, "reply b");
    let changes = house.store.changes(done.seq - 1, 10).await.unwrap();
    assert_eq!(
        (changes[0].conversation, changes[0].gone),
        (before.id, false)
    );
    // The source took it back itself, and may show it again.
    let again = house.put(&forum, thread()).await;
    assert_eq!((again.refused, again.stored), (0, 1));
    house.put(&feed, vec![item(1, "a", "root")]).await;
    house
        .store
        .take_back(forum.network, &[root], Refusal::Objected, NOW)
        .await
        .unwrap();
    // After an objection neither source can bring it back, and the gate is told.
    assert_eq!(house.put(&forum, thread()).await.refused, 1);
    assert_eq!(
        house.put(&feed, vec![item(1, "a", "root")]).await.refused,
        1
    );
    let barred = house.store.taken_back(forum.network).await.unwrap();
    assert_eq!(barred.get(&root), Some(&Refusal::Objected));
    // A late reply still finds the conversation of the root that is gone.
    let mut late = reply(1, "d", "nowhere");
    late.root = Some("a".into());
    house.put(&forum, vec![late]).await;
    assert_eq!(house.thread(&forum, "d").await.unwrap().id, before.id);
    let rest = ["b", "c", "d"].map(|key| PostId::derive(forum.network, forum.id, key));
    let done = house
        .store
        .take_back(forum.network, &rest, Refusal::Objected, NOW)
        .await
        .unwrap();
    let changes = house.store.changes(done.seq - 1, 10).await.unwrap();
    assert_eq!(
        (changes[0].conversation, changes[0].gone),
        (before.id, true)
    );
    assert_eq!(house.store.conversation(before.id).await.unwrap(), None);
}

#[tokio::test]
async fn refusals_count_once_and_the_list_is_bounded() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let refuse = |from: usize, to: usize| Commit {
        refusals: (from..to)
            .map(|n| (Refusal::Held, format!("https://site1.example/{n:03}")))
            .collect(),
        ..Commit::new(&source)
    };
    for _ in 0..3 {
        house.store.commit(refuse(0, 150), NOW).await.unwrap();
    }
    let counts = house.store.counts().await.unwrap();
    assert_eq!(counts.refused[&Refusal::Held], 150);
    house.store.commit(refuse(150, 260), NOW).await.unwrap();
    let listed = house.store.refusals(source.network, 1000).await.unwrap();
    assert_eq!(listed.len(), 200);
    assert_eq!(listed[0].1, "https://site1.example/259");
}

#[tokio::test]
async fn redactions_are_counted_by_kind() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let done = house
        .put(&source, vec![item(1, "a", "write to jo@narwhal.example")])
        .await;
    assert_eq!(done.stored, 1);
    let counts = house.store.counts().await.unwrap();
    let emails = counts.redacted.get(&redaction::Kind::Email).copied();
    // The rules themselves are the model's; what it found is what is counted.
    let text = &house.thread(&source, "a").await.unwrap().posts[0].text;
    assert_eq!(emails.is_some(), !text.contains("jo@narwhal"));
    assert!(house.found(&["jo@narwhal"]).is_empty() || emails.is_none());
}

#[tokio::test]
async fn nothing_is_stored_under_a_grant_that_ended() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let post = House::admitted(&source, item(1, "a", "a"), NOW);
    let commit = || Commit {
        posts: vec![post.clone()],
        finish: Some(Finished {
            next_due: NOW + days(1),
            health_json: "{}".into(),
            fetched_at: NOW,
            ok: true,
        }),
        ..Commit::new(&source)
    };
    let late: Timestamp = NOW + days(301);
    let done = house.store.commit(commit(), late).await.unwrap();
    assert_eq!((done.stored, done.refused), (0, 1));
    house
        .store
        .withdraw_network(source.network, ledger::Actor::Owner, NOW)
        .await
        .unwrap();
    let done = house.store.commit(commit(), NOW).await.unwrap();
    assert_eq!((done.stored, done.refused), (0, 1));
    purge(&house.store, NOW).await;
    // A visit that ends after the purge.
    let done = house.store.commit(commit(), NOW).await.unwrap();
    assert_eq!((done.stored, done.refused), (0, 1));
    assert!(house.found(&["site1.example"]).is_empty());
}

/// A root with a reply, carried by a forum and a feed, which both took the root back; then the forum lists it again.
async fn taken_back_by_one_and_listed_again(house: &House) -> (Source, Source, PostId) {
    let (forum, feed) = (source(1, "forum"), source(1, "feed"));
    house.store.put_source(&feed, NOW).await.unwrap();
    house.put(&forum, vec![item(1, "a", "zyzzyva")]).await;
    house.put(&feed, vec![from_feed("guid-a")]).await;
    let root = PostId::derive(forum.network, forum.id, "a");
    let gone = Commit {
        gone: vec![root],
        ..Commit::new(&forum)
    };
    house.store.commit(gone, NOW).await.unwrap();
    (forum, feed, root)
}

fn from_feed(guid: &str) -> Item {
    Item {
        key: guid.into(),
        ..item(1, "a", "zyzzyva")
    }
}

#[tokio::test]
async fn what_must_stay_away_comes_in_by_no_source_key_or_address() {
    enum Way {
        Objected,
        Upheld,
        Member,
        Conversation,
    }
    for way in [Way::Objected, Way::Upheld, Way::Member, Way::Conversation] {
        for again_held in [true, false] {
            let house = House::with(&[1]).await;
            let (forum, feed, root) = taken_back_by_one_and_listed_again(&house).await;
            let store = &house.store;
            if again_held {
                assert_eq!(
                    house
                        .put(&forum, vec![item(1, "a", "zyzzyva")])
                        .await
                        .stored,
                    1
                );
            } else if matches!(way, Way::Member | Way::Conversation) {
                // It cannot be spoken of while nothing of it is here; it was before.
                continue;
            }
            match way {
                Way::Objected => {
                    let refusal = Refusal::Objected;
                    store
                        .take_back(forum.network, &[root], refusal, NOW)
                        .await
                        .unwrap();
                }
                // Objected to while it was here, decided when it is not.
                Way::Upheld if !again_held => {
                    let by = ledger::Actor::Objector;
                    for _ in 0..2 {
                        store
                            .withdraw_lost_post(forum.network, root, by, NOW)
                            .await
                            .unwrap();
                    }
                    let entries = store.ledger(0, 99).await.unwrap();
                    let parts = entries.iter().filter(|entry| entry.fact.part.is_some());
                    assert_eq!(parts.count(), 1, "said once");
                }
                Way::Upheld => {
                    let hide = Hide::Post(root);
                    store
                        .withdraw_part(&hide, ledger::Actor::Objector, NOW)
                        .await
                        .unwrap();
                    // The source takes it back once more before the purge comes to it.
                    let gone = Commit {
                        gone: vec![root],
                        ..Commit::new(&forum)
                    };
                    store.commit(gone, NOW).await.unwrap();
                }
                Way::Member => {
                    store.opt_out_author_of(root, NOW).await.unwrap();
                }
                Way::Conversation => {
                    let at = store.post(root).await.unwrap().unwrap().conversation;
                    let hide = Hide::Conversation(at);
                    store
                        .withdraw_part(&hide, ledger::Actor::Owner, NOW)
                        .await
                        .unwrap();
                    let gone = Commit {
                        gone: vec![root],
                        ..Commit::new(&forum)
                    };
                    store.commit(gone, NOW).await.unwrap();
                }
            }
            purge(store, NOW).await;
            let unnamed = |item: Item| Item {
                author: None,
                ..item
            };
            let other_address = Item {
                url: "https://site1.example/moved/a".parse().unwrap(),
                ..from_feed("guid-moved")
            };
            let edited = Item {
                text: "zyzzyva, edited".into(),
                ..from_feed("guid-new")
            };
            for (source, item) in [
                (&forum, item(1, "a", "zyzzyva")),
                (&feed, from_feed("guid-a")),
                (&feed, unnamed(from_feed("guid-a"))),
                (&feed, unnamed(from_feed("guid-new"))),
                (&forum, unnamed(edited)),
                (&feed, unnamed(other_address)),
            ] {
                let done = house.put(source, vec![item.clone()]).await;
                assert_eq!((done.stored, done.refused), (0, 1), "{item:?}");
            }
            assert_eq!(store.counts().await.unwrap().posts, 0);
            let erased = !matches!(way, Way::Objected);
            assert!(!erased || house.found(&["zyzzyva"]).is_empty());
            // Another post of the same site comes in as before.
            let other = Item {
                author: None,
                ..item(1, "b", "other")
            };
            assert_eq!(house.put(&feed, vec![other]).await.stored, 1);
        }
    }
}

#[tokio::test]
async fn a_restored_copy_bars_what_left_while_it_held_only_the_marks_of_it() {
    if on_postgres("a copy is a file") {
        return;
    }
    for conversation in [false, true] {
        let mut house = House::with(&[1]).await;
        let (forum, feed, root) = taken_back_by_one_and_listed_again(&house).await;
        let copy = tempfile::tempdir().unwrap();
        let to = copy.path().join("copy");
        house.store.backup(&to).await.unwrap();
        if conversation {
            house.put(&forum, vec![item(1, "a", "zyzzyva")]).await;
            let at = house.store.post(root).await.unwrap().unwrap().conversation;
            let hide = Hide::Conversation(at);
            let withdrawn = house.store.withdraw_part(&hide, ledger::Actor::Owner, NOW);
            withdrawn.await.unwrap();
        } else {
            let by = ledger::Actor::Objector;
            let withdrawn = house.store.withdraw_lost_post(forum.network, root, by, NOW);
            withdrawn.await.unwrap();
        }
        let newer = house.store.ledger(0, 99).await.unwrap();

        house.store = open(&to).await.unwrap();
        house.store.replay_ledger(&newer).await.unwrap();
        for (source, item) in [
            (&forum, item(1, "a", "zyzzyva")),
            (&feed, from_feed("guid-a")),
            (&feed, from_feed("guid-new")),
        ] {
            let done = house.put(source, vec![item.clone()]).await;
            assert_eq!(
                (done.stored, done.refused),
                (0, 1),
                "{conversation} {item:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_objection_to_one_post_of_a_page_bars_no_other_post_of_it() {
    let house = House::with(&[1]).await;
    let forum = source(1, "forum");
    let on_page = |key: &str, text: &str| Item {
        key: key.into(),
        parent: Some("page".into()),
        thread: Some(item::Thread {
            key: "page".into(),
            title: None,
            url: item(1, "page", "").url,
            closed: None,
        }),
        ..item(1, "page", text)
    };
    house
        .put(
            &forum,
            vec![item(1, "page", "root"), on_page("1", "zyzzyva")],
        )
        .await;
    let one = PostId::derive(forum.network, forum.id, "1");
    let refusal = Refusal::Objected;
    house
        .store
        .take_back(forum.network, &[one], refusal, NOW)
        .await
        .unwrap();
    let done = house
        .put(
            &forum,
            vec![on_page("2", "another"), on_page("1b", "zyzzyva")],
        )
        .await;
    assert_eq!((done.stored, done.refused), (1, 1));
}

#[tokio::test]
async fn a_post_that_is_objected_to_stays_hidden_when_another_source_brings_it_again() {
    let house = House::with(&[1]).await;
    let (forum, feed) = (source(1, "forum"), source(1, "feed"));
    house.store.put_source(&feed, NOW).await.unwrap();
    house.put(&forum, vec![item(1, "a", "zyzzyva")]).await;
    house.put(&feed, vec![from_feed("guid-a")]).await;
    let root = PostId::derive(forum.network, forum.id, "a");
    let ground = crate::ObjectionReason::Other;
    assert!(house.store.object(root, ground, NOW).await.unwrap().hidden);
    let gone = Commit {
        gone: vec![root],
        ..Commit::new(&forum)
    };
    house.store.commit(gone, NOW).await.unwrap();
    assert_eq!(house.put(&feed, vec![from_feed("guid-a")]).await.stored, 1);
    let at = PostId::derive(feed.network, feed.id, "guid-a");
    let held = house.store.post(at).await.unwrap().unwrap();
    assert_eq!(held.id, root, "it is the post that it was");
    assert!(
        house
            .store
            .visibility()
            .await
            .unwrap()
            .posts
            .contains(&held.id)
    );
}

#[tokio::test]
async fn a_root_that_comes_again_without_a_thread_finds_its_replies() {
    let house = House::with(&[1]).await;
    let forum = source(1, "forum");
    let mut answer = reply(1, "c", "b");
    answer.published = Some(NOW);
    let thread = || vec![item(1, "a", "root"), reply(1, "b", "a"), answer.clone()];
    house.put(&forum, thread()).await;
    let before = house.thread(&forum, "a").await.unwrap();
    for key in ["a", "b"] {
        let gone = Commit {
            gone: vec![PostId::derive(forum.network, forum.id, key)],
            ..Commit::new(&forum)
        };
        assert_eq!(house.store.commit(gone, NOW).await.unwrap().removed, 1);
        assert_eq!(house.thread(&forum, "c").await.unwrap().posts.len(), 2);
        assert_eq!(house.put(&forum, thread()).await.stored, 1);
        assert_eq!(house.thread(&forum, "c").await.unwrap(), before, "{key}");
    }
    assert_eq!(house.store.counts().await.unwrap().conversations, 1);
}

#[tokio::test]
async fn the_address_of_a_reply_is_followed_where_it_has_one_of_its_own() {
    let house = House::with(&[1]).await;
    let forum = source(1, "forum");
    let thread = |url: &Url| item::Thread {
        key: "page".into(),
        title: None,
        url: url.clone(),
        closed: None,
    };
    let page = item(1, "page", "").url;
    let at = |url: &str| {
        let url: Url = format!("https://site1.example{url}").parse().unwrap();
        let own = url.path() == "/p/1" || url.path() == "/q/1";
        Item {
            thread: Some(thread(if own { &page } else { &url })),
            url,
            ..reply(1, "1", "page")
        }
    };
    house
        .put(&forum, vec![item(1, "page", "root"), at("/p/1")])
        .await;
    assert_eq!(house.put(&forum, vec![at("/q/1")]).await.updated, 1);
    let posts = house.thread(&forum, "1").await.unwrap().posts;
    assert!(posts[1].url.ends_with("/q/1"), "{}", posts[1].url);
    assert_eq!(house.put(&forum, vec![at("/t/page?p=2")]).await.updated, 0);
}
