//! Logging in: by the owner's key, or by a fresh nonce in the consent file. The consent token itself never logs
//! anybody in, and an unknown network is answered like a wrong key.

use askama::Template;
use axum::extract::{Extension, Form, State as FromState};
use axum::http::HeaderMap;
use axum::response::Response;
use discover_model::grant::GrantState;
use discover_model::proof::{ProofMethod, ProofSubject};
use discover_model::{Grant, Network};
use serde::Deserialize;

use super::{
    begin, browser, check_form, failed, in_turn, internal, private, problem_of, see_other,
    set_cookie,
};
use crate::access::Owner;
use crate::limits::Client;
use crate::operations::NonceAt;
use crate::pages::view::{Frame, Nav};
use crate::problem::Problem;
use crate::state::State;

#[derive(Debug, Template)]
#[template(path = "owner/login.html")]
struct LoginPage {
    frame: Frame,
    slug: String,
    trouble: Option<&'static str>,
}

#[derive(Debug, Template)]
#[template(path = "owner/nonce.html")]
struct NoncePage {
    frame: Frame,
    address: String,
    nonce: String,
    trouble: Option<&'static str>,
}

fn frame(state: &State, title: &str) -> Frame {
    Frame::new(&state.config().instance_name, title.to_owned(), Nav::None)
}

fn login_page(
    state: &State,
    slug: String,
    trouble: Option<&'static str>,
) -> Result<Response, Problem> {
    let page = LoginPage {
        frame: frame(state, "Log in as an owner"),
        slug,
        trouble,
    };
    Ok(private(page.render().map_err(internal)?))
}

pub(super) async fn form(FromState(state): FromState<State>) -> Result<Response, Problem> {
    login_page(&state, String::new(), None)
}

#[derive(Debug, Deserialize)]
pub(super) struct KeyForm {
    #[serde(default)]
    slug: String,
    #[serde(default)]
    key: String,
}

pub(super) async fn by_key(
    FromState(state): FromState<State>,
    client: Client,
    Form(form): Form<KeyForm>,
) -> Result<Response, Problem> {
    let store = state.store();
    let network = store
        .network_by_slug(form.slug.trim())
        .await
        .map_err(internal)?
        .map(|network| network.id);
    let right = store
        .is_owner_key(network, &form.key)
        .await
        .map_err(internal)?;
    match network.filter(|_| right) {
        Some(network) => {
            let now = (state.config().clock)();
            let random = (state.config().operations.random)();
            let id = begin(&state, network, random, now).await?;
            Ok(set_cookie(&state, see_other("/owner"), Some(&id)))
        }
        None => {
            failed(&state, client, network.map_or("", |_| &form.slug))?;
            login_page(
                &state,
                form.slug,
                Some("The network and the key do not belong together."),
            )
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct FileForm {
    #[serde(default)]
    slug: String,
}

/// The origin whose file is looked at, of a network that has a live or paused grant by a file.
async fn subject_of(state: &State, network: &Network) -> Result<Option<ProofSubject>, Problem> {
    let grants = state
        .store()
        .grants(Some(network.id))
        .await
        .map_err(internal)?;
    let now = (state.config().clock)();
    Ok(grants
        .iter()
        .find(|grant| {
            matches!(grant.state, GrantState::Live | GrantState::Paused)
                && grant.expires > now
                && grant.evidence.method == ProofMethod::WellKnown
        })
        .map(Grant::subject))
}

pub(super) async fn by_file(
    FromState(state): FromState<State>,
    client: Client,
    Form(form): Form<FileForm>,
) -> Result<Response, Problem> {
    let network = state
        .store()
        .network_by_slug(form.slug.trim())
        .await
        .map_err(internal)?;
    // Nothing is proved yet, so each try counts.
    failed(&state, client, network.as_ref().map_or("", |_| &form.slug))?;
    let subject = match &network {
        Some(network) => subject_of(&state, network).await?,
        None => None,
    };
    let (Some(network), Some(subject)) = (network, subject) else {
        return login_page(
            &state,
            form.slug,
            Some("There is no such network here, or it has no file that could be looked at."),
        );
    };
    let random = &state.config().operations.random;
    let now = (state.config().clock)();
    let (nonce, id) = state
        .owners()
        .nonces
        .begin(network.id, subject, [random(), random()], now);
    let page = nonce_page(&state, &nonce, None)?;
    Ok(set_cookie(&state, page, Some(&id)))
}

fn nonce_page(
    state: &State,
    nonce: &super::session::Nonce,
    trouble: Option<&'static str>,
) -> Result<Response, Problem> {
    let page = NoncePage {
        frame: frame(state, "Log in by your consent file"),
        address: discover_model::proof::well_known_url(&nonce.subject).to_string(),
        nonce: nonce.code.clone(),
        trouble,
    };
    Ok(private(page.render().map_err(internal)?))
}

pub(super) async fn check(
    FromState(state): FromState<State>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let now = (state.config().clock)();
    let id = browser(&state, &headers);
    let Some(nonce) = state.owners().nonces.of(&id, now) else {
        return login_page(
            &state,
            String::new(),
            Some("That took longer than 15 minutes, or was begun in another browser. Begin again."),
        );
    };
    // Apart from the looks at sites that register: whoever points us there by that way keeps no owner out.
    let place = format!("login {}", nonce.subject.root());
    in_turn(&state.owners().rates, client.0, &place)?;
    let at = NonceAt {
        network: nonce.network,
        subject: nonce.subject.clone(),
        nonce: nonce.code.clone(),
    };
    let bears = (state.config().operations.bears_nonce)(at)
        .await
        .map_err(problem_of)?;
    if !bears {
        return nonce_page(
            &state,
            &nonce,
            Some("The file does not bear this code yet. Look whether it was saved, and try again."),
        );
    }
    // Single use: a second look, however quick, finds nothing to spend.
    if !state.owners().nonces.spend(&id) {
        return Ok(see_other("/owner/login"));
    }
    let random = (state.config().operations.random)();
    let id = begin(&state, nonce.network, random, now).await?;
    Ok(set_cookie(&state, see_other("/owner"), Some(&id)))
}

#[derive(Debug, Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    pub(super) form: String,
}

pub(super) async fn out(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Result<Response, Problem> {
    check_form(&owner, &token.form)?;
    state.owners().sessions.end(&browser(&state, &headers));
    Ok(set_cookie(&state, see_other("/"), None))
}
