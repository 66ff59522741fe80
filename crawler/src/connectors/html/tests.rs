//! Pages of forums and blogs, by each of the three readings.

use std::collections::BTreeSet;

use discover_model::source::{ListSelectors, ThreadSelectors, TimeSelector};
use discover_model::{Item, ItemState, Refusal, SourceKind};
use jiff::SignedDuration;
use url::Url;

use super::inspect;
use crate::health::Status;
use crate::task::Task;
use crate::testing::{NOW, Reply, Site, Visited, fetcher, source, visit};

fn page(path: &str) -> Url {
    Url::parse("https://forum.example")
        .and_then(|base| base.join(path))
        .expect("url")
}

fn read(html: &str, path: &str) -> Vec<Item> {
    let url = page(path);
    inspect(html.as_bytes(), &url, &source(SourceKind::Html, &url), NOW).unwrap_or_default()
}

/// Key, parent, root and state of each item.
fn shape(items: &[Item]) -> Vec<(&str, &str, &str, ItemState)> {
    items
        .iter()
        .map(|item| {
            (
                item.key.as_str(),
                item.parent.as_deref().unwrap_or_default(),
                item.root.as_deref().unwrap_or_default(),
                item.state,
            )
        })
        .collect()
}

const LIVE: ItemState = ItemState::Live;

const JSON_LD: &str = r#"<html><head><script type="application/ld+json">
{"@context":"https://schema.org","@graph":[{"@type":"WebPage","name":"x"},{
 "@type":"DiscussionForumPosting","@id":"https://forum.example/t/5","url":"/t/5","headline":"Night &amp; day buses",
 "text":"<p>Who runs <a href='/map'>the N5</a>?</p>","author":{"@type":"Person","name":"Jo","url":"/u/jo"},
 "datePublished":"2026-07-03T10:00:00Z","inLanguage":"en",
 "comment":[
  {"@type":"Comment","url":"https://forum.example/t/5#p2","text":"The county.\nAsk the desk.","datePublished":"2026-07-03T11:00:00+01:00",
   "comment":{"@type":"Comment","url":"/t/5#p3","text":"Thanks","dateModified":"2026-07-04"}},
  {"@type":"Comment","identifier":"p4","text":"Flat reply","parentItem":{"@id":"https://forum.example/t/5#p2"}},
  {"@type":"Comment","url":"/t/5#p5","text":"SECRET","creativeWorkStatus":"Deleted"},
  {"@type":"Comment","url":"https://elsewhere.example/reply","text":"SECRET by a stranger"},
  "an unreadable element"]}]}
</script></head><body><h1>Page</h1></body></html>"#;

#[test]
fn a_schema_org_discussion_gives_its_tree() {
    let items = read(JSON_LD, "/t/5");
    assert_eq!(
        shape(&items),
        [
            ("/t/5", "", "", LIVE),
            ("/t/5#p2", "/t/5", "/t/5", LIVE),
            ("/t/5#p3", "/t/5#p2", "/t/5", LIVE),
            ("p4", "/t/5#p2", "/t/5", LIVE),
            (
                "https://elsewhere.example/reply",
                "",
                "",
                ItemState::Withheld(Refusal::StrangerReply)
            ),
        ]
    );
    let root = &items[0];
    assert_eq!(root.title.as_deref(), Some("Night & day buses"));
    assert_eq!(root.text, "Who runs the N5?");
    assert_eq!(root.links, [page("/map")]);
    assert_eq!(root.author.as_deref(), Some("/u/jo"));
    assert_eq!(items[1].text, "The county.\nAsk the desk.");
    assert_eq!(
        items[1].published.map(|at| at.to_string()).as_deref(),
        Some("2026-07-03T10:00:00Z")
    );
    assert!(!format!("{items:?}").contains("SECRET"));
}

