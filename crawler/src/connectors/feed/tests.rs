//! The feed connector and the visit around it, against loopback servers that play each row's part.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use discover_model::{ItemState, Refusal, SourceKind};
use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;
use crate::fetch::Fetcher;
use crate::frontier::{DAILY, WEEKLY};
use crate::health::Status;
use crate::state::SourceState;
use crate::task::{BATCH_ITEMS, Task};
use crate::testing::{Answer, Hit, NOW, Reply, Site, Visited, fetcher, visit};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>t</title>{items}</channel></rss>")
}

fn item(origin: &str, n: u32) -> String {
    format!(
        "<item><guid>g{n}</guid><link>{origin}/p/{n}</link><title>Post {n}</title><description>Text {n}</description></item>"
    )
}

/// Items whose pages lie elsewhere, so that nothing but the feed is asked for.
fn items(_: &Hit, numbers: std::ops::Range<u32>) -> String {
    let item = |n| item("https://elsewhere.example", n);
    numbers.map(item).collect()
}

/// Items whose pages lie beside the feed.
fn own_items(hit: &Hit, numbers: std::ops::Range<u32>) -> String {
    numbers.map(|n| item(hit.origin.as_str(), n)).collect()
}

async fn site(play: impl Fn(&Hit) -> Answer + Send + Sync + 'static) -> Site {
    Site::start(move |hit| match hit.path.as_str() {
        "/robots.txt" => Reply::not_found(),
        _ => play(hit),
    })
    .await
}

/// A visit that starts from the state the last one left.
async fn again(site: &Site, before: &Visited, now: Timestamp) -> Visited {
    let mut task = site.task(SourceKind::Feed, "/feed");
    task.state = kept(&before.finish.state);
    visit(&fetcher(), task, now).await
}

/// A state as it comes back from a store.
fn kept(state: &SourceState) -> SourceState {
    let json = serde_json::to_string(state).expect("json");
    serde_json::from_str(&json).expect("state")
}

async fn first(site: &Site) -> Visited {
    visit(&fetcher(), site.task(SourceKind::Feed, "/feed"), NOW).await
}

#[tokio::test]
async fn row_54_a_new_feed_costs_one_request_and_the_next_visit_is_conditional() {
    let site = site(|hit| {
        if hit.has("\"v1\"") {
            return Reply::with(304, &[], "");
        }
        Reply::feed(
            &rss(&items(hit, 0..3)),
            &[("etag", "\"v1\""), ("last-modified", "whenever")],
        )
    })
    .await;
    let one = first(&site).await;
    assert_eq!(one.items().len(), 3);
    assert_eq!(one.finish.health.status, Status::Ok);
    assert_eq!(site.paths(), ["/robots.txt", "/feed"]);
    let two = again(&site, &one, NOW + HOUR).await;
    assert!(two.batches.is_empty());
    assert_eq!((two.finish.requests, two.finish.not_modified), (1, 1));
    assert_eq!(site.hits()[2].header("if-modified-since"), Some("whenever"));
    assert_eq!(
        site.paths().len(),
        3,
        "robots.txt is not asked again after a restart"
    );
}

#[tokio::test]
async fn row_13_without_validators_the_body_is_compared_and_the_feed_read_daily() {
    let site = site(|hit| Reply::feed(&rss(&items(hit, 0..2)), &[])).await;
    let one = first(&site).await;
    assert!(one.finish.next_due >= NOW + DAILY);
    let two = again(&site, &one, NOW + DAILY).await;
    assert!(
        two.batches.is_empty(),
        "the same bytes give nothing to store"
    );
    assert!(two.finish.next_due >= NOW + DAILY * 2);
}

#[tokio::test]
async fn row_14_and_15_a_304_renews_validators_and_lifetime() {
    let site = site(|hit| match hit.n {
        0 | 1 => Reply::feed(&rss(&items(hit, 0..2)), &[("etag", "W/\"a\"")]),
        // Another strong tag would speak of another text.
        n => {
            let tag = if n == 2 { "W/\"b\"" } else { "\"c\"" };
            Reply::with(
                304,
                &[("etag", tag), ("cache-control", "max-age=43200")],
                "",
            )
        }
    })
    .await;
    let one = first(&site).await;
    let two = again(&site, &one, NOW + HOUR).await;
    assert!(two.finish.next_due >= NOW + HOUR * 13);
    again(&site, &two, NOW + HOUR * 14).await;
    let hits = site.asked();
    assert!(hits[1].has("W/\"a\"") && hits[2].has("W/\"b\""));
}

