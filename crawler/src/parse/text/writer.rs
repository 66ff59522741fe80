//! Plain text as it grows: words, lines, paragraphs; what is never text is left out.

use discover_model::post::MAX_TEXT_BYTES;

use crate::prepare::entities::{Out, decode_html_to};
use crate::prepare::markup::{Piece, Pieces};

/// What an element does to the lines around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Boundary {
    None,
    /// A gap between words: table cells.
    Gap,
    /// A line of its own.
    Line,
    /// `br`: one line break each.
    Break,
    /// A list item: a line of its own, marked.
    Item,
    /// Blank lines around it.
    Paragraph,
}

pub(super) fn boundary(name: &str) -> Boundary {
    let mut lower = [0; 12];
    let Some(lower) = lower.get_mut(..name.len()) else {
        return Boundary::None;
    };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"ul" | b"ol" | b"dl"
        | b"blockquote" | b"pre" | b"table" | b"hr" | b"article" | b"section" | b"figure"
        | b"form" | b"fieldset" | b"details" => Boundary::Paragraph,
        b"br" => Boundary::Break,
        b"li" => Boundary::Item,
        b"td" | b"th" | b"option" | b"img" => Boundary::Gap,
        b"div" | b"tr" | b"dt" | b"dd" | b"body" | b"html" | b"head" | b"header" | b"footer"
        | b"main" | b"nav" | b"aside" | b"address" | b"center" | b"caption" | b"thead"
        | b"tbody" | b"tfoot" | b"figcaption" | b"summary" | b"legend" | b"title" | b"iframe"
        | b"video" | b"audio" | b"object" => Boundary::Line,
        _ => Boundary::None,
    }
}

/// Decoded pieces flow on: a reference in the middle of a word does not part it.
impl Out for Writer {
    fn text(&mut self, text: &str) {
        self.flow(text);
    }
    fn char(&mut self, c: char) {
        self.flow(c.encode_utf8(&mut [0; 4]));
    }
}

/// Text as it grows: words with single blanks, lines, paragraphs.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) out: String,
    /// Line breaks due before the next word, two at most.
    breaks: u8,
    space: bool,
    item: bool,
}

impl Writer {
    /// With room for so many bytes, as far as a text may be long.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes.min(MAX_TEXT_BYTES)),
            ..Self::default()
        }
    }

    pub(super) fn boundary(&mut self, boundary: Boundary, start: bool) {
        match boundary {
            Boundary::None => {}
            Boundary::Gap => self.space = true,
            Boundary::Line => self.breaks = self.breaks.max(1),
            Boundary::Break => self.breaks = (self.breaks + u8::from(start)).min(2),
            Boundary::Item => {
                self.breaks = self.breaks.max(1);
                self.item = start;
            }
            Boundary::Paragraph => self.breaks = 2,
        }
    }

    /// What stands in the last line so far.
    pub(super) fn last_line(&self) -> &str {
        self.out.rsplit('\n').next().unwrap_or_default()
    }

    pub(super) fn drop_last_line(&mut self) {
        let end = self.out.rfind('\n').unwrap_or(0);
        self.out.truncate(end);
        let trimmed = self.out.trim_end().len();
        self.out.truncate(trimmed);
        self.breaks = 2;
    }

    fn word(&mut self, word: &str) {
        if self.out.is_empty() {
            // Nothing stands before the first word.
        } else if self.breaks > 0 {
            self.out
                .push_str(if self.breaks == 1 { "\n" } else { "\n\n" });
        } else if self.space {
            self.out.push(' ');
        }
        if self.item {
            self.out.push_str("- ");
        }
        self.item = false;
        self.breaks = 0;
        self.space = false;
        self.out.push_str(word);
    }

    /// Running text: white space folds.
    pub(super) fn flow(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let run = run(bytes, at);
            if run > at {
                self.word(&text[at..run]);
                at = run;
                continue;
            }
            // What ends a run begins a character, so this is always some.
            let Some(c) = text[at..].chars().next() else {
                return;
            };
            if c.is_whitespace() {
                self.space = true;
            } else if !is_silent(c) {
                self.word(&text[at..at + c.len_utf8()]);
            }
            at += c.len_utf8();
        }
    }

    /// Text whose lines count.
    pub(super) fn lines(&mut self, text: &str) {
        let mut first = true;
        for line in text.split(['\n', '\u{2028}', '\u{2029}']) {
            if !first {
                self.breaks = (self.breaks + 1).min(2);
            }
            first = false;
            self.flow(line);
        }
    }
}

/// What a byte may be the beginning of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    /// A part of a word, whatever follows.
    Word,
    Blank,
    /// A character that has to be looked at: a control, or one of a block in which blanks or silent ones stand.
    Other,
}

const BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Word; 256];
    let mut at = 0;
    while at < 256 {
        if at < 0x20
            || at == 0x7f
            // The blocks of U+0080, U+1680, U+2000, U+3000, U+FEFF and U+E0000.
            || matches!(at, 0xc2 | 0xe1 | 0xe2 | 0xe3 | 0xef | 0xf3)
        {
            bytes[at] = Byte::Other;
        }
        at += 1;
    }
    bytes[b' ' as usize] = Byte::Blank;
    bytes
};

/// Where the words that begin at `from` end: single blanks between them are as they will stand, so a whole run is
/// taken over at once.
fn run(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&b) = bytes.get(at) {
        match BYTES[usize::from(b)] {
            Byte::Word => at += 1,
            Byte::Blank
                if at > from
                    && bytes
                        .get(at + 1)
                        .is_some_and(|next| BYTES[usize::from(*next)] == Byte::Word) =>
            {
                at += 2;
            }
            _ => break,
        }
    }
    at
}

/// Characters that are never text: controls, bidirectional overrides and isolates, soft hyphens, byte order marks,
/// invisible tags. Marks and joiners that scripts need stay.
fn is_silent(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(
        c,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{206a}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// The words of a piece of markup, all of them.
pub(super) fn html_to_words(html: &str) -> String {
    let mut writer = Writer::default();
    for piece in Pieces::new(html) {
        match piece {
            Piece::Text(text) => decode_html_to(text, &mut writer),
            Piece::Start(tag) => writer.boundary(boundary(tag.name), true),
            Piece::End(name, _) => writer.boundary(boundary(name), false),
            Piece::Silent(_) => {}
        }
    }
    writer.out
}
