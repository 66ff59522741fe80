//! Charset: byte order mark, then the zero bytes of UTF-16 and UTF-32, then what the bytes themselves are (valid
//! UTF-8 wins over any label), then the HTTP header, the document's declaration, and at last a guess.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a document its declaration is looked for.
const DECLARATION_BYTES: usize = 1024;

/// Decodes `bytes`; never fails, bytes without meaning become U+FFFD.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some(text) = utf32(bytes) {
        return Cow::Owned(text);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        if encoding == UTF_8 {
            let bytes = &bytes[length..];
            return std::str::from_utf8(bytes)
                .map_or_else(|_| Cow::Owned(repaired(bytes)), Cow::Borrowed);
        }
        return decode_as(encoding, &bytes[length..]);
    }
    // Without a byte order mark, `<` or `{` beside a zero byte tells the width and order.
    match bytes {
        [0, b'<' | b'{', 0, ..] => return decode_as(UTF_16BE, bytes),
        [b'<' | b'{', 0, next, 0, ..] if *next != 0 => return decode_as(UTF_16LE, bytes),
        _ => {}
    }
    let labels = [
        content_type.and_then(header_charset),
        declared_charset(bytes),
    ];
    let mut labelled = labels
        .iter()
        .flatten()
        .filter_map(|label| Encoding::for_label_no_replacement(label));
    if let Ok(text) = std::str::from_utf8(bytes) {
        // ISO-2022-JP hides its letters in ASCII bytes; everything else that is valid UTF-8 is UTF-8.
        return match labelled.find(|encoding| !encoding.is_ascii_compatible()) {
            Some(encoding)
                if *encoding != *UTF_16LE && *encoding != *UTF_16BE && bytes.contains(&0x1b) =>
            {
                decode_as(encoding, bytes)
            }
            _ => Cow::Borrowed(text),
        };
    }
    let mut says_utf8 = false;
    for encoding in labelled {
        if encoding == UTF_8 {
            says_utf8 = true;
        } else if encoding.is_ascii_compatible() || encoding == encoding_rs::ISO_2022_JP {
            let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
            if !had_errors {
                return text;
            }
        }
    }
    if (says_utf8 || labels.iter().all(Option::is_none))
        && let Some(text) = mostly_utf8(bytes, says_utf8)
    {
        return Cow::Owned(text);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(256 * 1024)], true);
    decode_as(detector.guess(None, chardetng::Utf8Detection::Deny), bytes)
}

/// Takes out what no text needs: control characters, and the C1 range that in practice is windows-1252 mislabelled.
pub fn clean(text: Cow<'_, str>) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let control = bytes.chunks(256).any(|chunk| {
        chunk.iter().fold(false, |bad, &b| {
            bad | (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'))
        })
    });
    // U+0080 to U+009F are written as 0xC2 and the byte itself.
    let dirty = control
        || memchr::memchr_iter(0xc2, bytes)
            .any(|at| bytes.get(at + 1).is_some_and(|b| (0x80..0xa0).contains(b)));
    let start = text
        .trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
        .len();
    if !dirty {
        return match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[text.len() - start..]),
            Cow::Owned(mut text) => {
                text.drain(..text.len() - start);
                Cow::Owned(text)
            }
        };
    }
    Cow::Owned(
        text[text.len() - start..]
            .chars()
            .filter_map(|c| match c {
                '\t' | '\n' | '\r' => Some(c),
                '\0'..='\u{1f}' => None,
                '\u{80}'..='\u{9f}' => Some(windows_1252(c)),
                _ => Some(c),
            })
            .collect(),
    )
}

/// The character that windows-1252 has at this place of the C1 range; the same where it has none.
pub fn windows_1252(c: char) -> char {
    let Ok(byte) = u8::try_from(u32::from(c)) else {
        return c;
    };
    WINDOWS_1252
        .decode_without_bom_handling(&[byte])
        .0
        .chars()
        .next()
        .unwrap_or(c)
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Cow<'a, str> {
    encoding.decode_without_bom_handling(bytes).0
}

/// UTF-8 with a few broken bytes: the damage stays where it is. Nothing where broken bytes are more common than sound
/// ones, or nearly as common and no label says UTF-8. The beginning of a letter of several bytes that was cut is as
/// good a sign of UTF-8 as a whole one.
fn mostly_utf8(bytes: &[u8], labelled: bool) -> Option<String> {
    let (mut sound, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        match chunk.invalid().len() {
            0 => {}
            1 => broken += 1,
            _ => sound += 1,
        }
    }
    let few = broken <= 1 || sound >= broken * if labelled { 1 } else { 4 };
    (sound > 0 && few).then(|| repaired(bytes))
}

