//! Shapes, paging, ETags and thresholds.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use super::world::{LAST, World};

/// Every address of the API that takes a GET, for the small world.
pub(super) async fn addresses(world: &World) -> Vec<String> {
    let found = world.json("/api/v1/search?q=phlebotomy").await;
    let hit = &found["items"][0];
    let id = hit["id"].as_str().expect("id");
    let post = hit["highlight"][0]["post"].as_str().expect("post");
    let conversation = id.to_owned();
    let mut addresses = vec![
        "/api/v1/search?q=phlebotomy".to_owned(),
        "/api/v1/search".to_owned(),
        "/api/v1/search/brief?q=phlebotomy".to_owned(),
        "/api/v1/search/package?q=phlebotomy".to_owned(),
        "/api/v1/search/words?q=phlebotomy".to_owned(),
        "/api/v1/compare?q=phlebotomy&q2=gardens".to_owned(),
        "/api/v1/compare?q=phlebotomy&q2=gardens&q3=blood&q5=booking".to_owned(),
        format!("/api/v1/tray?tray={id}"),
        "/api/v1/views".to_owned(),
        format!("/api/v1/conversations/{id}"),
        format!("/api/v1/conversations/{id}/related"),
        format!("/api/v1/conversations/{id}/consent"),
        format!("/api/v1/posts/{post}/consent"),
        "/api/v1/related?url=http://aire-carers.example/t/0/?utm_source=x".to_owned(),
        "/api/v1/networks".to_owned(),
        "/api/v1/networks/aire-carers".to_owned(),
        "/api/v1/networks/aire-carers/answers".to_owned(),
        "/api/v1/about".to_owned(),
        "/api/v1/graph".to_owned(),
        "/api/v1/graph?format=graphml".to_owned(),
        "/api/v1/topics/warnings".to_owned(),
        "/api/v1/topics/notices".to_owned(),
        "/api/v1/digests".to_owned(),
        "/api/v1/digests/2026-W47".to_owned(),
        "/api/v1/digests/month?q=phlebotomy".to_owned(),
        "/api/v1/openapi.json".to_owned(),
        "/search.atom?q=phlebotomy".to_owned(),
        "/search.json?q=phlebotomy".to_owned(),
        "/networks/aire-carers/atom".to_owned(),
        "/networks/aire-carers/json".to_owned(),
        "/networks/aire-carers/answers.atom".to_owned(),
        "/networks/aire-carers/answers.json".to_owned(),
        "/networks.opml".to_owned(),
        "/topics/warnings.atom".to_owned(),
        "/topics/warnings.json".to_owned(),
        "/digest.atom".to_owned(),
        "/opensearch.xml".to_owned(),
    ];
    for rank in ["emerging", "enduring", "quiet"] {
        addresses.push(format!("/api/v1/topics?rank={rank}"));
    }
    for level in 0..3 {
        addresses.push(format!("/api/v1/map?level={level}"));
        addresses.push(format!("/api/v1/topics/matrix?rank=emerging&level={level}"));
        addresses.push(format!(
            "/api/v1/topics/changes?since=2026-01-01&level={level}"
        ));
    }
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    for topic in topics["items"].as_array().expect("list") {
        let id = topic["id"].as_str().expect("id");
        addresses.push(format!("/api/v1/topics/{id}"));
        addresses.push(format!("/api/v1/topics/{id}/brief"));
        addresses.push(format!("/api/v1/topics/{id}/package"));
        addresses.push(format!("/api/v1/topics/{id}/conversations"));
        addresses.push(format!("/api/v1/topics/{id}/networks"));
        addresses.push(format!("/api/v1/paths?from={id}&to={conversation}"));
        addresses.push(format!("/api/v1/topics/{id}/answers"));
        addresses.push(format!("/api/v1/topics/{id}/annotations"));
        addresses.push(format!("/topics/{id}/answers.atom"));
        addresses.push(format!("/topics/{id}/answers.json"));
        addresses.push(format!("/topics/{id}.atom"));
        addresses.push(format!("/topics/{id}/json"));
    }
    addresses
}

/// `value` without what other rooms may change at any time.
fn blank(mut value: Value, keys: &[&str]) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (key, field) in fields {
                *field = if keys.contains(&key.as_str()) {
                    json!("[…]")
                } else {
                    blank(field.take(), keys)
                };
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = blank(item.take(), keys);
            }
        }
        _ => {}
    }
    value
}

