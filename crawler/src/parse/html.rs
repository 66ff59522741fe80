//! HTML as it is handed on: addresses resolved, scripted addresses emptied, lost quotes and empty elements put right,
//! foreign markup (SVG, MathML) with its namespaces. A tag that has to be written anew gets one canonical form;
//! everything else is left exactly as published.

use std::borrow::Cow;

use url::Url;

use crate::prepare::entities::decode_html;
use crate::prepare::markup::{Piece, Pieces, VOID};
use crate::prepare::scan::Tag;

use super::types::{Parsed, TextKind};

const XLINK: &str = "http://www.w3.org/1999/xlink";

impl Parsed {
    /// Stage "parsed" of `discover inspect`, whose shape is fixed in API.md: HTML stays HTML, with addresses
    /// resolved. Making items needs none of it, as plain text keeps no markup.
    #[must_use]
    pub fn resolved(mut self) -> Self {
        let own = self.base.take();
        for entry in &mut self.entries {
            let summary = entry.summary.as_mut();
            let summary = summary.map(|value| (value, entry.summary_kind, &entry.summary_base));
            let contents = entry.content.iter_mut();
            let contents =
                contents.map(|content| (&mut content.value, content.kind, &content.base));
            for (value, kind, base) in contents.chain(summary) {
                if let Some(base) = base.as_deref().or(own.as_deref()) {
                    resolve_in_place(value, base, kind);
                }
            }
        }
        self.base = own;
        self
    }
}

/// Resolves the addresses of a text that is markup.
pub(super) fn resolve_in_place(text: &mut String, base: &Url, kind: TextKind) {
    if kind != TextKind::Plain
        && text.contains('<')
        && let Some(resolved) = resolve(text, base, kind)
    {
        *text = resolved;
    }
}

/// `html` with every address resolved against `base`; nothing where nothing had to change.
fn resolve(html: &str, base: &Url, kind: TextKind) -> Option<String> {
    let mut out = String::new();
    let mut copied = 0;
    let mut foreign = 0_u32;
    let mut pieces = Pieces::new(html);
    loop {
        let start = pieces.position();
        let Some(piece) = pieces.next() else { break };
        let replaced = match piece {
            Piece::Start(tag) => {
                let root = matches!(tag.name, "svg" | "math");
                if (foreign > 0 || root) && !tag.empty {
                    foreign = foreign.saturating_add(u32::from(root));
                }
                if foreign > 0 || root {
                    Some(foreign_tag(&tag, kind))
                } else {
                    ordinary(&tag, base, kind)
                }
            }
            Piece::End(name, _) => {
                if matches!(name, "svg" | "math") {
                    foreign = foreign.saturating_sub(1);
                }
                None
            }
            Piece::Silent("") => Some(String::new()),
            Piece::Silent(_) | Piece::Text(_) => None,
        };
        if let Some(replaced) = replaced {
            if out.capacity() == 0 {
                out.reserve(html.len() + html.len() / 8);
            }
            out.push_str(&html[copied..start]);
            out.push_str(&replaced);
            copied = pieces.position();
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&html[copied..]);
    Some(out)
}

/// Attributes that hold an address, by element.
fn is_address(element: &str, attribute: &str) -> bool {
    let among = |names: &[&str]| {
        names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(attribute))
    };
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(element));
    match element.len() {
        1 if is(&["a"]) => among(&["href"]),
        1 if is(&["q"]) => among(&["cite"]),
        _ if is(&["img", "iframe", "frame"]) => among(&["src", "longdesc", "usemap"]),
        _ if is(&[
            "audio", "video", "source", "embed", "track", "script", "input",
        ]) =>
        {
            among(&["src", "poster", "usemap"])
        }
        _ if is(&["area", "link", "base"]) => among(&["href"]),
        _ if is(&["blockquote", "ins", "del"]) => among(&["cite"]),
        _ if is(&["form"]) => among(&["action"]),
        _ if is(&["object", "applet"]) => among(&["data", "classid", "codebase", "usemap"]),
        _ if is(&["body"]) => among(&["background"]),
        _ => false,
    }
}

