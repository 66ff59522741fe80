//! A tray as Markdown (CommonMark), for mails, minutes and wikis, in English.

use std::fmt::Write as _;

use super::sentences;
use crate::i18n::msg;
use crate::pages::brief::markdown::escaped;
use crate::shapes::Tray;
use crate::text::words;

/// The same as the brief, every quotation whole.
pub(super) fn of(tray: &Tray, runs: &str) -> String {
    let mut out = format!(
        "# {}\n\n{}, {}. <{}>\n\n{}\n\n",
        sentences::heading(tray),
        words::day(tray.check.made),
        escaped(runs),
        tray.url,
        msg!("tray-chosen"),
    );
    for (at, item) in tray.items.iter().enumerate() {
        let quote = &item.quote;
        // Of a network that is kept by title and link alone there is nothing to quote.
        let text = match quote.text.trim() {
            "" => &quote.title,
            text => text,
        };
        let _ = write!(
            out,
            "> {}\n\n{}. {}\n\n",
            escaped(text),
            at + 1,
            escaped(&item.reference)
        );
    }
    if let Some(not_shown) = sentences::not_shown(tray) {
        let _ = write!(out, "{not_shown}\n\n");
    }
    let _ = writeln!(out, "{}", sentences::check(tray));
    out
}
