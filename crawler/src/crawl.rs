//! One visit to one source, from task to finish.
//!
//! Contract: [`crawl`] never fails; what went wrong is in [`Finish::health`]. Each [`Batch`] carries the state to be
//! kept in the same transaction as its items; a stop at any moment, a kill included, repeats some work at the next
//! visit and loses or doubles nothing, as items have stable keys.

use discover_model::Source;
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::closure::{Answer, Closed, Consequence};
use crate::connectors;
use crate::counts::Counts;
use crate::fetch::{FetchError, Fetcher};
use crate::frontier;
use crate::health::Health;
use crate::state::SourceState;
use crate::task::{Batch, Task};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How a visit ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Finish {
    pub state: SourceState,
    pub next_due: Timestamp,
    pub health: Health,
    pub requests: u32,
    pub not_modified: u32,
    /// Empty where nothing was new to see.
    pub counts: Counts,
}

impl Finish {
    /// The end of a visit that read nothing new.
    pub fn unread(state: SourceState, next_due: Timestamp) -> Self {
        finish(state, next_due, Health::ok())
    }
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
        secret,
        mut state,
        ..
    } = task;
    if state
        .closed
        .is_some_and(|closed| closed.consequence(now) == Consequence::Erase)
    {
        state.read_anew();
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

    let mut visit = Visit::new(fetcher, &source, &permit, secret, state, now, batches);
    // On the heap, as the connectors' futures are large.
    let mut result = Box::pin(connectors::visit(&mut visit, &address)).await;
    if result != Err(Trouble::Stopped)
        && let Err(stopped) = visit.flush().await
    {
        result = Err(stopped);
    }
    let now = visit.now();
    let mut counts = std::mem::take(&mut visit.counts);
    if result.is_ok() && counts.none_readable() {
        result = Err(Trouble::Unreadable {
            url: Box::new(address.clone()),
            why: format!("none of its {} entries can be read", counts.seen),
        });
    }
    let mut state = std::mem::take(&mut visit.state);
    if counts.none_readable() {
        // Else a 304 would say that all is well.
        state.pages.clear();
    }
    for broken in state.broken.values() {
        *counts
            .skipped
            .entry(broken.cause.code().to_owned())
            .or_default() += 1;
    }
    state.robots = fetcher.known_robots(&address, now);
    if let Some(rhythm) = frontier::rhythm(std::mem::take(&mut visit.times), now) {
        state.rhythm = Some(rhythm);
    }
    let (next_due, health) = match result {
        Ok(pace) => {
            state.failures = 0;
            state.closed = None;
            state.troubled_since = None;
            let due = frontier::after_success(&source, &pace, state.rhythm, now);
            (due, Health::ok())
        }
        Err(trouble) => after_trouble(&source, &mut state, &trouble, now),
    };
    let mut finish = finish(state, next_due, health);
    finish.requests = visit.requests;
    finish.not_modified = visit.not_modified;
    finish.counts = counts;
    finish
}

fn finish(state: SourceState, next_due: Timestamp, health: Health) -> Finish {
    Finish {
        state,
        next_due,
        health,
        requests: 0,
        not_modified: 0,
        counts: Counts::default(),
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
    let mut health = Health::of(trouble, since);
    if let Some(answer) = Answer::of(trouble) {
        let closed = Closed::again(state.closed, answer, now);
        state.closed = Some(closed);
        state.failures = state.failures.saturating_add(1);
        health.add_notice(&closed.notice(now));
        let wait = closed.ask_again_after(now).max(frontier::every(source));
        return (frontier::after_refusal(source, wait, now), health);
    }
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
        Trouble::Setting(_) | Trouble::Refused { .. } => {
            frontier::after_refusal(source, frontier::WEEKLY, now)
        }
        // The owner may mend these at any time.
        Trouble::Fetch(
            FetchError::NoConsent(_) | FetchError::OutOfScope { .. } | FetchError::Blocked(_),
        ) => frontier::after_refusal(source, frontier::DAILY, now),
        Trouble::Fetch(_) | Trouble::Status { .. } | Trouble::Unreadable { .. } => {
            state.failures = state.failures.saturating_add(1);
            frontier::after_failure(source, state.failures, now)
        }
    };
    (due, health)
}
