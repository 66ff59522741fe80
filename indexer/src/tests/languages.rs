use super::support::{home, language, written_in};
use crate::language::{Detector, Step};

/// A word of a text, as somebody would type it, and the language it is in.
const FOUND: [(&str, &str, &str); 19] = [
    ("cy", "Mae'r meddyg teulu wedi cau ei ddrysau", "meddyg"),
    ("pl", "Pacjenci czekają na wizytę u lekarza", "pacjenci"),
    ("pl", "Zażółć gęślą jaźń", "zazolc"),
    ("fr", "Les hôpitaux ferment à l'été", "hopitaux"),
    ("de", "Die Straße zum Krankenhaus", "strasse"),
    ("tr", "İstanbul'da hastane kapandı", "istanbul"),
    ("ar", "المُسْتَشْفَى أغلق أبوابه", "المستشفى"),
    ("ar", "المُسْتَشْفَى أغلق أبوابه", "ابوابه"),
    ("ur", "ہسپتال میں انتظار بہت لمبا ہے", "ہسپتال"),
    ("fa", "بیمارستان‌های شهر", "بيمارستانهای"),
    ("he", "בֵּית הַחוֹלִים נסגר", "החולים"),
    ("hi", "अस्पताल में प्रतीक्षा", "अस्पताल"),
    ("bn", "হাসপাতালে অপেক্ষা", "হাসপাতালে"),
    ("ta", "மருத்துவமனை மூடப்பட்டது", "மருத்துவமனை"),
    ("zh", "我们的北京大学医院关门了", "大学医院"),
    ("ja", "東京の診療所が閉まった", "診療所"),
    ("ko", "병원에서 기다렸어요", "병원"),
    ("th", "โรงพยาบาลปิดแล้ว", "พยาบาล"),
    ("el", "Το νοσοκομείο έκλεισε", "ΝΟΣΟΚΟΜΕΙΟ"),
];

#[test]
fn a_post_is_found_in_its_own_language_whatever_the_detector_thought() {
    let thoughts = [None, Some("en"), Some("fr"), Some("ar"), Some("zh")];
    let mut made = Vec::new();
    for (number, (own, text, _)) in FOUND.iter().enumerate() {
        for (at, thought) in thoughts.iter().copied().chain([Some(*own)]).enumerate() {
            made.push(written_in((number * 10 + at) as u128 + 1, thought, text));
        }
    }
    let home = home(&made);
    for (number, (own, _, word)) in FOUND.iter().enumerate() {
        let found = home.all(word);
        for at in 0..6 {
            let wanted = (number * 10 + at) as u128 + 1;
            assert!(
                found.contains(&wanted),
                "{own} {word}: {wanted} not in {found:?}"
            );
        }
    }
}

#[test]
fn stems_match_where_the_language_has_a_stemmer() {
    let home = home(&[
        written_in(1, Some("en"), "Appointments were cancelled"),
        written_in(2, Some("pl"), "Wizyty lekarskie odwołano"),
        written_in(3, Some("ga"), "Na hospidéil"),
        written_in(4, Some("de"), "Die Krankenhäuser"),
        written_in(5, Some("ru"), "Больницы закрыты"),
        written_in(6, Some("es"), "Los hospitales cerrados"),
    ]);
    for (number, word) in [
        (1, "appointment"),
        (1, "cancelling"),
        (2, "lekarska"),
        (5, "больница"),
        (6, "cerrada"),
    ] {
        assert!(home.all(word).contains(&number), "{word}");
    }
}

#[test]
fn characters_of_a_script_without_spaces_match_only_in_a_row() {
    let home = home(&[
        written_in(1, Some("zh"), "北京大学"),
        written_in(2, Some("zh"), "大家在北方学京剧"),
    ]);
    assert_eq!(home.all("北京"), [1]);
    assert_eq!(home.all("北"), [1, 2]);
    assert_eq!(home.all("北京大学"), [1]);
}

