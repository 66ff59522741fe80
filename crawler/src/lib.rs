//! The opt-in crawler: one polite fetch layer, tolerant parsing, connectors.
//!
//! Contract: the crawler holds no database and reads no clock. It is given a [`Task`] (source, permit and
//! the [`state::SourceState`] kept from the last visit) and `now`, and hands back [`Batch`]es and a
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
mod hashes;
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
mod task;
#[cfg(test)]
mod testing;
mod trouble;
mod visit;
pub mod websub;

pub use connectors::{notes, presets};
pub use counts::Counts;
pub use crawl::{Finish, crawl};
pub use fetch::{FetchConfig, FetchError, Fetcher, Receipt, Request, Response, WebhookClient};
pub use health::Health;
pub use state::SourceState;
pub use task::{BATCH_ITEMS, Batch, Task};
