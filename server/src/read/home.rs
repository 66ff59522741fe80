//! What the front page says: the three lists, the networks, and what cannot be reached.

use super::params::{DEFAULT_LEVEL, MAX_LIMIT, PageParams, TopicParams};
use super::{networks, topics, warnings};
use crate::figures::figures;
use crate::problem::Problem;
use crate::shapes::{Home, NotListed, Rank};
use crate::state::View;

/// Topics of each list on the front page.
const TOPICS: usize = 3;
/// Networks on the front page.
const NETWORKS: usize = 12;

pub async fn home(view: &View) -> Result<Home, Problem> {
    let list = |rank| {
        let params = TopicParams {
            rank,
            limit: TOPICS,
            ..TopicParams::default()
        };
        async move { topics::list(view, &params).await }
    };
    let figures = figures(view).await?;
    let shown = |limit| {
        let params = PageParams {
            cursor: None,
            limit,
        };
        async move { networks::list(view, &params).await }
    };
    let warnings = warnings::warnings(view).await?;
    let emerging = list(Rank::Emerging).await?;
    let first = warnings.items.first().map(|warning| warning.topic.id);
    let lead = match first.or_else(|| emerging.items.first().map(|topic| topic.id)) {
        Some(id) => topics::quoted(view, id).await?,
        None => None,
    };
    Ok(Home {
        instance: view.state.config().instance_name.clone(),
        operator: view.state.config().operator.clone(),
        area: view.state.config().area.clone(),
        emerging,
        enduring: list(Rank::Enduring).await?,
        quiet: list(Rank::Quiet).await?,
        not_listed: Rank::ALL.map(|rank| not_listed(view, rank)),
        warnings,
        lead,
        networks: shown(NETWORKS).await?,
        unreachable: view
            .networks()
            .map(|network| networks::shape(view, &figures, network))
            .filter(|network| network.unreachable_since.is_some())
            .take(MAX_LIMIT)
            .collect(),
        conversations: view
            .networks()
            .map(|network| figures.of(network.id).conversations)
            .sum(),
        drawn: view.topics.drawn,
        now: view.now,
        generation: view.generation(),
    })
}

/// The topic that would stand highest in a list, if it stood there.
fn not_listed(view: &View, rank: Rank) -> Option<NotListed> {
    let ranked = view.topics.ranked(rank.into(), DEFAULT_LEVEL).into_iter();
    let mut others = ranked.filter(|topic| view.rankings.list_of(topic.id) != Some(rank));
    let topic = others.find(|topic| topic.rank.of(rank.into()).value > 0.0)?;
    Some(NotListed {
        topic: topics::reference(view, topic),
        because: topic.rank.of(rank.into()).because.clone(),
    })
}
