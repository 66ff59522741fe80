//! Reading the content of one element: a short value, or a text that may hold markup.

use std::borrow::Cow;

use data_encoding::BASE64;

use crate::parse::html::resolve_in_place;
use crate::parse::names::{El, Ns, element};
use crate::parse::types::{Content as Markup, TextKind};
use crate::prepare::scan::{Tag, Token, local};

use super::{Family, Reader};

/// Deepest nesting of tags inside one text; deeper tags are dropped, their text is kept.
const MAX_NESTED: usize = 128;

/// How the content of an element is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A short value: any element of the feed ends it.
    Value,
    /// Escaped markup: references are decoded; tags that stand in it unescaped are kept.
    Escaped,
    /// Markup as elements: references stay references.
    Inline,
}

/// What was read.
pub(super) struct Captured<'a> {
    pub(super) text: Cow<'a, str>,
    /// There were elements in it.
    pub(super) markup: bool,
}

impl<'a> Captured<'a> {
    fn push(&mut self, piece: Cow<'a, str>) {
        if self.text.is_empty() {
            self.text = piece;
        } else {
            self.text.to_mut().push_str(&piece);
        }
    }
}

impl<'a> Reader<'a> {
    /// Reads the content of `tag` up to its end, or to where it plainly ends without an end tag.
    pub(super) fn capture(&mut self, tag: &Tag<'a>, mode: Mode) -> Captured<'a> {
        let mut captured = Captured {
            text: Cow::Borrowed(""),
            markup: false,
        };
        if tag.empty {
            return captured;
        }
        let depth = self.open.len() + 1;
        let mut nested: Vec<&'a str> = Vec::new();
        self.scanner.within = tag.name;
        while let Some(token) = self.scanner.next() {
            match token {
                Token::Text(text) if mode == Mode::Inline => {
                    captured.push(self.entities.decode_markup(text));
                }
                Token::Text(text) => captured.push(self.entities.decode(text)),
                Token::Cdata(text) if mode == Mode::Inline => captured.push(escape(text)),
                Token::Cdata(text) => captured.push(Cow::Borrowed(text)),
                Token::Doctype(_) => {}
                Token::End(name) => {
                    if let Some(at) = nested
                        .iter()
                        .rposition(|open| open.eq_ignore_ascii_case(name))
                    {
                        nested.truncate(at);
                        self.forget(depth + at);
                        let out = captured.text.to_mut();
                        out.push_str("</");
                        out.push_str(local(name));
                        out.push('>');
                    } else if name.eq_ignore_ascii_case(tag.name) {
                        break;
                    } else if self.opened(name).is_some() {
                        self.scanner.unread();
                        break;
                    } else if nested.is_empty() && local(name).eq_ignore_ascii_case(local(tag.name))
                    {
                        break;
                    }
                }
                Token::Start(inner) => {
                    let inner_depth = depth + 1 + nested.len();
                    self.declare(&inner, inner_depth);
                    let ns = self.ns(&inner);
                    let el = element(ns, inner.local());
                    let ends = match mode {
                        Mode::Value => !matches!(el, El::Other | El::Body | El::Meta),
                        Mode::Escaped => el.ends_markup(),
                        Mode::Inline => el.ends_markup() && el != El::Item && ns != Ns::Other,
                    };
                    if ends {
                        self.forget(depth);
                        self.scanner.unread();
                        break;
                    }
                    if nested.len() < MAX_NESTED {
                        captured.markup = true;
                        write_start(captured.text.to_mut(), &inner, ns);
                        if inner.empty {
                            self.forget(inner_depth - 1);
                        } else {
                            nested.push(inner.name);
                        }
                    } else {
                        self.forget(inner_depth - 1);
                    }
                }
            }
        }
        self.forget(depth);
        captured
    }

    /// A short value, trimmed.
    pub(super) fn value(&mut self, tag: &Tag<'a>) -> Cow<'a, str> {
        let captured = self.capture(tag, Mode::Value);
        trim(captured.text)
    }

    /// A short text construct, its addresses resolved.
    pub(super) fn construct_resolved(
        &mut self,
        tag: &Tag<'a>,
        default: TextKind,
    ) -> (String, TextKind) {
        let Markup {
            mut value, kind, ..
        } = self.construct(tag, default);
        resolve_in_place(&mut value, self.base(), kind);
        (value, kind)
    }

    /// A text construct by the rules of the document's family. `default` is what it is where the tag does not say.
    pub(super) fn construct(&mut self, tag: &Tag<'a>, default: TextKind) -> Markup {
        let written = tag
            .attribute("type")
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let encoding = tag
            .attribute("mode")
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let (mut kind, opaque) = match written.as_str() {
            "" => (default, false),
            "text" | "text/plain" | "plain" => (TextKind::Plain, false),
            "xhtml" => (TextKind::Xhtml, false),
            "html" | "text/html" => (TextKind::Html, false),
            other if other.ends_with("xml") => (TextKind::Xhtml, false),
            other if other.starts_with("text/") || other.ends_with("json") => {
                (TextKind::Plain, false)
            }
            other => (default, other.contains('/')),
        };
        let base64 = encoding == "base64" || opaque;
        let mode = match kind {
            _ if encoding == "escaped" || base64 => Mode::Escaped,
            TextKind::Xhtml => Mode::Inline,
            TextKind::Plain | TextKind::Html => Mode::Escaped,
        };
        let captured = self.capture(tag, mode);
        let mut text = trim(captured.text);
        if mode == Mode::Inline && !captured.markup && text.contains("&lt;") {
            // Declared as elements, written as text.
            kind = TextKind::Html;
            text = Cow::Owned(self.entities.decode(&text).into_owned());
        }
        if captured.markup && kind == TextKind::Plain {
            kind = TextKind::Html;
        }
        if base64
            && !captured.markup
            && let Some(decoded) = decode_base64(&text)
        {
            text = Cow::Owned(decoded);
            if kind == TextKind::Plain && text.contains('<') {
                kind = TextKind::Html;
            }
        }
        if kind == TextKind::Xhtml && self.family == Family::Atom10 {
            text = without_div(text);
        }
        Markup {
            value: text.into_owned(),
            kind,
            base: self.inner_base(),
        }
    }
}

fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '>', '&']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
    )
}

