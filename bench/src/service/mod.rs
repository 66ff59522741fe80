//! `discover-bench service`: the real executable with generated posts under load, client and server on one machine.
//!
//! Without a ceiling: these are promises to readers (how soon, how many, what happens beyond that). Other load on the
//! machine lengthens every figure, so the busy share of the machine is printed beside them.

pub(crate) mod client;
mod world;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;

use crate::cost::posts::{self, Post, SplitMix64};
use crate::executable::Serving;
use client::{Asks, Outcome, share};
use world::World;

/// Searches on the command line.
const COMMANDS: usize = 20;
/// Different searches of a run.
const SEARCHES: usize = 2_000;
/// Queries that ask for as much as the language allows: common words, long beginnings, wide groups, filters that hold
/// for everything, and facets over all of it.
const HOSTILE: [&str; 6] = [
    "q=the*+OR+and*+OR+for*+OR+con*+OR+pro*+OR+com*+OR+pre*+OR+dis*",
    "q=%22the+of+a%22~10+OR+%22and+to+in%22~10+OR+%22is+it+on%22~10",
    "q=((((((the+OR+a)+OR+(of+OR+and))+OR+to)+OR+in)+OR+is)+OR+it)+-zzzz&interval=day",
    "q=the+of+and+a+to+in+is+it+on+for+with+that+this+be+are+as+at+or+by+from+have+not+but+you",
    "q=&interval=day&limit=100",
    "q=-zzzz+after:1990-01-01&interval=day&limit=100",
];
/// Posts of each feed that is answered while the site is under load: fifty a second.
const BATCH: usize = 50 * world::EVERY.as_secs() as usize;

/// What a run is made of.
pub(crate) struct Plan<'a> {
    pub(crate) binary: &'a Path,
    pub(crate) input: &'a Path,
    pub(crate) posts: usize,
    pub(crate) seconds: u64,
    pub(crate) search_rate: f64,
    pub(crate) mixed_rate: f64,
    /// Instead of all loads: the mixed one for so long, with the memory after each minute.
    pub(crate) minutes: Option<u64>,
}

#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
pub(crate) async fn run(plan: &Plan<'_>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let posts = posts::generate(plan.input, plan.posts)?;
    let world = World::start(plan.binary, folder.path(), &posts).await?;
    let began = Instant::now();
    let crawled = world.executable.run(&["crawl", "--once", "--json"])?;
    println!(
        "crawled in {:.0} s: {}",
        began.elapsed().as_secs_f64(),
        crawled.trim()
    );
    let spoken: Vec<String> = queries(&posts)
        .into_iter()
        .take(COMMANDS)
        .map(|query| query.replace('+', " "))
        .collect();
    let (took, cpu) = world.executable.searches(&[], &spoken)?;
    println!(
        "a search on the command line: {took:.0} ms, {cpu:.0} of them CPU (medians of {COMMANDS})"
    );
    let site = world.executable.serve(&[]).await?;
    let mut rig = Rig::new(plan, &posts, world, site).await?;
    match plan.minutes {
        Some(minutes) => rig.steadily(minutes).await,
        None => rig.all().await,
    }
}

struct Rig<'a> {
    plan: &'a Plan<'a>,
    world: World,
    site: Serving,
    searches: Asks,
    /// None of which was asked before.
    different: Asks,
    mixed: Asks,
    hostile: Asks,
}

