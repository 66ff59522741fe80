//! What happened to topics since a day.

use discover_graph::{Event, Topic as Clustered};
use jiff::ToSpan;

use super::params::{ChangesParams, page};
use super::topics;
use crate::problem::Problem;
use crate::shapes::{TopicChange, TopicChanges};
use crate::state::View;

/// Days that are looked back where no day is given.
const DAYS: i64 = 7;

/// Events of the topics that may be shown, latest first; on one day by topic, in the order in which they happened.
pub fn changes(view: &View, params: &ChangesParams) -> Result<TopicChanges, Problem> {
    let since = params
        .since
        .unwrap_or_else(|| view.today.saturating_sub(DAYS.days()));
    let mut found: Vec<(&Clustered, usize, &Event)> = view
        .topics
        .topics
        .iter()
        .filter(|topic| topic.shown && topic.level == params.level)
        .flat_map(|topic| {
            let events = topic.history.iter().enumerate();
            events.map(move |(at, event)| (topic.as_ref(), at, event))
        })
        .filter(|(.., event)| event.at >= since)
        .collect();
    found.sort_by(|a, b| {
        b.2.at
            .cmp(&a.2.at)
            .then(a.0.id.cmp(&b.0.id))
            .then(a.1.cmp(&b.1))
    });
    let key = |(topic, at, event): &(&Clustered, usize, &Event)| {
        format!("{}.{}.{at}", event.at, topic.id)
    };
    let (part, next) = page(&found, params.cursor.as_deref(), params.limit, key)?;
    Ok(TopicChanges {
        since,
        items: part
            .iter()
            .map(|(topic, _, event)| TopicChange {
                at: event.at,
                event: event.event.as_str().to_owned(),
                topic: topics::reference(view, topic),
                with: topics::of_ids(view, &event.with),
            })
            .collect(),
        next,
        total: found.len() as u64,
        generation: view.generation(),
    })
}