#[tokio::test]
async fn row_16_45_and_47_what_is_no_feed_is_an_error_and_its_validators_are_not_kept() {
    for body in [
        "",
        "   ",
        "<html><body><form>log in</form></body></html>",
        "{\"error\":1}",
        "oops",
    ] {
        let site = site(move |hit| match hit.n {
            0 | 1 => Reply::feed(&rss(&items(hit, 0..2)), &[("etag", "\"good\"")]),
            _ => Reply::feed(body, &[("etag", "\"bad\"")]),
        })
        .await;
        let one = first(&site).await;
        let two = again(&site, &one, NOW + HOUR).await;
        assert_eq!(two.finish.health.status, Status::Failing, "{body:?}");
        assert!(
            two.batches.is_empty(),
            "nothing is taken for deleted: {body:?}"
        );
        again(&site, &two, NOW + HOUR * 2).await;
        assert!(site.asked()[2].has("\"good\""), "{body:?}");
    }
}

#[tokio::test]
async fn row_46_a_feed_is_read_whatever_its_content_type_says() {
    for kind in ["text/html", "application/octet-stream", "nonsense"] {
        let site =
            site(move |hit| Reply::with(200, &[("content-type", kind)], rss(&items(hit, 0..2))))
                .await;
        assert_eq!(first(&site).await.items().len(), 2, "{kind}");
    }
}

#[tokio::test]
async fn row_20_to_22_what_the_feed_asks_for_is_kept_through_304s() {
    let site = site(|hit| match hit.n {
        0 | 1 => {
            let hints = "<ttl>300</ttl><skipHours><hour>3</hour></skipHours>";
            Reply::feed(
                &rss(&(hints.to_owned() + &items(hit, 0..2))),
                &[("etag", "\"a\"")],
            )
        }
        _ => Reply::with(304, &[], ""),
    })
    .await;
    let one = first(&site).await;
    assert!(one.finish.next_due >= NOW + HOUR * 5);
    let two = again(&site, &one, NOW + HOUR * 5).await;
    assert!(two.finish.next_due >= NOW + HOUR * 10);
}

#[tokio::test]
async fn row_25_to_29_a_feed_told_to_wait_waits_even_after_a_restart() {
    let site = site(|_| Reply::with(503, &[("retry-after", "7200")], "")).await;
    let one = first(&site).await;
    assert_eq!(one.finish.health.status, Status::Waiting);
    assert!(one.finish.next_due >= NOW + HOUR * 2);
    let mut early = site.task(SourceKind::Feed, "/feed");
    early.state = kept(&one.finish.state);
    early.force_due = true;
    let two = visit(&fetcher(), early, NOW + HOUR).await;
    assert_eq!(two.finish.requests, 0);
    assert_eq!(site.asked().len(), 1);
    let three = again(&site, &two, NOW + HOUR * 3).await;
    assert_eq!(three.finish.requests, 1);

    let silent = Site::start(|hit| match hit.path.as_str() {
        "/robots.txt" => Reply::not_found(),
        _ => Reply::with(429, &[], ""),
    })
    .await;
    let one = first(&silent).await;
    assert!(
        one.finish.next_due >= NOW + HOUR,
        "never faster without Retry-After"
    );
}

#[tokio::test]
async fn row_30_and_51_errors_back_off_and_one_success_forgives() {
    let site = site(|hit| match hit.n {
        5.. => Reply::feed(&rss(&items(hit, 0..1)), &[("etag", "\"a\"")]),
        _ => Reply::with(500, &[], ""),
    })
    .await;
    let mut seen = first(&site).await;
    for n in 1..4 {
        assert_eq!(seen.finish.state.failures, n);
        assert_eq!(seen.finish.health.status, Status::Failing);
        assert_eq!(seen.finish.health.since, Some(NOW));
        seen = again(&site, &seen, NOW + HOUR * i32::try_from(n).expect("small")).await;
    }
    seen = again(&site, &seen, NOW + DAILY).await;
    assert_eq!(seen.finish.state.failures, 0);
    assert!(seen.finish.health.is_ok());

    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("port");
    let url = format!("http://{}/feed", nobody.local_addr().expect("address"));
    drop(nobody);
    let url = url::Url::parse(&url).expect("url");
    let task = Task {
        source: crate::testing::source(SourceKind::Feed, &url),
        permit: crate::testing::permit(&url, &["/"]),
        secret: crate::testing::SECRET,
        state: SourceState::default(),
        force_due: false,
    };
    let unreachable = visit(&fetcher(), task, NOW).await.finish;
    assert_eq!(unreachable.health.status, Status::Failing);
    assert!(unreachable.next_due > NOW && unreachable.next_due <= NOW + WEEKLY);
}

