//! What is one word finds all its spellings, in every script; what is not, does not.

use discover_model::redaction::redact;

use super::support::{conversation, home, written_in};
use crate::{highlight, query};

/// Languages the text may have been taken for, and spellings of one word or phrase: each finds all of them.
const SAME: [(&str, &[&str]); 105] = [
    ("en", &["GP", "GPs", "GP's", "gps", "ＧＰ"]),
    ("en", &["ICB", "ICBs"]),
    ("en", &["walk-in", "walkin", "walk\u{2011}in", "Walk–in"]),
    ("en", &["covid-19", "covid19"]),
    ("en", &["1,200", "1200"]),
    ("en", &["A&E", "AE"]),
    ("en", &["patient's", "patient’s", "patientʼs", "patient"]),
    ("en", &["don't", "dont", "don’t"]),
    ("en", &["ﬁnance", "finance"]),
    ("en", &["e-mail", "email"]),
    ("uk", &["здоров'я", "здоров’я", "здоровʼя", "здоровя"]),
    ("fr", &["l'hôpital", "l’hopital"]),
    ("ca", &["col·legi", "collegi", "col•legi"]),
    ("de", &["Ärztehaus", "Aerztehaus", "ärztehaus"]),
    ("de", &["Straße", "Strasse"]),
    ("da", &["Århus", "Aarhus"]),
    ("da", &["køen", "koeen"]),
    ("ro", &["județean", "judeţean", "judetean"]),
    ("cy", &["prawf", "brawf", "phrawf"]),
    ("cy", &["gwaed", "waed", "ngwaed"]),
    ("cy", &["meddygfa", "feddygfa"]),
    ("cy", &["Mae'r", "Mae’r"]),
    ("hi", &["फ़ोन", "फोन", "फ\u{93c}ोन"]),
    ("hi", &["दाँत", "दांत"]),
    ("hi", &["हिन्दी", "हिंदी"]),
    ("pa", &["ਸ਼ਹਿਰ", "ਸਹਿਰ"]),
    ("bn", &["চাঁদ", "চাদ"]),
    ("bn", &["সময়", "সম\u{9af}\u{9bc}"]),
    ("bn", &["ৎ", "ত\u{9cd}\u{200d}"]),
    ("ml", &["വൻ", "വന്\u{200d}"]),
    ("ur", &["ہسپتال", "ھسپتال", "هسپتال"]),
    ("ur", &["ٹیسٹ", "ٹيسٹ"]),
    ("ar", &["أدوية", "ادوية", "ادويه", "أدويـة"]),
    ("ar", &["مستشفى", "مستشفي"]),
    ("ar", &["١٦٦٩", "1669"]),
    (
        "fa",
        &["بیمارستان\u{200c}ها", "بیمارستانها", "بيمارستان\u{200c}ها"],
    ),
    ("he", &["צה״ל", "צה\"ל", "צהל"]),
    ("th", &["น้ำดื่ม", "น้ําดื่ม"]),
    ("th", &["แพทย์", "เเพทย์"]),
    ("th", &["๑๖๖๙", "1669"]),
    ("lo", &["ນ້ຳ", "ນ້ໍາ", "ນໍ້າ"]),
    (
        "ko",
        &["병원", "\u{1107}\u{1167}\u{11bc}\u{110b}\u{116f}\u{11ab}"],
    ),
    ("ja", &["ワクチン", "ﾜｸﾁﾝ"]),
    ("ja", &["パン", "ﾊﾟﾝ"]),
    ("zh", &["医院", "醫院"]),
    ("am", &["ሐኪም", "ሀኪም"]),
    ("en", &["❤️", "❤"]),
    ("en", &["rock'n'roll", "rock’n’roll", "rocknroll"]),
    ("en", &["O'Brien", "O’Brien", "OBrien"]),
    ("en", &["naïve", "nai\u{308}ve", "naive"]),
    ("en", &["coop\u{ad}erate", "cooperate"]),
    ("en", &["H₂O", "H2O"]),
    ("en", &["m²", "m2"]),
    ("en", &["½", "1/2"]),
    ("en", &["①", "1"]),
    ("en", &["Ⅷ", "VIII", "viii"]),
    ("en", &["ﬂu", "flu"]),
    ("en", &["Pharmacy™", "Pharmacy"]),
    ("en", &["👍🏽", "👍"]),
    (
        "tr",
        &["İstanbul", "istanbul", "ISTANBUL", "I\u{307}stanbul"],
    ),
    ("tr", &["ağrı", "agri", "AĞRI"]),
    ("el", &["Οδυσσεύς", "ΟΔΥΣΣΕΥΣ", "οδυσσευς"]),
    ("el", &["υγεία", "ΥΓΕΙΑ", "υγει\u{301}α"]),
    ("ru", &["ёлка", "елка", "ЁЛКА"]),
    ("uk", &["ґанок", "ганок"]),
    ("de", &["Müller", "MÜLLER", "Mu\u{308}ller", "Mueller"]),
    ("de", &["STRAẞE", "Straße", "STRASSE"]),
    ("fr", &["cœur", "coeur", "CŒUR"]),
    ("fr", &["l'eau", "l’eau", "lʼeau"]),
    ("es", &["niño", "nin\u{303}o", "nino"]),
    ("pt", &["coração", "coracao"]),
    ("ro", &["știință", "ştiinţă", "stiinta"]),
    ("pl", &["łódź", "ŁÓDŹ", "lodz"]),
    ("cs", &["příliš", "prilis"]),
    (
        "vi",
        &["Việt", "Vie\u{302}\u{323}t", "Vie\u{323}\u{302}t", "viet"],
    ),
    ("vi", &["đường", "duong"]),
    ("no", &["Ålesund", "Aalesund", "A\u{30a}lesund"]),
    ("hy", &["և", "եւ"]),
    ("ka", &["საქართველო", "ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ"]),
    ("ga", &["bosca", "bhosca", "mbosca"]),
    ("cy", &["plant", "blant", "phlant"]),
    ("cy", &["cath", "gath", "nghath", "chath"]),
    ("cy", &["deintydd", "ddeintydd", "neintydd"]),
    ("cy", &["gardd", "ardd", "ngardd"]),
    ("cy", &["llaw", "law"]),
    ("ar", &["كـتـاب", "كتاب", "ﻛﺘﺎﺏ"]),
    ("ar", &["مسؤول", "مسوول"]),
    ("ar", &["قُرْآن", "قرآن", "قران"]),
    ("he", &["שָׁלוֹם", "שלום"]),
    ("he", &["צ'ק", "צ׳ק", "צק"]),
    ("fa", &["می\u{200c}خواهم", "میخواهم"]),
    ("fa", &["۱۲۳", "123", "١٢٣"]),
    ("hi", &["१२", "12"]),
    ("mr", &["डॉक्टर\u{200d}", "डॉक्टर"]),
    ("gu", &["૧૨", "12"]),
    ("ta", &["கொடு", "க\u{bc6}\u{bbe}டு"]),
    ("lo", &["໑໖໖໙", "1669"]),
    ("si", &["ශ්\u{200d}රී", "ශ්රී"]),
    ("km", &["១៦៦៩", "1669"]),
    ("my", &["၁၆၆၉", "1669"]),
    ("ja", &["ガン", "ｶﾞﾝ", "カ\u{3099}ン"]),
    ("ja", &["１２３", "123"]),
    ("zh", &["体检", "體檢"]),
    ("zh", &["疫苗接种", "疫苗接種"]),
    ("ko", &["검사", "\u{1100}\u{1165}\u{11b7}\u{1109}\u{1161}"]),
];

