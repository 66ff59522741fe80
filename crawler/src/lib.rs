//! The opt-in crawler: one polite fetch layer, tolerant parsing, connectors
