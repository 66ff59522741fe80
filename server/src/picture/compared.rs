//! Two to five timelines in frames of one picture, on one scale, with one table twin.
//!
//! The frames stand one above the other and carry their letter, so that nothing rests on colour. Where all sides
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

/// Bar charts on one scale, and their twin.
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
    /// Whether all sides have the same days.
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
    sides: Vec<Option<Cell>>,
    coverage: Msg,
}

#[derive(Debug)]
struct Cell {
    start: Date,
    when: Msg,
    count: Msg,
}

impl Compared {
    /// `sides` by their letters.
    pub(crate) fn new(
        id: &'static str,
        sides: &[(&'static str, &Timeline)],
        name: Name<'_>,
    ) -> Self {
        let timelines: Vec<&Timeline> = sides.iter().map(|(_, side)| *side).collect();
        let scale = Scale::of(&timelines);
        let interval = timelines.first().map(|side| side.interval);
        let interval = interval.unwrap_or_default();
        let slots = timelines.iter().map(|side| side.buckets.len());
        let slots = slots.max().unwrap_or_default();
        let (title, column) = say::chart_title(&msg!("column-conversations"), interval);
        let mut notes = Vec::new();
        for note in timelines
            .iter()
            .flat_map(|side| sentences(&side.notes, name))
        {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        let starts = |side: &Timeline| -> Vec<Date> {
            side.buckets.iter().map(|bucket| bucket.start).collect()
        };
        let described = sides
            .iter()
            .map(|(letter, side)| msg!("chart-side", letter = letter, text = describe(side)));
        Self {
            id,
            title: msg!("chart-compared", title = title, count = sides.len()),
            description: described
                .rev()
                .reduce(|rest, first| msg!("chart-sides", first = first, rest = rest))
                .unwrap_or_else(|| "".into()),
            column,
            height: FRAME * sides.len(),
            frames: sides
                .iter()
                .enumerate()
                .map(|(n, (letter, side))| Frame {
                    letter,
                    offset: n * FRAME,
                    panel: Panel::new(side, scale, slots),
                })
                .collect(),
            same: timelines
                .windows(2)
                .all(|pair| starts(pair[0]) == starts(pair[1])),
            rows: (0..slots)
                .map(|n| {
                    let all = timelines.iter().map(|side| side.buckets.get(n));
                    let there: Vec<&Bucket> = all.clone().flatten().collect();
                    Row {
                        sides: all
                            .map(|bucket| Some(self::cell_of(interval, bucket?)))
                            .collect(),
                        coverage: cell(&there, name),
                    }
                })
                .collect(),
            marks: Marks::of(&timelines),
            notes,
        }
    }

    /// The frames alone, as a file has them.
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
        let chart = Compared::new("c", &[("A", &high), ("B", &low)], &|_| None);
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

    #[test]
    fn five_sides_are_told_apart_by_their_letters_in_picture_and_twin() {
        let first = jiff::civil::date(2026, 6, 1);
        let sides: Vec<Timeline> = (1..=5).map(|n| weeks(first, &[n, 10 * n])).collect();
        let letters = ["A", "B", "C", "D", "E"];
        let all: Vec<_> = letters.into_iter().zip(&sides).collect();
        let chart = Compared::new("c", &all, &|_| None);
        assert!(chart.same);
        let html = chart.render().expect("a picture");
        for letter in letters {
            assert!(
                html.contains(&format!("y=\"12\">{letter}</text>")),
                "{html}"
            );
            assert!(
                html.contains(&format!("class=\"num\">{letter}</th>")),
                "{html}"
            );
        }
        assert!(html.contains("viewBox=\"0 0 760 880\""), "{html}");
    }
}
