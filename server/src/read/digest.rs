//! What people talked about in a week or a month, in few words.
//!
//! Contract: of a digest ids are kept and nothing else; words, figures and what is gone are those of the moment of asking,
//! so a withdrawal reaches every digest, however old, at once. While its period lasts, a digest follows the topics.

use std::collections::BTreeSet;
use std::sync::Arc;

use discover_graph::Topic as Clustered;
use discover_model::NetworkId;
use discover_store::{DigestEdition, DigestEvery, DigestSection, DigestTopic};
use jiff::civil::Date;

use super::editions::{
    LOOKED_THROUGH, earlier, first_moment, gone, period_of, printed, quote, so_far,
};
use super::params::{DigestParams, MAX_LIMIT, SearchParams};
use super::period::Period;
use super::{answers, areas, brief, editions, networks, notices, quotes, search, topics, warnings};
use crate::figures::figures;
use crate::problem::Problem;
use crate::shapes::{
    Coordinated, Digest, DigestGone, DigestInBrief, DigestItem, DigestList, DigestNamed,
    DigestPart, DigestRef, DigestSaid, DigestSearch, NetworkRef, SearchPage,
};
use crate::state::View;

/// Quotations of a search.
const QUOTES: usize = 4;

/// The digest of a period; without one, of the last period that is over and that there is a digest of, else of this one.
pub async fn digest(
    view: &View,
    period: Option<Period>,
    every: DigestEvery,
    params: &DigestParams,
) -> Result<Digest, Problem> {
    let current = Period::of(period.map_or(every, |period| period.every), view.today);
    let edition = match period {
        Some(period) if period.start > current.start => return Err(Problem::not_found("digest")),
        Some(period) if period == current => None,
        Some(period) if params.is_search() => return of_search(view, period, params).await,
        Some(period) => Some(stored(view, period).await?),
        None => last(view, current).await?,
    };
    let period = edition.as_ref().map_or(current, period_of);
    if params.is_search() {
        return of_search(view, period, params).await;
    }
    let edition = match edition {
        Some(edition) => edition,
        None => so_far(view, current).await?,
    };
    of_topics(view, period, &edition, params).await
}

async fn stored(view: &View, period: Period) -> Result<DigestEdition, Problem> {
    let held = view.state.store().digest(period.every, period.start).await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    held.ok_or_else(|| {
        Problem::not_found("digest").with_hint("nothing was drawn here in these days")
    })
}

async fn last(view: &View, current: Period) -> Result<Option<DigestEdition>, Problem> {
    let mut earlier = earlier(view, current, 1).await?;
    Ok(earlier.pop())
}

fn reference(view: &View, period: Period, gone: DigestGone) -> DigestRef {
    DigestRef {
        period: period.code(),
        every: period.every.as_str().to_owned(),
        start: period.start,
        last: period.last(),
        so_far: period.holds(view.today),
        gone,
    }
}

async fn of_topics(
    view: &View,
    period: Period,
    edition: &DigestEdition,
    params: &DigestParams,
) -> Result<Digest, Problem> {
    let before = earlier(view, period, LOOKED_THROUGH).await?;
    let marks = notices::asked(view, &params.search.area)?;
    let mut named: Vec<DigestTopic> = printed(edition, &marks).into_iter().cloned().collect();
    let so_far = period.holds(view.today);
    if so_far {
        quote(view, &mut named).await?;
    }
    // What stands on a page while its days last is kept as it was last written down.
    let held = if so_far {
        let held = view.state.store().digest(period.every, period.start).await;
        held.map_err(|error| Problem::internal(&error))?
    } else {
        None
    };
    let as_named = editions::named(held.as_ref().unwrap_or(edition), &marks);
    let gone = gone(view, &as_named).await?;
    let over = notices::over_since(view).await?;
    let mut digest = empty(view, period, params, gone).await?;
    digest.drawn = Some(edition.drawn);
    for one in &named {
        let Some(topic) = of_areas(view, one, &marks) else {
            continue;
        };
        let mut item = item(view, period, topic, one).await?;
        if one.section == DigestSection::Warning {
            item.over_since = over.get(&topic.id).copied();
        }
        match one.section {
            DigestSection::Warning => digest.warnings.push(item),
            DigestSection::Emerging => digest.emerging.push(item),
            DigestSection::Enduring => digest.enduring.push(item),
            DigestSection::Quiet => digest.quiet.push(item),
            DigestSection::Lost => {}
        }
    }
    let serving = serving(view, params);
    digest.answers = answers::between(view, period, |topic: Option<&Clustered>| {
        // What a topic that is gone was answered is told to all.
        serving.as_ref().is_none_or(|serving| {
            topic.is_none_or(|topic| topic.networks.iter().any(|row| serving.contains(&row.0)))
        })
    })
    .await?;
    digest.errata = errata(view, &before, &marks).await?;
    Ok(digest)
}

