//! JSON Feed 1.1. The author of an item is its network: people are never named.

use serde::Serialize;

use super::entries::{Feed, absolute, entry_id};
use crate::state::View;

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<&'a str>,
    items: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: String,
    /// The original, at its network.
    url: &'a str,
    title: &'a str,
    content_text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    authors: [JsonNetwork<'a>; 1],
    _discover: Extra,
}

#[derive(Serialize)]
struct JsonNetwork<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Extra {
    about: &'static str,
    conversation: String,
}

pub(super) fn write(view: &View, feed: &Feed) -> Result<Vec<u8>, serde_json::Error> {
    let items = feed
        .entries
        .iter()
        .map(|entry| JsonItem {
            id: entry_id(view, entry),
            url: &entry.url,
            title: &entry.title,
            content_text: &entry.excerpt,
            date_published: entry.started.map(|at| at.to_string()),
            date_modified: entry.last_active.map(|at| at.to_string()),
            language: entry.language.map(|language| language.to_string()),
            authors: [JsonNetwork {
                name: &entry.network.name,
            }],
            _discover: Extra {
                about: "conversation is the address of our page about the original",
                conversation: absolute(view, &format!("/conversations/{}", entry.id)),
            },
        })
        .collect();
    serde_json::to_vec(&JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        description: feed.note.as_deref(),
        home_page_url: &feed.page,
        feed_url: &feed.own,
        next_url: feed.next.as_deref(),
        items,
    })
}
