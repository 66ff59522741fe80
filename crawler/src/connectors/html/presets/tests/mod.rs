//! Every preset on pages made after its engine's own templates (each fixture names them): what is read first, and what
//! is followed later.
//!
//! A fixture is a file of pieces of markup with placeholders; the forum they are filled from is the same for all: two
//! open boards and one behind a login, lists of two threads a page, threads of three posts a page, quotes with names,
//! signatures, sessions in links, and views that grow with every visit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use discover_model::gate::stored_key;
use discover_model::{Item, ItemState, Refusal, SourceKind};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{named, names};
use crate::discovery::discover;
use crate::health::Status;
use crate::recheck::{Kept, Verdict, recheck};
use crate::task::Task;
use crate::testing::{Hit, NOW, Reply, Site, Visited, fetcher, gone, visit};

const LISTED: usize = 2;
const SHOWN: usize = 3;
const PRIVATE: u32 = 2;

#[derive(Debug, Clone)]
struct Forum {
    /// In the order of the lists.
    threads: Vec<Thread>,
    closed: bool,
    /// How often the forum was changed: sessions and views differ each time.
    turn: u32,
}

#[derive(Debug, Clone)]
struct Thread {
    id: u32,
    board: u32,
    title: String,
    posts: Vec<Post>,
    shut: bool,
}

#[derive(Debug, Clone)]
struct Post {
    id: u32,
    text: String,
    answers: Option<u32>,
}

impl Post {
    fn new(id: u32, answers: Option<u32>) -> Self {
        let text = format!("Words of post {id}");
        Self { id, text, answers }
    }

    fn author(&self) -> &'static str {
        ["Megan Price", "Gwen Hughes"][self.id as usize % 2]
    }

    fn at(&self) -> jiff::civil::DateTime {
        date(2026, 9, 3).at(19, 0, 0, 0) + i64::from(self.id % 50).minutes()
    }
}

impl Forum {
    fn new() -> Self {
        let thread = |id: u32, board, posts: u32| Thread {
            id,
            board,
            title: format!("Thread {id}"),
            posts: (1..=posts)
                .map(|n| {
                    let answers = match n {
                        2 => Some(id * 10 + 1),
                        4 => Some(id * 10 + 2),
                        _ => None,
                    };
                    Post::new(id * 10 + n, answers)
                })
                .collect(),
            shut: false,
        };
        let mut threads = vec![
            thread(13, 1, 2),
            thread(12, 1, 1),
            thread(11, 1, 5),
            thread(31, 3, 1),
            thread(21, PRIVATE, 1),
        ];
        threads[4].posts[0].text = "SECRET".into();
        Self {
            threads,
            closed: false,
            turn: 0,
        }
    }

    fn thread(&mut self, id: u32) -> &mut Thread {
        let found = self.threads.iter_mut().find(|thread| thread.id == id);
        found.expect("the thread")
    }

    fn open(&self) -> impl Iterator<Item = &Thread> {
        let is_open = |thread: &&Thread| thread.board != PRIVATE && !thread.shut;
        self.threads.iter().filter(is_open)
    }
}

/// The pieces of one engine's markup.
struct Engine {
    name: &'static str,
    pieces: BTreeMap<&'static str, &'static str>,
}

impl Engine {
    fn new(name: &'static str, fixture: &'static str) -> Self {
        let pieces = fixture
            .split("==== ")
            .filter_map(|part| part.split_once('\n'));
        let pieces: BTreeMap<_, _> = pieces
            .map(|(name, piece)| (name.trim(), piece.trim()))
            .collect();
        assert!(
            pieces.contains_key("from"),
            "{name}: its templates are named"
        );
        Self { name, pieces }
    }

    fn has_boards(&self) -> bool {
        self.pieces.contains_key("index")
    }

    fn piece(&self, name: &str, fills: &[(&str, String)]) -> String {
        let piece = self
            .pieces
            .get(name)
            .unwrap_or_else(|| panic!("{}: {name}", self.name));
        fill(piece, fills)
    }

