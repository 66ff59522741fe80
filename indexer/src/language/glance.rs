//! A first look by trigrams: fast, and enough for most posts.

use discover_model::Language;
use whatlang::{Info, Lang};

/// ISO 639-1 where there is one, as the rest of the house writes languages.
pub(super) fn language_of(lang: Lang) -> Option<Language> {
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

/// Languages whose verdict can be taken as it is when it is reliable: no language that the trigrams do not know is
/// written so alike that it is taken for one of these. (Xhosa is taken for Zulu, Malay for Indonesian, Bosnian for
/// Croatian, Kazakh for Belarusian, Irish for Welsh: those verdicts are only a hint.)
pub(super) const fn has_no_double(lang: Lang) -> bool {
    !matches!(
        lang,
        Lang::Aka
            | Lang::Bel
            | Lang::Cat
            | Lang::Cym
            | Lang::Fra
            | Lang::Hrv
            | Lang::Ind
            | Lang::Jav
            | Lang::Lat
            | Lang::Lav
            | Lang::Nob
            | Lang::Rus
            | Lang::Sna
            | Lang::Tgl
            | Lang::Tuk
            | Lang::Ukr
            | Lang::Uzb
            | Lang::Vie
            | Lang::Zul
    )
}

/// Nothing where there is too little to see.
pub(super) fn glance(text: &str) -> Option<Info> {
    whatlang::detect(text)
}
