//! Markup to plain text: what a reader would see, with paragraphs as blank lines.
//!
//! One pass over the pieces of the markup, no tree and no recursion: a page of a million nested tags costs as much
//! as a page of a million tags side by side. Control characters and bidirectional overrides never come through.

mod links;
pub mod quotes;
mod writer;

use discover_model::post::MAX_TEXT_BYTES;
use url::Url;

use crate::prepare::entities::{decode_html, decode_html_to};
use crate::prepare::markup::{Piece, Pieces};
use crate::prepare::scan::Tag;

use links::Links;
pub use links::MAX_LINKS;
use writer::{Boundary, Writer, boundary};

/// Most markup read of one text, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// What a text says, and where it links to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlainText {
    pub text: String,
    /// http(s) links in order, each once.
    pub links: Vec<Url>,
}

/// HTML or XHTML to plain text. What is longer than a post may be is not read to its end.
pub fn html_to_text(html: &str, base: &Url) -> PlainText {
    let mut writer = Writer::with_room(html.len() / 2);
    let mut links = Links::default();
    read(html, &mut writer, MAX_TEXT_BYTES, |link| {
        links.add(link, base);
    });
    let text = quotes::without_names_of_others(writer.out);
    links.bare(&text);
    PlainText {
        text,
        links: links.found,
    }
}

/// How a text of markup begins: all of it, or more than `limit` bytes of what is seen.
pub(super) fn opening(html: &str, limit: usize) -> String {
    let mut writer = Writer::default();
    read(html, &mut writer, limit, |_| {});
    writer.out
}

/// Writes what is seen of `html` until more than `limit` bytes are out.
fn read<'a>(html: &'a str, writer: &mut Writer, limit: usize, mut link: impl FnMut(&'a str)) {
    let pieces_text = prefix(html, MAX_BYTES);
    let mut pieces = Pieces::new(pieces_text);
    let mut preformatted = 0_u32;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) if preformatted > 0 => writer.lines(&decode_html(text)),
            Piece::Text(text) => decode_html_to(text, writer),
            Piece::Start(tag) => {
                let behind = &pieces_text[pieces.position()..];
                if quotes::is_of_others(&tag, behind, writer.last_line())
                    && pieces.skip_element(tag.name)
                {
                    if quotes::is_attribution(writer.last_line()) {
                        writer.drop_last_line();
                    }
                    writer.boundary(boundary(tag.name), false);
                    continue;
                }
                if let Some(target) = target(&tag) {
                    link(target);
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
        if writer.out.len() > limit {
            return;
        }
    }
}

/// Text without markup: lines and paragraphs are kept as they are.
pub fn plain(text: &str) -> PlainText {
    let mut writer = Writer::default();
    writer.lines(prefix(text, MAX_BYTES));
    let text = quotes::without_names_of_others(writer.out);
    let mut links = Links::default();
    links.bare(&text);
    PlainText {
        text,
        links: links.found,
    }
}

/// A title on one line. In markup, tags go only where they plainly are tags: `Vec<T>` and `a < b` stay. What is declared
/// to be plain has none: its characters are the title (RFC 4287 3.1.1.1).
pub fn title(text: &str, markup: bool) -> String {
    let mut writer = Writer::default();
    if markup {
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

fn target<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
    match tag.name.len() {
        1 if is("a") => tag.attribute("href"),
        4 if is("area") => tag.attribute("href"),
        6 if is("iframe") => tag.attribute("src"),
        _ => None,
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
        let many = (0..80).fold(String::new(), |all, n| all + &format!("<a href=/{n}>"));
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
        assert_eq!(plain("a  b\r\nc\n\n\n\nd\n").text, "a b\nc\n\nd");
    }
}
