//! Titles as labels, labels cut to the map's room, and which words are forms of one.

use discover_model::Language;

use crate::corpus::words::{skipped, without_placeholders};

const SHORT: usize = 22;
const LONGEST: usize = 60;
/// Fewest letters that two forms of a word begin with, of how many of ten of the longer one, and of a word that begins
/// another.
const STEM: usize = 5;
const OF_TEN: usize = 6;
const WHOLE: usize = 4;

/// A title to be shown beside a label: placeholders, addresses and mentions out, cut at a word.
pub(crate) fn title(title: &str) -> String {
    let text = without_placeholders(title);
    // What a placeholder leaves is a lone full stop.
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| *word != "." && !skipped(word))
        .collect();
    cut(&words.join(" "), LONGEST)
}

/// At most 22 characters: fewer words first, then a cut.
pub(crate) fn short(label: &str) -> String {
    cut(label, SHORT)
}

fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut out = String::new();
    for word in text.split(' ') {
        let length = out.chars().count() + usize::from(!out.is_empty()) + word.chars().count();
        if length > limit {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_empty() {
        out.extend(text.chars().take(limit - 1));
        out.push('…');
    }
    out.trim_end_matches([',', '-', ':', ';']).to_owned()
}

/// Whether two words are forms of one: most of both is the same beginning, or one begins the other (`president`,
/// `presidential`; `Angel`, `AngelScript`).
pub(crate) fn one_word(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let (short, long) = if a.chars().count() < b.chars().count() {
        (a, b)
    } else {
        (b, a)
    };
    let same = short
        .chars()
        .zip(long.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let all = long.chars().count();
    short == long
        || (same >= STEM && same * 10 >= all * OF_TEN)
        || (same >= WHOLE && same == short.chars().count())
}

/// Names of months and days of the week in languages that many networks write, folded; those that are other words too
/// are left out.
const DATES: [(&str, &str); 9] = [
    (
        "en",
        "january february april june july august september october november december jan feb apr aug sept oct nov dec monday \
         tuesday wednesday thursday friday saturday sunday",
    ),
    (
        "cy",
        "ionawr chwefror mawrth ebrill mehefin gorffennaf awst medi hydref tachwedd rhagfyr llun mawrth mercher iau gwener sadwrn",
    ),
    (
        "de",
        "januar februar marz april juni juli august september oktober november dezember montag dienstag mittwoch donnerstag \
         freitag samstag sonntag",
    ),
    (
        "es",
        "enero febrero abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miercoles jueves viernes \
         sabado domingo",
    ),
    (
        "fr",
        "janvier fevrier avril juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi \
         dimanche",
    ),
    (
        "it",
        "gennaio febbraio aprile maggio giugno luglio agosto settembre ottobre novembre dicembre lunedi martedi mercoledi giovedi \
         venerdi sabato domenica",
    ),
    (
        "nl",
        "januari februari maart april juni juli augustus september oktober november december maandag dinsdag woensdag donderdag \
         vrijdag zaterdag zondag",
    ),
    (
        "pl",
        "styczen stycznia luty lutego marzec marca kwiecien kwietnia maja czerwiec czerwca lipiec lipca sierpien sierpnia \
         wrzesien wrzesnia pazdziernik pazdziernika listopad listopada grudzien grudnia poniedziałek wtorek czwartek piatek",
    ),
    (
        "pt",
        "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro segunda terca quarta quinta \
         sexta",
    ),
];

/// Whether a folded word names a month or a day of the week; of English where the language is not one of those listed.
pub(crate) fn is_of_date(folded: &str, language: Option<Language>) -> bool {
    let code = language.as_ref().map_or("en", Language::as_str);
    let list = DATES
        .iter()
        .find(|(of, _)| *of == code)
        .unwrap_or(&DATES[0]);
    list.1.split(' ').any(|word| word == folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_as_a_label_names_nobody_and_no_address() {
        let written = "@someone @other.one: see https://a.example/b [e-mail] Lamp posts";
        assert_eq!(title(written), "see Lamp posts");
        assert_eq!(title("@someone"), "");
    }

    #[test]
    fn forms_of_a_word_are_one_and_other_words_are_not() {
        for (one, other) in [
            ("Korea", "Korean"),
            ("president", "presidential"),
            ("Angel", "AngelScript"),
            ("Networking", "network"),
        ] {
            assert!(one_word(one, other), "{one} {other}");
        }
        for (one, other) in [("shader", "shadow"), ("port", "sport"), ("test", "taste")] {
            assert!(!one_word(one, other), "{one} {other}");
        }
    }
}
