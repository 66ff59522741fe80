//! Annotations: a day and a few words on a topic, of a network that speaks in it (its right of reply) or of the operator.
//!
//! Contract: only a network that a topic cites writes on it, and its words pass the same redaction as posts. Who sees them is
//! said by [`super::topic_notes`].

use discover_graph::Topic as Clustered;
use discover_model::NetworkId;
use discover_model::redaction::{addresses, redact};
use discover_store::{Annotation as Stored, NewAnnotation};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::topic_notes::{bare, ids, is_shown, names_hidden, shape};
use super::{topic_notes, topics};
use crate::problem::{Code, Problem};
use crate::shapes::{Annotation, List, TopicRef};
use crate::state::View;

/// Characters of one.
const MOST: usize = 200;
/// Annotations of one network on one topic, and of the operator.
const OF_A_NETWORK: usize = 5;
pub const OF_THE_OPERATOR: usize = 20;
/// As far back as a topic's timeline goes.
const YEARS: i64 = 2;

/// An annotation as its network's owner sees it.
pub(crate) struct Own {
    pub(crate) note: Annotation,
    pub(crate) topic: Option<TopicRef>,
    /// Whether everybody sees it now.
    pub(crate) shown: bool,
}

/// Those of a topic that may be shown, by day.
pub async fn list(view: &View, id: &str) -> Result<List<Annotation>, Problem> {
    let topic = topics::find(view, id)?;
    let items = topic_notes::of_topic(view, topic).await?;
    Ok(List {
        total: items.len() as u64,
        items,
        next: None,
        generation: view.generation(),
    })
}

/// All of a network, latest first, those included that nobody else sees now; but for one that names a network which may not be
/// shown, another one than its own.
pub(crate) async fn own(view: &View, network: NetworkId) -> Result<Vec<Own>, Problem> {
    let stored = view.state.store().annotations_of(Some(network)).await;
    let stored = stored.map_err(|error| Problem::internal(&error))?;
    let own = |one: &Stored| {
        let topic = topics::shown(view, one.topic);
        Own {
            note: bare(one),
            shown: topic.is_some_and(|topic| is_shown(view, one, topic)),
            topic: topic.map(|topic| topics::reference(view, topic)),
        }
    };
    // A network that is paused names itself.
    let kept = |one: &&Stored| !names_hidden(view, one, Some(network));
    Ok(stored.iter().filter(kept).map(own).collect())
}

/// Writes an annotation of a network, in the place of its own of that day; without words it is taken away.
pub(crate) async fn write(
    view: &View,
    network: NetworkId,
    topic: &str,
    day: Date,
    text: &str,
) -> Result<Option<Annotation>, Problem> {
    let topic = topics::find(view, topic)?;
    let refused = |field: &str, detail: String| Problem {
        parameter: Some(field.to_owned()),
        ..Problem::new(Code::BadBody, detail)
    };
    if text.trim().is_empty() {
        take_away(view, network, topic, day).await?;
        return Ok(None);
    }
    let speaks = topic.networks.iter().any(|row| row.0 == network);
    if !speaks || view.network(network).is_none() {
        let detail = "this topic cites nothing of your network just now";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let text = words(text).map_err(|why| refused("text", why))?;
    let oldest = view.today.saturating_sub(YEARS.years());
    if day > view.today || day < oldest {
        let detail =
            format!("the day of a note is one of the last {YEARS} years, today at the latest");
        return Err(refused("day", detail));
    }
    let new = NewAnnotation {
        topic: topic.id,
        network: Some(network),
        day,
        text,
    };
    let store = view.state.store();
    let ids = ids(topic);
    // What not even its author sees now is none that the author could take away.
    let stored = store.annotations(&ids).await;
    let stored = stored.map_err(|error| Problem::internal(&error))?;
    let own = stored.iter().filter(|one| one.network == Some(network));
    let hidden = own
        .filter(|one| names_hidden(view, one, Some(network)))
        .count();
    let put = store.put_annotation(&new, &ids, OF_A_NETWORK + hidden, view.now);
    let put = put.await.map_err(|error| Problem::internal(&error))?;
    let full = "your network has as many notes on this topic as it can have: take one away first";
    let put = put.ok_or_else(|| Problem::new(Code::Conflict, full))?;
    Ok(shape(view, &put))
}

/// One line of at most 200 characters after redaction; why it is none.
pub fn words(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err("the words of a note are one line".to_owned());
    }
    let clean = redact(&addresses::in_text(text)).text;
    let fits = |text: &str| (1..=MOST).contains(&text.chars().count());
    if fits(text) && fits(&clean) {
        Ok(clean)
    } else {
        Err(format!("a note has from 1 to {MOST} characters"))
    }
}

async fn take_away(
    view: &View,
    network: NetworkId,
    topic: &Clustered,
    day: Date,
) -> Result<(), Problem> {
    let store = view.state.store();
    let internal = |error| Problem::internal(&error);
    let stored = store.annotations(&ids(topic)).await.map_err(internal)?;
    let mut own = stored.iter().filter(|one| one.network == Some(network));
    let Some(own) = own.find(|one| one.day == day) else {
        return Err(Problem::not_found("annotation of that day"));
    };
    let taken = store.drop_annotation(own.number, Some(network)).await;
    taken.map_err(internal)?;
    Ok(())
}
