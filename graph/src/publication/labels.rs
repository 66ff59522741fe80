//! Labels a person would write: a phrase or words of its titles that at least half of a topic's central texts turn on
//! and few others use, in the form people write them; else the title of its most central conversation.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use discover_model::threshold;

use crate::corpus::words::{skipped, unspaced, without_placeholders};
use crate::graph::Graph;
use crate::publication::coherence::{Coherence, Reach, Reaches};
use crate::publication::measure::Member;
use crate::publication::phrases::{Reader, Use, collect, surface};

/// Candidates kept, so that a mask can choose the next.
const KEPT: usize = 12;
const SHORT: usize = 22;
const LONGEST: usize = 60;
/// Between words that are no phrase.
const LIST: &str = ", ";

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
    // A stable sort: within a voice they stand best first.
    labels.sort_by_key(|label| std::cmp::Reverse(label.voice(coherence)));
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
            let titles = uses
                .iter()
                .fold(0, |titles, used| titles | 1 << used.by.bit);
            let together = uses[0].together | titles;
            let share = together.count_ones() as f32 / coherence.read.len() as f32;
            // A phrase reaches as far as its best word where that word is as a rule said so.
            let mut reach = uses[0].reach;
            if together.count_ones() * 2 < reach.texts.count_ones() {
                reach.texts = 0;
            }
            reach.texts |= together;
            Some(Scored {
                half: coherence.is_half(reach),
                score: share * uses[0].rarity * trust,
                reach,
                uses,
            })
        })
        .collect();
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
    // A stable sort: within a voice they stand best first.
    labels.sort_by_key(|label| std::cmp::Reverse(label.voice(coherence)));
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
    let best = spellings
        .into_iter()
        .filter(|(text, _)| !text.starts_with(unspaced))
        .max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(a.0)))?;
    let said = Candidate {
        text: best.0.to_owned(),
        score: 0.0,
        used_by: best.1,
        reach,
        words: 1,
        titled: false,
    };
    let all: Vec<u32> = (0..members.len() as u32).collect();
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
    uses: &'a [Use],
}

impl Scored<'_> {
    fn key(&self) -> (bool, f32) {
        (self.half, self.score)
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

/// Phrases first where they say as much as the best words together; then pairs and triples of words.
fn labels(scored: Vec<Candidate>, terms: &[Candidate], coherence: &Coherence) -> Vec<Candidate> {
    let mut labels: Vec<Candidate> = scored
        .into_iter()
        .filter(|candidate| candidate.words > 1)
        .take(KEPT)
        .collect();
    for count in [3, 2, 1] {
        for start in 0..2 {
            let Some(chosen) = terms.get(start..start + count) else {
                continue;
            };
            let reaches = chosen.iter().map(|term| term.reach);
            let farthest = reaches.reduce(|one, other| coherence.farther(one, other));
            let farthest = farthest.unwrap_or(Reach::NONE);
            // What is said beside it must as a rule be said.
            let most = farthest.texts.count_ones();
            if chosen
                .iter()
                .any(|term| term.reach.texts.count_ones() * 2 < most)
            {
                continue;
            }
            let mut used_by: Vec<u32> = chosen
                .iter()
                .flat_map(|term| term.used_by.iter().copied())
                .collect();
            used_by.sort_unstable();
            used_by.dedup();
            let texts: Vec<&str> = chosen.iter().map(|term| term.text.as_str()).collect();
            // Loose words read worse than a phrase and must say more to be chosen.
            let sum: f32 = chosen.iter().map(|term| term.score).sum();
            labels.push(Candidate {
                text: texts.join(LIST),
                score: sum / (1.5 + 0.5 * count as f32),
                used_by,
                reach: farthest,
                words: count,
                titled: true,
            });
        }
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

/// A title as a label: placeholders, addresses and mentions out, cut at a word.
fn title(title: &str) -> String {
    let text = without_placeholders(title);
    // What a placeholder leaves is a lone full stop.
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| *word != "." && !skipped(word))
        .collect();
    cut(&words.join(" "), LONGEST)
}

/// At most 22 characters: fewer words first, then a cut.
pub(crate) fn short(label: &str) -> String {
    cut(label, SHORT)
}

fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut out = String::new();
    for word in text.split(' ') {
        let length = out.chars().count() + usize::from(!out.is_empty()) + word.chars().count();
        if length > limit {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_empty() {
        out.extend(text.chars().take(limit - 1));
        out.push('…');
    }
    out.trim_end_matches([',', '-', ':', ';']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_as_a_label_names_nobody_and_no_address() {
        let written = "@someone @other.one: see https://a.example/b [e-mail] Lamp posts";
        assert_eq!(title(written), "see Lamp posts");
        assert_eq!(title("@someone"), "");
    }
}
