//! What is handed on of a topic or a search: quotations with their sources and consents.
//!
//! Contract: what an export and a brief may show, by the same functions: every quotation passed the view at hand, has 300
//! characters at most and stands once, whatever copies there are; what is left out is counted. Its files are made elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Conversation, ConversationId, GrantId};
use discover_store::RecordedGrant;

use super::brief::{check, here};
use super::params::{MAX_LIMIT, SearchParams};
use super::{quotes, rows, search, topics};
use crate::problem::Problem;
use crate::shapes::{
    Coordinated, Evidence, Hit, MatchMode, NotHandedOn, Package, Quotation, QuotedConsent,
    QuotedNetwork,
};
use crate::state::View;
use crate::text::links;
use crate::text::links::API;

/// Quotations at most.
pub(crate) const MOST: usize = MAX_LIMIT;

/// What is handed on.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A topic, also by an id it had before a merge.
    Topic(String),
    /// A search; its place in the list makes no difference.
    Search(SearchParams),
}

/// A conversation that comes into question, with the passage that a search found in it.
type Found = (ConversationId, Option<(String, discover_model::PostId)>);

/// The package without its files.
pub async fn package(view: &View, subject: &Subject) -> Result<Package, Problem> {
    match subject {
        Subject::Topic(id) => of_topic(view, id).await,
        Subject::Search(params) => of_search(view, params).await,
    }
}

async fn of_topic(view: &View, id: &str) -> Result<Package, Problem> {
    let topic = topics::find(view, id)?;
    let params = SearchParams {
        topic: vec![topic.id],
        limit: MOST,
        ..SearchParams::default()
    };
    let found = search::search(view, &params).await?;
    let central = view.topics.central(topic.id).into_iter();
    let mut ids: Vec<ConversationId> = central.map(|one| one.conversation).collect();
    let mut seen: BTreeSet<ConversationId> = ids.iter().copied().collect();
    let others = found.items.iter().map(|hit| hit.conversation.id);
    ids.extend(others.filter(|id| seen.insert(*id)));
    let words = quotes::subject(topic);
    let passage = |row: &Conversation, _: &Found| {
        let text = quotes::passage(row, &words)?;
        Some((text, 0))
    };
    let found = Gathered {
        label: topic.label.clone(),
        path: links::topic(topic.id),
        manifest: format!("{API}/topics/{}/package", topic.id),
        total: found.total,
        near_copies: found.near_copies,
        found: ids.into_iter().map(|id| (id, None)).collect(),
    };
    let package = gather(view, found, passage).await?;
    Ok(Package {
        topic: Some(topic.id),
        coordinated: Coordinated::by(topic.coordinated.as_ref()),
        ..package
    })
}

async fn of_search(view: &View, params: &SearchParams) -> Result<Package, Problem> {
    let first = |limit| SearchParams {
        cursor: None,
        limit,
        ..params.clone()
    };
    let found = search::search(view, &first(MOST)).await?;
    let query = first(SearchParams::default().limit).to_query();
    let highlighted = |hit: &Hit| {
        let passage = hit.highlight.first()?;
        Some((passage.text.clone(), passage.post))
    };
    let passage = |row: &Conversation, found: &Found| match &found.1 {
        Some((text, post)) => {
            let at = row.posts.iter().position(|one| one.id == *post)?;
            Some((text.clone(), at))
        }
        None => Some((row.excerpt(), 0)),
    };
    let gathered = Gathered {
        label: params.q.trim().to_owned(),
        path: links::search(&query),
        manifest: links::with_query(&format!("{API}/search/package"), &query),
        total: found.total,
        near_copies: found.near_copies,
        found: found
            .items
            .iter()
            .map(|hit| (hit.conversation.id, highlighted(hit)))
            .collect(),
    };
    let mut package = gather(view, gathered, passage).await?;
    let all = found.matched.mode == MatchMode::All;
    package.left_out.matched = (!all).then_some(found.matched);
    Ok(package)
}

struct Gathered {
    label: String,
    path: String,
    manifest: String,
    total: u64,
    near_copies: u64,
    found: Vec<Found>,
}

