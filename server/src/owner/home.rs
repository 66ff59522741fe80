//! The owner's home: what is held, how the visits went, what was refused and why, and everything to take away.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Extension, State as FromState};
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use discover_model::grant::GrantState;
use discover_model::network::NetworkState;
use discover_model::{Language, NetworkId, TopicId};
use discover_store::Uses;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::own_notes::{self, Note};
use super::places::{self, Place};
use super::refused::{Typed, Wrong};
use super::reply::{internal, private_page};
use crate::access::Owner;
use crate::i18n::{Msg, filters, msg};
use crate::pages::answers::{Line, lines};
use crate::pages::elsewhere::{self, Snippets};
use crate::pages::view::{Frame, Nav, label};
use crate::problem::Problem;
use crate::read;
use crate::read::params::ElsewhereParams;
use crate::state::{State, View};
use crate::text::inline::{Day, Moment, Text};
use crate::text::{links, say, why, words};
use crate::uses;

/// Refused items that are listed.
const REFUSALS: usize = 200;
/// Latest conversations for which related ones are looked for.
const LATEST: usize = 8;
/// Days of use that are listed.
const DAYS_OF_USE: i64 = 30;
/// Days of use that are summed, today included.
const DAYS_SUMMED: i64 = 28;
/// Topics that are listed.
const TOPICS: usize = 50;
/// Topics whose box can be copied.
const BOXES: usize = 5;
/// From when on a page says that a grant ends soon.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Debug, Template)]
#[template(path = "owner/home.html")]
struct HomePage {
    frame: Frame,
    form: String,
    name: String,
    slug: String,
    state: Msg,
    paused: bool,
    /// What is to be mended in the proofs.
    remarks: Vec<Msg>,
    grants: Vec<GrantRow>,
    sources: Vec<SourceRow>,
    /// The latest answers to what was raised there, each with its topic's name.
    answers: Vec<(Line, Text)>,
    /// Where answers are sent.
    places: Vec<Place>,
    mails: bool,
    annotations: Vec<Note>,
    today: Date,
    /// What stands in the forms, and what was wrong with it.
    typed: Typed,
    wrong: Option<Wrong>,
    facts: Vec<(Msg, String)>,
    refused: Vec<(String, Msg, u64)>,
    refused_items: Vec<(String, Msg, Day)>,
    redacted: Vec<(Msg, u64)>,
    topics: Vec<TopicOf>,
    boxes: Vec<(Text, Snippets)>,
    /// How to fetch the box of a page by its address.
    box_of_a_page: String,
    related: Vec<RelatedRow>,
    /// Sums of the last days of use.
    used: Vec<(Msg, String)>,
    uses: Vec<UseRow>,
    link_only: bool,
    /// Whether it is one of notes, which its owner uploads.
    notes: bool,
    days: u16,
    members: String,
}

#[derive(Debug)]
struct GrantRow {
    scope: Vec<String>,
    state: Msg,
    method: &'static str,
    seen: Moment,
    next_look: Option<Moment>,
    expires: Day,
    ends_soon: bool,
    members_told: bool,
    missed_since: Option<Moment>,
    doubted_since: Option<Moment>,
}

/// A conversation elsewhere that is related to one of the network's.
#[derive(Debug)]
struct RelatedRow {
    own: Text,
    href: String,
    title: Text,
    network: Text,
    why: Msg,
}

/// A topic that the network takes part in.
#[derive(Debug)]
struct TopicOf {
    id: TopicId,
    href: String,
    label: Text,
    list: Msg,
    own: u64,
    networks: u64,
}

#[derive(Debug)]
struct UseRow {
    day: Day,
    found: u64,
    opened: u64,
    exported: u64,
    alerted: u64,
}

