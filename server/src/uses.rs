//! How often conversations were found, opened and taken away: counts by network and day, for the network's owner.
//! Nothing of a reader is counted, and no query. Counts are held in memory and written once a minute.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use discover_model::NetworkId;
use discover_store::Uses;
use jiff::civil::Date;

use crate::state::View;

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

/// Counts what was shown of these networks, one use each.
pub(crate) fn count<'a>(view: &View, slugs: impl IntoIterator<Item = &'a str>, one: Uses) {
    let counted = slugs.into_iter().filter_map(|slug| {
        let network = view.network_by_slug(slug)?;
        Some((network.id, view.today, one))
    });
    if view.state.uses().add(counted) {
        let view = view.clone();
        tokio::spawn(async move { write(&view).await });
    }
}

/// Writes what was counted so far. What cannot be written is not counted: nobody waits for a statistic.
pub(crate) async fn write(view: &View) {
    let counted = view.state.uses().take();
    if counted.is_empty() {
        return;
    }
    if let Err(error) = view.state.store().add_uses(&counted).await {
        tracing::warn!("counts of use were not written: {error}");
    }
}
