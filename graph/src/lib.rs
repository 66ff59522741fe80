//! The topic graph: near copies, relations with reasons, topics with lasting names, ranks, and the map.
//!
//! Contract: no I/O and no clock; `today` is an argument. The same conversations in the same order give the same
//! bytes, through a restart too. What a removed network alone supported is gone after the next [`refresh`]; what a
//! hidden one supported is gone at once through [`Snapshot::masked`]. The method and its limits: `docs/ranking.md`.

mod doc;
mod draw;
mod facts;
mod features;
mod graph;
mod ground;
mod identity;
mod kin;
mod labels;
mod layout;
mod leiden;
mod lexicon;
mod mask;
mod measure;
mod minhash;
mod neighbours;
mod numbers;
mod parameters;
mod partition;
mod parts;
mod pass;
mod reading;
mod related;
mod relation;
mod settle;
mod snapshot;
mod standing;
mod stop;
#[cfg(test)]
mod tests;
mod ties;
mod warning;
mod weights;

pub use graph::{Graph, GraphError};
pub use parameters::Parameters;
pub use parts::Part;
pub use pass::refresh;
pub use relation::{Reason, Relation};
pub use snapshot::{
    Copies, Event, EventKind, MapLevel, MapLink, MapTopic, Rank, RankValue, Ranks, Snapshot, Topic,
};
pub use warning::{Replay, Warning, Warnings};
