//! How deep a page's elements nest, before anybody builds a tree of them.
//!
//! Contract: never less than a small part of the depth that a parser of HTML reaches, whatever is written; for pages as
//! people write them about their real depth. A builder's time grows with the square of it, so a page of a few hundred
//! thousand open elements must be refused unread.
//!
//! It is a bound and no parser: an end tag closes what the standard surely closes, and what is in doubt stays open. Too
//! high a depth only refuses pages whose markup is damaged in hundreds of places.

#[cfg(test)]
mod tests;

use crate::prepare::markup::VOID;

/// Names kept at once; beyond this many nothing is closed any more.
const MOST: usize = 513;
/// Elements that are missing their end tags, closed by one end tag at most.
const IMPLIED: usize = 4;

/// What a place costs at which it cannot be told whether markup or text follows: there tags may be counted as closed
/// that are not.
const DOUBT: usize = 32;
/// Elements looked at for the one that an end tag closes.
const REACH: usize = 16;

/// Elements whose content is text.
const RAW: [&str; 9] = [
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript",
];
/// Start tags that lead out of SVG and MathML although they have no content.
const LEADS_OUT: [&str; 5] = ["br", "embed", "hr", "img", "meta"];
/// Elements of SVG and MathML which are closed by `/>`, as no element of HTML is.
const SELF_CLOSING: [&str; 35] = [
    "animate",
    "animatemotion",
    "animatetransform",
    "circle",
    "clippath",
    "defs",
    "ellipse",
    "feblend",
    "fecolormatrix",
    "fecomposite",
    "feflood",
    "fegaussianblur",
    "femerge",
    "femergenode",
    "feoffset",
    "feturbulence",
    "filter",
    "g",
    "image",
    "line",
    "lineargradient",
    "marker",
    "mask",
    "mpath",
    "mspace",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialgradient",
    "rect",
    "set",
    "stop",
    "symbol",
    "use",
];
/// Further elements that belong to SVG and hold nothing but such.
const SVG: [&str; 8] = [
    "svg", "math", "text", "tspan", "textpath", "switch", "view", "style",
];
/// Within SVG and MathML, where HTML begins again.
const HTML_AGAIN: [&str; 9] = [
    "foreignobject",
    "desc",
    "title",
    "mi",
    "mo",
    "mn",
    "ms",
    "mtext",
    "annotation-xml",
];
/// Elements of a line: a block that ends over open ones ends, but they may be opened again behind it.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "label", "nobr", "q",
    "s", "small", "span", "strike", "strong", "sub", "sup", "u",
];
const BLOCKS: [&str; 22] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "header",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "ul",
];
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// Elements open at once at most.
pub(super) fn of(html: &str) -> usize {
    let mut open = Open::default();
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        at += found + 1;
        match bytes.get(at) {
            Some(b'!') => {
                if open.foreign.is_some() && html[at..].starts_with("![CDATA[") {
                    open.doubt();
                }
                at = silent_end(html, at);
            }
            Some(b'/') if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => {
                let name = name(html, at + 1);
                (at, _) = tag_end(bytes, at + 1);
                open.end(&name);
            }
            Some(b'?' | b'/') => at = after(html, at, ">"),
            Some(c) if c.is_ascii_alphabetic() => {
                let name = name(html, at);
                let (end, empty) = tag_end(bytes, at);
                at = end;
                if open.is_raw(&name) {
                    let end = raw_end(html, at, &name);
                    open.skip(&name, &html[at..end]);
                    at = end;
                } else {
                    open.start(name, empty);
                }
            }
            _ => {}
        }
    }
    open.deepest
}

#[derive(Debug, Default)]
struct Open {
    names: Vec<String>,
    /// Elements that are counted as open for good.
    lost: usize,
    deepest: usize,
    /// The place of the outermost `svg` or `math`.
    foreign: Option<usize>,
    /// Something within it may have led out of it.
    broken: bool,
    /// The place of the outermost element within it in which HTML begins again.
    again: Option<usize>,
    /// The place of the outermost `select`, which ignores most of what it holds.
    select: Option<usize>,
}

impl Open {
    fn depth(&self) -> usize {
        self.names.len() + self.lost
    }

    fn lose(&mut self, elements: usize) {
        self.lost += elements;
        self.deepest = self.deepest.max(self.depth());
    }

    fn doubt(&mut self) {
        self.lose(DOUBT);
    }

    /// Whether text may follow the start tag, up to the end tag.
    fn is_raw(&self, name: &str) -> bool {
        RAW.contains(&name) && (self.foreign.is_none() || self.broken)
    }

