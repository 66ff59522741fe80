//! Parameters of requests, read strictly: what is unknown, repeated or unreadable is an error that names the
//! parameter, never ignored. Empty values count as absent, so that a form can be sent as it stands.

use std::collections::BTreeMap;

use discover_model::{Language, SourceKind, TopicId, network::is_slug};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Code, Problem};
pub use crate::shapes::Sort;
use crate::shapes::{Id, Interval, Kind, LanguageCode, Rank};

pub const DEFAULT_LIMIT: usize = 20;
pub const MAX_LIMIT: usize = 100;
/// Most values of one repeatable parameter.
const MAX_VALUES: usize = 32;

impl Sort {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
        }
    }
}

impl Interval {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

impl Rank {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Emerging => "emerging",
            Self::Enduring => "enduring",
            Self::Quiet => "quiet",
        }
    }
}

/// Parameters of a search. Those that may be repeated are joined by "or", different ones by "and".
#[derive(Debug, Clone, PartialEq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchParams {
    /// Words, "phrases", -not, OR, ( ), prefix*, `network:`, `lang:`, `kind:`, `topic:`, `after:`, `before:`, `last:`.
    #[param(
        max_length = 512,
        required = false,
        example = "walk-in \"blood tests\""
    )]
    pub q: String,
    #[param(inline, required = false)]
    pub sort: Sort,
    /// Slug of a network; may be repeated.
    #[param(required = false)]
    pub network: Vec<String>,
    /// May be repeated.
    #[param(required = false, value_type = Vec<LanguageCode>)]
    pub language: Vec<Language>,
    /// Kind of source; may be repeated.
    #[param(required = false, value_type = Vec<Kind>)]
    pub kind: Vec<SourceKind>,
    /// Id of a topic; may be repeated.
    #[param(required = false, value_type = Vec<Id>)]
    pub topic: Vec<TopicId>,
    /// Only with a post on this day or later (`YYYY-MM-DD`).
    #[param(value_type = Option<String>, format = Date)]
    pub after: Option<Date>,
    /// Only with a post before this day (`YYYY-MM-DD`).
    #[param(value_type = Option<String>, format = Date)]
    pub before: Option<Date>,
    /// Width of the timeline's buckets.
    #[param(inline, required = false)]
    pub interval: Interval,
    /// `next` of the page before.
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 20, required = false)]
    pub limit: usize,
}

impl Default for SearchParams {
    fn default() -> Self {
        Self {
            q: String::new(),
            sort: Sort::default(),
            network: Vec::new(),
            language: Vec::new(),
            kind: Vec::new(),
            topic: Vec::new(),
            after: None,
            before: None,
            interval: Interval::default(),
            cursor: None,
            limit: DEFAULT_LIMIT,
        }
    }
}

impl SearchParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            cursor: fields.cursor()?,
            limit: fields.limit()?,
            ..Self::read(&mut fields)?
        };
        fields.finish()?;
        Ok(params)
    }

    /// All but the place in the list.
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let params = Self {
            q: fields.one("q")?.unwrap_or_default(),
            sort: fields.choice(
                "sort",
                &[Sort::Relevance, Sort::Newest, Sort::Oldest],
                Sort::as_str,
            )?,
            network: fields.many("network", |text| {
                is_slug(text).then(|| text.to_owned()).ok_or(SLUG)
            })?,
            language: fields.many("language", |text| Language::from_tag(text).ok_or(LANGUAGE))?,
            kind: fields.many("kind", |text| text.parse().map_err(|_| KIND))?,
            topic: fields.many("topic", |text| text.parse().map_err(|_| ID))?,
            after: fields.parsed("after", day)?,
            before: fields.parsed("before", day)?,
            interval: fields.choice(
                "interval",
                &[Interval::Week, Interval::Day, Interval::Month],
                Interval::as_str,
            )?,
            ..Self::default()
        };
        if let (Some(after), Some(before)) = (params.after, params.before)
            && after >= before
        {
            return Err(Problem::parameter(
                "before",
                "no day is on or after `after` and before `before`",
            ));
        }
        Ok(params)
    }

    /// The query string that reads as these parameters; defaults are left out.
    pub fn to_query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            out.append_pair("q", &self.q);
        }
        if self.sort != Sort::default() {
            out.append_pair("sort", self.sort.as_str());
        }
        for network in &self.network {
            out.append_pair("network", network);
        }
        for language in &self.language {
            out.append_pair("language", language.as_str());
        }
        for kind in &self.kind {
            out.append_pair("kind", kind.as_str());
        }
        for topic in &self.topic {
            out.append_pair("topic", &topic.to_string());
        }
        if let Some(after) = self.after {
            out.append_pair("after", &after.to_string());
        }
        if let Some(before) = self.before {
            out.append_pair("before", &before.to_string());
        }
        if self.interval != Interval::default() {
            out.append_pair("interval", self.interval.as_str());
        }
        page_pairs(&mut out, self.cursor.as_deref(), self.limit);
        out.finish()
    }

    /// The same search, one page on.
    #[must_use]
    pub fn at(&self, cursor: &str) -> Self {
        Self {
            cursor: Some(cursor.to_owned()),
            ..self.clone()
        }
    }
}

