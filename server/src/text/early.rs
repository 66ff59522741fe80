//! What is told early, in English: for feeds, alerts and mails.

use discover_store::NoticeKind;

use super::{coordinated, say, words};
use crate::shapes::{Notice, Notices};

/// What one message of a notice says.
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) text: String,
}

fn label(notice: &Notice) -> String {
    let topic = notice.topic.as_ref();
    topic.map_or_else(
        || "a topic that is no longer shown".to_owned(),
        |topic| words::sentence(&topic.label),
    )
}

fn warns(notice: &Notice) -> bool {
    notice.kind == NoticeKind::Warning.as_str()
}

/// That it began, with its odds as they are now.
pub(crate) fn begun(notice: &Notice, all: &Notices) -> Told {
    let told = begun_as_counted(notice, all);
    let topic = notice.topic.as_ref();
    match coordinated::sentence(topic.and_then(|topic| topic.coordinated.as_ref())) {
        Some(sign) => Told {
            text: format!("{} {sign}", told.text),
            ..told
        },
        None => told,
    }
}

fn begun_as_counted(notice: &Notice, all: &Notices) -> Told {
    let label = label(notice);
    if !warns(notice) {
        let because = notice
            .because
            .as_deref()
            .map_or_else(String::new, |because| {
                format!("{}. ", words::sentence(because.trim_end_matches('.')))
            });
        return Told {
            title: format!("Newly emerging: {label}"),
            text: format!("{because}{}", odds(notice, all)),
        };
    }
    let networks = notice.networks.unwrap_or_default();
    Told {
        title: format!("Early warning: {label}"),
        text: format!(
            "{} {} of it more in the last {} days than {} used to in the {} before. {} About 1 such warning in {:.0} is expected to be false.{}",
            words::sentence(&words::networks(networks)),
            words::noun(networks, "speaks", "speak"),
            all.days,
            words::noun(networks, "it is", "each is"),
            all.compared_with,
            odds(notice, all),
            1.0 / all.false_share,
            measured(all)
        ),
    }
}

fn odds(notice: &Notice, all: &Notices) -> String {
    match notice.chance {
        Some(chance) if chance < 1.0 => format!(
            "The odds of as much talk in an ordinary week: {}.",
            say::odds(chance)
        ),
        Some(_) => "As much talk is to be expected in any week.".to_owned(),
        None if all.tests == 0 => "There is too little history to give odds.".to_owned(),
        None => "No odds can be given of it.".to_owned(),
    }
}

fn measured(all: &Notices) -> String {
    let Some(measured) = all.false_alarms else {
        return String::new();
    };
    format!(
        " Run over {} without a common wave, the rule raised {} in {}.",
        words::of(measured.days, "past day", "past days"),
        words::some_of(measured.raised, "false warning", "false warnings"),
        words::of(measured.tests, "test", "tests")
    )
}

/// That it holds no more.
pub(crate) fn ended(notice: &Notice, began: &str) -> Told {
    let label = label(notice);
    let (title, was) = if warns(notice) {
        (format!("No longer a warning: {label}"), "We warned of it")
    } else {
        (format!("No longer emerging: {label}"), "We told of it")
    };
    let now = if notice.topic.is_none() {
        "It is not shown any more: it was withdrawn, or too few speak of it."
    } else if warns(notice) {
        "Its networks do not speak of it more than they are used to any more."
    } else {
        "It does not meet the rule of the list of emerging topics any more."
    };
    Told {
        title,
        text: format!("{was} on {began}. {now}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use discover_model::TopicId;
    use jiff::Timestamp;

    use super::*;
    use crate::shapes::{FalseAlarms, TopicRef};

    fn notice(kind: NoticeKind) -> Notice {
        let id = TopicId::from_u128(7);
        Notice {
            number: 1,
            kind: kind.as_str().to_owned(),
            topic: Some(TopicRef {
                id,
                label: "walk-in blood tests".to_owned(),
                labels: BTreeMap::new(),
                networks: 4,
                list: None,
                coordinated: None,
            }),
            id,
            began: Timestamp::UNIX_EPOCH,
            ended: None,
            holds: true,
            chance: Some(0.002),
            networks: Some(3),
            because: Some("it began 9 days ago".to_owned()),
            languages: Vec::new(),
        }
    }

    fn all() -> Notices {
        Notices {
            items: Vec::new(),
            tests: 40,
            days: 7,
            compared_with: 84,
            false_share: 0.05,
            false_alarms: Some(FalseAlarms {
                days: 28,
                tests: 1_120,
                raised: 0,
                rate: 0.0,
            }),
            generation: 1,
        }
    }

    #[test]
    fn each_says_its_odds_or_that_there_are_none_and_an_end_names_nothing_that_is_gone() {
        let told = begun(&notice(NoticeKind::Warning), &all());
        assert_eq!(told.title, "Early warning: Walk-in blood tests");
        assert_eq!(
            told.text,
            "3 networks speak of it more in the last 7 days than each is used to in the 84 before. \
             The odds of as much talk in an ordinary week: 1 in 500. \
             About 1 such warning in 20 is expected to be false. \
             Run over 28 past days without a common wave, the rule raised no false warnings in 1,120 tests."
        );
        let emerging = notice(NoticeKind::Emerging);
        let told = begun(&emerging, &all());
        assert_eq!(
            (told.title.as_str(), told.text.as_str()),
            (
                "Newly emerging: Walk-in blood tests",
                "It began 9 days ago. The odds of as much talk in an ordinary week: 1 in 500."
            )
        );
        let untested = Notices { tests: 0, ..all() };
        let without = Notice {
            chance: None,
            ..emerging.clone()
        };
        assert!(
            begun(&without, &untested)
                .text
                .contains("too little history to give odds")
        );
        let gone = Notice {
            topic: None,
            ..emerging
        };
        let told = ended(&gone, "3 November 2026");
        assert_eq!(
            told.title,
            "No longer emerging: a topic that is no longer shown"
        );
        assert!(
            told.text
                .starts_with("We told of it on 3 November 2026. It is not shown any more")
        );
    }
}
