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
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::problem::Problem;
use crate::read::package::Subject;
use crate::read::params::{Query, SearchParams};
use crate::shapes::{Package, PackageFile};
use crate::state::{State, View};
use crate::text::inline::{Day, Text};
use crate::text::{coordinated, links, say, words};

#[derive(Debug, Template)]
#[template(path = "package.html")]
pub(super) struct Page {
    frame: Frame,
    heading: Text,
    /// Whether it is of all that is held: there are no words to head it with.
    everything: bool,
    sign: Option<Msg>,
    back: Link,
    quoted: Msg,
    left_out: Vec<Msg>,
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
    what: Msg,
    how: Msg,
    quotations: Msg,
    left_out: Option<Msg>,
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
        "people",
        "Opens in any spreadsheet program.",
    ),
    ("quotations.csv", "csv", "The same as the workbook."),
    (
        "quotations.json",
        "programs",
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
        let heading = Text::unknown(words::sentence(&package.label));
        let named = match package.label.as_str() {
            "" => msg!("package-everything"),
            _ => Msg::from(&heading.text),
        };
        let nav = if package.topic.is_some() {
            Nav::Topics
        } else {
            Nav::Search
        };
        let out = &package.left_out;
        let left_out = [
            (
                out.same_words,
                msg!("package-copies", count = out.same_words),
            ),
            (
                out.nothing_to_quote,
                msg!("package-nothing", count = out.nothing_to_quote),
            ),
            (
                out.beyond,
                msg!(
                    "package-beyond",
                    count = out.beyond,
                    looked = package.looked_through,
                    all = package.once()
                ),
            ),
        ];
        let tool = |(name, what, how)| {
            let file = package.files.iter().find(|file| file.name == name)?;
            Some(Tool::new(file, what, how, files(name)))
        };
        let quoted = package.quotations.len() as u64;
        Self {
            frame: Frame::new(instance, msg!("package-title", heading = named), nav),
            quoted: msg!(
                "package-quoted",
                quoted = quoted,
                conversations = say::conversations(package.once()),
                networks = say::networks(package.networks.len() as u64),
            ),
            everything: package.label.is_empty(),
            sign: coordinated::said(package.coordinated.as_ref()),
            left_out: left_out
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(_, why)| why)
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
    fn new(file: &PackageFile, what: &str, how: &str, href: String) -> Self {
        Self {
            name: file.name.clone(),
            href,
            what: match what {
                "people" => msg!("package-people"),
                "csv" => msg!("package-people-csv"),
                "programs" => msg!("package-programs"),
                name => name.into(),
            },
            // The menus of these tools are in English.
            how: Msg::English(how.to_owned()),
            quotations: msg!("package-quotations", count = file.quotations),
            left_out: file.because.as_ref().map(|because| {
                msg!(
                    "package-without",
                    quotations = msg!("package-quotations", count = file.left_out),
                    because = Msg::English(because.clone()),
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
    let back = Link::new(here, msg!("package-back-topic"));
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
    let back = Link::new(links::search(&query), msg!("package-back-search"));
    let files = |name: &str| {
        let path = format!("{}/search/package/{name}", crate::text::links::API);
        links::with_query(&path, &query)
    };
    let page = Page::new(&state.config().instance_name, &bundle.package, back, &files);
    respond(&headers, &bundle.view, &at, &page)
}
