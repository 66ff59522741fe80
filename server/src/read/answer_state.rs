//! How far the answers to a topic have come, by the latest entry: what one line says of it wherever the topic is listed.

use discover_graph::Topic as Clustered;
use discover_model::TopicId;
use discover_store::Answer;

use super::promises::{day, due, roots};
use crate::problem::Problem;
use crate::shapes::MapAnswers;
use crate::state::View;

/// Of a topic by all its ids; none where nobody has written.
pub(super) async fn of_topic(
    view: &View,
    topic: &Clustered,
) -> Result<Option<MapAnswers>, Problem> {
    let ids: Vec<TopicId> = std::iter::once(topic.id)
        .chain(topic.aliases.iter().copied())
        .collect();
    let held = view.state.store().answers(&ids).await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    Ok(state(view, &held))
}

/// Of entries of one topic, oldest first. A correction stands where what it corrects happened: it is no later step.
pub(super) fn state(view: &View, held: &[Answer]) -> Option<MapAnswers> {
    let roots = roots(held.iter().map(|one| (one.seq, one.corrects)));
    let standing = held.iter().filter(|one| one.corrected_by.is_none());
    let latest = standing.max_by_key(|one| (roots.get(&one.seq).copied(), one.seq))?;
    let root = roots.get(&latest.seq).copied();
    let first = held.iter().find(|one| Some(one.seq) == root);
    let due = due(held, view.today);
    Some(MapAnswers {
        entries: held.len() as u64,
        stage: latest.stage.to_string(),
        by: latest.by.clone(),
        at: day(first.unwrap_or(latest).at, &view.state.config().zone),
        due: due.first().map(|one| one.due),
        overdue: due.iter().any(|one| one.overdue_days.is_some()),
    })
}
