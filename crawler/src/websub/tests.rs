//! A feed with a hub, both played on loopback.

use std::sync::{Arc, Mutex};

use discover_model::SourceKind;
use hmac::{Hmac, Mac};

use super::*;
use crate::fetch::{FetchError, Fetcher};
use crate::frontier::DAILY;
use crate::state::SourceState;
use crate::task::Task;
use crate::testing::{self, NOW, Reply, Site, Visited};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

struct Scene {
    feed: Site,
    hub: Site,
    fetcher: Fetcher,
    forms: Arc<Mutex<Vec<String>>>,
}

/// A feed that names `hub` and itself; both answer as told.
async fn scene(topic: &'static str) -> Scene {
    let hub = Site::start(|_| Reply::with(202, &[], "")).await;
    let address = hub.url("/hub");
    let feed = Site::start(move |hit| match hit.path.as_str() {
        "/robots.txt" => Reply::not_found(),
        _ if hit.has("\"a\"") => Reply::with(304, &[], ""),
        _ => {
            let body = format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title><link rel=\"hub\" href=\"{address}\"/>\
                 <link rel=\"self\" href=\"{topic}\"/><entry><id>1</id><title>a</title><link href=\"https://elsewhere.example/1\"/></entry></feed>"
            );
            Reply::feed(&body, &[("etag", "\"a\"")])
        }
    })
    .await;
    let base = Url::parse("https://discover.example/websub/").expect("url");
    let fetcher = testing::fetcher();
    fetcher.subscribe_as(Subscriber::new(base, b"instance key"));
    let forms = hub.bodies();
    Scene {
        feed,
        hub,
        fetcher,
        forms,
    }
}

impl Scene {
    fn task(&self) -> Task {
        self.feed.task(SourceKind::Feed, "/feed")
    }

    async fn visit(&self, state: &SourceState, now: Timestamp) -> Visited {
        let mut task = self.task();
        let json = serde_json::to_string(state).expect("json");
        task.state = serde_json::from_str(&json).expect("state");
        testing::visit(&self.fetcher, task, now).await
    }

    fn subscriber(&self) -> &Subscriber {
        self.fetcher.subscriber().expect("a subscriber")
    }

    fn id(&self) -> SourceId {
        self.task().source.id
    }

    fn form(&self, name: &str) -> Option<String> {
        let forms = self.forms.lock().expect("forms");
        url::form_urlencoded::parse(forms.last()?.as_bytes())
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.into_owned())
    }

    fn token(&self) -> String {
        let callback = self.form("hub.callback").expect("callback");
        callback.rsplit('/').next().expect("token").to_owned()
    }

    /// The hub tells of news, signed as it should be.
    fn tell(&self, now: Timestamp) {
        let secret = self.form("hub.secret").expect("secret");
        let right = sign(&secret, b"<feed/>");
        let told =
            self.subscriber()
                .notice(self.id(), &self.token(), Some(&right), b"<feed/>", now);
        assert_eq!(told, Notice::News(self.id()));
    }

    fn intent(&self, lease: i64) -> Intent {
        let query = format!(
            "hub.mode=subscribe&hub.topic={}&hub.challenge=abc%2F1&hub.lease_seconds={lease}",
            self.feed.url("/feed")
        );
        Intent::from_query(&query)
    }
}

fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("key");
    mac.update(body);
    format!("sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_hub_in_link_headers_comes_first_and_one_that_misses_news_is_not_relied_on() {
    let hub = Site::start(|_| Reply::with(202, &[], "")).await;
    let link = format!("<{}>; rel=hub, </feed>; rel=\"self\"", hub.url("/hub"));
    let feed = Site::start(move |hit| match hit.path.as_str() {
        "/robots.txt" => Reply::not_found(),
        _ => {
            let n = hit.n;
            let body = format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title><entry><id>{n}</id><title>{n}</title>\
                 <link href=\"https://elsewhere.example/{n}\"/></entry></feed>"
            );
            Reply::feed(&body, &[("etag", "\"a\""), ("link", &link)])
        }
    })
    .await;
    let fetcher = testing::fetcher();
    let base = Url::parse("https://discover.example/websub/").expect("url");
    fetcher.subscribe_as(Subscriber::new(base, b"instance key"));
    let forms = hub.bodies();
    let scene = Scene {
        feed,
        hub,
        fetcher,
        forms,
    };
    let one = scene.visit(&SourceState::default(), NOW).await;
    let topic = scene.feed.url("/feed");
    assert_eq!(scene.form("hub.topic").as_deref(), Some(topic.as_str()));
    let sure = scene.intent(864_000);
    let verified = scene
        .subscriber()
        .intent(scene.id(), &scene.token(), &sure, NOW);
    assert!(verified.is_some());
    scene.tell(NOW + HOUR);
    let told = scene.visit(&one.finish.state, NOW + HOUR).await;
    assert!(told.finish.next_due >= NOW + DAILY);
    let missed = scene.visit(&told.finish.state, NOW + HOUR * 30).await;
    assert!(
        missed.finish.next_due < NOW + HOUR * 30 + DAILY,
        "it said nothing of these news"
    );
}

