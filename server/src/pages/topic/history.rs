//! What happened to a topic: births, growth, merges, splits, names.

use discover_model::TopicId;

use crate::i18n::{Msg, msg};
use crate::pages::view::TopicLink;
use crate::shapes::TopicEvent;
use crate::text::inline::Day;
use crate::text::words;

#[derive(Debug)]
pub(super) struct Event {
    pub(super) at: Day,
    pub(super) words: Msg,
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
            let others = || msg!("topic-others", count = count);
            let words = match (event.event.as_str(), with.is_empty(), count) {
                ("born", ..) => msg!("topic-born"),
                ("grown", ..) => msg!("topic-grew"),
                ("merged", _, 0) => msg!("topic-merged-one"),
                ("merged", true, _) => msg!("topic-merged-many", others = others()),
                ("merged", false, _) => msg!("topic-merged"),
                ("split", _, 0) => msg!("topic-split-one"),
                ("split", true, _) => msg!("topic-split-many", others = others()),
                ("split", false, _) => msg!("topic-split"),
                ("renamed", ..) => event.was.as_ref().map_or_else(
                    || msg!("topic-renamed"),
                    |was| msg!("topic-renamed-was", was = words::sentence(was)),
                ),
                ("faded", ..) => msg!("topic-faded"),
                (other, ..) => Msg::English(words::sentence(other)),
            };
            Event {
                at: Day(event.at),
                words,
                with,
            }
        })
        .collect()
}
