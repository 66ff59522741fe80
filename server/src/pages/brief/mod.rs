//! A brief: a topic or a search on one sheet of A4, on screen, and as Markdown.
//!
//! Contract: what stands on it is the API's brief of the same, in words; nothing is added. Whatever the content, the
//! sheet stays one page: names and titles are cut, and what is cut is counted.

pub(super) mod markdown;
mod sentences;

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State as FromState};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use jiff::civil::Date;

use self::sentences::Sentences;
use super::answers::Happened;
use super::pictures::{names, saved};
use super::reader::Reader;
use super::respond;
use super::search::sheet::{Names, narrowed};
use super::view::{Frame, Link, Nav, Voice, original};
use crate::i18n::{Msg, filters, msg};
use crate::picture::dots::Dots;
use crate::picture::qr::Qr;
use crate::picture::timeline::Chart;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageQuery, PrintParams, Query, SearchParams};
use crate::shapes::{Annotation, Brief, Timeline};
use crate::state::{ServerConfig, State, View};
use crate::text::inline::{Day, Tag, Text, host};
use crate::text::{links, say, words};

pub(super) const MARKDOWN: &str = "text/markdown; charset=utf-8";
/// Notes that one sheet has room for: those of the latest days.
const NOTES: usize = 1;
/// Signs of an address that is printed whole.
const ADDRESS: usize = 160;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/topics/{id}/brief", get(topic))
        .route("/topics/{id}/brief.md", get(topic_markdown))
        .route("/search/brief", get(search))
        .route("/search/brief.md", get(search_markdown))
}

#[derive(Debug, Template)]
#[template(path = "brief.html")]
pub(super) struct Page {
    frame: Frame,
    large: bool,
    back: Link,
    size: Link,
    markdown: String,
    data: String,
    package: String,
    list: Option<Msg>,
    made: Day,
    runs: String,
    qr: Qr,
    /// What a search is narrowed to.
    asked: Vec<(&'static str, Text)>,
    said: Sentences,
    chart: Chart,
    dots: Dots,
    more_networks: Option<Msg>,
    /// First day of each bar, how many, and whether it lies before the beginning.
    bars: Vec<(String, u64, bool)>,
    speaking: Vec<(Text, String)>,
    languages: Vec<(Text, String)>,
    /// Each language, how many conversations are in it, and the search for them, where it is not narrowed to some already.
    tongues: Vec<(Tag, String, Option<String>)>,
    could_words: Msg,
    quotes: Vec<Said>,
    no_quotes: Msg,
    happened: Option<Happened>,
    /// What is noted on days: the day, by whom, and the words.
    notes: Vec<(Date, Text, Text)>,
    address: String,
    whole_address: String,
}

/// A quotation with its reference.
#[derive(Debug)]
struct Said {
    voice: Voice,
    number: usize,
    /// Where it was said, if that is at the network itself.
    at_network: Option<String>,
    host: String,
    /// Its conversation here, in full.
    here: String,
}

/// What a page needs besides the brief.
pub(super) struct Around<'a> {
    pub(super) config: &'a ServerConfig,
    pub(super) large: bool,
    /// Its own address, without the size of its letters.
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) asked: Vec<(&'static str, Text)>,
    pub(super) name: &'a dyn Fn(&str) -> Option<String>,
}

