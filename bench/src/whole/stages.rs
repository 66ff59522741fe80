//! The stages of a first read one after the other, in this process, with the rooms' own functions: each is timed by the CPU
//! clock of the whole process while nothing else runs, so that threads which end are counted.
//!
//! The executable does the same work with the stages woven into each other. What it takes beyond their sum (start, runtime,
//! hand-over, proofs) stands as a line of its own in the table.

use std::collections::HashMap;
use std::io::BufWriter;
use std::path::Path;
use std::sync::RwLock;
use std::time::Duration;

use discover_crawler::{Batch, FetchConfig, Fetcher, Finish, SourceState, Task, crawl};
use discover_graph::{Graph, Parameters};
use discover_indexer::Index;
use discover_indexer::language::Detector;
use discover_model::gate::{Policy, admit};
use discover_model::grant::{Evidence, GrantRecord, GrantState, Purpose};
use discover_model::item_mark::Marker;
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::network::NetworkState;
use discover_model::proof::ProofMethod;
use discover_model::{
    Admitted, Conversation, Grant, GrantId, ItemMark, Network, NetworkId, Origin, Post, PostId,
    Refusal, Scope, Source, SourceOptions, VoiceKey,
};
use discover_store::{Commit, Finished, Store};
use futures_util::StreamExt;
use futures_util::stream;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;
use url::Url;

use super::site::{NOW, Site};
use crate::corpus::Line;
use crate::measure::process_cpu;

/// Visits at the same time, as many as the executable makes by default.
const WORKERS: usize = 8;
/// Changes that are carried into index and graph at once, as the executable does.
const STEP: usize = 2_000;
/// Background work of the index counts to the stage that caused it: how long it must have been quiet.
const QUIET: Duration = Duration::from_millis(200);

/// A stage and its CPU seconds.
pub(super) type Stage = (&'static str, f64);

/// What the stages took, and what they kept.
pub(super) struct Walked {
    pub(super) stages: Vec<Stage>,
    pub(super) posts: usize,
    pub(super) conversations: usize,
    /// The kept text, one line for each post.
    pub(super) kept: Vec<Line>,
}

struct Visit {
    source: Source,
    grant: Grant,
    batches: Vec<Batch>,
    finish: Finish,
}

/// What the gate made of a batch.
struct Passed {
    posts: Vec<Admitted<Post>>,
    marks: Vec<(PostId, ItemMark)>,
    refusals: Vec<(Refusal, String)>,
    state: SourceState,
}

#[derive(Default)]
struct Clock {
    stages: Vec<Stage>,
}

impl Clock {
    fn stage(&mut self, name: &'static str, from: Duration) {
        let took = process_cpu().saturating_sub(from).as_secs_f64();
        match self.stages.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += took,
            None => self.stages.push((name, took)),
        }
    }
}

pub(super) async fn walk(sites: &[Site], folder: &Path) -> anyhow::Result<Walked> {
    let mut clock = Clock::default();
    let from = process_cpu();
    let visits = read(sites).await?;
    clock.stage("fetch and parse", from);

    let key = VoiceKey::new([7; 32]);
    let mut passed: Vec<(Source, Grant, Finish, Vec<Passed>)> = Vec::new();
    for visit in visits {
        let from = process_cpu();
        let batches = visit
            .batches
            .into_iter()
            .map(|batch| gate(&visit.source, &visit.grant, &key, batch))
            .collect();
        clock.stage("gate and redaction", from);
        passed.push((visit.source, visit.grant, visit.finish, batches));
    }
    for (.., batches) in &mut passed {
        let from = process_cpu();
        language(batches);
        clock.stage("language", from);
    }

    let store = Store::open(folder, TimeZone::UTC).await?;
    for (source, grant, ..) in &passed {
        register(&store, source, grant, &key).await?;
    }
    let from = process_cpu();
    for (source, _, finish, batches) in passed {
        keep(&store, &source, finish, batches).await?;
    }
    clock.stage("store", from);

    let index = Index::open(&folder.join("index"), "UTC")?;
    let mut graph = Graph::new(Parameters::default());
    let mut kept = Vec::new();
    let (mut seq, mut conversations) = (0, 0);
    loop {
        let from = process_cpu();
        let changes = store.changes(seq, STEP).await?;
        let Some(end) = changes.last().map(|change| change.seq) else {
            break;
        };
        let ids: Vec<_> = changes.iter().map(|change| change.conversation).collect();
        let held = store.conversations(&ids).await?;
        clock.stage("read back from the store", from);
        let from = process_cpu();
        for conversation in &held {
            index.put(conversation)?;
        }
        index.commit(end)?;
        settle();
        clock.stage("index", from);
        let from = process_cpu();
        for conversation in &held {
            graph.upsert(conversation);
        }
        clock.stage("graph: texts read", from);
        conversations += held.len();
        kept.extend(held.iter().flat_map(lines));
        seq = end;
    }
    let graph = RwLock::new(graph);
    let from = process_cpu();
    let today = NOW.to_zoned(TimeZone::UTC).date();
    std::hint::black_box(discover_graph::refresh(&graph, today));
    clock.stage("graph: topics", from);
    let from = process_cpu();
    let file = std::fs::File::create(folder.join("graph"))?;
    let graph = graph
        .read()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    graph.write_to(BufWriter::new(&file))?;
    file.sync_all()?;
    clock.stage("graph: saved", from);
    Ok(Walked {
        stages: clock.stages,
        posts: kept.len(),
        conversations,
        kept,
    })
}