    /// Passes over what is most probably text.
    fn skip(&mut self, name: &str, text: &str) {
        let letters = |at: usize| {
            text.as_bytes()
                .get(at + 1)
                .is_some_and(u8::is_ascii_alphabetic)
        };
        if self.foreign.is_some() || self.select.is_some() {
            let tags = text.match_indices('<').filter(|(at, _)| letters(*at));
            let tags = tags.count();
            self.lose(DOUBT + tags);
        } else if name == "script" && text.contains("<!--") {
            // A script within a comment within a script hides the first end tag.
            let nested = text.match_indices('<').any(|(at, _)| {
                let word = text.as_bytes().get(at + 1..at + 7);
                word.is_some_and(|word| word.eq_ignore_ascii_case(b"script"))
            });
            if nested {
                self.doubt();
            }
        }
    }

    fn start(&mut self, name: String, empty: bool) {
        let is = |list: &[&str]| list.contains(&name.as_str());
        if self.depth() >= MOST {
            if !VOID.contains(&name.as_str()) {
                self.lose(1);
            }
            return;
        }
        let (is_root, is_again) = (is(&["svg", "math"]), is(&HTML_AGAIN));
        if self.foreign.is_some() {
            let own = is_again || is(&SVG) || is(&SELF_CLOSING);
            self.broken |= !own && self.again.is_none();
            let sure = !self.broken && self.again.is_none();
            if is(&LEADS_OUT) || sure && empty && (is_root || is(&SELF_CLOSING)) {
                return;
            }
            if is_again && self.again.is_none() {
                self.again = Some(self.names.len());
            }
        } else if VOID.contains(&name.as_str()) || empty && is_root {
            return;
        } else if name == "frameset" {
            // Its content is read by rules of its own, and is never a post.
            self.lose(MOST);
            return;
        } else {
            self.close_before(&name);
            if is_root {
                self.foreign = Some(self.names.len());
                self.broken = self.select.is_some();
            }
        }
        if name == "select" && self.select.is_none() {
            self.select = Some(self.names.len());
        }
        self.names.push(name);
        self.deepest = self.deepest.max(self.depth());
    }

    /// A start tag closes the element before it where that one needs no end tag.
    fn close_before(&mut self, name: &str) {
        let closes: &[&str] = match name {
            "li" => &["li"],
            "dd" | "dt" => &["dd", "dt"],
            "option" | "optgroup" => &["option"],
            "td" | "th" => &["td", "th"],
            "tr" => &["tr", "td", "th"],
            _ => &[],
        };
        let closes_p = BLOCKS.contains(&name)
            || HEADINGS.contains(&name)
            || matches!(name, "li" | "dd" | "dt");
        let before = self
            .names
            .len()
            .checked_sub(2)
            .map(|at| self.names[at].as_str());
        let in_cell = matches!(name, "td" | "th" | "tr") && matches!(before, Some("td" | "th"));
        if closes_p || in_cell {
            self.names.pop_if(|last| last == "p");
        }
        for _ in 0..2 {
            let last = self.names.pop_if(|last| closes.contains(&last.as_str()));
            // A row closes its cell and the row before it.
            if last.is_none() || name != "tr" {
                break;
            }
        }
    }

    fn end(&mut self, name: &str) {
        if self.depth() >= MOST {
            return;
        }
        let Some(found) = self.closed_by(name) else {
            self.broken |= self.foreign.is_some();
            return;
        };
        let within = self.names[found + 1..].iter();
        let inline = within
            .filter(|open| INLINE.contains(&open.as_str()))
            .count();
        self.names.truncate(found);
        self.lose(inline);
        let is_open = |place: &usize| *place < found;
        self.foreign = self.foreign.filter(is_open);
        self.again = self.again.filter(is_open);
        self.select = self.select.filter(is_open);
        self.broken &= self.foreign.is_some();
    }

