//! Whose words speak for a topic: its central conversations, nearest to the middle first.

use std::collections::BTreeSet;

use discover_model::{ConversationId, Language, NetworkId, TopicId};

use crate::Snapshot;

/// A conversation near the middle of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Central {
    pub conversation: ConversationId,
    pub network: NetworkId,
}

impl Snapshot {
    /// A topic's most central conversations of which nothing is hidden, near copies once. Near enough are those that turn
    /// on the subject; of a language in which none does, because its words are others, those linked as well as most
    /// that do.
    pub fn central(&self, topic: TopicId) -> Vec<Central> {
        let id = self.aliases.get(&topic).copied().unwrap_or(topic);
        let Some(support) = self.by_id.get(&id).map(|at| &self.support[*at]) else {
            return Vec::new();
        };
        let on_subject = support.coherence.on_subject();
        let read = support.coherence.read.iter().enumerate();
        let read: Vec<_> = read
            .filter_map(|(bit, at)| {
                let member = &support.members[(*at)? as usize];
                Some((member, on_subject >> bit & 1 == 1))
            })
            .collect();
        let near = read.iter().filter(|(_, near)| *near);
        let near: Vec<_> = near.map(|(member, _)| *member).collect();
        let languages: BTreeSet<Option<Language>> =
            near.iter().map(|member| member.facts.language).collect();
        // They stand most central first.
        let bar = near
            .get(near.len() / 2)
            .map_or(f32::INFINITY, |member| member.weight);
        let linked = |weight: f32, language: Option<Language>| {
            language.is_some() && !languages.contains(&language) && weight >= bar
        };
        read.into_iter()
            .filter(|(member, near)| *near || linked(member.weight, member.facts.language))
            .map(|(member, _)| Central {
                conversation: member.facts.id,
                network: member.facts.network,
            })
            .collect()
    }
}
