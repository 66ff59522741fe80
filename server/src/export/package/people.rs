//! Quotations as a table for people, with references and consents.

use crate::export::sheet::Sheet;
use crate::export::table::Cell;
use crate::shapes::{Package, QuotedConsent};
use crate::text::coordinated;

const COLUMNS: [&str; 14] = [
    "Number",
    "Quotation",
    "Network",
    "Owner of the network",
    "Language",
    "Day",
    "Title of the conversation",
    "Page here",
    "Original",
    "Leads to",
    "Consent",
    "Ledger entry",
    "Copies nearly the same",
    "About the topic",
];

/// The table, in the order of the package.
pub(super) fn table(package: &Package) -> Sheet {
    let sign = coordinated::sentence(package.coordinated.as_ref());
    let rows = package.quotations.iter().map(|one| {
        let network = package.networks.iter().find(|of| of.slug == one.network);
        let consent =
            network.and_then(|network| network.consents.iter().find(|of| of.grant == one.grant));
        let text = |text: Option<&str>| text.map_or(Cell::Nothing, Cell::text);
        vec![
            Cell::Number(one.number),
            Cell::text(&one.text),
            text(network.map(|network| network.name.as_str())),
            text(network.map(|network| network.owner.as_str())),
            one.language
                .map_or(Cell::Nothing, |language| Cell::text(language.endonym())),
            text(one.day.map(|day| day.to_string()).as_deref()),
            Cell::text(&one.title),
            Cell::text(&one.page),
            Cell::text(&one.url),
            text(one.links_to.as_deref()),
            text(consent.map(seen).as_deref()),
            consent.map_or(Cell::Nothing, |consent| Cell::Number(consent.ledger_seq)),
            one.copies
                .map_or(Cell::Nothing, |copies| Cell::Number(copies.count.into())),
            text(sign.as_deref()),
        ]
    });
    Sheet {
        name: "Quotations",
        columns: COLUMNS.map(str::to_owned).into(),
        rows: rows.collect(),
    }
}

/// How consent was proved, and by what.
fn seen(consent: &QuotedConsent) -> String {
    let evidence = &consent.evidence;
    format!("{}, SHA-256 {}", evidence.method, evidence.sha256)
}