    fn address(&self, what: &str, fills: &[(&str, String)]) -> String {
        let addresses = self.pieces["addresses"].lines();
        let mut found = addresses.filter_map(|line| line.split_once(' '));
        let (_, address) = found.find(|(name, _)| *name == what).expect("an address");
        fill(address, fills)
    }

    /// The address of a page, the first of which has no number.
    fn page(&self, what: &str, id: u32, page: usize, size: usize) -> String {
        let fills = [
            ("board", id.to_string()),
            ("thread", id.to_string()),
            ("page", page.to_string()),
            ("offset", ((page - 1) * size).to_string()),
        ];
        match page {
            1 => self.address(what, &fills),
            _ => self.address(&format!("{what}-page"), &fills),
        }
    }

    fn next(&self, what: &str, id: u32, page: usize, size: usize, all: usize) -> String {
        if page * size >= all {
            return String::new();
        }
        let href = self.page(what, id, page + 1, size).replace('&', "&amp;");
        self.piece("next", &[("href", href)])
    }

    /// Every page of the forum by its address.
    fn render(&self, forum: &Forum) -> BTreeMap<String, String> {
        let mut pages = BTreeMap::new();
        let boards: Vec<u32> = if self.has_boards() {
            vec![1, PRIVATE, 3]
        } else {
            vec![1]
        };
        for board in &boards {
            let listed: Vec<&Thread> = forum
                .threads
                .iter()
                .filter(|thread| {
                    if self.has_boards() {
                        thread.board == *board
                    } else {
                        thread.board != PRIVATE
                    }
                })
                .collect();
            for (n, chunk) in listed.chunks(LISTED).enumerate() {
                let rows: String = chunk.iter().map(|thread| self.row(forum, thread)).collect();
                let html = self.piece(
                    "board",
                    &[
                        ("threads", rows),
                        ("board", board.to_string()),
                        (
                            "next",
                            self.next("board", *board, n + 1, LISTED, listed.len()),
                        ),
                    ],
                );
                let is_shut = *board == PRIVATE && self.has_boards();
                let html = if is_shut {
                    self.piece("login", &[])
                } else {
                    html
                };
                pages.insert(self.page("board", *board, n + 1, LISTED), html);
            }
        }
        for thread in &forum.threads {
            for (n, chunk) in thread.posts.chunks(SHOWN).enumerate() {
                let is_shut = thread.board == PRIVATE || thread.shut;
                let html = if is_shut {
                    self.piece("login", &[])
                } else {
                    self.thread(thread, chunk, n + 1)
                };
                pages.insert(self.page("thread", thread.id, n + 1, SHOWN), html);
            }
        }
        let index = if self.has_boards() {
            let rows = boards.iter().map(|board| self.board_row(forum, *board));
            self.piece("index", &[("boards", rows.collect())])
        } else {
            pages[&self.page("board", 1, 1, LISTED)].clone()
        };
        pages.insert(self.address("index", &[]), index);
        if forum.closed {
            for html in pages.values_mut() {
                *html = self.piece("login", &[]);
            }
        }
        let session = format!("{:032x}", 0xdead_beef_u64 + u64::from(forum.turn));
        for html in pages.values_mut() {
            *html = html.replace("{session}", &session);
        }
        pages
    }

    fn board_row(&self, forum: &Forum, board: u32) -> String {
        let threads: Vec<&Thread> = forum
            .threads
            .iter()
            .filter(|thread| thread.board == board)
            .collect();
        let posts = || threads.iter().flat_map(|thread| &thread.posts);
        let last = posts().map(|post| post.id).max().unwrap_or_default();
        self.piece(
            "board-row",
            &[
                ("board", board.to_string()),
                ("name", format!("Board {board}")),
                ("topics", threads.len().to_string()),
                ("posts", posts().count().to_string()),
                ("last", last.to_string()),
                ("views", (100 + forum.turn).to_string()),
            ],
        )
    }

    fn row(&self, forum: &Forum, thread: &Thread) -> String {
        let last = thread
            .posts
            .iter()
            .map(|post| post.id)
            .max()
            .unwrap_or_default();
        self.piece(
            "thread-row",
            &[
                ("thread", thread.id.to_string()),
                ("title", thread.title.clone()),
                ("replies", (thread.posts.len() - 1).to_string()),
                ("last", last.to_string()),
                ("views", (100 + forum.turn).to_string()),
            ],
        )
    }