/// Form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated values with a head line, safe to open in a spreadsheet.
    #[default]
    Csv,
    /// One JSON object a line: the shape of a conversation.
    Ndjson,
    /// A numbered list of references in plain text.
    References,
}

impl Format {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::References => "references",
        }
    }
}

/// Parameters of an export: those of a search, the form, and how many rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportParams {
    pub search: SearchParams,
    pub format: Format,
    pub rows: usize,
}

/// Those that a search has not.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters; `ExportParams` holds them")]
struct ExportOnly {
    #[param(inline, required = false)]
    format: Format,
    /// At most so many rows. More than 10000 need a key with the scope `export:read`.
    #[param(minimum = 1, maximum = 100_000, default = 10_000, required = false)]
    limit: usize,
}

impl IntoParams for ExportParams {
    fn into_params(
        place: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        let mut all = SearchParams::into_params(&place);
        all.retain(|parameter| !matches!(parameter.name.as_str(), "cursor" | "limit" | "interval"));
        all.extend(ExportOnly::into_params(place));
        all
    }
}

impl ExportParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            format: fields.choice(
                "format",
                &[Format::Csv, Format::Ndjson, Format::References],
                Format::as_str,
            )?,
            rows: fields
                .parsed("limit", |text| {
                    text.parse()
                        .ok()
                        .filter(|rows| (1..=super::export::MAX_ROWS_WITH_KEY).contains(rows))
                        .ok_or("expected a number from 1 to 100000")
                })?
                .unwrap_or(super::export::MAX_ROWS),
            search: SearchParams::read(&mut fields)?,
        };
        fields.finish()?;
        Ok(params)
    }
}

/// Parameters of "words that set a result apart": those of a search, without order and place.
#[derive(Debug, Clone, PartialEq)]
pub struct WordsParams(pub SearchParams);

impl IntoParams for WordsParams {
    fn into_params(
        place: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        let mut all = SearchParams::into_params(&place);
        all.retain(|parameter| !matches!(parameter.name.as_str(), "cursor" | "limit" | "interval"));
        all
    }
}

impl WordsParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self(SearchParams::read(&mut fields)?);
        fields.finish()?;
        Ok(params)
    }
}

/// Parameters of a comparison: a search, and what differs on its second side.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompareParams {
    pub search: SearchParams,
    /// The query of the second side; that of the first, where it is not given.
    pub q2: Option<String>,
    pub after2: Option<Date>,
    pub before2: Option<Date>,
}

/// Those that a search has not.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters; `CompareParams` holds them")]
struct CompareOnly {
    /// Query of the second side; that of the first, where it is not given.
    #[param(max_length = 512)]
    q2: Option<String>,
    /// First day of the second side. Without `after2` and `before2` both sides have the same period.
    #[param(value_type = Option<String>, format = Date)]
    after2: Option<Date>,
    /// The day after the last one of the second side.
    #[param(value_type = Option<String>, format = Date)]
    before2: Option<Date>,
}

impl IntoParams for CompareParams {
    fn into_params(
        place: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        let mut all = SearchParams::into_params(&place);
        all.retain(|parameter| !matches!(parameter.name.as_str(), "cursor" | "limit" | "sort"));
        all.extend(CompareOnly::into_params(place));
        all
    }
}

