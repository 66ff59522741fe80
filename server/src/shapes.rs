//! The JSON shapes of the API, which are also what pages and feeds render.
//!
//! Names are final; fields may be added. Absent values are left out, times are RFC 3339 UTC with `Z`, days
//! `YYYY-MM-DD`, ids lower-case base32. Nothing here names, counts or carries an author.

use std::collections::BTreeMap;

use discover_model::ledger::LedgerEntry;
use discover_model::{ConversationId, Direction, GrantId, Language, PostId, SourceKind, TopicId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// 128 bits in lower-case base32, 26 characters.
#[derive(Debug, ToSchema)]
#[schema(pattern = "^[a-z2-7]{26}$", example = "aaaaaaaaaaaaaaaaaaaaaaaaae")]
pub struct Id(pub String);

/// ISO 639-1 code of a language, 639-3 where there is no two-letter one.
#[derive(Debug, ToSchema)]
#[schema(pattern = "^[a-z]{2,3}$", example = "cy")]
pub struct LanguageCode(pub String);

/// Kind of a source.
#[derive(Debug, ToSchema)]
#[schema(
    pattern = "^(feed|wordpress|discourse|mastodon|atproto|lemmy|public-inbox|nodebb|flarum|html|ical)$",
    example = "discourse"
)]
pub struct Kind(pub String);

/// Direction of writing.
#[derive(Debug, ToSchema)]
#[schema(pattern = "^(ltr|rtl)$", example = "ltr")]
pub struct WritingDirection(pub String);

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// Cursor of the next page; absent on the last one. Also in the `Link` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Items in all pages, exact.
    pub total: u64,
    /// Version of what may be shown; grows when something is withdrawn or hidden.
    pub generation: u64,
}

/// A network, as it stands beside what it is the home of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkRef {
    pub slug: String,
    pub name: String,
}

/// Nearly identical texts elsewhere; they count once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Copies {
    /// Texts besides this one.
    pub count: u32,
    /// Networks they stand in, this one's own included.
    pub networks: u32,
}

/// A root post and its replies, with at most 300 characters of its text and the way to the original.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Conversation {
    #[schema(value_type = Id)]
    pub id: ConversationId,
    pub title: String,
    /// The original, at its network.
    #[schema(format = "uri")]
    pub url: String,
    pub network: NetworkRef,
    #[schema(value_type = Kind)]
    pub kind: SourceKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LanguageCode>)]
    pub language: Option<Language>,
    #[schema(value_type = WritingDirection)]
    pub direction: Direction,
    #[schema(value_type = String, format = DateTime)]
    pub started: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub last_active: Timestamp,
    pub posts: u64,
    pub voices: u64,
    #[schema(max_length = 300)]
    pub excerpt: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<Copies>,
    /// Topics it belongs to that are large enough to be shown, widest first.
    #[schema(value_type = Vec<Id>)]
    pub topics: Vec<TopicId>,
    /// Where the proof of consent is.
    pub consent: String,
}

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

/// Why two conversations are related.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Reason {
    #[schema(pattern = "^(shared_link|near_copy|shared_terms|quote|same_event|meaning)$")]
    pub kind: String,
    pub weight: f32,
    /// The reason in plain words.
    pub words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
}

/// A link to another conversation, with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Relation {
    pub conversation: Conversation,
    pub score: f32,
    pub reasons: Vec<Reason>,
}

/// A network's part in a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkCount {
    pub slug: String,
    pub name: String,
    /// Conversations; below 50 rounded to 5. Absent: present, but too small for a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// Whether a topic looks coordinated; says what was seen, never who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coordinated {
    pub flag: bool,
    pub because: String,
}

/// A topic's value in one of the three rankings, and the arithmetic behind it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RankValue {
    pub value: f64,
    pub terms: BTreeMap<String, f64>,
    /// Place in the list, from 1; absent where the topic is not in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<u64>,
    /// Topics in the list.
    pub of: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Ranks {
    pub emerging: RankValue,
    pub enduring: RankValue,
    pub quiet: RankValue,
}

/// The three rankings; never one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    #[default]
    Emerging,
    Enduring,
    Quiet,
}

/// Something that happened to a topic's identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicEvent {
    #[schema(value_type = String, format = Date)]
    pub at: Date,
    #[schema(example = "merged")]
    pub event: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub with: Vec<TopicId>,
}

