//! P2 as one table: every kind of personal detail at every place that a post has on every platform. After a crawl by the
//! real executable no file, log, metric, answer, page, export, mail or webhook holds any of them.

mod details;
mod platforms;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use aho_corasick::AhoCorasick;
use serde_json::{Value, json};

use self::details::{Canary, Detail, letters};
use self::platforms::{PLATFORMS, Platform};
use crate::following::{Receiver, end};
use crate::mail;
use crate::support::binary::{self, Serving};
use crate::support::networks::World;
use crate::support::{routes, site};

/// A word that every post says.
const WORD: &str = "zanzibarquux";

/// Where a detail stands in a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Title,
    /// A step of its address.
    Path,
    /// A parameter of its address.
    Query,
    /// The address of an item that lies elsewhere.
    Elsewhere,
    /// The address of an item whose page says that it is not to be kept.
    Refused,
    /// An address that its text leads to, and one that stands in it.
    Link,
    Guid,
    Quotation,
    Signature,
    /// What a picture shows, for those who do not see it.
    ImageAlt,
    /// The name of a file that it brings.
    Attachment,
    Organiser,
    Location,
    Author,
}

/// A post before a platform has put it into its form.
#[derive(Debug, Clone)]
struct Post {
    id: usize,
    title: String,
    /// A step of its address.
    slug: String,
    query: Option<String>,
    elsewhere: Option<String>,
    refused: bool,
    guid: String,
    author: String,
    said: String,
    link: Option<String>,
    quotation: Option<String>,
    signature: Option<String>,
    alt: Option<String>,
    attachment: Option<String>,
    organiser: Option<String>,
    location: Option<String>,
}

impl Post {
    /// `None` where this detail has no form for this place.
    fn new(id: usize, canary: &Canary, place: Place) -> Option<Self> {
        let word = letters(id);
        let mut post = Self {
            id,
            title: format!("Queue of the clinic {word}"),
            slug: "queue".to_owned(),
            query: None,
            elsewhere: None,
            refused: false,
            guid: format!("item-{id}"),
            author: format!("Wombat Zq{word}"),
            said: format!("The {WORD} clinic spoke of its queue, and of {word}."),
            link: None,
            quotation: None,
            signature: None,
            alt: None,
            attachment: None,
            organiser: None,
            location: None,
        };
        let (said, slug) = (canary.said.clone(), canary.slug.clone());
        match place {
            Place::Text => post.said = format!("{} {said}", post.said),
            Place::Title => post.title = format!("{said} {word}"),
            Place::Path => post.slug = slug,
            Place::Refused => {
                post.slug = slug;
                post.refused = true;
            }
            Place::Query => post.query = Some(format!("view=2&about={slug}")),
            Place::Elsewhere => post.elsewhere = Some(slug),
            Place::Link => post.link = Some(slug),
            Place::Guid => post.guid = slug,
            Place::Quotation => post.quotation = Some(said),
            Place::Signature => post.signature = Some(said),
            Place::ImageAlt => post.alt = Some(said),
            Place::Attachment => post.attachment = Some(format!("{slug}.pdf")),
            Place::Organiser => post.organiser = Some(canary.name.clone()?),
            Place::Location => post.location = Some(said),
            Place::Author => post.author = canary.name.clone()?,
        }
        Some(post)
    }

    /// Addresses that it leads to: by a step, and by a parameter.
    fn links(&self) -> Vec<String> {
        self.link
            .iter()
            .flat_map(|slug| {
                [
                    format!("https://elsewhere.example/people/{slug}"),
                    format!("https://elsewhere.example/list?about={slug}"),
                ]
            })
            .collect()
    }

    fn html(&self) -> String {
        let mut out = format!("<p>{}</p>", self.said);
        for link in self.links() {
            write!(
                out,
                "<p>See <a href=\"{link}\">there</a>, or {link} itself.</p>"
            )
            .expect("writing to a string");
        }
        if let Some(quotation) = &self.quotation {
            write!(
                out,
                "<blockquote><p>{quotation}</p></blockquote><p>So it is.</p>"
            )
            .expect("writing to a string");
        }
        if let Some(alt) = &self.alt {
            write!(out, "<p><img src=\"/a.png\" alt=\"{alt}\"></p>").expect("writing to a string");
        }
        if let Some(file) = &self.attachment {
            write!(
                out,
                "<p><a class=attachment href=\"/files/{file}\">{file}</a> (1 KB)</p>"
            )
            .expect("writing to a string");
        }
        if let Some(signature) = &self.signature {
            write!(out, "<p>-- <br>{signature}</p>").expect("writing to a string");
        }
        out
    }

    fn plain(&self) -> String {
        let mut out = format!("{}\n", self.said);
        for link in self.links() {
            write!(out, "\nSee {link} for it.\n").expect("writing to a string");
        }
        if let Some(quotation) = &self.quotation {
            write!(out, "\nSomebody wrote:\n> {quotation}\n\nSo it is.\n")
                .expect("writing to a string");
        }
        if let Some(file) = &self.attachment {
            write!(out, "\nAttachment: {file}\n").expect("writing to a string");
        }
        if let Some(signature) = &self.signature {
            write!(out, "\n-- \n{signature}\n").expect("writing to a string");
        }
        out
    }

