//! The fetch layer against loopback servers that play each row's part.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use discover_model::proof::{ProofAddress, ProofMethod};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::ssrf_guard::tests::FORBIDDEN;
use crate::testing::{Answer, Hit, NOW, Reply, Site, config, fetcher, permit};

async fn get(fetcher: &Fetcher, site: &Site, path: &str) -> Result<Response, FetchError> {
    let request = Request::new(site.url(path), What::Feed);
    fetcher.get(&site.permit(), request, NOW).await
}

/// A site that plays `play` and has no robots.txt.
async fn site(play: impl Fn(&Hit) -> Answer + Send + Sync + 'static) -> Site {
    Site::start(move |hit| match hit.path.as_str() {
        "/robots.txt" => Reply::not_found(),
        _ => play(hit),
    })
    .await
}

/// A server that answers every connection with the same bytes, `pause` between each `step` of them.
async fn raw(bytes: Vec<u8>, step: usize, pause: Duration) -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("port");
    let url = format!("http://{}/", listener.local_addr().expect("address"));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut head = [0; 2048];
                let read = socket.read(&mut head).await.unwrap_or(0);
                if head[..read].starts_with(b"GET /robots.txt") {
                    let none =
                        b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    let _ = socket.write_all(none).await;
                    return;
                }
                for part in bytes.chunks(step) {
                    if socket.write_all(part).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(pause).await;
                }
            });
        }
    });
    Url::parse(&url).expect("url")
}

#[tokio::test]
async fn row_18_and_19_an_honest_name_and_nothing_that_follows_a_reader() {
    let site = site(|_| Reply::with(200, &[("set-cookie", "a=b; Path=/")], "x")).await;
    let fetcher = fetcher();
    for _ in 0..2 {
        get(&fetcher, &site, "/feed?x=1").await.expect("answer");
    }
    let asked = site.asked();
    assert_eq!(asked.len(), 2);
    for hit in asked {
        assert_eq!(
            hit.header("user-agent"),
            Some("Discover/0.1 (+https://discover.example/bot)")
        );
        for absent in ["cookie", "referer", "authorization", "from"] {
            assert_eq!(hit.header(absent), None, "{absent}");
        }
        assert_eq!(hit.query, "x=1");
        assert_eq!(hit.header("accept-encoding"), Some("gzip, deflate, br"));
    }
}

#[test]
fn without_a_contact_page_there_is_no_crawl() {
    let mut nameless = config();
    nameless.user_agent_product = " ".into();
    assert!(Fetcher::new(nameless).is_err());
    let mut mail = config();
    mail.contact_page = Url::parse("mailto:a@b.example").expect("url");
    assert!(Fetcher::new(mail).is_err());
}

#[tokio::test]
async fn nothing_outside_the_permit_is_fetched_not_even_robots() {
    let site = site(|_| Reply::html("secret")).await;
    let narrow = permit(&site.root, &["/forum/"]);
    let request = Request::new(site.url("/private"), What::Page);
    let refused = fetcher().get(&narrow, request, NOW).await;
    assert!(
        matches!(refused, Err(FetchError::NoConsent(_))),
        "{refused:?}"
    );
    assert!(site.hits().is_empty());
}

#[tokio::test]
async fn row_01_what_robots_disallows_is_not_fetched() {
    let site = Site::start(|hit| match hit.path.as_str() {
        "/robots.txt" => Reply::html("User-agent: DISCOVER\nDisallow: /feed\n"),
        _ => Reply::html("x"),
    })
    .await;
    let fetcher = fetcher();
    let refused = get(&fetcher, &site, "/feed").await;
    assert!(matches!(refused, Err(FetchError::Robots(_))), "{refused:?}");
    assert!(get(&fetcher, &site, "/other").await.is_ok());
    assert_eq!(site.paths(), ["/robots.txt", "/other"]);
}

#[tokio::test]
async fn row_02_and_03_no_robots_is_a_yes_and_a_broken_one_a_no() {
    for (status, allowed) in [
        (404, true),
        (401, true),
        (403, true),
        (410, true),
        (500, false),
        (502, false),
        (503, false),
        (429, false),
    ] {
        let site = Site::start(move |hit| match hit.path.as_str() {
            "/robots.txt" => Reply::with(status, &[], ""),
            _ => Reply::html("x"),
        })
        .await;
        let answer = get(&fetcher(), &site, "/feed").await;
        assert_eq!(answer.is_ok(), allowed, "{status}: {answer:?}");
        assert_eq!(site.asked().len(), usize::from(allowed), "{status}");
    }
    let mut hasty = config();
    hasty.timeout = Duration::from_millis(200);
    let never = raw(vec![b' '; 100], 1, Duration::from_mins(1)).await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("port");
    let url = Url::parse(&format!(
        "http://{}/",
        silent.local_addr().expect("address")
    ))
    .expect("url");
    let request = Request::new(url.clone(), What::Feed);
    let answer = Fetcher::new(hasty)
        .expect("fetcher")
        .get(&permit(&url, &["/"]), request, NOW)
        .await;
    assert!(
        matches!(answer, Err(FetchError::RobotsUnreachable(_))),
        "{answer:?}"
    );
    drop(never);
}

