//! Moments of a calendar and the zones they are told in.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::property::Property;
use crate::parse::date;

/// The calendar's zones: its own, and those it gives names to.
#[derive(Debug, Default)]
pub(super) struct Zones {
    own: Option<String>,
    /// The `TZID` being read, and what its `X-LIC-LOCATION` says it is.
    current: Option<String>,
    named: BTreeMap<String, String>,
}

impl Zones {
    pub(super) fn take(&mut self, property: &Property) {
        match property.name.as_str() {
            "X-WR-TIMEZONE" => self.own = Some(property.value.trim().to_owned()),
            "TZID" => self.current = Some(property.value.trim().to_owned()),
            "X-LIC-LOCATION" if self.named.len() < 100 => {
                if let Some(id) = self.current.clone() {
                    self.named.insert(id, property.value.trim().to_owned());
                }
            }
            _ => {}
        }
    }

    /// The zone of this name, with the name that it is known by.
    fn get(&self, name: &str) -> Option<(TimeZone, String)> {
        let known = |name: &str| Some((TimeZone::get(name).ok()?, name.to_owned()));
        let plain = name.trim().trim_matches('"').trim_start_matches('/');
        known(plain)
            .or_else(|| known(self.named.get(name.trim())?))
            .or_else(|| {
                // `/mozilla.org/20050126_1/Europe/London`
                let steps: Vec<&str> = plain.rsplitn(3, '/').collect();
                known(&format!("{}/{}", steps.get(1)?, steps.first()?))
            })
            .or_else(|| known(windows_zone(plain)?))
    }

    pub(super) fn own(&self) -> Option<(TimeZone, String)> {
        self.get(self.own.as_deref()?)
    }
}

/// Zones as Windows and Outlook call them (CLDR, `windowsZones.xml`), those of most people. Outlook numbers the names
/// that it uses twice.
fn windows_zone(name: &str) -> Option<&'static str> {
    Some(
        match name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ') {
            "GMT Standard Time" => "Europe/London",
            "Greenwich Standard Time" => "Atlantic/Reykjavik",
            "W. Europe Standard Time" => "Europe/Berlin",
            "Central Europe Standard Time" => "Europe/Budapest",
            "Central European Standard Time" => "Europe/Warsaw",
            "Romance Standard Time" => "Europe/Paris",
            "E. Europe Standard Time" => "Europe/Chisinau",
            "FLE Standard Time" => "Europe/Kyiv",
            "GTB Standard Time" => "Europe/Bucharest",
            "Russian Standard Time" => "Europe/Moscow",
            "Turkey Standard Time" => "Europe/Istanbul",
            "Israel Standard Time" => "Asia/Jerusalem",
            "India Standard Time" => "Asia/Kolkata",
            "Pakistan Standard Time" => "Asia/Karachi",
            "China Standard Time" => "Asia/Shanghai",
            "Tokyo Standard Time" => "Asia/Tokyo",
            "AUS Eastern Standard Time" => "Australia/Sydney",
            "New Zealand Standard Time" => "Pacific/Auckland",
            "Eastern Standard Time" => "America/New_York",
            "Central Standard Time" => "America/Chicago",
            "Mountain Standard Time" => "America/Denver",
            "Pacific Standard Time" => "America/Los_Angeles",
            "Atlantic Standard Time" => "America/Halifax",
            "E. South America Standard Time" => "America/Sao_Paulo",
            "South Africa Standard Time" => "Africa/Johannesburg",
            _ => return None,
        },
    )
}

/// The moment a property names, in its time zone; a zone that is not known is taken as UTC.
pub(super) fn moment(property: &Property, zones: &Zones) -> Option<Timestamp> {
    let value = property.value.trim();
    if let Some(utc) = value.strip_suffix('Z') {
        return civil(utc)?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|at| at.timestamp());
    }
    let zone = property
        .parameter("TZID")
        .and_then(|name| zones.get(name))
        .map_or(TimeZone::UTC, |(zone, _)| zone);
    match civil(value) {
        Some(civil) => civil.to_zoned(zone).ok().map(|at| at.timestamp()),
        None => date::parse(value),
    }
}

/// `20261125T041900` or `20261125`
pub(super) fn civil(value: &str) -> Option<DateTime> {
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

/// When it takes place, as a reader sees it: the day, and the time of day with its zone where one is given. A moment in
/// UTC is told in the calendar's own zone.
pub(super) fn shown(property: &Property, zones: &Zones) -> Option<String> {
    let value = property.value.trim();
    let (plain, utc) = match value.strip_suffix('Z') {
        Some(plain) => (plain, true),
        None => (value, false),
    };
    let civil = civil(plain)?;
    if !value.contains('T') {
        return Some(civil.strftime("%Y-%m-%d").to_string());
    }
    let told = |civil: DateTime, zone: &str| format!("{} {zone}", civil.strftime("%Y-%m-%d %H:%M"));
    if utc {
        let at = civil.to_zoned(TimeZone::UTC).ok()?;
        return Some(match zones.own() {
            Some((zone, name)) => told(at.with_time_zone(zone).datetime(), &name),
            None => told(civil, "UTC"),
        });
    }
    let named = property.parameter("TZID");
    let zone = named.map_or_else(|| zones.own(), |name| zones.get(name));
    Some(match zone {
        Some((_, name)) => told(civil, &name),
        None => civil.strftime("%Y-%m-%d %H:%M").to_string(),
    })
}
