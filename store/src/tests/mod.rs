//! What the store promises, asked from outside.

mod commits;
mod conversations;
mod faults;
mod frontier;
mod leaving;
mod ledger;
mod speed;
mod support;
