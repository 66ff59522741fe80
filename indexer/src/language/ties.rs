//! The little words that tie a language's sentences together: enough to know a language one expects.
//!
//! A text in the language of its source says so by its articles and conjunctions. Looking for them costs less than comparing
//! trigrams with all languages, and nearly all posts of a network are in its language.

use discover_model::Language;

/// Fewest different ties of a text that is known by them.
const FEWEST: u32 = 4;

/// A language's ties, in lower case, and how many words of a text may stand for each of them.
struct Ties {
    language: &'static str,
    every: usize,
    words: &'static [&'static str],
}

/// Where a list has words that other languages have too (English, of which there is most), more of a text must be ties.
const TIES: [Ties; 9] = [
    Ties {
        language: "en",
        every: 4,
        words: &[
            "the", "and", "of", "that", "with", "this", "which", "their", "from", "have", "been",
            "would", "they", "were", "about", "your", "you", "what", "these", "is", "it", "to",
            "for", "not", "are", "but", "can", "when", "there", "will", "some", "how", "my", "if",
            "any", "was", "just", "has", "its", "also", "all", "more", "than", "only", "into",
            "then", "who", "could", "should", "because", "other",
        ],
    },
    Ties {
        language: "de",
        every: 8,
        words: &[
            "und", "ist", "nicht", "eine", "mit", "auch", "auf", "für", "wird", "sich", "sind",
            "werden", "oder", "nach", "zum", "zur", "wie", "durch",
        ],
    },
    Ties {
        language: "fr",
        every: 8,
        words: &[
            "est", "dans", "une", "pour", "qui", "avec", "cette", "sont", "nous", "vous", "mais",
            "aux", "leur", "être", "sur", "pas", "ces",
        ],
    },
    Ties {
        language: "es",
        every: 8,
        words: &[
            "las", "más", "pero", "está", "muy", "también", "según", "cuando", "sus", "desde",
            "hasta", "porque", "ha", "donde",
        ],
    },
    Ties {
        language: "pt",
        every: 8,
        words: &[
            "não", "uma", "com", "mais", "foi", "são", "dos", "das", "também", "pelo", "pela",
            "ao", "até", "seu",
        ],
    },
    Ties {
        language: "it",
        every: 8,
        words: &[
            "che", "è", "della", "sono", "nel", "alla", "dei", "gli", "più", "anche", "delle",
            "degli", "dal",
        ],
    },
    Ties {
        language: "nl",
        every: 8,
        words: &[
            "het", "zijn", "niet", "voor", "ook", "naar", "wordt", "deze", "heeft", "worden",
            "bij", "maar",
        ],
    },
    Ties {
        language: "pl",
        every: 8,
        words: &[
            "się", "jest", "że", "przez", "dla", "oraz", "który", "są", "ale", "jako", "tylko",
            "nie",
        ],
    },
    Ties {
        language: "sv",
        every: 8,
        words: &[
            "och", "att", "är", "för", "inte", "ett", "från", "också", "eller", "som",
        ],
    },
];

/// Whether a text is tied together by the little words of `language`. False says nothing.
pub(super) fn tie(text: &str, language: Language) -> bool {
    let of = |ties: &&Ties| ties.language == language.as_str();
    let Some(ties) = TIES.iter().find(of) else {
        return false;
    };
    let (mut words, mut tied, mut found) = (0, 0, 0_u64);
    for word in text.split(|c: char| !c.is_alphabetic()) {
        if word.is_empty() {
            continue;
        }
        words += 1;
        let mut known = ties.words.iter();
        if let Some(at) = known.position(|tie| tie.eq_ignore_ascii_case(word)) {
            found |= 1 << at;
            tied += 1;
        }
    }
    found.count_ones() >= FEWEST && tied * ties.every >= words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(code: &str) -> Language {
        code.parse().expect("a language")
    }

    #[test]
    fn each_language_is_known_by_its_own_little_words_and_no_other_is() {
        let said = [
            (
                "en",
                "The clinic in our town has moved, and they say that you have to book with the surgery from now on.",
            ),
            (
                "de",
                "Die Klinik ist umgezogen, und wir werden auch nicht mehr ohne Termin mit der Praxis sprechen.",
            ),
            (
                "fr",
                "La clinique est fermée, mais nous avons une place dans le centre pour ceux qui viennent avec leur ordonnance.",
            ),
            (
                "es",
                "Las citas son muy difíciles, pero también hay más sitio desde que está abierto.",
            ),
            (
                "pt",
                "As consultas são difíceis, mais uma vez não há lugar com o médico, também pela manhã.",
            ),
            (
                "it",
                "Le visite sono più rare, e anche gli esami che si fanno nel centro della città.",
            ),
            (
                "nl",
                "Het is niet open, ook voor wie naar de praktijk wordt gestuurd.",
            ),
            (
                "pl",
                "Przychodnia jest zamknięta, że się nie da, ale dla chorych przez telefon.",
            ),
            (
                "sv",
                "Mottagningen är stängd och det finns inte tid för att ringa eller ett besök.",
            ),
        ];
        for (code, text) in said {
            for Ties {
                language: other, ..
            } in TIES
            {
                assert_eq!(
                    tie(text, language(other)),
                    code == other,
                    "{code} as {other}"
                );
            }
        }
        assert!(!tie("Die and Of and The", language("de")));
    }

    #[test]
    fn names_within_another_language_are_no_ties() {
        let text = "Nous avons lu The Lord of the Rings et This Is Us avec les enfants de la classe, pour la semaine du livre";
        assert!(!tie(text, language("en")));
    }
}
