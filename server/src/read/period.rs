//! The days that a digest is of: an ISO week from Monday, or a month.

use discover_store::DigestEvery;
use jiff::ToSpan as _;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::problem::Problem;

/// A whole week or month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub every: DigestEvery,
    /// Its first day.
    pub start: Date,
}

impl Period {
    /// The period that a day lies in.
    pub fn of(every: DigestEvery, day: Date) -> Self {
        let start = match every {
            DigestEvery::Week => {
                let back = day.weekday().since(Weekday::Monday);
                day.saturating_sub(i64::from(back).days())
            }
            DigestEvery::Month => day.first_of_month(),
        };
        Self { every, start }
    }

    /// The day after its last.
    pub fn end(self) -> Date {
        match self.every {
            DigestEvery::Week => self.start.saturating_add(7.days()),
            DigestEvery::Month => self.start.saturating_add(1.months()),
        }
    }

    pub fn last(self) -> Date {
        self.end().yesterday().unwrap_or(self.start)
    }

    pub fn holds(self, day: Date) -> bool {
        self.start <= day && day < self.end()
    }

    /// `2026-W48` or `2026-11`.
    pub fn code(self) -> String {
        match self.every {
            DigestEvery::Week => {
                let week = self.start.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            DigestEvery::Month => {
                format!("{:04}-{:02}", self.start.year(), self.start.month())
            }
        }
    }

    pub fn parse(code: &str) -> Result<Self, Problem> {
        read(code).ok_or_else(|| {
            Problem::not_found("digest")
                .with_hint("name a week as 2026-W48, a month as 2026-11, or `week` or `month`")
        })
    }
}

fn read(code: &str) -> Option<Period> {
    let (year, rest) = code.split_once('-')?;
    let digits = |text: &str, length: usize| {
        (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(())
    };
    digits(year, 4)?;
    let year = year.parse().ok()?;
    if let Some(week) = rest.strip_prefix('W') {
        digits(week, 2)?;
        let monday = ISOWeekDate::new(year, week.parse().ok()?, Weekday::Monday).ok()?;
        return Some(Period {
            every: DigestEvery::Week,
            start: monday.date(),
        });
    }
    digits(rest, 2)?;
    Some(Period {
        every: DigestEvery::Month,
        start: Date::new(year, rest.parse().ok()?, 1).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn weeks_and_months_are_named_as_calendars_name_them() {
        for (every, day, code, start, last) in [
            (
                DigestEvery::Week,
                date(2026, 11, 29),
                "2026-W48",
                date(2026, 11, 23),
                date(2026, 11, 29),
            ),
            // The first days of a year may lie in the last week of the one before.
            (
                DigestEvery::Week,
                date(2027, 1, 1),
                "2026-W53",
                date(2026, 12, 28),
                date(2027, 1, 3),
            ),
            (
                DigestEvery::Month,
                date(2028, 2, 29),
                "2028-02",
                date(2028, 2, 1),
                date(2028, 2, 29),
            ),
        ] {
            let period = Period::of(every, day);
            assert_eq!(
                (period.code().as_str(), period.start, period.last()),
                (code, start, last)
            );
            assert!(period.holds(day) && !period.holds(period.end()));
            assert_eq!(read(code), Some(period));
        }
        for bad in [
            "",
            "2026",
            "2026-13",
            "2026-W54",
            "2026-W00",
            "26-W01",
            "2026-w48",
            "2026-1",
            "week",
            "2026-W4é",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
