//! One form for what is one text: Unicode's NFKC (UAX 15), and the few sequences that people type in two ways and that
//! NFKC leaves apart because they look alike without being equivalent.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// A text in one form, which still knows where it stood in the original.
#[derive(Debug, Clone)]
pub struct Normalised<'a> {
    text: Cow<'a, str>,
    /// Where both go on side by side again: byte offsets in the new text and in the original, ascending.
    anchors: Vec<(usize, usize)>,
}

impl Normalised<'_> {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The byte offset in the original; the beginning of what was changed, for an offset within it.
    pub fn start(&self, at: usize) -> usize {
        self.original(at, false)
    }

    /// The same for the end of a stretch: the end of what was changed.
    pub fn end(&self, at: usize) -> usize {
        self.original(at, true)
    }

    fn original(&self, at: usize, end: bool) -> usize {
        let next = self.anchors.partition_point(|(new, _)| *new <= at);
        let (new, old) = next
            .checked_sub(1)
            .map_or((0, 0), |before| self.anchors[before]);
        let ahead = self.anchors.get(next).map_or(usize::MAX, |(_, old)| *old);
        // Anchors come in pairs, before and behind what was changed.
        if at > new && next % 2 == 1 {
            return if end { ahead } else { old };
        }
        old + (at - new)
    }
}

/// Brings a text to one form. Nothing is copied where it is in that form already, as most text is.
pub fn normalise(text: &str) -> Normalised<'_> {
    let as_it_is = text.is_ascii()
        || (is_nfkc_quick(text.chars()) == IsNormalized::Yes && !text.chars().any(needs_look));
    if as_it_is {
        return Normalised {
            text: text.into(),
            anchors: Vec::new(),
        };
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut anchors = Vec::new();
    let mut from = 0;
    let mut changed = String::new();
    let mut push = |out: &mut String, from: usize, to: usize| {
        let cluster = &text[from..to];
        changed.clear();
        if matches!(cluster, "™" | "℠") {
            // Letters only to the eye: behind a name they are no part of it.
            changed.push_str(cluster);
        } else {
            changed.extend(cluster.nfkc());
        }
        respell(&mut changed);
        if changed == cluster {
            out.push_str(cluster);
            return;
        }
        anchors.push((out.len(), from));
        out.push_str(&changed);
        anchors.push((out.len(), to));
    };
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if at > from && !goes_with(before, c) {
            push(&mut out, from, at);
            from = at;
        }
        before = c;
    }
    push(&mut out, from, text.len());
    Normalised {
        text: out.into(),
        anchors,
    }
}

/// Whether normalising could join `c` with what stands before it.
fn goes_with(before: char, c: char) -> bool {
    is_combining_mark(c)
        || matches!(c,
            // Vowels and finals of Hangul, also half and compatibility forms; half-width sound marks; sara am.
            '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}' | '\u{3131}'..='\u{318e}' | '\u{ffa0}'..='\u{ffdc}'
            | '\u{ff9e}' | '\u{ff9f}' | '\u{0e33}' | '\u{0eb3}')
        || (before == 'เ' && c == 'เ')
        || (before == 'ເ' && c == 'ເ')
}

const fn needs_look(c: char) -> bool {
    matches!(c, 'เ' | 'ເ' | '\u{0e4d}' | '\u{0ecd}')
}

/// Thai and Lao: two signs of e for ae, and a tone mark typed behind the ring of am.
fn respell(cluster: &mut String) {
    for (typed, meant) in [("เเ", "แ"), ("ເເ", "ແ")] {
        if cluster.contains(typed) {
            *cluster = cluster.replace(typed, meant);
        }
    }
    let ring = |c| matches!(c, '\u{0e4d}' | '\u{0ecd}');
    let tone = |c| matches!(c, '\u{0e48}'..='\u{0e4b}' | '\u{0ec8}'..='\u{0ecb}');
    if cluster.chars().any(ring) {
        let mut chars: Vec<char> = cluster.chars().collect();
        for at in 1..chars.len() {
            if ring(chars[at - 1]) && tone(chars[at]) {
                chars.swap(at - 1, at);
            }
        }
        *cluster = chars.into_iter().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_what_was_written() {
        let text = "ﬁne ＡＢ한글 น้ำ ﾊﾟﾝ end";
        let form = normalise(text);
        for word in ["fine", "AB", "한글", "パン", "end"] {
            let at = form.as_str().find(word).unwrap();
            let back = &text[form.start(at)..form.end(at + word.len())];
            assert_eq!(normalise(back).as_str(), word);
        }
        assert_eq!(form.end(form.as_str().len()), text.len());
        assert!(matches!(normalise("plain café").text, Cow::Borrowed(_)));
    }
}
