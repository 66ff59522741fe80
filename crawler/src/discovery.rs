//! Finding the sources of a site from its home page: at registration only, and only under a permit, which comes from the
//! owner's proof. Nothing found here is read or kept; it is shown to the owner, who decides.
//!
//! Order, cheapest first: the address is itself a source; what the home page's headers, generator and markup say of the
//! platform; feeds it names (`Link` header, `rel=alternate`, links that look like feeds); `/.well-known/nodeinfo`; the
//! AT Protocol's `describeServer`; the page's own markup; the platform's usual feed addresses, or a few usual ones. What
//! is declared is preferred to what is guessed, and a guess counts only when the answer is a feed (a "not found" page
//! that answers 200 is none). The home page is asked for once; every probe keeps the site's gap, its robots.txt and the
//! permit.

mod fingerprints;
mod home;
#[cfg(test)]
mod tests;

use discover_model::{Permit, Source, SourceKind, SourceOptions};
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::connectors::presets::{self, Preset};
use crate::connectors::{html, ical};
use crate::fetch::{FetchError, Fetcher, Request, Response, What, shown};
use crate::page;
use crate::parse::{self, Head};
use fingerprints::Platform;
use home::Home;

/// Requests for one site at most, the home page included.
const MAX_REQUESTS: u32 = 16;
/// Feeds named by the home page that are looked at.
const MAX_FEEDS: usize = 6;
/// Where feeds usually are, when nothing says where they are.
const USUAL: [&str; 8] = [
    "feed/",
    "rss.xml",
    "atom.xml",
    "feed.xml",
    "index.xml",
    "feed.json",
    "rss",
    "feed.atom",
];

/// A source that a site has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    pub kind: SourceKind,
    pub url: Url,
    pub title: Option<String>,
    /// What it was found by, in plain words.
    pub how: String,
    /// A feed of comments, or of one part of the site: never proposed in place of the site's own.
    pub side: bool,
    /// What an owner has to add to the source's settings, as TOML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
}

/// What was found at a site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Discovery {
    /// The platform's name, where it says one.
    pub platform: Option<String>,
    /// The best first.
    pub sources: Vec<Found>,
    /// What stood in the way, in words an owner can use.
    pub notes: Vec<String>,
    pub requests: u32,
}

impl Discovery {
    /// The one source to propose.
    pub fn best(&self) -> Option<&Found> {
        self.sources.iter().find(|found| !found.side)
    }
}

/// Looks for the sources of the site whose home page is `home`. Fails only where the home page cannot be had.
pub async fn discover(
    fetcher: &Fetcher,
    permit: &Permit,
    home: &Url,
    now: Timestamp,
) -> Result<Discovery, FetchError> {
    let mut search = Search {
        fetcher,
        permit,
        now,
        found: Discovery::default(),
    };
    let response = search.get(home, What::Page).await?;
    if !response.is_success() {
        let status = response.status;
        search.note(format!("{} answers {status}", shown(&response.url)));
        return Ok(search.found);
    }
    search.read_home(&response).await?;
    Ok(search.found)
}

/// The engine that a page gives away, where there is a preset for it.
pub(crate) fn engine_of(html: &str, url: &Url) -> Option<&'static Preset> {
    let page = Home::read(&HeaderMap::new(), html, url);
    presets::given_away(&page.generator, &page.marks)
}

struct Search<'a> {
    fetcher: &'a Fetcher,
    permit: &'a Permit,
    now: Timestamp,
    found: Discovery,
}

