//! Where the links of a mail lead: to say yes, and to want no more.
//!
//! Contract: looking at a page changes nothing, because mail programs look at links by themselves; a POST does. A POST to
//! `stop` needs nothing but the link, as RFC 8058 has it. A link is a capability: nothing of it is
//! logged, and requests are counted by route alone.

use askama::Template;
use axum::extract::{Path, State as FromState};
use axum::response::Response;
use discover_model::FollowId;
use discover_store::{ByMail, Follow, FollowAbout};

use super::view::{Frame, Nav};
use crate::alerts::{Link, often};
use crate::i18n::{Msg, filters, msg};
use crate::owner::private_page;
use crate::problem::Problem;
use crate::state::State;

#[derive(Debug, Template)]
#[template(path = "mail.html")]
struct MailPage {
    frame: Frame,
    heading: Msg,
    lead: Msg,
    /// The words of the button; none where everything is done.
    button: Option<Msg>,
}

fn page(state: &State, heading: Msg, lead: Msg, button: Option<Msg>) -> Result<Response, Problem> {
    private_page(&MailPage {
        frame: Frame::new(&state.config().instance_name, heading.clone(), Nav::None),
        heading,
        lead,
        button,
    })
}

type Place = Path<(String, String)>;

/// The follow that a link is for; none where the link is not one of ours, or the follow has ended.
async fn held(
    state: &State,
    link: Link,
    (follow, token): &(String, String),
) -> Result<Option<(Follow, ByMail)>, Problem> {
    let none = || Problem::not_found("link");
    let follow: FollowId = follow.parse().map_err(|_| none())?;
    if !link.opens(state.store(), follow, token) {
        return Err(none());
    }
    let held = state.store().follow(follow).await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    Ok(held.and_then(|held| held.mail.clone().map(|mail| (held, mail))))
}

fn ended(state: &State) -> Result<Response, Problem> {
    page(state, msg!("mail-ended"), msg!("mail-ended-lead"), None)
}

pub(super) async fn confirm_form(
    FromState(state): FromState<State>,
    Path(place): Place,
) -> Result<Response, Problem> {
    let Some((follow, mail)) = held(&state, Link::Confirm, &place).await? else {
        return ended(&state);
    };
    if mail.confirmed.is_some() {
        return confirmed(&state, follow.about, &mail);
    }
    let often = Msg::English(often(mail.every).to_owned());
    let lead = match follow.about {
        FollowAbout::Search => msg!("mail-ask-lead", often = often),
        FollowAbout::Early => msg!("mail-ask-early", often = often),
        FollowAbout::Digest => msg!("mail-ask-digest", often = often),
        FollowAbout::Answers => msg!("mail-ask-answers", often = often),
    };
    page(&state, msg!("mail-ask"), lead, Some(msg!("mail-yes")))
}

pub(super) async fn confirm(
    FromState(state): FromState<State>,
    Path(place): Place,
) -> Result<Response, Problem> {
    let Some((follow, mail)) = held(&state, Link::Confirm, &place).await? else {
        return ended(&state);
    };
    let config = state.config();
    let now = (config.clock)();
    let first = match follow.about {
        // Whoever waits for an answer is told at once; the mails after it keep their distance.
        FollowAbout::Answers => now,
        _ => crate::alerts::next_mail(mail.every, now, &config.zone),
    };
    let done = state.store().confirm_mail(follow.id, first, now).await;
    if done.map_err(|error| Problem::internal(&error))? {
        confirmed(&state, follow.about, &mail)
    } else {
        ended(&state)
    }
}

fn confirmed(state: &State, about: FollowAbout, mail: &ByMail) -> Result<Response, Problem> {
    let often = Msg::English(often(mail.every).to_owned());
    let lead = match about {
        FollowAbout::Search => msg!("mail-sent-lead", often = often),
        FollowAbout::Early => msg!("mail-sent-early", often = often),
        FollowAbout::Digest => msg!("mail-sent-digest", often = often),
        FollowAbout::Answers => msg!("mail-sent-answers", often = often),
    };
    page(state, msg!("mail-sent"), lead, None)
}

pub(super) async fn stop_form(
    FromState(state): FromState<State>,
    Path(place): Place,
) -> Result<Response, Problem> {
    if held(&state, Link::Stop, &place).await?.is_none() {
        return ended(&state);
    }
    page(
        &state,
        msg!("mail-stop"),
        msg!("mail-stop-lead"),
        Some(msg!("mail-no-more")),
    )
}

pub(super) async fn stop(
    FromState(state): FromState<State>,
    Path(place): Place,
) -> Result<Response, Problem> {
    if let Some((follow, _)) = held(&state, Link::Stop, &place).await? {
        let now = (state.config().clock)();
        let done = state.store().refuse_mail(follow.id, now).await;
        done.map_err(|error| Problem::internal(&error))?;
    }
    ended(&state)
}
