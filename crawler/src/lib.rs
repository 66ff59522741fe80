//! The opt-in crawler: one polite fetch layer, tolerant parsing, connectors.
//!
//! Contract: the crawler holds no database and reads no clock. It is given a [`crawl::Task`] (source, permit and
//! the [`state::SourceState`] kept from the last visit) and `now`, and hands back [`crawl::Batch`]es and a
//! [`crawl::Finish`]; the caller persists them. Nothing is fetched without a [`discover_model::Permit`].

mod broken;
mod clock;
pub mod closure;
mod connectors;
pub mod counts;
pub mod crawl;
pub mod discovery;
pub mod fetch;
pub mod frontier;
pub mod health;
pub mod inspect;
mod page;
pub mod parse;
mod pattern;
pub mod politeness;
#[cfg(test)]
mod politeness_tests;
pub mod prepare;
pub mod proof;
pub mod recheck;
pub mod robots;
mod seen_pages;
pub mod ssrf_guard;
pub mod state;
pub mod strict_reader;
#[cfg(test)]
mod testing;
mod visit;
pub mod websub;

pub use connectors::presets;
pub use counts::Counts;
pub use crawl::{Batch, Finish, Task, crawl};
pub use fetch::{FetchConfig, FetchError, Fetcher, Receipt, Request, Response, WebhookClient};
pub use health::Health;
pub use state::SourceState;
