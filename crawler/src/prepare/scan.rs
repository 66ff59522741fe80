//! A scanner for XML as it is found in the wild: every input is a sequence of tokens, none is an error.
//!
//! It checks no nesting (the readers above do, each by its own rules) and keeps no stack. What ends nowhere ends
//! where the next thing plainly begins: a tag at the next `<`, a CDATA section at the end tag of its element. Each
//! byte is looked at a bounded number of times.

use super::find;

/// Most attributes read of one tag.
pub const MAX_ATTRIBUTES: usize = 256;

/// One piece of a document. Text is as written: references are not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    Start(Tag<'a>),
    /// The name of an end tag.
    End(&'a str),
    Text(&'a str),
    Cdata(&'a str),
    /// What stands between `<!DOCTYPE` and its `>`.
    Doctype(&'a str),
}

/// A start tag or an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    pub name: &'a str,
    /// Everything between the name and the closing `>` or `/>`.
    pub attributes: &'a str,
    pub empty: bool,
    /// The whole tag.
    pub raw: &'a str,
}

impl<'a> Tag<'a> {
    /// The prefix of the name, empty where it has none.
    pub fn prefix(&self) -> &'a str {
        self.name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    pub fn local(&self) -> &'a str {
        local(self.name)
    }

    pub fn attributes(&self) -> Attributes<'a> {
        Attributes {
            rest: self.attributes,
            left: MAX_ATTRIBUTES,
            loose: false,
        }
    }

    /// The first attribute whose name without prefix is `name`, as written.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        if self.attributes.is_empty() {
            return None;
        }
        self.attributes()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// A name without its prefix.
pub fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Attributes of a tag as written: quoted, unquoted or without value.
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    rest: &'a str,
    left: usize,
    /// A value without double quotes was read.
    pub loose: bool,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let rest = self.rest.trim_start_matches(|c: char| {
            c.is_ascii_whitespace() || matches!(c, '/' | '"' | '\'' | '=')
        });
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .bytes()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'/'))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
            self.rest = after;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let (value, rest) = if let Some(&quote @ (b'"' | b'\'')) = value.as_bytes().first() {
            self.loose |= quote != b'"';
            let body = &value[1..];
            match body.find(char::from(quote)) {
                Some(end) => (&body[..end], &body[end + 1..]),
                None => (body, ""),
            }
        } else {
            self.loose = true;
            let end = value
                .bytes()
                .position(|b| b.is_ascii_whitespace())
                .unwrap_or(value.len());
            let (value, rest) = value.split_at(end);
            // One quote of the pair was lost.
            (value.trim_end_matches(['"', '\'']), rest)
        };
        self.rest = rest;
        Some((name, value))
    }
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    last: usize,
    /// Name of the element whose content is being read: where an unclosed CDATA section ends.
    pub within: &'a str,
    /// There is no `-->` from here to the end.
    no_comment_end: bool,
    /// Where the next `]]>` stands, as far as it was looked for: the search must not start anew at every section.
    cdata_end: Option<usize>,
    doctype_seen: bool,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            last: 0,
            within: "",
            no_comment_end: false,
            cdata_end: None,
            doctype_seen: false,
        }
    }

    /// Goes back to before the last token.
    pub fn unread(&mut self) {
        self.at = self.last;
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Skips the next `length` bytes of the rest, which must end at a character.
    fn take(&mut self, length: usize) -> &'a str {
        let taken = &self.rest()[..length];
        self.at += length;
        taken
    }

    fn text_token(&mut self) -> Token<'a> {
        let rest = self.rest();
        let skip = usize::from(rest.starts_with('<'));
        let end = find(&rest[skip..], b'<').map_or(rest.len(), |at| at + skip);
        Token::Text(self.take(end))
    }

    fn cdata(&mut self) -> Token<'a> {
        let body = &self.rest()["<![CDATA[".len()..];
        let start = self.text.len() - body.len();
        let next = match self.cdata_end {
            Some(at) if at >= start => at,
            _ => body.find("]]>").map_or(self.text.len(), |at| start + at),
        };
        self.cdata_end = Some(next);
        let end = (next < self.text.len()).then(|| next - start);
        let inner = &body[..end.unwrap_or(body.len())];
        // A section that holds the start of another, or has no end, was never closed.
        if end.is_none() || inner.contains("<![CDATA[") {
            let mut from = 0;
            while let Some(at) = inner[from..].find("</") {
                let close = from + at;
                if !self.within.is_empty() && inner[close + 2..].starts_with(self.within) {
                    self.at += "<![CDATA[".len() + close;
                    return Token::Cdata(inner[..close].trim_end_matches(['>', ']']));
                }
                from = close + 2;
            }
        }
        self.at += "<![CDATA[".len() + inner.len() + end.map_or(0, |_| 3);
        Token::Cdata(inner)
    }

    /// `<!…`: a document type, or something that says nothing.
    fn declaration(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        if let Some(body) = rest.strip_prefix("<!--") {
            let end = if self.no_comment_end {
                None
            } else {
                body.find("-->")
            };
            self.no_comment_end = end.is_none();
            match end {
                Some(end) => self.at += end + 7,
                None => self.take_until('>'),
            }
            return None;
        }
        if rest
            .get(..9)
            .is_some_and(|word| word.eq_ignore_ascii_case("<![cdata["))
        {
            return Some(self.cdata());
        }
        let doctype = rest
            .get(..9)
            .is_some_and(|word| word.eq_ignore_ascii_case("<!doctype"));
        if doctype && !self.doctype_seen {
            self.doctype_seen = true;
            let body = &rest[9..];
            let end = doctype_end(body);
            self.at += 9 + end + usize::from(end < body.len());
            return Some(Token::Doctype(&body[..end]));
        }
        self.take_until('>');
        None
    }

    fn take_until(&mut self, end: char) {
        self.at += self.rest().find(end).map_or(self.rest().len(), |at| at + 1);
    }

    fn end_tag(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let body = &rest[2..];
        let end = body.find(['>', '<']).unwrap_or(body.len());
        let name = body[..end].trim_ascii();
        let closed = body.as_bytes().get(end) == Some(&b'>');
        self.at += 2 + end + usize::from(closed);
        let name = name.split_ascii_whitespace().next()?;
        Some(Token::End(name))
    }

    fn start_tag(&mut self) -> Token<'a> {
        let rest = self.rest();
        let (end, closed) = tag_end(rest);
        let raw = &rest[..end + usize::from(closed)];
        self.at += raw.len();
        let inner = &rest[1..end];
        let (inner, empty) = match inner.strip_suffix('/') {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        let name_end = inner
            .bytes()
            .position(|b| b.is_ascii_whitespace() || b == b'/')
            .unwrap_or(inner.len());
        Token::Start(Tag {
            name: &inner[..name_end],
            attributes: inner[name_end..].trim_ascii(),
            empty,
            raw,
        })
    }
}

