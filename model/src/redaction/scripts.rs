//! "My name is" in other scripts: the next words, up to the verb or a mark.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::finding::{Found, Ready};
use super::kind::Kind;
use super::plane::{LETTER, UPPER};

/// Cues in Urdu, Arabic, Persian, Bengali, Hindi, Punjabi, Gujarati.
const CUES: &[&str] = &[
    "میرا نام",
    "میرا اسم",
    "نام میرا",
    "اسمي",
    "إسمي",
    "نام من",
    "اسمم",
    "আমার নাম",
    "मेरा नाम",
    "ਮੇਰਾ ਨਾਮ",
    "ਮੇਰਾ ਨਾਂ",
    "મારું નામ",
    "میرے بیٹے",
    "میری بیٹی",
    "меня зовут",
    "Меня зовут",
    "моё имя",
    "мене звати",
    "Мене звати",
    "казвам се",
    "Казвам се",
];
/// Words that end the phrase.
const ENDS: &[&str] = &[
    "ہے",
    "ہوں",
    "اور",
    "تھا",
    "و",
    "وأنا",
    "من",
    "هو",
    "است",
    "এবং",
    "আর",
    "আমি",
    "है",
    "और",
    "ਹੈ",
    "ਅਤੇ",
    "છે",
    "અને",
    "میں",
    "کو",
    "کا",
    "کی",
    "کے",
    "نے",
    "سے",
    "أنا",
    "и",
    "із",
    "та",
    "мне",
    "мені",
];

static SEARCH: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(CUES).expect("fixed patterns"));

pub(super) fn collect(plane: &[u8], text: &str, ready: &mut Vec<Ready>) {
    let (mut byte, mut at) = (0, 0);
    for hit in SEARCH.find_iter(text) {
        let from = at + text[byte..hit.start()].chars().count();
        (byte, at) = (hit.end(), from + text[hit.range()].chars().count());
        ready.extend(name(plane, text, byte, at).map(|found| Ready { from, found }));
    }
}

/// At most three words behind the cue; without an end in sight only the first.
fn name(plane: &[u8], text: &str, byte: usize, start: usize) -> Option<Found> {
    if plane.get(start) != Some(&b' ') {
        return None;
    }
    let mut at = start + 1;
    let (mut first, mut last) = (None, None);
    for (position, word) in text[byte..]
        .strip_prefix(' ')?
        .split(' ')
        .take(4)
        .enumerate()
    {
        let bare = word.trim_end_matches(['۔', '.', ',', '،', '।', '!', '؟', '?', '\n']);
        let length = bare.chars().count();
        if ENDS.contains(&bare) {
            return last.map(|end| Found {
                start: start + 1,
                end,
                kind: Kind::Person,
            });
        }
        let letters = length > 0
            && plane
                .get(at..at + length)
                .is_some_and(|word| word.iter().all(|byte| matches!(*byte, LETTER | UPPER)));
        if !letters {
            break;
        }
        last = Some(at + length);
        first = first.or(last);
        if bare.len() != word.len() {
            return last.map(|end| Found {
                start: start + 1,
                end,
                kind: Kind::Person,
            });
        }
        if position == 2 {
            break;
        }
        at += length + 1;
    }
    first.map(|end| Found {
        start: start + 1,
        end,
        kind: Kind::Person,
    })
}
