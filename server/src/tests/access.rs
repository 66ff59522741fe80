//! The table of access against the router, route by route.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use discover_model::NetworkId;
use discover_store::{KeyScope, NewKey};

use super::world::{Answer, NOW, World};
use crate::access::{Access, ROUTES, access};
use crate::operations::{Change, Looked, Operations, Preview};
use crate::owner::session::Sessions;

/// Operations that are counted and carry out nothing but what needs no crawler.
pub(super) struct Counting {
    pub(super) looks: Arc<AtomicUsize>,
    pub(super) changes: Arc<std::sync::Mutex<Vec<Change>>>,
}

impl Counting {
    pub(super) async fn world() -> (World, Self) {
        let counting = Self {
            looks: Arc::default(),
            changes: Arc::default(),
        };
        let (looks, previews) = (Arc::clone(&counting.looks), Arc::clone(&counting.looks));
        let changes = Arc::clone(&counting.changes);
        let numbers = Arc::new(AtomicUsize::new(1));
        let ids = Arc::clone(&numbers);
        let world = World::with(|config| {
            config.operations = Operations {
                look_now: Arc::new(move |_| {
                    looks.fetch_add(1, Ordering::Relaxed);
                    Box::pin(async { Ok(Looked::Stands) })
                }),
                preview: Arc::new(move |_| {
                    previews.fetch_add(1, Ordering::Relaxed);
                    Box::pin(async { Ok(Preview::NoProof) })
                }),
                set: Arc::new(move |change| {
                    changes.lock().expect("changes").push(change);
                    Box::pin(async { Ok(()) })
                }),
                token: Arc::new(|network, subject| {
                    format!("token of {network} {}", subject.root())
                }),
                fresh_id: Arc::new(move || {
                    NetworkId::from_u128(1000 + ids.fetch_add(1, Ordering::Relaxed) as u128)
                }),
                random: Arc::new(move || {
                    let mut random = [0; 32];
                    let n = numbers.fetch_add(1, Ordering::Relaxed) as u64;
                    random[..8].copy_from_slice(&n.to_be_bytes());
                    random
                }),
                ..Operations::default()
            };
        })
        .await;
        (world, counting)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    Anybody,
    /// With this cookie.
    Browser(String),
    /// With this key.
    Analyst(String),
}

pub(super) async fn ask(world: &World, method: &str, path: &str, who: &Who, form: &str) -> Answer {
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).expect("a method"))
        .uri(path)
        .header("sec-fetch-site", "same-origin");
    if method == "POST" {
        let media = if path.starts_with("/api/") {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        request = request.header("content-type", media);
    }
    match who {
        Who::Anybody => {}
        Who::Browser(cookie) => request = request.header("cookie", cookie),
        Who::Analyst(key) => request = request.header("authorization", format!("Bearer {key}")),
    }
    let request = request.body(Body::from(form.to_owned())).expect("request");
    world.send(request).await
}

/// Logs the owner of a network in, by the key, as a browser does.
pub(super) async fn log_in(world: &World, slug: &str) -> Who {
    let key = world
        .parts
        .store
        .make_owner_key(World::id_of(slug), NOW)
        .await
        .expect("a key");
    let form = format!("slug={slug}&key={key}");
    let answer = ask(world, "POST", "/owner/login", &Who::Anybody, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let cookie = answer.header("set-cookie");
    for part in [
        "__Host-discover=",
        "Secure",
        "HttpOnly",
        "SameSite=Lax",
        "Path=/",
    ] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    Who::Browser(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// A real address for a path as the router writes it.
fn fill(path: &str) -> String {
    path.replace("{slug}", "aire-carers")
        .replace("{id}", &"a".repeat(26))
        .replace("{code}", "not-found")
        .replace("{period}", "2026-W47")
        .replace("{tag}", "0")
        .replace("{name}", "discover.css")
        .replace("{source}", &"a".repeat(26))
        .replace("{follow}", &"a".repeat(26))
        .replace("{token}", &"0".repeat(32))
}

#[test]
fn every_route_of_the_router_stands_in_the_table_and_no_other_does() {
    let mut built: BTreeSet<String> = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src"
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                // The first string behind `.route(`, on this line or the next.
                for rest in text.split(".route(").skip(1) {
                    if let Some(route) = rest.trim_start().strip_prefix('"') {
                        built.extend(route.split('"').next().map(str::to_owned));
                    }
                }
            }
        }
    }
    let document: serde_json::Value = serde_json::from_str(&crate::openapi_json()).expect("JSON");
    built.extend(
        document["paths"]
            .as_object()
            .expect("paths")
            .keys()
            .cloned(),
    );
    assert!(built.len() > 40, "routes are found: {built:?}");
    let table: BTreeSet<String> = ROUTES
        .iter()
        .map(|(_, path, _)| (*path).to_owned())
        .collect();
    assert_eq!(
        built.symmetric_difference(&table).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "add what is missing to `access::ROUTES`, and say who may use it"
    );
}