#[tokio::test]
async fn row_32_to_34_a_source_that_closes_is_asked_daily_for_a_week_then_weekly_and_is_never_given_up()
 {
    use crate::closure::Consequence;
    for (status, shown, hides_after) in [
        (401, Status::Blocked, 3),
        (403, Status::Blocked, 3),
        (451, Status::Blocked, 3),
        (404, Status::Failing, 8),
        (410, Status::Stopped, 8),
    ] {
        let open = Arc::new(AtomicBool::new(false));
        let is_open = Arc::clone(&open);
        let site = site(move |hit| {
            if is_open.load(Ordering::Relaxed) {
                return Reply::feed(&rss(&items(hit, 0..2)), &[]);
            }
            Reply::with(status, &[], "")
        })
        .await;
        let mut seen = first(&site).await;
        assert_eq!(seen.finish.health.status, shown, "{status}");
        assert_eq!(site.asked().len(), 1, "no second try under another name");
        let mut visits = 0;
        while seen.finish.next_due < NOW + DAILY * 40 {
            let now = seen.finish.next_due;
            seen = again(&site, &seen, now).await;
            visits += 1;
            let closed = seen.finish.state.closed.expect("closed");
            let day = now.duration_since(NOW).as_hours() / 24;
            let expected = match day {
                _ if day < hides_after - 1 => Consequence::Nothing,
                30.. => Consequence::Erase,
                _ if day >= hides_after => Consequence::Hide,
                _ => continue,
            };
            assert_eq!(closed.consequence(now), expected, "{status} on day {day}");
        }
        assert!((10..=12).contains(&visits), "{status}: {visits} visits");
        open.store(true, Ordering::Relaxed);
        let now = seen.finish.next_due;
        let back = again(&site, &seen, now).await;
        assert_eq!(back.finish.state.closed, None, "{status}");
        assert!(
            back.finish.health.is_ok() && back.items().len() == 2,
            "{status}"
        );
    }
}

#[tokio::test]
async fn row_35_a_permanent_redirect_is_kept_only_after_it_stood_for_a_week() {
    let site = site(|hit| match hit.path.as_str() {
        "/feed" => Reply::redirect(301, "/new"),
        _ => Reply::feed(&rss(&items(hit, 0..2)), &[]),
    })
    .await;
    let mut seen = first(&site).await;
    for day in [1, 2, 6] {
        seen = again(&site, &seen, NOW + DAILY * day).await;
        assert_eq!(seen.finish.state.address, None);
    }
    seen = again(&site, &seen, NOW + DAILY * 8).await;
    assert_eq!(seen.finish.state.address, Some(site.url("/new")));
    site.forget();
    again(&site, &seen, NOW + DAILY * 9).await;
    assert_eq!(site.asked()[0].path, "/new");
}

#[tokio::test]
async fn row_39_a_feeds_own_word_that_it_moved_has_to_stand_as_long_and_stay_in_the_consent() {
    let moving = |to: &'static str| {
        site(move |hit| {
            let to = if to.starts_with('/') {
                format!("{}{to}", hit.origin)
            } else {
                to.to_owned()
            };
            let claim = format!(
                "<itunes:new-feed-url>{to}</itunes:new-feed-url>{}",
                items(hit, 0..2)
            );
            let feed = rss(&claim).replacen(
                "<rss",
                "<rss xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"",
                1,
            );
            Reply::feed(&feed, &[])
        })
    };
    let site = moving("/new").await;
    let mut seen = first(&site).await;
    for day in [1, 2, 6] {
        seen = again(&site, &seen, NOW + DAILY * day).await;
        assert_eq!(seen.finish.state.address, None);
    }
    seen = again(&site, &seen, NOW + DAILY * 8).await;
    assert_eq!(seen.finish.state.address, Some(site.url("/new")));

    let site = moving("https://elsewhere.example/feed").await;
    let mut seen = first(&site).await;
    for day in [1, 4, 8, 9] {
        seen = again(&site, &seen, NOW + DAILY * day).await;
    }
    assert_eq!(seen.finish.state.address, None);
}