/// UTF-8 whose damage stays where it is: a letter that was cut is one U+FFFD, a single byte that fits nowhere is what
/// windows-1252 has in its place.
fn repaired(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        match chunk.invalid() {
            [] => {}
            [byte] => text.push_str(&decode_as(WINDOWS_1252, &[*byte])),
            _ => text.push(char::REPLACEMENT_CHARACTER),
        }
    }
    text
}

fn utf32(bytes: &[u8]) -> Option<String> {
    let (skip, big) = match bytes {
        [0, 0, 0xfe, 0xff, ..] => (4, true),
        [0xff, 0xfe, 0, 0, ..] => (4, false),
        [0, 0, 0, b'<' | b'{', ..] => (0, true),
        [b'<' | b'{', 0, 0, 0, ..] => (0, false),
        _ => return None,
    };
    let text = bytes[skip..]
        .chunks_exact(4)
        .map(|unit| {
            let unit = [unit[0], unit[1], unit[2], unit[3]];
            let code = if big {
                u32::from_be_bytes(unit)
            } else {
                u32::from_le_bytes(unit)
            };
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .collect();
    Some(text)
}

/// `charset` of a Content-Type header.
fn header_charset(content_type: &str) -> Option<&[u8]> {
    let at = find_ignore_case(content_type.as_bytes(), b"charset")?;
    label(&content_type.as_bytes()[at + 7..])
}

/// `encoding` of an XML declaration, or `charset` of an HTML `meta`.
fn declared_charset(bytes: &[u8]) -> Option<&[u8]> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    let (name, head) = if let Some(at) = find_ignore_case(head, b"<?xml") {
        let head = &head[at..];
        let end = head.iter().position(|b| *b == b'>').unwrap_or(head.len());
        (&b"encoding"[..], &head[..end])
    } else {
        (&b"charset"[..], &head[find_ignore_case(head, b"<meta")?..])
    };
    let at = find_ignore_case(head, name)?;
    label(&head[at + name.len()..])
}

/// The label in ` = "utf-8"`, quoted or not.
fn label(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let rest = match rest {
        [b'"' | b'\'', rest @ ..] => rest,
        _ => rest,
    };
    let end = rest
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || b"-_:.+".contains(b)))
        .unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

fn find_ignore_case(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<?xml version=\"1.0\"?><rss>é年</rss>";

    fn wide(units: impl Fn(char) -> Vec<u8>) -> Vec<u8> {
        TEXT.chars().flat_map(units).collect()
    }

    #[test]
    fn wide_charsets_are_told_by_their_zero_bytes_or_mark() {
        let utf16 = |c: char, big: bool| {
            let mut units = [0; 2];
            c.encode_utf16(&mut units)
                .iter()
                .flat_map(|unit| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect::<Vec<u8>>()
        };
        let forms = [
            wide(|c| utf16(c, true)),
            wide(|c| utf16(c, false)),
            wide(|c| u32::from(c).to_be_bytes().to_vec()),
            wide(|c| u32::from(c).to_le_bytes().to_vec()),
            [&[0xfe, 0xff][..], &wide(|c| utf16(c, true))].concat(),
            [
                &[0xff, 0xfe, 0, 0][..],
                &wide(|c| u32::from(c).to_le_bytes().to_vec()),
            ]
            .concat(),
        ];
        for form in forms {
            assert_eq!(decode(&form, Some("text/xml; charset=utf-8")), TEXT);
        }
    }

    #[test]
    fn valid_utf8_wins_over_every_label_and_then_the_header_wins() {
        let utf8 = "<?xml version='1.0' encoding='utf-16'?><a>é</a>";
        assert_eq!(decode(utf8.as_bytes(), Some("text/xml;charset=big5")), utf8);
        let bytes = b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xb3\xe2</a>";
        assert!(decode(bytes, Some("text/xml; charset=\"EUC-KR\"")).contains('년'));
        assert!(decode(bytes, None).contains("³â"));
        // A label nobody knows leaves the guess.
        let bytes = b"<?xml version='1.0' encoding='no-such'?><a>caf\xe9 au lait</a>";
        assert!(decode(bytes, None).contains("café"));
    }

    #[test]
    fn a_mark_of_utf8_holds_for_the_sound_bytes() {
        assert_eq!(
            decode(b"\xef\xbb\xbf<a>Espa\xf1a</a>", None),
            "<a>España</a>"
        );
    }

    #[test]
    fn a_broken_byte_does_not_spoil_the_rest_and_c1_is_windows_1252() {
        let text = decode(b"<a>\xe2\x80\x99 \xc3\xa9 \xc3\xa9 \xc3\xa9 \x92</a>", None);
        assert_eq!(text, "<a>’ é é é ’</a>");
        assert_eq!(
            clean(Cow::Borrowed("\u{feff} don\u{92}t\u{0}\u{8}")),
            "don’t"
        );
    }
}
