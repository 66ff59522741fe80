//! What happened about a topic: raised, heard, answered, decided, changed; what is due, and what is overdue.
//!
//! Contract: entries follow the topic's ids and outlive the topic. Of the conversations that an entry answers, those are
//! named that may be shown; who wrote it is the key's holder, as the operator entered it.

use std::collections::{BTreeMap, BTreeSet};

use discover_graph::Topic as Clustered;
use discover_model::redaction::{addresses, redact};
use discover_model::{ConversationId, TopicId};
use discover_store::{Answer, NewAnswer as Written, Stage};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::period::Period;
use super::{rows, topics};
use crate::analyst::Analyst;
use crate::problem::{Code, Problem};
use crate::shapes::{AnswerEntry, Answers, DigestAnswers, Due, Erased, NewAnswer};
use crate::state::View;
use crate::text::inline::outside;

/// Conversations that an entry answers: the topic's most central.
const CITED: usize = 10;
const TEXT: usize = 2_000;
const URL: usize = 2_048;
/// How far ahead a day may be promised.
const LONGEST_DUE_YEARS: i64 = 2;
/// Entries of one topic: none of them is ever removed, and every page of the topic reads them.
const OF_A_TOPIC: usize = 200;
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

/// The latest entries that answer a conversation of a network, latest first.
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
    // What answers none of its conversations that may be shown is none of its own.
    let of_it: Vec<ConversationId> = held
        .iter()
        .flat_map(|answer| answer.conversations.iter().copied())
        .collect();
    let rows = rows::visible(view, &of_it).await?;
    let own = |id: &ConversationId| rows.get(id).is_some_and(|row| row.network == network.id);
    items.retain(|item| item.conversations.iter().any(own));
    Ok(items)
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
    let entry = checked(new, topic.id, by, &before, view.today)?;
    let central = view.topics.central(topic.id);
    let ids: Vec<ConversationId> = central.iter().map(|one| one.conversation).collect();
    let may = rows::shown(view, &ids).await?;
    let entry = Written {
        conversations: ids
            .into_iter()
            .filter(|id| may.contains(id))
            .take(CITED)
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

/// An entry as it may be written; without its conversations.
fn checked(
    new: &NewAnswer,
    topic: TopicId,
    by: &str,
    before: &[Answer],
    today: Date,
) -> Result<Written, Problem> {
    let refused = |detail: &str| Problem::new(Code::BadBody, detail.to_owned());
    let stage: Stage = new
        .stage
        .parse()
        .map_err(|()| refused("`stage` is one of heard, answered, decided and changed"))?;
    let text = new.text.trim();
    if text.is_empty() || text.chars().count() > TEXT {
        return Err(refused("`text` has from 1 to 2,000 characters"));
    }
    let url = match new.url.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(url) if url.len() > URL => return Err(refused("`url` is longer than 2,048 bytes")),
        Some(url) => Some(
            outside(url).ok_or_else(|| refused("`url` is a web address: http:// or https://"))?,
        ),
    };
    // As the address of a post would be shown.
    let clean = |url: &str| {
        redact(url).spans.is_empty() && addresses::listed(url).is_some_and(|shown| shown == url)
    };
    if url.as_deref().is_some_and(|url| !clean(url)) {
        return Err(refused(
            "`url` holds personal details, a login or what follows readers: give the bare address",
        ));
    }
    let longest = today.saturating_add(LONGEST_DUE_YEARS.years());
    if before.len() >= OF_A_TOPIC {
        return Err(refused(
            "this topic has as many entries as it can hold: ask the operator",
        ));
    }
    if new.due.is_some_and(|due| due < today || due > longest) {
        return Err(refused(
            "`due` is a day from today on, at most two years ahead",
        ));
    }
    if let Some(corrects) = new.corrects {
        let corrected = before.iter().find(|entry| entry.seq == corrects);
        let corrected = corrected.filter(|entry| entry.by == by);
        let corrected = corrected.ok_or_else(|| {
            refused("`corrects` is the number of an entry of yours on this topic")
        })?;
        if corrected.stage != stage {
            return Err(refused("a correction has the stage of what it corrects"));
        }
    }
    Ok(Written {
        topic,
        stage,
        by: by.to_owned(),
        due: new.due,
        corrects: new.corrects,
        url,
        text: redact(&addresses::in_text(text)).text,
        conversations: Vec::new(),
    })
}

