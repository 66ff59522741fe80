//! Early warnings, and how often the rule is wrong.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

use super::reader::Reader;
use super::respond;
use super::view::{Frame, Nav, TopicLink};
use crate::problem::Problem;
use crate::read;
use crate::text::inline::Day;
use crate::text::words;

use crate::shapes::{FalseAlarms, Warnings};
use crate::state::View;

#[derive(Debug, Template)]
#[template(path = "warnings.html")]
struct Page {
    frame: Frame,
    total: String,
    rows: Vec<Row>,
    /// Empty where there was too little history to test.
    tested: String,
    worth: String,
    drawn: Day,
}

#[derive(Debug)]
struct Row {
    topic: TopicLink,
    because: String,
}

impl Page {
    fn new(instance: &str, warnings: &Warnings) -> Self {
        Self {
            frame: Frame::new(instance, "Early warnings", Nav::Topics),
            total: match warnings.items.len() as u64 {
                0 => "No warning".to_owned(),
                count => words::of(count, "warning", "warnings"),
            },
            rows: warnings
                .items
                .iter()
                .map(|warning| Row {
                    topic: TopicLink::new(&warning.topic),
                    because: format!(
                        "{} spoke of it more in the last {} days than {} used to. Chance of as much in an ordinary week: {}.",
                        words::sentence(&words::networks(warning.networks)),
                        warnings.days,
                        if warning.networks == 1 { "it is" } else { "each of them is" },
                        words::odds(warning.chance)
                    ),
                })
                .collect(),
            tested: if warnings.tests == 0 {
                String::new()
            } else {
                format!(
                "{} {} tested: each network’s last {} days against its own {} days before. Corrected for so many tests, about 1 warning in {:.0} is expected to be false.",
                words::sentence(&words::of(warnings.tests, "topic", "topics")),
                if warnings.tests == 1 { "was" } else { "were" },
                warnings.days,
                warnings.compared_with,
                1.0 / warnings.false_share
            )
            },
            worth: worth(warnings.false_alarms.as_ref()),
            drawn: Day(warnings.drawn),
        }
    }
}

/// The measured false-alarm rate in words.
fn worth(measured: Option<&FalseAlarms>) -> String {
    let Some(measured) = measured else {
        return "There is too little history to warn of anything, or to measure how often a warning would be false."
            .to_owned();
    };
    let tests = words::of(measured.tests, "test", "tests");
    let past = words::of(measured.days, "past day", "past days");
    let raised = match measured.raised {
        0 => "no false warning".to_owned(),
        raised => format!(
            "{} ({:.2} in 100 tests)",
            words::of(raised, "false warning", "false warnings"),
            measured.rate * 100.0
        ),
    };
    format!(
        "Measured: run over {past} with the networks’ histories turned against each other, so that nothing in them is a common wave, the rule raised {raised} in {tests}."
    )
}

pub(super) async fn page(view: View, headers: HeaderMap) -> Result<Response, Problem> {
    let mut warnings = read::warnings::warnings(&view).await?;
    let items = warnings.items.iter_mut();
    Reader::of(&headers).name(items.map(|warning| &mut warning.topic));
    respond(
        &headers,
        &view,
        "/topics/warnings",
        &Page::new(&view.state.config().instance_name, &warnings),
    )
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn the_false_alarm_rate_is_printed_or_said_to_be_unknown() {
        let measured = FalseAlarms {
            days: 28,
            tests: 2_800,
            raised: 7,
            rate: 0.0025,
        };
        let words = worth(Some(&measured));
        assert!(
            words.contains("28 past days")
                && words.contains("7 false warnings (0.25 in 100 tests)")
        );
        assert!(worth(None).contains("too little history"));
        assert_eq!(words::odds(0.004), "1 in 250");
        assert_eq!(words::odds(1e-9), "less than 1 in 1,000,000");
    }
}
