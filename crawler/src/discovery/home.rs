//! What a home page says of its site: headers, generator, feeds it names, marks in its markup. Pure; no tree is built.

use reqwest::header::HeaderMap;
use url::Url;

use crate::fetch::headers;
use crate::prepare::entities::decode_html;
use crate::prepare::markup::{Piece, Pieces};
use crate::prepare::scan::Tag;

/// Feeds remembered of one page.
const MAX_NAMED: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) url: Url,
    pub(super) title: Option<String>,
    pub(super) how: &'static str,
    pub(super) comments: bool,
    pub(super) calendar: bool,
}

/// A home page, as far as it tells what it is.
#[derive(Debug, Clone)]
pub(super) struct Home {
    pub(super) url: Url,
    pub(super) title: Option<String>,
    pub(super) generator: String,
    pub(super) powered_by: String,
    /// `Link: <…>; rel="https://api.w.org/"`
    pub(super) wp_json: Option<Url>,
    pub(super) discourse_header: bool,
    pub(super) feeds: Vec<Named>,
    /// Ids and classes of its elements, and the beginning of its text, folded.
    pub(super) marks: String,
    /// Names of cookies it would set.
    pub(super) cookies: String,
}

impl Home {
    pub(super) fn read(headers: &HeaderMap, html: &str, url: &Url) -> Self {
        let mut home = Self {
            url: url.clone(),
            title: None,
            generator: String::new(),
            powered_by: headers::text(headers, "x-powered-by")
                .unwrap_or_default()
                .to_lowercase(),
            wp_json: None,
            discourse_header: headers.contains_key("x-discourse-route"),
            feeds: Vec::new(),
            marks: String::new(),
            cookies: headers
                .get_all("set-cookie")
                .iter()
                .filter_map(|cookie| cookie.to_str().ok()?.split('=').next())
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase(),
        };
        for value in headers.get_all("link") {
            if let Ok(value) = value.to_str() {
                home.link_header(value);
            }
        }
        home.markup(html);
        let order = |named: &Named| (named.comments, named.calendar);
        home.feeds.sort_by_key(order);
        home
    }

    /// The folder the page lies in.
    pub(super) fn root(&self) -> Url {
        crate::connectors::answers::base(&self.url)
    }

    fn link_header(&mut self, value: &str) {
        for part in value.split(",<").flat_map(|part| part.split(", <")) {
            let part = part.trim().trim_start_matches('<');
            let Some((target, parameters)) = part.split_once('>') else {
                continue;
            };
            let Ok(url) = self.url.join(target) else {
                continue;
            };
            let parameter = |name: &str| {
                parameters.split(';').find_map(|parameter| {
                    let (key, value) = parameter.split_once('=')?;
                    key.trim()
                        .eq_ignore_ascii_case(name)
                        .then(|| value.trim().trim_matches('"').to_owned())
                })
            };
            match parameter("rel").as_deref() {
                Some("https://api.w.org/") => self.wp_json = Some(url),
                Some(rel) if has_word(rel, "alternate") => {
                    let kind = parameter("type").unwrap_or_default();
                    self.name(url, &kind, parameter("title"), "the Link header names it");
                }
                _ => {}
            }
        }
    }

    fn name(&mut self, url: Url, kind: &str, title: Option<String>, how: &'static str) {
        let kind = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let calendar = kind == "text/calendar";
        let is_feed = matches!(
            kind.as_str(),
            "application/rss+xml"
                | "application/atom+xml"
                | "application/rdf+xml"
                | "application/feed+json"
                | "application/xml"
                | "text/xml"
        );
        let web = matches!(url.scheme(), "http" | "https");
        if !(calendar || is_feed) || !web || self.feeds.len() >= MAX_NAMED {
            return;
        }
        let comments = is_about_comments(&url, title.as_deref());
        self.push(Named {
            url,
            title,
            how,
            comments,
            calendar,
        });
    }

    fn push(&mut self, named: Named) {
        if !self.feeds.iter().any(|other| other.url == named.url) {
            self.feeds.push(named);
        }
    }

