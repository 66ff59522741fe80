//! A query string, taken apart parameter by parameter, and the cursors of lists.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::problem::{Code, Problem};
use crate::text::kinds;

pub const DEFAULT_LIMIT: usize = 20;
pub const MAX_LIMIT: usize = 100;

/// Most values of one repeatable parameter.
const MAX_VALUES: usize = 32;

pub(super) const SLUG: &str =
    "expected the slug of a network: lower-case letters, digits and hyphens";
pub(super) const LANGUAGE: &str = "expected a language code, such as `en` or `cy`";
pub(super) static KIND: LazyLock<String> = LazyLock::new(kinds::expected);
pub(super) const ID: &str = "expected an id: 26 characters of a-z and 2-7";
const AREA: &str = "expected the slug of an area, such as `council-ashmere`";
const DAY: &str = "expected a day, YYYY-MM-DD";
const LEVEL: &str = "expected a zoom level: 0, 1 or 2";

pub(super) fn day(text: &str) -> Result<Date, &'static str> {
    // jiff reads further forms; the API has one.
    if text.len() != 10 {
        return Err(DAY);
    }
    text.parse().map_err(|_| DAY)
}

/// The slug of an area, such as `council-ashmere`; its name may be in any script.
pub(super) fn area(text: &str) -> Result<String, &'static str> {
    let fits = !text.is_empty()
        && text.chars().count() <= 100
        && text.chars().all(|c| c.is_alphanumeric() || c == '-');
    fits.then(|| text.to_owned()).ok_or(AREA)
}

pub(super) fn level(text: &str) -> Result<u8, &'static str> {
    match text {
        "0" => Ok(0),
        "1" => Ok(1),
        "2" => Ok(2),
        _ => Err(LEVEL),
    }
}

pub(super) fn page_pairs(
    out: &mut url::form_urlencoded::Serializer<'_, String>,
    cursor: Option<&str>,
    limit: usize,
) {
    if limit != DEFAULT_LIMIT {
        out.append_pair("limit", &limit.to_string());
    }
    if let Some(cursor) = cursor {
        out.append_pair("cursor", cursor);
    }
}

/// A decoded query string of which each parameter is taken once; what is left at the end is unknown.
#[derive(Debug)]
pub struct Fields {
    values: BTreeMap<String, Vec<String>>,
    known: Vec<&'static str>,
}

impl Fields {
    pub(super) fn parse(raw: &str) -> Result<Self, Problem> {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for part in raw.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = decode(name)
                .ok_or_else(|| Problem::parameter("", "a parameter's name is not valid text"))?;
            let value = decode(value).ok_or_else(|| {
                Problem::parameter(
                    &short(&name),
                    "the value is not valid percent-encoded UTF-8",
                )
            })?;
            let list = values.entry(name).or_default();
            if !value.is_empty() {
                list.push(value);
            }
        }
        Ok(Self {
            values,
            known: Vec::new(),
        })
    }

    /// As a page reads it: newsletters and social sites add parameters of their own to addresses, in any encoding.
    pub(super) fn parse_liberal(raw: &str) -> Result<Self, Problem> {
        let name = |part: &&str| {
            let name = part.split_once('=').map_or(*part, |(name, _)| name);
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            decode(name).is_some_and(|name| name.bytes().all(plain))
        };
        let ours: Vec<&str> = raw.split('&').filter(name).collect();
        Self::parse(&ours.join("&"))
    }

    pub(super) fn all(&mut self, name: &'static str) -> Vec<String> {
        self.known.push(name);
        self.values.remove(name).unwrap_or_default()
    }

    pub(super) fn one(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        let mut values = self.all(name);
        if values.len() > 1 {
            return Err(Problem::parameter(name, "this parameter can be given once"));
        }
        Ok(values.pop())
    }

    pub(super) fn parsed<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<Option<T>, Problem> {
        self.one(name)?
            .map(|text| read(text.trim()).map_err(|expected| Problem::parameter(name, expected)))
            .transpose()
    }

    pub(super) fn many<T: PartialEq>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<Vec<T>, Problem> {
        let mut found = Vec::new();
        for text in self.all(name) {
            let value = read(text.trim()).map_err(|expected| Problem::parameter(name, expected))?;
            if !found.contains(&value) {
                found.push(value);
            }
            if found.len() > MAX_VALUES {
                return Err(Problem::parameter(
                    name,
                    format!("this parameter can be given {MAX_VALUES} times"),
                ));
            }
        }
        Ok(found)
    }

    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        options: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<T, Problem> {
        let given = self.one(name)?;
        let first = options[0];
        let Some(given) = given else {
            return Ok(first);
        };
        options
            .iter()
            .copied()
            .find(|option| word(*option) == given)
            .ok_or_else(|| {
                let words: Vec<&str> = options.iter().map(|option| word(*option)).collect();
                Problem::parameter(name, format!("expected one of {}", words.join(", ")))
            })
    }

    pub(super) fn cursor(&mut self) -> Result<Option<String>, Problem> {
        let cursor = self.one("cursor")?;
        if cursor.as_ref().is_some_and(|cursor| cursor.len() > 512) {
            return Err(bad_cursor());
        }
        Ok(cursor)
    }

    pub(super) fn limit(&mut self) -> Result<usize, Problem> {
        let expected = "expected a number from 1 to 100";
        self.parsed("limit", |text| {
            text.parse()
                .ok()
                .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                .ok_or(expected)
        })
        .map(|limit| limit.unwrap_or(DEFAULT_LIMIT))
    }

    pub(super) fn finish(self) -> Result<(), Problem> {
        let Some(name) = self.values.into_keys().next() else {
            return Ok(());
        };
        let detail = format!("there is no parameter {:?} here", short(&name));
        let hint = if self.known.is_empty() {
            "this address takes no parameters".to_owned()
        } else {
            format!("there are {}", self.known.join(", "))
        };
        Err(Problem {
            parameter: Some(short(&name)),
            ..Problem::new(Code::UnknownField, detail).with_hint(hint)
        })
    }
}

/// A cursor that this list did not give.
pub fn bad_cursor() -> Problem {
    Problem {
        parameter: Some("cursor".to_owned()),
        ..Problem::new(Code::BadCursor, "the cursor was not given by this list")
    }
}

/// A cursor whose place in the list is gone.
pub fn cursor_expired() -> Problem {
    Problem {
        parameter: Some("cursor".to_owned()),
        ..Problem::new(
            Code::CursorExpired,
            "what the cursor points at is no longer in this list",
        )
        .with_hint("start again without `cursor`")
    }
}

pub(super) fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

/// Strict form decoding: `+` is a space, `%` must be followed by two hex digits, the result must be UTF-8.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                (high * 16 + low) as u8
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// One page out of a list that is at hand: what follows `cursor` (the key of the last item shown), and the next cursor.
pub fn page<'a, T>(
    items: &'a [T],
    cursor: Option<&str>,
    limit: usize,
    key: impl Fn(&T) -> String,
) -> Result<(&'a [T], Option<String>), Problem> {
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            items
                .iter()
                .position(|item| key(item) == cursor)
                .ok_or_else(cursor_expired)?
                + 1
        }
    };
    let end = (start + limit).min(items.len());
    let page = &items[start..end];
    let next = (end < items.len()).then(|| page.last().map(&key)).flatten();
    Ok((page, next))
}
