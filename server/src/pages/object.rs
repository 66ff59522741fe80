//! Objecting to a post: without an account, hidden on receipt, with a code that proves it.

use askama::Template;
use axum::extract::{Form, Query, State as FromState};
use axum::response::Response;
use discover_model::canonical::canonical_str;
use discover_model::{ConversationId, PostId};
use discover_store::{Objection, ObjectionId, ObjectionReason, ObjectionState, StoreError};
use serde::Deserialize;

use super::view::{Frame, Nav};
use crate::limits::Client;
use crate::operations::{Change, PostCheck};
use crate::owner::{private_page, problem_of};
use crate::problem::{Code, Problem};
use crate::state::State;

#[derive(Debug, Template)]
#[template(path = "object.html")]
struct FormPage {
    frame: Frame,
    post: String,
    grounds: Vec<(&'static str, &'static str)>,
    trouble: Option<&'static str>,
}

#[derive(Debug, Template)]
#[template(path = "objected.html")]
struct DonePage {
    frame: Frame,
    heading: &'static str,
    lead: &'static str,
    said: Option<&'static str>,
    id: String,
    code: Option<String>,
}

fn words(ground: ObjectionReason) -> &'static str {
    match ground {
        ObjectionReason::Author => "I wrote it",
        ObjectionReason::Concerned => "It is about me, or about somebody I care for",
        ObjectionReason::Detail => "A personal detail was missed",
        ObjectionReason::Other => "Something else",
    }
}

fn form_page(
    state: &State,
    post: String,
    trouble: Option<&'static str>,
) -> Result<Response, Problem> {
    let page = FormPage {
        frame: Frame::new(
            &state.config().instance_name,
            "Ask us to hide a post",
            Nav::None,
        ),
        post,
        grounds: ObjectionReason::ALL
            .into_iter()
            .map(|ground| (ground.as_str(), words(ground)))
            .collect(),
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
    form_page(&state, which.post.chars().take(2000).collect(), None)
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
    let ground = ObjectionReason::ALL
        .into_iter()
        .find(|ground| ground.as_str() == form.ground)
        .unwrap_or(ObjectionReason::Other);
    let Some(post) = find(&state, &form.post).await? else {
        let trouble =
            "We hold no post at this address. If you see it here, copy the address of that page.";
        return form_page(&state, form.post, Some(trouble));
    };
    state
        .owners()
        .rates
        .object(client.0)
        .map_err(|seconds| Problem {
            retry_after: Some(seconds),
            ..Problem::new(
                Code::RateLimited,
                "several objections came from here today; wait, or write to the operator",
            )
        })?;
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
    done_page(&state, &objection, None)
}

fn done_page(
    state: &State,
    objection: &Objection,
    said: Option<&'static str>,
) -> Result<Response, Problem> {
    let (heading, lead) = match (objection.state, objection.hidden) {
        (ObjectionState::Open, true) => (
            "It is hidden",
            "The post is shown nowhere here any more, from now on.",
        ),
        (ObjectionState::Open, false) => (
            "It is noted",
            "So many posts of this network were objected to that the operator looks first. With the code below it is gone at once.",
        ),
        (ObjectionState::Proved | ObjectionState::Upheld, _) => (
            "It is gone",
            "The post is hidden for good and is deleted within the hour.",
        ),
        (ObjectionState::Dismissed, _) => (
            "It was decided already",
            "The operator has looked at an objection to this post and shows it again. You can still edit or delete the post where it stands, or write to the operator.",
        ),
    };
    let page = DonePage {
        frame: Frame::new(&state.config().instance_name, heading, Nav::None),
        heading,
        lead,
        said,
        id: objection.id.to_string(),
        code: (objection.state == ObjectionState::Open)
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
        return done_page(&state, &held, None);
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
        PostCheck::Stands => Some(
            "The post still stands. We read its source again soon, and the code in the post itself counts then.",
        ),
        PostCheck::Unreachable => {
            Some("The post could not be looked at just now. We look again by ourselves.")
        }
        PostCheck::JustChecked => {
            Some("We looked at the post a moment ago. Ask again in half a minute.")
        }
    };
    done_page(&state, &held, said)
}
