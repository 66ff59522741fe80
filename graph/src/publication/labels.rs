//! Labels a person would write: a phrase or words of its titles that at least half of a topic's central texts turn on
//! and few others use, in the form people write them; else the title of its most central conversation. Which of the
//! candidates is the label: [`crate::publication::candidate`].

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Language, threshold};

use crate::clustering::COMMON;
use crate::corpus::words::unspaced;
use crate::graph::Graph;
use crate::publication::candidate::{Candidate, LIST, Voice, networks, sort, titled};
use crate::publication::coherence::{Coherence, Reach, Texts};
use crate::publication::measure::Member;
use crate::publication::phrases::{PHRASE, Reader, Use, collect, surface};
use crate::publication::reaches::Reaches;
use crate::publication::wording::one_word;

/// Candidates kept, so that a mask can choose the next.
const KEPT: usize = 12;
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