impl Page {
    pub(super) fn new(brief: &Brief, around: Around<'_>) -> Self {
        let Around {
            config,
            large,
            path,
            query,
            asked,
            name,
        } = around;
        let said = Sentences::new(brief);
        let base = &config.base_url;
        let nav = if brief.topic.is_some() {
            Nav::Topics
        } else {
            Nav::Search
        };
        let counted = msg!("column-conversations");
        let chart = match &brief.baseline {
            Some(before) => Chart::with_baseline("bc", &counted, &brief.timeline, before, name),
            None => Chart::new("bc", &counted, &brief.timeline, name),
        }
        .annotated(latest(&brief.annotations, large));
        let other = match (large, query) {
            (true, query) => links::with_query(path, query),
            (false, "") => format!("{path}?print=large"),
            (false, query) => format!("{path}?{query}&print=large"),
        };
        let told = brief.networks.iter().filter(|one| !one.weeks.is_empty());
        let untold = (brief.networks.len() - told.count()) as u64;
        let languages = || brief.languages.iter();
        Self {
            frame: Frame::new(
                &config.instance_name,
                msg!("brief-title", heading = said.heading.text),
                nav,
            ),
            large,
            back: Link::new(
                back(brief, query),
                if brief.topic.is_some() {
                    msg!("package-back-topic")
                } else {
                    msg!("package-back-search")
                },
            ),
            size: Link::new(
                other,
                if large {
                    msg!("digest-usual")
                } else {
                    msg!("digest-large")
                },
            ),
            markdown: links::with_query(&format!("{path}.md"), query),
            package: links::with_query(
                &format!("{}/package", path.trim_end_matches("/brief")),
                query,
            ),
            data: links::absolute(
                base,
                &links::with_query(&format!("{}{path}", links::API), query),
            ),
            list: brief.list.map(say::rank_title),
            made: Day(brief.check.made),
            runs: config
                .operator
                .clone()
                .unwrap_or_else(|| config.instance_name.clone()),
            qr: Qr::new(&brief.url),
            asked,
            dots: Dots::new(
                "bd",
                &brief.networks,
                &brief.weeks,
                brief.topic.and(brief.since),
            ),
            more_networks: (untold > 0).then(|| msg!("brief-more-networks", count = untold)),
            bars: bars(brief),
            speaking: brief
                .networks
                .iter()
                .map(|one| (Text::unknown(&one.name), words::exact(one.count)))
                .collect(),
            languages: languages()
                .map(|row| {
                    let language = row.value.parse().ok();
                    (Text::new(&row.label, language), words::exact(row.once()))
                })
                .collect(),
            tongues: languages()
                .filter_map(|row| {
                    let tag = Tag::new(row.value.parse().ok()?);
                    Some((
                        tag,
                        words::exact(row.once()),
                        in_language(brief, query, &row.value),
                    ))
                })
                .collect(),
            could_words: if brief.topic.is_some() {
                msg!("brief-could")
            } else {
                msg!("brief-not-found")
            },
            quotes: brief
                .quotes
                .iter()
                .enumerate()
                .map(|(n, quote)| Said {
                    voice: Voice::new(quote),
                    number: n + 1,
                    at_network: original(quote.kind, &quote.url)
                        .filter(|_| quote.links_to.is_none()),
                    host: host(&quote.url).unwrap_or_default(),
                    here: links::absolute(base, &links::conversation(quote.conversation)),
                })
                .collect(),
            no_quotes: if brief.topic.is_some() {
                msg!("topic-no-voices")
            } else {
                msg!("brief-no-match")
            },
            happened: brief.happened.as_ref().map(|answers| {
                let topic = brief.topic.map_or_else(String::new, links::topic);
                let href = links::absolute(base, &format!("{topic}/answers"));
                if large {
                    Happened::new(href, answers)
                } else {
                    Happened::on_a_sheet(href, answers)
                }
            }),
            notes: latest(&brief.annotations, large)
                .iter()
                .map(|note| {
                    let network = note.network.as_ref().map(|network| &network.name);
                    let who = network.or(note.operator.as_ref());
                    let who = Text::unknown(who.cloned().unwrap_or_default());
                    (note.day, who, Text::unknown(&note.text))
                })
                .collect(),
            address: printed(&brief.url),
            whole_address: brief.url.clone(),
            said,
            chart,
        }
    }
}

/// The notes that a sheet has room for, in large print all of them.
fn latest(notes: &[Annotation], large: bool) -> &[Annotation] {
    let left_out = notes.len().saturating_sub(NOTES);
    &notes[if large { 0 } else { left_out }..]
}

/// A sentence that is told in English in every language.
fn english(sentence: &str) -> Msg {
    Msg::English(sentence.to_owned())
}

fn back(brief: &Brief, query: &str) -> String {
    match brief.topic {
        Some(id) => links::topic(id),
        None => links::search(query),
    }
}

