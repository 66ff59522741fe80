//! What is related to a conversation, to an address, to a text.

use discover_graph::Relation as Found;
use discover_model::canonical::canonical_str;
use discover_model::{ConversationId, Language, NetworkId};

use super::params::{DEFAULT_LIMIT, MAX_LIMIT, PageParams, RelatedParams, RelatedText, page};
use super::{conversation, rows, search};
use crate::problem::{Code, Problem};
use crate::shapes::{Conversation, List, Relation, SearchPage};
use crate::state::View;

/// Relations looked at before those that may not be shown are left out.
const CANDIDATES: usize = 200;

/// Conversations related to the one with this id.
pub async fn of_conversation(
    view: &View,
    id: &str,
    params: &PageParams,
) -> Result<List<Relation>, Problem> {
    let id = conversation::stored(view, conversation::parse(id)?)
        .await?
        .id;
    let relations = relations(view, id).await?;
    cut(view, &relations, params.cursor.as_deref(), params.limit)
}

/// Conversations related to the one at this address.
pub async fn by_url(view: &View, params: &RelatedParams) -> Result<List<Relation>, Problem> {
    let canonical = canonical_str(&params.url)
        .ok_or_else(|| Problem::parameter("url", "expected a web address: http:// or https://"))?;
    let id = view
        .state
        .store()
        .conversation_by_url(&canonical)
        .await
        .map_err(|error| Problem::internal(&error))?
        .ok_or_else(|| Problem::new(Code::NotFound, "no conversation with this address is held"))?;
    let id = conversation::stored(view, id).await?.id;
    let relations = relations(view, id).await?;
    cut(view, &relations, params.cursor.as_deref(), params.limit)
}

/// Conversations related to a text, which is forgotten afterwards.
pub async fn by_text(view: &View, text: &RelatedText) -> Result<List<Relation>, Problem> {
    if text.text.trim().is_empty() {
        return Err(Problem::new(Code::BadBody, "`text` is empty"));
    }
    let limit = text.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::new(Code::BadBody, "`limit` must be from 1 to 100"));
    }
    let (state, words, language) = (view.state.clone(), text.text.clone(), text.language);
    let found = view
        .state
        .compute(move || {
            let alike = state
                .config()
                .meaning
                .as_ref()
                .map(|meaning| (meaning.nearest_to_text)(&words, language))
                .unwrap_or_default();
            state.with_graph(|graph| graph.related_to_text(&words, language, CANDIDATES, &alike))
        })
        .await?;
    let relations = shown(view, found).await?;
    let mut list = cut(view, &relations, None, limit)?;
    // A text has no address to page by.
    list.next = None;
    Ok(list)
}

/// Conversations that say much the same as a search in other languages than most of what it finds, nearest first; none
/// where there is no model of meaning.
pub(crate) async fn in_other_languages(
    view: &View,
    q: &str,
    found: &SearchPage,
    most: usize,
) -> Result<Vec<Conversation>, Problem> {
    let text = search::words_of(q).join(" ");
    if view.state.config().meaning.is_none() || text.is_empty() {
        return Ok(Vec::new());
    }
    let main = found.facets.language.first();
    let main: Option<Language> = main.and_then(|row| row.value.parse().ok());
    let asked = RelatedText {
        text,
        language: main,
        limit: Some(MAX_LIMIT),
    };
    let by_meaning = |relation: &Relation| {
        let mut reasons = relation.reasons.iter();
        reasons.any(|reason| reason.kind == "meaning")
    };
    let held = |id| found.items.iter().any(|hit| hit.conversation.id == id);
    let relations = by_text(view, &asked).await?.items.into_iter();
    Ok(relations
        .filter(by_meaning)
        .map(|relation| relation.conversation)
        .filter(|row| row.language.is_some_and(|language| Some(language) != main))
        .filter(|row| !held(row.id))
        .take(most)
        .collect())
}

/// Conversations of other networks that are related to the latest of this one: ours, theirs, and why; one for each.
pub(crate) async fn elsewhere(
    view: &View,
    network: NetworkId,
    latest: usize,
) -> Result<Vec<(Conversation, Relation)>, Problem> {
    let store = view.state.store();
    let ids = store.latest_conversations(network, latest).await;
    let ids = ids.map_err(|error| Problem::internal(&error))?;
    let ours = rows::visible(view, &ids).await?;
    let mut found = Vec::new();
    for id in ids {
        let Some(own) = ours.get(&id).and_then(|row| rows::conversation(view, row)) else {
            continue;
        };
        let relations = relations(view, id).await?;
        let other = relations
            .into_iter()
            .find(|relation| relation.conversation.network.slug != own.network.slug);
        found.extend(other.map(|other| (own, other)));
    }
    Ok(found)
}

async fn relations(view: &View, id: ConversationId) -> Result<Vec<Relation>, Problem> {
    let state = view.state.clone();
    let found = view
        .state
        .compute(move || {
            let meaning = crate::meaning::of_graph(state.config().meaning.as_ref());
            state.with_graph(|graph| graph.related_with(id, CANDIDATES, meaning))
        })
        .await?;
    shown(view, found).await
}

/// Relations whose other end may be shown.
async fn shown(view: &View, found: Vec<Found>) -> Result<Vec<Relation>, Problem> {
    let ids: Vec<ConversationId> = found.iter().map(|relation| relation.other).collect();
    let rows = rows::visible(view, &ids).await?;
    Ok(found
        .into_iter()
        .filter_map(|relation| {
            let conversation = rows::conversation(view, rows.get(&relation.other)?)?;
            Some(Relation {
                conversation,
                score: relation.score,
                reasons: relation.reasons.iter().map(rows::reason).collect(),
            })
        })
        .collect())
}

fn cut(
    view: &View,
    relations: &[Relation],
    cursor: Option<&str>,
    limit: usize,
) -> Result<List<Relation>, Problem> {
    let (items, next) = page(relations, cursor, limit, |relation| {
        relation.conversation.id.to_string()
    })?;
    Ok(List {
        items: items.to_vec(),
        next,
        total: relations.len() as u64,
        generation: view.generation(),
    })
}