    fn thread(&self, thread: &Thread, shown: &[Post], page: usize) -> String {
        let common = [
            ("thread", thread.id.to_string()),
            ("title", thread.title.clone()),
        ];
        let post = |(at, post): (usize, &Post)| {
            let quote = post.answers.map(|id| {
                let quoted = Post::new(id, None);
                let kind = if self.pieces.contains_key("quote") {
                    "quote"
                } else {
                    "mute-quote"
                };
                let author = quoted.author().to_owned();
                self.piece(
                    kind,
                    &[
                        ("id", id.to_string()),
                        ("author", author),
                        ("text", "SECRET words of another".into()),
                    ],
                )
            });
            let when = jiff::fmt::strtime::format(self.pieces["dates"], post.at()).expect("a date");
            let number = (page - 1) * SHOWN + at + 1;
            let mut fills = common.to_vec();
            fills.extend([
                ("id", post.id.to_string()),
                ("number", number.to_string()),
                ("author", post.author().to_owned()),
                ("date", when),
                ("text", post.text.clone()),
                ("quote", quote.unwrap_or_default()),
            ]);
            self.piece("post", &fills)
        };
        let posts: String = shown.iter().enumerate().map(post).collect();
        let next = self.next("thread", thread.id, page, SHOWN, thread.posts.len());
        let mut fills = common.to_vec();
        fills.extend([("posts-of-page", posts), ("next", next)]);
        self.piece("thread", &fills)
    }
}

fn fill(piece: &str, fills: &[(&str, String)]) -> String {
    let mut out = piece.to_owned();
    for (name, value) in fills {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    out
}

/// What happens between the first visit and the second.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Event {
    Nothing,
    NewThread,
    /// In the oldest thread, on its last page.
    Reply,
    Edit(usize),
    Gone(usize),
    Rename,
    /// A thread asks for a login while others stay open.
    Shut,
}

const EVENTS: [Event; 11] = [
    Event::Nothing,
    Event::NewThread,
    Event::Reply,
    Event::Edit(0),
    Event::Edit(2),
    Event::Edit(4),
    Event::Gone(1),
    Event::Gone(3),
    Event::Gone(4),
    Event::Rename,
    Event::Shut,
];

impl Event {
    fn happen(self, forum: &mut Forum) {
        forum.turn += 1;
        match self {
            Self::Nothing => {}
            Self::NewThread => {
                let mut thread = forum.threads[0].clone();
                thread.id = 14;
                thread.title = "Thread 14".into();
                thread.posts = vec![Post::new(141, None)];
                forum.threads.insert(0, thread);
            }
            Self::Reply => {
                forum.thread(11).posts.push(Post::new(116, Some(111)));
                let at = forum
                    .threads
                    .iter()
                    .position(|thread| thread.id == 11)
                    .expect("it");
                let thread = forum.threads.remove(at);
                forum.threads.insert(0, thread);
            }
            Self::Edit(at) => forum.thread(11).posts[at].text = "Corrected words".into(),
            Self::Gone(at) => {
                let gone = forum.thread(11).posts.remove(at).id;
                for post in &mut forum.thread(11).posts {
                    post.answers = post.answers.filter(|answered| *answered != gone);
                }
            }
            Self::Rename => forum.thread(11).title = "Another title".into(),
            Self::Shut => forum.thread(11).shut = true,
        }
    }
}

/// What a store would hold: items by key, the last word counts.
#[derive(Default)]
struct StoredItems(BTreeMap<String, Item>);

impl StoredItems {
    fn visited(&mut self, seen: Visited) {
        for batch in seen.batches {
            for key in gone(&batch) {
                self.0.remove(&stored_key(&key));
            }
            self.take(batch.items);
        }
    }

    fn take(&mut self, items: Vec<Item>) {
        for item in items {
            let key = stored_key(&item.key);
            match item.state {
                ItemState::Live => drop(self.0.insert(key, item)),
                _ => drop(self.0.remove(&key)),
            }
        }
    }

