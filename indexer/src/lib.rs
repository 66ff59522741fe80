//! Full-text index and query language over conversations, on top of tantivy.
//!
//! Contract: one document per conversation, derived from the store and rebuilt from it at any time; no text is kept.
//! No search can be made without a [`discover_model::Visibility`], and nothing it hides is ever returned or counted.
//! People are no dimension: authors exist only as hashed voices that are counted.

mod analysis;
mod document;
mod error;
mod highlight;
mod index;
mod integrity;
pub mod language;
mod purge;
pub mod query;
mod schema;
mod search;
mod significant_terms;
#[cfg(test)]
mod tests;

pub use error::{IndexError, SearchError};
pub use highlight::{Highlight, highlight};
pub use index::Index;
pub use search::{
    Bucket, Facet, Facets, Hit, Interval, MAX_FACET_ROWS, MAX_LIMIT, Matched, Matching,
    SearchAnswer, SearchContext, SearchRequest, Sort, Timeline,
};
pub use significant_terms::{SIGNIFICANT_BYTES, SignificantTerm, distinctive_terms};