/// Writes a tag that stands inside a text: without prefixes and namespace declarations, which mean nothing in HTML.
fn write_start(out: &mut String, tag: &Tag<'_>, ns: Ns) {
    if !tag.name.contains(':') && !tag.attributes.contains("xmlns") {
        out.push_str(tag.raw);
        if !tag.raw.ends_with('>') {
            out.push('>');
        }
        return;
    }
    let name = tag.local();
    out.push('<');
    out.push_str(name);
    for (name, value) in tag.attributes() {
        if name.starts_with("xmlns") {
            continue;
        }
        let quote = if value.contains('"') { '\'' } else { '"' };
        out.push(' ');
        out.push_str(name);
        out.push('=');
        out.push(quote);
        out.push_str(value);
        out.push(quote);
    }
    match (ns, name) {
        (Ns::Svg, "svg") => out.push_str(" xmlns=\"http://www.w3.org/2000/svg\""),
        (Ns::MathMl, "math") => out.push_str(" xmlns=\"http://www.w3.org/1998/Math/MathML\""),
        _ => {}
    }
    out.push_str(if tag.empty { "/>" } else { ">" });
}

/// XHTML without the `div` that Atom wraps it in, where that holds all of it.
fn without_div(text: Cow<'_, str>) -> Cow<'_, str> {
    let inner = (|| {
        let rest = text.strip_prefix("<div")?;
        if !rest.starts_with(['>', ' ', '\n', '\t', '\r']) {
            return None;
        }
        let open = rest.find('>')?;
        if rest[..open].ends_with('/') {
            return None;
        }
        let inner = rest[open + 1..].strip_suffix("</div>")?;
        // The first div must be the one that is closed at the end.
        let mut depth = 0_i32;
        let mut at = 0;
        while let Some(next) = inner[at..].find('<') {
            at += next + 1;
            let tag = &inner[at..];
            if tag.starts_with("/div>") {
                depth -= 1;
                if depth < 0 {
                    return None;
                }
            } else if tag.starts_with("div")
                && tag[3..].starts_with(['>', ' ', '\n', '\t', '\r', '/'])
            {
                let end = tag.find('>').unwrap_or(tag.len());
                depth += i32::from(!tag[..end].ends_with('/'));
            }
        }
        Some(inner.trim().to_owned())
    })();
    inner.map_or(text, Cow::Owned)
}

/// Text from base64; nothing where it is none, or what it holds is no text.
fn decode_base64(text: &str) -> Option<String> {
    let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let decoded = BASE64.decode(&packed).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let text = decoded.trim();
    (!text.contains(|c: char| c.is_control() && !c.is_whitespace())).then(|| text.to_owned())
}
