//! Calendars (iCalendar, RFC 5545): events, to-dos and journal entries, each a conversation of its own.
//!
//! Public means: the component stands in the declared calendar and its `CLASS` is `PUBLIC` or absent. Refused: `PRIVATE`
//! and `CONFIDENTIAL` (and any class not known, which RFC 5545 3.8.1.3 says to treat as private). Cancelled components
//! are taken back. `ATTENDEE` is never read, and of `ORGANIZER` only what the gate hashes. A calendar is complete: a
//! component that is no longer in it was taken back, but only if the calendar came whole: every component ends, it
//! holds at least one, and no limit of ours cut it.
//!
//! Replies (`RELATED-TO`) are edges. Occurrences of a series are one post.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::gate::stored_key;
use discover_model::{Item, Mark, Refusal};
use jiff::Timestamp;
use url::Url;

use super::cursor::{Cursor, IcalCursor};
use super::items::{blank, title_without, withheld, without_names};
use crate::fetch::{Response, What, headers};
use crate::frontier::{Pace, pace_of};
use crate::page;
use crate::parse::MAX_ITEMS;
use crate::recheck::review::Review;
use crate::trouble::Trouble;
use crate::visit::{Page, Visit};

mod property;
mod zones;

use property::{Property, unescaped, unfolded};
use zones::{Zones, civil, moment, shown};

const CALENDAR: &str = "calendar";
/// Keys remembered for seeing what was taken back.
const MAX_KNOWN: usize = 10_000;

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let (response, page) = match visit.page(CALENDAR, address, What::Feed).await? {
        Page::Unchanged => return Ok(pace_of(visit.lifetime, false)),
        Page::New(response, page) => (*response, page),
    };
    let lifetime = visit.lifetime;
    let Calendar { mut items, whole } = read(&response, visit.source)?;
    if headers::noindex(&response.headers, visit.fetcher.agent()) {
        for item in &mut items {
            *item = withheld(
                visit.source,
                item.key.clone(),
                item.url.clone(),
                Refusal::Noindex,
            );
        }
    }
    let keys = items.iter().map(|item| visit.item_mark(&item.key));
    let mut keys: BTreeSet<Mark> = keys.collect();
    let before = match &visit.state.cursor {
        Cursor::Ical(cursor) => cursor.known.clone(),
        _ => BTreeSet::new(),
    };
    if whole {
        visit.miss(before.difference(&keys).copied());
    } else {
        keys.extend(before);
    }
    visit.push(items, Vec::new()).await?;
    let known = if keys.len() <= MAX_KNOWN {
        keys
    } else {
        BTreeSet::new()
    };
    visit.state.cursor = Cursor::Ical(IcalCursor { known });
    visit.state.remember_page(CALENDAR, page);
    let (moved, now) = (visit.moved.clone(), visit.now());
    visit.state.saw_address(moved.as_ref(), now);
    visit.state.first_done = true;
    visit.settle().await?;
    Ok(pace_of(lifetime, false))
}

/// The calendar is read once for all posts that are kept of it.
pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    let response = visit.get_ok(address, What::Feed).await?;
    let calendar = read(&response, visit.source)?;
    let items: BTreeMap<String, Item> = calendar
        .items
        .into_iter()
        .map(|item| (stored_key(&item.key), item))
        .collect();
    let noindex = headers::noindex(&response.headers, visit.fetcher.agent());
    for at in 0..looks.kept.len() {
        match items.get(&looks.kept[at].key).map(|item| item.state) {
            _ if noindex => looks.lost(at, Refusal::Noindex),
            Some(discover_model::ItemState::Live) => looks.there(at),
            Some(discover_model::ItemState::Withheld(refusal)) => looks.lost(at, refusal),
            Some(discover_model::ItemState::Gone) => looks.lost(at, Refusal::Withdrawn),
            None if calendar.whole => looks.lost(at, Refusal::Withdrawn),
            None => {}
        }
    }
    Ok(())
}

fn read(response: &Response, source: &discover_model::Source) -> Result<Calendar, Trouble> {
    let bytes = joined(&response.body);
    let text = page::text(&bytes, response.content_type()).unwrap_or_default();
    calendar(&text, &response.url, source).map_err(|why| Trouble::Unreadable {
        url: Box::new(response.url.clone()),
        why: why.to_owned(),
    })
}

