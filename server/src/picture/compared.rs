//! Two timelines in two frames of one picture, on one scale, with one table twin.
//!
//! The frames stand one above the other and carry their letter, so that nothing rests on colour. Where both sides
//! have the same days a row of the twin is one bucket; else it holds the first bucket of each side, the second, and
//! so on.

use askama::Template;
use jiff::civil::Date;

use super::notes::{Name, cell, lacks, sentences};
use super::panel::{Marks, Panel, Scale};
use super::timeline::describe;
use crate::i18n::{Msg, filters, msg};
use crate::shapes::{Bucket, Interval, Timeline};
use crate::text::say;

/// Height of one frame with its labels.
const FRAME: usize = 176;

/// Two bar charts on one scale, and their twin.
#[derive(Debug, Template)]
#[template(path = "picture/compared.html")]
pub(crate) struct Compared {
    /// Prefix of the ids within the page.
    id: &'static str,
    title: Msg,
    description: Msg,
    column: Msg,
    height: usize,
    frames: Vec<Frame>,
    /// Whether both sides have the same days.
    same: bool,
    rows: Vec<Row>,
    marks: Marks,
    notes: Vec<Msg>,
}

impl askama::filters::HtmlSafe for Compared {}

/// The picture of a comparison without what stands around it on a page.
#[derive(Debug, Template)]
#[template(path = "picture/compared.svg", escape = "html")]
pub(crate) struct Drawing<'a> {
    id: &'static str,
    title: &'a Msg,
    description: &'a Msg,
    height: usize,
    frames: &'a [Frame],
}

impl Drawing<'_> {
    /// Width and height.
    pub(crate) fn size(&self) -> (f64, f64) {
        (760.0, self.height as f64)
    }
}

#[derive(Debug)]
struct Frame {
    letter: &'static str,
    offset: usize,
    panel: Panel,
}

#[derive(Debug)]
struct Row {
    sides: [Option<Cell>; 2],
    coverage: Msg,
}

#[derive(Debug)]
struct Cell {
    start: Date,
    when: Msg,
    count: Msg,
}

impl Compared {
    pub(crate) fn new(id: &'static str, sides: [&Timeline; 2], name: Name<'_>) -> Self {
        let scale = Scale::of(&sides);
        let slots = sides[0].buckets.len().max(sides[1].buckets.len());
        let starts = |side: &Timeline| -> Vec<Date> {
            side.buckets.iter().map(|bucket| bucket.start).collect()
        };
        let (title, column) = say::chart_title(&msg!("column-conversations"), sides[0].interval);
        let mut notes = sentences(&sides[0].notes, name);
        for note in sentences(&sides[1].notes, name) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        Self {
            id,
            title: msg!("chart-compared", title = title),
            description: msg!("chart-both", a = describe(sides[0]), b = describe(sides[1]),),
            column,
            height: FRAME * 2,
            frames: ["A", "B"]
                .into_iter()
                .zip(sides)
                .enumerate()
                .map(|(n, (letter, side))| Frame {
                    letter,
                    offset: n * FRAME,
                    panel: Panel::new(side, scale, slots),
                })
                .collect(),
            same: starts(sides[0]) == starts(sides[1]),
            rows: (0..slots)
                .map(|n| {
                    let both = sides.map(|side| side.buckets.get(n));
                    let there: Vec<&Bucket> = both.into_iter().flatten().collect();
                    Row {
                        sides: both.map(|bucket| Some(self::cell_of(sides[0].interval, bucket?))),
                        coverage: cell(&there, name),
                    }
                })
                .collect(),
            marks: Marks::of(&sides),
            notes,
        }
    }

    /// The two frames alone, as a file has them.
    pub(crate) fn drawing(&self) -> Drawing<'_> {
        Drawing {
            id: self.id,
            title: &self.title,
            description: &self.description,
            height: self.height,
            frames: &self.frames,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

fn cell_of(interval: Interval, bucket: &Bucket) -> Cell {
    Cell {
        start: bucket.start,
        when: say::bucket(interval, bucket.start),
        count: say::count(bucket.once(), lacks(bucket)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(first: Date, counts: &[u64]) -> Timeline {
        Timeline {
            interval: Interval::Week,
            undated: 0,
            buckets: counts
                .iter()
                .enumerate()
                .map(|(n, count)| Bucket {
                    start: first.saturating_add(jiff::Span::new().weeks(n as i64)),
                    count: *count,
                    near_copies: 0,
                    gaps: Vec::new(),
                })
                .collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_bar_of_one_side_can_be_held_against_one_of_the_other() {
        let first = jiff::civil::date(2026, 6, 1);
        let (high, low) = (weeks(first, &[0, 100, 50]), weeks(first, &[50]));
        let chart = Compared::new("c", [&high, &low], &|_| None);
        let [a, b] = chart.frames.as_slice() else {
            panic!("two frames");
        };
        // 50 is as high and as wide below as above.
        let (above, below) = (&a.panel.bars[1], &b.panel.bars[0]);
        assert_eq!((above.height, above.width), (below.height, below.width));
        assert_eq!(a.panel.grid.len(), b.panel.grid.len());
        assert_eq!(chart.rows.len(), 3);
        assert!(!chart.same);
        let html = chart.render().expect("a picture");
        assert_eq!(html.matches("<tr>").count(), 4);
        assert!(!html.contains("style="));
    }
}
