//! The box for owners' own sites: as a document for a frame, as a part for a server to put in, as oEmbed, and as a plain
//! list to copy.
//!
//! Contract: no script, no cookie, nothing counted of who reads; the document alone may be shown in frames of other sites.

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State as FromState};
use axum::http::header::{ETAG, LINK, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Serialize;
use url::Url;

use super::reader::Reader;
use super::view::{label, title};
use super::{HTML, topic};
use crate::etag;
use crate::headers::Framed;
use crate::problem::{Code, Problem};
use crate::read;
use crate::read::params::{
    BoxParams, ElsewhereParams, Embed, OembedParams, PageParams, PageQuery, Query,
};
use crate::shapes::{Conversation, Elsewhere};
use crate::state::{State, View};
use crate::text::inline::{Day, Tag, Text, outside};
use crate::text::{coordinated, links, words};

/// Size of a frame, in pixels, where a consumer of oEmbed asks for no smaller one.
const WIDTH: u32 = 480;
const HEIGHT: u32 = 420;
/// Seconds for which a consumer of oEmbed may keep the frame's markup; what is in the frame is never kept.
const CACHE: u32 = 300;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/topics/{id}", get(of_topic))
        .route("/embed", get(of_page))
        .route("/oembed", get(oembed))
}

/// What stands in the box.
#[derive(Debug, Template)]
#[template(path = "part/elsewhere.html")]
struct Also {
    instance: String,
    rows: Vec<Row>,
    /// What happened, by whom, when, and where it says so.
    answered: Option<(String, Text, Day, String)>,
    more: Option<(String, String)>,
    why: String,
}

#[derive(Debug)]
struct Row {
    href: String,
    title: Text,
    network: Text,
    language: Option<Tag>,
}

/// The box as a document.
#[derive(Debug, Template)]
#[template(path = "elsewhere.html")]
struct Document {
    title: String,
    also: Also,
}

/// The box as a list that stays as it is.
#[derive(Debug, Template)]
#[template(
    source = r#"<p>Also being talked about at {% for row in rows %}{% if !loop.first %}, {% endif %}<a href="{{ row.href }}" rel="external noreferrer" referrerpolicy="no-referrer">{{ row.network }}</a>{% endfor %}</p>"#,
    ext = "html"
)]
struct Plain {
    rows: Vec<Row>,
}

/// The frame's markup.
#[derive(Debug, Template)]
#[template(
    source = r#"<iframe src="{{ src }}" title="Also being talked about at" width="{{ width }}" height="{{ height }}" loading="lazy" referrerpolicy="no-referrer" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>"#,
    ext = "html"
)]
struct Frame<'a> {
    src: &'a str,
    width: &'a str,
    height: u32,
}

impl askama::filters::HtmlSafe for Also {}

fn row(base: &Url, conversation: &Conversation) -> Option<Row> {
    // What a network links to elsewhere is not talked about at that network's site.
    let href = match &conversation.links_to {
        Some(_) => links::absolute(base, &links::conversation(conversation.id)),
        None => outside(&conversation.url)?,
    };
    Some(Row {
        href,
        title: Text::new(title(&conversation.title), conversation.language),
        network: Text::unknown(&conversation.network.name),
        language: conversation.language.map(Tag::new),
    })
}

impl Also {
    fn new(instance: &str, base: &Url, found: Option<&Elsewhere>) -> Self {
        Self {
            instance: instance.to_owned(),
            rows: found
                .into_iter()
                .flat_map(|found| &found.items)
                .filter_map(|conversation| row(base, conversation))
                .collect(),
            answered: found.and_then(|found| {
                let one = found.answered.as_ref()?;
                Some((
                    words::sentence(&one.stage),
                    Text::unknown(&one.by),
                    Day(one.at),
                    one.url.clone(),
                ))
            }),
            more: found.map(|found| {
                let words = match &found.topic {
                    Some(topic) => {
                        let counted = format!(
                            "{}: {}, {}",
                            label(&topic.label, &topic.labels),
                            words::networks(topic.networks),
                            words::of(found.languages, "language", "languages")
                        );
                        match coordinated::sign(topic.coordinated.as_ref()) {
                            Some(sign) => format!("{counted}. {sign}"),
                            None => counted,
                        }
                    }
                    None => "What is related, and why".to_owned(),
                };
                (found.url.clone(), words)
            }),
            why: links::absolute(base, "/bot#box"),
        }
    }
}