/// A topic's name, as it stands beside a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicRef {
    #[schema(value_type = Id)]
    pub id: TopicId,
    pub label: String,
    pub networks: u64,
    /// The list in which it stands best, where it is among the first ten of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Rank>,
}

/// A cluster of conversations with a stable id.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Topic {
    #[schema(value_type = Id)]
    pub id: TopicId,
    pub label: String,
    #[schema(max_length = 22)]
    pub short_label: String,
    pub terms: Vec<String>,
    /// 0 widest, 2 finest: the zoom levels of the map.
    pub level: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub parent: Option<TopicId>,
    #[schema(value_type = Vec<Id>)]
    pub children: Vec<TopicId>,
    /// Below 50 rounded to 5.
    pub conversations: u64,
    pub networks: Vec<NetworkCount>,
    pub effective_networks: f64,
    /// Below 50 rounded to 5.
    pub voices: u64,
    #[schema(value_type = Vec<LanguageCode>)]
    pub languages: Vec<Language>,
    #[schema(value_type = String, format = Date)]
    pub born: Date,
    #[schema(value_type = String, format = Date)]
    pub last_active: Date,
    pub timeline: Timeline,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinated: Option<Coordinated>,
    pub rank: Ranks,
    pub history: Vec<TopicEvent>,
    /// Older ids that lead here.
    #[schema(value_type = Vec<Id>)]
    pub aliases: Vec<TopicId>,
}

/// Topics in one ranking.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TopicPage {
    pub items: Vec<Topic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Topics in the list, exact.
    pub total: u64,
    pub generation: u64,
    /// Topics with fewer than 3 networks and 8 voices: never shown, only counted.
    pub too_small: u64,
}

/// A network's part in a topic, in time. Figures are there from 8 voices on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicNetwork {
    pub slug: String,
    pub name: String,
    /// Conversations; below 50 rounded to 5. Absent: present, but too small for a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Day of its first post.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub first: Option<Date>,
    /// Day of its latest post.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub last: Option<Date>,
    /// Weeks with a post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weeks: Option<u64>,
}

/// Who takes part in a topic, and who is silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicNetworks {
    pub topic: TopicRef,
    /// Most conversations first.
    pub items: Vec<TopicNetwork>,
    /// Networks with nothing in this topic.
    pub silent: Vec<NetworkRef>,
    pub generation: u64,
}

/// One topic's row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MatrixRow {
    pub topic: TopicRef,
    /// The networks that take part; those of the matrix that are not here are silent.
    pub cells: Vec<MatrixCell>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MatrixCell {
    /// Slug of the network.
    pub network: String,
    /// Conversations; below 50 rounded to 5. Absent: present, but too small for a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// Networks by topics: who talks about what, and who is silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Matrix {
    /// Those that take part in most of the topics first; those in none last.
    pub networks: Vec<NetworkRef>,
    pub items: Vec<MatrixRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Topics in the list, exact.
    pub total: u64,
    pub generation: u64,
    /// Topics with fewer than 3 networks and 8 voices: never shown, only counted.
    pub too_small: u64,
}

/// Something that happened to a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicChange {
    #[schema(value_type = String, format = Date)]
    pub at: Date,
    /// `born`, `grown`, `merged`, `split` or `faded`.
    #[schema(example = "born")]
    pub event: String,
    pub topic: TopicRef,
    /// The other topics, where they may be shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<TopicRef>,
}

/// What happened to topics since a day, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicChanges {
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    pub items: Vec<TopicChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Changes, exact.
    pub total: u64,
    pub generation: u64,
}

/// A topic that several networks speak of more than each of them is used to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Warning {
    pub topic: TopicRef,
    /// Chance of as much where no network spoke of it more than usual, before the correction for many tests.
    pub chance: f64,
    /// Networks that speak of it more than they are used to.
    pub networks: u64,
}

/// What the rule raised when it was run over past days with networks that had nothing to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct FalseAlarms {
    /// Days that were tried.
    pub days: u64,
    /// Topics tested on all these days.
    pub tests: u64,
    /// Warnings, all of them false.
    pub raised: u64,
    /// Share of the tests that ended in a false warning.
    pub rate: f64,
}

/// Early warnings, most surprising first, and what they are worth.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Warnings {
    pub items: Vec<Warning>,
    /// Topics tested.
    pub tests: u64,
    /// Days looked at.
    pub days: u64,
    /// Days before them that each network is compared with.
    pub compared_with: u64,
    /// Expected share of false ones among the warnings, by the correction for many tests.
    pub false_share: f64,
    /// Absent where there is too little history to test or to measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub false_alarms: Option<FalseAlarms>,
    #[schema(value_type = String, format = Date)]
    pub drawn: Date,
    pub generation: u64,
}

