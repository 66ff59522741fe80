//! Payment cards and bank accounts.
//!
//! Sources: card numbers by ISO/IEC 7812 (Luhn check digit) and the issuers' published ranges; IBAN by ISO 13616
//! (mod 97); sort code and account number by the form UK banks print (6 and 8 digits).

use super::cue::{Words, words};
use super::finding::{Found, Look};
use super::kind::Kind;

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(
            |(position, digit)| match (position % 2, u32::from(*digit)) {
                (0, digit) => digit,
                (_, digit) if digit > 4 => digit * 2 - 9,
                (_, digit) => digit * 2,
            },
        )
        .sum();
    sum.is_multiple_of(10) && digits.windows(2).any(|pair| pair[0] != pair[1])
}

fn is_range(digits: &[u8]) -> bool {
    let lead = digits[..4]
        .iter()
        .fold(0_u32, |lead, digit| lead * 10 + u32::from(*digit));
    match digits.len() {
        16 => {
            matches!(lead, 4000..=4999 | 5000..=5999 | 2221..=2720 | 6011 | 6440..=6599 | 3528..=3589 | 6200..=6299 | 6300..=6399 | 6700..=6799)
        }
        15 => matches!(lead / 100, 34 | 37),
        14 => matches!(lead, 3000..=3059 | 3600..=3699 | 3800..=3999),
        13 => (4000..=4999).contains(&lead),
        17..=19 => {
            matches!(lead, 4000..=4999 | 5000..=5099 | 5600..=5899 | 6200..=6299 | 6300..=6399 | 6700..=6799)
        }
        _ => false,
    }
}

pub(super) fn card(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    if !token.is_number()
        || token.len() < 4
        || look.tokens.tied_before(index)
        || look.in_address(token.start)
    {
        return None;
    }
    let number = look.tokens.number(index, 19);
    for length in (13..=19).rev() {
        let Some((groups, end)) = number.prefix(length) else {
            continue;
        };
        let digits = &number.digits()[..length];
        let grouped = match number.groups()[..groups] {
            [_] | [4, 6, 4..=6] => true,
            ref groups => groups[..groups.len() - 1].iter().all(|group| *group == 4),
        };
        if !grouped
            || !is_range(digits)
            || !luhn(digits)
            || look.tokens.tied_after(index + groups - 1)
        {
            continue;
        }
        // Other long numbers pass the check once in ten times: the short and the very long forms need a cue.
        let usual = matches!(length, 15 | 16)
            && !look.cue_before(token.start, 24, words!("imei|tracking|parcel|isbn"));
        if usual
            || look.cue_before(
                token.start,
                40,
                words!("card|visa|mastercard|amex|debit|credit|maestro|cerdyn|karty"),
            )
        {
            return Some(Found {
                start: token.start,
                end,
                kind: Kind::Card,
            });
        }
    }
    None
}

/// An IBAN: country, check digits, and up to thirty letters and digits, mostly in groups of four.
pub(super) fn iban(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    let text = look.tokens.text(token);
    let form = text.len() >= 4
        && text[..2].iter().all(u8::is_ascii_alphabetic)
        && text[2..4].iter().all(u8::is_ascii_digit);
    if !form || text.len() > 34 {
        return None;
    }
    let mut code = Vec::with_capacity(34);
    let mut last = None;
    for position in index..look.tokens.list.len() {
        let token = look.tokens.get(position)?;
        if (position > index && !look.joins(position)) || code.len() + token.len() > 34 {
            break;
        }
        code.extend(look.tokens.text(token).iter().map(u8::to_ascii_uppercase));
        if code.len() >= 15 && mod97(&code) == 1 {
            last = Some(token.end);
        }
        if position > index && token.len() != 4 {
            break;
        }
    }
    last.map(|end| Found {
        start: token.start,
        end,
        kind: Kind::Bank,
    })
}

fn mod97(code: &[u8]) -> u32 {
    let (head, tail) = code.split_at(4);
    tail.iter().chain(head).fold(0, |rest, byte| {
        let value = u32::from(if byte.is_ascii_digit() {
            byte - b'0'
        } else {
            byte - b'A' + 10
        });
        if value > 9 {
            (rest * 100 + value) % 97
        } else {
            (rest * 10 + value) % 97
        }
    })
}

const SORT_CUES: Words = words!("sort code|sort|s/c|cod didoli");
const ACCOUNT_CUES: Words =
    words!("account|account number|acc|acct|a/c|acc no|account no|bank|cyfrif|konto");

/// A sort code, an account number, or one after the other.
pub(super) fn bank(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    if !token.is_number() || look.tokens.tied_before(index) || look.in_address(token.start) {
        return None;
    }
    let number = look.tokens.number(index, 14);
    let found = |end| Found {
        start: token.start,
        end,
        kind: Kind::Bank,
    };
    let pairs = number.groups().starts_with(&[2, 2, 2]);
    if let Some((groups, end)) = number
        .prefix(6)
        .filter(|_| pairs || number.groups().starts_with(&[6]))
    {
        let account = number.prefix(14).filter(|(all, _)| *all == groups + 1);
        if let Some((_, end)) =
            account.filter(|_| pairs || look.cue_before(token.start, 40, ACCOUNT_CUES))
        {
            return Some(found(end));
        }
        let cue = look.cue_right_before(token.start, SORT_CUES)
            || (pairs
                && look.cue_before(
                    token.start,
                    40,
                    words!("bank|account|refund|pay|paid|transfer|sort code"),
                ));
        if cue && !look.tokens.tied_after(index + groups - 1) {
            return Some(found(end));
        }
    }
    let (groups, end) = number.prefix(8)?;
    let fits = groups <= 2
        && look.cue_right_before(token.start, ACCOUNT_CUES)
        && !look.tokens.tied_after(index + groups - 1);
    fits.then(|| found(end))
}
