//! The query language: words, `"phrases"~2`, `prefix*`, `-not`, `OR`, groups and fields.
//!
//! Contract: [`parse`] is pure, never panics, and bounds what it returns (512 characters, depth 8, 32 clauses). Dates are
//! half-open: `after:2026-09 before:2026-11` is September and October. `AND` is meant anyway;
//! written out, it keeps searching from loosening a query of several words.

mod ast;
mod error;
mod lexer;
mod parser;
pub(crate) mod suggest;
#[cfg(test)]
mod tests;

pub use ast::{Filter, Node, Period, Query, Unit};
pub use error::{QueryError, QueryErrorCode};
pub use parser::{MAX_CHARS, MAX_CLAUSES, MAX_DEPTH, MIN_PREFIX, parse};
