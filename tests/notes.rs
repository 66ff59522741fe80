//! Offline voices: a network of notes, from the consent on paper to its end, by the real executable.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;

/// Stands in the last words of a text of more than 300 characters.
const TAIL: &str = "numbatwards";
const OTHER: &str = "okapibus";
/// What must go before the first byte is written.
const CANARIES: [&str; 7] = [
    "07700 900123",
    "943 476 5919",
    "943-476-5919",
    "9434765919",
    "14 Quokka Street",
    "asha.quokkason@example.org",
    "Quokkason",
];

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Self { folder };
        place.write(
            "consent.txt",
            "We agree that what we say is shown whole, without names.",
        );
        let long = "The ramp at the surgery is broken and wheelchairs wait outside in the rain. "
            .repeat(6);
        let notes = format!(
            "# Drop-in, 20 November\n\n## The ramp\n{long}Ring Mrs Asha Quokkason on 07700 900123, NHS number 943 476 5919, of 14 Quokka Street, Leeds LS9 7TF, asha.quokkason@example.org, said one; they went {TAIL}.\n\n## Mrs Asha Quokkason and the bus\nThe {OTHER} does not stop at the clinic any more.\n"
        );
        place.write("notes.md", &notes);
        place
    }

    fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.to_str().expect("a plain path").to_owned()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).expect("written");
    }

    fn run(&self, rest: &[&str]) -> String {
        let data = self.path("data");
        binary::succeed(&[&["--data", data.as_str()], rest].concat())
    }

    fn refused(&self, rest: &[&str]) -> String {
        let data = self.path("data");
        binary::fail(&[&["--data", data.as_str()], rest].concat())
    }

    /// Makes the network; its owner's key.
    fn made(&self) -> String {
        self.made_as("drop-in")
    }

    fn made_as(&self, slug: &str) -> String {
        let document = self.path("consent.txt");
        let rest = ["--document", &document, "--agreed", "--json"];
        let made = self.run(&[&make(slug)[..], &rest].concat());
        let made: Value = serde_json::from_str(&made).expect("JSON");
        made["owner_key"].as_str().expect("a key").to_owned()
    }

    fn add(&self, file: &str, key: &str, more: &[&str]) -> Vec<String> {
        let path = self.path(file);
        let rest = ["notes", "add", &path, "--network", "drop-in"];
        let rest = [&rest[..], &["--owner-key", key, "--on", "2026-11-20"], more];
        rest.concat().into_iter().map(str::to_owned).collect()
    }
}

fn make(slug: &str) -> [&str; 10] {
    [
        "sources",
        "add",
        "--kind",
        "notes",
        "--slug",
        slug,
        "--name",
        "Thursday drop-in",
        "--owner",
        "Ashmere Advice",
    ]
}

fn words(of: &[String]) -> Vec<&str> {
    of.iter().map(String::as_str).collect()
}

fn files(place: &Place, word: &str) -> usize {
    files_holding(Path::new(&place.path("data")), word.as_bytes()).len()
}

fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// P8: the whole redacted text on the page of an item of notes, and 300 characters everywhere else.
#[test]
fn notes_are_uploaded_by_their_owners_key_and_shown_whole_on_their_page_alone() {
    let place = Place::new();
    let said = place.refused(&[&make("drop-in")[..], &["--agreed"]].concat());
    assert!(said.contains("--document"), "{said}");
    let document = place.path("consent.txt");
    let said = place.refused(&[&make("drop-in")[..], &["--document", &document]].concat());
    assert!(said.contains("--agreed"), "{said}");
    let key = place.made();
    let said =
        place.refused(&[&make("drop-in")[..], &["--document", &document, "--agreed"]].concat());
    assert!(
        said.contains("is or was the name of a network here"),
        "{said}"
    );
    let other = place.made_as("other");
    for wrong in ["0000", "", &other] {
        let said = place.refused(&words(&place.add("notes.md", wrong, &["--agreed"])));
        assert!(said.contains("not the key of the owner"), "{said}");
    }

    let preview = place.run(&words(&place.add("notes.md", &key, &[])));
    for part in [
        "nothing was kept",
        TAIL,
        "(new)",
        "line 1: a heading with no text",
    ] {
        assert!(preview.contains(part), "{part}: {preview}");
    }
    assert_eq!(files(&place, TAIL), 0);
    let kept = place.run(&words(&place.add("notes.md", &key, &["--agreed"])));
    assert!(
        kept.contains("2 items kept, 0 as they were, 0 refused"),
        "{kept}"
    );
    let again = place.run(&words(&place.add("notes.md", &key, &["--agreed"])));
    assert!(
        again.contains("0 items kept, 2 as they were, 0 refused"),
        "{again}"
    );
    assert!(again.contains("kept already"), "{again}");
    for canary in CANARIES {
        assert!(!preview.contains(canary), "{canary}: {preview}");
        assert_eq!(files(&place, canary), 0, "{canary}");
    }

    // The document is in the ledger by its hash, for 400 days, and itself nowhere.
    let ledger = place.run(&["ledger", "export"]);
    let granted: Value =
        serde_json::from_str(ledger.lines().next().expect("an entry")).expect("JSON");
    let hash = sha256(&std::fs::read(&document).expect("the document"));
    assert_eq!(granted["method"], "document");
    assert_eq!(granted["evidence_sha256"], hash.as_str());
    let at = |field: &str| -> jiff::Timestamp {
        let text = granted[field].as_str().expect("a time");
        text.parse().expect("a time")
    };
    assert_eq!(at("expires").duration_since(at("at")).as_hours(), 400 * 24);
    assert_eq!(files(&place, "We agree that"), 0);

    let serving = Serving::start(Path::new(&place.path("data")), &["serve", "--no-crawl"]);
    let found = serving.json("/api/v1/search?q=wheelchairs");
    assert_eq!(found["total"], 1, "{found}");
    let hit = &found["items"][0];
    assert!(hit["excerpt"].as_str().expect("an excerpt").chars().count() <= 300);
    assert!(hit.get("text").is_none());
    let id = hit["id"].as_str().expect("id");
    let one = serving.json(&format!("/api/v1/conversations/{id}"));
    assert!(one["text"].as_str().expect("the whole").contains(TAIL));
    assert_eq!(one["url"], format!("{}/conversations/{id}", base(&one)));
    assert_eq!(one["started"], "2026-11-20T12:00:00Z");
    let consent = serving.json(&format!("/api/v1/conversations/{id}/consent"));
    assert_eq!(consent["evidence"]["sha256"], hash.as_str());
    assert_eq!(consent["scope"], serde_json::json!([]));
    let page = serving.get(&format!("/conversations/{id}")).1;
    assert!(
        page.contains(TAIL) && page.contains("This is the whole of it"),
        "{page}"
    );
    for canary in CANARIES.into_iter().chain([".notes.invalid"]) {
        assert!(!page.contains(canary), "{canary}: {page}");
        assert!(!one.to_string().contains(canary), "{canary}: {one}");
    }
    for path in [
        "/search?q=wheelchairs",
        "/api/v1/search?q=wheelchairs",
        "/api/v1/search/export?q=wheelchairs",
        "/api/v1/search/export?format=ndjson",
        "/api/v1/search/export?format=references",
        "/api/v1/search/package?q=wheelchairs",
        "/api/v1/search/package/quotations.json?q=wheelchairs",
        "/search.atom?q=wheelchairs",
        "/search/print?q=wheelchairs",
        "/search/brief?q=wheelchairs",
        "/api/v1/digests/month?q=wheelchairs",
        "/digest?q=wheelchairs",
        "/networks/drop-in",
        "/api/v1/networks/drop-in",
        "/networks/drop-in/atom",
        "/api/v1/ledger",
        "/transparency",
    ] {
        let (status, body) = serving.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        for word in CANARIES.into_iter().chain([TAIL, ".notes.invalid"]) {
            assert!(!body.contains(word), "{path}: {word}: {body}");
        }
    }
}

