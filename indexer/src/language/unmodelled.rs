//! Languages that the table has no figures of: whatlang's trigrams know some of them.

use discover_model::Language;
use whatlang::Lang;

/// The language without figures that a text seems to be in.
pub(super) fn seen(text: &str) -> Option<Language> {
    let seen = whatlang::detect(text)?;
    let code = match seen.lang() {
        Lang::Aka => "ak",
        Lang::Jav => "jv",
        Lang::Nep => "ne",
        Lang::Tuk => "tk",
        Lang::Uzb => "uz",
        Lang::Yid => "yi",
        _ => return None,
    };
    code.parse().ok().filter(|_| seen.is_reliable())
}
