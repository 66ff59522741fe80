//! Counting the conversations found: facets and timeline in the same pass as the hits.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use discover_model::threshold::{MIN_NETWORKS, MIN_VOICES};
use discover_model::{Language, NetworkId, SourceKind, TopicId};
use jiff::ToSpan;
use jiff::civil::Date;
use tantivy::DocId;

use super::answer::{Bucket, Facet, Facets, Timeline};
use super::caches::{Positions, Ready};
use super::columns::{Columns, Facts};
use super::request::{Interval, SearchContext};
use crate::document::day_number;

/// Most buckets of a timeline.
const MAX_BUCKETS: i64 = 400;
/// Most rows of a facet.
pub const MAX_FACET_ROWS: usize = 200;
/// Conversations looked at for the topic facet.
const TOPICS_OF: u64 = 20_000;

/// Days (or weeks, or months) up to the latest that are counted in a row of counters; older ones, which come from wrong
/// dates as a rule, in a map.
const RECENT: i64 = 4096;

/// The first few different values, which is all a threshold asks for.
#[derive(Debug, Clone, Copy)]
struct Few<const N: usize> {
    values: [u32; N],
    len: u8,
}

impl<const N: usize> Few<N> {
    const NONE: Self = Self {
        values: [0; N],
        len: 0,
    };

    const fn is_full(&self) -> bool {
        self.len as usize == N
    }

