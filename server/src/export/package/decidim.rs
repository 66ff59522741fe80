//! One proposal for Decidim's import of proposals from a file: JSON, as its own reader takes it.
//!
//! An imported proposal is official, so its body is HTML: paragraphs, a list and links, every foreign text escaped.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{COPIED, File, JSON, because, heading, seeds};
use crate::feeds::xml::escape;
use crate::problem::Problem;
use crate::shapes::Package;
use crate::text::inline::outside;
use crate::text::{coordinated, words};

/// The language of a site whose own is not said.
pub(super) const LOCALE: &str = "en";
/// Quotations of a proposal.
const MOST: usize = 10;
/// Longest title that Decidim's own form takes.
const TITLE: usize = 150;

/// The proposal, under the columns of a site whose own language is `locale`.
pub(super) fn file(package: &Package, locale: &str) -> Result<File, Problem> {
    // Columns are read off the first object.
    let proposal = BTreeMap::from([
        (format!("title/{locale}"), title(package)),
        (format!("body/{locale}"), body(package)),
    ]);
    let bytes = serde_json::to_vec_pretty(&[proposal]);
    let (quotations, copied) = seeds(package);
    let all = quotations.len();
    Ok(File {
        name: "decidim.json",
        media: JSON,
        bytes: bytes.map_err(|error| Problem::internal(&error))?,
        quotations: all.min(MOST) as u64,
        left_out: all.saturating_sub(MOST) as u64 + copied,
        because: because(&[
            (copied, COPIED),
            (
                all.saturating_sub(MOST) as u64,
                "a proposal quotes the first ten",
            ),
        ]),
    })
}

/// `ca`, `pt-BR`: how Decidim names a language.
pub(super) fn is_locale(text: &str) -> bool {
    let (language, region) = text.split_once('-').unwrap_or((text, "AA"));
    let letters = |text: &str, of: fn(&char) -> bool| text.chars().all(|sign| of(&sign));
    (2..=3).contains(&language.len())
        && letters(language, char::is_ascii_lowercase)
        && region.len() == 2
        && letters(region, char::is_ascii_uppercase)
}

fn title(package: &Package) -> String {
    let title = heading(package);
    if title.chars().count() <= TITLE {
        return title;
    }
    let cut: String = title.chars().take(TITLE - 1).collect();
    format!("{}…", cut.trim_end())
}

fn body(package: &Package) -> String {
    let mut out = String::new();
    if let Some(sign) = coordinated::sentence(package.coordinated.as_ref()) {
        let _ = write!(out, "<p>{}</p>", escape(&sign));
    }
    let _ = write!(
        out,
        "<p>{} about this, as {} found on {}. In people’s words, from {}:</p><ul>",
        words::of(
            package.once(),
            "public conversation",
            "public conversations"
        ),
        escape(&package.instance),
        words::day(package.check.made),
        words::networks(package.networks.len() as u64),
    );
    let (quotations, _) = seeds(package);
    for one in quotations.into_iter().take(MOST) {
        let mut networks = package.networks.iter();
        let network = networks.find(|network| network.slug == one.network);
        let name = network.map_or(one.network.as_str(), |network| network.name.as_str());
        let day = one.day.map(|day| format!(", {}", words::day(day)));
        let _ = write!(
            out,
            "<li>“{}” {}{} {}",
            escape(&one.text),
            escape(name),
            day.unwrap_or_default(),
            link(&one.page, "reference"),
        );
        let original = outside(&one.url);
        if let Some(original) = original.filter(|at| one.links_to.is_none() && *at != one.page) {
            let _ = write!(out, ", {}", link(&original, "original"));
        }
        out.push_str("</li>");
    }
    let _ = write!(
        out,
        "</ul><p>Quoted as written, personal details taken out. Nobody who is quoted made this proposal or was asked about it. {}</p>",
        link(&package.url, "All of it, with figures and who is missing"),
    );
    out
}

fn link(href: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(href), escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_named_as_decidim_names_it() {
        for locale in ["en", "ca", "pt-BR", "ast"] {
            assert!(is_locale(locale), "{locale}");
        }
        for wrong in ["", "e", "EN", "en-gb", "en-GBR", "e/n", "en-", "../x"] {
            assert!(!is_locale(wrong), "{wrong}");
        }
    }
}
