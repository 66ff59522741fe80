//! What a site does after it was first read, on every platform: a row for each connector, a column for each event. Each
//! cell is two visits and one look, and says what is known then and how often the site was asked.

mod servers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use discover_model::gate::stored_key;
use discover_model::{Item, ItemState, SourceKind};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::closure::Consequence;
use crate::connectors::cursor::Cursor;
use crate::fetch::Fetcher;
use crate::recheck::{Kept, Verdict, recheck};
use crate::state::SourceState;
use crate::task::Task;
use crate::testing::{Answer, Hit, NOW, Reply, Site, fetcher, gone, visit};

/// A thread of four posts, as its site tells it.
#[derive(Debug, Clone)]
struct World {
    title: String,
    posts: Vec<Post>,
    /// What the list says changes: replies bump it, edits and deletions do not.
    bumped: u32,
    /// Stands in the addresses.
    slug: &'static str,
    /// Five threads that cannot be read stand before the one that can.
    noise: bool,
    /// robots.txt forbids them; else the server fails to give them.
    disallowed: bool,
    /// The whole site answers so.
    shut: Option<Shut>,
    version: Version,
    /// Lists do not say where they end: each page names a next one, which is the same again.
    endless: bool,
    /// Nothing in the answers can be read.
    unreadable: bool,
}

#[derive(Debug, Clone)]
struct Post {
    n: u64,
    text: String,
    /// Of the month in which it was written.
    day: u64,
    gone: bool,
}

impl Post {
    fn new(n: u64) -> Self {
        Self {
            n,
            text: format!("Words of post {n}"),
            day: n,
            gone: false,
        }
    }

    fn at(&self) -> String {
        at(self.day)
    }
}

fn at(day: u64) -> String {
    format!("2026-09-{day:02}T10:00:00Z")
}

impl World {
    fn new() -> Self {
        Self {
            title: "Clinic times".into(),
            posts: (1..=4).map(Post::new).collect(),
            bumped: 0,
            slug: "one",
            noise: false,
            disallowed: false,
            shut: None,
            version: Version::Usual,
            endless: false,
            unreadable: false,
        }
    }

    fn present(&self) -> impl Iterator<Item = &Post> {
        self.posts.iter().filter(|post| !post.gone)
    }

    /// Numbers of the threads that cannot be read.
    fn noise(&self) -> impl Iterator<Item = u64> {
        (101..=105).filter(|_| self.noise)
    }

    /// What the list says of the thread.
    fn activity(&self) -> u32 {
        self.bumped + u32::from(self.noise)
    }
}

/// How the platform speaks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Version {
    /// As versions of years ago did.
    Older,
    Usual,
    /// As the latest versions do.
    Newer,
}

/// How a whole site answers that visitors cannot read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shut {
    Status(u16),
    Login,
}

impl Shut {
    fn answer(self) -> Answer {
        match self {
            Self::Status(status) => Reply::with(status, &[], ""),
            Self::Login => Reply::with(302, &[("location", "/login?next=%2F")], ""),
        }
    }

    /// Days after which what is kept is hidden, where it is.
    const fn hides_after(self) -> Option<i64> {
        match self {
            Self::Login | Self::Status(401 | 403 | 451) => Some(2),
            Self::Status(404 | 410) => Some(7),
            Self::Status(_) => None,
        }
    }

    fn after(self, days: i64) -> Option<Consequence> {
        let hides_after = self.hides_after()?;
        Some(match days {
            30.. => Consequence::Erase,
            days if days >= hides_after => Consequence::Hide,
            _ => Consequence::Nothing,
        })
    }
}

/// What happens between the first visit and the second.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Event {
    Nothing,
    Reply,
    Edit(usize),
    Gone(usize),
    /// The opening post was gone before the site was first read.
    GoneBefore,
    Rename,
    Date,
    Address,
    /// A post is hidden, and shown again the day after.
    Hidden,
    /// The whole source is closed for 40 days, and opens again.
    Closed(Shut),
    /// An older version, which is brought up to the usual one later.
    Older,
    /// The site was brought up to the latest version, and there is a reply.
    Newer,
    /// No list says where it ends.
    Endless,
    Broken,
    Disallowed,
    /// No entry can be read, the day after they can.
    Unreadable,
    /// The site asks for silence in the middle of the visit.
    Silence,
}

