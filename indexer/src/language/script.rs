//! What a text's script alone says: some languages are ruled out by it, some decided.

use discover_model::Language;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// Share of kana from which on a text in Chinese characters is Japanese.
const KANA: f32 = 0.05;
/// How much a letter outside Latin counts: names and addresses in Latin letters stand in texts of all scripts.
const OUTSIDE_LATIN: u32 = 2;

/// The script of a letter; marks on letters are no letters of their own.
pub(super) fn of_letter(letter: char) -> Option<Script> {
    if letter.is_ascii() {
        return letter.is_ascii_alphabetic().then_some(Script::Latin);
    }
    let is_letter = letter.is_alphabetic() && !is_combining_mark(letter);
    is_letter.then(|| letter.script())
}

/// The script that most of a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) script: Script,
    pub(super) letters: u32,
    /// Of text in Chinese characters: whether there is kana between them.
    kana: bool,
}

impl Written {
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut counts: Vec<(Script, u32)> = Vec::with_capacity(4);
        let mut kana = 0;
        for script in text.chars().filter_map(of_letter) {
            let script = match script {
                Script::Hiragana | Script::Katakana => {
                    kana += 1;
                    Script::Han
                }
                Script::Common | Script::Inherited => continue,
                other => other,
            };
            match counts.iter_mut().find(|(known, _)| *known == script) {
                Some((_, count)) => *count += 1,
                None => counts.push((script, 1)),
            }
        }
        let weight = |script: Script, count: u32| match script {
            Script::Latin => count,
            _ => count * OUTSIDE_LATIN,
        };
        let (script, letters) = counts
            .into_iter()
            .max_by_key(|(script, count)| weight(*script, *count))?;
        Some(Self {
            script,
            letters,
            kana: f64::from(kana) >= f64::from(KANA) * f64::from(letters),
        })
    }

    /// The language of a script that only one language of ours uses.
    pub(super) fn only(self) -> Option<&'static str> {
        Some(match self.script {
            Script::Armenian => "hy",
            Script::Bengali => "bn",
            Script::Ethiopic => "am",
            Script::Georgian => "ka",
            Script::Greek => "el",
            Script::Gujarati => "gu",
            Script::Gurmukhi => "pa",
            Script::Han if self.kana => "ja",
            Script::Han => "zh",
            Script::Hangul => "ko",
            Script::Hebrew => "he",
            Script::Kannada => "kn",
            Script::Khmer => "km",
            Script::Malayalam => "ml",
            Script::Myanmar => "my",
            Script::Oriya => "or",
            Script::Sinhala => "si",
            Script::Tamil => "ta",
            Script::Telugu => "te",
            Script::Thai => "th",
            _ => return None,
        })
    }
}

/// Whether texts of this language are written in this script. Languages we know nothing of may be in Latin letters.
pub(super) fn may_be(language: Language, script: Script) -> bool {
    let scripts: &[Script] = match language.as_str() {
        "ar" | "fa" | "ur" | "ps" | "ckb" | "ug" | "sd" => &[Script::Arabic],
        "he" | "yi" => &[Script::Hebrew],
        "ru" | "uk" | "be" | "bg" | "mk" | "ky" | "tg" => &[Script::Cyrillic],
        "sr" | "kk" | "mn" | "uz" | "bs" => &[Script::Cyrillic, Script::Latin],
        "el" => &[Script::Greek],
        "hy" => &[Script::Armenian],
        "ka" => &[Script::Georgian],
        "hi" | "mr" | "ne" | "sa" => &[Script::Devanagari],
        "as" | "bn" => &[Script::Bengali],
        "pa" => &[Script::Gurmukhi, Script::Arabic],
        "gu" => &[Script::Gujarati],
        "or" => &[Script::Oriya],
        "ta" => &[Script::Tamil],
        "te" => &[Script::Telugu],
        "kn" => &[Script::Kannada],
        "ml" => &[Script::Malayalam],
        "si" => &[Script::Sinhala],
        "th" => &[Script::Thai],
        "km" => &[Script::Khmer],
        "my" => &[Script::Myanmar],
        "am" | "ti" => &[Script::Ethiopic],
        "zh" | "ja" => &[Script::Han],
        "ko" => &[Script::Hangul],
        // Also romanised, so nothing is ruled out.
        "az" | "ku" | "tt" => return true,
        _ => &[Script::Latin],
    };
    scripts.contains(&script)
}
