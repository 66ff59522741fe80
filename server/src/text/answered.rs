//! An entry of the answers in words, as feeds, mails and webhooks say it.

use super::inline::Text;
use super::words;
use crate::i18n::{Msg, msg};
use crate::shapes::{AnswerEntry, MapAnswers, TopicRef};

/// What is said of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) title: String,
    /// Lines.
    pub(crate) text: String,
}

/// What an entry says was done.
pub(crate) fn stage(stage: &str) -> Msg {
    match stage {
        "heard" => msg!("stage-heard"),
        "answered" => msg!("stage-answered"),
        "decided" => msg!("stage-decided"),
        _ => msg!("stage-changed"),
    }
}

/// What is waited for where an entry of this kind gives a day: an answer promises what it says, and no decision.
pub(crate) fn next(stage: &str) -> Msg {
    match stage {
        "heard" => msg!("answers-next-answer"),
        "answered" => msg!("answers-next-promise"),
        "decided" => msg!("answers-next-decided"),
        _ => msg!("answers-next-step"),
    }
}

/// How far things have come with a topic, in one line: `Answered 3 November 2026 by Wexmoor Health Board`.
pub(crate) fn state(answers: &MapAnswers) -> Msg {
    let state = msg!(
        "answers-state",
        what = stage(&answers.stage),
        at = answers.at,
        by = Text::unknown(&answers.by),
    );
    match answers.due {
        None => state,
        Some(day) => msg!(
            "answers-state-due",
            state = state,
            due = if answers.overdue {
                msg!("map-overdue", day = day)
            } else {
                msg!("map-due", day = day)
            },
        ),
    }
}

/// [`state`], as plain English: for feeds.
pub(crate) fn state_in_english(answers: &MapAnswers) -> String {
    let state = format!(
        "{} {} by {}",
        stage(&answers.stage),
        words::day(answers.at),
        answers.by
    );
    match answers.due {
        None => format!("{state}."),
        Some(day) if answers.overdue => format!("{state}. Overdue since {}.", words::day(day)),
        Some(day) => format!("{state}. Due {}.", words::day(day)),
    }
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
        lines.push(format!(
            "{} is due on {}.",
            next(&entry.stage),
            words::day(due)
        ));
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_is_due_is_called_by_the_kind_of_the_entry_that_says_so() {
        let said = ["heard", "answered", "decided", "changed"].map(|one| next(one).to_string());
        assert_eq!(
            said,
            [
                "An answer",
                "What was promised in the answer",
                "What was decided",
                "The next step"
            ]
        );
    }

    #[test]
    fn one_line_says_what_was_done_last_when_by_whom_and_what_is_due() {
        let heard = MapAnswers {
            entries: 1,
            stage: "heard".to_owned(),
            by: "Wexmoor & Ashmere".to_owned(),
            at: date(2026, 11, 3),
            due: None,
            overdue: false,
        };
        assert_eq!(
            state_in_english(&heard),
            "Heard 3 November 2026 by Wexmoor & Ashmere."
        );
        let late = MapAnswers {
            due: Some(date(2026, 11, 19)),
            overdue: true,
            ..heard
        };
        let line = state(&late).to_string();
        assert!(
            line.starts_with("Heard 3 November 2026 by <bdi>Wexmoor &#38; Ashmere</bdi>")
                && line.ends_with("Overdue since 19 November 2026"),
            "{line}"
        );
    }
}
