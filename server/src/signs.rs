//! Bad states that the operator should do something about: named in one line each by `/readyz`, `/metrics` and
//! `discover doctor`. None names a network, a reader or a query.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

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
    /// Nothing is written until a restart, because a write may have been lost.
    WritesStopped,
}

impl Sign {
    pub const ALL: [Self; 8] = [
        Self::Checking,
        Self::ClockOff,
        Self::DiskFull,
        Self::ExpiryWaits,
        Self::PurgeWaits,
        Self::StoreDamaged,
        Self::StoreLocked,
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
}
