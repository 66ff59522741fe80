//! What a search finds, what is related, and the proof of consent.

use discover_model::{GrantId, PostId};

use super::topics::{LABELS, timeline};
use super::{NETWORKS, at, conversation, topic_id};
use crate::shapes::{
    Comparison, Consent, Evidence, FacetRow, Facets, Highlight, Hit, LedgerProof, List, MatchMode,
    Matched, Path, PathRelation, PathStep, Reason, Relation, SearchPage, Side, SignificantTerm,
    Sort, Timeline,
};

pub(crate) fn hit(n: usize) -> Hit {
    let conversation = conversation(n);
    let length = conversation.excerpt.chars().count();
    Hit {
        nearly: None,
        highlight: vec![Highlight {
            text: conversation.excerpt.clone(),
            marks: vec![(8, 19.min(length))],
            post: PostId::from_u128(n as u128),
        }],
        conversation,
        score: 7.31,
    }
}

pub(crate) fn search_page(total: u64) -> SearchPage {
    let row = |value: &str, label: &str, count| FacetRow {
        value: value.to_owned(),
        label: label.to_owned(),
        count,
        near_copies: 0,
        coordinated: None,
    };
    let facets = if total == 0 {
        Facets::default()
    } else {
        Facets {
            network: NETWORKS
                .iter()
                .enumerate()
                .map(|(n, (slug, name, _))| {
                    row(slug, name, 67_u64.saturating_sub(n as u64 * 10).max(1))
                })
                .collect(),
            area: vec![row("council-ashmere", "Ashmere (council)", 60)],
            language: vec![
                row("en", "English", 155),
                row("pl", "Polski", 30),
                row("ur", "اردو", 20),
                row("cy", "Cymraeg", 3),
            ],
            kind: vec![row("discourse", "discourse", 160), row("feed", "feed", 45)],
            topic: (0..3)
                .map(|n| row(&topic_id(n).to_string(), LABELS[n].0, 93 - n as u64 * 30))
                .collect(),
        }
    };
    SearchPage {
        items: (0..(total as usize).min(8)).map(hit).collect(),
        total,
        near_copies: 0,
        next: (total > 8).then(|| "Y3Vyc29y".to_owned()),
        generation: 17,
        matched: Matched {
            mode: MatchMode::All,
            required: None,
            of: None,
        },
        sort: Sort::Relevance,
        facets,
        timeline: if total == 0 {
            Timeline::default()
        } else {
            timeline()
        },
        too_small: 4,
        suggestion: None,
    }
}

/// The same result on all five sides; `bad` is done to every foreign text.
pub(crate) fn comparison(found: &SearchPage, q: &str, bad: &dyn Fn(&mut String)) -> Comparison {
    let word = |text: &str| {
        let mut word = text.to_owned();
        bad(&mut word);
        SignificantTerm {
            word,
            count: 10,
            score: 25.0,
        }
    };
    let side = || Side {
        q: q.to_owned(),
        after: None,
        before: None,
        total: found.total,
        near_copies: found.near_copies,
        matched: found.matched,
        facets: found.facets.clone(),
        timeline: found.timeline.clone(),
        words: vec![word("phlebotomy"), word("booking")],
        distinctive: vec![word("walk-in")],
        of: 200,
        too_small: found.too_small,
    };
    Comparison {
        sides: (0..5).map(|_| side()).collect(),
        generation: found.generation,
    }
}

pub(crate) fn related() -> List<Relation> {
    let reason = |kind: &str, words: &str, url: Option<&str>| Reason {
        kind: kind.to_owned(),
        weight: 0.3,
        words: words.to_owned(),
        url: url.map(str::to_owned),
        terms: Vec::new(),
        day: None,
    };
    List {
        items: [6, 1, 2, 4]
            .into_iter()
            .map(|n| Relation {
                conversation: conversation(n),
                score: 0.62,
                reasons: vec![
                    reason(
                        "shared_link",
                        "both link to the same page",
                        Some("https://www.healthcentre.example/notices/blood-tests?x=1"),
                    ),
                    reason(
                        "shared_terms",
                        "both speak of phlebotomy, booking line",
                        None,
                    ),
                ],
            })
            .collect(),
        next: Some("bmV4dA".to_owned()),
        total: 12,
        generation: 17,
    }
}

pub(crate) fn consent() -> Consent {
    Consent {
        grant: GrantId::from_u128(41),
        scope: vec!["https://forum.leedscarers.example/t/".to_owned()],
        purposes: vec!["search".to_owned(), "topics".to_owned()],
        retention_days: 365,
        evidence: Evidence {
            method: "well-known".to_owned(),
            sha256: "9f2c77ab03de51c8".repeat(4),
            seen: at("2026-11-22T04:00:00Z"),
        },
        expires: at("2027-11-22T00:00:00Z"),
        ledger: LedgerProof {
            seq: 41,
            hash: "0123456789abcdef".repeat(4),
            head: "f".repeat(64),
            head_seq: 42,
            signed: None,
            path: Vec::new(),
        },
    }
}

/// A way of two conversations.
pub(crate) fn path() -> Path {
    let related = related();
    let relation = &related.items[0];
    Path {
        steps: vec![
            PathStep::Conversation(Box::new(super::conversation(0))),
            PathStep::Relation(PathRelation {
                score: relation.score,
                reasons: relation.reasons.clone(),
            }),
            PathStep::Conversation(Box::new(relation.conversation.clone())),
        ],
        length: 2,
        looked_at: 12,
        generation: 17,
    }
}
