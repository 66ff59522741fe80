//! The published graph of one level: topics, and the links between them with the conversations that make each.
//!
//! The layout, masks, the map and its exports, and what bridges topics are all read from it.

use std::sync::Arc;

use discover_model::TopicId;
use petgraph::graphmap::UnGraphMap;

use crate::corpus::facts::Facts;

/// Two conversations, one of either topic, and what their link weighs.
pub(crate) type LinkPart = (Arc<Facts>, Arc<Facts>, f32);

/// Why two topics are linked: the strongest links between their conversations.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Link {
    pub(crate) parts: Arc<[LinkPart]>,
}

impl Link {
    pub(crate) fn weight(&self) -> f32 {
        self.parts.iter().map(|part| part.2).sum()
    }
}

/// Topics of one level and their links.
#[derive(Clone, Default)]
pub(crate) struct TopicGraph(UnGraphMap<TopicId, Link>);

impl std::fmt::Debug for TopicGraph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.links()).finish()
    }
}

impl PartialEq for TopicGraph {
    fn eq(&self, other: &Self) -> bool {
        self.links().eq(other.links())
    }
}

impl TopicGraph {
    pub(crate) fn of(links: impl Iterator<Item = (TopicId, TopicId, Arc<[LinkPart]>)>) -> Self {
        // In order of ids, so that the same links are the same graph.
        let mut links: Vec<_> = links
            .map(|(a, b, parts)| (a.min(b), a.max(b), parts))
            .collect();
        links.sort_by_key(|(a, b, _)| (*a, *b));
        let mut graph = UnGraphMap::new();
        for (a, b, parts) in links {
            graph.add_edge(a, b, Link { parts });
        }
        Self(graph)
    }

    /// Every link once, the lower id first, in order of ids.
    pub(crate) fn links(&self) -> impl Iterator<Item = (TopicId, TopicId, &Link)> {
        self.0.all_edges()
    }

    /// Without what `shown` denies; a link goes with its last part.
    #[must_use]
    pub(crate) fn masked(&self, shown: impl Fn(&LinkPart) -> bool) -> Self {
        let links = self.links().map(|(a, b, link)| {
            let parts = if link.parts.iter().all(&shown) {
                Arc::clone(&link.parts)
            } else {
                link.parts
                    .iter()
                    .filter(|part| shown(part))
                    .cloned()
                    .collect()
            };
            (a, b, parts)
        });
        Self::of(links.filter(|(.., parts)| !parts.is_empty()))
    }
}
