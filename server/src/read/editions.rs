//! What each digest names: topics and the conversations that are quoted of them, by id.
//!
//! Contract: while its period lasts an edition is what it would name now; then it is what was kept. What of it is gone is
//! asked of the view, so that a withdrawal is seen at once.

use std::collections::HashSet;

use discover_model::{ConversationId, TopicId};
use discover_store::{DigestEdition, DigestSection, DigestTopic, Notice, NoticeKind};
use jiff::Timestamp;
use jiff::civil::Date;

use super::params::DEFAULT_LEVEL;
use super::period::Period;
use super::{notices, quotes, rows, topics};
use crate::problem::Problem;
use crate::shapes::{DigestGone, Rank};
use crate::state::View;

/// Topics of a section that are shown, and that are kept so that each area has its own.
pub(super) const SHOWN: usize = 3;
const KEPT: usize = 30;
/// Earlier digests that are looked through for what is gone.
pub(crate) const LOOKED_THROUGH: usize = 12;

pub(super) async fn earlier(
    view: &View,
    before: Period,
    most: usize,
) -> Result<Vec<DigestEdition>, Problem> {
    let held = view.state.store();
    let held = held.digests_before(before.every, Some(before.start), most);
    held.await.map_err(|error| Problem::internal(&error))
}

/// What a digest of the present period names, by the topics of now; without quotations.
pub(crate) async fn so_far(view: &View, period: Period) -> Result<DigestEdition, Problem> {
    let noted = view.state.store().notices(notices::MOST).await;
    let noted = noted.map_err(|error| Problem::internal(&error))?;
    let holding = notices::holding(view).await?;
    let starts = first_moment(view, period.start);
    // What emerged before these days is not new in them.
    let old = |topic: TopicId| {
        let of = |one: &&Notice| {
            one.of.kind == NoticeKind::Emerging
                && one.ended.is_none()
                && topics::shown(view, one.of.topic).is_some_and(|shown| shown.id == topic)
        };
        noted.iter().find(of).is_some_and(|one| one.began < starts)
    };
    let mut topics: Vec<DigestTopic> = Vec::new();
    let mut taken: HashSet<TopicId> = HashSet::new();
    let mut push = |section: DigestSection, id: TopicId, chance, areas| {
        let place = topics
            .iter()
            .filter(|one: &&DigestTopic| one.section == section);
        let place = place.count();
        if place < KEPT && taken.insert(id) {
            topics.push(DigestTopic {
                section,
                place: place as u64,
                topic: id,
                chance,
                areas,
                quoted: None,
                gone: None,
                figures: None,
            });
        }
    };
    for one in &holding {
        let section = match one.kind {
            NoticeKind::Warning => DigestSection::Warning,
            NoticeKind::Emerging if old(one.topic) => continue,
            NoticeKind::Emerging => DigestSection::Emerging,
        };
        push(section, one.topic, one.chance, one.areas.clone());
    }
    // What was warned of and holds no more was warned of all the same.
    for one in &noted {
        let lasted = one.ended.unwrap_or(one.held) >= starts;
        if one.of.kind == NoticeKind::Warning
            && lasted
            && let Some(topic) = topics::shown(view, one.of.topic)
        {
            let areas = notices::marks(view, topic);
            push(DigestSection::Warning, topic.id, one.of.chance, areas);
        }
    }
    for (section, rank) in [
        (DigestSection::Enduring, Rank::Enduring),
        (DigestSection::Quiet, Rank::Quiet),
    ] {
        let listed = view.rankings.list(DEFAULT_LEVEL, rank);
        for id in listed.iter().take(KEPT) {
            if let Some(topic) = topics::shown(view, *id) {
                push(section, topic.id, None, notices::marks(view, topic));
            }
        }
    }
    Ok(DigestEdition {
        every: period.every,
        start: period.start,
        drawn: view.topics.drawn,
        topics,
    })
}

/// Gives each topic the conversation that is quoted of it now.
pub(crate) async fn quote(view: &View, topics: &mut [DigestTopic]) -> Result<(), Problem> {
    for one in topics {
        if let Some(topic) = topics::shown(view, one.topic) {
            let quotes = quotes::of_topic(view, topic, 1).await?;
            one.quoted = quotes.first().map(|quote| quote.conversation);
        }
    }
    Ok(())
}

pub(super) fn first_moment(view: &View, day: Date) -> Timestamp {
    let zone = view.state.config().zone.clone();
    day.to_zoned(zone)
        .map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

/// What of an edition is shown where some areas are asked for, by their marks: the first of each section.
pub(super) fn printed<'a>(edition: &'a DigestEdition, marks: &[String]) -> Vec<&'a DigestTopic> {
    let mut printed = Vec::new();
    for section in DigestSection::ALL {
        let of = edition.topics.iter().filter(|one| one.section == section);
        let served = |one: &&DigestTopic| {
            marks.is_empty() || one.areas.iter().any(|own| marks.contains(own))
        };
        printed.extend(of.filter(served).take(SHOWN));
    }
    printed
}

/// What an edition named, and what it quoted in its days and lost before they were over.
pub(super) fn named<'a>(edition: &'a DigestEdition, marks: &[String]) -> Vec<&'a DigestTopic> {
    let served =
        |one: &&DigestTopic| marks.is_empty() || one.areas.iter().any(|own| marks.contains(own));
    let lost = edition.topics.iter().filter(|one| is_lost(one));
    let mut named = printed(edition, marks);
    named.extend(lost.filter(served));
    named
}

fn is_lost(one: &DigestTopic) -> bool {
    one.section == DigestSection::Lost
}

/// Carries over what the edition of these days quoted and that is not shown any more, whatever it names now.
pub(crate) async fn carry_lost(
    view: &View,
    held: &DigestEdition,
    edition: &mut DigestEdition,
) -> Result<(), Problem> {
    let quoted: Vec<ConversationId> = held.topics.iter().filter_map(|one| one.quoted).collect();
    let shown = rows::shown(view, &quoted).await?;
    // What went and came back is quoted again, and counts once if it goes again.
    let lost = held.topics.iter().filter(|one| {
        let went = match one.quoted {
            Some(id) => !shown.contains(&id),
            None => one.gone.is_some(),
        };
        went && (is_lost(one) || one.place < SHOWN as u64)
    });
    let lost: Vec<DigestTopic> = lost
        .zip(0..)
        .map(|(one, place)| DigestTopic {
            section: DigestSection::Lost,
            place,
            gone: one.gone.or(Some(view.now)),
            figures: None,
            ..one.clone()
        })
        .collect();
    edition.topics.extend(lost);
    Ok(())
}

/// What of an edition is not shown any more.
pub(super) async fn gone(view: &View, topics: &[&DigestTopic]) -> Result<DigestGone, Problem> {
    let quoted: Vec<ConversationId> = topics.iter().filter_map(|one| one.quoted).collect();
    let shown = rows::shown(view, &quoted).await?;
    let mut gone = DigestGone::default();
    for one in topics {
        let lost = match one.quoted {
            Some(id) => !shown.contains(&id),
            None => one.gone.is_some(),
        };
        gone.quotations += u64::from(lost);
        gone.topics += u64::from(!is_lost(one) && topics::shown(view, one.topic).is_none());
    }
    Ok(gone)
}

pub(super) const fn period_of(edition: &DigestEdition) -> Period {
    Period {
        every: edition.every,
        start: edition.start,
    }
}