#[tokio::test]
async fn row_65_a_declared_hub_is_asked_its_question_answered_and_the_feed_polled_daily() {
    let scene = scene("/feed").await;
    let one = scene.visit(&SourceState::default(), NOW).await;
    assert!(one.finish.next_due < NOW + DAILY);
    let topic = scene.feed.url("/feed");
    assert_eq!(scene.form("hub.mode").as_deref(), Some("subscribe"));
    assert_eq!(scene.form("hub.topic").as_deref(), Some(topic.as_str()));
    assert!(
        scene
            .form("hub.secret")
            .is_some_and(|secret| secret.len() == 64)
    );
    let callback = scene.form("hub.callback").expect("callback");
    assert!(callback.starts_with(&format!("https://discover.example/websub/{}/", scene.id())));
    assert_eq!(
        scene.hub.hits().len(),
        1,
        "and nothing else is asked of the hub, not even robots.txt"
    );
    let hit = &scene.hub.hits()[0];
    assert_eq!(
        hit.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        hit.header("user-agent"),
        Some("Discover/0.1 (+https://discover.example/bot)")
    );

    let token = scene.token();
    let sure = scene.intent(864_000);
    let subscriber = scene.subscriber();
    let others = [
        Intent {
            topic: "https://other.example/feed".into(),
            ..sure.clone()
        },
        Intent {
            mode: "unsubscribe".into(),
            ..sure.clone()
        },
        Intent {
            challenge: String::new(),
            ..sure.clone()
        },
        Intent {
            lease_seconds: Some(1),
            ..sure.clone()
        },
    ];
    for other in &others {
        assert_eq!(
            subscriber.intent(scene.id(), &token, other, NOW),
            None,
            "{other:?}"
        );
    }
    assert_eq!(subscriber.intent(scene.id(), "guessed", &sure, NOW), None);
    assert_eq!(
        subscriber.intent(SourceId::from_u128(9), &token, &sure, NOW),
        None
    );
    assert_eq!(
        subscriber.intent(scene.id(), &token, &sure, NOW + HOUR * 2),
        None,
        "nobody asked of late"
    );
    assert_eq!(
        subscriber.intent(scene.id(), &token, &sure, NOW).as_deref(),
        Some("abc/1")
    );
    assert_eq!(
        subscriber.intent(scene.id(), &token, &sure, NOW),
        None,
        "once only"
    );

    let silent = scene.visit(&one.finish.state, NOW + HOUR).await;
    assert!(
        silent.finish.next_due < NOW + DAILY,
        "a hub that has told us nothing yet makes visits no rarer"
    );
    scene.tell(NOW + HOUR * 2);
    let two = scene.visit(&silent.finish.state, NOW + HOUR * 2).await;
    assert!(
        two.finish.next_due >= NOW + HOUR * 2 + DAILY,
        "news are pushed"
    );
    assert_eq!(scene.hub.hits().len(), 1, "a lease is not asked for twice");
}

#[tokio::test]
async fn row_65_only_a_rightly_signed_notice_is_news() {
    let scene = scene("/feed").await;
    scene.visit(&SourceState::default(), NOW).await;
    let (subscriber, id, token) = (scene.subscriber(), scene.id(), scene.token());
    let secret = scene.form("hub.secret").expect("secret");
    let right = sign(&secret, b"<feed/>");
    assert_eq!(
        subscriber.notice(id, &token, Some(&right), b"<feed/>", NOW),
        Notice::News(id)
    );
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("key");
    mac.update(b"<feed/>");
    let old = format!("sha1={}", HEXLOWER.encode(&mac.finalize().into_bytes()));
    assert_eq!(
        subscriber.notice(id, &token, Some(&old), b"<feed/>", NOW),
        Notice::News(id)
    );
    for (signature, body) in [
        (None, &b"<feed/>"[..]),
        (Some(right.as_str()), b"<feed>more</feed>"),
        (Some(sign("guessed", b"<feed/>").as_str()), b"<feed/>"),
        (
            Some("sha1=0000000000000000000000000000000000000000"),
            b"<feed/>",
        ),
        (Some("sha256=zz"), b"<feed/>"),
        (Some(""), b"<feed/>"),
    ] {
        assert_eq!(
            subscriber.notice(id, &token, signature, body, NOW),
            Notice::Forged,
            "{signature:?}"
        );
    }
    assert_eq!(
        subscriber.notice(id, "guessed", Some(&right), b"<feed/>", NOW),
        Notice::Unknown
    );
}

