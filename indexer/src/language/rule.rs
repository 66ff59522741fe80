//! The rule, and the one type that carries it.

use std::collections::BTreeMap;

use discover_model::Language;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_script::Script;

use super::script::{self, Written};
use super::{table, unmodelled};

/// How much text is looked at; more adds cost, not certainty.
const MAX_BYTES: usize = 300;
/// Fewest letters from which on detection says anything at all.
const MIN_LETTERS: u32 = 3;

// How much a declaration weighs, as powers of e, against 1 for every other language. English beside another declared
// language is a likely second one, as many networks write both. Measured on 52 languages in declared and wrongly
// declared feeds; neighbouring values differ by less than half a point.
const DECLARED: f32 = 54.6;
const BESIDE_DECLARED: f32 = 20.1;
/// The same where an item declares another language than its source began with: that was written for this item, and is
/// no setting that somebody forgot.
const DECLARED_ITSELF: f32 = 1_096.6;
/// Items that the prior counts for against the items of the source seen so far.
const PRIOR_ITEMS: f32 = 4.0;
/// Languages that share what the declaration leaves.
const LANGUAGES: f32 = 75.0;
/// What a language gets that the table rules out: it can be wrong too.
const FLOOR: f32 = 1e-4;
/// Likelihoods below this are left out; nothing that small can win.
const LEAST: f32 = 1e-6;
/// How much the table's likelihoods count beside declaration and habit, over the square root of the symbols read: what
/// follows each other in a text is not independent, so the plain sum is far too sure.
const TEMPER: f32 = 0.7;
/// The likelihood of a symbol, in nats, that 2 of 100 texts in a language with figures stay below, and half of those in
/// one without; and fewest symbols for which this says anything.
const FLUENT: f32 = -2.8;
const MIN_SYMBOLS: f32 = 20.0;
/// The same of a text in a declared language without figures; 19 of 20 texts in a language with figures are above it.
const JUST_FLUENT: f32 = -2.2;
/// Shares smaller than this are not kept.
const NOTED: f32 = 0.01;
/// Most that a language is sure that was said, and not seen in the letters.
const SAID: f32 = 0.5;

/// What settled a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The script is used by one language only.
    Script,
    /// The letters, where declaration and habit say the same or nothing.
    Letters,
    /// The letters left doubts, and the item, feed or owner declares the language.
    Declared,
    /// The letters left doubts, and most of this source is in the language.
    Habit,
    /// No text to speak of.
    Nothing,
}

/// A language with its certainty, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decided {
    pub language: Option<Language>,
    pub confidence: f32,
    pub by: Step,
}

/// Decides languages for the posts of one source, and learns that source's habit on the way. One per source.
///
/// The rule, in order:
/// 1. a script that one language alone uses decides (Greek, Tamil, Punjabi in Gurmukhi, …), unless a language that shares
///    it is declared;
/// 2. else the table of letter sequences gives each language of the script a likelihood, which is weighed by what is
///    declared and by the shares of the languages in the source so far; the greatest product decides;
/// 3. a language without figures, declared or seen by whatlang where the text is fluent in none, takes part with the
///    likelihood of a text that is just fluent.
#[derive(Debug, Clone, Default)]
pub struct Detector {
    /// Certainties summed by language over the items seen.
    habit: BTreeMap<Language, f32>,
    items: f32,
    /// Whether an item has been seen, and what the first one declared.
    begun: bool,
    usual: Option<Language>,
}

/// The text without addresses and names of accounts, which look like English everywhere.
fn readable(title: Option<&str>, text: &str) -> String {
    let mut kept = String::with_capacity(text.len().min(MAX_BYTES) + 64);
    let words = title
        .unwrap_or_default()
        .split_whitespace()
        .chain(text.split_whitespace());
    for word in words {
        if kept.len() + word.len() > MAX_BYTES {
            if kept.is_empty() {
                // A script without spaces, or nonsense: its beginning is enough.
                let end = word.floor_char_boundary(MAX_BYTES);
                kept.push_str(&word[..end]);
            }
            break;
        }
        if word.contains("://") || word.starts_with("www.") || word.starts_with(['@', '#']) {
            continue;
        }
        kept.push_str(word);
        kept.push(' ');
    }
    kept
}

/// What is declared, where nothing can be seen.
fn said(declared: Option<Language>, confidence: f32) -> Decided {
    match declared {
        Some(language) => decided(language, confidence, Step::Declared),
        None => Decided {
            language: None,
            confidence: 0.0,
            by: Step::Nothing,
        },
    }
}

const fn decided(language: Language, confidence: f32, by: Step) -> Decided {
    Decided {
        language: Some(language),
        confidence,
        by,
    }
}

impl Detector {
    /// The language of one item. `title` is read with the text; `declared` is what the item, else its feed, else the
    /// source's owner says.
    pub fn decide(&mut self, text: &str, title: Option<&str>, declared: Option<&str>) -> Decided {
        self.hear(declared);
        let declared = declared.and_then(Language::from_tag).map(spoken_as);
        // English is what software says where nobody was asked.
        let itself = declared != self.usual
            && declared.is_some_and(|declared| declared != Language::ENGLISH);
        self.weigh(&readable(title, text), declared, itself)
    }

    /// Takes note of an item that need not be decided again: what it declares, and what it was found to be in, from 0 to 1
    /// how surely.
    pub fn keep(&mut self, declared: Option<&str>, found: Option<(Language, f32)>) {
        self.hear(declared);
        // Below that it is what was said for want of letters.
        if let Some((language, confidence)) = found.filter(|(_, confidence)| *confidence > SAID) {
            self.items += 1.0;
            self.note(language, confidence);
        }
    }