/// The topic that is named, where it may be shown and networks of the areas that are asked for still take part in it.
fn of_areas<'a>(view: &'a View, named: &DigestTopic, asked: &[String]) -> Option<&'a Clustered> {
    let takes_part = |topic: &&Clustered| {
        let own = notices::marks(view, topic);
        asked.is_empty() || own.iter().any(|mark| asked.contains(mark))
    };
    topics::shown(view, named.topic).filter(takes_part)
}

/// The networks that serve the areas that are asked for, where any is.
fn serving(view: &View, params: &DigestParams) -> Option<BTreeSet<NetworkId>> {
    let slugs = &params.search.area;
    (!slugs.is_empty()).then(|| {
        let served = areas::served(view);
        let of = slugs.iter().filter_map(|slug| served.get(slug.as_str()));
        of.flat_map(|(_, networks)| networks.iter().copied())
            .collect()
    })
}

async fn errata(
    view: &View,
    before: &[DigestEdition],
    marks: &[String],
) -> Result<Vec<DigestRef>, Problem> {
    let mut errata = Vec::new();
    for edition in before {
        let gone = gone(view, &editions::named(edition, marks)).await?;
        if !gone.is_nothing() {
            errata.push(reference(view, period_of(edition), gone));
        }
    }
    Ok(errata)
}

/// What is said of a topic in these days.
async fn in_days(
    view: &View,
    period: Period,
    topic: &Clustered,
) -> Result<Arc<SearchPage>, Problem> {
    let asked = SearchParams {
        topic: vec![topic.id],
        after: Some(period.start),
        before: Some(period.end()),
        limit: 1,
        ..SearchParams::default()
    };
    view.state.search_cache().get(view, &asked).await
}

/// Conversations, near copies once, and their networks.
fn figures_of(found: &SearchPage) -> (u64, u64) {
    (found.once(), found.facets.network.len() as u64)
}

/// Notes what an edition says of the topics it shows first, so that it can be said when that becomes less.
pub(crate) async fn count(
    view: &View,
    period: Period,
    topics: &mut [DigestTopic],
) -> Result<(), Problem> {
    for one in topics {
        if one.place < editions::SHOWN as u64
            && let Some(topic) = topics::shown(view, one.topic)
        {
            one.figures = Some(figures_of(&*in_days(view, period, topic).await?));
        }
    }
    Ok(())
}

async fn item(
    view: &View,
    period: Period,
    topic: &Clustered,
    named: &DigestTopic,
) -> Result<DigestItem, Problem> {
    let found = in_days(view, period, topic).await?;
    let quote = match named.quoted {
        Some(id) => quotes::of_conversation(view, topic, id).await?,
        None => None,
    };
    let (once, networks) = figures_of(&found);
    let said = named
        .figures
        .filter(|(said, at)| *said > once || *at > networks);
    Ok(DigestItem {
        said: said.map(|(conversations, networks)| DigestSaid {
            conversations,
            networks,
        }),
        over_since: None,
        topic: topics::reference(view, topic),
        conversations: found.total,
        near_copies: found.near_copies,
        networks: found.facets.network.len() as u64,
        quiet_since: (found.total == 0)
            .then_some(topic.last_active)
            .filter(|day| *day != Date::ZERO && *day < period.start),
        languages: found
            .facets
            .language
            .iter()
            .filter_map(|row| row.value.parse().ok())
            .collect(),
        chance: named.chance,
        quote,
    })
}

