//! Which network has what part in a topic.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{NetworkId, TopicId};
use jiff::civil::Date;

use crate::Snapshot;
use crate::corpus::days::week;

/// A network's part in a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    pub network: NetworkId,
    pub conversations: u32,
    /// Conversations, near copies of each other once.
    pub texts: u32,
    pub voices: u32,
    /// Days of its first and latest post; none where none is dated.
    pub first: Option<Date>,
    pub last: Option<Date>,
    /// Weeks, from Monday on, with a post.
    pub weeks: u32,
}

#[derive(Default)]
struct Sum {
    conversations: u32,
    texts: BTreeSet<u32>,
    voices: BTreeSet<u64>,
    days: BTreeSet<Date>,
}

impl Snapshot {
    /// The networks that take part in a topic, most conversations first; nothing where the topic is unknown.
    pub fn participation_of(&self, topic: TopicId) -> Vec<Participation> {
        let id = self.aliases.get(&topic).copied().unwrap_or(topic);
        let Some(at) = self.by_id.get(&id) else {
            return Vec::new();
        };
        let mut sums: BTreeMap<NetworkId, Sum> = BTreeMap::new();
        for member in self.support[*at].members.iter() {
            let sum = sums.entry(member.facts.network).or_default();
            sum.conversations += 1;
            sum.texts.insert(member.copies);
            for post in member.facts.posts.iter() {
                sum.voices.insert(post.voice);
                sum.days.extend(post.day);
            }
        }
        let part = |(network, sum): (NetworkId, Sum)| {
            let weeks: BTreeSet<i64> = sum.days.iter().map(|day| week(*day)).collect();
            Participation {
                network,
                conversations: sum.conversations,
                texts: sum.texts.len() as u32,
                voices: sum.voices.len() as u32,
                first: sum.days.first().copied(),
                last: sum.days.last().copied(),
                weeks: weeks.len() as u32,
            }
        };
        let mut parts: Vec<Participation> = sums.into_iter().map(part).collect();
        parts.sort_by(|a, b| {
            b.conversations
                .cmp(&a.conversations)
                .then(a.network.cmp(&b.network))
        });
        parts
    }
}
