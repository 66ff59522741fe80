//! Notes of an owner on topics that cite the network: written and taken away on the owner's home.

use axum::extract::{Extension, Form, State as FromState};
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;

use super::home;
use super::refused::{Typed, Wrong};
use super::reply::{check_form, internal, see_other};
use crate::access::Owner;
use crate::i18n::msg;
use crate::problem::Problem;
use crate::read;
use crate::state::{State, View};

#[derive(Debug, Deserialize)]
pub(super) struct NoteForm {
    #[serde(default)]
    form: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    text: String,
    /// Number of a note that is taken away; then nothing is written.
    #[serde(default)]
    away: String,
}

pub(super) async fn change(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    Form(asked): Form<NoteForm>,
) -> Result<Response, Problem> {
    if !asked.away.is_empty() {
        check_form(&owner, &asked.form)?;
        let none = || Problem::not_found("note");
        let number: u64 = asked.away.parse().map_err(|_| none())?;
        let taken = state.store().drop_annotation(number, Some(owner.network));
        if !taken.await.map_err(internal)? {
            return Err(none());
        }
        return Ok(see_other("/owner#annotations"));
    }
    let view = state.view().await?;
    let Err(wrong) = write(&view, &owner, &asked).await? else {
        return Ok(see_other("/owner#annotations"));
    };
    let typed = Typed {
        topic: asked.topic,
        day: asked.day,
        text: asked.text,
        ..Typed::default()
    };
    home::refused(&state, &view, owner, typed, wrong).await
}

/// Writes a note; what is wrong with it is said in the form.
async fn write(view: &View, owner: &Owner, asked: &NoteForm) -> Result<Result<(), Wrong>, Problem> {
    if let Err(problem) = check_form(owner, &asked.form) {
        return Wrong::of("note-topic", problem).map(Err);
    }
    let Ok(day) = asked.day.trim().parse::<Date>() else {
        return Ok(Err(Wrong::at("note-day", msg!("owner-note-day-wrong"))));
    };
    if asked.text.trim().is_empty() {
        return Ok(Err(Wrong::at("note-text", msg!("owner-note-text-none"))));
    }
    let written =
        read::annotations::write(view, owner.network, &asked.topic, day, &asked.text).await;
    Ok(match written {
        Ok(_) => Ok(()),
        Err(problem) => {
            let field = match problem.parameter.as_deref() {
                Some("text") => "note-text",
                Some("day") => "note-day",
                _ => "note-topic",
            };
            Err(Wrong::of(field, problem)?)
        }
    })
}
