//! Room for searches that cost many times what others do: one at a time, and half of one core at most.
//!
//! A long search first gives up its place among the brief ones, so that it holds nobody up, and waits here. Few wait, and
//! not for long; who finds no room is told so at once. After a search the lane rests as long as the search took.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Long searches that wait, at most.
const WAITING: usize = 4;
/// How long one waits at most.
const PATIENCE: Duration = Duration::from_secs(1);
/// Longest rest.
const REST: Duration = Duration::from_millis(250);

#[derive(Debug)]
pub(crate) struct Lane {
    turn: Arc<Semaphore>,
    waiting: Semaphore,
}

/// Leave to search for long.
#[derive(Debug)]
pub(crate) struct Turn {
    permit: Option<OwnedSemaphorePermit>,
    since: Instant,
}

impl Default for Lane {
    fn default() -> Self {
        Self {
            turn: Arc::new(Semaphore::new(1)),
            waiting: Semaphore::new(WAITING),
        }
    }
}

impl Lane {
    /// A turn, or nothing where too many wait or it does not come in time.
    pub(crate) async fn enter(&self) -> Option<Turn> {
        let _place = self.waiting.try_acquire().ok()?;
        let turn = Arc::clone(&self.turn).acquire_owned();
        let permit = tokio::time::timeout(PATIENCE, turn).await.ok()?.ok()?;
        Some(Turn {
            permit: Some(permit),
            since: Instant::now(),
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let (Some(permit), Ok(runtime)) = (self.permit.take(), Handle::try_current()) else {
            return;
        };
        let rest = self.since.elapsed().min(REST);
        runtime.spawn(async move {
            tokio::time::sleep(rest).await;
            drop(permit);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_searches_few_wait_and_the_rest_is_told_at_once() {
        let lane = Arc::new(Lane::default());
        let turn = lane.enter().await.expect("free");
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let lane = Arc::clone(&lane);
                tokio::spawn(async move { lane.enter().await })
            })
            .collect();
        tokio::task::yield_now().await;
        assert!(lane.enter().await.is_none(), "more wait than may");
        drop(turn);
        let mut came = 0;
        for one in waiting {
            came += usize::from(one.await.expect("no panic").is_some());
        }
        assert_eq!(
            came, WAITING,
            "each gets its turn once the one before is done"
        );
    }
}
