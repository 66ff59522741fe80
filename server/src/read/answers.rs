//! What happened about a topic: raised, heard, answered, decided, changed; what is due, and what is overdue.
//!
//! Contract: entries follow the topic's ids and outlive the topic. Of the conversations that an entry answers, those are
//! named that may be shown, and of the networks that had raised it those that still speak of it; who wrote it is the key's
//! holder, as the operator entered it.

use std::collections::{BTreeMap, BTreeSet};

use discover_graph::Topic as Clustered;
use discover_model::network::NetworkState;
use discover_model::{ConversationId, NetworkId, TopicId};
use discover_store::{Answer, NewAnswer as Written};
use jiff::Timestamp;
use jiff::civil::Date;

use super::new_answer::{Fault, checked};
use super::period::Period;
use super::promises::{day, due, late, roots};
use super::row_cache::Rows;
use super::{answer_state, rows, topics};
use crate::analyst::Analyst;
use crate::problem::{Code, Problem};
use crate::shapes::{
    AnswerEntry, Answers, Cited, DigestAnswers, Erased, MapAnswers, NetworkAnswers, NetworkRef,
    NewAnswer, TopicRef,
};
use crate::state::View;

/// Conversations that an entry answers: the topic's most central.
const CITED: usize = 10;
/// Entries shown of one network.
const OF_A_NETWORK: usize = 10;

/// What happened about a topic; also by an id that it had, and after it has gone.
pub async fn of_topic(view: &View, id: &str) -> Result<Answers, Problem> {
    let missing = || Problem::not_found("topic");
    let asked: TopicId = id.parse().map_err(|_| missing())?;
    let topic = topics::shown(view, asked);
    let held = held(view, asked).await?;
    if topic.is_none() && held.is_empty() {
        return Err(missing());
    }
    Ok(Answers {
        items: shaped(view, &held).await?,
        due: due(&held, view.today),
        topic: topic.map(|topic| topics::reference(view, topic)),
        generation: view.generation(),
    })
}

/// The latest entries about what a network raised, latest first; none of a network that may not be shown.
pub async fn to_network(view: &View, slug: &str) -> Result<Vec<AnswerEntry>, Problem> {
    let Some(network) = view.network_by_slug(slug) else {
        return Ok(Vec::new());
    };
    let held = view
        .state
        .store()
        .answers_to(network.id, OF_A_NETWORK)
        .await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    let mut items = shaped(view, &held).await?;
    // They are of several topics: only a topic's page knows what came late.
    for item in &mut items {
        item.late_days = None;
    }
    // What was raised by nothing that may be shown is none of its own.
    items.retain(|item| item.networks.iter().any(|one| one.slug == network.slug));
    Ok(items)
}

/// The same, of a network that must be there.
pub async fn of_network(view: &View, slug: &str) -> Result<NetworkAnswers, Problem> {
    view.network_by_slug(slug)
        .ok_or_else(|| view.gone_slug(slug))?;
    Ok(NetworkAnswers {
        items: to_network(view, slug).await?,
        generation: view.generation(),
    })
}

/// Entries of one topic by what happened last, the latest first; `entries` are oldest first. A correction stands where what
/// it corrects happened: it is no later step.
pub(crate) fn latest_first(entries: &[AnswerEntry]) -> Vec<&AnswerEntry> {
    let roots = roots(entries.iter().map(|one| (one.seq, one.corrects)));
    let mut sorted: Vec<&AnswerEntry> = entries.iter().collect();
    sorted.sort_by_key(|one| std::cmp::Reverse((roots.get(&one.seq).copied(), one.seq)));
    sorted
}

/// One entry, and its topic as far as it may be named.
pub(crate) async fn one(
    view: &View,
    seq: u64,
) -> Result<Option<(AnswerEntry, Option<TopicRef>)>, Problem> {
    let held = view.state.store().answer(seq).await;
    let held: Vec<Answer> = held
        .map_err(|error| Problem::internal(&error))?
        .into_iter()
        .collect();
    let entry = shaped(view, &held).await?.pop();
    Ok(entry.map(|entry| {
        let topic = topics::shown(view, entry.topic);
        (entry, topic.map(|topic| topics::reference(view, topic)))
    }))
}