#[test]
fn every_spelling_of_a_word_finds_all_of_them_and_marks_them() {
    for (language, spellings) in SAME {
        let texts: Vec<String> = spellings
            .iter()
            .map(|spelling| format!("x, {spelling}; y"))
            .collect();
        for thought in [Some(language), Some("en"), None] {
            // A mutation is known in its own language alone, as other languages have such words too.
            if matches!(language, "cy" | "ga") && thought != Some(language) {
                continue;
            }
            let number = |at: usize| at as u128 + 1;
            let made: Vec<_> = texts
                .iter()
                .enumerate()
                .map(|(at, text)| written_in(number(at), thought, text))
                .collect();
            let home = home(&made);
            let all: Vec<u128> = (0..texts.len()).map(number).collect();
            for asked in spellings {
                assert_eq!(
                    home.all(asked),
                    all,
                    "{language} as {thought:?}: {asked} in {spellings:?}"
                );
                let query = query::parse(asked).expect("a query");
                for (post, text) in made.iter().zip(&texts) {
                    let marks = highlight(&query, post);
                    assert!(
                        !marks.is_empty(),
                        "{language} as {thought:?}: {asked} marks nothing in {text}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_word_with_signs_in_it_finds_its_parts_side_by_side() {
    for (text, asked) in [
        ("after COVID 19 came", "covid-19"),
        ("the A E department", "A&E"),
        ("بیمارستان ها", "بیمارستان\u{200c}ها"),
        ("open 24/7 to all", "24"),
        ("la sala d'attesa", "attesa"),
    ] {
        let home = home(&[written_in(1, Some("en"), text)]);
        assert_eq!(home.all(asked), [1], "{asked} in {text}");
    }
}

#[test]
fn names_with_signs_find_themselves_and_plain_letters_find_them_too() {
    let texts = [
        "A course in C++ for beginners",
        "Vitamin C in winter",
        "I write C# and C/C++ at work",
        "The .NET runtime",
        "A safety net below",
        "C++11 changed it",
    ];
    let made: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| written_in(at as u128 + 1, Some("en"), text))
        .collect();
    let home = home(&made);
    for (asked, found) in [
        ("C++", &[1, 3, 6][..]),
        ("c++", &[1, 3, 6]),
        ("C#", &[3]),
        (".NET", &[4]),
        (".net", &[4]),
        ("c", &[1, 2, 3, 6]),
        ("net", &[4, 5]),
        ("\"C++ for beginners\"", &[1]),
        ("-C++ c", &[2]),
        ("C/C++", &[3]),
    ] {
        assert_eq!(home.all(asked), found, "{asked}");
        let query = query::parse(asked).expect("a query");
        for number in found {
            let marks = highlight(&query, &made[*number as usize - 1]);
            assert!(!marks.is_empty(), "{asked} marks nothing in {number}");
        }
    }
}

#[test]
fn what_is_another_word_is_not_found() {
    for (text, asked) in [
        ("A choir for everyone, send an e-mail", "A&E"),
        ("open 24 hours, 7 days", "24/7"),
        ("walk all the way in", "walk-in"),
        ("19 people had covid", "covid-19"),
        ("کھانا", "کہانا"),
        ("Thank you ❤️", "🎉"),
        ("大家在北方学京剧", "北京"),
        ("This is a bus", "bu"),
    ] {
        let home = home(&[written_in(1, Some("en"), text)]);
        let exact = format!("{asked} AND {asked}");
        assert_eq!(home.all(&exact), [] as [u128; 0], "{asked} in {text}");
    }
}

#[test]
fn a_phrase_takes_its_last_word_as_a_beginning_where_a_star_says_so() {
    let home = home(&[
        written_in(1, Some("en"), "A blood testing van"),
        written_in(2, Some("en"), "My blood test was late"),
        written_in(3, Some("en"), "Blood on the door of the test centre"),
        written_in(4, Some("en"), "The covid-19 jab"),
    ]);
    let found = |q: &str| home.all(q);
    assert_eq!(found("\"blood test*\""), [1, 2]);
    assert_eq!(found("\"blood test\"*"), [1, 2]);
    assert_eq!(found("\"blood test\""), [2]);
    assert_eq!(found("\"covid-19 jab\""), [4]);
    assert_eq!(found("\"covid19 jab\""), [4]);
    assert_eq!(found("covid-1*"), [4]);
}

#[test]
fn what_stands_in_the_place_of_a_detail_is_no_word() {
    let texts = [
        "Please help, my number is 943 476 5919 and the letter never came.",
        "Ring me on 07700 900123 about the pram.",
        "Write to jo.bloggs@example.org about the hall.",
    ];
    let made: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let kept = redact(text).text;
            assert_ne!(kept, *text);
            conversation(at as u128 + 1, &kept, &kept)
        })
        .collect();
    let home = home(&made);
    for asked in ["\"NHS number\"", "phone", "\"e-mail\"", "NHS"] {
        assert_eq!(home.all(asked), [] as [u128; 0], "{asked}");
    }
    assert_eq!(home.all("number"), [1]);
    let query = query::parse("phone pram").expect("a query");
    for passage in highlight(&query, &made[1]) {
        for (from, to) in passage.marks {
            let marked: String = passage.text.chars().skip(from).take(to - from).collect();
            assert_eq!(marked, "pram");
        }
    }
}
