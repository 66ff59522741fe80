//! The plane: the text with one byte for each code point, in which all rules look.
//!
//! Digits of every script in use become ASCII digits, the many spaces, dashes and quotes become one each, accented
//! Latin letters become their base letter. What has no ASCII twin becomes one of the classes below. Positions in the
//! plane are code points of the input, so a finding needs no translation, and a rule never sees half a character.

use std::borrow::Cow;

/// A letter without an ASCII twin; lower case, or of a script that has no case.
pub(super) const LETTER: u8 = 0x80;
/// An upper-case letter without an ASCII twin.
pub(super) const UPPER: u8 = 0x81;
/// Any other character.
pub(super) const OTHER: u8 = 0x82;
/// A character that shows nothing: zero width, direction marks, soft hyphens.
pub(super) const HIDDEN: u8 = 0x83;
/// A part of a placeholder, that is, of something already taken out.
pub(super) const TAKEN: u8 = 0x84;

/// Folds `text`. Plain ASCII without placeholders costs nothing.
pub(super) fn fold<'a>(text: &'a str, placeholders: &[&str]) -> Cow<'a, [u8]> {
    if text.bytes().all(|byte| byte.is_ascii() && byte != b'[') {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut plane = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest
            .bytes()
            .position(|byte| !byte.is_ascii() || byte == b'[')
            .unwrap_or(rest.len());
        plane.extend_from_slice(&rest.as_bytes()[..plain]);
        rest = &rest[plain..];
        let Some(c) = rest.chars().next() else {
            break;
        };
        let placeholder = placeholders
            .iter()
            .find(|placeholder| c == '[' && rest.starts_with(**placeholder));
        if let Some(placeholder) = placeholder {
            plane.extend(std::iter::repeat_n(TAKEN, placeholder.len()));
            rest = &rest[placeholder.len()..];
        } else {
            plane.push(fold_char(c));
            rest = &rest[c.len_utf8()..];
        }
    }
    Cow::Owned(plane)
}

fn fold_char(c: char) -> u8 {
    if let Ok(byte) = u8::try_from(c)
        && byte.is_ascii()
    {
        return byte;
    }
    let code = u32::from(c);
    match code {
        0x00A0 | 0x1680 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => b' ',
        0x0085 | 0x2028 | 0x2029 => b'\n',
        0x00AD
        | 0x061C
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2064
        | 0x2066..=0x2069
        | 0xFE0E
        | 0xFE0F
        | 0xFEFF => HIDDEN,
        0x2010..=0x2015 | 0x2212 | 0xFE58 | 0xFE63 => b'-',
        0x02BC | 0x2018 | 0x2019 | 0x201B => b'\'',
        0x201C..=0x201F => b'"',
        0xFF01..=0xFF5E => u8::try_from(code - 0xFEE0).unwrap_or(OTHER),
        0x0660..=0x0669 => digit(code, 0x0660),
        0x06F0..=0x06F9 => digit(code, 0x06F0),
        0x0966..=0x096F => digit(code, 0x0966),
        0x09E6..=0x09EF => digit(code, 0x09E6),
        0x0A66..=0x0A6F => digit(code, 0x0A66),
        0x0AE6..=0x0AEF => digit(code, 0x0AE6),
        0x1D7CE..=0x1D7FF => digit((code - 0x1D7CE) % 10, 0),
        0x00C0..=0x024F | 0x1E00..=0x1EFF => latin(c),
        _ if c.is_uppercase() => UPPER,
        // Marks belong to the letter before them.
        _ if c.is_alphabetic() || (0x0300..=0x036F).contains(&code) || is_indic_mark(code) => {
            LETTER
        }
        _ => OTHER,
    }
}

fn digit(code: u32, zero: u32) -> u8 {
    b'0' + u8::try_from(code - zero).unwrap_or(0)
}

/// Signs of Devanagari, Bengali, Gurmukhi and Gujarati that are marks, not letters.
fn is_indic_mark(code: u32) -> bool {
    matches!(code, 0x0900..=0x0AFF) && !matches!(code, 0x0964 | 0x0965)
}

fn latin(c: char) -> u8 {
    let base = match c {
        'Ł' => 'L',
        'ł' => 'l',
        'Ø' => 'O',
        'ø' => 'o',
        'Đ' | 'Ð' => 'D',
        'đ' | 'ð' => 'd',
        'ı' => 'i',
        c => {
            let mut first = None;
            unicode_normalization::char::decompose_canonical(c, |part| {
                first.get_or_insert(part);
            });
            first.unwrap_or(c)
        }
    };
    match u8::try_from(base) {
        Ok(byte) if byte.is_ascii_alphabetic() => byte,
        _ if c.is_uppercase() => UPPER,
        _ if c.is_alphabetic() => LETTER,
        _ => OTHER,
    }
}

/// For each byte, whether it can be a part of a word.
static WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    loop {
        table[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | LETTER | UPPER);
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

/// Whether `byte` can be a part of a word.
pub(super) fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

pub(super) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, LETTER | UPPER)
}

pub(super) fn is_upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte == UPPER
}

/// Whether a word could begin at `at`.
pub(super) fn starts_word(plane: &[u8], at: usize) -> bool {
    at == 0 || !is_word(plane[at - 1])
}

/// Whether a word could end before `at`.
pub(super) fn ends_word(plane: &[u8], at: usize) -> bool {
    plane.get(at).is_none_or(|byte| !is_word(*byte))
}
