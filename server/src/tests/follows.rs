//! Saved searches and their alerts, as far as the server goes: who may see them, what is told, and what never leaves.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use discover_model::Visibility;
use discover_store::{Claimed, DeliverySubject, KeyScope, Outcome};
use serde_json::{Value, json};

use super::access::{Who, ask, key_for};
use super::world::{Answer, NOW, World};
use crate::alerts::{Percolator, mail, webhook_request};
use crate::operations::OperationError;
use crate::state::{Published, State};

/// Whatever is not at evil.example may be sent to, and mail is set up.
async fn world() -> World {
    World::with(|config| {
        config.operations.mails = true;
        config.operations.may_send_to = Arc::new(|url| {
            let refused = url.host_str() == Some("evil.example");
            Box::pin(async move {
                if refused {
                    return Err(OperationError::Refused("not there".to_owned()));
                }
                Ok(())
            })
        });
    })
    .await
}

async fn follow(world: &World, who: &Who, body: &Value) -> Answer {
    ask(world, "POST", "/api/v1/follows", who, &body.to_string()).await
}

fn blood() -> Value {
    json!({"name": "Blood tests", "search": {"q": "phlebotomy"}, "deliver": {"webhook": "https://hooks.example/a#b"}})
}

async fn id_of(world: &World, who: &Who, body: &Value) -> String {
    let made = follow(world, who, body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    made.json()["id"].as_str().expect("an id").to_owned()
}

async fn deliveries(world: &World, who: &Who, id: &str) -> Vec<Value> {
    let address = format!("/api/v1/follows/{id}/deliveries?limit=100");
    let list = ask(world, "GET", &address, who, "").await.json();
    list["items"].as_array().expect("items").clone()
}

/// The id of the conversation that a delivery is about.
fn id_said(claimed: &Claimed) -> String {
    match &claimed.subject {
        DeliverySubject::Conversation(id) => id.to_string(),
        other => panic!("no conversation: {other:?}"),
    }
}

/// Takes and makes everything that is due, without sending it.
async fn letters(world: &World, state: &State) -> Vec<(Claimed, Value)> {
    let store = &world.parts.store;
    let mut letters = Vec::new();
    while let Some(claimed) = store.claim_deliveries(NOW, 1).await.expect("a queue").pop() {
        let request = webhook_request(state, &claimed).await.expect("a request");
        let request = request.expect("it may be shown");
        let body = serde_json::from_slice(&request.body).expect("JSON");
        let settled = store.settle_delivery(&claimed, &Outcome::Delivered, NOW);
        settled.await.expect("settled");
        letters.push((claimed, body));
    }
    letters
}

fn hide(world: &World, generation: u64, slugs: &[&str]) {
    let topics = Arc::clone(&world.parts.published.load().topics);
    world.parts.published.store(Arc::new(Published {
        visibility: Arc::new(Visibility {
            generation,
            networks: slugs.iter().map(|slug| World::id_of(slug)).collect(),
            ..Visibility::default()
        }),
        topics,
    }));
}

/// Everything that these networks hold is written to the change log once more.
async fn touch(world: &World, slugs: &[&str]) {
    let store = &world.parts.store;
    for slug in slugs {
        let network = World::id_of(slug);
        let actor = discover_model::ledger::Actor::Owner;
        let paused = store.pause_network(network, actor, NOW).await;
        paused.expect("paused");
        let resumed = store.resume_network(network, actor, NOW).await;
        resumed.expect("resumed");
    }
    let seq = store.last_seq().await.expect("seq");
    world.parts.index.commit(seq).expect("commit");
}

#[tokio::test]
async fn what_comes_to_a_followed_topic_after_it_changed_is_told() {
    let world = world().await;
    let who = key_for(&world, &[KeyScope::Follow], 600).await;
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"].as_str().expect("a topic");
    let hook = json!({"webhook": "https://hooks.example/a"});
    let body = json!({"search": {"topic": [topic]}, "deliver": hook});
    id_of(&world, &who, &body).await;
    let state = State::new(world.parts.clone());
    let mut watch = Percolator::at_once(state.clone());
    watch.step().await.expect("a look");
    assert_eq!(
        letters(&world, &state).await.len(),
        0,
        "nothing has changed"
    );

    touch(&world, &["aire-carers", "rural-buses"]).await;
    let told = |letters: Vec<(Claimed, Value)>| -> BTreeSet<String> {
        let slugs = letters.iter().map(|(_, body)| {
            let slug = body["conversation"]["network"]["slug"].as_str();
            slug.unwrap_or_default().to_owned()
        });
        slugs.collect()
    };
    // As long as they are hidden, the topic is without them; when it has them again, nothing has changed since.
    hide(&world, 100, &["rural-buses"]);
    watch.step().await.expect("a look");
    assert_eq!(
        told(letters(&world, &state).await),
        ["aire-carers".to_owned()].into()
    );
    hide(&world, 101, &[]);
    watch.step().await.expect("a look");
    assert_eq!(
        told(letters(&world, &state).await),
        ["rural-buses".to_owned()].into()
    );
    watch.step().await.expect("a look");
    assert_eq!(letters(&world, &state).await.len(), 0);
}

#[tokio::test]
async fn a_saved_search_is_seen_and_ended_by_its_own_key_alone() {
    let world = world().await;
    let mine = key_for(&world, &[KeyScope::Follow], 600).await;
    let other = key_for(&world, &KeyScope::ALL, 600).await;
    let made = follow(&world, &mine, &blood()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.header("cache-control"), "private, no-store");
    let address = made.header("location").to_owned();
    let shown = made.json();
    assert!(
        shown["secret"]
            .as_str()
            .is_some_and(|secret| secret.starts_with("whsec_"))
    );
    assert_eq!(shown["deliver"]["webhook"], "https://hooks.example/a");
    assert_eq!(shown["search"], json!({"q": "phlebotomy"}));

    let again = ask(&world, "GET", &address, &mine, "").await.json();
    assert_eq!(
        (&again["secret"], &again["state"]),
        (&Value::Null, &json!("live"))
    );
    let list = ask(&world, "GET", "/api/v1/follows", &mine, "")
        .await
        .json();
    assert_eq!(list["total"], 1);
    let list = ask(&world, "GET", "/api/v1/follows", &other, "")
        .await
        .json();
    assert_eq!(list["total"], 0);
    for (method, path, body) in [
        ("GET", address.clone(), ""),
        ("DELETE", address.clone(), ""),
        ("GET", format!("{address}/deliveries"), ""),
        ("POST", format!("{address}/replay"), "{}"),
    ] {
        let answer = ask(&world, method, &path, &other, body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
    }
    let ended = ask(&world, "DELETE", &address, &mine, "").await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let gone = ask(&world, "GET", &address, &mine, "").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_with_the_field_at_fault() {
    let world = world().await;
    let who = key_for(&world, &[KeyScope::Follow], 6000).await;
    let with = |search: Value| json!({"search": search});
    let deliver = |deliver: Value| json!({"search": {"q": "tea"}, "deliver": deliver});
    let to = |webhook: &str| deliver(json!({"webhook": webhook}));
    for (body, code, parameter) in [
        (with(json!({"q": "a OR ("})), "query_syntax", "q"),
        (with(json!({"q": "by:anna"})), "unknown_field", "q"),
        (with(json!({"sort": "newest"})), "bad_parameter", "sort"),
        (with(json!({"cursor": "x"})), "unknown_field", "cursor"),
        (with(json!({"topic": [""]})), "bad_parameter", "topic"),
        (with(json!({"language": "en"})), "bad_parameter", "language"),
        (with(json!({"q": ["tea"]})), "bad_parameter", "q"),
        (with(json!({"language": [7]})), "bad_parameter", "language"),
        (
            with(json!({"after": "yesterday"})),
            "bad_parameter",
            "after",
        ),
        (to("no address"), "bad_parameter", "deliver.webhook"),
        (
            to("https://evil.example/"),
            "bad_parameter",
            "deliver.webhook",
        ),
        (
            deliver(json!({"mail": "nobody"})),
            "bad_parameter",
            "deliver.mail",
        ),
        (
            deliver(json!({"mail": "a@b.example\r\nBcc: c@d.example"})),
            "bad_parameter",
            "deliver.mail",
        ),
        (
            deliver(json!({"mail": "a@b.example", "webhook": "https://hooks.example/"})),
            "bad_parameter",
            "deliver",
        ),
        (
            deliver(json!({"webhook": "https://hooks.example/", "every": "day"})),
            "bad_parameter",
            "deliver.every",
        ),
        (deliver(json!({})), "bad_parameter", "deliver"),
        (
            deliver(json!({"mail": "a@b.example", "every": "minute"})),
            "bad_body",
            "",
        ),
        (
            deliver(json!({"mail": "a@b.example", "every": null})),
            "bad_body",
            "",
        ),
        (
            json!({"search": {}, "name": "a\nb"}),
            "bad_parameter",
            "name",
        ),
        (json!({"search": {}, "mail": "a@b.example"}), "bad_body", ""),
        (json!({"name": "no search"}), "bad_body", ""),
    ] {
        let answer = follow(&world, &who, &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{body}: {problem}");
        assert_eq!(
            problem["parameter"].as_str().unwrap_or_default(),
            parameter,
            "{body}"
        );
    }
    let column = follow(&world, &who, &with(json!({"q": "a OR ("}))).await;
    assert!(column.json()["column"].as_u64().is_some());
    for _ in 0..crate::alerts::saved_searches::MOST {
        id_of(&world, &who, &with(json!({"q": "tea"}))).await;
    }
    let full = follow(&world, &who, &with(json!({"q": "tea"}))).await;
    assert_eq!(full.status, StatusCode::CONFLICT);
    assert_eq!(full.json()["code"], "conflict");
}

#[tokio::test]
async fn what_changes_from_now_on_is_told_once_however_often_it_is_looked_for() {
    let world = world().await;
    let who = key_for(&world, &[KeyScope::Follow], 600).await;
    let hook = json!({"webhook": "https://hooks.example/a"});
    let gardens = json!({"search": {"q": "gardens"}, "deliver": hook});
    let (id, blood) = (
        id_of(&world, &who, &gardens).await,
        id_of(&world, &who, &blood()).await,
    );
    let saved = id_of(&world, &who, &json!({"search": {"q": "gardens"}})).await;
    world.crowd(230).await;
    let state = State::new(world.parts.clone());
    // A process that ends after any look, and another one that begins.
    for _ in 0..4 {
        let mut watch = Percolator::at_once(state.clone());
        watch.step().await.expect("a look");
    }
    let told = letters(&world, &state).await;
    let ids: BTreeSet<String> = told
        .iter()
        .map(|(_, body)| body["conversation"]["id"].to_string())
        .collect();
    assert_eq!((told.len(), ids.len()), (230, 230), "each once");
    assert!(
        told.iter()
            .all(|(claimed, _)| claimed.follow.to_string() == id)
    );
    let (claimed, body) = &told[0];
    assert_eq!(body["type"], "conversation.found");
    assert_eq!(body["id"], claimed.id.to_string());
    assert_eq!(body["conversation"]["network"]["slug"], "crowd");
    assert_eq!(
        body["conversation"]["highlight"][0]["marks"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    for none in [blood, saved] {
        assert_eq!(deliveries(&world, &who, &none).await.len(), 0);
    }
    let request = Request::get(format!("/api/v1/follows/{id}/deliveries?limit=100"));
    let Who::Analyst(key) = &who else {
        unreachable!("a key")
    };
    let request = request.header("authorization", format!("Bearer {key}"));
    let first = world
        .send(request.body(Body::empty()).expect("request"))
        .await;
    let (mut next, mut seen) = (first.json()["next"].as_str().map(str::to_owned), 100);
    while let Some(cursor) = next {
        let address = format!("/api/v1/follows/{id}/deliveries?limit=100&cursor={cursor}");
        let page = ask(&world, "GET", &address, &who, "").await.json();
        seen += page["items"].as_array().map_or(0, Vec::len);
        assert_eq!(page["total"], 230);
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, 230);
}

#[tokio::test]
async fn a_withdrawal_is_told_by_id_once_and_no_text_leaves_after_it() {
    let world = world().await;
    let who = key_for(&world, &[KeyScope::Follow], 600).await;
    let id = id_of(&world, &who, &blood()).await;
    let state = State::new(world.parts.clone());
    touch(&world, &["aire-carers", "rural-buses"]).await;
    let store = &world.parts.store;
    hide(&world, 100, &[]);
    let mut watch = Percolator::at_once(state.clone());
    watch.step().await.expect("a look");
    assert_eq!(deliveries(&world, &who, &id).await.len(), 4);
    // One is told, one is under way, two wait: then one network leaves.
    let told = store
        .claim_deliveries(NOW, 1)
        .await
        .expect("a queue")
        .remove(0);
    let body = webhook_request(&state, &told)
        .await
        .expect("a request")
        .expect("it may be shown");
    assert!(String::from_utf8_lossy(&body.body).contains("Aire Carers"));
    let settled = store.settle_delivery(&told, &Outcome::Delivered, NOW);
    settled.await.expect("settled");
    let under_way = store
        .claim_deliveries(NOW, 1)
        .await
        .expect("a queue")
        .remove(0);
    hide(&world, 101, &["aire-carers"]);
    // Before anybody has looked: nothing of it can be made any more.
    assert_eq!(
        webhook_request(&state, &under_way).await.expect("a look"),
        None
    );
    let not_sent = Outcome::NotSent { again: NOW };
    store
        .settle_delivery(&under_way, &not_sent, NOW)
        .await
        .expect("settled");
    for _ in 0..3 {
        watch.step().await.expect("a look");
    }
    let after = letters(&world, &state).await;
    let told_now: Vec<String> = after
        .iter()
        .map(|(_, body)| {
            let kind = body["type"].as_str().unwrap_or_default();
            let slug = body["conversation"]["network"]["slug"].as_str();
            format!("{kind} {}", slug.unwrap_or_default())
        })
        .collect();
    assert_eq!(
        told_now,
        [
            "conversation.found rural-buses",
            "conversation.found rural-buses",
            "conversation.withdrawn "
        ]
    );
    let gone = &after[2].1;
    assert_eq!(gone["conversation"], json!({"id": id_said(&told)}));
    let left = deliveries(&world, &who, &id).await.into_iter();
    let left: Vec<Value> = left
        .filter(|one| one["conversation"] == id_said(&told))
        .collect();
    assert_eq!(left, Vec::<Value>::new(), "its id is forgotten");
    let states: BTreeSet<String> = deliveries(&world, &who, &id)
        .await
        .iter()
        .map(|one| one["state"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        states,
        ["called_off", "delivered"].map(str::to_owned).into()
    );
}

fn by_mail(to: &str) -> Value {
    json!({"name": "Blood tests", "search": {"q": "phlebotomy"}, "deliver": {"mail": to, "every": "hour"}})
}

#[tokio::test]
async fn a_mail_says_what_may_be_shown_then_and_its_links_work_for_their_follow_alone() {
    let world = world().await;
    let who = key_for(&world, &[KeyScope::Follow], 600).await;
    let made = follow(&world, &who, &by_mail("reader@council.example")).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    let deliver = json!({"mail": "reader@council.example", "every": "hour"});
    assert_eq!(
        (&made["deliver"], &made["state"], &made["secret"]),
        (&deliver, &json!("unconfirmed"), &Value::Null)
    );
    let id = made["id"].as_str().expect("an id").to_owned();
    let state = State::new(world.parts.clone());
    let store = &world.parts.store;
    let asks = store.claim_mails(NOW, 9).await.expect("a queue").remove(0);
    let asking = mail(&state, &asks).await.expect("a mail").expect("it asks");
    let told = asking.told.clone();
    let settled = store.settle_mail(&asks, &told, &Outcome::Delivered, NOW, NOW);
    settled.await.expect("settled");
    let confirm = asking
        .text
        .split_whitespace()
        .find(|word| word.contains("/mail/confirm/"))
        .expect("a link");
    let confirm = url::Url::parse(confirm)
        .expect("an address")
        .path()
        .to_owned();
    // A link of one kind, or of another follow, opens nothing else.
    let stop = asking.stop.as_ref().expect("a link").path().to_owned();
    let token = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let crossed = confirm.replace(&token(&confirm), &token(&stop));
    let other = confirm.replace(&id, &"a".repeat(26));
    for wrong in [crossed, other, "/mail/stop/x/y".to_owned()] {
        let answer = ask(&world, "POST", &wrong, &Who::Anybody, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let yes = ask(&world, "POST", &confirm, &Who::Anybody, "").await;
    assert_eq!(yes.status, StatusCode::OK, "{}", yes.text());
    assert_eq!(yes.header("cache-control"), "no-store");
    touch(&world, &["aire-carers", "rural-buses"]).await;
    Percolator::at_once(state.clone())
        .step()
        .await
        .expect("a look");
    let later = NOW + jiff::SignedDuration::from_hours(1);
    let claimed = store
        .claim_mails(later, 9)
        .await
        .expect("a queue")
        .remove(0);
    assert_eq!(claimed.items.len(), 4);
    // Before anybody has looked: what was just hidden is left out, and nothing is sent where all of it is.
    hide(&world, 100, &["aire-carers"]);
    let digest = mail(&state, &claimed)
        .await
        .expect("a mail")
        .expect("some of it");
    assert_eq!(digest.subject, "Blood tests: 2 conversations");
    assert_eq!((digest.told.len(), digest.id), (2, claimed.id));
    assert!(!digest.text.contains("Aire Carers"), "{}", digest.text);
    for part in [
        "\n2. ",
        "Rural Buses",
        "There: https://",
        "Here: ",
        "/search?q=phlebotomy",
    ] {
        assert!(digest.text.contains(part), "{part}: {}", digest.text);
    }
    hide(&world, 101, &["aire-carers", "rural-buses"]);
    assert_eq!(mail(&state, &claimed).await.expect("a look"), None);
    for _ in 0..2 {
        let gone = ask(
            &world,
            "POST",
            &stop,
            &Who::Anybody,
            "List-Unsubscribe=One-Click",
        )
        .await;
        assert_eq!(gone.status, StatusCode::OK, "{}", gone.text());
    }
    let address = format!("/api/v1/follows/{id}");
    let gone = ask(&world, "GET", &address, &who, "").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_is_asked_five_times_a_day_and_then_the_answer_says_when_again() {
    let world = world().await;
    let who = key_for(&world, &[KeyScope::Follow], 600).await;
    for number in 0..5 {
        id_of(
            &world,
            &who,
            &by_mail(&format!("reader+{number}@council.example")),
        )
        .await;
    }
    let often = follow(&world, &who, &by_mail("reader@council.example")).await;
    assert_eq!(often.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(often.header("retry-after"), "86400");
    let problem = often.json();
    assert_eq!(
        (&problem["code"], &problem["parameter"]),
        (&json!("rate_limited"), &json!("deliver.mail"))
    );
    let without = World::new().await;
    let who = key_for(&without, &[KeyScope::Follow], 600).await;
    let refused = follow(&without, &who, &by_mail("reader@council.example")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.json()["detail"],
        "mail is not configured at this site"
    );
}
