//! The topic graph: near copies, relations with reasons, topics with lasting names, ranks, and the map.
//!
//! Contract: no I/O and no clock; `today` is an argument. The same conversations in the same order give the same
//! bytes, through a restart too. What a removed network alone supported is gone after the next [`refresh`]; what a
//! hidden one supported is gone at once through [`Snapshot::masked`]. The method and its limits: `docs/ranking.md`.

mod clustering;
mod corpus;
mod graph;
mod kin;
mod parameters;
mod pass;
mod publication;
mod relations;
mod settle;
#[cfg(test)]
mod tests;

pub use graph::{Graph, GraphError};
pub use parameters::Parameters;
pub use pass::refresh;
pub use publication::participation::Participation;
pub use publication::snapshot::{
    Copies, Event, EventKind, MapLevel, MapLink, MapTopic, Rank, RankValue, Ranks, Snapshot, Topic,
};
pub use publication::warning::{Replay, Warning, Warnings};
pub use relations::{Reason, Relation};