/// Scheme, host and port of a conversation's address.
fn base(one: &Value) -> String {
    let url: url::Url = one["url"]
        .as_str()
        .expect("an address")
        .parse()
        .expect("an address");
    url.origin().ascii_serialization()
}

#[test]
fn every_file_is_taken_or_answered_with_what_is_wrong_and_what_helps() {
    let place = Place::new();
    let key = place.made();
    let many = "## Item\nWords of it.\n".repeat(1000);
    let long = "wheelchairs wait outside in the rain\n".repeat(300_000);
    for (file, bytes, said) in [
        ("empty.md", &b""[..], "nothing is written in it"),
        (
            "long.md",
            long.as_bytes(),
            "at most 65536 are taken at once: cut it at a heading",
        ),
        (
            "many.md",
            many.as_bytes(),
            "it has 1000 items, and at most 200",
        ),
        (
            "minutes.docx",
            &b"PK\x03\x04\x14\x00"[..],
            "a Word, OpenDocument or zip file",
        ),
        (
            "binary.md",
            &b"# A\n\x00\x01"[..],
            "line 2 has a control character",
        ),
        (
            "latin.md",
            &b"# A\nb\ncaf\xe9"[..],
            "line 3 is not written in UTF-8",
        ),
        (
            "bare.md",
            &b"# A\n\n## B\n"[..],
            "nothing is written under its headings",
        ),
    ] {
        place.write(file, bytes);
        let refused = place.refused(&words(&place.add(file, &key, &["--agreed"])));
        assert!(refused.contains(said), "{file}: {refused}");
    }
    let said = place.refused(&words(&place.add("missing.md", &key, &[])));
    assert!(said.contains("cannot read"), "{said}");

    for (file, bytes, said) in [
        (
            "plain.txt",
            &b"\xef\xbb\xbfNobody answers.\r\nNobody at all.\r\n"[..],
            "1 items kept",
        ),
        (
            "levels.md",
            &b"---\nauthor: Jane Roe\n---\n# A\none\n###### B\ntwo\n\nC\n=\nthree\n\nD\n--\nfour\n"
                [..],
            "4 items kept, 0 as they were",
        ),
        // A text that is mended takes the place of the one before.
        (
            "levels.md",
            &b"# A\none, mended\n###### B\ntwo\n"[..],
            "1 items kept, 1 as they were",
        ),
    ] {
        place.write(file, bytes);
        let preview = place.run(&words(&place.add(file, &key, &[])));
        assert!(!preview.contains("Jane Roe"), "{preview}");
        assert_eq!(
            preview.contains("lines 1 to 3: about the text"),
            bytes.starts_with(b"---")
        );
        assert_eq!(
            preview.contains("takes the place"),
            said.starts_with("1 items kept, 1")
        );
        let kept = place.run(&words(&place.add(file, &key, &["--agreed"])));
        assert!(kept.contains(said), "{file}: {kept}");
    }
    let listed = place.run(&["search", "--json", "one"]);
    assert!(listed.contains("one, mended"), "{listed}");
    assert!(place.run(&["sources", "list"]).contains("last upload"));
}

