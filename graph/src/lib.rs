//! The topic graph: near copies, relations with reasons, topics with lasting names, ranks, and the map.
//!
//! Contract: no I/O and no clock; `today` is an argument. The same conversations give the same topics and
//! relations in whatever order and rhythm they came, through a restart too, once none is [`Graph::outdated`]. What a
//! removed network alone supported is gone after the next [`refresh`]; what a hidden one supported is gone at once
//! through [`Snapshot::masked`]. The method and its limits: `docs/ranking.md`.

mod clustering;
mod corpus;
mod graph;
mod joining;
mod parameters;
mod pass;
mod publication;
mod relations;
#[cfg(test)]
mod tests;

pub use clustering::meaning::{Alike, Meaning};
pub use graph::{Graph, GraphError};
pub use parameters::Parameters;
pub use pass::{join, refresh, refresh_with};
pub use publication::neighbours::Neighbour;
pub use publication::participation::Participation;
pub use publication::quotable::Central;
pub use publication::rank::{Rank, RankValue, Ranks};
pub use publication::snapshot::{
    Copies, Event, EventKind, MapLevel, MapLink, MapTopic, Snapshot, Topic,
};
pub use publication::warning::{Replay, Warning, Warnings};
pub use relations::bridges::{Bridge, bridges};
pub use relations::paths::{MOST_LOOKED_AT, MOST_STEPS, Path, Step, best_path};
pub use relations::{Reason, Relation};
