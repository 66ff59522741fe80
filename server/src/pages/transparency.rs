//! The transparency page: the twin of `GET /api/v1/transparency`.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::tz::TimeZone;

use super::about::{Contact, contact};
use super::respond;
use super::view::{Frame, Nav};
use crate::i18n::filters;
use crate::problem::Problem;
use crate::read;
use crate::shapes::{CodeCount, Transparency};
use crate::state::View;
use crate::text::inline::{Day, Moment};
use crate::text::{links, words};

/// SignedHeads listed on the page; the API has more.
const HEADS: usize = 14;

#[derive(Debug, Template)]
#[template(path = "transparency.html")]
struct Page {
    frame: Frame,
    facts: Vec<(&'static str, String)>,
    events: Vec<(String, u64)>,
    key: String,
    heads: Vec<(String, u64, String)>,
    networks: Vec<Row>,
    refused: Vec<(String, String)>,
    redacted: Vec<(String, String)>,
    blocked: Vec<(String, u64)>,
    keys: Vec<KeyRow>,
    contact: Option<Contact>,
}

#[derive(Debug)]
struct Row {
    href: String,
    name: String,
    scope: Vec<String>,
    last: Option<Moment>,
}

#[derive(Debug)]
struct KeyRow {
    holder: String,
    purpose: String,
    scopes: String,
    until: Day,
}

fn counted(rows: &[CodeCount]) -> Vec<(String, String)> {
    rows.iter()
        .map(|row| (row.words.clone(), words::about(row.count)))
        .collect()
}

impl Page {
    fn new(instance: &str, shown: &Transparency, zone: &TimeZone) -> Self {
        Self {
            frame: Frame::english(instance, "Transparency", Nav::None),
            facts: vec![
                (
                    words::noun(shown.about.networks, "network", "networks"),
                    words::exact(shown.about.networks),
                ),
                ("posts held", words::about(shown.about.posts)),
                (
                    words::noun(shown.left, "network that left", "networks that left"),
                    words::exact(shown.left),
                ),
                (
                    words::noun(
                        shown.purged_posts,
                        "post purged after that",
                        "posts purged after that",
                    ),
                    words::exact(shown.purged_posts),
                ),
            ],
            events: shown
                .ledger
                .iter()
                .map(|(event, count)| (event.replace('_', " "), *count))
                .collect(),
            key: shown.heads.key.clone(),
            heads: shown
                .heads
                .items
                .iter()
                .take(HEADS)
                .map(|head| (head.day.to_string(), head.seq, head.hash.clone()))
                .collect(),
            networks: shown
                .networks
                .iter()
                .map(|network| Row {
                    href: links::network(&network.slug),
                    name: network.name.clone(),
                    scope: network.scope.clone(),
                    last: network.last_fetch.map(|at| Moment::new(at, zone)),
                })
                .collect(),
            refused: counted(&shown.about.refused),
            redacted: counted(&shown.about.redacted),
            blocked: shown
                .blocked
                .iter()
                .map(|(words, count)| (words.clone(), *count))
                .collect(),
            keys: shown
                .keys
                .iter()
                .map(|key| KeyRow {
                    holder: key.holder.clone(),
                    purpose: key.purpose.clone(),
                    scopes: words::list(&key.scopes),
                    until: Day::of(key.expires, zone),
                })
                .collect(),
            contact: contact(&shown.about.operator_contact),
        }
    }
}

pub(super) async fn page(view: View, headers: HeaderMap) -> Result<Response, Problem> {
    let shown = read::ledger::transparency(&view).await?;
    let config = view.state.config();
    respond(
        &headers,
        &view,
        "/transparency",
        &Page::new(&config.instance_name, &shown, &config.zone),
    )
}
