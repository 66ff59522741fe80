//! Cutting a normalised text: into words, into single characters where a script has no spaces, and into emoji.
//!
//! A sign inside a word (`A&E`, `24/7`, `l'eau`) ends a segment, and the next one says that it is joined by a sign. Signs
//! without which a name is another one belong to it: `C++`, `C#`, `.NET` ([`bare`] is the name without them).

use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

use super::fold::is_invisible;

/// How a segment hangs together with the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// By nothing.
    None,
    /// Both are characters of a script without spaces, with nothing between.
    Adjacent,
    /// By one sign within a word.
    Sign,
    /// It is the `s` of `the patient's`.
    Possessive,
}

/// One word, one character (with its marks) of a script written without spaces, or one emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Byte offsets in the text.
    pub from: usize,
    pub to: usize,
    pub unspaced: bool,
    pub emoji: bool,
    pub joint: Joint,
}

/// Whether words of this character's script are not separated by spaces, or (Hangul) carry endings that hide them.
pub const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0e4e}' | '\u{0e80}'..='\u{0ece}' | '\u{0edc}'..='\u{0eff}'
        | '\u{0f40}'..='\u{0fbc}' | '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{108f}' | '\u{109a}'..='\u{109f}'
        | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17d3}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{3105}'..='\u{318e}' | '\u{31a0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}'
        | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

const NON_JOINER: char = '\u{200c}';

pub(super) const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '’'
            | '‘'
            | 'ʼ'
            | 'ʹ'
            | 'ʻ'
            | 'ʾ'
            | 'ʿ'
            | '′'
            | '`'
            | '´'
            | '＇'
            | 'ꞌ'
            | '‛'
            | '׳'
            | '\u{02c8}'
    )
}

/// A sign that holds the parts of one word together: hyphens, apostrophes, and what stands in `A&E`, `24/7`, `1,200`,
/// `col·legi`, an address, a Hebrew acronym, or between the parts of a Persian word.
pub const fn is_joining_sign(c: char) -> bool {
    is_apostrophe(c)
        || matches!(
            c,
            '-' | '‐'
                | '‑'
                | '‒'
                | '–'
                | '−'
                | '\u{2043}'
                | '־'
                | '&'
                | '/'
                | '⁄'
                | '\\'
                | '.'
                | ','
                | '_'
                | '·'
                | '•'
                | '‧'
                | '・'
                | '･'
                | '+'
                | '@'
                | ':'
                | '#'
                | '*'
                | '='
                | '~'
                | '^'
                | '%'
                | '|'
                | '״'
                | '٫'
                | '٬'
                | '\u{0f0b}'
        )
        || c == NON_JOINER
}

const fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' | '\u{08a0}'..='\u{08ff}')
}

const fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{05d0}'..='\u{05ea}')
}

/// Letters and digits, but for those that show nothing.
fn begins_word(c: char) -> bool {
    c.is_alphanumeric() && !is_invisible(c)
}

/// Emoji and other symbols that say something by themselves. Currency and arithmetic are signs, as are marks of trade and
/// what is blank.
fn is_emoji(c: char) -> bool {
    if c < '\u{a9}'
        || matches!(
            c,
            '\u{fffc}' | '\u{fffd}' | '\u{2800}' | '\u{2500}'..='\u{259f}' | '©' | '®' | '™' | '℠'
        )
    {
        return false;
    }
    c.general_category() == GeneralCategory::OtherSymbol || c.is_emoji_char()
}

const fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

const fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Longest name that a `#` behind it belongs to, as in `C#`; behind a longer one it is a reference.
const SHARP: usize = 3;

/// A word without the signs of its name; nothing where it has none.
pub fn bare(word: &str) -> Option<&str> {
    let bare = word.trim_start_matches('.').trim_end_matches(['+', '#']);
    (!bare.is_empty() && bare.len() < word.len()).then_some(bare)
}

/// All segments of a normalised text, in order.
pub const fn segments(text: &str) -> Segments<'_> {
    Segments {
        text,
        at: 0,
        before: None,
    }
}

#[derive(Debug, Clone)]
pub struct Segments<'a> {
    text: &'a str,
    at: usize,
    before: Option<Segment>,
}

