//! The parts that the played sources take: what each answers at what time.

use std::fmt::Write;

use jiff::{SignedDuration, Timestamp};

use super::rules::{Asked, Promise, Robots};

pub(super) const START: Timestamp = Timestamp::constant(1_790_000_000, 0);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// One way of being a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Both validators, a post every other day.
    Steady,
    /// Four posts a day.
    Busy,
    WeakEtag,
    /// A date that is none.
    OddDate,
    NoValidators,
    /// `max-age` on 200 and 304, and a new tag with every 304.
    MaxAge,
    /// `Expires` on a clock that is two years off.
    Expires,
    Ttl,
    Syndication,
    SkipHours,
    /// 429 with seconds, now and then.
    RetrySeconds,
    /// 503 with a date, now and then.
    RetryDate,
    /// 429 with thirty days.
    RetryMonth,
    /// 503 with a `Retry-After` that says nothing.
    RetryGarbage,
    /// 500 for three days.
    Broken,
    /// 410 after four days.
    Gone,
    /// 404 after three days.
    Missing,
    Forbidden,
    /// 301 after two days.
    Moved,
    /// 302 always.
    Elsewhere,
    /// A redirect to itself.
    Loop,
    /// robots.txt shuts the feed's path off.
    RobotsNo,
    /// robots.txt answers 500 for four days.
    RobotsBroken,
    CrawlDelay,
    /// A web page with a tag of its own for two days.
    Captive,
    /// Sets cookies.
    Cookies,
    /// Links to other pages and feeds.
    Links,
}

pub(super) const BEHAVIOURS: [Behaviour; 27] = [
    Behaviour::Steady,
    Behaviour::Busy,
    Behaviour::WeakEtag,
    Behaviour::OddDate,
    Behaviour::NoValidators,
    Behaviour::MaxAge,
    Behaviour::Expires,
    Behaviour::Ttl,
    Behaviour::Syndication,
    Behaviour::SkipHours,
    Behaviour::RetrySeconds,
    Behaviour::RetryDate,
    Behaviour::RetryMonth,
    Behaviour::RetryGarbage,
    Behaviour::Broken,
    Behaviour::Gone,
    Behaviour::Missing,
    Behaviour::Forbidden,
    Behaviour::Moved,
    Behaviour::Elsewhere,
    Behaviour::Loop,
    Behaviour::RobotsNo,
    Behaviour::RobotsBroken,
    Behaviour::CrawlDelay,
    Behaviour::Captive,
    Behaviour::Cookies,
    Behaviour::Links,
];

/// An answer as it is sent, and what it means.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
    pub(super) promise: Promise,
}

fn days(at: Timestamp) -> i64 {
    at.duration_since(START).as_hours() / 24
}

fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Where the feed of a behaviour stands on its host.
pub(super) fn path(behaviour: Behaviour, n: usize) -> String {
    match behaviour {
        Behaviour::RobotsNo => format!("/shut/{n}"),
        _ => format!("/feed/{n}"),
    }
}

pub(super) fn robots(behaviour: Behaviour, at: Timestamp) -> (Robots, u16, &'static str) {
    match behaviour {
        Behaviour::RobotsNo => (Robots::ShutsOff, 200, "User-agent: *\nDisallow: /shut/\n"),
        Behaviour::RobotsBroken if days(at) < 4 => (Robots::Broken, 500, ""),
        Behaviour::CrawlDelay => (Robots::Slow, 200, "User-agent: discover\nCrawl-delay: 5\n"),
        _ => (Robots::Allows, 404, ""),
    }
}

/// What the source of this behaviour answers to a request for its feed (or where its feed went).
pub(super) fn answer(behaviour: Behaviour, n: usize, asked: &Asked) -> Answer {
    let at = asked.at;
    let day = days(at);
    let feed_path = path(behaviour, n);
    let there = asked.path != feed_path;
    let plain = |status: u16| Answer {
        promise: Promise {
            status,
            ..Promise::default()
        },
        ..Answer::default()
    };
    let redirect = |status: u16, to: String| {
        let mut answer = plain(status);
        answer.headers.push(("location", to.clone()));
        answer.promise.to = Some(to);
        answer
    };
    // In every seventh hour the busy ones are too busy.
    let too_busy = at.duration_since(START).as_hours() % 7 == 3;
    let silence = |status: u16, wait: SignedDuration, said: String| {
        let mut answer = plain(status);
        answer.headers.push(("retry-after", said));
        answer.headers.push(("date", http_date(at)));
        answer.promise.silence = Some(wait);
        answer
    };
    match behaviour {
        Behaviour::RetrySeconds if too_busy => silence(429, HOUR * 5, "18000".to_owned()),
        Behaviour::RetryDate if too_busy => silence(503, HOUR * 5, http_date(at + HOUR * 5)),
        Behaviour::RetryMonth if day >= 2 => silence(429, HOUR * 24 * 30, "2592000".to_owned()),
        Behaviour::RetryGarbage if too_busy => {
            let mut answer = plain(503);
            answer.headers.push(("retry-after", "-5".to_owned()));
            answer
        }
        Behaviour::Broken if (2..5).contains(&day) => plain(500),
        Behaviour::Gone if day >= 4 => plain(410),
        Behaviour::Missing if day >= 3 => plain(404),
        Behaviour::Forbidden => plain(403),
        Behaviour::Loop => redirect(302, feed_path),
        Behaviour::Moved if day >= 2 && !there => redirect(301, format!("/new/{n}")),
        Behaviour::Elsewhere if !there => redirect(302, format!("/other/{n}")),
        Behaviour::Captive if (3..5).contains(&day) => {
            let mut answer = plain(200);
            answer.headers.push(("etag", "\"login\"".to_owned()));
            answer.body = "<html><body><form>Log in</form></body></html>".to_owned();
            // Not a feed: what it says of itself must not be kept, nor that it can be asked for conditionally.
            answer.promise.wait = Some(HOUR);
            answer
        }
        _ => feed(behaviour, n, asked),
    }
}

