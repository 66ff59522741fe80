//! The referee judged: every kind of rudeness, done on purpose, is counted as what it is, and manners are not.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answers::{self, BEHAVIOURS, Behaviour};
use super::rules::Violation;
use super::server::{Role, TestServer, cast};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const NAME: &str = "user-agent: Discover/0.1 (+https://discover.example/bot)\r\n";

/// One request: when (seconds from the start), for what, with which headers besides the name.
type Step<'a> = (i64, &'a str, &'a str);

/// Plays `steps` against the source of this behaviour, each a second after the one before at least, on one connection.
async fn play(behaviour: Behaviour, name: &str, steps: &[Step<'_>]) -> Vec<Violation> {
    let role: Role = cast(BEHAVIOURS.len())
        .into_iter()
        .find(|role| role.behaviour == behaviour)
        .expect("a role");
    let server = TestServer::set(std::slice::from_ref(&role)).await;
    let mut socket = TcpStream::connect((role.address, server.port))
        .await
        .expect("server");
    let begin = server.clock.now();
    for (at, path, headers) in steps {
        server
            .clock
            .move_to(begin + std::time::Duration::from_secs(at.unsigned_abs()));
        let path = path.replace("FEED", &answers::path(behaviour, role.n));
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}:{}\r\n{name}{headers}\r\n",
            role.host, server.port
        );
        socket.write_all(head.as_bytes()).await.expect("sent");
        let mut seen = Vec::new();
        // All answers are small; what matters is only that the next request comes after it.
        while !seen.windows(4).any(|four| four == b"\r\n\r\n") {
            assert!(socket.read_buf(&mut seen).await.expect("answer") > 0);
        }
    }
    let referee = server.referee.lock().expect("referee");
    referee.violation.keys().copied().collect()
}