const EVENTS: [Event; 27] = [
    Event::Nothing,
    Event::Reply,
    Event::Edit(0),
    Event::Edit(1),
    Event::Edit(3),
    Event::Gone(0),
    Event::Gone(1),
    Event::Gone(3),
    Event::GoneBefore,
    Event::Rename,
    Event::Date,
    Event::Address,
    Event::Hidden,
    Event::Closed(Shut::Status(401)),
    Event::Closed(Shut::Status(403)),
    Event::Closed(Shut::Login),
    Event::Closed(Shut::Status(404)),
    Event::Closed(Shut::Status(410)),
    Event::Closed(Shut::Status(451)),
    Event::Closed(Shut::Status(500)),
    Event::Older,
    Event::Newer,
    Event::Endless,
    Event::Broken,
    Event::Disallowed,
    Event::Unreadable,
    Event::Silence,
];

impl Event {
    fn happen(self, world: &mut World) {
        match self {
            Self::Nothing | Self::GoneBefore | Self::Closed(_) => {}
            Self::Reply | Self::Silence | Self::Older | Self::Newer | Self::Endless => {
                if self == Self::Newer {
                    world.version = Version::Newer;
                }
                world.posts.push(Post::new(5));
                world.bumped += 1;
            }
            Self::Edit(at) => world.posts[at].text = "Corrected words".into(),
            Self::Gone(at) => world.posts[at].gone = true,
            Self::Hidden => world.posts[1].gone = true,
            Self::Rename => world.title = "Clinic times, corrected".into(),
            Self::Date => world.posts[1].day = 9,
            Self::Address => world.slug = "two",
            Self::Broken => world.noise = true,
            Self::Disallowed => (world.noise, world.disallowed) = (true, true),
            Self::Unreadable => world.unreadable = true,
        }
    }
}

struct Row {
    kind: SourceKind,
    path: &'static str,
    answer: fn(&World, &Hit) -> Option<Answer>,
    /// Addresses of the threads that cannot be read begin so.
    noise: &'static str,
    /// Posts stand in a thread that has a title.
    threads: bool,
    /// Events that the platform knows nothing of, and why.
    without: fn(Event) -> Option<&'static str>,
    /// Requests of the second visit and the look together, at most.
    requests: u32,
}

/// What is known of a source, as a store would hold it.
#[derive(Debug, Default)]
struct StoredItems(BTreeMap<String, Item>);

impl StoredItems {
    fn take(&mut self, items: impl IntoIterator<Item = Item>) {
        for item in items {
            let key = stored_key(&item.key);
            match item.state {
                ItemState::Live => {
                    self.0.insert(key, item);
                }
                _ => {
                    self.0.remove(&key);
                }
            }
        }
    }
}

/// A site on its stage, the crawler before it, and what is known so far.
struct Stage<'r> {
    row: &'r Row,
    site: Site,
    world: Arc<Mutex<World>>,
    /// How many requests from now the site asks for silence; 0: never.
    silence: Arc<AtomicU32>,
    fetcher: Fetcher,
    state: SourceState,
    held: StoredItems,
    requests: u32,
}

impl<'r> Stage<'r> {
    async fn set(row: &'r Row, world: World) -> Self {
        let world = Arc::new(Mutex::new(world));
        let silence = Arc::new(AtomicU32::new(0));
        let (shown, asked) = (Arc::clone(&world), Arc::clone(&silence));
        let (answer, noise) = (row.answer, row.noise);
        let site = Site::start(move |hit| {
            let world = shown.lock().expect("the world").clone();
            if hit.path == "/robots.txt" && world.disallowed {
                let robots = format!("User-agent: *\nDisallow: {noise}\n");
                return Reply::with(200, &[("content-type", "text/plain")], robots);
            }
            if hit.path != "/robots.txt" {
                let left = asked.load(Ordering::Relaxed);
                asked.store(left.saturating_sub(1), Ordering::Relaxed);
                if left == 1 {
                    return Reply::with(429, &[("retry-after", "3600")], "");
                }
            }
            if let Some(shut) = world.shut {
                return shut.answer();
            }
            answer(&world, hit).unwrap_or_else(Reply::not_found)
        })
        .await;
        Self {
            row,
            site,
            world,
            silence,
            fetcher: fetcher(),
            state: SourceState::default(),
            held: StoredItems::default(),
            requests: 0,
        }
    }

