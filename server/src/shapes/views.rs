//! Views that the operator named.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// A search, comparison or list of topics under a name of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ViewRef {
    /// `/views/NAME` leads to it.
    pub name: String,
    /// In English.
    #[serde(flatten)]
    pub words: ViewWords,
    /// By the code of a language, where it has words in others too.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<String, ViewWords>,
    /// The page it leads to, as a path with a query.
    pub address: String,
}

/// What a view is called, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ViewWords {
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The views of this instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Views {
    pub items: Vec<ViewRef>,
    pub generation: u64,
}
