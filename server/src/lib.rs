//! API, pages and feeds over store, index and graph.
//!
//! Contract: every output reads through one [`View`](state::View), a moment of visibility and topics that belong
//! together, and passes row by row through visibility. A page and its JSON twin call the same function of [`read`].
//! Errors leave as problems (RFC 9457), framework errors included. No author, nothing from elsewhere, and no cookie but
//! the session of an owner who logged in. What nobody may do is refused by one table of routes (`access`).

mod access;
pub mod alerts;
mod analyst;
mod api;
mod assets;
pub mod brand;
mod directory;
mod etag;
mod export;
mod feeds;
mod figures;
mod headers;
mod health;
mod i18n;
pub mod limits;
mod meaning;
mod metrics;
mod openapi;
pub mod operations;
mod owner;
mod pages;
mod picture;
pub mod problem;
pub mod read;
mod robots;
pub mod shapes;
pub mod signs;
pub mod state;
#[cfg(test)]
mod tests;
mod text;
mod uses;
pub mod views;
mod websub;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower::Layer;
use tower::util::MapRequestLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use brand::Brand;
pub use export::package::check::{Difference, NotSigned, SignedPackage, Sum, check_package};
pub use i18n::{Locales, LocalesError};
pub use limits::Limits;
pub use meaning::ByMeaning;
pub use openapi::openapi_json;
pub use operations::Operations;
pub use picture::map::svg as map_svg;
pub use state::{Parts, Published, ServerConfig, State};

/// The whole site over parts that nothing else of this process reads through a [`State`].
pub fn router(parts: Parts) -> Router {
    site(State::new(parts))
}

/// The whole site. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that clients can be told apart.
pub fn site(state: State) -> Router {
    metrics::install();
    let body = state.config().limits.body;
    let around = i18n::Site {
        languages: state.config().languages.clone(),
        branding: Arc::clone(state.branding()),
    };
    let (api, _) = openapi::split();
    let figures = if state.config().metrics_apart {
        Router::new()
    } else {
        Router::new().route("/metrics", get(metrics::metrics))
    };
    let site = Router::new()
        .merge(api)
        .route("/api/v1/openapi.json", get(openapi::serve))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .merge(figures)
        .route("/robots.txt", get(robots::robots))
        .merge(feeds::routes())
        .merge(pages::routes())
        .merge(assets::routes(state.branding()))
        .merge(owner::routes())
        .merge(websub::routes())
        .layer(from_fn(pages::carried::layer))
        // Around every route, the API's included: what the table of access does not name is refused.
        .layer(from_fn_with_state(state.clone(), access::guard))
        // Inside the guard: a panic ends one answer, not the connection.
        .layer(CatchPanicLayer::custom(problem::of_panic))
        .layer(DefaultBodyLimit::max(body))
        .layer(from_fn_with_state(state.clone(), limits::guard))
        .layer(from_fn_with_state(state.clone(), problem::finish))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .layer(from_fn(metrics::measure))
        .with_state(state);
    // Around the router: it has no suffixes, and people write `/topics/ID.atom`; nor has it languages (`/cy/topics`).
    Router::new()
        .fallback_service(MapRequestLayer::new(feeds::route).layer(site))
        .layer(from_fn_with_state(around, i18n::layer))
}

/// The figures alone, at `/metrics`, for an address that the public does not reach.
pub fn metrics_site(state: State) -> Router {
    metrics::install();
    Router::new()
        .route("/metrics", get(metrics::metrics))
        .layer(CatchPanicLayer::custom(problem::of_panic))
        .with_state(state)
}
