//! Digests of topics and of a search.

use jiff::civil::date;

use super::{answers, network_ref, search_page, topic};
use crate::shapes::{
    AreaRef, Digest, DigestAnswers, DigestGone, DigestItem, DigestRef, DigestSaid, DigestSearch,
    TopicRef,
};

fn of(week: i8, gone: DigestGone) -> DigestRef {
    let start = date(2026, 11, 16 - 7 * week);
    DigestRef {
        period: format!("2026-W{}", 47 - week),
        every: "week".to_owned(),
        start,
        last: date(2026, 11, 22 - 7 * week),
        so_far: week == 0,
        gone,
    }
}

fn item(n: usize) -> DigestItem {
    let topic = topic(n);
    DigestItem {
        topic: TopicRef {
            id: topic.id,
            label: topic.label,
            labels: topic.labels,
            networks: topic.networks.len() as u64,
            list: topic.list,
            coordinated: topic.coordinated,
        },
        conversations: 40 - n as u64,
        near_copies: 0,
        networks: 5,
        quiet_since: None,
        over_since: (n == 0).then(|| date(2026, 11, 20)),
        said: (n == 1).then_some(DigestSaid {
            conversations: 41,
            networks: 6,
        }),
        languages: topic.languages,
        chance: (n < 3).then_some(0.0004 * (n + 1) as f64),
        quote: topic.quotes.into_iter().next(),
    }
}

/// A week with a warning, what is new, what endures, answers and errata.
pub(crate) fn digest() -> Digest {
    let happened = answers();
    Digest {
        of: of(
            0,
            DigestGone {
                quotations: 1,
                topics: 0,
            },
        ),
        areas: vec![AreaRef {
            slug: "council-ashmere".to_owned(),
            kind: "council".to_owned(),
            name: "Ashmere".to_owned(),
        }],
        search: None,
        drawn: Some(super::TODAY),
        odds_days: 7,
        warnings: vec![item(0)],
        emerging: vec![item(1), item(2)],
        enduring: vec![item(3)],
        quiet: Vec::new(),
        answers: vec![DigestAnswers {
            topic: happened.topic,
            items: happened.items,
            due: happened.due,
        }],
        errata: vec![of(
            1,
            DigestGone {
                quotations: 2,
                topics: 1,
            },
        )],
        networks: 18,
        unreachable: vec![network_ref(4)],
        generation: 17,
    }
}

pub(crate) fn search_digest() -> Digest {
    let found = search_page(40);
    Digest {
        search: Some(DigestSearch {
            query: "q=blood&after=2026-11-16&before=2026-11-23".to_owned(),
            total: found.total,
            near_copies: 0,
            networks: found.facets.network.clone(),
            languages: found.facets.language.clone(),
            quotes: topic(0).quotes.into_iter().take(4).collect(),
        }),
        warnings: Vec::new(),
        emerging: Vec::new(),
        enduring: Vec::new(),
        answers: Vec::new(),
        errata: Vec::new(),
        of: of(1, DigestGone::default()),
        ..digest()
    }
}
