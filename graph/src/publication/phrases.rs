//! Phrases of titles: where they stand, how rare they are and how far they reach.

use std::collections::BTreeMap;

use discover_model::Language;
use discover_model::text::FunctionWords;

use crate::clustering::COMMON;
use crate::corpus::near_copies::{hash, mix};
use crate::corpus::words::{binds, fold, significant, without_placeholders, words};
use crate::graph::Graph;
use crate::publication::coherence::{Coherence, Reach, Texts};
use crate::publication::measure::Member;
use crate::publication::reaches::Reaches;
use crate::publication::wording::is_of_date;

/// Longest phrase, in words.
pub(crate) const PHRASE: usize = 5;
/// Part of all conversations from which a word that so many use names nothing.
const EVERYBODYS: f32 = 0.5;
/// Longest number in a phrase; what is longer is a year, a sum or a code.
const DIGITS: usize = 3;
/// Words of a title that are read.
const READ: usize = 40;

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
    /// The hashes of its words.
    pub(crate) said: [u64; PHRASE],
    /// Part of all conversations that use the rarest of its telling words.
    pub(crate) elsewhere: f32,
    /// The texts that turn on all its telling words.
    pub(crate) together: Texts,
    /// Of the one of them that reaches farthest.
    pub(crate) reach: Reach,
}

/// A word of a title.
struct Read {
    from: usize,
    to: usize,
    hash: u64,
    /// Part of all conversations that use it, where it tells something.
    elsewhere: Option<f32>,
    reach: Reach,
    /// Names nothing without a word.
    number: bool,
    /// Of a date: names nothing, and beside a number nothing goes over it.
    dated: bool,
    /// Of a code or date, or cut off: no phrase goes over it.
    code: bool,
}

/// Adds every phrase of a title: runs of up to five words that begin and end with a telling one or a number (`Ward 9`).
/// A number alone is none; codes, years, dates and what was cut off are in none.
pub(crate) fn collect(
    title: &str,
    language: Option<Language>,
    by: Reader,
    read: (&Coherence, &Reaches, &Graph),
    uses: &mut Vec<Use>,
) {
    let text = without_placeholders(title);
    let found = words_of(&text, language, read.1, read.2);
    for first in 0..found.len() {
        if found[first].elsewhere.is_none() {
            continue;
        }
        let (mut phrase, mut elsewhere) = (0, 1.0_f32);
        let mut said = [0; PHRASE];
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
            said[last - first] = found[last].hash;
            let Some(part) = found[last].elsewhere else {
                continue;
            };
            elsewhere = elsewhere.min(part);
            together &= found[last].reach.texts;
            reach = read.0.farther(reach, found[last].reach);
            if found[first..=last]
                .iter()
                .any(|word| word.elsewhere.is_some() && !word.number)
            {
                uses.push(Use {
                    phrase,
                    by,
                    from: found[first].from as u32,
                    to: found[last].to as u32,
                    words: last - first + 1,
                    said,
                    elsewhere,
                    together,
                    reach,
                });
            }
        }
    }
}

fn words_of(text: &str, language: Option<Language>, turns: &Reaches, graph: &Graph) -> Vec<Read> {
    let mut found: Vec<Read> = Vec::new();
    let function_words = FunctionWords::of(language);
    let mut folded = String::new();
    let all = graph.len().max(1) as f32;
    words(text, |word| {
        fold(word.text, &mut folded);
        let term = graph.lexicon.number(&folded);
        let chance = term.map_or(0.0, |term| graph.clustering.chance(term));
        let used = term.map_or(0, |term| graph.lexicon.get(term).used).max(1) as f32 / all;
        // Near copies count once: who says a thing a thousand times makes it no commoner.
        let elsewhere = if chance > 0.0 {
            chance
        } else {
            used.min(COMMON)
        };
        let reach = term.map_or(Reach::NONE, |term| Reach {
            chance,
            ..turns.of(term)
        });
        let figures = !binds(&folded) && folded.chars().any(char::is_numeric);
        let number =
            figures && folded.chars().count() <= DIGITS && folded.chars().all(char::is_numeric);
        let dated = is_of_date(&folded, language);
        let everyday = term.is_some_and(|term| graph.clustering.is_everyday(language, term));
        let tells = (significant(&folded, function_words) && !dated && !everyday) || number;
        let to = word.start + word.text.len();
        let cut = text[to..].starts_with(['…']) || text[to..].starts_with("...");
        let code = (figures && !number) || cut;
        let says = tells && !code && reach.chance < EVERYBODYS;
        found.push(Read {
            from: word.start,
            to,
            hash: hash(folded.as_bytes()),
            elsewhere: says.then_some(if number { 1.0 } else { elsewhere }),
            reach,
            number,
            dated,
            code,
        });
        found.len() < READ
    });
    for at in 1..found.len() {
        let figures = |at: usize| found[at].number || found[at].code || found[at].dated;
        if figures(at) && figures(at - 1) {
            for beside in [at - 1, at] {
                found[beside].code = true;
                found[beside].elsewhere = None;
            }
        }
    }
    found
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
