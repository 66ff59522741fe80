//! Consent over the real executable: proofs that go, owners who leave in every way, copies that come back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;
use crate::support::site;

const CANARY: &str = "zanzibarquux";
const PROOF: &str = "/.well-known/discover-consent.json";

/// What items speak of: each of some words of one theme, among words of its own, so that there are topics, and items
/// that are related without being copies.
const THEMES: [[&str; 7]; 8] = [
    [
        "bus",
        "timetable",
        "driver",
        "stop",
        "market",
        "fare",
        "route",
    ],
    [
        "dentist",
        "hygienist",
        "filling",
        "braces",
        "toothache",
        "appointment",
        "crown",
    ],
    [
        "pharmacy",
        "prescription",
        "inhaler",
        "tablets",
        "repeat",
        "hatch",
        "dosage",
    ],
    [
        "wheelchair",
        "ramp",
        "scaffolding",
        "library",
        "lift",
        "kerb",
        "doorway",
    ],
    [
        "allotment",
        "compost",
        "seedlings",
        "greenhouse",
        "slugs",
        "harvest",
        "shed",
    ],
    [
        "swimming",
        "lessons",
        "pool",
        "goggles",
        "lifeguard",
        "lanes",
        "beginners",
    ],
    [
        "broadband",
        "router",
        "engineer",
        "outage",
        "fibre",
        "signal",
        "valley",
    ],
    [
        "parcels",
        "volunteers",
        "tins",
        "nappies",
        "donations",
        "crates",
        "larder",
    ],
];

/// The text of the n-th item of a feed: always the same, and nearly never that of another.
fn text_of(word: &str, n: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "ba", "ke", "li", "mo", "nu", "pra", "sti", "tor", "ven", "wal", "fen", "gri", "hol",
        "jud", "cam", "dre",
    ];
    let mut state = word.len() as u64 * 7919 + n as u64 * 104_729 + 1;
    let mut draw = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let theme = THEMES[n % THEMES.len()];
    let mut words = Vec::new();
    for _ in 0..30 {
        let spoken = if draw(3) == 0 {
            theme[draw(theme.len())].to_owned()
        } else {
            (0..3).map(|_| SYLLABLES[draw(SYLLABLES.len())]).collect()
        };
        words.push(spoken);
    }
    words.join(" ")
}

