//! A topic or a search on one page.
//!
//! Contract: every figure comes from the function that its own page calls; here they are chosen, never made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use discover_indexer::{Interval as Buckets, MAX_FACET_ROWS, Matching, SearchRequest};
use discover_model::{Language, NetworkId};
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use sha2::{Digest as _, Sha256};

use super::names::Names;
use super::params::{MAX_LIMIT, SearchParams};
use super::topic_cache::Raw;
use super::{answers, comparable, matrix, rows, search, topics, warnings};
use crate::figures;
use crate::problem::Problem;
use crate::shapes::{
    Brief, BriefNetwork, BriefWarning, Check, FacetRow, Hit, LeftOut, MatchMode, NetworkRef,
    NotComparable, Quote, SearchPage, TopicState,
};
use crate::state::View;
use crate::text::links;

/// Quotations at most.
const QUOTES: usize = 4;
/// Networks whose weeks are told.
const ROWS: usize = 12;
/// Weeks that are told of them, this one included.
const WEEKS: i64 = 16;

/// A topic on one page.
pub async fn of_topic(view: &View, id: &str) -> Result<Brief, Problem> {
    let topic = topics::topic(view, id).await?;
    let taking = matrix::networks(view, id).await?;
    let warnings = warnings::warnings(view).await?;
    let raised = warnings.items.iter().find(|one| one.topic.id == topic.id);
    let params = SearchParams {
        topic: vec![topic.id],
        limit: 1,
        ..SearchParams::default()
    };
    let found = view.state.search_cache().get(view, &params).await?;
    let weeks = weeks(view);
    let speaking = taking.items.iter();
    let speaking = speaking.filter(|one| one.state == TopicState::Speaks);
    let counted = speaking.map(|one| (one.slug.clone(), one.name.clone(), one.once()));
    let request = SearchRequest {
        topic: vec![topic.id],
        matching: Matching::All,
        ..SearchRequest::default()
    };
    let mention = taking.items.iter();
    let mention = mention.filter(|one| one.state == TopicState::Mentions);
    let unknown = taking.items.iter();
    let unknown = unknown.filter(|one| one.state == TopicState::NotComparable);
    Ok(Brief {
        url: here(view, &links::topic(topic.id)),
        topic: Some(topic.id),
        list: topic.list,
        since: Some(topic.born),
        before: None,
        headline: Some(topic.title.trim().to_owned()).filter(|title| !title.is_empty()),
        conversations: topic.conversations,
        last_7_days: Some(topic.last_7_days),
        voices: Some(topic.voices),
        networks: by_week(view, &request, counted.collect(), &weeks).await?,
        weeks,
        looked_at: taking.items.len() as u64,
        languages: found.facets.language.clone(),
        quotes: topic.quotes.into_iter().take(QUOTES).collect(),
        not_comparable: unknown
            .map(|one| NotComparable {
                slug: one.slug.clone(),
                name: one.name.clone(),
                languages: one.languages.clone(),
            })
            .collect(),
        mentions: mention
            .map(|one| NetworkRef {
                slug: one.slug.clone(),
                name: one.name.clone(),
            })
            .collect(),
        could: taking.silent,
        warning: Some(BriefWarning {
            chance: raised.map(|one| one.chance),
            networks: raised.map_or(0, |one| one.networks),
            tests: warnings.tests,
            days: warnings.days,
            compared_with: warnings.compared_with,
            false_share: warnings.false_share,
            false_alarms: warnings.false_alarms,
        }),
        happened: Some(answers::of_topic(view, id).await?),
        annotations: topic.annotations,
        left_out: LeftOut {
            near_copies: topic.near_copies,
            undated: topic.timeline.undated,
            matched: None,
        },
        check: check(view).await?,
        label: topic.label,
        labels: topic.labels,
        coordinated: topic.coordinated,
        timeline: topic.timeline,
        baseline: topic.before,
    })
}

/// What a search finds, on one page.
pub async fn of_search(view: &View, params: &SearchParams) -> Result<Brief, Problem> {
    let params = SearchParams {
        cursor: None,
        limit: MAX_LIMIT,
        ..params.clone()
    };
    let found = search::search(view, &params).await?;
    let weeks = weeks(view);
    let facets = found.facets.network.iter();
    let counted = facets.map(|row| (row.value.clone(), row.label.clone(), row.once()));
    let mut request = search::request(view, &params, search::Purpose::Take, &Names::strict())?;
    let asked: BTreeSet<NetworkId> = request.network.iter().copied().collect();
    if found.matched.mode == MatchMode::All {
        request.matching = Matching::All;
    }
    let networks = by_week(view, &request, counted.collect(), &weeks).await?;
    // Of networks that the counts leave out nothing is known.
    let cut = found.facets.network.len() >= MAX_FACET_ROWS;
    let (looked_at, could, not_comparable) = if cut || narrowed(&params) {
        (found.facets.network.len() as u64, Vec::new(), Vec::new())
    } else {
        silent(view, &asked, &found).await?
    };
    let whole = SearchParams {
        limit: SearchParams::default().limit,
        ..params.clone()
    };
    Ok(Brief {
        label: params.q.clone(),
        labels: BTreeMap::new(),
        headline: None,
        url: here(view, &links::search(&whole.to_query())),
        topic: None,
        list: None,
        since: params.after,
        before: params.before,
        conversations: found.total,
        last_7_days: None,
        voices: None,
        coordinated: None,
        timeline: found.timeline.clone(),
        baseline: None,
        networks,
        weeks,
        looked_at,
        languages: found.facets.language.clone(),
        quotes: quotes(&found.items),
        mentions: Vec::new(),
        could,
        not_comparable,
        warning: None,
        happened: None,
        annotations: Vec::new(),
        left_out: LeftOut {
            near_copies: found.near_copies,
            undated: found.timeline.undated,
            matched: Some(found.matched),
        },
        check: check(view).await?,
    })
}

