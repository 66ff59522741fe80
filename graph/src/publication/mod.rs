//! From communities to what is shown: lasting names, labels, ranks, the map, and masks over all of it.

pub(crate) mod candidate;
pub(crate) mod cells;
pub(crate) mod coherence;
pub(crate) mod draw;
pub(crate) mod format;
pub(crate) mod identity;
pub(crate) mod labels;
pub(crate) mod layout;
pub(crate) mod lists;
pub(crate) mod mask;
pub(crate) mod measure;
pub(crate) mod neighbours;
pub(crate) mod participation;
pub(crate) mod phrases;
pub(crate) mod quotable;
pub(crate) mod rank;
pub(crate) mod reaches;
pub(crate) mod snapshot;
pub(crate) mod spoken;
pub(crate) mod topic_graph;
pub(crate) mod trend;
pub(crate) mod warning;
pub(crate) mod wording;
