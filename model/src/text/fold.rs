//! Folding: what makes `CAFÉ`, `café` and `cafe` one token, in every script.

use unicode_normalization::UnicodeNormalization;

use super::{MAX_TOKEN_CHARS, han, indic};

/// Appends the lower-cased and folded form of one word.
pub fn fold(word: &str, into: &mut String) {
    if word.is_ascii() {
        into.extend(
            word.chars()
                .take(MAX_TOKEN_CHARS)
                .map(|c| c.to_ascii_lowercase()),
        );
        return;
    }
    // Compatibility forms first (full-width letters, ligatures, Arabic presentation forms), then lower case, then
    // apart again, as lower-casing can make new marks; composed at the end so that Hangul and kana stay whole.
    let apart = word
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_dropped(*c));
    let mut plain = String::with_capacity(word.len());
    let mut before = None;
    for c in apart {
        match spelled(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(same(before, c)),
        }
        before = Some(c);
    }
    if plain.chars().any(indic::is_indic) {
        indic::respell(&mut plain);
    }
    into.extend(plain.nfc().take(MAX_TOKEN_CHARS));
}

/// The folded form of one word.
pub fn folded(word: &str) -> String {
    let mut into = String::new();
    fold(word, &mut into);
    into
}

/// Other forms that one word may be written in, folded: its letters with two dots or a ring spelled as two letters
/// (`Ärzte`, `aerzte`; `Århus`, `aarhus`), and the singular of an acronym (`GPs`).
pub fn spellings(word: &str) -> impl Iterator<Item = String> {
    let digraphs = (!word.is_ascii() && word.nfc().any(|c| digraph(c).is_some())).then(|| {
        let mut spelled = String::new();
        for c in word.nfc() {
            match digraph(c) {
                Some(letters) => spelled.push_str(letters),
                None => spelled.push(c),
            }
        }
        folded(&spelled)
    });
    digraphs.into_iter().chain(acronym(word).map(folded))
}

const fn digraph(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'Ä' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
        'ü' | 'Ü' => "ue",
        'å' | 'Å' => "aa",
        _ => return None,
    })
}

/// The acronym of a plural: capitals and a small `s`, or letters without a vowel and `s`, which no stemmer parts.
fn acronym(word: &str) -> Option<&str> {
    let rest = word.strip_suffix('s')?;
    let letters = rest.len() >= 2 && rest.bytes().all(|byte| byte.is_ascii_alphabetic());
    let capitals = rest.bytes().all(|byte| byte.is_ascii_uppercase());
    let no_vowel = rest.len() <= 5
        && !rest.ends_with('s')
        && !rest.bytes().any(|byte| {
            matches!(
                byte.to_ascii_lowercase(),
                b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'w'
            )
        });
    (letters && (capitals || no_vowel)).then_some(rest)
}

/// Marks that people leave out when they type, and invisible characters. The vowel signs of Indic and South-East Asian
/// scripts are letters and stay.
const fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0487}' | '\u{0591}'..='\u{05c7}'
        | '\u{0610}'..='\u{061a}' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{06d6}'..='\u{06ed}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{1f3fb}'..='\u{1f3ff}')
        || is_invisible(c)
}

/// Characters that show nothing (Unicode's Default_Ignorable_Code_Point): they may stand within a word and never count.
pub const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether nothing of a text can be seen: blanks, marks without width, control characters.
pub fn shows_nothing(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_invisible(c) || c == '\u{2800}')
}

/// Letters that decomposition leaves whole although people write them with two, or with a plain one.
const fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => return None,
    })
}

