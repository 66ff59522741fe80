//! The rule, and the one type that carries it.

use std::collections::BTreeMap;

use discover_model::Language;
use whatlang::Lang;

/// How much text is looked at; more adds cost, not certainty.
const MAX_BYTES: usize = 4096;
/// Fewest letters from which on detection says anything at all.
const MIN_LETTERS: usize = 3;
/// Items from which on a source's habit overrules a doubtful declaration.
const HABIT: f32 = 3.0;

/// What settled a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The script is used by one language only.
    Script,
    /// Detection was reliable, or agreed with the declaration.
    Detected,
    /// Detection left doubts, and the item, feed or owner declares the language.
    Declared,
    /// Detection left doubts, and most of this source is in the language.
    Habit,
    /// Nothing better than a doubtful detection.
    Guess,
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
/// 1. a script that one language alone uses decides (Greek, Tamil, Punjabi in Gurmukhi, …);
/// 2. a reliable detection decides, and so does one that agrees with the declaration;
/// 3. else the declaration decides, unless its language is not written in the text's script, or it says English (the
///    default of most software, and so the usual wrong one) while most of the source is in another language;
/// 4. else the source's most frequent language, if it is written in this script;
/// 5. else the doubtful detection.
#[derive(Debug, Clone, Default)]
pub struct Detector {
    /// Certainties summed by language over the items seen.
    habit: BTreeMap<Language, f32>,
}

/// ISO 639-1 where there is one, as the rest of the house writes languages.
fn language_of(lang: Lang) -> Option<Language> {
    let code = match lang {
        Lang::Eng => "en",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Bel => "be",
        Lang::Bul => "bg",
        Lang::Mkd => "mk",
        Lang::Srp => "sr",
        Lang::Hrv => "hr",
        Lang::Slv => "sl",
        Lang::Slk => "sk",
        Lang::Ces => "cs",
        Lang::Pol => "pl",
        Lang::Ron => "ro",
        Lang::Hun => "hu",
        Lang::Fin => "fi",
        Lang::Est => "et",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "nb",
        Lang::Ell => "el",
        Lang::Tur => "tr",
        Lang::Aze => "az",
        Lang::Uzb => "uz",
        Lang::Tuk => "tk",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Ara => "ar",
        Lang::Pes => "fa",
        Lang::Urd => "ur",
        Lang::Hin => "hi",
        Lang::Mar => "mr",
        Lang::Nep => "ne",
        Lang::Ben => "bn",
        Lang::Pan => "pa",
        Lang::Guj => "gu",
        Lang::Ori => "or",
        Lang::Tam => "ta",
        Lang::Tel => "te",
        Lang::Kan => "kn",
        Lang::Mal => "ml",
        Lang::Sin => "si",
        Lang::Tha => "th",
        Lang::Khm => "km",
        Lang::Mya => "my",
        Lang::Cmn => "zh",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Vie => "vi",
        Lang::Ind => "id",
        Lang::Jav => "jv",
        Lang::Tgl => "tl",
        Lang::Amh => "am",
        Lang::Hye => "hy",
        Lang::Kat => "ka",
        Lang::Epo => "eo",
        Lang::Lat => "la",
        Lang::Cat => "ca",
        Lang::Afr => "af",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Aka => "ak",
        Lang::Cym => "cy",
    };
    code.parse().ok()
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

impl Detector {
    /// The language of one item. `title` is read with the text; `declared` is what the item, else its feed, else the
    /// source's owner says.
    pub fn decide(&mut self, text: &str, title: Option<&str>, declared: Option<&str>) -> Decided {
        let decided = self.weigh(
            &readable(title, text),
            declared.and_then(Language::from_tag),
        );
        if let Some(language) = decided.language
            && decided.by != Step::Habit
        {
            *self.habit.entry(language).or_default() += decided.confidence;
        }
        decided
    }

    fn weigh(&self, text: &str, declared: Option<Language>) -> Decided {
        let decided = |language, confidence: f32, by| Decided {
            language: Some(language),
            confidence,
            by,
        };
        let letters = text
            .chars()
            .filter(|c| c.is_alphabetic())
            .take(MIN_LETTERS)
            .count();
        let info = if letters < MIN_LETTERS {
            None
        } else {
            whatlang::detect(text)
        };
        let Some(info) = info else {
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
        let script = info.script();
        if let Some(code) = super::script::only(script)
            && let Ok(language) = code.parse()
        {
            return decided(language, 0.99, Step::Script);
        }
        let detected = language_of(info.lang());
        let confidence = info.confidence() as f32;
        if let Some(language) = detected
            && (declared == Some(language) || info.is_reliable())
        {
            let sure = if declared == Some(language) {
                0.99
            } else {
                confidence
            };
            return decided(language, sure.clamp(0.5, 0.99), Step::Detected);
        }
        let usual = self
            .usual()
            .filter(|usual| super::script::may_be(*usual, script));
        if let Some(declared) = declared
            && super::script::may_be(declared, script)
        {
            return match usual {
                Some(usual) if declared == Language::ENGLISH && usual != declared => {
                    decided(usual, 0.7, Step::Habit)
                }
                _ => decided(declared, 0.8, Step::Declared),
            };
        }
        if let Some(usual) = usual {
            return decided(usual, 0.6, Step::Habit);
        }
        match detected {
            Some(language) => decided(language, confidence.clamp(0.05, 0.5), Step::Guess),
            None => Decided {
                language: None,
                confidence: 0.0,
                by: Step::Nothing,
            },
        }
    }

    /// The language of most of this source, once enough of it was seen.
    fn usual(&self) -> Option<Language> {
        let seen: f32 = self.habit.values().sum();
        let (language, weight) = self.habit.iter().max_by(|a, b| a.1.total_cmp(b.1))?;
        (seen >= HABIT && *weight > seen / 2.0).then_some(*language)
    }
}
