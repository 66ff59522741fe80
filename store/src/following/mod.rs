//! Saved searches, and the queue of alerts that they give rise to.

pub(crate) mod about;
pub(crate) mod analysts;
pub(crate) mod deliveries;
pub(crate) mod follows;
pub(crate) mod mail;
pub(crate) mod mailbox;
pub(crate) mod owners;
pub(crate) mod readers;
