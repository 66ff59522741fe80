//! Numbers that name a person: NHS and CHI number, National Insurance number, hospital number, driving licence, plate.
//!
//! Sources of the rules:
//! - NHS number: ten digits, modulus 11 (NHS Data Dictionary, "NHS NUMBER"). Issued ranges: 400–499 and 600–708 million
//!   in England, Wales and the Isle of Man, 320–399 million in Northern Ireland; Scotland's CHI number begins
//!   with a day and month of birth; 999 is the test range, 943 476 5919 the published sample.
//! - National Insurance number: HMRC, National Insurance Manual NIM39110 (letters, banned prefixes, suffix A to D).
//! - Driving licence: DVLA, the 16 characters of a GB licence. Plates: DVLA INF104, the form in use since 2001.

use super::cue::{self, Words, words};
use super::finding::{Found, Look};
use super::kind::Kind;
use super::tokens::Number;

const NHS_CUES: Words = words!("nhs|gig|chi|patient|rhif|health number|my number|medical");
/// Words that say what else a bare number of ten digits is.
pub(super) const OTHER_NUMBERS: Words = words!(
    "isbn|issn|ean|barcode|order|tracking|track|parcel|invoice|timestamp|unix|epoch|version|serial|\
    case|ticket|receipt|policy|model|imei|item|batch|lot|charity|booking|voucher|\
    meter|asset|doi|pmid|build|sku|job|id|grant|award|application|company"
);

/// The check digit of an NHS number, and not all digits alike.
pub(super) fn is_nhs_number(digits: &[u8]) -> bool {
    let [body @ .., check] = digits else {
        return false;
    };
    if digits.len() != 10 || digits.iter().all(|digit| digit == check) {
        return false;
    }
    let sum: u32 = body
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .sum();
    match 11 - sum % 11 {
        11 => *check == 0,
        10 => false,
        expected => u32::from(*check) == expected,
    }
}

/// Whether a number of this beginning is or was given out.
fn is_issued(digits: &[u8]) -> bool {
    let (day, month) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3]);
    match digits[0] {
        0..=3 if (1..=31).contains(&day) && (1..=12).contains(&month) => true,
        3 => digits[1] >= 2,
        4 | 6 => true,
        7 => digits[1] == 0,
        9 => digits.starts_with(&[9, 9, 9]) || digits.starts_with(&[9, 4, 3]),
        _ => false,
    }
}

pub(super) fn nhs_number(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    // "NHS9993801178" in one piece.
    let text = look.tokens.text(token);
    if token.digits == 10 && text.len() > 10 && text[..text.len() - 10].eq_ignore_ascii_case(b"nhs")
    {
        let digits: Vec<u8> = text[text.len() - 10..]
            .iter()
            .map(|byte| byte.wrapping_sub(b'0'))
            .collect();
        let start = token.end - 10;
        return is_nhs_number(&digits).then_some(Found {
            start,
            end: token.end,
            kind: Kind::NhsNumber,
        });
    }
    if !token.is_number() || look.tokens.tied_before(index) || look.in_address(token.start) {
        return None;
    }
    let number = look.tokens.number(index, 10);
    let (groups, end) = number.prefix(10)?;
    if look.tokens.tied_after(index + groups - 1) || !is_nhs_number(&number.digits()[..10]) {
        return None;
    }
    let cue = look.cue_before(token.start, 40, NHS_CUES)
        || look.cue_behind(end, 24, words!("nhs|gig|health number"));
    let usual = usual_groups(&number, groups);
    let other = look.cue_before(token.start, 22, OTHER_NUMBERS);
    let keep = if cue {
        false
    } else {
        !usual
            || (other && groups == 1)
            || look.cue_before(token.start, 16, words!("isbn"))
            || !is_issued(number.digits())
    };
    (!keep).then_some(Found {
        start: token.start,
        end,
        kind: Kind::NhsNumber,
    })
}

fn usual_groups(number: &Number, groups: usize) -> bool {
    matches!(
        number.groups()[..groups],
        [10] | [3, 3, 4] | [3, 7] | [6, 4] | [3, 3, 2, 2] | [3, 3, 3, 1] | [2, 2, 2, 2, 2]
    )
}

