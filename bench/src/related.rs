//! `discover-bench related`: relations of every conversation of a forum, best first.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::RwLock;

use discover_graph::{Graph, Parameters, refresh};
use discover_model::{
    Conversation, ConversationId, ConversationPost, GrantId, Language, NetworkId, PostId, SourceId,
    SourceKind, Voice,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::meaning::{self, Texts};
use crate::score::{cpu_seconds, peak_bytes};

#[derive(Debug, Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    network: String,
    #[serde(default)]
    title: String,
    text: String,
    #[serde(default)]
    created: Option<Timestamp>,
    #[serde(default)]
    language: Option<String>,
}

/// Relations written of each conversation.
const LIMIT: usize = 20;

/// Reads `input` in arrival order, writes `{id, related}`, prints the cost.
pub(crate) fn run(input: &Path, out: &Path, model: Option<&Path>) -> anyhow::Result<()> {
    let mut texts = Texts::default();
    // Twenty of each, near or not: a floor would be measured too.
    let mut graph = Graph::new(Parameters {
        relation_floor: 0.0,
        meaning_floor: 0.0,
        ..Parameters::default()
    });
    let mut ids: Vec<(String, ConversationId)> = Vec::new();
    let mut known = std::collections::HashMap::new();
    let mut lines: Vec<Line> = Vec::new();
    let started = cpu_seconds();
    for line in BufReader::new(std::fs::File::open(input)?).lines() {
        let line: Line = serde_json::from_str(&line?)?;
        let conversation = conversation(&line);
        known.insert(conversation.id, ids.len());
        ids.push((line.id.clone(), conversation.id));
        graph.upsert(&conversation);
        if model.is_some() {
            texts.add(&conversation);
        }
        lines.push(line);
        for id in graph.outdated() {
            graph.upsert(&self::conversation(&lines[known[&id]]));
        }
    }
    let graph = RwLock::new(graph);
    refresh(&graph, Date::ZERO);
    let graph = graph.into_inner().expect("one thread holds the graph");
    let space = model.map(|folder| texts.read(folder)).transpose()?;
    let read = cpu_seconds();
    let mut out = BufWriter::new(std::fs::File::create(out)?);
    for (name, id) in &ids {
        let related = meaning::with(space.as_ref(), |meaning| {
            graph.related_with(*id, LIMIT, meaning)
        });
        let names: Vec<&str> = related
            .iter()
            .filter_map(|relation| known.get(&relation.other))
            .map(|at| ids[*at].0.as_str())
            .collect();
        writeln!(out, "{}", serde_json::json!({"id": name, "related": names}))?;
    }
    out.flush()?;
    let (count, done) = (ids.len().max(1) as f64, cpu_seconds());
    println!("conversations           {}", ids.len());
    println!(
        "CPU per conversation    {:.3} ms read and pass, {:.3} ms related",
        (read - started) / count * 1e3,
        (done - read) / count * 1e3
    );
    println!(
        "peak memory             {:.1} MB",
        peak_bytes() as f64 / 1e6
    );
    Ok(())
}

fn conversation(line: &Line) -> Conversation {
    let network = NetworkId::from_u128(u128::from(crate::topics::hash(&line.network)) + 1);
    let at = line.created.unwrap_or(Timestamp::UNIX_EPOCH);
    let id = ConversationId::derive(network, &line.id);
    let language = line.language.as_deref().and_then(Language::from_tag);
    // The posts of a conversation stand one after another, a blank line between.
    let post = |(number, text): (usize, &str)| ConversationPost {
        id: PostId::from_u128(id.as_u128().wrapping_add(number as u128)),
        source: SourceId::from_u128(1),
        grant: GrantId::from_u128(1),
        parent: None,
        url: String::new(),
        title: (number == 0).then(|| line.title.clone()),
        text: text.to_owned(),
        language,
        voice: Voice::from_bytes([0; 16]),
        published: Some(at),
        first_seen: at,
        happened: Some(discover_model::time::happened(at, at, &TimeZone::UTC)),
        links: addresses(text),
    };
    Conversation {
        id,
        network,
        kind: SourceKind::Discourse,
        url: format!("https://forum.example/t/{}", line.id),
        title: line.title.clone(),
        language,
        started: Some(at),
        last_active: Some(at),
        posts: vec![post((0, &line.text))],
    }
}

/// Addresses written in plain text.
fn addresses(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '[' | ']'))
        .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
        .map(|word| word.trim_end_matches(['.', ',', ';', ':', '!', '?']))
        .filter_map(discover_model::canonical::canonical_str)
        .collect()
}
