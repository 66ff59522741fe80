//! Words that set a result apart from the rest of what is indexed.
//!
//! Frequencies in a sample of the result are compared with those in the whole index by the log-likelihood ratio
//! (Dunning, 1993), which ranks what is both far more frequent here and frequent enough to mean something. A word is
//! named only where enough networks or voices of the sample use it.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::text::{
    Joint, Repeated, Stemmer, folded, is_function_word, is_number_word, normalise, segments,
    without_placeholders,
};
use discover_model::threshold::may_show;
use discover_model::{Conversation, NetworkId, Voice};
use tantivy::Term;

use crate::error::IndexError;
use crate::index::Index;

/// Shortest word that says anything by itself.
const MIN_CHARS: usize = 3;
/// Fewest conversations of the sample that hold a word.
const MIN_CONVERSATIONS: u64 = 3;
/// Text read of each conversation, in bytes.
pub const SIGNIFICANT_BYTES: usize = 16 * 1024;
/// Log-likelihood from which on a difference is no accident (99.9 % for one word).
const SIGNIFICANT: f64 = 10.83;

/// A word with what it is known by.
#[derive(Debug, Clone, PartialEq)]
pub struct SignificantTerm {
    /// As it is most often written.
    pub word: String,
    /// Conversations of the sample that hold it.
    pub conversations: u64,
    /// Conversations that hold it: of the index, or of all samples.
    pub everywhere: u64,
    /// Log-likelihood ratio: how sure it is that the difference is no accident.
    pub score: f64,
}

#[derive(Default)]
struct Use {
    conversations: u64,
    networks: BTreeSet<NetworkId>,
    voices: BTreeSet<Voice>,
    written: BTreeMap<String, u64>,
}

impl Use {
    fn told(&self, form: &str, everywhere: u64, score: f64) -> SignificantTerm {
        let written = self
            .written
            .iter()
            .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        SignificantTerm {
            word: written.map_or_else(|| form.to_owned(), |(word, _)| word.clone()),
            conversations: self.conversations,
            everywhere,
            score,
        }
    }
}

impl Index {
    /// The words that tell `sample` (conversations as they may be shown) from everything indexed, most telling first.
    /// `asked` are the words of the query, folded, which tell nothing.
    pub fn significant_terms(
        &self,
        sample: &[Conversation],
        asked: &[String],
        limit: usize,
    ) -> Result<Vec<SignificantTerm>, IndexError> {
        let searcher = self.searcher();
        let all = searcher.num_docs().max(sample.len() as u64);
        let mut significant = Vec::new();
        for (form, known) in uses(sample) {
            if known.conversations < MIN_CONVERSATIONS
                || !may_show(known.networks.len(), known.voices.len())
            {
                continue;
            }
            let term = Term::from_field_text(self.fields.any, &form);
            let everywhere = searcher.doc_freq(&term)?.clamp(known.conversations, all);
            let score = log_likelihood(known.conversations, sample.len() as u64, everywhere, all);
            if score >= SIGNIFICANT {
                let word = known.told(&form, everywhere, score);
                significant.push((form, word));
            }
        }
        Ok(most_significant(significant, asked, limit))
    }
}

/// The words that tell each of some samples (conversations as they may be shown) from the others together, most telling
/// first. `asked` are the words of the queries, folded, which tell nothing.
pub fn distinctive_terms(
    samples: &[&[Conversation]],
    asked: &[String],
    limit: usize,
) -> Vec<Vec<SignificantTerm>> {
    let all: u64 = samples.iter().map(|sample| sample.len() as u64).sum();
    let known: Vec<_> = samples.iter().map(|sample| uses(sample)).collect();
    let side = |here: usize| {
        let mut significant = Vec::new();
        for (form, known_here) in &known[here] {
            if known_here.conversations < MIN_CONVERSATIONS
                || !may_show(known_here.networks.len(), known_here.voices.len())
            {
                continue;
            }
            let everywhere = known
                .iter()
                .filter_map(|known| known.get(form))
                .map(|known| known.conversations)
                .sum();
            let score = log_likelihood(
                known_here.conversations,
                samples[here].len() as u64,
                everywhere,
                all,
            );
            if score >= SIGNIFICANT {
                significant.push((form.clone(), known_here.told(form, everywhere, score)));
            }
        }
        most_significant(significant, asked, limit)
    };
    (0..samples.len()).map(side).collect()
}