#[test]
fn a_question_page_and_a_paid_article_are_told_apart() {
    let question = r#"<script type="application/ld+json">{"@type":"QAPage","mainEntity":{"@type":"Question","name":"How?",
      "text":"How do I?","acceptedAnswer":{"@type":"Answer","text":"So.","url":"/q/1#a1"},
      "suggestedAnswer":[{"@type":"Answer","text":"Or so.","url":"/q/1#a2"}]}}</script>"#;
    let items = read(question, "/q/1");
    assert_eq!(
        shape(&items),
        [
            ("/q/1", "", "", LIVE),
            ("/q/1#a1", "/q/1", "/q/1", LIVE),
            ("/q/1#a2", "/q/1", "/q/1", LIVE),
        ]
    );
    let paid = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","articleBody":"SECRET",
      "isAccessibleForFree":"False"}</script>"#;
    let items = read(paid, "/n/1");
    assert_eq!(items[0].state, ItemState::Withheld(Refusal::NotPublic));
    assert!(!format!("{items:?}").contains("SECRET"));
}

#[test]
fn microformats_give_entries_and_their_comments() {
    let html = r#"<body><article class="h-entry" id="e1" lang="cy"><h1 class="p-name">Bysiau</h1>
      <a class="u-url" href="/2026/buses"><time class="dt-published" datetime="2026-07-03T10:00:00Z">3 July</time></a>
      <a class="p-author h-card" href="/jo">Jo <span class="p-name">Not the title</span></a>
      <div class="e-content"><p>Pwy sy'n rhedeg?</p></div>
      <div class="u-comment h-cite"><a class="u-url" href="/2026/buses#c1">link</a><p class="p-content">Y sir.</p></div>
      <div class="u-comment h-cite"><a class="u-url" href="https://elsewhere.example/1">link</a><p class="p-content">SECRET</p></div>
      <cite class="h-cite u-like-of"><a class="u-url" href="https://elsewhere.example/2">x</a></cite>
      </article>
      <div class="h-entry"><a class="u-url" href="/2026/reply"></a><a class="u-in-reply-to" href="/2026/buses"></a>
      <p class="e-content">An entry that answers</p></div></body>"#;
    let items = read(html, "/2026/buses");
    assert_eq!(
        shape(&items),
        [
            ("/2026/buses", "", "", LIVE),
            ("/2026/buses#c1", "/2026/buses", "/2026/buses", LIVE),
            (
                "https://elsewhere.example/1",
                "",
                "",
                ItemState::Withheld(Refusal::StrangerReply)
            ),
            ("/2026/reply", "/2026/buses", "/2026/buses", LIVE),
        ]
    );
    assert_eq!(items[0].title.as_deref(), Some("Bysiau"));
    assert_eq!(items[0].author.as_deref(), Some("/jo"));
    assert_eq!(items[0].language.as_deref(), Some("cy"));
    assert!(!format!("{items:?}").contains("SECRET"));
}

fn selectors() -> ThreadSelectors {
    ThreadSelectors {
        title: "h1.headline".into(),
        post: ".js-comment".into(),
        id: Some("@data-pk".into()),
        text: ".js-comment-text".into(),
        author: Some(".who".into()),
        time: Some(TimeSelector {
            css: "li@title".into(),
            format: Some("%b. %d, %Y, %I:%M %p".into()),
            tz: Some("Europe/London".into()),
        }),
        parent: Some("@data-answers".into()),
        depth: None,
        link: None,
        next: Some("a.more@href".into()),
        withheld: vec![".awaiting".into()],
        without: Vec::new(),
    }
}

fn comment(id: u32, answers: u32, text: &str) -> String {
    format!(
        "<div class='js-comment' id='c{id}' data-pk='{id}' data-answers='{answers}'><b class='who'>Jo</b>\
         <ul><li title='July 3, 2026, 7:39 p.m.'>now</li></ul><div class='js-comment-text'><p>{text}</p></div></div>"
    )
}

