//! The transparency page: the twin of `GET /api/v1/transparency`.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::tz::TimeZone;

use super::about::{Contact, contact};
use super::respond;
use super::view::{Frame, Nav};
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::shapes::{CodeCount, Transparency};
use crate::state::View;
use crate::text::inline::{Day, Moment};
use crate::text::{links, say, words};

/// SignedHeads listed on the page; the API has more.
const HEADS: usize = 14;

#[derive(Debug, Template)]
#[template(path = "transparency.html")]
struct Page {
    frame: Frame,
    facts: Vec<(Msg, Msg)>,
    events: Vec<(Msg, u64)>,
    key: String,
    heads: Vec<(String, u64, String)>,
    networks: Vec<Row>,
    refused: Vec<(Msg, Msg)>,
    redacted: Vec<(Msg, Msg)>,
    blocked: Vec<(Msg, u64)>,
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

fn counted(rows: &[CodeCount]) -> Vec<(Msg, Msg)> {
    rows.iter()
        .map(|row| (Msg::English(row.words.clone()), say::about(row.count)))
        .collect()
}

impl Page {
    fn new(instance: &str, shown: &Transparency, zone: &TimeZone) -> Self {
        Self {
            frame: Frame::new(instance, msg!("transparency-heading"), Nav::None),
            facts: vec![
                (
                    msg!("transparency-networks", count = shown.about.networks),
                    words::exact(shown.about.networks).into(),
                ),
                (msg!("transparency-posts"), say::about(shown.about.posts)),
                (
                    msg!("transparency-left", count = shown.left),
                    words::exact(shown.left).into(),
                ),
                (
                    msg!("transparency-purged", count = shown.purged_posts),
                    words::exact(shown.purged_posts).into(),
                ),
            ],
            events: shown
                .ledger
                .iter()
                .map(|(event, count)| (Msg::English(event.replace('_', " ")), *count))
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
                .map(|(words, count)| (Msg::English(words.clone()), *count))
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
