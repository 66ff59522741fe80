//! Folding: what makes `CAFÉ`, `café` and `cafe` one token, in every script.

use unicode_normalization::UnicodeNormalization;

use super::MAX_TOKEN_CHARS;

/// Appends the lower-cased and folded form of one word.
pub(crate) fn fold(word: &str, into: &mut String) {
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
    for c in apart {
        match spelled(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(same(c)),
        }
    }
    into.extend(plain.nfc().take(MAX_TOKEN_CHARS));
}

/// Marks that people leave out when they type, and invisible characters. The vowel signs of Indic and South-East Asian
/// scripts are letters and stay.
const fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0487}' | '\u{0591}'..='\u{05c7}'
        | '\u{0610}'..='\u{061a}' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{06d6}'..='\u{06ed}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{fe00}'..='\u{fe0f}')
        || is_invisible(c)
}

/// Joiners, soft hyphens and direction marks: they may stand within a word and never count.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
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

const fn same(c: char) -> char {
    match c {
        'ø' => 'o',
        'đ' | 'ð' => 'd',
        'ł' => 'l',
        'ħ' => 'h',
        'ı' => 'i',
        'ŧ' => 't',
        'ς' => 'σ',
        // Arabic, Persian and Urdu keyboards write the same letter differently.
        'ى' | 'ی' | 'ے' => 'ي',
        'ک' => 'ك',
        'ہ' | 'ة' | 'ۃ' | 'ە' => 'ه',
        'ٱ' => 'ا',
        '٠'..='٩' => digit(c, '٠'),
        '۰'..='۹' => digit(c, '۰'),
        '०'..='९' => digit(c, '०'),
        '০'..='৯' => digit(c, '০'),
        '੦'..='੯' => digit(c, '੦'),
        '૦'..='૯' => digit(c, '૦'),
        '௦'..='௯' => digit(c, '௦'),
        _ => c,
    }
}

const fn digit(c: char, zero: char) -> char {
    (b'0' + (c as u32 - zero as u32) as u8) as char
}
