//! Candidates for a topic's label and terms, and which of them is the label: words that half of its central texts turn on
//! before a title, and what it was called before as long as that says nearly as much.

use std::collections::BTreeSet;

use crate::publication::coherence::{Coherence, Reach};
use crate::publication::measure::Member;
use crate::publication::wording::{one_word, title};

/// Between two words that are no phrase.
pub(super) const LIST: &str = ", ";

/// A possible label or term, and the members that use it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) text: String,
    pub(crate) score: f32,
    /// Places in the topic's list of members.
    pub(crate) used_by: Vec<u32>,
    /// Its reach; of loose words, that of the one that reaches farthest.
    pub(super) reach: Reach,
    /// Number of words; none of a title.
    pub(super) words: usize,
    /// Whether it stands in titles, rather than in what is said under them.
    pub(super) titled: bool,
    /// Whether it is a single word that more than one in a hundred of all conversations use: by itself it names no issue.
    pub(super) common: bool,
}

/// How well a label speaks for a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Voice {
    /// Words that few have in common.
    Few,
    /// The title of one that all are near to.
    Title,
    /// A word that half or more turn on, and that no titles have in common.
    Said,
    /// Words that half or more turn on.
    Half,
}

impl Candidate {
    pub(super) fn voice(&self, coherence: &Coherence) -> Voice {
        match self.words {
            0 => Voice::Title,
            _ if coherence.is_half(self.reach) && self.titled => Voice::Half,
            _ if coherence.is_half(self.reach) => Voice::Said,
            _ => Voice::Few,
        }
    }

    pub(super) fn is_list(&self) -> bool {
        self.words > 1 && self.text.contains(LIST)
    }

    pub(super) fn is_phrase(&self) -> bool {
        self.words > 1 && !self.is_list()
    }

    /// Whether it may still be a label of these members, `of` networks in all: somebody who is left writes it so.
    pub(crate) fn supported(&self, members: &[Member], of: usize) -> bool {
        let written = |text: &str| {
            let titles = self
                .used_by
                .iter()
                .map(|at| members[*at as usize].facts.title());
            titles.into_iter().any(|title| title.contains(text))
        };
        match self.words {
            0 => !self.used_by.is_empty(),
            _ => {
                self.used_by.len() > 1
                    && (of < 2 || networks(members, &self.used_by) > 1)
                    && (!self.titled || self.text.split(LIST).all(written))
            }
        }
    }
}

/// Puts the labels of a topic that is left after masking in order: what spoke for half may not any more. `places` are
/// the members that are seen whole.
pub(crate) fn reorder(
    labels: &mut Vec<Candidate>,
    coherence: &Coherence,
    members: &[Member],
    places: &[Option<u32>],
) {
    if !labels
        .iter()
        .any(|label| label.voice(coherence) > Voice::Few)
    {
        labels.extend(medoid(members, places));
    }
    sort(labels, coherence);
}

/// Those that speak for most first; a stable sort: within a voice they stand best first.
pub(crate) fn sort(labels: &mut [Candidate], coherence: &Coherence) {
    labels.sort_by_key(|label| std::cmp::Reverse(label.voice(coherence)));
}

/// The label in a language: words that half of its texts turn on; none where there are none.
pub(crate) fn in_language(
    labels: &[Candidate],
    coherence: &Coherence,
    old: Option<&str>,
    margin: f32,
) -> Option<String> {
    speaks(labels, coherence).then(|| choose(labels, coherence, old, margin))
}

/// Whether the best of them is words that half of the texts turn on.
pub(crate) fn speaks(labels: &[Candidate], coherence: &Coherence) -> bool {
    let best = labels.first();
    best.is_some_and(|best| best.voice(coherence) > Voice::Title)
}

