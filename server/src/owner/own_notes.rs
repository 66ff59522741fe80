//! An owner's notes on topics, as the owner's home lists them.

use crate::access::Owner;
use crate::pages::view::label;
use crate::problem::Problem;
use crate::read;
use crate::state::View;
use crate::text::inline::{Day, Text};
use crate::text::links;

/// A note, as the owner's home lists it.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) number: u64,
    pub(super) day: Day,
    pub(super) text: Text,
    /// Its topic's page and name, while there is one.
    pub(super) topic: Option<(String, Text)>,
    /// Whether everybody sees it now.
    pub(super) shown: bool,
}

pub(super) async fn all(view: &View, owner: &Owner) -> Result<Vec<Note>, Problem> {
    let own = read::annotations::own(view, owner.network).await?;
    let note = |own: read::annotations::Own| Note {
        number: own.note.number,
        day: Day(own.note.day),
        text: Text::unknown(own.note.text),
        topic: own
            .topic
            .map(|topic| (links::topic(topic.id), label(&topic.label, &topic.labels))),
        shown: own.shown,
    };
    Ok(own.into_iter().map(note).collect())
}
