//! Conversations over time as bars, with the rows of its table twin.
//!
//! A bucket in which a network could
//! not be reached, or was not looked at, is hatched; where one joined stands a line. All of them are named in the notes
//! and in the twin: a gap is drawn, never smoothed.

use askama::Template;
use jiff::civil::Date;

use super::notes::{Name, cell, lacks, sentences};
use super::panel::{Flag, Marks, Panel, Scale};
use crate::i18n::{Msg, filters, msg};
use crate::shapes::{Annotation, Baseline, Bucket, Interval, Timeline};
use crate::text::inline::{Day, Text};
use crate::text::{say, words};

/// A bar chart and its twin.
#[derive(Debug, Template)]
#[template(path = "picture/timeline.html")]
pub(crate) struct Chart {
    /// Prefix of the ids within the page.
    id: &'static str,
    title: Msg,
    description: Msg,
    column: Msg,
    panel: Panel,
    rows: Vec<Row>,
    marks: Marks,
    /// What the bars do not show, in words.
    notes: Vec<Msg>,
    /// What the bars of another colour are, where there are any.
    before: Option<Msg>,
    /// What is noted on days, in the order of their numbers in the picture.
    said: Vec<Msg>,
}

impl askama::filters::HtmlSafe for Chart {}

/// The picture of a chart without what stands around it on a page.
#[derive(Debug, Template)]
#[template(path = "picture/timeline.svg", escape = "html")]
pub(crate) struct Drawing<'a> {
    id: &'static str,
    title: &'a Msg,
    description: &'a Msg,
    panel: &'a Panel,
}

impl Drawing<'_> {
    /// Width and height.
    pub(crate) const SIZE: (f64, f64) = (760.0, 156.0);
}

/// One row of the table twin, newest first.
#[derive(Debug)]
struct Row {
    start: Date,
    when: Msg,
    count: Msg,
    coverage: Msg,
    /// Numbers of the notes on its days.
    flags: Vec<usize>,
}

impl Chart {
    /// `what` is what is counted ("Conversations that match"); `name` turns a network's slug into its name.
    pub(crate) fn new(id: &'static str, what: &Msg, timeline: &Timeline, name: Name<'_>) -> Self {
        let buckets = &timeline.buckets;
        let mut notes = sentences(&timeline.notes, name);
        if timeline.undated > 0 {
            notes.push(msg!("note-undated", count = timeline.undated));
        }
        let (title, column) = say::chart_title(what, timeline.interval);
        Self {
            id,
            title,
            description: describe(timeline),
            column,
            panel: Panel::new(timeline, Scale::of(&[timeline]), buckets.len()),
            rows: buckets
                .iter()
                .rev()
                .map(|bucket| row(timeline.interval, bucket, name))
                .collect(),
            marks: Marks::of(&[timeline]),
            notes,
            before: None,
            said: Vec::new(),
        }
    }

    /// With notes on days: a flag over the bar of each, its words below, its number in the row of the twin.
    pub(crate) fn annotated(mut self, notes: &[Annotation]) -> Self {
        let slots = self.rows.len();
        for (number, note) in (1..).zip(notes) {
            self.said.push(match (&note.network, &note.operator) {
                (Some(network), _) => msg!(
                    "chart-note",
                    day = Day(note.day),
                    who = Text::unknown(&network.name),
                    text = Text::unknown(&note.text)
                ),
                (None, who) => msg!(
                    "chart-note-operator",
                    day = Day(note.day),
                    who = Text::unknown(who.clone().unwrap_or_default()),
                    text = Text::unknown(&note.text)
                ),
            });
            // The newest row that begins no later than the day.
            if let Some(row) = self.rows.iter_mut().find(|row| row.start <= note.day) {
                row.flags.push(number);
            }
        }
        let marked = self.rows.iter().rev().enumerate();
        self.panel.flags = marked
            .filter(|(_, row)| !row.flags.is_empty())
            .map(|(n, row)| {
                let numbers: Vec<String> = row.flags.iter().map(usize::to_string).collect();
                Flag::new(n, slots, numbers.join(","))
            })
            .collect();
        self
    }

