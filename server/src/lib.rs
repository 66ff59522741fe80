//! API, pages and feeds
