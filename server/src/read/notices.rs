//! Topics that are told of early: what holds now, and what held until when.
//!
//! Contract: the store remembers ids and figures; names come from the topics as they may be shown now, so that what is gone is
//! told as ended at once, whenever that is written down.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use discover_graph::{Topic as Clustered, Warnings as Tested};
use discover_model::{Language, TopicId};
use discover_store::{Holds, Notice as Noted, NoticeKind, Store};
use hmac::{Hmac, Mac};
use jiff::civil::Date;
use sha2::Sha256;

use super::params::{DEFAULT_LEVEL, NoticeParams};
use super::{areas, topics, warnings};
use crate::problem::Problem;
use crate::shapes::{Notice, Notices, Rank};
use crate::state::View;

/// Notices read at most.
pub(crate) const MOST: usize = 300;

/// What stands for an area in what is kept: of an area alone nobody can tell which it was.
pub(crate) fn area_mark(store: &Store, slug: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&store.sub_key("areas of notices"))
        .expect("HMAC takes a key of any length");
    mac.update(slug.as_bytes());
    HEXLOWER.encode(&mac.finalize().into_bytes()[..8])
}

/// The marks of the areas that the networks of a topic serve.
pub(super) fn marks(view: &View, topic: &Clustered) -> Vec<String> {
    let networks = topic.networks.iter().map(|row| row.0);
    let (areas, _) = areas::of_networks(view, networks);
    let store = view.state.store();
    areas
        .iter()
        .map(|area| area_mark(store, &area.slug))
        .collect()
}

/// The marks of the areas that are asked for; one that nobody serves now is none, whatever is remembered of it.
pub(super) fn asked(view: &View, slugs: &[String]) -> Result<Vec<String>, Problem> {
    let served = areas::served(view);
    let mut marks = Vec::with_capacity(slugs.len());
    for slug in slugs {
        if !served.contains_key(slug.as_str()) {
            return Err(areas::unknown(slug));
        }
        marks.push(area_mark(view.state.store(), slug));
    }
    Ok(marks)
}

/// What holds by the topics of a view: warnings, most surprising first, then the emerging list in its order.
pub(crate) async fn holding(view: &View) -> Result<Vec<Holds>, Problem> {
    let held = warnings::tested(view).await?;
    let nothing = Tested::default();
    let tested = held.get().unwrap_or(&nothing);
    let chances: BTreeMap<TopicId, f64> = tested
        .tested
        .iter()
        .map(|test| (test.topic, test.chance))
        .collect();
    let of = |kind, topic: &Clustered, chance, networks| Holds {
        kind,
        topic: topic.id,
        chance,
        networks,
        languages: codes(topic),
        areas: marks(view, topic),
    };
    let warned = tested.raised.iter().filter_map(|warning| {
        let topic = topics::shown(view, warning.topic)?;
        let networks = u64::from(warning.networks);
        Some(of(
            NoticeKind::Warning,
            topic,
            Some(warning.chance),
            networks,
        ))
    });
    let listed = view.rankings.list(DEFAULT_LEVEL, Rank::Emerging).iter();
    let emerging = listed.filter_map(|id| {
        let topic = topics::shown(view, *id)?;
        let networks = topic.networks.len() as u64;
        let chance = chances.get(&topic.id).copied();
        Some(of(NoticeKind::Emerging, topic, chance, networks))
    });
    Ok(warned.chain(emerging).collect())
}

/// Notices as they may be shown, of the languages and areas that are asked for.
pub async fn notices(view: &View, params: &NoticeParams) -> Result<Notices, Problem> {
    let held = view.state.store().notices(MOST).await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    let holding = holding(view).await?;
    let marks = asked(view, &params.area)?;
    Ok(Notices {
        items: held
            .iter()
            .filter(|one| fits(params, &marks, &as_now(view, &one.of)))
            .map(|one| shape(view, one, &holding))
            .collect(),
        ..worth(view).await?
    })
}

