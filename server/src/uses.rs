//! How often conversations were found, opened and taken away: counts by network and day, for the network's owner.
//! Nothing of a reader is counted, and no query. Counts are held in memory and written once a minute.

mod record;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use discover_model::NetworkId;
use discover_store::Uses;
use jiff::civil::Date;

pub(crate) use record::{count, write};

const EVERY: Duration = Duration::from_mins(1);

/// Counts that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Counting(Mutex<Pending>);

#[derive(Debug)]
struct Pending {
    counts: BTreeMap<(NetworkId, Date), Uses>,
    written: Instant,
}

impl Default for Pending {
    fn default() -> Self {
        Self {
            counts: BTreeMap::new(),
            written: Instant::now(),
        }
    }
}

impl Counting {
    fn add(&self, counted: impl IntoIterator<Item = (NetworkId, Date, Uses)>) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (network, day, uses) in counted {
            *held.counts.entry((network, day)).or_default() += uses;
        }
        held.written.elapsed() >= EVERY
    }

    fn take(&self) -> Vec<(NetworkId, Date, Uses)> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.written = Instant::now();
        std::mem::take(&mut held.counts)
            .into_iter()
            .map(|((network, day), uses)| (network, day, uses))
            .collect()
    }
}
