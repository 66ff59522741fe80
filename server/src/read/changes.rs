//! What happened to topics since a day.

use discover_graph::{Event, EventKind, Topic as Clustered};
use jiff::ToSpan;
use jiff::civil::Date;

use super::params::{ChangesParams, page};
use super::topics;
use crate::problem::Problem;
use crate::shapes::{TopicChange, TopicChanges};
use crate::state::View;

/// Days that are looked back where no day is given.
const DAYS: i64 = 7;
/// Days that a topic was talked about at most, when it was drawn first, to be news.
const NEW_DAYS: i64 = 30;

/// Events of the topics that may be shown, latest first; on one day by topic, in the order in which they happened.
pub fn changes(view: &View, params: &ChangesParams) -> Result<TopicChanges, Problem> {
    let since = params
        .since
        .unwrap_or_else(|| view.today.saturating_sub(DAYS.days()));
    let mut already_old = 0;
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
        .filter(|(topic, _, event)| {
            let drawn = drawn_when_old(topic);
            already_old += u64::from(drawn == Some(event.at) && event.event == EventKind::Born);
            drawn != Some(event.at)
        })
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
        already_old,
        generation: view.generation(),
    })
}

/// The day on which a topic was drawn first, where it had been talked about for long: as on an instance's first day.
fn drawn_when_old(topic: &Clustered) -> Option<Date> {
    let first = topic.history.first()?;
    let old = topic.born < first.at.saturating_sub(NEW_DAYS.days());
    (first.event == EventKind::Born && old).then_some(first.at)
}
