//! Answers of searches, kept while everything they rest on stays as it is: what many ask is computed once.
//!
//! An answer is given again only to a view of the same visibility, topics, names and day, at the same place of the
//! index's change log, and for a minute at most (gaps of networks are known to the second, and change without any of
//! those). Where one of them changes, all answers are dropped at once. In memory only, bounded, and tied to nobody: a
//! search is known by its parameters alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use discover_graph::Snapshot;
use discover_model::Visibility;
use jiff::civil::Date;
use tokio::sync::OnceCell;

use crate::problem::Problem;
use crate::shapes::SearchPage;
use crate::state::{Directory, View};

/// How long an answer is kept at most.
const AGE: Duration = Duration::from_mins(1);
/// Hits and answers (an answer counts as ten hits) that are held in each of two generations: about 40 MB.
const MOST: usize = 49_152;
const OF_AN_ANSWER: usize = 10;

type Cell = Arc<OnceCell<Arc<SearchPage>>>;

/// What answers rest on.
struct Moment {
    visibility: Arc<Visibility>,
    topics: Arc<Snapshot>,
    networks: Arc<Directory>,
    today: Date,
    seq: u64,
}

impl Moment {
    fn of(view: &View) -> Self {
        Self {
            visibility: Arc::clone(&view.visibility),
            topics: Arc::clone(&view.topics),
            networks: Arc::clone(&view.networks),
            today: view.today,
            seq: view.seq,
        }
    }

    fn is(&self, view: &View) -> bool {
        Arc::ptr_eq(&self.visibility, &view.visibility)
            && Arc::ptr_eq(&self.topics, &view.topics)
            && Arc::ptr_eq(&self.networks, &view.networks)
            && self.today == view.today
            && self.seq == view.seq
    }
}

/// An answer, or the place where the first who asks for it will put it and others wait.
struct Held {
    answer: Cell,
    since: Instant,
}

#[derive(Default)]
struct Inner {
    moment: Option<Moment>,
    young: HashMap<String, Held>,
    /// What was young before there were too many; what is asked for again becomes young again.
    old: HashMap<String, Held>,
    /// Of the young ones.
    weight: usize,
}

impl Inner {
    /// The place of an answer; none for a request that took its view before others, which must not bring back what has
    /// changed since.
    fn at(&mut self, view: &View, key: &str) -> Option<Cell> {
        if !self.moment.as_ref().is_some_and(|moment| moment.is(view)) {
            let earlier = |moment: &Moment| {
                moment.visibility.generation > view.generation() || moment.seq > view.seq
            };
            if self.moment.as_ref().is_some_and(earlier) {
                return None;
            }
            *self = Self {
                moment: Some(Moment::of(view)),
                ..Self::default()
            };
        }
        Some(self.cell(key, Instant::now()))
    }

    fn cell(&mut self, key: &str, now: Instant) -> Cell {
        let fresh = |held: &Held| now.duration_since(held.since) < AGE;
        if let Some(held) = self.young.get(key).filter(|held| fresh(held)) {
            return Arc::clone(&held.answer);
        }
        let held = self.old.remove(key).filter(fresh).unwrap_or_else(|| Held {
            answer: Cell::default(),
            since: now,
        });
        let answer = Arc::clone(&held.answer);
        let hits = answer.get().map_or(0, |page| page.items.len());
        self.young.insert(key.to_owned(), held);
        self.add(OF_AN_ANSWER + hits);
        answer
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
#[derive(Default)]
pub(crate) struct Answers(Mutex<Inner>);

impl Answers {
    /// A holder that panicked left whole entries.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn forget(&self) {
        *self.lock() = Inner::default();
    }

    /// The answer to `key` at the moment of `view`, made by `make` where there is none. Who asks for what is being made
    /// waits for it; a failure is not kept.
    pub(crate) async fn get<F>(
        &self,
        view: &View,
        key: &str,
        make: impl FnOnce() -> F,
    ) -> Result<Arc<SearchPage>, Problem>
    where
        F: Future<Output = Result<SearchPage, Problem>>,
    {
        let Some(answer) = self.lock().at(view, key) else {
            return make().await.map(Arc::new);
        };
        let mut made = false;
        let page = answer
            .get_or_try_init(|| async {
                made = true;
                make().await.map(Arc::new)
            })
            .await?;
        if made {
            self.lock().add(page.items.len());
        }
        Ok(Arc::clone(page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_again_outlives_what_is_not_and_all_is_bounded() {
        let (mut inner, now) = (Inner::default(), Instant::now());
        let first = inner.cell("often", now);
        let fills = MOST / OF_AN_ANSWER;
        for number in 0..fills * 4 {
            inner.cell(&number.to_string(), now);
            if number % 100 == 0 {
                let again = inner.cell("often", now);
                assert!(Arc::ptr_eq(&first, &again), "lost at {number}");
            }
            assert!(inner.young.len() + inner.old.len() <= 2 * fills + 2);
        }
        assert!(!inner.young.contains_key("0") && !inner.old.contains_key("0"));
    }

    #[test]
    fn no_answer_is_given_after_its_age() {
        let (mut inner, now) = (Inner::default(), Instant::now());
        let first = inner.cell("q=bus", now);
        let later = inner.cell("q=bus", now + AGE);
        assert!(!Arc::ptr_eq(&first, &later));
    }
}
