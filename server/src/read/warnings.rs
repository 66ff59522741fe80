//! Early warnings, and how often they are false.

use std::sync::{Arc, OnceLock};

use discover_graph::Warnings as Raised;

use super::topics;
use crate::problem::Problem;
use crate::shapes::{FalseAlarms, Warning, Warnings};
use crate::state::View;

/// What the test of the day of the topics gave, made once for each publication; empty until it is made.
pub(super) async fn tested(view: &View) -> Result<Arc<OnceLock<Raised>>, Problem> {
    let held = Arc::clone(&view.warnings);
    if held.get().is_none() {
        let (held, asked) = (Arc::clone(&held), Arc::clone(&view.topics));
        let make = move || {
            held.get_or_init(|| asked.warnings());
        };
        view.state.compute(make).await?;
    }
    Ok(held)
}

/// The warnings of the day of the topics.
pub async fn warnings(view: &View) -> Result<Warnings, Problem> {
    let held = tested(view).await?;
    let nothing = Raised::default();
    let raised = held.get().unwrap_or(&nothing);
    let (days, compared_with, false_share) = Raised::rule();
    let replay = raised.replay;
    Ok(Warnings {
        items: raised
            .raised
            .iter()
            .filter_map(|warning| {
                Some(Warning {
                    topic: topics::reference(view, topics::shown(view, warning.topic)?),
                    chance: warning.chance,
                    networks: u64::from(warning.networks),
                })
            })
            .collect(),
        tests: u64::from(raised.tests),
        days: days as u64,
        compared_with: compared_with as u64,
        false_share,
        false_alarms: (replay.days > 0).then(|| FalseAlarms {
            days: u64::from(replay.days),
            tests: u64::from(replay.tests),
            raised: u64::from(replay.raised),
            rate: f64::from(replay.raised) / f64::from(replay.tests.max(1)),
        }),
        drawn: view.topics.drawn,
        generation: view.generation(),
    })
}