    fn task(&self) -> Task {
        let mut task = self.site.task(self.row.kind, self.row.path);
        let options = &mut task.source.options;
        options.comments = true;
        match self.row.kind {
            SourceKind::Html => {
                let list = json!({"start": "/", "thread": "a.t@href", "next": "a.more@href"});
                options.list = serde_json::from_value(list).ok();
                assert!(options.list.is_some());
                let thread = json!({"title": "h1", "post": ".p", "id": "@id", "text": ".x",
                    "time": {"css": "time@datetime"}});
                options.thread = serde_json::from_value(thread).ok();
                assert!(options.thread.is_some());
            }
            SourceKind::Atproto => options.accounts = vec!["board.example.org".into()],
            _ => {}
        }
        task.state = self.state.clone();
        task
    }

    fn world(&self) -> World {
        self.world.lock().expect("the world").clone()
    }

    fn change(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.world.lock().expect("the world"));
    }

    /// Whether the visit went well.
    async fn visit(&mut self, now: Timestamp) -> bool {
        let seen = visit(&self.fetcher, self.task(), now).await;
        for batch in seen.batches {
            for key in gone(&batch) {
                self.held.0.remove(&stored_key(&key));
            }
            self.held.take(batch.items);
        }
        self.requests += seen.finish.requests;
        self.state = seen.finish.state;
        seen.finish.health.is_ok()
    }

    async fn look(&mut self, now: Timestamp) {
        let kept: Vec<Kept> = self
            .held
            .0
            .values()
            .map(|item| Kept {
                key: stored_key(&item.key),
                url: item.url.clone(),
            })
            .collect();
        let looked = recheck(&self.fetcher, self.task(), &kept, now).await;
        self.held.take(looked.items);
        for (kept, verdict) in kept.iter().zip(&looked.verdicts) {
            if matches!(verdict, Verdict::Lost(_)) {
                self.held.0.remove(&kept.key);
            }
        }
        self.requests += looked.requests;
        self.state = looked.state;
    }

    /// What is held, against what the site shows.
    fn compare(&self, cell: &str) {
        let world = self.world();
        let mut told: Vec<&str> = self
            .held
            .0
            .values()
            .map(|item| item.text.as_str())
            .collect();
        let mut expected: Vec<&str> = world.present().map(|post| post.text.as_str()).collect();
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected, "{cell}");
        let opens = !world.posts[0].gone;
        let titles: BTreeSet<&str> = self
            .held
            .0
            .values()
            .filter_map(|item| {
                let of_thread = item
                    .thread
                    .as_ref()
                    .and_then(|thread| thread.title.as_ref());
                of_thread.or(item.title.as_ref()).map(String::as_str)
            })
            .collect();
        let has_titles = !matches!(self.row.kind, SourceKind::Mastodon | SourceKind::Atproto);
        if has_titles && (opens || self.row.threads) {
            assert!(titles.contains(world.title.as_str()), "{cell}: {titles:?}");
        }
        // The feeds of a site name no threads.
        if self.row.threads && !matches!(self.state.cursor, Cursor::Feed(_)) {
            let threads: BTreeSet<&str> = self
                .held
                .0
                .values()
                .filter_map(|item| Some(item.thread.as_ref()?.key.as_str()))
                .collect();
            assert_eq!(threads.len(), 1, "{cell}: {threads:?}");
        }
    }
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

