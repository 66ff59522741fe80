//! Pieces of markup that carry a language, a direction or a time. Each escapes what it is given.

use std::fmt::{self, Write};

use askama::filters::HtmlSafe;
use askama::{FastWritable, Template, Values};
use discover_model::{Direction, Language};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::i18n::{Arg, AsArg, Locale, markup};

/// Prints by the language of the page; in English for what knows no page.
macro_rules! by_page {
    ($($kind:ty),+) => {$(
        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.write(f, Locale::English)
            }
        }

        impl FastWritable for $kind {
            fn write_into(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
                Ok(self.write(dest, Locale::of(values))?)
            }
        }

        impl HtmlSafe for $kind {}
    )+};
}

by_page!(Attrs, Bdi<'_>, Day, Moment);

/// Somebody else's words, with the language they are in where it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) language: Option<Language>,
}

impl Text {
    pub(crate) fn new(text: impl Into<String>, language: Option<Language>) -> Self {
        Self {
            text: text.into(),
            language,
        }
    }

    /// For names, whose language nobody declares.
    pub(crate) fn unknown(text: impl Into<String>) -> Self {
        Self::new(text, None)
    }

    /// Attributes of the element the text stands in.
    pub(crate) fn attrs(&self) -> Attrs {
        Attrs(self.language)
    }

    /// The text within a list or a sentence of the page's own language.
    pub(crate) fn bdi(&self) -> Bdi<'_> {
        Bdi(self)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl AsArg for Text {
    fn as_arg(&self) -> Arg {
        Arg::Foreign(self.text.clone(), self.language)
    }
}

/// ` lang="ur" dir="rtl"`; nothing for the page's own language; ` dir="auto"` where the language is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attrs(Option<Language>);

impl Attrs {
    fn write(self, dest: &mut dyn Write, page: Locale) -> fmt::Result {
        markup::attrs(dest, page, self.0)
    }
}

#[derive(Debug)]
pub(crate) struct Bdi<'a>(&'a Text);

impl Bdi<'_> {
    fn write(&self, dest: &mut dyn Write, page: Locale) -> fmt::Result {
        markup::bdi(dest, page, &self.0.text, self.0.language)
    }
}

impl AsArg for Bdi<'_> {
    fn as_arg(&self) -> Arg {
        self.0.as_arg()
    }
}

/// A language by its own name.
#[derive(Debug, Template, Clone, Copy, PartialEq, Eq)]
#[template(
    source = r#"<span class="tag" lang="{{ code }}"{% if rtl %} dir="rtl"{% endif %}>{{ language.endonym() }}</span>"#,
    ext = "html"
)]
pub(crate) struct Tag {
    language: Language,
    code: Language,
    rtl: bool,
}

impl HtmlSafe for Tag {}

impl Tag {
    pub(crate) fn new(language: Language) -> Self {
        Self {
            language,
            code: language,
            rtl: language.direction() == Direction::Rtl,
        }
    }
}

/// `<time>` of a whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) Date);

impl Day {
    pub(crate) fn of(at: Timestamp, zone: &TimeZone) -> Self {
        Self(at.to_zoned(zone.clone()).date())
    }
}

impl Day {
    fn write(self, dest: &mut dyn Write, page: Locale) -> fmt::Result {
        markup::day(dest, page, self.0)
    }
}

impl AsArg for Day {
    fn as_arg(&self) -> Arg {
        Arg::Day(self.0)
    }
}

/// `<time>` of a moment, in the instance's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    at: Timestamp,
    local: DateTime,
}

impl Moment {
    pub(crate) fn new(at: Timestamp, zone: &TimeZone) -> Self {
        Self {
            at,
            local: at.to_zoned(zone.clone()).datetime(),
        }
    }

    fn write(self, dest: &mut dyn Write, page: Locale) -> fmt::Result {
        markup::moment(dest, page, self.at, self.local)
    }
}

impl AsArg for Moment {
    fn as_arg(&self) -> Arg {
        Arg::Moment(self.at, self.local)
    }
}

/// A text cut into marked and plain parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) text: String,
    pub(crate) marked: bool,
}

/// Cuts `text` at `marks` (code points, half-open). Marks that overlap, lie outside or run backwards are narrowed
/// or dropped: nothing is lost and nothing doubled.
pub(crate) fn parts(text: &str, marks: &[(usize, usize)]) -> Vec<Part> {
    let chars: Vec<char> = text.chars().collect();
    let mut sorted = marks.to_vec();
    sorted.sort_unstable();
    let mut parts = Vec::with_capacity(sorted.len() * 2 + 1);
    let mut at = 0;
    let mut push = |from: usize, to: usize, marked: bool| {
        if from < to {
            parts.push(Part {
                text: chars[from..to].iter().collect(),
                marked,
            });
        }
    };
    for (start, end) in sorted {
        let (start, end) = (start.max(at), end.min(chars.len()));
        if start >= end {
            continue;
        }
        push(at, start, false);
        push(start, end, true);
        at = end;
    }
    push(at, chars.len(), false);
    parts
}

/// An address that may stand in a link: http or https only, so that nothing foreign is ever run.
pub(crate) fn outside(address: &str) -> Option<String> {
    let url = url::Url::parse(address.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| url.to_string())
}

/// The host of an address, for naming where a link leads.
pub(crate) fn host(address: &str) -> Option<String> {
    url::Url::parse(address).ok()?.host_str().map(str::to_owned)
}

/// Plain and `code` parts of a sentence written with backticks.
pub(crate) fn code_parts(sentence: &str) -> Vec<Part> {
    sentence
        .split('`')
        .enumerate()
        .filter(|(_, text)| !text.is_empty())
        .map(|(n, text)| Part {
            text: text.to_owned(),
            marked: n % 2 == 1,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(code: &str) -> Option<Language> {
        code.parse().ok()
    }

    #[test]
    fn foreign_text_carries_language_and_direction_and_is_escaped() {
        let urdu = Text::new("خون <b>", language("ur"));
        assert_eq!(urdu.attrs().to_string(), " lang=\"ur\" dir=\"rtl\"");
        assert_eq!(
            urdu.bdi().to_string(),
            "<bdi lang=\"ur\" dir=\"rtl\">خون &#60;b&#62;</bdi>"
        );
        assert_eq!(Text::new("x", language("en")).attrs().to_string(), "");
        assert_eq!(Text::unknown("x").attrs().to_string(), " dir=\"auto\"");
        assert_eq!(Text::unknown("x").bdi().to_string(), "<bdi>x</bdi>");
    }

    #[test]
    fn marks_cut_code_points_and_bad_marks_do_no_harm() {
        let cut = |marks: &[(usize, usize)]| -> String {
            parts("äbcdé", marks)
                .iter()
                .map(|part| {
                    if part.marked {
                        format!("[{}]", part.text)
                    } else {
                        part.text.clone()
                    }
                })
                .collect()
        };
        assert_eq!(cut(&[(0, 1), (3, 5)]), "[ä]bc[dé]");
        assert_eq!(cut(&[(1, 4), (2, 9)]), "ä[bcd][é]");
        assert_eq!(cut(&[(7, 9), (3, 2)]), "äbcdé");
        assert_eq!(cut(&[]), "äbcdé");
    }

    #[test]
    fn only_web_addresses_become_links() {
        for bad in [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//host/x",
            "/path",
            "https:",
        ] {
            assert_eq!(outside(bad), None, "{bad}");
        }
        assert_eq!(
            outside("https://site.example/a?b=\"c\"").as_deref(),
            Some("https://site.example/a?b=%22c%22")
        );
    }
}