#[test]
fn detection_declaration_and_habit_are_weighed() {
    let mut detector = Detector::default();
    let english =
        "The surgery has stopped its walk-in blood tests and nobody knows why this happened";
    assert_eq!(
        detector.decide(english, None, Some("fr")).language,
        Some(language("en"))
    );
    let welsh =
        "Mae'r meddyg teulu wedi cau ei ddrysau ac mae pawb yn gofyn pam fod hyn wedi digwydd";
    assert_eq!(
        detector.decide(welsh, None, Some("cy")).language,
        Some(language("cy"))
    );
    // Nothing to see in it: what is declared holds, unless the script rules it out.
    assert_eq!(
        detector.decide("OK", None, Some("ga")).language,
        Some(language("ga"))
    );
    assert_eq!(
        detector.decide("Ελλάδα και πάλι", None, Some("en")).by,
        Step::Script
    );
    assert_eq!(detector.decide("", None, None).language, None);
    let punjabi = detector.decide("ਹਸਪਤਾਲ ਵਿੱਚ ਉਡੀਕ", None, Some("en"));
    assert_eq!(punjabi.language, Some(language("pa")));
    // A source that writes Welsh and declares English, as its software came that way.
    let mut habit = Detector::default();
    for _ in 0..6 {
        habit.decide(welsh, None, None);
    }
    let doubtful = habit.decide("Diolch bawb", None, Some("en"));
    assert!(
        matches!(
            doubtful.language.map(|l| l.to_string()).as_deref(),
            Some("cy")
        ),
        "{doubtful:?}"
    );
}

#[test]
fn a_declared_language_without_figures_holds_where_the_text_is_not_fluent_in_another() {
    let gaelic =
        "Tha an t-ospadal a' dùnadh agus chan eil fios aig duine sam bith carson a thachair seo";
    let english =
        "The surgery has stopped its walk-in blood tests and nobody knows why this happened";
    let luxembourgish =
        "D'Spidol mécht zou a keen weess firwat dat elo geschitt ass bei eis am Duerf";
    for (declared, text, expected) in [
        ("gd", gaelic, "gd"),
        ("gd", english, "en"),
        ("lb", luxembourgish, "lb"),
        ("ne", "अस्पताल बन्द हुँदैछ र किन यस्तो भयो कसैलाई थाहा छैन", "ne"),
        ("ti", "ሆስፒታል ተዓጽዩ ኣሎ", "ti"),
        (
            "ps",
            "روغتون بند شو او هیڅوک نه پوهیږي چې ولې دا پیښ شول",
            "ps",
        ),
    ] {
        let decided = Detector::default().decide(text, None, Some(declared));
        assert_eq!(
            decided.language,
            Some(language(expected)),
            "{declared}: {text}"
        );
    }
}

#[test]
fn scripts_of_one_language_and_names_in_latin_letters_do_not_confuse() {
    for (text, expected) in [
        ("東京の診療所が閉まった", "ja"),
        ("我们的北京大学医院关门了", "zh"),
        ("ہسپتال NHS England کی ویب سائٹ پر نئے اوقات", "ur"),
        (
            "דאָס שפּיטאָל איז פאַרמאַכט און קיינער ווייסט נישט פאַרוואָס דאָס איז געשען",
            "yi",
        ),
        ("בית החולים נסגר ואף אחד לא יודע מדוע זה קרה", "he"),
        ("ሆስፒታሉ ተዘግቷል", "am"),
    ] {
        let decided = Detector::default().decide(text, None, None);
        assert_eq!(decided.language, Some(language(expected)), "{text}");
    }
}

#[test]
fn an_item_that_declares_a_language_of_its_own_is_believed_where_its_words_leave_doubts() {
    let mut detector = Detector::default();
    detector.decide("root", Some("Root"), None);
    let own = detector.decide("taxi radio", Some("Answer"), Some("cy"));
    assert_eq!(
        own.language.map(|found| found.to_string()),
        Some("cy".to_owned()),
        "{own:?}"
    );
    let plain =
        "The surgery has stopped its walk-in blood tests and nobody was told about it before.";
    let wrong = detector.decide(plain, None, Some("cy"));
    assert_eq!(
        wrong.language,
        Some(discover_model::Language::ENGLISH),
        "{wrong:?}"
    );
}
