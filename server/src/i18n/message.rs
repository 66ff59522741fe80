//! A message: a key of the catalogue, and what it speaks of.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html, HtmlSafe};
use askama::{FastWritable, Values};
use discover_model::Language;
use fluent_bundle::{FluentArgs, FluentValue};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::locale::Locale;
use super::{catalogue, markup};
use crate::text::words;

/// Words of a page. Prints as HTML: what is not ours is escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Msg {
    /// Words that are the same in every language: names, numbers, what somebody typed.
    Text(String),
    /// English that the catalogue does not hold, marked as English on other pages. Not for attributes.
    English(String),
    Key {
        key: &'static str,
        args: Vec<(&'static str, Arg)>,
        /// Whether it begins a sentence.
        begins: bool,
    },
}

/// What a message speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Arg {
    /// Printed with its thousands apart; chooses among plural forms.
    Count(u64),
    Text(String),
    /// A place in a list.
    Ordinal(u64),
    Msg(Box<Msg>),
    /// A day in words.
    Date(Date),
    /// A day without its year.
    ShortDay(Date),
    /// A day, of which what it shares with the second need not be said.
    First(Date, Date),
    /// A month of a year, short and in full.
    ShortMonth(Date),
    Month(Date),
    /// A day as `<time>`.
    Day(Date),
    Moment(Timestamp, DateTime),
    /// Somebody else's words, in `<bdi>`.
    Foreign(String, Option<Language>),
}

/// What can be spoken of.
pub(crate) trait AsArg {
    fn as_arg(&self) -> Arg;
}

impl<T: AsArg + ?Sized> AsArg for &T {
    fn as_arg(&self) -> Arg {
        (**self).as_arg()
    }
}

impl AsArg for u64 {
    fn as_arg(&self) -> Arg {
        Arg::Count(*self)
    }
}

impl AsArg for u16 {
    fn as_arg(&self) -> Arg {
        Arg::Count(u64::from(*self))
    }
}

impl AsArg for usize {
    fn as_arg(&self) -> Arg {
        Arg::Count(*self as u64)
    }
}

impl AsArg for str {
    fn as_arg(&self) -> Arg {
        Arg::Text(self.to_owned())
    }
}

impl AsArg for String {
    fn as_arg(&self) -> Arg {
        Arg::Text(self.clone())
    }
}

impl AsArg for Date {
    fn as_arg(&self) -> Arg {
        Arg::Date(*self)
    }
}

impl AsArg for Msg {
    fn as_arg(&self) -> Arg {
        Arg::Msg(Box::new(self.clone()))
    }
}

impl AsArg for Arg {
    fn as_arg(&self) -> Arg {
        self.clone()
    }
}

impl From<&str> for Msg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Msg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Msg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

/// `msg!("key", count = 3)`: the message of the catalogue, with what it speaks of.
macro_rules! msg {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::i18n::Msg::Key {
            key: $key,
            args: vec![$((stringify!($name), $crate::i18n::AsArg::as_arg(&$value))),*],
            begins: false,
        }
    };
}
pub(crate) use msg;

impl Msg {
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl AsArg) -> Self {
        if let Self::Key { args, .. } = &mut self {
            args.push((name, value.as_arg()));
        }
        self
    }

    /// The same at the start of a sentence.
    #[must_use]
    pub(crate) fn sentence(mut self) -> Self {
        if let Self::Key { begins, .. } = &mut self {
            *begins = true;
        }
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) | Self::English(text) if text.is_empty())
    }

    /// As HTML, in this language.
    #[cfg(test)]
    pub(crate) fn html(&self, locale: Locale) -> String {
        let mut html = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut html, locale);
        html
    }

    pub(super) fn write(&self, dest: &mut dyn Write, locale: Locale) -> fmt::Result {
        match self {
            Self::Text(text) => escaped(dest, text),
            Self::English(text) => match locale {
                Locale::English => escaped(dest, text),
                _ => {
                    dest.write_str("<span")?;
                    markup::attrs(dest, locale, Some(Language::ENGLISH))?;
                    dest.write_char('>')?;
                    escaped(dest, text)?;
                    dest.write_str("</span>")
                }
            },
            Self::Key { key, args, begins } => {
                let mut fluent = FluentArgs::with_capacity(args.len());
                for (name, arg) in args {
                    fluent.set(*name, arg.value(locale));
                }
                let text = catalogue::format(locale, key, &fluent);
                if *begins {
                    let mut chars = text.chars();
                    if let Some(first) = chars.next() {
                        write!(dest, "{}", first.to_uppercase())?;
                    }
                    dest.write_str(chars.as_str())
                } else {
                    dest.write_str(&text)
                }
            }
        }
    }
}

impl Arg {
    fn value(&self, locale: Locale) -> FluentValue<'static> {
        if let Self::Count(count) = self {
            return FluentValue::from(*count);
        }
        let mut html = String::new();
        let _ = self.write(&mut html, locale);
        FluentValue::from(html)
    }

    fn write(&self, html: &mut String, locale: Locale) -> fmt::Result {
        match self {
            Self::Count(count) => write!(html, "{count}"),
            Self::Text(text) => escaped(html, text),
            Self::Ordinal(place) => html.write_str(&match locale {
                Locale::English => words::ordinal(*place),
                Locale::Welsh | Locale::Urdu => words::exact(*place),
            }),
            Self::Msg(msg) => msg.write(html, locale),
            Self::Date(date) => html.write_str(&super::dates::day(locale, *date)),
            Self::First(from, to) => html.write_str(&super::dates::first(locale, *from, *to)),
            Self::ShortDay(date) => html.write_str(&super::dates::short_day(locale, *date)),
            Self::ShortMonth(date) => html.write_str(&super::dates::short_month(locale, *date)),
            Self::Month(date) => html.write_str(&super::dates::month(locale, *date)),
            Self::Day(date) => markup::day(html, locale, *date),
            Self::Moment(at, local) => markup::moment(html, locale, *at, *local),
            Self::Foreign(text, language) => markup::bdi(html, locale, text, *language),
        }
    }
}

fn escaped(dest: &mut (impl Write + ?Sized), text: &str) -> fmt::Result {
    Html.write_escaped_str(dest, text)
}

/// In English, for what knows no page.
impl fmt::Display for Msg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Locale::English)
    }
}

impl FastWritable for Msg {
    fn write_into(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        Ok(self.write(dest, Locale::of(values))?)
    }
}

impl HtmlSafe for Msg {}
