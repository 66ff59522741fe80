//! Labels a person would write: a phrase or words of its titles that at least half of a topic's central texts turn on
//! and few others use, in the form people write them; else the title of its most central conversation.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Language, threshold};

use crate::clustering::COMMON;
use crate::corpus::words::unspaced;
use crate::graph::Graph;
use crate::publication::coherence::{Coherence, Reach, Reaches, Texts};
use crate::publication::measure::Member;
use crate::publication::phrases::{PHRASE, Reader, Use, collect, surface};
use crate::publication::wording::{one_word, title};

/// Candidates kept, so that a mask can choose the next.
const KEPT: usize = 12;
/// Between two words that are no phrase.
const LIST: &str = ", ";
/// How much more a phrase says for every word after the first.
const WORD: f32 = 0.3;
/// Part of those who use a phrase that must use a longer one that holds it, for that to be the name.
const LONGER: f32 = 0.6;
/// Part of the texts read that a second word must speak for beside the first.
const BESIDE: f32 = 0.1;
/// What two words say together, in parts of the sum of what each says.
const PAIR: f32 = 1.6;
/// Part of the texts read that turn on what is put beside a common word.
const BESIDE_COMMON: f32 = 0.3;
/// How much more a phrase counts where all who say it have it in their titles: people title by what it is about.
const TITLED: f32 = 3.0;
/// How many times as much it must be said here as elsewhere to say anything, as a logarithm.
const MORE: f32 = 0.5;
/// Titles with a phrase that holds a common word from which it is said instead of the word.
const IN_TITLES: usize = 3;

/// A possible label or term, and the members that use it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) text: String,
    pub(crate) score: f32,
    /// Places in the topic's list of members.
    pub(crate) used_by: Vec<u32>,
    /// Its reach; of loose words, that of the one that reaches farthest.
    reach: Reach,
    /// Number of words; none of a title.
    words: usize,
    /// Whether it stands in titles, rather than in what is said under them.
    titled: bool,
    /// Whether it is a single word that more than one in a hundred of all conversations use: by itself it names no issue.
    common: bool,
}

