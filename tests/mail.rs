//! Alerts by mail over the real executable and a mail server on loopback: nothing before a yes, each find once in a mail
//! of its turn, none after a withdrawal, the same mail again after a crash, and no byte of the address after one click.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::following::{CANARY, Stage, end};
use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;
use crate::support::site;

const READER: &str = "quokka.reader@council.example";
pub(crate) const FROM: &str = "alerts@discover.example";
/// Words of whoever follows, which no mail that asks may carry.
const NAME: &str = "Wombat clinics";

const TAKES: u8 = 0;
/// Takes a mail, and does not live to say so.
const SILENT: u8 = 1;
const BUSY: u8 = 2;
const NOBODY: u8 = 3;

#[derive(Debug, Clone)]
pub(crate) struct Mail {
    to: String,
    pub(crate) head: String,
    /// As it was before it was encoded.
    pub(crate) text: String,
}

impl Mail {
    fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let line = self.head.lines().find(|line| line.starts_with(&start));
        line.unwrap_or_else(|| panic!("{name}: {}", self.head))
            .trim_start_matches(&start)
    }

    /// The link of this kind in the text, on this machine.
    pub(crate) fn link(&self, kind: &str) -> String {
        let start = format!("/mail/{kind}/");
        let line = self
            .text
            .split_whitespace()
            .find(|word| word.contains(&start));
        let link = line.unwrap_or_else(|| panic!("{kind}: {}", self.text));
        link[link.find("/mail/").expect("a path")..].to_owned()
    }
}

/// A mail server that does what it is told to.
pub(crate) struct Post {
    pub(crate) port: u16,
    does: Arc<AtomicU8>,
    mails: Arc<Mutex<Vec<Mail>>>,
    /// Readers that were named, mail or not.
    named: Arc<Mutex<Vec<String>>>,
}

impl Post {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let post = Self {
            port: listener.local_addr().expect("an address").port(),
            does: Arc::default(),
            mails: Arc::default(),
            named: Arc::default(),
        };
        let (does, mails, named) = (
            Arc::clone(&post.does),
            Arc::clone(&post.mails),
            Arc::clone(&post.named),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (does, mails, named) =
                    (Arc::clone(&does), Arc::clone(&mails), Arc::clone(&named));
                std::thread::spawn(move || hear(stream, &does, &mails, &named));
            }
        });
        post
    }

    fn does(&self, what: u8) {
        self.does.store(what, Ordering::Relaxed);
    }

    fn mails(&self) -> Vec<Mail> {
        self.mails.lock().expect("mails").clone()
    }

    /// Waits until so many mails came in.
    pub(crate) fn wait(&self, count: usize) -> Vec<Mail> {
        until(|| {
            let mails = self.mails();
            (mails.len() >= count).then_some(mails)
        })
    }
}

fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "it does not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn hear(
    mut stream: TcpStream,
    does: &AtomicU8,
    mails: &Mutex<Vec<Mail>>,
    named: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).ok();
    say("220 mail.example")?;
    let mut to = String::new();
    loop {
        let line = lines.next()?.ok()?;
        let does = does.load(Ordering::Relaxed);
        let verb = line.split([' ', ':']).next().unwrap_or_default();
        match verb {
            "MAIL" => {
                assert_eq!(line, format!("MAIL FROM:<{FROM}>"));
                say("250 ok")?;
            }
            "RCPT" => {
                line.trim_start_matches("RCPT TO:").clone_into(&mut to);
                named.lock().expect("named").push(to.clone());
                match does {
                    BUSY => say(&format!("451 4.3.0 {to} later"))?,
                    NOBODY => say(&format!("550 5.1.1 {to} is nobody"))?,
                    _ => say("250 ok")?,
                }
            }
            "DATA" => {
                say("354 go on")?;
                let mut data = Vec::new();
                loop {
                    let line = lines.next()?.ok()?;
                    if line == "." {
                        break;
                    }
                    data.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
                }
                mails
                    .lock()
                    .expect("mails")
                    .push(read(&to, &data.join("\n")));
                if does == SILENT {
                    std::thread::sleep(Duration::from_mins(2));
                    return None;
                }
                say("250 taken")?;
            }
            "QUIT" => {
                say("221 bye")?;
                return None;
            }
            _ => say("250 ok")?,
        }
    }
}

fn read(to: &str, data: &str) -> Mail {
    let (head, body) = data.split_once("\n\n").expect("head and body");
    let joined = format!("{body}\n").replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            let hex = std::str::from_utf8(&after[..2]).expect("hex");
            bytes.push(u8::from_str_radix(hex, 16).expect("hex"));
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    Mail {
        to: to.to_owned(),
        head: head.to_owned(),
        text: String::from_utf8(bytes).expect("text"),
    }
}

