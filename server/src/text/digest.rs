//! A digest in English, in few lines: for feeds and mails.

use std::fmt::Write as _;

use super::{coordinated, say, words};
use crate::shapes::{DigestGone, DigestInBrief, DigestNamed, DigestRef};

/// `Week from 23 to 29 November 2026`, `November 2026`.
pub(crate) fn title(of: &DigestRef) -> String {
    if of.every == "month" {
        words::whole_month(of.start)
    } else {
        format!("Week {}", words::days(of.start, of.last))
    }
}

/// What it names, a line for each part.
pub(crate) fn lines(one: &DigestInBrief) -> String {
    let mut text = String::new();
    for part in &one.parts {
        let named: Vec<String> = part.topics.iter().map(named).collect();
        if !named.is_empty() {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "{}: {}.", part.name, named.join("; "));
        }
    }
    if text.is_empty() {
        "No topic was large enough to be named.".clone_into(&mut text);
    }
    text.trim_end().to_owned()
}

fn named(topic: &DigestNamed) -> String {
    let odds = topic.chance.filter(|chance| *chance < 1.0);
    let odds = odds.map(|chance| say::odds(chance).to_string());
    let over = topic
        .over_since
        .map(|day| format!("over since {}", words::day(day)));
    let sign = coordinated::sign(topic.coordinated.as_ref());
    let remarks: Vec<String> = odds
        .into_iter()
        .chain(over)
        .chain(sign.map(|sign| sign.to_string()))
        .collect();
    let label = words::sentence(&topic.label);
    match remarks.as_slice() {
        [] => label,
        remarks => format!("{label} ({})", remarks.join("; ")),
    }
}

/// What of it is not shown any more; nothing where all of it is.
pub(crate) fn erratum(of: &DigestRef) -> Option<String> {
    let DigestGone { quotations, topics } = of.gone;
    if of.gone.is_nothing() {
        return None;
    }
    let quotations = (quotations > 0).then(|| {
        let quoted = words::of(
            quotations,
            "conversation that was quoted",
            "conversations that were quoted",
        );
        format!(
            "Since then {quoted} in this digest went: withdrawn, taken back, or past the time for which it may be kept. Please strike it out on printed copies."
        )
    });
    let topics = (topics > 0).then(|| {
        let named = words::of(topics, "topic that it named", "topics that it named");
        format!("{named} cannot be shown any more: too small now, or gone.")
    });
    let said: Vec<String> = quotations.into_iter().chain(topics).collect();
    Some(said.join(" "))
}