impl CompareParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            q2: fields.one("q2")?,
            after2: fields.parsed("after2", day)?,
            before2: fields.parsed("before2", day)?,
            search: SearchParams::read(&mut fields)?,
        };
        fields.finish()?;
        if let (Some(after), Some(before)) = (params.after2, params.before2)
            && after >= before
        {
            return Err(Problem::parameter(
                "before2",
                "no day is on or after `after2` and before `before2`",
            ));
        }
        Ok(params)
    }

    /// The two searches.
    pub fn sides(&self) -> (SearchParams, SearchParams) {
        let mut second = self.search.clone();
        if let Some(q) = &self.q2 {
            second.q.clone_from(q);
        }
        if self.after2.is_some() || self.before2.is_some() {
            (second.after, second.before) = (self.after2, self.before2);
        }
        (self.search.clone(), second)
    }
}

/// Parameters of a list of topics.
#[derive(Debug, Clone, PartialEq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TopicParams {
    /// Which of the three rankings.
    #[param(inline, required = false)]
    pub rank: Rank,
    /// Zoom level: 0 widest, 2 finest.
    #[param(minimum = 0, maximum = 2, default = 1, required = false)]
    pub level: u8,
    /// Only topics that are talked about in this language.
    #[param(value_type = Option<LanguageCode>)]
    pub language: Option<Language>,
    /// Only topics in which this network takes part (slug).
    pub network: Option<String>,
    /// Only topics that were active on or after this day.
    #[param(value_type = Option<String>, format = Date)]
    pub after: Option<Date>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 20, required = false)]
    pub limit: usize,
}

/// The zoom level at which topics are listed unless another is asked for.
pub const DEFAULT_LEVEL: u8 = 1;

impl Default for TopicParams {
    fn default() -> Self {
        Self {
            rank: Rank::default(),
            level: DEFAULT_LEVEL,
            language: None,
            network: None,
            after: None,
            cursor: None,
            limit: DEFAULT_LIMIT,
        }
    }
}

impl TopicParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            rank: fields.choice(
                "rank",
                &[Rank::Emerging, Rank::Enduring, Rank::Quiet],
                Rank::as_str,
            )?,
            level: fields.parsed("level", level)?.unwrap_or(DEFAULT_LEVEL),
            language: fields.parsed("language", |text| Language::from_tag(text).ok_or(LANGUAGE))?,
            network: fields.parsed("network", |text| {
                is_slug(text).then(|| text.to_owned()).ok_or(SLUG)
            })?,
            after: fields.parsed("after", day)?,
            cursor: fields.cursor()?,
            limit: fields.limit()?,
        };
        fields.finish()?;
        Ok(params)
    }

    pub fn to_query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        if self.rank != Rank::default() {
            out.append_pair("rank", self.rank.as_str());
        }
        if self.level != DEFAULT_LEVEL {
            out.append_pair("level", &self.level.to_string());
        }
        if let Some(language) = self.language {
            out.append_pair("language", language.as_str());
        }
        if let Some(network) = &self.network {
            out.append_pair("network", network);
        }
        if let Some(after) = self.after {
            out.append_pair("after", &after.to_string());
        }
        page_pairs(&mut out, self.cursor.as_deref(), self.limit);
        out.finish()
    }

    #[must_use]
    pub fn at(&self, cursor: &str) -> Self {
        Self {
            cursor: Some(cursor.to_owned()),
            ..self.clone()
        }
    }
}

/// Parameters of a plain list.
#[derive(Debug, Clone, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// `next` of the page before.
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 20, required = false)]
    pub limit: usize,
}

impl Default for PageParams {
    fn default() -> Self {
        Self {
            cursor: None,
            limit: DEFAULT_LIMIT,
        }
    }
}

impl PageParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            cursor: fields.cursor()?,
            limit: fields.limit()?,
        };
        fields.finish()?;
        Ok(params)
    }

    pub fn to_query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        page_pairs(&mut out, self.cursor.as_deref(), self.limit);
        out.finish()
    }

    #[must_use]
    pub fn at(&self, cursor: &str) -> Self {
        Self {
            cursor: Some(cursor.to_owned()),
            limit: self.limit,
        }
    }
}

