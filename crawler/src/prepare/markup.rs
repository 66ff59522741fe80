//! A scanner for HTML: text, tags, and what neither is shown nor says anything. No tree is built and no stack kept,
//! so nesting costs nothing, and every byte is looked at a bounded number of times.

use super::find;
use super::scan::Tag;

/// Elements without content and end tag.
pub const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose content is no text of the page, up to their end tag.
const OPAQUE: [&str; 11] = [
    "script", "style", "template", "noscript", "iframe", "object", "svg", "select", "title", "xmp",
    "textarea",
];

/// One piece of HTML, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Start(Tag<'a>),
    /// The name of an end tag, and the whole tag.
    End(&'a str, &'a str),
    /// Comments, declarations, instructions.
    Silent(&'a str),
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// An element that was to be skipped had no end: none is skipped any more, as each search goes to the end.
    unclosed: bool,
    /// From here to the end there is no `"`, `'`, `-->`; the searches must not start anew at every tag.
    none_left: [bool; 3],
    /// The same for the end tags of [`OPAQUE`].
    no_end: [bool; OPAQUE.len()],
}

impl<'a> Pieces<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            unclosed: false,
            none_left: [false; 3],
            no_end: [false; OPAQUE.len()],
        }
    }

    /// Where the next piece begins.
    pub fn position(&self) -> usize {
        self.at
    }

    /// After the start tag of an element whose content is no text: skips to behind its end tag. Nothing is skipped
    /// where the end tag is missing.
    pub fn skip_opaque(&mut self, name: &str) {
        let Some(which) = OPAQUE
            .iter()
            .position(|opaque| opaque.eq_ignore_ascii_case(name))
        else {
            return;
        };
        if self.no_end[which] {
            return;
        }
        let bytes = self.text.as_bytes();
        let mut from = self.at;
        while let Some(at) = find(&self.text[from..], b'<') {
            let start = from + at + 2;
            if bytes.get(start - 1) != Some(&b'/') {
                from = start - 1;
                continue;
            }
            let end = start + name.len();
            let named = bytes
                .get(start..end)
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
            if named && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
                self.at = self.text[end..]
                    .find('>')
                    .map_or(self.text.len(), |at| end + at + 1);
                return;
            }
            from = start;
        }
        self.no_end[which] = true;
    }

    /// After the start tag of an element: skips to behind its end tag, with all it holds. `false`, and nothing is
    /// skipped, where the end tag is missing.
    pub fn skip_element(&mut self, name: &str) -> bool {
        if self.unclosed {
            return false;
        }
        let begin = self.at;
        let mut depth = 1_usize;
        for piece in self.by_ref() {
            match piece {
                Piece::Start(tag) if tag.name.eq_ignore_ascii_case(name) => {
                    depth += usize::from(!tag.empty);
                }
                Piece::End(end, _) if end.eq_ignore_ascii_case(name) => {
                    depth -= 1;
                    if depth == 0 {
                        return true;
                    }
                }
                _ => {}
            }
        }
        self.at = begin;
        self.unclosed = true;
        self.none_left = [false; 3];
        false
    }

    fn silent(&mut self) -> Piece<'a> {
        let rest = &self.text[self.at..];
        let length = if rest.starts_with("<!--") {
            // `<!-->` and `<!--->` are whole comments.
            let end = if self.none_left[2] {
                None
            } else {
                rest[2..].find("-->")
            };
            self.none_left[2] = end.is_none();
            end.map(|at| at + 5)
        } else if rest.starts_with("<![CDATA[") {
            // Feeds wrap text twice; the wrapping says nothing, the text does.
            Some(9)
        } else {
            None
        };
        let length = length
            .or_else(|| find(rest, b'>').map(|at| at + 1))
            .unwrap_or(rest.len());
        self.at += length;
        Piece::Silent(&rest[..length])
    }

    /// Where the tag that starts `rest` ends (after its `>`). An unclosed quote does not swallow the page.
    fn tag_end(&mut self, rest: &str) -> usize {
        let bytes = rest.as_bytes();
        let mut at = 1;
        while at < bytes.len() {
            match bytes[at] {
                b'>' => return at + 1,
                b'=' => {
                    at += 1;
                    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                        at += 1;
                    }
                    let which = match bytes.get(at) {
                        Some(b'"') => 0,
                        Some(b'\'') => 1,
                        _ => continue,
                    };
                    let quote = if which == 0 { '"' } else { '\'' };
                    if !self.none_left[which] {
                        match rest[at + 1..].find(quote) {
                            Some(length) => at += length + 1,
                            None => self.none_left[which] = true,
                        }
                    }
                    at += 1;
                }
                _ => at += 1,
            }
        }
        bytes.len()
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let bytes = rest.as_bytes();
        let piece = match (bytes[0], bytes.get(1)) {
            (b'<', Some(b'!' | b'?')) => return Some(self.silent()),
            (b'<', Some(b'/')) if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
                let end = find(rest, b'>').map_or(rest.len(), |at| at + 1);
                self.at += end;
                let name = rest[2..end].trim_end_matches('>');
                let name = name
                    .split(|c: char| c.is_ascii_whitespace() || c == '/')
                    .next();
                Piece::End(name.unwrap_or_default(), &rest[..end])
            }
            // An empty tag says nothing; an end tag without a name is a comment to browsers.
            (b'<', Some(b'>')) => {
                self.at += 2;
                Piece::Silent("")
            }
            (b'<', Some(b'/')) => {
                let end = find(rest, b'>').map_or(rest.len(), |at| at + 1);
                self.at += end;
                Piece::Silent("")
            }
            (b'<', Some(next)) if next.is_ascii_alphabetic() => {
                let end = self.tag_end(rest);
                self.at += end;
                let raw = &rest[..end];
                let inner = raw[1..].strip_suffix('>').unwrap_or(&raw[1..]);
                let (inner, empty) = match inner.strip_suffix('/') {
                    Some(inner) => (inner, true),
                    None => (inner, false),
                };
                let name_end = inner
                    .bytes()
                    .position(|b| b.is_ascii_whitespace() || b == b'/')
                    .unwrap_or(inner.len());
                Piece::Start(Tag {
                    name: &inner[..name_end],
                    attributes: inner[name_end..].trim_ascii(),
                    empty,
                    raw,
                })
            }
            _ => {
                let skip = usize::from(bytes[0] == b'<');
                let end = find(&rest[skip..], b'<').map_or(rest.len(), |at| at + skip);
                self.at += end;
                Piece::Text(&rest[..end])
            }
        };
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_end_where_browsers_end_them() {
        let text =
            "1 < 2<a title=\"x > y\" href='<'>t</a ><!-- <b> --><>&lt;<br/><img alt=\"x>rest";
        let pieces: Vec<String> = Pieces::new(text)
            .map(|piece| match piece {
                Piece::Text(text) => format!("'{text}"),
                Piece::Start(tag) => format!("<{}", tag.name),
                Piece::End(name, _) => format!("/{name}"),
                Piece::Silent(_) => "-".to_owned(),
            })
            .collect();
        assert_eq!(
            pieces.join("|"),
            "'1 |'< 2|<a|'t|/a|-|-|'&lt;|<br|<img|'rest"
        );
    }
}