    fn markup(&mut self, html: &str) {
        let mut pieces = Pieces::new(html);
        let mut linked: Vec<(bool, Named)> = Vec::new();
        let mut text = String::new();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(shown) if text.len() < 200_000 => {
                    text.push_str(shown);
                    text.push(' ');
                }
                Piece::Start(tag) => {
                    let name = tag.name.to_ascii_lowercase();
                    self.mark(&tag);
                    match name.as_str() {
                        "meta" => self.meta(&tag),
                        "link" => self.link(&tag),
                        "a" => {
                            let rest = &html[pieces.position()..];
                            linked.extend(self.anchor(&tag, link_text(rest)));
                        }
                        _ => {}
                    }
                    if name == "title" {
                        let rest = &html[pieces.position()..];
                        let end = rest.find('<').unwrap_or(rest.len());
                        let title = decode_html(&rest[..end]);
                        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
                        self.title = self
                            .title
                            .take()
                            .or(Some(title))
                            .filter(|title| !title.is_empty());
                    }
                    pieces.skip_opaque(&name);
                }
                _ => {}
            }
        }
        // Addresses that look like a feed's before links that only say so.
        linked.sort_by_key(|(by_words, _)| *by_words);
        for (_, named) in linked {
            if self.feeds.len() < MAX_NAMED {
                self.push(named);
            }
        }
        self.marks.push('\n');
        let text = text.to_lowercase();
        let text: Vec<&str> = text.split_whitespace().collect();
        self.marks.push_str(&text.join(" "));
        if let Some(title) = &self.title {
            self.marks.push('\n');
            self.marks.push_str(&title.to_lowercase());
        }
    }

    fn mark(&mut self, tag: &Tag<'_>) {
        if self.marks.len() > 100_000 {
            return;
        }
        for (attribute, sign) in [("id", '#'), ("class", '.')] {
            for word in tag
                .attribute(attribute)
                .unwrap_or_default()
                .split_whitespace()
            {
                self.marks.push(' ');
                self.marks.push(sign);
                self.marks.push_str(&word.to_lowercase());
                self.marks.push(' ');
            }
        }
    }

    fn meta(&mut self, tag: &Tag<'_>) {
        let is_generator = tag
            .attribute("name")
            .is_some_and(|name| name.eq_ignore_ascii_case("generator"));
        if is_generator && self.generator.is_empty() {
            self.generator = tag.attribute("content").unwrap_or_default().to_lowercase();
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        let (Some(rel), Some(href)) = (tag.attribute("rel"), tag.attribute("href")) else {
            return;
        };
        let Ok(url) = self.url.join(&decode_html(href.trim())) else {
            return;
        };
        if has_word(rel, "https://api.w.org/") {
            self.wp_json = Some(url);
        } else if has_word(rel, "alternate") {
            let title = tag
                .attribute("title")
                .map(|title| decode_html(title).into_owned());
            let kind = tag.attribute("type").unwrap_or_default();
            self.name(url, kind, title, "the page names it (rel=alternate)");
        }
    }

    /// A link that looks like one to a feed or calendar of this site, or says so in its text or title; whether it was
    /// found by these words alone.
    fn anchor(&self, tag: &Tag<'_>, text: &str) -> Option<(bool, Named)> {
        let href = decode_html(tag.attribute("href")?.trim()).into_owned();
        let href = href
            .strip_prefix("webcal:")
            .map_or(href.clone(), |rest| format!("{}:{rest}", self.url.scheme()));
        let url = self.url.join(&href).ok()?;
        if url.origin() != self.url.origin() {
            return None;
        }
        let path = url.path().to_ascii_lowercase();
        let last = path
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let calendar = path.ends_with(".ics");
        let looks = matches!(last, "feed" | "rss" | "atom" | "feeds" | "index.rdf")
            || [
                ".rss",
                ".atom",
                "feed.xml",
                "rss.xml",
                "atom.xml",
                "feed.json",
            ]
            .iter()
            .any(|end| last.ends_with(end));
        let title = tag.attribute("title").unwrap_or_default();
        let kind = tag.attribute("type").unwrap_or_default();
        let says = kind.ends_with("rss+xml")
            || kind.ends_with("atom+xml")
            || [text, title].into_iter().any(says_feed);
        let named = Named {
            comments: is_about_comments(&url, Some(title)),
            url,
            title: None,
            how: "the page links to it",
            calendar,
        };
        let looks = calendar || looks;
        (looks || says).then_some((!looks, named))
    }
}

/// What a link shows, with the words that stand for its pictures.
fn link_text(behind: &str) -> &str {
    const MOST: usize = 400;
    let lower = behind.as_bytes();
    let end = lower
        .windows(3)
        .take(MOST)
        .position(|at| at.eq_ignore_ascii_case(b"</a"));
    end.and_then(|end| behind.get(..end)).unwrap_or_default()
}

/// Whether the words of a link say that it leads to a feed.
fn says_feed(words: &str) -> bool {
    words.split(|c: char| !c.is_alphanumeric()).any(|word| {
        ["rss", "rss2", "atom"]
            .iter()
            .any(|feed| word.eq_ignore_ascii_case(feed))
    })
}

fn has_word(list: &str, word: &str) -> bool {
    list.split_whitespace()
        .any(|found| found.eq_ignore_ascii_case(word))
}

/// A feed of comments (WordPress names it beside the main one) or of replies.
fn is_about_comments(url: &Url, title: Option<&str>) -> bool {
    let title = title.unwrap_or_default().to_lowercase();
    let path = url.path().to_ascii_lowercase();
    path.contains("comment") || path.contains("replies") || title.contains("comment")
}
