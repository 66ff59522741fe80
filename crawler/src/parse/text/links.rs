//! The links of a text: resolved, http(s) only, each once, bounded.

use memchr::memmem;
use url::Url;

use crate::prepare::entities::decode_html;

/// Most links kept of one text.
pub const MAX_LINKS: usize = 50;

#[derive(Default)]
pub(super) struct Links {
    pub(super) found: Vec<Url>,
}

impl Links {
    pub(super) fn add(&mut self, link: &str, base: &Url) {
        if self.found.len() >= MAX_LINKS || link.len() > 4096 {
            return;
        }
        let link = decode_html(link.trim());
        if link.is_empty() || link.starts_with('#') {
            return;
        }
        if let Ok(url) = base.join(&link) {
            self.push(url);
        }
    }

    fn push(&mut self, url: Url) {
        let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        if web && !self.found.contains(&url) {
            self.found.push(url);
        }
    }

    /// Addresses that stand in the text itself.
    pub(super) fn bare(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = memmem::find(rest.as_bytes(), b"://") {
            if self.found.len() >= MAX_LINKS {
                return;
            }
            let before = &rest[..at];
            let start = if before.ends_with("https") {
                at - 5
            } else if before.ends_with("http") {
                at - 4
            } else {
                rest = &rest[at + 3..];
                continue;
            };
            let address = &rest[start..];
            let end = address
                .find(|c: char| {
                    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | '«' | '»' | '“' | '”')
                })
                .unwrap_or(address.len());
            let mut address = &address[..end];
            loop {
                let trimmed = address
                    .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '…', ']']);
                // A closing bracket belongs to the address only if it was opened there.
                address = match trimmed.strip_suffix(')') {
                    Some(inner) if !inner.contains('(') => inner,
                    _ if trimmed.len() == address.len() => break,
                    _ => trimmed,
                };
            }
            if address.len() <= 4096
                && let Ok(url) = Url::parse(address)
            {
                self.push(url);
            }
            rest = &rest[start + end..];
        }
    }
}