#[tokio::test]
async fn row_76_odd_answers_are_errors_and_leave_what_is_known() {
    for status in [
        204, 205, 206, 207, 226, 300, 302, 305, 306, 400, 405, 418, 451, 511, 599,
    ] {
        let site = site(move |hit| match hit.n {
            1 => Reply::feed(&rss(&items(hit, 0..2)), &[("etag", "\"a\"")]),
            _ => Reply::with(status, &[("etag", "\"b\"")], ""),
        })
        .await;
        let one = first(&site).await;
        assert_eq!(one.items().len(), 2, "{status}");
        let two = again(&site, &one, NOW + DAILY).await;
        assert!(!two.finish.health.is_ok(), "{status}");
        assert!(two.gone().is_empty() && two.items().is_empty(), "{status}");
        assert_eq!(two.finish.state.pages, one.finish.state.pages, "{status}");
        assert!(two.finish.next_due > NOW + DAILY, "{status}");
    }
    // A part of a feed is no feed, even where it can be read.
    let site = site(|hit| Reply::with(206, &[], rss(&items(hit, 0..2)))).await;
    let part = first(&site).await;
    assert!(part.items().is_empty() && !part.finish.health.is_ok());
}

#[tokio::test]
async fn row_09_noindex_withholds_every_item() {
    let site = site(|hit| {
        Reply::feed(
            &rss(&items(hit, 0..3)),
            &[("x-robots-tag", "otherbot: nofollow, noindex")],
        )
    })
    .await;
    let seen = first(&site).await;
    assert_eq!(seen.items().len(), 3);
    drop(seen);
    let ours =
        Site::start(|hit| Reply::feed(&rss(&items(hit, 0..3)), &[("x-robots-tag", "noindex")]))
            .await;
    let seen = first(&ours).await;
    let state = ItemState::Withheld(Refusal::Noindex);
    assert!(seen.items().iter().all(|item| item.state == state));
}

#[tokio::test]
async fn row_60_and_61_what_leaves_the_window_stays_and_what_is_deleted_goes() {
    let site = site(|hit| match hit.n {
        0 | 1 => Reply::feed(&rss(&items(hit, 0..5)), &[]),
        _ => Reply::feed(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title>\
                 <entry><id>g9</id><title>n</title><link href=\"https://elsewhere.example/p/9\"/></entry>\
                 <at:deleted-entry xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" ref=\"g2\" when=\"2026-01-01T00:00:00Z\"/></feed>",
            &[],
        ),
    })
    .await;
    let one = first(&site).await;
    let two = again(&site, &one, NOW + DAILY).await;
    assert_eq!(two.gone(), ["g2"]);
    assert_eq!(two.items().len(), 1);
}

#[tokio::test]
async fn row_63_what_a_complete_feed_no_longer_holds_is_gone() {
    let site = site(|hit| {
        let range = if hit.n < 2 { 0..5 } else { 1..5 };
        let complete = "<fh:complete xmlns:fh=\"http://purl.org/syndication/history/1.0\"/>";
        Reply::feed(&rss(&(complete.to_owned() + &items(hit, range))), &[])
    })
    .await;
    let one = first(&site).await;
    let two = again(&site, &one, NOW + DAILY).await;
    assert_eq!(two.gone(), ["g0"]);
}

