//! Which language a text is in: detection, declaration and the habit of its source, weighed together.
//!
//! See [`Detector`] for the rule.

mod glance;
mod models;
mod rule;
mod script;
mod ties;

pub use rule::{Decided, Detector, Step};
