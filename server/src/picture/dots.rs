//! Networks by weeks: a dot where a network spoke, the larger the more conversations, with the rows of its table twin.

use askama::Template;
use jiff::civil::Date;

use super::Px;
use crate::i18n::filters;
use crate::shapes::BriefNetwork;
use crate::text::inline::Text;
use crate::text::words;

const WIDTH: f64 = 420.0;
/// Where the names end and the weeks begin.
const LEFT: f64 = 150.0;
const TOP: f64 = 28.0;
const ROW: f64 = 15.0;
const SMALLEST: f64 = 2.4;
const LARGEST: f64 = 6.6;
/// Signs of a name.
const SIGNS: usize = 21;
const LABELS: usize = 4;

/// The picture and its twin.
#[derive(Debug, Template)]
#[template(path = "picture/dots.html")]
pub(crate) struct Dots {
    id: &'static str,
    description: String,
    height: Px,
    width: Px,
    /// Where the names end.
    names: Px,
    left: Px,
    /// Where the topic begins among the weeks.
    since: Option<(Px, Px)>,
    labels: Vec<(Px, String)>,
    rows: Vec<Row>,
    columns: Vec<String>,
    twin: Vec<(Text, Vec<String>)>,
}

impl askama::filters::HtmlSafe for Dots {}

#[derive(Debug)]
struct Row {
    y: Px,
    line: Px,
    text: Px,
    name: String,
    dots: Vec<Dot>,
}

#[derive(Debug)]
struct Dot {
    class: &'static str,
    x: Px,
    radius: Px,
}

impl Dots {
    /// Those of `networks` whose weeks are known. What lies before `since` has another colour.
    pub(crate) fn new(
        id: &'static str,
        networks: &[BriefNetwork],
        weeks: &[Date],
        since: Option<Date>,
    ) -> Self {
        let told: Vec<&BriefNetwork> = networks
            .iter()
            .filter(|network| !network.weeks.is_empty())
            .collect();
        let slot = (WIDTH - LEFT) / weeks.len().max(1) as f64;
        let middle = |week: usize| LEFT + slot * (week as f64 + 0.5);
        let counts = told.iter().flat_map(|network| &network.weeks);
        let highest = counts.copied().max().unwrap_or(0).max(1) as f64;
        // The week in which it began is none of those before it.
        let begins = since.map_or(0, |since| {
            let before = |start: &&Date| start.saturating_add(jiff::Span::new().days(7)) <= since;
            weeks.iter().filter(before).count()
        });
        let height = TOP + ROW * told.len() as f64;
        let rows = told.iter().enumerate().map(|(n, network)| {
            let y = TOP + ROW * (n as f64 + 0.5);
            let dots = network.weeks.iter().enumerate();
            Row {
                y: Px(y),
                line: Px(y + ROW / 2.0),
                text: Px(y + 4.5),
                name: short(&network.name),
                dots: dots
                    .filter(|(_, count)| **count > 0)
                    .map(|(week, count)| Dot {
                        class: if week < begins { "mark-base" } else { "mark-a" },
                        x: Px(middle(week)),
                        // The area goes with the number.
                        radius: Px(
                            SMALLEST + (LARGEST - SMALLEST) * (*count as f64 / highest).sqrt()
                        ),
                    })
                    .collect(),
            }
        });
        let every = weeks.len().div_ceil(LABELS).max(1);
        let labels = weeks.iter().enumerate().step_by(every);
        Self {
            id,
            description: describe(&told, weeks),
            height: Px(height),
            width: Px(WIDTH),
            names: Px(LEFT - 12.0),
            left: Px(LEFT),
            since: (begins > 0 && begins < weeks.len()).then(|| {
                let x = LEFT + slot * begins as f64;
                (Px(x), Px(WIDTH - x))
            }),
            labels: labels
                .map(|(week, start)| (Px(middle(week)), words::short_day(*start)))
                .collect(),
            rows: rows.collect(),
            columns: weeks.iter().map(|week| words::short_day(*week)).collect(),
            twin: told
                .iter()
                .map(|network| {
                    let cells = network.weeks.iter().map(|count| words::exact(*count));
                    (Text::unknown(&network.name), cells.collect())
                })
                .collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A name of at most [`SIGNS`] signs.
fn short(name: &str) -> String {
    if name.chars().count() <= SIGNS {
        return name.to_owned();
    }
    let cut: String = name.chars().take(SIGNS - 1).collect();
    format!("{}…", cut.trim_end())
}

fn describe(told: &[&BriefNetwork], weeks: &[Date]) -> String {
    let first = weeks.iter().enumerate().find_map(|(week, start)| {
        let spoke = told.iter().filter(|network| network.weeks[week] > 0);
        let names: Vec<&str> = spoke.map(|network| network.name.as_str()).collect();
        (!names.is_empty()).then_some((names, *start))
    });
    let Some((names, start)) = first else {
        return "None of these weeks has a conversation with a known date.".to_owned();
    };
    let last = weeks.len().saturating_sub(1);
    let now = told.iter().filter(|network| network.weeks[last] > 0);
    format!(
        "First in these weeks: {}, in the week of {}. This week: {} of {}.",
        words::list(&names),
        words::day(start),
        words::exact(now.count() as u64),
        words::networks(told.len() as u64)
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_dot_stays_in_its_cell_and_the_twin_has_every_number() {
        let weeks: Vec<Date> = (0..4)
            .map(|n| date(2026, 11, 2).saturating_add(jiff::Span::new().weeks(n)))
            .collect();
        let network = |name: &str, weeks: &[u64]| BriefNetwork {
            slug: "a".to_owned(),
            name: name.to_owned(),
            count: weeks.iter().sum(),
            weeks: weeks.to_vec(),
        };
        let networks = [
            network("A <name> that is far too long for its row", &[0, 1, 0, 900]),
            network("B", &[0, 0, 2, 0]),
            network("C", &[]),
        ];
        let dots = Dots::new("d", &networks, &weeks, Some(date(2026, 11, 17)));
        assert_eq!((dots.rows.len(), dots.twin.len()), (2, 2));
        for row in &dots.rows {
            for dot in &row.dots {
                assert!(dot.radius.0 <= ROW / 2.0 && dot.x.0 + dot.radius.0 <= WIDTH);
            }
        }
        let classes: Vec<&str> = dots.rows[0].dots.iter().map(|dot| dot.class).collect();
        assert_eq!(classes, ["mark-base", "mark-a"]);
        let html = dots.render().expect("it renders");
        assert!(html.contains(">900<") && !html.contains("<name>"), "{html}");
        assert!(
            dots.description
                .contains("week of 9 November 2026. This week: 1 of 2 networks")
        );
    }
}