async fn shaped(view: &View, held: &[Answer]) -> Result<Vec<AnswerEntry>, Problem> {
    let cited: Vec<ConversationId> = held
        .iter()
        .flat_map(|answer| answer.conversations.iter().copied())
        .collect();
    let may = rows::shown(view, &cited).await?;
    let zone = &view.state.config().zone;
    Ok(held
        .iter()
        .map(|answer| {
            let conversations: Vec<ConversationId> = answer
                .conversations
                .iter()
                .copied()
                .filter(|id| may.contains(id))
                .collect();
            let whole = conversations.len() as u64 == answer.cited;
            AnswerEntry {
                seq: answer.seq,
                stage: answer.stage.to_string(),
                by: answer.by.clone(),
                at: day(answer.at, zone),
                late_days: late(answer, held, zone),
                due: answer.due,
                text: answer.text.clone(),
                erased: answer.erased.as_ref().map(|erased| Erased {
                    at: day(erased.at, zone),
                    reason: erased.because.clone(),
                }),
                url: answer.url.clone(),
                hash: answer.text_sha256.clone(),
                salt: answer.text_salt.clone(),
                corrects: answer.corrects,
                corrected_by: answer.corrected_by,
                topic: answer.topic,
                conversations,
                cited: answer.cited,
                conversations_hash: answer.conversations_sha256.clone(),
                conversations_salt: answer.conversations_salt.clone().filter(|_| whole),
                ledger: answer.ledger,
                signature: answer.signature.clone(),
            }
        })
        .collect())
}

fn day(at: jiff::Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

fn days_after(later: Date, earlier: Date) -> Option<u64> {
    let days = later.since(earlier).ok()?.get_days();
    u64::try_from(days).ok().filter(|days| *days > 0)
}

/// How many days an entry of one topic, all of which are in `held`, oldest first, came after the day that its body had given for it.
fn late(answer: &Answer, held: &[Answer], zone: &TimeZone) -> Option<u64> {
    if answer.corrects.is_some() {
        return None;
    }
    let before = held.partition_point(|one| one.seq < answer.seq);
    let kept = promises(&held[..before]);
    let promise = kept
        .iter()
        .filter(|one| one.by == answer.by && one.stage < answer.stage);
    let due = promise.map(|one| one.due).max()?;
    days_after(day(answer.at, zone), due)
}

/// A day that a body gave, and has not kept yet.
struct Promise<'a> {
    by: &'a str,
    due: Date,
    entry: u64,
    stage: Stage,
}

/// What was promised in `held` and not done by a later entry of the same body. A correction with a day moves the day.
fn promises(held: &[Answer]) -> Vec<Promise<'_>> {
    let mut first: BTreeMap<u64, u64> = BTreeMap::new();
    let mut open: BTreeMap<u64, Promise<'_>> = BTreeMap::new();
    for answer in held {
        let root = answer
            .corrects
            .map_or(answer.seq, |seq| first.get(&seq).copied().unwrap_or(seq));
        first.insert(answer.seq, root);
        if answer.corrects.is_none() {
            open.retain(|_, promise| promise.by != answer.by || promise.stage >= answer.stage);
        }
        // A day that is moved after the thing was done promises nothing.
        let still = answer.corrects.is_none() || open.contains_key(&root) || {
            let mut later = held.iter().filter(|one| one.corrects.is_none());
            !later
                .any(|one| one.by == answer.by && one.stage > answer.stage && one.seq < answer.seq)
        };
        if let Some(due) = answer.due.filter(|_| still) {
            let promise = Promise {
                by: &answer.by,
                due,
                entry: answer.seq,
                stage: answer.stage,
            };
            open.insert(root, promise);
        }
    }
    open.into_values().collect()
}

