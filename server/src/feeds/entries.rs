//! What a feed holds, whatever form it is written in.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::problem::Problem;
use crate::read;
use crate::read::names::Names;
use crate::read::params::SearchParams;
use crate::read::search::Purpose;
use crate::shapes::{Conversation, Sort, Topic};
use crate::state::View;
use crate::text::{answered, coordinated};

/// Entries of one feed.
const ENTRIES: usize = 50;

/// A list of conversations to follow, newest first.
pub(super) struct Feed {
    /// Stable for ever: does not depend on the instance's name or labels.
    pub(super) id: String,
    pub(super) title: String,
    /// What its reader should know, such as a network it asks for that is not there any more.
    pub(super) note: Option<String>,
    /// The page that shows the same.
    pub(super) page: String,
    /// The feed's own address.
    pub(super) own: String,
    pub(super) entries: Vec<Conversation>,
    /// Where the entries before these are: whoever was away for long misses nothing.
    pub(super) next: Option<String>,
}

impl Feed {
    /// When its latest entry changed; the beginning of time while it has none.
    pub(super) fn updated(&self) -> Timestamp {
        self.entries
            .iter()
            .filter_map(|entry| entry.last_active)
            .max()
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// An address of this instance.
pub(super) fn absolute(view: &View, path: &str) -> String {
    let base = view.state.config().base_url.as_str().trim_end_matches('/');
    format!("{base}{path}")
}

/// `tag:` URI (RFC 4151) in the name of this instance, which keeps it when its site moves to another host.
pub(super) fn tag(view: &View, what: &str) -> String {
    let key = view.state.store().sub_key("ids in feeds");
    let instance = data_encoding::HEXLOWER.encode(&key[..8]);
    format!("tag:{instance}.discover.invalid,2026:{what}")
}

/// The stable id of a conversation in every feed.
pub(super) fn entry_id(view: &View, conversation: &Conversation) -> String {
    tag(view, &format!("conversation/{}", conversation.id))
}

/// What is said where the address of a conversation is none of its network's own.
pub(super) fn linked(conversation: &Conversation) -> Option<String> {
    let host = conversation.links_to.as_ref()?;
    Some(format!("{} links to {host}", conversation.network.name))
}

/// What a search finds, newest first, whatever order the search asked for.
pub(super) async fn of_search(
    view: &View,
    asked: SearchParams,
    form: &str,
) -> Result<Feed, Problem> {
    let params = SearchParams {
        sort: Sort::Newest,
        limit: ENTRIES,
        ..asked
    };
    let names = Arc::new(Names::forgiving(BTreeMap::new()));
    let page = read::search::run_with(view, &params, Purpose::Follow, Arc::clone(&names)).await?;
    let query = SearchParams {
        sort: Sort::default(),
        cursor: None,
        limit: read::params::DEFAULT_LIMIT,
        ..params.clone()
    }
    .to_query();
    let with_query = |path: &str| {
        if query.is_empty() {
            absolute(view, path)
        } else {
            absolute(view, &format!("{path}?{query}"))
        }
    };
    let at = |cursor: Option<&str>| {
        let here = with_query(&format!("/search.{form}"));
        cursor.map_or(here.clone(), |cursor| {
            let sign = if query.is_empty() { '?' } else { '&' };
            format!("{here}{sign}cursor={cursor}")
        })
    };
    let name = &view.state.config().instance_name;
    Ok(Feed {
        id: tag(view, &format!("search?{query}")),
        title: match params.q.trim() {
            "" => format!("Conversations: {name}"),
            q => format!("{q}: {name}"),
        },
        note: names.seen().trouble(),
        page: with_query("/search"),
        own: at(params.cursor.as_deref()),
        next: page.next.as_deref().map(|next| at(Some(next))),
        entries: page.items.into_iter().map(|hit| hit.conversation).collect(),
    })
}

/// The latest conversations of a topic.
pub(super) async fn of_topic(view: &View, id: &str, form: &str) -> Result<Feed, Problem> {
    let (topic, entries) = read::topics::latest(view, id, ENTRIES).await?;
    let name = &view.state.config().instance_name;
    Ok(Feed {
        id: tag(view, &format!("topic/{}", topic.id)),
        title: format!("{}: {name}", topic.label),
        note: note(&topic),
        page: absolute(view, &format!("/topics/{}", topic.id)),
        own: absolute(view, &format!("/topics/{}/{form}", topic.id)),
        entries,
        next: None,
    })
}

/// How far answers have come, and that part of it looks coordinated.
fn note(topic: &Topic) -> Option<String> {
    let state = topic.answers.as_ref().map(answered::state_in_english);
    let sign = coordinated::sentence(topic.coordinated.as_ref());
    let said: Vec<String> = state.into_iter().chain(sign).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// The latest conversations of a network.
pub(super) async fn of_network(view: &View, slug: &str, form: &str) -> Result<Feed, Problem> {
    let network = view
        .network_by_slug(slug)
        .ok_or_else(|| view.gone_slug(slug))?;
    let params = SearchParams {
        network: vec![network.slug.clone()],
        sort: Sort::Newest,
        limit: ENTRIES,
        ..SearchParams::default()
    };
    let page = read::search::run(view, &params, Purpose::Follow).await?;
    let name = &view.state.config().instance_name;
    Ok(Feed {
        id: tag(view, &format!("network/{}", network.id)),
        title: format!("{}: {name}", network.name),
        note: None,
        page: absolute(view, &format!("/networks/{}", network.slug)),
        own: absolute(view, &format!("/networks/{}/{form}", network.slug)),
        next: None,
        entries: page.items.into_iter().map(|hit| hit.conversation).collect(),
    })
}
