//! Looking again at posts that are kept: what makes a deletion at the site real here.
//!
//! Contract: [`recheck`] never fails. It says for each kept post whether it is still there for a visitor without an
//! account, and hands over what the answers said, so that edits are followed without a further request. Only the platform's own word counts as a deletion: 404 or 410 of the very item (300 of a
//! public-inbox), its absence from an answer that names what is there, a flag, a password form, noindex. An empty
//! answer, a cut one, a web page where data was due, a time-out, an error of the server: these leave a post in doubt,
//! and it is looked at again a day later.
//!
//! A login page or a 403 may be a firewall's, and a 404 of a page that was never seen may be a broken link. They count
//! only when they stand at several looks a day apart.

pub(crate) mod review;

use std::time::Duration;

use discover_model::Item;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;

pub use review::{Kept, Verdict};

use crate::connectors;
use crate::fetch::Fetcher;
use crate::state::SourceState;
use crate::task::Task;
use crate::visit::Visit;
use review::Review;

/// Time for one review: a slow site's lease must not run out under it.
const PATIENCE: Duration = Duration::from_mins(10);
/// What looking again gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Rechecked {
    /// One for each kept post, in their order.
    pub verdicts: Vec<Verdict>,
    /// What the answers said: kept posts as they are now, and others that came with them.
    pub items: Vec<Item>,
    pub state: SourceState,
    pub requests: u32,
    pub not_modified: u32,
    /// Why the look ended early, where it did.
    pub ended: Option<String>,
}

/// Looks at `kept` posts of one source again.
pub async fn recheck(fetcher: &Fetcher, task: Task, kept: &[Kept], now: Timestamp) -> Rechecked {
    let Task {
        source,
        permit,
        secret,
        state,
        ..
    } = task;
    let address = state.address.clone().unwrap_or_else(|| source.url.clone());
    let (nowhere, _) = mpsc::channel(1);
    let mut visit = Visit::new(fetcher, &source, &permit, secret, state, now, nowhere);
    visit.patience = Some(PATIENCE);
    let mut looks = Review::new(kept);
    let result = connectors::recheck(&mut visit, &address, &mut looks).await;
    let items = std::mem::take(&mut looks.items);
    let mut state = std::mem::take(&mut visit.state);
    let verdicts = looks.settle(&visit, &mut state, now);
    state.robots = fetcher.known_robots(&address, now).or(state.robots);
    let ended = result.err().map(|trouble| trouble.to_string());
    Rechecked {
        verdicts,
        items,
        state,
        requests: visit.requests,
        not_modified: visit.not_modified,
        ended,
    }
}

/// How many posts are looked at in one visit, so that all come up within their time and none in a rush: the share of
/// those past half their time that falls on the time since the last look, and everything that is nearly late.
///
/// `waiting`: posts past half their time; `late`: posts past nine tenths of it; `since`: time since the last look.
pub fn share(waiting: u64, late: u64, since: SignedDuration, within: SignedDuration) -> u64 {
    const LEAST: u64 = 10;
    let window = within.as_secs().max(1) as f64 / 4.0;
    let due = waiting as f64 * since.as_secs().max(0) as f64 / window;
    (due.ceil() as u64).max(LEAST).max(late).min(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);
    const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);

    #[test]
    fn the_work_is_spread_over_half_the_time_and_ends_in_time() {
        assert_eq!(share(0, 0, HOUR, WEEK), 0);
        assert_eq!(share(5, 0, HOUR, WEEK), 5);
        let hourly = share(10_000, 0, HOUR, WEEK);
        assert!((230..250).contains(&hourly), "{hourly}");
        assert_eq!(share(10_000, 4000, HOUR, WEEK), 4000);
        // Visited once a day, three and a half days are enough.
        let mut waiting = 10_000;
        for _ in 0..3 {
            waiting -= share(waiting, 0, HOUR * 24, WEEK);
        }
        assert!(waiting < 1000, "{waiting}");
    }
}
