//! Cue words: what stands around a candidate and says what it is. Lists of words are parted by `|`.

use super::plane::is_word;

/// Words that may stand between a cue and what it announces.
const FILLING: &[&[u8]] = &[
    b"is", b"was", b"are", b"no", b"number", b"nr", b"num", b"code", b"on", b"in", b"of", b"the",
    b"my", b"and", b"yw", b"to", b"id",
];

/// Whether one of `words` (lower case) stands in `window` as a whole word; a plural or possessive s is let pass.
pub(super) fn within(window: &[u8], words: &str) -> bool {
    parts(words).any(|word| find(window, word).is_some())
}

fn parts(list: &str) -> impl Iterator<Item = &[u8]> {
    list.as_bytes().split(|byte| *byte == b'|')
}

fn find(window: &[u8], word: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = position(window.get(from..)?, word) {
        let (start, mut end) = (from + at, from + at + word.len());
        if window
            .get(end)
            .is_some_and(|byte| byte.eq_ignore_ascii_case(&b's'))
        {
            end += 1;
        }
        let begins = start == 0 || !is_word(window[start - 1]);
        if begins
            && window
                .get(end)
                .is_none_or(|byte| !is_word(*byte) || byte.is_ascii_digit())
        {
            return Some(from + at + word.len());
        }
        from = start + 1;
    }
    None
}

fn position(window: &[u8], word: &[u8]) -> Option<usize> {
    let (first, rest) = word.split_first()?;
    let last = window.len().checked_sub(word.len())?;
    (0..=last).find(|at| {
        window[*at].eq_ignore_ascii_case(first)
            && window[at + 1..at + word.len()].eq_ignore_ascii_case(rest)
    })
}

/// Whether `word` is one of `list`, capitals or not.
pub(super) fn is_one_of(word: &[u8], list: &str) -> bool {
    parts(list).any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether `window` ends with one of `words`, but for marks and filling words.
pub(super) fn ends_with(window: &[u8], words: &str) -> bool {
    parts(words).any(|word| {
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
