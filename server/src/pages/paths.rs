//! How are these two connected? A form, and the way with its reasons.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::tz::TimeZone;

use super::respond;
use super::view::{Frame, Nav, Row};
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageQuery, PathForm};
use crate::shapes::{Path, PathStep};
use crate::state::View;
use crate::text::{links, why};

#[derive(Debug, Template)]
#[template(path = "paths.html")]
pub(super) struct Page {
    frame: Frame,
    from: String,
    to: String,
    /// None where nothing was asked.
    found: Option<Msg>,
    steps: Vec<Step>,
    data: String,
}

/// A conversation on the way, and why it is related to the one before.
#[derive(Debug)]
struct Step {
    row: Row,
    reasons: Vec<Msg>,
}

impl Page {
    pub(super) fn new(
        instance: &str,
        form: &PathForm,
        path: Option<&Path>,
        zone: &TimeZone,
    ) -> Self {
        Self {
            frame: Frame::new(instance, msg!("paths-heading"), Nav::Topics),
            from: form.from.clone().unwrap_or_default(),
            to: form.to.clone().unwrap_or_default(),
            found: path.map(found),
            steps: path.map_or_else(Vec::new, |path| steps(path, zone)),
            data: form.ends().map_or_else(String::new, |ends| {
                links::with_query("/api/v1/paths", &ends.to_query())
            }),
        }
    }
}

fn found(path: &Path) -> Msg {
    let looked = msg!("way-looked", count = path.looked_at);
    match path.length {
        0 => msg!("way-none", looked = looked),
        1 => msg!("way-shared"),
        length => msg!(
            "way-found",
            steps = msg!("way-steps", count = length - 1),
            looked = looked,
        ),
    }
}

fn steps(path: &Path, zone: &TimeZone) -> Vec<Step> {
    let mut reasons = Vec::new();
    let mut steps = Vec::new();
    for step in &path.steps {
        match step {
            PathStep::Relation(relation) => {
                reasons = relation.reasons.iter().map(why::related).collect();
            }
            PathStep::Conversation(conversation) => steps.push(Step {
                row: Row::new(conversation, zone),
                reasons: std::mem::take(&mut reasons),
            }),
        }
    }
    steps
}

pub(super) async fn page(
    view: View,
    PageQuery(form): PageQuery<PathForm>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let path = match form.ends() {
        Some(ends) => Some(read::paths::path(&view, &ends).await?),
        None => None,
    };
    let query = form.ends().map_or_else(String::new, |ends| ends.to_query());
    let config = view.state.config();
    let page = Page::new(&config.instance_name, &form, path.as_ref(), &config.zone);
    respond(&headers, &view, &links::with_query("/paths", &query), &page)
}
