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
mod mail;
mod marks;
mod objections;
mod packages;
mod pending;
mod scrub;
mod support;
mod told;
mod vectors;