/// Two letters, six digits, and mostly one of A to D; QQ is the specimen and taken out as well.
pub(super) fn nino(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    let mut start_index = index;
    if token.is_number() {
        start_index = index.checked_sub(1)?;
        let letters = look.tokens.get(start_index)?;
        if letters.digits > 0 || letters.len() > 2 || !look.joins_nino(index) {
            return None;
        }
        if letters.len() == 1 {
            // "A B 1 2 3 …": one by one.
            start_index = start_index.checked_sub(1)?;
            let first = look.tokens.get(start_index)?;
            if first.len() != 1 || first.digits > 0 || !look.joins_nino(index - 1) {
                return None;
            }
        }
    }
    let start = look.tokens.get(start_index)?.start;
    // Letters and digits of the next tokens, at most nine, and where the eighth and ninth end.
    let (mut code, mut length) = ([0; 9], 0);
    let mut ends = [None; 10];
    for position in start_index..(start_index + 9).min(look.tokens.list.len()) {
        let token = look.tokens.get(position)?;
        if (position > start_index && !look.joins_nino(position)) || length + token.len() > 9 {
            break;
        }
        for byte in look.tokens.text(token) {
            code[length] = byte.to_ascii_uppercase();
            length += 1;
        }
        ends[length] = Some(token.end);
        if length == 9 || (length >= 2 && !is_prefix(code[0], code[1])) {
            break;
        }
    }
    let form = |length: usize| {
        let end = ends[length]?;
        let suffix_fits = length == 8 || matches!(code[8], b'A'..=b'D');
        (is_prefix(code[0], code[1]) && code[2..8].iter().all(u8::is_ascii_digit) && suffix_fits)
            .then_some(end)
    };
    let found = |end| Found {
        start,
        end,
        kind: Kind::Nino,
    };
    if let Some(end) = form(9) {
        return Some(found(end));
    }
    let cue = look.cue_before(
        start,
        40,
        words!("ni|nino|national insurance|yswiriant|insurance number"),
    );
    form(8).filter(|_| cue).map(found)
}

fn is_prefix(first: u8, second: u8) -> bool {
    let specimen = (first, second) == (b'Q', b'Q');
    let banned = matches!(
        (first, second),
        (b'B', b'G') | (b'G', b'B') | (b'N', b'K' | b'T') | (b'K' | b'T', b'N') | (b'Z', b'Z')
    );
    let letters = first.is_ascii_uppercase() && second.is_ascii_uppercase();
    let fits = !b"DFIQUV".contains(&first) && !b"DFIOQUV".contains(&second);
    specimen || (letters && fits && !banned)
}

const HOSPITAL_CUES: Words = words!(
    "hospital number|hospital no|hosp no|hospital id|hospital ref|mrn|patient id|patient number|\
    patient no|unit number|unit no|case note number|district number|crn|rhif ysbyty"
);

/// Five to ten digits, perhaps behind one or two letters, right after the words for a hospital's own number.
pub(super) fn hospital_id(look: &Look<'_>, index: usize) -> Option<Found> {
    let mut token = look.tokens.get(index)?;
    let letters = token.len() - token.digits;
    if letters > 2 || look.in_address(token.start) {
        return None;
    }
    let (mut digits, mut end) = (token.digits, token.end);
    let mut position = index + 1;
    while let Some(next) = look
        .tokens
        .get(position)
        .filter(|next| next.is_number() && digits + next.digits <= 10)
    {
        if !look.joins(position) {
            break;
        }
        digits += next.digits;
        end = next.end;
        position += 1;
    }
    if let Some(before) = index
        .checked_sub(1)
        .and_then(|before| look.tokens.get(before))
        && before.len() <= 2
        && before.digits == 0
        && look.joins(index)
        && !matches!(
            look.tokens.text(before).to_ascii_lowercase().as_slice(),
            b"is" | b"no" | b"id" | b"of" | b"on" | b"to"
        )
        && before.start >= look.floor
    {
        token = before;
    }
    let fits = (5..=10).contains(&digits) && look.cue_right_before(token.start, HOSPITAL_CUES);
    fits.then_some(Found {
        start: token.start,
        end,
        kind: Kind::HospitalId,
    })
}

