//! What a text's script alone says: some languages are ruled out by it, some decided.

use discover_model::Language;
use whatlang::Script;

/// Whether texts of this language are written in this script. Languages we know nothing of may be anything.
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
        "bn" => &[Script::Bengali],
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
        "zh" => &[Script::Mandarin],
        "ja" => &[Script::Hiragana, Script::Katakana, Script::Mandarin],
        "ko" => &[Script::Hangul],
        // Also romanised, so nothing is ruled out.
        "az" | "ku" | "tt" => return true,
        _ => &[Script::Latin],
    };
    scripts.contains(&script)
}

/// The language of a script that only one language of ours uses.
pub(super) fn only(script: Script) -> Option<&'static str> {
    Some(match script {
        Script::Armenian => "hy",
        Script::Georgian => "ka",
        Script::Greek => "el",
        Script::Gujarati => "gu",
        Script::Gurmukhi => "pa",
        Script::Hangul => "ko",
        Script::Kannada => "kn",
        Script::Khmer => "km",
        Script::Malayalam => "ml",
        Script::Myanmar => "my",
        Script::Oriya => "or",
        Script::Sinhala => "si",
        Script::Tamil => "ta",
        Script::Telugu => "te",
        Script::Thai => "th",
        Script::Hiragana | Script::Katakana => "ja",
        _ => return None,
    })
}
