//! Parameters of "how are these two connected?".

use serde::Serialize;
use utoipa::IntoParams;

use super::Query;
use super::fields::Fields;
use crate::problem::Problem;
use crate::shapes::Id;

/// The two ends of a way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PathParams {
    /// Id of a conversation or topic.
    #[param(value_type = Id)]
    pub from: String,
    /// Id of another.
    #[param(value_type = Id)]
    pub to: String,
}

impl Query for PathParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let mut end = |name: &'static str| -> Result<String, Problem> {
            fields
                .one(name)?
                .ok_or_else(|| Problem::parameter(name, format!("`{name}` is needed")))
        };
        Ok(Self {
            from: end("from")?,
            to: end("to")?,
        })
    }
}

impl PathParams {
    pub fn to_query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        out.append_pair("from", &self.from);
        out.append_pair("to", &self.to);
        out.finish()
    }
}

/// The two ends as a reader names them on the page: ids, or addresses of pages of this site; neither at first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathForm {
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Query for PathForm {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let mut end = |name: &'static str| -> Result<Option<String>, Problem> {
            Ok(fields.one(name)?.map(|text| last_part(&text).to_owned()))
        };
        Ok(Self {
            from: end("from")?,
            to: end("to")?,
        })
    }
}

impl PathForm {
    /// Both ends, where both are named.
    pub fn ends(&self) -> Option<PathParams> {
        Some(PathParams {
            from: self.from.clone()?,
            to: self.to.clone()?,
        })
    }
}

/// The id at the end of an address.
fn last_part(text: &str) -> &str {
    let text = text.trim().split(['?', '#']).next().unwrap_or_default();
    text.trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
}
