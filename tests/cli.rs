//! Bad input ends with a message that says what to do and a non-zero exit, and loses nothing.

use std::process::Command;

use crate::support::binary;
use crate::support::networks::World;

#[test]
fn a_missing_file_is_named() {
    let said = binary::fail(&["inspect", "/nowhere/feed.xml"]);
    assert!(
        said.contains("/nowhere/feed.xml") && said.contains("give a file that exists"),
        "{said}"
    );
    let said = binary::fail(&["--sources", "/nowhere/sources.toml", "sources", "check"]);
    assert!(
        said.contains("/nowhere/sources.toml") && said.contains("--sources"),
        "{said}"
    );
    let said = binary::fail(&["--config", "/nowhere/discover.toml", "sources", "check"]);
    assert!(said.contains("--config"), "{said}");
}

#[test]
fn a_bad_flag_is_explained() {
    let said = binary::fail(&["crawl", "--onec"]);
    assert!(said.contains("--once"), "{said}");
    let said = binary::fail(&["--gap", "0", "crawl", "--once"]);
    assert!(
        said.contains("--allow-loopback"),
        "settings for tests need loopback: {said}"
    );
}

#[test]
fn a_broken_registry_is_reported_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sources.toml");
    std::fs::write(&file, "[[network]]\nslug = \"a b\"\nnam = \"A\"\n").expect("a file");
    let said = binary::fail(&[
        "--sources",
        file.to_str().expect("a path"),
        "sources",
        "check",
    ]);
    for part in [
        "sources.toml:2:8",
        "sources.toml:3:1",
        "did you mean `name`?",
        "has no `proof`",
        "has no source",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
}

#[test]
fn nothing_is_crawled_without_a_contact() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sources.toml");
    std::fs::write(&file, "").expect("a file");
    let data = folder.path().join("data");
    let said = binary::fail(&[
        "--data",
        data.to_str().expect("a path"),
        "--sources",
        file.to_str().expect("a path"),
        "crawl",
        "--once",
    ]);
    assert!(said.contains("--contact"), "{said}");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").expect("a file");
    let data = file.join("data");
    let said = binary::fail(&[
        "--data",
        data.to_str().expect("a path"),
        "serve",
        "--listen",
        "127.0.0.1:0",
    ]);
    assert!(said.contains("--data"), "{said}");
}

/// Every command but those that begin an instance, with as little as it takes: clap refuses one that has become another.
const BEGIN_NOTHING: &[(&[&str], bool)] = &[
    (&["search", "bus"], true),
    (&["sources", "check"], false),
    (&["sources", "list"], true),
    (&["sources", "sync"], true),
    (&["sources", "preview", "http://127.0.0.1:9/"], false),
    (&["sources", "renew", "one", "--document", "FILE"], true),
    (
        &["sources", "token", "nobody", "https://site.example"],
        false,
    ),
    (&["inspect", "FILE"], false),
    (&["redact"], false),
    (&["withdraw", "one"], true),
    (&["withdraw", "one", "--no-purge"], true),
    (&["admin", "pause", "one"], true),
    (&["admin", "resume", "one"], true),
    (&["admin", "look", "one"], true),
    (&["admin", "owner-key", "one"], true),
    (&["admin", "expire", "--confirm"], true),
    (&["admin", "withdrawals"], true),
    (&["admin", "withdrawals", "--set-aside"], true),
    (&["admin", "missing"], true),
    (&["admin", "objections", "list"], true),
    (&["admin", "objections", "uphold", "x"], true),
    (&["admin", "objections", "dismiss", "x"], true),
    (&["admin", "key", "list"], true),
    (&["admin", "key", "revoke", "abcdefgh"], true),
    (
        &[
            "admin",
            "key",
            "add",
            "--holder",
            "H",
            "--purpose",
            "P",
            "--scope",
            "search:read",
        ],
        true,
    ),
    (&["admin", "answer", "erase", "1", "--because", "x"], true),
    (&["admin", "annotation", "list"], true),
    (&["admin", "annotation", "remove", "1"], true),
    (
        &[
            "admin",
            "annotation",
            "add",
            "aaaaaaaaaaaaaaaaaaaaaaaaaa",
            "--text",
            "x",
        ],
        true,
    ),
    (&["ledger", "verify"], true),
    (&["ledger", "export"], true),
    (&["ledger", "heads"], true),
    (
        &[
            "notes",
            "add",
            "FILE",
            "--network",
            "one",
            "--owner-key",
            "k",
        ],
        true,
    ),
    (&["package", "verify", "FILE"], false),
    (&["audit"], true),
    (&["rebuild", "index"], true),
    (&["rebuild", "graph"], true),
    (&["meaning", "check"], false),
    (&["meaning", "rebuild"], true),
    (&["doctor"], false),
    (&["backup", "AWAY"], true),
    (&["restore", "AWAY"], false),
    (&["openapi"], false),
];

