//! What a feed named last time and names no more, while older entries are still there: it was taken out, and did not
//! leave at the end of the window. Entries are known by their marks.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Item, Mark};
use serde::{Deserialize, Serialize};

/// Entries remembered; a longer feed is not followed this way.
const MOST: usize = 1000;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Window {
    /// Seconds of last activity.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    named: BTreeMap<Mark, i64>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    missing: BTreeSet<Mark>,
}

impl Window {
    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty() && self.missing.is_empty()
    }

    /// Notes what the feed names now; `mark` gives the mark of a key.
    pub(super) fn shows(&mut self, items: &[Item], mark: impl Fn(&str) -> Mark) {
        let keys: BTreeSet<Mark> = items.iter().map(|item| mark(&item.key)).collect();
        let named: BTreeMap<Mark, i64> = items
            .iter()
            .filter_map(|item| {
                let at = item.updated.max(item.published)?;
                Some((mark(&item.key), at.as_second()))
            })
            .take(MOST + 1)
            .collect();
        if let Some(oldest) = named.values().min() {
            let within = self.named.iter().filter(|(_, at)| *at > oldest);
            let within: Vec<Mark> = within.map(|(key, _)| *key).collect();
            self.missing.extend(within);
        }
        self.missing.retain(|key| !keys.contains(key));
        while self.missing.len() > MOST {
            self.missing.pop_first();
        }
        self.named = if named.len() > MOST {
            BTreeMap::new()
        } else {
            named
        };
    }

    pub(super) fn misses(&self, item: Mark) -> bool {
        self.missing.contains(&item)
    }
}

#[cfg(test)]
mod tests {
    use discover_model::SourceKind;

    use super::*;
    use crate::connectors::items::blank;
    use crate::testing::{NOW, SECRET, source};

    fn mark(key: &str) -> Mark {
        SECRET.mark("item", key)
    }

    fn entries(days: &[i64]) -> Vec<Item> {
        let url = url::Url::parse("https://site.example/").expect("url");
        let item = |day: &i64| Item {
            published: Some(NOW + jiff::SignedDuration::from_hours(24 * day)),
            ..blank(
                &source(SourceKind::Feed, &url),
                format!("k{day}"),
                url.clone(),
            )
        };
        days.iter().map(item).collect()
    }

    #[test]
    fn what_is_taken_out_of_the_middle_is_told_from_what_leaves_at_the_end() {
        let mut window = Window::default();
        window.shows(&entries(&[1, 2, 3, 4]), mark);
        window.shows(&entries(&[2, 4, 5]), mark);
        assert!(
            window.misses(mark("k3")) && !window.misses(mark("k1")) && !window.misses(mark("k4"))
        );
        // An answer without entries says nothing, and what is named again is there.
        window.shows(&[], mark);
        assert!(window.misses(mark("k3")) && !window.misses(mark("k5")));
        window.shows(&entries(&[3, 5]), mark);
        assert!(!window.misses(mark("k3")));
    }
}
