//! What the tests share: the executable, data folders, sample sites, and a small HTTP client.

pub(crate) mod binary;
pub(crate) mod data;
pub(crate) mod networks;
pub(crate) mod routes;
pub(crate) mod site;
pub(crate) mod skip;
