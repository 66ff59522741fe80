//! Redaction: personal details are taken out before the first byte is written.
//!
//! Linear time, never panics, idempotent: `redact(redact(x)) == redact(x)`. Works on Unicode text; offsets are
//! code points of the input. Recall comes first for identifiers with a checksum; names need cue words.
//!
//! How: the text is folded to one byte a code point (`plane`), walked once from left to right (`sweep`), and at every
//! number, `@` and cue word the families of rules are asked: `identifiers`, `money`, `dates`, `contact`, `places`,
//! `names`. Each file says where its rules come from. Helplines and short codes are kept: people need them.

pub mod addresses;
mod contact;
mod counts;
mod cue;
mod dates;
mod finding;
mod identifiers;
mod kind;
mod money;
mod name_shape;
mod names;
mod places;
mod plane;
mod scripts;
mod sweep;
#[cfg(test)]
mod tests;
mod tokens;

use serde::{Deserialize, Serialize};

pub use counts::Counts;
pub use kind::Kind;
pub(crate) use kind::PLACEHOLDERS;

use finding::Found;

/// One redacted piece; half-open, in code points of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

/// A text without personal details, and what was taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redacted {
    pub text: String,
    pub spans: Vec<Span>,
}

/// How often the result is looked at again. Once is nearly always enough: only what comes to stand side by side after a
/// first pass can be new.
const ROUNDS: usize = 6;

/// Takes personal details out of `text`.
pub fn redact(text: &str) -> Redacted {
    let mut cuts = cuts(text);
    if cuts.is_empty() {
        return Redacted {
            text: text.to_owned(),
            spans: Vec::new(),
        };
    }
    for _ in 0..ROUNDS {
        let (redacted, pieces) = apply(text, &cuts);
        let again = self::cuts(&redacted);
        if again.is_empty() {
            let spans = cuts.iter().map(Cut::span).collect();
            return Redacted {
                text: redacted,
                spans,
            };
        }
        cuts = merge(cuts, &again, &pieces);
    }
    // Nobody writes a text like this; better to show nothing of it than to show half of what it hides.
    let kind = cuts.first().map_or(Kind::Person, |cut| cut.kind);
    let spans = vec![Span {
        start: 0,
        end: text.chars().count(),
        kind,
    }];
    Redacted {
        text: kind.placeholder().to_owned(),
        spans,
    }
}

/// A piece to replace, in code points, and how many of its first code points stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cut {
    start: usize,
    end: usize,
    kind: Kind,
    keep: usize,
}

impl Cut {
    /// The cut in a text of which `positions` says where each code point is from.
    fn moved(&self, positions: &[usize]) -> Self {
        let end_of = |end: usize| positions[end - 1] + 1;
        let start = positions[self.start];
        Self {
            start,
            end: end_of(self.end),
            kind: self.kind,
            keep: match self.keep {
                0 => 0,
                keep => end_of(self.start + keep) - start,
            },
        }
    }

    fn span(&self) -> Span {
        Span {
            start: self.start,
            end: self.end,
            kind: self.kind,
        }
    }
}

/// What is to go, in order and apart. Characters that show nothing part words for one reader and not for another, so a
/// text that has some is looked at both with and without them.
fn cuts(text: &str) -> Vec<Cut> {
    let plane = plane::fold(text, PLACEHOLDERS);
    let cuts = cuts_in(&plane, text);
    if !plane.contains(&plane::HIDDEN) {
        return cuts;
    }
    let (shown, positions): (String, Vec<usize>) = text
        .chars()
        .enumerate()
        .zip(plane.iter())
        .filter(|(_, byte)| **byte != plane::HIDDEN)
        .map(|((at, c), _)| (c, at))
        .unzip();
    let of_shown = cuts_in(&plane::fold(&shown, PLACEHOLDERS), &shown);
    union(cuts, of_shown.iter().map(|cut| cut.moved(&positions)))
}

