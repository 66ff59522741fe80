//! The whole router over a real store, index and graph, driven in process.

mod api;
mod limits;
mod pages;
mod problems;
mod withdrawal;
mod world;
