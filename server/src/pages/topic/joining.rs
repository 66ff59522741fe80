//! Where a reader can join in, as it stands on the page of a topic.

use crate::pages::view::title;
use crate::shapes::{JoinIn, Topic};
use crate::text::inline::{Text, outside};
use crate::text::{links, words};

/// A thread in which a reader can join in, and the way there.
#[derive(Debug)]
pub(super) struct Joining {
    pub(super) href: String,
    pub(super) title: Text,
    pub(super) original: Option<String>,
    pub(super) network: Text,
    /// Empty where its network says no area.
    pub(super) areas: String,
    pub(super) replies: String,
}

/// How many of its networks welcome newcomers, in words.
pub(super) fn welcoming(topic: &Topic) -> String {
    let networks = words::networks(topic.networks.len() as u64);
    match topic.welcoming {
        0 => format!("Of these {networks} none has said that newcomers are welcome."),
        1 => format!("Of these {networks} 1 has said that newcomers are welcome."),
        many => format!("Of these {networks} {many} have said that newcomers are welcome."),
    }
}

pub(super) fn joining(join: &JoinIn) -> Joining {
    let row = &join.conversation;
    let areas = join.areas.iter();
    let areas: Vec<String> = areas
        .map(|area| words::area(&area.kind, &area.name))
        .collect();
    Joining {
        href: links::conversation(row.id),
        title: Text::new(title(&row.title), row.language),
        original: outside(&row.url),
        network: Text::unknown(&row.network.name),
        areas: if areas.len() > 3 {
            format!("serves {} areas", areas.len())
        } else if areas.is_empty() {
            String::new()
        } else {
            format!("serves {}", words::list(&areas))
        },
        replies: format!(
            "{} in the last four weeks",
            words::of(join.replies, "reply", "replies")
        ),
    }
}
