//! What a name looks like: words with capitals, initials, particles, and what merely looks like one.
//!
//! `first_names.txt` holds first names common in the United Kingdom (from the public lists of ONS, National Records of
//! Scotland and NISRA, and those of the larger communities), `not_names.txt` words that are often written with a capital
//! behind a cue without being a name. Both are in the plane's spelling: small letters without accents.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::plane::{HIDDEN, LETTER, ends_word, is_letter, is_upper};

static FIRST_NAMES: LazyLock<HashSet<&'static [u8]>> = LazyLock::new(|| {
    include_str!("first_names.txt")
        .split_whitespace()
        .map(str::as_bytes)
        .collect()
});
static NOT_NAMES: LazyLock<HashSet<&'static [u8]>> = LazyLock::new(|| {
    include_str!("not_names.txt")
        .split_whitespace()
        .map(str::as_bytes)
        .collect()
});

/// A run of words that can be a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) words: usize,
    /// The first word is a first name we know.
    pub(super) known: bool,
}

/// Small words inside names: "Maria de la Cruz", "Dafydd ap Gwilym".
const PARTICLES: &[&[u8]] = &[
    b"de", b"la", b"van", b"von", b"der", b"den", b"bin", b"binti", b"bint", b"ibn", b"al", b"el",
    b"ap", b"ab", b"ferch", b"da", b"dos", b"du", b"le", b"di",
];

/// Words that are also first names; the surest cues make them one.
const ALSO_NAMES: &[&[u8]] = &[
    b"april",
    b"may",
    b"june",
    b"august",
    b"christian",
    b"will",
    b"grant",
    b"joy",
    b"faith",
    b"king",
    b"mercy",
    b"pearl",
    b"summer",
    b"orange",
    b"prince",
];

/// One to four words with capitals from `at` on. `shout`: words in capitals throughout count as well.
pub(super) fn name_at(plane: &[u8], at: usize, shout: bool) -> Option<Name> {
    let mut name = Name {
        start: at,
        end: at,
        words: 0,
        known: false,
    };
    let mut position = at;
    while name.words < 4 {
        let Some((mut end, letters)) = word_at(plane, position) else {
            break;
        };
        let word = &plane[position..end];
        if PARTICLES.contains(&word) && name.words > 0 {
            let next = end + 1;
            if plane.get(end) == Some(&b' ') && plane.get(next).is_some_and(|byte| is_upper(*byte))
            {
                position = next;
                continue;
            }
            break;
        }
        let lower = word.to_ascii_lowercase();
        let bare = lower.strip_suffix(b"'s").unwrap_or(&lower);
        let known = FIRST_NAMES.contains(bare);
        let capitals = letters > 1
            && word
                .iter()
                .all(|byte| !byte.is_ascii_lowercase() && *byte != LETTER);
        let initial = letters == 1 && word.len() == 1;
        let both = shout && name.words == 0 && ALSO_NAMES.contains(&bare);
        let full_stop = plane.get(end) == Some(&b'.');
        // "J. Bloggs", and "J Bloggs" where something like a surname follows.
        let lone = initial && !full_stop && (name.words == 0 || word == b"I");
        let opens = lone && word != b"I" && word != b"A" && surname_follows(plane, end);
        let looks = is_upper(word[0])
            && (!capitals || known || shout)
            && (both || (initial && full_stop) || !is_not_name(&lower, known && name.words == 0));
        if !looks || (lone && !opens) {
            break;
        }
        if name.words == 0 {
            name.known = known;
        }
        if initial && full_stop {
            end += 1;
        }
        name.words += 1;
        name.end = end;
        let spaces = usize::from(plane.get(end) == Some(&b' '));
        if spaces == 0 || lower.len() != bare.len() {
            break;
        }
        position = end + spaces;
    }
    if name.words == 0 {
        return None;
    }
    if plane[name.start..name.end].ends_with(b"'s") {
        name.end -= 2;
    }
    (name.end - name.start >= 2).then_some(name)
}

fn surname_follows(plane: &[u8], at: usize) -> bool {
    plane.get(at) == Some(&b' ')
        && word_at(plane, at + 1).is_some_and(|(end, letters)| {
            let word = &plane[at + 1..end];
            letters > 2
                && is_upper(word[0])
                && !is_upper(word[1])
                && !is_not_name(&word.to_ascii_lowercase(), false)
        })
}

/// The end of the word at `at` (letters, with hyphens and apostrophes inside), and how many letters it has.
fn word_at(plane: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut end = at;
    let mut letters = 0;
    while end - at < 40 {
        match plane.get(end) {
            Some(byte) if is_letter(*byte) => letters += 1,
            Some(&HIDDEN) if end > at => {}
            Some(b'\'' | b'-')
                if end > at && plane.get(end + 1).is_some_and(|next| is_letter(*next)) => {}
            _ => break,
        }
        end += 1;
    }
    // A word with digits or an underline in it is something else.
    (letters > 0 && ends_word(plane, end)).then_some((end, letters))
}

fn is_not_name(lower: &[u8], known: bool) -> bool {
    if NOT_NAMES.contains(lower) {
        return true;
    }
    let ending = [&b"ly"[..], b"ing", b"ful", b"less", b"ous", b"able"]
        .iter()
        .any(|ending| lower.len() > 5 && lower.ends_with(ending));
    ending && !known
}

/// A name in small letters: a first name we know, or, if `open`, any word that is closed by a mark or "and".
pub(super) fn small_name(plane: &[u8], at: usize, open: bool) -> Option<Name> {
    let (end, letters) = word_at(plane, at)?;
    let lower = plane[at..end].to_ascii_lowercase();
    let known = FIRST_NAMES.contains(lower.as_slice());
    if is_not_name(&lower, known) || letters < 2 {
        return None;
    }
    let rest = &plane[end..];
    let closed = rest.is_empty()
        || matches!(rest[0], b',' | b'.' | b'!' | b'\n' | b';' | b')')
        || [&b" and "[..], b" from ", b" i "]
            .iter()
            .any(|next| rest.len() >= next.len() && rest[..next.len()].eq_ignore_ascii_case(next));
    let fits = known || (open && closed && letters > 2);
    if !fits {
        return None;
    }
    // A second word in small letters counts only if it closes the phrase.
    let mut name = Name {
        start: at,
        end,
        words: 1,
        known,
    };
    if known
        && plane.get(end) == Some(&b' ')
        && let Some((second, letters)) = word_at(plane, end + 1)
        && letters > 2
        && !is_not_name(&plane[end + 1..second].to_ascii_lowercase(), false)
        && plane
            .get(second)
            .is_none_or(|byte| matches!(*byte, b',' | b'.' | b'!' | b'\n'))
    {
        name.end = second;
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_lists_do_not_contradict_each_other() {
        let both: Vec<_> = FIRST_NAMES
            .intersection(&NOT_NAMES)
            .map(|word| String::from_utf8_lossy(word))
            .collect();
        assert!(both.is_empty(), "{both:?}");
    }
}
