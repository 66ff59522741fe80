//! `discover-bench`: our figures beside the ceilings of the same run.
fn main() {}
