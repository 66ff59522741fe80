//! Days and weeks as the graph counts them.

use jiff::civil::{Date, date};

/// Weeks are counted from a Monday.
pub(crate) fn week(day: Date) -> i64 {
    days_between(date(1990, 1, 1), day).div_euclid(7)
}

/// Whole days from one day to another.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}
