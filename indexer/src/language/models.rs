//! lingua's statistical models: slower than a glance and right far more often, on short texts above all.
//!
//! The models are part of the program (about 280 MB of read-only data, mapped from its file and paged in where they
//! are read); nothing of them is loaded before the first text that needs them.

use std::str::FromStr;
use std::sync::LazyLock;

use discover_model::Language;
use lingua::{IsoCode639_1, LanguageDetector, LanguageDetectorBuilder};

/// Longest text that is compared, in characters. The cost grows with it; certainty does not.
const MAX_CHARS: usize = 160;
/// Likelihoods below this are left out; nothing that small can win.
const LEAST: f64 = 1e-6;

static DETECTOR: LazyLock<LanguageDetector> =
    LazyLock::new(|| LanguageDetectorBuilder::from_all_languages().build());

/// Whether there is a model of this language.
pub(super) fn know(language: Language) -> bool {
    IsoCode639_1::from_str(language.as_str()).is_ok()
}

/// How likely the text is in each language that has a model, most likely first; together at most 1.
pub(super) fn likelihoods(text: &str) -> Vec<(Language, f32)> {
    let end = text
        .char_indices()
        .nth(MAX_CHARS)
        .map_or(text.len(), |(at, _)| at);
    DETECTOR
        .compute_language_confidence_values(&text[..end])
        .into_iter()
        .take_while(|(_, likelihood)| *likelihood > LEAST)
        .filter_map(|(known, likelihood)| {
            let code = known.iso_code_639_1().to_string();
            Some((code.parse().ok()?, likelihood as f32))
        })
        .collect()
}
