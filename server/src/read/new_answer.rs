//! An entry of the answers before it is written: what of it may not be, and what the redaction leaves of its text.
//!
//! Contract: the API and the form refuse the same, each in its own words; nothing here writes.

use discover_model::TopicId;
use discover_model::redaction::{addresses, redact};
use discover_store::{Answer, NewAnswer as Written, Stage};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::problem::{Code, Problem};
use crate::shapes::NewAnswer;
use crate::text::inline::outside;

const TEXT: usize = 2_000;
const URL: usize = 2_048;
/// How far ahead a day may be promised.
const LONGEST_DUE_YEARS: i64 = 2;
/// Entries of one topic: none of them is ever removed, and every page of the topic reads them.
const OF_A_TOPIC: usize = 200;

/// Why an entry cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("`stage` is one of heard, answered, decided and changed")]
    Stage,
    #[error("`text` has from 1 to 2,000 characters")]
    Text,
    #[error("`url` is longer than 2,048 bytes")]
    LongUrl,
    #[error("`url` is a web address: http:// or https://")]
    NoUrl,
    #[error("`url` holds personal details, a login or what follows readers: give the bare address")]
    PersonalUrl,
    #[error("this topic has as many entries as it can hold: ask the operator")]
    Full,
    #[error("`due` is a day from today on, at most two years ahead")]
    Due,
    #[error("`corrects` is the number of an entry of yours on this topic")]
    Corrects,
    #[error("a correction has the stage of what it corrects")]
    OtherStage,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::new(Code::BadBody, fault.to_string())
    }
}

/// An entry as it may be written, without its conversations; `by` is not known before its key was seen.
pub(super) fn checked(
    new: &NewAnswer,
    topic: TopicId,
    by: Option<&str>,
    before: &[Answer],
    today: Date,
) -> Result<Written, Fault> {
    let stage: Stage = new.stage.parse().map_err(|()| Fault::Stage)?;
    let text = new.text.trim();
    if text.is_empty() || text.chars().count() > TEXT {
        return Err(Fault::Text);
    }
    let url = match new.url.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(url) if url.len() > URL => return Err(Fault::LongUrl),
        Some(url) => Some(outside(url).ok_or(Fault::NoUrl)?),
    };
    // As the address of a post would be shown.
    let clean = |url: &str| {
        redact(url).spans.is_empty() && addresses::listed(url).is_some_and(|shown| shown == url)
    };
    if url.as_deref().is_some_and(|url| !clean(url)) {
        return Err(Fault::PersonalUrl);
    }
    let longest = today.saturating_add(LONGEST_DUE_YEARS.years());
    if before.len() >= OF_A_TOPIC {
        return Err(Fault::Full);
    }
    if new.due.is_some_and(|due| due < today || due > longest) {
        return Err(Fault::Due);
    }
    if let Some(corrects) = new.corrects {
        let corrected = before.iter().find(|entry| entry.seq == corrects);
        let corrected = corrected.filter(|entry| by.is_none_or(|by| entry.by == by));
        if corrected.ok_or(Fault::Corrects)?.stage != stage {
            return Err(Fault::OtherStage);
        }
    }
    Ok(Written {
        topic,
        stage,
        by: by.unwrap_or_default().to_owned(),
        due: new.due,
        corrects: new.corrects,
        url,
        text: redact(&addresses::in_text(text)).text,
        conversations: Vec::new(),
        networks: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::promises::tests::entry;
    use super::*;

    #[test]
    fn what_may_not_be_written_is_refused_and_details_are_taken_out() {
        let topic = TopicId::from_u128(1);
        let today = date(2026, 11, 30);
        let held = [entry(1, "Board", Stage::Heard, today, None)];
        let new = |text: &str| NewAnswer {
            stage: "heard".to_owned(),
            text: text.to_owned(),
            url: None,
            due: None,
            corrects: None,
        };
        let write = |new: &NewAnswer| checked(new, topic, Some("Board"), &held, today);
        let good = write(&new("Write to jo.blue@board.example about it.")).expect("an entry");
        assert!(!good.text.contains("jo.blue"), "{}", good.text);
        for wrong in [
            new(" "),
            new(&"x".repeat(2_001)),
            NewAnswer {
                stage: "raised".to_owned(),
                ..new("x")
            },
            NewAnswer {
                url: Some("javascript:alert(1)".to_owned()),
                ..new("x")
            },
            NewAnswer {
                due: Some(date(2026, 11, 29)),
                ..new("x")
            },
            NewAnswer {
                due: Some(date(2029, 1, 1)),
                ..new("x")
            },
            NewAnswer {
                corrects: Some(2),
                ..new("x")
            },
            NewAnswer {
                corrects: Some(1),
                stage: "decided".to_owned(),
                ..new("x")
            },
        ] {
            assert!(write(&wrong).is_err(), "{wrong:?}");
        }
        let other = NewAnswer {
            corrects: Some(1),
            ..new("x")
        };
        assert!(write(&other).is_ok());
        assert!(
            checked(&other, topic, Some("Council"), &held, today).is_err(),
            "not its own"
        );
    }
}