struct Mailing {
    stage: Stage,
    post: Post,
    /// 25 November at noon, and from there on.
    noon: Timestamp,
}

impl Mailing {
    fn new() -> Self {
        let stage = Stage::new();
        Self {
            stage,
            post: Post::start(),
            noon: noon(),
        }
    }

    /// Serves at so many hours after that noon.
    fn serve(&self, hours: i64) -> Serving {
        let at = (self.noon + SignedDuration::from_hours(hours)).to_string();
        let smtp = format!("smtp://127.0.0.1:{}", self.post.port);
        self.stage
            .serve(&["--clock", &at, "--smtp", &smtp, "--mail-from", FROM])
    }

    fn follow(&self, serving: &Serving) -> String {
        let body = json!({"name": NAME, "search": {"q": "\"blood tests\""}, "deliver": {"mail": READER, "every": "day"}});
        let (status, made) = self.stage.post(serving, "/follows", &body);
        assert_eq!(status, 201, "{made}");
        assert_eq!(made["state"], "unconfirmed", "{made}");
        assert_eq!(made["secret"], Value::Null);
        made["id"].as_str().expect("an id").to_owned()
    }

    /// Saves a search and says yes as its reader.
    fn confirmed(&self, serving: &Serving) -> String {
        let follow = self.follow(serving);
        let asks = self.post.wait(1).remove(0);
        let confirm = format!("{}{}", serving.base, asks.link("confirm"));
        // As a mail program has it: no cookie, and from nowhere.
        let (status, page) = site::post(&confirm, "application/x-www-form-urlencoded", "", &[]);
        assert_eq!(status, 200, "{page}");
        follow
    }

    fn state(&self, serving: &Serving, follow: &str) -> Value {
        let key = format!("Bearer {}", self.stage.key);
        let address = format!("{}/api/v1/follows/{follow}", serving.base);
        let (status, body) = site::get_with(&address, &[("authorization", &key)]);
        match status {
            200 => serde_json::from_str(&body).expect("JSON"),
            status => json!(status),
        }
    }

    /// Waits until so many deliveries wait.
    fn until_waiting(&self, serving: &Serving, follow: &str, count: usize) {
        until(|| {
            let all = self.stage.deliveries(serving, follow);
            let waiting = all.iter().filter(|one| one["state"] == "pending").count();
            (waiting == count).then_some(())
        });
    }
}

/// The next noon: keys were made now, and what is published lies before it.
#[expect(
    clippy::disallowed_methods,
    reason = "the executable reads the same clock"
)]
pub(crate) fn noon() -> Timestamp {
    let today = Timestamp::now().as_second().div_euclid(86_400);
    Timestamp::from_second((today + 1) * 86_400 + 43_200).expect("a time")
}

#[test]
fn nothing_is_mailed_before_a_yes_and_no_byte_of_the_address_is_left_after_a_no() {
    let mailing = Mailing::new();
    let data = mailing.stage.world.data();
    let plain = mailing.stage.serve(&[]);
    let body = json!({"search": {"q": "tests"}, "deliver": {"mail": READER}});
    let (status, problem) = mailing.stage.post(&plain, "/follows", &body);
    assert_eq!(
        (status, &problem["parameter"]),
        (400, &json!("deliver.mail"))
    );
    assert_eq!(problem["detail"], "mail is not configured at this site");
    end(plain);

    let serving = mailing.serve(0);
    let body =
        json!({"search": {"q": "tests"}, "deliver": {"mail": "a@b.example\r\nBcc: c@d.example"}});
    let (status, problem) = mailing.stage.post(&serving, "/follows", &body);
    assert_eq!(
        (status, &problem["parameter"]),
        (400, &json!("deliver.mail"))
    );
    let follow = mailing.follow(&serving);
    let asks = mailing.post.wait(1).remove(0);
    assert_eq!(asks.to, format!("<{READER}>"));
    assert_eq!(asks.header("To"), READER);
    assert!(
        asks.text.contains("County Insight Team asked Discover"),
        "{}",
        asks.text
    );
    for foreign in [NAME, "blood tests"] {
        assert!(
            !format!("{}{}", asks.head, asks.text).contains(foreign),
            "{foreign}"
        );
    }
    // A mail program that looks at the links says neither yes nor no.
    for kind in ["confirm", "stop"] {
        let (status, page) = serving.get(&asks.link(kind));
        assert_eq!(status, 200, "{page}");
        let (status, _) = serving.get(&format!("{}x", asks.link(kind)));
        assert_eq!(status, 404);
    }
    assert_eq!(mailing.state(&serving, &follow)["state"], "unconfirmed");
    end(serving);

    // Whatever is found, and however late it is: nothing else is sent.
    mailing.stage.publish(0..3, 0..3);
    mailing.stage.world.crawl();
    let serving = mailing.serve(40);
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(mailing.post.mails().len(), 1);
    assert_eq!(mailing.stage.deliveries(&serving, &follow).len(), 1);
    end(serving);
    assert_ne!(
        files_holding(&data, b"quokka.reader"),
        Vec::<std::path::PathBuf>::new()
    );
    // Three days on it is erased by itself.
    let serving = mailing.serve(73);
    until(|| (mailing.state(&serving, &follow) == json!(404)).then_some(()));
    end(serving);
    // The bytes go with the next purge, here at the next start.
    let serving = mailing.serve(73);
    until(|| {
        files_holding(&data, b"quokka.reader")
            .is_empty()
            .then_some(())
    });
    let (status, page) = serving.get(&asks.link("confirm"));
    assert!(
        status == 200 && page.contains("Nothing more is sent"),
        "{page}"
    );
    end(serving);
    assert_eq!(mailing.post.mails().len(), 1);
}

