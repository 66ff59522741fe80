//! Where else something is being talked about: up to three conversations, one a network, never those of who asks.

use std::collections::BTreeSet;

use discover_model::ConversationId;
use discover_model::canonical::canonical_str;

use super::params::{DEFAULT_LEVEL, ElsewhereParams, PageParams, RelatedParams};
use super::{answers, conversation, related, rows, search, topics};
use crate::problem::Problem;
use crate::shapes::{Answered, Conversation, Elsewhere};
use crate::state::View;
use crate::text::links;

/// Conversations shown.
const MOST: usize = 3;
/// Conversations of a topic that are looked at.
const LOOKED_AT: usize = 40;

pub async fn elsewhere(view: &View, params: &ElsewhereParams) -> Result<Elsewhere, Problem> {
    match (&params.topic, &params.url) {
        (Some(topic), _) => of_topic(view, &topic.to_string(), params.not.as_deref()).await,
        (None, Some(url)) => of_page(view, url, params.not.as_deref()).await,
        (None, None) => Err(Problem::parameter("url", "`topic` or `url` is needed")),
    }
}

async fn of_topic(view: &View, id: &str, not: Option<&str>) -> Result<Elsewhere, Problem> {
    let topic = topics::find(view, id)?;
    let mut chosen = Chosen::without(not);
    chosen.take(in_topic(view, id).await?);
    Ok(Elsewhere {
        items: chosen.items,
        answered: answered(view, id).await?,
        languages: topic.languages.len() as u64,
        url: absolute(view, &links::topic(topic.id)),
        topic: Some(topics::reference(view, topic)),
        generation: view.generation(),
    })
}

async fn of_page(view: &View, url: &str, not: Option<&str>) -> Result<Elsewhere, Problem> {
    let params = RelatedParams {
        url: url.to_owned(),
        cursor: None,
        limit: LOOKED_AT,
    };
    let relations = related::by_url(view, &params).await?;
    let own = own(view, url).await?;
    let mut chosen = Chosen::without(not);
    chosen.seen.insert(own.network.slug.clone());
    chosen.take(
        relations
            .items
            .into_iter()
            .map(|one| one.conversation)
            .collect(),
    );
    // The topic by which pages and searches know it; the widest where it is in none of those.
    let middle = view.topics.topic_at(own.id, DEFAULT_LEVEL);
    let middle = middle.and_then(|id| topics::shown(view, id));
    let topic = middle.or_else(|| topics::shown(view, *own.topics.first()?));
    if let Some(topic) = topic {
        chosen.take(in_topic(view, &topic.id.to_string()).await?);
    }
    let answered = match topic {
        Some(topic) => answered(view, &topic.id.to_string()).await?,
        None => None,
    };
    Ok(Elsewhere {
        items: chosen.items,
        answered,
        languages: topic.map_or(0, |topic| topic.languages.len() as u64),
        url: absolute(
            view,
            &match topic {
                Some(topic) => links::topic(topic.id),
                None => links::conversation(own.id),
            },
        ),
        topic: topic.map(|topic| topics::reference(view, topic)),
        generation: view.generation(),
    })
}

/// What happened last about a topic.
async fn answered(view: &View, id: &str) -> Result<Option<Answered>, Problem> {
    let answers = answers::of_topic(view, id).await?;
    let mut latest = answers::latest_first(&answers.items).into_iter();
    let latest = latest.find(|entry| entry.corrected_by.is_none());
    Ok(latest.map(|entry| Answered {
        stage: entry.stage.clone(),
        by: entry.by.clone(),
        at: entry.at,
        url: absolute(view, &format!("{}/answers", links::topic(id))),
    }))
}

/// The conversation at an address, where it may be shown.
async fn own(view: &View, url: &str) -> Result<Conversation, Problem> {
    let missing = || Problem::not_found("conversation");
    let canonical = canonical_str(url).ok_or_else(missing)?;
    let id = view.state.store().conversation_by_url(&canonical).await;
    let id: Option<ConversationId> = id.map_err(|error| Problem::internal(&error))?;
    let row = conversation::stored(view, id.ok_or_else(missing)?).await?;
    rows::conversation(view, &row).ok_or_else(missing)
}

/// A topic's conversations, the most central first, then the latest.
async fn in_topic(view: &View, id: &str) -> Result<Vec<Conversation>, Problem> {
    let topic = topics::find(view, id)?.id;
    let central = view.topics.central(topic);
    let ids: Vec<ConversationId> = central
        .iter()
        .take(LOOKED_AT)
        .map(|one| one.conversation)
        .collect();
    let mut found = rows::shapes(view, &ids).await?;
    let latest = PageParams {
        cursor: None,
        limit: LOOKED_AT,
    };
    found.extend(search::in_topic(view, topic, &latest).await?.items);
    Ok(found)
}

fn absolute(view: &View, path: &str) -> String {
    links::absolute(&view.state.config().base_url, path)
}

/// What was chosen so far, and the networks that have had their turn.
struct Chosen {
    seen: BTreeSet<String>,
    items: Vec<Conversation>,
}

impl Chosen {
    fn without(network: Option<&str>) -> Self {
        Self {
            seen: network.into_iter().map(str::to_owned).collect(),
            items: Vec::new(),
        }
    }

    fn take(&mut self, found: Vec<Conversation>) {
        for conversation in found {
            if self.items.len() < MOST && self.seen.insert(conversation.network.slug.clone()) {
                self.items.push(conversation);
            }
        }
    }
}
