//! The languages of the pages: which one a reader sees, and what everything is called in it (ADR 55).
//!
//! Contract: whoever makes a page puts [`Msg`]s into it, keys with what they speak of; words are chosen when the page is
//! rendered, by the [`Locale`] among askama's runtime values. The API, feeds and files are in English and read nothing here.
//! A message is ours and may hold markup; what it is given from elsewhere is escaped.

pub(crate) mod block;
mod catalogue;
mod dates;
pub(crate) mod filters;
mod locale;
pub(crate) mod markup;
mod message;
mod request;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use locale::{Locale, asked, code};
pub use locale::{Locales, LocalesError};
pub(crate) use message::{Arg, AsArg, Msg, msg};
#[cfg(test)]
pub(crate) use request::within;
pub(crate) use request::{Site, Switch, branding, layer, prefix, render};
