//! Looks at the topics now and then: which warnings and emerging topics are new, which have ended; and has the digests of
//! this week and this month follow them.
//!
//! Contract: what is written down are ids and figures. What is told early ends when it has not held for a day, so that what
//! comes and goes with every post is told once; or at once where its topic is gone.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use discover_graph::Snapshot;
use discover_model::{ConversationId, TopicId};
use discover_store::{DigestEvery, Holds, Noted, Notice, NoticeKind};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::problem::Problem;
use crate::read::period::Period;
use crate::read::{digest, notices, rows};
use crate::state::{State, View};

/// How often it is looked where topics changed, and where they did not.
const CHANGED: Duration = Duration::from_mins(1);
const UNCHANGED: Duration = Duration::from_mins(10);
/// For how long something does not hold before it has ended.
const OVER: SignedDuration = SignedDuration::from_hours(24);
/// For how long what ended is told, and digests are kept.
const KEEP_NOTICES: SignedDuration = SignedDuration::from_hours(24 * 90);
const KEEP_DIGESTS_DAYS: i64 = 400;

/// Looks at the topics for what is told early. One at a time.
#[derive(Debug)]
pub struct TopicWatch {
    state: State,
    last: Option<(Instant, Arc<Snapshot>)>,
}

impl TopicWatch {
    pub fn new(state: State) -> Self {
        Self { state, last: None }
    }

    /// One look, where one is due.
    pub async fn step(&mut self) -> Result<(), Problem> {
        let view = self.state.view().await?;
        // Before topics were drawn nothing can be said of them.
        if view.topics.drawn == Date::ZERO {
            return Ok(());
        }
        let due = self.last.as_ref().is_none_or(|(at, topics)| {
            let changed = !Arc::ptr_eq(topics, &view.topics);
            at.elapsed() >= if changed { CHANGED } else { UNCHANGED }
        });
        if due {
            look(&view).await?;
            self.last = Some((Instant::now(), Arc::clone(&view.topics)));
        }
        Ok(())
    }
}

/// One look at everything.
pub(crate) async fn look(view: &View) -> Result<(), Problem> {
    note(view).await?;
    for every in DigestEvery::ALL {
        follow(view, every).await?;
        note_gone(view, every).await?;
    }
    let store = view.state.store();
    let internal = |error| Problem::internal(&error);
    store
        .forget_notices(view.now - KEEP_NOTICES)
        .await
        .map_err(internal)?;
    let oldest = view.today.saturating_sub(KEEP_DIGESTS_DAYS.days());
    store.forget_digests(oldest).await.map_err(internal)?;
    Ok(())
}

async fn note(view: &View) -> Result<(), Problem> {
    let store = view.state.store();
    let held = store.notices(notices::MOST).await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    let holding = notices::holding(view).await?;
    let topic_now = |id| {
        let topic = view.topics.resolve(id).filter(|topic| topic.shown);
        topic.map(|topic| topic.id)
    };
    let noted = compared(&held, &holding, topic_now, view.now);
    if noted != Noted::default() {
        let written = store.note(&noted, view.now).await;
        written.map_err(|error| Problem::internal(&error))?;
    }
    Ok(())
}

/// What has begun, goes on and has ended. `topic_now` is the id that a topic goes by, where it may be shown.
fn compared(
    held: &[Notice],
    holding: &[Holds],
    topic_now: impl Fn(TopicId) -> Option<TopicId>,
    now: Timestamp,
) -> Noted {
    let mut noted = Noted::default();
    let mut known: HashSet<(NoticeKind, TopicId)> = HashSet::new();
    let mut open: Vec<&Notice> = held.iter().filter(|one| one.ended.is_none()).collect();
    // Where two topics became one, what began first goes on.
    open.sort_by_key(|one| one.number);
    for one in open {
        let of = &one.of;
        let Some(topic) = topic_now(of.topic).filter(|topic| known.insert((of.kind, *topic)))
        else {
            noted.ended.push(one.number);
            continue;
        };
        let mut all = holding.iter();
        match all.find(|now| now.kind == of.kind && now.topic == topic) {
            Some(now) => noted.still.push((one.number, now.clone())),
            None if one.held + OVER <= now => noted.ended.push(one.number),
            None => {}
        }
    }
    let new = |one: &&Holds| !known.contains(&(one.kind, one.topic));
    noted.begun = holding.iter().filter(new).cloned().collect();
    noted
}

/// Has the digest of the present period name what it would name now.
async fn follow(view: &View, every: DigestEvery) -> Result<(), Problem> {
    let store = view.state.store();
    let period = Period::of(every, view.today);
    let mut edition = digest::so_far(view, period).await?;
    digest::quote(view, &mut edition.topics).await?;
    let held = store.digest(every, period.start).await;
    if held.map_err(|error| Problem::internal(&error))?.as_ref() != Some(&edition) {
        let put = store.put_digest(&edition).await;
        put.map_err(|error| Problem::internal(&error))?;
    }
    Ok(())
}

/// Writes down when what earlier digests quoted went, or that it came back.
async fn note_gone(view: &View, every: DigestEvery) -> Result<(), Problem> {
    let store = view.state.store();
    let current = Period::of(every, view.today).start;
    let earlier = store.digests_before(every, Some(current), digest::LOOKED_THROUGH);
    let earlier = earlier.await.map_err(|error| Problem::internal(&error))?;
    for edition in &earlier {
        let quoted: Vec<ConversationId> =
            edition.topics.iter().filter_map(|one| one.quoted).collect();
        let shown = rows::shown(view, &quoted).await?;
        for one in &edition.topics {
            let lost = match one.quoted {
                Some(id) => !shown.contains(&id),
                None => one.gone.is_some(),
            };
            let gone = match one.gone {
                Some(at) if lost && at > Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1) => {
                    Some(at)
                }
                _ => lost.then_some(view.now),
            };
            if gone != one.gone {
                let written = store.note_quoted(edition, one, gone).await;
                written.map_err(|error| Problem::internal(&error))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_795_348_800, 0);

    fn holds(kind: NoticeKind, topic: u128) -> Holds {
        Holds {
            kind,
            topic: TopicId::from_u128(topic),
            chance: None,
            networks: 3,
            languages: Vec::new(),
            areas: Vec::new(),
        }
    }

    fn notice(number: u64, kind: NoticeKind, topic: u128, hours_ago: i64) -> Notice {
        let held = NOW - SignedDuration::from_hours(hours_ago);
        Notice {
            number,
            began: held,
            held,
            ended: None,
            of: holds(kind, topic),
        }
    }

    #[test]
    fn what_holds_begins_once_and_what_has_not_held_for_a_day_or_is_gone_ends() {
        let (warning, emerging) = (NoticeKind::Warning, NoticeKind::Emerging);
        let held = [
            notice(1, warning, 1, 2),
            notice(2, emerging, 2, 23),
            notice(3, emerging, 3, 24),
            notice(4, warning, 4, 1),
            // The fifth topic became the first.
            notice(5, warning, 5, 1),
        ];
        let holding = [holds(warning, 1), holds(emerging, 1)];
        let now = |id: TopicId| match id.as_u128() {
            4 => None,
            5 => Some(TopicId::from_u128(1)),
            _ => Some(id),
        };
        let noted = compared(&held, &holding, now, NOW);
        assert_eq!(noted.begun, [holds(emerging, 1)]);
        assert_eq!(noted.still, [(1, holds(warning, 1))]);
        assert_eq!(noted.ended, [3, 4, 5]);
    }
}
