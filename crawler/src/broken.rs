//! Threads that cannot be read: their own trouble is theirs alone. They are remembered, asked for ever more rarely, and
//! never stand in the way of the other threads.

use jiff::SignedDuration;

use crate::fetch::FetchError;
use crate::state::{Broken, Cause};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Threads that are remembered of one source.
const MAX_BROKEN: usize = 400;
/// Threads in a row that failed as a server fails when it is down: then the rest is left for the next visit.
const MAX_IN_A_ROW: u32 = 20;
const FIRST_WAIT: SignedDuration = SignedDuration::from_hours(1);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(28 * 24);

impl Visit<'_> {
    /// Whether a thread that could not be read is still to be left alone.
    pub(crate) fn rests(&self, thread: &str) -> bool {
        let broken = self.state.broken.get(&self.mark("thread", thread));
        broken.is_some_and(|broken| self.now() < broken.next)
    }

    /// Notes that a thread could not be read; passes on trouble that is the host's.
    pub(crate) fn broke(&mut self, thread: &str, trouble: Trouble) -> Result<(), Trouble> {
        if trouble.ends_visit() {
            return Err(trouble);
        }
        let down = matches!(
            &trouble,
            Trouble::Status { status: 500.., .. }
                | Trouble::Fetch(FetchError::Timeout(_) | FetchError::TooSlow)
        );
        self.down_in_a_row = if down { self.down_in_a_row + 1 } else { 0 };
        let now = self.now();
        let mark = self.mark("thread", thread);
        let times = self.state.broken.get(&mark).map_or(0, |known| known.times);
        let wait = (FIRST_WAIT * 4_i32.saturating_pow(times.min(6))).min(LONGEST_WAIT);
        let broken = Broken {
            times: times.saturating_add(1),
            next: now + wait,
            cause: Cause::of(&trouble),
        };
        self.state.broken.insert(mark, broken);
        while self.state.broken.len() > MAX_BROKEN {
            self.state.broken.pop_first();
        }
        if self.down_in_a_row >= MAX_IN_A_ROW {
            return Err(trouble);
        }
        Ok(())
    }

    /// A thread was read, or is known to be gone.
    pub(crate) fn mended(&mut self, thread: &str) {
        self.down_in_a_row = 0;
        let mark = self.mark("thread", thread);
        self.state.broken.remove(&mark);
    }
}
