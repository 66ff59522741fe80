//! Pieces of markup that depend on the language of the page around them.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html, HtmlSafe};
use askama::{FastWritable, Values};
use discover_model::{Direction, Language};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::dates;
use super::locale::Locale;

/// ` lang="cy" dir="ltr"` of the page itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageLanguage;

impl PageLanguage {
    fn write(self, dest: &mut dyn Write, page: Locale) -> fmt::Result {
        let direction = page.direction().as_str();
        write!(dest, " lang=\"{}\" dir=\"{direction}\"", page.tag())
    }
}

impl fmt::Display for PageLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Locale::English)
    }
}

impl FastWritable for PageLanguage {
    fn write_into(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        Ok(self.write(dest, Locale::of(values))?)
    }
}

impl HtmlSafe for PageLanguage {}

/// ` lang="ur" dir="rtl"`; nothing for the page's own language; ` dir="auto"` where the language is unknown.
pub(crate) fn attrs(dest: &mut dyn Write, page: Locale, language: Option<Language>) -> fmt::Result {
    let Some(language) = language else {
        return dest.write_str(" dir=\"auto\"");
    };
    if language.as_str() == page.code() {
        return Ok(());
    }
    write!(dest, " lang=\"{language}\"")?;
    match (language.direction(), page.direction()) {
        (Direction::Rtl, Direction::Ltr) => dest.write_str(" dir=\"rtl\""),
        (Direction::Ltr, Direction::Rtl) => dest.write_str(" dir=\"ltr\""),
        _ => Ok(()),
    }
}

/// Text within a list or a sentence of the page's own language.
pub(crate) fn bdi(
    dest: &mut dyn Write,
    page: Locale,
    text: &str,
    language: Option<Language>,
) -> fmt::Result {
    dest.write_str("<bdi")?;
    // bdi finds the direction of unknown text itself.
    if language.is_some() {
        attrs(dest, page, language)?;
    }
    dest.write_char('>')?;
    Html.write_escaped_str(&mut *dest, text)?;
    dest.write_str("</bdi>")
}

/// `<time>` of a whole day.
pub(crate) fn day(dest: &mut dyn Write, page: Locale, date: Date) -> fmt::Result {
    write!(
        dest,
        "<time datetime=\"{date}\">{}</time>",
        dates::day(page, date)
    )
}

/// `<time>` of a moment, which is this by the clocks of the instance's time zone.
pub(crate) fn moment(
    dest: &mut dyn Write,
    page: Locale,
    at: Timestamp,
    local: DateTime,
) -> fmt::Result {
    write!(
        dest,
        "<time datetime=\"{at}\">{}</time>",
        dates::moment(page, local)
    )
}
