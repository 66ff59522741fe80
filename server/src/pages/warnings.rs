//! Early warnings, and how often the rule is wrong.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

use super::reader::Reader;
use super::respond;
use super::view::{Feed, Frame, Nav, TopicLink};
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::text::inline::Day;
use crate::text::{coordinated, say};

use crate::shapes::{FalseAlarms, Warnings};
use crate::state::View;

#[derive(Debug, Template)]
#[template(path = "warnings.html")]
struct Page {
    frame: Frame,
    total: Msg,
    rows: Vec<Row>,
    /// None where there was too little history to test.
    tested: Option<Msg>,
    worth: Msg,
    drawn: Day,
}

#[derive(Debug)]
struct Row {
    topic: TopicLink,
    because: Msg,
    sign: Option<Msg>,
}

impl Page {
    fn new(instance: &str, warnings: &Warnings) -> Self {
        Self {
            frame: Frame::new(instance, msg!("warnings-heading"), Nav::Topics).with_feeds(vec![
                Feed::atom("/topics/warnings.atom".to_owned(), instance),
                Feed::json("/topics/warnings.json".to_owned(), instance),
            ]),
            total: match warnings.items.len() {
                0 => msg!("warnings-none-at-all"),
                count => msg!("warnings-count", count = count),
            },
            rows: warnings
                .items
                .iter()
                .map(|warning| Row {
                    topic: TopicLink::new(&warning.topic),
                    because: msg!(
                        "warning-because",
                        networks = warning.networks,
                        days = warnings.days,
                        odds = say::odds(warning.chance),
                    ),
                    sign: coordinated::said(warning.topic.coordinated.as_ref()),
                })
                .collect(),
            tested: (warnings.tests > 0).then(|| {
                msg!(
                    "warnings-tested",
                    tests = warnings.tests,
                    days = warnings.days,
                    before = warnings.compared_with,
                    wrong = format!("{:.0}", 1.0 / warnings.false_share),
                )
            }),
            worth: worth(warnings.false_alarms.as_ref()),
            drawn: Day(warnings.drawn),
        }
    }
}

/// The measured false-alarm rate in words.
fn worth(measured: Option<&FalseAlarms>) -> Msg {
    let Some(measured) = measured else {
        return msg!("warnings-too-little");
    };
    let raised = match measured.raised {
        0 => msg!("warnings-no-false"),
        raised => msg!(
            "warnings-false",
            count = raised,
            rate = format!("{:.2}", measured.rate * 100.0),
        ),
    };
    msg!(
        "warnings-measured",
        days = measured.days,
        raised = raised,
        tests = measured.tests,
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
        let words = worth(Some(&measured)).to_string();
        assert!(
            words.contains("28 past days")
                && words.contains("7 false warnings (0.25 in 100 tests)")
        );
        assert!(worth(None).to_string().contains("too little history"));
        assert_eq!(say::odds(0.004).to_string(), "1 in 250");
        assert_eq!(say::odds(1e-9).to_string(), "less than 1 in 1,000,000");
    }
}