/// Whether the best of them is words that half of the texts turn on, and that their titles have in common or two of them name.
pub(crate) fn is_titled(labels: &[Candidate], members: &[Member], coherence: &Coherence) -> bool {
    labels
        .first()
        .is_some_and(|best| match best.voice(coherence) {
            Voice::Half => true,
            Voice::Said => {
                let word = best.text.to_lowercase();
                let titles: BTreeSet<String> = members
                    .iter()
                    .map(|member| member.facts.title().to_lowercase())
                    .filter(|title| title.contains(&word))
                    .collect();
                titles.len() > 1
            }
            Voice::Title | Voice::Few => false,
        })
}

/// A label that `taken` does not hold, for a topic whose own another has: the next that speaks for as much, else its own
/// with a word of the topic's beside it.
pub(crate) fn another(
    labels: &[Candidate],
    terms: &[Candidate],
    label: &str,
    taken: impl Fn(&str) -> bool,
) -> Option<String> {
    let named = labels.iter().filter(|other| other.words > 0);
    let next = named.map(|other| &other.text).find(|text| !taken(text));
    next.cloned().or_else(|| {
        let beside = terms.iter().filter(|term| !one_word(&term.text, label));
        let mut longer = beside.map(|term| [label, &term.text].join(LIST));
        longer.find(|text| !taken(text))
    })
}

/// The title of the most central member that is seen whole, to stand beside the label.
pub(crate) fn central_title(members: &[Member], coherence: &Coherence) -> String {
    let read = coherence.read.iter().flatten();
    let titles = read.map(|at| title(members[*at as usize].facts.title()));
    titles
        .into_iter()
        .find(|title| !title.is_empty())
        .unwrap_or_default()
}

/// The title of the most central member that is seen whole.
fn medoid(members: &[Member], whole: &[Option<u32>]) -> Option<Candidate> {
    let best = whole.iter().flatten().max_by(|a, b| {
        let (x, y) = (members[**a as usize].weight, members[**b as usize].weight);
        x.total_cmp(&y).then(b.cmp(a))
    })?;
    titled(members, *best)
}

/// A member's title as a label.
pub(super) fn titled(members: &[Member], at: u32) -> Option<Candidate> {
    let text = title(members[at as usize].facts.title());
    (!text.is_empty()).then(|| Candidate {
        text,
        score: 0.0,
        used_by: vec![at],
        reach: Reach::NONE,
        words: 0,
        titled: true,
        common: false,
    })
}

/// The first candidate, or the old label where it speaks for as many and is not beaten by the margin.
pub(crate) fn choose(
    labels: &[Candidate],
    coherence: &Coherence,
    old: Option<&str>,
    margin: f32,
) -> String {
    let Some(best) = labels.first() else {
        return String::new();
    };
    let held = old.and_then(|old| labels.iter().find(|label| label.text == old));
    match held {
        Some(held)
            if held.voice(coherence) == best.voice(coherence)
                && best.score < held.score * margin =>
        {
            held.text.clone()
        }
        _ => best.text.clone(),
    }
}

/// Networks of the members at these places.
pub(super) fn networks(members: &[Member], used_by: &[u32]) -> usize {
    let set: BTreeSet<_> = used_by
        .iter()
        .map(|at| members[*at as usize].facts.network)
        .collect();
    set.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Candidate {
        Candidate {
            text: text.to_owned(),
            score: 1.0,
            used_by: vec![0, 1],
            reach: Reach::NONE,
            words: 1,
            titled: true,
            common: false,
        }
    }

    #[test]
    fn a_topic_whose_label_another_has_takes_its_next_or_a_word_beside_it() {
        let taken = |text: &str| text == "Boat";
        let labels = [word("Boat"), word("strike")];
        assert_eq!(
            another(&labels, &[], "Boat", taken).as_deref(),
            Some("strike")
        );
        let terms = [word("Boats"), word("harbour")];
        let longer = another(&labels[..1], &terms, "Boat", taken);
        assert_eq!(longer.as_deref(), Some("Boat, harbour"));
    }
}
