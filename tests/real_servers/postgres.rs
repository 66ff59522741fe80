//! The store on a real PostgreSQL: the whole way, what goes without a trace, and what is said of a password.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Server;
use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;

const LEAVER: &str = "zanzibarquux";
const STAYER: &str = "remainderquux";
const PASSWORD: &str = "zyzzyva-of-a-test";

/// A database of the test's own; its address, with a user and what follows it.
fn database(server: &Server, name: &str, user: &str, rest: &str) -> String {
    let name = format!("{name}_{}", std::process::id());
    let create = format!("CREATE DATABASE {name}");
    ask(server, &create);
    format!("postgres://{user}@localhost:{}/{name}{rest}", server.port)
}

fn ask(server: &Server, sql: &str) -> String {
    let arguments = [
        "-h",
        "127.0.0.1",
        "-p",
        &server.port,
        "-U",
        "discover",
        "-Atqc",
        sql,
        "postgres",
    ];
    let output = Command::new("psql")
        .args(arguments)
        .output()
        .expect("psql runs");
    assert!(output.status.success(), "{}", binary::stderr(&output));
    binary::stdout(&output).trim().to_owned()
}

/// Runs a command on a database; what it says holds no password.
fn on(address: &str, mut command: Command) -> Output {
    let output = command.env("DISCOVER_STORE", address).output();
    let output = output.expect("the executable starts");
    let said = binary::stdout(&output) + &binary::stderr(&output);
    assert!(!said.contains(PASSWORD), "{said}");
    output
}

fn succeed(address: &str, command: Command) -> String {
    let output = on(address, command);
    assert!(output.status.success(), "{}", binary::stderr(&output));
    binary::stdout(&output)
}

fn fail(address: &str, command: Command) -> String {
    let output = on(address, command);
    assert!(!output.status.success(), "{}", binary::stdout(&output));
    binary::stderr(&output)
}

fn feed(word: &str, base: &str) -> String {
    let item = |n: usize| {
        format!(
            "<item><guid>{word}-{n}</guid><link>{base}/p/{n}</link><title>Clinic {n} of {word}</title>\
             <description>The {word} clinic opens at {n} and closes when nobody is left.</description>\
             <pubDate>Mon, {:02} Jun 2026 09:00:00 GMT</pubDate></item>",
            n + 1
        )
    };
    let items: String = (0..6).map(item).collect();
    format!(
        "<rss version=\"2.0\"><channel><title>{word}</title><link>{base}/</link>{items}</channel></rss>"
    )
}

/// Two networks that have agreed, by tokens of a store on this database.
fn two_networks(address: &str) -> World {
    let mut world = World::new();
    for (number, (slug, word)) in [("leaver", LEAVER), ("stayer", STAYER)]
        .into_iter()
        .enumerate()
    {
        let base = world.sites.origin(number);
        world
            .sites
            .put(number, "/feed", "application/rss+xml", feed(word, &base));
        world.declare(
            number,
            slug,
            &format!("The {slug} network"),
            "feed",
            "/feed",
        );
    }
    for (number, slug) in ["leaver", "stayer"].into_iter().enumerate() {
        let base = world.sites.origin(number);
        let token = succeed(address, world.command(&["sources", "token", slug, &base]));
        let scope = [format!("{base}/")];
        let file =
            json!({ "discover": 1, "token": token.trim(), "scope": scope, "members_told": true });
        let path = "/.well-known/discover-consent.json";
        world
            .sites
            .put(number, path, "application/json", file.to_string());
    }
    world
}

fn serve(address: &str, world: &World, data: &Path) -> Serving {
    let (data, registry) = (text(data), text(&world.registry()));
    let rest = ["--listen", "127.0.0.1:0", "serve", "--no-crawl"];
    let mut command = binary::command(&World::arguments(&data, &registry, &rest));
    command.env("DISCOVER_STORE", address);
    Serving::try_spawn(command).unwrap_or_else(|said| panic!("the site does not start:\n{said}"))
}

fn text(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}

fn total(serving: &Serving, word: &str) -> u64 {
    let found = serving.json(&format!("/api/v1/search?q={word}"));
    found["total"].as_u64().expect("a total")
}

