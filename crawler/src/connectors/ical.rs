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
use discover_model::{Item, Refusal};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Cursor, blank, withheld};
use crate::crawl::{pace_of, saw_address};
use crate::fetch::{Response, What, headers};
use crate::frontier::Pace;
use crate::page;
use crate::parse::{MAX_ITEMS, date};
use crate::recheck::Looks;
use crate::visit::{Page, Trouble, Visit};

const CALENDAR: &str = "calendar";
/// Longest line after unfolding.
const MAX_LINE: usize = 256 * 1024;
/// Keys remembered for seeing what was taken back.
const MAX_KNOWN: usize = 10_000;

/// What the calendar held at the last visit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IcalCursor {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    known: BTreeSet<String>,
}

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
    let mut keys: BTreeSet<String> = items.iter().map(|item| stored_key(&item.key)).collect();
    let before = match &visit.state.cursor {
        Cursor::Ical(cursor) => cursor.known.clone(),
        _ => BTreeSet::new(),
    };
    let gone = if whole {
        before.difference(&keys).cloned().collect()
    } else {
        keys.extend(before);
        Vec::new()
    };
    visit.push(items, gone).await?;
    let known = if keys.len() <= MAX_KNOWN {
        keys
    } else {
        BTreeSet::new()
    };
    visit.state.cursor = Cursor::Ical(IcalCursor { known });
    visit.state.remember_page(CALENDAR, page);
    let (moved, now) = (visit.moved.clone(), visit.now());
    saw_address(&mut visit.state, moved.as_ref(), now);
    visit.state.first_done = true;
    visit.settle().await?;
    Ok(pace_of(lifetime, false))
}

