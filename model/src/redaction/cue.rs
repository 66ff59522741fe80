//! Cue words: what stands around a candidate and says what it is. Lists of words are written with `|` between them.

use super::plane::is_word;

/// Words that may stand between a cue and what it announces.
const FILLING: &[&[u8]] = &[
    b"is", b"was", b"are", b"no", b"number", b"nr", b"num", b"code", b"on", b"in", b"of", b"the",
    b"my", b"and", b"yw", b"to", b"id",
];

/// A list of words (lower case), with the letters that some word begins with: most texts are told apart by these.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    list: &'static [&'static [u8]],
    firsts: u32,
}

/// Makes [`Words`] of a text in which `|` parts them, while compiling.
macro_rules! words {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const COUNT: usize = $crate::redaction::cue::count(TEXT);
        const LIST: [&[u8]; COUNT] = $crate::redaction::cue::split::<COUNT>(TEXT);
        const WORDS: $crate::redaction::cue::Words = $crate::redaction::cue::Words::new(&LIST);
        WORDS
    }};
}
pub(super) use words;

pub(super) const fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut count) = (0, 1);
    while at < bytes.len() {
        if bytes[at] == b'|' {
            count += 1;
        }
        at += 1;
    }
    count
}

pub(super) const fn split<const COUNT: usize>(text: &'static str) -> [&'static [u8]; COUNT] {
    let mut list: [&[u8]; COUNT] = [b""; COUNT];
    let mut rest = text.as_bytes();
    let (mut at, mut word) = (0, 0);
    while at < rest.len() {
        if rest[at] == b'|' {
            let (before, behind) = rest.split_at(at);
            list[word] = before;
            rest = behind.split_at(1).1;
            word += 1;
            at = 0;
        } else {
            at += 1;
        }
    }
    list[word] = rest;
    list
}

/// The same bit for a letter in capitals and in small.
const fn letter(byte: u8) -> u32 {
    1 << (byte & 31)
}

impl Words {
    pub(super) const fn new(list: &'static [&'static [u8]]) -> Self {
        let (mut firsts, mut at) = (0, 0);
        while at < list.len() {
            firsts |= letter(list[at][0]);
            at += 1;
        }
        Self { list, firsts }
    }

    /// The words that begin with one of `letters`.
    fn beginning(self, letters: u32) -> impl Iterator<Item = &'static [u8]> {
        let list = if self.firsts & letters == 0 {
            &[]
        } else {
            self.list
        };
        list.iter()
            .copied()
            .filter(move |word| letter(word[0]) & letters != 0)
    }
}

/// The letters that the words in `window` begin with; the beginning of the window counts as one of a word.
fn beginnings(window: &[u8]) -> u32 {
    let mut letters = 0;
    let mut inside = false;
    for byte in window {
        if !inside {
            letters |= letter(*byte);
        }
        inside = is_word(*byte);
    }
    letters
}

/// Whether one of `words` stands in `window` as a whole word; a plural or possessive s is let pass.
pub(super) fn within(window: &[u8], words: Words) -> bool {
    words
        .beginning(beginnings(window))
        .any(|word| find(window, word).is_some())
}

/// Behind the first place where `word` stands in `window` as a whole word.
fn find(window: &[u8], word: &[u8]) -> Option<usize> {
    let last = window.len().checked_sub(word.len())?;
    let mut inside = false;
    for at in 0..=last {
        let begins = !inside;
        inside = is_word(window[at]);
        if !begins || !window[at].eq_ignore_ascii_case(&word[0]) {
            continue;
        }
        let mut end = at + word.len();
        if !window[at..end].eq_ignore_ascii_case(word) {
            continue;
        }
        if window
            .get(end)
            .is_some_and(|byte| byte.eq_ignore_ascii_case(&b's'))
        {
            end += 1;
        }
        if window
            .get(end)
            .is_none_or(|byte| !is_word(*byte) || byte.is_ascii_digit())
        {
            return Some(at + word.len());
        }
    }
    None
}

/// Whether `word` is one of `list`, capitals or not.
pub(super) fn is_one_of(word: &[u8], list: Words) -> bool {
    word.first().is_some_and(|first| {
        list.beginning(letter(*first))
            .any(|known| known.eq_ignore_ascii_case(word))
    })
}

/// Whether `window` ends with one of `words`, but for marks and filling words.
pub(super) fn ends_with(window: &[u8], words: Words) -> bool {
    words.beginning(beginnings(window)).any(|word| {
        let mut rest = window;
        let mut last = None;
        while let Some(end) = find(rest, word) {
            last = Some(last.unwrap_or(0) + end);
            rest = &rest[end..];
        }
        last.is_some_and(|end| only_filling(&window[end..]))
    })
}

/// Whether `text` holds nothing but marks and filling words.
pub(super) fn only_filling(text: &[u8]) -> bool {
    text.split(|byte| !is_word(*byte))
        .filter(|word| !word.is_empty())
        .all(|word| {
            FILLING
                .iter()
                .any(|filling| word.eq_ignore_ascii_case(filling))
        })
}
