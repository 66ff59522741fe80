//! schema.org postings in JSON-LD: `DiscussionForumPosting`, `SocialMediaPosting`, `Question` with their `Comment`s and
//! `Answer`s, and articles that bring their own text.

use discover_model::Refusal;
use scraper::{Html as Tree, Selector};
use serde_json::{Map, Value};
use url::Url;

use super::addresses::token;
use super::draft::{Draft, Drafts};
use super::pick::words;
use crate::parse::{date, text};
use crate::prepare::entities::decode_html;

const POSTINGS: [&str; 3] = ["DiscussionForumPosting", "SocialMediaPosting", "Question"];
const ARTICLES: [&str; 4] = ["Article", "BlogPosting", "NewsArticle", "Report"];
const REPLIES: [&str; 2] = ["Comment", "Answer"];
/// Where postings lie within others that are none themselves.
const CONTAINERS: [&str; 5] = ["@graph", "mainEntity", "itemListElement", "item", "hasPart"];
const CHILDREN: [&str; 4] = ["comment", "acceptedAnswer", "suggestedAnswer", "reply"];
/// Posts read of one page.
const MAX_POSTS: usize = 5000;
const MAX_NESTING: u32 = 64;

pub(super) fn read(tree: &Tree, page: &Url) -> Drafts {
    let mut reader = Reader {
        page,
        drafts: Drafts::default(),
    };
    let Ok(selector) = Selector::parse("script[type='application/ld+json' i]") else {
        return reader.drafts;
    };
    for script in tree.select(&selector) {
        let json: String = script.text().collect();
        // A comment or a CDATA mark around the data is common.
        let json = json
            .trim()
            .trim_start_matches("<!--")
            .trim_start_matches("//<![CDATA[")
            .trim_end_matches("-->")
            .trim_end_matches("//]]>");
        if let Ok(value) = serde_json::from_str::<Value>(json) {
            reader.any(&value, MAX_NESTING);
        }
    }
    reader.drafts
}

struct Reader<'a> {
    page: &'a Url,
    drafts: Drafts,
}