/// What is due about topics that a network speaks in, the longest overdue first.
pub(crate) async fn due_at(
    view: &View,
    slug: &str,
) -> Result<Vec<(TopicRef, MapAnswers)>, Problem> {
    let Some(network) = view.network_by_slug(slug) else {
        return Ok(Vec::new());
    };
    let mut due: Vec<(TopicRef, MapAnswers)> = states(view)
        .await?
        .into_iter()
        .filter(|(_, answers)| answers.due.is_some())
        .filter_map(|(id, answers)| {
            let topic = topics::shown(view, id)?;
            let speaks = topic.networks.iter().any(|row| row.0 == network.id);
            speaks.then(|| (topics::reference(view, topic), answers))
        })
        .collect();
    due.sort_by_key(|(topic, answers)| (answers.due, topic.id));
    Ok(due)
}

/// How far the answers to each topic have come that has any and may be shown.
pub(crate) async fn states(view: &View) -> Result<BTreeMap<TopicId, MapAnswers>, Problem> {
    let store = view.state.store();
    let ids = store.answered_topics().await;
    let ids = ids.map_err(|error| Problem::internal(&error))?;
    let mut known: BTreeMap<TopicId, Vec<Answer>> = BTreeMap::new();
    let all = store.answers(&ids).await;
    for answer in all.map_err(|error| Problem::internal(&error))? {
        if let Some(topic) = topics::shown(view, answer.topic) {
            known.entry(topic.id).or_default().push(answer);
        }
    }
    let states = known
        .iter()
        .filter_map(|(topic, held)| Some((*topic, answer_state::state(view, held)?)));
    Ok(states.collect())
}

/// What was answered about each topic in a period, and what was due in it and has not come; of the topics that are wanted.
pub(crate) async fn between(
    view: &View,
    period: Period,
    wanted: impl Fn(Option<&Clustered>) -> bool,
) -> Result<Vec<DigestAnswers>, Problem> {
    let zone = &view.state.config().zone;
    let moment = |day: Date| {
        let zoned = day.to_zoned(zone.clone());
        zoned.map_or(Timestamp::MIN, |zoned| zoned.timestamp())
    };
    let (first, after) = (period.start, period.end());
    let moments = (moment(first), moment(after));
    let topics = view.state.store().answered_between(moments, (first, after));
    let topics = topics.await.map_err(|error| Problem::internal(&error))?;
    let mut seen: BTreeSet<TopicId> = BTreeSet::new();
    let mut answers = Vec::new();
    for id in topics {
        let topic = topics::shown(view, id);
        // Several ids may be of one topic.
        if !wanted(topic) || !seen.insert(topic.map_or(id, |topic| topic.id)) {
            continue;
        }
        let mut all = of_topic(view, &id.to_string()).await?;
        all.items
            .retain(|entry| entry.corrected_by.is_none() && period.holds(entry.at));
        all.due
            .retain(|due| due.overdue_days.is_some() && period.holds(due.due));
        if !all.items.is_empty() || !all.due.is_empty() {
            answers.push(DigestAnswers {
                topic: all.topic,
                items: all.items,
                due: all.due,
            });
        }
    }
    Ok(answers)
}

/// What the redaction leaves of the text of an entry that may be written; the key is not seen yet.
pub(crate) async fn preview(
    view: &View,
    id: &str,
    new: &NewAnswer,
) -> Result<Result<(String, Option<u64>), Fault>, Problem> {
    let topic = topics::find(view, id)?;
    let before = held(view, topic.id).await?;
    let last = before.iter().map(|entry| entry.seq).max();
    Ok(checked(new, topic.id, None, &before, view.today).map(|entry| (entry.text, last)))
}

/// The topic that an entry would be about.
pub(crate) fn to_write(view: &View, id: &str) -> Result<TopicRef, Problem> {
    Ok(topics::reference(view, topics::find(view, id)?))
}

/// Writes an entry in the name of the key's holder.
pub(crate) async fn write(
    view: &View,
    analyst: &Analyst,
    id: &str,
    new: &NewAnswer,
) -> Result<AnswerEntry, Problem> {
    let topic = topics::find(view, id)?;
    let before = held(view, topic.id).await?;
    let by = analyst.holder.as_ref();
    let entry = checked(new, topic.id, Some(by), &before, view.today)?;
    let central = view.topics.central(topic.id);
    let ids: Vec<ConversationId> = central.iter().map(|one| one.conversation).collect();
    let may = rows::shown(view, &ids).await?;
    let networks = topic.networks.iter().map(|(network, _)| *network);
    let entry = Written {
        conversations: ids
            .into_iter()
            .filter(|id| may.contains(id))
            .take(CITED)
            .collect(),
        networks: networks
            .filter(|network| view.network(*network).is_some())
            .collect(),
        ..entry
    };
    let written = view.state.store().write_answer(&entry, view.now).await;
    let written = written.map_err(|error| Problem::internal(&error))?;
    let mut all = before;
    all.push(written);
    let mut shaped = shaped(view, &all).await?;
    shaped
        .pop()
        .ok_or_else(|| Problem::new(Code::Internal, "what was written is not there"))
}