#[tokio::test]
async fn row_65_a_lease_is_renewed_before_it_ends_and_a_lost_one_means_polling() {
    let scene = scene("/feed").await;
    let one = scene.visit(&SourceState::default(), NOW).await;
    let token = scene.token();
    scene
        .subscriber()
        .intent(scene.id(), &token, &scene.intent(864_000), NOW)
        .expect("verified");
    scene.tell(NOW + HOUR);
    let early = scene.visit(&one.finish.state, NOW + DAILY * 5).await;
    assert_eq!(scene.hub.hits().len(), 1);
    let late = scene.visit(&early.finish.state, NOW + DAILY * 9).await;
    assert_eq!(scene.hub.hits().len(), 2, "renewed in its last third");
    assert!(
        late.finish.next_due >= NOW + DAILY * 10,
        "still live meanwhile"
    );
    let lost = scene.visit(&late.finish.state, NOW + DAILY * 11).await;
    assert!(
        lost.finish.next_due < NOW + DAILY * 12,
        "the hub did not verify: polled as before"
    );
    assert_eq!(scene.hub.hits().len(), 3, "and asked again, a day later");
    let next = scene
        .visit(&lost.finish.state, NOW + DAILY * 11 + HOUR)
        .await;
    assert_eq!(scene.hub.hits().len(), 3, "but not at every visit");
    let denied = Intent {
        mode: "denied".into(),
        ..scene.intent(0)
    };
    assert!(
        scene
            .subscriber()
            .intent(scene.id(), &token, &denied, NOW + DAILY * 11)
            .is_some()
    );
    let next = scene.visit(&next.finish.state, NOW + DAILY * 13).await;
    scene.visit(&next.finish.state, NOW + DAILY * 17).await;
    assert_eq!(
        scene.hub.hits().len(),
        3,
        "a hub that said no is left alone for a week"
    );
}

#[tokio::test]
async fn row_65_a_topic_outside_the_consent_or_a_hub_inside_a_network_is_not_asked() {
    let outside = scene("https://elsewhere.example/feed").await;
    outside.visit(&SourceState::default(), NOW).await;
    assert!(outside.hub.hits().is_empty());

    let scene = scene("/feed").await;
    let mut shut = testing::config();
    shut.allow_loopback = false;
    let fetcher = Fetcher::new(shut).expect("fetcher");
    let leave = scene
        .feed
        .permit()
        .for_declared_hub(scene.hub.url("/hub"))
        .expect("granted");
    let answer = fetcher
        .post_form(&leave, &scene.hub.url("/hub"), String::new(), NOW)
        .await;
    assert!(
        matches!(answer, Err(crate::FetchError::Blocked(_))),
        "{answer:?}"
    );
    let other = fetcher
        .post_form(&leave, &scene.hub.url("/other"), String::new(), NOW)
        .await;
    assert!(
        matches!(other, Err(crate::FetchError::NoConsent(_))),
        "{other:?}"
    );
    assert!(scene.hub.hits().is_empty());
}

#[tokio::test]
async fn row_65_one_dead_hub_is_found_out_once_for_all_sources_and_asked_again_a_day_later() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    // A hub that takes connections and says nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("port");
    let hub = Url::parse(&format!(
        "http://{}/hub",
        listener.local_addr().expect("address")
    ))
    .expect("url");
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            drop(connection);
        }
    });
    let site = Site::start(|_| Reply::not_found()).await;
    let fetcher = testing::fetcher();
    let base = Url::parse("https://discover.example/websub/").expect("url");
    fetcher.subscribe_as(Subscriber::new(base, b"instance key"));
    let declared = (hub, site.url("/feed"));
    for (source, hours, expected) in [(1, 0, 1), (2, 1, 1), (3, 23, 1), (2, 25, 2)] {
        let mut kept = None;
        let source = SourceId::from_u128(source);
        let live = tend(
            &fetcher,
            source,
            &site.permit(),
            Some(&declared),
            &mut kept,
            false,
            NOW + HOUR * hours,
        )
        .await;
        assert!(!live);
        assert_eq!(
            asked.load(Ordering::SeqCst),
            expected,
            "after {hours} hours"
        );
    }
}

#[tokio::test]
async fn row_65_a_visit_does_not_stand_in_a_hubs_queue() {
    let scene = scene("/feed").await;
    let hub = scene.hub.url("/hub");
    let mut slow = testing::config();
    slow.min_gap = std::time::Duration::from_mins(10);
    let fetcher = Fetcher::new(slow).expect("fetcher");
    let leave = scene
        .feed
        .permit()
        .for_declared_hub(hub.clone())
        .expect("granted");
    let first = fetcher.post_form(&leave, &hub, String::new(), NOW).await;
    assert_eq!(first, Ok(202));
    let second = fetcher.post_form(&leave, &hub, String::new(), NOW);
    let second = tokio::time::timeout(std::time::Duration::from_mins(1), second).await;
    let second = second.expect("an end to the waiting");
    assert!(
        matches!(second, Err(FetchError::HostWaits(_))),
        "{second:?}"
    );
}
