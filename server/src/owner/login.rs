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

use super::reply::{
    as_limited, begin, browser, check_form, failed, in_turn, internal, limited, private_page,
    problem_of, see_other, set_cookie,
};
use crate::access::Owner;
use crate::i18n::{Msg, filters, msg};
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
    /// What is wrong, and at which field.
    trouble: Option<(Msg, &'static str)>,
}

#[derive(Debug, Template)]
#[template(path = "owner/nonce.html")]
struct NoncePage {
    frame: Frame,
    address: String,
    nonce: String,
    /// Whoever has the page has this; it stands in no address and no cookie.
    id: String,
    trouble: Option<Msg>,
}

fn frame(state: &State, title: Msg, wrong: bool) -> Frame {
    let title = if wrong {
        msg!("error-title", title = title)
    } else {
        title
    };
    Frame::new(&state.config().instance_name, title, Nav::None)
}

/// Tries come to an end in the form itself, which keeps what was typed.
fn too_often(state: &State, slug: String, problem: &Problem) -> Result<Response, Problem> {
    let trouble = limited(problem).map(|words| (words, "slug"));
    Ok(as_limited(login_page(state, slug, trouble)?, problem))
}

fn login_page(
    state: &State,
    slug: String,
    trouble: Option<(Msg, &'static str)>,
) -> Result<Response, Problem> {
    let page = LoginPage {
        frame: frame(state, msg!("login-heading"), trouble.is_some()),
        slug,
        trouble,
    };
    private_page(&page)
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
        None => match failed(&state, client, network.map_or("", |_| &form.slug)) {
            Ok(()) => login_page(&state, form.slug, Some((msg!("login-wrong"), "slug"))),
            Err(problem) => too_often(&state, form.slug, &problem),
        },
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
    let tried = failed(&state, client, network.as_ref().map_or("", |_| &form.slug));
    if let Err(problem) = tried {
        return too_often(&state, form.slug, &problem);
    }
    let subject = match &network {
        Some(network) => subject_of(&state, network).await?,
        None => None,
    };
    let (Some(network), Some(subject)) = (network, subject) else {
        return login_page(&state, form.slug, Some((msg!("login-no-file"), "slug2")));
    };
    let random = &state.config().operations.random;
    let now = (state.config().clock)();
    let (nonce, id) = state
        .owners()
        .nonces
        .begin(network.id, subject, [random(), random()], now);
    nonce_page(&state, &nonce, id, None)
}

fn nonce_page(
    state: &State,
    nonce: &super::session::Nonce,
    id: String,
    trouble: Option<Msg>,
) -> Result<Response, Problem> {
    let page = NoncePage {
        frame: frame(state, msg!("nonce-heading"), trouble.is_some()),
        address: discover_model::proof::well_known_url(&nonce.subject).to_string(),
        nonce: nonce.code.clone(),
        id,
        trouble,
    };
    private_page(&page)
}

#[derive(Debug, Deserialize)]
pub(super) struct CheckForm {
    #[serde(default)]
    id: String,
}

pub(super) async fn check(
    FromState(state): FromState<State>,
    client: Client,
    Form(CheckForm { id }): Form<CheckForm>,
) -> Result<Response, Problem> {
    let now = (state.config().clock)();
    let Some(nonce) = state.owners().nonces.of(&id, now) else {
        return login_page(
            &state,
            String::new(),
            Some((msg!("login-too-long"), "slug2")),
        );
    };
    // Apart from the looks at sites that register: whoever points us there by that way keeps no owner out.
    let place = format!("login {}", nonce.subject.root());
    if let Err(problem) = in_turn(&state.owners().rates, client.0, &place) {
        let page = nonce_page(&state, &nonce, id, limited(&problem))?;
        return Ok(as_limited(page, &problem));
    }
    let at = NonceAt {
        network: nonce.network,
        subject: nonce.subject.clone(),
        nonce: nonce.code.clone(),
    };
    let bears = (state.config().operations.bears_nonce)(at)
        .await
        .map_err(problem_of)?;
    if !bears {
        return nonce_page(&state, &nonce, id, Some(msg!("login-no-code")));
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
