//! Topics: the three rankings, one topic, and its conversations. Only topics past the thresholds appear.

use std::collections::BTreeMap;

use discover_graph::{Snapshot, Topic as Clustered};
use discover_model::TopicId;
use discover_model::threshold::rounded;

use super::params::{PageParams, TopicParams, bad_cursor, page};
use super::{answer_state, areas, baseline, joining, links, quotes, search, timeline, topic_notes};
use crate::problem::Problem;
use crate::shapes::{
    Conversation, Coordinated, List, Neighbour, NetworkCount, Quote, Rank, RankValue, Ranks, Topic,
    TopicEvent, TopicPage, TopicRef,
};
use crate::state::View;
use crate::text::order::by_name;

/// Topics in one ranking, first place first.
pub async fn list(view: &View, params: &TopicParams) -> Result<TopicPage, Problem> {
    let listed = listed(view, params)?;
    let (part, next) = page(&listed, params.cursor.as_deref(), params.limit, |topic| {
        topic.id.to_string()
    })?;
    let mut items = Vec::with_capacity(part.len());
    for topic in part {
        items.extend(quoted(view, topic.id).await?);
    }
    Ok(TopicPage {
        items,
        next,
        total: listed.len() as u64,
        generation: view.generation(),
        too_small: too_small(&view.topics, params.level),
        without_subject: count(&view.topics, params.level, |topic| topic.loose),
        formats: count(&view.topics, params.level, |topic| topic.format),
    })
}

/// The whole ranking as the parameters narrow it.
pub(super) fn listed<'a>(
    view: &'a View,
    params: &TopicParams,
) -> Result<Vec<&'a Clustered>, Problem> {
    let network = match &params.network {
        None => None,
        Some(slug) => Some(
            view.network_by_slug(slug)
                .ok_or_else(|| {
                    Problem::parameter("network", format!("there is no network {slug}"))
                })?
                .id,
        ),
    };
    let serving = match &params.area {
        None => None,
        Some(slug) => {
            let mut served = areas::served(view);
            let of = served.remove(slug.as_str());
            Some(of.ok_or_else(|| areas::unknown(slug))?.1)
        }
    };
    if let Some(cursor) = &params.cursor {
        cursor.parse::<TopicId>().map_err(|_| bad_cursor())?;
    }
    Ok(view
        .rankings
        .list(params.level, params.rank)
        .iter()
        .filter_map(|id| shown(view, *id))
        .filter(|topic| {
            params
                .language
                .is_none_or(|language| topic.languages.contains(&language))
                && network.is_none_or(|id| topic.networks.iter().any(|row| row.0 == id))
                && serving
                    .as_ref()
                    .is_none_or(|serving| topic.networks.iter().any(|row| serving.contains(&row.0)))
                && params.after.is_none_or(|day| topic.last_active >= day)
        })
        .collect())
}

/// One topic, also by an id it had before a merge.
pub async fn topic(view: &View, id: &str) -> Result<Topic, Problem> {
    let found = find(view, id)?;
    let quotes = quotes::of_topic(view, found, quotes::MOST).await?;
    let mut topic = shape(view, found, quotes).await?;
    topic.before = baseline::before(view, found, &topic.timeline).await?;
    topic.join = joining::threads(view, found).await?;
    topic.bridges = links::bridges(view, found).await?;
    topic.annotations = topic_notes::of_topic(view, found).await?;
    let beside = links::beside(view, found).await?.into_iter();
    let neighbour = |(id, weight, reasons)| {
        Some(Neighbour {
            topic: reference(view, shown(view, id)?),
            weight: f64::from(weight),
            reasons,
        })
    };
    topic.neighbours = beside.filter_map(neighbour).collect();
    Ok(topic)
}

/// A topic as it stands in lists: with one quote, and without what it takes long to find.
pub(super) async fn quoted(view: &View, id: TopicId) -> Result<Option<Topic>, Problem> {
    let Some(topic) = shown(view, id) else {
        return Ok(None);
    };
    let quotes = quotes::of_topic(view, topic, 1).await?;
    shape(view, topic, quotes).await.map(Some)
}

/// A topic's conversations, latest activity first.
pub async fn conversations(
    view: &View,
    id: &str,
    params: &PageParams,
) -> Result<List<Conversation>, Problem> {
    let topic = find(view, id)?;
    search::in_topic(view, topic.id, params).await
}

/// Names of topics, in the order given; those that may not be shown are left out.
pub fn of_ids(view: &View, ids: &[TopicId]) -> Vec<TopicRef> {
    ids.iter()
        .filter_map(|id| shown(view, *id))
        .map(|topic| reference(view, topic))
        .collect()
}

pub(super) fn reference(view: &View, topic: &Clustered) -> TopicRef {
    TopicRef {
        id: topic.id,
        label: topic.label.clone(),
        labels: labels(topic),
        networks: topic.networks.len() as u64,
        list: view.rankings.list_of(topic.id),
        coordinated: Coordinated::by(topic.coordinated.as_ref()),
    }
}

