//! Feeds of what this site itself says: entries with a title, a text and a page here.

use jiff::Timestamp;
use serde::Serialize;

use super::atom::{self, Head};
use super::entries::absolute;
use super::xml::element;
use crate::state::View;

/// Something that is said, and does not change its id.
pub(super) struct Note {
    pub(super) id: String,
    pub(super) title: String,
    /// Lines.
    pub(super) text: String,
    pub(super) page: String,
    pub(super) published: Timestamp,
}

/// A feed of notes, latest first.
pub(super) struct Notes {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) note: Option<String>,
    pub(super) page: String,
    pub(super) own: String,
    pub(super) entries: Vec<Note>,
}

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    authors: [JsonAuthor<'a>; 1],
    items: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct JsonAuthor<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    content_text: &'a str,
    date_published: String,
    language: &'static str,
}

impl Notes {
    fn updated(&self) -> Timestamp {
        let entries = self.entries.iter().map(|entry| entry.published);
        entries.max().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    pub(super) fn atom(&self, view: &View) -> String {
        let mut out = String::with_capacity(2048 + self.entries.len() * 1024);
        let head = Head {
            id: &self.id,
            title: &self.title,
            note: self.note.as_deref(),
            updated: self.updated(),
            own: &self.own,
            page: &self.page,
            next: None,
        };
        atom::begin(&mut out, view, &head);
        for entry in &self.entries {
            out.push_str("<entry xml:lang=\"en\">\n");
            element(&mut out, "id", &entry.id);
            out.push('\n');
            element(&mut out, "title", &entry.title);
            out.push('\n');
            let at = entry.published.to_string();
            element(&mut out, "published", &at);
            element(&mut out, "updated", &at);
            out.push('\n');
            atom::link(&mut out, "alternate", "text/html", &entry.page);
            element(&mut out, "summary", &entry.text);
            out.push_str("\n</entry>\n");
        }
        out.push_str("</feed>\n");
        out
    }

    pub(super) fn json(&self, view: &View) -> Result<Vec<u8>, serde_json::Error> {
        let branding = view.state.branding();
        let logo = branding.logo.as_ref();
        serde_json::to_vec(&JsonFeed {
            version: "https://jsonfeed.org/version/1.1",
            title: &self.title,
            description: self.note.as_deref().or(branding.tag_line.as_deref()),
            home_page_url: &self.page,
            feed_url: &self.own,
            icon: logo.map(|logo| absolute(view, &logo.href)),
            authors: [JsonAuthor {
                name: &view.state.config().instance_name,
            }],
            items: self
                .entries
                .iter()
                .map(|entry| JsonItem {
                    id: &entry.id,
                    url: &entry.page,
                    title: &entry.title,
                    content_text: &entry.text,
                    date_published: entry.published.to_string(),
                    language: "en",
                })
                .collect(),
        })
    }
}