#[tokio::test]
async fn row_63_the_past_is_walked_once_and_no_loop_holds_us() {
    let page = |hit: &Hit, next: &str, range| {
        let link = format!(
            "<atom:link xmlns:atom=\"http://www.w3.org/2005/Atom\" rel=\"next\" href=\"{next}\"/>"
        );
        Reply::feed(&rss(&(link + &items(hit, range))), &[("etag", "\"a\"")])
    };
    let site = Site::start(move |hit| match (hit.path.as_str(), hit.query.as_str()) {
        ("/robots.txt", _) => Reply::not_found(),
        ("/feed", _) if hit.has("\"a\"") => Reply::with(304, &[], ""),
        ("/feed", "") => page(hit, "/feed?p=2", 0..3),
        ("/feed", "p=2") => page(hit, "/feed?p=3", 3..6),
        ("/feed", "p=3") => page(hit, "/feed?p=2", 6..9),
        _ => Reply::not_found(),
    })
    .await;
    let one = first(&site).await;
    assert_eq!(one.items().len(), 9);
    assert_eq!(site.asked().len(), 3);
    site.forget();
    again(&site, &one, NOW + HOUR).await;
    assert_eq!(site.asked().len(), 1, "once only");

    let endless = Site::start(move |hit| match hit.path.as_str() {
        "/robots.txt" => Reply::not_found(),
        _ => {
            let n: u32 = hit.param("p").and_then(|p| p.parse().ok()).unwrap_or(0);
            page(hit, &format!("/feed?p={}", n + 1), n * 10..n * 10 + 10)
        }
    })
    .await;
    let one = first(&endless).await;
    assert_eq!(
        endless.asked().len(),
        51,
        "fifty pages a visit, the rest waits"
    );
    assert_eq!(one.items().len(), 510);
    assert!(one.finish.next_due < NOW + HOUR * 2);
    endless.forget();
    let two = again(&endless, &one, NOW + HOUR).await;
    assert_eq!(endless.asked()[1].query, "p=51");
    assert!(two.items().iter().all(|item| !one.items().contains(item)));
}

#[tokio::test]
async fn row_64_comment_feeds_give_replies_when_the_owner_asks_for_them() {
    let site = site(|hit| match hit.path.as_str() {
        "/feed" => Reply::feed(
            &rss(&format!(
                "<item><guid>g1</guid><link>{0}/p/1</link><title>Post</title><description>x</description>\
                 <wfw:commentRss xmlns:wfw=\"http://wellformedweb.org/CommentAPI/\">{0}/p/1/comments</wfw:commentRss></item>",
                hit.origin
            )),
            &[("etag", "\"a\"")],
        ),
        "/p/1" => Reply::html("<p>x"),
        "/p/1/comments" if hit.has("\"c\"") => Reply::with(304, &[], ""),
        "/p/1/comments" => Reply::feed(
            &rss(&format!(
                "<item><guid>c1</guid><link>{}/p/1#c1</link><description>I agree</description></item>",
                hit.origin
            )),
            &[("etag", "\"c\"")],
        ),
        _ => Reply::not_found(),
    })
    .await;
    assert_eq!(first(&site).await.items().len(), 1, "off unless asked for");
    let mut task = site.task(SourceKind::Feed, "/feed");
    task.source.options.comments = true;
    let seen = visit(&fetcher(), task.clone(), NOW).await;
    let items = seen.items();
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].parent.as_deref(), Some("g1"));
    assert_eq!(items[1].root.as_deref(), Some("g1"));
    task.state = kept(&seen.finish.state);
    let again = visit(&fetcher(), task, NOW + HOUR).await;
    assert!(again.batches.is_empty());
}

