//! Answers reach every network that raised a topic, and notes on topics stand where they should; both go with a network.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::http::StatusCode;
use discover_model::Visibility;
use discover_store::{KeyScope, MailItem, Outcome};
use hmac::{Hmac, Mac};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::access::{Who, ask, key_for, log_in};
use super::withdrawal::publish;
use super::world::{NOW, World};
use crate::alerts::{mail, webhook_request};
use crate::operations::OperationError;
use crate::state::State;

const TEXT: &str = "Two walk-in mornings come back on 7 December.";

async fn world() -> World {
    World::with(|config| {
        config.operations.mails = true;
        let sessions = AtomicU8::new(1);
        config.operations.random = Arc::new(move || [sessions.fetch_add(1, Ordering::Relaxed); 32]);
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

async fn topic(world: &World) -> String {
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    topics["items"][0]["id"].as_str().expect("id").to_owned()
}

async fn body(world: &World) -> Who {
    key_for(world, &[KeyScope::Answer], 60).await
}

async fn answer(world: &World, who: &Who, topic: &str, body: &Value) -> Value {
    let path = format!("/api/v1/topics/{topic}/answers");
    let written = ask(world, "POST", &path, who, &body.to_string()).await;
    assert_eq!(written.status, StatusCode::CREATED, "{}", written.text());
    written.json()
}

/// The token that stands in the forms of the owner's home.
async fn token(world: &World, owner: &Who) -> String {
    let home = ask(world, "GET", "/owner", owner, "").await.text();
    let token = home.split("name=\"form\" value=\"").nth(1);
    let token = token.and_then(|rest| rest.split('"').next());
    token.expect("a form").to_owned()
}

fn form(pairs: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    form.finish()
}

fn hide(world: &World, generation: u64, networks: &[&str]) {
    let visibility = Visibility {
        generation,
        networks: networks.iter().map(|slug| World::id_of(slug)).collect(),
        ..Visibility::default()
    };
    publish(world, visibility);
}

#[tokio::test]
async fn an_answer_stands_wherever_its_networks_look_and_nothing_of_one_that_left() {
    let world = world().await;
    let id = topic(&world).await;
    let board = body(&world).await;
    let written = answer(
        &world,
        &board,
        &id,
        &json!({"stage": "answered", "text": TEXT, "due": "2026-12-19"}),
    )
    .await;
    let slugs = |entry: &Value| -> Vec<String> {
        let networks = entry["networks"].as_array().expect("networks").iter();
        networks
            .map(|one| one["slug"].as_str().expect("a slug").to_owned())
            .collect()
    };
    let all = slugs(&written);
    for slug in ["aire-carers", "kidney-friends", "rural-buses"] {
        assert!(all.contains(&slug.to_owned()), "{written}");
    }
    assert!(!all.contains(&"bakers".to_owned()));
    let raised = written["raised"].as_u64().expect("a count");
    assert_eq!(raised as usize, all.len());
    let of_topic = format!("/topics/{id}/answers.atom");
    let of_network = "/networks/rural-buses/answers.atom";
    for path in [
        of_topic.as_str(),
        of_network,
        &format!("/topics/{id}/answers.json"),
        "/networks/rural-buses/answers.json",
        "/api/v1/networks/rural-buses/answers",
        "/networks/rural-buses",
        &format!("/topics/{id}?embed=part"),
    ] {
        let text = world.get(path).await.text();
        assert!(text.contains("County Insight Team"), "{path}: {text}");
    }
    let network = world.get("/networks/rural-buses").await.text();
    assert!(network.contains("the next step is due on"), "{network}");
    let map = world.get("/map?level=1").await.text() + &world.get("/map?level=0").await.text();
    assert!(
        map.contains("sign-due") && map.contains("Due <time"),
        "{map}"
    );
    let other = world.get("/networks/bakers/answers.atom").await;
    assert!(other.status == StatusCode::OK && !other.text().contains("Insight"));
    let owner = log_in(&world, "rural-buses").await;
    let home = ask(&world, "GET", "/owner", &owner, "").await.text();
    assert!(home.contains("Something came back") && home.contains(TEXT));

    // A correction and an erasure come after it.
    let corrects = json!({"stage": "answered", "text": "On 8 December.", "corrects": 1});
    answer(&world, &board, &id, &corrects).await;
    let store = &world.parts.store;
    store
        .erase_answer(1, "it named somebody", NOW)
        .await
        .expect("erased");
    for path in [&of_topic, of_network] {
        let feed = world.get(path).await.text();
        assert_eq!(feed.matches("<entry").count(), 3, "{feed}");
        assert!(
            feed.contains("A correction of entry 1") && feed.contains("because it named somebody")
        );
        assert!(!feed.contains(TEXT), "{feed}");
    }

    hide(&world, 1, &["rural-buses"]);
    assert_eq!(world.get(of_network).await.status, StatusCode::GONE);
    let after = world.json(&format!("/api/v1/topics/{id}/answers")).await;
    assert!(!after.to_string().contains("rural-buses"), "{after}");
    assert_eq!(after["items"][0]["withdrawn"], 1);
    assert_eq!(after["items"][0]["raised"], raised);
    let page = world.get(&format!("/topics/{id}/answers")).await.text();
    assert!(
        page.contains("1 withdrawn") && !page.contains("Rural Buses"),
        "{page}"
    );
}

#[tokio::test]
async fn an_owner_chooses_where_to_be_told_and_a_network_that_is_hidden_is_told_nothing() {
    let world = world().await;
    let state = State::new(world.parts.clone());
    let store = &world.parts.store;
    let id = topic(&world).await;
    let owner = log_in(&world, "rural-buses").await;
    let token = token(&world, &owner).await;
    let choose = async |to: &str| {
        let form = form(&[("form", &token), ("to", to)]);
        ask(&world, "POST", "/owner/told", &owner, &form).await
    };
    for bad in ["https://evil.example/x", "hooks.example", "a@b"] {
        assert_eq!(choose(bad).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    let hook = choose("https://hooks.example/answers").await.text();
    assert!(hook.contains("whsec_"), "{hook}");
    let asked = choose("clerk@parish.example").await.text();
    assert!(!asked.contains("whsec_") && asked.contains("clerk@parish.example"));
    let home = ask(&world, "GET", "/owner", &owner, "").await.text();
    assert!(home.contains("hooks.example/answers") && home.contains("has not said yes yet"));

    // The mailbox is asked in words that are nobody's but ours.
    let asks = store.claim_mails(NOW, 9).await.expect("a claim").remove(0);
    let text = mail(&state, &asks)
        .await
        .expect("a mail")
        .expect("words")
        .text;
    assert!(text.contains("Somebody who proved to own a network") && !text.contains("Buses"));
    store
        .confirm_mail(asks.follow, NOW, NOW)
        .await
        .expect("a yes");
    store.release_deliveries().await.expect("released");

    let board = self::body(&world).await;
    let heard = json!({"stage": "heard", "text": TEXT});
    answer(&world, &board, &id, &heard).await;
    let claimed = store
        .claim_deliveries(NOW, 9)
        .await
        .expect("a claim")
        .remove(0);
    let request = webhook_request(&state, &claimed).await.expect("a request");
    let request = request.expect("something is said");
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(body["type"], "answer.written", "{body}");
    assert_eq!(body["answer"]["entry"]["text"], TEXT);
    assert_eq!(body["answer"]["topic"]["id"], id.as_str());
    let signed = request
        .headers
        .iter()
        .any(|(name, value)| *name == "webhook-signature" && value.starts_with("v1,"));
    assert!(signed);
    let mailed = store.claim_mails(NOW, 9).await.expect("a claim").remove(0);
    assert_eq!(mailed.items[0].1, MailItem::Answer(1));
    let text = mail(&state, &mailed)
        .await
        .expect("a mail")
        .expect("words")
        .text;
    assert!(
        text.contains(TEXT) && text.contains("/answers#e1"),
        "{text}"
    );

    hide(&world, 1, &["rural-buses"]);
    assert!(
        webhook_request(&state, &claimed)
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(mail(&state, &mailed).await.expect("an answer").is_none());

    // Ended by its own owner alone.
    hide(&world, 2, &[]);
    let place = store
        .owner_follows(World::id_of("rural-buses"))
        .await
        .expect("places")[0]
        .id;
    let other = log_in(&world, "aire-carers").await;
    let theirs = self::token(&world, &other).await;
    for (who, token, status) in [
        (&other, &theirs, StatusCode::NOT_FOUND),
        (&owner, &theirs, StatusCode::FORBIDDEN),
        (&owner, &token, StatusCode::SEE_OTHER),
    ] {
        let form = form(&[("form", token), ("id", &place.to_string())]);
        let ended = ask(&world, "POST", "/owner/told/end", who, &form).await;
        assert_eq!(ended.status, status);
    }
}

#[tokio::test]
async fn a_note_stands_on_topic_timeline_brief_and_home_and_goes_with_its_network() {
    let world = world().await;
    let id = topic(&world).await;
    let owner = log_in(&world, "aire-carers").await;
    let token = token(&world, &owner).await;
    let write = async |pairs: &[(&str, &str)]| {
        let all: Vec<(&str, &str)> = [("form", token.as_str())]
            .into_iter()
            .chain(pairs.iter().copied())
            .collect();
        ask(&world, "POST", "/owner/annotations", &owner, &form(&all))
            .await
            .status
    };
    let said = "Our members drive there: ring 0113 496 0000.";
    let day = ("day", "2026-11-17");
    let note = [("topic", id.as_str()), day, ("text", said)];
    assert_eq!(write(&note).await, StatusCode::SEE_OTHER);
    let long = "x".repeat(201);
    for bad in [
        [("topic", id.as_str()), day, ("text", long.as_str())],
        [("topic", id.as_str()), ("day", "2026-11-23"), ("text", "x")],
        [("topic", id.as_str()), ("day", "soon"), ("text", "x")],
    ] {
        assert_eq!(write(&bad).await, StatusCode::BAD_REQUEST, "{bad:?}");
    }
    // A network that the topic does not cite has no right of reply there.
    let bakers = log_in(&world, "bakers").await;
    let theirs = self::token(&world, &bakers).await;
    let foreign = form(&[("form", &theirs), ("topic", &id), day, ("text", "Bread.")]);
    let refused = ask(&world, "POST", "/owner/annotations", &bakers, &foreign).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let places = [
        format!("/topics/{id}"),
        format!("/topics/{id}/brief"),
        format!("/topics/{id}/brief.md"),
        format!("/api/v1/topics/{id}"),
        format!("/api/v1/topics/{id}/brief"),
        format!("/api/v1/topics/{id}/annotations"),
    ];
    for place in &places {
        let text = world.get(place).await.text();
        assert!(text.contains("Our members drive there"), "{place}: {text}");
        assert!(!text.contains("496 0000"), "{place}");
    }
    let page = world.get(&places[0]).await.text();
    assert!(
        page.contains("class=\"note-mark\"") && page.contains("; note 1"),
        "{page}"
    );
    let svg = world
        .get(&format!("/topics/{id}/timeline.svg"))
        .await
        .text();
    assert!(svg.contains("stroke-dasharray=\"1 3\""), "{svg}");
    let home = ask(&world, "GET", "/owner", &owner, "").await.text();
    assert!(home.contains("Our members drive there"));
    let all = ask(&world, "GET", "/owner/download", &owner, "")
        .await
        .text();
    assert!(
        all.lines()
            .next()
            .is_some_and(|line| line.contains("Our members drive there"))
    );

    // By the API, signed with the owner's key; a wrong signature is none.
    let key = world
        .parts
        .store
        .make_owner_key(World::id_of("kidney-friends"), NOW)
        .await
        .expect("a key");
    let signed = |text: &str, key: &str| {
        let at = format!("{NOW:.0}");
        let message =
            format!("discover annotate\nkidney-friends\n{id}\n2026-11-18\n{text}\n{at}\n");
        let mut mac = Hmac::<Sha256>::new_from_slice(&Sha256::digest(key)).expect("any length");
        mac.update(message.as_bytes());
        let signature = data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes());
        json!({"network": "kidney-friends", "day": "2026-11-18", "text": text, "at": at, "signature": signature})
    };
    let path = format!("/api/v1/topics/{id}/annotations");
    for (body, status) in [
        (signed("We count anew.", "0000"), StatusCode::UNAUTHORIZED),
        (signed("We count anew.", &key), StatusCode::CREATED),
        (signed("", &key), StatusCode::NO_CONTENT),
        (
            signed("As the Rural Buses said.", &key),
            StatusCode::CREATED,
        ),
    ] {
        let answer = ask(&world, "POST", &path, &Who::Anybody, &body.to_string()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
    }
    let count = async || world.json(&path).await["total"].clone();
    assert_eq!(count().await, 2);
    hide(&world, 1, &["rural-buses"]);
    assert_eq!(count().await, 1, "one names a network that left");
    hide(&world, 2, &["aire-carers"]);
    for place in &places {
        let text = world.get(place).await.text();
        assert!(!text.contains("Our members drive there"), "{place}");
    }
    hide(&world, 3, &[]);
    let own = world
        .parts
        .store
        .annotations_of(Some(World::id_of("aire-carers")))
        .await
        .expect("notes");
    let number = own[0].number.to_string();
    assert_eq!(write(&[("away", &number)]).await, StatusCode::SEE_OTHER);
    assert_eq!(count().await, 1);
}

#[tokio::test]
async fn an_owner_sees_what_did_not_arrive_and_why_and_has_it_sent_again() {
    let world = world().await;
    let store = &world.parts.store;
    let id = topic(&world).await;
    let owner = log_in(&world, "rural-buses").await;
    let token = token(&world, &owner).await;
    let post = async |path: &str, pairs: &[(&str, &str)]| {
        let all = [&[("form", token.as_str())], pairs].concat();
        ask(&world, "POST", path, &owner, &form(&all)).await.status
    };
    for to in ["https://hooks.example/answers", "clerk@parish.example"] {
        assert_eq!(post("/owner/told", &[("to", to)]).await, StatusCode::OK);
    }
    let home = async || ask(&world, "GET", "/owner", &owner, "").await.text();
    let both = home().await;
    assert_eq!(
        both.matches("Nothing has arrived there").count(),
        2,
        "{both}"
    );
    assert!(!both.contains("/owner/told/again"), "{both}");

    // The mailbox refuses the very mail that asks: its owner learns it, and that asking again is to name it again.
    let asks = store.claim_mails(NOW, 9).await.expect("a claim").remove(0);
    let told: Vec<_> = asks.items.iter().map(|(id, _)| *id).collect();
    let nobody = Outcome::Paused {
        said: "answer 550 5.1.1".to_owned(),
    };
    let settled = store.settle_mail(&asks, &told, &nobody, NOW, NOW).await;
    settled.expect("settled");
    let refused = home().await;
    for said in [
        "The mail was refused: the mail server answered 550 5.1.1",
        "no such mailbox",
    ] {
        assert!(refused.contains(said), "{said}: {refused}");
    }
    assert!(!refused.contains("has not said yes yet") && !refused.contains("/owner/told/again"));

    let board = self::body(&world).await;
    let heard = json!({"stage": "heard", "text": TEXT});
    answer(&world, &board, &id, &heard).await;
    let claim = async || store.claim_deliveries(NOW, 9).await.expect("a claim");
    let later = NOW + SignedDuration::from_mins(5);
    for (outcome, said, fix) in [
        (
            Outcome::Failed {
                said: "answer 503".to_owned(),
                again: later,
                hold: true,
            },
            "your server answered 503</bdi>; tried again <time",
            "had a fault or was busy",
        ),
        (
            Outcome::Dead {
                said: "answer 404".to_owned(),
            },
            "your server answered 404</bdi>; given up <time",
            "not one that takes these requests",
        ),
        (
            Outcome::Paused {
                said: "answer 410".to_owned(),
            },
            "The server wants no more: your server answered 410",
            "end it here and choose the right one",
        ),
    ] {
        let claimed = claim().await.remove(0);
        let settled = store.settle_delivery(&claimed, &outcome, NOW).await;
        settled.expect("settled");
        assert_eq!(claim().await.len(), 0, "nothing is due");
        let page = home().await.replace("</bdi>", "").replace("<bdi>", "");
        let said = said.replace("</bdi>", "");
        assert!(page.contains(&said) && page.contains(fix), "{said}: {page}");
        let place = page
            .split("action=\"/owner/told/again\"")
            .nth(1)
            .expect("a button");
        let (_, place) = place.split_once("name=\"id\" value=\"").expect("a place");
        let place = place.split('"').next().expect("a place");
        // No other owner's to send.
        let other = log_in(&world, "aire-carers").await;
        let theirs = form(&[("form", &self::token(&world, &other).await), ("id", place)]);
        let not_theirs = ask(&world, "POST", "/owner/told/again", &other, &theirs).await;
        assert_eq!(not_theirs.status, StatusCode::NOT_FOUND);
        assert_eq!(claim().await.len(), 0);
        assert_eq!(
            post("/owner/told/again", &[("id", place)]).await,
            StatusCode::SEE_OTHER
        );
    }
    let claimed = claim().await.remove(0);
    let settled = store
        .settle_delivery(&claimed, &Outcome::Delivered, NOW)
        .await;
    settled.expect("settled");
    let arrived = home().await;
    assert!(
        arrived.contains("Something last arrived there <time"),
        "{arrived}"
    );
    assert!(!arrived.contains("/owner/told/again"), "{arrived}");

    // The same by a signed request.
    answer(
        &world,
        &board,
        &id,
        &json!({"stage": "answered", "text": TEXT}),
    )
    .await;
    let dead = Outcome::Dead {
        said: "answer 404".to_owned(),
    };
    let failed = claim().await.remove(0);
    store
        .settle_delivery(&failed, &dead, NOW)
        .await
        .expect("settled");
    let key = store.make_owner_key(World::id_of("rural-buses"), NOW).await;
    let key = key.expect("a key");
    let path = "/api/v1/networks/rural-buses/answers/replay";
    for (key, status) in [
        ("0000", StatusCode::UNAUTHORIZED),
        (key.as_str(), StatusCode::OK),
    ] {
        let at = format!("{NOW:.0}");
        let mut mac = Hmac::<Sha256>::new_from_slice(&Sha256::digest(key)).expect("any length");
        mac.update(format!("discover replay\nrural-buses\n{at}\n").as_bytes());
        let signature = data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes());
        let body = json!({"at": at, "signature": signature}).to_string();
        let answer = ask(&world, "POST", path, &Who::Anybody, &body).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        if status == StatusCode::OK {
            assert_eq!(answer.json()["queued"], 1);
        }
    }
    assert_eq!(claim().await.remove(0).id, failed.id, "with the id it had");
}

#[tokio::test]
async fn an_answer_is_mailed_at_once_and_the_next_one_at_the_full_hour() {
    let world = world().await;
    let store = &world.parts.store;
    let id = topic(&world).await;
    let owner = log_in(&world, "rural-buses").await;
    let token = token(&world, &owner).await;
    let chosen = form(&[("form", &token), ("to", "clerk@parish.example")]);
    ask(&world, "POST", "/owner/told", &owner, &chosen).await;
    let asks = store.claim_mails(NOW, 9).await.expect("a claim").remove(0);
    let state = State::new(world.parts.clone());
    let text = mail(&state, &asks)
        .await
        .expect("a mail")
        .expect("words")
        .text;
    let yes = text
        .split_whitespace()
        .find_map(|word| word.split_once("/mail/confirm/"));
    let yes = format!("/mail/confirm/{}", yes.expect("a link").1);
    store.release_deliveries().await.expect("released");
    let said = ask(&world, "POST", &yes, &Who::Anybody, "").await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    let board = self::body(&world).await;
    for stage in ["heard", "answered"] {
        answer(&world, &board, &id, &json!({"stage": stage, "text": TEXT})).await;
        let due = store.claim_mails(NOW, 9).await.expect("a claim");
        if stage == "heard" {
            let told: Vec<_> = due[0].items.iter().map(|(id, _)| *id).collect();
            let next = crate::alerts::next_mail(due[0].every, NOW, &jiff::tz::TimeZone::UTC);
            let settled = store.settle_mail(&due[0], &told, &Outcome::Delivered, next, NOW);
            settled.await.expect("settled");
        } else {
            assert!(due.is_empty());
        }
    }
    let home = ask(&world, "GET", "/owner", &owner, "").await.text();
    assert!(
        home.contains("One answer waits: nothing is sent there before"),
        "{home}"
    );
}