    fn kept(&self) -> Vec<Kept> {
        let kept = self.0.iter().map(|(key, item)| Kept {
            key: key.clone(),
            url: item.url.clone(),
        });
        kept.collect()
    }

    fn texts(&self) -> Vec<&str> {
        let mut texts: Vec<&str> = self.0.values().map(|item| item.text.as_str()).collect();
        texts.sort_unstable();
        texts
    }
}

/// A forum of one engine on loopback, that changes while it runs.
struct Played {
    engine: Arc<Engine>,
    forum: Forum,
    pages: Arc<Mutex<BTreeMap<String, String>>>,
    site: Site,
}

impl Played {
    async fn start(engine: &Arc<Engine>) -> Self {
        let forum = Forum::new();
        let pages = Arc::new(Mutex::new(engine.render(&forum)));
        let shown = Arc::clone(&pages);
        let site = Site::start(move |hit: &Hit| {
            let address = match hit.query.as_str() {
                "" => hit.path.clone(),
                query => format!("{}?{query}", hit.path),
            };
            let pages = shown.lock().expect("the pages");
            pages
                .get(&address)
                .map_or_else(Reply::not_found, |html| Reply::html(html))
        })
        .await;
        Self {
            engine: Arc::clone(engine),
            forum,
            pages,
            site,
        }
    }

    fn change(&mut self, happen: impl FnOnce(&mut Forum)) {
        happen(&mut self.forum);
        *self.pages.lock().expect("the pages") = self.engine.render(&self.forum);
    }

    fn task(&self) -> Task {
        let home = self.engine.address("index", &[]);
        let mut task = self.site.task(SourceKind::Html, &home);
        task.source.options.preset = Some(self.engine.name.to_owned());
        task
    }

    fn expected(&self) -> Vec<String> {
        let posts = self.forum.open().flat_map(|thread| &thread.posts);
        let mut texts: Vec<String> = posts.map(|post| post.text.clone()).collect();
        texts.sort_unstable();
        texts
    }
}

fn check_first_read(played: &Played, held: &StoredItems, seen: &str) {
    let engine = played.engine.name;
    assert_eq!(held.texts(), played.expected(), "{engine}: {seen}");
    let forum = Forum::new();
    let by_text = |id: u32| {
        let text = format!("Words of post {id}");
        let found = held.0.values().find(|item| item.text == text);
        found.unwrap_or_else(|| panic!("{engine}: {text}"))
    };
    for thread in forum.open() {
        let root = by_text(thread.posts[0].id);
        for post in &thread.posts {
            let item = by_text(post.id);
            let at = post
                .at()
                .to_zoned(jiff::tz::TimeZone::UTC)
                .expect("a time")
                .timestamp();
            assert_eq!(item.published, Some(at), "{engine} {}", post.id);
            assert_eq!(
                item.author.as_deref(),
                Some(post.author()),
                "{engine} {}",
                post.id
            );
            let about = item.thread.as_ref().expect("its thread");
            assert_eq!(
                about.title.as_deref(),
                Some(thread.title.as_str()),
                "{engine}"
            );
            assert_eq!(
                about.key,
                root.thread.as_ref().expect("the thread").key,
                "{engine}"
            );
            if post.id != thread.posts[0].id {
                assert_eq!(item.root.as_ref(), Some(&root.key), "{engine} {}", post.id);
            }
            if played.engine.pieces.contains_key("quote") {
                let answered = post.answers.map(|id| &by_text(id).key);
                assert_eq!(item.parent.as_ref(), answered, "{engine} {}", post.id);
            }
        }
    }
    let all = format!(
        "{:?}",
        held.0
            .values()
            .map(|item| (&item.text, &item.title))
            .collect::<Vec<_>>()
    );
    for name in ["Megan", "Gwen", "Nowhere", "SECRET"] {
        assert!(!all.contains(name), "{engine} holds {name}: {all}");
    }
    let sessions: BTreeSet<_> = held
        .0
        .values()
        .filter_map(|item| item.url.query())
        .collect();
    assert!(
        sessions
            .iter()
            .all(|query| !query.to_lowercase().contains("sid=") && !query.contains("SESSID")),
        "{engine}"
    );
}

