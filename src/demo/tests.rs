//! What the sample networks must be for the demo to show something: enough, varied, well-formed, stable.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{NetworkId, Origin, proof};
use jiff::Timestamp;
use serde_json::Value;

use super::content::{self, Format, Network, State};
use super::{feeds, site};

const NOW: Timestamp = Timestamp::constant(1_795_300_000, 0);
const KEY: &[u8] = b"instance key of the test";

fn networks() -> Vec<Network> {
    content::load(NOW).expect("the content is readable")
}

fn origin() -> Origin {
    "http://127.0.0.11:4711".parse().expect("origin")
}

fn posts(network: &Network) -> impl Iterator<Item = &content::Post> {
    network
        .conversations
        .iter()
        .flat_map(|conversation| &conversation.posts)
}

#[test]
fn a_dozen_networks_hold_some_four_hundred_posts_of_the_last_four_months() {
    let networks = networks();
    assert_eq!(networks.len(), 12);
    let total: usize = networks.iter().map(|network| posts(network).count()).sum();
    assert!((380..=440).contains(&total), "{total} posts");
    let first = NOW
        .checked_sub(jiff::SignedDuration::from_hours(24 * 121))
        .expect("a time");
    for post in networks.iter().flat_map(posts) {
        assert!(first < post.at && post.at < NOW, "{}", post.at);
        assert!(!post.text.trim().is_empty());
    }
    let slugs: BTreeSet<_> = networks.iter().map(|network| &network.slug).collect();
    assert_eq!(slugs.len(), 12);
}

#[test]
fn many_languages_and_every_way_of_being_held_back_are_there() {
    let networks = networks();
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    let mut states = BTreeSet::new();
    for post in networks.iter().flat_map(posts) {
        *languages.entry(&post.language).or_default() += 1;
        states.insert(format!("{:?}", post.state));
    }
    for language in ["en", "cy", "pl", "ur", "bn", "ar"] {
        assert!(
            languages.get(language).is_some_and(|count| *count >= 15),
            "{languages:?}"
        );
    }
    assert_eq!(states.len(), 10, "{states:?}");
}

#[test]
fn one_topic_is_sudden_and_one_is_long_and_quiet() {
    let networks = networks();
    let linking = |link: &str| -> Vec<(&str, i64)> {
        networks
            .iter()
            .flat_map(|network| posts(network).map(move |post| (network, post)))
            .filter(|(_, post)| post.text.contains(link))
            .map(|(network, post)| {
                (
                    network.slug.as_str(),
                    (NOW.as_second() - post.at.as_second()) / 86_400,
                )
            })
            .collect()
    };
    let sudden = linking("/blood-tests-by-booking");
    let from: BTreeSet<_> = sudden.iter().map(|(slug, _)| *slug).collect();
    assert!(
        from.len() >= 9 && sudden.iter().all(|(_, days)| *days <= 9),
        "{sudden:?}"
    );
    let letters = [
        "large print",
        "print bras",
        "হাসপাতালের চিঠি",
        "رسائل",
        "خط",
        "letters",
    ];
    let weeks: BTreeSet<_> = letters
        .iter()
        .flat_map(|words| linking(words))
        .map(|(_, days)| days / 7)
        .collect();
    assert!(weeks.len() >= 15, "{weeks:?}");
}

#[test]
fn every_document_is_well_formed() {
    for network in networks() {
        for source in &network.sources {
            let Some((_, body)) = feeds::document(&network, source, &origin()) else {
                assert_eq!(source.format, Format::Discourse);
                continue;
            };
            if source.format == Format::JsonFeed {
                let feed: Value = serde_json::from_str(&body).expect("JSON");
                assert_eq!(
                    feed["items"].as_array().expect("items").len(),
                    posts(&network).count()
                );
            } else {
                well_formed(&body);
                let dates = body.split("<published>").skip(1);
                let written = dates.filter(|rest| {
                    let date = rest.split('<').next().unwrap_or_default();
                    date.parse::<jiff::Timestamp>().is_ok_and(|at| at < NOW)
                });
                let atom = body.contains("<feed ");
                assert_eq!(
                    written.count(),
                    if atom {
                        body.matches("<entry ").count()
                    } else {
                        0
                    }
                );
            }
        }
        let routes = site::routes(&network, &origin(), Some("00")).expect("routes");
        for (path, content_type, body) in routes.bodies() {
            if content_type.starts_with("application/json") {
                let _: Value = serde_json::from_str(body).expect(path);
            } else if content_type.starts_with("text/html") {
                assert!(
                    body.starts_with("<!doctype html>") && body.ends_with("</html>\n"),
                    "{path}"
                );
            }
        }
    }
}