/// The search for what the brief is about in one language; none where it was narrowed to languages.
fn in_language(brief: &Brief, query: &str, language: &str) -> Option<String> {
    let mut asked = match brief.topic {
        Some(id) => SearchParams {
            topic: vec![id],
            ..SearchParams::default()
        },
        None => SearchParams::liberal(query).ok()?,
    };
    if !asked.language.is_empty() {
        return None;
    }
    asked.language.push(language.parse().ok()?);
    Some(links::search(&asked.to_query()))
}

/// An address as it stands on paper.
fn printed(address: &str) -> String {
    if address.chars().count() <= ADDRESS {
        return address.to_owned();
    }
    let cut: String = address.chars().take(ADDRESS).collect();
    format!("{cut}… (whole in the code above)")
}

fn bars(brief: &Brief) -> Vec<(String, u64, bool)> {
    let of = |timeline: &Timeline, before: bool| -> Vec<(String, u64, bool)> {
        let buckets = timeline.buckets.iter();
        buckets
            .map(|bucket| (bucket.start.to_string(), bucket.once(), before))
            .collect()
    };
    let baseline = brief.baseline.as_ref();
    let mut bars = baseline.map_or_else(Vec::new, |before| of(&before.timeline, true));
    bars.extend(of(&brief.timeline, false));
    bars
}

async fn of_topic(
    view: &View,
    headers: &HeaderMap,
    id: &str,
    large: bool,
) -> Result<(Brief, Page), Problem> {
    let mut brief = read::brief::of_topic(view, id).await?;
    Reader::of(headers).name([&mut brief]);
    let path = format!(
        "{}/brief",
        links::topic(brief.topic.map_or_else(String::new, |id| id.to_string()))
    );
    let around = Around {
        config: view.state.config(),
        large,
        path: &path,
        query: "",
        asked: Vec::new(),
        name: &names(view),
    };
    let page = Page::new(&brief, around);
    Ok((brief, page))
}

async fn topic(
    view: View,
    Path(id): Path<String>,
    PageQuery(print): PageQuery<PrintParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (brief, page) = of_topic(&view, &headers, &id, print.large).await?;
    let own = brief.topic.map_or_else(String::new, |id| id.to_string());
    let at = format!("{}/brief", links::topic(&own));
    if own != id {
        return Ok(Redirect::permanent(&at).into_response());
    }
    respond(&headers, &view, &at, &page)
}

async fn topic_markdown(
    view: View,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Markdown has room for all of it.
    let (brief, page) = of_topic(&view, &headers, &id, true).await?;
    let id = brief.topic.map_or_else(String::new, |id| id.to_string());
    let file = format!("brief-{id}.md");
    saved(&headers, &view, MARKDOWN, file, markdown::of(&page))
}

async fn of_search(state: &State, query: &str) -> Result<(View, SearchParams, Page), Problem> {
    let params = SearchParams {
        cursor: None,
        limit: SearchParams::default().limit,
        ..SearchParams::liberal(query)?
    };
    let print = PrintParams::liberal(query)?;
    let view = state.view().await?;
    let brief = read::brief::of_search(&view, &params).await?;
    let topics = read::topics::of_ids(&view, &params.topic);
    let topic = |id: &str| {
        let found = topics.iter().find(|topic| topic.id.to_string() == id)?;
        Some(found.label.clone())
    };
    let query = params.to_query();
    let page = {
        let name = names(&view);
        let areas = read::areas::served(&view);
        let area = |slug: &str| {
            let (area, _) = areas.get(slug)?;
            Some(words::area(area.kind().as_str(), area.name()))
        };
        let asked = Names {
            network: &name,
            area: &area,
            topic: &topic,
        };
        let around = Around {
            config: state.config(),
            large: print.large,
            path: "/search/brief",
            query: &query,
            asked: narrowed(&params, &asked),
            name: &name,
        };
        Page::new(&brief, around)
    };
    Ok((view, params, page))
}

async fn search(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (view, params, page) = of_search(&state, &query.unwrap_or_default()).await?;
    let at = links::with_query("/search/brief", &params.to_query());
    respond(&headers, &view, &at, &page)
}

async fn search_markdown(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (view, _, page) = of_search(&state, &query.unwrap_or_default()).await?;
    saved(&headers, &view, MARKDOWN, "brief.md", markdown::of(&page))
}
