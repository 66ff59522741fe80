//! What a search answers with, and what is like one: telling words and comparisons.

use discover_model::PostId;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Conversation, Id};

/// A passage that matches, with the matching words marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Highlight {
    #[schema(max_length = 300)]
    pub text: String,
    /// Code points of `text`, half-open.
    #[schema(value_type = Vec<[usize; 2]>)]
    pub marks: Vec<(usize, usize)>,
    #[schema(value_type = Id)]
    pub post: PostId,
}

/// A conversation that was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Hit {
    #[serde(flatten)]
    pub conversation: Conversation,
    pub score: f32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub highlight: Vec<Highlight>,
}

/// One value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetRow {
    /// What the parameter of the same name takes.
    pub value: String,
    pub label: String,
    /// Conversations; below 50 rounded to 5. Absent: present, but too small for a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Facets {
    pub network: Vec<FacetRow>,
    pub language: Vec<FacetRow>,
    pub kind: Vec<FacetRow>,
    /// Topics of the middle zoom level.
    pub topic: Vec<FacetRow>,
}

/// Width of a timeline's buckets, in the instance's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    Day,
    #[default]
    Week,
    Month,
}

/// A network that was not reached within a bucket, so that a low number may mean nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Gap {
    /// Slug of the network.
    pub network: String,
    #[schema(example = "unreachable")]
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bucket {
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub start: Date,
    /// Conversations active within the bucket; below 50 rounded to 5. Absent: some, but too few for a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// Conversations over time. Buckets are consecutive, oldest first, those with nothing included.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Timeline {
    pub interval: Interval,
    pub buckets: Vec<Bucket>,
}

/// Which of the words the conversations found hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MatchMode {
    All,
    Most,
    Any,
}

/// Where no conversation has all the words, those that have most or any of them are found instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Matched {
    pub mode: MatchMode,
    /// Words that each conversation found has at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<u64>,
    /// Words of the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
}

/// Order of a search's hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    #[default]
    Relevance,
    /// By the latest post.
    Newest,
    /// By the first post.
    Oldest,
}

/// One page of what a search found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SearchPage {
    pub items: Vec<Hit>,
    /// Conversations found, exact.
    pub total: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    pub generation: u64,
    pub matched: Matched,
    /// The order used: without words there is no relevance, and the newest come first.
    pub sort: Sort,
    pub facets: Facets,
    pub timeline: Timeline,
    /// Facet values that are too small for a number: left out, or shown without one.
    pub too_small: u64,
    /// The query as it was probably meant, where words of it stand nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// A word that sets a result apart.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TellingWord {
    pub word: String,
    /// Conversations of the sample that hold it; below 50 rounded to 5.
    pub count: u64,
    /// Log-likelihood ratio: the higher, the surer that the difference is no accident.
    pub score: f64,
}

/// The words that set a result apart, most telling first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TellingWords {
    pub items: Vec<TellingWord>,
    /// Conversations looked at.
    pub of: u64,
    /// Conversations found, exact.
    pub total: u64,
    pub generation: u64,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Side {
    pub q: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub after: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub before: Option<Date>,
    /// Conversations found, exact.
    pub total: u64,
    pub matched: Matched,
    pub facets: Facets,
    pub timeline: Timeline,
    pub words: Vec<TellingWord>,
    pub too_small: u64,
}

/// Two searches, or two periods, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    #[schema(min_items = 2, max_items = 2)]
    pub sides: Vec<Side>,
    pub generation: u64,
}
