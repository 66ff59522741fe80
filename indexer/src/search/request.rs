//! What is asked of a search, and what it needs from elsewhere.

use std::sync::Arc;
use std::time::Duration;

use discover_model::{ConversationId, Language, NetworkId, SourceKind, TopicId, Visibility};
use jiff::civil::Date;

/// Most hits of one page.
pub const MAX_LIMIT: usize = 1000;

/// Order of the hits. Ties are broken by id, so that the order is the same every time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    #[default]
    Relevance,
    /// By the latest post.
    Newest,
    /// By the first post.
    Oldest,
}

/// Width of the timeline's buckets. Weeks begin on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Interval {
    Day,
    #[default]
    Week,
    Month,
}

/// What to do where no conversation has all the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Matching {
    /// Fall back to conversations with some of the words, and say so in [`SearchAnswer::matched`].
    #[default]
    Auto,
    /// Never: for alerts, exports and figures.
    All,
    /// Conversations with any of the words from the start, best match first: to find one known thing by its title.
    Any,
}

#[derive(Debug, Clone)]
pub struct SearchRequest {
    pub q: String,
    pub sort: Sort,
    /// Any of these; none means all. The same holds for the other lists.
    pub network: Vec<NetworkId>,
    pub language: Vec<Language>,
    pub kind: Vec<SourceKind>,
    pub topic: Vec<TopicId>,
    /// Up to how many conversations found [`super::SearchAnswer::members`] names all of them.
    pub members: usize,
    /// Only these conversations, where given; cursors know nothing of it.
    pub among: Option<Arc<[ConversationId]>>,
    /// A post on this day or later.
    pub after: Option<Date>,
    /// A post before this day.
    pub before: Option<Date>,
    pub interval: Interval,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// 1 to [`MAX_LIMIT`].
    pub limit: usize,
    /// Whether facets and timeline are wanted; they cost time.
    pub facets: bool,
    pub matching: Matching,
    /// Time allowed.
    pub deadline: Duration,
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            q: String::new(),
            sort: Sort::default(),
            network: Vec::new(),
            language: Vec::new(),
            kind: Vec::new(),
            topic: Vec::new(),
            members: 0,
            among: None,
            after: None,
            before: None,
            interval: Interval::default(),
            cursor: None,
            limit: 20,
            facets: true,
            matching: Matching::default(),
            deadline: Duration::from_secs(2),
        }
    }
}

/// What a search needs from elsewhere.
pub struct SearchContext<'a> {
    pub visibility: &'a Visibility,
    /// The network of a slug; nothing for one that is unknown or withdrawn.
    pub slugs: &'a dyn Fn(&str) -> Option<NetworkId>,
    pub topic_members: &'a dyn Fn(TopicId) -> Option<Arc<[ConversationId]>>,
    /// For the topic facet: the topic that counts a conversation, where it has one that may be shown.
    pub topic_of: &'a dyn Fn(ConversationId) -> Option<TopicId>,
    /// The group of near copies that a conversation is in, where it is in one.
    pub copies_of: &'a dyn Fn(ConversationId) -> Option<u32>,
    /// Today in the instance's time zone, for `last:`.
    pub today: Date,
    /// Whether the search may take many times what searches take as a rule.
    pub may_be_long: bool,
}

impl std::fmt::Debug for SearchContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchContext")
            .field("generation", &self.visibility.generation)
            .field("today", &self.today)
            .finish_non_exhaustive()
    }
}
