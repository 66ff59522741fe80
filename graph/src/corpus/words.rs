//! From text to words: splitting, folding and light stemming, the same for every output of the graph.
//!
//! Addresses, mentions and redaction placeholders are no words: they say where, who, or that something was taken out.

use discover_model::Language;
use discover_model::text::{self as pipeline, FunctionWords, normalise};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Longest word in bytes of its folded form; longer ones are keys and hashes.
const MAX_WORD: usize = 40;

/// Changes between letters and figures from which a word is a code.
const CODE: usize = 4;

/// A word as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    /// Byte offset in the text given to [`words`].
    pub(crate) start: usize,
}

/// Calls `each` for every word in order until it returns false.
pub(crate) fn words<'a>(text: &'a str, mut each: impl FnMut(Word<'a>) -> bool) {
    for chunk in text.split_whitespace() {
        let at = chunk.as_ptr() as usize - text.as_ptr() as usize;
        if skipped(chunk) {
            continue;
        }
        if chunk.is_ascii() {
            if !ascii_words(chunk, at, &mut each) {
                return;
            }
        } else {
            for (offset, word) in chunk.unicode_word_indices() {
                let word = Word {
                    text: word,
                    start: at + offset,
                };
                if !each(word) {
                    return;
                }
            }
        }
    }
}

/// Addresses, mentions and e-mail addresses.
pub(crate) fn skipped(chunk: &str) -> bool {
    let bare = chunk.trim_start_matches(['(', '<', '"', '\'', '“', '[']);
    bare.starts_with('@') || bare.contains("://") || bare.starts_with("www.") || {
        let at = bare.find('@');
        at.is_some_and(|at| at > 0 && bare[at..].contains('.'))
    }
}

fn ascii_words<'a>(chunk: &'a str, at: usize, each: &mut impl FnMut(Word<'a>) -> bool) -> bool {
    let bytes = chunk.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        if !bytes[index].is_ascii_alphanumeric() {
            index += 1;
            continue;
        }
        let start = index;
        while index < bytes.len()
            && (bytes[index].is_ascii_alphanumeric()
                || (bytes[index] == b'_'
                    && bytes.get(index + 1).is_some_and(u8::is_ascii_alphanumeric))
                || (bytes[index] == b'\''
                    && bytes.get(index + 1).is_some_and(u8::is_ascii_alphabetic)))
        {
            index += 1;
        }
        let word = Word {
            text: &chunk[start..index],
            start: at + start,
        };
        if !each(word) {
            return false;
        }
    }
    true
}

/// Blanks what redaction left behind (`[e-mail]`, `[phone number]`) so that offsets stay.
pub(crate) fn without_placeholders(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('[') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        out.push_str(&rest[..open]);
        let tail = &rest[open..];
        let close = tail
            .char_indices()
            .take(33)
            .find(|(_, c)| *c == ']')
            .map(|(at, _)| at);
        match close {
            Some(close)
                if tail[1..close]
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '_' | '\'')) =>
            {
                // A full stop, so that no phrase spans the gap.
                out.push('.');
                for _ in 0..close {
                    out.push(' ');
                }
                rest = &tail[close + 1..];
            }
            _ => {
                out.push('[');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out.into()
}

/// Lower case, marks stripped, possessive dropped, plural folded. Empty where the word says nothing.
pub(crate) fn fold(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.extend(
            word.bytes()
                .filter(|byte| *byte != b'\'')
                .map(|byte| byte.to_ascii_lowercase() as char),
        );
        if word.len() > 3 && word.as_bytes()[word.len() - 2] == b'\'' && out.ends_with('s') {
            out.pop();
        }
    } else {
        let word = word.strip_suffix("’s").unwrap_or(word);
        out.extend(
            word.nfkd()
                .filter(|c| !is_latin_mark(*c) && !matches!(c, '’' | '\''))
                .flat_map(char::to_lowercase),
        );
    }
    stem(out);
}

/// Marks that only accent a letter; the vowel signs of Indic and Arabic scripts are letters for us.
fn is_latin_mark(c: char) -> bool {
    is_combining_mark(c)
        && matches!(c, '\u{0300}'..='\u{036f}' | '\u{064b}'..='\u{065f}' | '\u{0591}'..='\u{05c7}')
}

/// Folds plurals; stronger stemming is left to the search index, which knows the language.
fn stem(word: &mut String) {
    let bytes = word.as_bytes();
    let n = bytes.len();
    if n < 4 || bytes[n - 1] != b's' || !bytes[n - 2].is_ascii_alphabetic() {
        return;
    }
    match bytes[n - 2] {
        b's' | b'u' | b'i' => {}
        b'e' if n > 4 && bytes[n - 3] == b'i' => {
            word.truncate(n - 3);
            word.push('y');
        }
        b'e' if n > 4
            && (matches!(bytes[n - 3], b'x' | b's' | b'z')
                || (bytes[n - 3] == b'h' && matches!(bytes[n - 4], b's' | b'c'))) =>
        {
            word.truncate(n - 2);
        }
        _ => word.truncate(n - 1),
    }
}

