//! What a quotation is cited as, in English: below a report, in tables and in data.

use super::{coordinated, kinds, words};
use crate::shapes::{Coordinated, Quote};

/// Keeps foreign words from turning their surroundings around.
const ISOLATE: char = '\u{2068}';
const END_ISOLATE: char = '\u{2069}';

/// `Network. "Title". Forum (Discourse), 2 November 2026. https://… Found through https://…`, on one line.
pub(crate) fn reference(quote: &Quote, page: &str, seen: Option<&Coordinated>) -> String {
    let isolated = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        format!("{ISOLATE}{}{END_ISOLATE}", words.join(" "))
    };
    // A sign of the topic, and not of whoever is quoted.
    let sign = coordinated::sign(seen).map(|sign| format!(" Of its topic: “{sign}”."));
    format!(
        "{}. \"{}\". {}, {}. {}{} Found through {page}{}",
        isolated(&quote.network.name),
        isolated(&quote.title),
        kinds::long(quote.kind),
        quote.day.map_or_else(|| "no date".to_owned(), words::day),
        // What is there is not the network's word.
        quote.links_to.as_ref().map_or("", |_| "Links to "),
        quote.url,
        sign.unwrap_or_default(),
    )
}
