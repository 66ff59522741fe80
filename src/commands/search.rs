//! `discover search`: the same answer as `GET /api/v1/search`, on the command line.

use std::sync::{Arc, RwLock};

use anyhow::{Context, bail};
use arc_swap::ArcSwap;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use discover_graph::{Graph, Parameters, Snapshot};
use discover_indexer::{Index, query};
use discover_server::{Parts, Published, ServerConfig};
use tower::ServiceExt;
use url::form_urlencoded::Serializer;

use crate::cli::{SearchArgs, SortArg};
use crate::commands::{open_to_read, say};
use crate::pipeline::{graph_file, index_dir, saved_graph};
use crate::settings::config::Config;

/// Largest answer that is read.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

pub(super) async fn run(config: Config, args: &SearchArgs) -> anyhow::Result<()> {
    let store = open_to_read(&config).await?;
    let index =
        Index::open_read_only(&index_dir(&config)).context("run `discover rebuild index`")?;
    let q = args.query.join(" ");
    let today = config.now().to_zoned(config.zone.clone()).date();
    let visibility = store.visibility().await?;
    let file = graph_file(&config);
    // Only a question about topics needs them, and loading the graph and drawing them costs many times a search.
    let (graph, topics) = if query::parse(&q).is_ok_and(|query| query.names_topic()) {
        let graph = saved_graph::read(&file)
            .ok()
            .and_then(|bytes| Graph::load(&bytes).ok());
        let graph = RwLock::new(graph.unwrap_or_else(no_graph));
        let topics = discover_graph::refresh(&graph, today);
        (graph, topics)
    } else {
        let copies = saved_graph::read_copies(&file)
            .ok()
            .and_then(|bytes| Snapshot::of_copies(&bytes, today).ok());
        (
            RwLock::new(no_graph()),
            Arc::new(copies.unwrap_or_else(Snapshot::empty)),
        )
    };
    let topics = topics.masked(&visibility);
    let published = Published {
        visibility: Arc::new(visibility),
        topics: Arc::new(topics),
    };
    let now = config.now();
    let router = discover_server::router(Parts {
        store,
        index: Arc::new(index),
        graph: Arc::new(graph),
        published: Arc::new(ArcSwap::from_pointee(published)),
        config: ServerConfig {
            base_url: config.base_url.clone(),
            zone: config.zone.clone(),
            clock: Arc::new(move || now),
            ..ServerConfig::default()
        },
    });
    let sort = match args.sort {
        SortArg::Relevance => "relevance",
        SortArg::Newest => "newest",
        SortArg::Oldest => "oldest",
    };
    let query = Serializer::new(String::new())
        .append_pair("q", &q)
        .append_pair("sort", sort)
        .append_pair("limit", &args.limit.to_string())
        .finish();
    let request = Request::get(format!("/api/v1/search?{query}")).body(Body::empty())?;
    let response = router.oneshot(request).await?;
    let ok = response.status().is_success();
    let body = to_bytes(response.into_body(), MAX_ANSWER).await?;
    let answer: serde_json::Value = serde_json::from_slice(&body)?;
    if !ok {
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        let column = answer["column"]
            .as_u64()
            .map(|column| format!(" (column {column})"))
            .unwrap_or_default();
        bail!(
            "{}{column}: {} {}",
            text("title"),
            text("detail"),
            text("hint")
        );
    }
    if args.json {
        return say(&answer.to_string());
    }
    for hit in answer["items"].as_array().into_iter().flatten() {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let passage = hit["highlight"][0]["text"]
            .as_str()
            .or(hit["excerpt"].as_str())
            .unwrap_or_default();
        say(&format!(
            "{}\n  {} · {} · {} posts\n  {passage}\n  {}\n",
            text(&hit["title"]),
            text(&hit["network"]["name"]),
            text(&hit["last_active"])
                .chars()
                .take(10)
                .collect::<String>(),
            hit["posts"],
            text(&hit["url"])
        ))?;
    }
    say(&format!("{} conversations", answer["total"]))
}

fn no_graph() -> Graph {
    Graph::new(Parameters::default())
}