async fn empty(
    view: &View,
    period: Period,
    params: &DigestParams,
    gone: DigestGone,
) -> Result<Digest, Problem> {
    let figures = figures(view).await?;
    let asked = &params.search.area;
    let areas = areas::list(view).into_iter();
    let unreachable = view
        .networks()
        .map(|network| networks::shape(view, &figures, network))
        .filter(|network| network.unreachable_since.is_some())
        .take(MAX_LIMIT);
    Ok(Digest {
        of: reference(view, period, gone),
        areas: areas.filter(|area| asked.contains(&area.slug)).collect(),
        search: None,
        drawn: None,
        odds_days: warnings::warnings(view).await?.days,
        warnings: Vec::new(),
        emerging: Vec::new(),
        enduring: Vec::new(),
        quiet: Vec::new(),
        answers: Vec::new(),
        errata: Vec::new(),
        networks: view.networks().count() as u64,
        unreachable: unreachable
            .map(|network| NetworkRef {
                slug: network.slug,
                name: network.name,
            })
            .collect(),
        generation: view.generation(),
    })
}

/// What a search finds in these days. Nothing is kept of it, so nothing of it is ever to be put right.
async fn of_search(view: &View, period: Period, params: &DigestParams) -> Result<Digest, Problem> {
    let asked = SearchParams {
        after: Some(period.start),
        before: Some(period.end()),
        ..params.search.clone()
    };
    let found = search::search(view, &asked).await?;
    let mut digest = empty(view, period, params, DigestGone::default()).await?;
    digest.search = Some(DigestSearch {
        query: asked.to_query(),
        total: found.total,
        near_copies: found.near_copies,
        networks: found.facets.network.clone(),
        languages: found.facets.language.clone(),
        quotes: brief::quotes(&found.items)
            .into_iter()
            .take(QUOTES)
            .collect(),
    });
    Ok(digest)
}

/// The digests that are over by the names of their topics, latest first.
pub(crate) async fn in_brief(
    view: &View,
    every: DigestEvery,
    slugs: &[String],
) -> Result<Vec<DigestInBrief>, Problem> {
    let before = earlier(view, Period::of(every, view.today), LOOKED_THROUGH).await?;
    let marks = notices::asked(view, slugs)?;
    let over = notices::over_since(view).await?;
    let mut all = Vec::with_capacity(before.len());
    for edition in &before {
        let printed = printed(edition, &marks);
        let as_named = editions::named(edition, &marks);
        let gone = gone(view, &as_named).await?;
        let period = period_of(edition);
        let name = |section: DigestSection| match section {
            DigestSection::Warning => "Early warnings",
            DigestSection::Emerging => "New",
            DigestSection::Enduring => "Talked about for a long time",
            DigestSection::Quiet | DigestSection::Lost => "Quiet, but not going away",
        };
        let named = |section: DigestSection| -> Vec<DigestNamed> {
            let of = printed.iter().filter(|one| one.section == section);
            of.filter_map(|one| {
                let topic = of_areas(view, one, &marks)?;
                let warned = section == DigestSection::Warning;
                Some(DigestNamed {
                    over_since: over.get(&topic.id).copied().filter(|_| warned),
                    label: topic.label.clone(),
                    chance: one.chance,
                    coordinated: Coordinated::by(topic.coordinated.as_ref()),
                })
            })
            .collect()
        };
        all.push(DigestInBrief {
            of: reference(view, period, gone),
            over: first_moment(view, period.end()),
            gone_at: as_named.iter().filter_map(|one| one.gone).max(),
            parts: DigestSection::ALL
                .into_iter()
                .map(|section| DigestPart {
                    name: name(section),
                    topics: named(section),
                })
                .collect(),
        });
    }
    Ok(all)
}

/// The digests there are, latest first; that of the present period before all others.
pub async fn list(
    view: &View,
    every: DigestEvery,
    slugs: &[String],
) -> Result<DigestList, Problem> {
    let current = Period::of(every, view.today);
    let before = earlier(view, current, LOOKED_THROUGH).await?;
    let marks = notices::asked(view, slugs)?;
    let mut items = vec![reference(view, current, DigestGone::default())];
    for edition in &before {
        let gone = gone(view, &editions::named(edition, &marks)).await?;
        items.push(reference(view, period_of(edition), gone));
    }
    Ok(DigestList {
        items,
        generation: view.generation(),
    })
}