/// A topic of the public graph.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GraphTopic {
    #[schema(value_type = Id)]
    pub id: TopicId,
    pub label: String,
    /// 0 widest, 2 finest.
    pub level: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub parent: Option<TopicId>,
    /// Below 50 rounded to 5.
    pub conversations: u64,
    /// Slugs of the networks that take part.
    pub networks: Vec<String>,
    pub effective_networks: f64,
    #[schema(value_type = String, format = Date)]
    pub born: Date,
    #[schema(value_type = String, format = Date)]
    pub last_active: Date,
    pub coordinated: bool,
    /// Place on the map of its level, between 0 and 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
}

/// Everything that may be shown of the graph of topics: topics of all levels, links between topics of one level, and
/// the networks that take part.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PublicGraph {
    pub topics: Vec<GraphTopic>,
    pub links: Vec<MapLink>,
    pub networks: Vec<NetworkRef>,
    #[schema(value_type = String, format = Date)]
    pub drawn: Date,
    pub generation: u64,
    /// Topics that are too small to be shown.
    pub too_small: u64,
}

/// A topic on the map. `x` and `y` lie between 0 and 1.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MapTopic {
    #[schema(value_type = Id)]
    pub id: TopicId,
    pub label: String,
    pub short_label: String,
    pub x: f64,
    pub y: f64,
    /// Conversations; below 50 rounded to 5.
    pub size: u64,
    pub networks: u64,
    /// Day from which the topic is known. Older ones keep their place, younger ones make room.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// The wider topic it lies in, one level up, where that is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub parent: Option<TopicId>,
    /// The list in which it stands best, where it is among the first ten of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Rank>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MapLink {
    #[schema(value_type = Id)]
    pub a: TopicId,
    #[schema(value_type = Id)]
    pub b: TopicId,
    pub weight: f64,
}

/// Topics at one of three zoom levels. The same data always draws the same map.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Map {
    pub level: u8,
    pub topics: Vec<MapTopic>,
    pub links: Vec<MapLink>,
    #[schema(value_type = String, format = Date)]
    pub drawn: Date,
    pub parameters: BTreeMap<String, f64>,
    pub generation: u64,
    /// Topics of this level that are too small to be shown.
    pub too_small: u64,
}

/// What was seen as proof of consent: its hash, never the proof itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Evidence {
    #[schema(pattern = "^(well-known|dns-txt|meta|profile|attested)$")]
    pub method: String,
    pub sha256: String,
    #[schema(value_type = String, format = DateTime)]
    pub seen: Timestamp,
}

/// The ledger entry of a grant, and the hashes that lead from it to the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerProof {
    pub seq: u64,
    pub hash: String,
    /// Hash of the last entry on the path: the next head that was signed, else the ledger's last entry.
    pub head: String,
    pub head_seq: u64,
    /// The signature under that head, where the day has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<Head>,
    /// Hashes of the entries after this one, up to the head; the entries are at /api/v1/ledger.
    pub path: Vec<String>,
}

/// The ledger's head at the end of a day, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Head {
    #[schema(value_type = String, format = Date, example = "2026-11-21")]
    pub day: Date,
    pub seq: u64,
    pub hash: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Ed25519 over `discover ledger head\n{day}\n{seq}\n{hash}\n`, as lower-case hex.
    pub signature: String,
}

/// Signed heads, latest first, and the key to check them with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Heads {
    /// Ed25519 public key, as lower-case hex.
    pub key: String,
    pub items: Vec<Head>,
}

/// The public record of grants and withdrawals, in order. It names networks by random ids only.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LedgerPage {
    /// Entries as they were hashed: `hash` is SHA-256 of the entry's JSON without it.
    #[schema(value_type = Vec<Object>)]
    pub items: Vec<LedgerEntry>,
    /// `after` of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// A key that was given to an analyst.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct KeyHolder {
    /// The organisation that holds it.
    #[schema(example = "County Insight Team")]
    pub holder: String,
    /// What it said it is for.
    pub purpose: String,
    #[schema(example = "search:read")]
    pub scopes: Vec<String>,
    /// Requests a minute.
    pub per_minute: u32,
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
}

