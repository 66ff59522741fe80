//! What happened to a topic: births, growth, merges, splits, names.

use discover_model::TopicId;

use crate::pages::view::TopicLink;
use crate::shapes::TopicEvent;
use crate::text::inline::Day;
use crate::text::words;

#[derive(Debug)]
pub(super) struct Event {
    pub(super) at: Day,
    pub(super) words: String,
    pub(super) with: Vec<TopicLink>,
}

/// Newest first.
pub(super) fn history(
    events: &[TopicEvent],
    name: &dyn Fn(TopicId) -> Option<TopicLink>,
) -> Vec<Event> {
    events
        .iter()
        .rev()
        .map(|event| {
            let with: Vec<TopicLink> = event.with.iter().copied().filter_map(name).collect();
            let count = event.with.len() as u64;
            let others = || words::of(count, "other topic", "other topics");
            let words = match (event.event.as_str(), with.is_empty(), count) {
                ("born", ..) => "Born".to_owned(),
                ("grown", ..) => "Grew to twice its size".to_owned(),
                ("merged", _, 0) => "Merged with another topic".to_owned(),
                ("merged", true, _) => format!("Merged with {}", others()),
                ("merged", false, _) => "Merged with".to_owned(),
                ("split", _, 0) => "Split from another topic".to_owned(),
                ("split", true, _) => format!("Split from {}", others()),
                ("split", false, _) => "Split from".to_owned(),
                ("renamed", ..) => event.was.as_ref().map_or_else(
                    || "Named anew".to_owned(),
                    |was| format!("Named anew; it was called “{}”", words::sentence(was)),
                ),
                ("faded", ..) => "Faded: nobody has talked about it for a while".to_owned(),
                (other, ..) => words::sentence(other),
            };
            Event {
                at: Day(event.at),
                words,
                with,
            }
        })
        .collect()
}