/// A box, or that there is nothing to put into one.
fn respond(
    view: &View,
    headers: &HeaderMap,
    params: &BoxParams,
    found: Result<Elsewhere, Problem>,
) -> Result<Response, Problem> {
    let config = view.state.config();
    let missing = [StatusCode::NOT_FOUND, StatusCode::GONE];
    let (mut found, status) = match found {
        Ok(found) => (Some(found), StatusCode::OK),
        Err(problem) if missing.contains(&problem.status) => (None, problem.status),
        Err(problem) => return Err(problem),
    };
    if let Some(topic) = found.as_mut().and_then(|found| found.topic.as_mut()) {
        let reader = match params.lang {
            Some(language) => Reader::reading(language),
            None => Reader::of(headers),
        };
        reader.name([topic]);
    }
    let also = Also::new(&config.instance_name, &config.base_url, found.as_ref());
    let html = match params.embed {
        Embed::Part => also.render(),
        Embed::No | Embed::Frame => {
            let title = format!("Also being talked about, from {}", config.instance_name);
            Document { title, also }.render()
        }
    };
    let html = html.map_err(|error| Problem::internal(&error))?;
    // Where there is no box no tag is known: a reload says so again.
    let unknown = HeaderMap::new();
    let headers = if status == StatusCode::OK {
        headers
    } else {
        &unknown
    };
    let mut response = etag::respond(headers, view, HTML, html);
    if status != StatusCode::OK {
        *response.status_mut() = status;
        response.headers_mut().remove(ETAG);
    }
    if params.embed != Embed::Part {
        response.extensions_mut().insert(Framed);
    }
    let vary = HeaderValue::from_static("accept-language");
    response.headers_mut().append(VARY, vary);
    Ok(response)
}

/// A topic's page, or its box.
async fn of_topic(
    FromState(state): FromState<State>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let params = BoxParams::liberal(&query)?;
    let view = state.view().await?;
    if params.embed == Embed::No {
        let page = PageQuery(PageParams::liberal(&query)?);
        let mut response = topic::page(view, Path(id.clone()), page, headers).await?;
        announce(&state, &links::topic(&id), &mut response)?;
        return Ok(response);
    }
    let found = match id.parse() {
        Err(_) => Err(Problem::not_found("topic")),
        Ok(topic) => {
            let asked = ElsewhereParams {
                topic: Some(topic),
                url: None,
                not: params.not.clone(),
            };
            read::elsewhere::elsewhere(&view, &asked).await
        }
    };
    respond(&view, &headers, &params, found)
}

/// The box of a page at its network.
async fn of_page(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let params = BoxParams::liberal(&query)?;
    let asked = ElsewhereParams::liberal(&query)?;
    let view = state.view().await?;
    let found = read::elsewhere::elsewhere(&view, &asked).await;
    respond(&view, &headers, &params, found)
}

/// Says where a page's box is (oEmbed 1.0, 4.2).
fn announce(state: &State, path: &str, response: &mut Response) -> Result<(), Problem> {
    let base = &state.config().base_url;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("url", &links::absolute(base, path))
        .finish();
    let at = links::absolute(base, &links::with_query("/oembed", &query));
    let link = format!("<{at}>; rel=\"alternate\"; type=\"application/json+oembed\"");
    let link = HeaderValue::try_from(link).map_err(|error| Problem::internal(&error))?;
    response.headers_mut().append(LINK, link);
    Ok(())
}

/// A box as consumers of oEmbed know it.
#[derive(Debug, Serialize)]
struct Oembed {
    version: &'static str,
    r#type: &'static str,
    title: String,
    provider_name: String,
    provider_url: String,
    cache_age: u32,
    html: String,
    width: u32,
    height: u32,
}

