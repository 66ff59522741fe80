//! Relations between two conversations, computed when asked, with their reasons.

mod related;
mod relation;
pub(crate) mod similarity;

pub use relation::{Reason, Relation};
