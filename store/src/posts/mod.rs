//! Posts and conversations: storing, finding, expiring; and the frontier that says what is visited next.

pub(crate) mod commit;
pub(crate) mod counts;
pub(crate) mod expire;
pub(crate) mod frontier;
pub(crate) mod gone;
pub(crate) mod opting_out;
pub(crate) mod read;
pub(crate) mod recheck;
pub(crate) mod remove;
pub(crate) mod threading;
pub(crate) mod uses;