fn soon(what: &str, within: Duration, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < within, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn networks_are_read_shown_and_leave_on_postgres_without_a_trace_and_no_password_is_said() {
    let Some(server) = Server::postgres() else {
        return;
    };
    let user = format!("discover:{PASSWORD}");
    let address = database(&server, "whole", &user, "");
    let world = two_networks(&address);
    let round = succeed(&address, world.command(&["crawl", "--once", "--json"]));
    let round: Value = serde_json::from_str(&round).expect("JSON");
    assert_eq!(round["stored"], 12, "{round}");
    assert!(!world.data().join("store.sqlite3").exists());

    let serving = serve(&address, &world, &world.data());
    assert_eq!((total(&serving, LEAVER), total(&serving, STAYER)), (6, 6));
    let doctor = on(&address, world.command(&["doctor"]));
    let said = binary::stdout(&doctor);
    for line in [
        "store: on postgres://discover@localhost",
        "store: whole",
        "ledger: whole",
        "server's log: lets go",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    // What one process withdraws, another would not hear of.
    let elsewhere = world.folder.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("a folder");
    std::fs::copy(
        world.data().join("instance.key"),
        elsewhere.join("instance.key"),
    )
    .expect("a key");
    let (data, registry) = (text(&elsewhere), text(&world.registry()));
    let second = binary::command(&World::arguments(&data, &registry, &["crawl", "--once"]));
    let refused = fail(&address, second);
    assert!(
        refused.contains("another process of discover uses postgres://discover@"),
        "{refused}"
    );

    let canary = LEAVER.as_bytes();
    let files = PathBuf::from(ask(&server, "SHOW data_directory"));
    ask(&server, "CHECKPOINT");
    assert!(!files_holding(&files, canary).is_empty());
    let backup = world.folder.path().join("backup");
    succeed(&address, world.command(&["backup", &text(&backup)]));
    succeed(&address, world.command(&["withdraw", "leaver"]));
    let gone = || total(&serving, LEAVER) == 0;
    soon("it is shown a second later", Duration::from_secs(1), gone);
    let ledger = || succeed(&address, world.command(&["ledger", "export"]));
    soon("there is no receipt", Duration::from_mins(1), || {
        ledger().contains("\"purged\"")
    });
    assert_eq!(total(&serving, STAYER), 6);
    let none = Vec::<PathBuf>::new();
    assert_eq!(files_holding(&world.data(), canary), none);
    assert_eq!(
        files_holding(&files, canary),
        none,
        "of the server, its log included"
    );
    assert!(!serving.said().contains(PASSWORD));
    assert_eq!(files_holding(&world.data(), PASSWORD.as_bytes()), none);
    drop(serving);

    // The copy from before goes to another database; who left since does not come back.
    let newer = world.folder.path().join("ledger.jsonl");
    std::fs::write(&newer, ledger()).expect("the ledger is kept");
    let again = database(&server, "restored", &user, "");
    let data = world.folder.path().join("restored");
    let rest = ["restore", &text(&backup), "--ledger", &text(&newer)];
    let restore = || binary::command(&World::arguments(&text(&data), &registry, &rest));
    succeed(&again, restore());
    let twice = fail(&again, restore());
    assert!(twice.contains("already"), "{twice}");
    let serving = serve(&again, &world, &data);
    assert_eq!((total(&serving, LEAVER), total(&serving, STAYER)), (0, 6));
}

#[test]
fn a_database_that_cannot_be_used_is_told_without_its_password() {
    let Some(server) = Server::postgres() else {
        return;
    };
    let world = World::new();
    std::fs::write(world.registry(), "").expect("a registry");
    // As of an instance that was begun.
    std::fs::create_dir(world.data()).expect("a folder");
    std::fs::write(world.data().join("instance.key"), "ab".repeat(32)).expect("a key");
    let (user, port) = (format!("discover_password:{PASSWORD}x"), &server.port);
    for (address, said) in [
        (
            format!("postgres://{user}@127.0.0.1:1/discover"),
            "127.0.0.1:1/discover: Connection refused",
        ),
        (
            format!("postgres://{user}@localhost:{port}/postgres"),
            "cannot be reached",
        ),
        (
            format!("postgres://discover:{PASSWORD}@localhost:{port}/not_there"),
            "cannot be reached",
        ),
        (
            format!("postgres://{user}@localhost:{port}/x?passwort={PASSWORD}"),
            "not the address of a database",
        ),
        (
            format!("mysql://{user}@localhost/x"),
            "not the address of a database",
        ),
    ] {
        for command in [
            ["crawl", "--once"].as_slice(),
            &["doctor"],
            &["ledger", "verify"],
        ] {
            let output = on(&address, world.command(command));
            let heard = binary::stdout(&output) + &binary::stderr(&output);
            assert!(
                !output.status.success() && heard.contains(said),
                "{command:?}: {heard}"
            );
        }
    }
}

#[test]
fn a_server_is_known_by_its_certificate_and_a_login_by_password_or_certificate() {
    let Some(server) = Server::postgres() else {
        return;
    };
    let tls = text(&server.dir.join("tls"));
    let authority = format!("?sslmode=verify-full&sslrootcert={tls}/ca.pem");
    let certificate = format!("{authority}&sslcert={tls}/client.pem&sslkey={tls}/client.key");
    let by_password = format!("discover_password:{PASSWORD}");
    let world = World::new();
    for (name, user, rest) in [
        ("by_password", by_password.as_str(), &authority),
        ("by_certificate", "discover_certificate", &certificate),
    ] {
        let address = database(&server, name, user, rest);
        let data = text(&world.folder.path().join(name));
        let command = |rest: &[&str]| {
            binary::command(&World::arguments(&data, &text(&world.registry()), rest))
        };
        std::fs::write(world.registry(), "").expect("a registry");
        succeed(&address, command(&["crawl", "--once"]));
        assert!(succeed(&address, command(&["ledger", "verify"])).contains("whole"));
        // Another authority, or none of this name: no byte of a password is sent.
        let unknown = address.replace(&format!("&sslrootcert={tls}/ca.pem"), "");
        let refused = fail(&unknown, command(&["ledger", "verify"]));
        assert!(refused.contains("certificate"), "{refused}");
        let plain = address.replace("verify-full", "disable");
        let refused = fail(&plain, command(&["ledger", "verify"]));
        assert!(refused.contains("cannot be reached"), "{refused}");
    }
}
