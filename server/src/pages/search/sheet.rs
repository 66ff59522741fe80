//! A result to print and to take to a meeting: what was asked, in numbers, what is left out and why, when, where, and
//! the conversations with their addresses in full.

use std::sync::Arc;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use discover_model::Language;
use jiff::civil::Date;

use super::facets::{Facet, facets, href};
use super::widened;
use crate::i18n::{filters, msg};
use crate::pages::respond;
use crate::pages::view::{Frame, Hit, Nav};
use crate::picture::timeline::Chart;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{MAX_LIMIT, PageQuery, SearchParams};
use crate::shapes::{FacetRow, SearchPage, Sort};
use crate::state::ServerConfig;
use crate::state::View;
use crate::text::inline::{Day, Text};
use crate::text::{kinds, links, words};

#[derive(Debug, Template)]
#[template(path = "sheet.html")]
pub(in crate::pages) struct Sheet {
    frame: Frame,
    heading: String,
    instance: String,
    drawn: Day,
    address: String,
    asked: Vec<(&'static str, Text)>,
    total: String,
    left_out: Vec<String>,
    chart: Chart,
    facets: Vec<Facet>,
    hits: Vec<Printed>,
    back: String,
    next: Option<String>,
}

/// A hit with its addresses.
#[derive(Debug)]
struct Printed {
    hit: Hit,
    here: String,
}

/// What a sheet is made of besides what was found.
pub(in crate::pages) struct Made<'a> {
    pub(in crate::pages) config: &'a ServerConfig,
    pub(in crate::pages) today: Date,
    /// RateLimits a network's slug into its name.
    pub(in crate::pages) name: &'a dyn Fn(&str) -> Option<String>,
}

/// What networks, areas and topics that a search is narrowed to are called.
pub(in crate::pages) struct Names<'a> {
    pub(in crate::pages) network: &'a dyn Fn(&str) -> Option<String>,
    pub(in crate::pages) area: &'a dyn Fn(&str) -> Option<String>,
    pub(in crate::pages) topic: &'a dyn Fn(&str) -> Option<String>,
}

impl Sheet {
    pub(in crate::pages) fn new(
        params: &SearchParams,
        found: &SearchPage,
        made: &Made<'_>,
    ) -> Self {
        let Made {
            config,
            today,
            name,
        } = *made;
        let heading = if params.q.is_empty() {
            "Conversations".to_owned()
        } else {
            format!("Conversations found with “{}”", params.q)
        };
        let whole = SearchParams {
            limit: SearchParams::default().limit,
            cursor: None,
            ..params.clone()
        };
        let next = found.next.as_deref().map(|cursor| {
            let query = params.at(cursor).to_query();
            links::with_query("/search/print", &query)
        });
        Self {
            frame: Frame::english(
                &config.instance_name,
                format!("{heading}, to print"),
                Nav::Search,
            ),
            heading,
            instance: config.instance_name.clone(),
            drawn: Day(today),
            address: links::absolute(&config.base_url, &href(&whole)),
            asked: asked(params, found, name),
            total: counted(found),
            left_out: left_out(params, found),
            chart: Chart::new("st", &msg!("chart-matching"), &found.timeline, name),
            facets: facets(&SearchParams::default(), found, &[]),
            hits: found
                .items
                .iter()
                .map(|hit| Printed {
                    here: links::absolute(
                        &config.base_url,
                        &links::conversation(hit.conversation.id),
                    ),
                    hit: Hit::new(hit, &config.zone),
                })
                .collect(),
            back: href(&whole),
            next,
        }
    }
}

