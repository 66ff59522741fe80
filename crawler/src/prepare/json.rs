//! JSON as servers send it: a byte order mark, notices and comments around it, halves of surrogate pairs, raw control
//! characters, trailing commas, `NaN`. Damage costs the place it stands at.
//!
//! Contract: what is sound is read by `serde_json` alone. Otherwise the bytes are read again by a reader that goes
//! over them once and bounds its depth. An end that was cut off is tolerated in documents alone ([`document`]): of an
//! answer whose silence counts, a part is none.

mod lenient;

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use super::charset;

pub(crate) use lenient::from_value;

/// Deepest nesting read, as `serde_json` bounds it.
const MAX_DEPTH: usize = 128;
/// Places at which a value may begin that are tried behind a notice.
const MAX_STARTS: usize = 32;
/// How far into an answer its value may begin.
const MAX_NOTICE: usize = 64 * 1024;

/// Reads what the bytes hold as JSON. The error is the strict reader's.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let strict = match serde_json::from_slice(bytes) {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    match value(bytes).and_then(from_value) {
        Ok(read) => Ok(read),
        Err(_) => Err(strict),
    }
}

/// The value in the bytes: the whole of them, or the first object or list behind a notice.
pub(crate) fn value(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    let strict = match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let text = charset::decode(bytes, Some("application/json; charset=utf-8"));
    tolerant(&text, false).ok_or(strict)
}

/// The value in a document that no strict reader takes, as far as it came: an element that was cut off is left out, as
/// what is missing of it may be the word that it is not public.
pub(crate) fn document(text: &str) -> Option<Value> {
    tolerant(text, true)
}

fn tolerant(text: &str, cut: bool) -> Option<Value> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.starts_with(['{', '[']) {
        return Reader::read(text, cut).filter(has_something);
    }
    // Behind a notice or comment: the first place at which an object or a list of objects begins.
    let head = &text.as_bytes()[..text.len().min(MAX_NOTICE)];
    let starts = memchr::memchr2_iter(b'{', b'[', head).filter(|at| begins(&text[*at..]));
    starts
        .take(MAX_STARTS)
        .find_map(|at| Reader::read(&text[at..], cut).filter(has_something))
}