#[test]
fn finds_come_in_one_mail_of_the_morning_without_what_was_withdrawn_and_one_click_ends_them() {
    let mailing = Mailing::new();
    let data = mailing.stage.world.data();
    let serving = mailing.serve(0);
    let follow = mailing.confirmed(&serving);
    assert_eq!(mailing.state(&serving, &follow)["state"], "live");
    end(serving);
    mailing.stage.publish(0..4, 0..4);
    mailing.stage.world.crawl();

    // In the evening they wait, and one of the networks leaves.
    let serving = mailing.serve(8);
    mailing.until_waiting(&serving, &follow, 6);
    let withdraw = [
        "--data",
        data.to_str().expect("a plain path"),
        "withdraw",
        "leaver",
    ];
    binary::succeed(&withdraw);
    mailing.until_waiting(&serving, &follow, 3);
    assert_eq!(mailing.post.mails().len(), 1);
    end(serving);

    // In the morning one mail goes out; the server takes it, and this process dies before it hears so.
    mailing.post.does(SILENT);
    let mut serving = mailing.serve(20);
    let first = mailing.post.wait(2).remove(1);
    serving.child.kill().expect("killed");
    serving.child.wait().expect("an end");
    mailing.post.does(TAKES);
    mailing.stage.publish(0..4, 0..6);
    mailing.stage.world.crawl();
    let serving = mailing.serve(21);
    let again = mailing.post.wait(3).remove(2);
    mailing.until_waiting(&serving, &follow, 2);
    assert_eq!(again.header("Message-ID"), first.header("Message-ID"));
    assert_eq!(
        again.text, first.text,
        "the same mail, though more was found"
    );
    assert_eq!(again.header("From"), format!("Discover <{FROM}>"));
    assert_eq!(again.header("Subject"), "Wombat clinics: 3 conversations");
    assert!(
        again.text.contains("The stayer network, "),
        "{}",
        again.text
    );
    assert!(
        again
            .text
            .contains("clinic stopped its walk-in blood tests")
    );
    assert!(!again.text.contains(CANARY) && !again.text.contains("leaver"));
    let there: BTreeSet<&str> = again
        .text
        .lines()
        .filter(|line| line.contains("There: "))
        .collect();
    assert_eq!(there.len(), 3);
    end(serving);

    // The next morning: what was found since, and what has gone.
    let serving = mailing.serve(22);
    binary::succeed(&[
        "--data",
        data.to_str().expect("a plain path"),
        "withdraw",
        "stayer",
    ]);
    until(|| {
        let all = mailing.stage.deliveries(&serving, &follow);
        let gone =
            |one: &&Value| one["event"] == "conversation.withdrawn" && one["state"] == "pending";
        (all.iter().filter(gone).count() == 3).then_some(())
    });
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(mailing.post.mails().len(), 3, "not before its turn");
    end(serving);
    let serving = mailing.serve(44);
    let gone = mailing.post.wait(4).remove(3);
    assert_eq!(
        gone.header("Subject"),
        "Wombat clinics: 3 conversations gone"
    );
    assert!(
        !gone.text.contains("There: ") && !gone.text.contains("stayer"),
        "{}",
        gone.text
    );
    let here = |text: &str| -> BTreeSet<String> {
        let words = text
            .split_whitespace()
            .filter_map(|word| word.find("/conversations/").map(|at| word[at..].to_owned()));
        words.collect()
    };
    assert_eq!(here(&gone.text), here(&again.text));
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(mailing.post.mails().len(), 4);

    // One click, as a mail program makes it (RFC 8058).
    assert_eq!(
        gone.header("List-Unsubscribe-Post"),
        "List-Unsubscribe=One-Click"
    );
    let stop = gone
        .header("List-Unsubscribe")
        .trim_matches(['<', '>'])
        .to_owned();
    let stop = format!(
        "{}{}",
        serving.base,
        &stop[stop.find("/mail/").expect("a path")..]
    );
    let (status, page) = site::post(
        &stop,
        "application/x-www-form-urlencoded",
        "List-Unsubscribe=One-Click",
        &[],
    );
    assert_eq!(status, 200, "{page}");
    assert_eq!(mailing.state(&serving, &follow), json!(404));
    end(serving);
    let serving = mailing.serve(45);
    until(|| {
        files_holding(&data, b"quokka.reader")
            .is_empty()
            .then_some(())
    });
    end(serving);
}

