//! The judge judged: every kind of rudeness, done on purpose, is counted as what it is, and manners are not.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::play::{self, PARTS, Part};
use super::rules::Sin;
use super::stage::{Role, Stage, cast};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const NAME: &str = "user-agent: Discover/0.1 (+https://discover.example/bot)\r\n";

/// One request: when (seconds from the start), for what, with which headers besides the name.
type Step<'a> = (i64, &'a str, &'a str);

/// Plays `steps` against the source of this part, each a second after the one before at least, on one connection.
async fn play(part: Part, name: &str, steps: &[Step<'_>]) -> Vec<Sin> {
    let role: Role = cast(PARTS.len())
        .into_iter()
        .find(|role| role.part == part)
        .expect("a role");
    let stage = Stage::set(std::slice::from_ref(&role)).await;
    let mut socket = TcpStream::connect((role.address, stage.port))
        .await
        .expect("stage");
    let begin = stage.clock.now();
    for (at, path, headers) in steps {
        stage
            .clock
            .move_to(begin + std::time::Duration::from_secs(at.unsigned_abs()));
        let path = path.replace("FEED", &play::path(part, role.n));
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}:{}\r\n{name}{headers}\r\n",
            role.host, stage.port
        );
        socket.write_all(head.as_bytes()).await.expect("sent");
        let mut seen = Vec::new();
        // All answers are small; what matters is only that the next request comes after it.
        while !seen.windows(4).any(|four| four == b"\r\n\r\n") {
            assert!(socket.read_buf(&mut seen).await.expect("answer") > 0);
        }
    }
    let judge = stage.judge.lock().expect("judge");
    judge.sins.keys().copied().collect()
}

