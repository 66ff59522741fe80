//! Stemmers: one per language that has one. Snowball's, and for Welsh the mutations.

use frostem::Algorithm;
use unicode_normalization::UnicodeNormalization;

use super::{fold, folded, welsh};
use crate::language::Language;

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

#[derive(Clone, Copy)]
enum Rules {
    Snowball(Algorithm),
    /// A word is its own stem; the query asks for all mutations.
    Mutations,
}

/// A language with a stemmer.
#[derive(Clone, Copy)]
pub struct Stemmer {
    /// The language's code, which marks its stems in the index.
    pub tag: &'static str,
    scripts: &'static [Script],
    rules: Rules,
}

impl std::fmt::Debug for Stemmer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stemmer({})", self.tag)
    }
}

const fn stemmer(tag: &'static str, scripts: &'static [Script], algorithm: Algorithm) -> Stemmer {
    Stemmer {
        tag,
        scripts,
        rules: Rules::Snowball(algorithm),
    }
}

const LATIN: &[Script] = &[Script::Latin];

/// Every language we can stem. Others are searched by their folded words.
static STEMMERS: [Stemmer; 33] = [
    stemmer("ar", &[Script::Arabic], Algorithm::Arabic),
    stemmer("ca", LATIN, Algorithm::Catalan),
    stemmer("cs", LATIN, Algorithm::Czech),
    Stemmer {
        tag: "cy",
        scripts: LATIN,
        rules: Rules::Mutations,
    },
    stemmer("da", LATIN, Algorithm::Danish),
    stemmer("de", LATIN, Algorithm::German),
    stemmer("el", &[Script::Greek], Algorithm::Greek),
    stemmer("en", LATIN, Algorithm::English),
    stemmer("eo", LATIN, Algorithm::Esperanto),
    stemmer("es", LATIN, Algorithm::Spanish),
    stemmer("et", LATIN, Algorithm::Estonian),
    stemmer("eu", LATIN, Algorithm::Basque),
    stemmer("fa", &[Script::Arabic], Algorithm::Persian),
    stemmer("fi", LATIN, Algorithm::Finnish),
    stemmer("fr", LATIN, Algorithm::French),
    stemmer("ga", LATIN, Algorithm::Irish),
    stemmer("hi", &[Script::Devanagari], Algorithm::Hindi),
    stemmer("hu", LATIN, Algorithm::Hungarian),
    stemmer("hy", &[Script::Armenian], Algorithm::Armenian),
    stemmer("id", LATIN, Algorithm::Indonesian),
    stemmer("it", LATIN, Algorithm::Italian),
    stemmer("lt", LATIN, Algorithm::Lithuanian),
    stemmer("ne", &[Script::Devanagari], Algorithm::Nepali),
    stemmer("nl", LATIN, Algorithm::Dutch),
    stemmer("no", LATIN, Algorithm::Norwegian),
    stemmer("pl", LATIN, Algorithm::Polish),
    stemmer("pt", LATIN, Algorithm::Portuguese),
    stemmer("ro", LATIN, Algorithm::Romanian),
    stemmer("ru", &[Script::Cyrillic], Algorithm::Russian),
    stemmer("sr", &[Script::Cyrillic, Script::Latin], Algorithm::Serbian),
    stemmer("sv", LATIN, Algorithm::Swedish),
    stemmer("ta", &[Script::Tamil], Algorithm::Tamil),
    stemmer("tr", LATIN, Algorithm::Turkish),
];

