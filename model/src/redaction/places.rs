//! Full postcodes and house addresses. A postcode is not taken out but made coarser: its outward part stays.
//!
//! Sources: postcode form by BS 7666 as in the Government's data standards catalogue; the 124 areas by Royal Mail's
//! Postcode Address File guide. The outward part alone names thousands of homes.

use super::cue::{Words, is_one_of, words};
use super::finding::{Found, Look};
use super::kind::Kind;

/// Postcode areas, the letters a postcode begins with.
const AREAS: Words = words!(
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|\
    DY|E|EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|\
    LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|\
    SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
);

/// Endings of ordinals and units that look like an inward part in small letters (`2nd`, `5ft`, `3hr`, `10gb`).
const NOT_INWARD: &[&[u8]] = &[
    b"nd", b"rd", b"th", b"st", b"ft", b"lb", b"hr", b"gb", b"tb", b"wd", b"yr", b"pt", b"ug",
    b"hz", b"ph", b"pg", b"bn", b"wk",
];

fn is_outward(text: &[u8]) -> bool {
    if text.eq_ignore_ascii_case(b"GIR") {
        return true;
    }
    let letters = text
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let (area, district) = text.split_at(letters);
    let fits = match district {
        [a] | [a, b'0'..=b'9'] => a.is_ascii_digit(),
        // Central London and a few others end in a letter.
        [a, letter] => {
            a.is_ascii_digit() && b"ABCDEFGHJKMNPRSTUVWXY".contains(&letter.to_ascii_uppercase())
        }
        _ => false,
    };
    fits && matches!(letters, 1 | 2) && is_one_of(area, AREAS)
}

fn is_inward(text: &[u8]) -> bool {
    let [digit, letters @ ..] = text else {
        return false;
    };
    digit.is_ascii_digit()
        && letters.len() == 2
        && letters
            .iter()
            .all(|letter| b"ABDEFGHJLNPQRSTUWXYZ".contains(&letter.to_ascii_uppercase()))
        && !NOT_INWARD.contains(&letters)
}

/// A full postcode that begins at token `index`; `end_of_outward` is what stays.
pub(super) fn postcode(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    if !super::plane::starts_word(look.tokens.plane, token.start) || look.in_address(token.start) {
        return None;
    }
    let text = look.tokens.text(token);
    // The one outward part without a number: Girobank's.
    if text.eq_ignore_ascii_case(b"0AA")
        && let Some(before) = index
            .checked_sub(1)
            .and_then(|before| look.tokens.get(before))
        && look.tokens.text(before).eq_ignore_ascii_case(b"GIR")
        && look.joins(index)
    {
        return Some(Found {
            start: before.start,
            end: token.end,
            kind: Kind::Postcode,
        });
    }
    if (5..=7).contains(&text.len()) {
        let (outward, inward) = text.split_at(text.len() - 3);
        // Run together, small letters are more often a code than a postcode.
        if is_outward(outward) && is_inward(inward) && alike(text) {
            return Some(Found {
                start: token.start,
                end: token.end,
                kind: Kind::Postcode,
            });
        }
    }
    if !(2..=4).contains(&text.len()) || !is_outward(text) {
        return None;
    }
    // More than one inward part behind an outward part is taken along, so that none is left to form a new postcode.
    let (mut end, mut position) = (None, index + 1);
    while let Some(next) = look.tokens.get(position) {
        let gap = look.tokens.gap_before(position).unwrap_or_default();
        let near = gap.len() <= 3
            && gap
                .iter()
                .all(|byte| matches!(*byte, b' ' | b'-' | b'\t' | super::plane::HIDDEN));
        let inward = look.tokens.text(next);
        if !near || !is_inward(inward) {
            break;
        }
        end = Some(next.end);
        position += 1;
    }
    end.map(|end| Found {
        start: token.start,
        end,
        kind: Kind::Postcode,
    })
}

fn alike(text: &[u8]) -> bool {
    let small = text.iter().any(u8::is_ascii_lowercase);
    let capital = text.iter().any(u8::is_ascii_uppercase);
    !(small && capital)
}

/// How much of a postcode stays, in characters from its beginning.
pub(super) fn outward_len(plane: &[u8]) -> usize {
    let first = plane
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    if first == plane.len() {
        first.saturating_sub(3)
    } else {
        first
    }
}

const STREETS: Words = words!(
    "road|street|lane|avenue|grove|close|drive|crescent|terrace|place|court|gardens|garden|way|row|\
    mews|square|walk|rise|view|hill|green|park|parade|fold|croft|rd|st|ave|ln|cl|cres|gdns|sq|dr"
);
/// Welsh puts the word for a street first.
const STREETS_FIRST: Words = words!("heol|ffordd|stryd|lon|maes|clos|rhodfa|trem");

/// A house number, one to three words with capitals, and the word for a street.
pub(super) fn address(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    let letters = token.len() - token.digits;
    let text = look.tokens.text(token);
    if token.digits > 4
        || letters > 1
        || !text[0].is_ascii_digit()
        || look.in_address(token.start)
        || look.tokens.tied_before(index)
    {
        return None;
    }
    let word = |position: usize| {
        let word = look.tokens.get(position)?;
        let gap = look.tokens.gap_before(position)?;
        let near = matches!(gap, b" " | b", " | b"'" | b"-");
        (near && word.digits == 0).then(|| (word, look.tokens.text(word)))
    };
    let (_, first) = word(index + 1)?;
    if !first[0].is_ascii_uppercase()
        || is_one_of(
            first,
            words!(
                "minute|minutes|mile|miles|day|days|week|weeks|hour|hours|year|years|step|steps"
            ),
        )
    {
        return None;
    }
    if is_one_of(first, STREETS_FIRST) {
        let end = [index + 2, index + 3, index + 4]
            .into_iter()
            .map_while(|position| {
                word(position).filter(|(_, text)| {
                    text[0].is_ascii_uppercase() || is_one_of(text, words!("y|yr|ap|las"))
                })
            })
            .last();
        return end.map(|(word, _)| Found {
            start: token.start,
            end: word.end,
            kind: Kind::Address,
        });
    }
    for position in index + 2..index + 5 {
        let (street, text) = word(position)?;
        if is_one_of(text, STREETS) && (text[0].is_ascii_uppercase() || text.len() > 3) {
            return Some(Found {
                start: token.start,
                end: street.end,
                kind: Kind::Address,
            });
        }
        // A possessive s ("St Mary's Road") is a token of its own.
        if !text[0].is_ascii_uppercase() && text != b"s" {
            return None;
        }
    }
    None
}
