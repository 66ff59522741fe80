//! Mails to those who follow a search: made at the moment of sending, from what may be shown then; and the links in them.
//!
//! Contract: plain text. Nothing of it but a title, a name or an excerpt is from elsewhere, each on a line of its own, so
//! that none can look like ours. What asks for a yes says nothing that the holder of the key wrote: it goes to somebody
//! who may not have asked for it.

use std::fmt::Write;

use data_encoding::BASE64URL_NOPAD;
use discover_model::{ConversationId, DeliveryId, FollowId};
use discover_store::{
    ClaimedMail, DigestEvery, Every, FollowAbout, MailItem, Mailbox, Store, Uses,
};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{RoundMode, SignedDuration, Timestamp, Unit, ZonedRound};
use sha2::{Digest, Sha256};
use url::Url;

use super::webhook;
use crate::problem::Problem;
use crate::read::params::{DigestListParams, Query as _, SavedSearch};
use crate::read::period::Period;
use crate::read::{digest as read_digest, notices, search};
use crate::shapes::{Conversation, Highlight};
use crate::state::{State, View};
use crate::text::{digest as in_words, early as told_early, links};
use crate::uses;

/// When the mail of a day goes out, in the instance's time zone.
const MORNING: Time = Time::constant(7, 0, 0, 0);
/// Characters of a subject.
const SUBJECT: usize = 120;

/// What is sent, and what of the claimed deliveries it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The same however often it is sent.
    pub id: DeliveryId,
    pub to: Mailbox,
    /// One line.
    pub subject: String,
    /// Lines end with `\n`.
    pub text: String,
    /// Ends the follow when it is posted to (RFC 8058); a mail that belongs to none has none.
    pub stop: Option<Url>,
    pub told: Vec<DeliveryId>,
}

/// What a link in a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// To say yes.
    Confirm,
    /// To want no more.
    Stop,
}

impl Link {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Stop => "stop",
        }
    }

    /// What nobody can guess in the link. It is made from the instance's key whenever it is needed, and kept nowhere.
    fn token(self, store: &Store, follow: FollowId) -> String {
        let key = store.sub_key(&format!("mail {} {follow}", self.as_str()));
        BASE64URL_NOPAD.encode(&key[..18])
    }

    /// Whether a link bears the right token. Digests are compared, so that time says nothing of the token.
    pub(crate) fn opens(self, store: &Store, follow: FollowId, token: &str) -> bool {
        Sha256::digest(token) == Sha256::digest(self.token(store, follow))
    }

    fn url(self, state: &State, follow: FollowId) -> Result<Url, Problem> {
        let token = self.token(state.store(), follow);
        join(state, &format!("mail/{}/{follow}/{token}", self.as_str()))
    }
}

fn join(state: &State, path: &str) -> Result<Url, Problem> {
    let url = state.config().base_url.join(path);
    url.map_err(|error| Problem::internal(&error))
}

/// When the next mail may go out, after one that did at `now`: at the full hour, or in the morning.
pub fn next_mail(every: Every, now: Timestamp, zone: &TimeZone) -> Timestamp {
    match every {
        Every::Hour => {
            // Zones differ by halves and quarters of an hour too: Kathmandu's full hours are nobody else's.
            let later = now + SignedDuration::from_hours(1);
            let hour = ZonedRound::new()
                .smallest(Unit::Hour)
                .mode(RoundMode::Trunc);
            let full = later.to_zoned(zone.clone()).round(hour);
            full.map_or(later, |full| full.timestamp())
        }
        Every::Day => next_morning(now, zone, |date| date.tomorrow().ok()),
        Every::Week => next_morning(now, zone, |date| {
            Some(Period::of(DigestEvery::Week, date).end())
        }),
        Every::Month => next_morning(now, zone, |date| {
            Some(Period::of(DigestEvery::Month, date).end())
        }),
    }
}

/// The morning of today, where it is the first day of what is counted and still to come; else that of the next one.
fn next_morning(now: Timestamp, zone: &TimeZone, next: impl Fn(Date) -> Option<Date>) -> Timestamp {
    let today = now.to_zoned(zone.clone()).date();
    let morning = |date: Date| {
        let at = date.to_datetime(MORNING).to_zoned(zone.clone());
        at.map(|at| at.timestamp()).ok()
    };
    let begins = today.yesterday().ok().and_then(&next) == Some(today);
    morning(today)
        .filter(|at| begins && *at > now)
        .or_else(|| morning(next(today)?))
        .unwrap_or(now + SignedDuration::from_hours(24))
}

