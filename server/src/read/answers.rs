//! Answers of searches, kept while what they find stays as it is: what many ask is computed once.
//!
//! An answer is given again only to views of the same visibility, at the same place of the index's change log. Topics,
//! names of networks and their gaps may be a minute old: after that, or where one of them has changed, the answer is still
//! given for a while, and made anew meanwhile, one at a time and at half a core: so many answers that grow old together
//! hold nobody up. In memory only, bounded, and tied to nobody: a search is known by its parameters alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use discover_graph::Snapshot;
use jiff::civil::Date;
use tokio::sync::{OnceCell, Semaphore};

use super::params::SearchParams;
use super::search::{self, Purpose};
use crate::problem::Problem;
use crate::shapes::SearchPage;
use crate::state::{Directory, View};

/// How old an answer may be before it is made anew.
const AGE: Duration = Duration::from_mins(1);
/// How old it may be while one that is to take its place is on its way.
const LATEST: Duration = Duration::from_mins(2);
/// Hits and answers (an answer counts as ten hits) that are held in each of two generations: about 40 MB.
const MOST: usize = 49_152;
const OF_AN_ANSWER: usize = 10;

type Cell = Arc<OnceCell<Arc<SearchPage>>>;

/// What an answer rests on.
struct Moment {
    generation: u64,
    seq: u64,
    topics: Arc<Snapshot>,
    networks: Arc<Directory>,
    today: Date,
}

impl Moment {
    fn of(view: &View) -> Self {
        Self {
            generation: view.generation(),
            seq: view.seq,
            topics: Arc::clone(&view.topics),
            networks: Arc::clone(&view.networks),
            today: view.today,
        }
    }

    /// Whether the same is found, and the same hidden.
    fn finds_as(&self, other: &Self) -> bool {
        (self.generation, self.seq) == (other.generation, other.seq)
    }

    fn is(&self, other: &Self) -> bool {
        self.finds_as(other)
            && Arc::ptr_eq(&self.topics, &other.topics)
            && Arc::ptr_eq(&self.networks, &other.networks)
            && self.today == other.today
    }
}

/// An answer, or the place where the first who asks for it will put it and others wait.
struct Kept {
    answer: Cell,
    of: Moment,
    since: Instant,
}

impl Kept {
    fn weight(&self) -> usize {
        OF_AN_ANSWER + self.answer.get().map_or(0, |page| page.items.len())
    }
}

/// What to do about a search.
enum Place {
    /// Give the answer that is there, or make it.
    Here(Cell),
    /// Give the answer, which has grown old.
    Old(Arc<SearchPage>),
    /// Make it and keep nothing: the view is of before what is kept.
    Nowhere,
}

#[derive(Default)]
struct Inner {
    young: HashMap<String, Kept>,
    /// What was young before there were too many; what is asked for again becomes young again.
    old: HashMap<String, Kept>,
    /// Of the young ones, as far as they are made.
    weight: usize,
}

impl Inner {
    fn place(&mut self, key: &str, now: Moment, at: Instant) -> Place {
        if !self.young.contains_key(key)
            && let Some(kept) = self.old.remove(key)
        {
            self.put(key, kept);
        }
        if let Some(kept) = self.young.get(key) {
            let age = at.duration_since(kept.since);
            let here = Arc::clone(&kept.answer);
            if kept.of.is(&now) && age < AGE {
                return Place::Here(here);
            }
            if kept.of.finds_as(&now) && age < LATEST {
                // One that is being made is new enough.
                return match here.get() {
                    Some(page) => Place::Old(Arc::clone(page)),
                    None => Place::Here(here),
                };
            }
            if kept.of.generation > now.generation || kept.of.seq > now.seq {
                return Place::Nowhere;
            }
        }
        let answer = Cell::default();
        let kept = Kept {
            answer: Arc::clone(&answer),
            of: now,
            since: at,
        };
        self.put(key, kept);
        Place::Here(answer)
    }

    fn put(&mut self, key: &str, kept: Kept) {
        self.add(kept.weight());
        if let Some(before) = self.young.insert(key.to_owned(), kept) {
            self.weight = self.weight.saturating_sub(before.weight());
        }
    }

    fn add(&mut self, weight: usize) {
        self.weight += weight;
        if self.weight > MOST {
            self.weight = 0;
            self.old = std::mem::take(&mut self.young);
        }
    }
}

/// The answers held.
pub(crate) struct Answers {
    inner: Mutex<Inner>,
    /// Leave to make an old answer anew.
    renewing: Arc<Semaphore>,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            inner: Mutex::default(),
            renewing: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Answers {
    /// A holder that panicked left whole entries.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn forget(&self) {
        *self.lock() = Inner::default();
    }

