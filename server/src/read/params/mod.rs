//! Parameters of requests. The API reads strictly: what is unknown, repeated or unreadable is an error that names the
//! parameter. Pages and feeds leave alone what others add to an address. Empty values count as absent, so that a form can be sent as it stands.

mod digest;
mod elsewhere;
mod fields;
mod paths;
mod related;
mod search;
mod topics;
mod tray;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::IntoParams;

pub use digest::{DigestListParams, DigestParams, NoticeParams};
pub use elsewhere::{BoxParams, ElsewhereParams, Embed, OembedParams};
pub use fields::{DEFAULT_LIMIT, MAX_LIMIT, bad_cursor, cursor_expired, page};
pub use paths::{PathForm, PathParams};
pub use related::{RelatedParams, RelatedText};
pub use search::{
    CompareParams, ComparedSide, ExportParams, FollowParams, Format, MAX_ROWS, MAX_ROWS_WITH_KEY,
    MAX_SIDES, OtherSide, SavedSearch, SearchParams, WordsParams,
};
pub use topics::{ChangesParams, DEFAULT_LEVEL, GraphFormat, GraphParams, MapParams, TopicParams};
pub use tray::{MAX_TRAY, TrayItem, TrayParams};

use crate::problem::Problem;
pub use crate::shapes::Sort;
use fields::{Fields, decode, page_pairs, short};

/// Parameters of an address, read from its query string.
pub trait Query: Sized {
    /// Takes what it knows; what is left is unknown.
    fn read(fields: &mut Fields) -> Result<Self, Problem>;

    /// As the API reads: what is unknown is a mistake that is named.
    fn parse(raw: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(raw)?;
        let params = Self::read(&mut fields)?;
        fields.finish()?;
        Ok(params)
    }

    /// As pages and feeds read: what others added to the address is none of ours.
    fn liberal(raw: &str) -> Result<Self, Problem> {
        Self::read(&mut Fields::parse_liberal(raw)?)
    }
}

/// The parameters of a request to the API.
#[derive(Debug)]
pub(crate) struct Params<T>(pub(crate) T);

impl<T: Query, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        T::parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// The parameters of a page or feed.
#[derive(Debug)]
pub(crate) struct PageQuery<T>(pub(crate) T);

impl<T: Query, S: Sync> FromRequestParts<S> for PageQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        T::liberal(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// No parameters.
#[derive(Debug, Clone, Copy)]
pub struct Nothing;

impl Query for Nothing {
    fn read(_: &mut Fields) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// How large a page is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintParams {
    pub large: bool,
}

impl Query for PrintParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let word = |large| if large { "large" } else { "plain" };
        Ok(Self {
            large: fields.choice("print", &[false, true], word)?,
        })
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

impl Query for PageParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            cursor: fields.cursor()?,
            limit: fields.limit()?,
        })
    }
}

impl PageParams {
    pub fn to_query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        page_pairs(&mut out, self.cursor.as_deref(), self.limit);
        out.finish()
    }

    /// Where the list goes on, for lists in which a place is a number.
    pub(crate) fn before(&self) -> Result<Option<u64>, Problem> {
        let number = |cursor: &String| cursor.parse().map_err(|_| bad_cursor());
        self.cursor.as_ref().map(number).transpose()
    }

    #[must_use]
    pub fn at(&self, cursor: &str) -> Self {
        Self {
            cursor: Some(cursor.to_owned()),
            limit: self.limit,
        }
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

impl Query for LedgerParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            after: fields
                .parsed("after", |text| {
                    // Beyond what the store can count, and so what the document names.
                    text.parse()
                        .ok()
                        .filter(|after| i64::try_from(*after).is_ok())
                        .ok_or("`after` is the number of an entry")
                })?
                .unwrap_or(0),
            limit: fields.limit()?,
        })
    }
}

/// Parameters that may be given and be empty: words and places in a list. Every other one has a form, which nothing is
/// not; forms on pages send what was not filled in as well, so pages take empty ones as not given.
const MAY_BE_EMPTY: [&str; 6] = ["q", "q2", "q3", "q4", "q5", "cursor"];

/// That no parameter with a form is given without a value.
pub fn filled_in(raw: &str) -> Result<(), Problem> {
    for part in raw.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        if value.is_empty()
            && let Some(name) = decode(name)
            && !MAY_BE_EMPTY.contains(&name.as_str())
        {
            let detail = "the value is missing: give one, or leave the parameter out";
            return Err(Problem::parameter(&short(&name), detail));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

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
    fn pages_leave_alone_what_others_add_to_an_address() {
        for raw in [
            "q=bus&fbclid=x",
            "q=bus&utm_source=%ff",
            "%ff=1&q=bus",
            "q=bus&&amp;x=1&topic[]=",
        ] {
            let params = SearchParams::liberal(raw).expect(raw);
            assert_eq!(params.to_query(), "q=bus", "{raw}");
            assert!(SearchParams::parse(raw).is_err(), "{raw}");
        }
        let problem = SearchParams::liberal("q=bus&sort=best").expect_err("a mistake of ours");
        assert_eq!(problem.parameter.as_deref(), Some("sort"));
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