    fn add(&mut self, value: u32) {
        let held = &self.values[..self.len as usize];
        if !self.is_full() && !held.contains(&value) {
            self.values[self.len as usize] = value;
            self.len += 1;
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    count: u64,
    near_copies: u64,
    networks: Few<MIN_NETWORKS>,
    voices: Few<MIN_VOICES>,
}

impl Counter {
    const EMPTY: Self = Self {
        count: 0,
        near_copies: 0,
        networks: Few::NONE,
        voices: Few::NONE,
    };

    fn add(&mut self, network: usize, voices: &[u32], is_copy: bool) {
        self.count += 1;
        self.near_copies += u64::from(is_copy);
        if !self.networks.is_full() {
            self.networks.add(network as u32);
        }
        if !self.voices.is_full() {
            for voice in voices {
                self.voices.add(*voice);
            }
        }
    }

    fn row<T>(&self, value: T) -> Facet<T> {
        Facet {
            value,
            count: self.count,
            near_copies: self.near_copies,
            networks: u64::from(self.networks.len),
            voices: u64::from(self.voices.len),
        }
    }
}

impl Default for Counter {
    fn default() -> Self {
        Self::EMPTY
    }
}

fn rows<T: Ord + Copy>(counted: impl Iterator<Item = (T, Counter)>) -> Vec<Facet<T>> {
    let mut rows: Vec<Facet<T>> = counted
        .filter(|(_, counter)| counter.count > 0)
        .map(|(value, counter)| counter.row(value))
        .collect();
    rows.sort_unstable_by(|a, b| b.count.cmp(&a.count).then(a.value.cmp(&b.value)));
    rows.truncate(MAX_FACET_ROWS);
    rows
}

fn at(counters: &mut Vec<Counter>, position: usize) -> &mut Counter {
    if counters.len() <= position {
        counters.resize_with(position + 1, Counter::default);
    }
    &mut counters[position]
}

/// Which bucket a day falls into, as a number without holes.
fn bucket_of(interval: Interval, day: i64) -> i64 {
    match interval {
        Interval::Day => day,
        // 1 January 1970 was a Thursday.
        Interval::Week => day.saturating_add(3).div_euclid(7),
        Interval::Month => {
            let date = date_of(day);
            i64::from(date.year()) * 12 + i64::from(date.month()) - 1
        }
    }
}

fn start_of(interval: Interval, bucket: i64) -> Date {
    match interval {
        Interval::Day => date_of(bucket),
        Interval::Week => date_of(bucket * 7 - 3),
        Interval::Month => {
            let year = i16::try_from(bucket.div_euclid(12)).unwrap_or(1970);
            let month = i8::try_from(bucket.rem_euclid(12) + 1).unwrap_or(1);
            Date::new(year, month, 1).unwrap_or(Date::constant(1970, 1, 1))
        }
    }
}

fn date_of(day: i64) -> Date {
    Date::constant(1970, 1, 1).saturating_add(day.clamp(-100_000, 1_000_000).days())
}

#[derive(Debug)]
struct Chart {
    interval: Interval,
    /// The bucket of the first counter in `recent`.
    from: i64,
    recent: Vec<Counter>,
    older: BTreeMap<i64, Counter>,
    /// First and last bucket in use.
    used: Option<(i64, i64)>,
}

impl Chart {
    /// A chart of days up to `last`, none of which is before `first`.
    fn new(interval: Interval, first: i64, last: i64) -> Self {
        let (first, last) = (bucket_of(interval, first), bucket_of(interval, last));
        let from = first.max(last.saturating_sub(RECENT - 1));
        Self {
            interval,
            from,
            recent: vec![
                Counter::EMPTY;
                last.saturating_sub(from).saturating_add(1).max(0) as usize
            ],
            older: BTreeMap::new(),
            used: None,
        }
    }

    fn counter(&mut self, bucket: i64) -> &mut Counter {
        let (first, last) = self.used.unwrap_or((bucket, bucket));
        self.used = Some((first.min(bucket), last.max(bucket)));
        match self.recent.get_mut((bucket - self.from) as usize) {
            Some(counter) if bucket >= self.from => counter,
            _ => self.older.entry(bucket).or_default(),
        }
    }

    fn at(&self, bucket: i64) -> Counter {
        let recent = usize::try_from(bucket - self.from).ok();
        recent
            .and_then(|at| self.recent.get(at))
            .or_else(|| self.older.get(&bucket))
            .copied()
            .unwrap_or_default()
    }

    fn span(&self) -> i64 {
        self.used.map_or(0, |(first, last)| last - first + 1)
    }
}

/// What is counted: all that is found, by the values of a facet, or by the buckets of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Counted {
    All,
    Network(usize),
    Language(usize),
    Kind(usize),
    Topic(TopicId),
    Bucket(Interval, i64),
}

/// Texts that were counted already, of those that have near copies.
#[derive(Debug, Default)]
struct Texts {
    counted: HashSet<(u32, Counted)>,
    near_copies: u64,
}

impl Texts {
    /// Whether a near copy was counted there before it; nothing is one that is in no group.
    fn is_copy(&mut self, group: Option<u32>, of: Counted) -> bool {
        group.is_some_and(|group| !self.counted.insert((group, of)))
    }
}

pub(super) struct Tally {
    texts: Texts,
    networks: Positions<NetworkId>,
    network: Vec<Counter>,
    languages: Positions<Language>,
    language: Vec<Counter>,
    /// By the kind's number.
    kind: Vec<Counter>,
    topic: HashMap<TopicId, Counter>,
    topics_counted: u64,
    /// From the width asked for to the widest: which is used is known only when all days have been seen.
    charts: Vec<Chart>,
    days: Range<i64>,
    undated: u64,
}

/// Where the networks and languages of one segment stand among all.
pub(super) struct OfSegment<'a> {
    facts: &'a Facts,
    networks: Vec<usize>,
    languages: Vec<usize>,
}

impl Tally {
    pub(super) fn new(ready: &Ready, interval: Interval, days: Range<i64>) -> Self {
        let first = ready
            .columns
            .iter()
            .map(|columns| columns.post_day.min_value());
        let last = ready
            .columns
            .iter()
            .map(|columns| columns.post_day.max_value());
        let first = first.min().unwrap_or_default().max(days.start);
        // Where no post has a date the columns are empty, and so are the charts.
        let last = last.max().unwrap_or_default().min(days.end - 1);
        let mut charts = Vec::new();
        for width in [Interval::Day, Interval::Week, Interval::Month] {
            if width < interval {
                continue;
            }
            charts.push(Chart::new(width, first, last));
            // Narrow enough whatever is found: the wider ones are not needed.
            if last < first || bucket_of(width, last) - bucket_of(width, first) < MAX_BUCKETS {
                break;
            }
        }
        Self {
            texts: Texts::default(),
            networks: Positions::default(),
            network: Vec::new(),
            languages: Positions::default(),
            language: Vec::new(),
            kind: Vec::new(),
            topic: HashMap::new(),
            topics_counted: 0,
            charts,
            days,
            undated: 0,
        }
    }

