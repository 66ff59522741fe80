//! One conversation.

use discover_model::ConversationId;
use discover_model::conversation::Conversation as Stored;
use discover_store::Uses;

use super::{rows, topics};
use crate::problem::Problem;
use crate::shapes::{Conversation, TopicRef};
use crate::state::View;
use crate::uses;

/// The conversation with this id, or with one that it had before it found its root; an item of notes with its whole text.
pub async fn conversation(view: &View, id: &str) -> Result<Conversation, Problem> {
    let stored = stored(view, parse(id)?).await?;
    let mut shown = rows::conversation(view, &stored)
        .ok_or_else(|| view.gone(stored.network, "conversation"))?;
    if stored.kind.is_uploaded() {
        shown.text = stored.posts.into_iter().next().map(|post| post.text);
    }
    let one = Uses {
        opened: 1,
        ..Uses::default()
    };
    uses::count(view, [shown.network.slug.as_str()], one);
    Ok(shown)
}

/// Names of the topics it belongs to, widest first.
pub fn topics(view: &View, conversation: &Conversation) -> Vec<TopicRef> {
    topics::of_ids(view, &conversation.topics)
}

pub(super) fn parse(id: &str) -> Result<ConversationId, Problem> {
    id.parse().map_err(|_| {
        Problem::not_found("conversation").with_hint("an id has 26 characters of a-z and 2-7")
    })
}

/// The row, if it may be shown; else whether it was withdrawn or never there.
pub(super) async fn stored(view: &View, id: ConversationId) -> Result<Stored, Problem> {
    let row = view
        .state
        .store()
        .conversation(id)
        .await
        .map_err(|error| Problem::internal(&error))?
        .ok_or_else(|| Problem::not_found("conversation"))?;
    let network = row.network;
    row.visible(&view.visibility)
        .filter(|_| view.network(network).is_some())
        .ok_or_else(|| view.gone(network, "conversation"))
}
