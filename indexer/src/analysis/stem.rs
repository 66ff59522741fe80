//! Stemmers: one per language that has one.

use discover_model::Language;
use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use super::fold;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    Tamil,
    Other,
}

const fn script(c: char) -> Script {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{00aa}'..='\u{024f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{0370}'..='\u{03ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{0400}'..='\u{052f}' => Script::Cyrillic,
        '\u{0531}'..='\u{058a}' => Script::Armenian,
        '\u{0591}'..='\u{05f4}' => Script::Hebrew,
        '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' | '\u{fb50}'..='\u{fefc}' => {
            Script::Arabic
        }
        '\u{0900}'..='\u{097f}' => Script::Devanagari,
        '\u{0b80}'..='\u{0bff}' => Script::Tamil,
        _ => Script::Other,
    }
}

/// A language with a stemmer.
#[derive(Clone, Copy)]
pub(crate) struct Family {
    /// Marks this language's stems in the index.
    pub(crate) tag: &'static str,
    scripts: &'static [Script],
    algorithm: Algorithm,
}

impl std::fmt::Debug for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Family({})", self.tag)
    }
}

const fn family(tag: &'static str, scripts: &'static [Script], algorithm: Algorithm) -> Family {
    Family {
        tag,
        scripts,
        algorithm,
    }
}

const LATIN: &[Script] = &[Script::Latin];

/// Every language we can stem. Others are searched by their folded words.
pub(crate) static FAMILIES: [Family; 32] = [
    family("ar", &[Script::Arabic], Algorithm::Arabic),
    family("ca", LATIN, Algorithm::Catalan),
    family("cs", LATIN, Algorithm::Czech),
    family("da", LATIN, Algorithm::Danish),
    family("de", LATIN, Algorithm::German),
    family("el", &[Script::Greek], Algorithm::Greek),
    family("en", LATIN, Algorithm::English),
    family("eo", LATIN, Algorithm::Esperanto),
    family("es", LATIN, Algorithm::Spanish),
    family("et", LATIN, Algorithm::Estonian),
    family("eu", LATIN, Algorithm::Basque),
    family("fa", &[Script::Arabic], Algorithm::Persian),
    family("fi", LATIN, Algorithm::Finnish),
    family("fr", LATIN, Algorithm::French),
    family("ga", LATIN, Algorithm::Irish),
    family("hi", &[Script::Devanagari], Algorithm::Hindi),
    family("hu", LATIN, Algorithm::Hungarian),
    family("hy", &[Script::Armenian], Algorithm::Armenian),
    family("id", LATIN, Algorithm::Indonesian),
    family("it", LATIN, Algorithm::Italian),
    family("lt", LATIN, Algorithm::Lithuanian),
    family("ne", &[Script::Devanagari], Algorithm::Nepali),
    family("nl", LATIN, Algorithm::Dutch),
    family("no", LATIN, Algorithm::Norwegian),
    family("pl", LATIN, Algorithm::Polish),
    family("pt", LATIN, Algorithm::Portuguese),
    family("ro", LATIN, Algorithm::Romanian),
    family("ru", &[Script::Cyrillic], Algorithm::Russian),
    family("sr", &[Script::Cyrillic, Script::Latin], Algorithm::Serbian),
    family("sv", LATIN, Algorithm::Swedish),
    family("ta", &[Script::Tamil], Algorithm::Tamil),
    family("tr", LATIN, Algorithm::Turkish),
];

impl Family {
    pub(crate) fn of(language: Option<Language>) -> Option<&'static Self> {
        let language = language?;
        let code = match language.as_str() {
            "nb" | "nn" => "no",
            code => code,
        };
        Self::tagged(code)
    }

    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        FAMILIES.iter()
    }

    pub(crate) fn tagged(tag: &str) -> Option<&'static Self> {
        FAMILIES
            .binary_search_by(|family| family.tag.cmp(tag))
            .ok()
            .map(|at| &FAMILIES[at])
    }

    /// Whether words like this one are stemmed at all: an English name in an Arabic text is not, nor is a number.
    pub(crate) fn stems(&self, word: &str) -> bool {
        word.chars()
            .next()
            .is_some_and(|c| c.is_alphabetic() && self.scripts.contains(&script(c)))
    }

    /// Whether a stem may begin otherwise than its word (articles, `ge-`, `naj-`, mutations, Cyrillic to Latin).
    pub(crate) fn strips_beginnings(&self) -> bool {
        matches!(
            self.tag,
            "ar" | "eo" | "fa" | "ga" | "id" | "nl" | "pl" | "sr" | "ta"
        )
    }

    /// Appends `tag:stem`. The stemmer sees the word with its accents, as its rules need them; the stem is folded.
    pub(crate) fn stem(&self, word: &str, into: &mut String) {
        into.push_str(self.tag);
        into.push(':');
        let lower: String = if word.is_ascii() {
            word.to_ascii_lowercase()
        } else {
            word.nfkc().flat_map(char::to_lowercase).nfc().collect()
        };
        let start = into.len();
        fold(&Stemmer::new(self.algorithm).stem(&lower), into);
        if into.len() == start {
            fold(&lower, into);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_sorted_by_tag_so_that_they_are_found() {
        assert!(FAMILIES.is_sorted_by_key(|family| family.tag));
        for family in &FAMILIES {
            assert_eq!(
                Family::tagged(family.tag).map(|found| found.tag),
                Some(family.tag)
            );
        }
        assert!(Family::of(Some(Language::WELSH)).is_none());
    }

    #[test]
    fn a_stem_begins_like_its_word_where_highlighting_relies_on_it() {
        let words = [
            "dying",
            "lying",
            "skies",
            "geht",
            "gegangen",
            "größere",
            "naked",
            "ähnlich",
            "ouvert",
            "élevé",
            "häuser",
            "yksin",
            "iubire",
            "ülkeler",
            "évek",
            "неделя",
            "ёлка",
            "παιδιά",
            "ονομάζω",
            "घरों",
            "նամակներ",
            "leggings",
            "undone",
            "antes",
            "ungarische",
            "ovog",
            "najveći",
            "überall",
            "jsou",
            "nejlepší",
        ];
        for family in FAMILIES.iter().filter(|family| !family.strips_beginnings()) {
            for word in words.iter().filter(|word| family.stems(word)) {
                let (mut plain, mut stem) = (String::new(), String::new());
                fold(word, &mut plain);
                family.stem(word, &mut stem);
                let begins = stem.chars().nth(family.tag.len() + 1);
                assert_eq!(begins, plain.chars().next(), "{} {word} {stem}", family.tag);
            }
        }
    }
}
