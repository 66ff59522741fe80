//! Labels a person would write: the phrase that most of a topic's titles share and few others use, in the form people
//! write it; else its words; else the title of its most central conversation.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Language, threshold};

use crate::features::{fold, telling, without_placeholders, words};
use crate::graph::Graph;
use crate::measure::Member;
use crate::minhash::{hash, mix};

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
                    && self.text.split(", ").all(written)
            }
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
        text: title(members[*best as usize].facts.title()),
        score: 0.0,
        used_by: vec![*best],
        words: 0,
    })
}

/// Candidates for the label and for the terms, best first.
pub(crate) fn candidates(members: &[Member], graph: &Graph) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut order: Vec<u32> = leaders(members);
    let central = |a: &u32, b: &u32| {
        let (x, y) = (members[*a as usize].weight, members[*b as usize].weight);
        y.total_cmp(&x).then(a.cmp(b))
    };
    if order.len() > TITLES {
        order.select_nth_unstable_by(TITLES, central);
        order.truncate(TITLES);
    }
    order.sort_unstable_by(central);
    let medoid = order.first().copied();
    let read = order.len();
    let mut uses: Vec<Use> = Vec::new();
    for &at in &order {
        let facts = &members[at as usize].facts;
        collect(facts.title(), facts.language, at, graph, &mut uses);
    }
    let several = members
        .iter()
        .any(|member| member.facts.network != members[0].facts.network);
    // A stable sort: the uses of a phrase stay in the order of centrality, one a title.
    uses.sort_by_key(|used| used.phrase);
    uses.dedup_by_key(|used| (used.phrase, used.by));
    let mut scored: Vec<Candidate> = uses
        .chunk_by(|a, b| a.phrase == b.phrase)
        .filter(|uses| uses.len() > 1)
        .filter_map(|uses| {
            let used_by: Vec<u32> = uses.iter().map(|used| used.by).collect();
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
            let share = uses.len() as f32 / read as f32;
            Some(Candidate {
                text: surface(uses, members),
                score: share * uses[0].rarity * trust,
                used_by,
                words: uses[0].words,
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
        let text = title(members[at as usize].facts.title());
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
    let mut order: Vec<(u32, u32)> = (0..)
        .zip(members)
        .map(|(at, member)| (member.copies, at))
        .collect();
    order.sort_unstable();
    order.dedup_by_key(|(copies, _)| *copies);
    order.into_iter().map(|(_, at)| at).collect()
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

/// One use of a phrase: where it stands in the title of one member.
struct Use {
    phrase: u64,
    by: u32,
    from: u32,
    to: u32,
    words: usize,
    rarity: f32,
}

/// Adds every phrase of a title: runs of up to four words that begin and end with a telling one.
fn collect(title: &str, language: Option<Language>, by: u32, graph: &Graph, uses: &mut Vec<Use>) {
    struct Read {
        from: usize,
        to: usize,
        hash: u64,
        /// Rarity, where the word tells something.
        rarity: Option<f32>,
        number: bool,
    }
    let text = without_placeholders(title);
    let mut found: Vec<Read> = Vec::new();
    let mut folded = String::new();
    words(&text, |word| {
        fold(word.text, &mut folded);
        let weight = graph
            .lexicon
            .number(&folded)
            .map_or(0.0, |number| graph.clustering.weight(number));
        found.push(Read {
            from: word.start,
            to: word.start + word.text.len(),
            hash: hash(folded.as_bytes()),
            rarity: telling(&folded, language).then_some(weight * weight),
            number: folded.chars().all(char::is_numeric),
        });
        found.len() < 40
    });
    for first in 0..found.len() {
        if found[first].rarity.is_none() {
            continue;
        }
        let (mut phrase, mut sum) = (0, 0.0);
        for last in first..found.len().min(first + PHRASE) {
            if last > first {
                let between = &text[found[last - 1].to..found[last].from];
                if between.len() > 2 || !between.chars().all(|c| matches!(c, ' ' | '-' | '\u{a0}'))
                {
                    break;
                }
            }
            phrase = mix(phrase ^ found[last].hash);
            let Some(rarity) = found[last].rarity else {
                continue;
            };
            sum += rarity;
            if last > first || !found[last].number {
                uses.push(Use {
                    phrase,
                    by,
                    from: found[first].from as u32,
                    to: found[last].to as u32,
                    words: last - first + 1,
                    rarity: sum,
                });
            }
        }
    }
}

/// The form most titles write a phrase in; ties to the first in the alphabet.
fn surface(uses: &[Use], members: &[Member]) -> String {
    let mut forms: BTreeMap<&str, u32> = BTreeMap::new();
    for used in uses {
        let title = members[used.by as usize].facts.title();
        // Blanking placeholders keeps offsets, so the original holds the phrase.
        if let Some(form) = title.get(used.from as usize..used.to as usize) {
            *forms.entry(form).or_default() += 1;
        }
    }
    let best = forms
        .into_iter()
        .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
    best.map(|(form, _)| form.to_owned()).unwrap_or_default()
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