impl Search<'_> {
    async fn get(&mut self, url: &Url, what: What) -> Result<Response, FetchError> {
        self.found.requests += 1;
        let request = Request::new(url.clone(), what);
        let response = self.fetcher.get(self.permit, request, self.now).await?;
        self.found.requests += u32::from(response.hops);
        Ok(response)
    }

    /// A further look. What goes wrong with it is noted; only trouble with the whole site ends the search.
    async fn probe(&mut self, url: &Url, what: What) -> Result<Option<Response>, FetchError> {
        if !self.permit.covers(url) {
            self.note(format!(
                "{} was not looked at: it is outside the scope of the consent",
                shown(url)
            ));
            return Ok(None);
        }
        if self.found.requests >= MAX_REQUESTS {
            return Ok(None);
        }
        match self.get(url, what).await {
            Ok(response) if response.is_success() => Ok(Some(response)),
            Ok(response) => {
                if matches!(response.status, 429 | 503) {
                    return Err(FetchError::HostWaits(self.now));
                }
                Ok(None)
            }
            Err(
                error @ (FetchError::HostWaits(_)
                | FetchError::Connect(_)
                | FetchError::Dns { .. }
                | FetchError::RobotsUnreachable(_)),
            ) => Err(error),
            Err(error) => {
                self.note(error.to_string());
                Ok(None)
            }
        }
    }

    fn note(&mut self, note: String) {
        if !self.found.notes.contains(&note) {
            self.found.notes.push(note);
        }
    }

    fn add(&mut self, found: Found) {
        let known = self
            .found
            .sources
            .iter()
            .any(|other| other.url == found.url && other.kind == found.kind);
        if !known {
            self.found.sources.push(found);
        }
    }

    async fn read_home(&mut self, response: &Response) -> Result<(), FetchError> {
        if let Some(found) = itself(response) {
            self.add(found);
            return Ok(());
        }
        let html = page::text(&response.body, response.content_type()).unwrap_or_default();
        let home = Home::read(&response.headers, &html, &response.url);
        if page::signs(&html, self.fetcher.agent()).noindex {
            self.note("the home page asks not to be indexed (noindex)".to_owned());
        }
        let mut platform = Platform::of(&home);
        if platform.is_none() && home.feeds.is_empty() {
            platform = self.by_well_known(&home).await?;
        }
        let stopped = match &platform {
            Some(platform) => self.platform(platform, &home, response).await,
            None => Ok(()),
        };
        // A site that stopped answering midway still has what it told before.
        if let Err(error) = stopped {
            self.note(error.to_string());
            return Ok(());
        }
        if let Err(error) = self.feeds(&home, platform.as_ref()).await {
            self.note(error.to_string());
            return Ok(());
        }
        self.markup(response);
        if self.found.best().is_none()
            && let Err(error) = self.usual(&home).await
        {
            self.note(error.to_string());
        }
        if self.found.sources.is_empty() {
            self.note("no feed and no known platform was found: name the feed's own address, or declare selectors for kind = \"html\"".to_owned());
        }
        Ok(())
    }

    /// nodeinfo, then the AT Protocol's own word.
    async fn by_well_known(&mut self, home: &Home) -> Result<Option<Platform>, FetchError> {
        #[derive(Deserialize)]
        struct Links {
            links: Vec<Link>,
        }
        #[derive(Deserialize)]
        struct Link {
            rel: Option<String>,
            href: Option<String>,
        }
        #[derive(Deserialize)]
        struct Info {
            software: Software,
        }
        #[derive(Deserialize)]
        struct Software {
            name: String,
        }
        let Ok(url) = home.url.join("/.well-known/nodeinfo") else {
            return Ok(None);
        };
        if let Some(response) = self.probe(&url, What::Json).await?
            && let Ok(links) = serde_json::from_slice::<Links>(&response.body)
        {
            let href = links
                .links
                .iter()
                .filter(|link| {
                    link.rel
                        .as_deref()
                        .is_some_and(|rel| rel.contains("nodeinfo"))
                })
                .filter_map(|link| url.join(link.href.as_deref()?).ok())
                .next_back();
            if let Some(href) = href
                && let Some(response) = self.probe(&href, What::Json).await?
                && let Ok(info) = serde_json::from_slice::<Info>(&response.body)
            {
                return Ok(Platform::of_software(&info.software.name));
            }
        }
        let Ok(url) = home.url.join("/xrpc/com.atproto.server.describeServer") else {
            return Ok(None);
        };
        if let Some(response) = self.probe(&url, What::Json).await?
            && serde_json::from_slice::<serde_json::Value>(&response.body)
                .is_ok_and(|answer| answer["did"].is_string())
        {
            return Ok(Some(Platform::atproto()));
        }
        Ok(None)
    }

    /// The platform's own connector, or its usual feeds.
    async fn platform(
        &mut self,
        platform: &Platform,
        home: &Home,
        response: &Response,
    ) -> Result<(), FetchError> {
        self.found.platform = Some(platform.name.to_owned());
        let how = format!("{} says it is {}", platform.sign, platform.name);
        if let Some(note) = platform.note {
            self.note(note.to_owned());
        }
        if let Some(kind) = platform.kind {
            let url = platform.root(home);
            if self.permit.covers(&url) {
                self.add(Found {
                    kind,
                    url,
                    title: home.title.clone(),
                    how,
                    side: false,
                    settings: None,
                });
            } else {
                self.note(format!(
                    "{} is outside the scope of the consent",
                    shown(&url)
                ));
            }
            // For a forum whose data is closed and whose pages are not.
            if kind == SourceKind::Discourse
                && let Some(preset) = presets::named("discourse")
                && let Some(found) = self.by_pages(preset, home, response)
            {
                self.add(Found {
                    side: true,
                    ..found
                });
            }
            return Ok(());
        }
        if let Some(preset) = platform.preset
            && let Some(found) = self.by_pages(preset, home, response)
        {
            self.add(Found { how, ..found });
            return Ok(());
        }
        for path in platform.feeds {
            let Ok(url) = home.root().join(path) else {
                continue;
            };
            if let Some(found) = self.feed(&url, &how, false).await? {
                self.add(found);
                break;
            }
        }
        Ok(())
    }

    /// The site's pages by the selectors of its engine, where they find something on the home page. Fossil's home page is
    /// not its forum.
    fn by_pages(&self, preset: &Preset, home: &Home, response: &Response) -> Option<Found> {
        let options = SourceOptions {
            preset: Some(preset.name.clone()),
            ..SourceOptions::default()
        };
        let url = home.url.clone();
        let network = self.permit.network();
        let source = Source::new(network, SourceKind::Html, url.clone(), options);
        let fits = preset.name == "fossil" || html::lists_something(&response.body, &url, &source);
        fits.then(|| Found {
            kind: SourceKind::Html,
            url,
            title: home.title.clone(),
            how: format!("its pages are read as those of {}", preset.title),
            side: false,
            settings: Some(format!("preset = \"{}\"", preset.name)),
        })
    }

    /// Feeds that the page names. Behind a platform's connector they would only say the same again.
    async fn feeds(&mut self, home: &Home, platform: Option<&Platform>) -> Result<(), FetchError> {
        let is_read = |platform: &Platform| platform.kind.is_some() || platform.preset.is_some();
        let served = platform.is_some_and(is_read) && self.found.best().is_some();
        for named in home.feeds.iter().take(MAX_FEEDS) {
            if served {
                break;
            }
            if named.calendar {
                if let Some(response) = self.probe(&named.url, What::Feed).await?
                    && let Some(found) = itself(&response)
                {
                    self.add(Found {
                        how: named.how.to_owned(),
                        ..found
                    });
                }
                continue;
            }
            if let Some(mut found) = self.feed(&named.url, named.how, named.comments).await? {
                found.title = found.title.or_else(|| named.title.clone());
                self.add(found);
            }
        }
        // The site's own feed before those of its comments.
        self.found.sources.sort_by_key(|found| found.side);
        Ok(())
    }

    async fn usual(&mut self, home: &Home) -> Result<(), FetchError> {
        for path in USUAL {
            let Ok(url) = home.root().join(path) else {
                continue;
            };
            if self
                .found
                .sources
                .iter()
                .any(|found| found.url.path() == url.path())
            {
                continue;
            }
            if let Some(found) = self.feed(&url, "a usual address of feeds", false).await? {
                self.add(found);
                return Ok(());
            }
        }
        Ok(())
    }

    /// A feed at `url`, if what answers there is one.
    async fn feed(
        &mut self,
        url: &Url,
        how: &str,
        side: bool,
    ) -> Result<Option<Found>, FetchError> {
        let Some(response) = self.probe(url, What::Feed).await? else {
            return Ok(None);
        };
        let Some(found) = itself(&response).filter(|found| found.kind == SourceKind::Feed) else {
            return Ok(None);
        };
        Ok(Some(Found {
            how: how.to_owned(),
            side,
            ..found
        }))
    }

    /// Posts in the page's own markup.
    fn markup(&mut self, response: &Response) {
        if self.found.best().is_some() {
            return;
        }
        let source = Source::new(
            self.permit.network(),
            SourceKind::Html,
            response.url.clone(),
            SourceOptions::default(),
        );
        if html::inspect(&response.body, &response.url, &source, self.now).is_some() {
            self.add(Found {
                kind: SourceKind::Html,
                url: response.url.clone(),
                title: None,
                how: "the page marks its posts up (schema.org or microformats)".to_owned(),
                side: false,
                settings: None,
            });
        }
    }
}

/// The answer as a source, where it is a feed or a calendar.
fn itself(response: &Response) -> Option<Found> {
    let found = |kind, title| {
        Some(Found {
            kind,
            url: response
                .moved
                .clone()
                .unwrap_or_else(|| response.url.clone()),
            title,
            how: "the address is one itself".to_owned(),
            side: false,
            settings: None,
        })
    };
    let head = Head {
        content_type: response.content_type(),
        content_location: response.header("content-location"),
        content_language: response.header("content-language"),
    };
    if let Ok(parsed) = parse::feed(&response.body, &response.url, &head) {
        return found(SourceKind::Feed, parsed.feed.title);
    }
    let text = page::text(&response.body, response.content_type())?;
    let is_calendar = text
        .trim_start()
        .get(..15)
        .is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR"));
    if is_calendar && ical::is_whole(&text) {
        return found(SourceKind::Ical, None);
    }
    None
}
