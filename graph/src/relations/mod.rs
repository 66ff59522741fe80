//! Relations between two conversations, computed when asked, with their reasons.

pub(crate) mod bridges;
mod naming;
pub(crate) mod paths;
mod related;
mod relation;
pub(crate) mod similarity;

pub use relation::{Reason, Relation};
