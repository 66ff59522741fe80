//! What each problem code means: the addresses that stand in `type` of every problem.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;

use super::respond;
use super::view::{Frame, Nav};
use crate::i18n::filters;
use crate::problem::{Code, Problem};
use crate::state::View;
use crate::text::inline::{Part, code_parts};

#[derive(Debug, Template)]
#[template(path = "problems.html")]
pub(super) struct ListPage {
    frame: Frame,
    codes: &'static [Code],
}

#[derive(Debug, Template)]
#[template(path = "problem.html")]
pub(super) struct Page {
    frame: Frame,
    heading: &'static str,
    status: u16,
    code: &'static str,
    kind: String,
    explanation: Vec<Part>,
}

impl ListPage {
    pub(super) fn new(instance: &str) -> Self {
        Self {
            frame: Frame::english(instance, "Problems and what to do", Nav::None),
            codes: Code::ALL,
        }
    }
}

impl Page {
    pub(super) fn new(instance: &str, code: Code) -> Self {
        Self {
            frame: Frame::english(instance, format!("{}, a problem", code.title()), Nav::None),
            heading: code.title(),
            status: code.status().as_u16(),
            code: code.as_str(),
            kind: code.page(),
            explanation: code_parts(code.explanation()),
        }
    }
}

pub(super) async fn list(view: View, headers: HeaderMap) -> Result<Response, Problem> {
    respond(
        &headers,
        &view,
        "/problems",
        &ListPage::new(&view.state.config().instance_name),
    )
}

pub(super) async fn one(
    view: View,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let path = format!("/problems/{name}");
    let code = Code::ALL
        .iter()
        .copied()
        .find(|code| code.page() == path)
        .ok_or_else(|| Problem::not_found("problem code"))?;
    respond(
        &headers,
        &view,
        &code.page(),
        &Page::new(&view.state.config().instance_name, code),
    )
}
