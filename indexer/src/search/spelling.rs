//! "Did you mean": for a word of the query that stands nowhere, the nearest word that stands somewhere.
//!
//! Only words are proposed that enough networks use: a proposal must not tell what one person wrote, and how many voices
//! of a conversation wrote a word is not known here.

use std::collections::BTreeSet;
use std::time::Instant;

use discover_model::text::is_function_word;
use discover_model::threshold::MIN_NETWORKS;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use super::caches::Ready;
use super::sets::DocSets;
use crate::error::SearchError;
use crate::query::suggest::distance;

/// Shortest word that is corrected: shorter ones are near to too many others.
const MIN_CHARS: usize = 4;
/// From this length on two mistakes are forgiven, else one.
const LONG_CHARS: usize = 8;
/// Words looked at for each beginning, in each segment.
const LOOKED_AT: usize = 50_000;
/// Candidates whose use is looked at, best first.
const TRIED: usize = 5;
/// Conversations looked at for each of them.
const CONVERSATIONS: usize = 5_000;
/// Words of one query that are corrected.
pub(super) const MAX_WORDS: usize = 3;

/// What a proposal is looked for in.
pub(super) struct Vocabulary<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) ready: &'a Ready,
    pub(super) hidden: &'a DocSets,
    /// The neutral view, which holds words as they are written.
    pub(super) field: Field,
    pub(super) deadline: Instant,
}

impl Vocabulary<'_> {
    /// The nearest word in use to a folded word that is not in use; the more frequent one of two.
    pub(super) fn nearest(&self, word: &str) -> Result<Option<String>, SearchError> {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() < MIN_CHARS || !letters.iter().all(|c| c.is_alphabetic()) {
            return Ok(None);
        }
        let allowed = if letters.len() < LONG_CHARS { 1 } else { 2 };
        // The first letter is rarely wrong; where it is, it has mostly changed places with the second.
        let mut found = self.near(word, &letters[..1], allowed)?;
        if letters[0] != letters[1] {
            found.extend(self.near(word, &[letters[1], letters[0]], allowed)?);
        }
        found.sort_by(|a, b| (a.edits, b.frequency, &a.word).cmp(&(b.edits, a.frequency, &b.word)));
        found.dedup_by(|a, b| a.word == b.word);
        let says = |candidate: &Candidate| {
            let languages = self
                .ready
                .columns
                .iter()
                .flat_map(|columns| &columns.languages);
            !is_function_word(&candidate.word, None)
                && !languages
                    .into_iter()
                    .any(|language| is_function_word(&candidate.word, Some(*language)))
        };
        for candidate in found.into_iter().filter(says).take(TRIED) {
            if self.in_use(&candidate.word)? {
                return Ok(Some(candidate.word));
            }
        }
        Ok(None)
    }

    fn near(
        &self,
        word: &str,
        beginning: &[char],
        allowed: usize,
    ) -> Result<Vec<Candidate>, SearchError> {
        let beginning: String = beginning.iter().collect();
        let length = word.chars().count();
        let mut found: Vec<Candidate> = Vec::new();
        for segment in self.searcher.segment_readers() {
            if Instant::now() >= self.deadline {
                break;
            }
            let index = segment.inverted_index(self.field)?;
            let stream = index.terms().range().ge(&beginning).into_stream();
            let mut stream = stream.map_err(|error| SearchError::Index(error.into()))?;
            let mut looked_at = 0;
            while looked_at < LOOKED_AT
                && stream.advance()
                && stream.key().starts_with(beginning.as_bytes())
            {
                looked_at += 1;
                let Ok(other) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                // No word of so many bytes more or fewer can be near; characters have at most four.
                if other.len().abs_diff(word.len()) > 4 * allowed
                    || other.chars().count().abs_diff(length) > allowed
                {
                    continue;
                }
                let edits = distance(word, other);
                if (1..=allowed).contains(&edits) {
                    let frequency = u64::from(stream.value().doc_freq);
                    match found.iter_mut().find(|known| known.word == other) {
                        Some(known) => known.frequency += frequency,
                        None => found.push(Candidate {
                            word: other.to_owned(),
                            edits,
                            frequency,
                        }),
                    }
                }
            }
        }
        Ok(found)
    }

    /// Whether enough networks use the word in conversations that may be shown.
    fn in_use(&self, word: &str) -> Result<bool, SearchError> {
        let term = Term::from_field_text(self.field, word);
        let mut networks = BTreeSet::new();
        let mut looked_at = 0;
        for (segment, columns) in self
            .searcher
            .segment_readers()
            .iter()
            .zip(&self.ready.columns)
        {
            let index = segment.inverted_index(self.field)?;
            let postings = index
                .read_postings(&term, IndexRecordOption::Basic)
                .map_err(|error| SearchError::Index(error.into()))?;
            let Some(mut postings) = postings else {
                continue;
            };
            let hidden = self.hidden.of(segment);
            while postings.doc() != TERMINATED && looked_at < CONVERSATIONS {
                let doc = postings.doc();
                looked_at += 1;
                if !segment.is_deleted(doc) && hidden.is_none_or(|hidden| !hidden.contains(doc)) {
                    if let Some(network) = columns.network(doc) {
                        networks.insert(columns.networks[network]);
                    }
                    if networks.len() >= MIN_NETWORKS {
                        return Ok(true);
                    }
                }
                postings.advance();
            }
        }
        Ok(false)
    }
}

struct Candidate {
    word: String,
    edits: usize,
    frequency: u64,
}

/// The query with a word of it replaced, where the word stands by itself.
pub(super) fn replaced(q: &str, word: &str, by: &str) -> Option<String> {
    let stands_alone = |at: usize| {
        let before = q[..at].chars().next_back();
        let after = q[at + word.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric())
    };
    // Not within a phrase, and not as the value of a field.
    let is_plain =
        |at: usize| !q[..at].ends_with(':') && q[..at].matches('"').count().is_multiple_of(2);
    let (at, _) = q
        .match_indices(word)
        .find(|(at, _)| stands_alone(*at) && is_plain(*at))?;
    Some(format!("{}{by}{}", &q[..at], &q[at + word.len()..]))
}