    fn marked_down(&self) -> String {
        let mut out = self.plain();
        for link in self.links() {
            write!(out, "\n[there]({link})\n").expect("writing to a string");
        }
        if let Some(alt) = &self.alt {
            write!(out, "\n![{alt}](/a.png)\n").expect("writing to a string");
        }
        if let Some(file) = &self.attachment {
            write!(out, "\n[{file}](/files/{file})\n").expect("writing to a string");
        }
        out
    }
}

/// Everything that must be found nowhere, and which cell of the table it comes from.
struct Table {
    needles: AhoCorasick,
    cells: Vec<String>,
    found: BTreeMap<String, BTreeSet<String>>,
}

impl Table {
    /// Looks for every canary.
    fn look(&mut self, bytes: &[u8], place: &str) {
        for found in self.needles.find_overlapping_iter(bytes) {
            let cell = self.cells[found.pattern().as_usize()].clone();
            self.found.entry(cell).or_default().insert(place.to_owned());
        }
    }

    fn look_through(&mut self, folder: &Path) -> u64 {
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                seen += self.look_through(&path);
            } else if entry.file_type().is_ok_and(|kind| kind.is_file()) {
                let bytes = std::fs::read(&path).unwrap_or_default();
                seen += bytes.len() as u64;
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                self.look(&bytes, &name);
            }
        }
        seen
    }
}

/// The sites with a post for each cell, and the table that looks for them.
fn published() -> (World, Table, usize) {
    let mut world = World::new();
    let (mut needles, mut cells, mut id) = (Vec::new(), Vec::new(), 1000);
    let mut all = 0;
    for (number, platform) in PLATFORMS.iter().enumerate() {
        let mut posts = Vec::new();
        for place in platform.places {
            for detail in Detail::ALL {
                id += 1;
                let canary = Canary::new(detail, id);
                let Some(post) = Post::new(id, &canary, *place) else {
                    continue;
                };
                for needle in &canary.needles {
                    needles.push(needle.clone());
                    cells.push(format!("{detail:?} in {place:?} of {}", platform.name));
                }
                // A writer's name is nobody's to read, whatever is looked for elsewhere.
                needles.push(format!("wombat zq{}", letters(id)));
                cells.push(format!("the writer in {place:?} of {}", platform.name));
                posts.push(post);
            }
        }
        all += posts.len();
        (platform.put)(&world.sites, number, &posts);
        world.declare_with(
            number,
            platform.name,
            platform.name,
            platform.kind,
            platform.path,
            platform.more,
        );
    }
    for (number, platform) in PLATFORMS.iter().enumerate() {
        world.consent(number, platform.name);
    }
    let needles = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(&needles)
        .expect("an automaton");
    let table = Table {
        needles,
        cells,
        found: BTreeMap::new(),
    };
    (world, table, all)
}

/// Ids of every conversation that a reader finds.
fn conversations(serving: &Serving) -> Vec<String> {
    let (mut ids, mut next) = (
        Vec::new(),
        Some(format!("/api/v1/search?q={WORD}&limit=100")),
    );
    while let Some(path) = next {
        let page = serving.json(&path);
        let items = page["items"].as_array().expect("items");
        ids.extend(
            items
                .iter()
                .filter_map(|item| item["id"].as_str().map(str::to_owned)),
        );
        next = page["next"]
            .as_str()
            .map(|cursor| format!("/api/v1/search?q={WORD}&limit=100&cursor={cursor}"));
    }
    ids
}

