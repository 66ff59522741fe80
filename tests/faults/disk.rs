//! Disks that fail, take half, are slow or are full: it is said, nothing is lost, and what must be hidden is.

use std::process::Command;
use std::time::{Duration, Instant};

use super::shim::{Disk, trigger, under};
use super::{POSTS, said_everywhere, shown, signs, world};
use crate::damage::copy;
use crate::full_disk::SmallDisk;
use crate::support::binary::{self, Serving};
use crate::support::networks::World;

/// Calls after which the disk fails.
const POINTS: [usize; 10] = [1, 2, 3, 5, 9, 17, 33, 65, 129, 257];
const PROMISED: Duration = Duration::from_secs(1);

fn withdraw(world: &World) -> std::process::Output {
    let mut command = world.command(&["withdraw", "leaver"]);
    command.output().expect("the executable starts")
}

fn serve(world: &World, more: &[&str]) -> Command {
    let mut arguments = vec!["--listen", "127.0.0.1:0", "serve"];
    arguments.extend_from_slice(more);
    world.command(&arguments)
}

/// The whole of what two networks published is there, once, and the ledger holds.
fn whole(world: &World) {
    let serving = Serving::try_spawn(serve(world, &["--no-crawl"])).expect("it starts");
    for word in ["zanzibarquux", "remainder"] {
        let found = serving.json(&format!("/api/v1/search?q={word}"));
        assert_eq!(found["total"], POSTS, "{word}");
    }
    drop(serving);
    let data = world.data();
    let data = data.to_str().expect("a plain path");
    let said = binary::succeed(&["--data", data, "ledger", "verify"]);
    assert!(said.contains("whole"), "{said}");
}

#[test]
fn a_disk_that_fails_at_any_call_of_a_crawl_is_told_and_nothing_is_left_out_once_it_works() {
    let mut failed = 0;
    for at in POINTS {
        let world = crate::consent::two_networks_declared(POSTS);
        std::fs::write(trigger(&world.data()), "").expect("a trigger");
        let crawl = world.command(&["crawl", "--once", "--json"]);
        let Some(mut crawl) = under(crawl, &world.data(), &Disk::Fails { at }) else {
            return;
        };
        let output = crawl.output().expect("it starts");
        failed += usize::from(!output.status.success());
        for _ in 0..2 {
            world.crawl();
        }
        whole(&world);
    }
    assert!(failed >= POINTS.len() / 2, "{failed} crawls failed");
}

