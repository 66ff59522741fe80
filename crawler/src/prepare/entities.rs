//! Character and entity references: the five of XML, those of HTML, those a document declares itself, and nothing else.
//!
//! A `&` that begins no reference stays a `&`. Declared entities are expanded once, at declaration, under limits: a
//! reference never costs more than [`MAX_VALUE`] bytes, a document never more than [`MAX_EXPANDED`].

use std::borrow::Cow;
use std::cell::Cell;

use super::charset::windows_1252;
use super::find;

/// Longest internal subset of a document type that is read.
const MAX_SUBSET: usize = 4096;
const MAX_DECLARED: usize = 64;
/// Longest value of one declared entity, expanded.
const MAX_VALUE: usize = 1024;
/// Most bytes that declared entities may add to one document.
const MAX_EXPANDED: usize = 64 * 1024;
/// Longest name looked up.
const MAX_NAME: usize = 32;

/// Entities a document declares in its internal subset.
#[derive(Debug, Default)]
pub struct Entities {
    declared: Vec<(String, String)>,
    expanded: Cell<usize>,
}

impl Entities {
    /// Reads `<!ENTITY name "value">`; external and parameter entities are ignored. The first declaration holds.
    pub fn declare(&mut self, doctype: &str) {
        let Some(start) = doctype.find('[') else {
            return;
        };
        let subset = &doctype[start + 1..];
        if subset.len() > MAX_SUBSET {
            return;
        }
        for part in subset.split("<!ENTITY").skip(1).take(MAX_DECLARED) {
            let part = part.trim_start();
            let Some(end) = part.find(char::is_whitespace) else {
                continue;
            };
            let (name, rest) = (&part[..end], part[end..].trim_start());
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                continue;
            };
            let Some(length) = rest[1..].find(quote) else {
                continue;
            };
            let value = self.decode(&rest[1..=length]).into_owned();
            if name != "%" && value.len() <= MAX_VALUE && self.get(name).is_none() {
                self.declared.push((name.to_owned(), value));
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.declared
            .iter()
            .find(|(declared, _)| declared == name)
            .map(|(_, value)| value.as_str())
    }

    /// XML text as it is meant.
    pub fn decode<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.decode_with(text, false)
    }

    /// XML text that stays markup: references to `&`, `<`, `>` and quotes are kept.
    pub fn decode_markup<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.decode_with(text, true)
    }

    fn decode_with<'a>(&self, text: &'a str, keep_markup: bool) -> Cow<'a, str> {
        replace(text, |text| {
            let (value, length) = self.reference(text)?;
            let special = matches!(value, Value::Chars('&' | '<' | '>' | '"' | '\'', _));
            if special && keep_markup {
                return None;
            }
            Some((value, length))
        })
    }

    /// The reference at the start of `text` (which starts with `&`) and its length.
    fn reference(&self, text: &str) -> Option<(Value<'_>, usize)> {
        if self.declared.is_empty()
            && let Some((c, length)) = predefined(text.as_bytes())
        {
            return Some((Value::Chars(c, None), length));
        }
        if let Some(found) = numeric(text) {
            return Some(found);
        }
        let name = name(text)?;
        if !name.ends_with(';') {
            return None;
        }
        if let Some(value) = self.get(&name[..name.len() - 1]) {
            let expanded = self.expanded.get() + value.len();
            if expanded > MAX_EXPANDED {
                return None;
            }
            self.expanded.set(expanded);
            return Some((Value::Text(value), name.len() + 1));
        }
        named(name)
    }
}

enum Value<'a> {
    Chars(char, Option<char>),
    Text(&'a str),
}

/// Where decoded text goes, piece by piece.
pub trait Out {
    fn text(&mut self, text: &str);
    fn char(&mut self, c: char);
}

impl Out for String {
    fn text(&mut self, text: &str) {
        self.push_str(text);
    }
    fn char(&mut self, c: char) {
        self.push(c);
    }
}

/// `text` with every reference that `lookup` knows replaced; `lookup` is given the text from a `&` on.
fn replace<'a, 'v>(
    text: &'a str,
    lookup: impl Fn(&str) -> Option<(Value<'v>, usize)>,
) -> Cow<'a, str> {
    let Some(first) = find(text, b'&') else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    write(text, first, lookup, &mut out);
    Cow::Owned(out)
}

/// Writes `text`, whose first `&` stands at `first`, with every reference that `lookup` knows replaced.
fn write<'v>(
    text: &str,
    first: usize,
    lookup: impl Fn(&str) -> Option<(Value<'v>, usize)>,
    out: &mut impl Out,
) {
    let (mut rest, mut at) = (text, first);
    loop {
        out.text(&rest[..at]);
        rest = &rest[at..];
        let length = match lookup(rest) {
            Some((Value::Chars(first, second), length)) => {
                out.char(first);
                if let Some(second) = second {
                    out.char(second);
                }
                length
            }
            Some((Value::Text(value), length)) => {
                out.text(value);
                length
            }
            None => {
                out.char('&');
                1
            }
        };
        rest = &rest[length..];
        match find(rest, b'&') {
            Some(next) => at = next,
            None => break,
        }
    }
    out.text(rest);
}

/// HTML text as it is meant; the old references may lack their semicolon.
pub fn decode_html(text: &str) -> Cow<'_, str> {
    replace(text, html_reference)
}

/// The same, without a copy in between.
pub fn decode_html_to(text: &str, out: &mut impl Out) {
    match find(text, b'&') {
        Some(first) => write(text, first, html_reference, out),
        None => out.text(text),
    }
}