/// Parameters of "related to this address".
#[derive(Debug, Clone, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RelatedParams {
    /// Address of a conversation at its network; forms that lead to the same place count as one.
    #[param(format = "uri", max_length = 2048)]
    pub url: String,
    /// `next` of the page before.
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 20, required = false)]
    pub limit: usize,
}

impl RelatedParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            url: fields
                .one("url")?
                .ok_or_else(|| Problem::parameter("url", "`url` is needed"))?,
            cursor: fields.cursor()?,
            limit: fields.limit()?,
        };
        fields.finish()?;
        Ok(params)
    }

    pub fn to_query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        out.append_pair("url", &self.url);
        page_pairs(&mut out, self.cursor.as_deref(), self.limit);
        out.finish()
    }

    #[must_use]
    pub fn at(&self, cursor: &str) -> Self {
        Self {
            cursor: Some(cursor.to_owned()),
            ..self.clone()
        }
    }
}

/// Parameters of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MapParams {
    /// Zoom level: 0 widest, 2 finest.
    #[param(minimum = 0, maximum = 2, default = 1, required = false)]
    pub level: u8,
}

impl MapParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            level: fields.parsed("level", level)?.unwrap_or(DEFAULT_LEVEL),
        };
        fields.finish()?;
        Ok(params)
    }
}

/// Parameters of "what changed".
#[derive(Debug, Clone, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesParams {
    /// First day (`YYYY-MM-DD`); seven days ago where it is not given.
    #[param(value_type = Option<String>, format = Date)]
    pub since: Option<Date>,
    /// Zoom level: 0 widest, 2 finest.
    #[param(minimum = 0, maximum = 2, default = 1, required = false)]
    pub level: u8,
    /// `next` of the page before.
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 20, required = false)]
    pub limit: usize,
}

impl ChangesParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            since: fields.parsed("since", day)?,
            level: fields.parsed("level", level)?.unwrap_or(DEFAULT_LEVEL),
            cursor: fields.cursor()?,
            limit: fields.limit()?,
        };
        fields.finish()?;
        Ok(params)
    }

    pub fn to_query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        if let Some(since) = self.since {
            out.append_pair("since", &since.to_string());
        }
        if self.level != DEFAULT_LEVEL {
            out.append_pair("level", &self.level.to_string());
        }
        page_pairs(&mut out, self.cursor.as_deref(), self.limit);
        out.finish()
    }

    #[must_use]
    pub fn at(&self, cursor: &str) -> Self {
        Self {
            cursor: Some(cursor.to_owned()),
            ..self.clone()
        }
    }
}

/// Form of the public graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GraphFormat {
    #[default]
    Json,
    /// XML that Gephi, yEd, Cytoscape and NetworkX read.
    Graphml,
}

impl GraphFormat {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Graphml => "graphml",
        }
    }
}

/// Parameters of the public graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GraphParams {
    #[param(inline, required = false)]
    pub format: GraphFormat,
}

impl GraphParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            format: fields.choice(
                "format",
                &[GraphFormat::Json, GraphFormat::Graphml],
                GraphFormat::as_str,
            )?,
        };
        fields.finish()?;
        Ok(params)
    }
}

/// Parameters of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LedgerParams {
    /// Number of the entry before the first one wanted; `next` of the page before.
    #[param(minimum = 0, default = 0, required = false)]
    pub after: u64,
    #[param(minimum = 1, maximum = 100, default = 20, required = false)]
    pub limit: usize,
}

impl LedgerParams {
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self {
            after: fields
                .parsed("after", |text| {
                    text.parse()
                        .map_err(|_| "`after` is the number of an entry")
                })?
                .unwrap_or(0),
            limit: fields.limit()?,
        };
        fields.finish()?;
        Ok(params)
    }
}

/// An address that takes no parameters.
pub fn none(raw: &str) -> Result<(), Problem> {
    Fields::parse(raw)?.finish()
}

