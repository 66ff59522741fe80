//! The time that one search takes: its end, and when it has been more than a brief one.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::error::SearchError;

/// CPU time up to which a search is brief: several times what the searches of readers take.
pub(super) const BRIEF: Duration = Duration::from_millis(12);

/// Looked at while a search runs.
pub(super) struct Deadline {
    end: Instant,
    /// CPU time of this thread when the search began.
    began: Duration,
    may_be_long: bool,
}

/// CPU time, not time on the wall: on a busy machine every search waits, and would seem long.
fn used() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

impl Deadline {
    pub(super) fn new(deadline: Instant, may_be_long: bool) -> Self {
        Self {
            end: deadline,
            began: used(),
            may_be_long,
        }
    }

    pub(super) const fn instant(&self) -> Instant {
        self.end
    }

    /// Refuses to go on after the deadline, and beyond [`BRIEF`] where it may not be long.
    pub(super) fn check(&self) -> Result<(), SearchError> {
        if Instant::now() >= self.end {
            return Err(SearchError::TooSlow);
        }
        if !self.may_be_long && used().saturating_sub(self.began) >= BRIEF {
            return Err(SearchError::Costly);
        }
        Ok(())
    }
}