/// Whether an object with a name, a list of such, or an empty one begins here: not every bracket of a notice.
fn begins(text: &str) -> bool {
    let mut rest = text.bytes().filter(|b| !b.is_ascii_whitespace());
    match (rest.next(), rest.next()) {
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{')) => true,
        (Some(b'['), Some(b']')) => text.trim_end().len() <= 8,
        _ => false,
    }
}

fn has_something(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

/// What is still open while it is read.
enum Open {
    List(Vec<Value>),
    Object(Map<String, Value>, Option<String>),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// What lacks its end is read as far as it came.
    cut: bool,
}

impl<'a> Reader<'a> {
    fn read(text: &'a str, cut: bool) -> Option<Value> {
        Self { text, at: 0, cut }.value()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over blanks and comments.
    fn blanks(&mut self) {
        loop {
            while self
                .peek()
                .is_some_and(|b| b.is_ascii_whitespace() || b < 0x20)
            {
                self.at += 1;
            }
            let rest = &self.text[self.at..];
            let length = if rest.starts_with("/*") {
                rest.find("*/").map(|at| at + 2)
            } else if rest.starts_with("//") {
                rest.find('\n')
            } else {
                return;
            };
            self.at += length.unwrap_or(rest.len());
        }
    }

    /// One object or list, without recursion. `None` where it is none, or nested too deeply.
    fn value(mut self) -> Option<Value> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.blanks();
            let Some(byte) = self.peek() else {
                return self.cut.then(|| Self::cut_off(open)).flatten();
            };
            let done = match byte {
                b'{' | b'[' => {
                    if open.len() >= MAX_DEPTH {
                        return None;
                    }
                    self.at += 1;
                    open.push(if byte == b'{' {
                        Open::Object(Map::new(), None)
                    } else {
                        Open::List(Vec::new())
                    });
                    continue;
                }
                b'}' | b']' => {
                    self.at += 1;
                    match open.pop()? {
                        Open::List(list) => Value::Array(list),
                        Open::Object(object, _) => Value::Object(object),
                    }
                }
                b',' | b':' => {
                    self.at += 1;
                    continue;
                }
                b'"' => {
                    let Some(text) = self.string() else {
                        return self.cut.then(|| Self::cut_off(open)).flatten();
                    };
                    if let Some(Open::Object(_, name @ None)) = open.last_mut() {
                        *name = Some(text);
                        continue;
                    }
                    Value::String(text)
                }
                _ => {
                    let Some(word) = self.word() else {
                        return self.cut.then(|| Self::cut_off(open)).flatten();
                    };
                    word
                }
            };
            match open.last_mut() {
                None => return Some(done),
                Some(Open::List(list)) => list.push(done),
                Some(Open::Object(object, name)) => {
                    // A value without a name belongs nowhere.
                    object.insert(name.take()?, done);
                }
            }
        }
    }

    /// What is whole of a value whose end is missing. Lists and the objects around them keep what came whole; an object
    /// within a list is left out.
    fn cut_off(open: Vec<Open>) -> Option<Value> {
        let last_list = open.iter().position(|open| matches!(open, Open::List(_)))?;
        let mut inner: Option<Value> = None;
        for level in open.into_iter().take(last_list + 1).rev() {
            inner = Some(match level {
                // A cut element of a list is left out, whatever came whole within it.
                Open::List(list) => Value::Array(list),
                Open::Object(mut object, name) => {
                    if let (Some(name), Some(inner)) = (name, inner) {
                        object.insert(name, inner);
                    }
                    Value::Object(object)
                }
            });
        }
        inner
    }

    /// A text; raw control characters stay, a half of a surrogate pair becomes U+FFFD. `None` where it has no end.
    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = memchr::memchr2(b'"', b'\\', rest.as_bytes())?;
            out.push_str(&rest[..plain]);
            self.at += plain + 1;
            if rest.as_bytes()[plain] == b'"' {
                return Some(out);
            }
            let escaped = self.text[self.at..].chars().next()?;
            self.at += escaped.len_utf8();
            match escaped {
                'b' | 'f' => {}
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'u' => out.push(self.escaped()),
                other => out.push(other),
            }
        }
    }

    fn escaped(&mut self) -> char {
        let Some(first) = self.unit() else {
            return char::REPLACEMENT_CHARACTER;
        };
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let here = self.at;
            self.at += 2;
            match self.unit() {
                Some(second) if (0xdc00..0xe000).contains(&second) => {
                    let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                    return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                }
                _ => self.at = here,
            }
        }
        char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }

    /// A number or a word; what is none of JSON's is null.
    fn word(&mut self) -> Option<Value> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| {
            c.is_whitespace() || matches!(c, ',' | '}' | ']' | ':' | '"' | '{' | '[')
        })?;
        let end = end.max(1).min(rest.len());
        let end = (end..=rest.len()).find(|end| rest.is_char_boundary(*end))?;
        self.at += end;
        let word = &rest[..end];
        Some(match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => word
                .parse::<i64>()
                .map(Number::from)
                .or_else(|_| word.parse::<u64>().map(Number::from))
                .ok()
                .or_else(|| Number::from_f64(word.parse().ok()?))
                .map_or(Value::Null, Value::Number),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    fn read_text(text: &str) -> Value {
        value(text.as_bytes()).expect("JSON")
    }

    #[test]
    fn what_stands_around_a_value_does_not_hide_it() {
        let wanted = json!([{"id": 1}]);
        for around in [
            "\u{feff}[{\"id\":1}]",
            "<br />\n<b>Notice</b>: Undefined index [x] in {y} on line 3<br />\n[{\"id\":1}]",
            "/* cached */ [{\"id\":1}]",
            "[{\"id\":1}]\n<!-- served in 0.1 s -->",
            "[{\"id\":1,}, ]",
        ] {
            assert_eq!(read_text(around), wanted, "{around}");
        }
        for cut in [
            "[{\"id\":1}, {\"id\":2, \"ti",
            "[{\"id\":1}, {\"id\":2, \"tags\": [1, 2",
        ] {
            assert_eq!(document(cut).as_ref(), Some(&wanted), "{cut}");
            assert!(value(cut.as_bytes()).is_err(), "{cut}");
        }
        assert!(value(b"<html><body>{not json}</body></html>").is_err());
        assert!(value(b"").is_err());
    }

    #[test]
    fn damage_costs_the_place_it_stands_at() {
        for (text, wanted) in [
            (
                "{\"a\":\"x \\ud83d\",\"b\":NaN}",
                json!({"a": "x \u{fffd}", "b": null}),
            ),
            (
                "{\"a\":\"one\ntwo\tthree\"}",
                json!({"a": "one\ntwo\tthree"}),
            ),
            (
                "{\"a\":\"\\ud83c\\udf89 \\u00e9\\q\",\"b\":NaN}",
                json!({"a": "🎉 éq", "b": null}),
            ),
        ] {
            assert_eq!(read_text(text), wanted, "{text}");
        }
        let value = value(b"{\"a\":\"caf\xe9\"}").expect("JSON");
        assert_eq!(value, json!({"a": "café"}));
        assert_eq!(value["a"], "café");
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(value(deep.as_bytes()).is_err());
    }

    #[test]
    fn numbers_may_come_as_texts_and_texts_as_numbers() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Line {
            id: u64,
            title: Option<String>,
            hidden: Option<bool>,
        }
        let line: Line = read(b"{\"id\":\"12\",\"title\":7,\"hidden\":1}").expect("a line");
        assert_eq!(
            line,
            Line {
                id: 12,
                title: Some("7".into()),
                hidden: Some(true)
            }
        );
    }
}
