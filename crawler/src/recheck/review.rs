//! The posts under review: what the answers say of each, and what follows from it.

use discover_model::{Item, Refusal};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::fetch::FetchError;
use crate::state::{Doubt, SourceState};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Looks at least this far apart count as two.
const APART: SignedDuration = SignedDuration::from_hours(20);
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
    pub(super) items: Vec<Item>,
    /// Some page of this source could be read in this review.
    readable: bool,
    /// What is looked at is what visits read, so that a "no" to all of it is no mere distrust of crawlers.
    by_its_own_door: bool,
}

impl<'k> Review<'k> {
    pub(super) fn new(kept: &'k [Kept]) -> Self {
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
    pub(super) fn settle(
        self,
        visit: &Visit<'_>,
        state: &mut SourceState,
        now: Timestamp,
    ) -> Vec<Verdict> {
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