/// A tag of HTML where it has to be written anew: an address to resolve, a quote lost, an end to mark.
fn ordinary(tag: &Tag<'_>, base: &Url, kind: TextKind) -> Option<String> {
    let void = tag.name.len() <= 6 && VOID.iter().any(|void| void.eq_ignore_ascii_case(tag.name));
    let mut reshape = if void {
        !tag.raw.ends_with(" />")
    } else {
        tag.empty && kind == TextKind::Xhtml
    };
    if !tag.attributes.is_empty() {
        let mut attributes = tag.attributes();
        for (name, value) in attributes.by_ref() {
            reshape |= !is_absolute(value) && is_address(tag.name, name);
        }
        reshape |= attributes.loose;
    }
    if !reshape {
        return None;
    }
    let mut attributes: Vec<(&str, Cow<'_, str>)> = tag
        .attributes()
        .map(|(name, value)| {
            if !is_absolute(value) && is_address(tag.name, name) {
                (name, Cow::Owned(address(value, base)))
            } else {
                (name, Cow::Borrowed(value))
            }
        })
        .collect();
    Some(write_tag(tag, &mut attributes, void, kind))
}

/// A tag of SVG or MathML: namespaces named where they are used.
fn foreign_tag(tag: &Tag<'_>, kind: TextKind) -> String {
    let mut attributes: Vec<(&str, Cow<'_, str>)> = tag
        .attributes()
        .filter(|(name, _)| !name.starts_with("xmlns"))
        .map(|(name, value)| (name, Cow::Borrowed(value)))
        .collect();
    match tag.name {
        "svg" => attributes.push(("xmlns", Cow::Borrowed("http://www.w3.org/2000/svg"))),
        "math" => attributes.push(("xmlns", Cow::Borrowed("http://www.w3.org/1998/Math/MathML"))),
        _ => {}
    }
    if attributes
        .iter()
        .any(|(name, _)| name.starts_with("xlink:"))
    {
        attributes.push(("xmlns:xlink", Cow::Borrowed(XLINK)));
    }
    write_tag(tag, &mut attributes, false, kind)
}

/// A tag in its canonical form: attributes sorted and in double quotes, empty elements closed.
fn write_tag(
    tag: &Tag<'_>,
    attributes: &mut [(&str, Cow<'_, str>)],
    void: bool,
    kind: TextKind,
) -> String {
    attributes.sort_by(|a, b| a.0.cmp(b.0));
    let mut out = String::with_capacity(tag.raw.len() + 64);
    out.push('<');
    out.push_str(tag.name);
    for (name, value) in &*attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        if value.contains('"') {
            out.push_str(&value.replace('"', "&quot;"));
        } else {
            out.push_str(value);
        }
        out.push('"');
    }
    if void {
        out.push_str(" />");
    } else if tag.empty && kind == TextKind::Xhtml {
        out.push_str("></");
        out.push_str(tag.name);
        out.push('>');
    } else if tag.empty {
        out.push_str(" />");
    } else {
        out.push('>');
    }
    out
}

/// Whether an attribute's value needs no resolving.
fn is_absolute(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://") || value.starts_with("mailto:")
}

/// The address an attribute stands for; empty where it would run something.
fn address(value: &str, base: &Url) -> String {
    let trimmed = value.trim();
    let decoded = decode_html(trimmed);
    match scheme(&decoded).map(str::to_ascii_lowercase).as_deref() {
        Some("javascript" | "vbscript" | "data") => String::new(),
        Some(_) => trimmed.to_owned(),
        None => base.join(&decoded).map_or_else(
            |_| trimmed.to_owned(),
            |url| url.as_str().replace('&', "&amp;"),
        ),
    }
}

/// The scheme of an address that has one.
pub(super) fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let mut bytes = scheme.bytes();
    let sound = bytes.next()?.is_ascii_alphabetic()
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    sound.then_some(scheme)
}

/// An address of the feed itself: kept as published where it is absolute, else resolved.
pub(super) fn absolute(address: &str, base: &Url) -> String {
    let address = address.trim();
    let cleaned: String;
    let address = if address.contains(['\n', '\r', '\t']) {
        cleaned = address.replace(['\n', '\r', '\t'], "");
        &cleaned
    } else {
        address
    };
    if address.is_empty() || scheme(address).is_some() {
        return address.to_owned();
    }
    base.join(address)
        .map_or_else(|_| address.to_owned(), String::from)
}

/// The same as an address that can be fetched.
pub(super) fn web_address(address: &str, base: &Url) -> Option<Url> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    base.join(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved_and_the_rest_left_alone() {
        let base = Url::parse("https://site.example/a/b").expect("base");
        let html =
            "<p class=x>1 < 2 <a title='q' href=\" c?x=1&amp;y=2 \">t</a><br><img src=/i.png alt>";
        assert_eq!(
            resolve(html, &base, TextKind::Html).as_deref(),
            Some(
                "<p class=\"x\">1 < 2 <a href=\"https://site.example/a/c?x=1&amp;y=2\" title=\"q\">t</a><br />\
                 <img alt=\"\" src=\"https://site.example/i.png\" />"
            )
        );
        assert_eq!(
            resolve("<p>x <a href=\"http://y/\">z</a>", &base, TextKind::Html),
            None
        );
        assert_eq!(
            resolve("<a href=http://y/\">z</a>", &base, TextKind::Html).as_deref(),
            Some("<a href=\"http://y/\">z</a>")
        );
        assert_eq!(
            resolve("<a href=\"java&#115;cript:x()\">", &base, TextKind::Html).as_deref(),
            Some("<a href=\"\">")
        );
    }

    #[test]
    fn absolute_addresses_stay_as_published() {
        let base = Url::parse("https://site.example/a/b").expect("base");
        assert_eq!(absolute(" http://X.example ", &base), "http://X.example");
        assert_eq!(absolute("tag:x,2004:1", &base), "tag:x,2004:1");
        assert_eq!(absolute("/c", &base), "https://site.example/c");
    }
}