#[tokio::test]
async fn answers_have_the_documented_shapes() {
    let world = World::new().await;
    let search = world.json("/api/v1/search?q=phlebotomy&limit=2").await;
    insta::assert_json_snapshot!(
        "search",
        blank(
            search.clone(),
            &["score", "next", "topic", "topics", "copies", "too_small"]
        )
    );
    let id = search["items"][0]["id"].as_str().expect("id").to_owned();
    let conversation = world.json(&format!("/api/v1/conversations/{id}")).await;
    insta::assert_json_snapshot!("conversation", blank(conversation, &["topics", "copies"]));
    let consent = world
        .json(&format!("/api/v1/conversations/{id}/consent"))
        .await;
    insta::assert_json_snapshot!("consent", blank(consent, &["hash", "head", "path"]));
    insta::assert_json_snapshot!("network", world.json("/api/v1/networks/aire-carers").await);
    let about = world.json("/api/v1/about").await;
    insta::assert_json_snapshot!("about", blank(about, &["ledger_head", "topics"]));
}

#[tokio::test]
async fn a_relation_says_why() {
    let world = World::new().await;
    let related = world
        .json("/api/v1/related?url=http://www.aire-carers.example/t/0/?utm_source=x")
        .await;
    let items = related["items"].as_array().expect("list");
    assert!(!items.is_empty(), "{related}");
    for item in items {
        let reasons = item["reasons"].as_array().expect("reasons");
        assert!(!reasons.is_empty());
        assert!(
            reasons
                .iter()
                .all(|reason| reason["words"].is_string() && reason["kind"].is_string())
        );
    }
    let shared = items
        .iter()
        .flat_map(|item| item["reasons"].as_array().expect("reasons"))
        .any(|reason| {
            reason["kind"] == "shared_link" && reason["url"] == "https://notice.example/blood"
        });
    assert!(shared, "{related}");

    let body =
        json!({"text": "phlebotomy booking line never answered", "language": "en", "limit": 2});
    let answer = world
        .send(post(
            "/api/v1/related",
            "application/json",
            &body.to_string(),
        ))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let items = answer.json()["items"].as_array().expect("list").len();
    assert!((1..=2).contains(&items));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

pub(super) fn post(address: &str, media: &str, body: &str) -> Request<Body> {
    Request::post(address)
        .header("content-type", media)
        .body(Body::from(body.to_owned()))
        .expect("request")
}

#[tokio::test]
async fn topics_are_shown_from_three_networks_or_eight_voices_on() {
    let world = World::new().await;
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let items = topics["items"].as_array().expect("list");
    assert!(!items.is_empty(), "{topics}");
    for topic in items {
        let networks = topic["networks"].as_array().expect("networks").len();
        assert!(
            networks >= 3 || topic["voices"].as_u64() >= Some(8),
            "{topic}"
        );
        let id = topic["id"].as_str().expect("id");
        for row in topic["networks"].as_array().expect("networks") {
            let slug = row["slug"].as_str().expect("slug");
            let address = format!("/api/v1/search?topic={id}&network={slug}");
            assert_eq!(row["count"], world.json(&address).await["total"], "{row}");
        }
        assert_eq!(
            world.json(&format!("/api/v1/topics/{id}")).await["id"],
            topic["id"]
        );
        let members = world
            .json(&format!("/api/v1/topics/{id}/conversations?limit=1"))
            .await;
        assert!(members["total"].as_u64() >= Some(2));
        assert!(members["next"].is_string());
    }
    let map = world.json("/api/v1/map?level=1").await;
    assert_eq!(map["topics"].as_array().map(Vec::len), Some(items.len()));
}

#[tokio::test]
async fn facets_count_what_their_filters_list() {
    let world = World::new().await;
    let page = world.json("/api/v1/search?q=phlebotomy").await;
    assert_eq!(page["total"], 6, "a total of a pageable list is exact");
    let rows = page["facets"]["network"].as_array().expect("rows");
    let row = |slug: &str| rows.iter().find(|row| row["value"] == slug).expect("row");
    for slug in ["aire-carers", "kidney-friends"] {
        let listed = world
            .json(&format!("/api/v1/search?q=phlebotomy&network={slug}"))
            .await;
        assert_eq!(
            row(slug)["count"],
            listed["total"],
            "what can be listed is counted"
        );
    }
    let urdu = world.json("/api/v1/search?language=ur").await;
    assert_eq!(urdu["items"][0]["direction"], "rtl");
    let kinds = urdu["facets"]["kind"].as_array().expect("rows");
    assert_eq!(kinds.len(), 1, "{urdu}");
    let bars = urdu["timeline"]["buckets"].as_array().expect("bars");
    assert!(bars.iter().any(|bar| bar["count"] == 1), "{urdu}");
}

#[tokio::test]
async fn pages_follow_on_by_cursor_and_by_link() {
    let world = World::new().await;
    let (mut seen, mut address) = (Vec::new(), "/api/v1/search?limit=2&sort=oldest".to_owned());
    loop {
        let answer = world.get(&address).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{address}: {}",
            answer.text()
        );
        let page = answer.json();
        for item in page["items"].as_array().expect("items") {
            seen.push(item["id"].as_str().expect("id").to_owned());
        }
        let link = answer.header("link");
        assert_eq!(link.is_empty(), page.get("next").is_none());
        let Some(next) = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""))
        else {
            break;
        };
        address = next.to_owned();
    }
    let total = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((total, seen.len()), (8, 8));
}

