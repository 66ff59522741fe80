//! Asking for what a search or topic finds by mail, on a public page; off unless the operator turned it on.
//!
//! Contract: as of digests ([`super::digest_mail`]): what is answered does not tell whether an address was known, and of who
//! asks nothing is kept but how often somebody of the same address block did, in memory. The search is kept with the address,
//! once its reader said yes for as long as they want mails.

use askama::Template;
use axum::extract::Form;
use axum::response::Response;
use discover_model::TopicId;
use discover_store::{Every, Mailbox, NotMade};
use serde::Deserialize;

use super::view::{Frame, Nav};
use crate::alerts::saved_searches;
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::owner::private_page;
use crate::problem::Problem;
use crate::read::params::{FollowParams, Query, SearchParams};
use crate::state::View;

/// Characters of what is shown again of an address that was mistyped.
const ADDRESS: usize = 254;

/// The form, on the page of a search or topic or by itself.
#[derive(Debug)]
pub(super) struct MailForm {
    /// Which search, as a query string.
    pub(super) query: String,
    pub(super) email: String,
    pub(super) weekly: bool,
    pub(super) trouble: Option<Msg>,
}

impl MailForm {
    /// Nothing where everything is searched for: nobody wants a mail of that.
    pub(super) fn of_search(params: &SearchParams) -> Option<Self> {
        let asked = SearchParams {
            sort: crate::shapes::Sort::default(),
            interval: crate::shapes::Interval::default(),
            cursor: None,
            limit: SearchParams::default().limit,
            ..params.clone()
        };
        (asked != SearchParams::default()).then(|| Self {
            query: asked.to_query(),
            email: String::new(),
            weekly: false,
            trouble: None,
        })
    }

    pub(super) fn of_topic(topic: TopicId) -> Option<Self> {
        Self::of_search(&SearchParams {
            topic: vec![topic],
            ..SearchParams::default()
        })
    }
}

#[derive(Debug, Template)]
#[template(path = "alertmail.html")]
struct Page {
    frame: Frame,
    /// None once the address was asked.
    mail: Option<MailForm>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    every: String,
}

pub(super) async fn ask(
    view: View,
    client: Client,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let state = &view.state;
    if !state.config().operations.alert_mails {
        return Err(Problem::not_found("page"));
    }
    let FollowParams(params) = FollowParams::parse(&asked.search)?;
    let everything =
        || Problem::parameter("search", "mails are of a search: give words or a filter");
    let form = MailForm::of_search(&params).ok_or_else(everything)?;
    let weekly = asked.every == "week";
    // What cannot be searched for is refused as on the page.
    let search = saved_searches::stored(&view, params).await?;
    let refused = |trouble: Msg| {
        let title = msg!("error-title", title = msg!("alert-mail-heading"));
        private_page(&Page {
            frame: Frame::new(&state.config().instance_name, title, Nav::Search),
            mail: Some(MailForm {
                email: asked.email.chars().take(ADDRESS).collect(),
                weekly,
                trouble: Some(trouble),
                ..form
            }),
        })
    };
    let Ok(to) = asked.email.parse::<Mailbox>() else {
        return refused(msg!("digest-mail-bad"));
    };
    if state.owners().rates.mail(client.0).is_err() {
        return refused(msg!("digest-mail-limit"));
    }
    let every = if weekly { Every::Week } else { Every::Day };
    let made = state
        .store()
        .make_reader_search(&to, every, &search, view.seq, view.now)
        .await;
    match made.map_err(|error| Problem::internal(&error))? {
        // Who asked too often learns the same as who asked first: else it would tell that an address said no.
        Ok(()) | Err(NotMade::Asked { .. } | NotMade::Left) => {}
        Err(NotMade::Full) => return refused(msg!("digest-mail-full")),
    }
    private_page(&Page {
        frame: Frame::new(
            &state.config().instance_name,
            msg!("digest-mail-asked"),
            Nav::Search,
        ),
        mail: None,
    })
}
