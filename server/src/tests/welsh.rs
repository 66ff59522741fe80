//! What a Welsh page says is Welsh, or marked as something else; and every list of a page has a name. Walked page by page.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::world::World;
use crate::i18n::Locale;

/// Words that Welsh has not and hardly an English sentence goes without.
const ENGLISH: [&str; 10] = [
    "the", "and", "of", "with", "from", "that", "this", "which", "are", "your",
];
/// Elements that have no end.
const VOID: [&str; 8] = ["br", "col", "hr", "img", "input", "link", "meta", "wbr"];
/// What stands in these is for programs; a page's title cannot mark the words of others that it holds.
const PROGRAMS: [&str; 5] = ["code", "pre", "script", "style", "title"];
/// Attributes that are read out.
const READ_OUT: [&str; 4] = ["aria-label", "alt", "placeholder", "title"];
/// Pages that are walked at most.
const MOST: usize = 700;

struct Element {
    tag: String,
    /// Whether it is in the page's language, and by us.
    ours: bool,
    nav: bool,
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// What is said in the language of a page, and lists without a name, with the tag that begins them.
fn said(html: &str) -> (Vec<String>, Vec<String>) {
    let (mut said, mut unnamed) = (Vec::new(), Vec::new());
    let mut open: Vec<Element> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let text = rest[..at].trim();
        if !text.is_empty() && open.last().is_some_and(|element| element.ours) {
            said.push(text.to_owned());
        }
        let end = rest[at..].find('>').expect("an end") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            if let Some(place) = open.iter().rposition(|element| element.tag == name) {
                open.truncate(place);
            }
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default().to_owned();
        let outer = open.last();
        let theirs = name == "bdi" || attribute(tag, "dir") == Some("auto");
        let ours = match attribute(tag, "lang") {
            Some(lang) => lang == "cy",
            None if theirs || PROGRAMS.contains(&name.as_str()) => false,
            None => outer.is_some_and(|element| element.ours),
        };
        let nav = name == "nav" || outer.is_some_and(|element| element.nav);
        // A label is ours where the element is, even if what is typed there is not.
        if name != "link" && (ours || theirs && outer.is_some_and(|element| element.ours)) {
            said.extend(
                READ_OUT
                    .iter()
                    .filter_map(|one| attribute(tag, one))
                    .map(str::to_owned),
            );
        }
        if matches!(name.as_str(), "ul" | "ol") && !nav && !tag.contains(" aria-label") {
            unnamed.push(format!("<{tag}>"));
        }
        if !VOID.contains(&name.as_str()) && !tag.ends_with('/') {
            open.push(Element {
                tag: name,
                ours,
                nav,
            });
        }
    }
    (said, unnamed)
}

/// Messages without arguments and markup that say the same in no other language.
fn only_english() -> BTreeSet<String> {
    let welsh = crate::i18n::tests::messages(Locale::Welsh);
    let english = crate::i18n::tests::messages(Locale::English).into_iter();
    let plain = english.filter(|(key, text)| {
        let alike = welsh.values().any(|other| other == text);
        !alike && text.chars().count() > 3 && !text.contains(['{', '<']) && welsh.contains_key(key)
    });
    plain.map(|(_, text)| text).collect()
}

fn is_english(text: &str, known: &BTreeSet<String>) -> bool {
    // A name.
    let lower = text
        .to_lowercase()
        .replace("talk to the city", "")
        .replace("talk-to-the-city", "");
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '’' && c != '\'');
    known.contains(text) || words.any(|word| ENGLISH.contains(&word))
}

#[test]
fn what_is_looked_for_is_found_where_it_is_not_marked() {
    let known = BTreeSet::from(["Key".to_owned()]);
    let page = "<html lang=\"cy\"><p>Y pwnc <span lang=\"en\">the reason</span> <bdi>of theirs</bdi></p>\
        <p>Hwn and hon<br>Key</p><code>the</code><input aria-label=\"All of it\" dir=\"auto\">\
        <nav><ul><li>Un</li></ul></nav><ul class=\"x\"><li>Dau</li></ul></html>";
    let (said, unnamed) = said(page);
    let english: Vec<&String> = said
        .iter()
        .filter(|text| is_english(text, &known))
        .collect();
    assert_eq!(english, ["Hwn and hon", "Key", "All of it"]);
    assert_eq!(unnamed, ["<ul class=\"x\">"]);
}

#[tokio::test]
async fn no_welsh_page_says_anything_in_english_that_is_not_marked_and_every_list_has_a_name() {
    let world = World::new().await;
    let known = only_english();
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"].as_str().expect("id");
    let mut open: VecDeque<String> = VecDeque::from([
        "/cy/".to_owned(),
        "/cy/search?q=phlebotomy".to_owned(),
        "/cy/search?q=nothingatallhere".to_owned(),
        "/cy/search?q=%28".to_owned(),
        "/cy/compare?q=phlebotomy&q2=bread".to_owned(),
        "/cy/map?level=0".to_owned(),
        format!("/cy/topics/{topic}/brief"),
    ]);
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    let (mut english, mut unnamed) = (BTreeMap::new(), BTreeMap::new());
    let mut pages = 0;
    while let Some(address) = open.pop_front() {
        let request = Request::get(&address).header("accept", "text/html");
        let answer = world
            .send(request.body(Body::empty()).expect("request"))
            .await;
        let refused = address.contains("%28");
        if answer.status != StatusCode::OK && !refused
            || !answer.header("content-type").starts_with("text/html")
        {
            continue;
        }
        pages += 1;
        let html = answer.text();
        let (texts, lists) = said(&html);
        for text in texts.into_iter().filter(|text| is_english(text, &known)) {
            english.entry(text).or_insert_with(|| address.clone());
        }
        for list in lists {
            unnamed.entry(list).or_insert_with(|| address.clone());
        }
        for link in html.split(" href=\"").skip(1) {
            let link = link
                .split('"')
                .next()
                .unwrap_or_default()
                .replace("&#38;", "&");
            let link = link.split('#').next().unwrap_or_default();
            let further = link.contains("tray=");
            if link.starts_with("/cy/")
                && !further
                && seen.len() < MOST
                && seen.insert(link.to_owned())
            {
                open.push_back(link.to_owned());
            }
        }
    }
    assert!(pages > 40, "{pages} pages only");
    assert!(english.is_empty(), "{english:#?}");
    assert!(unnamed.is_empty(), "{unnamed:#?}");
}