fn cuts_in(plane: &[u8], text: &str) -> Vec<Cut> {
    let found = sweep::find(plane, text);
    let keep = |found: &Found| match found.kind {
        Kind::Postcode => places::outward_len(&plane[found.start..found.end]),
        _ => 0,
    };
    found
        .iter()
        .map(|found| Cut {
            start: found.start,
            end: found.end,
            kind: found.kind,
            keep: keep(found),
        })
        .collect()
}

/// Both lists in order; cuts that touch each other become one.
fn union(mut cuts: Vec<Cut>, more: impl Iterator<Item = Cut>) -> Vec<Cut> {
    cuts.extend(more);
    cuts.sort_by_key(|cut| (cut.start, std::cmp::Reverse(cut.end)));
    let mut all: Vec<Cut> = Vec::with_capacity(cuts.len());
    for cut in cuts {
        match all.last_mut() {
            Some(last) if cut.start < last.end => {
                if cut.end > last.end {
                    last.end = cut.end;
                    last.keep = 0;
                }
            }
            _ => all.push(cut),
        }
    }
    all
}

/// Where a stretch of the result comes from: its length in code points, and the stretch of the input.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    length: usize,
    from: usize,
    to: usize,
    kept: bool,
}

/// Replaces every cut. Cuts are in order and apart.
fn apply(text: &str, cuts: &[Cut]) -> (String, Vec<Piece>) {
    let mut out = String::with_capacity(text.len());
    let mut pieces = Vec::with_capacity(cuts.len() * 2 + 1);
    let mut length = 0;
    let mut add =
        |out: &mut String, words: &str, count: usize, from: usize, to: usize, kept: bool| {
            out.push_str(words);
            pieces.push(Piece {
                start: length,
                length: count,
                from,
                to,
                kept,
            });
            length += count;
        };
    let mut offsets = text
        .char_indices()
        .map(|(byte, _)| byte)
        .chain([text.len()])
        .enumerate();
    // Byte offset of code point `at`; asked for in rising order only.
    let mut byte = {
        let mut last = (0, 0);
        move |at: usize| {
            while last.0 < at {
                match offsets.next() {
                    Some(next) => last = next,
                    None => break,
                }
            }
            last.1
        }
    };
    let mut before = (0, 0);
    for cut in cuts {
        let start = byte(cut.start);
        add(
            &mut out,
            &text[before.1..start],
            cut.start - before.0,
            before.0,
            cut.start,
            true,
        );
        if cut.keep > 0 {
            let kept = byte(cut.start + cut.keep);
            add(
                &mut out,
                &text[start..kept],
                cut.keep,
                cut.start,
                cut.end,
                false,
            );
        } else {
            let words = cut.kind.placeholder();
            add(&mut out, words, words.len(), cut.start, cut.end, false);
        }
        before = (cut.end, byte(cut.end));
    }
    let count = text[before.1..].chars().count();
    add(
        &mut out,
        &text[before.1..],
        count,
        before.0,
        before.0 + count,
        true,
    );
    (out, pieces)
}

/// Adds to `cuts` what a look at the result found; a cut that a new one touches becomes a part of it.
fn merge(cuts: Vec<Cut>, again: &[Cut], pieces: &[Piece]) -> Vec<Cut> {
    let piece = |at: usize| {
        pieces
            .iter()
            .rev()
            .find(|piece| piece.start <= at && piece.length > 0)
    };
    let mut all = cuts;
    for cut in again {
        let from = piece(cut.start).map_or(0, |piece| {
            if piece.kept {
                piece.from + cut.start - piece.start
            } else {
                piece.from
            }
        });
        let last = cut.end.saturating_sub(1);
        let to = piece(last).map_or(0, |piece| {
            if piece.kept {
                piece.from + last - piece.start + 1
            } else {
                piece.to
            }
        });
        all.retain(|old| old.end <= from || old.start >= to);
        // Of what was put together from pieces nothing is kept: its beginning may have been cut already.
        let whole = to - from == cut.end - cut.start;
        all.push(Cut {
            start: from,
            end: to,
            kind: cut.kind,
            keep: if whole { cut.keep } else { 0 },
        });
    }
    all.sort_by_key(|cut| cut.start);
    all
}
