//! BM25 over several fields at once.
//!
//! One word may stand in the title, the opening and the replies, as it was typed and as a stem. Scoring each of these
//! by itself and adding up lets a word count several times; here the weighted frequencies are added first and saturate
//! once (BM25F: Robertson, Zaragoza and Taylor, 2004). Every field has its own average length, so a long thread is no
//! drawback to a word in its title.

use std::sync::Arc;

use tantivy::Score;
use tantivy::fieldnorm::FieldNormReader;

/// How soon a word's frequency stops to matter, and how much a longer text must say it more often: the usual values.
const K1: Score = 1.2;
const B: Score = 0.75;

/// What one occurrence counts in a field of each length, by the engine's code for lengths.
#[derive(Debug, Clone)]
pub(super) struct Norms(Arc<[Score; 256]>);

impl Norms {
    pub(super) fn new(tokens: u64, documents: u64) -> Self {
        let average = (tokens as Score / documents.max(1) as Score).max(1.0);
        let mut table = [0.0; 256];
        for (code, norm) in table.iter_mut().enumerate() {
            let length = FieldNormReader::id_to_fieldnorm(code as u8) as Score;
            *norm = 1.0 / (1.0 - B + B * length / average);
        }
        Self(Arc::new(table))
    }

    pub(super) fn of(&self, code: u8) -> Score {
        self.0[usize::from(code)]
    }
}

/// How much a word tells that stands in `frequency` of `documents`.
pub(super) fn idf(frequency: u64, documents: u64) -> Score {
    let frequency = frequency.min(documents) as Score;
    (1.0 + (documents as Score - frequency + 0.5) / (frequency + 0.5)).ln()
}

/// From an added-up frequency to a score.
pub(super) fn score(idf: Score, frequency: Score) -> Score {
    idf * (K1 + 1.0) * frequency / (frequency + K1)
}
