//! A tray: the quotations that a reader gathered, to put in order, and to take away as brief, table or references.
//!
//! Contract: what stands here is the API's tray in words. Every link is an address: nothing is kept here or in the browser.

mod brief;
mod markdown;
mod sentences;

use askama::Template;
use axum::Router;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

pub(super) use self::brief::Brief;
use super::brief::MARKDOWN;
use super::carried::tray_at;
use super::pictures::{CSV, XLSX, saved};
use super::respond;
use super::view::{Frame, Link, Nav, Voice};
use crate::export::quotations;
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageQuery, PrintParams, Query as _, TrayParams};
use crate::shapes::{Tray, TrayQuotation};
use crate::state::View;
use crate::text::inline::Text;
use crate::text::links;

const REFERENCES: &str = "text/plain; charset=utf-8";

pub(super) fn routes() -> Router<crate::state::State> {
    Router::new()
        .route("/tray", get(page))
        .route("/tray.csv", get(csv))
        .route("/tray.xlsx", get(xlsx))
        .route("/tray.txt", get(references))
        .route("/tray/brief", get(as_brief))
        .route("/tray/brief.md", get(as_markdown))
}

#[derive(Debug, Template)]
#[template(path = "tray.html")]
pub(super) struct Page {
    frame: Frame,
    /// Whether the address names no quotation at all.
    unused: bool,
    rows: Vec<Row>,
    not_shown: Option<Msg>,
    /// The tray without what is not shown of it.
    dropped: Option<String>,
    outputs: Vec<Link>,
    files: Vec<Link>,
    address: String,
    emptied: String,
}

/// A quotation with what can be done with it.
#[derive(Debug)]
struct Row {
    voice: Voice,
    reference: Text,
    up: Option<String>,
    down: Option<String>,
    out: String,
}

impl Page {
    pub(super) fn new(instance: &str, params: &TrayParams, tray: &Tray) -> Self {
        let query = params.to_query();
        let at = |path: &str| links::with_query(path, &query);
        // Places among what is shown: what is not stands where it stood.
        let place = |item: &TrayQuotation| {
            let mut all = params.items.iter();
            all.position(|one| one.to_string() == item.item)
        };
        let places: Vec<Option<usize>> = tray.items.iter().map(place).collect();
        let exchanged = |one: Option<usize>, other: Option<&Option<usize>>| {
            let moved = params.exchanged(one?, (*other?)?)?;
            Some(tray_at("/tray", &moved))
        };
        let rows = tray.items.iter().enumerate().map(|(n, item)| Row {
            voice: Voice::new(&item.quote),
            reference: Text::unknown(&item.reference),
            up: exchanged(
                places[n],
                n.checked_sub(1).and_then(|before| places.get(before)),
            ),
            down: exchanged(places[n], places.get(n + 1)),
            out: {
                let out = places[n].and_then(|at| params.items.get(at));
                let rest = out.map(|out| params.without(out.conversation));
                tray_at("/tray", &rest.unwrap_or_default())
            },
        });
        let shown = TrayParams {
            items: places
                .iter()
                .filter_map(|at| at.and_then(|at| params.items.get(at)))
                .copied()
                .collect(),
        };
        Self {
            frame: Frame::new(instance, msg!("tray-title"), Nav::None),
            unused: params.items.is_empty(),
            rows: rows.collect(),
            not_shown: sentences::not_shown(tray),
            dropped: (tray.not_shown > 0).then(|| tray_at("/tray", &shown)),
            outputs: vec![
                Link::new(at("/tray/brief"), msg!("tray-brief")),
                Link::new(large(&query), msg!("tray-large")),
                Link::new(
                    links::with_query(&format!("{}/tray", links::API), &query),
                    msg!("as-data"),
                ),
            ],
            files: vec![
                Link::new(at("/tray/brief.md"), msg!("tray-markdown")),
                Link::new(at("/tray.xlsx"), msg!("download-xlsx")),
                Link::new(at("/tray.csv"), msg!("download-csv")),
                Link::new(at("/tray.txt"), msg!("download-references")),
            ],
            address: tray.url.clone(),
            emptied: tray_at("/tray", &TrayParams::default()),
        }
    }
}

/// The address of the brief in large print.
fn large(query: &str) -> String {
    let both: Vec<&str> = [query, "print=large"]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    links::with_query("/tray/brief", &both.join("&"))
}

async fn page(
    view: View,
    PageQuery(params): PageQuery<TrayParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tray = read::tray::tray(&view, &params).await?;
    let page = Page::new(&view.state.config().instance_name, &params, &tray);
    let at = links::with_query("/tray", &params.to_query());
    respond(&headers, &view, &at, &page)
}

async fn csv(
    view: View,
    PageQuery(params): PageQuery<TrayParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tray = read::tray::take(&view, &params).await?;
    let sheet = quotations::sheet(&tray);
    saved(&headers, &view, CSV, "quotations.csv", sheet.csv()?)
}

async fn xlsx(
    view: View,
    PageQuery(params): PageQuery<TrayParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tray = read::tray::take(&view, &params).await?;
    let sheet = quotations::sheet(&tray);
    let file = view.state.compute(move || sheet.xlsx()).await??;
    saved(&headers, &view, XLSX, "quotations.xlsx", file)
}

async fn references(
    view: View,
    PageQuery(params): PageQuery<TrayParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tray = read::tray::take(&view, &params).await?;
    let list = quotations::references(&tray, &view.state.config().instance_name);
    saved(&headers, &view, REFERENCES, "references.txt", list)
}

async fn as_brief(
    view: View,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let params = TrayParams::liberal(&query)?;
    let print = PrintParams::liberal(&query)?;
    let tray = read::tray::take(&view, &params).await?;
    let brief = Brief::new(view.state.config(), &params, &tray, print.large);
    let at = links::with_query("/tray/brief", &params.to_query());
    respond(&headers, &view, &at, &brief)
}

async fn as_markdown(
    view: View,
    PageQuery(params): PageQuery<TrayParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tray = read::tray::take(&view, &params).await?;
    let config = view.state.config();
    let runs = config.operator.as_ref().unwrap_or(&config.instance_name);
    let text = markdown::of(&tray, runs);
    saved(&headers, &view, MARKDOWN, "quotations.md", text)
}
