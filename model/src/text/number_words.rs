//! Numbers written as words: they count what a text is about, and are never it.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use super::{folded, normalise};
use crate::language::Language;

/// Cardinal and ordinal numbers that texts are written with, by language.
const LISTS: [(&str, &str); 10] = [
    (
        "en",
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen \
         eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million \
         millions billion dozen dozens first second third fourth fifth sixth seventh eighth ninth tenth",
    ),
    (
        "cy",
        "dim un dau dwy tri tair pedwar pedair pump chwech chwe saith wyth naw deg deuddeg pymtheg ugain cant mil miliwn cyntaf \
         ail trydydd trydedd pedwerydd pedwaredd pumed",
    ),
    (
        "fr",
        "zéro un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante \
         cinquante soixante cent cents mille million millions premier première deuxième troisième",
    ),
    (
        "de",
        "null ein eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn zwanzig dreißig \
         vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend million millionen erste ersten zweite zweiten dritte dritten",
    ),
    (
        "es",
        "cero uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta cuarenta \
         cincuenta cien ciento mil millón millones primero primera segundo segunda tercero tercera",
    ),
    (
        "it",
        "zero uno una due tre quattro cinque sei sette otto nove dieci undici dodici venti trenta quaranta cinquanta cento mille \
         mila milione milioni primo prima secondo seconda terzo terza",
    ),
    (
        "pt",
        "zero um uma dois duas três quatro cinco seis sete oito nove dez onze doze quinze vinte trinta quarenta cinquenta cem \
         cento mil milhão milhões primeiro primeira segundo segunda terceiro terceira",
    ),
    (
        "nl",
        "nul een één twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig veertig vijftig honderd duizend \
         miljoen eerste tweede derde",
    ),
    (
        "pl",
        "zero jeden jedna jedno dwa dwie dwóch trzy trzech cztery czterech pięć pięciu sześć siedem osiem dziewięć dziesięć \
         jedenaście dwanaście dwadzieścia trzydzieści sto tysiąc tysięcy milion pierwszy pierwsza drugi druga trzeci trzecia",
    ),
    (
        "ur",
        "ایک دو تین چار پانچ چھ سات آٹھ نو دس گیارہ بارہ بیس پچاس سو ہزار لاکھ کروڑ پہلا پہلی پہلے دوسرا دوسری دوسرے",
    ),
];

static WORDS: LazyLock<BTreeMap<&str, HashSet<String>>> = LazyLock::new(|| {
    let folded_list = |list: &str| {
        list.split_whitespace()
            .map(|word| folded(normalise(word).as_str()))
            .collect()
    };
    LISTS
        .into_iter()
        .map(|(language, list)| (language, folded_list(list)))
        .collect()
});

/// Whether a folded word is a number in its language; in English where the language is unknown.
pub fn is_number_word(word: &str, language: Option<Language>) -> bool {
    let language = language.unwrap_or(Language::ENGLISH);
    WORDS
        .get(language.as_str())
        .is_some_and(|words| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_in_their_own_language_alone() {
        let of = |code: &str| code.parse().ok();
        for (code, word) in [
            ("en", "seven"),
            ("de", "fünf"),
            ("pl", "pięć"),
            ("ur", "پانچ"),
        ] {
            assert!(is_number_word(&folded(word), of(code)), "{word}");
        }
        assert!(is_number_word("ten", None));
        for (code, word) in [
            ("de", "ten"),
            ("en", "acht"),
            ("en", "ward"),
            ("sw", "tano"),
        ] {
            assert!(!is_number_word(word, of(code)), "{code} {word}");
        }
    }
}
