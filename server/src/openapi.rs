//! The OpenAPI document: generated from the router, kept reviewed in `docs/openapi.json`, served at
//! `/api/v1/openapi.json`.

use std::sync::OnceLock;

use axum::http::HeaderMap;
use axum::response::Response;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi, PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::api;
use crate::etag;
use crate::problem::{PROBLEM_JSON, Problem, ProblemBody};
use crate::shapes::Alert;
use crate::state::{self, View};
use crate::text::links;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Discover",
        version = "1",
        description = "Finds, connects and shows where public conversations are happening, among networks that asked to be found.\n\nNothing here takes or returns an author. Errors are `application/problem+json` (RFC 9457) with a stable `code`. Answers carry an ETag; ask again with `If-None-Match`. What can be listed by a filter is counted exactly; other counts below 50 are rounded to 5. Topics, words and warnings rest on at least 3 networks or 8 voices.",
        license(name = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "search", description = "Finding conversations"),
        (name = "follows", description = "Being told: saved searches and alerts, for holders of a key with the scope `follow:write`"),
        (name = "conversations", description = "One conversation and what it is related to"),
        (name = "topics", description = "What is being talked about"),
        (name = "networks", description = "Where it is being talked about"),
        (name = "consent", description = "Why we may show it")
    ),
    components(schemas(Alert)),
    modifiers(&Key)
)]
struct Document;

/// The key of an analyst, for the routes that need one.
struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("disc_…")
            .description(Some("An analyst's key, given out by the operator"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

/// The API's routes, and the document they make.
pub(crate) fn split() -> (axum::Router<state::State>, utoipa::openapi::OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .nest(links::API, api::routes())
        .split_for_parts();
    document_problems(&mut document);
    (router, document)
}

/// Every operation can end with a problem; said once here instead of at each.
fn document_problems(document: &mut utoipa::openapi::OpenApi) {
    let reference = Ref::from_schema_name(ProblemBody::name());
    let problem = ResponseBuilder::new()
        .description("What went wrong, and what to do")
        .content(PROBLEM_JSON, Content::new(Some(reference)))
        .build();
    let known = ResponseBuilder::new()
        .description("Nothing has changed since the ETag given in `If-None-Match`")
        .build();
    for item in document.paths.paths.values_mut() {
        let reads = item.get.iter_mut().map(|operation| (operation, true));
        let writes = item.post.iter_mut().map(|operation| (operation, false));
        let ends = item.delete.iter_mut().map(|operation| (operation, false));
        for (operation, readable) in reads.chain(writes).chain(ends) {
            let operation: &mut utoipa::openapi::path::Operation = operation;
            let responses = &mut operation.responses.responses;
            responses.insert("default".to_owned(), RefOr::T(problem.clone()));
            if readable {
                responses.insert("304".to_owned(), RefOr::T(known.clone()));
            }
        }
    }
    if let Some(components) = &mut document.components {
        components
            .schemas
            .insert(ProblemBody::name().into_owned(), ProblemBody::schema());
    }
}

/// The document as JSON: what `docs/openapi.json` holds.
pub fn openapi_json() -> String {
    static JSON: OnceLock<String> = OnceLock::new();
    JSON.get_or_init(|| split().1.to_pretty_json().unwrap_or_default())
        .clone()
}

/// One operation as the page about the API lists it.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) summary: String,
}

/// Every operation of the document, by path.
pub(crate) fn operations() -> &'static [Operation] {
    static OPERATIONS: OnceLock<Vec<Operation>> = OnceLock::new();
    OPERATIONS.get_or_init(|| {
        let paths = split().1.paths.paths;
        let of = |(path, item): (String, utoipa::openapi::PathItem)| {
            let methods = [
                ("GET", item.get),
                ("POST", item.post),
                ("DELETE", item.delete),
            ];
            methods.into_iter().filter_map(move |(method, operation)| {
                Some(Operation {
                    method,
                    path: path.clone(),
                    summary: operation?.summary.unwrap_or_default(),
                })
            })
        };
        paths.into_iter().flat_map(of).collect()
    })
}

/// GET /api/v1/openapi.json
pub(crate) async fn serve(view: View, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(etag::respond(
        &headers,
        &view,
        "application/json",
        openapi_json(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reviewed_document_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
        if std::env::var_os("DISCOVER_BLESS").is_some() {
            std::fs::write(path, openapi_json() + "\n").expect("the document can be written");
        }
        let reviewed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            reviewed.trim_end() == openapi_json(),
            "docs/openapi.json differs from the router: run `discover openapi > docs/openapi.json` (or this test with DISCOVER_BLESS=1) and review the change"
        );
    }

    #[test]
    fn no_parameter_or_shape_names_an_author() {
        let json = openapi_json();
        let mut document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        // The body that answers a topic, as the operator entered it.
        for body in ["AnswerEntry", "Answered", "Due", "MapAnswers"] {
            let shape = &mut document["components"]["schemas"][body];
            let taken = shape["properties"]
                .as_object_mut()
                .and_then(|fields| fields.remove("by"));
            assert!(taken.is_some(), "no body in {body}");
            let needed = shape["required"].as_array_mut().expect("required fields");
            needed.retain(|field| field != "by");
        }
        let json = document.to_string().to_lowercase();
        for word in ["\"author", "\"voice\"", "\"user\"", "\"handle\"", "\"by\""] {
            assert!(!json.contains(word), "{word}");
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document: serde_json::Value = serde_json::from_str(&openapi_json()).expect("JSON");
        let methods = document["paths"].as_object().expect("paths").values();
        let mut names: Vec<&str> = methods
            .flat_map(|methods| methods.as_object().expect("methods").values())
            .filter_map(|operation| operation["operationId"].as_str())
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert!(all > 20 && names.len() == all, "{names:?}");
    }
}
