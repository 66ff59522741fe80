//! Figures, not assertions: `cargo test --release -p discover-store speed -- --ignored --nocapture`.

use std::time::Instant;

use super::support::*;

/// Time on a processor so far, of all threads: on a busy machine the only figure that tells something.
fn on_cpu() -> std::time::Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanoseconds = tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next()?.parse::<u64>().ok())
        .sum();
    std::time::Duration::from_nanos(nanoseconds)
}

#[tokio::test]
#[ignore = "prints figures"]
async fn speed() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let words = "word after word about walk-in blood tests and who books them ".repeat(12);
    let mut commits = Vec::new();
    let mut cpu = std::time::Duration::ZERO;
    for batch in 0..100 {
        let items: Vec<_> = (0..200)
            .map(|n| {
                let key = format!("{batch}-{n}");
                if n % 5 == 0 {
                    item(1, &key, &format!("{key} {words}"))
                } else {
                    let mut item = reply(1, &key, &format!("{batch}-{}", n - n % 5));
                    item.text = format!("{key} {words}");
                    item.author = Some(format!("author {}", n * 7 % 90));
                    item
                }
            })
            .collect();
        let posts = items
            .into_iter()
            .map(|item| House::admitted(&source, item, NOW))
            .collect();
        let commit = crate::Commit {
            posts,
            ..crate::Commit::new(&source)
        };
        let (start, before) = (Instant::now(), on_cpu());
        house.store.commit(commit, NOW).await.unwrap();
        commits.push(start.elapsed());
        cpu += on_cpu() - before;
    }
    commits.sort();
    println!(
        "commit of 200 new posts: p50 {:?}, p95 {:?}, on a processor {:?}",
        commits[50],
        commits[95],
        cpu / 100
    );
    let ids = house.store.conversation_ids(None, 9999).await.unwrap();
    for size in [1, 20, 100] {
        let mut reads = Vec::new();
        let before = on_cpu();
        for round in 0..200_usize {
            let asked: Vec<_> = (0..size)
                .map(|n| ids[(round * 37 + n * 97) % ids.len()])
                .collect();
            let start = Instant::now();
            let read = house.store.conversations(&asked).await.unwrap();
            reads.push(start.elapsed());
            assert_eq!(read.len(), size);
        }
        reads.sort();
        println!(
            "read of {size} conversations of 5: p50 {:?}, p99 {:?}, on a processor {:?}",
            reads[100],
            reads[198],
            (on_cpu() - before) / 200
        );
    }
    let start = Instant::now();
    let counts = house.store.counts().await.unwrap();
    println!("counts over {} posts: {:?}", counts.posts, start.elapsed());
    let start = Instant::now();
    house
        .store
        .withdraw_network(source.network, discover_model::ledger::Actor::Owner, NOW)
        .await
        .unwrap();
    println!("withdraw: {:?}", start.elapsed());
    let start = Instant::now();
    purge(&house.store, NOW).await;
    println!("purge of {} posts: {:?}", counts.posts, start.elapsed());
}
