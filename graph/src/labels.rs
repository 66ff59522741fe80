//! Labels a person would write: the phrase that most of a topic's titles share and few others use, in the form people
//! write it; else its words; else the title of its most central conversation.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Language, threshold};

use crate::features::{fold, telling, without_placeholders, words};
use crate::lexicon::Lexicon;
use crate::measure::Member;
use crate::related::rarity;

/// Titles read of one topic, most central first.
const TITLES: usize = 48;
/// Longest phrase, in words.
const PHRASE: usize = 4;
/// Candidates kept, so that a mask can choose the next.
const KEPT: usize = 12;
const SHORT: usize = 22;
const LONGEST: usize = 60;

/// A possible label or term, and the members that use it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) text: String,
    pub(crate) score: f32,
    /// Places in the topic's list of members.
    pub(crate) used_by: Vec<u32>,
    /// Number of words.
    words: usize,
}

impl Candidate {
    /// Whether it may still be a label of these members, `of` networks in all.
    pub(crate) fn supported(&self, members: &[Member], of: usize) -> bool {
        match self.words {
            0 => !self.used_by.is_empty(),
            _ => self.used_by.len() > 1 && (of < 2 || networks(members, &self.used_by) > 1),
        }
    }
}

/// The title of the most central member that is seen whole.
pub(crate) fn medoid(members: &[Member], whole: &[Option<u32>]) -> Option<Candidate> {
    let best = whole.iter().flatten().max_by(|a, b| {
        let (x, y) = (members[**a as usize].weight, members[**b as usize].weight);
        x.total_cmp(&y).then(b.cmp(a))
    })?;
    Some(Candidate {
        text: title(&members[*best as usize].facts.title),
        score: 0.0,
        used_by: vec![*best],
        words: 0,
    })
}

#[derive(Default)]
struct Phrase {
    surfaces: BTreeMap<String, u32>,
    used_by: Vec<u32>,
    rarity: f32,
    words: usize,
}

/// Candidates for the label and for the terms, best first.
pub(crate) fn candidates(
    members: &[Member],
    lexicon: &Lexicon,
    all: f32,
) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut order: Vec<u32> = leaders(members);
    order.sort_by(|a, b| {
        let (x, y) = (members[*a as usize].weight, members[*b as usize].weight);
        y.total_cmp(&x).then(a.cmp(b))
    });
    let medoid = order.first().copied();
    order.truncate(TITLES);
    let read = order.len();
    let mut phrases: BTreeMap<String, Phrase> = BTreeMap::new();
    for &at in &order {
        let facts = &members[at as usize].facts;
        collect(&facts.title, facts.language, at, lexicon, all, &mut phrases);
    }
    let several = networks(members, &(0..members.len() as u32).collect::<Vec<_>>()) > 1;
    let mut scored: Vec<Candidate> = phrases
        .into_values()
        .filter(|phrase| phrase.used_by.len() > 1)
        .filter_map(|phrase| {
            let support = networks(members, &phrase.used_by);
            if several && support < 2 {
                return None;
            }
            let voices = voices(members, &phrase.used_by);
            let trust = if threshold::may_show(support, voices) {
                1.0
            } else {
                0.6
            };
            let share = phrase.used_by.len() as f32 / read as f32;
            let text = phrase
                .surfaces
                .into_iter()
                .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))?
                .0;
            Some(Candidate {
                text,
                score: share * phrase.rarity * trust,
                used_by: phrase.used_by,
                words: phrase.words,
            })
        })
        .collect();
    scored.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.text.cmp(&b.text)));
    let mut terms: Vec<Candidate> = scored
        .iter()
        .filter(|candidate| candidate.words == 1)
        .cloned()
        .collect();
    terms.truncate(KEPT);
    let mut labels = labels(scored, &terms);
    if let Some(at) = medoid {
        let text = title(&members[at as usize].facts.title);
        if !text.is_empty() {
            labels.push(Candidate {
                text,
                score: 0.0,
                used_by: vec![at],
                words: 0,
            });
        }
    }
    (labels, terms)
}

/// Phrases first where they say as much as the best words together; then pairs and triples of words.
fn labels(scored: Vec<Candidate>, terms: &[Candidate]) -> Vec<Candidate> {
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
                text: texts.join(", "),
                score: sum / (1.5 + 0.5 * count as f32),
                used_by,
                words: count,
            });
        }
    }
    labels.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.text.cmp(&b.text)));
    labels.dedup_by(|a, b| a.text == b.text);
    labels.truncate(KEPT);
    labels
}

/// The first member of every group of near copies.
fn leaders(members: &[Member]) -> Vec<u32> {
    let mut seen = BTreeSet::new();
    (0..)
        .zip(members)
        .filter(|(_, member)| seen.insert(member.copies))
        .map(|(at, _)| at)
        .collect()
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

/// Adds every phrase of a title.
fn collect(
    title: &str,
    language: Option<Language>,
    at: u32,
    lexicon: &Lexicon,
    all: f32,
    phrases: &mut BTreeMap<String, Phrase>,
) {
    let text = without_placeholders(title);
    let mut found: Vec<(usize, usize, String, bool)> = Vec::new();
    let mut folded = String::new();
    words(&text, |word| {
        fold(word.text, &mut folded);
        let telling = telling(&folded, language);
        found.push((
            word.start,
            word.start + word.text.len(),
            folded.clone(),
            telling,
        ));
        found.len() < 40
    });
    for first in 0..found.len() {
        if !found[first].3 {
            continue;
        }
        let mut key = String::new();
        let mut sum = 0.0;
        for last in first..found.len().min(first + PHRASE) {
            if last > first {
                let between = &text[found[last - 1].1..found[last].0];
                if !between
                    .chars()
                    .all(|c| c == ' ' || c == '-' || c == '\u{a0}')
                    || between.len() > 2
                {
                    break;
                }
                key.push(' ');
            }
            let (_, end, folded, telling) = &found[last];
            key.push_str(folded);
            if !telling {
                continue;
            }
            if let Some(number) = lexicon.number(folded) {
                sum += rarity(all, lexicon.get(number).used);
            }
            if last == first && folded.chars().all(char::is_numeric) {
                continue;
            }
            let phrase = phrases.entry(key.clone()).or_default();
            if phrase.used_by.last() != Some(&at) {
                phrase.used_by.push(at);
                let surface = text[found[first].0..*end].to_owned();
                *phrase.surfaces.entry(surface).or_default() += 1;
                phrase.rarity = sum;
                phrase.words = last - first + 1;
            }
        }
    }
}

/// The first candidate that still has support, or the old label where it holds and no other beats it by the margin.
pub(crate) fn choose(labels: &[Candidate], old: Option<&str>, margin: f32) -> String {
    let Some(best) = labels.first() else {
        return String::new();
    };
    let held = old.and_then(|old| labels.iter().find(|label| label.text == old));
    match held {
        Some(held) if best.score < held.score * margin => held.text.clone(),
        _ => best.text.clone(),
    }
}

/// A title as a label: placeholders out, cut at a word.
fn title(title: &str) -> String {
    let text = without_placeholders(title);
    // What a placeholder leaves is a lone full stop.
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| *word != ".")
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
