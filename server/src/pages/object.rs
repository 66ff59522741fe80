//! Objecting to a post: without an account, hidden on receipt, with a code that proves it.

use askama::Template;
use axum::extract::{Form, Query, State as FromState};
use axum::response::Response;
use discover_model::canonical::canonical_str;
use discover_model::{ConversationId, PostId};
use discover_store::{Objection, ObjectionId, ObjectionReason, ObjectionState, StoreError};
use serde::Deserialize;

use super::view::{Frame, Nav};
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::operations::{Change, PostCheck};
use crate::owner::{as_limited, private_page, problem_of};
use crate::problem::{Code, Problem};
use crate::state::State;

#[derive(Debug, Template)]
#[template(path = "object.html")]
struct FormPage {
    frame: Frame,
    post: String,
    grounds: Vec<Choice>,
    /// What is wrong, and at which field.
    trouble: Option<(Msg, &'static str)>,
}

#[derive(Debug)]
struct Choice {
    value: &'static str,
    words: Msg,
    chosen: bool,
}

#[derive(Debug, Template)]
#[template(path = "objected.html")]
struct DonePage {
    frame: Frame,
    heading: Msg,
    lead: Msg,
    said: Option<Msg>,
    id: String,
    /// For a decision.
    waits: bool,
    /// What its author can prove it with, where it stands on a page.
    code: Option<String>,
}

fn words(ground: ObjectionReason) -> Msg {
    match ground {
        ObjectionReason::Author => msg!("object-author"),
        ObjectionReason::Concerned => msg!("object-concerned"),
        ObjectionReason::Detail => msg!("object-detail"),
        ObjectionReason::Other => msg!("object-other"),
    }
}

fn form_page(
    state: &State,
    form: ObjectForm,
    trouble: Option<(Msg, &'static str)>,
) -> Result<Response, Problem> {
    let title = msg!("object-heading");
    let title = match &trouble {
        Some(_) => msg!("error-title", title = title),
        None => title,
    };
    let page = FormPage {
        frame: Frame::new(&state.config().instance_name, title, Nav::None),
        grounds: ObjectionReason::ALL
            .into_iter()
            .map(|ground| Choice {
                value: ground.as_str(),
                words: words(ground),
                chosen: ground.as_str() == form.ground,
            })
            .collect(),
        post: form.post,
        trouble,
    };
    private_page(&page)
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    post: String,
}

pub(super) async fn form(
    FromState(state): FromState<State>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let form = ObjectForm {
        post: which.post.chars().take(2000).collect(),
        ground: String::new(),
    };
    form_page(&state, form, None)
}

#[derive(Debug, Deserialize)]
pub(super) struct ObjectForm {
    #[serde(default)]
    post: String,
    #[serde(default)]
    ground: String,
}

/// The post that is meant: by its id, by its page here, or by its own address.
async fn find(state: &State, text: &str) -> Result<Option<PostId>, Problem> {
    let internal = |error: StoreError| Problem::internal(&error);
    let text = text.trim();
    let store = state.store();
    let last = text
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .rsplit('/')
        .next()
        .unwrap_or_default();
    if let Ok(id) = last.parse::<PostId>()
        && let Some(at) = store.post(id).await.map_err(internal)?
    {
        return Ok(Some(at.id));
    }
    let conversation = match last.parse::<ConversationId>() {
        Ok(id) => store.conversation(id).await.map_err(internal)?,
        Err(_) => match store
            .conversation_by_url(&canonical_str(text).unwrap_or_default())
            .await
            .map_err(internal)?
        {
            Some(id) => store.conversation(id).await.map_err(internal)?,
            None => None,
        },
    };
    // A reply is meant by its own address; a page here by its root.
    Ok(conversation.and_then(|conversation| {
        let posts = &conversation.posts;
        let same = posts.iter().find(|post| post.url == text);
        same.or(posts.first()).map(|post| post.id)
    }))
}

pub(super) async fn object(
    FromState(state): FromState<State>,
    client: Client,
    Form(form): Form<ObjectForm>,
) -> Result<Response, Problem> {
    let Some(post) = find(&state, &form.post).await? else {
        return form_page(&state, form, Some((msg!("object-unknown"), "post")));
    };
    let ground = ObjectionReason::ALL
        .into_iter()
        .find(|ground| ground.as_str() == form.ground);
    let Some(ground) = ground else {
        return form_page(&state, form, Some((msg!("object-why-missing"), "ground")));
    };
    if let Err(seconds) = state.owners().rates.object(client.0) {
        let problem = Problem {
            retry_after: Some(seconds),
            ..Problem::new(Code::RateLimited, "several objections came from here today")
        };
        let page = form_page(&state, form, Some((msg!("object-limit"), "post")))?;
        return Ok(as_limited(page, &problem));
    }
    let now = (state.config().clock)();
    let objection = state
        .store()
        .object(post, ground, now)
        .await
        .map_err(|error| match error {
            StoreError::TooManyObjections { .. } => Problem::new(
                Code::RateLimited,
                "many objections to this network wait for a decision; write to the operator",
            ),
            error => Problem::internal(&error),
        })?;
    if objection.hidden {
        (state.config().operations.set)(Change::Publish)
            .await
            .map_err(problem_of)?;
    }
    done_page(&state, &objection, None).await
}

/// Whether the post was taken down offline, so that nothing elsewhere can prove whose it is.
async fn is_uploaded(state: &State, objection: &Objection) -> Result<bool, Problem> {
    let network = state.store().network(objection.network).await;
    let network = network.map_err(|error| Problem::internal(&error))?;
    Ok(network.is_some_and(|network| !network.proof.has_place()))
}

async fn done_page(
    state: &State,
    objection: &Objection,
    said: Option<Msg>,
) -> Result<Response, Problem> {
    let uploaded = is_uploaded(state, objection).await?;
    let (heading, lead) = match (objection.state, objection.hidden) {
        (ObjectionState::Open, false) if uploaded => {
            (msg!("object-noted"), msg!("object-noted-notes"))
        }
        (ObjectionState::Open, true) => (msg!("object-hidden"), msg!("object-hidden-lead")),
        (ObjectionState::Open, false) => (msg!("object-noted"), msg!("object-noted-lead")),
        (ObjectionState::Proved | ObjectionState::Upheld, _) => {
            (msg!("object-gone"), msg!("object-gone-lead"))
        }
        (ObjectionState::Dismissed, _) => (msg!("object-decided"), msg!("object-decided-lead")),
    };
    let page = DonePage {
        frame: Frame::new(&state.config().instance_name, heading.clone(), Nav::None),
        heading,
        lead,
        said,
        id: objection.id.to_string(),
        waits: objection.state == ObjectionState::Open,
        code: (objection.state == ObjectionState::Open && !uploaded)
            .then(|| state.store().objection_code(objection.id)),
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
    Form(form): Form<CheckForm>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("objection");
    let id: ObjectionId = form.id.parse().map_err(|_| missing())?;
    let store = state.store();
    let internal = |error: StoreError| Problem::internal(&error);
    let held = store
        .objection(id)
        .await
        .map_err(internal)?
        .ok_or_else(missing)?;
    if held.state != ObjectionState::Open {
        return done_page(&state, &held, None).await;
    }
    crate::owner::in_turn(&state.owners().rates, client.0, &held.network.to_string())?;
    let found = (state.config().operations.check_objection)(id)
        .await
        .map_err(problem_of)?;
    let held = store
        .objection(id)
        .await
        .map_err(internal)?
        .ok_or_else(missing)?;
    let said = match found {
        PostCheck::Gone => None,
        PostCheck::Stands => Some(msg!("object-stands")),
        PostCheck::Unreachable => Some(msg!("object-unreachable")),
        PostCheck::JustChecked => Some(msg!("object-just-now")),
    };
    done_page(&state, &held, said).await
}
