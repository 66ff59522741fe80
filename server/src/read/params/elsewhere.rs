//! Parameters of "also being talked about at": for data, for the box, and for oEmbed.

use discover_model::{Language, TopicId, network::is_slug};
use utoipa::IntoParams;

use super::Query;
use super::fields::{Fields, ID, LANGUAGE, SLUG};
use crate::problem::Problem;
use crate::shapes::Id;

/// Of what it is asked where else it is talked about: a topic, or a page at its network.
#[derive(Debug, Clone, PartialEq, Eq, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ElsewhereParams {
    /// Id of a topic.
    #[param(value_type = Option<Id>)]
    pub topic: Option<TopicId>,
    /// Address of a conversation at its network, in place of a topic.
    #[param(format = "uri", max_length = 2048)]
    pub url: Option<String>,
    /// Slug of the network that asks: its own conversations are left out.
    pub not: Option<String>,
}

impl Query for ElsewhereParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let params = Self {
            topic: fields.parsed("topic", |text| text.parse().map_err(|_| ID))?,
            url: fields.one("url")?,
            not: fields.parsed("not", |text| {
                is_slug(text).then(|| text.to_owned()).ok_or(SLUG)
            })?,
        };
        match (&params.topic, &params.url) {
            (None, None) => Err(Problem::parameter("url", "`topic` or `url` is needed")),
            (Some(_), Some(_)) => Err(Problem::parameter(
                "url",
                "either `topic` or `url`, not both",
            )),
            _ => Ok(params),
        }
    }
}

/// How much of a box is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embed {
    /// None: a page is asked for.
    No,
    /// As a document, for a frame.
    Frame,
    /// As a part of a document, for a server that puts it into its own.
    Part,
}

impl Embed {
    const fn as_str(self) -> &'static str {
        match self {
            Self::No => "0",
            Self::Frame => "1",
            Self::Part => "part",
        }
    }
}

/// How a box is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxParams {
    pub embed: Embed,
    /// Slug of the network in whose page it stands.
    pub not: Option<String>,
    /// Language of that page: topics are called by their name in it.
    pub lang: Option<Language>,
}

impl Query for BoxParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            embed: fields.choice(
                "embed",
                &[Embed::No, Embed::Frame, Embed::Part],
                Embed::as_str,
            )?,
            not: fields.parsed("not", |text| {
                is_slug(text).then(|| text.to_owned()).ok_or(SLUG)
            })?,
            lang: fields.parsed("lang", |text| Language::from_tag(text).ok_or(LANGUAGE))?,
        })
    }
}

/// What a consumer of oEmbed asks with (oEmbed 1.0, 2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OembedParams {
    /// A topic's page here, or a page at its network.
    pub url: String,
    pub max_width: Option<u32>,
    pub max_height: Option<u32>,
    pub json: bool,
}

impl Query for OembedParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let number = |text: &str| text.parse().map_err(|_| "expected a number of pixels");
        Ok(Self {
            url: fields
                .one("url")?
                .ok_or_else(|| Problem::parameter("url", "`url` is needed"))?,
            max_width: fields.parsed("maxwidth", number)?,
            max_height: fields.parsed("maxheight", number)?,
            json: fields.one("format")?.is_none_or(|format| format == "json"),
        })
    }
}
