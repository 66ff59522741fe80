//! What the front page says: the three lists, the networks, and what cannot be reached.

use super::params::{MAX_LIMIT, PageParams, TopicParams};
use super::{networks, topics};
use crate::figures::figures;
use crate::problem::Problem;
use crate::shapes::{Home, Rank};
use crate::state::View;

/// Topics of each list on the front page.
const TOPICS: usize = 5;
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
    Ok(Home {
        instance: view.state.config().instance_name.clone(),
        emerging: list(Rank::Emerging).await?,
        enduring: list(Rank::Enduring).await?,
        quiet: list(Rank::Quiet).await?,
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
