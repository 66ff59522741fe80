//! From stored rows to shapes. Every row passes visibility here; nothing is shown without its network's name.

use std::collections::HashSet;

use discover_model::conversation::Conversation as Stored;
use discover_model::{ConversationId, Direction, Language, TopicId};

use super::row_cache::Rows;
use crate::problem::Problem;
use crate::shapes::{Conversation, Copies, NetworkRef, Reason};
use crate::state::View;
use crate::text::links;

/// Direction of writing of something in this language.
pub(crate) fn direction(language: Option<Language>) -> Direction {
    language.map_or(Direction::Ltr, Language::direction)
}

/// The shape of a conversation that already passed visibility; nothing where its network may not be named.
pub(crate) fn conversation(view: &View, stored: &Stored) -> Option<Conversation> {
    let network = view.network(stored.network)?;
    Some(Conversation {
        id: stored.id,
        title: stored.title.clone(),
        url: address(view, stored),
        links_to: view.links_to(stored.network, &stored.url),
        network: NetworkRef {
            slug: network.slug.clone(),
            name: network.name.clone(),
        },
        kind: stored.kind,
        language: stored.language,
        direction: direction(stored.language),
        started: stored.started,
        last_active: stored.last_active,
        undated: stored.started.is_none(),
        posts: stored.posts.len() as u64,
        voices: stored.voices() as u64,
        excerpt: stored.excerpt(),
        text: None,
        copies: view.topics.copies.get(&stored.id).map(|copies| Copies {
            count: copies.count,
            networks: copies.networks,
        }),
        topics: topics_of(view, stored.id),
        consent: format!("{}/conversations/{}/consent", links::API, stored.id),
    })
}

/// Where a conversation is: at its network, or here, where it has no original elsewhere.
pub(super) fn address(view: &View, stored: &Stored) -> String {
    if stored.kind.is_uploaded() {
        let base = &view.state.config().base_url;
        return links::absolute(base, &links::conversation(stored.id));
    }
    stored.url.clone()
}

/// The topics of a conversation that may be shown, widest first.
pub(crate) fn topics_of(view: &View, id: ConversationId) -> Vec<TopicId> {
    view.topics
        .topics_of(id)
        .into_iter()
        .filter(|topic| view.rankings.shows(*topic))
        .collect()
}

/// Rows of conversations that may be shown, by id.
pub(crate) async fn visible(view: &View, ids: &[ConversationId]) -> Result<Rows, Problem> {
    view.state
        .row_cache()
        .visible(view, ids)
        .await
        .map_err(|error| Problem::internal(&error))
}

/// Those of some conversations that may be shown, with their network's name.
pub(crate) async fn shown(
    view: &View,
    ids: &[ConversationId],
) -> Result<HashSet<ConversationId>, Problem> {
    let rows = visible(view, ids).await?;
    Ok(rows
        .into_values()
        .filter(|row| view.network(row.network).is_some())
        .map(|row| row.id)
        .collect())
}

/// Shapes of the conversations that may be shown, in the order asked.
pub(crate) async fn shapes(
    view: &View,
    ids: &[ConversationId],
) -> Result<Vec<Conversation>, Problem> {
    let rows = visible(view, ids).await?;
    Ok(ids
        .iter()
        .filter_map(|id| rows.get(id))
        .filter_map(|row| conversation(view, row))
        .collect())
}

/// Why two conversations are related.
pub(super) fn reason(reason: &discover_graph::Reason) -> Reason {
    use discover_graph::Reason as Why;
    let (url, terms, day) = match reason {
        Why::SharedLink { url, .. } => (Some(url.clone()), Vec::new(), None),
        Why::SharedTerms { terms, .. } => (None, terms.clone(), None),
        Why::SameEvent { day, .. } => (None, Vec::new(), Some(*day)),
        Why::NearCopy { .. } | Why::Quote { .. } | Why::Meaning { .. } => (None, Vec::new(), None),
    };
    Reason {
        kind: reason.kind().to_owned(),
        weight: reason.weight(),
        words: reason.words(),
        url,
        terms,
        day,
    }
}
