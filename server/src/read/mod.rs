//! One function per output. A page and its JSON twin call the same function with the same [`View`].
//!
//! Every function reads through the one [`View`] it is given: visibility and topics that belong together,
//! taken once per request. Rows come from the store and pass `Conversation::visible` one by one.

pub mod about;
pub mod annotations;
mod answer_state;
pub mod answers;
pub(crate) mod areas;
pub(crate) mod baseline;
pub mod brief;
pub mod changes;
pub(crate) mod comparable;
pub mod consent;
pub mod conversation;
pub(crate) mod coverage;
pub mod digest;
pub(crate) mod editions;
pub mod elsewhere;
pub mod export;
pub mod follow;
mod footprint;
pub mod graph;
pub mod home;
pub(crate) mod joining;
pub mod ledger;
mod link_reasons;
pub(crate) mod links;
pub mod map;
pub mod matrix;
pub(crate) mod mentions;
pub(crate) mod names;
pub mod networks;
pub(crate) mod new_answer;
pub mod notices;
pub mod package;
pub mod params;
pub mod paths;
pub mod period;
pub(crate) mod promises;
pub(crate) mod quotes;
pub mod rankings;
pub(crate) mod recent_changes;
pub mod related;
pub(crate) mod row_cache;
pub(crate) mod rows;
pub mod search;
pub(crate) mod search_cache;
pub mod significant_terms;
pub(crate) mod timeline;
pub(crate) mod topic_cache;
pub(crate) mod topic_notes;
pub mod topics;
pub mod tray;
pub mod views;
pub mod warnings;