/// Every address that anybody may read: plain and searched, of each network, topic and conversation.
fn outputs(serving: &Serving, conversations: &[String]) -> Vec<String> {
    let topics = serving.json("/api/v1/topics");
    let topics: Vec<String> = topics["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|topic| Some(topic["id"].as_str()?.to_owned()))
        .collect();
    let networks: Vec<String> = PLATFORMS
        .iter()
        .map(|platform| platform.name.to_owned())
        .collect();
    let mut all: Vec<String> = ["csv", "ndjson", "references"]
        .map(|format| format!("/api/v1/search/export?q={WORD}&format={format}"))
        .into();
    all.push("/api/v1/graph?format=graphml".to_owned());
    for path in routes::readable() {
        let (place, values) = if path.contains("{slug}") {
            ("{slug}", &networks)
        } else if path.contains("/topics/{id}") {
            ("{id}", &topics)
        } else if path.contains("{id}") {
            ("{id}", &conversations.to_vec())
        } else {
            all.extend([
                path.replace("{code}", "not-found"),
                format!("{path}?q={WORD}"),
            ]);
            continue;
        };
        all.extend(values.iter().map(|value| path.replace(place, value)));
    }
    all
}

/// Everything of an alert that leaves the site.
struct Alerts {
    receiver: Receiver,
    post: mail::Post,
}

impl Alerts {
    /// Saves a search that finds every post, told to a receiver and by mail.
    fn asked_for(serve: impl Fn(&mail::Post) -> Serving, data: &str) -> Self {
        let alerts = Self {
            receiver: Receiver::start(),
            post: mail::Post::start(),
        };
        let key = binary::succeed(&[
            "--data",
            data,
            "admin",
            "key",
            "add",
            "--holder",
            "County Insight Team",
            "--purpose",
            "Alerts",
            "--scope",
            "follow:write",
        ]);
        let serving = serve(&alerts.post);
        let webhook = format!("{}/hook", alerts.receiver.address);
        for deliver in [
            json!({"webhook": webhook}),
            json!({"mail": "quokka@council.example", "every": "day"}),
        ] {
            let (status, made) = site::post(
                &format!("{}/api/v1/follows", serving.base),
                "application/json",
                &json!({"search": {"q": WORD}, "deliver": deliver}).to_string(),
                &[("authorization", &format!("Bearer {}", key.trim()))],
            );
            assert_eq!(status, 201, "{made}");
        }
        let asks = alerts.post.wait(1).remove(0);
        let confirm = format!("{}{}", serving.base, asks.link("confirm"));
        let (status, page) = site::post(&confirm, "application/x-www-form-urlencoded", "", &[]);
        assert_eq!(status, 200, "{page}");
        end(serving);
        alerts
    }

    fn look(&self, table: &mut Table) {
        for heard in self.receiver.wait(20) {
            table.look(&heard.body, "a webhook");
        }
        let mails = self.post.wait(2);
        assert!(
            mails[1].text.contains("Queue of the clinic"),
            "{}",
            mails[1].text
        );
        for mail in mails {
            table.look(mail.head.as_bytes(), "the head of a mail");
            table.look(mail.text.as_bytes(), "a mail");
        }
    }
}

/// How many cells of the table a platform has to show: a post that is not there proves nothing.
fn cells(platform: &Platform) -> usize {
    let places = platform.places.iter();
    places
        .map(|place| match place {
            Place::Refused => 0,
            // A writer's and an organiser's name is one of three kinds, every other place has all.
            Place::Author | Place::Organiser => 3,
            _ => Detail::ALL.len(),
        })
        .sum()
}

#[test]
fn no_personal_detail_of_any_kind_at_any_place_of_any_platform_is_kept_or_shown() {
    let (world, mut table, all) = published();
    let data = world.data();
    let noon = mail::noon();
    let serve = |hours: i64, post: &mail::Post| {
        let at = (noon + jiff::SignedDuration::from_hours(hours)).to_string();
        let smtp = format!("smtp://127.0.0.1:{}", post.port);
        let arguments = [
            "--allow-loopback",
            "--clock",
            &at,
            "--smtp",
            &smtp,
            "--mail-from",
            mail::FROM,
            "serve",
            "--no-crawl",
        ];
        Serving::start(&data, &arguments)
    };
    let data_text = data.to_str().expect("a plain path");
    let alerts = Alerts::asked_for(|post| serve(0, post), data_text);

    let mut crawl = world.command(&["crawl", "--once", "--json"]);
    let crawled = crawl.env("DISCOVER_LOG", "debug").output();
    let crawled = crawled.expect("it starts");
    assert!(crawled.status.success(), "{}", binary::stderr(&crawled));
    table.look(&crawled.stdout, "the outcome of the crawl");
    table.look(&crawled.stderr, "the log of the crawl");
    let told: Value = serde_json::from_slice(&crawled.stdout).expect("JSON");

    let serving = serve(26, &alerts.post);
    let missing: Vec<String> = PLATFORMS
        .iter()
        .filter_map(|platform| {
            let path = format!("/api/v1/search?q={WORD}&network={}", platform.name);
            let (there, all) = (serving.json(&path)["total"].clone(), cells(platform));
            (there != all).then(|| format!("{there} of {all} posts of {}", platform.name))
        })
        .collect();
    let warnings: Vec<String> = binary::stderr(&crawled)
        .lines()
        .filter(|line| line.contains("WARN") || line.contains("ERROR"))
        .map(str::to_owned)
        .collect();
    assert!(
        missing.is_empty(),
        "{missing:?}\n{told}\n{}",
        warnings.join("\n")
    );
    assert!(told["refused"]["noindex"].as_u64() > Some(0), "{told}");
    let ids = conversations(&serving);
    let mut answered = 0;
    for path in outputs(&serving, &ids) {
        let (status, body) = serving.get(&path);
        assert!(status < 500, "{path}: {body}");
        answered += usize::from(status == 200);
        table.look(body.as_bytes(), &path);
    }
    assert!(answered > 2 * ids.len() + 60, "{answered} answers");
    alerts.look(&mut table);
    table.look(serving.said().as_bytes(), "the log of the site");
    end(serving);
    let read = table.look_through(&data);
    println!(
        "{all} cells, {} conversations, {read} bytes of files",
        ids.len()
    );
    let found: Vec<String> = table
        .found
        .iter()
        .map(|(cell, places)| format!("{cell}: {places:?}"))
        .collect();
    assert!(
        found.is_empty(),
        "{} cells leak:\n{}",
        found.len(),
        found.join("\n")
    );
}
