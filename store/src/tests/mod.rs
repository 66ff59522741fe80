//! What the store promises, asked from outside.

mod analysts;
mod answers;
mod clock;
mod closed;
mod commits;
mod consent;
mod conversations;
mod digests;
mod faults;
mod follows;
mod frontier;
mod leaving;
mod ledger;
mod log_order;
mod mail;
mod marks;
mod moving;
mod objections;
mod packages;
mod pending;
mod postgres;
mod scrub;
mod server;
mod support;
mod told;
mod vectors;
