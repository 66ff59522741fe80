//! When not all words need to be found.
//!
//! The rule, for the plain words that stand side by side at the top of a query (phrases, groups, fields and negations
//! always hold): up to three words are all required; only where that finds nothing are conversations with *any* of
//! them shown. With four or five all are required first; where fewer than a page ([`ENOUGH`]) have them all, those with
//! at least a third of them are shown, then those with any. From [`TEXT`] words on (a pasted title or sentence)
//! nobody expects all of them: a third is enough from the start. Words that stand in half of all conversations do not
//! count for this. The answer always says which of these it is. `AND` between words requires all of them, and so does
//! [`Matching::All`]; [`Matching::Any`] ranks by the words without requiring more than one, to find one known thing.

use super::answer::Matched;
use super::request::Matching;
use crate::query::{Node, Query};

/// From this many words on, a query is a text that is looked for rather than a set of conditions.
const LONG: usize = 4;
/// From this many on it is a title or a sentence.
const TEXT: usize = 6;
/// Conversations with all words from which on the others are not wanted: a page.
const ENOUGH: u64 = 20;

/// Share of all conversations from which on a word is too common to tell anything; it then never decides alone.
const COMMON: f64 = 0.5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    All,
    Most,
    Any,
}

/// In a small index a word may stand in a large share by accident.
const NEVER_COMMON: u64 = 20;

/// Whether a word stands in so many conversations that it tells them apart no more.
fn is_common(frequency: u64, documents: u64) -> bool {
    frequency > NEVER_COMMON && (frequency as f64) > COMMON * documents as f64
}

/// A mode, and how many conversations it must find for the next one not to be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) mode: Mode,
    pub(super) enough: u64,
}

/// What to try, in order. Never empty.
pub(super) fn steps(query: &Query, matching: Matching) -> Vec<Step> {
    let step = |mode, enough| Step { mode, enough };
    let words = loose_words(&query.root).len();
    if matching == Matching::All || words < 2 {
        return vec![step(Mode::All, 0)];
    }
    if matching == Matching::Any {
        return vec![step(Mode::Any, 0)];
    }
    if words < LONG {
        return vec![step(Mode::All, 1), step(Mode::Any, 0)];
    }
    let loosened = [step(Mode::Most, 1), step(Mode::Any, 0)];
    if words < TEXT {
        [&[step(Mode::All, ENOUGH)], loosened.as_slice()].concat()
    } else {
        loosened.to_vec()
    }
}

/// The plain words at the top of the query, each once.
pub(super) fn loose_words(root: &Node) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    for node in side_by_side(root) {
        if let Node::Word(word) = node
            && !words.contains(&word.as_str())
        {
            words.push(word);
        }
    }
    words
}

/// What must all hold at the top of the query.
pub(super) fn side_by_side(root: &Node) -> &[Node] {
    match root {
        Node::And(nodes) => nodes,
        single => std::slice::from_ref(single),
    }
}

/// Which of the loose words count, and how many of these must match; nothing where all must.
pub(super) struct MinimumShouldMatch {
    pub(super) counts: Vec<bool>,
    pub(super) required: usize,
}

impl MinimumShouldMatch {
    /// `frequencies`: in how many of `documents` each loose word stands.
    pub(super) fn new(mode: Mode, frequencies: &[u64], documents: u64) -> Option<Self> {
        if mode == Mode::All {
            return None;
        }
        let mut counts: Vec<bool> = frequencies
            .iter()
            .map(|frequency| !is_common(*frequency, documents))
            .collect();
        if !counts.contains(&true) {
            counts.fill(true);
        }
        let of = counts.iter().filter(|counts| **counts).count();
        let required = match mode {
            Mode::Most => of.div_ceil(3),
            Mode::All | Mode::Any => 1,
        };
        Some(Self { counts, required })
    }

    pub(super) fn matched(&self, mode: Mode) -> Matched {
        let of = self.counts.iter().filter(|counts| **counts).count();
        match mode {
            Mode::Most => Matched::Most {
                required: self.required,
                of,
            },
            Mode::All | Mode::Any => Matched::Any { of },
        }
    }
}