async fn followed(name: &'static str, fixture: &'static str) {
    let engine = Arc::new(Engine::new(name, fixture));
    assert!(named(name).is_some());
    let fetcher = fetcher();
    for event in EVENTS {
        let mut played = Played::start(&engine).await;
        let mut task = played.task();
        let one = visit(&fetcher, task.clone(), NOW).await;
        let health = format!("{:?}", one.finish.health);
        assert!(one.finish.health.is_ok(), "{name}: {health}");
        task.state = one.finish.state.clone();
        let mut held = StoredItems::default();
        held.visited(one);
        check_first_read(&played, &held, &health);

        played.change(|forum| event.happen(forum));
        played.site.forget();
        let later = NOW + SignedDuration::from_hours(24);
        let two = visit(&fetcher, task.clone(), later).await;
        assert!(
            two.finish.health.is_ok(),
            "{name} {event:?}: {:?}",
            two.finish.health
        );
        let asked = played.site.asked().len();
        let most = match event {
            Event::Nothing => 1,
            _ => 7,
        };
        assert!(asked <= most, "{name} {event:?}: {:?}", played.site.asked());
        task.state = two.finish.state.clone();
        held.visited(two);
        // What is shut counts at the second look.
        let looks = if event == Event::Shut { 2 } else { 1 };
        for days in 1..=looks {
            let kept = held.kept();
            let now: Timestamp = NOW + SignedDuration::from_hours(24 + 25 * days);
            let looked = recheck(&fetcher, task.clone(), &kept, now).await;
            held.take(looked.items);
            for (kept, verdict) in kept.iter().zip(&looked.verdicts) {
                if matches!(verdict, Verdict::Lost(_)) {
                    held.0.remove(&kept.key);
                }
            }
            task.state = looked.state;
        }
        assert_eq!(held.texts(), played.expected(), "{name} {event:?}");
        if event == Event::Rename {
            let titles: BTreeSet<_> = held
                .0
                .values()
                .filter_map(|item| item.thread.as_ref()?.title.clone())
                .collect();
            assert!(
                titles.contains("Another title") && !titles.contains("Thread 11"),
                "{name}: {titles:?}"
            );
        }
    }
    // The whole forum closes.
    let mut played = Played::start(&engine).await;
    let mut task = played.task();
    task.state = visit(&fetcher, task.clone(), NOW).await.finish.state;
    played.change(|forum| forum.closed = true);
    let later = NOW + SignedDuration::from_hours(24);
    let shut = visit(&fetcher, task, later).await;
    assert_eq!(
        shut.finish.health.refusal,
        Some(Refusal::LoginWall),
        "{name}: {:?}",
        shut.finish.health
    );
    assert_ne!(shut.finish.health.status, Status::Ok, "{name}");
    assert!(
        shut.finish.state.closed.is_some(),
        "{name}: it counts as closed"
    );
    found(&engine).await;
}

/// An owner who names the forum's address is offered the preset.
async fn found(engine: &Arc<Engine>) {
    let played = Played::start(engine).await;
    let home = played.site.url(&engine.address("index", &[]));
    let found = discover(&fetcher(), &played.site.permit(), &home, NOW)
        .await
        .expect("the home page");
    let settings = format!("preset = \"{}\"", engine.name);
    let offered = found
        .sources
        .iter()
        .find(|found| found.settings.as_deref() == Some(settings.as_str()));
    let offered = offered.unwrap_or_else(|| panic!("{}: {found:?}", engine.name));
    assert_eq!(offered.kind, SourceKind::Html);
    // Discourse's own data is better than its pages.
    assert_eq!(offered.side, engine.name == "discourse", "{found:?}");
    assert_eq!(played.site.asked().len(), 1, "{}", engine.name);
}

macro_rules! engines {
    ($($name:ident),*) => {
        mod what_an_engine_shows_is_read_and_followed {
            $(#[tokio::test]
            async fn $name() {
                Box::pin(super::followed(stringify!($name), include_str!(concat!(stringify!($name), ".html")))).await;
            })*
        }

        #[test]
        fn every_preset_is_tried_on_pages_made_after_its_engines_templates() {
            // Fossil's is tried on the real server, in the integration tests.
            let mut tried = vec!["fossil", $(stringify!($name)),*];
            let mut all = names();
            tried.sort_unstable();
            all.sort_unstable();
            assert_eq!(tried, all);
        }
    };
}

