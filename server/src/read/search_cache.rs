//! Answers of searches, kept while what they find stays as it is: what many ask is computed once.
//!
//! An answer is given again only to views of the same visibility, at a place of the index's change log up to which no change
//! touches it: none of what it finds has changed, and nothing that has changed is found. What it ranks by (how many hold a
//! word), topics, names of networks and their gaps may be a minute old: after that, or where one of them has changed, the answer is still
//! given for a while, and made anew meanwhile, one at a time and at half a core: so many answers that grow old together
//! hold nobody up. In memory only, bounded, and tied to nobody: a search is known by its parameters alone.

mod lookup;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use discover_graph::Snapshot;
use jiff::civil::Date;
use moka::ops::compute::Op;
use moka::sync::Cache;
use tokio::sync::{Mutex, OnceCell, Semaphore};

use super::footprint::Footprint;
use crate::directory::Directory;
use crate::shapes::SearchPage;

/// How old an answer may be before it is made anew.
const AGE: Duration = Duration::from_mins(1);
/// How old it may be while one that is to take its place is on its way.
const LATEST: Duration = Duration::from_mins(2);
/// Hits and answers (an answer counts as sixteen hits) that are kept: some 2,700 pages of twenty hits.
const MOST: u64 = 98_304;
const OF_AN_ANSWER: u32 = 16;

/// What an answer rests on.
#[derive(Clone)]
struct Moment {
    generation: u64,
    seq: u64,
    topics: Arc<Snapshot>,
    networks: Arc<Directory>,
    today: Date,
}

impl Moment {
    /// Whether topics, names and day are the same.
    fn shows_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.topics, &other.topics)
            && Arc::ptr_eq(&self.networks, &other.networks)
            && self.today == other.today
    }
}

/// An answer, or the place where the first who asks for it will put it and others wait.
struct Kept {
    answer: OnceCell<KeptAnswer>,
    of: Moment,
    /// Up to where in the change log nothing touches it.
    holds_to: AtomicU64,
    /// Something has touched it.
    touched: AtomicBool,
    /// Held by who looks whether something has.
    looking: Mutex<()>,
    since: Instant,
    weight: u32,
}

/// An answer as it is given to many.
struct KeptAnswer {
    page: Arc<SearchPage>,
    footprint: Footprint,
}

impl Kept {
    fn new(of: Moment, since: Instant, weight: u32) -> Self {
        Self {
            answer: OnceCell::new(),
            holds_to: AtomicU64::new(of.seq),
            of,
            touched: AtomicBool::new(false),
            looking: Mutex::default(),
            since,
            weight,
        }
    }

    /// Whether the same is found, and the same hidden.
    fn finds_as(&self, now: &Moment) -> bool {
        self.of.generation == now.generation
            && (self.of.seq..=self.holds_to.load(Ordering::Acquire)).contains(&now.seq)
    }

    /// Whether it is only not known yet if it still holds.
    fn may_hold(&self, now: &Moment, at: Instant) -> bool {
        self.of.generation == now.generation
            && self.holds_to.load(Ordering::Acquire) < now.seq
            && !self.touched.load(Ordering::Acquire)
            && at.duration_since(self.since) < LATEST
    }
}

/// What to do about a search.
enum Place {
    /// Give the answer that is there, or make it.
    Here(Arc<Kept>),
    /// Give the answer, which has grown old.
    Old(Arc<SearchPage>),
    /// Make it and keep nothing: the view is of before what is kept.
    Nowhere,
}

impl Place {
    /// Where a search finds its answer, given what is kept for it; nothing where that is of no use any more.
    fn of(kept: &Arc<Kept>, now: &Moment, at: Instant) -> Option<Self> {
        let age = at.duration_since(kept.since);
        if kept.finds_as(now) && kept.of.shows_as(now) && age < AGE {
            return Some(Self::Here(Arc::clone(kept)));
        }
        if kept.finds_as(now) && age < LATEST {
            return Some(match kept.answer.get() {
                Some(answer) => Self::Old(Arc::clone(&answer.page)),
                // One that is being made is new enough.
                None => Self::Here(Arc::clone(kept)),
            });
        }
        let later = kept.of.generation > now.generation || kept.of.seq > now.seq;
        later.then_some(Self::Nowhere)
    }
}

type Keeping = Cache<String, Arc<Kept>>;

fn keeping() -> Keeping {
    Cache::builder()
        .max_capacity(MOST)
        .time_to_live(LATEST)
        .weigher(|_, kept: &Arc<Kept>| kept.weight)
        .build()
}

fn place(keeping: &Keeping, key: &str, now: &Moment, limit: usize, at: Instant) -> Place {
    let there = |kept: &Arc<Kept>| Place::of(kept, now, at);
    if let Some(place) = keeping.get(key).as_ref().and_then(there) {
        return place;
    }
    let mut found = None;
    let of = now.clone();
    keeping.entry_by_ref(key).and_compute_with(|entry| {
        // Somebody may have been here in between.
        found = entry.as_ref().and_then(|entry| there(entry.value()));
        if found.is_some() {
            return Op::Nop;
        }
        let kept = Arc::new(Kept::new(of, at, weight(limit)));
        found = Some(Place::Here(Arc::clone(&kept)));
        Op::Put(kept)
    });
    found.unwrap_or(Place::Nowhere)
}

