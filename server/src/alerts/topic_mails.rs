//! Mails of what is told early, and of digests: made at the moment of sending, from what may be shown then.

use std::fmt::Write;

use discover_store::{ClaimedMail, DigestEvery, MailItem};

use super::message::{Mail, finished, join, line};
use super::webhook;
use crate::problem::{Code, Problem};
use crate::read::params::{DigestListParams, Query as _};
use crate::read::{digest as read_digest, notices};
use crate::state::View;
use crate::text::{digest as in_words, early as told_early, links};

/// What began and what ended of what is told early.
pub(super) async fn early(view: &View, claimed: &ClaimedMail) -> Result<Option<Mail>, Problem> {
    let (mut said, mut told) = (Vec::new(), Vec::new());
    for (delivery, item) in &claimed.items {
        let (number, began) = match item {
            MailItem::Begun(number) => (*number, true),
            MailItem::Ended(number) => (*number, false),
            _ => continue,
        };
        let Some((notice, all)) = notices::one(view, number).await? else {
            continue;
        };
        // What is not shown any more is told by its end alone.
        if began && (notice.topic.is_none() || notice.ended.is_some()) {
            continue;
        }
        told.push(*delivery);
        let page = match &notice.topic {
            Some(topic) => join(&view.state, &format!("topics/{}", topic.id))?,
            None => join(&view.state, "topics/warnings")?,
        };
        let words = if began {
            told_early::begun(&notice, &all)
        } else {
            told_early::ended(&notice, &webhook::day(view, notice.began))
        };
        said.push((words, page));
    }
    let Some((first, _)) = said.first() else {
        return Ok(None);
    };
    let mut subject = first.title.clone();
    if said.len() > 1 {
        let _ = write!(subject, ", and {} more", said.len() - 1);
    }
    let mut text = String::new();
    for (words, page) in &said {
        let _ = write!(
            text,
            "{}\n{}\n{page}\n\n",
            line(&words.title),
            line(&words.text)
        );
    }
    finished(view, claimed, &subject, text, told).map(Some)
}

/// Digests, and what is to be put right of earlier ones.
pub(super) async fn digests(view: &View, claimed: &ClaimedMail) -> Result<Option<Mail>, Problem> {
    let asked = DigestListParams::parse(&claimed.search)?;
    let all = match read_digest::in_brief(view, asked.every, &asked.area).await {
        Ok(all) => all,
        // Nobody serves one of its areas any more: of no digest is anything to be said.
        Err(problem) if problem.code == Code::BadParameter => Vec::new(),
        Err(problem) => return Err(problem),
    };
    let (mut subject, mut text, mut told) = (String::new(), String::new(), Vec::new());
    let query = DigestListParams {
        every: DigestEvery::default(),
        ..asked
    }
    .to_query();
    for (delivery, item) in &claimed.items {
        let (code, is_erratum) = match item {
            MailItem::Digest(code) => (code, false),
            MailItem::Erratum(code) => (code, true),
            _ => continue,
        };
        told.push(*delivery);
        let Some(one) = all.iter().find(|one| one.of.period == *code) else {
            // Said, or it would wait for ever.
            let _ = write!(text, "{code}: this digest cannot be shown any more.\n\n");
            continue;
        };
        let title = in_words::title(&one.of);
        let said = if is_erratum {
            let erratum = in_words::erratum(&one.of);
            erratum.unwrap_or_else(|| "All that it named is shown again.".to_owned())
        } else {
            in_words::lines(one)
        };
        let title = if is_erratum {
            format!("Put right: {title}")
        } else {
            title
        };
        let page = join(
            &view.state,
            &links::with_query(&format!("digest/{code}"), &query),
        )?;
        let _ = write!(text, "{title}\n{said}\n{page}\n\n");
        if subject.is_empty() {
            subject = format!("{}: {title}", view.state.config().instance_name);
        }
    }
    if told.is_empty() || text.is_empty() {
        return Ok(None);
    }
    finished(view, claimed, &subject, text, told).map(Some)
}
