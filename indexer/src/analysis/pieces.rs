//! Cutting text into words, and into single characters where a script has no spaces.

use unicode_normalization::char::is_combining_mark;

use super::fold::is_invisible;

/// One word, or one character (with its marks) of a script written without spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Byte offsets in the text.
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) unspaced: bool,
    /// An unspaced piece that follows another one directly.
    pub(crate) joined: bool,
}

/// Whether words of this character's script are not separated by spaces, or (Hangul) carry endings that hide them.
pub(crate) const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0e4e}' | '\u{0e80}'..='\u{0ece}' | '\u{0edc}'..='\u{0eff}'
        | '\u{0f40}'..='\u{0fbc}' | '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{109f}'
        | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17d3}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{3105}'..='\u{318e}' | '\u{31a0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}'
        | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

/// All pieces of a text, in order.
pub(crate) const fn pieces(text: &str) -> Pieces<'_> {
    Pieces {
        text,
        at: 0,
        run_end: usize::MAX,
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// Where the last unspaced piece ended.
    run_end: usize,
}

impl Pieces<'_> {
    fn char_at(&self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii() {
            Some(char::from(byte))
        } else {
            self.text[at..].chars().next()
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let first = loop {
            let c = self.char_at(self.at)?;
            if c.is_alphanumeric() {
                break c;
            }
            self.at += c.len_utf8();
        };
        let from = self.at;
        let unspaced = is_unspaced(first);
        self.at += first.len_utf8();
        while let Some(c) = self.char_at(self.at) {
            let belongs = if c.is_ascii() {
                !unspaced && c.is_ascii_alphanumeric()
            } else if is_combining_mark(c) || is_invisible(c) {
                true
            } else {
                !unspaced && c.is_alphanumeric() && !is_unspaced(c)
            };
            if !belongs {
                break;
            }
            self.at += c.len_utf8();
        }
        let joined = unspaced && self.run_end == from;
        if unspaced {
            self.run_end = self.at;
        }
        Some(Piece {
            from,
            to: self.at,
            unspaced,
            joined,
        })
    }
}

impl Pieces<'_> {
    /// Whether another unspaced piece follows the last one directly.
    pub(crate) fn run_goes_on(&self) -> bool {
        self.char_at(self.at)
            .is_some_and(|c| is_unspaced(c) && c.is_alphanumeric())
    }
}
