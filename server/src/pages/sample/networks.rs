//! Networks, the front page and the figures of the instance.

use discover_model::SourceKind;

use super::topic_id;
use super::{NETWORKS, TODAY, at, now, topic, topic_page, topic_ref};
use crate::shapes::{
    About, CodeCount, Home, List, Network, NotListed, Rank, Source, Thresholds, Warning, Warnings,
};

pub(crate) fn network(n: usize) -> Network {
    let (slug, name, kind) = NETWORKS[n % NETWORKS.len()];
    let unreachable = n == 5;
    Network {
        slug: slug.to_owned(),
        name: name.to_owned(),
        owner: format!("{name} CIC"),
        state: "live".to_owned(),
        proof: ["well-known", "dns-txt", "meta", "profile", "attested"][n % 5].to_owned(),
        registered: at("2026-03-02T10:00:00Z"),
        retention_days: 365,
        areas: super::areas(n),
        newcomers: n == 0,
        scope: vec![
            format!("https://{slug}.example/t/"),
            format!("https://{slug}.example/news/"),
        ],
        expires: Some(at("2027-03-01T00:00:00Z")),
        sources: vec![
            Source {
                kind,
                url: format!("https://{slug}.example/"),
                last_fetch: Some(at("2026-11-22T20:12:00Z")),
                last_ok: Some(at("2026-11-20T20:12:00Z")),
                reached: !unreachable,
                trouble: unreachable
                    .then(|| "the server did not answer within 30 seconds".to_owned()),
                fix: unreachable.then(|| "check that the site answers from outside".to_owned()),
                next_fetch: Some(at("2026-11-23T20:12:00Z")),
            },
            Source {
                kind: SourceKind::Feed,
                url: format!("https://{slug}.example/news.atom"),
                last_fetch: Some(at("2026-11-22T20:12:00Z")),
                last_ok: Some(at("2026-11-22T20:12:00Z")),
                reached: true,
                trouble: None,
                fix: None,
                next_fetch: Some(at("2026-11-23T20:12:00Z")),
            },
        ],
        conversations: 310 - n as u64 * 40,
        posts: (n != 7).then(|| 4_210 - n as u64 * 400),
        last_fetch: Some(at("2026-11-22T20:12:00Z")),
        unreachable_since: unreachable.then(|| at("2026-11-20T20:12:00Z")),
    }
}

pub(crate) fn networks() -> List<Network> {
    List {
        items: (0..8).map(network).collect(),
        next: None,
        total: 8,
        generation: 17,
    }
}

pub(crate) fn home() -> Home {
    Home {
        instance: "Discover".to_owned(),
        operator: Some("Wexmoor & Ashmere Health Watch".to_owned()),
        area: Some("Wexmoor and Ashmere".to_owned()),
        emerging: topic_page(Rank::Emerging, 5),
        enduring: topic_page(Rank::Enduring, 5),
        quiet: topic_page(Rank::Quiet, 5),
        not_listed: [
            None,
            None,
            topic_ref(topic_id(1)).map(|topic| NotListed {
                topic,
                because: "not here, because it is not small".to_owned(),
            }),
        ],
        warnings: Warnings {
            items: vec![Warning {
                topic: topic_ref(topic_id(0)).expect("the first"),
                chance: 1.0 / 17_723.0,
                networks: 9,
            }],
            tests: 24,
            days: 7,
            compared_with: 84,
            false_share: 0.05,
            false_alarms: None,
            drawn: TODAY,
            generation: 17,
        },
        lead: Some(topic(0)),
        networks: networks(),
        unreachable: vec![network(5)],
        conversations: 12_840,
        drawn: TODAY,
        now: now(),
        generation: 17,
    }
}

pub(crate) fn about() -> About {
    let count = |code: &str, words: &str, count| CodeCount {
        code: code.to_owned(),
        words: words.to_owned(),
        count,
    };
    About {
        instance: "Discover".to_owned(),
        operator: Some("Wexmoor & Ashmere Health Watch".to_owned()),
        area: Some("Wexmoor and Ashmere".to_owned()),
        tag_line: None,
        operator_contact: "mailto:desk@discover.example".to_owned(),
        user_agent: "Discover/0.1 (+https://discover.example/bot)".to_owned(),
        networks: 34,
        sources: 41,
        conversations: 12_840,
        posts: 96_210,
        topics: 126,
        refused: vec![
            count("out_of_scope", "outside the scope the owner agreed to", 412),
            count("noindex", "the page asks not to be indexed (noindex)", 35),
        ],
        redacted: vec![
            count("PHONE", "telephone number", 1_204),
            count("EMAIL", "e-mail address", 310),
            count("NHS_NUMBER", "NHS number", 20),
        ],
        ledger_seq: 97,
        ledger_head: "9f2c77ab03de51c8".repeat(4),
        thresholds: Thresholds {
            networks: 3,
            voices: 8,
            exact_from: 50,
            round_to: 5,
        },
        generation: 17,
    }
}
