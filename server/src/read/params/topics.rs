//! Parameters of topics: lists, the map, what changed, and the public graph.

use discover_model::{Language, TopicId, network::is_slug};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::fields::{Fields, ID, LANGUAGE, SLUG, area, day, level, page_pairs};
use super::{DEFAULT_LIMIT, Query};
use crate::problem::Problem;
use crate::shapes::{Id, LanguageCode, Rank};

impl Rank {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Emerging => "emerging",
            Self::Enduring => "enduring",
            Self::Quiet => "quiet",
        }
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
    /// Only topics in which a network takes part that serves this area (slug).
    pub area: Option<String>,
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
            area: None,
            after: None,
            cursor: None,
            limit: DEFAULT_LIMIT,
        }
    }
}

impl Query for TopicParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
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
            area: fields.parsed("area", area)?,
            after: fields.parsed("after", day)?,
            cursor: fields.cursor()?,
            limit: fields.limit()?,
        })
    }
}

impl TopicParams {
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
        if let Some(area) = &self.area {
            out.append_pair("area", area);
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

/// Parameters of the map.
#[derive(Debug, Clone, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MapParams {
    /// Zoom level: 0 widest, 2 finest.
    #[param(minimum = 0, maximum = 2, default = 1, required = false)]
    pub level: u8,
    /// Any day of one of the last twelve weeks: circles are as large as what was said in it.
    #[param(value_type = Option<String>, format = Date)]
    pub week: Option<Date>,
    /// Words that the topics to be lit have in their names or terms. It narrows nothing.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Id of a topic to be lit.
    #[param(value_type = Option<Id>)]
    pub topic: Option<TopicId>,
}

impl Default for MapParams {
    fn default() -> Self {
        Self {
            level: DEFAULT_LEVEL,
            week: None,
            q: None,
            topic: None,
        }
    }
}

impl Query for MapParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            level: fields.parsed("level", level)?.unwrap_or(DEFAULT_LEVEL),
            week: fields.parsed("week", day)?,
            q: fields
                .parsed("q", |text| {
                    let fits = text.chars().count() <= 100;
                    fits.then(|| text.trim().to_owned())
                        .ok_or("expected at most 100 characters")
                })?
                .filter(|text| !text.is_empty()),
            topic: fields.parsed("topic", |text| text.parse().map_err(|_| ID))?,
        })
    }
}

impl MapParams {
    pub fn to_query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        if self.level != DEFAULT_LEVEL {
            out.append_pair("level", &self.level.to_string());
        }
        if let Some(week) = self.week {
            out.append_pair("week", &week.to_string());
        }
        if let Some(q) = &self.q {
            out.append_pair("q", q);
        }
        if let Some(topic) = self.topic {
            out.append_pair("topic", &topic.to_string());
        }
        out.finish()
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

impl Query for ChangesParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            since: fields.parsed("since", day)?,
            level: fields.parsed("level", level)?.unwrap_or(DEFAULT_LEVEL),
            cursor: fields.cursor()?,
            limit: fields.limit()?,
        })
    }
}

impl ChangesParams {
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

impl Query for GraphParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            format: fields.choice(
                "format",
                &[GraphFormat::Json, GraphFormat::Graphml],
                GraphFormat::as_str,
            )?,
        })
    }
}
