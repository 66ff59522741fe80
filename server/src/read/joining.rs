//! Where a reader of a topic can join in.
//!
//! Contract: only threads of networks whose owners said that newcomers are welcome (never of a sensitive one), with a
//! reply in the last 28 days, and never one that its platform says is closed or that lies at another's site.

use discover_graph::Topic;
use discover_indexer::{Matching, SearchRequest, Sort};
use discover_model::conversation::Conversation as Stored;
use discover_model::{ConversationId, Network, NetworkId};
use jiff::ToSpan as _;

use super::{areas, rows, search};
use crate::problem::Problem;
use crate::shapes::JoinIn;
use crate::state::View;

/// Threads that are named, and of one network.
const MOST: usize = 6;
const OF_ONE: usize = 2;
/// Latest conversations that are looked at.
const LOOKED_AT: usize = 60;
/// Days in which somebody has to have replied.
const DAYS: i64 = 28;

/// The networks of a topic that welcome newcomers.
pub(super) fn welcoming(view: &View, topic: &Topic) -> Vec<NetworkId> {
    let networks = topic.networks.iter().map(|row| row.0);
    networks
        .filter(|id| view.network(*id).is_some_and(Network::welcomes))
        .collect()
}

/// The threads, most replies first.
pub(super) async fn threads(view: &View, topic: &Topic) -> Result<Vec<JoinIn>, Problem> {
    let network = welcoming(view, topic);
    if network.is_empty() {
        return Ok(Vec::new());
    }
    let request = SearchRequest {
        sort: Sort::Newest,
        topic: vec![topic.id],
        network,
        limit: LOOKED_AT,
        facets: false,
        matching: Matching::All,
        ..SearchRequest::default()
    };
    let ids = search::ids(view, request).await?;
    let closed = view.state.store().closed(&ids).await;
    let closed = closed.map_err(|error| Problem::internal(&error))?;
    let open: Vec<ConversationId> = ids.into_iter().filter(|id| !closed.contains(id)).collect();
    let rows = rows::visible(view, &open).await?;
    let mut threads: Vec<(u64, &Stored)> = open
        .iter()
        .filter_map(|id| rows.get(id))
        // Nobody can join in where something was taken down offline.
        .filter(|row| !row.kind.is_uploaded())
        // What a network links to elsewhere is a site that welcomed nobody.
        .filter(|row| view.links_to(row.network, &row.url).is_none())
        .map(|row| (replies(view, row), &**row))
        .filter(|(replies, _)| *replies > 0)
        .collect();
    threads.sort_by_key(|(replies, row)| (std::cmp::Reverse(*replies), row.id));
    let mut taken: Vec<NetworkId> = Vec::new();
    threads.retain(|(_, row)| {
        let fits = taken.iter().filter(|id| **id == row.network).count() < OF_ONE;
        taken.push(row.network);
        fits
    });
    threads.truncate(MOST);
    let join = |(replies, row): (u64, &Stored)| {
        Some(JoinIn {
            conversation: rows::conversation(view, row)?,
            replies,
            areas: areas::of(view.network(row.network)?),
        })
    };
    Ok(threads.into_iter().filter_map(join).collect())
}

fn replies(view: &View, row: &Stored) -> u64 {
    let since = view.today.saturating_sub(DAYS.days());
    let late = row.posts.iter().skip(1);
    late.filter(|post| post.happened.is_some_and(|day| day > since))
        .count() as u64
}