#[tokio::test]
async fn an_answer_that_is_known_already_is_not_sent_again() {
    let world = World::new().await;
    for address in addresses(&world).await {
        let first = world.get(&address).await;
        assert_eq!(first.status, StatusCode::OK, "{address}: {}", first.text());
        assert_eq!(first.header("cache-control"), "no-cache", "{address}");
        let tag = first.header("etag").to_owned();
        let request = Request::get(&address)
            .header("if-none-match", &tag)
            .body(Body::empty())
            .expect("request");
        let again = world.send(request).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{address}");
        assert!(
            again.body.is_empty() && again.header("etag") == tag,
            "{address}"
        );
    }
}

#[tokio::test]
async fn head_gives_the_head_of_get() {
    let world = World::new().await;
    let request = Request::head("/api/v1/networks")
        .body(Body::empty())
        .expect("request");
    let answer = world.send(request).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.is_empty() && !answer.header("etag").is_empty());
}

#[tokio::test]
async fn nothing_longer_than_an_excerpt_and_no_personal_detail_leaves() {
    let world = World::with_notes().await;
    let found = world
        .json("/api/v1/search?q=phlebotomy&network=drop-in")
        .await;
    assert_eq!(found["total"], 1, "{found}");
    let note = found["items"][0]["id"].as_str().expect("id").to_owned();
    let mut all = addresses(&world).await;
    all.extend(
        [
            "/api/v1/search?q=phlebotomy&network=drop-in",
            "/api/v1/search/brief?q=phlebotomy&network=drop-in",
            "/api/v1/search/package?q=phlebotomy&network=drop-in",
            "/api/v1/search/export?format=csv",
            "/api/v1/search/export?format=ndjson",
            "/api/v1/search/export?format=references",
            "/api/v1/networks/drop-in",
            "/networks/drop-in",
            "/networks/drop-in/atom",
            "/networks/drop-in/json",
            "/search?q=phlebotomy&network=drop-in",
            "/search.atom?q=phlebotomy&network=drop-in",
            "/search/print?q=phlebotomy&network=drop-in",
            "/search/brief?q=phlebotomy&network=drop-in",
            "/search/brief.md?q=phlebotomy&network=drop-in",
            "/digest?q=phlebotomy",
            "/",
        ]
        .map(str::to_owned),
    );
    all.push(format!("/api/v1/conversations/{note}/related"));
    all.push(format!("/api/v1/conversations/{note}/consent"));
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    for topic in topics["items"].as_array().expect("list") {
        let id = topic["id"].as_str().expect("id");
        all.push(format!("/topics/{id}"));
        all.push(format!("/api/v1/elsewhere?topic={id}"));
    }
    // Of an item of notes, which has no original elsewhere, its page and its JSON show the whole, redacted.
    let whole = [
        format!("/conversations/{note}"),
        format!("/api/v1/conversations/{note}"),
    ];
    for address in all.iter().filter(|address| !whole.contains(address)) {
        let answer = world.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        let text = answer.text();
        for secret in [
            "secret@owner.example",
            "baker@bread.example",
            "person 1",
            LAST,
            ".notes.invalid",
        ] {
            assert!(!text.contains(secret), "{address}: {secret}");
        }
    }
    for address in &whole {
        let text = world.get(address).await.text();
        assert!(text.contains(LAST), "{address}: {text}");
        for secret in [
            "secret@owner.example",
            "baker@bread.example",
            ".notes.invalid",
        ] {
            assert!(!text.contains(secret), "{address}: {secret}");
        }
    }
    let item = world.json(&whole[1]).await;
    assert_eq!(item["url"], format!("https://discover.example{}", whole[0]));
    for query in ["sourdough", "phlebotomy"] {
        let found = world.json(&format!("/api/v1/search?q={query}")).await;
        for item in found["items"].as_array().expect("list") {
            let excerpt = item["excerpt"].as_str().expect("excerpt");
            assert!(excerpt.chars().count() <= 300);
            assert_eq!(item.get("text"), None);
        }
    }
    // Of what has an original elsewhere, no address shows more.
    let bread = world.json("/api/v1/search?q=sourdough").await;
    let bread = bread["items"][0]["id"].as_str().expect("id");
    let bread = world.json(&format!("/api/v1/conversations/{bread}")).await;
    assert_eq!(bread.get("text"), None);
}

