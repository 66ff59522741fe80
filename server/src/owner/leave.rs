//! Look now, pause, resume, leave: by the owner's session, and look-now by anybody.

use askama::Template;
use axum::extract::{Extension, Form, Path, State as FromState};
use axum::response::Response;
use discover_model::{ConversationId, Network, NetworkId, Origin, PostId};
use discover_store::Hide;
use serde::Deserialize;
use url::Url;

use super::login::Token;
use super::reply::{
    check_form, in_turn, internal, private_page, problem_of, see_other, set_cookie,
};
use crate::access::Owner;
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::operations::{Change, Looked};
use crate::pages::view::{Frame, Nav};
use crate::problem::{Code, Problem};
use crate::state::State;

/// The words for what a look came to.
pub(crate) fn words(looked: Looked) -> &'static str {
    match looked {
        Looked::Stands => "The proof stands. Nothing has changed.",
        Looked::Missing => {
            "There is no valid proof. What is held is hidden now; after seven days it counts as leaving."
        }
        Looked::Withdrawn => {
            "The owner has left. Everything is hidden now and deleted within the hour."
        }
        Looked::Unreachable => {
            "The place of the proof could not be reached. We look again in a few hours."
        }
        Looked::TooSoon => "It was looked at a moment ago. Try again in half a minute.",
        Looked::OnPaper => {
            "Consent is on paper here, so there is no place to look at. The operator renews it by a new document."
        }
    }
}

/// The same in the reader's language.
fn said_of(looked: Looked) -> Msg {
    match looked {
        Looked::Stands => msg!("looked-stands"),
        Looked::Missing => msg!("looked-missing"),
        Looked::Withdrawn => msg!("looked-withdrawn"),
        Looked::Unreachable => msg!("looked-unreachable"),
        Looked::TooSoon => msg!("looked-too-soon"),
        Looked::OnPaper => msg!("looked-on-paper"),
    }
}

/// Looks at a network's proof because somebody asked.
pub(crate) async fn look(
    state: &State,
    client: Client,
    network: &Network,
) -> Result<Looked, Problem> {
    look_in(state, client, network, &network.id.to_string()).await
}

/// The same in turns of its own: whoever else asks keeps no owner waiting.
async fn look_as_owner(
    state: &State,
    client: Client,
    network: &Network,
) -> Result<Looked, Problem> {
    look_in(state, client, network, &turns_of(network)).await
}

/// The name of the turns that an owner's session has.
pub(super) fn turns_of(network: &Network) -> String {
    format!("owner {}", network.id)
}

async fn look_in(
    state: &State,
    client: Client,
    network: &Network,
    turns: &str,
) -> Result<Looked, Problem> {
    in_turn(&state.owners().rates, client.0, turns)?;
    (state.config().operations.look_now)(network.id)
        .await
        .map_err(problem_of)
}

#[derive(Debug, Template)]
#[template(path = "owner/said.html")]
struct SaidPage {
    frame: Frame,
    heading: Msg,
    words: Msg,
    link: String,
    link_words: Msg,
}

pub(crate) fn said(
    state: &State,
    heading: Msg,
    words: Msg,
    link: &str,
    link_words: Msg,
) -> Result<Response, Problem> {
    let page = SaidPage {
        frame: Frame::new(&state.config().instance_name, heading.clone(), Nav::None),
        heading,
        words,
        link: link.to_owned(),
        link_words,
    };
    private_page(&page)
}

/// POST /networks/{slug}/look-now
pub(crate) async fn look_now_by_anybody(
    FromState(state): FromState<State>,
    client: Client,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let network = named(&state, &slug).await?;
    let looked = look(&state, client, &network).await?;
    said(
        &state,
        msg!("looked-heading"),
        said_of(looked),
        "/networks",
        msg!("way-networks"),
    )
}

/// A network by its slug, shown or hidden: anybody may have its proof looked at.
pub(crate) async fn named(state: &State, slug: &str) -> Result<Network, Problem> {
    state
        .store()
        .network_by_slug(slug)
        .await
        .map_err(internal)?
        .ok_or_else(|| Problem::not_found("network"))
}

async fn own(state: &State, owner: &Owner) -> Result<Network, Problem> {
    state
        .store()
        .network(owner.network)
        .await
        .map_err(internal)?
        .ok_or_else(|| Problem::not_found("network"))
}

pub(super) async fn look_now(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    client: Client,
    Form(token): Form<Token>,
) -> Result<Response, Problem> {
    check_form(&owner, &token.form)?;
    let network = own(&state, &owner).await?;
    let looked = look_as_owner(&state, client, &network).await?;
    said(
        &state,
        msg!("looked-heading"),
        said_of(looked),
        "/owner",
        msg!("back-to-network"),
    )
}

async fn set(state: &State, change: Change) -> Result<(), Problem> {
    (state.config().operations.set)(change)
        .await
        .map_err(problem_of)
}

pub(super) async fn pause(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    Form(token): Form<Token>,
) -> Result<Response, Problem> {
    check_form(&owner, &token.form)?;
    set(&state, Change::Pause(owner.network)).await?;
    Ok(see_other("/owner"))
}