/// Quotes what was found, the first of near copies each; `passage` gives the words and the place of the post they stand in.
async fn gather(
    view: &View,
    gathered: Gathered,
    passage: impl Fn(&Conversation, &Found) -> Option<(String, usize)>,
) -> Result<Package, Problem> {
    let mut found = gathered.found;
    found.truncate(MOST);
    let ids: Vec<ConversationId> = found.iter().map(|(id, _)| *id).collect();
    let rows = rows::visible(view, &ids).await?;
    let nearly = search::nearly(view, &ids);
    let mut quotations: Vec<Quotation> = Vec::new();
    let mut said: BTreeSet<String> = BTreeSet::new();
    let (mut looked_through, mut same_words, mut nothing_to_quote) = (0, 0, 0);
    for one in &found {
        let shown = rows.get(&one.0).and_then(|row| {
            let shape = rows::conversation(view, row)?;
            Some((row, shape))
        });
        let Some((row, shape)) = shown else {
            continue;
        };
        if nearly.contains_key(&one.0) {
            continue;
        }
        looked_through += 1;
        let Some((text, at)) = passage(row, one).filter(|(text, _)| !text.trim().is_empty()) else {
            nothing_to_quote += 1;
            continue;
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !said.insert(text.clone()) {
            same_words += 1;
            continue;
        }
        let post = &row.posts[at];
        let language = post.language.or(row.language);
        quotations.push(Quotation {
            number: quotations.len() as u64 + 1,
            text,
            language,
            direction: rows::direction(language),
            network: shape.network.slug,
            conversation: row.id,
            title: shape.title,
            kind: shape.kind,
            day: post.happened,
            url: shape.url,
            links_to: shape.links_to,
            page: here(view, &links::conversation(row.id)),
            copies: shape.copies,
            grant: post.grant,
        });
    }
    let config = view.state.config();
    let once = gathered.total.saturating_sub(gathered.near_copies);
    Ok(Package {
        label: gathered.label,
        url: here(view, &gathered.path),
        manifest: here(view, &gathered.manifest),
        topic: None,
        coordinated: None,
        instance: config.instance_name.clone(),
        contact: config.operator_contact.clone(),
        conversations: gathered.total,
        looked_through,
        networks: networks(view, &quotations).await?,
        quotations,
        left_out: NotHandedOn {
            near_copies: gathered.near_copies,
            same_words,
            nothing_to_quote,
            beyond: once.saturating_sub(looked_through),
            matched: None,
        },
        files: Vec::new(),
        check: check(view).await?,
        key: view
            .state
            .store()
            .head_key()
            .map_err(|error| Problem::internal(&error))?,
    })
}

/// The networks that are quoted, with the consents that the quotations rest on.
async fn networks(view: &View, quotations: &[Quotation]) -> Result<Vec<QuotedNetwork>, Problem> {
    let mut grants: Vec<GrantId> = quotations.iter().map(|one| one.grant).collect();
    grants.sort_unstable();
    grants.dedup();
    let recorded = view.state.store().recorded_grants(&grants).await;
    let recorded = recorded.map_err(|error| Problem::internal(&error))?;
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for one in quotations {
        *counts.entry(&one.network).or_default() += 1;
    }
    let of = |(slug, quotations): (&str, u64)| {
        let network = view.network_by_slug(slug)?;
        let own = recorded.iter();
        let own = own.filter(|recorded| recorded.grant.network == network.id);
        Some(QuotedNetwork {
            slug: network.slug.clone(),
            name: network.name.clone(),
            owner: network.owner.clone(),
            quotations,
            consents: own.map(consent).collect(),
        })
    };
    Ok(counts.into_iter().filter_map(of).collect())
}

fn consent(recorded: &RecordedGrant) -> QuotedConsent {
    let RecordedGrant { grant, entry } = recorded;
    QuotedConsent {
        grant: grant.id,
        evidence: Evidence {
            method: grant.evidence.method.as_str().to_owned(),
            sha256: grant.evidence.sha256.clone(),
            seen: grant.evidence.seen,
        },
        retention_days: grant.retention_days,
        expires: grant.expires,
        ledger_seq: entry.seq,
        ledger_hash: entry.hash.clone(),
    }
}
