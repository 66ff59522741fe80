//! The columns of a table of conversations, the same in every form of it.

use crate::shapes::Conversation;

pub(super) const COLUMNS: [&str; 17] = [
    "id",
    "title",
    "url",
    "network",
    "network_name",
    "kind",
    "language",
    "started",
    "last_active",
    "posts",
    "voices",
    "excerpt",
    "copies",
    "copies_networks",
    "topics",
    "page",
    "links_to",
];

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(String),
    Number(u64),
    Nothing,
}

/// A row, in the order of [`COLUMNS`]; `base` is where this instance is.
pub(super) fn cells(base: &str, row: &Conversation) -> [Cell; 17] {
    let topics: Vec<String> = row.topics.iter().map(ToString::to_string).collect();
    let text = Cell::text;
    let time = |at: Option<jiff::Timestamp>| at.map_or(Cell::Nothing, |at| text(&at.to_string()));
    let copies = |of: fn(crate::shapes::Copies) -> u64| {
        row.copies
            .map_or(Cell::Nothing, |copies| Cell::Number(of(copies)))
    };
    [
        text(&row.id.to_string()),
        text(&row.title),
        text(&row.url),
        text(&row.network.slug),
        text(&row.network.name),
        text(row.kind.as_str()),
        row.language
            .map_or(Cell::Nothing, |language| text(language.as_str())),
        time(row.started),
        time(row.last_active),
        Cell::Number(row.posts),
        Cell::Number(row.voices),
        text(&row.excerpt),
        copies(|copies| copies.count.into()),
        copies(|copies| copies.networks.into()),
        text(&topics.join(" ")),
        text(&format!("{base}/conversations/{}", row.id)),
        row.links_to.as_deref().map_or(Cell::Nothing, text),
    ]
}

impl Cell {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(readable(text))
    }
}

/// Control signs say nothing in a table, and could hide what a value begins with.
fn readable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\t' | '\r' | '\n'))
        .collect()
}
