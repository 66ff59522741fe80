//! Microformats: `h-feed` and `h-entry`, with comments as `u-comment`/`p-comment` within an entry or as entries that
//! name what they answer (`u-in-reply-to`).

use discover_model::Refusal;
use scraper::{ElementRef, Html as Tree, Node, Selector};
use url::Url;

use super::addresses::token;
use super::draft::{Draft, Drafts};
use super::pick::words;
use crate::parse::{date, text};

const MAX_POSTS: usize = 5000;

pub(super) fn read(tree: &Tree, page: &Url) -> Drafts {
    let mut drafts = Drafts::default();
    let Ok(selector) = Selector::parse(".h-entry, .h-cite, .hentry") else {
        return drafts;
    };
    // An entry's place in the list, by the node it was read from.
    let mut known = std::collections::BTreeMap::new();
    for entry in tree.select(&selector).take(MAX_POSTS) {
        let within = entry
            .ancestors()
            .find_map(|ancestor| known.get(&ancestor.id()).copied());
        let comment = has(entry, "u-comment") || has(entry, "p-comment") || has(entry, "comment");
        let is_entry = has(entry, "h-entry") || has(entry, "hentry");
        // A citation is a comment, or it is only mentioned.
        if !comment && (within.is_some() || !is_entry) {
            continue;
        }
        known.insert(entry.id(), drafts.list.len());
        let mut draft = draft(entry, page);
        draft.within = within.filter(|_| comment);
        drafts.list.push(draft);
    }
    drafts
}

fn draft(entry: ElementRef<'_>, page: &Url) -> Draft {
    let address = |names: &[&str]| {
        let element = property(entry, names)?;
        let value = ["href", "src", "value", "data"]
            .into_iter()
            .find_map(|name| element.attr(name).map(str::to_owned))
            .unwrap_or_else(|| words_of(element));
        page.join(value.trim()).ok()
    };
    let time = |names: &[&str]| {
        let element = property(entry, names)?;
        let value = ["datetime", "title", "value"]
            .into_iter()
            .find_map(|name| element.attr(name).map(str::to_owned))
            .unwrap_or_else(|| words_of(element));
        date::parse(&value)
    };
    let content = property(entry, &["e-content", "entry-content"]);
    let summary = property(entry, &["p-content", "p-summary", "entry-summary"]);
    let name = property(entry, &["p-name", "entry-title"]).map(words_of);
    let body = content
        .or(summary)
        .map(|element| text::html_to_text(&element.inner_html(), page))
        .unwrap_or_default();
    let url = address(&["u-url"]);
    let uid = address(&["u-uid"]).map(String::from);
    let author = property(entry, &["p-author", "author"]).map(|author| {
        let inner = property(author, &["u-url", "url"]).and_then(|link| link.attr("href"));
        inner
            .or_else(|| author.attr("href"))
            .map_or_else(|| words_of(author), str::to_owned)
    });
    let elsewhere = url.as_ref().is_some_and(|url| token(url) != token(page));
    let text = if body.text.is_empty() {
        String::new()
    } else {
        body.text
    };
    Draft {
        stub: text.is_empty() && (content.is_none() && (elsewhere || name.is_none())),
        id: uid.or_else(|| url.as_ref().map(ToString::to_string)),
        names: entry
            .attr("id")
            .map(str::to_owned)
            .into_iter()
            .chain(url.as_ref().map(ToString::to_string))
            .collect(),
        parent: address(&["u-in-reply-to"]).map(String::from),
        title: name.filter(|name| !name.is_empty() && *name != words(&text)),
        links: body.links,
        author: author.filter(|author| !author.is_empty()),
        published: time(&["dt-published", "published"]),
        updated: time(&["dt-updated", "updated"]),
        language: entry.attr("lang").map(str::to_owned),
        refusal: property(entry, &["p-visibility"])
            .map(words_of)
            .and_then(|visibility| match visibility.as_str() {
                "" | "public" => None,
                "unlisted" => Some(Refusal::Unlisted),
                _ => Some(Refusal::NotPublic),
            }),
        text,
        url,
        ..Draft::default()
    }
}

fn has(element: ElementRef<'_>, class: &str) -> bool {
    element.value().classes().any(|name| name == class)
}

/// The first element with one of the classes that belongs to this very entry: nested entries keep their own.
fn property<'a>(entry: ElementRef<'a>, names: &[&str]) -> Option<ElementRef<'a>> {
    let mut waiting: Vec<ElementRef<'a>> = children(entry);
    waiting.reverse();
    while let Some(element) = waiting.pop() {
        if names.iter().any(|name| has(element, name)) {
            return Some(element);
        }
        let nested = element
            .value()
            .classes()
            .any(|name| matches!(name, "h-entry" | "h-cite" | "hentry" | "h-card" | "h-feed"));
        if !nested {
            let mut below = children(element);
            below.reverse();
            waiting.extend(below);
        }
    }
    None
}

fn children(element: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    element
        .children()
        .filter(|child| matches!(child.value(), Node::Element(_)))
        .filter_map(ElementRef::wrap)
        .collect()
}

fn words_of(element: ElementRef<'_>) -> String {
    words(&element.text().collect::<String>())
}
