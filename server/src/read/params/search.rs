//! Parameters of a search, and of what is like one: exports, telling words, following and comparing.

use std::collections::BTreeMap;

use discover_model::{Language, NetworkId, SourceKind, TopicId, network::is_slug};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

use super::fields::{Fields, ID, KIND, LANGUAGE, SLUG, area, day, page_pairs};
use super::{DEFAULT_LIMIT, Query, Sort};
use crate::problem::Problem;
use crate::shapes::{Id, Interval, Kind, LanguageCode};

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

/// Most rows of one export that anybody takes.
pub const MAX_ROWS: usize = 10_000;
/// Most rows of one export with a key of the scope `export:read`.
pub const MAX_ROWS_WITH_KEY: usize = 100_000;

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
    /// Slug of an area that networks serve, such as `council-ashmere`; may be repeated.
    #[param(required = false)]
    pub area: Vec<String>,
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
            area: Vec::new(),
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

impl Query for SearchParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            cursor: fields.cursor()?,
            limit: fields.limit()?,
            ..Self::read_without(fields, &[])?
        })
    }
}

impl SearchParams {
    /// The description of these parameters but for some that do not belong to what is like a search.
    pub(super) fn without(
        names: &[&str],
        place: impl Fn() -> Option<ParameterIn>,
    ) -> Vec<Parameter> {
        let mut all = Self::into_params(place);
        all.retain(|parameter| !names.contains(&parameter.name.as_str()));
        all
    }

    /// All but the place in the list and `names`, which are left to be refused as unknown.
    pub(super) fn read_without(fields: &mut Fields, names: &[&str]) -> Result<Self, Problem> {
        let has = |name| !names.contains(&name);
        let params = Self {
            q: fields.one("q")?.unwrap_or_default(),
            sort: if has("sort") {
                fields.choice(
                    "sort",
                    &[Sort::Relevance, Sort::Newest, Sort::Oldest],
                    Sort::as_str,
                )?
            } else {
                Sort::default()
            },
            network: fields.many("network", |text| {
                is_slug(text).then(|| text.to_owned()).ok_or(SLUG)
            })?,
            area: fields.many("area", area)?,
            language: fields.many("language", |text| Language::from_tag(text).ok_or(LANGUAGE))?,
            kind: fields.many("kind", |text| text.parse().map_err(|_| KIND.as_str()))?,
            topic: fields.many("topic", |text| text.parse().map_err(|_| ID))?,
            after: if has("after") {
                fields.parsed("after", day)?
            } else {
                None
            },
            before: if has("before") {
                fields.parsed("before", day)?
            } else {
                None
            },
            interval: if has("interval") {
                fields.choice(
                    "interval",
                    &[Interval::Week, Interval::Day, Interval::Month],
                    Interval::as_str,
                )?
            } else {
                Interval::default()
            },
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
        // By name, so that a parameter that is forgotten here does not compile: this is the key of kept answers.
        let Self {
            q,
            sort,
            network,
            area,
            language,
            kind,
            topic,
            after,
            before,
            interval,
            cursor,
            limit,
        } = self;
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        if !q.is_empty() {
            out.append_pair("q", q);
        }
        if *sort != Sort::default() {
            out.append_pair("sort", sort.as_str());
        }
        for network in network {
            out.append_pair("network", network);
        }
        for area in area {
            out.append_pair("area", area);
        }
        for language in language {
            out.append_pair("language", language.as_str());
        }
        for kind in kind {
            out.append_pair("kind", kind.as_str());
        }
        for topic in topic {
            out.append_pair("topic", &topic.to_string());
        }
        if let Some(after) = after {
            out.append_pair("after", &after.to_string());
        }
        if let Some(before) = before {
            out.append_pair("before", &before.to_string());
        }
        if *interval != Interval::default() {
            out.append_pair("interval", interval.as_str());
        }
        page_pairs(&mut out, cursor.as_deref(), *limit);
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

/// What a search has and a whole result has not.
const NO_PLACE: &[&str] = &["cursor", "limit", "interval"];
/// What a search has and following it has not.
const NO_ORDER: &[&str] = &["cursor", "limit", "interval", "sort"];
/// What a search has and a comparison has not.
const COMPARED: &[&str] = &["cursor", "limit", "sort"];

/// Form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated values with a head line, safe to open in a spreadsheet.
    #[default]
    Csv,
    /// A workbook of one sheet; at most 10,000 rows.
    Xlsx,
    /// One JSON object a line: the shape of a conversation.
    Ndjson,
    /// A numbered list of references in plain text.
    References,
}

impl Format {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
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
    /// Before CSV.
    pub byte_order_mark: bool,
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
    /// A byte order mark before CSV: without it spreadsheet programs take UTF-8 for something else. `false` for programs
    /// that take it for a part of the first column's name.
    #[param(default = true, required = false)]
    bom: bool,
}

impl IntoParams for ExportParams {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = SearchParams::without(NO_PLACE, &place);
        all.extend(ExportOnly::into_params(place));
        all
    }
}

impl Query for ExportParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let params = Self {
            format: fields.choice(
                "format",
                &[
                    Format::Csv,
                    Format::Xlsx,
                    Format::Ndjson,
                    Format::References,
                ],
                Format::as_str,
            )?,
            rows: fields
                .parsed("limit", |text| {
                    text.parse()
                        .ok()
                        .filter(|rows| (1..=MAX_ROWS_WITH_KEY).contains(rows))
                        .ok_or("expected a number from 1 to 100000")
                })?
                .unwrap_or(MAX_ROWS),
            byte_order_mark: fields.choice("bom", &[true, false], |mark| {
                if mark { "true" } else { "false" }
            })?,
            search: SearchParams::read_without(fields, NO_PLACE)?,
        };
        if params.format == Format::Xlsx && params.rows > MAX_ROWS {
            let most = MAX_ROWS;
            let detail = format!("a workbook has at most {most} rows");
            return Err(Problem::parameter("limit", detail).with_hint("take `csv`"));
        }
        Ok(params)
    }
}