/// The entries of a topic by all its ids, oldest first.
async fn held(view: &View, asked: TopicId) -> Result<Vec<Answer>, Problem> {
    let mut ids = vec![asked];
    if let Some(topic) = topics::shown(view, asked) {
        ids.push(topic.id);
        ids.extend(topic.aliases.iter().copied());
    }
    let held = view.state.store().answers(&ids).await;
    held.map_err(|error| Problem::internal(&error))
}

/// Of the networks that had raised the topic of an entry those that speak of it here still, by name, and how many are paused
/// or silent. What a network took back of itself is not told by its name.
fn whom(view: &View, answer: &Answer, cited: &Rows) -> (Vec<NetworkRef>, u64) {
    let topic = topics::shown(view, answer.topic);
    let speaks = |id: NetworkId| {
        let in_topic = topic.is_some_and(|topic| topic.networks.iter().any(|row| row.0 == id));
        let mut rows = answer.conversations.iter().filter_map(|one| cited.get(one));
        in_topic || rows.any(|row| row.network == id)
    };
    let (mut named, mut absent) = (Vec::new(), 0);
    for one in &answer.networks {
        match view.network(one.network) {
            Some(network) if speaks(one.network) => named.push(NetworkRef {
                slug: network.slug.clone(),
                name: network.name.clone(),
            }),
            Some(_) => absent += 1,
            None => {
                let known = view.networks.by_id.get(&one.network);
                let paused = known.is_some_and(|network| {
                    matches!(
                        network.state,
                        NetworkState::Asked | NetworkState::Paused | NetworkState::Lapsed
                    )
                });
                absent += u64::from(paused);
            }
        }
    }
    named.sort_by(|a, b| a.slug.cmp(&b.slug));
    (named, absent)
}

/// What an entry answers, by title.
fn cites(view: &View, ids: &[ConversationId], rows: &Rows) -> Vec<Cited> {
    let shown = ids.iter().filter_map(|id| {
        let shape = rows::conversation(view, rows.get(id)?)?;
        Some(Cited {
            id: *id,
            title: shape.title,
            language: shape.language,
            network: shape.network,
        })
    });
    shown.collect()
}

async fn shaped(view: &View, held: &[Answer]) -> Result<Vec<AnswerEntry>, Problem> {
    let cited: Vec<ConversationId> = held
        .iter()
        .flat_map(|answer| answer.conversations.iter().copied())
        .collect();
    let mut rows = rows::visible(view, &cited).await?;
    rows.retain(|_, row| view.network(row.network).is_some());
    let zone = &view.state.config().zone;
    Ok(held
        .iter()
        .map(|answer| {
            let (networks, absent) = whom(view, answer, &rows);
            let named = networks.len() as u64;
            let asked = answer.networks.iter().filter(|one| one.asked);
            let conversations: Vec<ConversationId> = answer
                .conversations
                .iter()
                .copied()
                .filter(|id| rows.contains_key(id))
                .collect();
            let whole = conversations.len() as u64 == answer.cited;
            AnswerEntry {
                seq: answer.seq,
                stage: answer.stage.to_string(),
                by: answer.by.clone(),
                at: day(answer.at, zone),
                written: answer.at,
                late_days: late(answer, held, zone),
                due: answer.due,
                text: answer.text.clone(),
                erased: answer.erased.as_ref().map(|erased| Erased {
                    at: day(erased.at, zone),
                    moment: erased.at,
                    reason: erased.because.clone(),
                }),
                url: answer.url.clone(),
                hash: answer.text_sha256.clone(),
                salt: answer.text_salt.clone(),
                corrects: answer.corrects,
                corrected_by: answer.corrected_by,
                topic: answer.topic,
                cites: cites(view, &conversations, &rows),
                conversations,
                cited: answer.cited,
                conversations_hash: answer.conversations_sha256.clone(),
                conversations_salt: answer.conversations_salt.clone().filter(|_| whole),
                withdrawn: answer.raised.saturating_sub(named + absent),
                absent,
                asked: asked.clone().count() as u64,
                told: asked.filter(|one| one.told.is_some()).count() as u64,
                networks,
                raised: answer.raised,
                ledger: answer.ledger,
                signature: answer.signature.clone(),
            }
        })
        .collect())
}
