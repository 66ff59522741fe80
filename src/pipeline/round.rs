//! What came of a crawl round, and what ends one.

use std::collections::BTreeMap;

use discover_store::StoreError;
use serde::{Deserialize, Serialize};

/// What came of a crawl round.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Round {
    pub sources: u64,
    pub failed: u64,
    pub requests: u64,
    pub not_modified: u64,
    pub stored: u64,
    pub updated: u64,
    /// Items that are held as they are.
    #[serde(default)]
    pub unchanged: u64,
    /// Those of them that were read as before, and so were not decided again.
    #[serde(default)]
    pub not_decided: u64,
    pub removed: u64,
    /// Kept posts that were looked at again.
    #[serde(default)]
    pub rechecked: u64,
    pub refused: BTreeMap<String, u64>,
    /// Networks of which nothing was read, by why.
    #[serde(default)]
    pub waiting: BTreeMap<String, u64>,
}

impl Round {
    fn add(&mut self, other: Self) {
        self.sources += other.sources;
        self.failed += other.failed;
        self.requests += other.requests;
        self.not_modified += other.not_modified;
        self.stored += other.stored;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.not_decided += other.not_decided;
        self.removed += other.removed;
        self.rechecked += other.rechecked;
        for (code, count) in other.refused {
            *self.refused.entry(code).or_default() += count;
        }
    }
}

impl Round {
    /// Counts one source's visit. What befell this source alone ends nothing but its own visit; what befalls every write
    /// ends the round.
    pub(super) fn take(&mut self, outcome: anyhow::Result<Self>) -> anyhow::Result<()> {
        match outcome {
            Ok(round) => self.add(round),
            Err(error) if concerns_all(&error) => return Err(error),
            Err(error) => {
                tracing::warn!("a visit broke off: {error:#}");
                self.sources += 1;
                self.failed += 1;
            }
        }
        Ok(())
    }
}

/// Whether no source could be visited after this.
fn concerns_all(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref::<StoreError>(),
        Some(
            StoreError::DiskFull { .. }
                | StoreError::Stopped { .. }
                | StoreError::Corrupt { .. }
                | StoreError::ReadOnly { .. }
                | StoreError::Permission { .. }
                | StoreError::Io { .. }
                | StoreError::Unreachable { .. }
                | StoreError::Taken { .. }
        )
    )
}

#[cfg(test)]
mod tests {
    use discover_model::SourceId;

    use super::*;

    #[test]
    fn one_source_ends_its_own_visit_and_not_the_round() {
        let mut round = Round::default();
        let good = Round {
            sources: 1,
            stored: 3,
            ..Round::default()
        };
        let lost = StoreError::LeaseLost {
            source_id: SourceId::from_u128(1),
        };
        for outcome in [
            Ok(good.clone()),
            Err(lost.into()),
            Err(anyhow::anyhow!("a kept post has no address")),
            Ok(good),
        ] {
            round.take(outcome).expect("the round goes on");
        }
        assert_eq!((round.sources, round.failed, round.stored), (4, 2, 6));
        let full = StoreError::DiskFull {
            path: "data".into(),
        };
        assert!(round.take(Err(full.into())).is_err());
    }
}
