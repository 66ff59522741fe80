//! Uploading notes: what was said offline, shown first as it would be kept, and kept only as it was shown.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, State as FromState};
use axum::http::StatusCode;
use axum::response::Response;
use discover_model::Network;
use discover_model::post::MAX_TEXT_BYTES;
use jiff::civil::Date;
use serde::Deserialize;

use super::register::{Item, item};
use super::reply::{check_form, internal, private_page, problem_of};
use crate::access::Owner;
use crate::i18n::{Msg, filters};
use crate::operations::{Note, PreviewItem, Upload, Uploaded, Verdict};
use crate::pages::view::{Frame, Nav};
use crate::problem::{Code, Problem};
use crate::state::State;
use crate::text::{links, words};

/// Bytes of a form: a text, of which each end of a line may be written as six, and the other fields.
pub(super) const LARGEST_FORM: usize = 6 * MAX_TEXT_BYTES + 16 * 1024;
/// Label of the key that seals what an owner was shown.
const SEAL: &str = "notes";

#[derive(Debug, Template)]
#[template(path = "owner/notes.html")]
struct NotesPage {
    frame: Frame,
    form: String,
    public: String,
    /// Whether the network is one of notes.
    takes: bool,
    text: String,
    on: String,
    /// What is wrong, and at which field.
    trouble: Option<(Msg, &'static str)>,
    shown: Option<Shown>,
    kept: Option<String>,
}

impl NotesPage {
    /// What is wrong at a field.
    fn wrong(&self, field: &str) -> Option<&Msg> {
        let (words, at) = self.trouble.as_ref()?;
        (*at == field).then_some(words)
    }
}

/// What would be kept.
#[derive(Debug)]
struct Shown {
    items: Vec<(Item, &'static str)>,
    /// Lines that are not taken, and why.
    left_out: Vec<String>,
    seal: String,
    /// Whether there is something to keep.
    any: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct NotesForm {
    #[serde(default)]
    form: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    on: String,
    /// Seal of what was shown.
    #[serde(default)]
    agreed: String,
}

async fn own(state: &State, owner: &Owner) -> Result<Network, Problem> {
    let network = state.store().network(owner.network).await;
    network
        .map_err(internal)?
        .ok_or_else(|| Problem::not_found("network"))
}

fn page(state: &State, owner: &Owner, network: &Network) -> NotesPage {
    NotesPage {
        frame: Frame::english(&state.config().instance_name, "Add notes", Nav::None),
        form: owner.form.clone(),
        public: links::network(&network.slug),
        takes: !network.proof.has_place(),
        text: String::new(),
        on: String::new(),
        trouble: None,
        shown: None,
        kept: None,
    }
}

pub(super) async fn form(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
) -> Result<Response, Problem> {
    let network = own(&state, &owner).await?;
    private_page(&page(&state, &owner, &network))
}

pub(super) async fn upload(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    asked: Result<Form<NotesForm>, FormRejection>,
) -> Result<Response, Problem> {
    let network = own(&state, &owner).await?;
    let empty = page(&state, &owner, &network);
    let asked = match asked {
        Ok(Form(asked)) => asked,
        // What was sent is not read any further, so it cannot stand in the form again.
        Err(rejection) => {
            let words = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => format!(
                    "The text is too long: at most {} KiB are taken at once. Cut it at a heading",
                    MAX_TEXT_BYTES / 1024
                ),
                _ => "The form could not be read: send it from this page".to_owned(),
            };
            return troubled(empty, words, "text", rejection.status());
        }
    };
    check_form(&owner, &asked.form)?;
    if !empty.takes {
        return private_page(&empty);
    }
    let empty = NotesPage {
        text: asked.text.clone(),
        on: asked.on.trim().to_owned(),
        ..empty
    };
    // A browser ends lines as it likes.
    let text = asked.text.replace("\r\n", "\n");
    let id = network.id.to_string();
    let seal = state.store().seal(SEAL, &[&id, &empty.on, &text]);
    let on = match empty.on.as_str() {
        "" => None,
        day => match day.parse::<Date>() {
            Ok(day) => Some(day),
            Err(_) => {
                let words = "Write the day as 2026-11-20, or leave it empty".to_owned();
                return troubled(empty, words, "on", StatusCode::BAD_REQUEST);
            }
        },
    };
    let keep = asked.agreed == seal;
    let upload = Upload {
        network: network.id,
        text,
        on,
        keep,
    };
    let uploaded = (state.config().operations.upload)(upload).await;
    match uploaded.map_err(problem_of) {
        Ok(uploaded) if keep => private_page(&NotesPage {
            kept: Some(kept(&uploaded)),
            text: String::new(),
            ..empty
        }),
        Ok(uploaded) => private_page(&NotesPage {
            shown: Some(shown(&uploaded, seal)),
            ..empty
        }),
        // What is wrong with the text, or with the consent, is said beside it.
        Err(problem) if problem.code == Code::Conflict => {
            let status = problem.code.status();
            troubled(empty, words::sentence(&problem.detail), "text", status)
        }
        Err(problem) => Err(problem),
    }
}

/// The form with what is wrong at one of its fields, and what was typed.
fn troubled(
    page: NotesPage,
    words: String,
    field: &'static str,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut answer = private_page(&NotesPage {
        trouble: Some((Msg::English(words), field)),
        ..page
    })?;
    *answer.status_mut() = status;
    Ok(answer)
}

fn shown(uploaded: &Uploaded, seal: String) -> Shown {
    let items: Vec<_> = uploaded.items.iter().enumerate().map(one).collect();
    Shown {
        any: items.iter().any(|(item, _)| item.class != "refused"),
        items,
        left_out: uploaded
            .left_out
            .iter()
            .map(|(from, to, why)| {
                if from == to {
                    format!("Line {from}: {why}.")
                } else {
                    format!("Lines {from} to {to}: {why}.")
                }
            })
            .collect(),
        seal,
    }
}

/// An item, and what is held in its place.
fn one((at, note): (usize, &Note)) -> (Item, &'static str) {
    let shown = item(&PreviewItem {
        // Stands in a heading's place.
        url: match note.verdict {
            Verdict::Kept { .. } => format!("Item {}, without a heading", at + 1),
            Verdict::Refused(_) => format!("Item {}", at + 1),
        },
        verdict: note.verdict.clone(),
    });
    let held = match shown.class {
        "refused" => "",
        _ => note.upsert.words(),
    };
    (shown, held)
}

fn kept(uploaded: &Uploaded) -> String {
    let mut said = format!("{} kept.", words::of(uploaded.kept, "item is", "items are"));
    for (count, one, many, how) in [
        (
            uploaded.unchanged,
            "item was",
            "items were",
            "kept before, as it stands here",
        ),
        (
            uploaded.refused,
            "item is",
            "items are",
            "not kept: withdrawn, objected to, or refused",
        ),
    ] {
        if count > 0 {
            let _ = write!(said, " {} {how}.", words::of(count, one, many));
        }
    }
    if uploaded.kept > 0 {
        said.push_str(" What is new can be found within a few seconds.");
    }
    said
}