async fn play(row: &Row, event: Event) {
    let cell = format!("{} {event:?}", row.kind);
    let mut world = World::new();
    world.posts[0].gone = event == Event::GoneBefore;
    world.endless = event == Event::Endless;
    if event == Event::Older {
        world.version = Version::Older;
    }
    let mut stage = Stage::set(row, world).await;
    assert!(stage.visit(NOW).await, "{cell}");
    stage.compare(&format!("{cell}, first read"));
    stage.requests = 0;

    if let Event::Closed(shut) = event {
        stage.change(|world| world.shut = Some(shut));
        let before = stage.held.0.len();
        for days in [0, 1, 3, 10, 40] {
            let now = NOW + HOUR * 24 * (1 + days);
            assert!(!stage.visit(now).await, "{cell} for {days} days");
            let closed = stage.state.closed.map(|closed| closed.consequence(now));
            assert_eq!(closed, shut.after(days.into()), "{cell} for {days} days");
            // What follows is the shared rule's to say, and no connector's.
            assert_eq!(stage.held.0.len(), before, "{cell} for {days} days");
            let requests = std::mem::take(&mut stage.requests);
            assert!(requests <= 4, "{cell} for {days} days: {requests} requests");
        }
        if shut.after(40) == Some(Consequence::Erase) {
            stage.held = StoredItems::default();
        }
        stage.change(|world| world.shut = None);
        assert!(stage.visit(NOW + HOUR * 24 * 42).await, "{cell}");
        stage.compare(&cell);
        return;
    }
    stage.change(|world| event.happen(world));
    let later = NOW + HOUR * 25;
    match event {
        Event::Silence => {
            stage.silence.store(2, Ordering::Relaxed);
            stage.visit(later).await;
            stage.silence.store(0, Ordering::Relaxed);
            assert!(stage.visit(later + HOUR * 2).await, "{cell}");
            stage.look(later + HOUR * 2).await;
        }
        Event::Unreadable => {
            let before = stage.held.0.len();
            assert!(!stage.visit(later).await, "{cell}: that is no success");
            assert_eq!(stage.held.0.len(), before, "{cell}: and no deletion");
            stage.change(|world| world.unreadable = false);
            assert!(stage.visit(later + HOUR * 24).await, "{cell}");
            stage.look(later + HOUR * 24).await;
        }
        _ => {
            assert!(stage.visit(later).await, "{cell}");
            stage.look(later).await;
            let requests = stage.requests;
            // One page more of each list; statuses one by one.
            let more = match event {
                Event::Endless | Event::Older => 4,
                _ => 0,
            };
            assert!(
                requests <= row.requests + more,
                "{cell}: {requests} requests"
            );
        }
    }
    stage.compare(&cell);
    match event {
        Event::Hidden => {
            stage.change(|world| world.posts[1].gone = false);
            assert!(stage.visit(later + HOUR * 24).await, "{cell}");
            stage.look(later + HOUR * 24).await;
            stage.compare(&format!("{cell}, shown again"));
        }
        Event::Older => {
            stage.change(|world| world.version = Version::Usual);
            stage.change(|world| world.bumped += 1);
            assert!(stage.visit(later + HOUR * 24).await, "{cell}");
            stage.look(later + HOUR * 24).await;
            stage.compare(&format!("{cell}, brought up"));
        }
        Event::Date => {
            let nine: Timestamp = at(9).parse().expect("a moment");
            let mut dates = stage.held.0.values().map(|item| item.published);
            assert!(dates.any(|date| date == Some(nine)), "{cell}");
        }
        Event::Address => {
            let old = stage
                .held
                .0
                .values()
                .find(|item| item.url.path().contains("one"));
            assert_eq!(old.map(|item| &item.url), None, "{cell}");
        }
        _ => {}
    }
}

#[tokio::test]
async fn what_a_site_does_later_is_followed_on_every_platform() {
    let (mut held, mut failed) = (0, 0);
    for row in &servers::ROWS {
        for event in EVENTS {
            if let Some(why) = (row.without)(event) {
                assert!(!why.is_empty());
                continue;
            }
            // Each by itself, so that one that fails hides no other.
            match tokio::spawn(play(row, event)).await {
                Ok(()) => held += 1,
                Err(_) => failed += 1,
            }
        }
    }
    assert_eq!(failed, 0, "of {} cells", held + failed);
    assert!(held > 250, "{held} cells");
}
