//! Markup to plain text: what a reader would see, with paragraphs as blank lines.
//!
//! One pass over the pieces of the markup, no tree and no recursion: a page of a million nested tags costs as much
//! as a page of a million tags side by side. Control characters and bidirectional overrides never come through.

use url::Url;

use crate::prepare::entities::decode_html;
use crate::prepare::markup::{Piece, Pieces};
use crate::prepare::scan::Tag;

/// Most markup read of one text, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Most links kept of one text.
pub const MAX_LINKS: usize = 50;

/// What a text says, and where it links to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlainText {
    pub text: String,
    /// http(s) links in order, each once.
    pub links: Vec<Url>,
}

/// HTML or XHTML to plain text.
pub fn html_to_text(html: &str, base: &Url) -> PlainText {
    let html = prefix(html, MAX_BYTES);
    let mut writer = Writer::default();
    let mut links = Links::default();
    let mut pieces = Pieces::new(html);
    let mut preformatted = 0_u32;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => {
                let text = decode_html(text);
                if preformatted > 0 {
                    writer.lines(&text);
                } else {
                    writer.flow(&text);
                }
            }
            Piece::Start(tag) => {
                if let Some(link) = target(&tag) {
                    links.add(link, base);
                }
                if tag.name.eq_ignore_ascii_case("pre") {
                    preformatted = preformatted.saturating_add(u32::from(!tag.empty));
                }
                writer.boundary(boundary(tag.name), true);
                if !tag.empty {
                    pieces.skip_opaque(tag.name);
                }
            }
            Piece::End(name, _) => {
                if name.eq_ignore_ascii_case("pre") {
                    preformatted = preformatted.saturating_sub(1);
                }
                writer.boundary(boundary(name), false);
            }
            Piece::Silent(_) => {}
        }
    }
    links.bare(&writer.out);
    PlainText {
        text: writer.out,
        links: links.found,
    }
}

/// Text without markup: lines and paragraphs are kept as they are.
pub fn plain(text: &str, base: &Url) -> PlainText {
    let _ = base;
    let mut writer = Writer::default();
    writer.lines(prefix(text, MAX_BYTES));
    let mut links = Links::default();
    links.bare(&writer.out);
    PlainText {
        text: writer.out,
        links: links.found,
    }
}

/// A title on one line. Tags go only where they plainly are tags: `Vec<T>` and `a < b` stay.
pub fn title(text: &str, markup: bool) -> String {
    let mut writer = Writer::default();
    if markup || text.contains('&') {
        let once = if text.contains('<') {
            without_inline_tags(text)
        } else {
            text.to_owned()
        };
        writer.flow(&decode_html(&once));
    } else {
        writer.flow(text);
    }
    writer.out
}

/// Whether a text that claims to be plain is HTML all the same.
pub fn looks_like_html(text: &str) -> bool {
    text.contains('<')
        && Pieces::new(prefix(text, 64 * 1024)).any(|piece| match piece {
            Piece::End(name, _) => is_known(name),
            Piece::Start(tag) => ["br", "p", "img", "hr"]
                .iter()
                .any(|name| tag.name.eq_ignore_ascii_case(name)),
            _ => false,
        })
}

fn without_inline_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = Pieces::new(text);
    loop {
        let start = pieces.position();
        let Some(piece) = pieces.next() else { break };
        let (name, gap) = match piece {
            Piece::Start(tag) => (tag.name, boundary(tag.name) != Boundary::None),
            Piece::End(name, _) => (name, boundary(name) != Boundary::None),
            Piece::Text(_) | Piece::Silent(_) => ("", false),
        };
        if is_known(name) {
            if gap {
                out.push(' ');
            }
        } else {
            out.push_str(&text[start..pieces.position()]);
        }
    }
    out
}

