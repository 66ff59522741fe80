//! What is told early, in English: for feeds, alerts and mails.

use discover_store::NoticeKind;

use super::{say, words};
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
    let label = label(notice);
    if !warns(notice) {
        let because = notice.because.as_deref().map_or_else(String::new, |because| {
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
