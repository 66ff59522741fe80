//! Labels a person would write: a phrase or words of its titles that at least half of a topic's central texts turn on
//! and few others use, in the form people write them; else the title of its most central conversation.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Language, threshold};

use crate::features::{fold, telling, without_placeholders, words};
use crate::graph::Graph;
use crate::ground::{Ground, Reach, Turns};
use crate::measure::Member;
use crate::minhash::{hash, mix};

/// Longest phrase, in words.
const PHRASE: usize = 4;
/// Candidates kept, so that a mask can choose the next.
const KEPT: usize = 12;
/// Part of all conversations from which a word that so many use names nothing.
const EVERYBODYS: f32 = 0.5;
const SHORT: usize = 22;
const LONGEST: usize = 60;

/// A possible label or term, and the members that use it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) text: String,
    pub(crate) score: f32,
    /// Places in the topic's list of members.
    pub(crate) used_by: Vec<u32>,
    /// The texts that turn on it, or have it in their title; of loose words, the reach of the one that reaches farthest.
    reach: Reach,
    /// Number of words.
    words: usize,
}

/// How well a label speaks for a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Voice {
    /// Words that few have in common.
    Few,
    /// The title of one that all are near to.
    Title,
    /// Words that half or more turn on.
    Half,
}

impl Candidate {
    fn voice(&self, ground: &Ground) -> Voice {
        match self.words {
            0 => Voice::Title,
            _ if ground.is_half(self.reach) => Voice::Half,
            _ => Voice::Few,
        }
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
                    && self.text.split(", ").all(written)
            }
        }
    }
}

/// Puts the labels of a topic that is left after masking in order: what spoke for half may not any more. `places` are
/// the members that are seen whole.
pub(crate) fn reorder(
    labels: &mut Vec<Candidate>,
    ground: &Ground,
    members: &[Member],
    places: &[Option<u32>],
) {
    if !labels.iter().any(|label| label.voice(ground) > Voice::Few) {
        labels.extend(medoid(members, places));
    }
    // A stable sort: within a voice they stand best first.
    labels.sort_by_key(|label| std::cmp::Reverse(label.voice(ground)));
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
    })
}

/// Candidates for the label and for the terms, best first.
pub(crate) fn candidates(
    members: &[Member],
    ground: &Ground,
    turns: &Turns,
    graph: &Graph,
) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut uses: Vec<Use> = Vec::new();
    for (bit, at) in (0..).zip(ground.read.iter().flatten()) {
        let facts = &members[*at as usize].facts;
        let by = Reader { at: *at, bit };
        collect(facts.title(), facts.language, by, (graph, turns), &mut uses);
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
            let mut reach = uses[0].reach;
            reach.texts |= titles;
            let share = reach.texts.count_ones() as f32 / ground.read.len() as f32;
            Some(Scored {
                half: ground.is_half(reach),
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
        })
        .collect();
    best_first(&mut scored, ground);
    let mut terms: Vec<Candidate> = scored
        .iter()
        .filter(|candidate| candidate.words == 1)
        .cloned()
        .collect();
    terms.truncate(KEPT);
    let mut labels = labels(scored, &terms, ground);
    if let Some(at) = ground.read.first().copied().flatten() {
        labels.extend(titled(members, at));
    }
    // A stable sort: within a voice they stand best first.
    labels.sort_by_key(|label| std::cmp::Reverse(label.voice(ground)));
    (labels, terms)
}

fn best_first(candidates: &mut [Candidate], ground: &Ground) {
    candidates.sort_by(|a, b| {
        b.voice(ground)
            .cmp(&a.voice(ground))
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
fn labels(scored: Vec<Candidate>, terms: &[Candidate], ground: &Ground) -> Vec<Candidate> {
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
            let farthest = chosen
                .iter()
                .map(|term| term.reach)
                .max_by_key(|reach| reach.texts.count_ones());
            labels.push(Candidate {
                text: texts.join(", "),
                score: sum / (1.5 + 0.5 * count as f32),
                used_by,
                reach: farthest.unwrap_or(Reach::NONE),
                words: count,
            });
        }
    }
    best_first(&mut labels, ground);
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

/// Whose title is read: a place in the list of members, and a bit in sets of texts.
#[derive(Debug, Clone, Copy)]
struct Reader {
    at: u32,
    bit: u32,
}

/// One use of a phrase: where it stands in the title of one member.
struct Use {
    phrase: u64,
    by: Reader,
    from: u32,
    to: u32,
    words: usize,
    rarity: f32,
    /// Of all its telling words together.
    reach: Reach,
}

/// Adds every phrase of a title: runs of up to four words that begin and end with a telling one.
fn collect(
    title: &str,
    language: Option<Language>,
    by: Reader,
    (graph, turns): (&Graph, &Turns),
    uses: &mut Vec<Use>,
) {
    struct Read {
        from: usize,
        to: usize,
        hash: u64,
        /// Rarity, where the word tells something.
        rarity: Option<f32>,
        reach: Reach,
        number: bool,
    }
    let text = without_placeholders(title);
    let mut found: Vec<Read> = Vec::new();
    let mut folded = String::new();
    words(&text, |word| {
        fold(word.text, &mut folded);
        let term = graph.lexicon.number(&folded);
        let weight = term.map_or(0.0, |term| graph.clustering.weight(term));
        let reach = term.map_or(Reach::NONE, |term| Reach {
            chance: graph.clustering.chance(term),
            ..turns.of(term)
        });
        let says = telling(&folded, language) && reach.chance < EVERYBODYS;
        found.push(Read {
            from: word.start,
            to: word.start + word.text.len(),
            hash: hash(folded.as_bytes()),
            rarity: says.then_some(weight * weight),
            reach,
            number: folded.chars().all(char::is_numeric),
        });
        found.len() < 40
    });
    for first in 0..found.len() {
        if found[first].rarity.is_none() {
            continue;
        }
        let (mut phrase, mut sum, mut reach) = (0, 0.0, Reach::ALL);
        for last in first..found.len().min(first + PHRASE) {
            if last > first {
                let between = &text[found[last - 1].to..found[last].from];
                if between.len() > 2 || !between.chars().all(|c| matches!(c, ' ' | '-' | '\u{a0}'))
                {
                    break;
                }
            }
            if found[first..last]
                .iter()
                .any(|word| word.hash == found[last].hash)
            {
                // Said twice, it says no more.
                break;
            }
            phrase = mix(phrase ^ found[last].hash);
            let Some(rarity) = found[last].rarity else {
                continue;
            };
            sum += rarity;
            reach = reach.and(found[last].reach);
            if last > first || !found[last].number {
                uses.push(Use {
                    phrase,
                    by,
                    from: found[first].from as u32,
                    to: found[last].to as u32,
                    words: last - first + 1,
                    rarity: sum,
                    reach,
                });
            }
        }
    }
}

/// The form most titles write a phrase in; ties to the first in the alphabet.
fn surface(uses: &[Use], members: &[Member]) -> String {
    let mut forms: BTreeMap<&str, u32> = BTreeMap::new();
    for used in uses {
        let title = members[used.by.at as usize].facts.title();
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

/// The first candidate, or the old label where it speaks for as many and is not beaten by the margin.
pub(crate) fn choose(
    labels: &[Candidate],
    ground: &Ground,
    old: Option<&str>,
    margin: f32,
) -> String {
    let Some(best) = labels.first() else {
        return String::new();
    };
    let held = old.and_then(|old| labels.iter().find(|label| label.text == old));
    match held {
        Some(held)
            if held.voice(ground) == best.voice(ground) && best.score < held.score * margin =>
        {
            held.text.clone()
        }
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