/// A little more than a second.
const SECOND: std::time::Duration = std::time::Duration::from_millis(1100);

/// A key for these scopes, as an analyst sends it.
pub(super) async fn key_for(world: &World, scopes: &[KeyScope], per_minute: u32) -> Who {
    let new = NewKey {
        holder: "County Insight Team".to_owned(),
        purpose: "Yearly report on access to care".to_owned(),
        scopes: scopes.to_vec(),
        per_minute,
        expires: NOW + jiff::SignedDuration::from_hours(24),
    };
    let key = world.parts.store.make_analyst_key(&new, NOW).await;
    Who::Analyst(key.expect("a key"))
}

/// Every route of the table (which is the router's, see above) against everybody who may ask. The operator has no
/// route: what only the operator does is done on the host, and an owner's or analyst's word is no more than theirs.
#[tokio::test]
async fn the_matrix_of_routes_and_people_is_what_the_table_says() {
    let (world, counting) = Counting::world().await;
    let owner = log_in(&world, "aire-carers").await;
    let other = log_in(&world, "bakers").await;
    let with = key_for(&world, &KeyScope::ALL, 6000).await;
    let without = key_for(&world, &[], 6000).await;
    let wrong = Who::Analyst(format!("disc_00000000_{}", "0".repeat(64)));
    let stranger = Who::Browser("__Host-discover=0000".to_owned());
    for (method, path, by) in ROUTES {
        let address = fill(path);
        for who in [
            &Who::Anybody,
            &stranger,
            &owner,
            &other,
            &with,
            &without,
            &wrong,
        ] {
            let answer = ask(&world, method, &address, who, "").await;
            let refused = answer.status == StatusCode::UNAUTHORIZED
                || answer.status == StatusCode::FORBIDDEN
                || answer.header("location") == "/owner/login";
            let said = format!("{method} {address} by {who:?}: {}", answer.status);
            let logged_in = who == &owner || who == &other;
            let api = path.starts_with("/api/");
            match by {
                _ if who == &wrong && api => {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{said}");
                    assert_eq!(answer.json()["code"], "unauthenticated", "{said}");
                }
                Access::Keyed(_) if who != &with && who != &without => {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{said}");
                    assert_eq!(answer.json()["code"], "unauthenticated", "{said}");
                }
                Access::Scoped(_) | Access::Keyed(_) if who == &without => {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{said}");
                    assert_eq!(answer.json()["code"], "forbidden", "{said}");
                }
                Access::Owner if !logged_in => assert!(refused, "{said}"),
                // A form without its token: the session alone changes nothing.
                Access::Owner if *method == "POST" => assert!(refused, "{said}"),
                Access::Owner => {
                    assert_eq!(answer.status, StatusCode::OK, "{said}");
                    let text = answer.text();
                    let (mine, theirs) = if who == &owner {
                        ("aire-carers", "bakers")
                    } else {
                        ("bakers", "aire-carers")
                    };
                    assert!(!text.contains(theirs), "{said} shows {theirs}");
                    assert!(
                        *path != "/owner/download" || text.contains(mine),
                        "{said} shows nothing of {mine}"
                    );
                }
                // The address is not one that a hub or a reader was told.
                Access::Hub | Access::Mailed => assert!(answer.status.is_client_error(), "{said}"),
                // A signature is asked for, and there is none.
                Access::Public if path.ends_with("/withdrawal") => {
                    assert!(answer.status.is_client_error(), "{said}");
                }
                Access::Public | Access::Scoped(_) | Access::Keyed(_) => {
                    assert!(!refused, "{said}");
                }
            }
            assert!(
                !answer.status.is_server_error(),
                "{said}: {}",
                answer.text()
            );
        }
    }
    assert!(counting.changes.lock().expect("changes").is_empty());
}

