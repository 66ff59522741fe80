//! The referee: plays hundreds of sources for simulated weeks and counts what a site owner would call rude.
//!
//! It stands here and not beside the tests of the executable, because it needs what no executable should have: a clock
//! that runs through weeks in seconds, and public names (many of one domain, many on one address) played on loopback.
//! What it sees is real all the same: every request of the fetch layer over a socket, as sent.

mod answers;
mod rules;
mod server;
mod violations;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use discover_model::SourceKind;
use futures_util::StreamExt;
use futures_util::stream;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::fetch::Fetcher;
use crate::state::SourceState;
use crate::task::Task;
use crate::testing;
use answers::START;
use rules::Violation;
use server::{Role, TestServer, cast};

/// Visits at the same time, as a serving instance has.
const WORKERS: usize = 16;

/// The crawler with its frontier, as `serve` runs it: what is due is visited, and the state goes through JSON.
struct Crawler {
    server: TestServer,
    roles: Vec<Role>,
    states: Vec<String>,
    due: Vec<Timestamp>,
    fetcher: Fetcher,
}

impl Crawler {
    async fn start(roles: Vec<Role>) -> Self {
        let server = TestServer::set(&roles).await;
        let fetcher = fetcher(&server, &roles);
        Self {
            states: vec![String::from("{}"); roles.len()],
            due: vec![START; roles.len()],
            server,
            roles,
            fetcher,
        }
    }

    /// A process that starts anew: what is not in the states is forgotten.
    fn restart(&mut self) {
        self.fetcher = fetcher(&self.server, &self.roles);
    }

    fn url(&self, at: usize) -> Url {
        let Role {
            n, behaviour, host, ..
        } = &self.roles[at];
        let path = answers::path(*behaviour, *n);
        Url::parse(&format!("http://{host}:{}{path}", self.server.port)).expect("url")
    }

    async fn visit(&self, at: usize) -> (usize, String, Timestamp) {
        let url = self.url(at);
        let mut source = testing::source(SourceKind::Feed, &url);
        // Every other owner asks for rare visits.
        source.options.every_seconds = (at % 2 == 1).then_some(2 * 24 * 3600);
        let task = Task {
            source,
            permit: testing::permit(&url, &["/"]),
            secret: testing::SECRET,
            state: serde_json::from_str::<SourceState>(&self.states[at]).expect("state"),
            force_due: false,
        };
        let visited = testing::visit(&self.fetcher, task, self.server.now()).await;
        let state = serde_json::to_string(&visited.finish.state).expect("json");
        (at, state, visited.finish.next_due)
    }

    /// Visits all that is due until `end`.
    async fn run(&mut self, end: Timestamp) {
        loop {
            let now = self.server.now();
            let mut due: Vec<usize> = (0..self.due.len())
                .filter(|at| self.due[*at] <= now)
                .collect();
            due.sort_by_key(|at| (self.due[*at], *at));
            due.truncate(WORKERS * 4);
            if due.is_empty() {
                let next = self.due.iter().min().copied().expect("sources").min(end);
                self.sleep_until(next);
                if next == end {
                    return;
                }
                continue;
            }
            let visited: Vec<_> = stream::iter(due)
                .map(|at| self.visit(at))
                .buffer_unordered(WORKERS)
                .collect()
                .await;
            for (at, state, due) in visited {
                self.states[at] = state;
                self.due[at] = due;
            }
        }
    }

    fn sleep_until(&self, moment: Timestamp) {
        let ahead = moment.duration_since(self.server.now());
        let ahead = Duration::try_from(ahead).unwrap_or_default();
        // A moment more, as the clock counts finer than timestamps do.
        self.server
            .clock
            .move_to(self.server.clock.now() + ahead + Duration::from_nanos(1));
    }
}

fn fetcher(server: &TestServer, roles: &[Role]) -> Fetcher {
    let mut config = testing::config();
    config.min_gap = Duration::from_secs(1);
    config.hosts = roles
        .iter()
        .map(|role| (role.host.clone(), vec![role.address]))
        .collect();
    Fetcher::on_a_stage(config, &server.clock).expect("fetcher")
}

fn report(violation: &BTreeMap<Violation, Vec<String>>) -> String {
    let mut said = String::new();
    for (violation, cases) in violation {
        let _ = writeln!(said, "{violation:?}: {}", cases.len());
        for case in cases.iter().take(5) {
            let _ = writeln!(said, "  {case}");
        }
    }
    said
}

/// Three weeks with five hundred sources; on the eighth day the crawler is down for thirty hours, and on the twelfth it
/// is started anew.
#[tokio::test]
async fn three_weeks_with_five_hundred_sources_are_without_a_violation() {
    let day = SignedDuration::from_hours(24);
    let mut crawler = Crawler::start(cast(500)).await;
    crawler.run(START + day * 8).await;
    crawler.restart();
    crawler.sleep_until(START + day * 9 + SignedDuration::from_hours(6));
    crawler.run(START + day * 12).await;
    crawler.restart();
    crawler.run(START + day * 21).await;
    let referee = crawler.server.referee.lock().expect("referee");
    println!("{} requests judged", referee.requests);
    assert!(referee.requests > 5_000, "{}", referee.requests);
    assert!(
        referee.violation.is_empty(),
        "{}",
        report(&referee.violation)
    );
}
