//! Asking for a digest by mail, on a public page; off unless the operator turned it on.
//!
//! Contract: what is answered does not tell whether an address was known. Of who asks nothing is kept but how often
//! somebody of the same address block did, in memory.

use askama::Template;
use axum::extract::Form;
use axum::response::Response;
use discover_store::{DigestEvery, Every, Mailbox, NotMade};
use serde::Deserialize;

use super::view::{Frame, Nav};
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::owner::private_page;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{DigestListParams, Query};
use crate::state::View;

/// Characters of what is shown again of an address that was mistyped.
const ADDRESS: usize = 254;

/// The form, on the page of a digest or by itself.
#[derive(Debug)]
pub(super) struct MailForm {
    pub(super) when: Msg,
    /// Which digest, as a query string.
    pub(super) query: String,
    pub(super) email: String,
    pub(super) trouble: Option<Msg>,
}

impl MailForm {
    pub(super) fn new(digest: &DigestListParams) -> Self {
        Self {
            when: match digest.every {
                DigestEvery::Week => msg!("digest-mail-week"),
                DigestEvery::Month => msg!("digest-mail-month"),
            },
            query: digest.to_query(),
            email: String::new(),
            trouble: None,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "digestmail.html")]
struct Page {
    frame: Frame,
    /// None once the address was asked.
    mail: Option<MailForm>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    digest: String,
    #[serde(default)]
    pub(super) email: String,
}

pub(super) async fn ask(
    view: View,
    client: Client,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let state = &view.state;
    if !state.config().operations.digest_mails {
        return Err(Problem::not_found("page"));
    }
    let digest = DigestListParams::parse(&asked.digest)?;
    // Areas that nobody serves are refused as on the page.
    read::digest::list(&view, digest.every, &digest.area).await?;
    let refused = |trouble: Msg| {
        let title = msg!("error-title", title = msg!("digest-mail-heading"));
        let mut mail = MailForm::new(&digest);
        mail.email = asked.email.chars().take(ADDRESS).collect();
        mail.trouble = Some(trouble);
        private_page(&Page {
            frame: Frame::new(&state.config().instance_name, title, Nav::Topics),
            mail: Some(mail),
        })
    };
    let Ok(to) = asked.email.parse::<Mailbox>() else {
        return refused(msg!("digest-mail-bad"));
    };
    if state.owners().rates.mail(client.0).is_err() {
        return refused(msg!("digest-mail-limit"));
    }
    let every = match digest.every {
        DigestEvery::Week => Every::Week,
        DigestEvery::Month => Every::Month,
    };
    let made = state
        .store()
        .make_digest_follow(&to, every, &digest.to_query(), view.now)
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
            Nav::Topics,
        ),
        mail: None,
    })
}
