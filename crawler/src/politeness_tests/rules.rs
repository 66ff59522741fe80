//! The rules: what the referee remembers of every host and page, and what it counts as rude.
//!
//! It knows nothing of the crawler. It judges each request by what it answered before: when it may come, what it must
//! carry, what it must not.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

/// The least time between the end of one request to a site and the start of the next, and between two starts at one
/// address.
const GAP: SignedDuration = SignedDuration::from_secs(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);
/// A visit may take so long: what it asked for at its start still holds at its end.
const VISIT: SignedDuration = SignedDuration::from_mins(5);

/// What is counted. The number is the row of `docs/politeness.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Violation {
    /// 1, 2, 3: fetched although robots.txt said no, could not be read, or was not asked.
    Robots,
    /// 6: robots.txt used for more than a day, or asked for again within minutes.
    RobotsAge,
    /// 10 to 12, 14, 16: validators left out, altered, invented, or those of an unusable answer.
    Validators,
    /// 18: cookies, a referrer, credentials, parameters of one's own.
    Traces,
    /// 19: not the honest name.
    Name,
    /// 15, 20, 21, 23, 30, 34: before the time that was given or that is customary.
    TooEarly,
    /// 22: in hours or on days in which the feed wants no visits.
    Skipped,
    /// 25 to 28: while the host had asked for silence.
    Silence,
    /// 32 to 34: a page that visitors cannot read asked for more than daily, after a week more than weekly.
    Closed,
    /// 35, 36: an address given up that had not moved for good, or kept long after it had.
    Address,
    /// 53, 8: less than the gap between two requests to a site, or more than one at once.
    SiteGap,
    /// 53: the same for an address that several sites share.
    AddressGap,
    /// 77: nothing of the source's.
    Undeclared,
}

/// One request as it came in.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) at: Timestamp,
    pub(super) host: String,
    pub(super) address: IpAddr,
    /// With its query.
    pub(super) path: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What the answer means for the requests to come.
#[derive(Debug, Clone, Default)]
pub(super) struct Promise {
    pub(super) etag: Option<String>,
    pub(super) modified: Option<String>,
    /// A complete feed came, or 304.
    pub(super) good: bool,
    /// The lower bound said by header or feed.
    pub(super) wait: Option<SignedDuration>,
    pub(super) silence: Option<SignedDuration>,
    pub(super) skip_hours: Vec<i8>,
    pub(super) status: u16,
    /// Where the answer redirects to.
    pub(super) to: Option<String>,
}

#[derive(Debug, Default)]
struct PageMemory {
    etag: Option<String>,
    modified: Option<String>,
    last: Option<Timestamp>,
    not_before: Option<Timestamp>,
    skip_hours: Vec<i8>,
    closed: Option<Timestamp>,
    moved: Option<(Timestamp, u32)>,
    redirects_to: Option<String>,
    /// The address that redirects here, if any does.
    reached_from: Option<String>,
}

#[derive(Debug, Default)]
struct Queue {
    ended: Option<Timestamp>,
    began: Option<Timestamp>,
    in_flight: u32,
}

#[derive(Debug, Default)]
struct HostMemory {
    silent_until: Option<Timestamp>,
    robots: Option<(Timestamp, Robots)>,
}

/// What a host's robots.txt says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Robots {
    Allows,
    /// Everything below `/shut/`.
    ShutsOff,
    Broken,
    /// `Crawl-delay: 5`.
    Slow,
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct Referee {
    hosts: BTreeMap<String, HostMemory>,
    sites: BTreeMap<String, Queue>,
    addresses: BTreeMap<IpAddr, Queue>,
    pages: BTreeMap<String, PageMemory>,
    pub(super) violation: BTreeMap<Violation, Vec<String>>,
    pub(super) requests: u64,
}

/// The registrable domain of the names used on the server.
fn site(host: &str) -> String {
    let labels: Vec<&str> = host.rsplitn(3, '.').take(2).collect();
    labels.into_iter().rev().collect::<Vec<_>>().join(".")
}

