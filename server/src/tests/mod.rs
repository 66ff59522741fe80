//! The whole router over a real store, index and graph, driven in process.

mod access;
mod answers;
mod api;
mod areas;
mod brand;
mod brief;
mod coverage;
mod digest;
mod elsewhere;
mod follow;
mod follows;
mod limits;
mod notes;
mod owner_forms;
mod owners;
mod package;
mod pages;
mod problems;
mod sizes;
mod thresholds;
mod told;
mod topics;
mod tray;
mod views;
mod withdrawal;
mod world;