impl Stemmer {
    /// The stemmer of a language.
    pub fn of(language: Option<Language>) -> Option<&'static Self> {
        let language = language?;
        let code = match language.as_str() {
            "nb" | "nn" => "no",
            code => code,
        };
        Self::tagged(code)
    }

    /// Every language we can stem.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        STEMMERS.iter()
    }

    /// By the mark of its stems.
    pub fn tagged(tag: &str) -> Option<&'static Self> {
        STEMMERS
            .binary_search_by(|family| family.tag.cmp(tag))
            .ok()
            .map(|at| &STEMMERS[at])
    }

    /// Whether words like this one are stemmed at all: an English name in an Arabic text is not, nor is a number.
    pub fn stems(&self, word: &str) -> bool {
        word.chars()
            .next()
            .is_some_and(|c| c.is_alphabetic() && self.scripts.contains(&script(c)))
    }

    /// Whether a stem may begin otherwise than its word (articles, `ge-`, `naj-`, mutations, Cyrillic to Latin).
    pub fn strips_beginnings(&self) -> bool {
        matches!(
            self.tag,
            "ar" | "cy" | "eo" | "fa" | "ga" | "id" | "nl" | "pl" | "sr" | "ta"
        )
    }

    /// Appends `tag:stem`. The stemmer sees the word with the accents its rules need, and in one spelling where these do
    /// not; the stem is folded.
    pub fn stem(&self, word: &str, into: &mut String) {
        into.push_str(self.tag);
        into.push(':');
        let Rules::Snowball(algorithm) = self.rules else {
            fold(word, into);
            return;
        };
        let form = self.spelled(word);
        let bare = match self.tag {
            "ar" => without_article(&form),
            _ => &form,
        };
        let start = into.len();
        fold(&frostem::Stemmer::new(algorithm).stem(bare), into);
        if into.len() == start {
            fold(&form, into);
        }
    }

    /// `tag:stem` of everything that a document in this language may hold for the word: to be asked for by a query.
    pub fn wanted(&self, word: &str) -> Vec<String> {
        let mut stem = String::new();
        self.stem(word, &mut stem);
        let mut all = vec![stem];
        if matches!(self.rules, Rules::Mutations) {
            let mutated = welsh::forms(&folded(word)).into_iter();
            all.extend(mutated.map(|form| format!("{}:{form}", self.tag)));
        }
        all
    }

    /// Lower case, and one spelling of what keyboards write differently.
    fn spelled(&self, word: &str) -> String {
        if word.is_ascii() {
            return word.to_ascii_lowercase();
        }
        let lower = word.nfkc().flat_map(char::to_lowercase);
        match self.tag {
            "hi" | "ne" => folded(word),
            "ar" => lower
                .nfkd()
                .filter(|c| !is_arabic_mark(*c))
                .map(|c| match c {
                    'ٱ' => 'ا',
                    'ی' | 'ے' => 'ي',
                    'ک' => 'ك',
                    'ہ' | 'ە' => 'ه',
                    c => c,
                })
                .collect(),
            "fa" => lower
                .nfkd()
                .filter(|c| !is_arabic_mark(*c))
                .map(|c| match c {
                    'ٱ' => 'ا',
                    'ي' | 'ى' => 'ی',
                    'ك' => 'ک',
                    'ہ' | 'ە' | 'ة' => 'ه',
                    c => c,
                })
                .collect(),
            _ => lower.nfc().collect(),
        }
    }
}

/// An Arabic word without its article, alone or after a conjunction or preposition, where two letters or more are left (as
/// Lucene's light stemmer has it). Snowball's takes it from words of five letters on, so that "the blood" is no blood.
fn without_article(word: &str) -> &str {
    ["وال", "بال", "كال", "فال", "ال", "لل"]
        .into_iter()
        .find_map(|article| word.strip_prefix(article))
        .filter(|rest| rest.chars().nth(1).is_some())
        .unwrap_or(word)
}

/// Vowel signs, hamza and madda above and below, and the line that only lengthens a word.
const fn is_arabic_mark(c: char) -> bool {
    matches!(c, '\u{0610}'..='\u{061a}' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{06d6}'..='\u{06ed}')
        || super::is_invisible(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_sorted_by_tag_so_that_they_are_found() {
        assert!(STEMMERS.is_sorted_by_key(|family| family.tag));
        for family in &STEMMERS {
            assert_eq!(
                Stemmer::tagged(family.tag).map(|found| found.tag),
                Some(family.tag)
            );
        }
    }

    #[test]
    fn spellings_have_one_stem() {
        let stem = |tag: &str, word: &str| {
            let mut stem = String::new();
            Stemmer::tagged(tag).unwrap().stem(word, &mut stem);
            stem
        };
        for (tag, one, other) in [
            ("ar", "أدوية", "ادوية"),
            ("ar", "الإسعاف", "الاسعاف"),
            ("ar", "الدم", "دم"),
            ("ar", "بالدم", "دم"),
            ("ar", "للدم", "دم"),
            ("ar", "المستشفى", "مستشفى"),
            ("fa", "بیمارستان", "بيمارستان"),
            ("hi", "डॉक्टरों", "डॉक्टर"),
            ("hi", "जाँच", "जांच"),
        ] {
            assert_eq!(stem(tag, one), stem(tag, other), "{one} {other}");
        }
        let welsh = Stemmer::tagged("cy").unwrap();
        assert!(welsh.wanted("feddygfa").contains(&"cy:meddygfa".to_owned()));
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
        for family in STEMMERS.iter().filter(|family| !family.strips_beginnings()) {
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