#[test]
fn a_network_of_notes_that_leaves_is_hidden_within_a_second_and_leaves_no_byte() {
    let place = Place::new();
    let key = place.made();
    let data = place.path("data");
    let serving = Serving::start(Path::new(&data), &["serve", "--no-crawl"]);
    // Through the process that serves, which holds the folder.
    let kept = place.run(&words(&place.add("notes.md", &key, &["--agreed"])));
    assert!(kept.contains("2 items kept"), "{kept}");
    let total = |query: &str| serving.json(&format!("/api/v1/search?q={query}"))["total"].clone();
    let until = |found: u64| {
        let began = Instant::now();
        while total("wheelchairs") != found {
            assert!(began.elapsed() < Duration::from_secs(20), "never {found}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    until(1);
    let found = serving.json("/api/v1/search?q=okapibus");
    let id = found["items"][0]["id"].as_str().expect("id").to_owned();
    place.run(&["withdraw", "drop-in", "--conversation", &id]);
    assert_eq!(total("okapibus"), 0);
    // What was taken back does not come in again with the next upload.
    let again = place.run(&words(&place.add("notes.md", &key, &["--agreed"])));
    assert!(
        again.contains("0 items kept, 1 as they were, 1 refused"),
        "{again}"
    );
    assert!(again.contains("withdrawn, or taken back"), "{again}");
    assert_eq!(total("okapibus"), 0);

    let page = format!("/conversations/{}", {
        let found = serving.json("/api/v1/search?q=wheelchairs");
        found["items"][0]["id"].as_str().expect("id").to_owned()
    });
    assert_eq!(serving.get(&page).0, 200);
    // Counted from its acceptance; the purge is over when the command answers.
    let said = place.run(&["withdraw", "drop-in"]);
    let hidden = said.split("hidden after ").nth(1).expect("a figure");
    let hidden: u64 = hidden
        .split(' ')
        .next()
        .expect("a figure")
        .parse()
        .expect("a number");
    assert!(hidden < 1000, "{said}");
    assert_ne!(serving.get(&page).0, 200);
    assert_eq!(total("wheelchairs"), 0);
    let said = place.refused(&words(&place.add("notes.md", &key, &["--agreed"])));
    assert!(said.contains("not the key"), "{said}");
    drop(serving);
    for word in [TAIL, OTHER, "Thursday drop-in", "wheelchairs"] {
        assert_eq!(files(&place, word), 0, "{word}");
    }
    // Nobody else speaks under the name of who left.
    let second = place.path("second.txt");
    std::fs::write(&second, "Another consent, of somebody else.").expect("a file");
    let said =
        place.refused(&[&make("drop-in")[..], &["--document", &second, "--agreed"]].concat());
    assert!(said.contains("was the name of a network here"), "{said}");
}

#[test]
fn consent_to_notes_runs_out_after_400_days_and_a_new_document_alone_brings_them_back() {
    let place = Place::new();
    let data = place.path("data");
    let arguments = |days: i64, rest: &[&str]| -> Vec<String> {
        let began: jiff::Timestamp = "2026-11-20T09:00:00Z".parse().expect("a time");
        let at = (began + jiff::SignedDuration::from_hours(24 * days)).to_string();
        let clock = ["--data", &data, "--allow-loopback", "--clock", &at];
        let all = clock.iter().chain(rest);
        all.map(|word| (*word).to_owned()).collect()
    };
    let run = |days: i64, rest: &[&str]| binary::succeed(&words(&arguments(days, rest)));
    let refused = |days: i64, rest: &[&str]| binary::fail(&words(&arguments(days, rest)));
    let document = place.path("consent.txt");
    let made = ["--document", &document, "--agreed", "--json"];
    let made: Value =
        serde_json::from_str(&run(0, &[&make("drop-in")[..], &made].concat())).expect("JSON");
    let key = made["owner_key"].as_str().expect("a key");
    run(0, &words(&place.add("notes.md", key, &["--agreed"])));
    let shown = |days: i64| {
        let clock = arguments(days, &["serve", "--no-crawl"]);
        let serving = Serving::start(Path::new(&data), &words(&clock[2..]));
        let began = Instant::now();
        // The first turn of what is done every few minutes may not be over.
        loop {
            let total = serving.json("/api/v1/search?q=okapibus")["total"].clone();
            if total == 0 || began.elapsed() > Duration::from_secs(3) {
                return total;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    assert_eq!(shown(100), 1);
    // Retention is 365 days, so what is shown later was uploaded later.
    place.write("late.md", format!("# Later\nThe {OTHER} came back.\n"));
    let late = place.add("late.md", key, &["--agreed"]);
    run(390, &words(&late));
    let said = binary::run(&words(&arguments(390, &["doctor"])));
    let said = binary::stdout(&said);
    assert!(
        said.contains("consent of drop-in is on paper and ends on"),
        "{said}"
    );
    assert_eq!(shown(401), 0);
    assert!(refused(401, &words(&late)).contains("see a new document first"));
    let renew = ["sources", "renew", "drop-in", "--document"];
    let said = refused(401, &[&renew[..], &[&document]].concat());
    assert!(said.contains("seen before"), "{said}");
    place.write("again.txt", "We still agree, in the year after.");
    let again = place.path("again.txt");
    let said = refused(
        401,
        &[&renew[..], &[&again, "--until", "2027-12-01"]].concat(),
    );
    assert!(said.contains("is over"), "{said}");
    let said = run(
        401,
        &[&renew[..], &[&again, "--until", "2028-01-31"]].concat(),
    );
    assert!(
        said.contains("drop-in has consent until 2028-01-31"),
        "{said}"
    );
    assert_ne!(shown(401), 0);
    assert_eq!(shown(439), 0);
}

#[test]
fn a_restored_backup_waits_for_a_new_document_unless_the_newer_ledger_knows_one() {
    let place = Place::new();
    let key = place.made();
    place.run(&words(&place.add("notes.md", &key, &["--agreed"])));
    let backup = place.path("backup");
    place.run(&["backup", &backup]);

    let blind = place.path("blind");
    binary::succeed(&["--data", &blind, "restore", &backup]);
    let shown = |data: &str| {
        let serving = Serving::start(Path::new(data), &["serve", "--no-crawl"]);
        serving.json("/api/v1/search?q=wheelchairs")["total"].clone()
    };
    assert_eq!(shown(&blind), 0);
    let renew = |data: &str, document: &str| -> Vec<String> {
        let rest = ["--data", data, "sources", "renew", "drop-in", "--document"];
        let rest = rest.into_iter().map(str::to_owned);
        rest.chain([place.path(document)]).collect()
    };
    assert!(binary::fail(&words(&renew(&blind, "consent.txt"))).contains("seen before"));
    place.write("again.txt", "We still agree, in the year after.");
    let said = binary::succeed(&words(&renew(&blind, "again.txt")));
    assert!(said.contains("drop-in has consent until"), "{said}");
    assert_eq!(shown(&blind), 1);

    // The newer ledger knows the document that was seen since.
    binary::succeed(&words(&renew(&place.path("data"), "again.txt")));
    let ledger = place.run(&["ledger", "export"]);
    place.write("ledger.jsonl", &ledger);
    let knowing = place.path("knowing");
    let newer = place.path("ledger.jsonl");
    binary::succeed(&["--data", &knowing, "restore", &backup, "--ledger", &newer]);
    assert_eq!(shown(&knowing), 1);
    for data in [&blind, &knowing] {
        assert!(binary::succeed(&["--data", data, "ledger", "verify"]).contains("whole"));
        assert!(binary::succeed(&["--data", data, "audit"]).contains("2 of 2"));
    }
}

#[test]
fn the_registry_file_makes_no_network_of_notes_and_takes_none_over() {
    let place = Place::new();
    let declare = |slug: &str, proof: &str, kind: &str| {
        place.write(
            "sources.toml",
            format!("[[network]]\nslug = \"{slug}\"\nname = \"A\"\nowner = \"A\"\nproof = \"{proof}\"\n[[network.source]]\nkind = \"{kind}\"\nurl = \"https://a.example/\"\n"),
        );
        place.path("sources.toml")
    };
    let sources = declare("a", "document", "notes");
    let said = binary::fail(&["--sources", &sources, "sources", "check"]);
    assert!(said.contains("discover sources add --kind notes"), "{said}");
    assert!(said.contains("for what is uploaded alone"), "{said}");
    let key = place.made();
    let sources = declare("drop-in", "well-known", "feed");
    place.run(&["--sources", &sources, "sources", "sync"]);
    let kept = place.run(&words(&place.add("notes.md", &key, &["--agreed"])));
    assert!(kept.contains("2 items kept"), "{kept}");
}
