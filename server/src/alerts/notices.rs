//! Looks at the topics now and then: which warnings and emerging topics are new, which have ended; and has the digests of
//! this week and this month follow them.
//!
//! Contract: what is written down are ids and figures. What is told early ends when it has not held for a day, so that what
//! comes and goes with every post is told once; or at once where its topic is gone.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use discover_graph::Snapshot;
use discover_model::{ConversationId, FollowId, TopicId};
use discover_store::{
    Begun, DigestDue, DigestEvery, Every, FollowAbout, Holds, Noted, Notice, NoticeKind,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::next_mail;
use crate::problem::Problem;
use crate::read::notices::{area_mark, fits};
use crate::read::params::{DigestListParams, NoticeParams, Query as _};
use crate::read::period::Period;
use crate::read::{digest, editions, notices, rows};
use crate::state::{State, View};

/// How often it is looked where topics changed, and where they did not.
const CHANGED: Duration = Duration::from_mins(1);
const UNCHANGED: Duration = Duration::from_mins(10);
/// Times its own cost that lie between two looks.
const SPACING: u32 = 10;
/// For how long something does not hold before it has ended.
const OVER: SignedDuration = SignedDuration::from_hours(24);
/// How long after its period a digest still goes out.
const LATE: SignedDuration = SignedDuration::from_hours(24 * 7);
/// For how long what ended is told, and digests are kept.
const KEEP_NOTICES: SignedDuration = SignedDuration::from_hours(24 * 90);
const KEEP_DIGESTS_DAYS: i64 = 400;

/// Looks at the topics for what is told early. One at a time.
#[derive(Debug)]
pub struct TopicWatch {
    state: State,
    last: Option<Look>,
}

/// When it was last looked, what that took, and the topics that were looked at.
#[derive(Debug)]
struct Look {
    at: Instant,
    took: Duration,
    topics: Arc<Snapshot>,
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
        let due = self.last.as_ref().is_none_or(|last| {
            let changed = !Arc::ptr_eq(&last.topics, &view.topics);
            let least = if changed { CHANGED } else { UNCHANGED };
            last.at.elapsed() >= least.max(last.took * SPACING)
        });
        if due {
            let begun = Instant::now();
            look(&view).await?;
            self.last = Some(Look {
                at: Instant::now(),
                took: begun.elapsed(),
                topics: Arc::clone(&view.topics),
            });
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
        queue(view, every).await?;
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
    let mut noted = compared(&held, &holding, topic_now, view.now);
    if !noted.begun.is_empty() {
        for (follow, params) in early(view).await? {
            let store = view.state.store();
            let areas = params.area.iter();
            let marks: Vec<String> = areas.map(|slug| area_mark(store, slug)).collect();
            let wanted = noted.begun.iter_mut();
            wanted
                .filter(|one| fits(&params, &marks, &one.of))
                .for_each(|one| one.tell.push(follow));
        }
    }
    if noted != Noted::default() {
        let written = store.write_notices(&noted, view.now).await;
        written.map_err(|error| Problem::internal(&error))?;
    }
    Ok(())
}

/// The follows of what is told early, with what each is narrowed to.
async fn early(view: &View) -> Result<Vec<(FollowId, NoticeParams)>, Problem> {
    let follows = view.state.store().follows_about(FollowAbout::Early).await;
    let follows = follows.map_err(|error| Problem::internal(&error))?;
    let read = follows
        .iter()
        .filter_map(|follow| Some((follow.id, NoticeParams::parse(&follow.search).ok()?)));
    Ok(read.collect())
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
    let begun = |of: &Holds| Begun {
        of: of.clone(),
        tell: Vec::new(),
    };
    noted.begun = holding.iter().filter(new).map(begun).collect();
    noted
}

/// Has the digest of the present period name what it would name now.
async fn follow(view: &View, every: DigestEvery) -> Result<(), Problem> {
    let store = view.state.store();
    let period = Period::of(every, view.today);
    let mut edition = editions::so_far(view, period).await?;
    editions::quote(view, &mut edition.topics).await?;
    digest::count(view, period, &mut edition.topics).await?;
    let held = store.digest(every, period.start).await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    if let Some(held) = &held {
        editions::carry_lost(view, held, &mut edition).await?;
    }
    if held.as_ref() != Some(&edition) {
        let put = store.put_digest(&edition).await;
        put.map_err(|error| Problem::internal(&error))?;
    }
    Ok(())
}

/// Writes down when what earlier digests quoted went, or that it came back.
async fn note_gone(view: &View, every: DigestEvery) -> Result<(), Problem> {
    let store = view.state.store();
    let current = Period::of(every, view.today).start;
    let earlier = store.digests_before(every, Some(current), editions::LOOKED_THROUGH);
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

/// Queues the last digest for those who get it by mail, and errata of those that they got.
async fn queue(view: &View, every: DigestEvery) -> Result<(), Problem> {
    let store = view.state.store();
    let follows = store.follows_about(FollowAbout::Digest).await;
    let follows = follows.map_err(|error| Problem::internal(&error))?;
    let (mut in_brief, mut due) = (BTreeMap::new(), Vec::new());
    for follow in &follows {
        let Ok(asked) = DigestListParams::parse(&follow.search) else {
            continue;
        };
        let confirmed = follow.mail.as_ref().and_then(|mail| mail.confirmed);
        let Some(confirmed) = confirmed.filter(|_| asked.every == every) else {
            continue;
        };
        if !in_brief.contains_key(&follow.search) {
            // An area that nobody serves any more, or not just now: nothing is said of it.
            let Ok(all) = digest::in_brief(view, every, &asked.area).await else {
                continue;
            };
            in_brief.insert(follow.search.clone(), all);
        }
        let all = &in_brief[&follow.search];
        let latest = all
            .first()
            .filter(|one| confirmed < one.over && view.now < one.over + LATE);
        due.extend(latest.map(|one| DigestDue {
            follow: follow.id,
            code: one.of.period.clone(),
            gone: None,
            due: morning_after(every, one.over, view),
        }));
        // Of quotations it is known when each went, so that each is told once; that a topic is not drawn any more stands on
        // the digest's page.
        let gone = all.iter().filter(|one| one.of.gone.quotations > 0);
        due.extend(gone.filter_map(|one| {
            Some(DigestDue {
                follow: follow.id,
                code: one.of.period.clone(),
                gone: Some(one.gone_at?),
                due: view.now,
            })
        }));
    }
    if due.is_empty() {
        return Ok(());
    }
    let queued = store.queue_digests(&due, view.now).await;
    queued.map_err(|error| Problem::internal(&error))
}

/// The morning on which a digest goes out whose period was over then.
fn morning_after(every: DigestEvery, over: Timestamp, view: &View) -> Timestamp {
    let every = match every {
        DigestEvery::Week => Every::Week,
        DigestEvery::Month => Every::Month,
    };
    next_mail(every, over, &view.state.config().zone)
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
        let begun: Vec<&Holds> = noted.begun.iter().map(|one| &one.of).collect();
        assert_eq!(begun, [&holds(emerging, 1)]);
        assert_eq!(noted.still, [(1, holds(warning, 1))]);
        assert_eq!(noted.ended, [3, 4, 5]);
    }
}