/// How well a label speaks for a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Voice {
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
    fn voice(&self, coherence: &Coherence) -> Voice {
        match self.words {
            0 => Voice::Title,
            _ if coherence.is_half(self.reach) && self.titled => Voice::Half,
            _ if coherence.is_half(self.reach) => Voice::Said,
            _ => Voice::Few,
        }
    }

    fn is_list(&self) -> bool {
        self.words > 1 && self.text.contains(LIST)
    }

    fn is_phrase(&self) -> bool {
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

/// Fewest texts of a language for a topic to have a label in it.
const IN_A_LANGUAGE: usize = 3;

/// Candidates for the label in each language that enough of the members are written in, where they are in several; with
/// what these have in common. A label in a language is words of it, never a title.
pub(crate) fn by_language(
    members: &[Member],
    graph: &Graph,
) -> BTreeMap<Language, (Coherence, Vec<Candidate>)> {
    let mut places: BTreeMap<Language, Vec<u32>> = BTreeMap::new();
    for (at, member) in (0..).zip(members) {
        if let Some(language) = member.facts.language {
            places.entry(language).or_default().push(at);
        }
    }
    if places.len() < 2 {
        return BTreeMap::new();
    }
    places.retain(|_, places| {
        let copies: BTreeSet<u32> = places
            .iter()
            .map(|at| members[*at as usize].copies)
            .collect();
        copies.len() >= IN_A_LANGUAGE
    });
    let named = |(language, places): (Language, Vec<u32>)| {
        let own: Vec<Member> = places
            .iter()
            .map(|at| members[*at as usize].clone())
            .collect();
        let (coherence, turns) = Coherence::of(&own, graph);
        let (mut labels, _) = candidates(&own, &coherence, &turns, graph);
        labels.retain(|label| label.words > 0);
        for at in labels.iter_mut().flat_map(|label| &mut label.used_by) {
            *at = places[*at as usize];
        }
        (language, (coherence.moved(&places), labels))
    };
    places.into_iter().map(named).collect()
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
fn titled(members: &[Member], at: u32) -> Option<Candidate> {
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

/// Candidates for the label and for the terms, best first.
pub(crate) fn candidates(
    members: &[Member],
    coherence: &Coherence,
    turns: &Reaches,
    graph: &Graph,
) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut uses: Vec<Use> = Vec::new();
    for (bit, at) in (0..).zip(coherence.read.iter().flatten()) {
        let facts = &members[*at as usize].facts;
        let by = Reader { at: *at, bit };
        let read = (coherence, turns, graph);
        collect(facts.title(), facts.language, by, read, &mut uses);
    }
    let several = members
        .iter()
        .any(|member| member.facts.network != members[0].facts.network);
    // A stable sort: the uses of a phrase stay in the order of centrality, one a title.
    uses.sort_by_key(|used| used.phrase);
    uses.dedup_by_key(|used| (used.phrase, used.by.bit));
    let mut scored: Vec<Scored<'_>> = uses
        .chunk_by(|a, b| a.phrase == b.phrase)
        .filter(|uses| uses.len() > 1)
        .filter_map(|uses| {
            let used_by: Vec<u32> = uses.iter().map(|used| used.by.at).collect();
            let support = networks(members, &used_by);
            if several && support < 2 {
                return None;
            }
            let voices = voices(members, &used_by);
            let trust = if threshold::may_show(support, voices) {
                1.0
            } else {
                0.6
            };
            Some(Scored::of(uses, coherence, trust))
        })
        .collect();
    prefer_longer(&mut scored);
    scored.sort_by(|a, b| b.key().partial_cmp(&a.key()).unwrap_or(Ordering::Equal));
    let mut scored: Vec<Candidate> = [true, false]
        .into_iter()
        .flat_map(|single| within_reach(&scored, single))
        .map(|one| Candidate {
            text: surface(one.uses, members),
            score: one.score,
            used_by: one.uses.iter().map(|used| used.by.at).collect(),
            reach: one.reach,
            words: one.uses[0].words,
            titled: true,
            common: one.uses[0].words == 1 && one.uses[0].elsewhere > COMMON,
        })
        .collect();
    best_first(&mut scored, coherence);
    let mut terms: Vec<Candidate> = scored
        .iter()
        .filter(|candidate| candidate.words == 1)
        .cloned()
        .collect();
    terms.truncate(KEPT);
    let mut labels = labels(scored, &terms, coherence);
    if !labels
        .iter()
        .any(|label| label.voice(coherence) == Voice::Half)
    {
        let subjects = coherence.subjects(turns, graph).into_iter();
        labels.extend(subjects.filter_map(|subject| said(members, coherence, subject, graph)));
    }
    if let Some(at) = coherence.read.first().copied().flatten() {
        labels.extend(titled(members, at));
    }
    sort(&mut labels, coherence);
    (labels, terms)
}

/// A word that texts turn on, in the spelling that most of them use; those who use it are who writes it so. Pairs of
/// signs, which stand for words where no spaces do, are no words to be read.
fn said(
    members: &[Member],
    coherence: &Coherence,
    (term, reach): (u32, Reach),
    graph: &Graph,
) -> Option<Candidate> {
    let mut spellings: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (bit, at) in coherence.read.iter().enumerate() {
        let Some(at) = at.filter(|_| reach.texts & (1 << bit) != 0) else {
            continue;
        };
        let slot = graph.slot(members[at as usize].facts.id)?;
        let used = graph.terms_of(slot).find(|used| used.number == term)?;
        let text = graph.lexicon.spelling(term, used.form);
        spellings.entry(text).or_default().push(at);
    }
    let all: Vec<u32> = (0..members.len() as u32).collect();
    let most = networks(members, &all).min(2);
    if graph.lexicon.get(term).text.starts_with(unspaced) {
        return None;
    }
    let everyone: Vec<u32> = spellings.values().flatten().copied().collect();
    // Where no two networks write it alike, it is said as all of them mean it.
    let best = spellings
        .into_iter()
        .filter(|(_, used_by)| networks(members, used_by) >= most)
        .max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(a.0)))
        .unwrap_or_else(|| (&*graph.lexicon.get(term).text, everyone));
    let said = Candidate {
        text: best.0.to_owned(),
        score: 0.0,
        used_by: best.1,
        reach,
        words: 1,
        titled: false,
        common: false,
    };
    said.supported(members, networks(members, &all))
        .then_some(said)
}