/// A forum of two threads, the second on two pages; `hide` drops a post, `shut` puts a login before everything.
async fn forum(hide: &'static str, shut: &'static str) -> Site {
    Site::start(move |hit| {
        if shut == "login" && hit.path.starts_with("/topic/") {
            return Reply::html("<form action=/login><input type=password name=pw></form>");
        }
        match (hit.path.as_str(), hit.query.as_str()) {
            ("/topic/active/", "") => Reply::html(
                "<meta name=robots content=noindex><ul><li><a href='/topic/1/one/'>One</a> 2 posts, 3 hours ago</li>\
                 <li><a href='/topic/private/9/'>SECRET</a></li><li><a href='/u/jo'>Jo</a></li></ul>\
                 <a rel=next href='?page=2'>more</a>",
            ),
            ("/topic/active/", _) => {
                Reply::html("<ul><li><a href='/topic/2/two/'>Two</a> 3 posts</li></ul>")
            }
            ("/topic/1/one/", _) => {
                let posts: String = [(1, 0, "First"), (2, 1, "Answer")]
                    .into_iter()
                    .filter(|(_, _, text)| *text != hide)
                    .map(|(id, answers, text)| comment(id, answers, text))
                    .collect();
                Reply::html(&format!("<h1 class=headline>One</h1>{posts}"))
            }
            ("/topic/2/two/", "") => Reply::html(&format!(
                "<h1 class=headline>Two</h1>{}<a class=more href='?page=2'>2</a>",
                comment(3, 0, "Begin")
            )),
            ("/topic/2/two/", _) => {
                let held = comment(5, 3, "SECRET <i class=awaiting></i>");
                Reply::html(&format!("{}{held}", comment(4, 3, "On page two")))
            }
            _ => Reply::not_found(),
        }
    })
    .await
}

fn task(site: &Site) -> Task {
    let mut task = site.task(SourceKind::Html, "/");
    let options = &mut task.source.options;
    options.list = Some(ListSelectors {
        start: "/topic/active/".into(),
        thread: "li a[href^='/topic/']@href".into(),
        boards: None,
        activity: None,
        next: None,
        max_pages: None,
    });
    options.thread = Some(selectors());
    options.deny = vec!["/topic/private/**".into()];
    task
}

#[tokio::test]
async fn declared_selectors_walk_a_forum() {
    let site = forum("", "").await;
    let task = task(&site);
    let seen = visit(&fetcher(), task.clone(), NOW).await;
    let items: Vec<Item> = seen.items().into_iter().cloned().collect();
    assert_eq!(
        shape(&items),
        [
            ("1", "", "", LIVE),
            ("2", "1", "1", LIVE),
            ("3", "", "", LIVE),
            ("4", "3", "3", LIVE),
            ("5", "", "", ItemState::Withheld(Refusal::NotPublic)),
        ],
        "{:?}",
        seen.finish.health
    );
    assert_eq!(items[0].title.as_deref(), Some("One"));
    assert_eq!(items[1].url, site.url("/topic/1/one/#c2"));
    assert_eq!(
        items[0].published.map(|at| at.to_string()).as_deref(),
        Some("2026-07-03T18:39:00Z")
    );
    assert!(!format!("{items:?}").contains("SECRET"));
    assert!(!site.paths().iter().any(|path| path.contains("private")));

    site.forget();
    let again = again(task, &seen).await;
    assert!(again.batches.is_empty());
    let asked: BTreeSet<String> = site.asked().into_iter().map(|hit| hit.path).collect();
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), ["/topic/active/"]);
}

async fn again(mut task: Task, before: &Visited) -> Visited {
    task.state = before.finish.state.clone();
    Box::pin(visit(&fetcher(), task, NOW + SignedDuration::from_hours(1))).await
}

#[tokio::test]
async fn pages_without_posts_and_bad_selectors_are_told_to_the_owner() {
    let site = Site::start(|_| Reply::html("<p>Nothing here</p>")).await;
    let seen = visit(&fetcher(), site.task(SourceKind::Html, "/"), NOW).await;
    assert_eq!(seen.finish.health.code.as_deref(), Some("unreadable"));
    let mut bad = task(&site);
    if let Some(thread) = &mut bad.source.options.thread {
        thread.post = "div[".into();
    }
    let seen = visit(&fetcher(), bad, NOW).await;
    assert_eq!(seen.finish.health.status, Status::Blocked);
    assert!(
        seen.finish
            .health
            .what
            .is_some_and(|what| what.contains("div["))
    );
}

