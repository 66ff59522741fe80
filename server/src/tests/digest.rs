//! Digests of weeks and months, and what is told early.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use discover_model::Visibility;
use discover_store::{KeyScope, Outcome};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::access::{ask, key_for};
use super::withdrawal::publish;
use super::world::{Answer, NOW, World};
use crate::alerts::notices::look;
use crate::alerts::{Mail, mail, webhook_request};
use crate::state::State;

/// A world whose clock can be moved on.
async fn world() -> (World, Arc<AtomicI64>) {
    let days = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&days);
    let world = World::with(|config| {
        config.clock =
            Arc::new(move || NOW + SignedDuration::from_hours(24 * passed.load(Ordering::SeqCst)));
    });
    (world.await, days)
}

async fn look_at(world: &World) {
    let view = State::new(world.parts.clone()).view().await;
    look(&view.expect("a view")).await.expect("a look");
}

fn hide(world: &World, generation: u64, visibility: Visibility) {
    publish(
        world,
        Visibility {
            generation,
            ..visibility
        },
    );
}

#[tokio::test]
async fn a_past_digest_quotes_what_it_quoted_and_says_what_went_at_once() {
    let (world, days) = world().await;
    let so_far = world.json("/api/v1/digests/2026-W47").await;
    assert_eq!(so_far["so_far"], true);
    look_at(&world).await;
    days.store(7, Ordering::SeqCst);
    look_at(&world).await;
    let digest = world.json("/api/v1/digests/week").await;
    assert_eq!(
        (
            &digest["period"],
            &digest["so_far"],
            &digest["start"],
            &digest["last"]
        ),
        (
            &"2026-W47".into(),
            &false.into(),
            &"2026-11-16".into(),
            &"2026-11-22".into()
        )
    );
    let named = &digest["emerging"][0];
    let quote = &named["quote"];
    let (text, title) = (quote["text"].as_str(), quote["title"].as_str());
    let (text, title) = (text.expect("a text"), title.expect("a title"));
    // What is counted can be listed.
    let topic = named["topic"]["id"].as_str().expect("id");
    let listed = format!("/api/v1/search?topic={topic}&after=2026-11-16&before=2026-11-23");
    assert_eq!(world.json(&listed).await["total"], named["conversations"]);
    let page = world.get("/digest").await.text();
    assert!(
        page.contains("from 16 to 22 November 2026") && page.contains(title),
        "{page}"
    );
    let large = world.get("/digest/2026-W47?print=large").await.text();
    assert!(large.contains("digest-page large"));
    let feed = world.get("/digest.atom").await.text();
    let label = named["topic"]["label"].as_str().expect("a label");
    assert!(
        feed.to_lowercase().contains(label) && !feed.contains("Put right"),
        "{feed}"
    );

    let quoted = quote["conversation"].as_str().expect("id");
    hide(
        &world,
        1,
        Visibility {
            conversations: [quoted.parse().expect("id")].into(),
            ..Visibility::default()
        },
    );
    let after = world.json("/api/v1/digests/2026-W47").await;
    assert_eq!(after["gone"]["quotations"], 1, "{after}");
    assert_eq!(after["emerging"][0]["quote"], serde_json::Value::Null);
    let page = world.get("/digest").await.text();
    assert!(!page.contains(text) && !page.contains(title) && !page.contains(quoted));
    assert!(page.contains("Withdrawn since"), "{page}");
    // The one after it puts it right, and so does the feed.
    let next = world.json("/api/v1/digests/2026-W48").await;
    assert_eq!(next["errata"][0]["period"], "2026-W47");
    assert_eq!(next["errata"][0]["gone"]["quotations"], 1);
    let page = world.get("/digest/2026-W48").await.text();
    assert!(page.contains("strike it out"), "{page}");
    let feed = world.get("/digest.atom").await.text();
    assert!(
        feed.contains("Put right: Week from 16 to 22 November 2026"),
        "{feed}"
    );
    let right = |feed: &str| {
        let mut entries = feed.split("<entry").map(str::to_owned);
        entries.find(|entry| entry.contains("Put right"))
    };
    let first = right(&feed);
    // Once it is written down its moment stays.
    look_at(&world).await;
    days.store(8, Ordering::SeqCst);
    let feed = world.get("/digest.atom").await.text();
    assert_eq!(right(&feed), first);
    // A pause is over: it is quoted again, and nothing is to be struck out.
    hide(&world, 2, Visibility::default());
    look_at(&world).await;
    let again = world.json("/api/v1/digests/2026-W47").await;
    assert_eq!(again["emerging"][0]["quote"]["text"], text);
    assert_eq!(again["gone"]["quotations"], 0);
}

