//! JSON Feed 1.0 and 1.1, read leniently: ids may be numbers, `version` may be missing, an item that is no object is
//! left out.

use serde_json::{Map, Value};
use url::Url;

use super::date;
use super::html::{absolute, web_address};
use super::types::{Content, MAX_ITEMS, ParseError, Parsed, ParsedEntry, TextKind, language_tag};
use crate::prepare::json;

/// Reads a feed from JSON. The depth of the document is bounded by the JSON reader.
pub(super) fn feed(text: &str, base: &Url) -> Result<Parsed, ParseError> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = match stream.next().ok_or(ParseError::NotAFeed)? {
        Ok(value) => value,
        Err(error) => json::document(text).ok_or_else(|| ParseError::Json(error.to_string()))?,
    };
    let Value::Object(feed) = value else {
        return Err(ParseError::NotAFeed);
    };
    let named = string(&feed, "version").is_some_and(|version| version.contains("jsonfeed.org"));
    let items = feed.get("items").and_then(Value::as_array);
    if !named && (items.is_none() || string(&feed, "title").is_none()) {
        return Err(ParseError::NotAFeed);
    }
    let mut parsed = Parsed::default();
    let address = |name: &str| string(&feed, name).and_then(|text| web_address(&text, base));
    parsed.feed.title = string(&feed, "title");
    parsed.feed.link = string(&feed, "home_page_url").map(|link| absolute(&link, base));
    parsed.feed.id = string(&feed, "feed_url").map(|link| absolute(&link, base));
    parsed.feed.description = string(&feed, "description");
    parsed.feed.language = string(&feed, "language").as_deref().and_then(language_tag);
    parsed.hints.self_url = address("feed_url");
    parsed.hints.next = address("next_url");
    parsed.hints.hub = feed
        .get("hubs")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .find(|hub| string(hub, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("websub")))
        .and_then(|hub| web_address(&string(hub, "url")?, base));
    parsed.hints.language.clone_from(&parsed.feed.language);
    let items = items.map(Vec::as_slice).unwrap_or_default();
    parsed.hints.truncated = items.len() > MAX_ITEMS;
    let author = author(&feed);
    parsed.entries = items
        .iter()
        .take(MAX_ITEMS)
        .filter_map(Value::as_object)
        .map(|item| entry(item, base, author.as_ref()))
        .collect();
    Ok(parsed)
}

fn entry(item: &Map<String, Value>, base: &Url, feed_author: Option<&String>) -> ParsedEntry {
    let guid = string(item, "id");
    let url = string(item, "url");
    let external = string(item, "external_url");
    let time = |name: &str| string(item, name).and_then(|text| date::parse(&text));
    let mut content = Vec::new();
    for (name, kind) in [
        ("content_html", TextKind::Html),
        ("content_text", TextKind::Plain),
    ] {
        content.extend(string(item, name).map(|value| Content {
            value,
            kind,
            base: None,
        }));
    }
    let link = url
        .as_deref()
        .or(external.as_deref())
        .or(guid.as_deref().filter(|guid| guid.starts_with("http")))
        .map(|link| absolute(link, base));
    ParsedEntry {
        id: guid.clone(),
        guid,
        link,
        title: string(item, "title"),
        title_kind: TextKind::Plain,
        summary: string(item, "summary"),
        summary_kind: TextKind::Plain,
        content,
        published: time("date_published"),
        updated: time("date_modified"),
        language: string(item, "language").as_deref().and_then(language_tag),
        author: author(item).or_else(|| feed_author.cloned()),
        author_name: first_author(item).and_then(|author| string(author, "name")),
        links: external
            .and_then(|link| web_address(&link, base))
            .into_iter()
            .collect(),
        ..ParsedEntry::default()
    }
}

fn first_author(object: &Map<String, Value>) -> Option<&Map<String, Value>> {
    object
        .get("authors")
        .and_then(|authors| authors.get(0))
        .or_else(|| object.get("author"))?
        .as_object()
}

/// The first author's address or name.
fn author(object: &Map<String, Value>) -> Option<String> {
    let first = first_author(object)?;
    string(first, "url")
        .or_else(|| string(first, "name"))
        .map(|author| author.to_lowercase())
}

/// A text that is there and not blank, trimmed; numbers count as text.
fn string(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
