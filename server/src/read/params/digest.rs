//! Parameters of digests, and of what is told early.

use discover_model::Language;
use discover_store::{DigestEvery, NoticeKind};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::fields::{Fields, LANGUAGE, area};
use super::{Query, SearchParams};
use crate::problem::Problem;
use crate::shapes::LanguageCode;

/// What a search has and a digest has not: it has days of its own.
const OWN_DAYS: &[&str] = &["cursor", "limit", "interval", "sort", "after", "before"];

/// What a digest is narrowed to: areas alone, or a search.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DigestParams {
    pub search: SearchParams,
}

impl DigestParams {
    /// Whether it is of what a search finds, and not of topics.
    pub fn is_search(&self) -> bool {
        let search = &self.search;
        !(search.q.trim().is_empty()
            && search.network.is_empty()
            && search.language.is_empty()
            && search.kind.is_empty()
            && search.topic.is_empty())
    }

    pub fn to_query(&self) -> String {
        self.search.to_query()
    }
}

impl IntoParams for DigestParams {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        SearchParams::without(OWN_DAYS, place)
    }
}

impl Query for DigestParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            search: SearchParams::read_without(fields, OWN_DAYS)?,
        })
    }
}

fn every(fields: &mut Fields) -> Result<DigestEvery, Problem> {
    fields.choice("every", &DigestEvery::ALL, DigestEvery::as_str)
}

/// Which digests.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DigestListParams {
    #[param(value_type = Option<String>, required = false, pattern = "^(week|month)$", default = "week")]
    pub every: DigestEvery,
    /// Slug of an area that networks serve; may be repeated. What is gone is counted of what their digests named.
    #[param(required = false)]
    pub area: Vec<String>,
}

impl Query for DigestListParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            every: every(fields)?,
            area: fields.many("area", area)?,
        })
    }
}

impl DigestListParams {
    pub fn to_query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        if self.every != DigestEvery::default() {
            out.append_pair("every", self.every.as_str());
        }
        for area in &self.area {
            out.append_pair("area", area);
        }
        out.finish()
    }
}

/// What is told early: of which kind, in which languages, and at networks that serve which areas.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NoticeParams {
    /// `warning` or `emerging`; both where it is not given.
    #[param(value_type = Option<String>, pattern = "^(warning|emerging)$")]
    pub kind: Option<NoticeKind>,
    /// May be repeated.
    #[param(required = false, value_type = Vec<LanguageCode>)]
    pub language: Vec<Language>,
    /// Slug of an area that networks serve, such as `council-ashmere`; may be repeated.
    #[param(required = false)]
    pub area: Vec<String>,
}

impl Query for NoticeParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            kind: fields.parsed("kind", |text| {
                let mut all = NoticeKind::ALL.into_iter();
                all.find(|kind| kind.as_str() == text)
                    .ok_or("expected `warning` or `emerging`")
            })?,
            language: fields.many("language", |text| Language::from_tag(text).ok_or(LANGUAGE))?,
            area: fields.many("area", area)?,
        })
    }
}

impl NoticeParams {
    pub fn to_query(&self) -> String {
        let Self {
            kind,
            language,
            area,
        } = self;
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        if let Some(kind) = kind {
            out.append_pair("kind", kind.as_str());
        }
        for language in language {
            out.append_pair("language", language.as_str());
        }
        for area in area {
            out.append_pair("area", area);
        }
        out.finish()
    }
}
