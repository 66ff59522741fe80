//! `discover-bench`: our figures beside the ceilings of the same run (the bare library doing the same work).
//!
//! Machines are noisy: quote the ratios, and CPU time rather than wall time.

mod corpus;
mod cost;
mod crawl;
mod executable;
mod language;
mod map;
mod meaning;
mod measure;
mod parse;
mod redact;
mod related;
mod replay;
mod robots;
mod runtime;
mod score;
mod search;
mod service;
mod topic_sample;
mod topics;
mod whole;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::runtime::runtime;

#[derive(Debug, Parser)]
#[command(
    name = "discover-bench",
    version,
    about = "Our figures beside the ceilings of the same run"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Feeds parsed, beside bare feed-rs
    Parse {
        /// Folder of feeds
        #[arg(long, default_value = "../shared/data/feeds/real")]
        feeds: PathBuf,
    },
    /// Feeds visited on loopback, beside a plain reqwest loop
    Crawl {
        #[arg(long, default_value = "../shared/data/feeds/real")]
        feeds: PathBuf,
        /// How many sources
        #[arg(long, default_value_t = 1000)]
        sources: usize,
    },
    /// Conversations indexed, beside bare tantivy
    Index {
        /// JSON lines {id, title, text, created?}
        #[arg(long, default_value = "../shared/data/related/conversations.jsonl")]
        input: PathBuf,
    },
    /// Queries, beside bare tantivy
    Search {
        #[arg(long, default_value = "../shared/data/related/conversations.jsonl")]
        input: PathBuf,
        /// JSON lines {query, target?}
        #[arg(long, default_value = "../shared/data/related/known-items.jsonl")]
        queries: PathBuf,
        /// Do not search titles
        #[arg(long)]
        body_only: bool,
        /// Where to write {query, hits}
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Queries row by row on generated posts, beside the same queries on bare tantivy
    Cost {
        /// JSON lines {text}: the posts are stitched from these
        #[arg(long, default_value = "../shared/data/related/conversations.jsonl")]
        input: PathBuf,
        #[arg(long, default_value_t = 200_000)]
        posts: usize,
        /// Queries of each row
        #[arg(long, default_value_t = 200)]
        queries: usize,
    },
    /// The real executable with generated posts under load
    Service {
        /// The executable
        #[arg(long, default_value = "target/release/discover")]
        binary: PathBuf,
        /// JSON lines {text}: the posts are stitched from these
        #[arg(long, default_value = "../shared/data/related/conversations.jsonl")]
        input: PathBuf,
        #[arg(long, default_value_t = 100_000)]
        posts: usize,
        /// How long each load lasts
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        /// Searches a second
        #[arg(long, default_value_t = 800.0)]
        search_rate: f64,
        /// Mixed requests a second
        #[arg(long, default_value_t = 400.0)]
        mixed_rate: f64,
        /// Instead: what memory does under the mixed load in so many minutes
        #[arg(long)]
        minutes: Option<u64>,
    },
    /// The whole way of a post, stage by stage, beside bare tantivy on the same text
    Whole {
        /// The executable
        #[arg(long, default_value = "target/release/discover")]
        binary: PathBuf,
        /// Folder of real feeds, a forum and conversations; where it is not there, generated posts take their place
        #[arg(long, default_value = "../shared/data")]
        data: PathBuf,
        /// Generated posts, where the folder is not there
        #[arg(long, default_value_t = 2_000)]
        posts: usize,
        /// Take generated posts in any case
        #[arg(long)]
        generated: bool,
        /// How long the site is watched while nothing is due
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        idle: u64,
        /// Instead: what a post and a search cost where so many generated posts are held
        #[arg(long, value_name = "POSTS")]
        grow: Vec<usize>,
    },
    /// Topics of a stream of posts
    Topics {
        /// Folder of a sentence model: by meaning too
        #[arg(long, value_name = "DIR")]
        model: Option<PathBuf>,
        /// JSON lines {id, network, text, created?} in arrival order
        #[arg(long, default_value = "../shared/data/topics/news-t.jsonl")]
        input: PathBuf,
        /// Where to write {id, topic}
        #[arg(long)]
        out: Option<PathBuf>,
        /// Compare with the `topic` field
        #[arg(long)]
        score: bool,
        /// Print so many topics of each list, with labels, reasons and members, to be read by eye
        #[arg(long, value_name = "TOPICS", default_value_t = 0)]
        list: usize,
        /// Instead: what a post costs as a generated stream grows to so many posts
        #[arg(long, value_name = "POSTS")]
        grow: Vec<usize>,
        /// Instead: how far topics move on the map in a week of daily updates of a generated stream of so many posts
        #[arg(long, value_name = "POSTS")]
        week: Option<usize>,
        /// Instead: what it costs to draw a map of so many topics for the first time, its picture included
        #[arg(long, value_name = "TOPICS")]
        map: Option<usize>,
        /// Instead: what a month of so many generated conversations a day costs, passes at the pace of a serving process
        #[arg(long, value_name = "A DAY")]
        replay: Option<u64>,
    },
    /// Topics of a data folder, to be judged by reading
    Sample {
        /// Folder of a sentence model: by meaning too
        #[arg(long, value_name = "DIR")]
        model: Option<PathBuf>,
        /// The data folder
        #[arg(long)]
        data: PathBuf,
        /// Where to write {label, labels, title, conversations, networks, members}
        #[arg(long)]
        out: PathBuf,
    },
    /// Relations of conversations
    Related {
        /// Folder of a sentence model: by meaning too
        #[arg(long, value_name = "DIR")]
        model: Option<PathBuf>,
        #[arg(long, default_value = "../shared/data/related/conversations.jsonl")]
        input: PathBuf,
        /// Where to write {id, related}
        #[arg(long)]
        out: PathBuf,
    },
    /// Languages decided, beside bare whatlang
    Language {
        /// JSON lines {id, text, declared?, source?, language?}
        #[arg(long, default_value = "../shared/data/language/dev.jsonl")]
        input: PathBuf,
        /// Where to write {id, language}
        #[arg(long)]
        out: Option<PathBuf>,
        /// Compare with the `language` field
        #[arg(long)]
        score: bool,
        /// Declare languages: right for 80 of 100, a wrong "en" for 15, absent for 5
        #[arg(long)]
        declared: bool,
    },
    /// Personal details taken out
    Redact {
        /// JSON lines {text}
        #[arg(long, default_value = "../shared/data/pii/dev.jsonl")]
        input: PathBuf,
    },
    /// robots.txt rules
    Robots {
        /// JSON lines {robots, agent, url, expect?}
        #[arg(long, default_value = "../shared/data/robots/cases.jsonl")]
        input: PathBuf,
        /// Where to write {n, allowed}
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Serves the sites of `whole`
    #[command(hide = true)]
    ServeWorld {
        #[arg(long)]
        data: Option<PathBuf>,
        #[arg(long)]
        posts: usize,
        /// Where the owners' consent lies
        #[arg(long)]
        consents: PathBuf,
    },
    /// Serves feeds for `crawl`
    #[command(hide = true)]
    ServeFeeds {
        #[arg(long)]
        feeds: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Parse { feeds } => parse::run(&feeds),
        Command::Crawl { feeds, sources } => runtime()?.block_on(crawl::run(&feeds, sources)),
        Command::ServeFeeds { feeds } => runtime()?.block_on(crawl::serve(&feeds)),
        Command::Index { input } => search::index(&input),
        Command::Search {
            input,
            queries,
            body_only,
            out,
        } => search::search(&input, &queries, body_only, out.as_deref()),
        Command::Cost {
            input,
            posts,
            queries,
        } => cost::run(&input, posts, queries),
        Command::Service {
            binary,
            input,
            posts,
            seconds,
            search_rate,
            mixed_rate,
            minutes,
        } => runtime()?.block_on(service::run(&service::Plan {
            binary: &binary,
            input: &input,
            posts,
            seconds,
            search_rate,
            mixed_rate,
            minutes,
        })),
        Command::Whole {
            binary,
            data,
            posts,
            generated,
            idle,
            grow,
        } => {
            let plan = whole::Plan {
                binary: &binary,
                data: Some(data.as_path()).filter(|data| !generated && data.is_dir()),
                posts,
                idle: Duration::from_secs(idle),
            };
            runtime()?.block_on(async {
                if grow.is_empty() {
                    Box::pin(whole::run(&plan)).await
                } else {
                    whole::grow(&plan, &grow).await
                }
            })
        }
        Command::ServeWorld {
            data,
            posts,
            consents,
        } => runtime()?.block_on(whole::serve(data.as_deref(), posts, &consents)),
        Command::Topics { grow, .. } if !grow.is_empty() => {
            topics::grow(&grow);
            Ok(())
        }
        Command::Topics {
            week: Some(posts), ..
        } => {
            topics::week(posts);
            Ok(())
        }
        Command::Topics {
            map: Some(topics), ..
        } => map::run(topics),
        Command::Topics {
            replay: Some(a_day),
            ..
        } => {
            replay::run(a_day);
            Ok(())
        }
        Command::Topics {
            input,
            out,
            score,
            list,
            model,
            ..
        } => topics::run(&input, out.as_deref(), score, list, model.as_deref()).map(|_| ()),
        Command::Sample { model, data, out } => topic_sample::run(&data, &out, model.as_deref()),
        Command::Related { input, out, model } => related::run(&input, &out, model.as_deref()),
        Command::Language {
            input,
            out,
            score,
            declared,
        } => language::run(&input, out.as_deref(), score, declared),
        Command::Redact { input } => redact::run(&input),
        Command::Robots { input, out } => robots::run(&input, out.as_deref()),
    }
}