#[tokio::test]
async fn every_rudeness_is_counted_as_what_it_is() {
    let robots = (0, "/robots.txt", "");
    let first = (2, "FEED", "");
    let tags = format!(
        "if-none-match: \"0\"\r\nif-modified-since: {}\r\n",
        play::START.strftime("%a, %d %b %Y %H:%M:%S GMT")
    );
    let tags = tags.as_str();
    let again = |at: i64| (at, "FEED", tags);
    let polite: &[Step<'_>] = &[robots, first, again(2 * HOUR), again(20 * HOUR)];
    let cases: Vec<(Part, &str, Vec<Step<'_>>, Option<Sin>)> = vec![
        (Part::Steady, NAME, polite.to_vec(), None),
        (Part::Steady, NAME, vec![first], Some(Sin::Robots)),
        (Part::RobotsNo, NAME, vec![robots, first], Some(Sin::Robots)),
        (
            Part::RobotsBroken,
            NAME,
            vec![robots, first],
            Some(Sin::Robots),
        ),
        (
            Part::Steady,
            NAME,
            vec![robots, (MINUTE, "/robots.txt", "")],
            Some(Sin::RobotsAge),
        ),
        (
            Part::Forbidden,
            NAME,
            vec![robots, first, (8 * DAY, "FEED", "")],
            Some(Sin::RobotsAge),
        ),
        (
            Part::Steady,
            NAME,
            vec![robots, first, (2 * HOUR, "FEED", "")],
            Some(Sin::Validators),
        ),
        (
            Part::NoValidators,
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
            Some(Sin::Validators),
        ),
        (
            Part::WeakEtag,
            NAME,
            vec![
                robots,
                first,
                (2 * HOUR, "FEED", "if-none-match: \"2, 0\"\r\n"),
            ],
            Some(Sin::Validators),
        ),
        (
            Part::Steady,
            NAME,
            vec![robots, (2, "FEED", "cookie: a=b\r\n")],
            Some(Sin::Traces),
        ),
        (
            Part::Steady,
            NAME,
            vec![robots, (2, "FEED", "referer: http://x.test/\r\n")],
            Some(Sin::Traces),
        ),
        (
            Part::Steady,
            NAME,
            vec![robots, (2, "FEED?_=1", "")],
            Some(Sin::Traces),
        ),
        (
            Part::Steady,
            "user-agent: Mozilla/5.0\r\n",
            vec![robots, first],
            Some(Sin::Name),
        ),
        (
            Part::Steady,
            NAME,
            vec![robots, first, again(HOUR / 2)],
            Some(Sin::TooEarly),
        ),
        (
            Part::NoValidators,
            NAME,
            vec![robots, first, (12 * HOUR, "FEED", "")],
            Some(Sin::TooEarly),
        ),
        (
            Part::Ttl,
            NAME,
            vec![robots, first, again(8 * HOUR)],
            Some(Sin::TooEarly),
        ),
        (
            Part::Expires,
            NAME,
            vec![robots, first, again(6 * HOUR)],
            Some(Sin::TooEarly),
        ),
        (
            Part::Syndication,
            NAME,
            vec![robots, first, again(5 * HOUR)],
            Some(Sin::TooEarly),
        ),
        (
            Part::Forbidden,
            NAME,
            vec![robots, first, (DAY - HOUR, "FEED", "")],
            Some(Sin::TooEarly),
        ),
        // The stage opens at 14:13 UTC.
        (
            Part::SkipHours,
            NAME,
            vec![robots, first, again(11 * HOUR)],
            Some(Sin::Skipped),
        ),
        (
            Part::RetrySeconds,
            NAME,
            vec![robots, (3 * HOUR, "FEED", ""), (5 * HOUR, "FEED", "")],
            Some(Sin::Silence),
        ),
        (
            Part::RetryDate,
            NAME,
            vec![
                robots,
                (3 * HOUR, "FEED", ""),
                (7 * HOUR, "/robots.txt", ""),
            ],
            Some(Sin::Silence),
        ),
        (
            Part::Gone,
            NAME,
            vec![
                (4 * DAY, "/robots.txt", ""),
                (4 * DAY + 2, "FEED", ""),
                (4 * DAY + 12 * HOUR, "FEED", ""),
            ],
            Some(Sin::Gone),
        ),
        (
            Part::Elsewhere,
            NAME,
            vec![
                robots,
                first,
                (4, "/other/19", ""),
                (2 * HOUR, "/other/19", tags),
            ],
            Some(Sin::Address),
        ),
        (
            Part::Steady,
            NAME,
            vec![robots, (0, "FEED", "")],
            Some(Sin::SiteGap),
        ),
        (
            Part::CrawlDelay,
            NAME,
            vec![robots, (3, "FEED", "")],
            Some(Sin::SiteGap),
        ),
        (
            Part::Steady,
            NAME,
            vec![robots, (2, "/elsewhere", "")],
            Some(Sin::Undeclared),
        ),
    ];
    for (part, name, steps, sin) in cases {
        let counted = play(part, name, &steps).await;
        match sin {
            None => assert_eq!(counted, [], "{part:?}"),
            Some(sin) => assert!(
                counted.contains(&sin),
                "{part:?} {steps:?}: {counted:?}, not {sin:?}"
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
        play(Part::Missing, NAME, &steps)
            .await
            .contains(&Sin::Missing)
    );
    assert!(
        play(Part::Moved, NAME, &steps)
            .await
            .contains(&Sin::Address)
    );
}

#[tokio::test]
async fn two_at_once_on_one_site_and_three_on_one_address_are_seen() {
    let roles: Vec<Role> = cast(60)
        .into_iter()
        .filter(|role| {
            role.host == "www.large.test"
                && matches!(
                    role.part,
                    Part::Steady
                        | Part::WeakEtag
                        | Part::OddDate
                        | Part::Busy
                        | Part::Cookies
                        | Part::Ttl
                        | Part::MaxAge
                        | Part::Links
                )
        })
        .collect();
    assert!(roles.len() > 1);
    let stage = Stage::set(&roles).await;
    // Answers take a while in every fifth second.
    while stage.now().as_second() % 5 != 0 {
        stage
            .clock
            .move_to(stage.clock.now() + std::time::Duration::from_secs(1));
    }
    let ask = async |role: &Role| {
        let mut socket = TcpStream::connect((role.address, stage.port))
            .await
            .expect("stage");
        let path = play::path(role.part, role.n);
        let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{NAME}\r\n", role.host);
        socket.write_all(head.as_bytes()).await.expect("sent");
        let _ = socket.read(&mut [0; 512]).await;
    };
    tokio::join!(ask(&roles[0]), ask(&roles[1]));
    let judge = stage.judge.lock().expect("judge");
    assert!(judge.sins.contains_key(&Sin::SiteGap) && judge.sins.contains_key(&Sin::AddressGap));
    assert!(judge.sins[&Sin::SiteGap][0].contains("under way"));
}