/// Written without spaces between words: pairs of signs stand for words.
pub(crate) fn unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Calls `each` with every folded term of the text, function words left out, until it returns false.
/// Compounds such as `DrawDebugGeometry` also give their parts. `each` gets the folded term and the word as written.
pub(crate) fn terms(
    text: &str,
    language: Option<Language>,
    mut each: impl FnMut(&str, &str) -> bool,
) {
    let text = without_placeholders(text);
    let function_words = FunctionWords::of(language);
    let mut folded = String::new();
    let mut pair = String::new();
    let mut last: Option<(usize, char)> = None;
    words(&text, |word| {
        let first = word.text.chars().next().unwrap_or(' ');
        if unspaced(first) {
            for (offset, c) in word.text.char_indices() {
                let at = word.start + offset;
                if let Some((end, before)) = last
                    && end == at
                {
                    pair.clear();
                    pair.push(before);
                    pair.push(c);
                    if !each(&pair, &pair) {
                        return false;
                    }
                }
                last = Some((at + c.len_utf8(), c));
            }
            return true;
        }
        last = None;
        fold(word.text, &mut folded);
        if significant(&folded, function_words) && !each(&folded, word.text) {
            return false;
        }
        parts(word.text, |part| {
            fold(part, &mut folded);
            !significant(&folded, function_words) || each(&folded, part)
        })
    });
}

/// Whether a folded word can say what a text is about. Beyond ASCII the lists hold letters as the text pipeline writes them.
pub(crate) fn significant(folded: &str, function_words: &FunctionWords) -> bool {
    folded.len() <= MAX_WORD
        && folded.chars().nth(1).is_some()
        && !function_words.contains(folded)
        && (folded.is_ascii()
            || !function_words.contains(&pipeline::folded(normalise(folded).as_str())))
}

/// Whether a folded word can bind conversations into a topic: numbers, dates in figures and codes do not.
pub(crate) fn binds(folded: &str) -> bool {
    let digit = |c: char| c.is_numeric();
    let mut turns = 0;
    let mut letters = 0;
    let mut last = None;
    for c in folded.chars() {
        letters += usize::from(c.is_alphabetic());
        turns += usize::from(last.is_some_and(|last| last != digit(c)));
        last = Some(digit(c));
    }
    let hexadecimal = || folded.len() >= 8 && folded.bytes().all(|byte| byte.is_ascii_hexdigit());
    letters > 0 && turns < CODE && !(turns > 0 && hexadecimal())
}

/// The parts of a compound in camel case, of three letters or more; nothing for other words.
fn parts(word: &str, mut each: impl FnMut(&str) -> bool) -> bool {
    let bytes = word.as_bytes();
    if !word.is_ascii()
        || !bytes
            .windows(2)
            .any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase())
    {
        return true;
    }
    let mut start = 0;
    for at in 1..=bytes.len() {
        let ends = at == bytes.len()
            || (bytes[at].is_ascii_uppercase()
                && (bytes[at - 1].is_ascii_lowercase()
                    || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase)));
        if ends {
            if at - start >= 3 && !each(&word[start..at]) {
                return false;
            }
            start = at;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        terms(text, None, |term, _| {
            out.push(term.to_owned());
            true
        });
        out
    }

    #[test]
    fn addresses_mentions_and_placeholders_are_no_terms() {
        assert_eq!(
            all(
                "Write to [e-mail] or [phone number], see https://a.example/blood @someone about Walk-in Clinics' tests"
            ),
            ["write", "see", "walk", "clinic", "test"]
        );
    }

    #[test]
    fn terms_are_folded_alike() {
        assert_eq!(all("Café CAFÉS café’s cafe's"), ["cafe"; 4]);
        assert_eq!(
            all("policies boxes status glass"),
            ["policy", "box", "status", "glass"]
        );
        assert_eq!(
            all("DrawDebugGeometry"),
            ["drawdebuggeometry", "draw", "debug", "geometry"]
        );
    }

    #[test]
    fn function_words_of_any_script_say_nothing() {
        for (language, text) in [("ur", "کے نہیں میں"), ("bn", "নিয়ে হয়ে"), ("ar", "في على")]
        {
            let mut left = Vec::new();
            terms(text, Language::from_tag(language), |term, _| {
                left.push(term.to_owned());
                true
            });
            assert!(left.is_empty(), "{language}: {left:?}");
        }
    }

    #[test]
    fn numbers_and_codes_are_terms_that_bind_nothing() {
        assert_eq!(
            all("room 12 use_after_free"),
            ["room", "12", "use_after_free"]
        );
        let bound: Vec<&str> = [
            "2026",
            "1st",
            "b12",
            "h5n1",
            "covid19",
            "x86_64",
            "9f86d081",
            "ab1c2d3e4",
        ]
        .into_iter()
        .filter(|word| binds(word))
        .collect();
        assert_eq!(bound, ["1st", "b12", "h5n1", "covid19", "x86_64"]);
    }

    #[test]
    fn text_without_spaces_gives_pairs_of_signs() {
        assert_eq!(all("血液検査"), ["血液", "液検", "検査"]);
        assert_eq!(all("فحص الدم").len(), 2);
        assert!(all("… — !!! 1").is_empty());
    }
}