#[tokio::test]
async fn row_62_the_page_of_each_item_decides_before_it_is_shown() {
    let site = Site::start(|hit| match hit.path.as_str() {
        "/robots.txt" => Reply::with(200, &[], "User-agent: *\nDisallow: /p/9"),
        "/feed" if hit.has("\"a\"") => Reply::with(304, &[], ""),
        "/feed" => Reply::feed(&rss(&own_items(hit, 0..11)), &[("etag", "\"a\"")]),
        "/p/1" => Reply::redirect(302, "/login?next=/p/1"),
        "/p/2" => Reply::html("<html><meta name=robots content=noindex>"),
        "/p/3" => Reply::html("<form><input type=password name=post_password></form>"),
        "/p/4" => Reply::not_found(),
        "/p/5" => Reply::with(403, &[], ""),
        "/p/6" => Reply::with(500, &[], ""),
        "/p/7" => Reply::with(200, &[("x-robots-tag", "none")], "text"),
        "/p/8" => Reply::with(410, &[], ""),
        "/p/10" => Reply::redirect(302, "https://elsewhere.example/p/10"),
        _ => Reply::html("<html><body>public</body></html>"),
    })
    .await;
    let states = |seen: &Visited| -> Vec<(String, ItemState)> {
        let state = |item: &discover_model::Item| (item.key.clone(), item.state);
        seen.items().into_iter().map(state).collect()
    };
    let withheld = ItemState::Withheld;
    let seen = first(&site).await;
    let expected = [
        ("g0", ItemState::Live),
        ("g1", withheld(Refusal::LoginWall)),
        ("g2", withheld(Refusal::Noindex)),
        ("g3", withheld(Refusal::Password)),
        ("g5", withheld(Refusal::NotPublic)),
        ("g7", withheld(Refusal::Noindex)),
        ("g8", ItemState::Gone),
        ("g9", withheld(Refusal::Robots)),
        ("g10", ItemState::Live),
    ]
    .map(|(key, state)| (key.to_owned(), state));
    assert_eq!(states(&seen), expected, "g4 and g6 cannot be judged now");
    assert_eq!(
        (seen.finish.counts.seen, seen.finish.counts.waiting),
        (11, 2)
    );
    site.forget();
    let soon = again(&site, &seen, NOW + HOUR).await;
    assert_eq!(soon.finish.counts.waiting, 2);
    let asked: Vec<String> = site.asked().into_iter().map(|hit| hit.path).collect();
    assert_eq!(
        asked,
        ["/feed", "/p/4", "/p/6"],
        "what is known is not asked"
    );
    assert!(
        !site.asked()[0].has("\"a\""),
        "what waits must be read again"
    );

    let later = again(&site, &soon, NOW + DAILY + HOUR).await;
    assert_eq!(later.finish.counts.waiting, 0);
    let of = |key: &str| states(&later).into_iter().find(|(own, _)| own == key);
    assert_eq!(of("g4").expect("g4").1, ItemState::Gone);
    assert_eq!(of("g6").expect("g6").1, ItemState::Live, "the feed's word");
    site.forget();
    again(&site, &later, NOW + DAILY * 2).await;
    assert_eq!(site.asked().len(), 1, "and the feed rests again");
}

#[tokio::test]
async fn row_62_what_is_seen_before_the_host_asks_for_silence_is_shown() {
    let site = site(|hit| match hit.path.as_str() {
        "/feed" => Reply::feed(&rss(&own_items(hit, 0..4)), &[("etag", "\"a\"")]),
        "/p/2" if hit.n < 6 => Reply::with(429, &[("retry-after", "7200")], ""),
        _ => Reply::html("<html><body>public</body></html>"),
    })
    .await;
    let seen = first(&site).await;
    assert_eq!(seen.items().len(), 2);
    assert_eq!(seen.finish.health.status, Status::Waiting);
    assert_eq!(seen.finish.counts.waiting, 2);
    let rest = again(&site, &seen, NOW + HOUR * 3).await;
    assert_eq!((rest.items().len(), rest.finish.counts.waiting), (4, 0));
}

#[tokio::test]
async fn row_62_a_feed_whose_addresses_lead_nowhere_is_shown_on_its_own_word() {
    let site = site(|hit| match hit.path.as_str() {
        "/feed" => Reply::feed(&rss(&own_items(hit, 0..30)), &[("etag", "\"a\"")]),
        _ => Reply::not_found(),
    })
    .await;
    let seen = first(&site).await;
    assert_eq!((seen.items().len(), seen.finish.counts.waiting), (30, 0));
    assert_eq!(site.asked().len(), 11, "after ten no more is asked for");
}