fn html_reference(text: &str) -> Option<(Value<'static>, usize)> {
    /// Names that browsers take without a semicolon and that people do write so.
    const BARE: [&str; 10] = [
        "nbsp", "amp", "lt", "gt", "quot", "copy", "reg", "pound", "shy", "middot",
    ];
    if let Some((c, length)) = predefined(text.as_bytes()) {
        return Some((Value::Chars(c, None), length));
    }
    if let Some(found) = numeric(text) {
        return Some(found);
    }
    let name = name(text)?;
    // `?a=1&copy=2` is an address, not a sign.
    let bare = BARE.contains(&name) && text.as_bytes().get(name.len() + 1) != Some(&b'=');
    (bare || name.ends_with(';')).then(|| named(name))?
}

/// The references every document may use, and most do.
fn predefined(bytes: &[u8]) -> Option<(char, usize)> {
    match bytes {
        [_, b'l', b't', b';', ..] => Some(('<', 4)),
        [_, b'g', b't', b';', ..] => Some(('>', 4)),
        [_, b'a', b'm', b'p', b';', ..] => Some(('&', 5)),
        [_, b'q', b'u', b'o', b't', b';', ..] => Some(('"', 6)),
        [_, b'n', b'b', b's', b'p', b';', ..] => Some(('\u{a0}', 6)),
        [_, b'a', b'p', b'o', b's', b';', ..] => Some(('\'', 6)),
        _ => None,
    }
}

/// `&#8217;` or `&#x2019;` (or `&#X2019;`), with or without a semicolon.
fn numeric(text: &str) -> Option<(Value<'static>, usize)> {
    let body = text.strip_prefix("&#")?;
    let (digits, radix, prefix) = match body.strip_prefix(['x', 'X']) {
        Some(rest) => (rest, 16, 3),
        None => (body, 10, 2),
    };
    let count = digits
        .bytes()
        .take(32)
        .take_while(|b| char::from(*b).is_digit(radix))
        .count();
    if count == 0 {
        return None;
    }
    let code = u32::from_str_radix(&digits[..count], radix).unwrap_or(u32::MAX);
    let semicolon = usize::from(digits.as_bytes().get(count) == Some(&b';'));
    let c = match char::from_u32(code) {
        Some('\0') | None => char::REPLACEMENT_CHARACTER,
        Some(c @ ('\t' | '\n' | '\r')) => c,
        Some('\u{1}'..='\u{1f}' | '\u{7f}') => ' ',
        Some(c @ '\u{80}'..='\u{9f}') => windows_1252(c),
        Some(c) => c,
    };
    Some((Value::Chars(c, None), prefix + count + semicolon))
}

/// The name after a `&`, with its semicolon if there is one.
fn name(text: &str) -> Option<&str> {
    let body = &text.as_bytes()[1..];
    let length = body
        .iter()
        .take(MAX_NAME)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'))
        .count();
    let end = length + usize::from(body.get(length) == Some(&b';'));
    (length > 0 && body[0].is_ascii_alphabetic()).then(|| &text[1..=end])
}

/// What a name of HTML stands for, and the length of the reference.
fn named(name: &str) -> Option<(Value<'static>, usize)> {
    let (first, second) = match name {
        // HTML 4 and feeds mean these two; HTML 5 moved them to mathematical brackets.
        "lang;" => (0x2329, 0),
        "rang;" => (0x232a, 0),
        _ => *web_atoms::NAMED_ENTITIES.get(name)?,
    };
    let character = |code| char::from_u32(code).filter(|c| *c != '\0');
    let value = Value::Chars(character(first)?, character(second));
    Some((value, name.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_references_are_decoded() {
        let none = Entities::default();
        for (text, meant) in [
            ("AT&T &amp; Q&A; x&y=1&lt=2", "AT&T & Q&A; x&y=1&lt=2"),
            ("&#65;&#x41;&#X41;&#146;&#8217", "AAA’’"),
            (
                "&nbsp;&eacute;&lang;&doesnotexist;",
                "\u{a0}é\u{2329}&doesnotexist;",
            ),
            (
                "&#0;&#xD800;&#99999999999999;&#;&#x;&",
                "\u{fffd}\u{fffd}\u{fffd}&#;&#x;&",
            ),
        ] {
            assert_eq!(none.decode(text), meant, "{text}");
        }
        assert_eq!(
            none.decode_markup("&lt;b&gt; &eacute;&#60;"),
            "&lt;b&gt; é&#60;"
        );
        assert_eq!(
            decode_html("a&nbsp b &copy 1 ?a=1&copy=2 &amp;lt;"),
            "a\u{a0} b © 1 ?a=1&copy=2 &lt;"
        );
    }

    #[test]
    fn declared_entities_are_expanded_under_limits() {
        let mut laughs = String::from("rss [<!ENTITY l0 'lol'>");
        for level in 1..20 {
            let body = format!("&l{};", level - 1).repeat(10);
            laughs.extend([format!("<!ENTITY l{level} \"{body}\">")]);
        }
        laughs.push(']');
        let mut entities = Entities::default();
        entities.declare(&laughs);
        assert_eq!(
            entities.decode("&l0;&l1;"),
            format!("lol{}", "lol".repeat(10))
        );
        assert!(entities.decode(&"&l2;".repeat(10_000)).len() < MAX_EXPANDED + 50_000);
        assert!(entities.decode("&l19;").len() < 100);
        let mut external = Entities::default();
        external.declare("rss [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY % p 'q'>]");
        assert_eq!(external.decode("&x;&p;"), "&x;&p;");
    }
}
