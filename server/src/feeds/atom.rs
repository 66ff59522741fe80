//! Atom (RFC 4287), in pages (RFC 5005). The author of an entry is its network: people are never named.

use jiff::Timestamp;

use super::entries::{Feed, absolute, entry_id, linked};
use super::xml::{element, escape};
use crate::shapes::Conversation;
use crate::state::View;

/// What a feed says of itself.
pub(super) struct Head<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) note: Option<&'a str>,
    pub(super) updated: Timestamp,
    pub(super) own: &'a str,
    pub(super) page: &'a str,
    pub(super) next: Option<&'a str>,
}

pub(super) fn write(view: &View, feed: &Feed) -> String {
    let mut out = String::with_capacity(2048 + feed.entries.len() * 1024);
    let head = Head {
        id: &feed.id,
        title: &feed.title,
        note: feed.note.as_deref(),
        updated: feed.updated(),
        own: &feed.own,
        page: &feed.page,
        next: feed.next.as_deref(),
    };
    begin(&mut out, view, &head);
    for entry in &feed.entries {
        write_entry(&mut out, view, entry);
    }
    out.push_str("</feed>\n");
    out
}

/// All of a feed that comes before its entries.
pub(super) fn begin(out: &mut String, view: &View, head: &Head<'_>) {
    out.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    element(out, "id", head.id);
    out.push('\n');
    element(out, "title", head.title);
    out.push('\n');
    let branding = view.state.branding();
    if let Some(words) = head.note.or(branding.tag_line.as_deref()) {
        element(out, "subtitle", words);
        out.push('\n');
    }
    if let Some(logo) = &branding.logo {
        element(out, "logo", &absolute(view, &logo.href));
        out.push('\n');
    }
    element(out, "updated", &head.updated.to_string());
    out.push('\n');
    link(out, "self", "application/atom+xml", head.own);
    link(out, "alternate", "text/html", head.page);
    if let Some(next) = head.next {
        link(out, "next", "application/atom+xml", next);
    }
    out.push_str("<author>");
    element(out, "name", &view.state.config().instance_name);
    out.push_str("</author>\n");
}

fn write_entry(out: &mut String, view: &View, entry: &Conversation) {
    match entry.language {
        Some(language) => {
            out.push_str("<entry xml:lang=\"");
            out.push_str(language.as_str());
            out.push_str("\">\n");
        }
        None => out.push_str("<entry>\n"),
    }
    element(out, "id", &entry_id(view, entry));
    out.push('\n');
    element(out, "title", &entry.title);
    out.push('\n');
    if let Some(started) = entry.started {
        element(out, "published", &started.to_string());
    }
    // Atom wants a date of every entry: the beginning of time stands for none.
    let updated = entry.last_active.unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    element(out, "updated", &updated.to_string());
    out.push('\n');
    let ours = absolute(view, &format!("/conversations/{}", entry.id));
    let foreign = linked(entry);
    if let Some(words) = &foreign {
        // What is there is not the network's word, so that it is no form of this entry.
        link(out, "alternate", "text/html", &ours);
        out.push_str("<link rel=\"related\" title=\"");
        out.push_str(&escape(words));
        out.push_str("\" href=\"");
        out.push_str(&escape(&entry.url));
        out.push_str("\"/>\n");
    } else {
        // The original comes first: a reader's main link leads to the network.
        link(out, "alternate", "text/html", &entry.url);
        link(out, "related", "text/html", &ours);
    }
    out.push_str("<author>");
    element(out, "name", &entry.network.name);
    out.push_str("</author>\n");
    out.push_str("<summary type=\"text\">");
    out.push_str(&escape(&entry.excerpt));
    if let Some(words) = &foreign {
        out.push_str("\n(");
        out.push_str(&escape(words));
        out.push(')');
    }
    out.push_str("</summary>\n</entry>\n");
}

pub(super) fn link(out: &mut String, relation: &str, media: &str, address: &str) {
    out.push_str("<link rel=\"");
    out.push_str(relation);
    out.push_str("\" type=\"");
    out.push_str(media);
    out.push_str("\" href=\"");
    out.push_str(&escape(address));
    out.push_str("\"/>\n");
}