/// Tags close in the order they opened, `&` only begins an entity, CDATA ends. Enough to catch what a writer of XML gets wrong.
fn well_formed(xml: &str) {
    let mut rest = xml.trim_start_matches(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    let mut open: Vec<&str> = Vec::new();
    while let Some(at) = rest.find(['<', '&']) {
        rest = &rest[at..];
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            rest = &inner[inner.find("]]>").expect("CDATA ends") + 3..];
        } else if let Some(entity) = rest.strip_prefix('&') {
            let name = &entity[..entity.find(';').expect("an entity ends")];
            assert!(["amp", "lt", "gt", "quot"].contains(&name), "&{name};");
            rest = &entity[name.len()..];
        } else {
            let end = rest.find('>').expect("a tag ends");
            let tag = &rest[1..end];
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name));
            } else if !tag.ends_with('/') {
                open.push(tag.split_whitespace().next().expect("a tag has a name"));
            }
            rest = &rest[end + 1..];
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_same_day_gives_the_same_documents_and_another_day_moves_them() {
    let bodies = |now| -> Vec<String> {
        let networks = content::load(now).expect("content");
        let all = networks.iter().flat_map(|network| {
            let routes = site::routes(network, &origin(), Some("00")).expect("routes");
            routes
                .bodies()
                .map(|(_, _, body)| body.to_owned())
                .collect::<Vec<_>>()
        });
        all.collect()
    };
    let hours = |count| {
        NOW.checked_add(jiff::SignedDuration::from_hours(count))
            .expect("a time")
    };
    assert_eq!(bodies(NOW), bodies(hours(1)));
    assert_ne!(bodies(NOW), bodies(hours(24)));
}

#[test]
fn copies_come_from_three_accounts_of_one_network() {
    let networks = networks();
    let copies: Vec<_> = networks
        .iter()
        .flat_map(|network| posts(network).map(move |post| (&network.slug, post)))
        .filter(|(_, post)| post.text.contains("save-ward-nine"))
        .collect();
    assert_eq!(copies.len(), 40);
    let accounts: BTreeSet<_> = copies.iter().map(|(slug, post)| (slug, &post.by)).collect();
    assert_eq!(accounts.len(), 3);
    assert!(copies.iter().all(|(_, post)| post.state == State::Live));
}

#[tokio::test]
async fn the_running_site_proves_consent_and_answers_conditional_requests() {
    let network_id = NetworkId::from_u128(7);
    let demo = super::start(
        |_| None,
        |_, origin| Some(proof::token(KEY, network_id, origin)),
        NOW,
    )
    .await
    .expect("the demo starts");
    let registry: toml::Table = demo.sources_toml.parse().expect("TOML");
    assert_eq!(registry["network"].as_array().expect("networks").len(), 12);
    let origins: BTreeSet<_> = demo
        .networks
        .iter()
        .map(|network| network.origin.as_str())
        .collect();
    assert_eq!(origins.len(), 12);
    for network in &demo.networks {
        let (status, _, file) = get(&proof::well_known_url(&network.origin), "").await;
        assert_eq!(status, 200);
        let proof =
            proof::read_file(file.as_bytes(), KEY, network_id, &network.origin).expect("a proof");
        for (_, url, _) in &network.sources {
            let (status, head, _) = get(url, "").await;
            if url.path() == "/" {
                continue;
            }
            assert_eq!(status, 200, "{url}");
            assert!(proof.scope.covers(url), "{url}");
            let etag = head
                .lines()
                .find_map(|line| line.strip_prefix("etag: "))
                .expect("an ETag");
            let (status, _, body) = get(url, &format!("If-None-Match: {etag}\r\n")).await;
            assert_eq!((status, body.as_str()), (304, ""));
        }
    }
    let forum = demo
        .networks
        .iter()
        .find(|network| network.slug == "aberwen")
        .expect("a forum");
    let mut seen = 0;
    let mut next = Some("/latest.json".to_owned());
    while let Some(path) = next {
        let url = forum.origin.root().join(&path).expect("url");
        let (_, _, body) = get(&url, "").await;
        let list: Value = serde_json::from_str(&body).expect("JSON");
        for topic in list["topic_list"]["topics"].as_array().expect("topics") {
            let url = forum
                .origin
                .root()
                .join(&format!("/t/{}.json", topic["id"]))
                .expect("url");
            let (status, _, body) = get(&url, "").await;
            let topic: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(status, 200);
            seen += topic["post_stream"]["posts"]
                .as_array()
                .expect("posts")
                .len();
        }
        next = list["topic_list"]["more_topics_url"]
            .as_str()
            .map(|more| more.replace("/latest?", "/latest.json?"));
    }
    let aberwen = networks()
        .into_iter()
        .find(|network| network.slug == "aberwen")
        .expect("content");
    assert_eq!(seen, posts(&aberwen).count());
}

/// A plain HTTP/1.1 request: status, head in lower case up to the values, body.
async fn get(url: &url::Url, headers: &str) -> (u16, String, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let host = url.host_str().expect("host");
    let port = url.port().expect("port");
    let mut stream = tokio::net::TcpStream::connect((host, port))
        .await
        .expect("connect");
    let target = &url[url::Position::BeforePath..];
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("write");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("read");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head[9..12].parse().expect("a status");
    (status, head.to_owned(), body.to_owned())
}