fn crawl_delay(robots: Option<&(Timestamp, Robots)>) -> SignedDuration {
    match robots {
        Some((_, Robots::Slow)) => SignedDuration::from_secs(5),
        _ => GAP,
    }
}

impl Referee {
    fn count(&mut self, violation: Violation, asked: &Asked, why: &str) {
        let Asked { at, host, path, .. } = asked;
        let said = format!("{at} {host}{path}: {why}");
        self.violation.entry(violation).or_default().push(said);
    }

    /// Judges a request before it is answered.
    pub(super) fn asked(&mut self, asked: &Asked) {
        self.requests += 1;
        self.manners(asked);
        self.turn(asked);
        let host = self.hosts.entry(asked.host.clone()).or_default();
        if host.silent_until.is_some_and(|until| asked.at < until) {
            self.count(Violation::Silence, asked, "the host had asked for silence");
        }
        if asked.path == "/robots.txt" {
            let known = self.hosts.get(&asked.host).and_then(|host| host.robots);
            if known.is_some_and(|(at, _)| asked.at < at + SignedDuration::from_mins(10)) {
                self.count(
                    Violation::RobotsAge,
                    asked,
                    "asked for again within minutes",
                );
            }
            return;
        }
        self.robots(asked);
        self.page(asked);
    }

    fn manners(&mut self, asked: &Asked) {
        for trace in ["cookie", "referer", "authorization", "from"] {
            if asked.header(trace).is_some() {
                self.count(Violation::Traces, asked, trace);
            }
        }
        if asked.path.contains('?') {
            self.count(Violation::Traces, asked, "a parameter that nobody gave");
        }
        let name = asked.header("user-agent").unwrap_or_default();
        if !(name.starts_with("Discover/") && name.contains("(+https://")) {
            self.count(Violation::Name, asked, name);
        }
    }

    /// The queues of site and address.
    fn turn(&mut self, asked: &Asked) {
        let delay = crawl_delay(
            self.hosts
                .get(&asked.host)
                .and_then(|host| host.robots.as_ref()),
        );
        let queue = self.sites.entry(site(&asked.host)).or_default();
        queue.in_flight += 1;
        let crowded = queue.in_flight > 1;
        let early = queue.ended.is_some_and(|ended| asked.at < ended + delay);
        if crowded || early {
            let why = if crowded {
                "another is under way"
            } else {
                "too soon after another"
            };
            self.count(Violation::SiteGap, asked, why);
        }
        let queue = self.addresses.entry(asked.address).or_default();
        queue.in_flight += 1;
        let crowded = queue.in_flight > 2;
        let early = queue.began.is_some_and(|began| asked.at < began + GAP);
        queue.began = Some(asked.at);
        if crowded || early {
            self.count(
                Violation::AddressGap,
                asked,
                "too many or too soon for its address",
            );
        }
    }

    fn robots(&mut self, asked: &Asked) {
        let known = self.hosts.get(&asked.host).and_then(|host| host.robots);
        let no = match known {
            None => "robots.txt was not asked for",
            Some((_, Robots::Broken)) => "robots.txt could not be read",
            Some((_, Robots::ShutsOff)) if asked.path.starts_with("/shut/") => "robots.txt says no",
            Some((at, _)) if asked.at > at + DAY + VISIT => {
                self.count(
                    Violation::RobotsAge,
                    asked,
                    "robots.txt is older than a day",
                );
                return;
            }
            Some(_) => return,
        };
        self.count(Violation::Robots, asked, no);
    }

