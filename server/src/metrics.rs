//! Figures for the operator at `/metrics`, in Prometheus text. Nothing here names a network, a query or a reader.

use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::problem::{Code, Problem};
use crate::signs::Sign;
use crate::state::State;

const REQUESTS: &str = "discover_http_requests_total";
const SECONDS: &str = "discover_http_request_seconds";
/// Bounds around what is promised: 5 ms at the median, 20 ms at the 99th percentile.
const BOUNDS: &[f64] = &[
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The process's recorder. Where another was installed first, figures go there and this page stays empty.
fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), BOUNDS)
                .ok()?
                .install_recorder()
                .inspect_err(|error| tracing::warn!(%error, "metrics are not recorded"))
                .ok()
        })
        .as_ref()
}

/// Installs the recorder; called when the router is made.
pub(crate) fn install() {
    let _ = recorder();
}

/// Counts and times requests by route, and writes one log line each: without query and without address.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str)
        .to_owned();
    let response = next.run(request).await;
    let status = response.status();
    let seconds = started.elapsed().as_secs_f64();
    tracing::debug!(%method, route, status = status.as_u16(), seconds, "request");
    let method = match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "OPTIONS") => known.to_owned(),
        _ => "other".to_owned(),
    };
    metrics::counter!(
        REQUESTS,
        "method" => method,
        "route" => route.clone(),
        "status" => status.as_str().to_owned()
    )
    .increment(1);
    metrics::histogram!(SECONDS, "route" => route).record(seconds);
    response
}

/// GET /metrics
pub(crate) async fn metrics(
    axum::extract::State(state): axum::extract::State<State>,
) -> Result<Response, Problem> {
    let handle = recorder()
        .ok_or_else(|| Problem::new(Code::Unavailable, "figures are recorded elsewhere"))?;
    let view = state.view().await?;
    let last = state
        .store()
        .last_seq()
        .await
        .map_err(|error| Problem::internal(&error))?;
    let shown = view
        .topics
        .topics
        .iter()
        .filter(|topic| topic.shown)
        .count();
    metrics::gauge!("discover_networks").set(view.networks().count() as f64);
    metrics::gauge!("discover_index_conversations").set(state.index().doc_count() as f64);
    metrics::gauge!("discover_index_seq").set(view.seq as f64);
    metrics::gauge!("discover_store_seq").set(last as f64);
    metrics::gauge!("discover_topics").set(shown as f64);
    metrics::gauge!("discover_visibility_generation").set(view.generation() as f64);
    let signs = crate::health::current(&state);
    for sign in Sign::ALL {
        let set = signs.contains_key(sign.as_str());
        metrics::gauge!("discover_sign", "sign" => sign.as_str()).set(f64::from(u8::from(set)));
    }
    handle.run_upkeep();
    Ok((
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        handle.render(),
    )
        .into_response())
}
