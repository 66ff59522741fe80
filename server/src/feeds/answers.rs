//! Answers as a feed, of a topic or to a network: an entry for each that was written, another where its text was erased.

use super::entries::{absolute, tag};
use super::notes::{Note, Notes};
use crate::problem::Problem;
use crate::read;
use crate::shapes::{AnswerEntry, TopicRef};
use crate::state::View;
use crate::text::{answered, coordinated, links};

/// Entries of one feed.
const ENTRIES: usize = 50;

/// What happened about a topic, latest first; also of one that is gone.
pub(super) async fn of_topic(view: &View, id: &str, form: &str) -> Result<Notes, Problem> {
    let answers = read::answers::of_topic(view, id).await?;
    let topic = answers.topic.as_ref();
    let id = topic.map_or_else(|| id.to_owned(), |topic| topic.id.to_string());
    let here = format!("{}/answers", links::topic(&id));
    let items = answers.items.iter();
    Ok(Notes {
        id: tag(view, &format!("topic/{id}/answers")),
        title: format!("What happened: {}", answered::about(topic)),
        note: coordinated::sentence(topic.and_then(|topic| topic.coordinated.as_ref())),
        page: absolute(view, &here),
        own: absolute(view, &format!("{here}.{form}")),
        entries: latest(items.flat_map(|entry| notes(view, entry, topic)).collect()),
    })
}

/// Answers to what a network raised, latest first.
pub(super) async fn of_network(view: &View, slug: &str, form: &str) -> Result<Notes, Problem> {
    let answers = read::answers::of_network(view, slug).await?;
    let network = view
        .network_by_slug(slug)
        .ok_or_else(|| view.gone_slug(slug))?;
    let here = links::network(&network.slug);
    let items = answers.items.iter().flat_map(|entry| {
        let topic = read::topics::of_ids(view, &[entry.topic]).pop();
        notes(view, entry, topic.as_ref())
    });
    Ok(Notes {
        id: tag(view, &format!("network/{}/answers", network.id)),
        title: format!("Answers to what was raised at {}", network.name),
        note: None,
        page: absolute(view, &here),
        own: absolute(view, &format!("{here}/answers.{form}")),
        entries: latest(items.collect()),
    })
}

fn notes(view: &View, entry: &AnswerEntry, topic: Option<&TopicRef>) -> Vec<Note> {
    let page = format!("{}/answers#e{}", links::topic(entry.topic), entry.seq);
    let told = answered::told(entry, topic);
    let mut notes = vec![Note {
        id: tag(view, &format!("answer/{}", entry.seq)),
        title: told.title,
        text: told.text,
        page: absolute(view, &page),
        published: entry.written,
    }];
    if let Some(erased) = &entry.erased {
        let told = answered::erased(entry, topic);
        notes.push(Note {
            id: tag(view, &format!("answer/{}/erased", entry.seq)),
            title: told.title,
            text: told.text,
            page: absolute(view, &page),
            published: erased.moment,
        });
    }
    notes
}

fn latest(mut notes: Vec<Note>) -> Vec<Note> {
    notes.sort_by(|a, b| b.published.cmp(&a.published).then(b.id.cmp(&a.id)));
    notes.truncate(ENTRIES);
    notes
}
