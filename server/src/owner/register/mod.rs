//! Registration: one question a page, then the proof, what was found, the owner's choice, the grant.
//!
//! Nothing is kept, here or in the store, before the owner agrees: what must be known from one page to the next travels
//! in forms, and what the token rests on is bound together by a keyed hash, so that any number of people may begin. The
//! place of the proof is looked at only when the owner says that it is there, and in turns.

mod answers;
mod choose;
mod preview;
mod proof;
mod questions;
mod ticket;

use axum::body::Bytes;
use axum::extract::State as FromState;
use axum::response::Response;
use discover_model::network::{Sensitive, is_link_only};

use self::answers::{Answers, read_address, read_method};
pub(super) use self::answers::{plain, read_contact, read_days};
pub(super) use self::choose::join;
pub(super) use self::preview::{Item, item, preview};
pub(super) use self::proof::{file, page as proof};
use self::ticket::Ticket;
use super::reply::{browser_page, see_other};
use crate::operations::Asked;
use crate::problem::Problem;
use crate::state::State;

/// The questions before the proof, in their order.
const ASKED: [&str; 4] = ["address", "groups", "excerpts", "method"];

pub(super) async fn form(FromState(state): FromState<State>) -> Result<Response, Problem> {
    let answers = Answers::default();
    browser_page(&questions::page(&state, &answers, "address", None))
}

/// Somebody entered the address that a form is sent to.
pub(super) async fn again() -> Response {
    see_other("/register")
}

/// Takes an answer, and asks the first question that has none, or a wrong one.
pub(super) async fn ask(
    FromState(state): FromState<State>,
    body: Bytes,
) -> Result<Response, Problem> {
    let answers = Answers::read(&body);
    if let Some(step) = answers.back.as_deref().and_then(asked_before) {
        return browser_page(&questions::page(&state, &answers, step, None));
    }
    for step in ASKED {
        if step == "excerpts" && !answers.sensitive() {
            continue;
        }
        if let Err(trouble) = answers.check(step) {
            let trouble = (answers.step == step).then_some(trouble);
            return browser_page(&questions::page(&state, &answers, step, trouble));
        }
    }
    let (Ok(address), Ok(method)) = (
        read_address(answers.one("address")),
        read_method(answers.one("method")),
    ) else {
        return browser_page(&questions::page(&state, &answers, "address", None));
    };
    let kind = answers.all("groups");
    let kind = kind.iter().find_map(|group| Sensitive::parse(group));
    let decided = (answers.one("excerpts") == "yes").then_some(false);
    let asked = Asked {
        network: (state.config().operations.fresh_id)(),
        address,
        method,
        link_only: is_link_only(kind, decided),
        sensitive: kind.is_some(),
    };
    let query = Ticket::new(&state, &asked).query();
    Ok(see_other(&format!("/register/proof?{query}")))
}

fn asked_before(step: &str) -> Option<&'static str> {
    ASKED.into_iter().find(|known| *known == step)
}
