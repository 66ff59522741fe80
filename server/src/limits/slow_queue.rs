//! Searches that cost many times what others do: one at a time, on a thread that gives way to everything else.
//!
//! A search that turns out to be long gives up its place among the brief ones and begins anew here. Few wait, and not for
//! long; who finds no room is told so at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// Long searches that wait, at most.
const WAITING: usize = 4;
/// How long one waits at most.
const PATIENCE: Duration = Duration::from_secs(1);

type Job = Box<dyn FnOnce() + Send>;

/// The thread begins with the first long search, and ends with the queue.
#[derive(Debug, Default)]
pub(crate) struct SlowQueue(Mutex<Option<SyncSender<Job>>>);

impl SlowQueue {
    /// What `work` gives, or nothing where too many wait or its turn does not come in time.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (done, result) = oneshot::channel();
        let since = Instant::now();
        let job = move || {
            // Nobody waits any more for what came too late.
            if !done.is_closed() && since.elapsed() < PATIENCE {
                // The reader may have gone while it was searched.
                let _ = done.send(work());
            }
        };
        self.jobs()?.try_send(Box::new(job)).ok()?;
        result.await.ok()
    }

    fn jobs(&self) -> Option<SyncSender<Job>> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.is_none() {
            let (sender, receiver) = sync_channel(WAITING);
            let thread = std::thread::Builder::new().name("long-searches".to_owned());
            match thread.spawn(move || serve(&receiver)) {
                Ok(_) => *jobs = Some(sender),
                Err(error) => tracing::error!("no thread for long searches: {error}"),
            }
        }
        jobs.clone()
    }
}

/// Added to the niceness of the thread: the most there is.
const NICE: i32 = 19;

fn serve(jobs: &Receiver<Job>) {
    // Of this thread alone, on Linux. Elsewhere (and where it is refused) the queue is only narrow.
    if cfg!(target_os = "linux")
        && let Err(error) = rustix::process::nice(NICE)
    {
        tracing::warn!("long searches compete with brief ones: {error}");
    }
    while let Ok(job) = jobs.recv() {
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            tracing::error!("a long search panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn one_searches_few_wait_and_the_rest_is_told_at_once() {
        let queue = Arc::new(SlowQueue::default());
        let (go, gate) = sync_channel::<()>(0);
        let (begun, begins) = sync_channel::<()>(1);
        let long = |work: Box<dyn FnOnce() + Send>| {
            let queue = Arc::clone(&queue);
            tokio::spawn(async move { queue.run(work).await })
        };
        let first = long(Box::new(move || {
            begun.send(()).expect("looked at");
            gate.recv().expect("let go");
        }));
        tokio::task::spawn_blocking(move || begins.recv())
            .await
            .expect("no panic")
            .expect("it begins");
        let waiting: Vec<_> = (0..WAITING).map(|_| long(Box::new(|| ()))).collect();
        tokio::task::yield_now().await;
        assert_eq!(queue.run(|| ()).await, None, "more wait than may");
        go.send(()).expect("it waits");
        for one in waiting.into_iter().chain([first]) {
            assert_eq!(one.await.expect("no panic"), Some(()));
        }
    }

    #[tokio::test]
    async fn a_search_that_panics_leaves_the_lane_to_others() {
        let queue = SlowQueue::default();
        assert_eq!(queue.run(|| panic!("on purpose")).await, None::<()>);
        assert_eq!(queue.run(|| 1).await, Some(1));
    }
}
