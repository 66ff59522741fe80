//! Packages: each file read back as its consumer reads it, counts that add up, signatures, and what a withdrawal takes out.
//!
//! What the consumers take is written down, with the files of their sources, in docs/handing-on.md.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _, Write as _};

use axum::http::StatusCode;
use discover_model::Visibility;
use regex::Regex;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::withdrawal::publish;
use super::world::World;
use crate::{Difference, NotSigned, check_package};

const SEARCH: &str = "/api/v1/search/package";

async fn topic(world: &World) -> String {
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let id = topics["items"][0]["id"].as_str().expect("id");
    format!("/api/v1/topics/{id}/package")
}

async fn file(world: &World, package: &str, name: &str) -> Vec<u8> {
    let answer = world.get(&format!("{package}/{name}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{name}");
    let disposition = answer.header("content-disposition");
    assert!(disposition.starts_with("attachment; filename="), "{name}");
    answer.body.to_vec()
}

fn count(value: &Value) -> u64 {
    value.as_u64().expect("a count")
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// Rows by column, as readers do that take names from the first line; all have as many cells.
fn rows(bytes: &[u8], delimiter: u8) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(false)
        .from_reader(bytes);
    reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

#[tokio::test]
async fn a_package_counts_what_it_leaves_out_and_names_the_consent_of_all_it_quotes() {
    let world = World::new().await;
    for address in [topic(&world).await, format!("{SEARCH}?q=phlebotomy")] {
        let package = world.json(&address).await;
        let quotations = list(&package["quotations"]);
        assert!(quotations.len() >= 2, "{address}: {package}");
        let out = &package["left_out"];
        let why = ["near_copies", "same_words", "nothing_to_quote", "beyond"];
        let left_out = why.map(|why| count(&out[why]));
        assert_eq!(
            quotations.len() as u64 + left_out.iter().sum::<u64>(),
            count(&package["conversations"])
        );
        let mut of_networks: BTreeMap<&str, u64> = BTreeMap::new();
        for (n, one) in quotations.iter().enumerate() {
            assert_eq!(count(&one["number"]), n as u64 + 1);
            assert!(one["text"].as_str().expect("text").chars().count() <= 300);
            *of_networks
                .entry(one["network"].as_str().expect("a slug"))
                .or_default() += 1;
            let mut networks = list(&package["networks"]).iter();
            let network = networks.find(|network| network["slug"] == one["network"]);
            let consents = list(&network.expect("its network")["consents"]);
            let consent = consents
                .iter()
                .find(|consent| consent["grant"] == one["grant"]);
            let consent = consent.expect("its consent");
            let id = one["conversation"].as_str().expect("id");
            let shown = world
                .json(&format!("/api/v1/conversations/{id}/consent"))
                .await;
            assert_eq!(consent["evidence"], shown["evidence"]);
            assert_eq!(consent["ledger_hash"], shown["ledger"]["hash"]);
            assert_eq!(consent["ledger_seq"], shown["ledger"]["seq"]);
        }
        for network in list(&package["networks"]) {
            let slug = network["slug"].as_str().expect("a slug");
            assert_eq!(count(&network["quotations"]), of_networks[slug]);
        }
        let heads = world.json("/api/v1/ledger/heads").await;
        assert_eq!(package["key"], heads["key"]);
        let again = package["manifest"].as_str().expect("an address");
        let path = again
            .strip_prefix("https://discover.example")
            .expect("ours");
        assert_eq!(world.json(path).await["quotations"], package["quotations"]);
    }
}

#[tokio::test]
async fn a_package_of_more_than_it_looks_through_says_of_how_many_in_every_form() {
    let world = World::new().await;
    world.crowd(250).await;
    let address = format!("{SEARCH}?q=gardens");
    let package = world.json(&address).await;
    let found = world.json("/api/v1/search?q=gardens").await;
    assert_eq!(package["conversations"], found["total"]);
    assert_eq!(
        package["left_out"]["near_copies"],
        found.get("near_copies").cloned().unwrap_or(json!(0))
    );
    assert_eq!(
        (
            count(&package["looked_through"]),
            count(&package["left_out"]["beyond"])
        ),
        (100, 150)
    );
    let read_me = world
        .get(&format!("{SEARCH}/README.txt?q=gardens"))
        .await
        .text();
    assert!(read_me.contains("100 of 250"), "{read_me}");
    let page = world.get("/search/package?q=gardens").await.text();
    assert!(page.contains("the first 100 of 250"), "{page}");
    assert!(page.contains("of 250 conversations quoted"), "{page}");
}

#[tokio::test]
async fn a_topic_is_quoted_from_its_middle_and_each_thing_is_said_once() {
    let world = World::new().await;
    let address = topic(&world).await;
    let package = world.json(&address).await;
    let brief = world.json(&address.replace("/package", "/brief")).await;
    assert_eq!(
        package["quotations"][0]["conversation"],
        brief["quotes"][0]["conversation"]
    );
    let quotations = list(&package["quotations"]);
    let said: BTreeSet<&str> = quotations
        .iter()
        .filter_map(|one| one["text"].as_str())
        .collect();
    let of: BTreeSet<&str> = quotations
        .iter()
        .filter_map(|one| one["conversation"].as_str())
        .collect();
    assert_eq!((said.len(), of.len()), (quotations.len(), quotations.len()));
}

/// `server/src/routes/comments.ts`: csv-parse, columns by name, as many cells in each row; what is empty or there already is
/// skipped. The form for one comment takes 400 signs.
#[tokio::test]
async fn polis_reads_every_quotation_as_a_seed_comment() {
    let world = World::new().await;
    let address = topic(&world).await;
    let package = world.json(&address).await;
    let bytes = file(&world, &address, "polis.csv").await;
    let comments = rows(&bytes, b',');
    assert_eq!(comments.len(), list(&package["quotations"]).len());
    let mut seen = BTreeSet::new();
    for (comment, one) in comments.iter().zip(list(&package["quotations"])) {
        let text = &comment["comment_text"];
        assert_eq!(*text, one["text"].as_str().expect("text"));
        assert!(!text.trim().is_empty() && text.chars().count() <= 400);
        assert!(
            seen.insert(text.clone()),
            "Polis skips what is there already: {text}"
        );
    }
    assert!(
        !bytes.starts_with("\u{feff}".as_bytes()),
        "it would be a part of the column's name"
    );
}

/// `common/csv-validation` and `common/csv-security`: columns by name, without a warning only by these; no empty comment, none
/// over 10,000 signs; a cell that looks like an attack refuses the file, and so do 150 KB and 10,000 rows.
#[tokio::test]
async fn talk_to_the_city_takes_the_file_without_a_warning() {
    let world = World::new().await;
    let address = format!("{SEARCH}/talk-to-the-city.csv?q=phlebotomy");
    let bytes = world.get(&address).await.body.to_vec();
    let head = bytes.split(|byte| *byte == b'\r').next().expect("a head");
    assert_eq!(head, b"\"id\",\"interview\",\"comment\"");
    assert!(bytes.len() <= 150 * 1024);
    let refused: Vec<Regex> = [
        "^=.*$",
        r"(?i)^\+[a-zA-Z]+\(",
        r"(?i)^-[a-zA-Z]+\(",
        r"(?i)^@[a-zA-Z]+\(",
        "^\t=.*$",
        r"(?i)DDE\s*\(",
        r"(?i)cmd\s*\|",
        "(?i)powershell",
        "(?i)javascript:",
        "(?i)data:",
        "(?i)<script",
        "(?i)vbscript:",
    ]
    .iter()
    .map(|pattern| Regex::new(pattern).expect("a pattern"))
    .collect();
    let responses = rows(&bytes, b',');
    assert!(responses.len() >= 2 && responses.len() < 10_000);
    let mut ids = BTreeSet::new();
    for response in &responses {
        assert!((1..=10_000).contains(&response["comment"].trim().chars().count()));
        assert!(ids.insert(response["id"].clone()));
        for cell in response.values() {
            assert!(
                !refused.iter().any(|pattern| pattern.is_match(cell.trim())),
                "{cell}"
            );
        }
    }
    let spoken: BTreeSet<&str> = responses
        .iter()
        .map(|one| one["interview"].as_str())
        .collect();
    assert!(
        spoken.contains("Aire Carers") && spoken.len() >= 2,
        "{spoken:?}"
    );
}

/// `decidim-admin/lib/decidim/admin/import`: the reader takes the columns off the first object and cells by their place; the
/// verifier wants title and body in the site's own language, each column once; a proposal wants both filled.
#[tokio::test]
async fn decidim_reads_one_proposal_in_the_language_of_the_site() {
    let world = World::new().await;
    let address = topic(&world).await;
    let tags = Regex::new("<[^>]*>").expect("a pattern");
    for (name, locale) in [("decidim.json", "en"), ("decidim-pt-BR.json", "pt-BR")] {
        let read: Value =
            serde_json::from_slice(&file(&world, &address, name).await).expect("JSON");
        let headers: Vec<&String> = read[0].as_object().expect("an object").keys().collect();
        let wanted = ["body", "title"].map(|field| format!("{field}/{locale}"));
        assert_eq!(headers, wanted.iter().collect::<Vec<_>>());
        assert_eq!(list(&read).len(), 1);
        let cell = |column: &str| read[0][column].as_str().expect("a text").to_owned();
        let title = cell(&wanted[1]);
        assert!((1..=150).contains(&title.chars().count()), "{title}");
        assert!(title.starts_with(char::is_uppercase), "{title}");
        let body = cell(&wanted[0]);
        for tag in tags.find_iter(&body) {
            let known = ["<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "</a>"];
            assert!(
                known.contains(&tag.as_str()) || tag.as_str().starts_with("<a href=\"http"),
                "{}",
                tag.as_str()
            );
        }
    }
    let of_one = format!("{SEARCH}/decidim.json?q=phlebotomy&network=kidney-friends");
    let body = world.json(&of_one).await[0]["body/en"].to_string();
    assert!(body.contains("Kidney &lt;Friends&gt; &amp; Co"), "{body}");
    for wrong in ["decidim-EN.json", "decidim-.json", "other.csv"] {
        let answer = world.get(&format!("{address}/{wrong}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn people_get_the_quotations_as_a_workbook_and_as_csv_for_spreadsheets() {
    let world = World::new().await;
    let address = topic(&world).await;
    let package = world.json(&address).await;
    let csv = file(&world, &address, "quotations.csv").await;
    let csv = csv
        .strip_prefix("\u{feff}".as_bytes())
        .expect("a mark for spreadsheets");
    let table = rows(csv, b',');
    assert_eq!(table.len(), list(&package["quotations"]).len());
    let one = &package["quotations"][0];
    assert_eq!(table[0]["Quotation"], one["text"].as_str().expect("text"));
    assert_eq!(table[0]["Page here"], one["page"].as_str().expect("page"));
    assert!(
        table[0]["Consent"].contains(&"ab".repeat(32)),
        "{:?}",
        table[0]
    );
    let workbook = file(&world, &address, "quotations.xlsx").await;
    assert_eq!(
        workbook,
        file(&world, &address, "quotations.xlsx").await,
        "the same bytes"
    );
    let mut workbook = ZipArchive::new(Cursor::new(workbook)).expect("a workbook");
    let mut strings = String::new();
    workbook
        .by_name("xl/sharedStrings.xml")
        .expect("texts")
        .read_to_string(&mut strings)
        .expect("text");
    assert!(strings.contains("Owner of the network") && strings.contains("phlebotomy"));
}

fn repacked(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut entry = from.by_index(at).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut held = Vec::new();
        entry.read_to_end(&mut held).expect("bytes");
        if let Some(held) = change(&name, held) {
            to.start_file(&name, SimpleFileOptions::default())
                .expect("a file");
            to.write_all(&held).expect("bytes");
        }
    }
    to.start_file("note.txt", SimpleFileOptions::default())
        .expect("a file");
    to.finish().expect("an archive").into_inner()
}

#[tokio::test]
async fn an_archive_is_signed_and_every_change_of_it_is_seen() {
    let world = World::new().await;
    let address = topic(&world).await;
    let archive = file(&world, &address, "package.zip").await;
    let package = world.json(&address).await;
    let key = package["key"].as_str().expect("a key");
    let signed = check_package(&archive, Some(key)).expect("signed");
    assert_eq!(signed.quotations, list(&package["quotations"]).len());
    assert_eq!(signed.files, list(&package["files"]).len());
    assert_eq!(
        signed.manifest,
        package["manifest"].as_str().expect("an address")
    );
    assert_eq!(check_package(&archive, None), Ok(signed));
    for named in list(&package["files"]) {
        let name = named["name"].as_str().expect("a name");
        let bytes = file(&world, &address, name).await;
        assert_eq!(count(&named["bytes"]), bytes.len() as u64, "{name}");
        let hash = discover_model::proof::sha256_hex(&bytes);
        assert_eq!(named["sha256"], hash, "{name} alone is as in the archive");
    }

    let tampered = |of: &[u8], key: Option<&str>| match check_package(of, key) {
        Err(NotSigned::Tampered(differences)) => differences,
        other => panic!("{other:?}"),
    };
    // Every difference is named, not the first alone: what was changed, from what to what, what was added, what is missing.
    let mixed = |name: &str, mut bytes: Vec<u8>| {
        if name == "polis.csv" {
            bytes.push(b'!');
        }
        (name != "decidim.json").then_some(bytes)
    };
    let [changed, missing, added] = &tampered(&repacked(&archive, mixed), None)[..] else {
        panic!("three files differ");
    };
    let said = changed.to_string();
    let polis = file(&world, &address, "polis.csv").await;
    let sum = discover_model::proof::sha256_hex(&polis);
    for part in [
        "polis.csv was changed".to_owned(),
        format!("{} bytes with SHA-256 {sum} were signed", polis.len()),
        format!("it has {} bytes", polis.len() + 1),
    ] {
        assert!(said.replace(',', "").contains(&part), "{part}: {said}");
    }
    assert_eq!(*missing, Difference::Missing("decidim.json".to_owned()));
    assert_eq!(*added, Difference::Added("note.txt".to_owned()));
    let forged = |name: &str, bytes: Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap_or_default();
        Some(match name {
            "manifest.json" => text.replacen("phlebotomy", "pharmacies", 1).into_bytes(),
            _ => bytes,
        })
    };
    let changed = tampered(&repacked(&archive, forged), Some(key));
    let key = key.to_owned();
    assert_eq!(changed, [Difference::Manifest { key }]);
    let unsigned = |name: &str, bytes: Vec<u8>| (name != "manifest.sig").then_some(bytes);
    let missing = tampered(&repacked(&archive, unsigned), None);
    assert_eq!(missing, [Difference::Missing("manifest.sig".to_owned())]);
    let another = |name: &str, bytes: Vec<u8>| (name != "manifest.json").then_some(bytes);
    let wrong = check_package(&repacked(&archive, another), None);
    assert!(
        matches!(wrong, Err(NotSigned::NoManifest(_))),
        "what never was a package was not tampered with: {wrong:?}"
    );
    let other = "0".repeat(64);
    let wrong = check_package(&archive, Some(&other));
    assert!(
        matches!(wrong, Err(NotSigned::OtherKey { .. })),
        "{wrong:?}"
    );
    for bytes in [&archive[..archive.len() / 2], b"PK", b""] {
        let wrong = check_package(bytes, None);
        assert!(matches!(wrong, Err(NotSigned::NoArchive(_))), "{wrong:?}");
    }
}

#[tokio::test]
async fn what_is_withdrawn_is_in_no_package_from_that_moment_on() {
    let world = World::new().await;
    let address = topic(&world).await;
    let page = address.replace("/api/v1", "");
    let addresses = [
        address.clone(),
        format!("{address}/package.zip"),
        format!("{address}/polis.csv"),
        format!("{address}/talk-to-the-city.csv"),
        format!("{address}/decidim.json"),
        format!("{address}/quotations.csv"),
        format!("{address}/quotations.json"),
        format!("{address}/README.txt"),
        page,
        format!("{SEARCH}?q=phlebotomy"),
        format!("{SEARCH}/package.zip?q=phlebotomy"),
        "/search/package?q=phlebotomy".to_owned(),
    ];
    let before = world.get(&addresses[0]).await;
    assert!(before.text().contains("aire-carers"));
    let archive = world.get(&addresses[1]).await.text_lossy();
    assert!(archive.contains("health centre"), "nothing in it is packed");

    // One conversation, and then a whole network.
    let package = before.json();
    let last = list(&package["quotations"])
        .last()
        .expect("a quotation")
        .clone();
    let (id, said) = (last["conversation"].as_str(), last["text"].as_str());
    let (id, said) = (id.expect("id"), said.expect("text"));
    publish(
        &world,
        Visibility {
            generation: 1,
            conversations: [id.parse().expect("id")].into(),
            ..Visibility::default()
        },
    );
    for address in &addresses {
        let answer = world.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        let text = answer.text_lossy();
        assert!(!text.contains(id) && !text.contains(said), "{address}");
    }
    let after = world.get(&addresses[0]).await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(after.json()["check"]["generation"], 1);

    publish(
        &world,
        Visibility {
            generation: 2,
            networks: [World::id_of("aire-carers")].into(),
            ..Visibility::default()
        },
    );
    for address in &addresses {
        let answer = world.get(address).await;
        // The topic may be too small to be shown now.
        let gone = address.contains("/topics/") && answer.status == StatusCode::NOT_FOUND;
        assert!(gone || answer.status == StatusCode::OK, "{address}");
        for trace in ["aire-carers", "Aire Carers", "health centre"] {
            assert!(!answer.text_lossy().contains(trace), "{address}: {trace}");
        }
    }
}