    pub(super) fn segment<'a>(&mut self, columns: &'a Columns) -> OfSegment<'a> {
        let networks = columns.networks.iter().map(|id| self.networks.of(*id));
        let languages = columns.languages.iter().map(|id| self.languages.of(*id));
        OfSegment {
            facts: columns.facts(),
            networks: networks.collect(),
            languages: languages.collect(),
        }
    }

    pub(super) fn add(&mut self, of: &OfSegment<'_>, doc: DocId, context: &SearchContext<'_>) {
        let Some(fact) = of.facts.get(doc) else {
            return;
        };
        let Some(network) = of.networks.get(fact.network).copied() else {
            return;
        };
        let group = (context.copies_of)(fact.id);
        let texts = &mut self.texts;
        texts.near_copies += u64::from(texts.is_copy(group, Counted::All));
        let copy = texts.is_copy(group, Counted::Network(network));
        at(&mut self.network, network).add(network, fact.voices, copy);
        let language = fact.language.and_then(|at| of.languages.get(at).copied());
        if let Some(language) = language {
            let copy = texts.is_copy(group, Counted::Language(language));
            at(&mut self.language, language).add(network, fact.voices, copy);
        }
        if let Some(kind) = fact.kind {
            let copy = texts.is_copy(group, Counted::Kind(kind));
            at(&mut self.kind, kind).add(network, fact.voices, copy);
        }
        if self.topics_counted < TOPICS_OF {
            self.topics_counted += 1;
            if let Some(topic) = (context.topic_of)(fact.id) {
                let copy = texts.is_copy(group, Counted::Topic(topic));
                let counter = self.topic.entry(topic).or_default();
                counter.add(network, fact.voices, copy);
            }
        }
        self.undated += u64::from(fact.days.is_empty());
        for chart in &mut self.charts {
            let mut last = None;
            for day in fact.days {
                let day = i64::from(*day);
                if !self.days.contains(&day) {
                    continue;
                }
                // Days are ascending, so a conversation that posts twice in a bucket does so in a row.
                let bucket = bucket_of(chart.interval, day);
                if last != Some(bucket) {
                    last = Some(bucket);
                    let copy = texts.is_copy(group, Counted::Bucket(chart.interval, bucket));
                    chart.counter(bucket).add(network, fact.voices, copy);
                }
            }
        }
    }

    /// Of all that is found, near copies of another one of them.
    pub(super) fn near_copies(&self) -> u64 {
        self.texts.near_copies
    }

    pub(super) fn finish(mut self) -> (Facets, Timeline) {
        let fits = |chart: &Chart| chart.span() <= MAX_BUCKETS;
        let at = self
            .charts
            .iter()
            .position(fits)
            .unwrap_or(self.charts.len() - 1);
        let chart = self.charts.swap_remove(at);
        let mut buckets = Vec::new();
        if let Some((_, last)) = chart.used {
            let first = last - chart.span().min(MAX_BUCKETS) + 1;
            for bucket in first..=last {
                let counter = chart.at(bucket);
                buckets.push(Bucket {
                    start: start_of(chart.interval, bucket),
                    count: counter.count,
                    near_copies: counter.near_copies,
                    networks: u64::from(counter.networks.len),
                    voices: u64::from(counter.voices.len),
                });
            }
        }
        let facets = Facets {
            network: rows(self.networks.values.into_iter().zip(self.network)),
            language: rows(self.languages.values.into_iter().zip(self.language)),
            kind: rows(SourceKind::ALL.iter().copied().zip(self.kind)),
            topic: rows(self.topic.into_iter()),
            topics_counted: self.topics_counted,
        };
        let timeline = Timeline {
            interval: chart.interval,
            buckets,
            undated: self.undated,
        };
        (facets, timeline)
    }
}

/// All days.
pub(super) fn any_day() -> Range<i64> {
    day_number(Date::MIN)..day_number(Date::MAX) + 1
}