fn weight(limit: usize) -> u32 {
    u32::try_from(limit)
        .unwrap_or(u32::MAX)
        .saturating_add(OF_AN_ANSWER)
}

/// The answers kept.
pub(crate) struct SearchCache {
    keeping: ArcSwap<Keeping>,
    /// Leave to make an old answer anew.
    renewing: Arc<Semaphore>,
}

impl Default for SearchCache {
    fn default() -> Self {
        Self {
            keeping: ArcSwap::from_pointee(keeping()),
            renewing: Arc::new(Semaphore::new(1)),
        }
    }
}

impl SearchCache {
    /// Lets go of all of them at once.
    pub(crate) fn forget(&self) {
        self.keeping.store(Arc::new(keeping()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment() -> Moment {
        Moment {
            generation: 3,
            seq: 7,
            topics: Arc::new(Snapshot::empty()),
            networks: Arc::default(),
            today: Date::constant(2026, 11, 1),
        }
    }

    fn here(place: Place) -> Arc<Kept> {
        match place {
            Place::Here(kept) => kept,
            Place::Old(_) => panic!("an old answer"),
            Place::Nowhere => panic!("kept nowhere"),
        }
    }

    fn answer() -> KeptAnswer {
        let footprint = Footprint::WIDE;
        let page = Arc::new(SearchPage {
            items: Vec::new(),
            total: 0,
            near_copies: 0,
            generation: 3,
            matched: crate::shapes::Matched {
                mode: crate::shapes::MatchMode::All,
                required: None,
                of: None,
            },
            sort: crate::shapes::Sort::Relevance,
            facets: crate::shapes::Facets::default(),
            timeline: crate::shapes::Timeline::default(),
            too_small: 0,
            next: None,
            suggestion: None,
        });
        KeptAnswer { page, footprint }
    }

    /// An answer, and the moment it is of.
    fn answered(at: Instant) -> (Keeping, Moment) {
        let keeping = keeping();
        let of = moment();
        let kept = here(place(&keeping, "q=bus", &of, 20, at));
        assert!(kept.answer.set(answer()).is_ok(), "empty");
        (keeping, of)
    }

    #[test]
    fn what_many_ask_for_outlives_any_number_of_what_one_asks_for_once() {
        let (keeping, of) = answered(Instant::now());
        let ask = |key: &str| here(place(&keeping, key, &of, 20, Instant::now()));
        for number in 0..20_000 {
            ask(&number.to_string());
            if number % 100 == 0 {
                ask("q=bus");
            }
        }
        keeping.run_pending_tasks();
        assert!(ask("q=bus").answer.initialized());
        assert!(keeping.weighted_size() <= MOST);
    }

    #[test]
    fn no_answer_stands_once_more_is_found_or_hidden() {
        let at = Instant::now();
        for (generation, seq) in [(4, 7), (3, 8)] {
            let (keeping, of) = answered(at);
            let now = Moment {
                generation,
                seq,
                ..of
            };
            let kept = here(place(&keeping, "q=bus", &now, 20, at));
            assert!(!kept.answer.initialized(), "{generation} {seq}");
        }
        let (keeping, of) = answered(at);
        let earlier = place(&keeping, "q=bus", &Moment { seq: 6, ..of }, 20, at);
        assert!(
            matches!(earlier, Place::Nowhere),
            "what was seen before takes the place of nothing"
        );
    }

    #[test]
    fn an_answer_that_no_change_touched_stands_for_all_places_up_to_there_and_no_further() {
        let at = Instant::now();
        let (keeping, of) = answered(at);
        let ask = |seq| place(&keeping, "q=bus", &Moment { seq, ..of.clone() }, 20, at);
        here(ask(7)).holds_to.store(9, Ordering::Release);
        for seq in [7, 8, 9] {
            assert!(here(ask(seq)).answer.initialized(), "{seq}");
        }
        assert!(matches!(ask(6), Place::Nowhere));
        assert!(!here(ask(10)).answer.initialized());
    }

    #[test]
    fn an_answer_grown_old_stands_while_another_is_made_and_not_for_ever() {
        let at = Instant::now();
        let (keeping, of) = answered(at);
        let ask = |of: &Moment, after| place(&keeping, "q=bus", of, 20, at + after);
        assert!(here(ask(&of, Duration::ZERO)).answer.initialized());
        let other_topics = Moment {
            topics: Arc::new(Snapshot::empty()),
            ..of.clone()
        };
        assert!(matches!(ask(&of, AGE), Place::Old(_)));
        assert!(matches!(ask(&other_topics, Duration::ZERO), Place::Old(_)));
        assert!(!here(ask(&of, LATEST)).answer.initialized());
    }
}