fn best_first(candidates: &mut [Candidate], coherence: &Coherence) {
    candidates.sort_by(|a, b| {
        b.voice(coherence)
            .cmp(&a.voice(coherence))
            .then(b.score.total_cmp(&a.score))
            .then(a.text.cmp(&b.text))
    });
}

/// A phrase and all its uses.
struct Scored<'a> {
    /// Whether half or more turn on it.
    half: bool,
    score: f32,
    reach: Reach,
    /// The texts that have it in their titles.
    titles: Texts,
    uses: &'a [Use],
}

impl<'a> Scored<'a> {
    /// How much more is said of it here than elsewhere, the more words the better, and in titles best.
    fn of(uses: &'a [Use], coherence: &Coherence, trust: f32) -> Self {
        let one = &uses[0];
        let titles = uses
            .iter()
            .fold(0, |titles: Texts, used| titles | 1 << used.by.bit);
        let together = one.together | titles;
        let share = together.count_ones() as f32 / coherence.read.len() as f32;
        // The root: a rare word is not a better name than one that more people know.
        let times = share / one.elsewhere.max(f32::MIN_POSITIVE);
        let more = (times.ln() - MORE).max(0.0).sqrt();
        let length = 1.0 + WORD * (one.words - 1) as f32;
        let titled = 1.0 + TITLED * titles.count_ones() as f32 / together.count_ones() as f32;
        // A phrase reaches as far as its best word where that word is as a rule said so.
        let mut reach = one.reach;
        if together.count_ones() * 2 < reach.texts.count_ones() {
            reach.texts = 0;
        }
        reach.texts |= together;
        Self {
            half: coherence.is_half(reach),
            score: share * more * length * titled * trust,
            reach,
            titles,
            uses,
        }
    }

    fn key(&self) -> (bool, f32) {
        (self.half, self.score)
    }

    fn said(&self) -> &[u64] {
        &self.uses[0].said[..self.uses[0].words]
    }

    /// Whether it is the longer name of another: holds it, and most titles that hold that hold it.
    fn is_longer(&self, other: &Self) -> bool {
        let (own, part) = (self.said(), other.said());
        own.len() > part.len()
            && own.windows(part.len()).any(|run| run == part)
            && (self.titles & other.titles).count_ones() as f32
                >= LONGER * other.titles.count_ones() as f32
    }
}

/// Lets the longer name of a phrase stand before it.
fn prefer_longer(scored: &mut [Scored<'_>]) {
    for words in 1..PHRASE {
        for part in 0..scored.len() {
            if scored[part].said().len() != words {
                continue;
            }
            for whole in 0..scored.len() {
                if scored[whole].is_longer(&scored[part]) {
                    let above = scored[part].score * 1.01;
                    scored[whole].score = scored[whole].score.max(above);
                    scored[whole].half |= scored[part].half;
                }
            }
        }
    }
}

/// Of phrases, best first, the single words or the longer ones that may be among those kept, whatever their texts.
fn within_reach<'a, 'b>(
    scored: &'a [Scored<'b>],
    single: bool,
) -> impl Iterator<Item = &'a Scored<'b>> + use<'a, 'b> {
    let ours = move |one: &&Scored<'_>| (one.uses[0].words == 1) == single;
    let last = scored.iter().filter(ours).nth(KEPT - 1);
    let least = last.map_or((false, f32::NEG_INFINITY), Scored::key);
    scored
        .iter()
        .filter(ours)
        .take_while(move |one| one.key() >= least)
}

