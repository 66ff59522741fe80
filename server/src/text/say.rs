//! What several pages say, as messages: counts with their nouns, kinds of sites, lists. Pure.
//!
//! The English of the API is made by [`super::words`]; pages are told in their reader's language.

use discover_model::SourceKind;
use discover_model::threshold::{MIN_NETWORKS, MIN_VOICES};

use jiff::civil::Date;

use crate::i18n::{Arg, Msg, msg};
use crate::shapes::{Interval, Rank};

/// How many must take part before what is drawn from many is shown.
pub(crate) fn enough() -> Msg {
    msg!(
        "enough",
        networks = MIN_NETWORKS as u64,
        voices = MIN_VOICES as u64
    )
}

pub(crate) fn networks(count: u64) -> Msg {
    msg!("count-networks", count = count)
}

pub(crate) fn conversations(count: u64) -> Msg {
    msg!("count-conversations", count = count)
}

/// [`conversations`], and `no conversations` for none.
pub(crate) fn some_conversations(count: u64) -> Msg {
    msg!("some-conversations", count = count)
}

/// What follows a number of conversations of which these are left out: `, and 40 nearly the same`.
pub(crate) fn nearly_the_same(near_copies: u64) -> Msg {
    match near_copies {
        0 => "".into(),
        count => msg!("and-nearly-the-same", count = count),
    }
}

pub(crate) fn topics(count: u64) -> Msg {
    msg!("count-topics", count = count)
}

pub(crate) fn posts(count: u64) -> Msg {
    msg!("count-posts", count = count)
}

pub(crate) fn weeks(count: u64) -> Msg {
    msg!("count-weeks", count = count)
}

pub(crate) fn days(count: u64) -> Msg {
    msg!("count-days", count = count)
}

/// A published count: `none`, `about 35`, `93`. 50 may itself be rounded.
pub(crate) fn about(count: u64) -> Msg {
    match count {
        0 => msg!("none-count"),
        1..=50 => msg!("about-count", count = count),
        _ => super::words::exact(count).into(),
    }
}

/// A bucket's count, where something may be missing in it.
pub(crate) fn count(count: u64, lacks: bool) -> Msg {
    match count {
        0 if lacks => msg!("no-data"),
        0 => msg!("none-count"),
        count => super::words::exact(count).into(),
    }
}

/// A bucket of a timeline: a day, or a month.
pub(crate) fn bucket(interval: Interval, start: Date) -> Msg {
    match interval {
        Interval::Day | Interval::Week => msg!("plain", text = Arg::Date(start)),
        Interval::Month => msg!("plain", text = Arg::Month(start)),
    }
}

/// The same within a sentence.
pub(crate) fn period(interval: Interval, start: Date) -> Msg {
    match interval {
        Interval::Week => msg!("period-week", day = start),
        Interval::Day | Interval::Month => bucket(interval, start),
    }
}

/// The title of a chart of what is counted, and the column of its days.
pub(crate) fn chart_title(what: &Msg, interval: Interval) -> (Msg, Msg) {
    match interval {
        Interval::Day => (msg!("chart-by-day", what = what), msg!("column-day")),
        Interval::Week => (msg!("chart-by-week", what = what), msg!("column-week")),
        Interval::Month => (msg!("chart-by-month", what = what), msg!("column-month")),
    }
}

/// `on 2 November 2026`, `from 2 November 2026 to 8 November 2026`: at the start of a sentence.
pub(crate) fn days_between(from: Date, to: Date) -> Msg {
    if from == to {
        msg!("days-on", day = from)
    } else {
        msg!("days-from-to", from = Arg::First(from, to), to = to)
    }
}

/// A window of days within a sentence; `before` is the day after its last.
pub(crate) fn when(after: Option<Date>, before: Option<Date>) -> Msg {
    let last = |before: Date| before.yesterday().unwrap_or(before);
    match (after, before) {
        (None, None) => msg!("when-ever"),
        (Some(after), None) => msg!("when-since", day = after),
        (None, Some(before)) => msg!("when-until", day = last(before)),
        (Some(after), Some(before)) => days_between(after, last(before)),
    }
}

/// What stands in place of topics that may not be listed.
pub(crate) fn too_small(count: u64) -> Msg {
    msg!("too-small", count = count)
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: impl IntoIterator<Item = Msg, IntoIter: DoubleEndedIterator>) -> Msg {
    let mut items = items.into_iter().rev();
    let Some(last) = items.next() else {
        return Msg::Text(String::new());
    };
    let Some(first) = items.next() else {
        return last;
    };
    items.fold(
        msg!("list-two", first = first, last = last),
        |rest, first| msg!("list-more", first = first, rest = rest),
    )
}

/// An area with its kind: `Ashmere (council)`.
pub(crate) fn area(kind: &str, name: &str) -> Msg {
    match kind {
        "council" => msg!("area-council", name = name),
        "ward" => msg!("area-ward", name = name),
        _ => msg!("area-board", name = name),
    }
}