engines!(
    phpbb, smf, mybb, xenforo, vanilla, bbpress, discourse, flaskbb, machina, misago, spirit
);

/// Key, and the key of what it answers.
fn edges(preset: &str, html: &str) -> Vec<(String, Option<String>)> {
    let url = url::Url::parse("https://site.example/t/1").expect("url");
    let mut source = crate::testing::source(SourceKind::Html, &url);
    source.options.preset = Some(preset.to_owned());
    edges_of(html, &url, &source)
}

fn edges_of(
    html: &str,
    url: &url::Url,
    source: &discover_model::Source,
) -> Vec<(String, Option<String>)> {
    let items = crate::connectors::html::inspect(html.as_bytes(), url, source, NOW).expect("posts");
    items
        .into_iter()
        .map(|item| (item.key, item.parent))
        .collect()
}

fn pairs(list: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
    let own = |(key, parent): &(&str, Option<&str>)| ((*key).to_owned(), parent.map(str::to_owned));
    list.iter().map(own).collect()
}

#[test]
fn threaded_replies_of_bbpress_answer_what_they_stand_below() {
    let post = |id: u32| {
        format!(
            "<div id='post-{id}' class='bbp-reply-header'></div><div class='reply'><div class='bbp-reply-content'><p>Words {id}</p></div></div>"
        )
    };
    let html = format!(
        "<body class='bbpress'><h1>T</h1><ul class='bbp-replies'><li class='bbp-body'><ul><li>{}</li><li>{}\
         <ul class='bbp-threaded-replies'><li>{}<ul class='bbp-threaded-replies'><li>{}</li></ul></li><li>{}</li></ul></li></ul></li></ul>",
        post(1),
        post(2),
        post(3),
        post(4),
        post(5)
    );
    let expected = [
        ("post-1", None),
        ("post-2", None),
        ("post-3", Some("post-2")),
        ("post-4", Some("post-3")),
        ("post-5", Some("post-2")),
    ];
    assert_eq!(edges("bbpress", &html), pairs(&expected));
}

#[test]
fn comments_that_stand_within_the_one_they_answer_or_are_set_in_are_a_tree() {
    let url = url::Url::parse("https://site.example/t/1").expect("url");
    let with = |thread: serde_json::Value| {
        let mut source = crate::testing::source(SourceKind::Html, &url);
        source.options.thread = serde_json::from_value(thread).ok();
        source
    };
    // As Isso, WordPress and most blogs nest them; the second was deleted and keeps its place.
    let nested = "<div class='c' id='a'><p class='x'>One</p><div class='replies'><div class='c' id='b'><i>deleted</i><div class='replies'>\
         <div class='c' id='c'><b>Jo</b><p class='x'>Three</p></div></div></div><div class='c' id='d'><p class='x'>Four</p></div></div></div>";
    let source = with(
        serde_json::json!({"title": "h1", "post": ".c", "id": "@id", "text": ".x", "author": "b"}),
    );
    assert_eq!(
        edges_of(nested, &url, &source),
        pairs(&[("a", None), ("c", Some("b")), ("d", Some("a"))])
    );
    // As Hacker News sets them in.
    let row = |id: &str, indent: u32| {
        format!(
            "<tr class='athing comtr' id='{id}'><td class='ind' indent='{indent}'></td><td><div class='commtext'>Words {id}</div></td></tr>"
        )
    };
    let table = format!(
        "<table>{}{}{}{}</table>",
        row("1", 0),
        row("2", 1),
        row("3", 2),
        row("4", 1)
    );
    let source = with(
        serde_json::json!({"title": "h1", "post": "tr.comtr", "id": "@id", "text": ".commtext", "depth": ".ind@indent"}),
    );
    assert_eq!(
        edges_of(&table, &url, &source),
        pairs(&[
            ("1", None),
            ("2", Some("1")),
            ("3", Some("2")),
            ("4", Some("1"))
        ])
    );
}