#[test]
fn a_wrong_data_folder_is_refused_by_every_command_that_begins_no_instance_and_not_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("mistyped"), folder.path().join("file"));
    std::fs::write(&file, "<p>words</p>").expect("a file");
    let registry = folder.path().join("sources.toml");
    std::fs::write(&registry, "").expect("a file");
    let text = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let before = || {
        let names = std::fs::read_dir(folder.path()).expect("a folder");
        let mut names: Vec<_> = names
            .map(|one| one.expect("an entry").file_name())
            .collect();
        names.sort();
        names
    };
    let held = before();
    // Nothing answers there, and nothing is asked: what is missing is missing here.
    let server = "postgres://discover@127.0.0.1:1/discover";
    let stores = [None, Some(server)];
    for (store, (command, refuses)) in stores
        .into_iter()
        .flat_map(|store| BEGIN_NOTHING.iter().map(move |one| (store, one)))
    {
        let arguments = command.iter().map(|word| match *word {
            "FILE" => text(&file),
            "AWAY" => text(&folder.path().join("away")),
            word => word.to_owned(),
        });
        let ran = Command::new(binary::path())
            .args(["--data", &text(&data), "--sources", &text(&registry)])
            .args(arguments)
            .env_remove("DISCOVER_STORE")
            .envs(store.map(|address| ("DISCOVER_STORE", address)))
            .stdin(std::process::Stdio::null())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(
            !said.contains("Usage:"),
            "{command:?} is no command: {said}"
        );
        assert_eq!(before(), held, "{command:?} made something");
        if *refuses {
            assert!(!ran.status.success(), "{command:?}");
            let wanted = format!("no instance at {}", data.display());
            assert!(said.contains(&wanted), "{command:?}: {said}");
        }
    }
}

#[test]
fn a_folder_whose_database_is_on_a_server_is_an_instance_and_the_server_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let key = folder.path().join("instance.key");
    std::fs::write(&key, "ab".repeat(32)).expect("a key");
    let verify = ["--data", data, "ledger", "verify"];
    let said = binary::fail(&verify);
    assert!(said.contains("no instance at"), "{said}");
    let address = "postgres://discover@127.0.0.1:1/discover";
    let asked = || {
        let output = binary::command(&verify)
            .env("DISCOVER_STORE", address)
            .output();
        binary::stderr(&output.expect("it runs"))
    };
    let said = asked();
    assert!(
        said.contains(address) && said.contains("Connection refused"),
        "{said}"
    );
    // One whose key was lost is no other folder, and is told so by the store.
    std::fs::rename(&key, folder.path().join("ledger.head")).expect("a head");
    let said = asked();
    assert!(!said.contains("no instance at"), "{said}");
}

/// Runs `script` in a mount namespace of its own; `None` where this machine does not allow one.
fn in_own_mounts(script: &str) -> Option<std::process::Output> {
    let probe = Command::new("unshare").args(["--mount", "true"]).status();
    if !probe.is_ok_and(|status| status.success()) {
        crate::support::skip::skip("this machine allows no mount namespace");
        return None;
    }
    Some(
        Command::new("unshare")
            .args(["--mount", "sh", "-c", script])
            .output()
            .expect("unshare runs"),
    )
}

