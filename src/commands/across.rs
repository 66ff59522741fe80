//! What the demo says of languages: the topic that most of them speak of, what joins it across them, and whose silence on
//! it says nothing because what they write cannot be compared.

use std::collections::{BTreeMap, BTreeSet};

use discover_graph::{Graph, Meaning, Topic};
use discover_model::{ConversationId, Language, Network};
use discover_server::ByMeaning;

use jiff::ToSpan as _;
use serde::Serialize;

use crate::pipeline::Pipeline;

/// Days in which a network must have written for its languages to count: twelve weeks, as the site counts them.
const WINDOW_DAYS: i64 = 84;

/// The topic that most languages speak of.
#[derive(Debug, Serialize)]
pub(super) struct Across {
    topic: String,
    languages: Vec<Language>,
    /// Pairs of its conversations in two languages, by the reason for which they are related; a pair may have several.
    joined_by: BTreeMap<&'static str, usize>,
    /// Names of the networks whose languages are not compared with the topic's.
    not_comparable: Vec<String>,
}

impl Across {
    pub(super) fn of(
        pipeline: &Pipeline,
        meaning: Option<&ByMeaning>,
        networks: &[Network],
    ) -> Option<Self> {
        let published = pipeline.published.load();
        let topics = published.topics.topics.iter().map(AsRef::as_ref);
        let of_readers = topics.filter(|topic: &&Topic| topic.shown && topic.level == 1);
        let topic = of_readers.max_by_key(|topic| (topic.languages.len(), topic.conversations))?;
        let members = published.topics.members(topic.id);
        let graph = pipeline
            .graph
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let since = published
            .topics
            .drawn
            .saturating_sub((WINDOW_DAYS - 1).days());
        let spoken = graph.languages_since(since, &published.visibility);
        let knows = |language: &Language| meaning.is_some_and(|of| (of.knows)(*language));
        let any_known = topic.languages.iter().any(knows);
        let could = |language: &Language| {
            topic.languages.contains(language) || (any_known && knows(language))
        };
        let apart = |network: &&Network| {
            let languages: Option<&BTreeSet<Language>> = spoken.get(&network.id);
            languages.is_some_and(|languages| !languages.iter().any(could))
        };
        Some(Self {
            topic: topic.label.clone(),
            languages: topic.languages.clone(),
            joined_by: joined_by(&graph, &members, meaning),
            not_comparable: networks
                .iter()
                .filter(apart)
                .map(|network| network.name.clone())
                .collect(),
        })
    }

    /// As a line for whoever started the demo.
    pub(super) fn words(&self, by_meaning: bool) -> String {
        let languages: Vec<&str> = self.languages.iter().map(Language::english_name).collect();
        let languages = languages.join(", ");
        if !by_meaning {
            return format!(
                "compared by words alone: \"{}\" is found in {languages}; not comparable with it: {} (docs/meaning.md)",
                self.topic,
                self.not_comparable.join(", ")
            );
        }
        let pairs = |kind: &str| self.joined_by.get(kind).copied().unwrap_or_default();
        format!(
            "compared by meaning too: \"{}\" is one topic in {languages}; between languages, {} pairs of its conversations say much the same (found by a machine), {} link to the same page",
            self.topic,
            pairs("meaning"),
            pairs("shared_link")
        )
    }
}

fn joined_by(
    graph: &Graph,
    members: &[ConversationId],
    meaning: Option<&ByMeaning>,
) -> BTreeMap<&'static str, usize> {
    let meaning = meaning.map(|of| Meaning {
        nearest: &*of.nearest,
        likeness: &*of.likeness,
        nearness: &|_| None,
    });
    let within: BTreeSet<ConversationId> = members.iter().copied().collect();
    let mut counts = BTreeMap::new();
    for id in members {
        for relation in graph.related_with(*id, usize::MAX, meaning) {
            if relation.other <= *id
                || !within.contains(&relation.other)
                || graph.language_of(*id) == graph.language_of(relation.other)
            {
                continue;
            }
            for reason in &relation.reasons {
                *counts.entry(reason.kind()).or_default() += 1;
            }
        }
    }
    counts
}
