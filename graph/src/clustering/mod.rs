//! From a corpus to communities at three granularities, and the links between them.

pub(crate) mod granularity;
pub(crate) mod leiden;
pub(crate) mod nearest_neighbours;
pub(crate) mod topic_links;
pub(crate) mod weights;
