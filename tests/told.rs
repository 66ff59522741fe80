//! From what was raised to what came back, over the real executable: a network leaves, and from the next request on nothing of
//! it stands anywhere where its words, its answers or its notes stood; then no file holds a byte of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::following::{Receiver, end};
use crate::mail::{FROM, Post, noon};
use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;
use crate::support::site;

/// Each network's slug, and a word that no other network says.
const NETWORKS: [(&str, &str); 4] = [
    ("quagga-forum", "zanzibarquux"),
    ("dugong-board", "wombatlyre"),
    ("numbat-notices", "ocelotfife"),
    ("tapir-talk", "axolotldrum"),
];
/// What each talks of besides.
const OWN: [&str; 4] = [
    "gardens and seeds",
    "late night buses",
    "the choir rehearsal",
    "chess for beginners",
];
/// What happened, where, what follows and what else: put together so that no two texts share more than one of them.
const WHAT: [&str; 7] = [
    "The walk-in blood tests have stopped",
    "Nobody answers the phlebotomy booking line",
    "My mother was turned away from her blood test",
    "Three weeks of waiting for a blood test",
    "Phlebotomy now wants an email address",
    "I drove two hours for a blood test",
    "The blood test room is locked at noon",
];
const WHERE: [&str; 7] = [
    "at the surgery by the river",
    "at the health centre on the hill",
    "in the old cottage hospital",
    "behind the harbour clinic",
    "at the practice in the village",
    "in the infirmary outpatient wing",
    "at the market square surgery",
];
const SO: [&str; 7] = [
    "and the booking form asks for things that nobody has",
    "while carers sit in the car park with the frail",
    "so people on warfarin miss their checks",
    "though the letter promised that walk-in would stay",
    "and the receptionist was as surprised as we were",
    "which is hard for those without a telephone",
    "because two nurses left and were not replaced",
];
const ELSE: [&str; 7] = [
    "Who else has seen this?",
    "We have asked for a meeting.",
    "The bus does not even go there.",
    "It used to take ten minutes.",
    "My neighbour gave up trying.",
    "Please write down your dates.",
    "The notice on the door is undated.",
];
const FORM: &str = "application/x-www-form-urlencoded";
const HERE: (&str, &str) = ("sec-fetch-site", "same-origin");
const ANSWER: &str = "Two walk-in mornings a week come back.";