#[derive(Debug)]
struct SourceRow {
    url: String,
    kind: Msg,
    last: Option<Moment>,
    next: Option<Moment>,
    trouble: Option<Msg>,
    fix: Option<Msg>,
    /// Entries seen, kept, refused, unreadable, undated, skipped.
    entries: Option<Msg>,
}

impl HomePage {
    /// What is wrong at a field.
    fn wrong(&self, field: &str) -> Option<&Msg> {
        let wrong = self.wrong.as_ref()?;
        (wrong.field == field).then_some(&wrong.words)
    }

    /// The day that stands in the form of a note.
    fn note_day(&self) -> String {
        match self.typed.day.as_str() {
            "" => self.today.to_string(),
            day => day.to_owned(),
        }
    }
}

fn state_words(state: NetworkState) -> Msg {
    match state {
        NetworkState::Asked => msg!("owner-asked"),
        NetworkState::Live => msg!("owner-live"),
        NetworkState::Paused => msg!("owner-paused"),
        NetworkState::Lapsed => msg!("owner-lapsed"),
        NetworkState::Withdrawn => msg!("owner-left"),
    }
}

pub(super) async fn page(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    let page = read(&state, &view, owner, Typed::default(), None).await?;
    private_page(&page)
}

/// The home once more, with what was typed in a form and what is wrong with it.
pub(super) async fn refused(
    state: &State,
    view: &View,
    owner: Owner,
    typed: Typed,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let (status, wait) = (wrong.status, wrong.retry_after);
    let mut page = private_page(&read(state, view, owner, typed, Some(wrong)).await?)?;
    *page.status_mut() = status;
    if let Some(seconds) = wait {
        page.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    Ok(page)
}

async fn read(
    state: &State,
    view: &View,
    owner: Owner,
    typed: Typed,
    wrong: Option<Wrong>,
) -> Result<HomePage, Problem> {
    let store = state.store();
    let zone = &state.config().zone;
    let id = owner.network;
    let network = store
        .network(id)
        .await
        .map_err(internal)?
        .ok_or_else(|| Problem::not_found("network"))?;
    let held = store.held(id).await.map_err(internal)?;
    let looks = store.proof_checks(Some(id)).await.map_err(internal)?;
    let grants = store.grants(Some(id)).await.map_err(internal)?;
    let figures = state.figures(view.today).await?;
    uses::write(view).await;
    let uses = store.uses(id).await.map_err(internal)?;
    let related = read::related::elsewhere(view, id, LATEST).await?;
    let sources = store.sources(Some(id)).await.map_err(internal)?;
    let topics = topics(view, id);
    let boxes = boxes(view, &network.slug, &topics).await?;
    let refused_items = store.refusals(id, REFUSALS).await.map_err(internal)?;
    let came = read::answers::to_network(view, &network.slug).await?;
    let annotations = own_notes::all(view, &owner).await?;
    let places = places::all(view, &owner).await?;
    let title = msg!("owner-title", name = network.name);
    let title = match &wrong {
        Some(_) => msg!("error-title", title = title),
        None => title,
    };
    Ok(HomePage {
        frame: Frame::new(&state.config().instance_name, title, Nav::None),
        typed,
        wrong,
        answers: came
            .iter()
            .zip(lines(came.iter()))
            .map(|(entry, line)| {
                let topic = read::topics::of_ids(view, &[entry.topic]).pop();
                let name = topic.map(|topic| label(&topic.label, &topic.labels));
                (
                    line,
                    name.unwrap_or_else(|| {
                        Text::new("a topic that is gone", Some(Language::ENGLISH))
                    }),
                )
            })
            .collect(),
        places,
        mails: state.config().operations.mails,
        annotations,
        today: view.today,
        form: owner.form,
        state: state_words(network.state),
        paused: network.state == NetworkState::Paused,
        remarks: looks
            .iter()
            .flat_map(|look| look.remarks.iter().cloned().map(Msg::English))
            .collect(),
        grants: grants
            .iter()
            .map(|grant| {
                let look = looks
                    .iter()
                    .find(|look| look.origin == *grant.scope.origin());
                grant_row(grant, look, view.now, zone)
            })
            .collect(),
        sources: sources
            .iter()
            .map(|source| {
                let shown = read::networks::source_shape(&figures, source);
                SourceRow {
                    kind: say::kind_by(source.kind),
                    last: shown.last_fetch.map(|at| Moment::new(at, zone)),
                    next: shown.next_fetch.map(|at| Moment::new(at, zone)),
                    fix: read::networks::fix(&figures, source).map(Msg::English),
                    entries: read::networks::entries(&figures, source).map(Msg::English),
                    trouble: read::networks::trouble(&figures, source).map(Msg::English),
                    url: shown.url,
                }
            })
            .collect(),
        // An owner sees the exact figures of the own network.
        facts: vec![
            (msg!("held-conversations"), held.conversations.to_string()),
            (msg!("held-posts"), held.posts.to_string()),
            (msg!("held-voices"), held.voices.to_string()),
        ],
        refused: held
            .refused
            .iter()
            .map(|(refusal, count)| {
                let words = Msg::English(refusal.words().to_owned());
                (refusal.code().to_owned(), words, *count)
            })
            .collect(),
        refused_items: refused_items
            .into_iter()
            .map(|(refusal, url, at)| {
                let words = Msg::English(refusal.words().to_owned());
                (url, words, Day::of(at, zone))
            })
            .collect(),
        redacted: held
            .redacted
            .iter()
            .map(|(kind, count)| (Msg::English(read::about::words(*kind).to_owned()), *count))
            .collect(),
        topics,
        boxes,
        box_of_a_page: elsewhere::fetch_of_a_page(&state.config().base_url, &network.slug),
        related: related
            .into_iter()
            .map(|(own, other)| RelatedRow {
                own: Text::unknown(own.title),
                href: links::conversation(other.conversation.id),
                title: Text::unknown(other.conversation.title),
                network: Text::unknown(other.conversation.network.name),
                why: other
                    .reasons
                    .first()
                    .map_or_else(|| "".into(), why::related),
            })
            .collect(),
        used: used(&uses, view.today),
        uses: uses
            .into_iter()
            .filter(|(day, _)| *day > view.today.saturating_sub(DAYS_OF_USE.days()))
            .map(|(day, uses)| UseRow {
                day: Day(day),
                found: uses.found,
                opened: uses.opened,
                exported: uses.exported,
                alerted: uses.alerted,
            })
            .collect(),
        link_only: network.link_only,
        notes: !network.proof.has_place(),
        days: network.retention_days,
        members: if network.proof.has_place() {
            members_text(&network.name, state)
        } else {
            speakers_text(&network.name, state)
        },
        name: network.name,
        slug: network.slug,
    })
}

fn grant_row(
    grant: &discover_model::Grant,
    look: Option<&discover_store::ProofCheck>,
    now: Timestamp,
    zone: &TimeZone,
) -> GrantRow {
    GrantRow {
        scope: if grant.evidence.method.has_place() {
            grant.scope.addresses()
        } else {
            Vec::new()
        },
        state: match grant.state {
            GrantState::Live => msg!("owner-live"),
            GrantState::Paused => msg!("grant-paused"),
            GrantState::Lapsed => msg!("grant-lapsed"),
            GrantState::Withdrawn => msg!("grant-withdrawn"),
        },
        method: grant.evidence.method.as_str(),
        seen: Moment::new(grant.evidence.seen, zone),
        next_look: look.map(|look| Moment::new(look.next_check, zone)),
        expires: Day::of(grant.expires, zone),
        ends_soon: grant.expires.duration_since(now) < SOON,
        members_told: grant.members_told,
        missed_since: look
            .and_then(|look| look.status.missed_since)
            .map(|at| Moment::new(at, zone)),
        doubted_since: look
            .and_then(|look| look.status.doubted_since)
            .map(|at| Moment::new(at, zone)),
    }
}

/// How often the network's conversations were used lately, in sums.
fn used(uses: &[(Date, Uses)], today: Date) -> Vec<(Msg, String)> {
    let from = today.saturating_sub((DAYS_SUMMED - 1).days());
    let mut sum = Uses::default();
    for (_, of_day) in uses.iter().filter(|(day, _)| *day >= from) {
        sum += *of_day;
    }
    vec![
        (msg!("used-found"), words::exact(sum.found)),
        (msg!("used-opened"), words::exact(sum.opened)),
        (msg!("used-alerted"), words::exact(sum.alerted)),
        (msg!("used-exported"), words::exact(sum.exported)),
    ]
}

/// The shown topics that the network takes part in, those with most of its conversations first. A topic and the wider and
/// finer ones often share their name: each name once, that of the middle level where it is there.
fn topics(view: &View, network: NetworkId) -> Vec<TopicOf> {
    let levels = [1, 0, 2].into_iter().flat_map(|level| {
        let topics = view.topics.topics.iter();
        topics.filter(move |topic| topic.level == level)
    });
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut topics: Vec<TopicOf> = levels
        .filter(|topic| view.rankings.shows(topic.id))
        .filter_map(|topic| {
            let (_, own) = topic.networks.iter().find(|(id, _)| *id == network)?;
            names.insert(&topic.label).then(|| TopicOf {
                id: topic.id,
                href: links::topic(topic.id),
                label: Text::unknown(words::sentence(&topic.label)),
                list: view
                    .rankings
                    .list_of(topic.id)
                    .map_or_else(|| msg!("owner-no-list"), say::rank_title),
                own: u64::from(*own),
                networks: topic.networks.len() as u64,
            })
        })
        .collect();
    topics.sort_by(|a, b| {
        b.own
            .cmp(&a.own)
            .then_with(|| a.label.text.cmp(&b.label.text))
    });
    topics.truncate(TOPICS);
    topics
}

/// The boxes of the first topics, to put into the network's own pages.
async fn boxes(
    view: &View,
    slug: &str,
    topics: &[TopicOf],
) -> Result<Vec<(Text, Snippets)>, Problem> {
    let base = &view.state.config().base_url;
    let mut boxes = Vec::new();
    for topic in topics.iter().take(BOXES) {
        let asked = ElsewhereParams {
            topic: Some(topic.id),
            url: None,
            not: Some(slug.to_owned()),
        };
        let found = read::elsewhere::elsewhere(view, &asked).await?;
        let snippets = Snippets::of_topic(base, topic.id, slug, &found)?;
        boxes.push((topic.label.clone(), snippets));
    }
    Ok(boxes)
}

/// A text for an owner to tell members.
pub(super) fn members_text(name: &str, state: &State) -> String {
    let config = state.config();
    let privacy = config
        .base_url
        .join("privacy")
        .map_or_else(|_| config.base_url.to_string(), |url| url.to_string());
    format!(
        "{name} is now listed in {instance}. It shows where public conversations are happening: the title, at most 300 characters, and 300 more around the words of a search, of what everybody can read here anyway, with a link back to us. No names, accounts or pictures are kept, and personal details are taken out before anything is stored. If you do not want something you wrote to be found, edit or delete it here, or object without an account: {privacy}",
        instance = config.instance_name
    )
}

/// The same for those whose words were taken down offline.
fn speakers_text(name: &str, state: &State) -> String {
    let config = state.config();
    let object = links::absolute(&config.base_url, "/object");
    format!(
        "What is said at {name} is now listed in {instance}, so that it is heard beside what is said online. Our notes are shown there whole, without names: who said what is not written down, and personal details are taken out before anything is stored. If you do not want something that you said to be found, tell us, and we take it back, or object without an account: {object}",
        instance = config.instance_name
    )
}