    fn page(&mut self, asked: &Asked) {
        let key = format!("{}{}", asked.host, asked.path);
        let Some(page) = self.pages.get(&key) else {
            return;
        };
        let mut found = Vec::new();
        // A page that redirects to itself is asked again by whoever follows.
        let itself = page.reached_from.as_ref() == Some(&key);
        let followed = itself && page.last.is_some_and(|last| asked.at < last + VISIT);
        if let Some(until) = page
            .not_before
            .filter(|until| asked.at < *until && !followed)
        {
            found.push((
                Violation::TooEarly,
                format!("not before {until}, last {:?}", page.last),
            ));
        }
        let hour = asked.at.to_zoned(jiff::tz::TimeZone::UTC).hour();
        // The hour in which a visit began is the visit's.
        let began_before = (asked.at - VISIT).to_zoned(jiff::tz::TimeZone::UTC).hour() != hour;
        if page.skip_hours.contains(&hour) && !began_before {
            found.push((Violation::Skipped, format!("hour {hour} is skipped")));
        }
        if let Some(since) = page.closed {
            let least = if asked.at > since + WEEK * 2 {
                WEEK
            } else {
                DAY
            };
            if page.last.is_some_and(|last| asked.at < last + least) {
                found.push((Violation::Closed, format!("closed since {since}")));
            }
        }
        let etag = asked.header("if-none-match");
        let modified = asked.header("if-modified-since");
        // A page that redirects may be asked without its old ones.
        let bare = page.redirects_to.is_some() && etag.is_none() && modified.is_none();
        if !bare && (etag != page.etag.as_deref() || modified != page.modified.as_deref()) {
            found.push((
                Violation::Validators,
                format!(
                    "{etag:?} {modified:?}, not {:?} {:?}",
                    page.etag, page.modified
                ),
            ));
        }
        let from = page
            .reached_from
            .as_ref()
            .and_then(|from| self.pages.get(from));
        let came = from.and_then(|from| from.last);
        if let Some(from) = from
            && !itself
            && came.is_none_or(|came| asked.at > came + VISIT)
            && from
                .moved
                .is_none_or(|(since, times)| asked.at < since + WEEK || times < 3)
        {
            found.push((
                Violation::Address,
                "its old address was given up too early".to_owned(),
            ));
        }
        if page
            .moved
            .is_some_and(|(since, times)| asked.at > since + WEEK * 2 && times > 20)
        {
            found.push((Violation::Address, "it moved weeks ago".to_owned()));
        }
        for (violation, why) in found {
            self.count(violation, asked, &why);
        }
    }

    /// Remembers what robots.txt said.
    pub(super) fn told_robots(&mut self, asked: &Asked, robots: Robots) {
        let host = self.hosts.entry(asked.host.clone()).or_default();
        host.robots = Some((asked.at, robots));
    }

    /// Remembers what the answer promised.
    pub(super) fn promised(&mut self, asked: &Asked, promise: Promise) {
        let key = format!("{}{}", asked.host, asked.path);
        if let Some(to) = &promise.to {
            let to = format!("{}{to}", asked.host);
            self.pages.entry(to).or_default().reached_from = Some(key.clone());
        }
        if let Some(silence) = promise.silence {
            let host = self.hosts.entry(asked.host.clone()).or_default();
            host.silent_until = Some(asked.at + silence.min(WEEK));
        }
        let page = self.pages.entry(key).or_default();
        page.last = Some(asked.at);
        if promise.good {
            page.etag = promise.etag;
            page.modified = promise.modified;
            page.skip_hours = promise.skip_hours;
        }
        match promise.status {
            401..=404 | 410 | 451 => {
                page.closed.get_or_insert(asked.at);
            }
            301 | 308 => {
                let (_, times) = page.moved.get_or_insert((asked.at, 0));
                *times += 1;
            }
            _ => page.closed = None,
        }
        page.redirects_to = promise.to;
        let customary = match promise.status {
            200 | 304 if page.etag.is_none() && page.modified.is_none() => DAY,
            _ => HOUR,
        };
        let wait = customary.max(promise.wait.unwrap_or_default().min(WEEK));
        page.not_before = Some(asked.at + wait);
    }

    pub(super) fn undeclared(&mut self, asked: &Asked) {
        self.count(Violation::Undeclared, asked, "nobody declared it");
    }

    /// The answer is on its way.
    pub(super) fn answered(&mut self, asked: &Asked, at: Timestamp) {
        let queue = self.sites.entry(site(&asked.host)).or_default();
        queue.in_flight -= 1;
        queue.ended = Some(at);
        let queue = self.addresses.entry(asked.address).or_default();
        queue.in_flight -= 1;
    }
}
