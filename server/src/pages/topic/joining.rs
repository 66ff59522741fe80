//! Where a reader can join in, as it stands on the page of a topic.

use crate::i18n::{Msg, msg};
use crate::pages::view::title;
use crate::shapes::{JoinIn, Topic};
use crate::text::inline::{Text, outside};
use crate::text::{links, say};

/// A thread in which a reader can join in, and the way there.
#[derive(Debug)]
pub(super) struct Joining {
    pub(super) href: String,
    pub(super) title: Text,
    pub(super) original: Option<String>,
    pub(super) network: Text,
    /// None where its network says no area.
    pub(super) areas: Option<Msg>,
    pub(super) replies: Msg,
}

/// How many of its networks welcome newcomers, in words.
pub(super) fn welcoming(topic: &Topic) -> Msg {
    msg!(
        "topic-welcome",
        networks = say::networks(topic.networks.len() as u64),
        welcoming = topic.welcoming,
    )
}

pub(super) fn joining(join: &JoinIn) -> Joining {
    let row = &join.conversation;
    let areas = join.areas.iter();
    let areas: Vec<Msg> = areas
        .map(|area| say::area(&area.kind, &area.name))
        .collect();
    Joining {
        href: links::conversation(row.id),
        title: Text::new(title(&row.title), row.language),
        original: outside(&row.url),
        network: Text::unknown(&row.network.name),
        areas: match areas.len() {
            0 => None,
            1..=3 => Some(msg!("serves", areas = say::list(areas))),
            more => Some(msg!("serves-areas", count = more)),
        },
        replies: msg!("topic-replies", count = join.replies),
    }
}
