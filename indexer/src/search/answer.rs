//! What a search answers with. Numbers are raw, with the networks and voices behind them: thresholds are the server's.

use discover_model::{ConversationId, Language, NetworkId, SourceKind, TopicId};
use jiff::civil::Date;

use super::request::{Interval, Sort};

/// Which words the conversations of an answer hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// All that the query asks for.
    All,
    /// At least `required` of the `of` words.
    Most { required: usize, of: usize },
    /// At least one of the `of` words.
    Any { of: usize },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub id: ConversationId,
    /// 0 where the order is not by relevance.
    pub score: f32,
}

/// One row of a facet, with what thresholds need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facet<T> {
    pub value: T,
    /// Conversations.
    pub count: u64,
    /// Of these, near copies of another one of them.
    pub near_copies: u64,
    /// Distinct networks, counted up to the threshold ([`discover_model::threshold::MIN_NETWORKS`]).
    pub networks: u64,
    /// Distinct voices, counted up to the threshold ([`discover_model::threshold::MIN_VOICES`]).
    pub voices: u64,
}

/// Most frequent first, then by value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    pub network: Vec<Facet<NetworkId>>,
    pub language: Vec<Facet<Language>>,
    pub kind: Vec<Facet<SourceKind>>,
    pub topic: Vec<Facet<TopicId>>,
    /// How many of the conversations found the topic rows cover: all, up to a bound.
    pub topics_counted: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// First day.
    pub start: Date,
    /// Conversations with a post in these days.
    pub count: u64,
    /// Of these, near copies of another one of them.
    pub near_copies: u64,
    pub networks: u64,
    pub voices: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// As asked for, or wider where that would make too many buckets.
    pub interval: Interval,
    /// In order, without holes.
    pub buckets: Vec<Bucket>,
    /// Conversations found of which no post has a known date: they stand in no bucket.
    pub undated: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SearchAnswer {
    pub hits: Vec<Hit>,
    /// Exact.
    pub total: u64,
    /// Of these, near copies of another one of them; 0 where no facets were asked for.
    pub near_copies: u64,
    pub next: Option<String>,
    /// Empty unless asked for.
    pub facets: Facets,
    pub timeline: Timeline,
    /// All conversations found, in no order, where they are as few as asked for.
    pub members: Option<Vec<ConversationId>>,
    /// The words that were looked for, folded.
    pub terms: Vec<String>,
    pub matched: Matched,
    /// The query with words that stand nowhere replaced by near ones that do.
    pub suggestion: Option<String>,
    /// The order used: a query without words has no relevance, and is answered newest first.
    pub sort: Sort,
}