#[tokio::test]
async fn a_page_of_its_own_posts_and_pages_that_are_allowed_are_read() {
    let site = Site::start(|hit| match hit.path.as_str() {
        "/" => Reply::html(
            "<div class=h-entry><a class=u-url href='/a'></a><p class=e-content>Whole</p></div>\
             <a href='/news/1'>One</a><a href='/about'>About</a>",
        ),
        "/news/1" => Reply::html(
            "<div class=h-entry><a class=u-url href='/news/1'></a><p class=e-content>News</p></div>",
        ),
        _ => Reply::not_found(),
    })
    .await;
    let mut task = site.task(SourceKind::Html, "/");
    let seen = visit(&fetcher(), task.clone(), NOW).await;
    let keys: Vec<&str> = seen.items().iter().map(|item| item.key.as_str()).collect();
    assert_eq!(keys, ["/a"], "{:?}", seen.finish.health);
    task.source.options.allow = vec!["/news/*".into(), "/a".into()];
    let seen = visit(&fetcher(), task, NOW).await;
    let keys: Vec<&str> = seen.items().iter().map(|item| item.key.as_str()).collect();
    assert_eq!(keys, ["/a", "/news/1"], "{:?}", seen.finish.health);
    assert!(!site.paths().iter().any(|path| path == "/about"));
}

#[tokio::test]
async fn a_post_that_left_its_page_is_lost_and_a_login_page_loses_nothing() {
    use crate::recheck::{Kept, Verdict, recheck};
    let kept = |site: &Site| {
        ["1", "2", "3", "4"].map(|key| Kept {
            key: key.into(),
            url: site.url(match key {
                "1" => "/topic/1/one/#c1",
                "2" => "/topic/1/one/#c2",
                "3" => "/topic/2/two/#c3",
                _ => "/topic/2/two/?page=2#c4",
            }),
        })
    };
    let site = forum("Answer", "").await;
    let looked = recheck(&fetcher(), task(&site), &kept(&site), NOW).await;
    assert_eq!(
        looked.verdicts,
        [
            Verdict::There,
            Verdict::Lost(Refusal::Withdrawn),
            Verdict::There,
            Verdict::There
        ]
    );
    let site = forum("", "login").await;
    let looked = recheck(&fetcher(), task(&site), &kept(&site), NOW).await;
    assert_eq!(looked.verdicts, [Verdict::Unsure; 4]);
}

#[test]
fn declared_selectors_are_the_only_door_where_there_are_any() {
    let html = format!(
        "<script type='application/ld+json'>{{\"@type\":\"DiscussionForumPosting\",\"url\":\"/t/5\",\"text\":\"First\",\
         \"comment\":[{{\"@type\":\"Comment\",\"url\":\"/t/5#c2\",\"text\":\"SECRET\"}},\
         {{\"@type\":\"Comment\",\"url\":\"/t/5#c3\",\"text\":\"SECRET\"}}]}}</script>{}{}",
        comment(1, 0, "First"),
        comment(2, 1, "SECRET <i class=awaiting></i>")
    );
    let url = page("/t/5");
    let mut source = source(SourceKind::Html, &url);
    source.options.thread = Some(selectors());
    let items = inspect(html.as_bytes(), &url, &source, NOW).expect("items");
    let states: Vec<ItemState> = items.iter().map(|item| item.state).collect();
    assert_eq!(states, [LIVE, ItemState::Withheld(Refusal::NotPublic)]);
    assert!(!format!("{items:?}").contains("SECRET"));
}

#[tokio::test]
async fn what_scrolls_off_a_home_page_is_not_taken_back() {
    let turn = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let played = std::sync::Arc::clone(&turn);
    let site = Site::start(move |hit| {
        if hit.path != "/" {
            return Reply::not_found();
        }
        let entry = |address: &str| {
            format!("<div class=h-entry><a class=u-url href='{address}'></a><p class=e-content>x</p></div>")
        };
        // `/a` has a page of its own; `/#here` can be seen on the home page alone.
        let shown: &[&str] = match played.load(std::sync::atomic::Ordering::Relaxed) {
            0 => &["/a", "/b", "/#here"],
            _ => &["/c", "/b"],
        };
        Reply::html(&shown.iter().map(|address| entry(address)).collect::<String>())
    })
    .await;
    let task = site.task(SourceKind::Html, "/");
    let one = visit(&fetcher(), task.clone(), NOW).await;
    assert_eq!(one.items().len(), 3, "{:?}", one.finish.health);
    turn.store(1, std::sync::atomic::Ordering::Relaxed);
    let two = again(task, &one).await;
    assert_eq!(two.items().len(), 2, "{:?}", two.finish.health);
    assert_eq!(two.gone(), ["/#here"]);
}