#[tokio::test]
async fn a_digest_says_what_went_of_it_while_its_days_last_and_when_it_said_more() {
    let (world, days) = world().await;
    look_at(&world).await;
    let running = world.json("/api/v1/digests/2026-W47").await;
    assert_eq!(running["gone"]["quotations"], 0, "{running}");
    let named = &running["emerging"][0];
    let quoted = named["quote"]["conversation"].as_str().expect("id");
    let hidden = || Visibility {
        conversations: [quoted.parse().expect("id")].into(),
        ..Visibility::default()
    };
    // It was paused and shown again in the same days: that counts no second time.
    hide(&world, 1, hidden());
    look_at(&world).await;
    hide(&world, 2, Visibility::default());
    look_at(&world).await;
    hide(&world, 3, hidden());
    let page = world.get("/digest/2026-W47").await.text();
    assert!(page.contains("Withdrawn since"), "at once: {page}");
    let running = world.json("/api/v1/digests/2026-W47").await;
    assert_eq!(running["gone"]["quotations"], 1, "{running}");
    // Written down anew, it quotes another one, and what it quoted went all the same.
    look_at(&world).await;
    let page = world.get("/digest/2026-W47").await.text();
    assert!(page.contains("Withdrawn since"), "still: {page}");
    days.store(7, Ordering::SeqCst);
    look_at(&world).await;
    let over = world.json("/api/v1/digests/2026-W47").await;
    assert_eq!(over["gone"]["quotations"], 1, "after its days: {over}");
    assert_eq!(over["emerging"][0]["said"], Value::Null, "it said as much");
}

#[tokio::test]
async fn a_digest_that_is_over_says_what_it_said_where_that_was_more() {
    let (world, days) = world().await;
    look_at(&world).await;
    days.store(7, Ordering::SeqCst);
    look_at(&world).await;
    let over = world.json("/api/v1/digests/2026-W47").await;
    let quoted = over["emerging"][0]["quote"]["conversation"].as_str();
    hide(
        &world,
        1,
        Visibility {
            conversations: [quoted.expect("id").parse().expect("id")].into(),
            ..Visibility::default()
        },
    );
    let less = world.json("/api/v1/digests/2026-W47").await;
    let item = &less["emerging"][0];
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let now = number(&item["conversations"]) - number(&item["near_copies"]);
    assert!(number(&item["said"]["conversations"]) > now, "{item}");
    let page = world.get("/digest/2026-W47").await.text();
    assert!(page.contains("Put right: this digest said"), "{page}");
}

#[tokio::test]
async fn the_slip_of_the_large_print_goes_where_the_settings_say_and_else_back_by_hand() {
    let world = World::new().await;
    let large = world.get("/digest?print=large").await.text();
    assert!(
        large.contains("give it to the person who gave you this sheet"),
        "{large}"
    );
    assert!(!world.get("/digest").await.text().contains("class=\"slip\""));
    let place = "Public Voice Office, Town Hall, Ashmere";
    let world = World::with(|config| config.reply_to = Some(place.to_owned())).await;
    let large = world.get("/digest?print=large").await.text();
    assert!(
        large.contains(place) && !large.contains("the person who gave"),
        "{large}"
    );
}