#[tokio::test]
async fn row_54_pages_are_looked_at_newest_first_and_what_is_left_over_follows_soon() {
    let dated = |hit: &Hit| -> String {
        let item = |n: u32| {
            let date = (NOW - HOUR * i32::try_from(600 - n).expect("small"))
                .strftime("%a, %d %b %Y %H:%M:%S GMT");
            item(hit.origin.as_str(), n)
                .replace("<title>", &format!("<pubDate>{date}</pubDate><title>"))
        };
        (0..600).map(item).collect()
    };
    let site = site(move |hit| match hit.path.as_str() {
        "/feed" => Reply::feed(&rss(&dated(hit)), &[("etag", "\"a\"")]),
        _ => Reply::html("<html><body>public</body></html>"),
    })
    .await;
    let clock = Clock::moved();
    let mut config = crate::testing::config();
    config.min_gap = std::time::Duration::from_secs(2);
    let slow = Fetcher::on_a_stage(config, &clock).expect("fetcher");
    let mut task = site.task(SourceKind::Feed, "/feed");
    let seen = visit(&slow, task.clone(), NOW).await;
    let (shown, waiting) = (seen.items().len(), seen.finish.counts.waiting);
    assert!(
        (400..460).contains(&shown),
        "{shown} in a quarter of an hour"
    );
    assert_eq!(shown as u64 + waiting, 600);
    assert_eq!(site.asked()[1].path, "/p/599");
    assert!(seen.finish.next_due < NOW + HOUR, "it goes on at once");
    task.state = kept(&seen.finish.state);
    let rest = visit(&slow, task, seen.finish.next_due).await;
    assert_eq!((rest.items().len(), rest.finish.counts.waiting), (600, 0));
    assert!(rest.finish.next_due >= NOW + HOUR);
}

#[tokio::test]
async fn row_73_a_stop_after_any_batch_loses_nothing() {
    let site = site(|hit| {
        if hit.has("\"a\"") {
            return Reply::with(304, &[], "");
        }
        Reply::feed(&rss(&items(hit, 0..900)), &[("etag", "\"a\"")])
    })
    .await;
    let whole = first(&site).await;
    assert_eq!(whole.items().len(), 900);
    assert!(
        whole
            .batches
            .iter()
            .all(|batch| batch.items.len() <= BATCH_ITEMS)
    );
    for stop in 0..whole.batches.len() {
        let mut keys: BTreeSet<String> = whole.batches[..=stop]
            .iter()
            .flat_map(|batch| batch.items.iter().map(|item| item.key.clone()))
            .collect();
        let mut task = site.task(SourceKind::Feed, "/feed");
        task.state = kept(&whole.batches[stop].state);
        let rest = visit(&fetcher(), task, NOW + HOUR).await;
        keys.extend(rest.items().iter().map(|item| item.key.clone()));
        assert_eq!(keys.len(), 900, "stopped after batch {stop}");
    }
}

#[tokio::test]
async fn a_receiver_that_goes_away_ends_the_visit_without_moving_ahead() {
    let site = site(|hit| Reply::feed(&rss(&items(hit, 0..900)), &[("etag", "\"a\"")])).await;
    let (send, mut receive) = tokio::sync::mpsc::channel(1);
    let fetcher = fetcher();
    let crawl = crate::crawl::crawl(&fetcher, site.task(SourceKind::Feed, "/feed"), NOW, send);
    let (finish, ()) = tokio::join!(crawl, async {
        receive.recv().await.expect("a batch");
        receive.close();
    });
    assert!(
        finish.state.pages.is_empty(),
        "no validators for what was not kept"
    );
}

#[tokio::test]
async fn owners_patterns_decide_which_items_are_read() {
    let site = site(|hit| Reply::feed(&rss(&items(hit, 0..3)), &[])).await;
    let mut task = site.task(SourceKind::Feed, "/feed");
    task.source.options.deny = vec!["/p/1".into()];
    let seen = visit(&fetcher(), task, NOW).await;
    let live = seen
        .items()
        .iter()
        .filter(|item| item.state == ItemState::Live)
        .count();
    assert_eq!(live, 2);
}

#[tokio::test]
async fn row_77_only_the_declared_address_is_asked_for() {
    let count = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&count);
    let elsewhere = Site::start(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Reply::html("x")
    })
    .await;
    let other = elsewhere.root.clone();
    let site = site(move |hit| {
        Reply::feed(
            &rss(&format!(
                "<atom:link xmlns:atom=\"http://www.w3.org/2005/Atom\" rel=\"next\" href=\"{other}feed\"/>\
                 <item><guid>a</guid><link>{other}x</link><description>see {other}y and {}/z</description></item>",
                hit.origin
            )),
            &[],
        )
    })
    .await;
    first(&site).await;
    assert_eq!(site.asked().len(), 1);
    assert_eq!(count.load(Ordering::Relaxed), 0);
}
