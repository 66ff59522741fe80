//! What is wrong with a form of the owner's home, said at its field: nothing that was typed is lost.

use axum::http::StatusCode;

use crate::i18n::{Msg, msg};
use crate::problem::{Code, Problem};
use crate::text::words;

/// What stands in the forms of the home, as it was typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) topic: String,
    pub(super) day: String,
    pub(super) text: String,
    pub(super) to: String,
}

/// What is wrong, and with which field, by its id.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) field: &'static str,
    pub(super) words: Msg,
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<u64>,
}

impl Wrong {
    pub(super) fn at(field: &'static str, words: Msg) -> Self {
        Self {
            field,
            words,
            status: StatusCode::BAD_REQUEST,
            retry_after: None,
        }
    }

    /// A problem as a form says it; back comes one that is not the form's: a fault of ours.
    pub(super) fn of(field: &'static str, problem: Problem) -> Result<Self, Problem> {
        if problem.status.is_server_error() {
            return Err(problem);
        }
        let words = match (problem.code, problem.retry_after) {
            (Code::RateLimited, Some(seconds)) => {
                msg!("owner-form-wait", minutes = seconds.div_ceil(60))
            }
            _ => Msg::English(said(&problem)),
        };
        Ok(Self {
            field,
            words,
            status: problem.status,
            retry_after: problem.retry_after,
        })
    }
}

/// The detail and what helps, as sentences.
fn said(problem: &Problem) -> String {
    let detail = words::sentence(&problem.detail);
    match &problem.hint {
        Some(hint) => format!("{detail}. {}", words::sentence(hint)),
        None => detail,
    }
}
