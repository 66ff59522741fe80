//! Days and times in words. English has its own, which the API's sentences share; the others are CLDR's, by ICU.

use std::fmt::Write as _;
use std::sync::LazyLock;

use fluent_bundle::FluentArgs;
use icu_calendar::{Date as Calendar, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter as Formatter;
use icu_datetime::fieldsets::{MD, YM, YMD};
use icu_locale_core::{Locale as Name, locale};
use jiff::civil::{Date, DateTime};

use super::catalogue;
use super::locale::Locale;
use crate::text::words;

/// How one language writes days.
struct Days {
    day: Formatter<Gregorian, YMD>,
    short: Formatter<Gregorian, MD>,
    short_month: Formatter<Gregorian, YM>,
    month: Formatter<Gregorian, YM>,
}

static WELSH: LazyLock<Option<Days>> = LazyLock::new(|| Days::of(&locale!("cy")));
static URDU: LazyLock<Option<Days>> = LazyLock::new(|| Days::of(&locale!("ur")));

impl Days {
    /// None only where the data of ICU, which is part of the executable, lacks the language.
    fn of(name: &Name) -> Option<Self> {
        Some(Self {
            day: Formatter::try_new(name.into(), YMD::long()).ok()?,
            short: Formatter::try_new(name.into(), MD::medium()).ok()?,
            short_month: Formatter::try_new(name.into(), YM::medium()).ok()?,
            month: Formatter::try_new(name.into(), YM::long()).ok()?,
        })
    }
}

fn days(locale: Locale) -> Option<&'static Days> {
    match locale {
        Locale::English => None,
        Locale::Welsh => WELSH.as_ref(),
        Locale::Urdu => URDU.as_ref(),
    }
}

fn calendar(date: Date) -> Option<Calendar<Gregorian>> {
    let (month, day) = (
        u8::try_from(date.month()).ok()?,
        u8::try_from(date.day()).ok()?,
    );
    Calendar::try_new_gregorian(i32::from(date.year()), month, day).ok()
}

macro_rules! written {
    ($name:ident, $field:ident, $english:path, $doc:literal) => {
        #[doc = $doc]
        pub(crate) fn $name(locale: Locale, date: Date) -> String {
            let by_icu = days(locale).zip(calendar(date)).map(|(days, date)| {
                let mut text = String::new();
                let _ = write!(text, "{}", days.$field.format(&date));
                text
            });
            by_icu.unwrap_or_else(|| $english(date))
        }
    };
}

written!(day, day, words::day, "`22 November 2026`");
written!(short_day, short, words::short_day, "`22 Nov`");
written!(short_month, short_month, words::month, "`Nov 2026`");
written!(month, month, words::whole_month, "`November 2026`");

/// The first of two days: `2`, `28 October`, or in full.
pub(super) fn first(locale: Locale, from: Date, to: Date) -> String {
    match locale {
        Locale::English => words::first_day(from, to),
        _ => day(locale, from),
    }
}

/// `8:40 pm on 22 November 2026`
pub(super) fn moment(locale: Locale, local: DateTime) -> String {
    let hour = match local.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let mut args = FluentArgs::with_capacity(3);
    args.set("time", format!("{hour}:{:02}", local.minute()));
    args.set("half", if local.hour() < 12 { "am" } else { "pm" });
    args.set("day", day(locale, local.date()));
    catalogue::format(locale, "moment", &args).into_owned()
}
