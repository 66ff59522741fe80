//! The quotations of a tray to take away: a table, and a list of references to paste below a report.

use std::fmt::Write as _;

use super::sheet::Sheet;
use super::table::Cell;
use crate::shapes::Tray;

const COLUMNS: [&str; 14] = [
    "place",
    "text",
    "title",
    "network",
    "network_name",
    "kind",
    "language",
    "direction",
    "day",
    "url",
    "links_to",
    "page",
    "id",
    "reference",
];

/// A row for each quotation, in the tray's order.
pub(crate) fn sheet(tray: &Tray) -> Sheet {
    let text = Cell::text;
    let rows = tray.items.iter().enumerate().map(|(at, item)| {
        let quote = &item.quote;
        let day = quote.day.map(|day| text(&day.to_string()));
        let language = quote.language.map(|language| text(language.as_str()));
        vec![
            Cell::Number(at as u64 + 1),
            text(&quote.text),
            text(&quote.title),
            text(&quote.network.slug),
            text(&quote.network.name),
            text(quote.kind.as_str()),
            language.unwrap_or(Cell::Nothing),
            text(quote.direction.as_str()),
            day.unwrap_or(Cell::Nothing),
            text(&quote.url),
            quote.links_to.as_deref().map_or(Cell::Nothing, text),
            text(&item.page),
            text(&quote.conversation.to_string()),
            text(&item.reference),
        ]
    });
    Sheet {
        name: "Quotations",
        columns: COLUMNS.map(str::to_owned).into(),
        rows: rows.collect(),
    }
}

/// Each quotation with its reference; at the end, how many are not shown any more.
pub(crate) fn references(tray: &Tray, instance: &str) -> String {
    let mut out = format!(
        "Quotations\n{instance}, {}\n{}\n\n",
        tray.check.made, tray.url
    );
    for (at, item) in tray.items.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", at + 1, item.reference);
    }
    if tray.not_shown > 0 {
        let _ = writeln!(
            out,
            "\n{} of {} are not shown any more.",
            tray.not_shown,
            tray.not_shown + tray.items.len() as u64
        );
    }
    out
}
