//! Every error is a problem.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::api::{addresses, post};
use super::world::{Answer, World};

fn check(answer: &Answer, status: u16, code: &str, what: &str) {
    assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{what}"
    );
    let problem = answer.json();
    assert_eq!(problem["code"], code, "{what}: {problem}");
    assert_eq!(problem["status"], status, "{what}");
    assert_eq!(
        problem["type"],
        format!("/problems/{}", code.replace('_', "-")),
        "{what}"
    );
    for field in ["title", "detail", "instance"] {
        assert!(
            problem[field].as_str().is_some_and(|text| !text.is_empty()),
            "{what}: {field}"
        );
    }
}

#[tokio::test]
async fn errors_are_problems_with_the_documented_codes() {
    let world = World::new().await;
    let nobody = "a".repeat(25) + "e";
    for (address, status, code) in [
        ("/api/v1/search?q=%22open", 400, "query_syntax"),
        ("/api/v1/search?q=colour:red", 400, "unknown_field"),
        ("/api/v1/search?q=author:jo", 400, "unknown_field"),
        (
            &format!("/api/v1/search?q={}", "x".repeat(600)),
            400,
            "query_too_large",
        ),
        ("/api/v1/search?cursor=non.sense", 400, "bad_cursor"),
        ("/api/v1/search?author=jo", 400, "unknown_field"),
        ("/api/v1/search?limit=1000", 400, "bad_parameter"),
        ("/api/v1/search?after=&q=", 400, "bad_parameter"),
        ("/api/v1/search/events?q=(", 400, "query_syntax"),
        (
            "/api/v1/ledger?after=9223372036854775808",
            400,
            "bad_parameter",
        ),
        ("/api/v1/search?network=nobody", 400, "bad_parameter"),
        ("/api/v1/conversations/xyz", 404, "not_found"),
        (&format!("/api/v1/conversations/{nobody}"), 404, "not_found"),
        (
            &format!("/api/v1/conversations/{nobody}/related"),
            404,
            "not_found",
        ),
        (
            &format!("/api/v1/conversations/{nobody}/consent"),
            404,
            "not_found",
        ),
        (&format!("/api/v1/posts/{nobody}/consent"), 404, "not_found"),
        ("/api/v1/conversations/%ff", 400, "bad_parameter"),
        (&format!("/api/v1/topics/{nobody}"), 404, "not_found"),
        ("/api/v1/topics?rank=best", 400, "bad_parameter"),
        ("/api/v1/topics?cursor=x", 400, "bad_cursor"),
        ("/api/v1/map?level=3", 400, "bad_parameter"),
        ("/api/v1/networks/nobody", 404, "not_found"),
        ("/api/v1/networks?cursor=nobody", 410, "cursor_expired"),
        ("/api/v1/related", 400, "bad_parameter"),
        ("/api/v1/related?url=mailto:a", 400, "bad_parameter"),
        (
            "/api/v1/related?url=https://nowhere.example/",
            404,
            "not_found",
        ),
        ("/api/v1/about?x=1", 400, "unknown_field"),
        ("/api/v1/nothing", 404, "not_found"),
        ("/nothing", 404, "not_found"),
        (
            &format!("/search.atom?q={}", "y".repeat(9000)),
            414,
            "too_large",
        ),
        ("/search.atom?q=(", 400, "query_syntax"),
        (&format!("/topics/{nobody}.atom"), 404, "not_found"),
    ] {
        check(&world.get(address).await, status, code, address);
    }
}

#[tokio::test]
async fn a_query_error_points_at_the_column_and_says_what_to_write() {
    let world = World::new().await;
    let problem = world
        .get("/api/v1/search?q=dentist+colour:red")
        .await
        .json();
    assert_eq!(problem["column"], 9, "{problem}");
    assert!(problem["hint"].is_string(), "{problem}");
    assert_eq!(problem["parameter"], "q");
    assert_eq!(problem["instance"], "/api/v1/search");
}

#[tokio::test]
async fn bodies_and_methods_are_checked() {
    let world = World::new().await;
    for (media, body, status, code) in [
        ("application/json", "{", 400, "bad_body"),
        (
            "application/json",
            r#"{"text":"a","author":"b"}"#,
            400,
            "bad_body",
        ),
        ("application/json", r#"{"text":" "}"#, 400, "bad_body"),
        (
            "application/json",
            r#"{"text":"a","limit":0}"#,
            400,
            "bad_body",
        ),
        ("text/plain", r#"{"text":"a"}"#, 415, "bad_body"),
    ] {
        check(
            &world.send(post("/api/v1/related", media, body)).await,
            status,
            code,
            body,
        );
    }
    let large = format!(r#"{{"text":"{}"}}"#, "x".repeat(70_000));
    check(
        &world
            .send(post("/api/v1/related", "application/json", &large))
            .await,
        413,
        "too_large",
        "large",
    );

    let request = Request::delete("/api/v1/search")
        .body(Body::empty())
        .expect("request");
    let answer = world.send(request).await;
    check(&answer, 405, "method_not_allowed", "delete");
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn a_reader_of_pages_gets_a_page_for_an_error() {
    let world = World::new().await;
    let request = Request::get("/nothing")
        .header("accept", "text/html,*/*;q=0.8")
        .body(Body::empty())
        .expect("request");
    let answer = world.send(request).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_no_cookie() {
    let world = World::new().await;
    let mut all = addresses(&world).await;
    all.extend([
        "/nothing".to_owned(),
        "/".to_owned(),
        "/api/v1/search?x=1".to_owned(),
        "/healthz".to_owned(),
    ]);
    for address in &all {
        let answer = world.get(address).await;
        for header in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "cross-origin-opener-policy",
            "strict-transport-security",
        ] {
            assert!(!answer.header(header).is_empty(), "{address}: {header}");
        }
        assert!(answer.headers.get("set-cookie").is_none(), "{address}");
        assert_eq!(
            answer.header("access-control-allow-origin") == "*",
            crate::headers::is_for_other_sites(address.split('?').next().unwrap_or_default()),
            "{address}"
        );
    }
    let answer = world.get("/api/v1/search?q=(").await;
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "content-length")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or_default()))
        .collect();
    headers.sort();
    insta::assert_snapshot!("headers", headers.join("\n"));
}

#[test]
fn a_search_that_has_no_time_or_room_left_says_when_to_try_again() {
    use discover_indexer::SearchError::{Costly, TooSlow};
    for error in [TooSlow, Costly] {
        let problem = crate::read::search::problem(error);
        let said = (problem.code.as_str(), problem.status, problem.retry_after);
        assert_eq!(
            said,
            ("overloaded", StatusCode::SERVICE_UNAVAILABLE, Some(1))
        );
    }
}