/// What is remembered, with the languages and areas that a topic has now, where it is shown: those of a network that left
/// answer to no question.
fn as_now(view: &View, of: &Holds) -> Holds {
    let Some(topic) = topics::shown(view, of.topic) else {
        return of.clone();
    };
    Holds {
        languages: codes(topic),
        areas: marks(view, topic),
        ..of.clone()
    }
}

fn codes(topic: &Clustered) -> Vec<String> {
    let languages = topic.languages.iter();
    languages
        .map(|language| language.as_str().to_owned())
        .collect()
}

/// Whether something is asked for; `marks` are those of the areas.
pub(crate) fn fits(params: &NoticeParams, marks: &[String], of: &Holds) -> bool {
    let spoken = |language: &Language| of.languages.iter().any(|own| own == language.as_str());
    params.kind.is_none_or(|kind| of.kind == kind)
        && (params.language.is_empty() || params.language.iter().any(spoken))
        && (marks.is_empty() || of.areas.iter().any(|own| marks.contains(own)))
}

/// The day since which each topic is not warned of any more, of those that were.
pub(crate) async fn over_since(view: &View) -> Result<BTreeMap<TopicId, Date>, Problem> {
    let noted = view.state.store().notices(MOST).await;
    let noted = noted.map_err(|error| Problem::internal(&error))?;
    let holding = holding(view).await?;
    let warned = |topic: TopicId| {
        let mut all = holding.iter();
        all.any(|one| one.kind == NoticeKind::Warning && one.topic == topic)
    };
    let zone = &view.state.config().zone;
    let mut over: BTreeMap<TopicId, Date> = BTreeMap::new();
    for one in noted
        .iter()
        .filter(|one| one.of.kind == NoticeKind::Warning)
    {
        let Some(topic) = topics::shown(view, one.of.topic).filter(|topic| !warned(topic.id))
        else {
            continue;
        };
        let day = one.ended.unwrap_or(one.held).to_zoned(zone.clone()).date();
        let latest = over.entry(topic.id).or_insert(day);
        *latest = day.max(*latest);
    }
    Ok(over)
}

/// One notice as it may be shown, and what notices are worth; none where it is forgotten.
pub(crate) async fn one(view: &View, number: u64) -> Result<Option<(Notice, Notices)>, Problem> {
    let held = view.state.store().notice(number).await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    let Some(held) = held else { return Ok(None) };
    let holding = holding(view).await?;
    let all = worth(view).await?;
    Ok(Some((shape(view, &held, &holding), all)))
}

/// What notices are worth, without any.
async fn worth(view: &View) -> Result<Notices, Problem> {
    let all = warnings::warnings(view).await?;
    Ok(Notices {
        items: Vec::new(),
        tests: all.tests,
        days: all.days,
        compared_with: all.compared_with,
        false_share: all.false_share,
        false_alarms: all.false_alarms,
        generation: view.generation(),
    })
}

fn shape(view: &View, noted: &Noted, holding: &[Holds]) -> Notice {
    let of = &noted.of;
    let topic = topics::shown(view, of.topic);
    let now = topic.and_then(|topic| {
        let mut all = holding.iter();
        all.find(|one| one.kind == of.kind && one.topic == topic.id)
    });
    let now = now.filter(|_| noted.ended.is_none());
    // A topic that is gone has ended, whether or not that is written down yet.
    let ended = noted
        .ended
        .or_else(|| topic.is_none().then_some(noted.held));
    Notice {
        number: noted.number,
        kind: of.kind.as_str().to_owned(),
        id: topic.map_or(of.topic, |topic| topic.id),
        began: noted.began,
        ended,
        holds: now.is_some(),
        chance: topic.and_then(|_| now.unwrap_or(of).chance),
        networks: topic.map(|_| now.unwrap_or(of).networks),
        because: topic
            .filter(|_| now.is_some() && of.kind == NoticeKind::Emerging)
            .map(|topic| topic.rank.emerging.because.clone()),
        languages: topic.map_or_else(Vec::new, |topic| topic.languages.clone()),
        topic: topic.map(|topic| topics::reference(view, topic)),
    }
}