    /// What the first item declares is the source's usual.
    fn hear(&mut self, declared: Option<&str>) {
        if !self.begun {
            self.begun = true;
            self.usual = declared.and_then(Language::from_tag).map(spoken_as);
        }
    }

    fn note(&mut self, language: Language, share: f32) {
        if share >= NOTED {
            *self.habit.entry(language).or_default() += share;
        }
    }

    fn settle(&mut self, language: Language, confidence: f32, by: Step) -> Decided {
        self.items += 1.0;
        self.note(language, 1.0);
        decided(language, confidence, by)
    }

    fn weigh(&mut self, text: &str, declared: Option<Language>, itself: bool) -> Decided {
        let text = match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => text,
            _ => &text.nfc().collect::<String>(),
        };
        let written = Written::of(text).filter(|written| written.letters >= MIN_LETTERS);
        let Some(written) = written else {
            // Too little to see; take what is said.
            return said(declared, 0.3);
        };
        let declared_so = declared.filter(|declared| script::may_be(*declared, written.script));
        if let Some(only) = written.only().and_then(|code| code.parse().ok()) {
            let sharing = declared_so.or_else(|| match written.script {
                Script::Hebrew => unmodelled::seen(text),
                _ => None,
            });
            return self.settle(sharing.unwrap_or(only), 0.99, Step::Script);
        }
        match likelihoods(text, written.script, declared_so) {
            Some(likely) => self.choose(likely, written.script, declared, itself),
            None => said(declared_so, 0.5),
        }
    }

    /// Weighs likelihoods by what is declared and by habit.
    fn choose(
        &mut self,
        likely: BTreeMap<Language, f32>,
        script: Script,
        declared: Option<Language>,
        itself: bool,
    ) -> Decided {
        let greatest = |all: &BTreeMap<Language, f32>| {
            let all = all.iter().max_by(|a, b| a.1.total_cmp(b.1));
            all.map(|(language, weight)| (*language, *weight))
        };
        let first = greatest(&likely);
        let mut weighed = likely;
        for language in declared.iter().chain(self.habit.keys()) {
            if script::may_be(*language, script) {
                weighed.entry(*language).or_default();
            }
        }
        for (language, weight) in &mut weighed {
            *weight = (*weight + FLOOR) * self.share(*language, declared, itself);
        }
        let sum: f32 = weighed.values().sum();
        let Some((language, weight)) = greatest(&weighed) else {
            return said(declared, 0.3);
        };
        self.items += 1.0;
        for (language, weight) in &weighed {
            self.note(*language, weight / sum);
        }
        let by = if first.is_some_and(|(first, _)| language == first) {
            Step::Letters
        } else if declared == Some(language) {
            Step::Declared
        } else {
            Step::Habit
        };
        decided(language, (weight / sum).min(0.99), by)
    }

    /// The share of a language to be expected in this source, for an item with this declaration.
    fn share(&self, language: Language, declared: Option<Language>, itself: bool) -> f32 {
        let said = if itself { DECLARED_ITSELF } else { DECLARED };
        let weight = |of: Language| match declared {
            Some(declared) if declared == of => said,
            Some(_) if of == Language::ENGLISH => BESIDE_DECLARED,
            _ => 1.0,
        };
        let all = match declared {
            None => LANGUAGES,
            Some(Language::ENGLISH) => said + LANGUAGES - 1.0,
            Some(_) => said + BESIDE_DECLARED + LANGUAGES - 2.0,
        };
        if itself {
            // An item that stands out by its declaration is not judged by the others.
            return weight(language) / all;
        }
        let seen = self.habit.get(&language).copied().unwrap_or_default();
        (seen + PRIOR_ITEMS * weight(language) / all) / (self.items + PRIOR_ITEMS)
    }
}

/// How likely the text is in each language, together 1. Nothing for a script that the table does not know.
fn likelihoods(
    text: &str,
    script: Script,
    declared: Option<Language>,
) -> Option<BTreeMap<Language, f32>> {
    let mut read = table::read(text, script)?;
    let symbols = read.symbols.max(1.0);
    let seen = if symbols >= MIN_SYMBOLS && read.fluency < FLUENT {
        unmodelled::seen(text).filter(|seen| Some(*seen) != declared)
    } else {
        None
    };
    for (language, symbol) in [(declared, JUST_FLUENT), (seen, FLUENT)] {
        if let Some(language) = language.filter(|language| !table::knows(*language)) {
            read.nats.push((language, symbol * symbols));
        }
    }
    let highest = read
        .nats
        .iter()
        .map(|(_, nats)| *nats)
        .fold(f32::MIN, f32::max);
    let tempered = |nats: f32| ((nats - highest) * TEMPER / symbols.sqrt()).exp();
    let sum: f32 = read.nats.iter().map(|(_, nats)| tempered(*nats)).sum();
    let likely = read
        .nats
        .into_iter()
        .map(|(language, nats)| (language, tempered(nats) / sum));
    Some(
        likely
            .filter(|(_, likelihood)| *likelihood > LEAST)
            .collect(),
    )
}

/// "Norwegian" without saying which is nearly always Bokmål.
fn spoken_as(declared: Language) -> Language {
    match declared.as_str() {
        "no" => "nb".parse().unwrap_or(declared),
        _ => declared,
    }
}