fn feed(behaviour: Behaviour, n: usize, asked: &Asked) -> Answer {
    let at = asked.at;
    let mut answer = Answer::default();
    let every = HOUR * if behaviour == Behaviour::Busy { 6 } else { 48 };
    let edition = at.duration_since(START).as_secs() / every.as_secs();
    let promise = &mut answer.promise;
    promise.good = true;
    promise.etag = match behaviour {
        Behaviour::NoValidators | Behaviour::OddDate => None,
        Behaviour::WeakEtag => Some(format!("W/\"{n}, {edition}\"")),
        // Renewed with every answer, and still a match.
        Behaviour::MaxAge => Some(format!("W/\"{edition}-{}\"", at.as_second())),
        _ => Some(format!("\"{edition}\"")),
    };
    promise.modified = match behaviour {
        Behaviour::NoValidators | Behaviour::WeakEtag => None,
        Behaviour::OddDate => Some(format!("edition {edition} of spring")),
        _ => Some(http_date(
            START + every * i32::try_from(edition).unwrap_or(0),
        )),
    };
    let mut hints = String::new();
    match behaviour {
        Behaviour::MaxAge => {
            promise.wait = Some(HOUR * 12);
            answer.headers.push(("cache-control", "max-age=43200".to_owned()));
        }
        Behaviour::Expires => {
            let theirs = at - HOUR * 24 * 730;
            promise.wait = Some(HOUR * 8);
            answer.headers.push(("date", http_date(theirs)));
            answer.headers.push(("expires", http_date(theirs + HOUR * 8)));
        }
        Behaviour::Ttl => {
            promise.wait = Some(HOUR * 10);
            hints.push_str("<ttl>600</ttl>");
        }
        Behaviour::Syndication => {
            promise.wait = Some(HOUR * 6);
            hints.push_str(
                "<sy:updatePeriod xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">daily</sy:updatePeriod>\
                 <sy:updateFrequency xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">4</sy:updateFrequency>",
            );
        }
        Behaviour::SkipHours => {
            promise.skip_hours = (0..6).collect();
            hints.push_str("<skipHours>");
            for hour in 0..6 {
                let _ = write!(hints, "<hour>{hour}</hour>");
            }
            hints.push_str("</skipHours>");
        }
        Behaviour::Cookies => answer.headers.push(("set-cookie", "seen=1; Path=/".to_owned())),
        Behaviour::Links => hints.push_str("<atom:link xmlns:atom=\"http://www.w3.org/2005/Atom\" rel=\"alternate\" href=\"/elsewhere\"/>"),
        _ => {}
    }
    for (name, value) in [
        ("etag", &promise.etag),
        ("last-modified", &promise.modified),
    ] {
        answer
            .headers
            .extend(value.clone().map(|value| (name, value)));
    }
    let same = |name: &str, of: fn(&str) -> &str, value: &Option<String>| {
        let theirs = asked.header(name);
        theirs.is_some() && theirs.map(of) == value.as_deref().map(of)
    };
    let edition_of: fn(&str) -> &str = |tag| tag.split('-').next().unwrap_or(tag);
    let matches = if answer.promise.etag.is_some() {
        same("if-none-match", edition_of, &answer.promise.etag)
    } else {
        same("if-modified-since", |date| date, &answer.promise.modified)
    };
    if matches {
        answer.promise.status = 304;
        return answer;
    }
    answer.promise.status = 200;
    let host = &asked.host;
    answer.body = format!("<rss version=\"2.0\"><channel><title>{n}</title>{hints}");
    for back in 0..3 {
        let number = edition - back;
        let published = http_date(START + every * i32::try_from(number).unwrap_or(0));
        let _ = write!(
            answer.body,
            "<item><guid>{n}-{number}</guid><link>http://{host}/post/{number}</link><title>{number}</title>\
             <description>see http://{host}/elsewhere</description><pubDate>{published}</pubDate></item>"
        );
    }
    answer.body.push_str("</channel></rss>");
    answer
}