#[tokio::test]
async fn a_key_opens_its_scopes_until_its_quota_is_spent_or_it_is_revoked() {
    let (world, _) = Counting::world().await;
    let search = key_for(&world, &[KeyScope::Search], 5).await;
    let many = "/api/v1/search/export?q=bread&limit=20000";
    let few = "/api/v1/search/export?q=bread&limit=20";
    for (who, path, status, code) in [
        (&Who::Anybody, few, 200, ""),
        (&Who::Anybody, many, 401, "unauthenticated"),
        (&search, few, 403, "forbidden"),
        (&search, "/api/v1/topics", 403, "forbidden"),
        (&search, "/api/v1/search?q=bread", 200, ""),
        (&search, "/api/v1/networks", 200, ""),
        (&search, "/api/v1/search?q=bread", 200, ""),
        (&search, "/api/v1/search?q=bread", 429, "rate_limited"),
        // A page needs no key and takes none.
        (&search, "/about", 200, ""),
    ] {
        let answer = ask(&world, "GET", path, who, "").await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
        if !code.is_empty() {
            assert_eq!(answer.json()["code"], code, "{path}");
        }
        assert_eq!(answer.header("retry-after").is_empty(), status != 429);
    }
    let export = key_for(&world, &[KeyScope::Export], 60).await;
    // Keys are read anew once a second.
    tokio::time::sleep(SECOND).await;
    assert_eq!(
        ask(&world, "GET", many, &export, "").await.status,
        StatusCode::OK
    );
    let shown = world.json("/api/v1/transparency").await;
    assert_eq!(
        shown["keys"][0]["purpose"],
        "Yearly report on access to care"
    );
    let page = world.get("/transparency").await.text();
    assert!(page.contains("Yearly report on access to care") && page.contains("search:read"));
    let Who::Analyst(key) = &export else {
        unreachable!("a key");
    };
    assert!(!page.contains(key) && !shown.to_string().contains(&key[5..13]));

    let store = &world.parts.store;
    store
        .revoke_analyst_key(&key[5..13])
        .await
        .expect("revoked");
    tokio::time::sleep(SECOND).await;
    let refused = ask(&world, "GET", few, &export, "").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        world.json("/api/v1/transparency").await["keys"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn a_method_or_route_that_is_not_in_the_table_is_refused() {
    let world = World::new().await;
    for (method, path, status) in [
        ("DELETE", "/owner", StatusCode::METHOD_NOT_ALLOWED),
        ("PUT", "/object", StatusCode::METHOD_NOT_ALLOWED),
        ("GET", "/owner/nothing", StatusCode::NOT_FOUND),
        ("GET", "/admin", StatusCode::NOT_FOUND),
    ] {
        let answer = ask(&world, method, path, &Who::Anybody, "").await;
        assert_eq!(answer.status, status, "{method} {path}");
    }
    assert_eq!(access(&Method::GET, "/not/in/the/table"), None);
    assert_eq!(access(&Method::HEAD, "/about"), Some(Access::Public));
}

#[tokio::test]
async fn a_hub_is_answered_word_for_word_and_its_news_are_passed_on() {
    let world = World::with(|config| {
        config.operations = Operations {
            hub_asks: Arc::new(|asks| {
                Box::pin(async move {
                    Ok(
                        (asks.token == "secret" && asks.query.contains("hub.topic=x"))
                            .then(|| "abc/1 ".to_owned()),
                    )
                })
            }),
            hub_tells: Arc::new(|tells| {
                Box::pin(async move { Ok(tells.token == "secret" && tells.body.len() == 1 << 20) })
            }),
            ..Operations::default()
        }
    })
    .await;
    let source = "a".repeat(26);
    let question = "hub.mode=subscribe&hub.topic=x&hub.challenge=abc%2F1%20";
    let get = |token: &str, query: &str| {
        Request::get(format!("/websub/{source}/{token}?{query}"))
            .body(Body::empty())
            .expect("request")
    };
    let sure = world.send(get("secret", question)).await;
    assert_eq!((sure.status, &*sure.text()), (StatusCode::OK, "abc/1 "));
    assert!(sure.header("content-type").starts_with("text/plain"));
    for (token, query) in [("guess", question), ("secret", "hub.mode=subscribe")] {
        assert_eq!(
            world.send(get(token, query)).await.status,
            StatusCode::NOT_FOUND
        );
    }
    let post = |token: &str, size: usize| {
        Request::post(format!("/websub/{source}/{token}"))
            .header("x-hub-signature", "sha256=00")
            .body(Body::from(vec![b'x'; size]))
            .expect("request")
    };
    let news = world.send(post("secret", 1 << 20)).await;
    assert_eq!(
        news.status,
        StatusCode::ACCEPTED,
        "a page of news is larger than a form"
    );
    assert_eq!(world.send(post("guess", 10)).await.status, StatusCode::GONE);
    assert_eq!(
        world.send(post("secret", 5 << 20)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn a_form_that_another_site_sends_changes_nothing() {
    let (world, counting) = Counting::world().await;
    let Who::Browser(cookie) = log_in(&world, "aire-carers").await else {
        unreachable!("logged in");
    };
    let send = |headers: &[(&'static str, &'static str)], path: &str| {
        let mut request = Request::post(path)
            .header("cookie", &cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        world.send(request.body(Body::from("what=all")).expect("request"))
    };
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[],
    ] {
        for path in ["/owner/leave", "/owner/pause", "/object", "/register"] {
            let answer = send(headers, path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
    }
    let ours = [("origin", "https://discover.example")];
    assert_eq!(send(&ours, "/register").await.status, StatusCode::OK);
    assert!(counting.changes.lock().expect("changes").is_empty());
}

/// The headers that protect, for each class of answer.
#[tokio::test]
async fn the_headers_of_every_class_of_answer_are_the_reviewed_ones() {
    let (world, _) = Counting::world().await;
    let owner = log_in(&world, "aire-carers").await;
    let key = key_for(&world, &[KeyScope::Search], 60).await;
    let long = format!("/search?q={}", "a".repeat(5000));
    let page = world.get("/about").await.text();
    let asset = page
        .split("href=\"")
        .find(|part| part.starts_with("/assets/"));
    let asset = asset
        .and_then(|part| part.split('"').next())
        .expect("a style sheet")
        .to_owned();
    let classes = [
        ("page", "GET", "/about", &Who::Anybody),
        (
            "box for a frame",
            "GET",
            "/embed?url=http://aire-carers.example/t/0/",
            &Who::Anybody,
        ),
        (
            "box as a part",
            "GET",
            "/embed?embed=part&url=http://aire-carers.example/t/0/",
            &Who::Anybody,
        ),
        ("result page", "GET", "/search?q=bread", &Who::Anybody),
        ("owner's page", "GET", "/owner", &owner),
        ("owner's download", "GET", "/owner/download", &owner),
        ("form", "GET", "/register", &Who::Anybody),
        ("redirect", "GET", "/owner", &Who::Anybody),
        ("api", "GET", "/api/v1/networks", &Who::Anybody),
        (
            "api post",
            "POST",
            "/api/v1/networks/aire-carers/look-now",
            &Who::Anybody,
        ),
        ("api error", "GET", "/api/v1/nothing", &Who::Anybody),
        ("page error", "GET", "/nothing", &Who::Anybody),
        ("feed", "GET", "/networks/aire-carers/atom", &Who::Anybody),
        ("health", "GET", "/healthz", &Who::Anybody),
        ("metrics", "GET", "/metrics", &Who::Anybody),
        ("asset", "GET", &asset, &Who::Anybody),
        (
            "asset of another version",
            "GET",
            "/assets/0/discover.css",
            &Who::Anybody,
        ),
        (
            "export",
            "GET",
            "/api/v1/search/export?q=bread",
            &Who::Anybody,
        ),
        ("api with a key", "GET", "/api/v1/networks", &key),
        ("api without the scope", "GET", "/api/v1/map", &key),
        ("api document", "GET", "/api/v1/openapi.json", &Who::Anybody),
        ("list of networks", "GET", "/networks.opml", &Who::Anybody),
        (
            "search description",
            "GET",
            "/opensearch.xml",
            &Who::Anybody,
        ),
        ("json feed", "GET", "/search.json?q=bread", &Who::Anybody),
        ("form refused", "POST", "/owner/pause", &Who::Anybody),
        ("form of an owner refused", "POST", "/owner/pause", &owner),
        (
            "method refused",
            "DELETE",
            "/api/v1/networks",
            &Who::Anybody,
        ),
        ("address too long", "GET", &long, &Who::Anybody),
        ("body refused", "POST", "/api/v1/related", &Who::Anybody),
    ];
    let mut shown = String::new();
    for (class, method, path, who) in classes {
        let answer = ask(&world, method, path, who, "").await;
        let _ = writeln!(shown, "{class}: {}", answer.status.as_u16());
        let mut headers: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| {
                !matches!(
                    name.as_str(),
                    "etag" | "content-length" | "date" | "vary" | "link"
                )
            })
            .map(|(name, value)| format!("  {name}: {}", value.to_str().unwrap_or_default()))
            .collect();
        headers.sort();
        shown.push_str(&headers.join("\n"));
        shown.push('\n');
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_session_says_nothing_about_itself() {
    let sessions = Sessions::default();
    sessions.begin(NetworkId::from_u128(1), [7; 32], String::new(), NOW);
    assert!(!format!("{sessions:?}").contains(&"07".repeat(16)));
}