#[tokio::test]
async fn every_rudeness_is_counted_as_what_it_is() {
    let robots = (0, "/robots.txt", "");
    let first = (2, "FEED", "");
    let tags = format!(
        "if-none-match: \"0\"\r\nif-modified-since: {}\r\n",
        answers::START.strftime("%a, %d %b %Y %H:%M:%S GMT")
    );
    let tags = tags.as_str();
    let again = |at: i64| (at, "FEED", tags);
    let polite: &[Step<'_>] = &[robots, first, again(2 * HOUR), again(20 * HOUR)];
    let cases: Vec<(Behaviour, &str, Vec<Step<'_>>, Option<Violation>)> = vec![
        (Behaviour::Steady, NAME, polite.to_vec(), None),
        (
            Behaviour::Steady,
            NAME,
            vec![first],
            Some(Violation::Robots),
        ),
        (
            Behaviour::RobotsNo,
            NAME,
            vec![robots, first],
            Some(Violation::Robots),
        ),
        (
            Behaviour::RobotsBroken,
            NAME,
            vec![robots, first],
            Some(Violation::Robots),
        ),
        (
            Behaviour::Steady,
            NAME,
            vec![robots, (MINUTE, "/robots.txt", "")],
            Some(Violation::RobotsAge),
        ),
        (
            Behaviour::Forbidden,
            NAME,
            vec![robots, first, (8 * DAY, "FEED", "")],
            Some(Violation::RobotsAge),
        ),
        (
            Behaviour::Steady,
            NAME,
            vec![robots, first, (2 * HOUR, "FEED", "")],
            Some(Violation::Validators),
        ),
        (
            Behaviour::NoValidators,
            NAME,
            vec![
                robots,
                first,
                (
                    DAY + HOUR / 20,
                    "FEED",
                    "if-modified-since: Mon, 21 Sep 2026 10:00:00 GMT\r\n",
                ),
            ],
            Some(Violation::Validators),
        ),
        (
            Behaviour::WeakEtag,
            NAME,
            vec![
                robots,
                first,
                (2 * HOUR, "FEED", "if-none-match: \"2, 0\"\r\n"),
            ],
            Some(Violation::Validators),
        ),
        (
            Behaviour::Steady,
            NAME,
            vec![robots, (2, "FEED", "cookie: a=b\r\n")],
            Some(Violation::Traces),
        ),
        (
            Behaviour::Steady,
            NAME,
            vec![robots, (2, "FEED", "referer: http://x.test/\r\n")],
            Some(Violation::Traces),
        ),
        (
            Behaviour::Steady,
            NAME,
            vec![robots, (2, "FEED?_=1", "")],
            Some(Violation::Traces),
        ),
        (
            Behaviour::Steady,
            "user-agent: Mozilla/5.0\r\n",
            vec![robots, first],
            Some(Violation::Name),
        ),
        (
            Behaviour::Steady,
            NAME,
            vec![robots, first, again(HOUR / 2)],
            Some(Violation::TooEarly),
        ),
        (
            Behaviour::NoValidators,
            NAME,
            vec![robots, first, (12 * HOUR, "FEED", "")],
            Some(Violation::TooEarly),
        ),
        (
            Behaviour::Ttl,
            NAME,
            vec![robots, first, again(8 * HOUR)],
            Some(Violation::TooEarly),
        ),
        (
            Behaviour::Expires,
            NAME,
            vec![robots, first, again(6 * HOUR)],
            Some(Violation::TooEarly),
        ),
        (
            Behaviour::Syndication,
            NAME,
            vec![robots, first, again(5 * HOUR)],
            Some(Violation::TooEarly),
        ),
        (
            Behaviour::Forbidden,
            NAME,
            vec![robots, first, (DAY - HOUR, "FEED", "")],
            Some(Violation::Closed),
        ),
        // The server opens at 14:13 UTC.
        (
            Behaviour::SkipHours,
            NAME,
            vec![robots, first, again(11 * HOUR)],
            Some(Violation::Skipped),
        ),
        (
            Behaviour::RetrySeconds,
            NAME,
            vec![robots, (3 * HOUR, "FEED", ""), (5 * HOUR, "FEED", "")],
            Some(Violation::Silence),
        ),
        (
            Behaviour::RetryDate,
            NAME,
            vec![
                robots,
                (3 * HOUR, "FEED", ""),
                (7 * HOUR, "/robots.txt", ""),
            ],
            Some(Violation::Silence),
        ),
        (
            Behaviour::Gone,
            NAME,
            vec![
                (4 * DAY, "/robots.txt", ""),
                (4 * DAY + 2, "FEED", ""),
                (4 * DAY + 12 * HOUR, "FEED", ""),
            ],
            Some(Violation::Closed),
        ),
        (
            Behaviour::Elsewhere,
            NAME,
            vec![
                robots,
                first,
                (4, "/other/19", ""),
                (2 * HOUR, "/other/19", tags),
            ],
            Some(Violation::Address),
        ),
        (
            Behaviour::Steady,
            NAME,
            vec![robots, (0, "FEED", "")],
            Some(Violation::SiteGap),
        ),
        (
            Behaviour::CrawlDelay,
            NAME,
            vec![robots, (3, "FEED", "")],
            Some(Violation::SiteGap),
        ),
        (
            Behaviour::Steady,
            NAME,
            vec![robots, (2, "/elsewhere", "")],
            Some(Violation::Undeclared),
        ),
    ];
    for (behaviour, name, steps, violation) in cases {
        let counted = play(behaviour, name, &steps).await;
        match violation {
            None => assert_eq!(counted, [], "{behaviour:?}"),
            Some(violation) => assert!(
                counted.contains(&violation),
                "{behaviour:?} {steps:?}: {counted:?}, not {violation:?}"
            ),
        }
    }
}

#[tokio::test]
async fn what_stays_missing_may_be_asked_for_once_a_week_and_what_moved_must_be_followed() {
    let daily = |day: i64| [(day * DAY, "/robots.txt"), (day * DAY + 2, "FEED")];
    let mut steps: Vec<Step<'_>> = Vec::new();
    for day in 3..25 {
        steps.extend(daily(day).map(|(at, path)| (at, path, "")));
    }
    assert!(
        play(Behaviour::Missing, NAME, &steps)
            .await
            .contains(&Violation::Closed)
    );
    assert!(
        play(Behaviour::Moved, NAME, &steps)
            .await
            .contains(&Violation::Address)
    );
}

#[tokio::test]
async fn two_at_once_on_one_site_and_three_on_one_address_are_seen() {
    let roles: Vec<Role> = cast(60)
        .into_iter()
        .filter(|role| {
            role.host == "www.large.test"
                && matches!(
                    role.behaviour,
                    Behaviour::Steady
                        | Behaviour::WeakEtag
                        | Behaviour::OddDate
                        | Behaviour::Busy
                        | Behaviour::Cookies
                        | Behaviour::Ttl
                        | Behaviour::MaxAge
                        | Behaviour::Links
                )
        })
        .collect();
    assert!(roles.len() > 1);
    let server = TestServer::set(&roles).await;
    // Answers take a while in every fifth second.
    while server.now().as_second() % 5 != 0 {
        server
            .clock
            .move_to(server.clock.now() + std::time::Duration::from_secs(1));
    }
    let ask = async |role: &Role| {
        let mut socket = TcpStream::connect((role.address, server.port))
            .await
            .expect("server");
        let path = answers::path(role.behaviour, role.n);
        let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{NAME}\r\n", role.host);
        socket.write_all(head.as_bytes()).await.expect("sent");
        let _ = socket.read(&mut [0; 512]).await;
    };
    tokio::join!(ask(&roles[0]), ask(&roles[1]));
    let referee = server.referee.lock().expect("referee");
    assert!(
        referee.violation.contains_key(&Violation::SiteGap)
            && referee.violation.contains_key(&Violation::AddressGap)
    );
    assert!(referee.violation[&Violation::SiteGap][0].contains("under way"));
}