fn same(before: Option<char>, c: char) -> char {
    match c {
        'a'..='z' => c,
        'ø' => 'o',
        'đ' | 'ð' | 'ɗ' => 'd',
        'ł' => 'l',
        'ħ' => 'h',
        'ı' => 'i',
        'ŧ' => 't',
        'ŋ' => 'n',
        'ɓ' => 'b',
        'ƙ' => 'k',
        'ƴ' => 'y',
        'ς' => 'σ',
        'ґ' => 'г',
        // Arabic, Persian and Urdu keyboards write the same letter differently.
        'ى' | 'ی' | 'ے' | 'ۍ' | 'ێ' => 'ي',
        'ک' | 'ڪ' => 'ك',
        'ہ' | 'ة' | 'ۃ' | 'ە' => 'ه',
        // Behind a consonant it is its breath, a letter of its own in Urdu.
        'ھ' if before.is_none_or(|before| matches!(before, 'ا' | 'و' | 'ی' | 'ي' | 'ے')) => {
            'ه'
        }
        'ٱ' => 'ا',
        // Letters of Ge'ez that Amharic speaks alike.
        'ሐ'..='ሗ' => shifted(c, 'ሐ', 'ሀ'),
        'ኀ'..='ኇ' => shifted(c, 'ኀ', 'ሀ'),
        'ሠ'..='ሧ' => shifted(c, 'ሠ', 'ሰ'),
        'ዐ'..='ዖ' => shifted(c, 'ዐ', 'አ'),
        'ፀ'..='ፆ' => shifted(c, 'ፀ', 'ጸ'),
        _ if c.is_ascii() => c,
        _ => digit(c).unwrap_or_else(|| han::simplified(c)),
    }
}

fn shifted(c: char, from: char, to: char) -> char {
    char::from_u32(to as u32 + (c as u32 - from as u32)).unwrap_or(c)
}

/// The zero of every script that has digits of its own; the other nine follow it (Unicode, general category Nd).
const ZEROS: [char; 34] = [
    '\u{0660}', '\u{06f0}', '\u{07c0}', '\u{0966}', '\u{09e6}', '\u{0a66}', '\u{0ae6}', '\u{0b66}',
    '\u{0be6}', '\u{0c66}', '\u{0ce6}', '\u{0d66}', '\u{0de6}', '\u{0e50}', '\u{0ed0}', '\u{0f20}',
    '\u{1040}', '\u{1090}', '\u{17e0}', '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1a90}',
    '\u{1b50}', '\u{1bb0}', '\u{1c40}', '\u{1c50}', '\u{a620}', '\u{a8d0}', '\u{a900}', '\u{a9d0}',
    '\u{aa50}', '\u{abf0}',
];

fn digit(c: char) -> Option<char> {
    let after = ZEROS.partition_point(|zero| *zero <= c);
    let zero = ZEROS[after.checked_sub(1)?];
    let value = c as u32 - zero as u32;
    (value < 10).then(|| char::from(b'0' + value as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_to_one_token() {
        for same in [
            &["CAFÉ", "cafe\u{301}", "ｃａｆｅ"][..],
            &["फ़ोन", "फोन"],
            &["दाँत", "दांत"],
            &["हिन्दी", "हिंदी"],
            &["ہسپتال", "ھسپتال", "هسپتال"],
            &["مستشفى", "مستشفي"],
            &["أدوية", "ادوية", "أدويه"],
            &["വൻ", "വന്\u{200d}"],
            &["ত\u{9cd}\u{200d}", "ৎ"],
            &["১২", "12", "۱۲", "๑๒", "໑໒", "១២"],
            &["ķ", "k\u{327}", "k"],
            &["ß", "ss"],
            &["한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"],
        ] {
            let tokens: Vec<String> = same.iter().map(|word| folded(word)).collect();
            assert!(
                tokens.iter().all(|token| *token == tokens[0]),
                "{same:?} {tokens:?}"
            );
        }
        assert_ne!(
            folded("کہا"),
            folded("کھا"),
            "a breath behind a consonant is heard"
        );
    }

    #[test]
    fn other_spellings_are_given_where_there_are_any() {
        let of = |word| spellings(word).collect::<Vec<_>>();
        assert_eq!(of("Ärztehäuser"), ["aerztehaeuser"]);
        assert_eq!(of("Århus"), ["aarhus"]);
        assert_eq!(of("GPs"), ["gp"]);
        assert_eq!(of("gps"), ["gp"]);
        assert_eq!(of("ICBs"), ["icb"]);
        for plain in ["tests", "bus", "glass", "pass", "GP", "café", "s", "NHS"] {
            assert!(of(plain).is_empty(), "{plain} {:?}", of(plain));
        }
    }
}
