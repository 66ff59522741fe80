//! Rows of the data interface, as far as they are read.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::parse;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Posts,
    Comments,
}

impl Kind {
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Comments => "comments",
        }
    }

    pub(super) const fn fields(self) -> &'static str {
        match self {
            Self::Posts => {
                "id,link,date_gmt,modified_gmt,title,content,status,comment_status,author,yoast_head_json.robots"
            }
            Self::Comments => "id,link,date_gmt,content,status,author,author_name,post,parent",
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) link: Option<String>,
    pub(super) date_gmt: Option<String>,
    pub(super) modified_gmt: Option<String>,
    pub(super) title: Option<Rendered>,
    pub(super) content: Option<Rendered>,
    pub(super) status: Option<String>,
    /// Whether a post may be commented on.
    pub(super) comment_status: Option<String>,
    pub(super) author: Option<u64>,
    pub(super) author_name: Option<String>,
    pub(super) post: Option<u64>,
    pub(super) parent: Option<u64>,
    /// What a plugin puts into the head of the page, said here too (Yoast SEO).
    yoast_head_json: Option<Value>,
}

impl Entry {
    pub(super) fn says_noindex(&self) -> bool {
        let head = self.yoast_head_json.as_ref();
        head.and_then(|head| head["robots"]["index"].as_str()) == Some("noindex")
    }

    pub(super) fn changed_at(&self) -> Option<Timestamp> {
        gmt(self.modified_gmt.as_deref()).or_else(|| gmt(self.date_gmt.as_deref()))
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Rendered {
    pub(super) rendered: Option<String>,
    pub(super) protected: Option<bool>,
}

/// WordPress writes UTC without saying so.
pub(super) fn gmt(text: Option<&str>) -> Option<Timestamp> {
    let text = text?;
    parse::date::parse(&format!("{text}Z")).or_else(|| parse::date::parse(text))
}