/// Body of "related to this text". The text is compared and forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelatedText {
    #[schema(min_length = 1, max_length = 65536)]
    pub text: String,
    #[serde(default)]
    #[schema(value_type = Option<LanguageCode>)]
    pub language: Option<Language>,
    /// At most so many relations, 1 to 100.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub limit: Option<usize>,
}

const SLUG: &str = "expected the slug of a network: lower-case letters, digits and hyphens";
const LANGUAGE: &str = "expected a language code, such as `en` or `cy`";
const KIND: &str = "expected a kind of source: feed, wordpress, discourse, mastodon, atproto, lemmy, public-inbox, nodebb, flarum, html or ical";
const ID: &str = "expected an id: 26 characters of a-z and 2-7";
const DAY: &str = "expected a day, YYYY-MM-DD";
const LEVEL: &str = "expected a zoom level: 0, 1 or 2";

fn day(text: &str) -> Result<Date, &'static str> {
    // jiff reads further forms; the API has one.
    if text.len() != 10 {
        return Err(DAY);
    }
    text.parse().map_err(|_| DAY)
}

fn level(text: &str) -> Result<u8, &'static str> {
    match text {
        "0" => Ok(0),
        "1" => Ok(1),
        "2" => Ok(2),
        _ => Err(LEVEL),
    }
}

fn page_pairs(
    out: &mut url::form_urlencoded::Serializer<'_, String>,
    cursor: Option<&str>,
    limit: usize,
) {
    if limit != DEFAULT_LIMIT {
        out.append_pair("limit", &limit.to_string());
    }
    if let Some(cursor) = cursor {
        out.append_pair("cursor", cursor);
    }
}

/// A decoded query string of which each parameter is taken once; what is left at the end is unknown.
struct Fields {
    values: BTreeMap<String, Vec<String>>,
    known: Vec<&'static str>,
}

impl Fields {
    fn parse(raw: &str) -> Result<Self, Problem> {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for part in raw.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = decode(name)
                .ok_or_else(|| Problem::parameter("", "a parameter's name is not valid text"))?;
            let value = decode(value).ok_or_else(|| {
                Problem::parameter(
                    &short(&name),
                    "the value is not valid percent-encoded UTF-8",
                )
            })?;
            let list = values.entry(name).or_default();
            if !value.is_empty() {
                list.push(value);
            }
        }
        Ok(Self {
            values,
            known: Vec::new(),
        })
    }

    fn all(&mut self, name: &'static str) -> Vec<String> {
        self.known.push(name);
        self.values.remove(name).unwrap_or_default()
    }

    fn one(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        let mut values = self.all(name);
        if values.len() > 1 {
            return Err(Problem::parameter(name, "this parameter can be given once"));
        }
        Ok(values.pop())
    }

    fn parsed<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<Option<T>, Problem> {
        self.one(name)?
            .map(|text| read(text.trim()).map_err(|expected| Problem::parameter(name, expected)))
            .transpose()
    }

    fn many<T: PartialEq>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<Vec<T>, Problem> {
        let mut found = Vec::new();
        for text in self.all(name) {
            let value = read(text.trim()).map_err(|expected| Problem::parameter(name, expected))?;
            if !found.contains(&value) {
                found.push(value);
            }
            if found.len() > MAX_VALUES {
                return Err(Problem::parameter(
                    name,
                    format!("this parameter can be given {MAX_VALUES} times"),
                ));
            }
        }
        Ok(found)
    }

    fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        options: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<T, Problem> {
        let given = self.one(name)?;
        let first = options[0];
        let Some(given) = given else {
            return Ok(first);
        };
        options
            .iter()
            .copied()
            .find(|option| word(*option) == given)
            .ok_or_else(|| {
                let words: Vec<&str> = options.iter().map(|option| word(*option)).collect();
                Problem::parameter(name, format!("expected one of {}", words.join(", ")))
            })
    }

    fn cursor(&mut self) -> Result<Option<String>, Problem> {
        let cursor = self.one("cursor")?;
        if cursor.as_ref().is_some_and(|cursor| cursor.len() > 512) {
            return Err(bad_cursor());
        }
        Ok(cursor)
    }

    fn limit(&mut self) -> Result<usize, Problem> {
        let expected = "expected a number from 1 to 100";
        self.parsed("limit", |text| {
            text.parse()
                .ok()
                .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                .ok_or(expected)
        })
        .map(|limit| limit.unwrap_or(DEFAULT_LIMIT))
    }

    fn finish(self) -> Result<(), Problem> {
        let Some(name) = self.values.into_keys().next() else {
            return Ok(());
        };
        let detail = format!("there is no parameter {:?} here", short(&name));
        let hint = if self.known.is_empty() {
            "this address takes no parameters".to_owned()
        } else {
            format!("there are {}", self.known.join(", "))
        };
        Err(Problem {
            parameter: Some(short(&name)),
            ..Problem::new(Code::UnknownField, detail).with_hint(hint)
        })
    }
}

