//! Tokens: runs of ASCII letters and digits in the plane, the pieces that numbers and codes are put together from.

use super::plane::HIDDEN;

/// A run of ASCII letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) digits: usize,
}

impl Token {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
    pub(super) fn is_number(self) -> bool {
        self.digits == self.len()
    }
}

/// A view of the plane and its tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tokens<'a> {
    pub(super) plane: &'a [u8],
    pub(super) list: &'a [Token],
}

/// All tokens of the plane.
pub(super) fn tokens(plane: &[u8]) -> Vec<Token> {
    // English has a word for some six characters.
    let mut list = Vec::with_capacity(plane.len() / 5);
    let mut at = 0;
    while at < plane.len() {
        if !plane[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        let mut digits = 0;
        while let Some(byte) = plane.get(at).filter(|byte| byte.is_ascii_alphanumeric()) {
            digits += usize::from(byte.is_ascii_digit());
            at += 1;
        }
        // "O7700": the letter in the place of the nought.
        if digits >= 3 && digits + 1 == at - start && matches!(plane[start], b'o' | b'O') {
            digits += 1;
        }
        list.push(Token {
            start,
            end: at,
            digits,
        });
    }
    list
}

impl<'a> Tokens<'a> {
    pub(super) fn get(&self, index: usize) -> Option<Token> {
        self.list.get(index).copied()
    }

    pub(super) fn text(&self, token: Token) -> &'a [u8] {
        &self.plane[token.start..token.end]
    }

    /// The value of a short number.
    pub(super) fn value(&self, token: Token) -> u32 {
        self.text(token).iter().fold(0, |value: u32, byte| {
            value
                .saturating_mul(10)
                .saturating_add(u32::from(byte.wrapping_sub(b'0')))
        })
    }

    /// What stands between token `index` and the one before it.
    pub(super) fn gap_before(&self, index: usize) -> Option<&'a [u8]> {
        let before = self.get(index.checked_sub(1)?)?;
        Some(&self.plane[before.end..self.get(index)?.start])
    }

    /// Whether token `index` is a number that a hyphen, dot or slash ties to a number before it.
    pub(super) fn tied_before(&self, index: usize) -> bool {
        self.gap_before(index).is_some_and(is_tie)
            && self.get(index - 1).is_some_and(|token| token.digits > 0)
    }

    /// The same for the token behind `index`; a slash may part two numbers, or a number and its copy.
    pub(super) fn tied_after(&self, index: usize) -> bool {
        self.gap_before(index + 1)
            .is_some_and(|gap| is_tie(gap) && gap != b"/")
            && self.get(index + 1).is_some_and(|token| token.digits > 0)
    }

    /// Numbers from token `index` on, while the gaps between them are ones that people put into a number: the digits,
    /// the length of each group, and the index behind the last. Stops at `limit` digits.
    pub(super) fn number(&self, index: usize, limit: usize) -> Number {
        let mut number = Number::default();
        for position in index..self.list.len() {
            let token = self.list[position];
            if !token.is_number() || number.length + token.len() > limit.min(LONGEST) {
                break;
            }
            if position > index && !self.gap_before(position).is_some_and(is_gap) {
                break;
            }
            for (place, byte) in number.digits[number.length..]
                .iter_mut()
                .zip(self.text(token))
            {
                *place = if byte.is_ascii_digit() {
                    byte - b'0'
                } else {
                    0
                };
            }
            number.length += token.len();
            number.groups[number.count] = token.len();
            number.ends[number.count] = token.end;
            number.count += 1;
        }
        number
    }
}

/// Digits of the longest number that is looked for, a payment card's.
const LONGEST: usize = 19;

/// A number written in groups.
#[derive(Debug, Default)]
pub(super) struct Number {
    digits: [u8; LONGEST],
    length: usize,
    groups: [usize; LONGEST],
    /// Where each group ends in the plane.
    ends: [usize; LONGEST],
    count: usize,
}

impl Number {
    pub(super) fn digits(&self) -> &[u8] {
        &self.digits[..self.length]
    }

    /// The length of each group.
    pub(super) fn groups(&self) -> &[usize] {
        &self.groups[..self.count]
    }

    /// The first groups that hold exactly `length` digits: how many groups, and where they end.
    pub(super) fn prefix(&self, length: usize) -> Option<(usize, usize)> {
        let mut sum = 0;
        for (position, group) in self.groups().iter().enumerate() {
            sum += group;
            if sum == length {
                return Some((position + 1, self.ends[position]));
            }
            if sum > length {
                return None;
            }
        }
        None
    }
}

/// A gap inside a number: at most three of space, hyphen, dot, slash, bracket, or hidden; or where a line was broken.
fn is_gap(gap: &[u8]) -> bool {
    let inside = |byte: &u8| {
        matches!(
            *byte,
            b' ' | b'-' | b'.' | b'/' | b'_' | b'(' | b')' | b'\t' | HIDDEN
        )
    };
    let lines = gap.split(|byte| *byte == b'\n').count();
    (1..=3).contains(&gap.len())
        && lines <= 2
        && gap
            .iter()
            .all(|byte| inside(byte) || matches!(*byte, b'\n' | b'\r'))
        && !matches!(gap, b". " | b".\n")
}

fn is_tie(gap: &[u8]) -> bool {
    matches!(gap, b"-" | b"." | b"/" | b":" | b"_")
}
