//! Time rules: everything is UTC in the store; days are whole days in the instance's time zone.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The day that ranks and charts use: the earlier of `published` and `first_seen`, in the instance's time zone.
pub fn happened(published: Timestamp, first_seen: Timestamp, zone: &TimeZone) -> Date {
    published.min(first_seen).to_zoned(zone.clone()).date()
}

/// `published` as the item says it, clamped to first seen if in the future; first seen if it says nothing
/// or something before the web.
pub fn clamp_published(published: Option<Timestamp>, first_seen: Timestamp) -> Timestamp {
    /// 1 January 1990: nothing public on the web is older, and broken clocks start at 1970.
    const OLDEST: i64 = 631_152_000;
    match published {
        Some(at) if at.as_second() >= OLDEST => at.min(first_seen),
        _ => first_seen,
    }
}