/// Parameters of "words that set a result apart": those of a search, without order and place.
#[derive(Debug, Clone, PartialEq)]
pub struct WordsParams(pub SearchParams);

impl IntoParams for WordsParams {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        SearchParams::without(NO_PLACE, place)
    }
}

impl Query for WordsParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self(SearchParams::read_without(fields, NO_PLACE)?))
    }
}

/// Parameters of following a search: those of a search, without order and place. It fits exactly or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowParams(pub SearchParams);

impl IntoParams for FollowParams {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        SearchParams::without(NO_ORDER, place)
    }
}

impl Query for FollowParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        if !fields.all("sort").is_empty() {
            let detail = "what happens is told in the order in which it happens";
            return Err(Problem::parameter("sort", detail));
        }
        Ok(Self(SearchParams::read_without(fields, NO_ORDER)?))
    }
}

/// A search as it is saved: what is asked, and which networks were meant by their slugs.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedSearch {
    pub params: SearchParams,
    /// By the slug that stands in the search.
    pub networks: BTreeMap<String, NetworkId>,
}

/// Holds what a saved search means by a slug, as `slug.id`. A search has no parameter of this name.
const MEANT: &str = "network-meant";

impl SavedSearch {
    /// Reads what [`Self::to_stored`] wrote.
    pub fn parse(stored: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(stored)?;
        let meant = fields.all(MEANT);
        let networks = meant.iter().filter_map(|meant| {
            let (slug, id) = meant.split_once('.')?;
            Some((slug.to_owned(), id.parse().ok()?))
        });
        let saved = Self {
            networks: networks.collect(),
            params: SearchParams::read_without(&mut fields, NO_ORDER)?,
        };
        fields.finish()?;
        Ok(saved)
    }

    pub fn to_stored(&self) -> String {
        let asked = self.params.to_query();
        let mut out = url::form_urlencoded::Serializer::for_suffix(asked, 0);
        for (slug, id) in &self.networks {
            out.append_pair(MEANT, &format!("{slug}.{id}"));
        }
        out.finish()
    }
}

/// Sides of one comparison at most.
pub const MAX_SIDES: usize = 5;

/// Names of what differs on the second side, the third, and so on.
const SIDES: [[&str; 3]; MAX_SIDES - 1] = [
    ["q2", "after2", "before2"],
    ["q3", "after3", "before3"],
    ["q4", "after4", "before4"],
    ["q5", "after5", "before5"],
];

/// What differs on a further side of a comparison from the first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OtherSide {
    /// Its query; that of the first side, where it is not given.
    pub q: Option<String>,
    pub after: Option<Date>,
    pub before: Option<Date>,
}

/// Parameters of a comparison: a search, and what differs on its further sides.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompareParams {
    pub search: SearchParams,
    /// The second to the fifth; one that differs in nothing is none.
    pub others: [OtherSide; MAX_SIDES - 1],
}