    /// The place of the element that an end tag surely closes.
    fn closed_by(&self, name: &str) -> Option<usize> {
        let last = self.names.last().filter(|_| !name.is_empty())?;
        if last == name {
            return Some(self.names.len() - 1);
        }
        if matches!(name, "svg" | "math") {
            let from = self
                .foreign
                .filter(|_| !self.broken && self.again.is_none())?;
            return self.names[from..]
                .iter()
                .rposition(|open| open == name)
                .map(|at| from + at);
        }
        if self.foreign.is_some() {
            return None;
        }
        let (without_end, inline): (&[&str], bool) = match name {
            "ul" | "ol" | "menu" => (&["p", "li"], true),
            "dl" => (&["p", "dd", "dt"], true),
            "select" => (&["option", "optgroup"], false),
            "optgroup" => (&["option"], false),
            "table" | "tbody" | "thead" | "tfoot" | "tr" => (
                &["td", "th", "tr", "tbody", "thead", "tfoot", "p", "li"],
                true,
            ),
            "td" | "th" | "li" | "dd" | "dt" => (&["p"], true),
            _ if BLOCKS.contains(&name) || HEADINGS.contains(&name) => (&["p"], true),
            _ => return None,
        };
        let mut implied = 0;
        for (at, open) in self.names.iter().enumerate().rev().take(REACH) {
            if open == name {
                return Some(at);
            }
            if without_end.contains(&open.as_str()) {
                implied += 1;
            } else if !(inline && INLINE.contains(&open.as_str())) {
                return None;
            }
            if implied > IMPLIED {
                return None;
            }
        }
        None
    }
}

/// The name of a tag, in small letters; empty where it is longer than any that means something.
fn name(html: &str, at: usize) -> String {
    const LONGEST: usize = 32;
    let name = html[at..]
        .split(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
        .next();
    let name = name.filter(|name| name.len() <= LONGEST);
    name.unwrap_or_default().to_ascii_lowercase()
}

/// Where a tag stands while its end is looked for.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    TagName,
    Between,
    Name,
    AfterName,
}

/// Behind the tag whose name begins at `at`, where the standard ends it, and whether it ends with `/>`: a quote counts
/// only at the beginning of a value.
fn tag_end(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut state = Within::TagName;
    let mut slash = false;
    while let Some(c) = bytes.get(at) {
        at += 1;
        let slash_before = std::mem::replace(&mut slash, *c == b'/');
        state = match (c, state) {
            (b'>', _) => return (at, slash_before),
            (b'/', _) => Within::Between,
            (b'=', Within::Name | Within::AfterName) => {
                at = value_end(bytes, at);
                Within::Between
            }
            (c, Within::TagName | Within::Between) if c.is_ascii_whitespace() => Within::Between,
            (c, _) if c.is_ascii_whitespace() => Within::AfterName,
            (_, Within::TagName) => Within::TagName,
            _ => Within::Name,
        };
    }
    (at, false)
}

/// Behind the value that follows an attribute's `=`.
fn value_end(bytes: &[u8], at: usize) -> usize {
    let begin = bytes[at..].iter().position(|b| !b.is_ascii_whitespace());
    let Some(begin) = begin.map(|skip| at + skip) else {
        return bytes.len();
    };
    let (begin, length) = match bytes[begin] {
        quote @ (b'"' | b'\'') => {
            let begin = begin + 1;
            let close = bytes[begin..].iter().position(|b| *b == quote);
            (begin, close.map(|length| length + 1))
        }
        _ => {
            let is_end = |b: &u8| b.is_ascii_whitespace() || *b == b'>';
            (begin, bytes[begin..].iter().position(is_end))
        }
    };
    length.map_or(bytes.len(), |length| begin + length)
}

/// Behind a comment or declaration whose `!` stands at `at`.
fn silent_end(html: &str, at: usize) -> usize {
    let Some(rest) = html[at..].strip_prefix("!--") else {
        return after(html, at, ">");
    };
    let begin = at + 3;
    if rest.starts_with('>') || rest.starts_with("->") {
        return after(html, at, ">");
    }
    let mut from = begin;
    while let Some(found) = html[from..].find("--") {
        let end = from + found + 2;
        let rest = &html[end..];
        if rest.starts_with('>') || rest.starts_with("!>") {
            return after(html, end, ">");
        }
        from = end - 1;
    }
    html.len()
}

/// Behind the end tag of an element whose content is text.
fn raw_end(html: &str, at: usize, name: &str) -> usize {
    let mut from = at;
    while let Some(found) = html[from..].find("</") {
        let begin = from + found + 2;
        let end = begin + name.len();
        let bytes = html.as_bytes();
        let named = bytes
            .get(begin..end)
            .is_some_and(|other| other.eq_ignore_ascii_case(name.as_bytes()));
        if named
            && bytes
                .get(end)
                .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        {
            return tag_end(bytes, begin).0;
        }
        from = begin;
    }
    html.len()
}

fn after(html: &str, at: usize, end: &str) -> usize {
    html[at..]
        .find(end)
        .map_or(html.len(), |found| at + found + end.len())
}
