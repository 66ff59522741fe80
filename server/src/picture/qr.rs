//! An address as a QR code, for paper.

use std::fmt::Write as _;

use crate::i18n::filters;
use askama::Template;
use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// A code as rows of dark runs; empty where the address is too long for one.
#[derive(Debug, Template)]
#[template(path = "picture/qr.svg", escape = "html")]
pub(crate) struct Qr {
    size: usize,
    /// Start and length of each run of dark modules: `M4 4.5h7`.
    path: String,
}

impl askama::filters::HtmlSafe for Qr {}

impl Qr {
    pub(crate) fn new(address: &str) -> Self {
        let Ok(code) = QrCode::with_error_correction_level(address, EcLevel::M) else {
            return Self::none();
        };
        let width = code.width();
        let modules = code.to_colors();
        let mut path = String::new();
        for (y, row) in modules.chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] == Color::Dark {
                    let (left, top) = (x + QUIET, y + QUIET);
                    let _ = write!(path, "M{left} {top}.5h{}", run.len());
                }
                x += run.len();
            }
        }
        Self {
            size: width + 2 * QUIET,
            path,
        }
    }

    /// No code.
    pub(crate) fn none() -> Self {
        Self {
            size: 0,
            path: String::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.path.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_quiet_zone_and_too_long_an_address_has_none() {
        let code = Qr::new("https://discover.example/topics/aaaaaaaaaaaaaaaaaaaaaaaaae");
        let right = code.size - QUIET - 7;
        assert!(code.path.starts_with("M4 4.5h7"), "{}", code.path);
        for corner in [format!("M{right} 4.5h7"), format!("M4 {right}.5h7")] {
            assert!(code.path.contains(&corner), "{corner}: {}", code.path);
        }
        assert!(Qr::new(&"x".repeat(8_000)).is_empty());
    }
}