fn queries(posts: &[Post]) -> Vec<String> {
    let mut numbers = SplitMix64::new(31);
    let mut found = Vec::with_capacity(SEARCHES);
    while found.len() < SEARCHES {
        let post = &posts[numbers.below(posts.len() as u64) as usize];
        let words: Vec<&str> = post
            .text
            .split_whitespace()
            .filter(|word| word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
            .collect();
        if words.len() < 3 {
            continue;
        }
        let at = numbers.below(words.len() as u64 - 2) as usize;
        // One to three words, as people ask.
        let count = 1 + numbers.below(3) as usize;
        found.push(words[at..at + count].join("+"));
    }
    found
}

impl<'a> Rig<'a> {
    async fn new(
        plan: &'a Plan<'a>,
        posts: &[Post],
        world: World,
        site: Serving,
    ) -> anyhow::Result<Self> {
        let queries = Arc::new(queries(posts));
        let (_, body) = client::ask(site.address, "/api/v1/topics?limit=100").await?;
        let topics: serde_json::Value = serde_json::from_slice(&body)?;
        let topics: Vec<String> = topics["items"]
            .as_array()
            .context("topics are a list")?
            .iter()
            .filter_map(|topic| topic["id"].as_str().map(str::to_owned))
            .collect();
        let asked = Arc::clone(&queries);
        let search = move |number: u64| {
            let at = number.wrapping_mul(7919) as usize % asked.len();
            format!("/api/v1/search?q={}", asked[at])
        };
        let only = search.clone();
        let searches: Asks = Arc::new(move |number| (only(number), true));
        let only = search.clone();
        let different: Asks = Arc::new(move |number| (unlike_any(&only(number), number), true));
        let (plain, words) = (search.clone(), Arc::clone(&queries));
        let mixed: Asks = Arc::new(move |number| {
            let path = match number % 10 {
                0..7 => plain(number),
                7..9 if !topics.is_empty() => {
                    format!("/api/v1/topics/{}", topics[number as usize % topics.len()])
                }
                7..9 => "/api/v1/topics".to_owned(),
                _ => {
                    let words = &words[number as usize % words.len()];
                    let word = words.split('+').next().unwrap_or_default();
                    format!("/api/v1/search?q={word}&interval=day&limit=1&after=2026-08-01")
                }
            };
            (path, true)
        });
        let hostile: Asks = Arc::new(move |number| {
            if number % 10 == 0 {
                let at = (number / 10) as usize % HOSTILE.len();
                let path = format!("/api/v1/search?{}", HOSTILE[at]);
                (unlike_any(&path, number), false)
            } else {
                (search(number), true)
            }
        });
        Ok(Self {
            plan,
            world,
            site,
            searches,
            different,
            mixed,
            hostile,
        })
    }

    #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
    async fn all(&mut self) -> anyhow::Result<()> {
        let (time, site) = (Duration::from_secs(self.plan.seconds), self.site.address);
        println!(
            "\n| load | asked a second | answered a second | p50 ms | p99 ms | p99.9 ms | refused | p99 of refusals ms | other | site's cores | site's MiB |\n|---|--:|--:|--:|--:|--:|--:|--:|---|--:|--:|"
        );
        // Warm: files are in memory and the site's caches made.
        client::closed_loop(site, 8, Duration::from_secs(3), &self.searches).await?;
        let closed = self
            .measured("searches, closed loop, 64 connections", 0.0, || {
                client::closed_loop(site, 64, time, &self.searches)
            })
            .await?;
        let most = closed.rate();
        let rate = self.plan.search_rate;
        self.measured("searches, open loop", rate, || {
            client::open_loop(site, rate, time, &self.searches)
        })
        .await?;
        let rate = self.plan.mixed_rate;
        let calm = self
            .measured("mixed: 70 searches, 20 topics, 10 facets", rate, || {
                client::open_loop(site, rate, time, &self.mixed)
            })
            .await?;
        let rate = self.plan.mixed_rate;
        self.measured("searches", rate, || {
            client::open_loop(site, rate, time, &self.searches)
        })
        .await?;
        self.measured("searches, no two the same", rate, || {
            client::open_loop(site, rate, time, &self.different)
        })
        .await?;
        let hostile = self
            .measured(
                "searches, and one of ten hostile (not in p50, p99)",
                rate,
                || client::open_loop(site, rate, time, &self.hostile),
            )
            .await?;
        println!(
            "(hostile ones: p50 {:.1} ms, p99 {:.1} ms)",
            share(&hostile.aside, 0.5),
            share(&hostile.aside, 0.99)
        );
        let most_asked = most * 3.0;
        let over = self
            .measured("searches at three times the maximum", most_asked, || {
                client::open_loop(site, most_asked, time, &self.searches)
            })
            .await?;
        let (found, busy) = self.while_posts_come().await?;
        println!(
            "\np99 while posts come in: {:.2} times the calm one; goodput at three times the maximum: {:.0} % of it; the posts of a feed were found at most {:.2} s after it was answered ({} feeds)",
            share(&busy.good, 0.99) / share(&calm.good, 0.99),
            over.rate() / most * 100.0,
            found.iter().copied().fold(0.0, f64::max),
            found.len(),
        );
        Ok(())
    }

    /// What the site's memory does under the same load for a long time.
    #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
    async fn steadily(&self, minutes: u64) -> anyhow::Result<()> {
        let (site, rate) = (self.site.address, self.plan.mixed_rate);
        println!(
            "\n| minute | site's MiB | answered a second | p99 ms | refused | other |\n|--:|--:|--:|--:|--:|---|"
        );
        for minute in 1..=minutes {
            let load = client::open_loop(site, rate, Duration::from_mins(1), &self.mixed);
            let outcome = load.await?;
            println!(
                "| {minute} | {:.0} | {:.0} | {:.1} | {} | {:?} |",
                self.site.used().1,
                outcome.rate(),
                share(&outcome.good, 0.99),
                outcome.refused.len(),
                outcome.other,
            );
        }
        Ok(())
    }

    #[expect(clippy::print_stdout, reason = "the figures are this program's output")]
    async fn measured<F>(
        &self,
        what: &str,
        rate: f64,
        load: impl FnOnce() -> F,
    ) -> anyhow::Result<Outcome>
    where
        F: Future<Output = anyhow::Result<Outcome>>,
    {
        let before = self.site.used().0;
        let outcome = load().await?;
        let (cpu, memory) = self.site.used();
        println!(
            "| {what} | {rate:.0} | {:.0} | {:.1} | {:.1} | {:.1} | {} | {:.1} | {:?} | {:.2} | {memory:.0} |",
            outcome.rate(),
            share(&outcome.good, 0.5),
            share(&outcome.good, 0.99),
            share(&outcome.good, 0.999),
            outcome.refused.len(),
            share(&outcome.refused, 0.99),
            outcome.other,
            (cpu - before) / outcome.seconds,
        );
        Ok(outcome)
    }

    /// The mixed load while fifty posts a second come in; and how long after its answer each feed was found whole.
    async fn while_posts_come(&mut self) -> anyhow::Result<(Vec<f64>, Outcome)> {
        self.site.stop()?;
        let texts: Vec<Vec<String>> = (0..world::LIVE)
            .map(|batch| {
                let sign = sign(batch);
                (0..BATCH)
                    .map(|at| format!("{sign} a post that came in while others were reading, {at} of many, with some words to find it by"))
                    .collect()
            })
            .collect();
        self.world.register_live(&texts, now())?;
        self.site = self.world.executable.serve(&[]).await?;
        let site = self.site.address;
        // The proofs of the new networks are looked at, their feeds asked for, and the caches made.
        client::closed_loop(site, 8, Duration::from_secs(4), &self.mixed).await?;
        let opened = self.world.open_gates();
        let looking = tokio::spawn(async move {
            let mut waits = Vec::new();
            for batch in 0..world::LIVE {
                let answered = opened + world::EVERY * batch as u32;
                loop {
                    let path = format!("/api/v1/search?q={}&limit=1", sign(batch));
                    let (status, body) = client::ask(site, &path).await?;
                    let answer: serde_json::Value = serde_json::from_slice(&body)?;
                    if status == 200 && answer["total"] == BATCH as u64 {
                        waits.push(answered.elapsed().as_secs_f64());
                        break;
                    }
                    anyhow::ensure!(
                        answered.elapsed() < Duration::from_mins(1),
                        "a crawled post is not found: {answer}"
                    );
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            anyhow::Ok(waits)
        });
        let rate = self.plan.mixed_rate;
        let time = world::EVERY * world::LIVE as u32;
        let outcome = self
            .measured("mixed, while 50 posts a second come in", rate, || {
                client::open_loop(site, rate, time, &self.mixed)
            })
            .await?;
        Ok((looking.await??, outcome))
    }
}

/// A search that finds the same and was not asked before: it leaves out a word that nobody wrote.
fn unlike_any(path: &str, number: u64) -> String {
    let (before, query) = path.split_once("q=").unwrap_or((path, ""));
    let join = if query.is_empty() || query.starts_with('&') {
        ""
    } else {
        "+"
    };
    format!("{before}q=-zx{}{join}{query}", letters(number))
}

/// A word of its own in the index for each feed.
fn sign(batch: u64) -> String {
    format!("zq{}", letters(batch))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the executable under load runs on the machine's clock"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

/// A number in letters: a word of its own in the index.
fn letters(mut number: u64) -> String {
    let mut text = String::new();
    for _ in 0..4 {
        text.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    text
}