/// Elements of HTML that people write in texts.
fn is_known(name: &str) -> bool {
    const KNOWN: [&str; 52] = [
        "a",
        "abbr",
        "acronym",
        "article",
        "b",
        "big",
        "blockquote",
        "br",
        "center",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "iframe",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "td",
        "tr",
        "tt",
        "u",
        "ul",
    ];
    KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What an element does to the lines around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Boundary {
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

fn boundary(name: &str) -> Boundary {
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
struct Writer {
    out: String,
    /// Line breaks due before the next word, two at most.
    breaks: u8,
    space: bool,
    item: bool,
}

impl Writer {
    fn boundary(&mut self, boundary: Boundary, start: bool) {
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
    fn flow(&mut self, text: &str) {
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
    fn lines(&mut self, text: &str) {
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

fn target<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
    match tag.name.len() {
        1 if is("a") => tag.attribute("href"),
        4 if is("area") => tag.attribute("href"),
        6 if is("iframe") => tag.attribute("src"),
        _ => None,
    }
}

#[derive(Default)]
struct Links {
    found: Vec<Url>,
}

impl Links {
    fn add(&mut self, link: &str, base: &Url) {
        if self.found.len() >= MAX_LINKS || link.len() > 4096 {
            return;
        }
        let link = decode_html(link.trim());
        if link.is_empty() || link.starts_with('#') {
            return;
        }
        if let Ok(url) = base.join(&link) {
            self.push(url);
        }
    }

    fn push(&mut self, url: Url) {
        let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        if web && !self.found.contains(&url) {
            self.found.push(url);
        }
    }

    /// Addresses that stand in the text itself.
    fn bare(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find("://") {
            if self.found.len() >= MAX_LINKS {
                return;
            }
            let before = &rest[..at];
            let start = if before.ends_with("https") {
                at - 5
            } else if before.ends_with("http") {
                at - 4
            } else {
                rest = &rest[at + 3..];
                continue;
            };
            let address = &rest[start..];
            let end = address
                .find(|c: char| {
                    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | '«' | '»' | '“' | '”')
                })
                .unwrap_or(address.len());
            let mut address = &address[..end];
            loop {
                let trimmed = address
                    .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '…', ']']);
                // A closing bracket belongs to the address only if it was opened there.
                address = match trimmed.strip_suffix(')') {
                    Some(inner) if !inner.contains('(') => inner,
                    _ if trimmed.len() == address.len() => break,
                    _ => trimmed,
                };
            }
            if address.len() <= 4096 {
                if let Ok(url) = Url::parse(address) {
                    self.push(url);
                }
            }
            rest = &rest[start + end..];
        }
    }
}

/// The longest beginning of at most `limit` bytes that ends at a character.
fn prefix(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://site.example/forum/t/1").expect("base")
    }

    #[test]
    fn paragraphs_lists_and_breaks_are_kept_and_the_unseen_is_dropped() {
        let html = "<style>p{}</style><h1>One</h1><p>two\n <b>three</b>&nbsp;f&ocirc;ur<br>five</p><ul><li>a</li>\
                    <li>b</ul><script>if (a<b) x()</script><div>c</div><div>d</div><pre>x\n  y</pre>\
                    <table><tr><td>1</td><td>2</td></tr></table><!-- no --><p>&lt;b&gt; 1 < 2";
        assert_eq!(
            html_to_text(html, &base()).text,
            "One\n\ntwo three fôur\nfive\n\n- a\n- b\n\nc\nd\n\nx\ny\n\n1 2\n\n<b> 1 < 2"
        );
    }

    #[test]
    fn controls_and_bidirectional_overrides_never_come_through() {
        let text = html_to_text(
            "a\u{202e}b&#8238;c\u{7}\u{ad}d&#x2067;\u{feff} سلام\u{200f}",
            &base(),
        )
        .text;
        assert_eq!(text, "abcd سلام\u{200f}");
    }

    #[test]
    fn links_are_resolved_web_links_each_once() {
        let html = "<a href='/x?a=1&amp;b=2'>x</a> <a href=\"mailto:a@b.example\">m</a> <a href=javascript:x()>j</a>\
                    <a href='#top'>t</a> see https://other.example/a_(b), (http://third.example/). <a href='/x?a=1&b=2'>";
        let links: Vec<String> = html_to_text(html, &base())
            .links
            .into_iter()
            .map(String::from)
            .collect();
        assert_eq!(
            links,
            [
                "https://site.example/x?a=1&b=2",
                "https://other.example/a_(b)",
                "http://third.example/"
            ]
        );
        let many: String = (0..80).map(|n| format!("<a href=/{n}>")).collect();
        assert_eq!(html_to_text(&many, &base()).links.len(), MAX_LINKS);
    }

    #[test]
    fn a_title_loses_tags_but_not_what_only_looks_like_them() {
        for (text, shown) in [
            ("<b>A</b> &amp; B<br>C", "A & B C"),
            ("Vec<T> and a < b", "Vec<T> and a < b"),
            (
                "History of the &lt;blink&gt; tag",
                "History of the <blink> tag",
            ),
            ("line\none", "line one"),
        ] {
            assert_eq!(title(text, true), shown);
        }
    }

    #[test]
    fn plain_text_keeps_its_lines() {
        assert_eq!(plain("a  b\r\nc\n\n\n\nd\n", &base()).text, "a b\nc\n\nd");
    }
}
