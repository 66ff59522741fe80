//! How the words that two conversations share are named: phrases of their titles stay whole.

use std::collections::BTreeSet;

use discover_model::text::FunctionWords;

use crate::corpus::words::{fold, significant, without_placeholders, words};
use crate::graph::Graph;

/// Words of a title that are read, and of a phrase.
const READ: usize = 40;
const PHRASE: usize = 4;

/// Names for terms, the most telling first: each as part of the longest phrase of either title that is made of words both
/// `shared` (`blood tests`, `walk-in`), else as most write it. The same from either side.
pub(crate) fn names(graph: &Graph, terms: &[u32], shared: &[u32], titles: &[&str]) -> Vec<String> {
    let mut runs: BTreeSet<Run> = BTreeSet::new();
    for title in titles {
        runs.extend(runs_of(graph, title, shared));
    }
    let mut named: BTreeSet<u32> = BTreeSet::new();
    let mut names = Vec::new();
    for term in terms {
        if named.contains(term) {
            continue;
        }
        // The longest first, equals in the order of the alphabet.
        let run = runs.iter().find(|run| run.terms.contains(term));
        if let Some(run) = run {
            named.extend(&run.terms);
            names.push(run.text.clone());
        } else {
            named.insert(*term);
            names.push(graph.lexicon.surface(*term).to_owned());
        }
    }
    names
}

/// A phrase of a title.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    /// Most words first.
    words: std::cmp::Reverse<usize>,
    text: String,
    terms: Vec<u32>,
}

/// The longest runs of shared words in a title, those joined by a hyphen whatever they are, of two words and more.
fn runs_of(graph: &Graph, title: &str, shared: &[u32]) -> Vec<Run> {
    let text = without_placeholders(title);
    let function_words = FunctionWords::of(None);
    let mut folded = String::new();
    // Where each word stands, and its term where both have it.
    let mut read: Vec<(usize, usize, Option<u32>)> = Vec::new();
    words(&text, |word| {
        fold(word.text, &mut folded);
        let term = graph.lexicon.number(&folded);
        let term =
            term.filter(|term| significant(&folded, function_words) && shared.contains(term));
        read.push((word.start, word.start + word.text.len(), term));
        read.len() < READ
    });
    let between = |at: usize| &text[read[at - 1].1..read[at].0];
    let mut runs = Vec::new();
    let mut from = 0;
    for to in 1..=read.len() {
        let joined = to < read.len() && to - from < PHRASE && {
            let hyphened = to - 1 > from && between(to - 1) == "-";
            let both = (read[to - 1].2.is_some() || hyphened) && read[to].2.is_some();
            between(to) == "-" || (both && between(to) == " ")
        };
        if joined {
            continue;
        }
        let terms: Vec<u32> = read[from..to].iter().filter_map(|word| word.2).collect();
        if to - from > 1 && !terms.is_empty() {
            runs.push(Run {
                words: std::cmp::Reverse(to - from),
                text: text[read[from].0..read[to - 1].1].to_owned(),
                terms,
            });
        }
        from = to;
    }
    runs
}