/// Where the tag at the start of `text` ends, and whether a `>` stands there. `<` cannot stand in a tag: one that is
/// met first means that a quote or the `>` is missing.
fn tag_end(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut quote = 0_u8;
    let mut first_close = None;
    for (at, &b) in bytes.iter().enumerate().skip(1) {
        match b {
            b'<' => {
                return first_close.map_or((at, false), |close| (close, true));
            }
            b'>' if quote == 0 => return (at, true),
            b'>' => {
                first_close.get_or_insert(at);
            }
            // Only a value is quoted; a stray quote after it is dirt.
            b'"' | b'\'' if quote == 0 && bytes[..at].trim_ascii_end().last() == Some(&b'=') => {
                quote = b;
            }
            _ if b == quote && quote != 0 => quote = 0,
            _ => {}
        }
    }
    first_close.map_or((bytes.len(), false), |close| (close, true))
}

/// Where a document type ends: the first `>` outside brackets and quotes.
fn doctype_end(body: &str) -> usize {
    let (mut depth, mut quote) = (0_u32, 0_u8);
    for (at, b) in body.bytes().enumerate() {
        if quote != 0 {
            quote = if b == quote { 0 } else { quote };
            continue;
        }
        match b {
            b'"' | b'\'' => quote = b,
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return at,
            _ => {}
        }
    }
    // Unbalanced: the document must not vanish in it.
    body.find('>').unwrap_or(body.len())
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.last = self.at;
            let bytes = self.text.as_bytes();
            let token = match (bytes.get(self.at)?, bytes.get(self.at + 1)) {
                (b'<', Some(b'!')) => self.declaration(),
                (b'<', Some(b'/')) => self.end_tag(),
                (b'<', Some(b'?')) => {
                    let rest = self.rest();
                    // `?>` may be missing or broken: an instruction ends at the first `>` at the latest.
                    self.at += rest.find('>').map_or(rest.len(), |at| at + 1);
                    None
                }
                (b'<', Some(next))
                    if next.is_ascii_alphabetic() || *next == b'_' || *next >= 0x80 =>
                {
                    Some(self.start_tag())
                }
                _ => Some(self.text_token()),
            };
            if token.is_some() {
                return token;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> Vec<String> {
        let mut scanner = Scanner::new(text);
        let mut shown = Vec::new();
        while let Some(token) = scanner.next() {
            shown.push(match token {
                Token::Start(tag) => {
                    scanner.within = tag.name;
                    format!("<{}{}", tag.name, if tag.empty { "/" } else { "" })
                }
                Token::End(name) => format!("/{name}"),
                Token::Text(text) => format!("'{text}"),
                Token::Cdata(text) => format!("[{text}"),
                Token::Doctype(text) => format!("!{}", text.trim()),
            });
        }
        shown
    }

    #[test]
    fn damage_stays_where_it_is() {
        for (text, tokens) in [
            (
                "<?xml?xml version='1.0'?><a>1 < 2 & 3</a>",
                "<a|'1 |'< 2 & 3|/a",
            ),
            ("<a x='1>2' y=\"<b/>", "<a|'2' y=\"|<b/"),
            ("<a <b>t</b </a", "<a|<b|'t|/b|/a"),
            (
                "<d><![CDATA[one</d><d><![CDATA[two]]></d>",
                "<d|[one|/d|<d|[two|/d",
            ),
            ("<d><![CDATA[one]]</d><e/>", "<d|[one|/d|<e/"),
            ("<!-- a -> <b> --><c/><!-- <d/>", "<c/|'|"),
            (
                "<!DOCTYPE r [<!ENTITY x '>'>]><r/>",
                "!r [<!ENTITY x '>'>]|<r/",
            ),
            ("<!DOCTYPE r [<r/>", "!r [<r/"),
        ] {
            let shown = show(text).join("|");
            assert_eq!(shown, tokens.trim_end_matches("|'|"), "{text}");
        }
    }

    #[test]
    fn attributes_may_be_written_badly() {
        let Some(Token::Start(tag)) = Scanner::new("<a b = 'c d' e=f g h=\"i\"j='k'/>").next()
        else {
            panic!("a start tag");
        };
        let read: Vec<_> = tag.attributes().collect();
        assert_eq!(
            read,
            [("b", "c d"), ("e", "f"), ("g", ""), ("h", "i"), ("j", "k")]
        );
        assert!(tag.empty);
    }
}
