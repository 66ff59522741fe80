//! Handing on: what a package of a topic or a search holds, and its files.
//!
//! Contract: what stands on it is the manifest's, in words; the files are the API's.

use askama::Template;
use axum::extract::{Path, RawQuery, State as FromState};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::respond;
use super::view::{Frame, Link, Nav};
use crate::export::package::{self, ARCHIVE};
use crate::i18n::filters;
use crate::limits::Client;
use crate::problem::Problem;
use crate::read::package::Subject;
use crate::read::params::{Query, SearchParams};
use crate::shapes::{Package, PackageFile};
use crate::state::{State, View};
use crate::text::inline::{Day, Text};
use crate::text::{links, words};

#[derive(Debug, Template)]
#[template(path = "package.html")]
pub(super) struct Page {
    frame: Frame,
    heading: Text,
    back: Link,
    quoted: String,
    left_out: Vec<String>,
    archive: String,
    manifest: String,
    signature: String,
    tools: Vec<Tool>,
    networks: Vec<(Text, String, Text)>,
    made: Day,
    key: String,
}

/// A file, and what it is for.
#[derive(Debug)]
struct Tool {
    name: String,
    href: String,
    what: &'static str,
    how: &'static str,
    quotations: String,
    left_out: Option<String>,
}

/// What each file is for, and how it is taken in there.
const TOOLS: [(&str, &str, &str); 6] = [
    (
        "polis.csv",
        "Polis",
        "In the conversation’s settings, under “Upload a CSV of seed comments”. Each becomes a statement to vote on: read them first, and take out what is none.",
    ),
    (
        "talk-to-the-city.csv",
        "Talk to the City",
        "As the data of a new report. The network stands as the one who speaks.",
    ),
    (
        "decidim.json",
        "Decidim",
        "Under Proposals, Import, as a file of proposals: one proposal with up to ten quotations. For a site whose own language is not English, change the address: decidim-ca.json for Catalan.",
    ),
    (
        "quotations.xlsx",
        "People, as a workbook",
        "Opens in any spreadsheet program.",
    ),
    (
        "quotations.csv",
        "People, as CSV",
        "The same as the workbook.",
    ),
    (
        "quotations.json",
        "Programs",
        "The quotations alone, as in the manifest.",
    ),
];

impl Page {
    /// `files` makes the address of a file.
    pub(super) fn new(
        instance: &str,
        package: &Package,
        back: Link,
        files: &dyn Fn(&str) -> String,
    ) -> Self {
        let heading = match package.label.as_str() {
            "" => Text::unknown("All conversations"),
            label => Text::unknown(words::sentence(label)),
        };
        let nav = if package.topic.is_some() {
            Nav::Topics
        } else {
            Nav::Search
        };
        let out = &package.left_out;
        let left_out = [
            (
                out.near_copies,
                "nearly the same as one that is quoted, and stands once",
            ),
            (
                out.nothing_to_quote,
                "with nothing to quote: it says next to nothing, or its network shows titles and links alone",
            ),
            (out.beyond, "after the first hundred"),
        ];
        let tool = |(name, what, how)| {
            let file = package.files.iter().find(|file| file.name == name)?;
            Some(Tool::new(file, what, how, files(name)))
        };
        let quoted = package.quotations.len() as u64;
        Self {
            frame: Frame::english(instance, format!("Hand on: {}", heading.text), nav),
            quoted: format!(
                "{} of {} quoted, from {}",
                words::exact(quoted),
                words::of(package.once(), "conversation", "conversations"),
                words::networks(package.networks.len() as u64),
            ),
            left_out: left_out
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, why)| format!("{} {why}.", words::exact(count)))
                .collect(),
            archive: files(ARCHIVE),
            manifest: files("manifest.json"),
            signature: files("manifest.sig"),
            tools: TOOLS.into_iter().filter_map(tool).collect(),
            networks: package
                .networks
                .iter()
                .map(|network| {
                    (
                        Text::unknown(&network.name),
                        links::network(&network.slug),
                        Text::unknown(&network.owner),
                    )
                })
                .collect(),
            made: Day(package.check.made),
            key: package.key.clone(),
            heading,
            back,
        }
    }
}

impl Tool {
    fn new(file: &PackageFile, what: &'static str, how: &'static str, href: String) -> Self {
        Self {
            name: file.name.clone(),
            href,
            what,
            how,
            quotations: words::of(file.quotations, "quotation", "quotations"),
            left_out: file.because.as_ref().map(|because| {
                format!(
                    "{} of the package left out: {because}.",
                    words::of(file.left_out, "quotation", "quotations")
                )
            }),
        }
    }
}

pub(super) async fn of_topic(
    view: View,
    Client(client): Client,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let slot = view.state.exports().take(client)?;
    let bundle = package::bundle(&view, &Subject::Topic(id.clone())).await?;
    drop(slot);
    let own = bundle
        .package
        .topic
        .map_or_else(String::new, |id| id.to_string());
    let here = links::topic(&own);
    let at = format!("{here}/package");
    if own != id {
        return Ok(Redirect::permanent(&at).into_response());
    }
    let back = Link::new(here, "Back to the topic");
    let files = |name: &str| format!("{}{at}/{name}", crate::text::links::API);
    let instance = &view.state.config().instance_name;
    let page = Page::new(instance, &bundle.package, back, &files);
    respond(&headers, &bundle.view, &at, &page)
}

pub(super) async fn of_search(
    FromState(state): FromState<State>,
    Client(client): Client,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = SearchParams {
        cursor: None,
        limit: SearchParams::default().limit,
        ..SearchParams::liberal(&query.unwrap_or_default())?
    };
    let view = state.view().await?;
    let slot = state.exports().take(client)?;
    let bundle = package::bundle(&view, &Subject::Search(params.clone())).await?;
    drop(slot);
    let query = params.to_query();
    let at = links::with_query("/search/package", &query);
    let back = Link::new(links::search(&query), "Back to the search");
    let files = |name: &str| {
        let path = format!("{}/search/package/{name}", crate::text::links::API);
        links::with_query(&path, &query)
    };
    let page = Page::new(&state.config().instance_name, &bundle.package, back, &files);
    respond(&headers, &bundle.view, &at, &page)
}