/// How fine topics are: the wide ones, the middle, the fine ones.
pub(crate) fn levels() -> [(u8, Msg); 3] {
    [
        (0, msg!("level-wide")),
        (1, msg!("level-middle")),
        (2, msg!("level-fine")),
    ]
}

/// A list's name and what it lists: `Emerging topics`.
pub(crate) fn rank_topics(rank: Rank) -> Msg {
    match rank {
        Rank::Emerging => msg!("topics-title-emerging"),
        Rank::Enduring => msg!("topics-title-enduring"),
        Rank::Quiet => msg!("topics-title-quiet"),
    }
}

/// Widths of a bar of a chart.
pub(crate) fn intervals() -> [(Interval, Msg); 3] {
    [
        (Interval::Day, msg!("interval-days")),
        (Interval::Week, msg!("interval-weeks")),
        (Interval::Month, msg!("interval-months")),
    ]
}

/// A chance as odds: `1 in 300`, `less than 1 in 1,000,000`.
pub(crate) fn odds(chance: f64) -> Msg {
    if chance < 1e-6 {
        msg!("odds-tiny")
    } else {
        msg!("odds-one-in", count = (1.0 / chance).round() as u64)
    }
}

pub(crate) fn rank_title(rank: Rank) -> Msg {
    match rank {
        Rank::Emerging => msg!("rank-emerging"),
        Rank::Enduring => msg!("rank-enduring"),
        Rank::Quiet => msg!("rank-quiet"),
    }
}

/// The list before the noun: `emerging topics`.
pub(crate) fn rank_before(rank: Rank) -> Msg {
    match rank {
        Rank::Emerging => msg!("rank-emerging-in"),
        Rank::Enduring => msg!("rank-enduring-in"),
        Rank::Quiet => msg!("rank-quiet-in"),
    }
}

/// The list's name within a sentence.
pub(crate) fn rank_within(rank: Rank) -> Msg {
    match rank {
        Rank::Emerging => msg!("rank-emerging-in"),
        Rank::Enduring => msg!("rank-enduring-in"),
        Rank::Quiet => msg!("rank-quiet-within"),
    }
}

/// What a list is, in one line.
pub(crate) fn rank_why(rank: Rank) -> Msg {
    match rank {
        Rank::Emerging => msg!("rank-emerging-why"),
        Rank::Enduring => msg!("rank-enduring-why"),
        Rank::Quiet => msg!("rank-quiet-why"),
    }
}

/// What a reader calls a source of this kind.
pub(crate) fn kind(kind: SourceKind) -> Msg {
    match kind {
        SourceKind::Feed => msg!("kind-feed"),
        SourceKind::Wordpress => msg!("kind-blog"),
        SourceKind::Discourse | SourceKind::Nodebb | SourceKind::Flarum => msg!("kind-forum"),
        SourceKind::Mastodon | SourceKind::Atproto => msg!("kind-account"),
        SourceKind::Lemmy => msg!("kind-links"),
        SourceKind::PublicInbox | SourceKind::Hyperkitty => msg!("kind-list"),
        SourceKind::Html => msg!("kind-site"),
        SourceKind::Ical => msg!("kind-events"),
        SourceKind::Notes => msg!("kind-notes"),
    }
}

/// The same with its software named.
pub(crate) fn kind_by(source: SourceKind) -> Msg {
    let software = match source {
        SourceKind::Wordpress => "WordPress",
        SourceKind::Discourse => "Discourse",
        SourceKind::Nodebb => "NodeBB",
        SourceKind::Flarum => "Flarum",
        SourceKind::Mastodon => "Mastodon",
        SourceKind::Atproto => "Bluesky",
        SourceKind::Lemmy => "Lemmy",
        SourceKind::Hyperkitty => "HyperKitty",
        SourceKind::Feed
        | SourceKind::PublicInbox
        | SourceKind::Html
        | SourceKind::Ical
        | SourceKind::Notes => return kind(source),
    };
    msg!("kind-by", kind = kind(source), software = software)
}

/// The same within a sentence.
pub(crate) fn kind_within(kind: SourceKind) -> Msg {
    match kind {
        SourceKind::Feed => msg!("kind-feed-in"),
        SourceKind::Wordpress => msg!("kind-blog-in"),
        SourceKind::Discourse | SourceKind::Nodebb | SourceKind::Flarum => msg!("kind-forum-in"),
        SourceKind::Mastodon | SourceKind::Atproto => msg!("kind-account-in"),
        SourceKind::Lemmy => msg!("kind-links-in"),
        SourceKind::PublicInbox | SourceKind::Hyperkitty => msg!("kind-list-in"),
        SourceKind::Html => msg!("kind-site-in"),
        SourceKind::Ical => msg!("kind-events-in"),
        SourceKind::Notes => msg!("kind-notes-in"),
    }
}