/// What was asked for, in words.
fn asked(
    params: &SearchParams,
    found: &SearchPage,
    name: &dyn Fn(&str) -> Option<String>,
) -> Vec<(&'static str, Text)> {
    let mut asked = Vec::new();
    if !params.q.is_empty() {
        asked.push(("Search", Text::unknown(&params.q)));
    }
    let label = |rows: &[FacetRow], value: &str| {
        let row = rows.iter().find(|row| row.value == value)?;
        Some(row.label.clone())
    };
    let names = Names {
        network: name,
        area: &|slug| label(&found.facets.area, slug),
        topic: &|id| label(&found.facets.topic, id),
    };
    asked.extend(narrowed(params, &names));
    let order = match found.sort {
        Sort::Relevance => "best match first",
        Sort::Newest => "newest first",
        Sort::Oldest => "oldest first",
    };
    asked.push(("Order", Text::new(order, Some(Language::ENGLISH))));
    asked
}

/// What a search is narrowed to besides its words, and when.
pub(in crate::pages) fn narrowed(
    params: &SearchParams,
    names: &Names<'_>,
) -> Vec<(&'static str, Text)> {
    let english = |text: String| Text::new(text, Some(Language::ENGLISH));
    let mut asked = Vec::new();
    for slug in &params.network {
        let name = (names.network)(slug);
        asked.push(("Network", Text::unknown(name.as_ref().unwrap_or(slug))));
    }
    for slug in &params.area {
        let name = (names.area)(slug);
        asked.push((
            "Area the network serves",
            Text::unknown(name.as_ref().unwrap_or(slug)),
        ));
    }
    for language in &params.language {
        asked.push(("Language", Text::new(language.endonym(), Some(*language))));
    }
    for kind in &params.kind {
        asked.push(("Kind of site", english(kinds::long(*kind).to_owned())));
    }
    for id in &params.topic {
        let id = id.to_string();
        let label = (names.topic)(&id).map_or_else(|| id.clone(), |label| words::sentence(&label));
        asked.push(("Topic", Text::unknown(label)));
    }
    asked.push((
        "When it was active",
        english(words::when(params.after, params.before)),
    ));
    asked
}

/// How many were found, near copies once, and how many more are nearly the same.
fn counted(found: &SearchPage) -> String {
    let once = words::of(found.once(), "conversation", "conversations");
    match found.near_copies {
        0 => once,
        more => format!("{once}, and {} nearly the same", words::exact(more)),
    }
}

/// What the sheet does not hold, and why.
fn left_out(params: &SearchParams, found: &SearchPage) -> Vec<String> {
    let mut left_out = Vec::new();
    let printed = found.items.len() as u64;
    if printed < found.total {
        left_out.push(format!(
            "Printed are {} of {}; the address above leads to all of them.",
            words::exact(printed),
            words::of(found.total, "conversation", "conversations")
        ));
    }
    if found.total > 0 {
        left_out.extend(widened(found.matched).map(|words| words.to_string()));
    }
    left_out.push(
        "Only networks that asked to be found are looked at, and of them only what is public: other places may well talk about it."
            .to_owned(),
    );
    if found.too_small > 0 {
        left_out.push(format!(
            "{} too small to show (at least {} are needed), so that nobody can be told from it.",
            words::sentence(&words::of(found.too_small, "topic is", "topics are")),
            words::enough()
        ));
    }
    if params.cursor.is_none()
        && found
            .items
            .iter()
            .any(|hit| hit.conversation.copies.is_some())
    {
        left_out.push("Nearly equal texts stand as one conversation with “also at”.".to_owned());
    }
    left_out
}

pub(in crate::pages) async fn page(
    view: View,
    PageQuery(params): PageQuery<SearchParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = SearchParams {
        limit: MAX_LIMIT,
        ..params
    };
    let found: Arc<SearchPage> = read::search::search(&view, &params).await?;
    let made = Made {
        config: view.state.config(),
        today: view.today,
        name: &|slug| {
            view.network_by_slug(slug)
                .map(|network| network.name.clone())
        },
    };
    respond(
        &headers,
        &view,
        &links::with_query("/search/print", &params.to_query()),
        &Sheet::new(&params, &found, &made),
    )
}