fn feed(number: usize, base: &str, now: Timestamp) -> String {
    let (slug, word) = NETWORKS[number];
    let blood = WHAT.iter().enumerate().map(|(n, what)| {
        let title = format!("{what} {}", WHERE[(n + number) % 7]);
        let (so, more) = (SO[(n + 2 * number) % 7], ELSE[(n + 3 * number) % 7]);
        let text = format!("{title}, {so}, says the {word} desk. {more}");
        (title, text)
    });
    let own = (0..4).map(|n| {
        let what = OWN[number];
        (
            format!("About {what}, part {n}"),
            format!("Part {n} of what the {word} desk has to say on {what}."),
        )
    });
    let items: Vec<String> = blood
        .chain(own)
        .enumerate()
        .map(|(n, (title, text))| {
            let at = now - SignedDuration::from_hours(30 * n as i64 + 5);
            let at = at
                .to_zoned(TimeZone::UTC)
                .strftime("%a, %d %b %Y %H:%M:%S GMT")
                .to_string();
            format!(
                "<item><guid>{slug}-{n}</guid><link>{base}/p/{n}</link><title>{title}</title>\
                 <description>{text}</description><pubDate>{at}</pubDate></item>"
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\"><channel><title>{slug}</title><link>{base}/</link>{}</channel></rss>",
        items.concat()
    )
}

struct Stage {
    world: World,
    post: Post,
    receiver: Receiver,
    /// A Sunday at noon.
    sunday: Timestamp,
    settings: PathBuf,
}

impl Stage {
    fn new() -> Self {
        let mut sunday = noon();
        while sunday.to_zoned(TimeZone::UTC).weekday() != Weekday::Sunday {
            sunday += SignedDuration::from_hours(24);
        }
        let mut world = World::new();
        for (number, (slug, _)) in NETWORKS.into_iter().enumerate() {
            let feed = feed(number, &world.sites.origin(number), sunday);
            world
                .sites
                .put(number, "/feed", "application/rss+xml", feed);
            world.declare(number, slug, &format!("The {slug} people"), "feed", "/feed");
        }
        for (number, (slug, _)) in NETWORKS.into_iter().enumerate() {
            world.consent(number, slug);
        }
        let settings = world.folder.path().join("discover.toml");
        std::fs::write(&settings, "digest_mails = true\n").expect("the settings are written");
        let stage = Self {
            world,
            post: Post::start(),
            receiver: Receiver::start(),
            sunday,
            settings,
        };
        let at = stage.sunday.to_string();
        let crawl = stage
            .world
            .command(&["--clock", &at, "crawl", "--once", "--json"])
            .output();
        let crawl = crawl.expect("the executable starts");
        assert!(crawl.status.success(), "{}", binary::stderr(&crawl));
        stage
    }

    fn data(&self) -> String {
        text(&self.world.data()).to_owned()
    }

    /// Serves so many hours after that Sunday's noon.
    fn serve(&self, hours: i64) -> Serving {
        let at = (self.sunday + SignedDuration::from_hours(hours)).to_string();
        let smtp = format!("smtp://127.0.0.1:{}", self.post.port);
        let settings = text(&self.settings);
        let arguments = [
            "--config",
            settings,
            "--allow-loopback",
            "--clock",
            &at,
            "--smtp",
            &smtp,
            "--mail-from",
            FROM,
            "serve",
            "--no-crawl",
        ];
        Serving::start(&self.world.data(), &arguments)
    }

    fn admin(&self, rest: &[&str]) -> String {
        let data = self.data();
        let mut arguments = vec!["--data", data.as_str(), "admin"];
        arguments.extend(rest);
        binary::succeed(&arguments).trim().to_owned()
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = std::time::Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            begun.elapsed() < std::time::Duration::from_mins(3),
            "{what} does not come"
        );
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}

/// An owner who is logged in.
struct Owner {
    cookie: String,
    token: String,
}

impl Owner {
    fn of(stage: &Stage, serving: &Serving, slug: &str) -> Self {
        let key = stage.admin(&["owner-key", slug]);
        let login = format!("slug={slug}&key={key}");
        let at = format!("{}/owner/login", serving.base);
        let cookie = site::post_for_cookie(&at, FORM, &login, &[HERE]);
        let mut owner = Self {
            cookie,
            token: String::new(),
        };
        let home = owner.home(serving);
        let token = home.split("name=\"form\" value=\"").nth(1);
        let token = token.and_then(|rest| rest.split('"').next());
        token
            .expect("a form on the owner's home")
            .clone_into(&mut owner.token);
        owner
    }

    fn home(&self, serving: &Serving) -> String {
        let at = format!("{}/owner", serving.base);
        site::get_with(&at, &[("cookie", &self.cookie)]).1
    }

    fn post(&self, serving: &Serving, path: &str, pairs: &[(&str, &str)]) -> (u16, String) {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("form", &self.token).extend_pairs(pairs);
        let at = format!("{}{path}", serving.base);
        site::post(&at, FORM, &form.finish(), &[HERE, ("cookie", &self.cookie)])
    }
}

fn write_answer(serving: &Serving, key: &str, topic: &str, body: &Value) {
    let at = format!("{}/api/v1/topics/{topic}/answers", serving.base);
    let bearer = format!("Bearer {key}");
    let (status, said) = site::post(
        &at,
        "application/json",
        &body.to_string(),
        &[("authorization", &bearer)],
    );
    assert_eq!(status, 201, "{said}");
}

#[test]
fn nothing_of_a_network_that_left_stands_where_it_was_raised_answered_noted_digested_or_handed_on()
{
    let stage = Stage::new();
    let week = stage.sunday.to_zoned(TimeZone::UTC).date().iso_week_date();
    let week = format!("{}-W{:02}", week.year(), week.week());
    let serving = stage.serve(0);

    // The digest of the week follows the topics; whom it quotes is who will leave.
    let so_far = until("a digest with a quotation", || {
        let digest = serving.json(&format!("/api/v1/digests/{week}"));
        digest["emerging"][0]["quote"]["network"]["slug"].as_str()?;
        Some(digest["emerging"].clone())
    });
    let item = &so_far[0];
    let topic = item["topic"]["id"].as_str().expect("an id").to_owned();
    let slug = item["quote"]["network"]["slug"]
        .as_str()
        .expect("a slug")
        .to_owned();
    let (_, word) = *NETWORKS
        .iter()
        .find(|(known, _)| *known == slug)
        .expect("one of ours");
    let (stayer, _) = *NETWORKS
        .iter()
        .find(|(known, _)| *known != slug)
        .expect("another");
    let name = format!("The {slug} people");
    let found = serving.json(&format!("/api/v1/search?q={word}&limit=100"));
    // What each is called, by id and by title.
    let ids: BTreeSet<String> = found["items"]
        .as_array()
        .expect("hits")
        .iter()
        .flat_map(|hit| [&hit["id"], &hit["title"]])
        .map(|part| part.as_str().expect("a text").to_owned())
        .collect();
    assert_eq!(ids.len(), 22);
    let (status, asked) = site::post(
        &format!("{}/digest/mail", serving.base),
        FORM,
        "digest=&email=reader%40council.example",
        &[HERE],
    );
    assert_eq!(status, 200, "{asked}");
    let asks = stage.post.wait(1).remove(0);
    let confirm = format!("{}{}", serving.base, asks.link("confirm"));
    assert_eq!(site::post(&confirm, FORM, "", &[]).0, 200);
    // The edition is written down by the look that comes with a start, which nothing tells of.
    std::thread::sleep(std::time::Duration::from_secs(3));
    end(serving);

    // The week is over: its digest is mailed.
    let serving = stage.serve(24);
    let digest = stage.post.wait(2).remove(1);
    assert!(
        digest.head.contains("Digest") || digest.text.contains(&week),
        "{}",
        digest.text
    );

    let leaver = Owner::of(&stage, &serving, &slug);
    let other = Owner::of(&stage, &serving, stayer);
    for (owner, path) in [
        (&leaver, format!("/hook-{word}")),
        (&other, "/hook".to_owned()),
    ] {
        let hook = format!("{}{path}", stage.receiver.address);
        let (status, page) = owner.post(&serving, "/owner/told", &[("to", &hook)]);
        assert!(status == 200 && page.contains("whsec_"), "{status}: {page}");
    }
    let day = (stage.sunday).to_zoned(TimeZone::UTC).date().to_string();
    for (owner, said) in [
        (&leaver, format!("Our {word} members drive there.")),
        (&other, format!("We agree with {name}.")),
    ] {
        let note = [("topic", topic.as_str()), ("day", &day), ("text", &said)];
        let (status, page) = owner.post(&serving, "/owner/annotations", &note);
        assert_eq!(status, 303, "{page}");
    }
    let note = format!("We asked {slug} about it.");
    stage.admin(&["annotation", "add", &topic, "--day", &day, "--text", &note]);
    let key = stage.admin(&[
        "key",
        "add",
        "--holder",
        "Wexmoor Board",
        "--purpose",
        "Answers",
        "--scope",
        "answer:write",
    ]);
    write_answer(
        &serving,
        &key,
        &topic,
        &json!({"stage": "answered", "text": ANSWER}),
    );
    let heard = stage.receiver.wait(2);
    for one in &heard {
        assert_eq!(one.event, "answer.written");
        assert!(String::from_utf8_lossy(&one.body).contains(ANSWER));
    }
    assert!(leaver.home(&serving).contains(ANSWER));

    let outputs = [
        format!("/topics/{topic}"),
        format!("/api/v1/topics/{topic}"),
        format!("/topics/{topic}/brief"),
        format!("/topics/{topic}/brief.md"),
        format!("/topics/{topic}/answers"),
        format!("/topics/{topic}/answers.atom"),
        format!("/topics/{topic}/answers.json"),
        format!("/api/v1/topics/{topic}/answers"),
        format!("/api/v1/topics/{topic}/annotations"),
        format!("/topics/{topic}?embed=part&not={stayer}"),
        format!("/topics/{topic}?embed=1&not={stayer}"),
        format!("/api/v1/elsewhere?topic={topic}&not={stayer}"),
        format!("/api/v1/topics/{topic}/package"),
        format!("/api/v1/topics/{topic}/package/quotations.csv"),
        format!("/topics/{topic}/timeline.svg"),
        format!("/topics/{topic}/atom"),
        format!("/digest/{week}?print=large"),
        format!("/api/v1/digests/{week}"),
        "/digest.atom".to_owned(),
        format!("/networks/{slug}"),
        format!("/networks/{slug}/answers.atom"),
        format!("/api/v1/networks/{slug}/answers"),
        format!("/networks/{stayer}"),
        "/networks".to_owned(),
        "/map?level=1".to_owned(),
        "/api/v1/map?level=1".to_owned(),
        "/".to_owned(),
        "/transparency".to_owned(),
        format!("/digest/{week}"),
    ];
    // What is named in the address alone is no trace.
    let traces = |path: &str, body: &str| -> Vec<String> {
        let body = body.replace(path, "");
        let mut needles: Vec<&str> = vec![word, &slug, &name];
        needles.extend(ids.iter().map(String::as_str));
        let found = needles.into_iter().filter(|needle| body.contains(*needle));
        found.map(str::to_owned).collect()
    };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for path in &outputs {
        let (status, body) = serving.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        if !traces(path, &body).is_empty() {
            seen.insert(path);
        }
    }
    for path in outputs
        .iter()
        .take(14)
        .filter(|path| !path.contains("answers."))
    {
        assert!(
            seen.contains(path.as_str()),
            "{path} did not show it before"
        );
    }
    for path in [&outputs[16], &outputs[17], &outputs[19]] {
        assert!(
            seen.contains(path.as_str()),
            "{path} did not show it before"
        );
    }

    let data = stage.data();
    binary::succeed(&["--data", &data, "withdraw", &slug, "--no-purge"]);
    let clean = |serving: &Serving, when: &str| {
        for path in &outputs {
            let (status, body) = serving.get(path);
            let left = traces(path, &body);
            assert!(
                left.is_empty(),
                "{when}, {path} ({status}) shows {left:?}: {body}"
            );
        }
        let home = other.home(serving);
        assert!(
            traces("", &home).is_empty(),
            "{when}, the owner's home of another: {home}"
        );
    };
    clean(&serving, "at the first request");
    let answers = serving.json(&format!("/api/v1/topics/{topic}/answers"));
    assert_eq!(answers["items"][0]["withdrawn"], 1, "{answers}");
    assert_eq!(answers["items"][0]["text"], ANSWER);
    assert!(
        serving
            .get(&format!("/topics/{topic}/answers"))
            .1
            .contains("1 withdrawn")
    );
    assert_eq!(
        serving.json(&format!("/api/v1/topics/{topic}/annotations"))["total"],
        0
    );

    // What comes now reaches those who are left alone.
    let corrects = json!({"stage": "answered", "text": "From 7 December.", "corrects": 1});
    write_answer(&serving, &key, &topic, &corrects);
    let heard = stage.receiver.wait(3);
    binary::succeed(&["--data", &data, "withdraw", &slug]);
    clean(&serving, "after the purge");
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert_eq!(
        stage.receiver.heard().len(),
        3,
        "who left is told nothing more"
    );
    let body = String::from_utf8_lossy(&heard[2].body).into_owned();
    assert!(
        traces("", &body).is_empty() && body.contains("From 7 December."),
        "{body}"
    );
    end(serving);

    // A later process: errata go out, and nothing comes back.
    let serving = stage.serve(50);
    let erratum = stage.post.wait(3).remove(2);
    assert!(
        erratum.text.contains("Put right") && traces("", &erratum.text).is_empty(),
        "{}",
        erratum.text
    );
    let feed = until("the erratum in the feed", || {
        let feed = serving.get("/digest.atom").1;
        feed.contains("Put right").then_some(feed)
    });
    assert!(traces("", &feed).is_empty());
    clean(&serving, "after a restart");
    end(serving);
    for needle in [word, slug.as_str()] {
        let held = files_holding(&stage.world.data(), needle.as_bytes());
        assert_eq!(held, Vec::<PathBuf>::new(), "{needle}");
    }
}
