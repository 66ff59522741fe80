//! What is held of every conversation: its terms, facts and signature, and the tables that number them.

pub(crate) mod days;
pub(crate) mod deduplicated;
pub(crate) mod doc;
pub(crate) mod everyday;
pub(crate) mod facts;
pub(crate) mod interner;
pub(crate) mod lexicon;
pub(crate) mod near_copies;
pub(crate) mod place;
pub(crate) mod reading;
pub(crate) mod repeated;
pub(crate) mod scores;
pub(crate) mod words;
