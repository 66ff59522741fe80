//! The rule, and the one type that carries it.

use std::collections::BTreeMap;

use discover_model::Language;

use super::glance::{glance, has_no_double, language_of};
use super::ties::tie;
use super::{models, script};

/// How much text is looked at; more adds cost, not certainty.
const MAX_BYTES: usize = 300;
/// Fewest letters from which on detection says anything at all.
const MIN_LETTERS: usize = 3;

// How much a declaration weighs, as powers of e, against 1 for every other language. English beside another declared
// language is a likely second one, as many networks write both. Measured on 52 languages in declared and wrongly
// declared feeds; neighbouring values differ by less than half a point.
const DECLARED: f32 = 54.6;
const BESIDE_DECLARED: f32 = 20.1;
/// Items that the prior counts for against the items of the source seen so far.
const PRIOR_ITEMS: f32 = 4.0;
/// Languages that share what the declaration leaves.
const LANGUAGES: f32 = 75.0;
/// What a language gets that the models rule out: they can be wrong too.
const FLOOR: f32 = 1e-4;
/// Share of its source from which on a language is expected, so that a reliable glance at it needs no second look.
const EXPECTED: f32 = 0.6;
/// Certainty of a glance at an expected language that needs no second look: less than a reliable one's, as its source
/// speaks for it as well.
const LIKELY: f64 = 0.5;
/// Share of its source from which on a language is at home there, which takes sixteen items, and the certainty of a
/// glance at it that is enough then.
const HOME: f32 = 0.8;
const AT_HOME: f64 = 0.2;
/// Shares smaller than this are not kept.
const NOTED: f32 = 0.01;

/// What settled a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The script is used by one language only.
    Script,
    /// The little words of the language that is declared, or that nearly all of this source is in.
    Ties,
    /// A reliable glance that nothing contradicts.
    Glance,
    /// The models, where declaration and habit say the same or nothing.
    Models,
    /// The models left doubts, and the item, feed or owner declares the language.
    Declared,
    /// The models left doubts, and most of this source is in the language.
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
/// 1. a language that is declared, or at home in the source, is known by its little words where the two do not differ;
/// 2. a script that one language alone uses decides (Greek, Tamil, Punjabi in Gurmukhi, …);
/// 3. a reliable glance at the trigrams decides where it agrees with the declaration, with most of the source, or with
///    nothing said at all and no other language looks alike; a likely one where nothing else is declared, and the
///    declaration or most of the source speaks for it; and a faint one where the language is at home;
/// 4. else statistical models of 75 languages give each a likelihood, which is weighed by what is declared and by the
///    shares of the languages in the source so far; the greatest product decides;
/// 5. a declared language that has no model holds where nothing reliable contradicts it.
#[derive(Debug, Clone, Default)]
pub struct Detector {
    /// Certainties summed by language over the items seen.
    habit: BTreeMap<Language, f32>,
    items: f32,
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
        let declared = declared.and_then(Language::from_tag).map(spoken_as);
        self.weigh(&readable(title, text), declared)
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

    fn weigh(&mut self, text: &str, declared: Option<Language>) -> Decided {
        if let Some(expected) = self.expected(declared)
            && tie(text, expected)
        {
            return self.settle(expected, 0.99, Step::Ties);
        }
        let letters = text
            .chars()
            .filter(|c| c.is_alphabetic())
            .take(MIN_LETTERS)
            .count();
        let seen = if letters < MIN_LETTERS {
            None
        } else {
            glance(text)
        };
        let Some(seen) = seen else {
            // Too little to see; take what is said.
            return match declared {
                Some(language) => decided(language, 0.3, Step::Declared),
                None => Decided {
                    language: None,
                    confidence: 0.0,
                    by: Step::Nothing,
                },
            };
        };
        let script = seen.script();
        if let Some(code) = script::only(script)
            && let Ok(language) = code.parse()
        {
            return self.settle(language, 0.99, Step::Script);
        }
        if let Some(language) = language_of(seen.lang())
            && if seen.is_reliable() {
                declared == Some(language)
                    || self.expects(language)
                    || (declared.is_none() && has_no_double(seen.lang()))
            } else {
                self.backs(language, declared, seen.confidence())
            }
        {
            return self.settle(language, 0.99, Step::Glance);
        }
        if let Some(declared) = declared
            && !models::know(declared)
            && script::may_be(declared, script)
            && !(seen.is_reliable() && has_no_double(seen.lang()))
        {
            return self.settle(declared, 0.8, Step::Declared);
        }
        self.second_look(text, declared, script)
    }

