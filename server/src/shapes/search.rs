//! What a search answers with, and what is like one: telling words and comparisons.

use discover_model::{ConversationId, PostId};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Conversation, Coordinated, Id, is_none};

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
    /// The first hit of this page that is nearly the same text. It is listed all the same; pages fold it under that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub nearly: Option<ConversationId>,
}

/// One value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetRow {
    /// What the parameter of the same name takes.
    pub value: String,
    pub label: String,
    /// Conversations, exact.
    pub count: u64,
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
    /// Of a topic; absent where nothing looks so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinated: Option<Coordinated>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Facets {
    pub network: Vec<FacetRow>,
    /// Areas that the networks serve; a conversation counts in every area of its network.
    pub area: Vec<FacetRow>,
    pub language: Vec<FacetRow>,
    pub kind: Vec<FacetRow>,
    /// Topics of the middle zoom level.
    pub topic: Vec<FacetRow>,
}

/// Width of a timeline's buckets, in the instance's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    Day,
    #[default]
    Week,
    Month,
}

/// Why less may be known of a network than was said in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GapReason {
    /// It was visited, and none of its sources could be read.
    Unreachable,
    /// It was not looked at for more than 8 days.
    Stale,
    /// It was first read on this day: of earlier days there is only what it still showed then.
    Joined,
}

/// A network of which a bucket may hold too little, so that a low number may mean nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Gap {
    /// Slug of the network.
    pub network: String,
    /// `joined` stands in the bucket in which the network was first read; those before it are without it.
    pub reason: GapReason,
}

/// Days of which less may be known of some networks than was said in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Note {
    pub reason: GapReason,
    /// First day, within the timeline's window. Of `joined`, the day itself, which may come after the window.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// Slugs of the networks.
    pub networks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bucket {
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub start: Date,
    /// Conversations active within the bucket, exact.
    pub count: u64,
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// Conversations over time. Buckets are consecutive, oldest first, those with nothing included.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Timeline {
    pub interval: Interval,
    pub buckets: Vec<Bucket>,
    /// Conversations found of which no post has a known date: they stand in no bucket.
    pub undated: u64,
    /// The gaps as runs of days, from the first bucket (or `after`) to today (or `before`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
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
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    pub generation: u64,
    pub matched: Matched,
    /// The order used: without words there is no relevance, and the newest come first.
    pub sort: Sort,
    pub facets: Facets,
    pub timeline: Timeline,
    /// Topics of the result that are too small to be shown: with fewer than 3 networks and 8 voices.
    pub too_small: u64,
    /// The query as it was probably meant, where words of it stand nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// A word that sets a result apart.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SignificantTerm {
    pub word: String,
    /// Conversations of the sample that hold it; below 50 rounded to 5.
    pub count: u64,
    /// Log-likelihood ratio: the higher, the surer that the difference is no accident.
    pub score: f64,
}

/// The words that set a result apart, most telling first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SignificantTerms {
    pub items: Vec<SignificantTerm>,
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
    /// Those of them that are near copies of others of them.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
    pub matched: Matched,
    pub facets: Facets,
    /// All sides have the same interval; with one period for all also the same buckets.
    pub timeline: Timeline,
    /// Words that set this side apart from everything else.
    pub words: Vec<SignificantTerm>,
    /// Words that set this side apart from the others.
    pub distinctive: Vec<SignificantTerm>,
    /// Conversations whose words were looked at, the best matches.
    pub of: u64,
    pub too_small: u64,
}

/// Searches, or periods, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    #[schema(min_items = 2, max_items = 5)]
    pub sides: Vec<Side>,
    pub generation: u64,
}