impl Segments<'_> {
    fn char_at(&self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii() {
            Some(char::from(byte))
        } else {
            self.text[at..].chars().next()
        }
    }

    /// Whether a single sign stands between the last segment and `from`.
    fn is_joined(&self, before: Segment, from: usize) -> bool {
        let mut signs = self.text[before.to..from]
            .chars()
            .filter(|c| *c == NON_JOINER || !is_invisible(*c));
        let (Some(sign), None) = (signs.next(), signs.next()) else {
            return false;
        };
        is_joining_sign(sign)
            // The marks of a Hebrew acronym are quotation marks on most keyboards.
            || (sign == '"'
                && self.text[..before.to].chars().next_back().is_some_and(is_hebrew)
                && self.char_at(from).is_some_and(is_hebrew))
    }

    fn joint(&self, from: usize, to: usize, unspaced: bool) -> Joint {
        let Some(before) = self.before.filter(|before| !before.emoji) else {
            return Joint::None;
        };
        if before.to == from {
            return if before.unspaced && unspaced {
                Joint::Adjacent
            } else {
                Joint::None
            };
        }
        if unspaced || before.unspaced || from - before.to > 8 || !self.is_joined(before, from) {
            return Joint::None;
        }
        let word = &self.text[from..to];
        let sign = self.text[before.to..from]
            .chars()
            .find(|c| !is_invisible(*c));
        if matches!(word, "s" | "S")
            && sign.is_some_and(is_apostrophe)
            && before.joint != Joint::Possessive
            && self.text[before.from..before.to].starts_with(char::is_alphabetic)
        {
            return Joint::Possessive;
        }
        Joint::Sign
    }

    fn end_of_emoji(&self, first: char, mut at: usize) -> usize {
        if is_flag_letter(first) && self.char_at(at).is_some_and(is_flag_letter) {
            at += first.len_utf8();
        }
        while let Some(c) = self.char_at(at) {
            let next = at + c.len_utf8();
            if is_combining_mark(c)
                || is_skin_tone(c)
                || matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
            {
                at = next;
            } else if c == '\u{200d}' && self.char_at(next).is_some_and(is_emoji) {
                at = next + self.char_at(next).map_or(0, char::len_utf8);
            } else {
                break;
            }
        }
        at
    }

    /// Where a name ends that signs behind it belong to.
    fn end_of_name(&self, from: usize, to: usize) -> usize {
        let word = &self.text.as_bytes()[from..to];
        if !word.iter().all(u8::is_ascii_alphabetic) {
            return to;
        }
        let rest = &self.text[to..];
        let end = if rest.starts_with("++") {
            to + 2
        } else if rest.starts_with('#') && word.len() <= SHARP {
            to + 1
        } else {
            return to;
        };
        match self.char_at(end) {
            Some('+' | '#') => to,
            // `C++11` and `C#.`, but neither `x++y` nor `a#top`.
            Some(c) if c.is_alphabetic() || rest.starts_with('#') && c.is_alphanumeric() => to,
            _ => end,
        }
    }

    /// Where a name begins that a dot in front belongs to.
    fn beginning_of_name(&self, from: usize, to: usize) -> usize {
        let Some(before) = self.text[..from].strip_suffix('.') else {
            return from;
        };
        let stands_free = before
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '\'' | '“' | '‘'));
        let word = &self.text.as_bytes()[from..to];
        if stands_free && word.len() > 1 && word.iter().all(u8::is_ascii_alphabetic) {
            from - 1
        } else {
            from
        }
    }

    fn end_of_word(&self, mut before: char, mut at: usize, unspaced: bool) -> usize {
        while let Some(c) = self.char_at(at) {
            let belongs = if c.is_ascii() {
                !unspaced && c.is_ascii_alphanumeric()
            } else if c == NON_JOINER && is_arabic(before) {
                false
            } else if is_combining_mark(c) || is_invisible(c) {
                true
            } else {
                // Letters that stand for apostrophes are signs within a word.
                !unspaced && c.is_alphanumeric() && !is_unspaced(c) && !is_apostrophe(c)
            };
            if !belongs {
                break;
            }
            before = c;
            at += c.len_utf8();
        }
        at
    }
}