fn feed(word: &str, base: &str, items: usize) -> String {
    let items: Vec<String> = (0..items)
        .map(|n| {
            let text = text_of(word, n);
            let title: Vec<&str> = text.split(' ').take(4).collect();
            format!(
                "<item><guid>{word}-{n}</guid><link>{base}/p/{n}</link><title>{}</title>\
                 <dc:creator>Person {}</dc:creator>\
                 <description>The {word} clinic: {text}.</description>\
                 <pubDate>Mon, {:02} Jun 2026 09:00:00 GMT</pubDate></item>",
                title.join(" "),
                n % 40,
                n % 28 + 1
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>{word}</title><link>{base}/</link>{}</channel></rss>",
        items.concat()
    )
}

/// Networks `leaver` (with the canary) and `stayer`, crawled.
/// Two networks that have agreed, before anything is read of them.
pub(crate) fn two_networks_declared(posts: usize) -> World {
    let mut world = World::new();
    for (number, (slug, word)) in [("leaver", CANARY), ("stayer", "remainder")]
        .into_iter()
        .enumerate()
    {
        let base = world.sites.origin(number);
        let body = feed(word, &base, posts);
        world
            .sites
            .put(number, "/feed", "application/rss+xml", body);
        world.declare(
            number,
            slug,
            &format!("The {slug} network"),
            "feed",
            "/feed",
        );
    }
    world.consent(0, "leaver");
    world.consent(1, "stayer");
    world
}

pub(crate) fn two_networks(posts: usize) -> World {
    let world = two_networks_declared(posts);
    assert_eq!(world.crawl()["stored"], 2 * posts);
    world
}

fn serve(world: &World) -> Serving {
    serve_with_gap(world, "0")
}

fn serve_with_gap(world: &World, gap: &str) -> Serving {
    let registry = world.registry();
    let sources = registry.to_str().expect("a path");
    let arguments = [
        "--sources",
        sources,
        "--allow-loopback",
        "--gap",
        gap,
        "--force-due",
        "--contact",
        "test@example.org",
        "serve",
        "--no-crawl",
    ];
    Serving::start(&world.data(), &arguments)
}

fn total(serving: &Serving) -> u64 {
    serving.json(&format!("/api/v1/search?q={CANARY}"))["total"]
        .as_u64()
        .expect("a total")
}

fn look_now(serving: &Serving, slug: &str) -> String {
    let url = format!("{}/api/v1/networks/{slug}/look-now", serving.base);
    let (status, body) = site::post(&url, "application/json", "", &[]);
    assert_eq!(status, 200, "{body}");
    let answer: Value = serde_json::from_str(&body).expect("JSON");
    answer["looked"].as_str().expect("a word").to_owned()
}

fn ledger(world: &World) -> Vec<Value> {
    let data = world.data();
    binary::succeed(&["--data", data.to_str().expect("a path"), "ledger", "export"])
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn events(world: &World) -> Vec<String> {
    let word = |entry: &Value| entry["event"].as_str().expect("an event").to_owned();
    ledger(world).iter().map(word).collect()
}

/// Waits until something holds.
fn soon(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn taking_the_file_down_hides_at_the_next_look_and_putting_it_back_shows_again() {
    let world = two_networks(12);
    let serving = serve(&world);
    assert_eq!(total(&serving), 12);
    assert_eq!(look_now(&serving, "leaver"), "stands");
    let proof = world.sites.take(0, PROOF).expect("the proof");
    let asked = Instant::now();
    assert_eq!(look_now(&serving, "leaver"), "missing");
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert_eq!(total(&serving), 0);
    // Names and states are read once a second.
    soon("it is not said to have left", || {
        serving.get("/networks/leaver").0 == 404
    });
    assert_eq!(events(&world).last().map(String::as_str), Some("lapsed"));
    // Only the proof's address is asked of a network whose proof is missing.
    let before = world.sites.log.requests.load(Ordering::Relaxed);
    assert_eq!(look_now(&serving, "leaver"), "missing");
    assert_eq!(world.sites.log.requests.load(Ordering::Relaxed), before + 1);
    world.sites.put(0, PROOF, "application/json", proof);
    assert_eq!(look_now(&serving, "leaver"), "stands");
    soon("shown again", || total(&serving) == 12);
    assert_eq!(events(&world).last().map(String::as_str), Some("renewed"));
}

#[test]
fn an_owners_own_word_in_the_file_withdraws_at_the_next_look() {
    let world = two_networks(12);
    let serving = serve(&world);
    let proof = world.sites.take(0, PROOF).expect("the proof");
    let mut file: Value = serde_json::from_slice(&proof).expect("JSON");
    file["withdrawn"] = Value::Bool(true);
    world
        .sites
        .put(0, PROOF, "application/json", file.to_string());
    assert_eq!(look_now(&serving, "leaver"), "withdrawn");
    assert_eq!(total(&serving), 0);
    assert_eq!(serving.get("/networks/leaver").0, 410);
    let last = ledger(&world).pop().expect("an entry");
    assert_eq!(
        (last["event"].as_str(), last["actor"].as_str()),
        (Some("withdrawn"), Some("owner"))
    );
}

#[test]
fn an_owner_logs_in_with_the_key_pauses_resumes_and_leaves_from_the_page() {
    let world = two_networks(12);
    let serving = serve(&world);
    let data = world.data();
    let data = data.to_str().expect("a path");
    let key = binary::succeed(&["--data", data, "admin", "owner-key", "leaver"]);
    let here = [("sec-fetch-site", "same-origin")];
    let media = "application/x-www-form-urlencoded";
    let login = format!("slug=leaver&key={}", key.trim());
    let cookie = site::post_for_cookie(
        &format!("{}/owner/login", serving.base),
        media,
        &login,
        &here,
    );
    let session = [
        ("sec-fetch-site", "same-origin"),
        ("cookie", cookie.as_str()),
    ];
    let home = site::get_with(&format!("{}/owner", serving.base), &session).1;
    let token = home
        .split("name=\"form\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a form")
        .to_owned();
    let send = |path: &str, more: &str| {
        let body = format!("form={token}{more}");
        let (status, text) = site::post(&format!("{}{path}", serving.base), media, &body, &session);
        assert!(status == 200 || status == 303, "{path}: {status} {text}");
    };
    send("/owner/pause", "");
    assert_eq!(total(&serving), 0);
    send("/owner/resume", "");
    assert_eq!(total(&serving), 12);
    send("/owner/leave", "&what=all");
    assert_eq!(total(&serving), 0);
    soon("purged", || {
        events(&world).last().map(String::as_str) == Some("purged")
    });
    let said = events(&world);
    assert_eq!(said[2..], ["paused", "resumed", "withdrawn", "purged"]);
    assert_eq!(
        files_holding(&world.data(), CANARY.as_bytes()),
        Vec::<std::path::PathBuf>::new()
    );
}

/// P10 under load: the last request that shows it starts within a second of the acceptance, and the scan finds nothing.
#[test]
fn a_network_of_a_thousand_posts_is_gone_within_a_second_under_load() {
    let mut world = two_networks(1000);
    // Topics need several networks.
    for (number, slug) in [(2, "neighbour-one"), (3, "neighbour-three")] {
        let body = feed(slug, &world.sites.origin(number), 160);
        world
            .sites
            .put(number, "/feed", "application/rss+xml", body);
        world.declare(number, slug, slug, "feed", "/feed");
        world.consent(number, slug);
    }
    assert_eq!(world.crawl()["stored"], 320);
    let serving = serve(&world);
    let stop = Arc::new(AtomicBool::new(false));
    let shown: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let paths = [
        format!("/api/v1/search?q={CANARY}"),
        format!("/search?q={CANARY}"),
        "/api/v1/networks".to_owned(),
        format!("/search.atom?q={CANARY}"),
        "/networks/leaver".to_owned(),
    ];
    // Four readers, each asking some fifty times a second.
    let readers: Vec<_> = (0..4)
        .map(|reader| {
            let (stop, shown, paths) = (Arc::clone(&stop), Arc::clone(&shown), paths.clone());
            let base = serving.base.clone();
            std::thread::spawn(move || {
                let mut asked = 0_u32;
                while !stop.load(Ordering::Relaxed) {
                    let path = &paths[(asked as usize + reader) % paths.len()];
                    let begun = Instant::now();
                    let (status, body) = site::get(&format!("{base}{path}"));
                    let body = body
                        .replace(&format!("q={CANARY}"), "")
                        .replace(&format!("value=\"{CANARY}\""), "");
                    if status == 200
                        && (body.contains("leaver")
                            || body.contains(&format!("{CANARY}</mark> clinic"))
                            || body.contains(&format!("{CANARY} clinic")))
                    {
                        shown.lock().expect("shown").push(begun);
                    }
                    asked += 1;
                    std::thread::sleep(Duration::from_millis(20).saturating_sub(begun.elapsed()));
                }
                asked
            })
        })
        .collect();
    std::thread::sleep(Duration::from_secs(2));
    assert!(
        !shown.lock().expect("shown").is_empty(),
        "it is shown before"
    );
    let (data, registry) = (world.data(), world.registry());
    let accepted = Instant::now();
    binary::succeed(&World::arguments(
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
        &["withdraw", "leaver"],
    ));
    let purged = accepted.elapsed();
    std::thread::sleep(Duration::from_secs(1));
    stop.store(true, Ordering::Relaxed);
    let asked: u32 = readers
        .into_iter()
        .map(|reader| reader.join().expect("a reader"))
        .sum();
    let last = shown
        .lock()
        .expect("shown")
        .iter()
        .max()
        .copied()
        .expect("it was shown");
    let late = last.saturating_duration_since(accepted);
    println!(
        "{asked} requests; the last that showed it began {late:?} after acceptance; purged after {purged:?}"
    );
    assert!(late < Duration::from_secs(1), "{late:?}");
    for needle in [CANARY, "leaver"] {
        assert_eq!(
            files_holding(&data, needle.as_bytes()),
            Vec::<std::path::PathBuf>::new(),
            "{needle}"
        );
    }
    assert_eq!(events(&world).last().map(String::as_str), Some("purged"));

    // What is left is what a full replay without the network gives.
    let left = partition_and_relations(&serving);
    let (topics, relations) = (left.0.len(), left.1.len());
    assert!(
        topics > 3 && relations > 20,
        "{topics} topics, {relations} relations"
    );
    let mut serving = serving;
    serving.signal("TERM");
    serving.child.wait().expect("an end");
    binary::succeed(&World::arguments(
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
        &["rebuild", "graph"],
    ));
    let replayed = partition_and_relations(&serve(&world));
    assert!(left.0 == replayed.0, "the partition is that of a replay");
    assert!(left.1 == replayed.1, "the relations are those of a replay");
}

/// The conversations of every topic, and what conversations are related to, with the reasons.
fn partition_and_relations(serving: &Serving) -> (Vec<Vec<String>>, Vec<(String, Value)>) {
    let ids = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().expect("items");
        let id = |item: &Value| item["id"].as_str().expect("an id").to_owned();
        items.iter().map(id).collect()
    };
    let mut topics = Vec::new();
    for level in 0..3 {
        let map = serving.json(&format!("/api/v1/map?level={level}"));
        for topic in map["topics"].as_array().expect("topics") {
            let id = topic["id"].as_str().expect("an id");
            let mut members = Vec::new();
            let mut next = Some(String::new());
            while let Some(cursor) = next {
                let list = serving.json(&format!(
                    "/api/v1/topics/{id}/conversations?limit=100{cursor}"
                ));
                members.extend(ids(&list));
                next = list["next"].as_str().map(|next| format!("&cursor={next}"));
            }
            members.sort();
            topics.push(members);
        }
    }
    topics.sort();
    let found = serving.json("/api/v1/search?q=remainder&sort=newest&limit=40");
    let mut relations = Vec::new();
    for id in ids(&found) {
        let related = serving.json(&format!("/api/v1/conversations/{id}/related?limit=50"));
        for relation in related["items"].as_array().expect("items") {
            let other = relation["conversation"]["id"].clone();
            relations.push((
                id.clone(),
                serde_json::json!([other, relation["score"], relation["reasons"]]),
            ));
        }
    }
    (topics, relations)
}

#[test]
fn a_receipt_is_not_written_while_the_topics_still_hold_what_was_withdrawn() {
    let world = two_networks(12);
    let mut serving = serve(&world);
    let (data, registry) = (world.data(), world.registry());
    // The graph's file cannot be replaced: the purge breaks off after the store was erased.
    let graph = data.join("graph.new");
    std::fs::create_dir(&graph).expect("a folder in the way");
    let said = binary::succeed(&World::arguments(
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
        &["withdraw", "leaver"],
    ));
    assert!(said.contains("the purge waits"), "{said}");
    assert_eq!(total(&serving), 0);
    let last = events(&world).pop();
    assert_eq!(last.as_deref(), Some("withdrawn"), "no receipt yet");
    serving.signal("TERM");
    serving.child.wait().expect("an end");
    std::fs::remove_dir(&graph).expect("out of the way");
    let _serving = serve(&world);
    soon("the next start completes it", || {
        events(&world).last().map(String::as_str) == Some("purged")
    });
    assert_eq!(
        files_holding(&data, CANARY.as_bytes()),
        Vec::<std::path::PathBuf>::new()
    );
}

#[test]
fn a_backup_from_before_a_withdrawal_shows_nothing_after_it_is_restored() {
    let world = two_networks(12);
    let data = world.data();
    let folder = world.folder.path();
    let backup = folder.join("backup");
    let text = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    binary::succeed(&["--data", &text(&data), "backup", &text(&backup)]);
    binary::succeed(&World::arguments(
        &text(&data),
        &text(&world.registry()),
        &["withdraw", "leaver"],
    ));
    let newer = folder.join("ledger.jsonl");
    let exported = binary::succeed(&["--data", &text(&data), "ledger", "export"]);
    std::fs::write(&newer, exported).expect("the ledger is kept");

    let restored = folder.join("restored");
    binary::succeed(&[
        "--data",
        &text(&restored),
        "restore",
        &text(&backup),
        "--ledger",
        &text(&newer),
    ]);
    assert_eq!(
        files_holding(&restored, CANARY.as_bytes()),
        Vec::<std::path::PathBuf>::new()
    );
    let serving = Serving::start(&restored, &["serve", "--no-crawl"]);
    assert_eq!(total(&serving), 0);
    assert_eq!(serving.json("/api/v1/search?q=remainder")["total"], 12);
    drop(serving);
    assert!(binary::succeed(&["--data", &text(&restored), "ledger", "verify"]).contains("whole"));
    assert!(binary::succeed(&["--data", &text(&restored), "audit"]).contains("12 of 12"));

    // Without a newer ledger nobody knows who left: nothing is shown before its proof is seen again.
    let blind = folder.join("blind");
    binary::succeed(&["--data", &text(&blind), "restore", &text(&backup)]);
    let serving = Serving::start(&blind, &["serve", "--no-crawl"]);
    assert_eq!(total(&serving), 0);
    assert_eq!(serving.json("/api/v1/search?q=remainder")["total"], 0);
}

#[test]
fn a_single_path_and_post_can_be_withdrawn_by_the_operator() {
    let world = two_networks(12);
    let (data, registry) = (world.data(), world.registry());
    let (data, registry) = (
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
    );
    let path = format!("{}/p/3", world.sites.origin(0));
    let said = binary::succeed(&World::arguments(
        data,
        registry,
        &["withdraw", "leaver", "--path", &path],
    ));
    assert!(
        said.contains("part of leaver") && said.contains("1 posts purged"),
        "{said}"
    );
    let said = binary::fail(&World::arguments(
        data,
        registry,
        &[
            "withdraw",
            "leaver",
            "--source",
            "https://elsewhere.example/",
        ],
    ));
    assert!(said.contains("not of the network"), "{said}");
    let last = ledger(&world).pop().expect("an entry");
    assert_eq!(last["part"]["kind"], "path");
    assert_eq!(world.crawl()["stored"], 0, "it stays away");
    let serving = serve(&world);
    assert_eq!(total(&serving), 11);
}

/// An owner registers on the web: address, proof, preview, choice, live.
#[test]
fn an_owner_registers_on_the_web_and_nothing_but_the_proof_is_fetched_before_it_is_seen() {
    let world = two_networks(3);
    let base = world.sites.origin(5);
    let serving = serve(&world);
    let here = [("sec-fetch-site", "same-origin")];
    let media = "application/x-www-form-urlencoded";
    let at = |path: &str| format!("{}{path}", serving.base);
    let encode = |pairs: &[(&str, &str)]| {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        form.finish()
    };
    let address = format!("{base}/feed");
    let form = encode(&[
        ("address", &address),
        ("groups", "none"),
        ("method", "well-known"),
    ]);
    let location = site::post_for_location(&at("/register"), media, &form, &here);
    let page = site::get(&at(&location)).1;
    let field = |name: &str| {
        let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
        let value = value
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default();
        value.replace("&#38;", "&").replace("&amp;", "&")
    };
    let ticket: Vec<(String, String)> = ["id", "method", "address", "brake", "seal"]
        .map(|name| (name.to_owned(), field(name)))
        .to_vec();
    let mut pairs: Vec<(&str, &str)> = ticket
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let before = world.sites.log.requests.load(Ordering::Relaxed);
    let (status, body) = site::post(&at("/register/preview"), media, &encode(&pairs), &here);
    assert!(
        status == 200 && body.contains("The proof is not there yet"),
        "{body}"
    );
    assert_eq!(
        world.sites.log.requests.load(Ordering::Relaxed),
        before + 1,
        "the proof's address only"
    );

    let token = page
        .split("&#34;token&#34;: &#34;")
        .nth(1)
        .and_then(|rest| rest.split("&#34;").next())
        .expect("a token")
        .to_owned();
    let file = serde_json::json!({"discover": 1, "token": token, "scope": [format!("{base}/")], "members_told": true});
    world
        .sites
        .put(5, PROOF, "application/json", file.to_string());
    let items = format!(
        "<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid><link>{base}/1</link><title>Quagga walk</title>\
         <description>Ring me on 07700 900123 about the quagga walk</description></item>\
         <item><guid>2</guid><link>{base}/2</link><title>Protected: secret quagga</title><description>There is no excerpt because this is a protected post.</description></item></channel></rss>"
    );
    world.sites.put(5, "/feed", "application/rss+xml", items);
    let (status, body) = site::post(&at("/register/preview"), media, &encode(&pairs), &here);
    assert_eq!(status, 200, "{body}");
    assert!(
        body.contains("[phone]") && !body.contains("07700"),
        "redacted in the preview"
    );
    assert!(
        body.contains("(password)") && !body.contains("secret quagga"),
        "refused by address and code only: {body}"
    );
    assert_eq!(
        files_holding(&world.data(), b"uagga"),
        Vec::<std::path::PathBuf>::new(),
        "in memory only"
    );

    let source = format!("feed {address}");
    pairs.extend([
        ("sources", source.as_str()),
        ("name", "Quagga Walkers"),
        ("owner", "Quagga Society"),
        ("councils", "Ashmere"),
        ("days", "100"),
        ("contact", ""),
    ]);
    let mut untold = pairs.clone();
    untold.extend([("told", "no"), ("step", "told")]);
    let (_, body) = site::post(&at("/register/join"), media, &encode(&untold), &here);
    assert!(body.contains("Tell your members first"), "{body}");
    assert!(body.contains("<title>Error: "), "{body}");
    pairs.push(("told", "yes"));
    let (_, body) = site::post(&at("/register/join"), media, &encode(&pairs), &here);
    assert!(
        body.contains("Check your answers") && body.contains("Quagga Society"),
        "{body}"
    );
    pairs.push(("agreed", "yes"));
    let (status, body) = site::post(&at("/register/join"), media, &encode(&pairs), &here);
    assert!(
        status == 200 && body.contains("owner_"),
        "the key is shown once: {body}"
    );
    let slug = body.split("short name <code>").nth(1);
    let slug = slug.and_then(|rest| rest.split('<').next());
    let own = format!("/api/v1/networks/{}", slug.expect("a short name"));
    soon("it is shown", || serving.get(&own).0 == 200);
    let network = serving.json(&own);
    assert_eq!(
        (
            network["state"].as_str(),
            network["retention_days"].as_u64()
        ),
        (Some("live"), Some(100))
    );
    assert_eq!(events(&world).last().map(String::as_str), Some("granted"));
    let (_, body) = site::post(&at("/register/join"), media, &encode(&pairs), &here);
    assert!(body.contains("registered already"), "{body}");
}

/// P2, P7: what must never be kept is in no file of the data folder, logs included.
#[test]
fn what_must_never_be_kept_is_in_no_file() {
    const NEVER: &[&str] = &[
        "Canaria Authorsdottir",
        "canary.author@site.example",
        "avatar-canary.png",
        "07700 900987",
        "203.0.113.77",
        "Quoted Canarison",
        "raw-markup-canary",
    ];
    let mut world = World::new();
    let base = world.sites.origin(0);
    let body = format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>T</title><item><guid>1</guid><link>{base}/1</link>\
         <title>Okapi evening</title><dc:creator>Canaria Authorsdottir</dc:creator><author>canary.author@site.example (Canaria Authorsdottir)</author>\
         <description>&lt;p class=\"raw-markup-canary\"&gt;&lt;img src=\"{base}/avatar-canary.png\"&gt;The okapi evening: write to canary.author@site.example or \
         ring 07700 900987. My name is Quoted Canarison, from 203.0.113.77.&lt;/p&gt;</description></item></channel></rss>"
    );
    world.sites.put(0, "/feed", "application/rss+xml", body);
    world.declare(0, "okapi", "Okapi", "feed", "/feed");
    world.consent(0, "okapi");
    let output = world
        .command(&["crawl", "--once", "--json"])
        .output()
        .expect("the executable starts");
    assert!(output.status.success(), "{}", binary::stderr(&output));
    assert!(
        !files_holding(&world.data(), b"okapi evening").is_empty(),
        "the post is kept"
    );
    let logged = format!("{}{}", binary::stdout(&output), binary::stderr(&output));
    for never in NEVER {
        assert_eq!(
            files_holding(&world.data(), never.as_bytes()),
            Vec::<std::path::PathBuf>::new(),
            "{never}"
        );
        assert!(!logged.contains(never), "{never} in the log");
    }
}

/// P1 by the log of everything that left: a crawl asks for proofs, and within what was granted for nothing else.
#[test]
fn a_crawl_asks_for_proofs_and_for_what_was_granted_and_for_nothing_else() {
    let mut world = World::new();
    for (number, slug) in ["granted", "silent", "wrong"].into_iter().enumerate() {
        let base = world.sites.origin(number);
        let elsewhere = world.sites.origin(9);
        let body = feed(slug, &base, 5).replace(
            "</channel>",
            &format!(
                "<item><guid>out</guid><link>{base}/staff/1</link><title>Outside</title></item>\
                 <item><guid>far</guid><link>{elsewhere}/1</link><title>Far</title><enclosure url=\"{elsewhere}/a.png\" type=\"image/png\" length=\"1\"/></item></channel>"
            ),
        );
        world
            .sites
            .put(number, "/forum/feed", "application/rss+xml", body);
        world.declare(number, slug, slug, "feed", "/forum/feed");
    }
    let (data, registry) = (world.data(), world.registry());
    world
        .sites
        .consent(0, &data, &registry, "granted", &["/forum/", "/p/"]);
    // A token of another network opens nothing.
    let borrowed = world.sites.take(0, PROOF).expect("a proof");
    world
        .sites
        .put(0, PROOF, "application/json", borrowed.clone());
    world.sites.put(2, PROOF, "application/json", borrowed);
    world.sites.log.asked.lock().expect("asked").clear();
    let round = world.crawl();
    assert_eq!(round["stored"], 6, "{round}");
    world.crawl();
    let asked = world.sites.log.asked.lock().expect("asked").clone();
    let host = |number| world.sites.origin(number).replace("http://", "");
    let granted = host(0);
    for address in &asked {
        let proof = [0, 1, 2].map(|number| format!("{}{PROOF}", host(number)));
        // Where the site itself says nothing, the folder of its source may.
        let folder = [1, 2].map(|number| format!("{}/forum{PROOF}", host(number)));
        let allowed = proof.contains(address)
            || folder.contains(address)
            || *address == format!("{granted}/robots.txt")
            || address.starts_with(&format!("{granted}/forum/"))
            || address.starts_with(&format!("{granted}/p/"));
        assert!(allowed, "{address} was asked for");
    }
    for number in 0..3 {
        assert!(asked.contains(&format!("{}{PROOF}", host(number))));
    }
    assert!(asked.contains(&format!("{granted}/forum/feed")));
}

/// P17, and registration on the command line: proof, preview, grant.
#[test]
fn a_refuge_is_added_step_by_step_and_kept_by_title_and_link_alone() {
    let world = two_networks(3);
    let base = world.sites.origin(6);
    let address = format!("{base}/news/feed");
    let body = format!(
        "<rss version=\"2.0\"><channel><title>Haven</title><item><guid>1</guid><link>{base}/news/1</link><title>Numbat open evening</title>\
         <description>Come to the back door, said the numbatwarden.</description></item></channel></rss>"
    );
    world
        .sites
        .put(6, "/news/feed", "application/rss+xml", body);
    let (data, registry) = (world.data(), world.registry());
    let step = |more: &[&str]| {
        let mut rest = vec![
            "sources",
            "add",
            &address,
            "--slug",
            "haven",
            "--name",
            "Haven House",
            "--owner",
            "Haven Trust",
            "--sensitive",
            "refuge",
            "--json",
        ];
        rest.extend_from_slice(more);
        let arguments = World::arguments(
            data.to_str().expect("a path"),
            registry.to_str().expect("a path"),
            &rest,
        );
        serde_json::from_str::<Value>(&binary::succeed(&arguments)).expect("JSON")
    };
    world.sites.log.asked.lock().expect("asked").clear();
    let proof = step(&["--agreed"]);
    assert_eq!(proof["step"], "proof", "{proof}");
    let asked = world.sites.log.asked.lock().expect("asked").clone();
    let host = base.replace("http://", "");
    // The site says nothing, so its folder is asked too.
    assert_eq!(
        asked,
        [format!("{host}{PROOF}"), format!("{host}/news{PROOF}")]
    );
    let file = proof["what"].as_str().expect("a file").to_owned();
    assert!(file.contains("/news/"), "{file}");
    world.sites.put(6, PROOF, "application/json", file);
    let preview = step(&[]);
    assert_eq!(preview["step"], "preview", "{preview}");
    assert_eq!(preview["chosen"][0]["url"], address);
    assert_eq!(preview["items"][0]["title"], "Numbat open evening");
    assert_eq!(preview["items"][0]["excerpt"], "");
    assert_eq!(
        files_holding(&data, b"umbat"),
        Vec::<std::path::PathBuf>::new(),
        "in memory only"
    );
    let live = step(&["--agreed"]);
    assert!(
        live["owner_key"]
            .as_str()
            .is_some_and(|key| key.starts_with("owner_")),
        "{live}"
    );
    assert_eq!(world.crawl()["stored"], 1);
    assert_eq!(
        files_holding(&data, b"numbatwarden"),
        Vec::<std::path::PathBuf>::new()
    );
    let serving = serve(&world);
    let found = serving.json("/api/v1/search?q=numbat");
    assert_eq!(found["items"][0]["title"], "Numbat open evening");
    assert_eq!(found["items"][0]["excerpt"], "");
    assert_eq!(found["items"][0]["topics"], serde_json::json!([]));
    let related = found["items"][0]["id"].as_str().expect("an id");
    let related = serving.json(&format!("/api/v1/conversations/{related}/related"));
    assert_eq!(related["total"], 0, "it is not in the graph: {related}");
}

/// A narrower scope in the proof is shown as a difference before it is acted on.
#[test]
fn an_owner_sees_what_a_narrower_scope_takes_before_it_takes_it() {
    let world = two_networks(12);
    let serving = serve(&world);
    let data = world.data();
    let key = binary::succeed(&[
        "--data",
        data.to_str().expect("a path"),
        "admin",
        "owner-key",
        "leaver",
    ]);
    let here = [("sec-fetch-site", "same-origin")];
    let media = "application/x-www-form-urlencoded";
    let at = |path: &str| format!("{}{path}", serving.base);
    let login = format!("slug=leaver&key={}", key.trim());
    let cookie = site::post_for_cookie(&at("/owner/login"), media, &login, &here);
    let session = [("sec-fetch-site", "same-origin"), ("cookie", &*cookie)];
    let field = |page: &str, name: &str| {
        let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
        value
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
            .to_owned()
    };
    let page = site::get_with(&at("/owner/change"), &session).1;
    let origin = world.sites.origin(0);
    let proof = world.sites.take(0, PROOF).expect("the proof");
    let mut file: Value = serde_json::from_slice(&proof).expect("JSON");
    file["scope"] = serde_json::json!([format!("{origin}/feed"), format!("{origin}/p/1")]);
    world
        .sites
        .put(0, PROOF, "application/json", file.to_string());
    let send = |agreed: &str| {
        let token = field(&page, "form");
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs([
            ("form", token.as_str()),
            ("name", "The leaver network"),
            ("owner", "The leaver network"),
            ("days", "365"),
            ("agreed", agreed),
        ]);
        site::post(&at("/owner/change"), media, &form.finish(), &session)
    };
    let (status, shown) = send("");
    assert_eq!(status, 200, "{shown}");
    assert!(shown.contains("11 posts would fall out"), "{shown}");
    assert_eq!(total(&serving), 12, "only shown");
    let (status, text) = send(&field(&shown, "agreed"));
    assert_eq!(status, 303, "{text}");
    assert_eq!(total(&serving), 1);
    assert_eq!(
        events(&world).last().map(String::as_str),
        Some("scope_changed")
    );
}

/// An analyst's key, from the host to the API.
#[test]
fn an_analysts_key_is_made_and_ended_on_the_host() {
    let world = two_networks(3);
    let serving = serve(&world);
    let data = world.data();
    let admin = |rest: &[&str]| {
        let mut arguments = vec!["--data", data.to_str().expect("a path"), "admin", "key"];
        arguments.extend_from_slice(rest);
        binary::succeed(&arguments)
    };
    let key = admin(&[
        "add",
        "--holder",
        "County Insight Team",
        "--purpose",
        "Yearly report on access to care",
        "--scope",
        "search:read",
    ]);
    let bearer = format!("Bearer {}", key.trim());
    let ask = |path: &str| {
        let headers = [("authorization", bearer.as_str())];
        site::get_with(&format!("{}{path}", serving.base), &headers).0
    };
    soon("the key is known", || ask("/api/v1/search?q=walk") == 200);
    assert_eq!(ask("/api/v1/topics"), 403);
    let shown = serving.json("/api/v1/transparency");
    assert_eq!(shown["keys"][0]["holder"], "County Insight Team");
    assert_eq!(
        files_holding(&data, &key.trim().as_bytes()[14..]),
        Vec::<std::path::PathBuf>::new(),
        "only a hash is kept"
    );
    let id = &key[5..13];
    assert!(admin(&["list"]).contains(id));
    admin(&["revoke", id]);
    soon("the key is ended", || ask("/api/v1/search?q=walk") == 401);
    assert!(serving.json("/api/v1/transparency")["keys"] == serde_json::json!([]));
}

/// What others write under a post proves nothing; the post as its source gives it does.
#[test]
fn a_comment_under_a_page_withdraws_nobodys_post() {
    let world = two_networks(3);
    let serving = serve(&world);
    let base = world.sites.origin(0);
    let here = [("sec-fetch-site", "same-origin")];
    let media = "application/x-www-form-urlencoded";
    let address = format!("{base}/p/1");
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([("post", address.as_str()), ("ground", "author")]);
    let url = format!("{}/object", serving.base);
    let (status, page) = site::post(&url, media, &form.finish(), &here);
    assert_eq!(status, 200, "{page}");
    let between = |before: &str, after: char| {
        let rest = page.split(before).nth(1).unwrap_or_default();
        rest.split(after).next().unwrap_or_default().to_owned()
    };
    let code = format!("discover-{}", between("<code>discover-", '<'));
    let id = between("name=\"id\" value=\"", '"');
    assert_eq!(total(&serving), 2, "hidden on receipt");
    let comment = format!("<article>The post</article><p>I comment {code}</p>");
    world.sites.put(0, "/p/1", "text/html", comment);
    let check = || {
        let url = format!("{}/object/check", serving.base);
        site::post(&url, media, &format!("id={id}"), &here).1
    };
    let said = check();
    assert!(said.contains("still stands"), "{said}");
    assert!(!events(&world).iter().any(|event| event == "withdrawn"));
    let proved = feed(CANARY, &base, 3).replace(
        &format!("<link>{base}/p/1</link><title>"),
        &format!("<link>{base}/p/1</link><title>{code} "),
    );
    world.sites.put(0, "/feed", "application/rss+xml", proved);
    world.crawl();
    assert!(events(&world).iter().any(|event| event == "withdrawn"));
}

/// Other terms count although the proof on the site is the same.
#[test]
fn a_retention_that_is_lowered_and_raised_again_is_granted_anew_each_time() {
    let world = two_networks(3);
    let serving = serve(&world);
    let data = world.data();
    let data = data.to_str().expect("a path");
    let key = binary::succeed(&["--data", data, "admin", "owner-key", "leaver"]);
    let here = [("sec-fetch-site", "same-origin")];
    let media = "application/x-www-form-urlencoded";
    let at = |path: &str| format!("{}{path}", serving.base);
    let login = format!("slug=leaver&key={}", key.trim());
    let cookie = site::post_for_cookie(&at("/owner/login"), media, &login, &here);
    let session = [("sec-fetch-site", "same-origin"), ("cookie", &*cookie)];
    let field = |page: &str, name: &str| {
        let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
        let value = value.and_then(|rest| rest.split('"').next());
        value.unwrap_or_default().to_owned()
    };
    let before = events(&world).len();
    let token = field(&site::get_with(&at("/owner/change"), &session).1, "form");
    for (n, days) in ["100", "200"].into_iter().enumerate() {
        let send = |agreed: &str| {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.extend_pairs([
                ("form", token.as_str()),
                ("name", "The leaver network"),
                ("owner", "The leaver network"),
                ("days", days),
                ("agreed", agreed),
            ]);
            site::post(&at("/owner/change"), media, &form.finish(), &session)
        };
        let (status, shown) = send("");
        assert_eq!(status, 200, "{shown}");
        let (status, text) = send(&field(&shown, "agreed"));
        assert_eq!(status, 303, "{text}");
        assert_eq!(events(&world).len(), before + n + 1, "{days} days");
        assert_eq!(events(&world).last().map(String::as_str), Some("renewed"));
    }
}

/// A visit that is under way asks for little more once the owner has left.
#[test]
fn a_visit_under_way_ends_soon_after_its_owner_left() {
    const POSTS: usize = 160;
    let world = two_networks(POSTS);
    let _serving = serve_with_gap(&world, "0.05");
    let (data, registry) = (world.data(), world.registry());
    let (data, registry) = (
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
    );
    let page = format!("{}/p/", world.sites.origin(0).replace("http://", ""));
    let asked = || {
        let log = world.sites.log.asked.lock().expect("asked");
        log.iter().filter(|asked| asked.starts_with(&page)).count()
    };
    let before = asked();
    let asked = || asked() - before;
    std::thread::scope(|scope| {
        let crawl = scope.spawn(|| world.crawl());
        soon("kept posts are looked at again", || asked() > 0);
        binary::succeed(&World::arguments(data, registry, &["withdraw", "leaver"]));
        let round = crawl.join().expect("the round ends");
        assert_eq!(round["failed"], 0, "{round}");
    });
    assert!(asked() <= 100, "{} of {POSTS} were asked for", asked());
    assert_eq!(
        files_holding(&world.data(), CANARY.as_bytes()),
        Vec::<std::path::PathBuf>::new()
    );
}
