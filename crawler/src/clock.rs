//! The passing of time: the gaps between requests, and how late in a visit it is.
//!
//! The moments of the world (when a source is due, until when silence was asked for) are timestamps that callers pass
//! in; this is only about what goes by in between. Tests may let weeks go by at once.

use std::time::Instant;
#[cfg(test)]
use std::{
    sync::Arc,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// What time goes by. Clones are one clock.
#[derive(Debug, Clone, Default)]
pub(crate) enum Clock {
    #[default]
    Real,
    /// Stands still but for being moved; whoever waits moves it.
    #[cfg(test)]
    Moved(Arc<Moved>),
}

#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Moved {
    base: Instant,
    nanos: AtomicU64,
    busy: AtomicU64,
}

impl Clock {
    pub(crate) fn now(&self) -> Instant {
        match self {
            Self::Real => Instant::now(),
            #[cfg(test)]
            Self::Moved(moved) => {
                moved.base + Duration::from_nanos(moved.nanos.load(Ordering::SeqCst))
            }
        }
    }

    pub(crate) async fn wait_until(&self, moment: Instant) {
        match self {
            Self::Real => tokio::time::sleep_until(moment.into()).await,
            #[cfg(test)]
            Self::Moved(moved) => {
                // No time goes by while a request is under way: its server would see it later than it was sent.
                while moved.busy.load(Ordering::SeqCst) > 0 {
                    tokio::task::yield_now().await;
                }
                self.move_to(moment);
            }
        }
    }

    /// Held while a request is under way.
    pub(crate) fn busy(&self) -> Busy {
        #[cfg(test)]
        if let Self::Moved(moved) = self {
            moved.busy.fetch_add(1, Ordering::SeqCst);
        }
        Busy {
            #[cfg(test)]
            clock: self.clone(),
        }
    }
}

/// See [`Clock::busy`].
#[derive(Debug)]
pub(crate) struct Busy {
    #[cfg(test)]
    clock: Clock,
}

impl Drop for Busy {
    fn drop(&mut self) {
        #[cfg(test)]
        if let Clock::Moved(moved) = &self.clock {
            moved.busy.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
impl Clock {
    pub(crate) fn moved() -> Self {
        Self::Moved(Arc::new(Moved {
            base: Instant::now(),
            nanos: AtomicU64::new(0),
            busy: AtomicU64::new(0),
        }))
    }

    /// Moves the clock on to `moment`; never back.
    pub(crate) fn move_to(&self, moment: Instant) {
        if let Self::Moved(moved) = self {
            let nanos = moment.saturating_duration_since(moved.base).as_nanos();
            moved
                .nanos
                .fetch_max(u64::try_from(nanos).unwrap_or(u64::MAX), Ordering::SeqCst);
        }
    }

    /// How far the clock was moved.
    pub(crate) fn elapsed(&self) -> Duration {
        match self {
            Self::Real => Duration::ZERO,
            Self::Moved(moved) => Duration::from_nanos(moved.nanos.load(Ordering::SeqCst)),
        }
    }
}
