//! One conversation: an extract, and the way to the original; what is related and why; proof of consent.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::tz::TimeZone;

use super::carried::Keep;
use super::reader::Reader;
use super::respond;
use super::view::{Frame, Nav, Related, Row, TopicLink, elsewhere, keep, named_once, original};
use crate::i18n::{Msg, filters, msg};
use crate::problem::{Code, Problem};
use crate::read;
use crate::read::params::{PageParams, PageQuery};
use crate::shapes::{Consent, Conversation, List, Relation, TopicRef};
use crate::state::View;
use crate::text::inline::{Day, Text, host};
use crate::text::{links, say, words};

#[derive(Debug, Template)]
#[template(path = "conversation.html")]
pub(super) struct Page {
    frame: Frame,
    row: Row,
    keep: Keep,
    started: Option<Day>,
    voices: Msg,
    excerpt: Text,
    /// Whether the whole stands here, as there is no original elsewhere.
    whole: bool,
    /// The original's address, where it may stand in a link.
    original: Option<String>,
    related: Vec<Related>,
    more_related: Option<String>,
    related_total: Msg,
    topics: Vec<TopicLink>,
    copies: Option<Copies>,
    consent: Option<Proof>,
}

#[derive(Debug)]
struct Copies {
    heading: Msg,
    words: Msg,
}

#[derive(Debug)]
struct Proof {
    given: Msg,
    purposes: Msg,
    scope: Vec<String>,
    days: Msg,
    seen: Day,
    expires: Day,
    sha256: String,
    seq: String,
    hash: String,
    json: String,
}

/// What the page is made of.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) conversation: &'a Conversation,
    pub(super) topics: &'a [TopicRef],
    pub(super) related: &'a List<Relation>,
    pub(super) params: &'a PageParams,
    pub(super) consent: Option<&'a Consent>,
}

impl Page {
    pub(super) fn new(instance: &str, content: &Content<'_>, zone: &TimeZone) -> Self {
        let Content {
            conversation,
            topics,
            related,
            params,
            consent,
        } = *content;
        let row = Row::new(conversation, zone);
        Self {
            frame: Frame::new(
                instance,
                msg!(
                    "conversation-title",
                    title = row.title.text,
                    network = row.network.text,
                ),
                Nav::Search,
            ),
            started: conversation.started.map(|at| Day::of(at, zone)),
            voices: msg!("count-voices", count = conversation.voices),
            excerpt: Text::new(
                conversation
                    .text
                    .as_deref()
                    .unwrap_or(&conversation.excerpt)
                    .trim(),
                conversation.language,
            ),
            whole: conversation.kind.is_uploaded(),
            original: original(conversation.kind, &conversation.url),
            related: related
                .items
                .iter()
                .map(|relation| Related::new(relation, zone))
                .collect(),
            more_related: related.next.as_deref().map(|cursor| {
                let query = params.at(cursor).to_query();
                format!("{}#related", links::with_query(&row.href, &query))
            }),
            related_total: msg!("related-conversations", count = related.total),
            topics: named_once(topics),
            copies: copies(conversation),
            consent: consent.map(|consent| proof(conversation, consent, zone)),
            keep: keep(conversation, &row),
            row,
        }
    }
}

fn copies(conversation: &Conversation) -> Option<Copies> {
    let copies = conversation.copies.filter(|copies| copies.count > 0)?;
    let count = u64::from(copies.count);
    Some(match elsewhere(copies.networks) {
        Some(networks) => Copies {
            words: msg!("copies-elsewhere", count = count, networks = networks),
            heading: msg!("copies-also", networks = networks),
        },
        None => Copies {
            heading: msg!("copies-said-again"),
            words: msg!("copies-here", count = count),
        },
    })
}

fn proof(conversation: &Conversation, consent: &Consent, zone: &TimeZone) -> Proof {
    let site = host(&conversation.url).filter(|_| !conversation.kind.is_uploaded());
    let site = site.unwrap_or_else(|| conversation.network.name.clone());
    Proof {
        given: msg!(
            "proof-given",
            site = site,
            method = method(&consent.evidence.method),
        ),
        purposes: say::list(
            consent
                .purposes
                .iter()
                .map(|purpose| match purpose.as_str() {
                    "search" => msg!("purpose-search"),
                    "topics" => msg!("purpose-topics"),
                    other => other.into(),
                }),
        ),
        scope: consent.scope.clone(),
        days: say::days(u64::from(consent.retention_days)),
        seen: Day::of(consent.evidence.seen, zone),
        expires: Day::of(consent.expires, zone),
        sha256: short(&consent.evidence.sha256),
        seq: words::exact(consent.ledger.seq),
        hash: short(&consent.ledger.hash),
        json: format!("/api/v1/conversations/{}/consent", conversation.id),
    }
}

/// How consent was shown, after "the owner of …,".
pub(super) fn method(method: &str) -> Msg {
    match method {
        "well-known" => msg!("by-file"),
        "dns-txt" => msg!("by-dns"),
        "meta" => msg!("by-meta"),
        "profile" => msg!("by-profile"),
        "attested" | "document" => msg!("on-paper"),
        other => other.into(),
    }
}

/// The first 16 digits of a hash in groups of four; the whole stands in the JSON beside it.
fn short(hash: &str) -> String {
    let digits: Vec<char> = hash.chars().take(16).collect();
    digits
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

pub(super) async fn page(
    view: View,
    Path(id): Path<String>,
    PageQuery(params): PageQuery<PageParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let conversation = read::conversation::conversation(&view, &id).await?;
    if conversation.id.to_string() != id {
        // An id from before the root was found leads on.
        return Ok(Redirect::permanent(&links::conversation(conversation.id)).into_response());
    }
    let related = read::related::of_conversation(&view, &id, &params).await?;
    // A conversation is never shown without its proof being looked for; that none can be found is said on the page
    // and is a fault in the log.
    let consent = match read::consent::of_conversation(&view, &id).await {
        Ok(consent) => Some(consent),
        Err(problem) if problem.code == Code::GoneWithdrawn => return Err(problem),
        Err(problem) => {
            tracing::error!(%problem, "no proof of consent for a conversation that is shown");
            None
        }
    };
    let mut topics = read::conversation::topics(&view, &conversation);
    Reader::of(&headers).name(&mut topics);
    let content = Content {
        conversation: &conversation,
        topics: &topics,
        related: &related,
        params: &params,
        consent: consent.as_ref(),
    };
    let config = view.state.config();
    respond(
        &headers,
        &view,
        &links::with_query(&links::conversation(conversation.id), &params.to_query()),
        &Page::new(&config.instance_name, &content, &config.zone),
    )
}