/// `MORGA657054SM9IJ`: five of the surname, six of birth date and sex, initials, check characters.
pub(super) fn driving_licence(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    if token.len() < 11 && (token.len(), token.digits) != (6, 6) {
        return None;
    }
    for start_index in [Some(index), index.checked_sub(1)].into_iter().flatten() {
        let start = look.tokens.get(start_index)?.start;
        let mut code = Vec::with_capacity(16);
        for position in start_index..(start_index + 4).min(look.tokens.list.len()) {
            let token = look.tokens.get(position)?;
            if (position > start_index && !look.joins(position)) || code.len() + token.len() > 18 {
                break;
            }
            code.extend(look.tokens.text(token).iter().map(u8::to_ascii_uppercase));
            if matches!(code.len(), 16 | 18) && is_licence(&code) {
                return Some(Found {
                    start,
                    end: token.end,
                    kind: Kind::DrivingLicence,
                });
            }
        }
    }
    None
}

fn is_licence(code: &[u8]) -> bool {
    let (name, rest) = code.split_at(5);
    let (birth, rest) = rest.split_at(6);
    let letters = name
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    letters > 0
        && name[letters..].iter().all(|byte| *byte == b'9')
        && birth.iter().all(u8::is_ascii_digit)
        && matches!(birth[1], b'0' | b'1' | b'5' | b'6')
        && birth[3] <= b'3'
        && rest[..2]
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || *byte == b'9')
        && rest[3..5].iter().all(u8::is_ascii_uppercase)
        && rest[5..].iter().all(u8::is_ascii_digit)
}

/// `AB51 ABC`, in capitals and near a word about cars.
pub(super) fn vehicle(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    let text = look.tokens.text(token);
    if !matches!(text.len(), 4 | 7) {
        return None;
    }
    let (head, mut tail) = text.split_at(4);
    let mut end = token.end;
    if tail.is_empty() {
        let next = look.tokens.get(index + 1).filter(|next| next.len() == 3)?;
        if !matches!(look.tokens.gap_before(index + 1), Some(b" ")) {
            return None;
        }
        tail = look.tokens.text(next);
        end = next.end;
    }
    let form = head[..2].iter().chain(tail).all(u8::is_ascii_uppercase)
        && head[2..].iter().all(u8::is_ascii_digit);
    let cues = words!("car|van|reg|registration|plate|vehicle|parked|clamped|driving|bike|taxi");
    (form && look.cue_before(token.start, 40, cues)).then_some(Found {
        start: token.start,
        end,
        kind: Kind::Vehicle,
    })
}

impl Look<'_> {
    /// Whether one space, hyphen or dot (or a hidden character) joins token `index` to the one before it.
    pub(super) fn joins(&self, index: usize) -> bool {
        self.tokens.gap_before(index).is_some_and(|gap| {
            gap.len() <= 2
                && !gap.is_empty()
                && gap
                    .iter()
                    .all(|byte| matches!(*byte, b' ' | b'-' | b'.' | super::plane::HIDDEN))
        })
    }

    /// The same for a National Insurance number, which forms also part by slashes.
    fn joins_nino(&self, index: usize) -> bool {
        self.joins(index) || matches!(self.tokens.gap_before(index), Some(b"/" | b"_"))
    }

    /// Whether one of `words` stands in the `width` characters before `at`.
    pub(super) fn cue_before(&self, at: usize, width: usize, words: Words) -> bool {
        cue::within(self.window(at, width), words)
    }

    /// Whether one of `words` stands in the `width` characters behind `at`, on the same line.
    pub(super) fn cue_behind(&self, at: usize, width: usize, words: Words) -> bool {
        let plane = self.tokens.plane;
        let window = &plane[at..plane.len().min(at + width)];
        let end = window
            .iter()
            .position(|byte| matches!(*byte, b'\n' | super::plane::TAKEN))
            .unwrap_or(window.len());
        cue::within(&window[..end], words)
    }

    /// Whether one of `words` stands right before `at`, but for a few filling words and marks.
    pub(super) fn cue_right_before(&self, at: usize, words: Words) -> bool {
        cue::ends_with(self.window(at, 48), words)
    }

    /// The plane before `at`, back to what was last taken out, at most `width` long.
    fn window(&self, at: usize, width: usize) -> &[u8] {
        let start = at.saturating_sub(width).max(self.floor.min(at));
        let window = &self.tokens.plane[start..at];
        match window.iter().rposition(|byte| *byte == super::plane::TAKEN) {
            Some(taken) => &window[taken + 1..],
            None => window,
        }
    }
}
