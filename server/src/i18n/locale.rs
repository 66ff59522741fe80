//! The languages that the pages are kept in, and which of them a reader would rather have.

use std::cell::Cell;
use std::cmp::Reverse;

use askama::Values;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use discover_model::{Direction, Language};

/// Languages of a request that are looked at.
const MOST: usize = 16;

/// A language of the interface. English is complete by definition: it is what others are made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Locale {
    #[default]
    English,
    Welsh,
    Urdu,
}

impl Locale {
    pub(crate) const ALL: [Self; 3] = [Self::English, Self::Welsh, Self::Urdu];

    /// As it stands in addresses.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Welsh => "cy",
            Self::Urdu => "ur",
        }
    }

    /// As it stands in `lang` of a page.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            other => other.code(),
        }
    }

    /// Its name in itself.
    pub(crate) const fn endonym(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Welsh => "Cymraeg",
            Self::Urdu => "اردو",
        }
    }

    pub(crate) const fn direction(self) -> Direction {
        match self {
            Self::Urdu => Direction::Rtl,
            Self::English | Self::Welsh => Direction::Ltr,
        }
    }

    pub(crate) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.code() == code)
    }

    /// The language that this part of a page is rendered in; English where nothing was said.
    pub(crate) fn of(values: &dyn Values) -> Self {
        askama::get_value::<Cell<Self>>(values, "locale")
            .map(Cell::get)
            .unwrap_or_default()
    }
}

/// The code of a language that pages are kept in, where this is one.
pub(crate) fn code(code: &str) -> Option<&'static str> {
    Locale::of_code(code).map(Locale::code)
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocalesError {
    #[error("{0:?} is no language that pages are kept in: there are en, cy and ur")]
    Unknown(String),
    #[error("{0:?} is named twice")]
    Twice(String),
    #[error("English must be among them, as some pages are in English alone: add \"en\"")]
    NoEnglish,
}

/// The languages that an instance offers its pages in. Never empty, and English is among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locales(Vec<Locale>);

impl Default for Locales {
    fn default() -> Self {
        Self(Locale::ALL.to_vec())
    }
}

impl Locales {
    /// By their codes, such as `en`; the first is what a reader gets whose browser asks for none of them.
    pub fn new(codes: &[&str]) -> Result<Self, LocalesError> {
        let mut offered = Vec::new();
        for code in codes {
            let locale =
                Locale::of_code(code).ok_or_else(|| LocalesError::Unknown((*code).to_owned()))?;
            if offered.contains(&locale) {
                return Err(LocalesError::Twice((*code).to_owned()));
            }
            offered.push(locale);
        }
        if offered.contains(&Locale::English) {
            Ok(Self(offered))
        } else {
            Err(LocalesError::NoEnglish)
        }
    }

    pub(super) fn offer(&self, locale: Locale) -> bool {
        self.0.contains(&locale)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Locale> {
        self.0.iter().copied()
    }

    /// The first of these languages that is offered.
    pub(super) fn best(&self, asked: &[Language]) -> Locale {
        let offered = |language: &Language| {
            Locale::of_code(language.as_str()).filter(|locale| self.offer(*locale))
        };
        let first = self.0.first().copied().unwrap_or_default();
        asked.iter().find_map(offered).unwrap_or(first)
    }
}

/// Languages that a reader asked for, best first (RFC 9110, 12.5.4); empty where none was named.
pub(crate) fn asked(headers: &HeaderMap) -> Vec<Language> {
    let given = headers.get(ACCEPT_LANGUAGE);
    let given = given.and_then(|value| value.to_str().ok());
    let mut asked: Vec<(u16, Language)> = given
        .unwrap_or_default()
        .split(',')
        .take(MOST)
        .filter_map(range)
        .collect();
    asked.sort_by_key(|(weight, _)| Reverse(*weight));
    asked.into_iter().map(|(_, language)| language).collect()
}

/// One language range with its weight in thousandths; none where it is refused (`q=0`) or names no language.
fn range(range: &str) -> Option<(u16, Language)> {
    let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
    let weight: f32 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
    let thousandths = (weight.clamp(0.0, 1.0) * 1000.0) as u16;
    (thousandths > 0).then_some((thousandths, Language::from_tag(tag)?))
}
