//! Uploading notes: what was said offline, shown first as it would be kept, and kept only as it was shown.

mod form;

use std::fmt::Write as _;

use askama::Template;
use axum::extract::{Extension, Request, State as FromState};
use axum::http::StatusCode;
use axum::response::Response;
use discover_model::Network;
use jiff::civil::Date;

use super::register::{Item, item};
use super::reply::{check_form, internal, private_page, problem_of};
use crate::access::Owner;
use crate::i18n::{Msg, filters};
use crate::operations::{Note, PreviewItem, Upload, Uploaded, Verdict};
use crate::pages::view::{Frame, Nav};
use crate::problem::{Code, Problem};
use crate::state::State;
use crate::text::{links, words};

const TITLE: &str = "Add notes";
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
    slug: String,
    text: String,
    on: String,
    /// Seal of a text that was not typed, but filled in by a look.
    filled: String,
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

async fn own(state: &State, owner: &Owner) -> Result<Network, Problem> {
    let network = state.store().network(owner.network).await;
    network
        .map_err(internal)?
        .ok_or_else(|| Problem::not_found("network"))
}

fn page(state: &State, owner: &Owner, network: &Network) -> NotesPage {
    NotesPage {
        frame: Frame::english(&state.config().instance_name, TITLE, Nav::None),
        form: owner.form.clone(),
        public: links::network(&network.slug),
        takes: !network.proof.has_place(),
        slug: network.slug.clone(),
        text: String::new(),
        on: String::new(),
        filled: String::new(),
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
    request: Request,
) -> Result<Response, Problem> {
    let network = own(&state, &owner).await?;
    let (asked, unread) = form::read(request).await;
    let typed = NotesPage {
        text: asked.text.clone(),
        on: asked.on.trim().to_owned(),
        filled: asked.filled.clone(),
        ..page(&state, &owner, &network)
    };
    if let Some(unread) = unread {
        return troubled(typed, unread.words(), unread.field(), unread.status());
    }
    if let Err(problem) = check_form(&owner, &asked.form) {
        let words =
            "You logged in anew since this form was opened. Nothing was kept: send it again";
        return troubled(typed, words.to_owned(), "text", problem.status);
    }
    if !typed.takes {
        return private_page(&typed);
    }
    let id = network.id.to_string();
    let store = state.store();
    let seal = |parts: &[&str]| store.seal(SEAL, &[&[id.as_str()], parts].concat());
    let wrong = |words: &str, field| (words.to_owned(), field, StatusCode::BAD_REQUEST);
    let was_filled = asked.filled == seal(&[&lines(&asked.text)]);
    let is_filled = asked.file.is_some() || was_filled;
    let text = match asked.file {
        None => Ok(asked.text),
        // What a look filled in may be replaced by a file, what somebody typed may not.
        Some(_) if !asked.text.trim().is_empty() && !was_filled => Err(wrong(
            "You wrote a text and chose a file: empty the text, or send it without the file",
            "file",
        )),
        Some(bytes) => String::from_utf8(bytes).map_err(|_| {
            wrong(
                "The file is no text in UTF-8: save it as plain text or Markdown, in UTF-8",
                "file",
            )
        }),
    };
    let text = match text {
        // A browser ends lines as it likes.
        Ok(text) => lines(&text),
        Err((words, field, status)) => return troubled(typed, words, field, status),
    };
    let typed = NotesPage {
        text: text.clone(),
        filled: if is_filled {
            seal(&[&text])
        } else {
            String::new()
        },
        ..typed
    };
    let on = match typed.on.as_str() {
        "" => None,
        day => match day.parse::<Date>() {
            Ok(day) => Some(day),
            Err(_) => {
                let words = "Write the day as 2026-11-20, or leave it empty".to_owned();
                return troubled(typed, words, "on", StatusCode::BAD_REQUEST);
            }
        },
    };
    let shown_by = seal(&[&typed.on, &text]);
    let keep = asked.agreed == shown_by;
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
            filled: String::new(),
            ..typed
        }),
        Ok(uploaded) => private_page(&NotesPage {
            shown: Some(shown(&uploaded, shown_by)),
            ..typed
        }),
        // What is wrong with the text, or with the consent, is said beside it.
        Err(problem) if problem.code == Code::Conflict => {
            let status = problem.code.status();
            troubled(typed, words::sentence(&problem.detail), "text", status)
        }
        Err(problem) => Err(problem),
    }
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The form with what is wrong at one of its fields, and what was typed.
fn troubled(
    page: NotesPage,
    words: String,
    field: &'static str,
    status: StatusCode,
) -> Result<Response, Problem> {
    let title = format!("Error: {TITLE}");
    let mut answer = private_page(&NotesPage {
        frame: Frame::english(&page.frame.instance, title, Nav::None),
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