#[tokio::test]
async fn row_04_robots_is_read_behind_five_redirects_and_not_behind_a_login() {
    let site = Site::start(|hit| match hit.path.as_str() {
        "/robots.txt" => Reply::redirect(301, "/r1"),
        "/r5" => Reply::html("User-agent: *\nDisallow: /feed"),
        path if path.starts_with("/r") => {
            let n: u8 = path[2..].parse().expect("number");
            Reply::redirect(302, &format!("/r{}", n + 1))
        }
        _ => Reply::html("x"),
    })
    .await;
    let answer = get(&fetcher(), &site, "/feed").await;
    assert!(matches!(answer, Err(FetchError::Robots(_))), "{answer:?}");
    let walled = Site::start(|hit| match hit.path.as_str() {
        "/robots.txt" => Reply::redirect(302, "/login?next=/robots.txt"),
        _ => Reply::html("x"),
    })
    .await;
    let answer = get(&fetcher(), &walled, "/feed").await;
    assert!(
        matches!(answer, Err(FetchError::LoginWall { .. })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn row_06_robots_is_asked_for_once_a_day_or_as_its_cache_control_says() {
    for (control, hours, looks) in [
        ("", 23, 1),
        ("", 25, 2),
        ("max-age=3600", 2, 2),
        ("no-cache", 1, 1),
    ] {
        let site = Site::start(move |hit| match hit.path.as_str() {
            "/robots.txt" => Reply::with(
                200,
                &[("cache-control", control)],
                "User-agent: *\nDisallow:",
            ),
            _ => Reply::html("x"),
        })
        .await;
        let fetcher = fetcher();
        for later in [0, 0, hours] {
            let now = NOW + SignedDuration::from_hours(later);
            let request = Request::new(site.url("/feed"), What::Feed);
            fetcher
                .get(&site.permit(), request, now)
                .await
                .expect("answer");
        }
        let asked = site
            .paths()
            .iter()
            .filter(|path| *path == "/robots.txt")
            .count();
        assert_eq!(asked, looks, "{control:?} after {hours} hours");
    }
}

#[tokio::test]
async fn row_08_crawl_delay_and_the_gap_stand_between_two_requests() {
    let site = Site::start(|hit| match hit.path.as_str() {
        "/robots.txt" => Reply::html("User-agent: *\nCrawl-delay: 0.3"),
        _ => Reply::html("x"),
    })
    .await;
    let fetcher = fetcher();
    let (first, second) = tokio::join!(get(&fetcher, &site, "/1"), get(&fetcher, &site, "/2"));
    assert!(first.is_ok() && second.is_ok());
    let hits = site.hits();
    for pair in hits.windows(2) {
        let gap = pair[1].at - pair[0].at;
        assert!(gap >= Duration::from_millis(300), "{gap:?}");
    }
    assert_eq!(hits.len(), 3);
}

#[tokio::test]
async fn row_10_to_12_both_validators_go_back_byte_for_byte() {
    let site = site(|_| Reply::with(304, &[], "")).await;
    let validators = Validators {
        etag: Some("W/\"a, \u{e9} b\"".into()),
        last_modified: Some("Mon, 1 Jan 2024 1:00:00 +0100".into()),
    };
    let request = Request::new(site.url("/feed"), What::Feed).with(&validators);
    let answer = fetcher()
        .get(&site.permit(), request, NOW)
        .await
        .expect("answer");
    assert_eq!(answer.status, 304);
    let hit = &site.asked()[0];
    assert_eq!(
        hit.headers.get("if-none-match").map(HeaderValue::as_bytes),
        Some(&b"W/\"a, \xe9 b\""[..])
    );
    assert_eq!(
        hit.header("if-modified-since"),
        Some("Mon, 1 Jan 2024 1:00:00 +0100")
    );
    let plain = Request::new(site.url("/feed"), What::Feed);
    fetcher()
        .get(&site.permit(), plain, NOW)
        .await
        .expect("answer");
    let hit = &site.asked()[1];
    assert_eq!(hit.header("if-modified-since"), None, "no invented date");
    assert_eq!(hit.header("if-none-match"), None);
}

#[tokio::test]
async fn row_25_to_28_a_busy_host_is_left_alone_by_all_its_sources() {
    for (status, value) in [
        (429, "3600"),
        (503, "3600"),
        (429, "Fri, 02 Oct 2026 11:00:00 GMT"),
    ] {
        let site = site(move |_| {
            let date = "Fri, 02 Oct 2026 10:00:00 GMT";
            Reply::with(status, &[("retry-after", value), ("date", date)], "")
        })
        .await;
        let fetcher = fetcher();
        let first = get(&fetcher, &site, "/a").await.expect("answer");
        assert_eq!(first.status, status);
        let until = NOW + SignedDuration::from_hours(1);
        let second = get(&fetcher, &site, "/b").await;
        assert_eq!(
            second.err(),
            Some(FetchError::HostWaits(until)),
            "{status} {value}"
        );
        assert_eq!(site.asked().len(), 1);
        let request = Request::new(site.url("/b"), What::Feed);
        let later = fetcher.get(&site.permit(), request, until).await;
        assert!(later.is_ok(), "{later:?}");
    }
}

#[tokio::test]
async fn row_36_and_37_redirects_are_followed_to_the_fifth_and_no_further() {
    let site = site(|hit| match hit.path[1..].parse::<u8>() {
        Ok(0) => Reply::html("there"),
        Ok(n) => Reply::redirect(
            [301, 302, 303, 307, 308][usize::from(n) % 5],
            &format!("/{}", n - 1),
        ),
        Err(_) => Reply::redirect(302, "/loop"),
    })
    .await;
    let fetcher = fetcher();
    let fifth = get(&fetcher, &site, "/5").await.expect("answer");
    assert_eq!((fifth.body.as_slice(), fifth.hops), (&b"there"[..], 5));
    assert_eq!(
        get(&fetcher, &site, "/6").await.err(),
        Some(FetchError::TooManyRedirects)
    );
    site.forget();
    assert_eq!(
        get(&fetcher, &site, "/loop").await.err(),
        Some(FetchError::TooManyRedirects)
    );
    assert_eq!(site.asked().len(), 6, "no retry storm");
    let nowhere = Site::start(|_| Reply::with(302, &[], "")).await;
    let request = Request::new(
        nowhere.url("/.well-known/discover-consent.json"),
        What::Proof,
    );
    let address = ProofAddress::new(ProofMethod::WellKnown, &nowhere.origin()).expect("address");
    let permit = Permit::for_proof(crate::testing::NETWORK, &address);
    let answer = fetcher.get(&permit, request, NOW).await;
    assert_eq!(answer.err(), Some(FetchError::BadRedirect(302)));
}

#[tokio::test]
async fn row_35_only_an_unbroken_run_of_permanent_redirects_is_a_move() {
    let site = site(|hit| match hit.path.as_str() {
        "/old" => Reply::redirect(301, "/older"),
        "/older" => Reply::redirect(308, "/new"),
        "/mixed" => Reply::redirect(301, "/temporary"),
        "/temporary" => Reply::redirect(302, "/new"),
        _ => Reply::html("x"),
    })
    .await;
    let fetcher = fetcher();
    let moved = get(&fetcher, &site, "/old").await.expect("answer").moved;
    assert_eq!(moved, Some(site.url("/new")));
    let partly = get(&fetcher, &site, "/mixed").await.expect("answer").moved;
    assert_eq!(partly, Some(site.url("/temporary")));
    assert_eq!(
        get(&fetcher, &site, "/temporary")
            .await
            .expect("answer")
            .moved,
        None
    );
}

#[tokio::test]
async fn row_38_redirects_to_special_addresses_schemes_and_logins_are_refused() {
    let listener = Site::start(|_| Reply::html("inside")).await;
    let port = listener.root.port().expect("port");
    let mut targets: Vec<String> = FORBIDDEN
        .iter()
        .map(|text| match text.parse::<IpAddr>().expect("ip") {
            IpAddr::V4(ip) => format!("http://{ip}:{port}/x"),
            IpAddr::V6(ip) => format!("http://[{ip}]:{port}/x"),
        })
        .collect();
    targets.extend(
        [
            "file:///etc/passwd",
            "gopher://a.example/",
            "javascript:1",
            "http://other.example/",
        ]
        .map(str::to_owned),
    );
    let targets = std::sync::Arc::new(targets);
    let played = std::sync::Arc::clone(&targets);
    let site = site(move |hit| match hit.path[1..].parse::<usize>() {
        Ok(n) => Reply::redirect(302, &played[n]),
        Err(_) => Reply::redirect(302, "/users/sign_in?next=/wall"),
    })
    .await;
    let fetcher = fetcher();
    for (n, target) in targets.iter().enumerate() {
        let answer = get(&fetcher, &site, &format!("/{n}")).await;
        assert!(
            matches!(
                answer,
                Err(FetchError::OutOfScope { .. } | FetchError::Blocked(_))
            ),
            "{target}: {answer:?}"
        );
    }
    assert!(listener.hits().is_empty(), "{:?}", listener.paths());
    let wall = get(&fetcher, &site, "/wall").await;
    assert!(
        matches!(wall, Err(FetchError::LoginWall { .. })),
        "{wall:?}"
    );
}

#[tokio::test]
async fn row_38_loopback_literals_are_refused_unless_allowed() {
    let site = site(|_| Reply::html("inside")).await;
    let mut shut = config();
    shut.allow_loopback = false;
    let answer = get(&Fetcher::new(shut).expect("fetcher"), &site, "/").await;
    assert!(matches!(answer, Err(FetchError::Blocked(_))), "{answer:?}");
    assert!(site.hits().is_empty());
}

#[tokio::test]
async fn row_41_and_42_bombs_are_stopped_and_bad_gzip_is_asked_for_plainly_once() {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(&vec![b' '; 12 << 20]).expect("in memory");
    let bomb = packer.finish().expect("in memory");
    let site = site(move |hit| {
        let packed = [("content-encoding", "gzip")];
        match hit.path.as_str() {
            "/bomb" => Reply::with(200, &packed, bomb.clone()),
            "/plain" => Reply::with(200, &packed, "plain text"),
            "/cut" => Reply::with(200, &packed, bomb[..30].to_vec()),
            "/zstd" => Reply::with(200, &[("content-encoding", "zstd")], "x"),
            _ if hit.header("accept-encoding") == Some("identity") => Reply::html("good"),
            _ => {
                let mut bad = bomb[..200].to_vec();
                bad[10..].fill(0xff);
                Reply::with(200, &packed, bad)
            }
        }
    })
    .await;
    let fetcher = fetcher();
    assert_eq!(
        get(&fetcher, &site, "/bomb").await.err(),
        Some(FetchError::Bomb)
    );
    assert_eq!(
        get(&fetcher, &site, "/plain").await.expect("plain").body,
        b"plain text"
    );
    assert_eq!(
        get(&fetcher, &site, "/cut").await.err(),
        Some(FetchError::Truncated)
    );
    assert!(matches!(
        get(&fetcher, &site, "/zstd").await,
        Err(FetchError::Encoding(_))
    ));
    site.forget();
    assert_eq!(
        get(&fetcher, &site, "/bad").await.expect("retried").body,
        b"good"
    );
    assert_eq!(site.asked().len(), 2);
}

#[tokio::test]
async fn row_43_and_44_endless_and_dripping_answers_are_ended() {
    let mut config = config();
    config.max_feed = 100_000;
    config.timeout = Duration::from_millis(600);
    let fetcher = Fetcher::new(config).expect("fetcher");
    let get = async |bytes: Vec<u8>, step: usize, pause: u64| {
        let url = raw(bytes, step, Duration::from_millis(pause)).await;
        let request = Request::new(url.clone(), What::Feed);
        let begun = Instant::now();
        let answer = fetcher.get(&permit(&url, &["/"]), request, NOW).await;
        assert!(begun.elapsed() < Duration::from_secs(3));
        answer.err()
    };
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.resize(2_000_000, b' ');
    assert_eq!(
        get(endless.clone(), 4096, 0).await,
        Some(FetchError::TooLarge(100_000))
    );
    assert!(matches!(
        get(endless, 30, 100).await,
        Some(FetchError::Timeout(_))
    ));
    let mut headers = b"HTTP/1.1 200 OK\r\n".to_vec();
    headers.extend(b"x: y\r\n".repeat(1000));
    assert!(matches!(
        get(headers.clone(), 6, 100).await,
        Some(FetchError::Timeout(_))
    ));
    assert!(matches!(
        get(headers, 6000, 0).await,
        Some(FetchError::Protocol(_))
    ));
}

#[tokio::test]
async fn row_45_an_answer_that_breaks_off_is_an_error() {
    let bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n<rss>".to_vec();
    let url = raw(bytes, 4096, Duration::ZERO).await;
    let request = Request::new(url.clone(), What::Feed);
    let answer = fetcher().get(&permit(&url, &["/"]), request, NOW).await;
    assert_eq!(answer.err(), Some(FetchError::Truncated));
}

/// A server that answers `limit` requests on a connection, says nothing to the next one and closes. Counts connections
/// and requests.
async fn closing(limit: usize) -> (Url, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("port");
    let url = format!("http://{}/", listener.local_addr().expect("address"));
    let (connections, requests) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let (opened, read) = (Arc::clone(&connections), Arc::clone(&requests));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            opened.fetch_add(1, Ordering::Relaxed);
            let read = Arc::clone(&read);
            tokio::spawn(async move {
                let mut head = [0; 2048];
                for answered in 0.. {
                    if socket.read(&mut head).await.unwrap_or(0) == 0 {
                        return;
                    }
                    read.fetch_add(1, Ordering::Relaxed);
                    if answered == limit {
                        return;
                    }
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx";
                    if socket.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (Url::parse(&url).expect("url"), connections, requests)
}

#[tokio::test]
async fn row_75_connections_are_reused_and_a_get_on_a_closed_one_is_repeated_once() {
    let ask = async |fetcher: &Fetcher, root: &Url, path: &str| {
        let request = Request::new(root.join(path).expect("path"), What::Feed);
        fetcher.get(&permit(root, &["/"]), request, NOW).await
    };
    let (root, connections, requests) = closing(4).await;
    let fetcher = fetcher();
    // With robots.txt, the fourth answer is the connection's last.
    for path in ["/1", "/2", "/3", "/4"] {
        ask(&fetcher, &root, path).await.expect("answer");
    }
    assert_eq!(connections.load(Ordering::Relaxed), 2);
    assert_eq!(
        requests.load(Ordering::Relaxed),
        6,
        "one was asked for twice"
    );

    let (root, _, requests) = closing(1).await;
    let fetcher = self::fetcher();
    // robots.txt is the only answer of its connection; each later one gives one answer too.
    ask(&fetcher, &root, "/1").await.expect("answer");
    assert_eq!(requests.load(Ordering::Relaxed), 3);
    let (root, _, requests) = closing(0).await;
    let refused = ask(&self::fetcher(), &root, "/1").await;
    assert!(
        matches!(refused, Err(FetchError::RobotsUnreachable(_))),
        "{refused:?}"
    );
    assert_eq!(
        requests.load(Ordering::Relaxed),
        2,
        "once more, and no storm"
    );
}

#[tokio::test]
async fn row_52_a_certificate_nobody_vouches_for_is_refused_and_plain_http_is_not_tried() {
    // Signed by itself, for these very addresses.
    let certificate = include_bytes!("certificate/self-signed.der").to_vec();
    let key = include_bytes!("certificate/self-signed.key.der").to_vec();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = rustls::pki_types::PrivateKeyDer::try_from(key).expect("a key");
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.into()], key)
        .expect("a certificate");
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    let root = format!("https://{}/", listener.local_addr().expect("address"));
    let handshakes = Arc::<AtomicUsize>::default();
    let (seen, plain) = (Arc::clone(&handshakes), Arc::<AtomicUsize>::default());
    let unencrypted = Arc::clone(&plain);
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut first = [0; 1];
            let looked = socket.peek(&mut first).unwrap_or(0);
            if looked == 1 && first[0] == 0x16 {
                seen.fetch_add(1, Ordering::Relaxed);
            } else if looked == 1 {
                unencrypted.fetch_add(1, Ordering::Relaxed);
            }
            let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).expect("tls");
            // Ends when the client turns away.
            let _ = tls.complete_io(&mut socket);
        }
    });
    let root = Url::parse(&root).expect("url");
    let request = Request::new(root.clone(), What::Feed);
    let refused = fetcher().get(&permit(&root, &["/"]), request, NOW).await;
    let said = refused.expect_err("no answer").to_string();
    assert!(said.contains("certificate"), "{said}");
    assert!(handshakes.load(Ordering::Relaxed) >= 1);
    assert_eq!(plain.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn row_51_a_name_that_does_not_resolve_is_not_asked_for_again_at_once() {
    let url = Url::parse("http://nowhere.invalid/feed").expect("url");
    let fetcher = fetcher();
    for _ in 0..2 {
        let request = Request::new(url.clone(), What::Feed);
        let failed = fetcher.get(&permit(&url, &["/"]), request, NOW).await;
        let said = failed.expect_err("no answer").to_string();
        assert!(said.contains("nowhere.invalid"), "{said}");
    }
    assert_eq!(fetcher.resolver.asked(), 1);
}