/// Waits until the process has nothing more to do.
fn settle() {
    loop {
        let before = process_cpu();
        std::thread::sleep(QUIET);
        if process_cpu().saturating_sub(before) < QUIET / 100 {
            return;
        }
    }
}

fn lines(conversation: &Conversation) -> impl Iterator<Item = Line> {
    conversation.posts.iter().map(|post| Line {
        id: post.id.to_string(),
        title: post.title.clone().unwrap_or_default(),
        text: post.text.clone(),
        created: post.published,
    })
}

async fn read(sites: &[Site]) -> anyhow::Result<Vec<Visit>> {
    let fetcher = Fetcher::new(FetchConfig {
        allow_loopback: true,
        min_gap: Duration::ZERO,
        ..FetchConfig::new("Discover/0.1", Url::parse("http://127.0.0.1/bot")?)
    })?;
    let visits = stream::iter(sites.iter().enumerate())
        .map(|(number, site)| visit(&fetcher, number as u128 + 1, site))
        .buffered(WORKERS)
        .collect::<Vec<_>>()
        .await;
    visits.into_iter().collect()
}

async fn visit(fetcher: &Fetcher, number: u128, site: &Site) -> anyhow::Result<Visit> {
    let network = NetworkId::from_u128(number);
    let url = Url::parse(&site.source())?;
    let grant = Grant::recorded(GrantRecord {
        id: GrantId::from_u128(number),
        network,
        scope: Scope::all(Origin::of(&url)?),
        purposes: vec![Purpose::Search, Purpose::Topics],
        retention_days: 1095,
        evidence: Evidence {
            method: ProofMethod::WellKnown,
            folder: None,
            sha256: "ab".repeat(32),
            seen: NOW,
        },
        granted: NOW,
        expires: NOW + SignedDuration::from_hours(24 * 300),
        members_told: true,
        state: GrantState::Live,
    });
    let source = Source::new(network, site.kind, url, SourceOptions::default());
    let task = Task {
        source: source.clone(),
        permit: grant.permit(NOW)?,
        secret: VoiceKey::new([7; 32]),
        state: SourceState::default(),
        force_due: false,
    };
    let (sender, mut receiver) = mpsc::channel::<Batch>(2);
    let gathered = async {
        let mut batches = Vec::new();
        while let Some(batch) = receiver.recv().await {
            batches.push(batch);
        }
        batches
    };
    let (finish, batches) = tokio::join!(crawl(fetcher, task, NOW, sender), gathered);
    Ok(Visit {
        source,
        grant,
        batches,
        finish,
    })
}

fn gate(source: &Source, grant: &Grant, key: &VoiceKey, batch: Batch) -> Passed {
    let taken_back = HashMap::new();
    let policy = Policy {
        source,
        voice_key: key,
        link_only: false,
        taken_back: &taken_back,
    };
    let marker = Marker::new(grant, &policy, "bench");
    let mut passed = Passed {
        posts: Vec::with_capacity(batch.items.len()),
        marks: Vec::with_capacity(batch.items.len()),
        refusals: Vec::new(),
        state: batch.state,
    };
    for item in batch.items {
        let (mark, address) = (marker.mark(&item), item.url.to_string());
        match admit(grant, &policy, item, NOW) {
            Ok(post) => {
                passed.marks.extend(mark.map(|mark| (post.get().id, mark)));
                passed.posts.push(post);
            }
            Err(refusal) => passed.refusals.push((refusal, address)),
        }
    }
    passed
}

fn language(batches: &mut [Passed]) {
    let mut detector = Detector::default();
    for batch in batches {
        let posts = std::mem::take(&mut batch.posts);
        batch.posts = posts
            .into_iter()
            .map(|post| {
                let decided = {
                    let post = post.get();
                    detector.decide(
                        &post.text,
                        post.title.as_deref(),
                        post.declared_language.as_deref(),
                    )
                };
                post.with_language(decided.language, decided.confidence)
            })
            .collect();
    }
}

async fn register(
    store: &Store,
    source: &Source,
    grant: &Grant,
    key: &VoiceKey,
) -> anyhow::Result<()> {
    let number = source.network.as_u128();
    let network = Network {
        id: source.network,
        slug: format!("net-{number}"),
        name: format!("Network {number}"),
        owner: format!("Owners of {number}"),
        contact: None,
        proof: ProofMethod::WellKnown,
        retention_days: 1095,
        recheck_days: 30,
        link_only: false,
        sensitive: false,
        areas: Vec::new(),
        newcomers: false,
        registered: NOW,
        state: NetworkState::Asked,
    };
    store.put_network(&network, Some(key.clone())).await?;
    store.put_source(source, NOW).await?;
    store
        .put_grant(grant, LedgerEvent::Granted, Actor::Owner, NOW)
        .await?;
    Ok(())
}

async fn keep(
    store: &Store,
    source: &Source,
    finish: Finish,
    batches: Vec<Passed>,
) -> anyhow::Result<()> {
    for batch in batches {
        let commit = Commit {
            posts: batch.posts,
            marks: batch.marks.into_iter().collect(),
            refusals: batch.refusals,
            state_json: Some(serde_json::to_string(&batch.state)?),
            ..Commit::new(source)
        };
        store.commit(commit, NOW).await?;
    }
    let end = Commit {
        state_json: Some(serde_json::to_string(&finish.state)?),
        finish: Some(Finished {
            next_due: finish.next_due,
            health_json: serde_json::to_string(&finish.health)?,
            fetched_at: NOW,
            ok: finish.health.is_ok(),
        }),
        ..Commit::new(source)
    };
    store.commit(end, NOW).await?;
    Ok(())
}
