//! Phrases of titles: where they stand, how rare they are and how far they reach.

use std::collections::BTreeMap;

use discover_model::Language;

use crate::corpus::near_copies::{hash, mix};
use crate::corpus::words::{binds, fold, significant, without_placeholders, words};
use crate::graph::Graph;
use crate::publication::coherence::{Coherence, Reach, Reaches, Texts};
use crate::publication::measure::Member;

/// Longest phrase, in words.
const PHRASE: usize = 4;
/// Part of all conversations from which a word that so many use names nothing.
const EVERYBODYS: f32 = 0.5;
/// Longest number in a phrase; what is longer is a year, a sum or a code.
const DIGITS: usize = 3;
/// Least rarity of a number, so that a phrase of which every title has it keeps it.
const NUMBER: f32 = 0.1;

/// Whose title is read: a place in the list of members, and a bit in sets of texts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) at: u32,
    pub(crate) bit: u32,
}

/// One use of a phrase: where it stands in the title of one member.
pub(crate) struct Use {
    pub(crate) phrase: u64,
    pub(crate) by: Reader,
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) words: usize,
    pub(crate) rarity: f32,
    /// The texts that turn on all its telling words.
    pub(crate) together: Texts,
    /// Of the one of them that reaches farthest.
    pub(crate) reach: Reach,
}

/// Adds every phrase of a title: runs of up to four words that begin and end with a telling one or a number (`Ward 9`).
/// A number alone is none; codes, years and numbers side by side, such as a date, are in none.
pub(crate) fn collect(
    title: &str,
    language: Option<Language>,
    by: Reader,
    (coherence, turns, graph): (&Coherence, &Reaches, &Graph),
    uses: &mut Vec<Use>,
) {
    struct Read {
        from: usize,
        to: usize,
        hash: u64,
        /// Rarity, where the word tells something.
        rarity: Option<f32>,
        reach: Reach,
        /// Names nothing without a word.
        number: bool,
        /// Of a code or date: no phrase goes over it.
        code: bool,
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
        let figures = !binds(&folded) && folded.chars().any(char::is_numeric);
        let number =
            figures && folded.chars().count() <= DIGITS && folded.chars().all(char::is_numeric);
        let tells = significant(&folded, language) || number;
        let least = if number { NUMBER } else { 0.0 };
        let rarity = (weight * weight).max(least);
        let code = figures && !number;
        let says = tells && !code && reach.chance < EVERYBODYS;
        found.push(Read {
            from: word.start,
            to: word.start + word.text.len(),
            hash: hash(folded.as_bytes()),
            rarity: says.then_some(rarity),
            reach,
            number,
            code,
        });
        found.len() < 40
    });
    for at in 1..found.len() {
        let figures = |at: usize| found[at].number || found[at].code;
        if figures(at) && figures(at - 1) {
            for beside in [at - 1, at] {
                found[beside].code = true;
                found[beside].rarity = None;
            }
        }
    }
    for first in 0..found.len() {
        if found[first].rarity.is_none() {
            continue;
        }
        let (mut phrase, mut sum) = (0, 0.0);
        let (mut together, mut reach) = (Texts::MAX, found[first].reach);
        for last in first..found.len().min(first + PHRASE) {
            if found[last].code {
                break;
            }
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
            together &= found[last].reach.texts;
            reach = coherence.farther(reach, found[last].reach);
            if found[first..=last]
                .iter()
                .any(|word| word.rarity.is_some() && !word.number)
            {
                uses.push(Use {
                    phrase,
                    by,
                    from: found[first].from as u32,
                    to: found[last].to as u32,
                    words: last - first + 1,
                    rarity: sum,
                    together,
                    reach,
                });
            }
        }
    }
}

/// The form most titles write a phrase in; ties to the first in the alphabet.
pub(crate) fn surface(uses: &[Use], members: &[Member]) -> String {
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
