//! `discover-bench search` and `index`: our index beside bare tantivy on the same conversations and queries.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use discover_indexer::{Index, SearchContext, SearchRequest};
use discover_model::{ConversationId, NetworkId, TopicId, Visibility};
use jiff::civil::date;
use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{
    IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::{TantivyDocument, doc};

use crate::corpus::{self, Line};
use crate::measure::{Figure, print, process_cpu, read_lines, timed, write_lines};

/// Hits that are asked for and scored.
const TOP: usize = 10;

#[derive(Debug, Deserialize)]
struct Query {
    query: String,
    #[serde(default)]
    target: Option<String>,
}

#[derive(Serialize)]
struct Run {
    query: String,
    hits: Vec<String>,
}

/// Indexes `input` with both, and prints posts per CPU second and the size beside the raw text.
pub(crate) fn index(input: &Path) -> anyhow::Result<()> {
    let lines = corpus::read(input)?;
    let raw: usize = lines
        .iter()
        .map(|line| line.text.len() + line.title.len())
        .sum();
    let folder = tempfile::tempdir()?;
    let (ours_cpu, _index) = build_ours(&lines, false, folder.path())?;
    let bare_folder = tempfile::tempdir()?;
    let (bare_cpu, _bare) = build_bare(&lines, false, bare_folder.path())?;
    let size = |folder: &Path| -> f64 {
        let bytes: u64 = std::fs::read_dir(folder)
            .map(|entries| {
                entries
                    .flatten()
                    .filter_map(|entry| entry.metadata().ok())
                    .map(|meta| meta.len())
                    .sum()
            })
            .unwrap_or_default();
        bytes as f64 / raw as f64
    };
    let rate = |cpu: Duration| lines.len() as f64 / cpu.as_secs_f64();
    print(&[
        Figure::new(
            "indexing",
            "conversations per CPU second",
            rate(ours_cpu),
            rate(bare_cpu),
            "bare tantivy, one stemmed field, one thread",
        ),
        Figure::new(
            "index size",
            "of the raw text",
            size(folder.path()),
            size(bare_folder.path()),
            "bare tantivy, one stemmed field",
        ),
    ]);
    Ok(())
}

/// Runs `queries` over `input`; writes the hits, scores known items, and prints the cost beside bare tantivy's.
#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
pub(crate) fn search(
    input: &Path,
    queries: &Path,
    body_only: bool,
    out: Option<&Path>,
) -> anyhow::Result<()> {
    let lines = corpus::read(input)?;
    let queries: Vec<Query> = read_lines(queries)?;
    let folder = tempfile::tempdir()?;
    let (_, index) = build_ours(&lines, body_only, folder.path())?;
    let bare_folder = tempfile::tempdir()?;
    let (_, bare) = build_bare(&lines, body_only, bare_folder.path())?;

    let visibility = Visibility::default();
    let context = SearchContext {
        visibility: &visibility,
        slugs: &|_: &str| None::<NetworkId>,
        topic_members: &|_: TopicId| None,
        topic_of: &|_: ConversationId| None,
        copies_of: &|_: ConversationId| None,
        may_be_long: true,
        today: date(2026, 11, 22),
    };
    let mut runs = Vec::new();
    let mut costs = Vec::new();
    for query in &queries {
        let request = SearchRequest {
            q: words(&query.query),
            limit: TOP,
            facets: false,
            ..SearchRequest::default()
        };
        let (answer, cpu) = timed(|| index.search(&request, &context));
        let answer = answer.with_context(|| format!("query {:?}", query.query))?;
        costs.push(cpu);
        let hits = answer
            .hits
            .iter()
            .filter_map(|hit| {
                lines
                    .get(usize::try_from(hit.id.as_u128()).ok()?)
                    .map(|line| line.id.clone())
            })
            .collect();
        runs.push(Run {
            query: query.query.clone(),
            hits,
        });
    }
    let reader = bare.reader()?;
    let searcher = reader.searcher();
    let schema = bare.schema();
    let (body, id) = (schema.get_field("body")?, schema.get_field("id")?);
    let parser = QueryParser::for_index(&bare, vec![body]);
    let mut bare_costs = Vec::new();
    let mut bare_runs = Vec::new();
    for query in &queries {
        let text = words(&query.query);
        let (found, cpu) = timed(|| {
            let (parsed, _) = parser.parse_query_lenient(&text);
            searcher.search(&parsed, &TopDocs::with_limit(TOP).order_by_score())
        });
        bare_costs.push(cpu);
        let mut hits = Vec::new();
        for (_, address) in found? {
            let found: TantivyDocument = searcher.doc(address)?;
            hits.extend(
                found
                    .get_first(id)
                    .and_then(|value| value.as_str())
                    .map(str::to_owned),
            );
        }
        bare_runs.push(Run {
            query: query.query.clone(),
            hits,
        });
    }
    let targets: Vec<Option<&str>> = queries
        .iter()
        .map(|query| query.target.as_deref())
        .collect();
    if targets.iter().any(Option::is_some) {
        println!(
            "MRR@10: ours {:.3}, bare tantivy {:.3}",
            mrr(&runs, &targets),
            mrr(&bare_runs, &targets)
        );
    }
    if let Some(out) = out {
        write_lines(out, &runs)?;
    }
    let cost = |costs: &mut Vec<Duration>, share: f64| {
        costs.sort_unstable();
        costs
            .get(((costs.len() as f64 - 1.0) * share) as usize)
            .map_or(0.0, |cpu| cpu.as_secs_f64() * 1e3)
    };
    print(&[
        Figure::new(
            "query, median",
            "ms CPU",
            cost(&mut costs, 0.5),
            cost(&mut bare_costs, 0.5),
            "bare tantivy, one stemmed field, any word",
        ),
        Figure::new(
            "query, 99th percentile",
            "ms CPU",
            cost(&mut costs, 0.99),
            cost(&mut bare_costs, 0.99),
            "bare tantivy, one stemmed field, any word",
        ),
    ]);
    Ok(())
}

/// Both sides search the plain words of a title, without operators.
fn words(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut query = String::new();
    for word in words.into_iter().take(30) {
        if query.len() + word.len() > 500 {
            break;
        }
        query.push_str(&word.to_lowercase());
        query.push(' ');
    }
    query
}

fn mrr(runs: &[Run], targets: &[Option<&str>]) -> f64 {
    let ranks = runs.iter().zip(targets).filter_map(|(run, target)| {
        let target = (*target)?;
        Some(
            run.hits
                .iter()
                .take(TOP)
                .position(|hit| hit == target)
                .map_or(0.0, |place| 1.0 / (place as f64 + 1.0)),
        )
    });
    let (sum, count) = ranks.fold((0.0, 0), |(sum, count), rank| (sum + rank, count + 1));
    sum / f64::from(count.max(1))
}

fn build_ours(lines: &[Line], body_only: bool, folder: &Path) -> anyhow::Result<(Duration, Index)> {
    let conversations: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(number, line)| corpus::conversation(number, line, body_only))
        .collect();
    let index = Index::open(folder, "UTC")?;
    let before = process_cpu();
    for conversation in &conversations {
        index.put(conversation)?;
    }
    index.commit(1)?;
    Ok((process_cpu().saturating_sub(before), index))
}

/// Indexes with one stemmed field with positions, a document for each line; also the CPU time.
pub(crate) fn build_bare(
    lines: &[Line],
    body_only: bool,
    folder: &Path,
) -> anyhow::Result<(Duration, tantivy::Index)> {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let body = schema.add_text_field(
        "body",
        TextOptions::default().set_indexing_options(indexing),
    );
    let id = schema.add_text_field("id", STRING | STORED);
    let index = tantivy::Index::create_in_dir(folder, schema.build())?;
    let mut writer = index.writer_with_num_threads(1, 50_000_000)?;
    let texts: HashMap<usize, String> = lines
        .iter()
        .enumerate()
        .map(|(number, line)| {
            let title = if body_only { "" } else { line.title.as_str() };
            (number, format!("{title}\n{}", line.text))
        })
        .collect();
    let before = process_cpu();
    for (number, line) in lines.iter().enumerate() {
        writer.add_document(doc!(body => texts[&number].as_str(), id => line.id.as_str()))?;
    }
    writer.commit()?;
    let cpu = process_cpu().saturating_sub(before);
    writer.wait_merging_threads()?;
    Ok((cpu, index))
}
