//! Pictures as SVG made on the server: sparkline, timeline, map of topics.
//!
//! Contract: pure; the same data gives the same bytes. No inline style: colours come from classes in the style
//! sheet. Every picture that says something has a title, a description and the rows of a table twin; the page prints
//! the twin directly below. All text goes through the template engine's escaping.

pub(crate) mod compared;
pub(crate) mod dots;
pub(crate) mod file;
pub(crate) mod label;
pub(crate) mod map;
mod notes;
mod panel;
pub(crate) mod qr;
pub(crate) mod spark;
pub(crate) mod timeline;

use std::fmt;

/// A length in a picture's own units, written with at most one decimal.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Px(pub(crate) f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = if self.0.is_finite() {
            (self.0 * 10.0).round() as i64
        } else {
            0
        };
        let (sign, tenths) = if tenths < 0 {
            ("-", -tenths)
        } else {
            ("", tenths)
        };
        if tenths % 10 == 0 {
            write!(f, "{sign}{}", tenths / 10)
        } else {
            write!(f, "{sign}{}.{}", tenths / 10, tenths % 10)
        }
    }
}

// Digits, a point and a minus sign need no escaping.
impl askama::filters::HtmlSafe for Px {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short_and_never_break_a_picture() {
        let written: Vec<String> = [0.0, 1.0, 1.04, 1.06, -0.26, 99.95, f64::NAN]
            .into_iter()
            .map(|value| Px(value).to_string())
            .collect();
        assert_eq!(written, ["0", "1", "1", "1.1", "-0.3", "100", "0"]);
    }
}