/// Until the site no longer says that a withdrawal is hidden in memory alone.
fn saved(serving: &Serving) {
    let asked = Instant::now();
    while !signs(serving)["withdrawal_unsaved"].is_null() {
        assert!(
            asked.elapsed() < Duration::from_secs(20),
            "{}",
            serving.said()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A withdrawal that the disk takes nowhere: hidden all the same, and said by command, site, figures and doctor.
fn hidden_in_memory_alone(world: &World, serving: &Serving) {
    assert_eq!(shown(serving), POSTS as u64);
    let output = withdraw(world);
    let said = binary::stderr(&output);
    assert_eq!(shown(serving), 0, "{said}");
    assert!(!output.status.success(), "it is not durable");
    assert!(
        said.contains("not withdrawn yet") && said.contains("do not end discover"),
        "{said}"
    );
    let way = "do not end discover";
    said_everywhere(&world.data(), serving, "withdrawal_unsaved", way);
    assert_eq!(serving.get("/healthz").0, 200);
}

/// The process is killed; the next one hides what the disk could take after all.
fn hidden_after_a_kill(mut serving: Serving, start: impl Fn() -> Serving) {
    serving.child.kill().expect("a kill -9");
    serving.child.wait().expect("an end");
    drop(serving);
    assert_eq!(shown(&start()), 0, "at the first request");
}

#[test]
fn a_withdrawal_that_a_failing_disk_does_not_take_hides_says_so_and_is_durable_once_it_works() {
    let world = world();
    let Some(command) = under(
        serve(&world, &["--no-crawl"]),
        &world.data(),
        &Disk::Fails { at: 1 },
    ) else {
        return;
    };
    let serving = Serving::try_spawn(command).expect("it starts");
    std::fs::write(trigger(&world.data()), "").expect("a trigger");
    hidden_in_memory_alone(&world, &serving);
    // Nothing that reads the deny set anew shows it again.
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(shown(&serving), 0);
    said_everywhere(&world.data(), &serving, "writes_stopped", "check the disk");
    std::fs::remove_file(trigger(&world.data())).expect("gone");
    saved(&serving);
    hidden_after_a_kill(serving, || {
        Serving::try_spawn(serve(&world, &["--no-crawl"])).expect("it starts")
    });
}

#[test]
fn a_withdrawal_that_a_full_disk_does_not_take_hides_says_so_and_is_durable_once_there_is_room() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let world = world();
    copy(&world.data(), &disk.data());
    std::fs::remove_dir_all(world.data()).expect("moved");
    std::os::unix::fs::symlink(disk.data(), world.data()).expect("a link");
    let serving = Serving::try_spawn(serve(&world, &["--no-crawl"])).expect("it starts");
    // What was set aside for this is used up as well.
    std::fs::remove_file(disk.data().join("reserve")).expect("a reserve");
    let filler = disk.fill(0);
    hidden_in_memory_alone(&world, &serving);
    std::fs::remove_file(filler).expect("gone");
    saved(&serving);
    hidden_after_a_kill(serving, || {
        Serving::try_spawn(serve(&world, &["--no-crawl"])).expect("it starts")
    });
}

#[test]
fn a_disk_that_takes_half_of_every_write_changes_nothing() {
    let world = crate::consent::two_networks_declared(POSTS);
    let crawl = world.command(&["crawl", "--once", "--json"]);
    let Some(mut crawl) = under(crawl, &world.data(), &Disk::TakesHalf) else {
        return;
    };
    let output = crawl.output().expect("it starts");
    assert!(output.status.success(), "{}", binary::stderr(&output));
    whole(&world);
}

#[test]
fn on_a_slow_disk_readers_are_answered_and_a_withdrawal_hides_within_a_second() {
    let world = world();
    let slow = Disk::IsSlow { millis: 40 };
    let Some(command) = under(serve(&world, &[]), &world.data(), &slow) else {
        return;
    };
    let serving = Serving::try_spawn(command).expect("it starts");
    std::fs::write(trigger(&world.data()), "").expect("a trigger");
    let mut command = world.command(&["withdraw", "leaver"]);
    let asked = Instant::now();
    let mut child = command.spawn().expect("it starts");
    while shown(&serving) > 0 {
        assert!(asked.elapsed() < PROMISED, "{}", serving.said());
    }
    for path in ["/healthz", "/readyz", "/search?q=remainder"] {
        let asked = Instant::now();
        assert_eq!(serving.get(path).0, 200, "{path}");
        assert!(asked.elapsed() < PROMISED, "{path}: {:?}", asked.elapsed());
    }
    assert!(child.wait().expect("an end").success());
}

#[test]
fn on_a_full_disk_a_start_serves_hides_says_so_and_recovers() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let world = world();
    // What was withdrawn stands in its file alone: the process was killed right after its answer.
    let lock = super::Foreign::hold(&world.data(), "BEGIN IMMEDIATE");
    let mut serving = Serving::try_spawn(serve(&world, &["--no-crawl"])).expect("it starts");
    assert!(withdraw(&world).status.success());
    serving.child.kill().expect("a kill -9");
    serving.child.wait().expect("an end");
    drop((serving, lock));
    copy(&world.data(), &disk.data());
    let filler = disk.fill(0);

    let data = disk.data();
    let data_text = data.to_str().expect("a plain path");
    let serving = Serving::start(&data, &["serve", "--no-crawl"]);
    assert_eq!(shown(&serving), 0, "at the first request");
    let rest = serving.json("/api/v1/search?q=remainder");
    assert_eq!(rest["total"], POSTS, "what there is is served");
    said_everywhere(&data, &serving, "disk_full", "free some space");
    let said = binary::stdout(&binary::run(&["--data", data_text, "doctor"]));
    assert!(said.contains("free some space"), "{said}");

    std::fs::remove_file(filler).expect("gone");
    let asked = Instant::now();
    while !signs(&serving)["disk_full"].is_null()
        || !serving.get("/api/v1/ledger").1.contains("\"purged\"")
    {
        assert!(
            asked.elapsed() < Duration::from_mins(1),
            "{}",
            serving.said()
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// KiB of address space: enough to start, and too little for answers without a bound.
const MEMORY: &str = "2097152";

#[test]
fn under_a_limit_of_memory_hostile_queries_end_nothing() {
    let world = world();
    let data = world.data();
    let binary = binary::path();
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\""),
        binary.to_str().expect("a plain path"),
        "--data",
        data.to_str().expect("a plain path"),
        "--listen",
        "127.0.0.1:0",
        "serve",
        "--no-crawl",
    ]);
    let serving = Serving::try_spawn(command).expect("it starts");
    let hostile = [
        format!("/search?q={}", "(".repeat(400)),
        format!("/search?q={}", "a*+".repeat(150)),
        format!("/api/v1/search?q={}", "clinic+OR+".repeat(40)),
        "/api/v1/search?q=zanzibarquux&limit=100".to_owned(),
        "/api/v1/search/export?q=zanzibarquux&format=xlsx".to_owned(),
        "/map".to_owned(),
    ];
    std::thread::scope(|scope| {
        for path in &hostile {
            for _ in 0..4 {
                let (path, serving) = (path.as_str(), &serving);
                scope.spawn(move || {
                    for _ in 0..25 {
                        let (status, _) = serving.get(path);
                        assert!(status != 0, "{path} is not answered: {}", serving.said());
                    }
                });
            }
        }
    });
    assert_eq!(shown(&serving), POSTS as u64);
}