async fn oembed(
    view: View,
    PageQuery(params): PageQuery<OembedParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !params.json {
        let problem = Problem::new(Code::BadParameter, "this is told as JSON alone");
        return Ok(Problem {
            status: StatusCode::NOT_IMPLEMENTED,
            ..problem
        }
        .into_response());
    }
    let config = view.state.config();
    let base = &config.base_url;
    let topic = topic_at(base, &params.url);
    let asked = ElsewhereParams {
        topic,
        url: topic.is_none().then(|| params.url.clone()),
        not: None,
    };
    // What may not be shown has no frame either.
    read::elsewhere::elsewhere(&view, &asked).await?;
    let src = match topic {
        Some(topic) => links::absolute(base, &format!("{}?embed=1", links::topic(topic))),
        None => by_page(base, &params.url),
    };
    let size = |most: Option<u32>, usual: u32| most.map_or(usual, |most| most.min(usual));
    let (width, height) = (
        size(params.max_width, WIDTH),
        size(params.max_height, HEIGHT),
    );
    let answer = Oembed {
        version: "1.0",
        r#type: "rich",
        // A constant: consumers keep it, and what may be shown of the topic can change meanwhile. The frame names it.
        title: "Also being talked about at".to_owned(),
        provider_name: config.instance_name.clone(),
        provider_url: base.to_string(),
        cache_age: CACHE,
        html: frame(&src, &width.to_string(), height)?,
        width,
        height,
    };
    let body = serde_json::to_vec(&answer).map_err(|error| Problem::internal(&error))?;
    Ok(etag::respond(&headers, &view, "application/json", body))
}

/// The topic whose page here an address is.
fn topic_at(base: &Url, address: &str) -> Option<discover_model::TopicId> {
    let url = Url::parse(address).ok()?;
    (url.origin() == base.origin()).then_some(())?;
    url.path().strip_prefix("/topics/")?.parse().ok()
}

/// Address of the box of a page.
fn by_page(base: &Url, page: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("embed", "1")
        .append_pair("url", page)
        .finish();
    links::absolute(base, &links::with_query("/embed", &query))
}

/// How a network's server fetches the box of one of its pages.
pub(crate) fn fetch_of_a_page(base: &Url, network: &str) -> String {
    let at = links::absolute(base, &format!("/embed?embed=part&not={network}"));
    format!("curl -sfG '{at}' --data-urlencode 'url=ADDRESS OF THE PAGE' > also.html")
}

fn frame(src: &str, width: &str, height: u32) -> Result<String, Problem> {
    let frame = Frame { src, width, height };
    frame.render().map_err(|error| Problem::internal(&error))
}

/// Three ways to put a topic's box into a page of a network.
#[derive(Debug)]
pub(crate) struct Snippets {
    pub(crate) fetch: String,
    pub(crate) frame: String,
    /// Empty where no other network may be named.
    pub(crate) list: String,
}

impl Snippets {
    pub(crate) fn of_topic(
        base: &Url,
        id: discover_model::TopicId,
        network: &str,
        found: &Elsewhere,
    ) -> Result<Self, Problem> {
        let at = |embed: &str| {
            let path = format!("{}?embed={embed}&not={network}", links::topic(id));
            links::absolute(base, &path)
        };
        let rows = found.items.iter().filter_map(|item| row(base, item));
        let list = Plain {
            rows: rows.collect(),
        };
        Ok(Self {
            fetch: format!("curl -sf '{}' > also.html", at("part")),
            frame: frame(&at("1"), "100%", HEIGHT)?,
            list: if list.rows.is_empty() {
                String::new()
            } else {
                list.render().map_err(|error| Problem::internal(&error))?
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_known_by_its_address_here_and_nowhere_else() {
        let base = Url::parse("https://discover.example/").expect("an address");
        let id = "aaaaaaaaaaaaaaaaaaaaaaaaae";
        let at = |address: &str| topic_at(&base, address).map(|id| id.to_string());
        assert_eq!(
            at(&format!("https://discover.example/topics/{id}?x=1")).as_deref(),
            Some(id)
        );
        assert_eq!(at(&format!("https://other.example/topics/{id}")), None);
        assert_eq!(at("https://discover.example/topics/matrix"), None);
    }
}