    /// The answer to a search. Who asks for what is being made waits for it; a failure is not kept.
    pub(crate) async fn get(
        &self,
        view: &View,
        params: &SearchParams,
    ) -> Result<Arc<SearchPage>, Problem> {
        let key = params.to_query();
        let make = || async { search::run(view, params, Purpose::Read).await.map(Arc::new) };
        let place = self.lock().place(&key, Moment::of(view), Instant::now());
        match place {
            Place::Nowhere => make().await,
            Place::Here(answer) => {
                let mut made = false;
                let page = answer
                    .get_or_try_init(|| {
                        made = true;
                        make()
                    })
                    .await?;
                if made {
                    self.lock().add(page.items.len());
                }
                Ok(Arc::clone(page))
            }
            Place::Old(page) => {
                self.renew(view, params, key);
                Ok(page)
            }
        }
    }

    /// Makes an answer anew, unless another is being made anew just now.
    fn renew(&self, view: &View, params: &SearchParams, key: String) {
        let Ok(turn) = Arc::clone(&self.renewing).try_acquire_owned() else {
            return;
        };
        let (view, params) = (view.clone(), params.clone());
        tokio::spawn(async move {
            let began = Instant::now();
            // Who asks when it has grown too old is told what went wrong.
            if let Ok(page) = search::run(&view, &params, Purpose::Read).await {
                let kept = Kept {
                    answer: Arc::new(OnceCell::new_with(Some(Arc::new(page)))),
                    of: Moment::of(&view),
                    since: began,
                };
                let mut inner = view.state.answers().lock();
                let of_now = |before: &Kept| before.of.finds_as(&kept.of);
                if inner.young.get(&key).is_some_and(of_now) {
                    inner.put(&key, kept);
                }
            }
            tokio::time::sleep(began.elapsed()).await;
            drop(turn);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(generation: u64, seq: u64, topics: &Arc<Snapshot>) -> Moment {
        Moment {
            generation,
            seq,
            topics: Arc::clone(topics),
            networks: Arc::default(),
            today: Date::constant(2026, 11, 1),
        }
    }

    fn here(place: Place) -> Cell {
        match place {
            Place::Here(cell) => cell,
            Place::Old(_) => panic!("an old answer"),
            Place::Nowhere => panic!("kept nowhere"),
        }
    }

    fn page() -> Arc<SearchPage> {
        Arc::new(SearchPage {
            items: Vec::new(),
            total: 0,
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
        })
    }

    /// A moment of which there is an answer, and what holds it.
    fn answered(at: Instant) -> (Inner, Arc<Snapshot>, Moment) {
        let (mut inner, topics) = (Inner::default(), Arc::new(Snapshot::empty()));
        let of = moment(3, 7, &topics);
        let cell = here(inner.place("q=bus", moment(3, 7, &topics), at));
        cell.set(page()).expect("empty");
        let networks = Arc::clone(&inner.young["q=bus"].of.networks);
        (inner, topics, Moment { networks, ..of })
    }

    #[test]
    fn what_is_asked_for_again_outlives_what_is_not_and_all_is_bounded() {
        let (mut inner, at) = (Inner::default(), Instant::now());
        let topics = Arc::new(Snapshot::empty());
        let networks: Arc<Directory> = Arc::default();
        let ask = |inner: &mut Inner, key: &str| {
            let of = Moment {
                networks: Arc::clone(&networks),
                ..moment(1, 1, &topics)
            };
            here(inner.place(key, of, at))
        };
        let first = ask(&mut inner, "often");
        let fills = MOST / OF_AN_ANSWER;
        for number in 0..fills * 4 {
            ask(&mut inner, &number.to_string());
            if number % 100 == 0 {
                let again = ask(&mut inner, "often");
                assert!(Arc::ptr_eq(&first, &again), "lost at {number}");
            }
            assert!(inner.young.len() + inner.old.len() <= 2 * fills + 2);
        }
        assert!(!inner.young.contains_key("0") && !inner.old.contains_key("0"));
    }

    #[test]
    fn no_answer_stands_once_more_is_found_or_hidden() {
        let at = Instant::now();
        for (generation, seq) in [(4, 7), (3, 8)] {
            let (mut inner, topics, _) = answered(at);
            let place = inner.place("q=bus", moment(generation, seq, &topics), at);
            assert!(here(place).get().is_none(), "{generation} {seq}");
        }
        let (mut inner, topics, _) = answered(at);
        let earlier = inner.place("q=bus", moment(3, 6, &topics), at);
        assert!(
            matches!(earlier, Place::Nowhere),
            "what was seen before takes the place of nothing"
        );
    }

    #[test]
    fn an_answer_grown_old_stands_while_another_is_made_and_not_for_ever() {
        let at = Instant::now();
        let (mut inner, topics, of) = answered(at);
        let now = |of: &Moment| Moment {
            networks: Arc::clone(&of.networks),
            ..moment(3, 7, &topics)
        };
        assert!(here(inner.place("q=bus", now(&of), at)).get().is_some());
        let other_topics = moment(3, 7, &Arc::new(Snapshot::empty()));
        for (of, after) in [(now(&of), AGE), (other_topics, Duration::ZERO)] {
            assert!(matches!(
                inner.place("q=bus", of, at + after),
                Place::Old(_)
            ));
        }
        let place = inner.place("q=bus", now(&of), at + LATEST);
        assert!(here(place).get().is_none());
    }
}