impl Reader<'_> {
    fn any(&mut self, value: &Value, nesting: u32) {
        let Some(nesting) = nesting.checked_sub(1) else {
            return;
        };
        match value {
            Value::Array(list) => {
                for value in list {
                    self.any(value, nesting);
                }
            }
            Value::Object(object) => {
                let posting = is(object, &POSTINGS);
                if posting || is(object, &ARTICLES) && text_of(object).is_some() {
                    self.post(object, None, nesting);
                } else if is(object, &REPLIES) {
                    // Flat lists name what a comment answers.
                    self.post(object, None, nesting);
                } else {
                    for name in CONTAINERS {
                        if let Some(value) = object.get(name) {
                            self.any(value, nesting);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn post(&mut self, object: &Map<String, Value>, within: Option<usize>, nesting: u32) {
        let Some(nesting) = nesting.checked_sub(1) else {
            return;
        };
        if self.drafts.list.len() >= MAX_POSTS || deleted(object) {
            return;
        }
        let at = self.drafts.list.len();
        let mut draft = self.draft(object);
        draft.within = within;
        let children: Vec<&Map<String, Value>> = CHILDREN
            .iter()
            .filter_map(|name| object.get(*name))
            .flat_map(objects)
            .collect();
        draft.stub = draft.text.is_empty() && children.is_empty();
        if within.is_some() && draft.text.is_empty() {
            draft.stub = false;
        }
        let elsewhere = draft
            .url
            .as_ref()
            .is_some_and(|url| token(url) != token(self.page));
        // A list of threads names them, and at most gives their beginning.
        if within.is_none() && children.is_empty() && elsewhere && !is(object, &REPLIES) {
            draft.stub = true;
        }
        self.drafts.list.push(draft);
        for child in children {
            if is(child, &REPLIES) || is(child, &POSTINGS) {
                self.post(child, Some(at), nesting);
            }
        }
    }

    fn draft(&self, object: &Map<String, Value>) -> Draft {
        let url = string(object, "url").and_then(|url| self.page.join(&url).ok());
        let id = ["@id", "identifier"]
            .into_iter()
            .find_map(|name| string(object, name))
            .or_else(|| url.as_ref().map(ToString::to_string));
        let body = text_of(object).unwrap_or_default();
        let plain = plain(&body, self.page);
        let headline = ["headline", "name"]
            .into_iter()
            .find_map(|name| string(object, name));
        let free = match object.get("isAccessibleForFree") {
            Some(Value::Bool(free)) => *free,
            Some(Value::String(free)) => !free.eq_ignore_ascii_case("false"),
            _ => true,
        };
        Draft {
            names: [string(object, "@id"), string(object, "identifier")]
                .into_iter()
                .flatten()
                .collect(),
            id,
            url,
            parent: object.get("parentItem").and_then(reference),
            title: headline
                .map(|text| words(&decode_html(&text)))
                .filter(|text| !text.is_empty()),
            text: plain.0,
            links: plain.1,
            author: object.get("author").and_then(name),
            published: time(object, &["datePublished", "dateCreated"]),
            updated: time(object, &["dateModified"]),
            language: string(object, "inLanguage"),
            refusal: (!free).then_some(Refusal::NotPublic),
            ..Draft::default()
        }
    }
}

/// Plain text stays as it is; markup is taken out of what has some.
pub(in crate::connectors) fn plain(body: &str, base: &Url) -> (String, Vec<Url>) {
    let marked = body
        .match_indices('<')
        .any(|(at, _)| matches!(body.as_bytes().get(at + 1), Some(b) if b.is_ascii_alphabetic() || *b == b'/'));
    if marked {
        let text = text::html_to_text(body, base);
        return (text.text, text.links);
    }
    let text = text::plain(&decode_html(body));
    (text.text, text.links)
}

fn is(object: &Map<String, Value>, names: &[&str]) -> bool {
    let named = |value: &Value| {
        value.as_str().is_some_and(|kind| {
            let kind = kind.rsplit(['/', '#', ':']).next().unwrap_or(kind);
            names.contains(&kind)
        })
    };
    match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(named),
        Some(kind) => named(kind),
        None => false,
    }
}

/// A posting that was taken back stays as a place in the tree.
fn deleted(object: &Map<String, Value>) -> bool {
    string(object, "creativeWorkStatus")
        .is_some_and(|status| status.eq_ignore_ascii_case("deleted"))
}

fn text_of(object: &Map<String, Value>) -> Option<String> {
    ["text", "articleBody"]
        .into_iter()
        .find_map(|name| string(object, name))
}

fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_object).collect(),
        Value::Object(object) => vec![object],
        _ => Vec::new(),
    }
}

/// A text, or a number that stands for one; of several, the first.
fn string(object: &Map<String, Value>, name: &str) -> Option<String> {
    fn of(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            Value::Array(list) => list.iter().find_map(of),
            Value::Object(object) => object
                .get("@value")
                .or_else(|| object.get("value"))
                .or_else(|| object.get("@id"))
                .and_then(of),
            _ => None,
        }
    }
    object
        .get(name)
        .and_then(of)
        .filter(|text| !text.is_empty())
}

fn reference(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => string(object, "@id").or_else(|| string(object, "url")),
        Value::Array(list) => list.iter().find_map(reference),
        _ => None,
    }
}

/// Who wrote it, as the site tells people apart: by address where there is one, as names are not unique.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => ["url", "@id", "name", "alternateName"]
            .into_iter()
            .find_map(|name| string(object, name)),
        Value::Array(list) => list.iter().find_map(name),
        _ => None,
    }
}

fn time(object: &Map<String, Value>, names: &[&str]) -> Option<jiff::Timestamp> {
    names
        .iter()
        .find_map(|name| string(object, name))
        .and_then(|text| date::parse(&text))
}
