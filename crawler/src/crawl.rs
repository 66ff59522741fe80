//! One visit to one source, from task to finish.
//!
//! Contract: [`crawl`] never fails; what went wrong is in [`Finish::health`]. Each [`Batch`] carries the state to be
//! kept in the same transaction as its items; a stop at any moment, a kill included, repeats some work at the next
//! visit and loses or doubles nothing, as items have stable keys.

use discover_model::{Item, Permit, Source};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use url::Url;

use crate::connectors;
use crate::fetch::{FetchError, Fetcher};
use crate::frontier::{self, Pace};
use crate::health::Health;
use crate::state::{Missing, Moving, SourceState};
use crate::visit::{Trouble, Visit};

/// Items in one batch at most.
pub const BATCH_ITEMS: usize = 200;
/// A permanent redirect is kept after it stood this long and was seen this often.
const MOVE_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
const MOVE_TIMES: u32 = 3;
/// 404 for so long, and so often, suspends a source.
const SUSPEND_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
const SUSPEND_TIMES: u32 = 6;

/// What to visit, and what was kept of it.
#[derive(Debug, Clone)]
pub struct Task {
    pub source: Source,
    pub permit: Permit,
    pub state: SourceState,
    /// The visit comes before it was due (a test, or an owner's wish). Conditional requests, robots.txt, pacing, and
    /// silence that the site asked for still hold.
    pub force_due: bool,
}

/// Items to be kept together with the state that covers them.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// At most [`BATCH_ITEMS`].
    pub items: Vec<Item>,
    /// Item keys that were taken back.
    pub gone: Vec<String>,
    pub state: SourceState,
}

/// How a visit ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Finish {
    pub state: SourceState,
    pub next_due: Timestamp,
    pub health: Health,
    pub requests: u32,
    pub not_modified: u32,
}

/// Visits one source.
pub async fn crawl(
    fetcher: &Fetcher,
    task: Task,
    now: Timestamp,
    batches: mpsc::Sender<Batch>,
) -> Finish {
    let Task {
        source,
        permit,
        mut state,
        ..
    } = task;
    if let Some(since) = state.stopped {
        return finish(state, NEVER, Health::stopped(since));
    }
    if let Some(until) = state.silent_until {
        if until > now {
            // Also for the other sources of this host, which may not know yet.
            fetcher.silence(&source.url, until, now);
            let due = frontier::after_silence(&source, until, now);
            return finish(state, due, Health::waiting(until));
        }
        state.silent_until = None;
    }
    let address = state.address.clone().unwrap_or_else(|| source.url.clone());
    if let Some(saved) = &state.robots {
        fetcher.remember_robots(&address, saved, now);
    }

    let mut visit = Visit::new(fetcher, &source, &permit, state, now, batches);
    // On the heap, as the connectors' futures are large.
    let mut result = Box::pin(connectors::visit(&mut visit, &address)).await;
    if result != Err(Trouble::Stopped)
        && let Err(stopped) = visit.flush().await
    {
        result = Err(stopped);
    }
    let now = visit.now();
    let mut state = std::mem::take(&mut visit.state);
    state.robots = fetcher.known_robots(&address, now);
    if let Some(rhythm) = frontier::rhythm(std::mem::take(&mut visit.times), now) {
        state.rhythm = Some(rhythm);
    }
    let (next_due, health) = match result {
        Ok(pace) => {
            state.failures = 0;
            state.missing = None;
            state.troubled_since = None;
            let due = frontier::after_success(&source, &pace, state.rhythm, now);
            (due, Health::ok())
        }
        Err(trouble) => after_trouble(&source, &mut state, &trouble, now),
    };
    let mut finish = finish(state, next_due, health);
    finish.requests = visit.requests;
    finish.not_modified = visit.not_modified;
    finish
}

/// Year 9999: a stopped source is never due.
const NEVER: Timestamp = Timestamp::constant(253_402_207_200, 0);

fn finish(state: SourceState, next_due: Timestamp, health: Health) -> Finish {
    Finish {
        state,
        next_due,
        health,
        requests: 0,
        not_modified: 0,
    }
}

/// What a failed visit means for the state, the next one, and the owner.
fn after_trouble(
    source: &Source,
    state: &mut SourceState,
    trouble: &Trouble,
    now: Timestamp,
) -> (Timestamp, Health) {
    let since = *state.troubled_since.get_or_insert(now);
    let health = Health::of(trouble, since);
    let due = match trouble {
        Trouble::Stopped => now,
        Trouble::Fetch(FetchError::HostWaits(until)) => {
            state.silent_until = Some(*until);
            frontier::after_silence(source, *until, now)
        }
        Trouble::Status {
            status: 429 | 503,
            retry_after: Some(wait),
            ..
        } => {
            let until = now + *wait;
            state.silent_until = Some(until);
            state.failures = state.failures.saturating_add(1);
            frontier::after_silence(source, until, now)
        }
        Trouble::Status { status: 410, .. } => {
            state.stopped = Some(now);
            NEVER
        }
        Trouble::Status { status: 404, .. } => {
            let missing = state.missing.get_or_insert(Missing {
                since: now,
                times: 0,
            });
            missing.times = missing.times.saturating_add(1);
            state.failures = state.failures.saturating_add(1);
            let long = now.duration_since(missing.since) >= SUSPEND_AFTER;
            if long && missing.times >= SUSPEND_TIMES {
                frontier::after_refusal(source, frontier::WEEKLY, now)
            } else {
                frontier::after_failure(source, state.failures, now)
            }
        }
        Trouble::Status {
            status: 401..=403, ..
        }
        | Trouble::Setting(_)
        | Trouble::Refused { .. }
        | Trouble::Fetch(FetchError::LoginWall { .. }) => {
            frontier::after_refusal(source, frontier::WEEKLY, now)
        }
        // The owner may mend these at any time; robots.txt is read again after a day anyway.
        Trouble::Fetch(
            FetchError::Robots(_)
            | FetchError::NoConsent(_)
            | FetchError::OutOfScope { .. }
            | FetchError::Blocked(_),
        ) => frontier::after_refusal(source, frontier::DAILY, now),
        Trouble::Fetch(_) | Trouble::Status { .. } | Trouble::Unreadable { .. } => {
            state.failures = state.failures.saturating_add(1);
            frontier::after_failure(source, state.failures, now)
        }
    };
    (due, health)
}

/// Keeps count of a permanent redirect, and adopts it once it has stood. The permit covered every hop, so the new
/// address is within the same consent.
pub(crate) fn saw_address(state: &mut SourceState, moved: Option<&Url>, now: Timestamp) {
    let Some(to) = moved else {
        state.moving = None;
        return;
    };
    match &mut state.moving {
        Some(moving) if moving.to == *to => {
            moving.times = moving.times.saturating_add(1);
            let stood = now.duration_since(moving.since) >= MOVE_AFTER;
            if stood && moving.times >= MOVE_TIMES {
                state.address = Some(to.clone());
                state.moving = None;
            }
        }
        _ => {
            state.moving = Some(Moving {
                to: to.clone(),
                since: now,
                times: 1,
            });
        }
    }
}

/// Where a connector's lower bounds come from when it reads many pages: the first.
pub(crate) fn pace_of(lifetime: Option<SignedDuration>, unfinished: bool) -> Pace {
    Pace {
        lifetime,
        unfinished,
        ..Pace::default()
    }
}
