//! What is remembered of each topic: enough to see from the list whether it changed, and which of its posts went.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::wire::Listed;
use crate::fetch::Validators;

/// Topics and post ids remembered; the topics longest quiet are forgotten first.
const MAX_TOPICS: usize = 4000;
const MAX_IDS: usize = 20_000;

/// One topic.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Mark {
    /// Fingerprint of the topic's line in the list.
    #[serde(rename = "f")]
    print: u64,
    /// Seconds of last activity: the order of forgetting.
    #[serde(rename = "a")]
    active: i64,
    #[serde(rename = "i", skip_serializing_if = "Vec::is_empty")]
    pub(super) ids: Vec<u64>,
    #[serde(flatten)]
    pub(super) validators: Validators,
}

impl Mark {
    pub(super) fn of(listed: &Listed, ids: Vec<u64>, validators: Validators) -> Self {
        Self {
            print: listed.fingerprint(),
            active: listed.active().map_or(0, jiff::Timestamp::as_second),
            ids,
            validators,
        }
    }

    pub(super) fn with(self, ids: Vec<u64>, validators: Validators) -> Self {
        Self {
            ids,
            validators,
            ..self
        }
    }

    pub(super) fn matches(&self, listed: &Listed) -> bool {
        self.print == listed.fingerprint()
    }
}

/// A post's item key.
pub(super) fn post_key(topic: u64, post: u64) -> String {
    format!("t/{topic}/p/{post}")
}

/// The marks of a forum, bounded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Marks(BTreeMap<u64, Mark>);

impl Marks {
    pub(super) fn get(&self, id: u64) -> Option<&Mark> {
        self.0.get(&id)
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.0.remove(&id);
    }

    /// Item keys of a topic's posts, as far as remembered.
    pub(super) fn keys(&self, id: u64) -> Vec<String> {
        self.0
            .get(&id)
            .into_iter()
            .flat_map(|mark| mark.ids.iter().map(|post| post_key(id, *post)))
            .collect()
    }

    pub(super) fn put(&mut self, id: u64, mark: Mark) {
        self.0.insert(id, mark);
        if self.0.len() <= MAX_TOPICS && self.ids() <= MAX_IDS {
            return;
        }
        // A tenth at once, so that this is not done for every topic.
        let mut oldest: Vec<(i64, u64)> =
            self.0.iter().map(|(id, mark)| (mark.active, *id)).collect();
        oldest.sort_unstable();
        let mut ids = self.ids();
        for (_, old) in oldest {
            let crowded = self.0.len() > MAX_TOPICS / 10 * 9;
            if !crowded && ids <= MAX_IDS / 10 * 9 {
                break;
            }
            // Post ids go first: without them a topic is still known to be unchanged.
            if let Some(mark) = self.0.get_mut(&old) {
                ids -= mark.ids.len();
                mark.ids = Vec::new();
            }
            if crowded {
                self.0.remove(&old);
            }
        }
    }

    fn ids(&self) -> usize {
        self.0.values().map(|mark| mark.ids.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_bounded_and_keep_the_latest() {
        let mut marks = Marks::default();
        for id in 0..5000 {
            let mark = Mark {
                active: id as i64,
                ids: vec![1; 8],
                ..Mark::default()
            };
            marks.put(id, mark);
        }
        assert!(marks.0.len() <= MAX_TOPICS && marks.ids() <= MAX_IDS);
        assert!(marks.get(4999).is_some_and(|mark| mark.ids.len() == 8));
        assert!(marks.get(0).is_none());
        let json = serde_json::to_string(&marks).expect("json");
        assert_eq!(serde_json::from_str::<Marks>(&json).expect("marks"), marks);
    }
}
