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
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    items: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: String,
    /// The original, at its network; our page about it, where its network only links to it.
    url: String,
    /// What the network links to.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    content_text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    authors: [JsonNetwork<'a>; 1],
    _discover: Extra<'a>,
}

#[derive(Serialize)]
struct JsonNetwork<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Extra<'a> {
    about: &'static str,
    conversation: String,
    /// Host of `external_url`: nothing there is the network's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    links_to: Option<&'a str>,
}

pub(super) fn write(view: &View, feed: &Feed) -> Result<Vec<u8>, serde_json::Error> {
    let items = feed
        .entries
        .iter()
        .map(|entry| {
            (
                entry,
                absolute(view, &format!("/conversations/{}", entry.id)),
            )
        })
        .map(|(entry, ours)| JsonItem {
            id: entry_id(view, entry),
            url: match entry.links_to {
                Some(_) => ours.clone(),
                None => entry.url.clone(),
            },
            external_url: entry.links_to.is_some().then_some(&*entry.url),
            title: &entry.title,
            content_text: &entry.excerpt,
            date_published: entry.started.map(|at| at.to_string()),
            date_modified: entry.last_active.map(|at| at.to_string()),
            language: entry.language.map(|language| language.to_string()),
            authors: [JsonNetwork {
                name: &entry.network.name,
            }],
            _discover: Extra {
                about: "conversation is the address of our page about the original; links_to is the host of external_url, which the network links to and did not write",
                conversation: ours,
                links_to: entry.links_to.as_deref(),
            },
        })
        .collect();
    let branding = view.state.branding();
    let logo = branding.logo.as_ref();
    serde_json::to_vec(&JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        description: feed.note.as_deref().or(branding.tag_line.as_deref()),
        home_page_url: &feed.page,
        feed_url: &feed.own,
        next_url: feed.next.as_deref(),
        icon: logo.map(|logo| absolute(view, &logo.href)),
        items,
    })
}
