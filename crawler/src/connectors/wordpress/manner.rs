//! How a site's data interface lets itself be asked: sites differ in what they answer to.

use serde::{Deserialize, Serialize};
use url::Url;

/// What a site answers to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Manner {
    /// `?rest_route=`, where addresses are plain.
    pub(super) route: bool,
    /// Without an order, which some servers refuse.
    pub(super) simple: bool,
    /// Rows of a page; 0 is the usual hundred.
    rows: u8,
}

impl Manner {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn rows(self) -> u32 {
        match self.rows {
            0 => ROWS,
            rows => u32::from(rows),
        }
    }

    /// The address of `path` below the interface, with what is asked.
    pub(super) fn url(self, base: &Url, path: &str, query: &str) -> Result<Url, url::ParseError> {
        if self.route {
            base.join(&format!("?rest_route=/wp/v2/{path}&{query}"))
        } else {
            base.join(&format!("wp-json/wp/v2/{path}?{query}"))
        }
    }

    /// The next manner to try after an answer of this status, where there is one.
    pub(super) fn after(self, status: u16) -> Option<Self> {
        match status {
            404 if !self.route => Some(Self {
                route: true,
                ..self
            }),
            400 if !self.simple => Some(Self {
                simple: true,
                ..self
            }),
            400 | 500 | 502 | 504 => self.smaller(),
            _ => None,
        }
    }

    pub(super) fn smaller(self) -> Option<Self> {
        let rows = match self.rows {
            0 => 20,
            20 => 5,
            _ => return None,
        };
        Some(Self { rows, ..self })
    }
}

/// Rows of a page.
const ROWS: u32 = 100;
