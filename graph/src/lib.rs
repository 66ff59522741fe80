//! The topic graph: near copies, relations, topics, ranks, layout: petgraph