    /// As [`Chart::new`], with the weeks before in another colour and their mean as a line.
    pub(crate) fn with_baseline(
        id: &'static str,
        what: &Msg,
        timeline: &Timeline,
        baseline: &Baseline,
        name: Name<'_>,
    ) -> Self {
        let before = &baseline.timeline;
        let weeks = before.buckets.len();
        let mut whole = before.clone();
        whole.undated = timeline.undated;
        whole.buckets.extend(timeline.buckets.iter().cloned());
        let new = timeline.notes.iter();
        let new = new.filter(|note| !before.notes.contains(note));
        whole.notes.extend(new.cloned());
        let mut chart = Self::new(id, what, &whole, name);
        let scale = Scale::of(&[&whole]);
        chart
            .panel
            .set_apart(weeks, whole.buckets.len(), scale, baseline.mean);
        chart.before = Some(msg!(
            "chart-before",
            words = say::list(baseline.words.iter().map(Msg::from)),
            mean = words::factor(baseline.mean),
        ));
        chart.description = msg!(
            "chart-with-baseline",
            all = chart.description,
            weeks = say::weeks(weeks as u64),
            mean = words::factor(baseline.mean),
        );
        chart
    }

    /// The bars alone, as a file has them.
    pub(crate) fn drawing(&self) -> Drawing<'_> {
        Drawing {
            id: self.id,
            title: &self.title,
            description: &self.description,
            panel: &self.panel,
        }
    }

    /// Names what is counted, and by what.
    pub(crate) fn title(&self) -> &Msg {
        &self.title
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

pub(super) fn describe(timeline: &Timeline) -> Msg {
    let buckets = &timeline.buckets;
    let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else {
        return msg!("chart-nothing");
    };
    let busiest = buckets
        .iter()
        .map(|bucket| (bucket.once(), bucket.start))
        .filter(|(count, _)| *count > 0)
        .max();
    let most = match busiest {
        Some((count, start)) => msg!(
            "chart-most",
            when = say::period(timeline.interval, start),
            count = count,
        ),
        None => msg!("chart-none"),
    };
    let gaps = buckets.iter().filter(|bucket| lacks(bucket)).count();
    msg!(
        "chart-described",
        first = say::period(timeline.interval, first.start),
        last = say::period(timeline.interval, last.start),
        most = most,
        gaps = gaps,
        all = buckets.len(),
    )
}

fn row(interval: Interval, bucket: &Bucket, name: Name<'_>) -> Row {
    Row {
        start: bucket.start,
        when: say::bucket(interval, bucket.start),
        count: say::count(bucket.once(), lacks(bucket)),
        coverage: cell(&[bucket], name),
        flags: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::panel::{BASE, LABELS, LEFT, RIGHT, TOP};
    use crate::shapes::{Gap, GapReason};

    fn weeks(counts: &[u64]) -> Timeline {
        Timeline {
            interval: Interval::Week,
            undated: 0,
            buckets: counts
                .iter()
                .enumerate()
                .map(|(n, count)| Bucket {
                    start: jiff::civil::date(2026, 6, 1)
                        .saturating_add(jiff::Span::new().weeks(n as i64)),
                    count: *count,
                    near_copies: 0,
                    gaps: Vec::new(),
                })
                .collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn every_bar_stays_within_the_picture_whatever_the_counts() {
        for counts in [vec![0; 3], vec![1, 5, 1_000_000], vec![7; 400], vec![3]] {
            let chart = Chart::new("t", &msg!("column-conversations"), &weeks(&counts), &|_| {
                None
            });
            for bar in &chart.panel.bars {
                assert!(bar.x.0 >= LEFT - 0.01 && bar.x.0 + bar.width.0 <= RIGHT + 0.01);
                assert!(bar.y.0 >= TOP - 0.01 && bar.y.0 + bar.height.0 <= BASE + 0.01);
            }
            assert!(chart.panel.grid.len() <= 4 && chart.panel.labels.len() <= LABELS + 1);
            assert_eq!(chart.rows.len(), counts.len());
        }
    }

    #[test]
    fn a_gap_is_hatched_and_named_in_the_twin() {
        let mut timeline = weeks(&[0, 55]);
        timeline.buckets[0].gaps.push(Gap {
            network: "leeds-carers".to_owned(),
            reason: GapReason::Unreachable,
        });
        let chart = Chart::new("t", &msg!("column-conversations"), &timeline, &|slug| {
            (slug == "leeds-carers").then(|| "Leeds <Carers>".to_owned())
        });
        assert_eq!(chart.panel.gaps.len(), 1);
        assert_eq!(chart.rows[1].count.to_string(), "no data");
        let html = chart.render().expect("a chart renders");
        assert!(html.contains("Leeds &#60;Carers&#62; not reached"));
        assert!(!html.contains("style="));
    }
}
