//! The topics beside one on the map, and the two conversations that join them most.

use discover_model::{ConversationId, TopicId};

use crate::Snapshot;

/// A topic beside another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    pub topic: TopicId,
    pub weight: f32,
    /// One conversation of either topic, the first of the topic asked about: their link weighs most.
    pub between: (ConversationId, ConversationId),
}

impl Snapshot {
    /// The topics of its level that a topic is linked to and that may be shown, strongest link first.
    pub fn neighbours(&self, topic: TopicId) -> Vec<Neighbour> {
        let id = self.aliases.get(&topic).copied().unwrap_or(topic);
        let Some(level) = self.resolve(id).map(|topic| usize::from(topic.level)) else {
            return Vec::new();
        };
        let Some(graph) = self.edges.get(level) else {
            return Vec::new();
        };
        let links = graph.links().filter(|(a, b, _)| *a == id || *b == id);
        let mut found: Vec<Neighbour> = links
            .filter_map(|(a, b, link)| {
                let other = if a == id { b } else { a };
                self.resolve(other).filter(|topic| topic.shown)?;
                let best = link.parts.iter().max_by(|x, y| x.2.total_cmp(&y.2))?;
                let ends = (best.0.id, best.1.id);
                let own_first = self.topic_at(ends.0, level as u8) == Some(id);
                Some(Neighbour {
                    topic: other,
                    weight: link.weight(),
                    between: if own_first { ends } else { (ends.1, ends.0) },
                })
            })
            .collect();
        let label = |id: TopicId| self.resolve(id).map(|topic| &topic.label);
        found.sort_by(|a, b| {
            let labels = || label(a.topic).cmp(&label(b.topic));
            b.weight.total_cmp(&a.weight).then_with(labels)
        });
        found
    }
}
