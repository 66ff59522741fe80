//! After the preview: the owner's choice, one question a page, then everything once more, and the grant.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State as FromState;
use axum::response::Response;
use discover_model::Origin;
use discover_store::StoreError;

use super::answers::{Answers, plain, propose_slug, read_contact, read_days};
use super::questions;
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::operations::{Asked, Join, OperationError};
use crate::owner::home;
use crate::owner::reply::{
    as_limited, begin, browser_page, in_turn, internal, limited, private_page, problem_of,
    set_cookie,
};
use crate::pages::view::{Frame, Nav};
use crate::problem::Problem;
use crate::state::State;
use crate::text::say;

/// The questions after the preview, in their order.
const ASKED: [&str; 7] = [
    "sources", "name", "owner", "areas", "days", "contact", "told",
];

/// Short names that are tried for a site whose own is taken.
const SLUGS: u32 = 50;

/// Everything that was answered, to be agreed to.
#[derive(Debug, Template)]
#[template(path = "owner/check.html")]
struct CheckPage {
    frame: Frame,
    trouble: Option<Msg>,
    hidden: Vec<(&'static str, String)>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    step: &'static str,
    what: Msg,
    answer: Msg,
}

#[derive(Debug, Template)]
#[template(path = "owner/joined.html")]
struct JoinedPage {
    frame: Frame,
    name: String,
    slug: String,
    key: String,
    members: String,
}

fn check_page(state: &State, answers: &Answers, trouble: Option<Msg>) -> Result<Response, Problem> {
    let rows = ASKED
        .into_iter()
        .map(|step| Row {
            step,
            what: row_name(step),
            answer: match step {
                "sources" => say::list(answers.all(step).iter().map(|source| {
                    let line = source.lines().next().unwrap_or_default();
                    line.split_once(' ')
                        .map_or(line, |(_, address)| address)
                        .into()
                })),
                "areas" => match answers.areas().read() {
                    Ok(areas) if areas.is_empty() => msg!("check-no-areas"),
                    Ok(areas) => say::list(
                        areas
                            .iter()
                            .map(|area| say::area(area.kind().as_str(), area.name())),
                    ),
                    Err(wrong) => Msg::English(wrong),
                },
                "days" => read_days(answers.one(step))
                    .map_or_else(|wrong| wrong, |days| say::days(u64::from(days))),
                "contact" if answers.one(step).trim().is_empty() => msg!("check-no-contact"),
                "told" => msg!("told-yes"),
                _ => answers.one(step).into(),
            },
        })
        .collect();
    let heading = msg!("check-heading");
    let page = CheckPage {
        frame: Frame::new(
            &state.config().instance_name,
            match &trouble {
                Some(_) => msg!("error-title", title = heading),
                None => heading,
            },
            Nav::Register,
        ),
        trouble,
        hidden: answers.hidden(""),
        rows,
    };
    browser_page(&page)
}

fn row_name(step: &str) -> Msg {
    match step {
        "sources" => msg!("check-sources"),
        "name" => msg!("check-name"),
        "owner" => msg!("check-owner"),
        "areas" => msg!("areas-label"),
        "days" => msg!("check-days"),
        "contact" => msg!("check-contact"),
        _ => msg!("check-told"),
    }
}

/// Takes an answer; asks the next question, shows all answers, or carries out what was agreed to.
pub(in crate::owner) async fn join(
    FromState(state): FromState<State>,
    client: Client,
    body: Bytes,
) -> Result<Response, Problem> {
    let answers = Answers::read(&body);
    let asked = answers.ticket.open(&state)?;
    let back = answers.back.as_deref();
    if let Some(step) = ASKED.into_iter().find(|known| Some(*known) == back) {
        return browser_page(&questions::page(&state, &answers, step, None));
    }
    for step in ASKED {
        if let Err(trouble) = answers.check(step) {
            let trouble = (answers.step == step).then_some(trouble);
            return browser_page(&questions::page(&state, &answers, step, trouble));
        }
    }
    let (Ok(sources), Ok(areas), Ok(name), Ok(owner), Ok(retention_days), Ok(contact)) = (
        answers.chosen(),
        answers.areas().read(),
        plain(answers.one("name"), "name"),
        plain(answers.one("owner"), "owner"),
        read_days(answers.one("days")),
        read_contact(answers.one("contact")),
    ) else {
        return browser_page(&questions::page(&state, &answers, "sources", None));
    };
    if answers.one("agreed") != "yes" {
        return check_page(&state, &answers, None);
    }
    // The proof is fetched once more.
    let origin = Origin::of(&asked.address).map_err(internal)?;
    if let Err(problem) = in_turn(&state.owners().rates, client.0, origin.as_str()) {
        let page = check_page(&state, &answers, limited(&problem))?;
        return Ok(as_limited(page, &problem));
    }
    let slug = free_slug(&state, &asked).await?;
    let members = home::members_text(&name, &state);
    let join = Join {
        asked: asked.clone(),
        slug: slug.clone(),
        name: name.clone(),
        owner,
        contact,
        retention_days,
        areas,
        sources,
    };
    let network = match (state.config().operations.join)(join).await {
        Ok(network) => network,
        Err(OperationError::Refused(mistake)) => {
            return check_page(&state, &answers, Some(Msg::English(mistake)));
        }
        Err(error) => return Err(problem_of(error)),
    };
    let now = (state.config().clock)();
    let key = match state.store().make_owner_key(network, now).await {
        Ok(key) => key,
        Err(StoreError::NotFound { .. }) => return Err(Problem::not_found("network")),
        Err(error) => return Err(internal(error)),
    };
    let random = (state.config().operations.random)();
    let id = begin(&state, network, random, now).await?;
    let page = private_page(&JoinedPage {
        frame: Frame {
            once: true,
            ..Frame::new(
                &state.config().instance_name,
                msg!("joined-heading", name = name),
                Nav::Register,
            )
        },
        name,
        slug,
        key,
        members,
    })?;
    Ok(set_cookie(&state, page, Some(&id)))
}

/// A short name made of the host, which no other network has.
async fn free_slug(state: &State, asked: &Asked) -> Result<String, Problem> {
    for n in 1..SLUGS {
        let slug = propose_slug(&asked.address, n);
        let held = state.store().network_by_slug(&slug).await;
        match held.map_err(internal)? {
            Some(held) if held.id != asked.network => {}
            _ => return Ok(slug),
        }
    }
    Ok(asked.network.to_string())
}
