//! What became of everything that a visit saw: nothing is dropped in silence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Entries of one source, as of the last visit that saw any. The caller adds what the gate decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Entries that stood there, readable or not.
    pub seen: u64,
    pub kept: u64,
    /// By the code of the refusal.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, u64>,
    /// Entries without a usable key, address or text.
    #[serde(skip_serializing_if = "is_zero")]
    pub unreadable: u64,
    /// Entries that say nothing of when they were written, or nothing that can be.
    #[serde(skip_serializing_if = "is_zero")]
    pub undated: u64,
    /// Entries that are not shown before their pages were looked at.
    #[serde(skip_serializing_if = "is_zero")]
    pub waiting: u64,
    /// Threads and pages that were left out of this visit, by why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<String, u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Counts {
    /// Whether entries stood there and none of them could be read.
    pub fn none_readable(&self) -> bool {
        let malformed = self.refused.get("malformed").copied().unwrap_or(0);
        self.seen > 0 && self.unreadable + malformed >= self.seen
    }

    /// One line for people.
    pub fn words(&self) -> String {
        let mut words = format!("{} seen, {} kept", self.seen, self.kept);
        let mut add = |count: u64, what: &str, by: &BTreeMap<String, u64>| {
            if count == 0 {
                return;
            }
            let by: Vec<String> = by.iter().map(|(why, n)| format!("{why} {n}")).collect();
            let by = match by.as_slice() {
                [] => String::new(),
                by => format!(" ({})", by.join(", ")),
            };
            words.extend([format!(", {count} {what}"), by]);
        };
        let none = BTreeMap::new();
        add(self.refused.values().sum(), "refused", &self.refused);
        add(self.unreadable, "unreadable", &none);
        add(self.undated, "undated", &none);
        add(self.waiting, "waiting", &none);
        add(self.skipped.values().sum(), "skipped", &self.skipped);
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_said_in_the_shape_of_the_api_and_in_words() {
        let counts = Counts {
            seen: 40,
            kept: 31,
            refused: BTreeMap::from([("held".to_owned(), 2)]),
            unreadable: 1,
            undated: 3,
            waiting: 2,
            skipped: BTreeMap::from([("thread_broken".to_owned(), 3)]),
        };
        assert_eq!(
            serde_json::to_string(&counts).expect("json"),
            r#"{"seen":40,"kept":31,"refused":{"held":2},"unreadable":1,"undated":3,"waiting":2,"skipped":{"thread_broken":3}}"#
        );
        assert_eq!(
            counts.words(),
            "40 seen, 31 kept, 2 refused (held 2), 1 unreadable, 3 undated, 2 waiting, 3 skipped (thread_broken 3)"
        );
        assert!(!counts.none_readable() && !Counts::default().none_readable());
        let bad = Counts {
            seen: 3,
            unreadable: 1,
            refused: BTreeMap::from([("malformed".to_owned(), 2)]),
            ..Counts::default()
        };
        assert!(bad.none_readable());
    }
}
