//! The bars of the redaction on labelled posts, and the properties that hold for every text.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use serde::Deserialize;

use super::{Kind, redact};

#[derive(Debug, Deserialize)]
struct Labelled {
    id: String,
    text: String,
    spans: Vec<Label>,
}

#[derive(Debug, Deserialize)]
struct Label {
    start: usize,
    end: usize,
    kind: Kind,
    optional: bool,
}

/// The labelled posts, or none where there is no test data.
fn labelled() -> Option<Vec<Labelled>> {
    let folder = std::env::var_os("DISCOVER_TEST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    let file = folder.join("pii/dev.jsonl");
    let Ok(text) = std::fs::read_to_string(&file) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "no test data at {}",
            file.display()
        );
        println!("skipped: no test data at {}", file.display());
        return None;
    };
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a labelled post"))
            .collect(),
    )
}

#[derive(Debug, Default)]
struct Score {
    required: u32,
    hit: u32,
    found: u32,
    right: u32,
}

#[test]
fn the_labelled_posts_are_redacted_as_well_as_promised() {
    let Some(posts) = labelled() else { return };
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    let mut wrong = Vec::new();
    for post in &posts {
        let redacted = redact(&post.text);
        for label in post.spans.iter().filter(|label| !label.optional) {
            let score = scores.entry(label.kind).or_default();
            score.required += 1;
            let hit = redacted.spans.iter().any(|span| {
                span.kind == label.kind && span.start < label.end && label.start < span.end
            });
            score.hit += u32::from(hit);
            if !hit {
                wrong.push(format!(
                    "{} misses {:?}: {}",
                    post.id, label.kind, post.text
                ));
            }
        }
        for span in &redacted.spans {
            let touched: Vec<_> = post
                .spans
                .iter()
                .filter(|label| span.start < label.end && label.start < span.end)
                .collect();
            if touched.iter().any(|label| label.optional) {
                continue;
            }
            let score = scores.entry(span.kind).or_default();
            score.found += 1;
            score.right += u32::from(!touched.is_empty());
            if touched.is_empty() {
                wrong.push(format!("{} takes {:?}: {}", post.id, span, post.text));
            }
        }
    }
    for (kind, score) in &scores {
        println!(
            "{:16} recall {}/{} precision {}/{}",
            kind.as_str(),
            score.hit,
            score.required,
            score.right,
            score.found
        );
    }
    let report = wrong.join("\n");
    println!("{report}");
    for (kind, score) in &scores {
        let (recall, precision) = match kind {
            Kind::NhsNumber | Kind::Nino | Kind::Email | Kind::Phone | Kind::Card => (0.98, 0.95),
            Kind::Postcode => (0.95, 0.90),
            _ => (0.85, 0.90),
        };
        assert!(
            f64::from(score.hit) >= recall * f64::from(score.required),
            "{kind:?} {score:?}\n{report}"
        );
        assert!(
            f64::from(score.right) >= precision * f64::from(score.found),
            "{kind:?} {score:?}\n{report}"
        );
    }
}

/// Kinds found in `text`, in order.
fn kinds(text: &str) -> Vec<Kind> {
    redact(text).spans.iter().map(|span| span.kind).collect()
}

#[test]
fn numbers_that_name_a_person_are_taken_however_they_are_written() {
    use Kind::{Bank, Card, DrivingLicence, HospitalId, NhsNumber, Nino, Vehicle};
    for (text, expected) in [
        ("999.316.6502 is on the wristband", NhsNumber),
        ("NHS no: 9993166502", NhsNumber),
        ("NHS9993166502", NhsNumber),
        ("nhs number - 99 93 16 65 02", NhsNumber),
        ("it says 999\u{2009}316\u{200b}6502 here", NhsNumber),
        ("میرا نمبر ۹۹۹ ۳۱۶ ۶۵۰۲ ہے", NhsNumber),
        ("আমার নম্বর ৯৯৯ ৩১৬ ৬৫০২", NhsNumber),
        ("NHS: 999–316–6502, thanks", NhsNumber),
        ("999 645 3987 is my NHS number", NhsNumber),
        ("it was 99 96 45 39 87, look", NhsNumber),
        ("AB123456C", Nino),
        ("AB/12/34/56/C", Nino),
        ("A B 1 2 3 4 5 6 C", Nino),
        ("ab 123456 c", Nino),
        ("AB-12-34-56-C", Nino),
        ("my NI number is JG103759", Nino),
        ("card 4111 1111 1111 1111 was charged", Card),
        ("amex 3782 822463 10005", Card),
        ("4111 111111 111111", Card),
        ("paid with 4111-1111-1111-1111.", Card),
        ("IBAN: GB82WEST12345698765432", Bank),
        ("sort code 12-34-56", Bank),
        ("account number: 12345678", Bank),
        ("pay 20-00-00 55779911 by Friday", Bank),
        ("hospital number: A123456", HospitalId),
        ("MRN 00123456", HospitalId),
        ("licence MORGA657054SM9IJ", DrivingLicence),
        ("my car reg is AB51 ABC", Vehicle),
    ] {
        assert_eq!(kinds(text), [expected], "{text}");
    }
}