#[tokio::test]
async fn feeds_are_well_formed_and_stable() {
    let world = World::new().await;
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let id = topics["items"][0]["id"].as_str().expect("id").to_owned();
    for address in [
        "/search.atom?q=walk-in".to_owned(),
        format!("/topics/{id}.atom"),
        "/networks/kidney-friends/atom".to_owned(),
    ] {
        let answer = world.get(&address).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{address}: {}",
            answer.text()
        );
        assert_eq!(
            answer.header("content-type"),
            "application/atom+xml; charset=utf-8"
        );
        let text = answer.text();
        assert!(
            text.contains("<entry") && text.contains(".discover.invalid,2026:conversation/"),
            "{text}"
        );
        assert!(!text.contains("Kidney <Friends>"), "names are escaped");
        assert!(text.contains("rel=\"self\""));
        assert_eq!(text, world.get(&address).await.text());
    }
    let feed: Value = world.get("/search.json?q=walk-in").await.json();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
}

#[tokio::test]
async fn health_readiness_and_figures_answer() {
    let world = World::new().await;
    assert_eq!(world.json("/healthz").await, json!({"status": "ok"}));
    let ready = world.json("/readyz").await;
    assert_eq!(ready["store_seq"], ready["index_seq"]);
    world.get("/api/v1/search?q=secretword").await;
    let figures = world.get("/metrics").await;
    assert_eq!(figures.status, StatusCode::OK);
    let text = figures.text();
    assert!(
        text.contains("discover_http_requests_total") && text.contains("route=\"/api/v1/search\""),
        "{text}"
    );
    assert!(!text.contains("secretword") && !text.contains("aire-carers"));
}

#[tokio::test]
async fn a_result_is_taken_away_whole_in_every_form_without_what_is_hidden() {
    let world = World::new().await;
    let total = world.json("/api/v1/search").await["total"]
        .as_u64()
        .expect("total") as usize;
    let csv = world.get("/api/v1/search/export?sort=oldest").await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.header("content-disposition").contains("attachment"));
    assert_eq!(csv.header("x-total-count"), total.to_string());
    assert!(
        csv.text()
            .starts_with("\u{feff}\"id\",\"title\",\"url\",\"network\",")
    );
    assert_eq!(csv.text().matches("/conversations/").count(), total);
    let lines = world
        .get("/api/v1/search/export?format=ndjson")
        .await
        .text();
    assert_eq!(lines.lines().count(), total);
    for line in lines.lines() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        assert!(row["excerpt"].as_str().expect("text").chars().count() <= 300);
    }
    let list = world
        .get("/api/v1/search/export?format=references&limit=2")
        .await
        .text();
    assert!(
        list.contains(&format!("2 of {total} conversations found")),
        "{list}"
    );
    for bad in ["format=xls", "limit=10001", "cursor=x", "author=jo"] {
        let answer = world.get(&format!("/api/v1/search/export?{bad}")).await;
        assert!(answer.status.is_client_error(), "{bad}");
    }

    let published = world.parts.published.load_full();
    let mut visibility = (*published.visibility).clone();
    visibility.generation += 1;
    visibility.networks.insert(World::id_of("aire-carers"));
    world
        .parts
        .published
        .store(std::sync::Arc::new(crate::state::Published {
            visibility: std::sync::Arc::new(visibility),
            topics: std::sync::Arc::clone(&published.topics),
        }));
    let after = world.get("/api/v1/search/export").await.text();
    assert!(!after.contains("aire-carers") && after.contains("rural-buses"));
}

#[tokio::test]
async fn a_mistyped_word_is_mended_and_two_periods_stand_side_by_side() {
    let world = World::new().await;
    let found = world.json("/api/v1/search?q=phlebotimy").await;
    assert_eq!(found["suggestion"], "phlebotomy");
    // Only one network and one voice write of sourdough: that it is written of is not told.
    let rare = world.json("/api/v1/search?q=sourdouhg").await;
    assert!(rare.get("suggestion").is_none(), "{rare}");
    let words = world.json("/api/v1/search/words?q=blood").await;
    assert!(words["of"].as_u64() > Some(0));
    let sides = world
        .json("/api/v1/compare?q=phlebotomy&q2=sourdough")
        .await;
    assert_eq!(sides["sides"][1]["total"], 1);
    assert!(sides["sides"][0]["total"].as_u64() > Some(1));
}
