//! Full-text index and query language over conversations: tantivy