/// One side of a comparison, and under which names it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedSide {
    pub search: SearchParams,
    /// Place among the parameters: 1 for the first.
    pub number: usize,
    /// Whether it has a query of its own.
    pub own_query: bool,
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
    /// As `q2`, of a third side.
    #[param(max_length = 512)]
    q3: Option<String>,
    #[param(value_type = Option<String>, format = Date)]
    after3: Option<Date>,
    #[param(value_type = Option<String>, format = Date)]
    before3: Option<Date>,
    /// As `q2`, of a fourth side.
    #[param(max_length = 512)]
    q4: Option<String>,
    #[param(value_type = Option<String>, format = Date)]
    after4: Option<Date>,
    #[param(value_type = Option<String>, format = Date)]
    before4: Option<Date>,
    /// As `q2`, of a fifth side.
    #[param(max_length = 512)]
    q5: Option<String>,
    #[param(value_type = Option<String>, format = Date)]
    after5: Option<Date>,
    #[param(value_type = Option<String>, format = Date)]
    before5: Option<Date>,
}

impl IntoParams for CompareParams {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = SearchParams::without(COMPARED, &place);
        all.extend(CompareOnly::into_params(place));
        all
    }
}

impl Query for CompareParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let mut params = Self::default();
        for (side, names) in params.others.iter_mut().zip(SIDES) {
            let [q, after, before] = names;
            *side = OtherSide {
                q: fields.one(q)?,
                after: fields.parsed(after, day)?,
                before: fields.parsed(before, day)?,
            };
            if let (Some(first), Some(end)) = (side.after, side.before)
                && first >= end
            {
                return Err(Problem::parameter(
                    before,
                    format!("no day is on or after `{after}` and before `{before}`"),
                ));
            }
        }
        params.search = SearchParams::read_without(fields, COMPARED)?;
        Ok(params)
    }
}

impl CompareParams {
    /// Of a search and a second side.
    pub fn of_two(search: SearchParams, second: OtherSide) -> Self {
        let mut params = Self {
            search,
            ..Self::default()
        };
        params.others[0] = second;
        params
    }

    /// The query string that reads as these parameters; defaults are left out.
    pub fn to_query(&self) -> String {
        let first = self.search.to_query();
        let mut out = url::form_urlencoded::Serializer::for_suffix(first, 0);
        for (side, [q, after, before]) in self.others.iter().zip(SIDES) {
            let days = [(after, side.after), (before, side.before)];
            out.extend_pairs(side.q.iter().map(|text| (q, text)));
            out.extend_pairs(
                days.into_iter()
                    .filter_map(|(name, day)| Some((name, day?.to_string()))),
            );
        }
        out.finish()
    }

    /// Whether there is anything to hold against the first side.
    pub fn is_comparison(&self) -> bool {
        self.sides().len() > 1
    }

    /// The searches, the first one first: those of the others that differ from it.
    pub fn sides(&self) -> Vec<ComparedSide> {
        let mut sides = vec![ComparedSide {
            search: self.search.clone(),
            number: 1,
            own_query: true,
        }];
        for (n, other) in self.others.iter().enumerate() {
            let mut search = self.search.clone();
            if let Some(q) = &other.q {
                search.q.clone_from(q);
            }
            if other.after.is_some() || other.before.is_some() {
                (search.after, search.before) = (other.after, other.before);
            }
            if search != self.search {
                sides.push(ComparedSide {
                    search,
                    number: n + 2,
                    own_query: other.q.is_some(),
                });
            }
        }
        sides
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_has_up_to_five_sides_and_old_addresses_mean_what_they_did() {
        let sides = |query: &str| -> Vec<(usize, String)> {
            let params = CompareParams::parse(query).expect(query);
            assert_eq!(CompareParams::parse(&params.to_query()), Ok(params.clone()));
            let sides = params.sides().into_iter();
            sides.map(|side| (side.number, side.search.q)).collect()
        };
        let of = |all: &[(usize, &str)]| -> Vec<(usize, String)> {
            all.iter().map(|(n, q)| (*n, (*q).to_owned())).collect()
        };
        assert_eq!(sides("q=a&q2=b"), of(&[(1, "a"), (2, "b")]));
        assert_eq!(
            sides("q=a&after2=2026-01-01&before2=2026-02-01"),
            of(&[(1, "a"), (2, "a")])
        );
        assert_eq!(sides("q=a&q2=a"), of(&[(1, "a")]), "it differs in nothing");
        assert_eq!(
            sides("q=a&q2=b&q3=c&q4=&q5=e&language=cy"),
            of(&[(1, "a"), (2, "b"), (3, "c"), (5, "e")])
        );
        assert!(CompareParams::parse("q=a&q6=f").is_err());
        let wrong = CompareParams::parse("q=a&after4=2026-02-01&before4=2026-01-01");
        let wrong = wrong.expect_err("no day");
        assert_eq!(wrong.parameter.as_deref(), Some("before4"));
    }
}
