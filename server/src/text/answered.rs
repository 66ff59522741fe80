//! An entry of the answers in words, as feeds, mails and webhooks say it.

use crate::shapes::{AnswerEntry, TopicRef};
use crate::text::words;

/// What is said of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) title: String,
    /// Lines.
    pub(crate) text: String,
}

/// `Walk-in blood tests`; what a topic is called that may not be named any more.
pub(crate) fn about(topic: Option<&TopicRef>) -> String {
    topic.map_or_else(
        || "a topic that is gone".to_owned(),
        |topic| words::sentence(&topic.label),
    )
}

/// An entry as it stands.
pub(crate) fn told(entry: &AnswerEntry, topic: Option<&TopicRef>) -> Told {
    let what = match (entry.corrects, entry.stage.as_str()) {
        (Some(seq), _) => format!("A correction of entry {}", words::exact(seq)),
        (None, stage) => words::sentence(stage),
    };
    let mut lines = vec![match (&entry.text, &entry.erased) {
        (Some(text), _) => text.clone(),
        (None, _) => erasure(entry),
    }];
    if let Some(seq) = entry.corrected_by {
        lines.push(format!("Corrected by entry {}.", words::exact(seq)));
    }
    if let Some(due) = entry.due {
        lines.push(format!("The next step is due on {}.", words::day(due)));
    }
    lines.extend(entry.url.clone());
    Told {
        title: format!("{what} by {}: {}", entry.by, about(topic)),
        text: lines.join("\n"),
    }
}

/// That the text of an entry is erased.
pub(crate) fn erased(entry: &AnswerEntry, topic: Option<&TopicRef>) -> Told {
    Told {
        title: format!(
            "Erased: the text of entry {} by {}: {}",
            words::exact(entry.seq),
            entry.by,
            about(topic)
        ),
        text: format!("{} Please delete what you hold of it.", erasure(entry)),
    }
}

fn erasure(entry: &AnswerEntry) -> String {
    match &entry.erased {
        Some(erased) => format!(
            "The text was erased on {}, because {}.",
            words::day(erased.at),
            erased.reason.trim_end_matches('.')
        ),
        None => "The text was erased.".to_owned(),
    }
}
