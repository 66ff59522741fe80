//! Bad states that the operator should do something about: named in one line each by `/readyz`, `/metrics` and
//! `discover doctor`. None names a network, a reader or a query.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use discover_store::Store;

/// A bad state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// The data folder is looked through after a stop that was not clean.
    Checking,
    ClockOff,
    /// So little room is left that what is written next may not fit.
    DiskFull,
    ExpiryWaits,
    PurgeWaits,
    StoreDamaged,
    StoreLocked,
    /// A withdrawal is hidden in memory alone: the disk took it nowhere.
    WithdrawalUnsaved,
    /// Nothing is written until a restart, because a write may have been lost.
    WritesStopped,
}

impl Sign {
    pub const ALL: [Self; 9] = [
        Self::Checking,
        Self::ClockOff,
        Self::DiskFull,
        Self::ExpiryWaits,
        Self::PurgeWaits,
        Self::StoreDamaged,
        Self::StoreLocked,
        Self::WithdrawalUnsaved,
        Self::WritesStopped,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::ClockOff => "clock_off",
            Self::DiskFull => "disk_full",
            Self::ExpiryWaits => "expiry_waits",
            Self::PurgeWaits => "purge_waits",
            Self::StoreDamaged => "store_damaged",
            Self::StoreLocked => "store_locked",
            Self::WithdrawalUnsaved => "withdrawal_unsaved",
            Self::WritesStopped => "writes_stopped",
        }
    }
}

/// The bad states of this process, each with what to do.
#[derive(Debug, Default)]
pub struct Signs(Mutex<BTreeMap<Sign, String>>);

impl Signs {
    /// `true` where it was not set before.
    pub fn set(&self, sign: Sign, advice: &str) -> bool {
        let mut signs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        signs.insert(sign, advice.to_owned()).is_none()
    }

    pub fn clear(&self, sign: Sign) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&sign);
    }

    pub fn all(&self) -> BTreeMap<Sign, String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What was set, and what the store knows of itself, each by its name.
    pub fn with_those_of(&self, store: &Store) -> BTreeMap<String, String> {
        let mut signs = self.all();
        if store.is_damaged() {
            signs.entry(Sign::StoreDamaged).or_insert_with(|| {
                "the store is damaged: stop discover, keep a copy of the data folder, and restore the latest backup with `discover restore`".to_owned()
            });
        }
        if store.is_stopped() {
            let advice = if signs.contains_key(&Sign::WithdrawalUnsaved) {
                "a write failed, so nothing more is written: check the disk, wait until withdrawal_unsaved is gone, then restart discover"
            } else {
                "a write failed, so nothing more is written: check the disk, then restart discover"
            };
            signs.insert(Sign::WritesStopped, advice.to_owned());
        }
        signs
            .into_iter()
            .map(|(sign, advice)| (sign.as_str().to_owned(), advice))
            .collect()
    }
}
