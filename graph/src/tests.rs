//! Tests of the whole graph.
