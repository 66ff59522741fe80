//! `discover-bench robots`: what our robots.txt rules answer, for a file of cases.

use std::path::Path;
use std::time::Duration;

use discover_crawler::robots::Robots;
use serde::{Deserialize, Serialize};

use crate::measure::{read_lines, timed, write_lines};

#[derive(Deserialize)]
struct Case {
    robots: String,
    agent: String,
    url: String,
    #[serde(default)]
    expect: Option<bool>,
}

#[derive(Serialize)]
struct Answer {
    n: usize,
    allowed: bool,
}

/// `{robots, agent, url}` lines in, `{n, allowed}` lines out; says how many agree with `expect` where it is given.
#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
pub(crate) fn run(input: &Path, out: Option<&Path>) -> anyhow::Result<()> {
    let cases: Vec<Case> = read_lines(input)?;
    let mut answers = Vec::with_capacity(cases.len());
    let (mut right, mut judged, mut cpu) = (0, 0, Duration::ZERO);
    for (n, case) in cases.iter().enumerate() {
        let (allowed, time) =
            timed(|| Robots::parse(case.robots.as_bytes()).allows_raw(&case.agent, &case.url));
        cpu += time;
        if let Some(expect) = case.expect {
            judged += 1;
            right += usize::from(expect == allowed);
        }
        answers.push(Answer { n, allowed });
    }
    if let Some(out) = out {
        write_lines(out, answers)?;
    }
    println!(
        "{right} of {judged} as expected; {:.1} us CPU a case",
        cpu.as_secs_f64() * 1e6 / cases.len().max(1) as f64
    );
    Ok(())
}