    fn second_look(
        &mut self,
        text: &str,
        declared: Option<Language>,
        script: whatlang::Script,
    ) -> Decided {
        let likely = models::likelihoods(text);
        let Some((first, _)) = likely.first().copied() else {
            return match declared.filter(|language| script::may_be(*language, script)) {
                Some(language) => decided(language, 0.5, Step::Declared),
                None => Decided {
                    language: None,
                    confidence: 0.0,
                    by: Step::Nothing,
                },
            };
        };
        let mut weighed: BTreeMap<Language, f32> = likely.into_iter().collect();
        for language in declared.iter().chain(self.habit.keys()) {
            if script::may_be(*language, script) {
                weighed.entry(*language).or_default();
            }
        }
        let mut sum = 0.0;
        for (language, likelihood) in &mut weighed {
            *likelihood = (*likelihood + FLOOR) * self.share(*language, declared);
            sum += *likelihood;
        }
        self.items += 1.0;
        let mut best = (first, 0.0);
        for (language, weight) in &weighed {
            let share = weight / sum;
            self.note(*language, share);
            if share > best.1 {
                best = (*language, share);
            }
        }
        let (language, certainty) = best;
        let by = if language == first {
            Step::Models
        } else if declared == Some(language) {
            Step::Declared
        } else {
            Step::Habit
        };
        decided(language, certainty.min(0.99), by)
    }

    /// The share of a language to be expected in this source, for an item with this declaration.
    fn share(&self, language: Language, declared: Option<Language>) -> f32 {
        let weight = |of: Language| match declared {
            Some(declared) if declared == of => DECLARED,
            Some(_) if of == Language::ENGLISH => BESIDE_DECLARED,
            _ => 1.0,
        };
        let all = match declared {
            None => LANGUAGES,
            Some(Language::ENGLISH) => DECLARED + LANGUAGES - 1.0,
            Some(_) => DECLARED + BESIDE_DECLARED + LANGUAGES - 2.0,
        };
        let seen = self.habit.get(&language).copied().unwrap_or_default();
        (seen + PRIOR_ITEMS * weight(language) / all) / (self.items + PRIOR_ITEMS)
    }

    /// Whether source and declaration speak for a glance that is not reliable by itself.
    fn backs(&self, language: Language, declared: Option<Language>, certainty: f64) -> bool {
        let unopposed = declared.is_none_or(|declared| declared == language);
        unopposed
            && ((certainty >= LIKELY && (self.expects(language) || declared == Some(language)))
                || (certainty >= AT_HOME && self.share(language, None) >= HOME))
    }

    /// The language that is declared or at home in this source, where the two do not differ.
    fn expected(&self, declared: Option<Language>) -> Option<Language> {
        let mut known = self.habit.keys().copied();
        let home = known.find(|language| self.share(*language, None) >= HOME);
        match (declared, home) {
            (Some(declared), Some(home)) if declared != home => None,
            (declared, home) => declared.or(home),
        }
    }

    /// Whether most of this source is in the language.
    fn expects(&self, language: Language) -> bool {
        self.share(language, None) >= EXPECTED
    }
}

/// "Norwegian" without saying which is nearly always Bokmål.
fn spoken_as(declared: Language) -> Language {
    match declared.as_str() {
        "no" => "nb".parse().unwrap_or(declared),
        _ => declared,
    }
}