/// A cursor that this list did not give.
pub fn bad_cursor() -> Problem {
    Problem {
        parameter: Some("cursor".to_owned()),
        ..Problem::new(Code::BadCursor, "the cursor was not given by this list")
    }
}

/// A cursor whose place in the list is gone.
pub fn cursor_expired() -> Problem {
    Problem {
        parameter: Some("cursor".to_owned()),
        ..Problem::new(
            Code::CursorExpired,
            "what the cursor points at is no longer in this list",
        )
        .with_hint("start again without `cursor`")
    }
}

fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

/// Strict form decoding: `+` is a space, `%` must be followed by two hex digits, the result must be UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                (high * 16 + low) as u8
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// One page out of a list that is at hand: what follows `cursor` (the key of the last item shown), and the next cursor.
pub fn page<'a, T>(
    items: &'a [T],
    cursor: Option<&str>,
    limit: usize,
    key: impl Fn(&T) -> String,
) -> Result<(&'a [T], Option<String>), Problem> {
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            items
                .iter()
                .position(|item| key(item) == cursor)
                .ok_or_else(cursor_expired)?
                + 1
        }
    };
    let end = (start + limit).min(items.len());
    let page = &items[start..end];
    let next = (end < items.len()).then(|| page.last().map(&key)).flatten();
    Ok((page, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_string_survives_reading_and_writing() {
        let raw = "q=blood+tests&sort=newest&network=a&network=b&language=cy&kind=discourse\
            &after=2026-01-02&before=2026-02-03&interval=day&limit=5&cursor=x";
        let params = SearchParams::parse(raw).expect("good");
        assert_eq!(params.q, "blood tests");
        assert_eq!(params.network, ["a", "b"]);
        assert_eq!(SearchParams::parse(&params.to_query()), Ok(params));
        assert_eq!(
            SearchParams::parse("q=&network=&sort="),
            Ok(SearchParams::default())
        );
        assert_eq!(SearchParams::default().to_query(), "");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (raw, code, parameter) in [
            ("author=jo", Code::UnknownField, "author"),
            ("q=a&q=b", Code::BadParameter, "q"),
            ("limit=0", Code::BadParameter, "limit"),
            ("limit=101", Code::BadParameter, "limit"),
            ("sort=best", Code::BadParameter, "sort"),
            ("network=A%20b", Code::BadParameter, "network"),
            ("language=english", Code::BadParameter, "language"),
            ("topic=1", Code::BadParameter, "topic"),
            ("after=2026-13-01", Code::BadParameter, "after"),
            ("after=20260102", Code::BadParameter, "after"),
            (
                "after=2026-02-02&before=2026-02-01",
                Code::BadParameter,
                "before",
            ),
            ("q=%ff", Code::BadParameter, "q"),
            ("q=%4", Code::BadParameter, "q"),
        ] {
            let problem = SearchParams::parse(raw).expect_err(raw);
            assert_eq!(
                (problem.code, problem.parameter.as_deref()),
                (code, Some(parameter)),
                "{raw}"
            );
        }
    }

    #[test]
    fn pages_follow_on_without_gap_or_repeat() {
        let items: Vec<u32> = (0..7).collect();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let (part, next) =
                page(&items, cursor.as_deref(), 3, ToString::to_string).expect("page");
            seen.extend_from_slice(part);
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, items);
        let gone = page(&items, Some("99"), 3, ToString::to_string).expect_err("gone");
        assert_eq!(gone.code, Code::CursorExpired);
    }
}
