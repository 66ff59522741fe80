//! Briefs of a topic and of a search, and a tray.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::date;

use super::{language, network_ref, search_page, topic};
use crate::shapes::{
    Brief, BriefNetwork, BriefWarning, Check, FacetRow, FalseAlarms, LeftOut, MatchMode, Matched,
    NotComparable, Tray, TrayQuotation,
};

fn check() -> Check {
    Check {
        made: super::TODAY,
        drawn: super::TODAY,
        generation: 17,
        seq: 41_205,
        ledger_seq: 5_209,
        ledger_head: "9f2c77ab03de51c8".repeat(4),
        parameters: "0f9bd4e671d05c3a".repeat(4),
    }
}

/// The first topic on one page.
pub(crate) fn topic_brief() -> Brief {
    let topic = topic(0);
    let network = |n: usize| {
        let network = network_ref(n);
        BriefNetwork {
            slug: network.slug,
            name: network.name,
            count: 20 - n as u64,
            weeks: (0..16).map(|week| (week * (n as u64 + 1)) % 5).collect(),
        }
    };
    Brief {
        label: topic.label,
        labels: topic.labels,
        headline: Some(topic.title),
        url: format!("https://discover.example/topics/{}", topic.id),
        topic: Some(topic.id),
        list: topic.list,
        since: Some(topic.born),
        before: None,
        conversations: topic.conversations,
        last_7_days: Some(topic.last_7_days),
        voices: Some(topic.voices),
        coordinated: topic.coordinated,
        timeline: topic.timeline,
        baseline: topic.before,
        networks: (0..5).map(network).collect(),
        weeks: (0..16)
            .map(|week| date(2026, 8, 3).saturating_add(week.weeks()))
            .collect(),
        looked_at: 18,
        languages: [
            ("en", "English", 80),
            ("cy", "Cymraeg", 11),
            ("ur", "اردو", 6),
        ]
        .map(|(value, label, count)| FacetRow {
            value: value.to_owned(),
            label: label.to_owned(),
            count,
            near_copies: 0,
            coordinated: None,
        })
        .into(),
        quotes: topic.quotes.into_iter().take(4).collect(),
        mentions: vec![network_ref(6)],
        could: vec![network_ref(5)],
        not_comparable: vec![NotComparable {
            slug: network_ref(7).slug,
            name: network_ref(7).name,
            languages: vec![language("so")],
        }],
        warning: Some(BriefWarning {
            chance: Some(1.0 / 17_723.0),
            networks: 9,
            tests: 120,
            days: 14,
            compared_with: 84,
            false_share: 0.05,
            false_alarms: Some(FalseAlarms {
                days: 28,
                tests: 2_800,
                raised: 7,
                rate: 0.0025,
            }),
        }),
        happened: Some(super::answers()),
        annotations: super::annotations(),
        left_out: LeftOut {
            near_copies: 37,
            undated: 2,
            matched: None,
        },
        check: check(),
    }
}

/// What a search finds, on one page.
pub(crate) fn search_brief() -> Brief {
    let found = search_page(221);
    Brief {
        label: "blood tests".to_owned(),
        labels: BTreeMap::new(),
        headline: None,
        url: "https://discover.example/search?q=blood+tests".to_owned(),
        topic: None,
        list: None,
        since: Some(date(2026, 10, 1)),
        before: None,
        conversations: found.total,
        last_7_days: None,
        voices: None,
        coordinated: None,
        timeline: found.timeline,
        baseline: None,
        warning: None,
        happened: None,
        annotations: Vec::new(),
        left_out: LeftOut {
            near_copies: 0,
            undated: 0,
            matched: Some(Matched {
                mode: MatchMode::Most,
                required: Some(2),
                of: Some(3),
            }),
        },
        ..topic_brief()
    }
}

/// The quotations of the first topic, and one that is not shown.
pub(crate) fn tray() -> Tray {
    let quotes = topic(0).quotes.into_iter();
    Tray {
        items: quotes
            .map(|quote| TrayQuotation {
                item: quote.conversation.to_string(),
                page: format!(
                    "https://discover.example/conversations/{}",
                    quote.conversation
                ),
                reference: format!("{}. {}", quote.network.name, quote.title),
                coordinated: None,
                consent: format!("/api/v1/conversations/{}/consent", quote.conversation),
                quote,
            })
            .collect(),
        not_shown: 1,
        networks: 5,
        url: "https://discover.example/tray?tray=a".to_owned(),
        check: check(),
        generation: 17,
    }
}
