//! A part of a page that is in English whatever the page is in: it says so, and everything in it is English.

use std::cell::Cell;
use std::fmt::{self, Write};

use askama::filters::HtmlSafe;
use askama::{FastWritable, Values};
use discover_model::Language;

use super::locale::Locale;
use super::markup;

/// Attributes of the element around the part; from here on the page is rendered in English, where this is so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Begins(pub(crate) bool);

/// The end of the part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ends;

fn now(values: &dyn Values) -> Option<&Cell<Locale>> {
    askama::get_value(values, "locale").ok()
}

impl FastWritable for Begins {
    fn write_into(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        if let Some(now) = now(values).filter(|_| self.0) {
            markup::attrs(dest, now.get(), Some(Language::ENGLISH))?;
            now.set(Locale::English);
        }
        Ok(())
    }
}

impl FastWritable for Ends {
    fn write_into(&self, _: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        if let (Some(now), Ok(page)) = (now(values), askama::get_value::<Locale>(values, "page")) {
            now.set(*page);
        }
        Ok(())
    }
}

/// Where no page is around, nothing has to be said.
macro_rules! silent {
    ($($kind:ty),+) => {$(
        impl fmt::Display for $kind {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                Ok(())
            }
        }
    )+};
}

silent!(Begins, Ends);

impl HtmlSafe for Begins {}
impl HtmlSafe for Ends {}