/// A topic's conversations, which a search for it finds, and how many of them are near copies of others. Pages print them
/// without these, wherever a topic's size is told.
pub(super) fn size(topic: &Clustered) -> (u64, u64) {
    let conversations = u64::from(topic.conversations);
    let near_copies = conversations.saturating_sub(u64::from(topic.texts));
    (conversations, near_copies)
}

/// What it is called, by the code of the language.
pub(super) fn labels(topic: &Clustered) -> BTreeMap<String, String> {
    let labels = topic.labels.iter();
    labels
        .map(|(language, label)| (language.to_string(), label.clone()))
        .collect()
}

/// Topics of a level that are too small to be shown.
pub(super) fn too_small(topics: &Snapshot, level: u8) -> u64 {
    count(topics, level, |topic| {
        !topic.shown && !topic.loose && !topic.format
    })
}

fn count(topics: &Snapshot, level: u8, which: impl Fn(&Clustered) -> bool) -> u64 {
    let of_level = topics.topics.iter().filter(|topic| topic.level == level);
    of_level.filter(|topic| which(topic)).count() as u64
}

pub(super) fn shown(view: &View, id: TopicId) -> Option<&Clustered> {
    view.topics.resolve(id).filter(|topic| topic.shown)
}

pub(super) fn find<'a>(view: &'a View, id: &str) -> Result<&'a Clustered, Problem> {
    id.parse()
        .ok()
        .and_then(|id| shown(view, id))
        .ok_or_else(|| Problem::not_found("topic"))
}

async fn shape(view: &View, topic: &Clustered, quotes: Vec<Quote>) -> Result<Topic, Problem> {
    let figures = search::topic_figures(view, topic.id).await?;
    let visible = |ids: &[TopicId]| -> Vec<TopicId> {
        ids.iter()
            .copied()
            .filter(|id| shown(view, *id).is_some())
            .collect()
    };
    let taking = topic.networks.iter().filter_map(|row| {
        let network = view.network(row.0)?;
        let (count, near_copies) = figures.networks.get(&row.0).copied().unwrap_or_default();
        Some(NetworkCount {
            slug: network.slug.clone(),
            name: network.name.clone(),
            count,
            near_copies,
        })
    });
    let mut taking: Vec<NetworkCount> = taking.collect();
    taking.sort_by(|one, other| {
        let count = other.once().cmp(&one.once());
        count.then_with(|| by_name(&one.name, &other.name))
    });
    let networks = topic.networks.iter().map(|row| row.0);
    let (areas, areas_of) = areas::of_networks(view, networks);
    Ok(Topic {
        areas,
        areas_of,
        welcoming: joining::welcoming(view, topic).len() as u64,
        join: Vec::new(),
        id: topic.id,
        label: topic.label.clone(),
        labels: labels(topic),
        title: topic.title.clone(),
        short_label: topic.short_label.clone(),
        terms: topic.terms.clone(),
        level: topic.level,
        parent: topic.parent.filter(|id| shown(view, *id).is_some()),
        children: visible(&topic.children),
        conversations: size(topic).0,
        near_copies: size(topic).1,
        networks: taking,
        effective_networks: topic.effective_networks,
        voices: rounded(u64::from(topic.voices)),
        languages: topic.languages.clone(),
        born: topic.born,
        last_active: topic.last_active,
        last_7_days: figures.lately,
        timeline: timeline::of_topic(view, topic, &figures.weeks, figures.undated).await?,
        before: None,
        coordinated: Coordinated::by(topic.coordinated.as_ref()),
        answers: answer_state::of_topic(view, topic).await?,
        rank: Ranks {
            emerging: rank(view, topic, Rank::Emerging),
            enduring: rank(view, topic, Rank::Enduring),
            quiet: rank(view, topic, Rank::Quiet),
        },
        list: topic.list.map(Rank::from),
        quotes,
        bridges: Vec::new(),
        neighbours: Vec::new(),
        history: topic
            .history
            .iter()
            .map(|event| TopicEvent {
                at: event.at,
                event: event.event.as_str().to_owned(),
                was: event.was.clone(),
                with: event
                    .with
                    .iter()
                    .copied()
                    .filter(|id| shown(view, *id).is_some())
                    .collect(),
            })
            .collect(),
        annotations: Vec::new(),
        aliases: topic.aliases.clone(),
    })
}

fn rank(view: &View, topic: &Clustered, rank: Rank) -> RankValue {
    let value = topic.rank.of(rank.into());
    RankValue {
        value: value.value,
        terms: value
            .terms
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect(),
        place: view.rankings.place(rank, topic.id),
        of: view.rankings.list(topic.level, rank).len() as u64,
        meets: value.meets,
        because: value.because.clone(),
    }
}

/// The latest conversations of a topic, for its feed.
pub async fn latest(
    view: &View,
    id: &str,
    limit: usize,
) -> Result<(Topic, Vec<Conversation>), Problem> {
    let page = PageParams {
        cursor: None,
        limit,
    };
    let list = conversations(view, id, &page).await?;
    Ok((topic(view, id).await?, list.items))
}
