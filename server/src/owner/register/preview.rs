//! What would be taken: read into memory for one page, under the owner's own proof, and forgotten.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State as FromState;
use axum::response::Response;
use discover_model::Origin;

use super::answers::Answers;
use super::proof::proof_page;
use super::questions;
use super::ticket::Ticket;
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::operations::{Asked, Found, Preview, PreviewItem, Verdict};
use crate::owner::question::{Field, Question};
use crate::owner::reply::{as_limited, browser_page, in_turn, internal, limited, problem_of};
use crate::pages::view::{Frame, Nav};
use crate::problem::Problem;
use crate::read::about;
use crate::state::State;
use crate::text::{say, words};

/// Sources that can be chosen from.
const SOURCES: usize = 12;

#[derive(Debug, Template)]
#[template(path = "owner/preview.html")]
struct PreviewPage {
    frame: Frame,
    place: Msg,
    asked: Question,
    hidden: Vec<(&'static str, String)>,
    origin: String,
    scope: Vec<String>,
    purposes: Msg,
    expires: Option<Msg>,
    platform: Option<String>,
    link_only: bool,
    notes: Vec<Msg>,
    items: Vec<Item>,
    more: bool,
    kept: usize,
    redacted: usize,
    refused: usize,
    trouble: Option<Msg>,
    /// The proof's own page, to look again.
    proof: String,
}

/// One item of a preview, as it is shown.
#[derive(Debug)]
pub(in crate::owner) struct Item {
    pub(in crate::owner) class: &'static str,
    pub(in crate::owner) verdict: Msg,
    pub(in crate::owner) title: String,
    pub(in crate::owner) excerpt: String,
    pub(in crate::owner) note: Msg,
}

pub(in crate::owner) fn item(item: &PreviewItem) -> Item {
    match &item.verdict {
        Verdict::Kept {
            title,
            excerpt,
            redacted,
        } => {
            let total: u32 = redacted.iter().map(|(_, count)| count).sum();
            let kinds: Vec<&str> = redacted
                .iter()
                .map(|(kind, _)| about::words(*kind))
                .collect();
            Item {
                class: if total > 0 { "redacted" } else { "kept" },
                verdict: if total > 0 {
                    msg!("preview-redacted")
                } else {
                    msg!("preview-kept")
                },
                title: title.clone().unwrap_or_else(|| item.url.clone()),
                excerpt: excerpt.clone(),
                note: if total > 0 {
                    msg!(
                        "preview-details",
                        count = u64::from(total),
                        kinds = Msg::English(words::list(&kinds)),
                    )
                } else {
                    Msg::Text(String::new())
                },
            }
        }
        Verdict::Refused(refusal) => Item {
            class: "refused",
            verdict: msg!("preview-refused"),
            title: item.url.clone(),
            excerpt: String::new(),
            note: Msg::English(format!(
                "{} ({})",
                words::sentence(refusal.words()),
                refusal.code()
            )),
        },
    }
}

/// Looks at the proof, and into what it allows; a word of ours where there is none.
async fn look(
    state: &State,
    client: Client,
    asked: &Asked,
) -> Result<Result<Box<Found>, Msg>, Problem> {
    let origin = Origin::of(&asked.address).map_err(internal)?;
    in_turn(&state.owners().rates, client.0, origin.as_str())?;
    let seen = (state.config().operations.preview)(asked.clone())
        .await
        .map_err(problem_of)?;
    let why = |reason: String| Msg::English(reason);
    Ok(match seen {
        Preview::Seen(found) => Ok(found),
        Preview::NoProof => Err(msg!("proof-not-there")),
        Preview::BadProof(reason) => Err(msg!("proof-bad", why = why(reason))),
        Preview::Unreachable(reason) => Err(msg!("proof-unreachable", why = why(reason))),
    })
}

pub(in crate::owner) async fn preview(
    FromState(state): FromState<State>,
    client: Client,
    body: Bytes,
) -> Result<Response, Problem> {
    let answers = Answers::read(&body);
    let ticket = answers.ticket.clone();
    let asked = ticket.open(&state)?;
    match look(&state, client, &asked).await {
        Ok(Ok(found)) => preview_page(&state, &ticket, &asked, &found),
        Ok(Err(trouble)) => proof_page(&state, ticket, &asked, Some(trouble)),
        Err(problem) => match limited(&problem) {
            Some(trouble) => {
                let page = proof_page(&state, ticket, &asked, Some(trouble))?;
                Ok(as_limited(page, &problem))
            }
            None => Err(problem),
        },
    }
}

fn preview_page(
    state: &State,
    ticket: &Ticket,
    asked: &Asked,
    found: &Found,
) -> Result<Response, Problem> {
    let mut answers = Answers::of(ticket.clone());
    for (name, value) in ticket.pairs() {
        if matches!(name, "method" | "address") {
            answers.put(name, value.to_owned());
        }
    }
    for source in found.sources.iter().take(SOURCES) {
        answers.put(
            "found",
            match &source.settings {
                Some(settings) => format!("{} {}\n{settings}", source.kind, source.url),
                None => format!("{} {}", source.kind, source.url),
            },
        );
    }
    let items: Vec<Item> = found.items.iter().map(item).collect();
    let count = |class: &str| items.iter().filter(|item| item.class == class).count();
    let question = questions::question(state, &answers, "sources", None);
    let place = questions::place("sources");
    let heading = msg!("preview-heading");
    let page = PreviewPage {
        frame: Frame::new(
            &state.config().instance_name,
            msg!("question-title", heading = heading, place = place),
            Nav::Register,
        ),
        place,
        hidden: answers.hidden("sources"),
        asked: question,
        origin: Origin::of(&asked.address).map_err(internal)?.to_string(),
        scope: found.scope.clone(),
        purposes: say::list(found.purposes.iter().map(|purpose| match purpose {
            discover_model::grant::Purpose::Search => msg!("purpose-search"),
            discover_model::grant::Purpose::Topics => msg!("purpose-topics"),
        })),
        expires: found.expires.map(|day| msg!("preview-until", day = day)),
        platform: found.platform.clone(),
        link_only: asked.link_only,
        notes: found.notes.iter().cloned().map(Msg::English).collect(),
        kept: count("kept"),
        redacted: count("redacted"),
        refused: count("refused"),
        items,
        more: found.more,
        trouble: found.trouble.clone().map(Msg::English),
        proof: format!("/register/proof?{}", ticket.query()),
    };
    browser_page(&page)
}