fn due(held: &[Answer], today: Date) -> Vec<Due> {
    let mut due: Vec<Due> = promises(held)
        .into_iter()
        .map(|promise| Due {
            by: promise.by.to_owned(),
            due: promise.due,
            entry: promise.entry,
            stage: promise.stage.to_string(),
            overdue_days: days_after(today, promise.due),
        })
        .collect();
    due.sort_by_key(|one| (one.due, one.entry));
    due
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn entry(seq: u64, by: &str, stage: Stage, at: Date, due: Option<Date>) -> Answer {
        let at = at.to_zoned(TimeZone::UTC).expect("a day").timestamp();
        Answer {
            seq,
            ledger: seq,
            topic: TopicId::from_u128(1),
            stage,
            by: by.to_owned(),
            at,
            due,
            corrects: None,
            corrected_by: None,
            url: None,
            text: None,
            text_salt: None,
            text_sha256: String::new(),
            erased: None,
            cited: 0,
            conversations: Vec::new(),
            conversations_salt: None,
            conversations_sha256: String::new(),
            signature: String::new(),
        }
    }

    #[test]
    fn a_day_that_was_given_is_due_until_the_same_body_comes_further() {
        let november = |day| date(2026, 11, day);
        let mut held = vec![
            entry(1, "Board", Stage::Heard, november(12), Some(november(26))),
            entry(2, "Council", Stage::Heard, november(16), Some(november(27))),
        ];
        let open = due(&held, november(30));
        let said: Vec<_> = open
            .iter()
            .map(|one| (one.by.as_str(), one.overdue_days))
            .collect();
        assert_eq!(said, [("Board", Some(4)), ("Council", Some(3))]);
        // The board answers a day late and says when it decides; the council is not done by that.
        let decided = date(2026, 12, 16);
        held.push(entry(
            3,
            "Board",
            Stage::Answered,
            november(27),
            Some(decided),
        ));
        assert_eq!(late(&held[2], &held, &TimeZone::UTC), Some(1));
        let open = due(&held, november(30));
        let said: Vec<_> = open
            .iter()
            .map(|one| (one.by.as_str(), one.overdue_days))
            .collect();
        assert_eq!(said, [("Council", Some(3)), ("Board", None)]);
        // A correction moves the day, and one without a day leaves it.
        let mut correction = entry(4, "Council", Stage::Heard, november(28), Some(november(29)));
        correction.corrects = Some(2);
        held.push(correction);
        let mut words = entry(5, "Council", Stage::Heard, november(28), None);
        words.corrects = Some(4);
        held.push(words);
        let open = due(&held, november(30));
        assert_eq!((open[0].due, open[0].entry), (november(29), 4));
        assert_eq!(open.len(), 2);
    }

    #[test]
    fn what_may_not_be_written_is_refused_and_details_are_taken_out() {
        let topic = TopicId::from_u128(1);
        let today = date(2026, 11, 30);
        let held = [entry(1, "Board", Stage::Heard, today, None)];
        let new = |text: &str| NewAnswer {
            stage: "heard".to_owned(),
            text: text.to_owned(),
            url: None,
            due: None,
            corrects: None,
        };
        let write = |new: &NewAnswer| checked(new, topic, "Board", &held, today);
        let good = write(&new("Write to jo.blue@board.example about it.")).expect("an entry");
        assert!(!good.text.contains("jo.blue"), "{}", good.text);
        for wrong in [
            new(" "),
            new(&"x".repeat(2_001)),
            NewAnswer {
                stage: "raised".to_owned(),
                ..new("x")
            },
            NewAnswer {
                url: Some("javascript:alert(1)".to_owned()),
                ..new("x")
            },
            NewAnswer {
                due: Some(date(2026, 11, 29)),
                ..new("x")
            },
            NewAnswer {
                due: Some(date(2029, 1, 1)),
                ..new("x")
            },
            NewAnswer {
                corrects: Some(2),
                ..new("x")
            },
            NewAnswer {
                corrects: Some(1),
                stage: "decided".to_owned(),
                ..new("x")
            },
        ] {
            assert!(write(&wrong).is_err(), "{wrong:?}");
        }
        let other = NewAnswer {
            corrects: Some(1),
            ..new("x")
        };
        assert!(write(&other).is_ok());
        assert!(
            checked(&other, topic, "Council", &held, today).is_err(),
            "not its own"
        );
    }
}
