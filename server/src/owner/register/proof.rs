//! Where the proof is placed: the file to download, and what to do on the software that runs the site.

use askama::Template;
use axum::extract::{Query, State as FromState};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use discover_model::Origin;
use discover_model::proof::{
    ProofMethod, ProofSubject, folder_placement, placement, well_known_url,
};

use super::questions;
use super::ticket::Ticket;
use crate::i18n::{Msg, filters, msg};
use crate::operations::Asked;
use crate::owner::reply::{browser_page, internal};
use crate::pages::view::{Frame, Nav};
use crate::problem::Problem;
use crate::state::State;

/// Name of the file, as it is to stand on the site.
const FILE: &str = "discover-consent.json";

#[derive(Debug, Template)]
#[template(path = "owner/proof.html")]
struct ProofPage {
    frame: Frame,
    place: Msg,
    ticket: Ticket,
    origin: String,
    method: ProofMethod,
    /// Where the file must open.
    address: String,
    /// What is placed.
    what: String,
    dns_name: String,
    /// Where the file is to be had here.
    download: String,
    /// The same for who may write in the folder of the address alone.
    folder: Option<(String, String)>,
    trouble: Option<Msg>,
}

/// What is placed for the whole site.
fn placed(state: &State, asked: &Asked) -> Result<(Origin, String), Problem> {
    let origin = Origin::of(&asked.address).map_err(internal)?;
    let token = &state.config().operations.token;
    let token = token(asked.network, &ProofSubject::from(&origin));
    let (_, what) = placement(asked.method, &origin, &asked.address, &token);
    Ok((origin, what))
}

pub(super) fn proof_page(
    state: &State,
    ticket: Ticket,
    asked: &Asked,
    trouble: Option<Msg>,
) -> Result<Response, Problem> {
    let (origin, what) = placed(state, asked)?;
    let token = &state.config().operations.token;
    let folder = ProofSubject::folder_around(&origin, [&asked.address]).and_then(|subject| {
        let of_folder = token(asked.network, &subject);
        folder_placement(asked.method, &subject, &of_folder)
    });
    let place = questions::place("proof");
    let title = msg!(
        "question-title",
        heading = msg!("proof-heading"),
        place = place,
    );
    let title = match &trouble {
        Some(_) => msg!("error-title", title = title),
        None => title,
    };
    let page = ProofPage {
        frame: Frame::new(&state.config().instance_name, title, Nav::Register),
        place,
        download: format!("/register/file?{}", ticket.query()),
        ticket,
        address: match asked.method {
            ProofMethod::Profile => asked.address.to_string(),
            ProofMethod::Meta => origin.root().to_string(),
            _ => well_known_url(&origin).to_string(),
        },
        dns_name: discover_model::proof::dns_name(&origin).unwrap_or_default(),
        origin: origin.to_string(),
        method: asked.method,
        what,
        folder,
        trouble,
    };
    browser_page(&page)
}

pub(in crate::owner) async fn page(
    FromState(state): FromState<State>,
    Query(ticket): Query<Ticket>,
) -> Result<Response, Problem> {
    let asked = ticket.open(&state)?;
    proof_page(&state, ticket, &asked, None)
}

/// The file that proves a registration, to be put on the site as it is.
pub(in crate::owner) async fn file(
    FromState(state): FromState<State>,
    Query(ticket): Query<Ticket>,
) -> Result<Response, Problem> {
    let asked = ticket.open(&state)?;
    let whole = Asked {
        method: ProofMethod::WellKnown,
        ..asked
    };
    let (_, what) = placed(&state, &whole)?;
    let mut response = what.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let disposition = format!("attachment; filename=\"{FILE}\"");
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::try_from(disposition).map_err(internal)?,
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
