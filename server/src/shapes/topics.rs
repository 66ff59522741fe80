//! Topics, what they are made of, the map and the public graph; why conversations are related.

use std::collections::BTreeMap;

use discover_model::{ConversationId, Direction, Language, SourceKind, TopicId};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Annotation, AreaRef, Conversation, Coordinated, Id, Kind, LanguageCode, NetworkRef, Timeline,
    WritingDirection, is_false, is_none,
};

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
    /// Conversations, exact.
    pub count: u64,
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
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
    /// Whether the topic meets the list's entry rule. It stands in the first list whose rule it meets, and in no other.
    pub meets: bool,
    /// Why it stands in this list, or why not (yet), with the figures that decided.
    pub because: String,
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
    /// Of `renamed`: what it was called before, while its conversations still bear that out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// A topic's name, as it stands beside a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicRef {
    #[schema(value_type = Id)]
    pub id: TopicId,
    pub label: String,
    /// The label by language, in each that enough of its conversations are written in.
    pub labels: BTreeMap<String, String>,
    pub networks: u64,
    /// The list it stands in, where it stands in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Rank>,
    /// Absent where nothing looks so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinated: Option<Coordinated>,
}

/// What a topic's timeline is to be held against: how often its words were used before it began.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Baseline {
    /// A conversation that holds all of these counts.
    pub words: Vec<String>,
    pub timeline: Timeline,
    /// Conversations a week on average.
    pub mean: f64,
}

/// A topic that stands in no place of a list, or in another list, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NotListed {
    pub topic: TopicRef,
    pub because: String,
}

/// What somebody says on a topic, as it was written: at most 300 characters, personal details taken out.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Quote {
    #[schema(max_length = 300)]
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LanguageCode>)]
    pub language: Option<Language>,
    #[schema(value_type = WritingDirection)]
    pub direction: Direction,
    pub network: NetworkRef,
    #[schema(value_type = Id)]
    pub conversation: ConversationId,
    /// Title of the conversation.
    pub title: String,
    #[schema(value_type = Kind)]
    pub kind: SourceKind,
    /// Day of the post; absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
    /// The original, at its network; or what its network links to, where there is `links_to`.
    #[schema(format = "uri")]
    pub url: String,
    /// Host that `url` leads to, where it is none that the network proved to be its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links_to: Option<String>,
}

/// A conversation on which links between networks hang.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Bridge {
    pub conversation: Conversation,
    /// Networks that would not be linked to the rest of the topic without it.
    pub cut_off: Vec<NetworkRef>,
    /// Part of the shortest ways between two networks that lead through it.
    pub betweenness: f64,
}

/// A thread in which a reader can join in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct JoinIn {
    pub conversation: Conversation,
    /// Replies in the last 28 days.
    pub replies: u64,
    /// Areas that its network says it serves.
    pub areas: Vec<AreaRef>,
}

/// A topic beside another on the map.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Neighbour {
    pub topic: TopicRef,
    pub weight: f64,
    /// Why the two conversations are related that join the topics most; heaviest first.
    pub reasons: Vec<Reason>,
}

