//! `discover-bench sample`: topics of a data folder to be judged by reading: label, second line and random members of every
//! topic that three networks speak of.

use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::RwLock;

use discover_graph::{Graph, Parameters, Rank, Snapshot, Topic, refresh_with};
use discover_model::{Conversation, ConversationId, Language};
use discover_store::Store;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::meaning::{self, Texts};
use crate::topics::hash;

/// Conversations read from the store at a time.
const PAGE: usize = 500;
/// Members shown of one topic, and characters of a text.
const MEMBERS: usize = 12;
const TEXT: usize = 140;
const NETWORKS: usize = 3;

/// Writes a line of JSON a topic: `{label, labels, title, conversations, networks, members}`, the largest first.
pub(crate) fn run(data: &Path, out: &Path, model: Option<&Path>) -> anyhow::Result<()> {
    let all = crate::runtime::runtime()?.block_on(read(data))?;
    let by_id: HashMap<ConversationId, &Conversation> =
        all.iter().map(|one| (one.id, one)).collect();
    let mut graph = Graph::new(Parameters::default());
    for conversation in &all {
        graph.upsert(conversation);
    }
    loop {
        let outdated = graph.outdated();
        if outdated.is_empty() {
            break;
        }
        for conversation in outdated.iter().filter_map(|id| by_id.get(id)) {
            graph.upsert(conversation);
        }
    }
    let mut texts = Texts::default();
    if model.is_some() {
        for conversation in &all {
            texts.add(conversation);
        }
    }
    let space = model.map(|folder| texts.read(folder)).transpose()?;
    let days = all.iter().flat_map(|one| &one.posts);
    let today = days.filter_map(|post| post.happened).max();
    let snapshot = meaning::with(space.as_ref(), |meaning| {
        refresh_with(&RwLock::new(graph), today.unwrap_or(Date::ZERO), meaning)
    });
    let mut topics: Vec<&Topic> = snapshot
        .topics
        .iter()
        .map(AsRef::as_ref)
        .filter(|topic| topic.level == 1 && topic.shown && topic.networks.len() >= NETWORKS)
        .collect();
    topics.sort_by_key(|topic| (std::cmp::Reverse(topic.conversations), &topic.label));
    let mut out = BufWriter::new(std::fs::File::create(out)?);
    for topic in &topics {
        let mut members: Vec<&Conversation> = snapshot
            .members(topic.id)
            .iter()
            .filter_map(|id| by_id.get(id).copied())
            .collect();
        // By a hash of the address: random, and the same every time.
        members.sort_by_key(|member| hash(&member.url).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        members.truncate(MEMBERS);
        let members: Vec<String> = members.into_iter().map(line).collect();
        let line = serde_json::json!({
            "label": topic.label,
            "labels": topic.labels,
            "title": topic.title,
            "conversations": topic.conversations,
            "networks": topic.networks.len(),
            "languages": topic.languages.iter().map(Language::as_str).collect::<Vec<_>>(),
            "members": members,
        });
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    print_lists(&topics_of_level(&snapshot));
    let of_level = || snapshot.topics.iter().filter(|topic| topic.level == 1);
    println!(
        "{} conversations; {} topics of {NETWORKS} networks and more; kept back: {} without a subject, {} formats",
        all.len(),
        topics.len(),
        of_level().filter(|topic| topic.loose).count(),
        of_level().filter(|topic| topic.format).count()
    );
    Ok(())
}

/// Topics of the middle level that may be shown.
fn topics_of_level(snapshot: &Snapshot) -> Vec<&Topic> {
    let all = snapshot.topics.iter().map(AsRef::as_ref);
    all.filter(|topic| topic.level == 1 && topic.shown)
        .collect()
}

/// How many meet each list's rule before one list is chosen, and how many two.
fn print_lists(topics: &[&Topic]) {
    let meets = |rank: Rank| -> Vec<bool> {
        let all = topics.iter();
        all.map(|topic| topic.rank.of(rank).meets).collect()
    };
    let count = |of: &[bool]| of.iter().filter(|meets| **meets).count();
    let met = Rank::ALL.map(meets);
    for (rank, met) in Rank::ALL.iter().zip(&met) {
        println!(
            "{rank:?}: {} of {} topics meet its rule",
            count(met),
            topics.len()
        );
    }
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let pairs = met[one].iter().zip(&met[other]);
        let (mut both, mut any) = (0, 0);
        for (one, other) in pairs {
            both += usize::from(*one && *other);
            any += usize::from(*one || *other);
        }
        println!(
            "{:?} and {:?}: {both} of {any} meet both ({:.0} %)",
            Rank::ALL[one],
            Rank::ALL[other],
            both as f64 / f64::from(any.max(1) as u32) * 100.0
        );
    }
}

fn line(member: &Conversation) -> String {
    let words = member.posts.first().map(|post| post.text.as_str());
    let words: Vec<&str> = words.unwrap_or_default().split_whitespace().collect();
    let text: String = words.join(" ").chars().take(TEXT).collect();
    format!("{} | {text}", member.title)
}

async fn read(data: &Path) -> anyhow::Result<Vec<Conversation>> {
    let store = Store::open_read_only(data, TimeZone::UTC).await?;
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = store.arrivals(after, PAGE).await?;
        let Some((last, _)) = page.last() else {
            return Ok(all);
        };
        after = *last;
        let ids: Vec<ConversationId> = page.into_iter().map(|(_, id)| id).collect();
        all.extend(store.conversations(&ids).await?);
    }
}
