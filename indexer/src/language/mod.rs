//! Which language a text is in: detection, declaration and the habit of its source, weighed together.
//!
//! See [`Detector`] for the rule, and `docs/adr/0012-languages-by-a-table-of-letters.md` for what was weighed.

mod rule;
mod script;
mod table;
mod unmodelled;

pub use rule::{Decided, Detector, Step};