#[test]
fn replies_find_what_they_answer_by_name_by_the_beginning_of_a_hash_and_by_depth() {
    use super::draft::{Draft, Drafts};
    let draft = |id: &str, parent: Option<&str>, depth: Option<u32>| Draft {
        id: Some(id.into()),
        parent: parent.map(str::to_owned),
        depth,
        text: "x".into(),
        ..Draft::default()
    };
    let drafts = Drafts {
        list: vec![
            draft("a1b2c3d4e5f6", None, Some(0)),
            draft("r1", Some("a1b2c3d"), None),
            draft("r2", Some("https://forum.example/x#r1"), None),
            draft("d1", None, Some(1)),
            draft("d2", None, Some(2)),
            draft("d3", None, Some(1)),
            // Two that answer each other, and one that answers them.
            draft("x", Some("y"), None),
            draft("y", Some("x"), None),
            draft("z", Some("x"), None),
        ],
        one_thread: false,
    };
    let url = page("/t/5");
    let items = drafts.items(&source(SourceKind::Html, &url), &url, None);
    let edges: Vec<_> = shape(&items)
        .into_iter()
        .map(|(key, parent, root, _)| (key, parent, root))
        .collect();
    let root = "a1b2c3d4e5f6";
    assert_eq!(
        edges,
        [
            (root, "", ""),
            ("r1", root, root),
            ("r2", "r1", root),
            ("d1", root, root),
            ("d2", "d1", root),
            ("d3", root, root),
            ("x", "y", ""),
            ("y", "x", ""),
            ("z", "x", ""),
        ]
    );
}

#[test]
fn numbers_beside_a_link_belong_to_its_own_line_and_links_are_bounded() {
    let tree = scraper::Html::parse_document(&format!(
        "<ul><li><a href=/1>One</a> 4 posts <a href=/1b>again</a></li><li><a href=/2>Two</a> 7 posts, 3 hours ago</li>{}</ul>",
        (10..6000)
            .map(|n| format!("<a href=/{n}></a>"))
            .collect::<String>()
    ));
    let pick = super::pick::Pick::parse("a@href").expect("selector");
    let lines = super::rows::lines(&pick, None, tree.root_element(), &page("/"));
    let counts: Vec<&str> = lines
        .iter()
        .take(3)
        .map(|line| line.counts.as_str())
        .collect();
    assert_eq!(counts, ["4", "4", "7"]);
    assert_eq!(lines.len(), 5000);
}

/// Fossil names a thread by its newest edit.
#[tokio::test]
async fn a_thread_that_is_listed_under_another_name_is_not_doubled() {
    let edited = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let now = std::sync::Arc::clone(&edited);
    let site = Site::start(move |hit| {
        let first = if now.load(std::sync::atomic::Ordering::Relaxed) {
            "cc"
        } else {
            "aa"
        };
        let post = |name: &str| {
            format!("<div class=p><a class=raw href='/f/{name}?raw'>source</a><p class=x>Words of {name}</p></div>")
        };
        match hit.path.as_str() {
            "/" => Reply::html(&format!(
                "<ul><li><a class=t href='/f/{first}'>Plots</a></li></ul>"
            )),
            path if path == format!("/f/{first}") => {
                Reply::html(&format!("<h1>Plots</h1>{}{}", post(first), post("bb")))
            }
            _ => Reply::not_found(),
        }
    })
    .await;
    let mut task = site.task(SourceKind::Html, "/");
    let options = &mut task.source.options;
    options.list = serde_json::from_str(r#"{"start": "/", "thread": "a.t@href"}"#).ok();
    options.thread =
        serde_json::from_str(r#"{"title": "h1", "post": ".p", "id": "a.raw@href", "text": ".x"}"#)
            .ok();
    let first = visit(&fetcher(), task.clone(), NOW).await;
    let old = first.items()[0].key.clone();
    assert_eq!(first.items().len(), 2);
    edited.store(true, std::sync::atomic::Ordering::Relaxed);
    task.state = first.finish.state;
    let later = NOW + jiff::SignedDuration::from_hours(25);
    let second = visit(&fetcher(), task, later).await;
    assert_eq!(second.gone(), [old]);
    assert!(second.items().iter().any(|item| item.text == "Words of cc"));
}