/// A cluster of conversations with a stable id.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Topic {
    #[schema(value_type = Id)]
    pub id: TopicId,
    /// At most six words, in the language of most of its conversations.
    pub label: String,
    /// The label by language, in each that enough of its conversations are written in.
    pub labels: BTreeMap<String, String>,
    /// The title of its most central conversation.
    pub title: String,
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
    /// Exact.
    pub conversations: u64,
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
    pub networks: Vec<NetworkCount>,
    /// Areas that its networks say they serve, of all areas that networks here serve.
    pub areas: Vec<AreaRef>,
    pub areas_of: u64,
    /// Networks among them whose owners said that newcomers are welcome.
    pub welcoming: u64,
    /// Threads of these with a reply in the last 28 days, but for those that their platform says are closed. Not in lists
    /// of topics.
    #[schema(max_items = 6)]
    pub join: Vec<JoinIn>,
    pub effective_networks: f64,
    /// Below 50 rounded to 5.
    pub voices: u64,
    #[schema(value_type = Vec<LanguageCode>)]
    pub languages: Vec<Language>,
    #[schema(value_type = String, format = Date)]
    pub born: Date,
    #[schema(value_type = String, format = Date)]
    pub last_active: Date,
    /// Conversations with a post of the last seven days, today's included, near copies once. Exact.
    pub last_7_days: u64,
    pub timeline: Timeline,
    /// The twelve weeks before it was born: conversations with its words at its networks. Not in lists of topics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Baseline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinated: Option<Coordinated>,
    /// How far answers to it have come; absent where nobody has answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<MapAnswers>,
    pub rank: Ranks,
    /// The one list it stands in, where it meets the rule of any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Rank>,
    /// What people say: up to six, one a network, nearest to the topic's middle first and unlike each other; in lists of
    /// topics the first. None is near enough where there is none.
    #[schema(max_items = 6)]
    pub quotes: Vec<Quote>,
    /// Conversations that bridge networks; not in lists of topics.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bridges: Vec<Bridge>,
    /// Topics beside it on the map, strongest link first; not in lists of topics.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub neighbours: Vec<Neighbour>,
    pub history: Vec<TopicEvent>,
    /// What networks that speak in it, and the operator, note on days of it; not in lists of topics.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Annotation>,
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
    /// Topics whose conversations have no one subject: never shown, only counted.
    pub without_subject: u64,
    /// Topics that are a source's format, such as release notes or episodes: never shown, only counted.
    pub formats: u64,
}

/// Whether a network speaks of a topic. Silence is said of none that could not speak of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopicState {
    /// It has conversations in the topic.
    Speaks,
    /// It has none in the topic, and a search for all words of the topic's name finds one of it: it is not silent.
    Mentions,
    /// It has posts in the window, in a language in which the topic can be found, and none of them is in the topic or has
    /// its name.
    Could,
    /// It has no posts in the window, or none in a language in which the topic can be found: nobody knows.
    NotComparable,
}

/// A network's part in a topic, or that it has none. Its days are there from 8 voices on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicNetwork {
    pub slug: String,
    pub name: String,
    pub state: TopicState,
    /// Conversations, exact.
    pub count: u64,
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
    /// Languages of its posts in the window; empty where it has none, or where nobody knows them.
    #[schema(value_type = Vec<LanguageCode>)]
    pub languages: Vec<Language>,
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

/// Who takes part in a topic, who could and does not, and of whom nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicNetworks {
    pub topic: TopicRef,
    /// All networks that agreed to be part of topics: those that speak, most conversations first; those that mention
    /// it; those that could; the others.
    pub items: Vec<TopicNetwork>,
    /// Those that could speak of it and do not.
    pub silent: Vec<NetworkRef>,
    /// Whether those that mention a topic could not be looked for just now, as too many long searches run: then nobody is said
    /// to be silent who may mention it.
    #[serde(skip_serializing_if = "is_false")]
    pub mentions_unknown: bool,
    /// First day of the window: twelve weeks that end today.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    pub generation: u64,
}

/// One topic's row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MatrixRow {
    pub topic: TopicRef,
    /// Every network of the matrix, in its order.
    pub cells: Vec<MatrixCell>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MatrixCell {
    /// Slug of the network.
    pub network: String,
    pub state: TopicState,
    /// Conversations, exact.
    pub count: u64,
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
}

/// An area, and the networks of the matrix that serve it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MatrixArea {
    #[serde(flatten)]
    pub area: AreaRef,
    /// Slugs.
    pub networks: Vec<String>,
}

/// Networks by topics: who talks about what, who could and does not, and what cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Matrix {
    /// Those that take part in most of the topics first; those in none last.
    pub networks: Vec<NetworkRef>,
    /// The areas that these networks serve.
    pub areas: Vec<MatrixArea>,
    pub items: Vec<MatrixRow>,
    /// Whether those that mention a topic could not be looked for just now, as too many long searches run: then nobody is said
    /// to be silent who may mention it.
    #[serde(skip_serializing_if = "is_false")]
    pub mentions_unknown: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Topics in the list, exact.
    pub total: u64,
    /// First day of the window: twelve weeks that end today.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    pub generation: u64,
    /// Topics with fewer than 3 networks and 8 voices: never shown, only counted.
    pub too_small: u64,
}