#[test]
fn a_busy_server_is_asked_again_and_a_mailbox_that_is_none_is_given_up_without_being_named() {
    let mailing = Mailing::new();
    let serving = mailing.serve(0);
    let follow = mailing.confirmed(&serving);
    end(serving);
    mailing.stage.publish(0..1, 0..2);
    mailing.stage.world.crawl();
    mailing.post.does(BUSY);
    let serving = mailing.serve(20);
    let failed = mailing
        .stage
        .until(&serving, &follow, |one| one["outcome"].is_string());
    assert_eq!(failed["outcome"], "the mail server answered 451 4.3.0");
    assert_eq!(
        (&failed["state"], &failed["attempts"]),
        (&json!("pending"), &json!(1))
    );
    end(serving);
    mailing.post.does(NOBODY);
    let serving = mailing.serve(21);
    until(|| (mailing.state(&serving, &follow)["state"] == "paused").then_some(()));
    let reason = mailing.state(&serving, &follow)["reason"].clone();
    assert_eq!(reason, "receiver: answer 550 5.1.1");
    let asked = mailing.post.named.lock().expect("named").len();
    mailing.post.does(TAKES);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(mailing.post.named.lock().expect("named").len(), asked);
    let (status, _) =
        mailing
            .stage
            .post(&serving, &format!("/follows/{follow}/replay"), &json!({}));
    assert_eq!(status, 200);
    mailing.post.wait(2);
    mailing.stage.until(&serving, &follow, |one| {
        one["event"] == "conversation.found" && one["state"] == "delivered"
    });
    let said = serving.said();
    assert!(
        said.contains("receiver is given up: answer 550 5.1.1"),
        "{said}"
    );
    assert!(!said.contains("quokka"), "{said}");
    end(serving);
}

#[test]
fn an_owner_is_told_once_by_mail_that_a_source_closed_and_once_that_it_was_erased() {
    let post = Post::start();
    let mut world = World::new();
    world
        .sites
        .put(0, "/feed", "application/rss+xml", "<rss version=\"2.0\"><channel><title>t</title><item><guid>1</guid><title>Clinic</title><link>https://elsewhere.example/1</link></item></channel></rss>");
    world.declare(0, "clinic", "The clinic", "feed", "/feed");
    let registry = std::fs::read_to_string(world.registry()).expect("the registry");
    let with_contact = registry.replace(
        "proof =",
        &format!("contact = \"mailto:{READER}\"\nproof ="),
    );
    std::fs::write(world.registry(), with_contact).expect("the registry is written");
    world.consent(0, "clinic");
    let smtp = format!("smtp://127.0.0.1:{}", post.port);
    let crawl = |day: i64| {
        let at = (noon() + SignedDuration::from_hours(24 * day)).to_string();
        let output = world
            .command(&[
                "--clock",
                &at,
                "--smtp",
                &smtp,
                "--mail-from",
                FROM,
                "crawl",
                "--once",
            ])
            .output()
            .expect("it starts");
        let said = binary::stderr(&output);
        assert!(output.status.success(), "{said}");
        assert!(!said.contains(READER), "no log names the mailbox: {said}");
    };
    crawl(0);
    world.sites.shut(0, "/feed", "status/403", "");
    crawl(1);
    assert!(post.mails().is_empty(), "one answer says nothing yet");
    post.does(BUSY);
    crawl(4);
    assert!(post.mails().is_empty());
    post.does(TAKES);
    for day in [5, 6, 12] {
        crawl(day);
        let mails = post.mails();
        assert_eq!(mails.len(), 1, "day {day}");
        assert!(mails[0].to.contains(READER));
        assert!(mails[0].text.contains("/feed") && mails[0].text.contains("/owner"));
        assert!(mails[0].text.contains("hidden"), "{}", mails[0].text);
        assert!(!mails[0].head.contains("List-Unsubscribe"));
    }
    for day in [40, 48] {
        crawl(day);
        let mails = post.mails();
        assert_eq!(mails.len(), 2, "day {day}");
        assert!(mails[1].text.contains("erased"), "{}", mails[1].text);
    }
}