/// Folded lines joined before letters are read, as a line may be folded within a letter (RFC 5545 3.1).
fn joined(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'\n', rest) {
        let (line, behind) = (&rest[..at], &rest[at + 1..]);
        if matches!(behind.first(), Some(b' ' | b'\t')) {
            out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
            rest = &behind[1..];
        } else {
            out.extend_from_slice(&rest[..=at]);
            rest = behind;
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Whether the text is a calendar from its beginning to its end.
pub(crate) fn is_whole(text: &str) -> bool {
    let lines = unfolded(text);
    let is = |line: Option<&String>, word: &str| {
        line.is_some_and(|line| line.trim().eq_ignore_ascii_case(word))
    };
    is(lines.first(), "BEGIN:VCALENDAR") && is(lines.last(), "END:VCALENDAR")
}

/// One component while it is read.
#[derive(Debug, Default)]
struct Component {
    uid: Option<String>,
    summary: Option<String>,
    description: Option<String>,
    location: Option<String>,
    url: Option<String>,
    class: Option<String>,
    status: Option<String>,
    organizer: Option<String>,
    /// What the organizer is called.
    organizer_name: Option<String>,
    related: Option<String>,
    when: Option<Property>,
    created: Option<Timestamp>,
    stamp: Option<Timestamp>,
    modified: Option<Timestamp>,
    /// The occurrence of a series that it changes.
    occurrence: Option<String>,
    /// Of several with one UID, the highest speaks (RFC 5545 3.8.7.4).
    sequence: i64,
    repeats: Option<String>,
    language: Option<String>,
}

/// What a calendar holds.
#[derive(Debug)]
struct Calendar {
    items: Vec<Item>,
    /// What is not among `items` is not in the calendar. A calendar of nothing says nothing: servers send one while
    /// they cannot reach their data.
    whole: bool,
}

/// Reads a calendar that came to its end. Pure.
fn calendar(
    text: &str,
    address: &Url,
    source: &discover_model::Source,
) -> Result<Calendar, &'static str> {
    let (mut components, mut cut) = (0_usize, false);
    let mut found: Vec<Component> = Vec::new();
    let mut zones = Zones::default();
    let mut open: Vec<String> = Vec::new();
    let mut current: Option<Component> = None;
    let (mut began, mut ended) = (false, false);
    for line in unfolded(text) {
        let Some(property) = Property::read(&line) else {
            continue;
        };
        match property.name.as_str() {
            "BEGIN" => {
                let name = property.value.trim().to_ascii_uppercase();
                began |= name == "VCALENDAR";
                if began
                    && matches!(name.as_str(), "VEVENT" | "VTODO" | "VJOURNAL")
                    && open.len() == 1
                {
                    current = Some(Component::default());
                }
                if open.len() < 16 {
                    open.push(name);
                }
            }
            "END" => {
                let name = property.value.trim().to_ascii_uppercase();
                ended |= name == "VCALENDAR";
                if open.last() == Some(&name) {
                    open.pop();
                }
                if open.len() != 1 {
                    continue;
                }
                let Some(component) = current.take() else {
                    continue;
                };
                components += 1;
                if found.len() >= MAX_ITEMS {
                    cut = true;
                } else {
                    found.push(component);
                }
            }
            // Alarms within an event have properties of the same names.
            _ if open.len() == 2 && current.is_some() => {
                if let Some(component) = &mut current {
                    component.take(&property, &zones);
                }
            }
            // Properties of the calendar and of its zones.
            _ if open.len() <= 2 => zones.take(&property),
            _ => {}
        }
    }
    let items = spoken(found)
        .into_iter()
        .filter_map(|component| component.item(address, source, &zones))
        .collect();
    match (began, ended) {
        (false, _) => Err("the answer is no calendar"),
        (true, false) => Err("the calendar breaks off before its end"),
        // What follows the component that has no end was read as a part of it, and so not at all.
        (true, true) if !open.is_empty() => Err("a component of the calendar has no end"),
        (true, true) => Ok(Calendar {
            items,
            whole: components > 0 && !cut,
        }),
    }
}

impl Component {
    fn take(&mut self, property: &Property, zones: &Zones) {
        let text = || unescaped(&property.value);
        match property.name.as_str() {
            "UID" => self.uid = Some(property.value.trim().to_owned()),
            "SUMMARY" => {
                self.language = property.parameter("LANGUAGE").map(str::to_owned);
                self.summary = Some(text());
            }
            "DESCRIPTION" | "X-ALT-DESC" if self.description.is_none() => {
                self.description = Some(text());
            }
            "LOCATION" => self.location = Some(text()),
            "URL" => self.url = Some(property.value.trim().to_owned()),
            "CLASS" => self.class = Some(property.value.trim().to_ascii_uppercase()),
            "STATUS" => self.status = Some(property.value.trim().to_ascii_uppercase()),
            "ORGANIZER" => {
                self.organizer = Some(property.value.trim().to_owned());
                self.organizer_name = property.parameter("CN").map(str::to_owned);
            }
            "RELATED-TO" => {
                let kind = property.parameter("RELTYPE").unwrap_or("PARENT");
                if kind.eq_ignore_ascii_case("PARENT") {
                    self.related = Some(property.value.trim().to_owned());
                }
            }
            "DTSTART" | "DUE" if self.when.is_none() => {
                self.when = Some(property.clone());
            }
            "CREATED" => self.created = moment(property, zones),
            "DTSTAMP" => self.stamp = moment(property, zones),
            "LAST-MODIFIED" => self.modified = moment(property, zones),
            "RECURRENCE-ID" => self.occurrence = Some(property.value.trim().to_owned()),
            "SEQUENCE" => self.sequence = property.value.trim().parse().unwrap_or_default(),
            "RRULE" => self.repeats = repeats(&property.value),
            _ => {}
        }
    }

    fn item(self, address: &Url, source: &discover_model::Source, zones: &Zones) -> Option<Item> {
        let when = self.when.as_ref().and_then(|when| shown(when, zones));
        let title = self
            .summary
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        let key = match &self.uid {
            Some(uid) if !uid.is_empty() => match &self.occurrence {
                Some(occurrence) => format!("{uid} {occurrence}"),
                None => uid.clone(),
            },
            _ => {
                let when = self.when.as_ref().map(|when| when.value.trim());
                format!("{} {}", title.as_deref()?, when?)
            }
        };
        let url = self
            .url
            .and_then(|url| address.join(&url).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .unwrap_or_else(|| {
                let mut url = address.clone();
                url.set_fragment(Some(&format!(
                    "{:016x}",
                    crate::hashes::body_hash(key.as_bytes())
                )));
                url
            });
        match self.class.as_deref() {
            None | Some("PUBLIC") => {}
            Some(_) => return Some(withheld(source, key, url, Refusal::NotPublic)),
        }
        if self.status.as_deref() == Some("CANCELLED") {
            return None;
        }
        let description = self.description.unwrap_or_default();
        let (body, links) = super::html::plain(&description, address);
        let parts = [
            when,
            self.repeats,
            self.location.map(|place| place.trim().to_owned()),
            Some(body),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        let mut item = blank(source, key, url);
        let name = self.organizer_name.as_deref();
        item.title = title_without(title.as_deref(), name);
        item.text = without_names(&parts.join("\n\n"), name);
        item.links = links;
        item.author = self.organizer;
        item.parent = self.related;
        // The day of an event says nothing of when it was announced.
        let dates = [self.created, self.modified, self.stamp];
        item.published = dates
            .into_iter()
            .flatten()
            .find(|at| discover_model::time::is_plausible(*at));
        item.updated = self.modified.filter(|at| Some(*at) != item.published);
        item.language = self.language.or(item.language);
        Some(item)
    }
}

/// The components that speak: of those with one UID the highest SEQUENCE, of equal ones the last. A changed occurrence
/// says what its series says, and stands for itself where its series is not there.
fn spoken(found: Vec<Component>) -> Vec<Component> {
    let mut speaks: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    let named = |component: &Component| component.uid.clone().filter(|uid| !uid.is_empty());
    for (at, component) in found.iter().enumerate() {
        let Some(uid) = named(component) else {
            continue;
        };
        let best = speaks
            .entry((uid, component.occurrence.clone()))
            .or_insert(at);
        let rank = |component: &Component| (component.sequence, component.stamp);
        if rank(component) >= rank(&found[*best]) {
            *best = at;
        }
    }
    let series: BTreeSet<String> = speaks
        .keys()
        .filter(|(_, occurrence)| occurrence.is_none())
        .map(|(uid, _)| uid.clone())
        .collect();
    let chosen: BTreeSet<usize> = speaks
        .into_iter()
        .filter(|((uid, occurrence), _)| occurrence.is_none() || !series.contains(uid))
        .map(|(_, at)| at)
        .collect();
    found
        .into_iter()
        .enumerate()
        .filter(|(at, component)| named(component).is_none() || chosen.contains(at))
        .map(|(_, component)| component)
        .collect()
}

/// How a series comes again, in a few words.
fn repeats(rule: &str) -> Option<String> {
    let part = |name: &str| {
        rule.split(';')
            .filter_map(|part| part.split_once('='))
            .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_ascii_uppercase())
    };
    let often = match part("FREQ")?.as_str() {
        "DAILY" => "day",
        "WEEKLY" => "week",
        "MONTHLY" => "month",
        "YEARLY" => "year",
        "HOURLY" => "hour",
        _ => return None,
    };
    let every = part("INTERVAL").and_then(|every| every.parse::<u32>().ok());
    let mut words = match every {
        Some(every) if every > 1 => format!("Every {every} {often}s"),
        _ => format!("Every {often}"),
    };
    let days: Vec<&str> = part("BYDAY")
        .unwrap_or_default()
        .split(',')
        .filter_map(|day| {
            Some(match day.get(day.len().checked_sub(2)?..)? {
                "MO" => "Monday",
                "TU" => "Tuesday",
                "WE" => "Wednesday",
                "TH" => "Thursday",
                "FR" => "Friday",
                "SA" => "Saturday",
                "SU" => "Sunday",
                _ => return None,
            })
        })
        .collect();
    if !days.is_empty() {
        words.push_str(" on ");
        words.push_str(&days.join(", "));
    }
    if let Some(until) = part("UNTIL").as_deref().and_then(civil) {
        words.push_str(&until.strftime(" until %Y-%m-%d").to_string());
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use discover_model::ItemState;

    use super::*;

    fn read(text: &str) -> Result<Vec<Item>, &'static str> {
        let url = Url::parse("https://site.example/events.ics").expect("url");
        let source = crate::testing::source(discover_model::SourceKind::Ical, &url);
        calendar(&text.replace('\n', "\r\n"), &url, &source).map(|calendar| calendar.items)
    }

    const CALENDAR: &str = "BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:STANDARD
DTSTART:19701025T020000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:one@site.example
SUMMARY;LANGUAGE=cy:Clinig galw heibio\\, dydd Mawrth
DESCRIPTION:First line\\nSecond line that is fol
 ded; see https://site.example/clinic
LOCATION:Town hall
DTSTART;TZID=Europe/London:20260703T100000
DTSTAMP:20260601T120000Z
ATTENDEE;CN=\"Secret: Person\":mailto:secret@site.example
ORGANIZER;CN=Desk:mailto:desk@site.example
BEGIN:VALARM
DESCRIPTION:SECRET alarm
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:two
SUMMARY:Follow-up
RELATED-TO:one@site.example
DTSTART;VALUE=DATE:20260710
CLASS:PUBLIC
URL:https://site.example/two
END:VEVENT
BEGIN:VEVENT
UID:three
SUMMARY:SECRET
CLASS:CONFIDENTIAL
END:VEVENT
BEGIN:VEVENT
UID:four
SUMMARY:SECRET
CLASS:X-STAFF
END:VEVENT
BEGIN:VEVENT
UID:five
SUMMARY:Called off
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:two
RECURRENCE-ID:20260717
SUMMARY:Moved
END:VEVENT
END:VCALENDAR
";

    #[test]
    fn public_events_are_items_and_nothing_of_the_others_is() {
        let items = read(CALENDAR).expect("a calendar");
        let seen: Vec<_> = items
            .iter()
            .map(|item| (item.key.as_str(), item.state, item.parent.as_deref()))
            .collect();
        let shut = ItemState::Withheld(Refusal::NotPublic);
        assert_eq!(
            seen,
            [
                ("one@site.example", ItemState::Live, None),
                ("two", ItemState::Live, Some("one@site.example")),
                ("three", shut, None),
                ("four", shut, None),
            ]
        );
        let one = &items[0];
        assert_eq!(
            one.title.as_deref(),
            Some("Clinig galw heibio, dydd Mawrth")
        );
        assert_eq!(
            one.text,
            "2026-07-03 10:00 Europe/London\n\nTown hall\n\nFirst line\nSecond line that is folded; see https://site.example/clinic"
        );
        assert_eq!(one.language.as_deref(), Some("cy"));
        assert_eq!(one.links.len(), 1);
        let all = format!("{items:?}");
        assert!(!all.contains("SECRET") && !all.contains("secret@"));
    }

    #[test]
    fn what_is_no_whole_calendar_is_an_error() {
        assert!(read("").is_err());
        assert!(read("<html>login</html>").is_err());
        let cut = &CALENDAR[..CALENDAR.len() / 2];
        assert_eq!(
            read(cut).err(),
            Some("the calendar breaks off before its end")
        );
        assert_eq!(
            read(&CALENDAR.replacen("CONFIDENTIAL\nEND:VEVENT", "CONFIDENTIAL", 1)).err(),
            Some("a component of the calendar has no end")
        );
        assert_eq!(
            read("BEGIN:VCALENDAR\nEND:VCALENDAR\n").map(|items| items.len()),
            Ok(0)
        );
    }
}