#[tokio::test]
async fn digests_are_of_all_of_areas_and_of_a_search() {
    let (world, _) = world().await;
    let ids = |digest: &serde_json::Value| digest["emerging"].as_array().map(Vec::len);
    let all = world.json("/api/v1/digests/2026-W47").await;
    assert!(ids(&all) > Some(0));
    let leeds = world
        .json("/api/v1/digests/2026-W47?area=council-leeds")
        .await;
    assert_eq!(leeds["areas"][0]["name"], "Leeds");
    assert!(ids(&leeds) > Some(0));
    let nowhere = world.get("/api/v1/digests/week?area=council-nowhere").await;
    assert_eq!(nowhere.status, StatusCode::BAD_REQUEST);
    let search = world.json("/api/v1/digests/2026-W47?q=phlebotomy").await;
    let query = search["search"]["query"].as_str().expect("a query");
    let listed = world.json(&format!("/api/v1/search?{query}")).await;
    assert_eq!(search["search"]["total"], listed["total"]);
    assert!(
        search["search"]["quotes"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    );
    assert_eq!(ids(&search), Some(0));
    let page = world.get("/digest/2026-W47?q=phlebotomy").await.text();
    assert!(page.contains("“<bdi>phlebotomy</bdi>”"), "{page}");
    let welsh = world.get("/cy/digest/2026-11").await.text();
    assert!(welsh.contains("Am beth mae pobl yn siarad") && welsh.contains("Tachwedd 2026"));
    for missing in ["2026-W48", "2026-W10", "2026-W60", "yesterday"] {
        let answer = world.get(&format!("/api/v1/digests/{missing}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
    let own_days = world.get("/api/v1/digests/week?after=2026-01-01").await;
    assert_eq!(own_days.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_told_early_has_its_odds_and_an_end_in_both_feeds() {
    let (world, days) = world().await;
    let empty = world.get("/topics/warnings.atom").await.text();
    assert!(!empty.contains("<entry"), "nothing was looked at yet");
    look_at(&world).await;
    let notices = world.json("/api/v1/topics/notices").await;
    let first = &notices["items"][0];
    assert_eq!(
        (&first["kind"], &first["holds"]),
        (&"emerging".into(), &true.into())
    );
    let label = first["topic"]["label"]
        .as_str()
        .expect("a label")
        .to_owned();
    let told = format!("Newly emerging: {}", crate::text::words::sentence(&label));
    for address in [
        "/topics/warnings.atom",
        "/topics/warnings.atom?language=en&area=council-leeds",
        "/topics/warnings.json?kind=emerging",
    ] {
        let feed = world.get(address).await.text();
        assert!(feed.contains(&told), "{address}: {feed}");
        assert!(feed.contains("odds"), "{address}: {feed}");
    }
    for address in [
        "/topics/warnings.atom?language=so",
        "/topics/warnings.json?kind=warning",
    ] {
        assert!(
            !world.get(address).await.text().contains(&told),
            "{address}"
        );
    }
    // All its networks leave: what is told is that it ended, at once and without its name.
    let networks = ["aire-carers", "kidney-friends", "rural-buses", "urdu-radio"];
    let networks = networks.map(World::id_of).into();
    hide(
        &world,
        1,
        Visibility {
            networks,
            ..Visibility::default()
        },
    );
    for address in ["/topics/warnings.atom", "/topics/warnings.json"] {
        let feed = world.get(address).await.text();
        assert!(
            feed.contains("No longer emerging: a topic that is no longer shown"),
            "{address}: {feed}"
        );
        assert!(
            !feed.contains(&label) && !feed.contains(&told),
            "{address}: {feed}"
        );
    }
    days.store(1, Ordering::SeqCst);
    look_at(&world).await;
    let ended = world.json("/api/v1/topics/notices").await;
    let ended = ended["items"][0]["ended"]
        .as_str()
        .expect("an end")
        .to_owned();
    assert_eq!(
        ended.parse::<Timestamp>().ok(),
        Some(NOW + SignedDuration::from_hours(24))
    );
    // It comes back as another one.
    hide(&world, 2, Visibility::default());
    look_at(&world).await;
    let feed = world.get("/topics/warnings.json").await.json();
    let titles: Vec<&str> = feed["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|item| item["title"].as_str())
        .collect();
    assert_eq!(
        titles.iter().filter(|title| **title == told).count(),
        2,
        "{titles:?}"
    );
    assert!(
        titles
            .iter()
            .any(|title| title.starts_with("No longer emerging"))
    );
}

/// Takes and makes every alert that is due, as if it was delivered.
async fn sent(world: &World, now: Timestamp) -> Vec<Value> {
    let state = State::new(world.parts.clone());
    let store = &world.parts.store;
    let mut sent = Vec::new();
    while let Some(claimed) = store.claim_deliveries(now, 1).await.expect("a queue").pop() {
        let request = webhook_request(&state, &claimed).await.expect("a request");
        let request = request.expect("it may be said");
        sent.push(serde_json::from_slice(&request.body).expect("JSON"));
        let settled = store.settle_delivery(&claimed, &Outcome::Delivered, now);
        settled.await.expect("settled");
    }
    sent
}

/// The same of mails.
async fn mailed(world: &World, now: Timestamp) -> Vec<Mail> {
    let state = State::new(world.parts.clone());
    let store = &world.parts.store;
    let mut sent = Vec::new();
    while let Some(claimed) = store.claim_mails(now, 1).await.expect("a queue").pop() {
        let made = mail(&state, &claimed).await.expect("a mail");
        let made = made.expect("it may be said");
        let settled = store.settle_mail(&claimed, &made.told, &Outcome::Delivered, now, now);
        settled.await.expect("settled");
        sent.push(made);
    }
    sent
}

#[tokio::test]
async fn what_is_told_early_is_queued_by_number_and_said_in_words_of_the_moment() {
    let world = World::with(|config| {
        config.operations.may_send_to = Arc::new(|_| Box::pin(async { Ok(()) }));
    })
    .await;
    let who = key_for(&world, &[KeyScope::Follow], 600).await;
    let save = async |early: Value| {
        let hook = json!({"webhook": "https://hooks.example/a"});
        let body = json!({"early": early, "deliver": hook}).to_string();
        ask(&world, "POST", "/api/v1/follows", &who, &body).await
    };
    let made =
        save(json!({"kind": "emerging", "language": ["en"], "area": ["council-leeds"]})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_eq!(made["early"]["kind"], "emerging");
    assert_eq!(made["search"], Value::Null);
    save(json!({"language": ["so"]})).await;
    for wrong in [
        json!({"kind": "late"}),
        json!({"q": "blood"}),
        json!({"kind": ["warning"]}),
    ] {
        assert_eq!(save(wrong).await.status, StatusCode::BAD_REQUEST);
    }
    look_at(&world).await;
    look_at(&world).await;
    let told = sent(&world, NOW).await;
    assert!(!told.is_empty());
    let begun = &told[0];
    assert_eq!(begun["type"], "topic.begun");
    let label = begun["topic"]["topic"]["label"]
        .as_str()
        .expect("a label")
        .to_owned();
    let text = begun["topic"]["text"].as_str().expect("a text");
    assert!(text.contains("odds"), "{text}");
    assert!(
        told.iter().all(|one| one["follow"] == made["id"]),
        "once, and to one alone"
    );
    let address = format!(
        "/api/v1/follows/{}/deliveries",
        made["id"].as_str().expect("id")
    );
    let list = ask(&world, "GET", &address, &who, "").await.text();
    assert!(
        list.contains("\"notice\":") && !list.contains(&label),
        "{list}"
    );

    let networks = ["aire-carers", "kidney-friends", "rural-buses", "urdu-radio"];
    hide(
        &world,
        1,
        Visibility {
            networks: networks.map(World::id_of).into(),
            ..Visibility::default()
        },
    );
    look_at(&world).await;
    let ended = sent(&world, NOW).await;
    assert_eq!(ended.len(), told.len());
    assert_eq!(ended[0]["type"], "topic.ended");
    assert_eq!(ended[0]["topic"]["number"], begun["topic"]["number"]);
    let said = ended[0].to_string();
    assert!(!said.contains(&label), "{said}");
    assert!(sent(&world, NOW).await.is_empty());
}

async fn ask_for_mail(world: &World, form: &str, from: [u8; 4]) -> Answer {
    ask_at(world, "/digest/mail", form, from).await
}

async fn ask_at(world: &World, path: &str, form: &str, from: [u8; 4]) -> Answer {
    let mut request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(form.to_owned()))
        .expect("a request");
    let peer = SocketAddr::from((from, 4000));
    request.extensions_mut().insert(ConnectInfo(peer));
    world.send(request).await
}

#[tokio::test]
async fn digests_by_mail_are_off_unless_turned_on_and_limited_by_address_block() {
    let form = "digest=&email=reader%40narwhal.example";
    let (off, _) = world().await;
    assert_eq!(
        ask_for_mail(&off, form, [203, 0, 113, 7]).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(!off.get("/digest").await.text().contains("/digest/mail"));

    let days = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&days);
    let world = World::with(|config| {
        config.operations.mails = true;
        config.operations.digest_mails = true;
        config.clock =
            Arc::new(move || NOW + SignedDuration::from_hours(24 * passed.load(Ordering::SeqCst)));
    })
    .await;
    assert!(world.get("/digest").await.text().contains("/digest/mail"));
    let elsewhere = Request::post("/digest/mail")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty())
        .expect("a request");
    assert_eq!(world.send(elsewhere).await.status, StatusCode::FORBIDDEN);
    let wrong = ask_for_mail(&world, "digest=&email=nobody", [203, 0, 113, 7])
        .await
        .text();
    assert!(
        wrong.contains("value=\"nobody\"") && wrong.contains("one mail address"),
        "{wrong}"
    );
    // Whether an address is known is not told.
    let first = ask_for_mail(&world, form, [203, 0, 113, 7]).await.text();
    assert!(first.contains("Look at your mail"), "{first}");
    assert_eq!(
        ask_for_mail(&world, form, [203, 0, 113, 8]).await.text(),
        first
    );
    for n in 0..2 {
        let form = format!("digest=&email=r{n}%40narwhal.example");
        ask_for_mail(&world, &form, [203, 0, 113, 9]).await;
    }
    let fifth = ask_for_mail(&world, form, [203, 0, 113, 10]).await.text();
    assert!(fifth.contains("as often as it may be"), "{fifth}");
    let other = ask_for_mail(
        &world,
        "digest=every%3Dmonth&email=m%40narwhal.example",
        [203, 0, 114, 7],
    );
    assert!(other.await.text().contains("Look at your mail"));

    let asked = mailed(&world, NOW).await;
    assert_eq!(asked.len(), 4);
    let asks = asked
        .iter()
        .find(|mail| mail.to.as_str() == "reader@narwhal.example");
    let asks = asks.expect("a mail");
    assert!(
        asks.text.contains("Somebody asked") && !asks.text.contains("narwhal"),
        "{}",
        asks.text
    );
    let confirm = asks
        .text
        .split_whitespace()
        .find(|word| word.contains("/mail/confirm/"));
    let confirm = confirm
        .expect("a link")
        .replace("https://discover.example", "");
    let yes = Request::post(&confirm)
        .body(Body::empty())
        .expect("a request");
    let page = world.send(yes).await.text();
    assert!(
        page.contains("The digest is sent to your address"),
        "{page}"
    );

    look_at(&world).await;
    days.store(2, Ordering::SeqCst);
    look_at(&world).await;
    let now = NOW + SignedDuration::from_hours(48);
    let digest = mailed(&world, now).await;
    assert_eq!(digest.len(), 1, "who did not say yes gets nothing");
    let text = &digest[0].text;
    assert!(
        text.contains("Week from 16 to 22 November 2026") && text.contains("/digest/2026-W47"),
        "{text}"
    );
    assert!(digest[0].stop.is_some());
    assert!(mailed(&world, now).await.is_empty());

    let held = world.json("/api/v1/digests/2026-W47").await;
    let quote = &held["emerging"][0]["quote"];
    let quoted = quote["conversation"].as_str().expect("id");
    hide(
        &world,
        1,
        Visibility {
            conversations: [quoted.parse().expect("id")].into(),
            ..Visibility::default()
        },
    );
    look_at(&world).await;
    look_at(&world).await;
    let errata = mailed(&world, now).await;
    assert_eq!(errata.len(), 1);
    let text = &errata[0].text;
    assert!(
        text.contains("Put right") && text.contains("strike it out"),
        "{text}"
    );
    let title = quote["title"].as_str().expect("a title");
    assert!(!text.contains(title) && !text.contains(quoted), "{text}");
    days.store(3, Ordering::SeqCst);
    look_at(&world).await;
    let later = NOW + SignedDuration::from_hours(72);
    assert!(mailed(&world, later).await.is_empty(), "once");
    let stop = errata[0].stop.as_ref().expect("a link").path().to_owned();
    let no = Request::post(&stop)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("List-Unsubscribe=One-Click"))
        .expect("a request");
    assert!(world.send(no).await.status.is_success());
    let page = world
        .send(
            Request::post(&confirm)
                .body(Body::empty())
                .expect("a request"),
        )
        .await;
    assert!(page.text().contains("Nothing is sent"));
}

#[tokio::test]
async fn alerts_by_mail_are_off_unless_turned_on_and_asked_for_under_the_limits_of_digests() {
    let (off, _) = world().await;
    let form = "search=q%3Dphlebotomy&every=week&email=reader%40narwhal.example";
    let refused = ask_at(&off, "/search/mail", form, [203, 0, 113, 7]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let page = off.get("/search?q=phlebotomy").await.text();
    assert!(!page.contains("/search/mail"));

    let world = World::with(|config| {
        config.operations.mails = true;
        config.operations.alert_mails = true;
    })
    .await;
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"].as_str().expect("id").to_owned();
    for (path, search) in [
        ("/search?q=phlebotomy".to_owned(), "q=phlebotomy"),
        (format!("/topics/{topic}"), &*format!("topic={topic}")),
    ] {
        let page = world.get(&path).await.text();
        let field = format!("name=\"search\" value=\"{search}\"");
        assert!(
            page.contains("/search/mail") && page.contains(&field),
            "{path}"
        );
    }
    // Nobody is offered a mail of everything, and nobody gets one.
    assert!(!world.get("/search").await.text().contains("/search/mail"));
    for wrong in [
        "",
        "search=q%3D%2522open&email=a%40b.example",
        "search=x%3D1",
    ] {
        let answer = ask_at(&world, "/search/mail", wrong, [203, 0, 113, 7]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let mistyped = "search=q%3Dphlebotomy&every=week&email=nobody";
    let mistyped = ask_at(&world, "/search/mail", mistyped, [203, 0, 113, 7]).await;
    let mistyped = mistyped.text();
    assert!(
        mistyped.contains("value=\"nobody\"") && mistyped.contains("value=\"week\" selected"),
        "{mistyped}"
    );
    // Whether an address is known is not told.
    let first = ask_at(&world, "/search/mail", form, [203, 0, 113, 7]).await;
    let first = first.text();
    assert!(first.contains("Look at your mail"), "{first}");
    let again = ask_at(&world, "/search/mail", form, [203, 0, 113, 8]).await;
    assert_eq!(again.text(), first);
    for _ in 0..2 {
        ask_at(&world, "/search/mail", form, [203, 0, 113, 9]).await;
    }
    let fifth = ask_at(&world, "/search/mail", form, [203, 0, 113, 10]).await;
    assert!(fifth.text().contains("as often as it may be"));

    let asked = mailed(&world, NOW).await;
    assert_eq!(asked.len(), 1);
    let text = &asked[0].text;
    // It goes to somebody who may not have asked for it.
    assert!(
        text.contains("Somebody asked") && !text.contains("phlebotomy"),
        "{text}"
    );
    let confirm = text
        .split_whitespace()
        .find(|word| word.contains("/mail/confirm/"));
    let confirm = confirm
        .expect("a link")
        .replace("https://discover.example", "");
    let yes = Request::post(&confirm).body(Body::empty());
    let page = world.send(yes.expect("a request")).await.text();
    assert!(page.contains("at most once a week"), "{page}");
    let follow = world
        .parts
        .store
        .follows_about(discover_store::FollowAbout::Search);
    let follow = follow.await.expect("follows").remove(0);
    assert!(follow.search.contains("q=phlebotomy"), "{}", follow.search);
    assert_eq!(follow.began, world.parts.index.committed_seq());
}