/// One end of a step, or what joins it to the next: conversations and relations take turns.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PathStep {
    Conversation(Box<Conversation>),
    Relation(PathRelation),
}

/// Why the conversation before is related to the one after.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PathRelation {
    pub score: f32,
    pub reasons: Vec<Reason>,
}

/// How two conversations or topics are connected: the way whose scores multiply to most.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Path {
    /// Conversations and relations in turn, a conversation first and last; empty where no way was found.
    #[schema(max_items = 13)]
    pub steps: Vec<PathStep>,
    /// Conversations on the way; 0 where there is none.
    pub length: u64,
    /// Conversations whose neighbours were looked at; the search ends at 2,000.
    pub looked_at: u64,
    pub generation: u64,
}

/// Something that happened to a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicChange {
    #[schema(value_type = String, format = Date)]
    pub at: Date,
    /// `born`, `grown`, `merged`, `split`, `faded` or `renamed`.
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
    /// Topics that were drawn first since that day and had been talked about for more than 30 days then. What happened to
    /// them on the day itself is no change.
    pub already_old: u64,
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
    /// Exact.
    pub conversations: u64,
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
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
    /// The label by language, in each that enough of its conversations are written in.
    pub labels: BTreeMap<String, String>,
    pub short_label: String,
    pub x: f64,
    pub y: f64,
    /// Conversations, near copies once. Exact.
    pub size: u64,
    pub networks: u64,
    /// Posts in the week that was asked for, near copies once; below 50 rounded to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posts: Option<u64>,
    /// Day from which the topic is known. Older ones keep their place, younger ones make room.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// The wider topic it lies in, one level up, where that is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub parent: Option<TopicId>,
    /// The list it stands in, where it stands in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Rank>,
    /// Absent where nothing looks so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinated: Option<Coordinated>,
    /// Absent where nobody has answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<MapAnswers>,
}

/// How far answers to a topic have come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MapAnswers {
    pub entries: u64,
    /// How far things have come by the latest entry that was not corrected.
    #[schema(pattern = "^(heard|answered|decided|changed)$")]
    pub stage: String,
    /// Who wrote it, as the operator entered them, and on which day.
    pub by: String,
    #[schema(value_type = String, format = Date)]
    pub at: Date,
    /// The day of what has been due longest, or is due next.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    /// Whether that day, or another one that a body gave, has passed without what it promised.
    pub overdue: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MapLink {
    #[schema(value_type = Id)]
    pub a: TopicId,
    #[schema(value_type = Id)]
    pub b: TopicId,
    pub weight: f64,
    /// Why, in plain words; of the two strongest links of each topic of the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A week of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MapWeek {
    /// Its Monday.
    #[schema(value_type = String, format = Date)]
    pub start: Date,
    /// Posts in the topics of the map, near copies once; below 50 rounded to 5.
    pub posts: u64,
}

/// Topics at one of three zoom levels. The same data always draws the same map.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Map {
    pub level: u8,
    pub topics: Vec<MapTopic>,
    /// The wider topics that those of the map lie in.
    pub subjects: Vec<TopicRef>,
    pub links: Vec<MapLink>,
    /// Those of `topics` that `q` or `topic` asked for.
    #[schema(value_type = Vec<Id>)]
    pub lit: Vec<TopicId>,
    /// The week that was asked for: `posts` of each topic are of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub week: Option<Date>,
    /// The last twelve weeks.
    pub weeks: Vec<MapWeek>,
    #[schema(value_type = String, format = Date)]
    pub drawn: Date,
    pub parameters: BTreeMap<String, f64>,
    pub generation: u64,
    /// Topics of this level that are too small to be shown.
    pub too_small: u64,
}
