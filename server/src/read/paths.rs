//! How two conversations or topics are connected.

use std::time::{Duration, Instant};

use discover_graph::best_path;
use discover_model::ConversationId;

use super::params::PathParams;
use super::{conversation, links, rows, topics};
use crate::problem::{Code, Problem};
use crate::shapes::{Path, PathRelation, PathStep};
use crate::state::View;

/// Time allowed, once it is its turn.
const DEADLINE: Duration = Duration::from_secs(5);

/// The best way over kept neighbours, found in the slow queue; without steps where there is none.
pub async fn path(view: &View, params: &PathParams) -> Result<Path, Problem> {
    let from = ends(view, &params.from).await?;
    let to = ends(view, &params.to).await?;
    let asked = view.clone();
    let look = move || {
        let begun = Instant::now();
        let found = best_path(&from, &to, |id| {
            if begun.elapsed() < DEADLINE {
                links::kept(&asked, id)
            } else {
                Vec::new()
            }
        });
        (begun.elapsed() < DEADLINE || found.start.is_some()).then_some(found)
    };
    let busy = |why| Problem::new(Code::Overloaded, why);
    let found = view.state.slow_queue().run(look).await;
    let found = found.ok_or_else(|| busy("too many ways are being looked for"))?;
    let found = found.ok_or_else(|| busy("no way was found in the time allowed"))?;
    let ways = found.steps.iter().map(|step| step.relation.other);
    let ids: Vec<ConversationId> = found.start.into_iter().chain(ways).collect();
    let rows = rows::visible(view, &ids).await?;
    let shapes: Option<Vec<_>> = ids
        .iter()
        .map(|id| rows::conversation(view, rows.get(id)?))
        .collect();
    // One of them went while the way was looked for: then this way is none.
    let shapes = shapes.unwrap_or_default();
    let length = shapes.len() as u64;
    let mut steps = Vec::with_capacity(ids.len() * 2);
    for (at, shape) in shapes.into_iter().enumerate() {
        if let Some(step) = at.checked_sub(1).and_then(|before| found.steps.get(before)) {
            steps.push(PathStep::Relation(PathRelation {
                score: step.relation.score,
                reasons: step.relation.reasons.iter().map(rows::reason).collect(),
            }));
        }
        steps.push(PathStep::Conversation(Box::new(shape)));
    }
    Ok(Path {
        steps,
        length,
        looked_at: found.looked_at as u64,
        generation: view.generation(),
    })
}

/// The conversations at one end: one, or the central ones of a topic.
async fn ends(view: &View, id: &str) -> Result<Vec<ConversationId>, Problem> {
    if let Ok(topic) = topics::find(view, id) {
        let central = view.topics.central(topic.id).into_iter();
        return Ok(central.map(|one| one.conversation).collect());
    }
    let id = conversation::parse(id)?;
    Ok(vec![conversation::stored(view, id).await?.id])
}