/// Phrases, single words, and two words where neither says it alone.
fn labels(scored: Vec<Candidate>, terms: &[Candidate], coherence: &Coherence) -> Vec<Candidate> {
    let mut labels: Vec<Candidate> = scored
        .into_iter()
        .filter(|candidate| candidate.words > 1)
        .take(KEPT)
        .collect();
    let qualified = terms
        .first()
        .and_then(|first| qualified(first, &labels, terms, coherence));
    labels.extend(qualified);
    labels.extend(terms.iter().take(KEPT / 2).cloned());
    for (at, first) in terms.iter().enumerate().take(2) {
        let beside = |second: &&Candidate| {
            let new = second.reach.texts & !first.reach.texts;
            let most = first.reach.texts.count_ones();
            // What is said beside it must as a rule be said.
            second.reach.texts.count_ones() * 2 >= most
                && new.count_ones() as f32 >= BESIDE * coherence.read.len() as f32
                && !one_word(&first.text, &second.text)
                && !within(&first.text, &second.text)
        };
        let Some(second) = terms[at + 1..].iter().find(beside) else {
            continue;
        };
        let mut used_by: Vec<u32> = [first, second]
            .iter()
            .flat_map(|term| term.used_by.iter().copied())
            .collect();
        used_by.sort_unstable();
        used_by.dedup();
        labels.push(Candidate {
            text: [first.text.as_str(), second.text.as_str()].join(LIST),
            // Two that say nearly as much as each other name it together.
            score: (first.score + second.score) / PAIR,
            used_by,
            reach: coherence.farther(first.reach, second.reach),
            words: 2,
            titled: true,
            common: false,
        });
    }
    // A list reads worse than any phrase that speaks for as many.
    let phrases = labels.iter().filter(|label| label.is_phrase());
    if let Some(phrase) = phrases.map(|label| label.voice(coherence)).max() {
        labels.retain(|label| !label.is_list() || label.voice(coherence) > phrase);
    }
    best_first(&mut labels, coherence);
    labels.dedup_by(|a, b| a.text == b.text);
    labels.truncate(KEPT);
    labels
}

/// Instead of a common word: the best phrase that holds it; else the word with what is said beside it, a phrase before a
/// word.
fn qualified(
    first: &Candidate,
    phrases: &[Candidate],
    terms: &[Candidate],
    coherence: &Coherence,
) -> Option<Candidate> {
    if !first.common {
        return None;
    }
    let holds = |phrase: &&Candidate| {
        phrase.used_by.len() >= IN_TITLES
            && phrase.voice(coherence) == Voice::Half
            && phrase
                .text
                .split(' ')
                .any(|word| one_word(&first.text, word))
    };
    if let Some(phrase) = phrases.iter().find(holds) {
        return Some(Candidate {
            score: phrase.score.max(first.score * 1.01),
            ..phrase.clone()
        });
    }
    let least = BESIDE_COMMON * coherence.read.len() as f32;
    let beside = |second: &&Candidate| {
        let both = second.reach.texts & first.reach.texts;
        let words = second.text.split(' ');
        both.count_ones() as f32 >= least
            && words
                .into_iter()
                .all(|word| !one_word(&first.text, word) && !within(&first.text, word))
    };
    let second = phrases
        .iter()
        .find(beside)
        .or_else(|| terms.iter().skip(1).find(beside))?;
    let mut used_by = [first.used_by.as_slice(), &second.used_by].concat();
    used_by.sort_unstable();
    used_by.dedup();
    Some(Candidate {
        text: [first.text.as_str(), second.text.as_str()].join(LIST),
        score: first.score * 1.01,
        used_by,
        reach: first.reach,
        words: 1 + second.words,
        titled: true,
        common: false,
    })
}

/// Whether one of two words stands within the other.
fn within(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    one.contains(&other) || other.contains(&one)
}

fn networks(members: &[Member], used_by: &[u32]) -> usize {
    let set: BTreeSet<_> = used_by
        .iter()
        .map(|at| members[*at as usize].facts.network)
        .collect();
    set.len()
}

fn voices(members: &[Member], used_by: &[u32]) -> usize {
    let set: BTreeSet<_> = used_by
        .iter()
        .filter_map(|at| {
            let facts = &members[*at as usize].facts;
            Some((facts.network, facts.posts.first()?.voice))
        })
        .collect();
    set.len()
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