impl Iterator for Segments<'_> {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        let (first, emoji) = loop {
            let c = self.char_at(self.at)?;
            if begins_word(c) && !is_apostrophe(c) {
                break (c, false);
            }
            if !c.is_ascii() && is_emoji(c) {
                break (c, true);
            }
            self.at += c.len_utf8();
        };
        let mut from = self.at;
        let unspaced = !emoji && is_unspaced(first);
        let next = from + first.len_utf8();
        self.at = if emoji {
            self.end_of_emoji(first, next)
        } else {
            self.end_of_word(first, next, unspaced)
        };
        if first.is_ascii() && !emoji {
            let to = self.at;
            self.at = self.end_of_name(from, to);
            from = self.beginning_of_name(from, to);
        }
        let joint = if emoji {
            Joint::None
        } else {
            self.joint(from, self.at, unspaced)
        };
        let segment = Segment {
            from,
            to: self.at,
            unspaced,
            emoji,
            joint,
        };
        self.before = Some(segment);
        Some(segment)
    }
}

impl Segments<'_> {
    /// Whether another character of a script without spaces follows the last one directly.
    pub fn run_goes_on(&self) -> bool {
        self.char_at(self.at)
            .is_some_and(|c| is_unspaced(c) && begins_word(c))
    }

    /// The segments that signs join to the last one, which is `first`; they are taken.
    pub fn joined_to(&mut self, first: Segment) -> Vec<Segment> {
        let mut joined = Vec::new();
        while !first.unspaced && !first.emoji && self.may_be_joined() {
            let mut ahead = self.clone();
            match ahead.next() {
                Some(next) if matches!(next.joint, Joint::Sign | Joint::Possessive) => {
                    *self = ahead;
                    joined.push(next);
                }
                _ => break,
            }
        }
        joined
    }

    /// Whether the character that follows could join the next segment to the last one: a cheap look before a dear one.
    fn may_be_joined(&self) -> bool {
        let sign = self.char_at(self.at);
        sign.is_some_and(|sign| {
            (is_joining_sign(sign) || sign == '"' || is_invisible(sign))
                && self
                    .char_at(self.at + sign.len_utf8())
                    .is_some_and(|c| !c.is_whitespace())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(&str, Joint)> {
        segments(text)
            .map(|segment| (&text[segment.from..segment.to], segment.joint))
            .collect()
    }

    #[test]
    fn signs_inside_a_word_join_its_parts_and_others_do_not() {
        for word in [
            "A&E",
            "walk-in",
            "24/7",
            "covid-19",
            "1,200",
            "col·legi",
            "l’eau",
            "здоровʼя",
            "צה\"ל",
            "بیمارستان\u{200c}ها",
        ] {
            assert_eq!(cut(word).len(), 2, "{word}");
            assert_eq!(cut(word)[1].1, Joint::Sign, "{word}");
        }
        for apart in [
            "A & E",
            "end. Next",
            "one, two",
            "a (b)",
            "a—b",
            "say \"no\"",
            "a... b",
        ] {
            assert!(
                cut(apart).iter().all(|(_, joint)| *joint == Joint::None),
                "{apart}"
            );
        }
        assert_eq!(cut("the GP’s letter")[2], ("s", Joint::Possessive));
    }

    #[test]
    fn signs_belong_to_the_names_that_are_others_without_them() {
        for (text, name) in [
            ("in C++, I", "C++"),
            ("C++11 only", "C++"),
            ("(C#)", "C#"),
            ("the .NET way", ".NET"),
            (".NET", ".NET"),
        ] {
            assert!(cut(text).iter().any(|(word, _)| *word == name), "{text}");
        }
        for text in [
            "end.Next", "a+b", "x++y", "page#top", "#nhs", "65+", "...so", "1.NET", "LGBT+",
        ] {
            let plain = |word: &str| word.chars().all(char::is_alphanumeric);
            assert!(cut(text).iter().all(|(word, _)| plain(word)), "{text}");
        }
        assert_eq!(cut("C/C++")[1], ("C++", Joint::Sign));
        assert_eq!(bare("C++"), Some("C"));
        assert_eq!(bare(".NET"), Some("NET"));
        assert_eq!(bare("plain"), None);
    }

    #[test]
    fn emoji_are_words_with_all_that_belongs_to_them() {
        assert_eq!(
            cut("ok👍🏽👩‍⚕️🇬🇧 ❤️")
                .iter()
                .map(|(text, _)| *text)
                .collect::<Vec<_>>(),
            ["ok", "👍🏽", "👩‍⚕️", "🇬🇧", "❤️"]
        );
        assert!(cut("!!! ??? £ — \u{2800}\u{3164}\u{200b}").is_empty());
    }

    #[test]
    fn characters_without_spaces_stand_alone() {
        assert_eq!(cut("血液x").len(), 3);
        assert_eq!(cut("血液")[1].1, Joint::Adjacent);
    }
}