/// What was asked of us and done, for everybody to see.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Transparency {
    pub about: About,
    pub networks: Vec<Network>,
    /// Entries of the ledger by event.
    pub ledger: BTreeMap<String, u64>,
    /// Whole networks that left.
    pub left: u64,
    /// Posts that were purged after withdrawals, by the receipts on the ledger.
    pub purged_posts: u64,
    /// What kept us from reading, in the crawler's words, with how many sources it concerns.
    pub blocked: BTreeMap<String, u64>,
    /// Who asks with a key of ours, and what for.
    pub keys: Vec<KeyHolder>,
    pub heads: Heads,
    pub generation: u64,
}

/// What a look at an owner's proof came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LookedAt {
    /// `stands`, `missing`, `withdrawn`, `unreachable` or `too_soon`.
    #[schema(example = "stands")]
    pub looked: String,
    pub words: String,
}

/// A withdrawal signed with the owner's key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedWithdrawal {
    /// `all`, `source`, `path`, `conversation` or `post`.
    pub what: String,
    /// Address or id of the part; empty for `all`.
    #[serde(default)]
    pub which: String,
    /// Now, within 15 minutes.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// HMAC-SHA256 (hex) of `discover withdraw\n{slug}\n{what}\n{which}\n{at}\n` under the SHA-256 of the owner's key; `at` as
    /// RFC 3339 in seconds with `Z`.
    pub signature: String,
}

/// The consent under which something is kept, checkable by anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Consent {
    #[schema(value_type = Id)]
    pub grant: GrantId,
    pub scope: Vec<String>,
    #[schema(example = json!(["search", "topics"]))]
    pub purposes: Vec<String>,
    pub retention_days: u16,
    pub evidence: Evidence,
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
    pub ledger: LedgerProof,
}

/// A declared source of a network and how it fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Source {
    #[schema(value_type = Kind)]
    pub kind: SourceKind,
    #[schema(format = "uri")]
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_fetch: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_ok: Option<Timestamp>,
    /// Whether the last visit went well.
    pub reached: bool,
    /// What blocked the last visit, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// What its owner can do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// When it is visited next; absent where visits have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_fetch: Option<Timestamp>,
}

/// How often something was refused or redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeCount {
    pub code: String,
    /// In plain words.
    pub words: String,
    /// Below 50 rounded to 5.
    pub count: u64,
}

/// A network that opted in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Network {
    pub slug: String,
    pub name: String,
    /// The organisation that owns it.
    pub owner: String,
    #[schema(pattern = "^(asked|live|paused|lapsed)$")]
    pub state: String,
    /// How consent was proved.
    #[schema(pattern = "^(well-known|dns-txt|meta|profile|attested)$")]
    pub proof: String,
    #[schema(value_type = String, format = DateTime)]
    pub registered: Timestamp,
    pub retention_days: u16,
    /// Addresses the owner agreed to.
    pub scope: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires: Option<Timestamp>,
    pub sources: Vec<Source>,
    /// Conversations kept; below 50 rounded to 5. Absent: fewer than 8 voices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversations: Option<u64>,
    /// Posts kept; below 50 rounded to 5. Absent: fewer than 8 voices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_fetch: Option<Timestamp>,
    /// Since when it could not be reached; absent while it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub unreachable_since: Option<Timestamp>,
}

/// What the front page says.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Home {
    pub instance: String,
    pub emerging: TopicPage,
    pub enduring: TopicPage,
    pub quiet: TopicPage,
    pub networks: List<Network>,
    /// Networks that cannot be reached now.
    pub unreachable: Vec<Network>,
    pub conversations: u64,
    #[schema(value_type = String, format = Date)]
    pub drawn: Date,
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    pub generation: u64,
}

/// What is kept and what is refused, in live figures.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct About {
    pub instance: String,
    pub operator_contact: String,
    pub user_agent: String,
    pub networks: u64,
    pub sources: u64,
    pub conversations: u64,
    pub posts: u64,
    pub topics: u64,
    /// Refusals by code, most frequent first.
    pub refused: Vec<CodeCount>,
    /// Redactions by kind, most frequent first.
    pub redacted: Vec<CodeCount>,
    /// Entries of the ledger, and the hash of the last one.
    pub ledger_seq: u64,
    pub ledger_head: String,
    pub thresholds: Thresholds,
    pub generation: u64,
}

/// From when on an aggregate is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Thresholds {
    pub networks: u64,
    pub voices: u64,
    /// Counts below this are rounded.
    pub exact_from: u64,
    pub round_to: u64,
}
