//! Answers as an owner is told of them: made at the moment of sending, from what may be shown then.
//!
//! Contract: nothing is said while the network may not be shown.

use std::fmt::Write;

use discover_model::NetworkId;
use discover_store::{ClaimedMail, MailItem};

use super::message::{Mail, finished, join, line};
use crate::problem::Problem;
use crate::read::answers;
use crate::shapes::AlertAnswer;
use crate::state::View;
use crate::text::{answered, links};

/// An entry for the owner of a network; none where the network may not be shown, or there is none.
pub(super) async fn entry(
    view: &View,
    network: Option<NetworkId>,
    number: u64,
    erased: bool,
) -> Result<Option<AlertAnswer>, Problem> {
    if network.and_then(|id| view.network(id)).is_none() {
        return Ok(None);
    }
    let Some((mut entry, topic)) = answers::one(view, number).await? else {
        return Ok(None);
    };
    // What was sent cannot be called back: the page says who else raised it and what it answers, while they may be shown.
    entry.networks.clear();
    entry.conversations.clear();
    entry.cites.clear();
    entry.conversations_salt = None;
    let told = if erased {
        answered::erased(&entry, topic.as_ref())
    } else {
        answered::told(&entry, topic.as_ref())
    };
    let page = format!("{}/answers#e{number}", links::topic(entry.topic));
    Ok(Some(AlertAnswer {
        title: told.title,
        text: told.text,
        page: join(&view.state, page.trim_start_matches('/'))?.to_string(),
        topic,
        entry,
    }))
}

/// One mail for all that waits.
pub(super) async fn mail(view: &View, claimed: &ClaimedMail) -> Result<Option<Mail>, Problem> {
    let (mut said, mut told) = (Vec::new(), Vec::new());
    for (delivery, item) in &claimed.items {
        let (number, erased) = match item {
            MailItem::Answer(number) => (*number, false),
            MailItem::AnswerErased(number) => (*number, true),
            _ => continue,
        };
        let Some(one) = entry(view, claimed.network, number, erased).await? else {
            continue;
        };
        told.push(*delivery);
        said.push(one);
    }
    let Some(first) = said.first() else {
        return Ok(None);
    };
    let mut subject = first.title.clone();
    if said.len() > 1 {
        let _ = write!(subject, ", and {} more", said.len() - 1);
    }
    let name = claimed.network.and_then(|id| view.network(id));
    let name = name.map_or_else(String::new, |network| line(&network.name));
    let mut text = format!("An answer came to what was raised at {name}.\n\n");
    for one in &said {
        let _ = writeln!(text, "{}", line(&one.title));
        for part in one.text.lines() {
            let _ = writeln!(text, "   {}", line(part));
        }
        let _ = write!(text, "{}\n\n", one.page);
    }
    finished(view, claimed, &subject, text, told).map(Some)
}
