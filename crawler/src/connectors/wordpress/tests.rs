use discover_model::{ItemState, Refusal, SourceKind};
use serde_json::{Value, json};

use crate::testing::{Hit, NOW, Reply, Site, fetcher, visit};

fn post(hit: &Hit, id: u64, hour: u64) -> Value {
    json!({"id": id, "link": format!("{}/{id}/", hit.origin), "status": "publish", "date_gmt": "2026-09-01T10:00:00",
        "modified_gmt": format!("2026-09-01T{hour:02}:00:00"), "title": {"rendered": "x"}, "content": {"rendered": format!("<p>Words of {id}")}})
}

#[tokio::test]
async fn what_a_plugin_or_server_says_of_a_post_is_known_before_it_is_shown_and_again_after_an_edit()
 {
    let turn = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let now = std::sync::Arc::clone(&turn);
    let site = Site::start(move |hit| {
        let turn = now.load(std::sync::atomic::Ordering::Relaxed);
        let data = |value: Value| Reply::json(&value.to_string());
        match hit.path.as_str() {
            "/wp-json/wp/v2/posts" if hit.param("page").as_deref() == Some("1") => {
                let mut said = post(hit, 3, 1);
                said["yoast_head_json"] = json!({"robots": {"index": "noindex", "follow": "follow"}});
                let edited = post(hit, 4, 1 + turn);
                data(json!([post(hit, 1, 1), post(hit, 2, 1), said, edited, post(hit, 5, 1)]))
            }
            "/wp-json/wp/v2/comments" if hit.param("page").as_deref() == Some("1") => {
                let comment = |id: u64, post: u64| {
                    json!({"id": id, "post": post, "link": format!("{}/{post}/#comment-{id}", hit.origin), "status": "approved",
                        "date_gmt": "2026-09-02T10:00:00", "content": {"rendered": "Me too"}, "author_name": "u"})
                };
                data(json!([comment(7, 1), comment(8, 5)]))
            }
            "/wp-json/wp/v2/posts" | "/wp-json/wp/v2/comments" => data(json!([])),
            "/" | "/5/" => Reply::html("<p>Blog"),
            "/1/" => Reply::html("<head><meta name='robots' content='noindex, follow'></head><p>x"),
            "/2/" => Reply::with(200, &[("content-type", "text/html"), ("x-robots-tag", "noindex")], "<p>x"),
            "/4/" if turn == 1 => Reply::html("<meta name=robots content=noindex><p>x"),
            "/4/" => Reply::html("<p>x"),
            _ => Reply::not_found(),
        }
    })
    .await;
    let mut task = site.task(SourceKind::Wordpress, "/");
    task.source.options.comments = true;
    let first = visit(&fetcher(), task.clone(), NOW).await;
    let told: Vec<(&str, ItemState)> = first
        .items()
        .iter()
        .map(|item| (item.key.as_str(), item.state))
        .collect();
    let no = ItemState::Withheld(Refusal::Noindex);
    let live = ItemState::Live;
    assert_eq!(
        told,
        [
            ("p/1", no),
            ("p/2", no),
            ("p/3", no),
            ("p/4", live),
            ("p/5", live),
            ("c/7", no),
            ("c/8", live)
        ]
    );
    let pages = |site: &Site| {
        site.paths()
            .iter()
            .filter(|path| path.len() == 3 && path.ends_with('/'))
            .count()
    };
    assert_eq!(
        pages(&site),
        4,
        "each page once, and none where the data said no: {:?}",
        site.paths()
    );

    site.forget();
    turn.store(1, std::sync::atomic::Ordering::Relaxed);
    task.state = first.finish.state;
    let second = visit(&fetcher(), task, NOW + jiff::SignedDuration::from_hours(1)).await;
    let edited: Vec<ItemState> = second
        .items()
        .iter()
        .filter(|item| item.key == "p/4")
        .map(|item| item.state)
        .collect();
    assert_eq!(edited, [no]);
    assert_eq!(pages(&site), 1, "{:?}", site.paths());
}