pub(super) async fn resume(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    Form(token): Form<Token>,
) -> Result<Response, Problem> {
    check_form(&owner, &token.form)?;
    set(&state, Change::Resume(owner.network)).await?;
    Ok(see_other("/owner"))
}

#[derive(Debug, Template)]
#[template(path = "owner/leave.html")]
struct LeavePage {
    frame: Frame,
    name: String,
    form: String,
    sources: Vec<String>,
    /// What was typed, by the field it stands in.
    typed: LeaveForm,
    trouble: Option<(Msg, &'static str)>,
}

pub(super) async fn form(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
) -> Result<Response, Problem> {
    form_page(&state, owner, LeaveForm::default(), None).await
}

async fn form_page(
    state: &State,
    owner: Owner,
    typed: LeaveForm,
    trouble: Option<(Msg, &'static str)>,
) -> Result<Response, Problem> {
    let network = own(state, &owner).await?;
    let sources = state
        .store()
        .sources(Some(network.id))
        .await
        .map_err(internal)?;
    let page = LeavePage {
        frame: Frame::new(
            &state.config().instance_name,
            match &trouble {
                Some(_) => msg!("error-title", title = msg!("leave-heading")),
                None => msg!("leave-heading"),
            },
            Nav::None,
        ),
        typed,
        trouble,
        name: network.name,
        form: owner.form,
        // What is uploaded has no address but its page here.
        sources: sources
            .iter()
            .filter(|source| !source.kind.is_uploaded())
            .map(|source| source.url.to_string())
            .collect(),
    };
    private_page(&page)
}

/// What is to go: everything, or one thing named by its address or id.
#[derive(Debug, Default, Deserialize)]
pub(super) struct LeaveForm {
    #[serde(default)]
    form: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    which: String,
}

/// Reads what an owner wants gone; only what is of this network can be named.
pub(crate) async fn part(
    state: &State,
    network: NetworkId,
    what: &str,
    which: &str,
) -> Result<Hide, Problem> {
    let which = which.trim();
    let foreign = || Problem::new(Code::NotFound, "that is not of your network");
    let store = state.store();
    match what {
        "all" => Ok(Hide::Network(network)),
        "source" => {
            let sources = store.sources(Some(network)).await.map_err(internal)?;
            let source = sources.iter().find(|source| source.url.as_str() == which);
            Ok(Hide::Source(source.ok_or_else(foreign)?.id))
        }
        "path" => {
            let url = Url::parse(which).map_err(|_| {
                Problem::parameter("which", "write the address in full, with https://")
            })?;
            let origin =
                Origin::of(&url).map_err(|error| Problem::parameter("which", error.to_string()))?;
            let grants = store.grants(Some(network)).await.map_err(internal)?;
            if !grants.iter().any(|grant| *grant.scope.origin() == origin) {
                return Err(foreign());
            }
            Ok(Hide::Path {
                network,
                origin,
                prefix: url.path().to_owned(),
            })
        }
        "conversation" => {
            let page = which.split(['?', '#']).next().unwrap_or_default();
            let id = page.rsplit('/').next().unwrap_or_default();
            let id: ConversationId = id.parse().map_err(|_| foreign())?;
            let held = store.conversation(id).await.map_err(internal)?;
            held.filter(|held| held.network == network)
                .map(|held| Hide::Conversation(held.id))
                .ok_or_else(foreign)
        }
        "post" => {
            let id: PostId = which.parse().map_err(|_| foreign())?;
            let held = store.post(id).await.map_err(internal)?;
            held.filter(|held| held.network == network)
                .map(|held| Hide::Post(held.id))
                .ok_or_else(foreign)
        }
        _ => Err(Problem::parameter(
            "what",
            "say all, source, path, conversation or post",
        )),
    }
}

pub(super) async fn leave(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    Form(form): Form<LeaveForm>,
) -> Result<Response, Problem> {
    check_form(&owner, &form.form)?;
    let what = match part(&state, owner.network, &form.what, &form.which).await {
        Ok(what) => what,
        // What names nothing of the network is said at its field, and stays there.
        Err(problem) if matches!(problem.code, Code::NotFound | Code::BadParameter) => {
            let field = ["source", "path", "conversation"];
            let field = field.into_iter().find(|known| *known == form.what);
            let trouble = match problem.code {
                Code::NotFound => msg!("leave-foreign"),
                _ => msg!("leave-address"),
            };
            let trouble = Some((trouble, field.unwrap_or("path")));
            let mut page = form_page(&state, owner, form, trouble).await?;
            *page.status_mut() = problem.code.status();
            return Ok(page);
        }
        Err(problem) => return Err(problem),
    };
    let whole = matches!(what, Hide::Network(_));
    set(&state, Change::Leave(what)).await?;
    if !whole {
        return said(
            &state,
            msg!("left-part"),
            msg!("left-part-lead"),
            "/owner",
            msg!("back-to-network"),
        );
    }
    state.owners().sessions.end_all(owner.network);
    let page = said(
        &state,
        msg!("left-all"),
        msg!("left-all-lead"),
        "/transparency",
        msg!("left-receipt"),
    )?;
    Ok(set_cookie(&state, page, None))
}
