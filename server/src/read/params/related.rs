//! Parameters of related conversations: by address, and by a text in the body.

use discover_model::Language;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Query;
use super::fields::{Fields, page_pairs};
use crate::problem::Problem;
use crate::shapes::LanguageCode;

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

impl Query for RelatedParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            url: fields
                .one("url")?
                .ok_or_else(|| Problem::parameter("url", "`url` is needed"))?,
            cursor: fields.cursor()?,
            limit: fields.limit()?,
        })
    }
}

impl RelatedParams {
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
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 100)]
    pub limit: Option<usize>,
}

/// A whole number as JSON knows it: `20.0` is one too.
fn whole<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    let number = Option::<serde_json::Number>::deserialize(deserializer)?;
    number
        .map(|number| {
            let fits = |number: &f64| number.fract() == 0.0 && (0.0..1e9).contains(number);
            number
                .as_f64()
                .filter(fits)
                .map(|number| number as usize)
                .ok_or_else(|| serde::de::Error::custom("`limit` must be a whole number"))
        })
        .transpose()
}