/// What a mail says now; nothing where none of what it is about may be shown (any more, or just now).
pub async fn mail(state: &State, claimed: &ClaimedMail) -> Result<Option<Mail>, Problem> {
    if claimed.asks() {
        return asking(state, claimed).map(Some);
    }
    let view = state.view().await?;
    match claimed.about {
        FollowAbout::Search => {}
        FollowAbout::Early => return early(&view, claimed).await,
        FollowAbout::Digest => return digests(&view, claimed).await,
    }
    let q =
        SavedSearch::parse(&claimed.search).map_or_else(|_| String::new(), |saved| saved.params.q);
    let (mut found, mut gone, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for (delivery, item) in &claimed.items {
        match item {
            MailItem::Found(id) => {
                let Some(hit) = search::hit(&view, &q, *id).await? else {
                    continue;
                };
                found.push(hit);
                told.push(*delivery);
            }
            MailItem::Withdrawn(id) => {
                gone.push(*id);
                told.push(*delivery);
            }
            // Of a search there is nothing else.
            _ => {}
        }
    }
    if told.is_empty() {
        return Ok(None);
    }
    for (conversation, _) in &found {
        let one = Uses {
            alerted: 1,
            ..Uses::default()
        };
        uses::count(&view, [conversation.network.slug.as_str()], one);
    }
    let text = digest(&view, claimed, &found, &gone)?;
    Ok(Some(Mail {
        id: claimed.id,
        to: claimed.to.clone(),
        subject: subject(claimed, found.len(), gone.len()),
        text,
        stop: Some(Link::Stop.url(state, claimed.follow)?),
        told,
    }))
}

/// What began and what ended of what is told early.
async fn early(view: &View, claimed: &ClaimedMail) -> Result<Option<Mail>, Problem> {
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

/// A mail of which the text is made, with what every mail ends with.
fn finished(
    view: &View,
    claimed: &ClaimedMail,
    subject: &str,
    mut text: String,
    told: Vec<DeliveryId>,
) -> Result<Mail, Problem> {
    let stop = Link::Stop.url(&view.state, claimed.follow)?;
    let _ = write!(
        text,
        "-- \nSent at most {}, because whoever reads this address said yes to it.\nNo more of these: {stop}\n",
        often(claimed.every)
    );
    Ok(Mail {
        id: claimed.id,
        to: claimed.to.clone(),
        subject: line(subject).chars().take(SUBJECT).collect(),
        text,
        stop: Some(stop),
        told,
    })
}

/// Digests, and what is to be put right of earlier ones.
async fn digests(view: &View, claimed: &ClaimedMail) -> Result<Option<Mail>, Problem> {
    let asked = DigestListParams::parse(&claimed.search)?;
    let all = read_digest::in_brief(view, asked.every, &asked.area).await?;
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

fn asking(state: &State, claimed: &ClaimedMail) -> Result<Mail, Problem> {
    let instance = &state.config().instance_name;
    let holder = line(&claimed.holder);
    let confirm = Link::Confirm.url(state, claimed.follow)?;
    let stop = Link::Stop.url(state, claimed.follow)?;
    let every = often(claimed.every);
    let asked = match claimed.about {
        FollowAbout::Search => {
            format!("{holder} asked {instance} to send what a saved search finds to this address")
        }
        FollowAbout::Early => format!(
            "{holder} asked {instance} to send early warnings and newly emerging topics to this address"
        ),
        // Nobody knows who: it may have been anybody.
        FollowAbout::Digest => {
            format!("Somebody asked {instance} to send its digest to this address")
        }
    };
    let text = format!(
        "{asked}, at most {every}.\n\n\
         If you want that, open this page and say yes, within three days:\n\n{confirm}\n\n\
         If you did not ask for it, you need do nothing: no other mail is sent, and your address is deleted\n\
         after three days. To have it deleted now, and not be asked again for 30 days:\n\n{stop}\n\n\
         {instance} finds public conversations among networks that asked to be found: {}\n",
        join(state, "about")?
    );
    Ok(Mail {
        id: claimed.id,
        to: claimed.to.clone(),
        subject: line(&format!("Do you want mails from {instance}?")),
        text,
        stop: Some(stop),
        told: claimed
            .items
            .iter()
            .map(|(delivery, _)| *delivery)
            .collect(),
    })
}

/// How often mails come at most.
pub(crate) const fn often(every: Every) -> &'static str {
    match every {
        Every::Hour => "once an hour",
        Every::Day => "once a day",
        Every::Week => "once a week",
        Every::Month => "once a month",
    }
}

fn conversations(count: usize) -> String {
    match count {
        1 => "1 conversation".to_owned(),
        count => format!("{count} conversations"),
    }
}

fn name(claimed: &ClaimedMail) -> String {
    claimed
        .name
        .as_deref()
        .map_or_else(|| "your saved search".to_owned(), line)
}

fn subject(claimed: &ClaimedMail, found: usize, gone: usize) -> String {
    let what = match (found, gone) {
        (0, gone) => format!("{} gone", conversations(gone)),
        (found, _) => conversations(found),
    };
    let subject = format!("{}: {what}", name(claimed));
    subject.chars().take(SUBJECT).collect()
}

fn digest(
    view: &View,
    claimed: &ClaimedMail,
    found: &[(Conversation, Vec<Highlight>)],
    gone: &[ConversationId],
) -> Result<String, Problem> {
    let state = &view.state;
    let config = state.config();
    let mut text = String::new();
    let mut say = |words: std::fmt::Arguments<'_>| {
        // Writing into a text cannot fail.
        let _ = text.write_fmt(words);
    };
    if !found.is_empty() {
        say(format_args!(
            "{} for {}, as {} shows them now.\n",
            conversations(found.len()),
            name(claimed),
            config.instance_name
        ));
    }
    for (number, (conversation, highlight)) in found.iter().enumerate() {
        let started = conversation.started.map_or_else(
            || "no date".to_owned(),
            |at| {
                let day = at.to_zoned(config.zone.clone());
                day.strftime("%-d %B %Y").to_string()
            },
        );
        let excerpt = highlight
            .first()
            .map_or(conversation.excerpt.as_str(), |passage| &passage.text);
        say(format_args!(
            "\n{}. {}\n   {}, {}\n",
            number + 1,
            line(&conversation.title),
            line(&conversation.network.name),
            started
        ));
        let excerpt = line(excerpt);
        if !excerpt.is_empty() {
            say(format_args!("   \"{excerpt}\"\n"));
        }
        say(format_args!(
            "   {}: {}\n   Here: {}\n",
            // What is there is not the network's word.
            match conversation.links_to {
                Some(_) => "Links to",
                None => "There",
            },
            line(&conversation.url),
            page(state, conversation.id)?
        ));
    }
    if !gone.is_empty() {
        say(format_args!(
            "\nGone since an earlier mail, or no longer found by this search. Please delete what you hold of it:\n"
        ));
        for id in gone {
            say(format_args!("   {}\n", page(state, *id)?));
        }
    }
    if claimed.waiting > 0 {
        say(format_args!(
            "\n{} more wait for the next mail.\n",
            claimed.waiting
        ));
    }
    let asked = SavedSearch::parse(&claimed.search)
        .map_or_else(|_| String::new(), |saved| saved.params.to_query());
    say(format_args!(
        "\nThe whole search: {}\n\n-- \nSent at most {}, because whoever reads this address said yes to it.\nNo more of these: {}\n",
        join(state, &format!("search?{asked}"))?,
        often(claimed.every),
        Link::Stop.url(state, claimed.follow)?
    ));
    Ok(text)
}

fn page(state: &State, id: ConversationId) -> Result<Url, Problem> {
    join(state, &format!("conversations/{id}"))
}

/// Foreign text as one line: no line ends, no control characters, nothing that turns the reading direction of what follows.
fn line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String = text
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !turns(*c))
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    #[test]
    fn mails_go_out_at_the_full_hour_or_in_the_morning_of_the_instance() {
        let london = TimeZone::get("Europe/London").expect("a zone");
        let hour = |now| next_mail(Every::Hour, at(now), &london);
        assert_eq!(hour("2026-11-25T17:20:00Z"), at("2026-11-25T18:00:00Z"));
        assert_eq!(hour("2026-11-25T18:00:00Z"), at("2026-11-25T19:00:00Z"));
        let kathmandu = TimeZone::get("Asia/Kathmandu").expect("a zone");
        assert_eq!(
            next_mail(Every::Hour, at("2026-11-25T17:20:00Z"), &kathmandu),
            at("2026-11-25T18:15:00Z")
        );
        let day = |now| next_mail(Every::Day, at(now), &london);
        let week = |now| next_mail(Every::Week, at(now), &london);
        assert_eq!(week("2026-11-25T17:20:00Z"), at("2026-11-30T07:00:00Z"));
        assert_eq!(week("2026-11-30T06:00:00Z"), at("2026-11-30T07:00:00Z"));
        assert_eq!(week("2026-11-30T07:00:00Z"), at("2026-12-07T07:00:00Z"));
        let month = |now| next_mail(Every::Month, at(now), &london);
        assert_eq!(month("2026-11-25T17:20:00Z"), at("2026-12-01T07:00:00Z"));
        assert_eq!(month("2026-12-01T06:00:00Z"), at("2026-12-01T07:00:00Z"));
        assert_eq!(month("2026-12-01T08:00:00Z"), at("2027-01-01T07:00:00Z"));
        assert_eq!(day("2026-11-25T17:20:00Z"), at("2026-11-26T07:00:00Z"));
        assert_eq!(day("2026-11-25T06:59:59Z"), at("2026-11-25T07:00:00Z"));
        assert_eq!(day("2026-11-25T07:00:00Z"), at("2026-11-26T07:00:00Z"));
        // The night in which clocks go forward.
        assert_eq!(day("2026-03-28T20:00:00Z"), at("2026-03-29T06:00:00Z"));
    }

    #[test]
    fn foreign_text_is_one_line_and_turns_nothing_around() {
        assert_eq!(
            line("Tests\r\n\r\n-- \nNo more of these: https://evil.example/\u{202e}x\u{2028}y\0z"),
            "Tests -- No more of these: https://evil.example/x y z"
        );
    }
}
