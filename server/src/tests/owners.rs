//! What owners and visitors do: registering, leaving, objecting, checking.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use discover_model::Scope;
use discover_model::grant::GrantState;
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::proof::Proof;
use discover_store::{Hide, ObjectionState};

use super::access::{Counting, Who, ask, log_in};
use super::world::{NOW, World};
use crate::operations::{Change, OperationError, Operations, ProofNow, Settings, Terms};

/// The value of a hidden field.
fn field(html: &str, name: &str) -> String {
    html.split(&format!("name=\"{name}\" value=\""))
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}

fn form(pairs: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    form.finish()
}

/// T18: registration spam.
#[tokio::test]
async fn ten_thousand_registrations_ask_nobody_for_anything_and_leave_the_service_usable() {
    let (world, counting) = Counting::world().await;
    let before = world.parts.store.networks().await.expect("networks").len();
    let mut last = String::new();
    for n in 0..10_000 {
        let form = form(&[
            ("address", &format!("https://s{n}.example/")),
            ("groups", "none"),
            ("method", "well-known"),
        ]);
        let answer = ask(&world, "POST", "/register", &Who::Anybody, &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        last = answer.header("location").to_owned();
    }
    assert_eq!(
        counting.looks.load(Ordering::Relaxed),
        0,
        "nobody was asked"
    );
    let after = world.parts.store.networks().await.expect("networks").len();
    assert_eq!(before, after, "nothing is kept of who only asks");
    let page = ask(&world, "GET", &last, &Who::Anybody, "").await.text();
    assert!(page.contains("token of"), "{page}");
    assert_eq!(world.get("/").await.status, StatusCode::OK);

    // Whoever presses the button without end has the one site looked at a few times, at its proof's address only.
    let ticket: Vec<(String, String)> = ["id", "method", "address", "brake", "seal"]
        .map(|name| (name.to_owned(), field(&page, name)))
        .to_vec();
    let pairs: Vec<(&str, &str)> = ticket
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut limited = 0;
    for _ in 0..50 {
        let answer = ask(
            &world,
            "POST",
            "/register/preview",
            &Who::Anybody,
            &form(&pairs),
        )
        .await;
        limited += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(counting.looks.load(Ordering::Relaxed) <= 6 && limited >= 44);
}

#[tokio::test]
async fn one_question_is_asked_at_a_time_nothing_is_preset_and_nothing_typed_is_lost() {
    let (world, counting) = Counting::world().await;
    let post = async |path: &str, pairs: &[(&str, &str)]| {
        ask(&world, "POST", path, &Who::Anybody, &form(pairs)).await
    };
    let first = ask(&world, "GET", "/register", &Who::Anybody, "")
        .await
        .text();
    assert!(first.contains("question 1 of 11") && !first.contains(" checked"));
    let typed = "https://forum.kirkhollow <hearts>.example";
    let wrong = post("/register", &[("step", "address"), ("address", typed)]).await;
    let html = wrong.text();
    assert!(
        html.contains("<title>Error: ") && html.contains("<a href=\"#address\">"),
        "{html}"
    );
    assert!(html.contains("value=\"https://forum.kirkhollow &#60;hearts&#62;.example\""));
    assert!(html.contains("aria-invalid=\"true\""));
    let address = ("address", "https://forum.example.org/t/");
    let groups = post("/register", &[("step", "address"), address])
        .await
        .text();
    assert!(
        groups.contains("question 2 of 11") && !groups.contains(" checked"),
        "{groups}"
    );
    assert!(groups.contains("name=\"address\" value=\"https://forum.example.org/t/\""));
    assert!(!groups.contains("<title>Error: "), "{groups}");
    let none = post("/register", &[("step", "groups"), address])
        .await
        .text();
    assert!(none.contains("<title>Error: "), "{none}");
    // Whoever has to be protected is asked once more, and no answer is taken for granted.
    let child = [address, ("groups", "child")];
    let excerpts = post("/register", &[child[0], child[1], ("step", "groups")]).await;
    assert!(excerpts.text().contains("May short extracts be shown?"));
    let back = post("/register", &[child[0], child[1], ("back", "groups")])
        .await
        .text();
    assert!(back.contains("value=\"child\" checked"), "{back}");
    let all = [
        child[0],
        child[1],
        ("excerpts", "no"),
        ("method", "well-known"),
        ("step", "method"),
    ];
    let begun = post("/register", &all).await;
    let proof = begun.header("location").to_owned();
    assert!(proof.contains("brake=links"), "{proof}");
    let page = ask(&world, "GET", &proof, &Who::Anybody, "").await.text();
    let file = proof.replace("/register/proof?", "/register/file?");
    assert!(page.contains(&file.replace('&', "&#38;")), "{page}");
    let file = ask(&world, "GET", &file, &Who::Anybody, "").await;
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"discover-consent.json\""
    );
    let file = file.json();
    assert!(
        file["token"]
            .as_str()
            .is_some_and(|token| page.contains(token))
    );
    assert_eq!(file["scope"][0], "https://forum.example.org/t/");
    assert_eq!(
        counting.looks.load(Ordering::Relaxed),
        0,
        "nobody was asked"
    );
}

#[tokio::test]
async fn a_registration_that_was_not_begun_here_is_refused() {
    let (world, counting) = Counting::world().await;
    let begun = form(&[
        ("address", "https://site.example/"),
        ("groups", "none"),
        ("method", "well-known"),
    ]);
    let answer = ask(&world, "POST", "/register", &Who::Anybody, &begun).await;
    let honest = answer.header("location").to_owned();
    for (from, to) in [
        ("site.example", "evil.example"),
        ("well-known", "meta"),
        ("id=a", "id=b"),
    ] {
        let forged = honest.replacen(from, to, 1);
        assert_ne!(forged, honest, "{from}");
        let answer = ask(&world, "GET", &forged, &Who::Anybody, "").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{forged}");
    }
    assert_eq!(counting.looks.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn an_owner_sees_changes_and_leaves_the_own_network_only() {
    let (world, counting) = Counting::world().await;
    let owner = log_in(&world, "aire-carers").await;
    let home = ask(&world, "GET", "/owner", &owner, "").await.text();
    assert!(home.contains("Aire Carers") && !home.contains("Bakers"));
    assert!(
        home.contains("https://aire-carers.example/hidden"),
        "what was refused, by address"
    );
    let token = field(&home, "form");
    let all = ask(&world, "GET", "/owner/download", &owner, "")
        .await
        .text();
    assert!(all.contains("aire-carers.example") && !all.contains("bakers.example"));
    assert!(
        !all.contains("person 1"),
        "no names, not even for the owner"
    );

    // Something of another network cannot be named.
    let other = world.json("/api/v1/search?q=starter").await["items"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    for (what, which) in [
        ("conversation", other.as_str()),
        ("path", "https://bakers.example/"),
        ("source", "https://bakers.example/feed"),
        ("post", other.as_str()),
    ] {
        let form = form(&[("form", &token), ("what", what), ("which", which)]);
        let answer = ask(&world, "POST", "/owner/leave", &owner, &form).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
    }
    let pause = ask(
        &world,
        "POST",
        "/owner/pause",
        &owner,
        &form(&[("form", &token)]),
    )
    .await;
    assert_eq!(pause.status, StatusCode::SEE_OTHER);
    let leave = form(&[("form", &token), ("what", "all")]);
    let left = ask(&world, "POST", "/owner/leave", &owner, &leave).await;
    assert_eq!(left.status, StatusCode::OK);
    let id = World::id_of("aire-carers");
    assert_eq!(
        *counting.changes.lock().expect("changes"),
        [Change::Pause(id), Change::Leave(Hide::Network(id))]
    );
    // Every session of the network ended with it.
    let again = ask(&world, "GET", "/owner", &owner, "").await;
    assert_eq!(again.header("location"), "/owner/login");
}

#[tokio::test]
async fn an_owner_whose_withdrawal_the_disk_does_not_take_is_told_so_and_stays_logged_in() {
    let world = World::with(|config| {
        config.operations = Operations {
            set: Arc::new(|_| {
                let words = "hidden, and the disk could not take it".to_owned();
                Box::pin(async { Err(OperationError::Unavailable(words)) })
            }),
            ..Operations::default()
        };
    })
    .await;
    let owner = log_in(&world, "aire-carers").await;
    let page = ask(&world, "GET", "/owner/leave", &owner, "").await.text();
    let leave = form(&[("form", &field(&page, "form")), ("what", "all")]);
    let left = ask(&world, "POST", "/owner/leave", &owner, &leave).await;
    assert_eq!(left.status, StatusCode::SERVICE_UNAVAILABLE);
    let said = left.text();
    assert!(said.contains("the disk could not take it"), "{said}");
    let again = ask(&world, "GET", "/owner", &owner, "").await;
    assert_eq!(again.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_key_an_unknown_network_and_the_consent_token_log_nobody_in() {
    let (world, _) = Counting::world().await;
    let key = world
        .parts
        .store
        .make_owner_key(World::id_of("bakers"), NOW)
        .await
        .expect("a key");
    let mut answers = Vec::new();
    for (slug, key) in [
        ("aire-carers", key.as_str()),
        ("nobody", key.as_str()),
        ("bakers", ""),
        ("bakers", "token of a network"),
    ] {
        let form = form(&[("slug", slug), ("key", key)]);
        let answer = ask(&world, "POST", "/owner/login", &Who::Anybody, &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{slug}");
        assert_eq!(answer.header("set-cookie"), "");
        answers.push(answer.text().replace(slug, "SLUG"));
    }
    assert_eq!(
        answers[0], answers[1],
        "an unknown network is answered like a wrong key"
    );
    // Ten tries in a row, then one waits.
    let wrong = form(&[("slug", "bakers"), ("key", "x")]);
    let mut throttled = 0;
    for _ in 0..10_000 {
        let answer = ask(&world, "POST", "/owner/login", &Who::Anybody, &wrong).await;
        throttled += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(throttled > 9_980, "{throttled}");
    // Whoever has the key is kept out by none of that.
    for slug in ["bakers", " bakers "] {
        let right = form(&[("slug", slug), ("key", &key)]);
        let answer = ask(&world, "POST", "/owner/login", &Who::Anybody, &right).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{slug:?}");
    }
}

#[tokio::test]
async fn looks_of_anybody_keep_no_owner_waiting() {
    let (world, _) = Counting::world().await;
    let owner = log_in(&world, "bakers").await;
    let path = "/networks/bakers/look-now";
    let mut last = StatusCode::OK;
    for _ in 0..20 {
        last = ask(&world, "POST", path, &Who::Anybody, "").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let home = ask(&world, "GET", "/owner", &owner, "").await.text();
    let token = form(&[("form", &field(&home, "form"))]);
    let look = ask(&world, "POST", "/owner/look-now", &owner, &token).await;
    assert_eq!(look.status, StatusCode::OK, "{}", look.text());
}

#[tokio::test]
async fn a_session_ends_with_the_key_and_with_the_network_and_needs_the_hosts_own_cookie() {
    let (world, _) = Counting::world().await;
    let store = &world.parts.store;
    let bakers = World::id_of("bakers");
    let home = async |who: &Who| ask(&world, "GET", "/owner", who, "").await.status;
    let owner = log_in(&world, "bakers").await;
    assert_eq!(home(&owner).await, StatusCode::OK);
    let Who::Browser(cookie) = &owner else {
        panic!("a browser")
    };
    let plain = Who::Browser(cookie.replace("__Host-discover", "discover"));
    assert_eq!(home(&plain).await, StatusCode::SEE_OTHER);
    store.make_owner_key(bakers, NOW).await.expect("a key");
    assert_eq!(home(&owner).await, StatusCode::SEE_OTHER);
    let owner = log_in(&world, "bakers").await;
    assert_eq!(home(&owner).await, StatusCode::OK);
    // By the file, or by the operator: nobody tells the server's sessions.
    let left = store.withdraw_network(bakers, Actor::Operator, NOW).await;
    left.expect("it leaves");
    assert_eq!(home(&owner).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_file_logs_in_only_where_a_standing_grant_rests_on_it() {
    let (world, _) = Counting::world().await;
    let store = &world.parts.store;
    let bakers = World::id_of("bakers");
    let by_file = form(&[("slug", "bakers")]);
    let ask_file = async || {
        ask(&world, "POST", "/owner/login/file", &Who::Anybody, &by_file)
            .await
            .text()
    };
    let said = ask_file().await;
    assert!(said.contains("discover-consent.json"), "{said}");
    for grant in store.grants(Some(bakers)).await.expect("grants") {
        let grant = grant.in_state(GrantState::Lapsed);
        let lapsed = store.put_grant(&grant, LedgerEvent::Lapsed, Actor::System, NOW);
        lapsed.await.expect("a grant");
    }
    let said = ask_file().await;
    assert!(!said.contains("discover-consent.json"), "{said}");
}

#[tokio::test]
async fn a_profile_speaks_for_no_site_and_each_join_takes_a_turn() {
    let (world, _) = Counting::world().await;
    let begin = async |method: &str| {
        let asked = form(&[
            ("address", "https://forum.example.org/"),
            ("groups", "none"),
            ("method", method),
            ("step", "method"),
        ]);
        ask(&world, "POST", "/register", &Who::Anybody, &asked).await
    };
    let refused = begin("profile").await;
    assert_eq!(refused.status, StatusCode::OK);
    assert!(refused.text().contains("is proof for that account alone"));
    let begun = begin("well-known").await;
    let page = ask(&world, "GET", begun.header("location"), &Who::Anybody, "")
        .await
        .text();
    let ticket =
        ["id", "method", "address", "brake", "seal"].map(|name| (name, field(&page, name)));
    let mut pairs: Vec<(&str, &str)> = ticket
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    pairs.extend([
        ("name", "Forum"),
        ("owner", "Society"),
        ("councils", ""),
        ("days", "100"),
        ("contact", ""),
        ("told", "yes"),
        ("sources", "feed https://forum.example.org/feed"),
        ("agreed", "yes"),
    ]);
    let mut answers = Vec::new();
    for _ in 0..8 {
        let answer = ask(
            &world,
            "POST",
            "/register/join",
            &Who::Anybody,
            &form(&pairs),
        )
        .await;
        answers.push(answer.status);
    }
    // The operations of this test carry out no registration.
    assert_eq!(answers[0], StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answers[7], StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn anybody_can_have_a_post_hidden_without_saying_who_they_are() {
    let (world, counting) = Counting::world().await;
    let found = world.json("/api/v1/search?q=starter").await;
    let id = found["items"][0]["id"].as_str().expect("an id").to_owned();
    let page = form(&[
        ("post", &format!("/conversations/{id}")),
        ("ground", "concerned"),
    ]);
    let done = ask(&world, "POST", "/object", &Who::Anybody, &page).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert_eq!(done.header("set-cookie"), "");
    let open = world
        .parts
        .store
        .open_objections()
        .await
        .expect("objections");
    assert_eq!((open.len(), open[0].state), (1, ObjectionState::Open));
    assert!(
        done.text()
            .contains(&world.parts.store.objection_code(open[0].id))
    );
    assert_eq!(
        *counting.changes.lock().expect("changes"),
        [Change::Publish]
    );
    let hidden = world.parts.store.visibility().await.expect("visibility");
    assert!(hidden.posts.contains(&open[0].post));
    let none = form(&[("post", "https://elsewhere.example/"), ("ground", "other")]);
    let none = ask(&world, "POST", "/object", &Who::Anybody, &none).await;
    assert!(none.text().contains("We hold no post at this address"));
}

/// P13: the page equals a replay of the ledger.
#[tokio::test]
async fn the_transparency_page_says_what_the_ledger_says() {
    let world = World::new().await;
    let store = &world.parts.store;
    store
        .withdraw_network(World::id_of("bakers"), Actor::Owner, NOW)
        .await
        .expect("withdrawn");
    let erased = store.erase(NOW).await.expect("erased");
    store.receipt(&erased, NOW).await.expect("receipt");
    let tomorrow = NOW + jiff::SignedDuration::from_hours(24);
    store.sign_heads(tomorrow).await.expect("signed");
    let entries = store.ledger(0, 100).await.expect("ledger");
    let shown = world.json("/api/v1/transparency").await;
    let mut counted = std::collections::BTreeMap::new();
    for entry in &entries {
        *counted.entry(entry.fact.event.as_str()).or_insert(0_u64) += 1;
    }
    for (event, count) in &counted {
        assert_eq!(shown["ledger"][event], *count, "{event}");
    }
    let purged: u64 = entries.iter().filter_map(|entry| entry.fact.posts).sum();
    assert_eq!(shown["purged_posts"], purged);
    let left = entries
        .iter()
        .filter(|entry| entry.fact.event == LedgerEvent::Withdrawn)
        .count();
    assert_eq!(shown["left"], left);
    let head = &shown["heads"]["items"][0];
    assert_eq!(head["hash"], entries.last().expect("entries").hash);
    let page = world.get("/transparency").await.text();
    assert!(page.contains(head["hash"].as_str().expect("a hash")));
    // The whole ledger can be read, and checked, from outside.
    let ledger = world.json("/api/v1/ledger?limit=100").await;
    let read: Vec<discover_model::ledger::LedgerEntry> =
        serde_json::from_value(ledger["items"].clone()).expect("entries");
    assert_eq!(read, entries);
    discover_model::ledger::verify(&read, None).expect("a whole chain");
}

/// Every later change shows the difference first, and only what was shown is carried out.
#[tokio::test]
async fn a_change_is_shown_before_it_is_made_and_nothing_else_is_made() {
    let (mut world, _) = Counting::world().await;
    let network = World::id_of("aire-carers");
    let granted = world
        .parts
        .store
        .grants(Some(network))
        .await
        .expect("grants")
        .remove(0);
    let settled: Arc<Mutex<Vec<Settings>>> = Arc::default();
    // What the owner's file says is changed while the owner looks.
    let scope: Arc<Mutex<&str>> = Arc::new(Mutex::new("/t/"));
    let (seen, kept) = (Arc::clone(&scope), Arc::clone(&settled));
    world.parts.config.operations.terms = Arc::new(move |_| {
        let path = *seen.lock().expect("scope");
        let proof = Proof {
            scope: Scope::new(granted.scope.origin().clone(), &[path]).expect("scope"),
            folder: None,
            purposes: granted.purposes.clone(),
            retention_days: None,
            expires: None,
            members_told: true,
            withdrawn: false,
            nonce: None,
            unknown: Vec::new(),
            sha256: format!("hash of {path}"),
        };
        let granted = granted.clone();
        let proofs = vec![ProofNow {
            granted,
            seen: Ok(proof),
        }];
        Box::pin(async {
            Ok(Terms {
                proofs,
                found: None,
            })
        })
    });
    world.parts.config.operations.settle = Arc::new(move |settings| {
        kept.lock().expect("settled").push(settings);
        Box::pin(async { Ok(()) })
    });
    world.router = crate::router(world.parts.clone());
    let owner = log_in(&world, "aire-carers").await;
    let page = ask(&world, "GET", "/owner/change", &owner, "").await.text();
    let token = field(&page, "form");
    let send = |days: &'static str, agreed: String| {
        let body = form(&[
            ("form", &token),
            ("name", "Aire Carers"),
            ("owner", "Aire Carers Association"),
            ("contact", "secret@owner.example"),
            ("days", days),
            ("agreed", &agreed),
        ]);
        let (world, owner) = (&world, &owner);
        async move { ask(world, "POST", "/owner/change", owner, &body).await }
    };
    let shown = send("5", String::new()).await.text();
    for words in ["365 days", "5 days", "/feed", "older than is kept"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let seal = field(&shown, "agreed");
    assert_eq!(settled.lock().expect("settled").len(), 0, "only shown");
    // Agreed to one thing, and sent another; or the proof has changed since.
    let other = send("6", seal.clone()).await;
    assert!(other.text().contains("6 days"));
    *scope.lock().expect("scope") = "/t/9";
    let fell = send("5", seal.clone()).await.text();
    assert!(fell.contains("fall out of what may be read"), "{fell}");
    assert_eq!(settled.lock().expect("settled").len(), 0);
    assert!(!fell.contains("allows more than was agreed"), "{fell}");
    *scope.lock().expect("scope") = "/";
    let wider = send("5", seal.clone()).await.text();
    assert!(
        wider.contains("allows more than was agreed: https://aire-carers.example/."),
        "{wider}"
    );
    assert_eq!(settled.lock().expect("settled").len(), 0);
    *scope.lock().expect("scope") = "/t/";
    assert_eq!(send("5", seal).await.header("location"), "/owner");
    let settled = settled.lock().expect("settled");
    assert_eq!((settled.len(), settled[0].retention_days), (1, 5));
}

#[tokio::test]
async fn a_mistake_in_a_change_is_said_at_its_field_and_nothing_typed_is_lost() {
    let (mut world, _) = Counting::world().await;
    world.parts.config.operations.terms = Arc::new(|thought| {
        Box::pin(async move {
            let add = thought.add.expect("an address");
            Err(OperationError::Refused(format!("{add} is of another site")))
        })
    });
    world.router = crate::router(world.parts.clone());
    let owner = log_in(&world, "aire-carers").await;
    let page = ask(&world, "GET", "/owner/change", &owner, "").await.text();
    let token = field(&page, "form");
    let send = async |contact: &str, days: &str, add: &str| {
        let body = form(&[
            ("form", &token),
            ("name", "Aire <Carers>"),
            ("owner", "Aire Carers Association"),
            ("contact", contact),
            ("days", days),
            ("add", add),
        ]);
        ask(&world, "POST", "/owner/change", &owner, &body).await
    };
    let wrong = send("ring us", "many", "a feed").await;
    assert_eq!(wrong.status, StatusCode::OK);
    let html = wrong.text();
    assert!(html.contains("<title>Error: "), "{html}");
    for (name, typed) in [("contact", "ring us"), ("days", "many"), ("add", "a feed")] {
        for said in [
            format!("<a href=\"#{name}\">"),
            format!("id=\"{name}-error\""),
            format!("aria-describedby=\"{name}-error\""),
            format!("value=\"{typed}\""),
        ] {
            assert!(html.contains(&said), "{said}: {html}");
        }
    }
    assert!(html.contains("value=\"Aire &#60;Carers&#62;\"") && !html.contains("name-error"));
    // What only a look at the site can tell is said at its field too.
    let refused = send("clerk@aire.example", "5", "https://other.example/feed").await;
    assert_eq!(refused.status, StatusCode::OK);
    let html = refused.text();
    assert!(
        html.contains("https://other.example/feed is of another site")
            && html.contains("id=\"add-error\"")
            && html.contains("value=\"clerk@aire.example\""),
        "{html}"
    );
}

#[tokio::test]
async fn a_page_that_answers_a_form_of_the_registration_can_be_come_back_to() {
    let (world, _) = Counting::world().await;
    let typed = form(&[
        ("step", "address"),
        ("address", "https://forum.example.org/"),
    ]);
    let page = ask(&world, "POST", "/register", &Who::Anybody, &typed).await;
    assert_eq!(page.header("cache-control"), "private, no-cache");
    assert_eq!(page.header("set-cookie"), "");
    // Of the questions the first has an address of its own.
    let first = ask(&world, "GET", "/register", &Who::Anybody, "").await;
    assert_eq!(first.header("cache-control"), "private, no-cache");
}

#[tokio::test]
async fn an_owners_home_says_what_is_related_elsewhere_and_how_often_it_was_found() {
    let (world, _) = Counting::world().await;
    let found = world
        .json("/api/v1/search?q=phlebotomy&network=aire-carers")
        .await;
    let id = found["items"][0]["id"].as_str().expect("an id").to_owned();
    world.get(&format!("/conversations/{id}")).await;
    world
        .get("/api/v1/search/export?q=phlebotomy&network=aire-carers")
        .await;
    let owner = log_in(&world, "aire-carers").await;
    let home = ask(&world, "GET", "/owner", &owner, "").await.text();
    let row = "<th scope=\"row\"><time datetime=\"2026-11-22\">22 November 2026</time></th><td class=\"num\">2</td><td class=\"num\">1</td><td class=\"num\">0</td><td class=\"num\">2</td>";
    assert!(home.contains(row), "{home}");
    assert!(home.contains("Kidney &#60;Friends&#62; &#38; Co"), "{home}");
}
