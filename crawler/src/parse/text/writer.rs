//! Plain text as it grows: words, lines, paragraphs; what is never text is left out.

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
        let mut start = None;
        for (at, c) in text.char_indices() {
            let blank = c.is_whitespace();
            if !blank && !is_silent(c) {
                start.get_or_insert(at);
                continue;
            }
            if let Some(start) = start.take() {
                self.word(&text[start..at]);
            }
            self.space |= blank;
        }
        if let Some(start) = start {
            self.word(&text[start..]);
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