#[test]
fn a_read_only_data_folder_is_explained_and_nothing_is_lost() {
    let mut world = World::new();
    world.sites.put(0, "/feed", "application/rss+xml", "<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><link>https://site.example/1</link><title>Kept</title></item></channel></rss>");
    world.declare(0, "one", "One", "feed", "/feed");
    world.consent(0, "one");
    assert_eq!(world.crawl()["stored"], 1);
    let (data, registry) = (world.data(), world.registry());
    let arguments = World::arguments(
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
        &["crawl", "--once"],
    )
    .join(" ");
    let script = format!(
        "mount --bind {data} {data} && mount -o remount,ro,bind {data} && {binary} {arguments}",
        data = data.display(),
        binary = binary::path().display()
    );
    let Some(output) = in_own_mounts(&script) else {
        return;
    };
    let said = binary::stderr(&output);
    assert!(
        !output.status.success() && said.contains("make it writable"),
        "{said}"
    );
    assert_eq!(world.crawl()["stored"], 0, "what was kept is still there");
}

#[test]
fn a_full_disk_is_explained_and_nothing_is_lost() {
    let mut world = World::new();
    let text = "a long text about waiting rooms and buses ".repeat(800);
    let items: Vec<String> = (0..190)
        .map(|n| format!("<item><guid>{n}</guid><link>https://site.example/{n}</link><title>Number {n}</title><description>{text} {n}</description></item>"))
        .collect();
    world.sites.put(
        0,
        "/feed",
        "application/rss+xml",
        format!(
            "<rss version=\"2.0\"><channel><title>T</title>{}</channel></rss>",
            items.concat()
        )
        .into_bytes(),
    );
    world.declare(0, "one", "One", "feed", "/feed");
    world.consent(0, "one");
    let (data, registry) = (world.data(), world.registry());
    let arguments = World::arguments(
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
        &["crawl", "--once"],
    )
    .join(" ");
    // The folder's files move to a small file system and a crawl fills it; with more room the next one goes on.
    let log = world.folder.path().join("second.log");
    let script = format!(
        "set -e; small=$(mktemp -d); mount -t tmpfs -o size=13m tmpfs $small; cp -a {data}/. $small/; mount --bind $small {data}; \
         set +e; {binary} {arguments}; status=$?; mount -o remount,size=200m $small; \
         {{ {binary} {arguments} && {binary} --data {data} audit && {binary} --data {data} ledger verify; }} > {log} 2>&1; exit $status",
        data = data.display(),
        binary = binary::path().display(),
        log = log.display()
    );
    let Some(output) = in_own_mounts(&script) else {
        return;
    };
    let said = binary::stderr(&output);
    assert!(!output.status.success() && said.contains("disk"), "{said}");
    let then = std::fs::read_to_string(log).expect("the second crawl's output");
    assert!(
        then.contains("190 of 190 stored posts") && then.contains("the ledger is whole"),
        "{then}"
    );
}

#[test]
fn man_pages_and_completions_know_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    binary::succeed(&["manual", folder.path().to_str().expect("a path")]);
    let read = |path: &str| {
        std::fs::read_to_string(folder.path().join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let help = binary::succeed(&["--help"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .map_while(|line| line.strip_prefix("  "))
        // A long explanation goes on in the next line.
        .filter(|line| !line.starts_with([' ', '-']))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    let completions = ["discover.bash", "_discover", "discover.fish"]
        .map(|name| read(&format!("completions/{name}")));
    for command in commands {
        let page = read(&format!("man1/discover-{command}.1"));
        assert!(
            page.contains(".SH SYNOPSIS") && page.contains("DISCOVER_CONFIG"),
            "{command}"
        );
        assert!(
            completions.iter().all(|text| text.contains(command)),
            "{command}"
        );
    }
    assert!(read("man1/discover.1").contains("discover\\-serve(1)"));
    assert!(read("man1/discover-admin-key-add.1").contains("answer:write"));
}