/// Whether a search leaves networks out for another reason than that they do not speak of it.
fn narrowed(params: &SearchParams) -> bool {
    // What only looks like a field in a phrase makes the brief say less, and nothing that is not so.
    let fields = ["network:", "kind:", "topic:", "lang:", "language:"];
    let asked = params.q.to_lowercase();
    !params.kind.is_empty()
        || !params.area.is_empty()
        || !params.topic.is_empty()
        || !params.language.is_empty()
        || fields.iter().any(|field| asked.contains(field))
}

/// An address of this instance in full.
pub(super) fn here(view: &View, path: &str) -> String {
    links::absolute(&view.state.config().base_url, path)
}

/// First days of the last weeks, oldest first.
fn weeks(view: &View) -> Vec<Date> {
    let back = view.today.weekday().since(Weekday::Monday);
    let last = view.today.saturating_sub(i64::from(back).days());
    (0..WEEKS)
        .rev()
        .map(|ago| last.saturating_sub(ago.weeks()))
        .collect()
}

/// The networks of what `request` finds, the first of them by week.
async fn by_week(
    view: &View,
    request: &SearchRequest,
    counted: Vec<(String, String, u64)>,
    weeks: &[Date],
) -> Result<Vec<BriefNetwork>, Problem> {
    let first = weeks.first().copied().unwrap_or(view.today);
    let mut networks = Vec::with_capacity(counted.len());
    for (n, (slug, name, count)) in counted.into_iter().enumerate() {
        let id = view.network_by_slug(&slug).map(|network| network.id);
        let told = match id.filter(|_| n < ROWS) {
            None => Vec::new(),
            Some(id) => {
                let request = SearchRequest {
                    network: vec![id],
                    after: Some(request.after.map_or(first, |after| after.max(first))),
                    interval: Buckets::Week,
                    facets: true,
                    limit: 1,
                    ..request.clone()
                };
                let found = search::weeks(view, request).await?;
                let of = |start: &Date| {
                    let week = found.iter().find(|raw| raw.start == *start);
                    week.map_or(0, Raw::once)
                };
                weeks.iter().map(of).collect()
            }
        };
        networks.push(BriefNetwork {
            slug,
            name,
            count,
            weeks: told,
        });
    }
    Ok(networks)
}

/// How many networks were looked at, which of them could speak of what was found and do not, and of which nobody knows.
async fn silent(
    view: &View,
    asked: &BTreeSet<NetworkId>,
    found: &SearchPage,
) -> Result<(u64, Vec<NetworkRef>, Vec<NotComparable>), Problem> {
    let spoken = comparable::languages(view).await?;
    let of: Vec<Language> = found
        .facets
        .language
        .iter()
        .filter_map(|row| row.value.parse().ok())
        .collect();
    let (mut looked_at, mut could, mut unknown) = (0, Vec::new(), Vec::new());
    for network in view.networks() {
        if !asked.is_empty() && !asked.contains(&network.id) {
            continue;
        }
        looked_at += 1;
        let speaks = |row: &FacetRow| row.value == network.slug;
        if found.facets.network.iter().any(speaks) {
            continue;
        }
        let own = spoken.get(&network.id);
        if comparable::could(view, &of, own) {
            could.push(NetworkRef {
                slug: network.slug.clone(),
                name: network.name.clone(),
            });
        } else {
            unknown.push(NotComparable {
                slug: network.slug.clone(),
                name: network.name.clone(),
                languages: own.into_iter().flatten().copied().collect(),
            });
        }
    }
    Ok((looked_at, could, unknown))
}

/// Passages of the best hits, one a network; of near copies the first.
pub(super) fn quotes(hits: &[Hit]) -> Vec<Quote> {
    let mut quoted: BTreeSet<&str> = BTreeSet::new();
    hits.iter()
        .filter(|hit| hit.nearly.is_none())
        .filter_map(|hit| {
            let passage = hit.highlight.first().map(|passage| passage.text.as_str());
            let text = passage.unwrap_or(&hit.conversation.excerpt);
            // Of a network that is kept by title and link alone there is nothing to quote.
            (!text.trim().is_empty()).then_some((hit, text))
        })
        .filter(|(hit, _)| quoted.insert(hit.conversation.network.slug.as_str()))
        .take(QUOTES)
        .map(|(hit, text)| {
            let row = &hit.conversation;
            Quote {
                text: text.to_owned(),
                language: row.language,
                direction: rows::direction(row.language),
                network: row.network.clone(),
                conversation: row.id,
                title: row.title.clone(),
                kind: row.kind,
                day: None,
                url: row.url.clone(),
                links_to: row.links_to.clone(),
            }
        })
        .collect()
}

/// What it takes to check what is made of this view.
pub(super) async fn check(view: &View) -> Result<Check, Problem> {
    let figures = figures::figures(view).await?;
    let parameters = serde_json::to_vec(view.topics.parameters());
    let parameters = parameters.map_err(|error| Problem::internal(&error))?;
    let mut hash = String::with_capacity(64);
    for byte in Sha256::digest(parameters) {
        let _ = write!(hash, "{byte:02x}");
    }
    Ok(Check {
        made: view.today,
        drawn: view.topics.drawn,
        generation: view.generation(),
        seq: view.seq,
        ledger_seq: figures.head.0,
        ledger_head: figures.head.1.clone(),
        parameters: hash,
    })
}
