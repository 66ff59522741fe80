//! Time rules: everything is UTC in the store; days are whole days in the instance's time zone.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The day that ranks and charts use: the earlier of `published` and `first_seen`, in the instance's time zone.
pub fn happened(published: Timestamp, first_seen: Timestamp, zone: &TimeZone) -> Date {
    published.min(first_seen).to_zoned(zone.clone()).date()
}

/// Whether something public can have this date: nothing on the web is older than 1990, and clocks that were never set
/// begin at 1970 or in year 1.
pub fn is_plausible(published: Timestamp) -> bool {
    /// 1 January 1990.
    const OLDEST: i64 = 631_152_000;
    published.as_second() >= OLDEST
}

/// `published` as the item says it, clamped to first seen if in the future. None where it says nothing, something
/// before the web, or the very second at which it was read: a site that stamps its answers says nothing of the item.
pub fn clamp_published(published: Option<Timestamp>, first_seen: Timestamp) -> Option<Timestamp> {
    published
        .filter(|at| is_plausible(*at) && at.as_second() != first_seen.as_second())
        .map(|at| at.min(first_seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_cannot_be_known_is_unknown() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let now = at("2026-11-20T10:00:00.5Z");
        let clamp = |text: &str| clamp_published(Some(at(text)), now);
        assert_eq!(
            clamp("2026-11-19T10:00:00Z"),
            Some(at("2026-11-19T10:00:00Z"))
        );
        assert_eq!(clamp("2099-01-01T00:00:00Z"), Some(now));
        for unknown in [
            "1970-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "2026-11-20T10:00:00Z",
        ] {
            assert_eq!(clamp(unknown), None, "{unknown}");
        }
        assert_eq!(clamp_published(None, now), None);
    }
}