/// The most telling first, without what was asked for.
fn most_significant(
    mut significant: Vec<(String, SignificantTerm)>,
    asked: &[String],
    limit: usize,
) -> Vec<SignificantTerm> {
    significant.sort_by(|(_, a), (_, b)| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| a.word.cmp(&b.word))
    });
    // Comparing stems is dear: only until there are enough.
    significant
        .into_iter()
        .filter(|(form, _)| !asked.iter().any(|word| is_same(word, form)))
        .map(|(_, word)| word)
        .take(limit)
        .collect()
}

/// Every word of the sample by its folded form, without function words, numbers and what a source repeats under its posts.
fn uses(sample: &[Conversation]) -> BTreeMap<String, Use> {
    let mut repeated = Repeated::default();
    for conversation in sample {
        let posts = conversation.posts.iter();
        repeated.put(
            conversation.id,
            posts.map(|post| (post.source, post.text.as_str())),
        );
    }
    let mut uses: BTreeMap<String, Use> = BTreeMap::new();
    for conversation in sample {
        let mut here: BTreeSet<String> = BTreeSet::new();
        let mut left = SIGNIFICANT_BYTES;
        for post in &conversation.posts {
            let language = post.language.or(conversation.language);
            let text = &post.text[..post.text.floor_char_boundary(left)];
            left -= text.len();
            let own = repeated.own_words(post.source, text);
            let own = without_placeholders(&own);
            let form = normalise(&own);
            for segment in segments(form.as_str()) {
                let word = &form.as_str()[segment.from..segment.to];
                if segment.unspaced
                    || segment.joint == Joint::Possessive
                    || word.chars().count() < MIN_CHARS
                    || !word.starts_with(char::is_alphabetic)
                    || word.chars().any(char::is_numeric)
                {
                    continue;
                }
                let token = folded(word);
                if is_function_word(&token, language) || is_number_word(&token, language) {
                    continue;
                }
                let known = uses.entry(token.clone()).or_default();
                known.voices.insert(post.voice);
                if here.insert(token) {
                    known.conversations += 1;
                    known.networks.insert(conversation.network);
                    *known.written.entry(word.to_lowercase()).or_default() += 1;
                }
            }
        }
    }
    uses
}

/// Whether two folded words are one in some of their forms (`test`, `tests`).
fn is_same(asked: &str, form: &str) -> bool {
    asked == form
        || Stemmer::all().any(|stemmer| {
            let stem = |word: &str| {
                let mut stem = String::new();
                stemmer.stem(word, &mut stem);
                stem
            };
            stemmer.stems(asked) && stemmer.stems(form) && stem(asked) == stem(form)
        })
}

/// Twice the logarithm of how much likelier the counts are if the word is more frequent in the sample than in the rest;
/// zero where it is not.
fn log_likelihood(inside: u64, sample: u64, everywhere: u64, all: u64) -> f64 {
    let (a, n1) = (inside as f64, sample as f64);
    let (b, n2) = ((everywhere - inside) as f64, (all - sample) as f64);
    if n2 <= 0.0 || a / n1 <= b / n2 {
        return 0.0;
    }
    let likelihood = |hits: f64, of: f64, rate: f64| {
        let part = |count: f64, share: f64| if count > 0.0 { count * share.ln() } else { 0.0 };
        part(hits, rate) + part(of - hits, 1.0 - rate)
    };
    let together = (a + b) / (n1 + n2);
    2.0 * (likelihood(a, n1, a / n1) + likelihood(b, n2, b / n2)
        - likelihood(a, n1, together)
        - likelihood(b, n2, together))
}

#[cfg(test)]
mod tests {
    use super::log_likelihood;

    #[test]
    fn only_what_is_more_frequent_here_than_elsewhere_tells() {
        assert!(log_likelihood(50, 100, 60, 10_000) > log_likelihood(10, 100, 60, 10_000));
        assert!(log_likelihood(50, 100, 5_000, 10_000) < 1.0);
        assert!(log_likelihood(1, 100, 5_000, 10_000) <= 0.0);
        assert!(log_likelihood(100, 100, 100, 100) <= 0.0);
    }
}
