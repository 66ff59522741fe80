//! What a word of a query is made of: words, parts that signs join, and runs of scripts without spaces.

use discover_model::text::{Joint, folded, segments, spellings};

use crate::analysis::MAX_PARTS;
use crate::query::{Node, Query};

/// One thing to look for within a word as typed, which is normalised.
pub(super) enum Unit {
    Word(String),
    /// Parts that signs join, and what they are when written as one; a possessive `s` is of the latter only.
    Compound {
        parts: Vec<String>,
        whole: Option<String>,
    },
    /// A run of a script without spaces.
    Run(Vec<String>),
}

pub(super) fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut rest = segments(text);
    while let Some(segment) = rest.next() {
        let part = text[segment.from..segment.to].to_owned();
        let others = rest.joined_to(segment);
        match units.last_mut() {
            Some(Unit::Run(run)) if segment.joint == Joint::Adjacent => run.push(part),
            _ if segment.unspaced => units.push(Unit::Run(vec![part])),
            _ if others.is_empty() => units.push(Unit::Word(part)),
            _ => {
                let all = std::iter::once(&segment).chain(&others);
                let whole = (others.len() < MAX_PARTS)
                    .then(|| all.map(|part| &text[part.from..part.to]).collect());
                let said = others.iter().filter(|part| part.joint != Joint::Possessive);
                let said = said.map(|part| text[part.from..part.to].to_owned());
                let parts = std::iter::once(part).chain(said).collect();
                units.push(Unit::Compound { parts, whole });
            }
        }
    }
    units
}

/// A word in every form that the neutral view holds for it.
pub(super) fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![folded(word)];
    forms.extend(spellings(word));
    forms.retain(|form| !form.is_empty());
    forms
}

/// What may stand at one place of a row.
pub(super) type Slot = Vec<String>;

/// The words looked for, folded, each once.
pub(super) fn terms(query: &Query) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for node in query.wanted() {
        let (Node::Word(text) | Node::Prefix(text) | Node::Phrase { text, .. }) = node else {
            continue;
        };
        for unit in units(text) {
            let found = match unit {
                Unit::Word(word) => vec![folded(&word)],
                Unit::Compound { parts, .. } => parts.iter().map(|part| folded(part)).collect(),
                Unit::Run(run) => vec![run.iter().map(|part| folded(part)).collect()],
            };
            for term in found {
                if !term.is_empty() && !terms.contains(&term) {
                    terms.push(term);
                }
            }
        }
    }
    terms
}
