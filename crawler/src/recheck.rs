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

use std::time::Duration;

use discover_model::{Item, Refusal};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use url::Url;

use crate::connectors;
use crate::crawl::Task;
use crate::fetch::{FetchError, Fetcher};
use crate::state::SourceState;
use crate::visit::{Trouble, Visit};

/// Looks at least this far apart count as two.
const APART: SignedDuration = SignedDuration::from_hours(20);
/// Time for one review: a slow site's lease must not run out under it.
const PATIENCE: Duration = Duration::from_mins(10);
/// Posts in doubt that are remembered of one source.
const MAX_DOUBTS: usize = 2000;

/// A kept post, as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The item key as it is kept (`discover_model::gate::stored_key`).
    pub key: String,
    pub url: Url,
}

/// What a look at a kept post gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    There,
    /// Taken back, or withheld from visitors: it must go.
    Lost(Refusal),
    /// Nothing was learned.
    Unsure,
}

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

/// A "no" that does not count at once, and since when it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    pub last: Timestamp,
    pub times: u32,
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

/// How sure a look is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    None,
    There,
    Lost(Refusal),
    /// A login page or 403 in its place.
    Shut(Refusal),
    /// The page is not there, and it is not known that it ever was.
    NoPage,
}

/// The posts under review, and what is known of each.
pub(crate) struct Review<'k> {
    pub(crate) kept: &'k [Kept],
    found: Vec<Look>,
    items: Vec<Item>,
    /// Some page of this source could be read in this review.
    readable: bool,
    /// What is looked at is what visits read, so that a "no" to all of it is no mere distrust of crawlers.
    by_its_own_door: bool,
}

impl<'k> Review<'k> {
    fn new(kept: &'k [Kept]) -> Self {
        Self {
            kept,
            found: vec![Look::None; kept.len()],
            items: Vec::new(),
            readable: false,
            by_its_own_door: false,
        }
    }

    /// The source could be read just now by the same way as its posts are looked at.
    pub(crate) fn by_its_own_door(&mut self) {
        self.by_its_own_door = true;
    }

    pub(crate) fn there(&mut self, at: usize) {
        self.readable = true;
        self.found[at] = Look::There;
    }

    /// Hands over what an answer says beside being there.
    pub(crate) fn say(&mut self, items: impl IntoIterator<Item = Item>) {
        self.items.extend(items);
    }

    /// The platform says so.
    pub(crate) fn lost(&mut self, at: usize, refusal: Refusal) {
        self.found[at] = Look::Lost(refusal);
    }

    /// No page at its address (404, 410).
    pub(crate) fn no_page(&mut self, at: usize) {
        self.found[at] = Look::NoPage;
    }

    /// Something that keeps visitors out stands in its place.
    pub(crate) fn shut(&mut self, at: usize, refusal: Refusal) {
        self.found[at] = Look::Shut(refusal);
    }

    /// It cannot be looked at (its address lies elsewhere): it stands as it is.
    pub(crate) fn beyond(&mut self, at: usize) {
        self.found[at] = Look::There;
    }

    pub(crate) fn all_lost(&mut self, refusal: Refusal) {
        self.found.fill(Look::Lost(refusal));
    }

    /// Notes what trouble in place of the posts `which` means; passes on trouble that ends the review.
    pub(crate) fn trouble(&mut self, which: &[usize], trouble: Trouble) -> Result<(), Trouble> {
        let look = match &trouble {
            Trouble::Status {
                status: 300 | 404 | 410,
                ..
            } => Look::Lost(Refusal::Withdrawn),
            Trouble::Status {
                status: 401..=403 | 451,
                ..
            } => Look::Shut(Refusal::NotPublic),
            Trouble::Refused {
                refusal: Refusal::LoginWall,
                ..
            }
            | Trouble::Fetch(FetchError::LoginWall { .. }) => Look::Shut(Refusal::LoginWall),
            Trouble::Refused { refusal, .. } => Look::Lost(*refusal),
            Trouble::Fetch(FetchError::NoConsent(_)) => Look::There,
            _ if trouble.ends_visit() => return Err(trouble),
            _ => Look::None,
        };
        for at in which {
            self.found[*at] = look;
        }
        Ok(())
    }

    /// Whether a post's fate is known.
    pub(crate) fn is_open(&self, at: usize) -> bool {
        self.found[at] == Look::None
    }

    /// Whether the platform said that a post is not there.
    pub(crate) fn is_lost(&self, at: usize) -> bool {
        matches!(self.found[at], Look::Lost(_))
    }

    /// Turns looks into verdicts; what is in doubt has to stand for days.
    fn settle(self, visit: &Visit<'_>, state: &mut SourceState, now: Timestamp) -> Vec<Verdict> {
        state.seen_live |= self.readable;
        let mut verdicts = Vec::with_capacity(self.kept.len());
        for (kept, look) in self.kept.iter().zip(&self.found) {
            let mark = visit.item_mark(&kept.key);
            let (needed, refusal) = match look {
                Look::NoPage if state.seen_live => (1, Refusal::Withdrawn),
                Look::NoPage => (3, Refusal::Withdrawn),
                // All pages shut at once: a site that distrusts crawlers, not the post.
                Look::Shut(refusal) if self.readable || self.by_its_own_door => (2, *refusal),
                Look::Shut(_) | Look::None => {
                    verdicts.push(Verdict::Unsure);
                    continue;
                }
                Look::There => {
                    state.doubts.remove(&mark);
                    verdicts.push(Verdict::There);
                    continue;
                }
                Look::Lost(refusal) => {
                    state.doubts.remove(&mark);
                    verdicts.push(Verdict::Lost(*refusal));
                    continue;
                }
            };
            let doubt = state.doubts.entry(mark).or_insert(Doubt {
                last: now,
                times: 0,
            });
            if doubt.times == 0 || now.duration_since(doubt.last) >= APART {
                doubt.times += 1;
                doubt.last = now;
            }
            if doubt.times >= needed {
                state.doubts.remove(&mark);
                verdicts.push(Verdict::Lost(refusal));
            } else {
                verdicts.push(Verdict::Unsure);
            }
        }
        while state.doubts.len() > MAX_DOUBTS {
            state.doubts.pop_first();
        }
        verdicts
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
