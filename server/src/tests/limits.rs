//! What exceeds a limit is told so at once.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};

use super::world::World;

fn from(peer: &str, address: &str) -> Request<Body> {
    let mut request = Request::get(address).body(Body::empty()).expect("request");
    let peer: SocketAddr = peer.parse().expect("peer");
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

#[tokio::test]
async fn a_client_that_asks_too_much_gets_429_and_others_do_not() {
    let world = World::with(|config| {
        config.limits.client_rate = NonZeroU32::MIN;
        config.limits.client_burst = NonZeroU32::new(3).expect("three");
    })
    .await;
    for _ in 0..3 {
        let answer = world.send(from("203.0.113.5:1", "/api/v1/networks")).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let answer = world.send(from("203.0.113.5:2", "/api/v1/networks")).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.json()["code"], "rate_limited");
    assert!(
        answer
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|wait| wait >= 1)
    );
    let answer = world.send(from("198.51.100.7:1", "/api/v1/networks")).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn overload_is_answered_at_once_and_health_still_answers() {
    let world = World::with(|config| config.limits.concurrent_requests = 0).await;
    let answer = world.get("/api/v1/networks").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["code"], "overloaded");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(world.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_answer_that_is_not_ready_in_time_is_given_up() {
    let world = World::with(|config| config.limits.time = std::time::Duration::ZERO).await;
    let answer = world.get("/api/v1/search").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["code"], "overloaded");
}