#[test]
fn ways_to_reach_a_person_are_taken_and_helplines_are_kept() {
    use Kind::{Address, Dob, Email, Handle, Ip, Phone, Postcode};
    for (text, expected) in [
        ("sam (at) example (dot) org", Email),
        ("sam[at]example[dot]org", Email),
        ("write to sam.jones_3 at site.example", Email),
        ("O7700 900123", Phone),
        ("sam AT example DOT co DOT uk", Email),
        ("jo.bloggs@xn--exmple-cua.example", Email),
        ("<jo@example.org>", Email),
        ("o'neil@example.org", Email),
        ("+44 7700 900 123", Phone),
        ("+44 (0)7700 900123", Phone),
        ("0044 7700 900123", Phone),
        ("07700-900-123", Phone),
        ("07700.900.123", Phone),
        ("(07700) 900123", Phone),
        ("077 0090 0123", Phone),
        ("0117 496 0123 ext 4", Phone),
        ("028 9649 6123", Phone),
        ("text me on 7700 900123", Phone),
        ("+48 600 100 200", Phone),
        ("WhatsApp: 44 7700 900222", Phone),
        ("LS6  3HN", Postcode),
        ("ls63hn", Postcode),
        ("EC1A 1BB", Postcode),
        ("sw1a\u{a0}1aa", Postcode),
        ("DOB 12/03/1961", Dob),
        ("DOB: 3rd of July, 1988", Dob),
        ("date of birth is 12.3.61", Dob),
        ("born July 3rd 1988", Dob),
        ("I live at 12a St Mary's Road", Address),
        ("at 3 Heol y Castell", Address),
        ("thanks @priya_cares for this", Handle),
        ("ask u/priya_cares", Handle),
        ("insta: priya.cares", Handle),
        ("see twitter.com/priya_cares", Handle),
        ("[quote=\"bob_1979, post:3, topic:12\"]", Handle),
        ("from 2001:db8::8a2e:370:7334 again", Ip),
    ] {
        assert_eq!(kinds(text), [expected], "{text}");
    }
    for text in [
        "call 0300 123 4567",
        "ring 0808 808 0000",
        "on +44 300 123 4567",
        "call 0345 600 1234",
        "0800 1111",
        "116 123 or 111, option 2",
        "NHS 111 online",
        "ring 116123",
        "(0300) 500 0000",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn names_are_taken_behind_a_cue_only() {
    for text in [
        "Hello, my name is priya raman.",
        "MY NAME IS PRIYA RAMAN",
        "my name is Grzegorz Brzęczyszczykiewicz",
        "I'm Oluwaseun from Leeds",
        "im dave from hull",
        "I’m Siobhán and I care for my mother",
        "My wife, Anne, was there",
        "my mum Jean's results",
        "my son is called Rafe",
        "our daughter (Megan) is nine",
        "his brother Tariq said no",
        "Thanks,\nSue",
        "Best wishes\n\nJ. P. Hartley",
        "Many thanks, Alan",
        "See you there. - Margaret",
        "It was awful.\nSue x",
        "Mrs Garrowby in bed 4",
        "Mr. O'Connor waited",
        "Signed: Patricia Holt",
        "Signed, Patricia Holt",
        "Full name: Chen Wei",
        "Patient: John Smith",
        "Jane Doe wrote:\n> hello",
        "Fy enw i yw Gwenllian Prydderch",
        "Nazywam się Katarzyna Nowak",
        "Mam na imię Kasia",
        "mein Name ist Anna Schmidt",
        "meu nome é João Silva",
        "mi chiamo Marco Rossi",
        "benim adım Ayşe Yılmaz",
        "меня зовут Ирина Петрова и",
        "میرا نام نسرین بی بی ہے",
        "اسمي ليلى.",
        "আমার নাম রাহেলা বেগম।",
        "this is Margaret from the carers' group",
        "Dave here, just to say it works",
        "call me Jas",
        "pozdrawiam\nMarek",
        "my name is April Jones",
        "Yours sincerely,\nMrs J Bloggs",
        "cheers, Gaz",
        "mum's friend Brenda",
    ] {
        assert_eq!(kinds(text), [Kind::Person], "{text}");
    }
    for text in [
        "my name is not on the list",
        "I'm Diabetic from birth",
        "I'm Exhausted, honestly",
        "I am Polish from Hull",
        "I'm Welsh and proud",
        "my son Has been ill",
        "my mum NHS worker",
        "my dad Always says so",
        "Thanks, Everyone",
        "Kind regards to all",
        "call me Tomorrow",
        "Drug name: Ramipril",
        "Patient: awaiting bed",
        "my GP Surgery shut",
        "I'm So tired",
        "My Mum Says no",
        "I'm Sure it is",
        "I am In bed",
        "My name was spelled wrong",
        "Marie Curie nurses came",
        "Macmillan helped",
        "the Royal Marsden",
        "Alzheimer's Society",
        "Dear All",
        "Dear Sir or Madam",
        "I'm Type 1",
        "I'm On Metformin",
        "Bell's palsy",
        "Thank you NHS",
        "Mr whippy",
        "Love this group",
        "I'm Team Leader",
        "it's Monday",
        "this is Ridiculous",
        "my daughter Still waits",
        "my friend Facebook messaged",
        "my husband Who works",
        "It says here",
        "my sister is Deaf",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn what_only_looks_like_a_detail_is_kept() {
    for text in [
        "ISBN 0198534531",
        "ISBN 978-0-306-40615-7",
        "epoch 1700000000",
        "2026-11-22 10:30:45",
        "on 01/02/2026 at 10:30",
        "01 02 2026 10 30",
        "version 10.15.7.1",
        "£1,234,567,890",
        "10.5 mmol/L",
        "B12 5ug a day",
        "M1 2nd exit",
        "A1 3 miles",
        "the 64 to E2",
        "serial 07412-33-99817-22",
        "Ward 9B 4th floor",
        "section 3.2.1.4",
        "1234567890123456",
        "order 01234567890",
        "std::vec::Vec",
        "12:30:45",
        "#07700900123tag".trim_start_matches("#07700900123"),
        "https://clinic.example/t/9993166502",
        "CAS 50-78-2",
        "IMEI 490154203237518",
        "@ 6pm",
        "rate 5@10",
        "me@home",
        "N95 3ply masks",
        "SE1 area",
        "W1A 0 x",
        "look at the dot on the map",
        "at example dot",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn of_a_postcode_the_outward_part_stays() {
    assert_eq!(redact("I live at LS6 3HN.").text, "I live at LS6.");
    assert_eq!(redact("W1A0AX").text, "W1A");
    assert_eq!(redact("LS6 3HN 4AB").text, "LS6");
    assert_eq!(
        redact("Name: John Smith DOB: 01/02/1960 Tel: 07700900123").text,
        "Name: [name] DOB: [date of birth] Tel: [phone]"
    );
    assert_eq!(
        redact("NHS number 999 316 6502").text,
        "NHS number [NHS number]"
    );
}

/// Pieces that matter to the rules, so that random texts are not all harmless.
const PIECES: &[&str] = &[
    " ",
    " ",
    "  ",
    "\n",
    ".",
    ",",
    ":",
    "-",
    "@",
    "(",
    ")",
    "/",
    "+",
    "=",
    "\u{a0}",
    "\u{200b}",
    "é",
    "ł",
    "ہ",
    "👩🏽‍⚕️",
    "９",
    "999 316 6502",
    "9993166502",
    "NHS",
    "nhs number",
    "AB123456C",
    "AB",
    "12",
    "34",
    "56",
    "C",
    "07700 900123",
    "0113",
    "496",
    "0345",
    "44",
    "+44",
    "0",
    "LS6 3HN",
    "LS6",
    "3HN",
    "4AB",
    "GIR 0AA",
    "my name is",
    "I'm",
    "Dave",
    "Priya",
    "Raman",
    "mud",
    "my son",
    "Oliver",
    "regards",
    "Mrs",
    "wrote:",
    "name:",
    "sam",
    "at",
    "example",
    "dot",
    "org",
    "sam@example.org",
    "[name]",
    "[phone]",
    "[NHS number]",
    "[",
    "]",
    "4111 1111 1111 1111",
    "4111",
    "1111",
    "sort code",
    "12-34-56",
    "12345678",
    "DOB",
    "01/01/1970",
    "3rd",
    "July",
    "1988",
    "GB82 WEST 1234 5698 7654 32",
    "203.0.113.44",
    "2001:db8::1",
    "27 Larch Grove",
    "u/",
    "https://",
    "from",
    "Hull",
    "ISBN",
    "hospital number",
    "K 448 120",
    "x",
    "here",
    "میرا نام",
    "نسرین",
    "ہے",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_text_is_redacted_once_and_for_all(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        check(&pieces.concat());
        check(&pieces.join(" "));
    }

    #[test]
    fn no_text_breaks_it(text in ".{0,200}") {
        check(&text);
    }
}

/// Idempotent, spans in order and inside the text, the rest untouched.
fn check(text: &str) {
    let first = redact(text);
    let second = redact(&first.text);
    assert_eq!(first.text, second.text, "{text:?}");
    assert!(second.spans.is_empty(), "{text:?} {second:?}");
    let characters: Vec<char> = text.chars().collect();
    let mut last = 0;
    let mut rest = first.text.as_str();
    for span in &first.spans {
        assert!(
            last <= span.start && span.start < span.end && span.end <= characters.len(),
            "{text:?} {span:?}"
        );
        let before: String = characters[last..span.start].iter().collect();
        rest = rest
            .strip_prefix(before.as_str())
            .expect("what is between spans stays");
        rest = if let Some(rest) = rest.strip_prefix(span.kind.placeholder()) {
            rest
        } else {
            assert_eq!(span.kind, Kind::Postcode);
            rest.trim_start_matches(|c: char| {
                super::plane::fold(&c.to_string(), &[])[0].is_ascii_alphanumeric()
            })
        };
        last = span.end;
    }
}

#[test]
fn a_detail_is_found_however_its_writing_is_broken_up() {
    for (text, expected) in [
        ("mail someone @ clinic.example now", "mail [e-mail] now"),
        (
            "to someone at clinic dot example please",
            "to [e-mail] please",
        ),
        ("sam.jones@\nclinic.example ok", "[e-mail] ok"),
        ("sam.jones\n@clinic.example ok", "[e-mail] ok"),
        ("sam.jones@clinic.\nexample ok", "[e-mail] ok"),
        ("sam.jones@clinic\n.example ok", "[e-mail] ok"),
        (
            "my nhs number is 943 476\n5919 ok",
            "my nhs number is [NHS number] ok",
        ),
        ("call 07700\n900123 now", "call [phone] now"),
        ("reference 9434765919", "reference [NHS number]"),
        ("nhs 943\u{200b}476\u{200b}5919", "nhs [NHS number]"),
        ("9434\u{200b}76591\u{2060}9", "[NHS number]"),
        ("sam\u{200b}.jones@cli\u{200b}nic.example", "[e-mail]"),
        ("call\u{200b}07700\u{feff}900123", "call\u{200b}[phone]"),
    ] {
        let redacted = redact(text);
        assert_eq!(redacted.text, expected, "{text:?}");
        assert_eq!(redact(expected).text, expected);
    }
    for kept in [
        "meet @ 6pm at the hall",
        "Case reference 4900177222 at the ombudsman",
        "order 9434765919 has come",
        "lunch @ the cafe. example of a menu",
        "2019\n2020\n2021\n2022",
    ] {
        assert_eq!(redact(kept).text, kept);
    }
}
