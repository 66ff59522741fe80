//! What every mail has, whatever it is about: to whom, when, its links, and how foreign words stand in it.
//!
//! Contract: plain text. What is from elsewhere stands on a line of its own, so that nothing of it can look like ours.

use std::fmt::Write;

use data_encoding::BASE64URL_NOPAD;
use discover_model::{DeliveryId, FollowId};
use discover_store::{ClaimedMail, DigestEvery, Every, Mailbox, Store};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{RoundMode, SignedDuration, Timestamp, Unit, ZonedRound};
use sha2::{Digest, Sha256};
use url::Url;

use crate::problem::Problem;
use crate::read::period::Period;
use crate::state::{ServerConfig, State, View};

/// When the mail of a day goes out, in the instance's time zone.
const MORNING: Time = Time::constant(7, 0, 0, 0);
/// Characters of a subject.
pub(super) const SUBJECT: usize = 120;

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

    pub(super) fn url(self, state: &State, follow: FollowId) -> Result<Url, Problem> {
        let token = self.token(state.store(), follow);
        join(state, &format!("mail/{}/{follow}/{token}", self.as_str()))
    }
}

pub(super) fn join(state: &State, path: &str) -> Result<Url, Problem> {
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

/// A line on who writes, where the settings say more than a name.
pub(super) fn sender(config: &ServerConfig) -> String {
    let what = config
        .brand
        .tag_line
        .iter()
        .map(|words| format!(": {words}"));
    let by = config.operator.iter().map(|who| format!(". Run by {who}"));
    let place = config.area.iter().map(|area| format!(". For {area}"));
    let more: String = what.chain(by).chain(place).collect();
    if more.is_empty() {
        return more;
    }
    format!("{}\n", line(&format!("{}{more}", config.instance_name)))
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

/// A mail of which the text is made, with what every mail ends with.
pub(super) fn finished(
    view: &View,
    claimed: &ClaimedMail,
    subject: &str,
    mut text: String,
    told: Vec<DeliveryId>,
) -> Result<Mail, Problem> {
    let stop = Link::Stop.url(&view.state, claimed.follow)?;
    let _ = write!(
        text,
        "-- \n{}Sent at most {}, because whoever reads this address said yes to it.\nNo more of these: {stop}\n",
        sender(view.state.config()),
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

/// Foreign text as one line: no line ends, no control characters, nothing that turns the reading direction of what follows.
pub(super) fn line(text: &str) -> String {
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