/// The calendar is read once for all posts that are kept of it.
pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Looks<'_>,
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
    let text = page::text(&response.body, response.content_type()).unwrap_or_default();
    calendar(&text, &response.url, source).map_err(|why| Trouble::Unreadable {
        url: Box::new(response.url.clone()),
        why: why.to_owned(),
    })
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
    related: Option<String>,
    start: Option<Timestamp>,
    when: Option<String>,
    created: Option<Timestamp>,
    stamp: Option<Timestamp>,
    modified: Option<Timestamp>,
    /// It changes one occurrence of a series.
    occurrence: bool,
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
    let mut items: Vec<Item> = Vec::new();
    let mut keys = BTreeSet::new();
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
                if items.len() >= MAX_ITEMS {
                    cut = true;
                } else if let Some(item) = component.item(address, source)
                    && keys.insert(item.key.clone())
                {
                    items.push(item);
                }
            }
            // Alarms within an event have properties of the same names.
            _ if open.len() == 2 => {
                if let Some(component) = &mut current {
                    component.take(&property);
                }
            }
            _ => {}
        }
    }
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
    fn take(&mut self, property: &Property) {
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
            "ORGANIZER" => self.organizer = Some(property.value.trim().to_owned()),
            "RELATED-TO" => {
                let kind = property.parameter("RELTYPE").unwrap_or("PARENT");
                if kind.eq_ignore_ascii_case("PARENT") {
                    self.related = Some(property.value.trim().to_owned());
                }
            }
            "DTSTART" | "DUE" if self.start.is_none() => {
                self.start = moment(property);
                self.when = shown(property);
            }
            "CREATED" => self.created = moment(property),
            "DTSTAMP" => self.stamp = moment(property),
            "LAST-MODIFIED" => self.modified = moment(property),
            "RECURRENCE-ID" => self.occurrence = true,
            _ => {}
        }
    }

    fn item(self, address: &Url, source: &discover_model::Source) -> Option<Item> {
        let title = self
            .summary
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        let key = match &self.uid {
            Some(uid) if !uid.is_empty() => uid.clone(),
            _ => format!("{} {}", title.as_deref()?, self.when.as_deref()?),
        };
        let url = self
            .url
            .and_then(|url| address.join(&url).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .unwrap_or_else(|| {
                let mut url = address.clone();
                url.set_fragment(Some(&format!(
                    "{:016x}",
                    crate::state::body_hash(key.as_bytes())
                )));
                url
            });
        match self.class.as_deref() {
            None | Some("PUBLIC") => {}
            Some(_) => return Some(withheld(source, key, url, Refusal::NotPublic)),
        }
        // A changed occurrence says what its series says.
        if self.status.as_deref() == Some("CANCELLED") || self.occurrence {
            return None;
        }
        let description = self.description.unwrap_or_default();
        let (body, links) = super::html::plain(&description, address);
        let parts = [
            self.when,
            self.location.map(|place| place.trim().to_owned()),
            Some(body),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        let mut item = blank(source, key, url);
        item.title = title;
        item.text = parts.join("\n\n");
        item.links = links;
        item.author = self.organizer;
        item.parent = self.related;
        item.published = self.created.or(self.stamp).or(self.start);
        item.updated = self.modified.filter(|at| Some(*at) != item.published);
        item.language = self.language.or(item.language);
        Some(item)
    }
}

/// `NAME;PARAMETER=VALUE:VALUE`
#[derive(Debug)]
struct Property {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

impl Property {
    fn read(line: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.char_indices().find_map(|(at, c)| {
            quoted ^= c == '"';
            (c == ':' && !quoted).then_some(at)
        })?;
        let (head, value) = (&line[..colon], &line[colon + 1..]);
        let mut quoted = false;
        let mut parts = head.split(|c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let name = parts.next()?.trim().to_ascii_uppercase();
        let parameters = parts
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| {
                (
                    name.trim().to_ascii_uppercase(),
                    value.trim().trim_matches('"').to_owned(),
                )
            })
            .collect();
        Some(Self {
            name,
            parameters,
            value: value.to_owned(),
        })
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Lines with their continuations (RFC 5545 3.1) joined.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => {
                if last.len() + rest.len() <= MAX_LINE {
                    last.push_str(rest);
                }
            }
            _ if line.is_empty() => {}
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(c) => out.push(c),
            None => {}
        }
    }
    out
}

/// The moment a property names, in its time zone; a zone that is not known is taken as UTC.
fn moment(property: &Property) -> Option<Timestamp> {
    let value = property.value.trim();
    if let Some(utc) = value.strip_suffix('Z') {
        return civil(utc)?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|at| at.timestamp());
    }
    let zone = property
        .parameter("TZID")
        .and_then(|name| TimeZone::get(name.trim_start_matches('/')).ok())
        .unwrap_or(TimeZone::UTC);
    match civil(value) {
        Some(civil) => civil.to_zoned(zone).ok().map(|at| at.timestamp()),
        None => date::parse(value),
    }
}

/// `20261125T041900` or `20261125`
fn civil(value: &str) -> Option<DateTime> {
    let number = |from: usize, to: usize| value.get(from..to)?.parse::<i8>().ok();
    let year = value.get(..4)?.parse::<i16>().ok()?;
    let day = Date::new(year, number(4, 6)?, number(6, 8)?).ok()?;
    match value.get(8..9) {
        None => Some(DateTime::from(day)),
        Some("T") => {
            let time =
                jiff::civil::Time::new(number(9, 11)?, number(11, 13)?, number(13, 15)?.min(59), 0);
            Some(DateTime::from_parts(day, time.ok()?))
        }
        Some(_) => None,
    }
}

/// When it takes place, as a reader sees it: the day, and the time of day where one is given.
fn shown(property: &Property) -> Option<String> {
    let value = property.value.trim().trim_end_matches('Z');
    let civil = civil(value)?;
    Some(if value.contains('T') {
        civil.strftime("%Y-%m-%d %H:%M").to_string()
    } else {
        civil.strftime("%Y-%m-%d").to_string()
    })
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
            "2026-07-03 10:00\n\nTown hall\n\nFirst line\nSecond line that is folded; see https://site.example/clinic"
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
