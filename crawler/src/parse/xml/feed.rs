//! What stands inside a feed, beside its items.

use jiff::SignedDuration;
use jiff::civil::Weekday;

use crate::parse::date;
use crate::parse::html::{absolute, web_address};
use crate::parse::names::El;
use crate::parse::types::{TextKind, language_tag};
use crate::prepare::scan::Tag;

use super::entry::{is_noindex, is_yes, relation};
use super::{Author, Family, Kind, Reader};

/// Most ids of taken-back items read of one document.
const MAX_DELETED: usize = 10_000;

impl<'a> Reader<'a> {
    /// Reads a child of the feed; what it opens for its own children, if they are to be read one by one.
    pub(super) fn feed_child(&mut self, tag: &Tag<'a>, el: El) -> Option<Kind> {
        let atom = self.family != Family::Rss;
        let text_default = if atom {
            TextKind::Plain
        } else {
            TextKind::Html
        };
        match el {
            El::Title | El::DcTitle => {
                let (title, _) = self.construct_title(tag, text_default);
                let feed = &mut self.parsed.feed;
                if feed.title.as_deref().is_none_or(str::is_empty) {
                    feed.title = Some(title);
                }
            }
            El::Description | El::Summary | El::ItunesSummary | El::ItunesSubtitle => {
                let rank = match el {
                    El::Description => 0,
                    El::ItunesSubtitle => 2,
                    _ => 1,
                };
                let (text, _) = self.construct_resolved(tag, text_default);
                if rank <= self.description_rank {
                    self.description_rank = rank;
                    self.parsed.feed.description = Some(text);
                }
            }
            El::Link => self.feed_link(tag),
            El::Id => {
                let id = self.value(tag);
                if !id.is_empty() {
                    self.parsed.feed.id = Some(absolute(&id, self.base()));
                }
            }
            El::Published | El::Updated => {
                if let Some(at) = date::parse(&self.value(tag)) {
                    if el == El::Published {
                        self.parsed.feed.published = Some(at);
                    } else {
                        self.parsed.feed.updated = Some(at);
                    }
                }
            }
            El::Language => {
                if let Some(language) = language_tag(&self.value(tag)) {
                    self.parsed.feed.language = Some(language);
                }
            }
            El::Author => {
                self.author = Author::default();
                return Some(Kind::Author);
            }
            El::Ttl => {
                let minutes = self.value(tag).parse::<i64>().ok();
                self.parsed.hints.ttl = minutes
                    .filter(|minutes| (1..=525_600).contains(minutes))
                    .map(SignedDuration::from_mins);
            }
            El::SkipHours => return Some(Kind::SkipHours),
            El::SkipDays => return Some(Kind::SkipDays),
            El::Period => {
                const HOUR: i64 = 3600;
                self.period = match self.value(tag).to_ascii_lowercase().as_str() {
                    "hourly" => Some(HOUR),
                    "daily" => Some(24 * HOUR),
                    "weekly" => Some(7 * 24 * HOUR),
                    "monthly" => Some(30 * 24 * HOUR),
                    "yearly" => Some(365 * 24 * HOUR),
                    _ => None,
                };
            }
            El::Frequency => self.frequency = self.value(tag).parse().ok(),
            El::Complete => {
                self.parsed.hints.complete = true;
                self.skip(tag);
            }
            El::Archive => {
                self.parsed.hints.archive = true;
                self.skip(tag);
            }
            El::Deleted => {
                let id = tag.attribute("ref").filter(|id| !id.trim().is_empty());
                if let Some(id) = id.filter(|_| self.parsed.hints.deleted.len() < MAX_DELETED) {
                    let id = self.entities.decode(id).trim().to_owned();
                    self.parsed.hints.deleted.push(id);
                }
                return Some(Kind::Other);
            }
            El::Block => {
                let value = self.value(tag);
                self.blocked |= is_yes(&value);
            }
            El::NewFeedUrl => {
                let address = self.value(tag);
                self.parsed.hints.new_feed_url = web_address(&address, self.base());
            }
            El::Meta => {
                self.parsed.hints.noindex |= is_noindex(tag);
                self.skip(tag);
            }
            _ => return Some(Kind::Other),
        }
        None
    }

    fn feed_link(&mut self, tag: &Tag<'a>) {
        let Some(address) = tag.attribute("href") else {
            let own = matches!(relation(tag).as_str(), "alternate" | "");
            let link = self.value(tag);
            if own && !link.is_empty() && self.link_rank > 0 {
                self.link_rank = 0;
                self.parsed.feed.link = Some(absolute(&link, self.base()));
            }
            return;
        };
        let address = self.entities.decode(address);
        let web = web_address(&address, self.base());
        let hints = &mut self.parsed.hints;
        match relation(tag).as_str() {
            "alternate" | "" => {
                let kind = tag
                    .attribute("type")
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                let rank = if kind.is_empty() || kind.contains("html") {
                    1
                } else {
                    2
                };
                if rank < self.link_rank {
                    self.link_rank = rank;
                    self.parsed.feed.link = Some(absolute(&address, self.base()));
                }
            }
            "self" => hints.self_url = hints.self_url.take().or(web),
            "hub" => hints.hub = hints.hub.take().or(web),
            "next" => hints.next = hints.next.take().or(web),
            "prev-archive" => hints.prev_archive = hints.prev_archive.take().or(web),
            _ => {}
        }
        self.skip(tag);
    }

    pub(super) fn skip_child(&mut self, tag: &Tag<'a>, el: El) -> Option<Kind> {
        match el {
            El::Hour => {
                // RSS 0.91 counts to 24, which is midnight.
                let hour = self
                    .value(tag)
                    .parse::<u8>()
                    .ok()
                    .filter(|hour| *hour <= 24);
                let hours = &mut self.parsed.hints.skip_hours;
                if let Some(hour) = hour
                    .map(|hour| hour % 24)
                    .filter(|hour| !hours.contains(hour))
                {
                    hours.push(hour);
                }
            }
            El::Day => {
                let day = weekday(&self.value(tag));
                let days = &mut self.parsed.hints.skip_days;
                if let Some(day) = day.filter(|day| !days.contains(day)) {
                    days.push(day);
                }
            }
            _ => return Some(Kind::Other),
        }
        None
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name.get(..3)?.to_ascii_lowercase().as_str() {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}
