//! Several texts of one post: redacted, with what was taken out counted by kind and kept for its address.

use std::collections::BTreeMap;

use super::addresses::Taken;
use super::kind::Kind;
use super::redact;

/// Redacts several texts and counts what was taken out.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    of_kind: BTreeMap<Kind, u32>,
    taken: Taken,
}

impl Counts {
    pub fn redact(&mut self, text: &str) -> String {
        let redacted = redact(text);
        for span in &redacted.spans {
            *self.of_kind.entry(span.kind).or_default() += 1;
        }
        self.taken.add(text, &redacted.spans);
        redacted.text
    }

    /// What was taken out, for looking whether an address repeats it.
    pub fn taken(&self) -> &Taken {
        &self.taken
    }

    pub fn into_vec(self) -> Vec<(Kind, u32)> {
        self.of_kind.into_iter().collect()
    }
}
