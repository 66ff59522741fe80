//! Real servers of the platforms, on loopback, read by the real executable: WordPress, a Fossil forum, a public-inbox,
//! HyperKitty, Isso, NodeBB, Radicale; on demand, an AT Protocol data server; and PostgreSQL, which the store is put on.
//!
//! `.ci/run` installs, starts and seeds them and says where they are (`DISCOVER_TEST_SERVERS`: a folder with one folder
//! a server, each with its address in `url`). Without that, a test starts its own server with the script in
//! `.ci/servers`, else in `DISCOVER_TEST_RIG` (default `../shared/rig`), where it is installed (ours: by
//! `.ci/real-servers install`). Otherwise it says that it is skipped; in CI it fails.

mod atproto;
mod fossil;
mod hyperkitty;
mod isso;
mod nodebb;
mod postgres;
mod public_inbox;
mod radicale;
mod wordpress;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use discover_indexer::Index;
use discover_store::Store;
use jiff::tz::TimeZone;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;

/// One running server.
struct Server {
    url: String,
    port: String,
    dir: PathBuf,
    script: PathBuf,
    /// Set where this test started it, and stops it.
    own: Option<TempDir>,
}

impl Server {
    /// A server with a script of our own.
    fn ours(name: &str) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let tools = std::env::var_os("DISCOVER_SERVER_TOOLS")
            .map_or_else(|| root.join("target/servers"), PathBuf::from);
        let script = root.join(format!(".ci/servers/{name}.sh"));
        let ready = tools.join(name).join("ready");
        Self::with(name, script, ready.exists())
    }

    /// A database server with a script of our own, of the system's package.
    fn postgres() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let script = root.join(".ci/servers/postgres.sh");
        let installed = std::fs::exists("/usr/lib/postgresql").unwrap_or(false);
        Self::with("postgres", script, installed)
    }

    /// The server called `name` of the rig; `program` tells whether its packages are installed.
    fn find(name: &str, program: &str) -> Option<Self> {
        let rig = std::env::var_os("DISCOVER_TEST_RIG").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/rig"),
            PathBuf::from,
        );
        let script = rig.join(format!("{name}.sh"));
        let installed = Command::new("sh")
            .args(["-c", &format!("command -v {program}")])
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        Self::with(name, script, installed)
    }

    fn with(name: &str, script: PathBuf, installed: bool) -> Option<Self> {
        if let Some(servers) = std::env::var_os("DISCOVER_TEST_SERVERS") {
            let dir = Path::new(&servers).join(name);
            let url = std::fs::read_to_string(dir.join("url"))
                .unwrap_or_else(|error| panic!("{}: no `url`: {error}", dir.display()));
            let url = url.trim().to_owned();
            let port = port(&url).to_owned();
            return Some(Self {
                url,
                port,
                dir,
                script,
                own: None,
            });
        }
        if !script.exists() || !installed {
            crate::support::skip::skip(&format!(
                "no running {name}, and it cannot be started: it is not installed, or {} is missing",
                script.display()
            ));
            return None;
        }
        let folder = TempDir::new().expect("a temporary folder");
        let port = free_port().to_string();
        let server = Self {
            url: format!("http://127.0.0.1:{port}"),
            port,
            dir: folder.path().join(name),
            script,
            own: Some(folder),
        };
        server.rig("start");
        server.rig("seed");
        Some(server)
    }

    /// Runs a verb of the server's script.
    fn rig(&self, verb: &str) -> String {
        self.ask(&[verb])
    }

    /// Runs a verb of the server's script with arguments.
    fn ask(&self, verb: &[&str]) -> String {
        let output = Command::new("bash")
            .arg(&self.script)
            .arg(&self.dir)
            .arg(&self.port)
            .args(verb)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .expect("bash runs");
        assert!(
            output.status.success(),
            "{} {verb:?} failed: {}",
            self.script.display(),
            binary::stdout(&output)
        );
        binary::stdout(&output)
    }

    /// Runs a program in the server's folder; returns what it prints.
    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {}",
            binary::stderr(&output)
        );
        binary::stdout(&output)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.own.is_some() {
            // It may have died by itself.
            let _ = Command::new("bash")
                .arg(&self.script)
                .arg(&self.dir)
                .args([&self.port, "stop"])
                .status();
        }
    }
}

fn port(url: &str) -> &str {
    url.rsplit(':')
        .next()
        .and_then(|rest| rest.split('/').next())
        .expect("an address with a port")
}

/// A port that is free together with the next two, which some scripts use too.
fn free_port() -> u16 {
    let bind = |port| std::net::TcpListener::bind(("127.0.0.1", port)).ok();
    (0..100)
        .find_map(|_| {
            let first = bind(0)?;
            let port = first.local_addr().ok()?.port();
            let others = [bind(port.checked_add(1)?)?, bind(port.checked_add(2)?)?];
            drop(others);
            Some(port)
        })
        .expect("three free ports")
}

/// A data folder and a registry that names one source on a real server.
struct House {
    world: World,
}

impl House {
    /// `source` is the TOML of the source; consent stands on paper.
    fn on_paper(slug: &str, source: &str) -> Self {
        let house = Self {
            world: World::new(),
        };
        let proof = house.world.proof_on_paper();
        house.declare(slug, &format!("{proof}{source}"));
        house
    }

    fn declare(&self, slug: &str, rest: &str) {
        let registry = format!(
            "[[network]]\nslug = \"{slug}\"\nname = \"The {slug} network\"\nowner = \"Town\"\nrecheck_days = 7\n{rest}\n"
        );
        std::fs::write(self.world.registry(), registry).expect("the registry is written");
    }

    fn crawl(&self) -> Value {
        self.world.crawl()
    }

    /// A crawl as it will be in eight days, when all that is kept has to be looked at again; nothing is forced.
    fn crawl_in_eight_days(&self) -> Value {
        self.crawl_in(8 * 24)
    }

    /// A crawl as it will be in so many hours; nothing is forced.
    fn crawl_in(&self, hours: i64) -> Value {
        let said = self.run_in(hours, &["crawl", "--once", "--json"]);
        serde_json::from_str(&said).expect("JSON")
    }

    /// Conversations that a reader finds in so many hours.
    fn found_in(&self, hours: i64, word: &str) -> u64 {
        let said = self.run_in(hours, &["search", word, "--json"]);
        let found: Value = serde_json::from_str(&said).expect("JSON");
        found["total"].as_u64().expect("a count")
    }

    fn run_in(&self, hours: i64, rest: &[&str]) -> String {
        let now = jiff::Timestamp::try_from(std::time::SystemTime::now()).expect("a time");
        let later = (now + jiff::SignedDuration::from_hours(hours)).to_string();
        let (data, registry) = (self.world.data(), self.world.registry());
        let text = |path: &Path| path.to_str().expect("a plain path").to_owned();
        let (data, registry) = (text(&data), text(&registry));
        let mut arguments = vec![
            "--data",
            &data,
            "--sources",
            &registry,
            "--allow-loopback",
            "--gap",
            "0",
            "--contact",
            "test@example.org",
            "--clock",
            &later,
        ];
        arguments.extend_from_slice(rest);
        binary::succeed(&arguments)
    }

    /// The owner closes the whole source to visitors at `hours`, opens it again, and leaves. `word` finds
    /// `conversations` while it is open, and stands in no file at the end.
    fn closes_opens_and_leaves(
        &self,
        slug: &str,
        hours: i64,
        (word, conversations): (&str, u64),
        close: impl FnOnce(),
        open: impl FnOnce(),
    ) {
        assert_eq!(self.found_in(hours, word), conversations, "{slug}, open");
        close();
        // It counts from the first such answer, which comes with the next visit.
        for (since, shown) in [
            (1, conversations),
            (27, conversations),
            (61, u64::MAX),
            (90, 0),
        ] {
            let said = self.crawl_in(hours + since);
            let found = self.found_in(hours + since, word);
            assert!(
                found == shown || shown == u64::MAX,
                "{slug}, closed for {since} hours: {found} of {shown}: {said}"
            );
        }
        open();
        let said = self.crawl_in(hours + 120);
        let found = self.found_in(hours + 120, word);
        assert_eq!(found, conversations, "{slug}, open again: {said}");
        self.leaves(slug, hours + 122, word);
    }

    fn leaves(&self, slug: &str, hours: i64, word: &str) {
        self.run_in(hours, &["withdraw", slug]);
        assert_eq!(self.found_in(hours, word), 0, "{slug} left");
        let data = self.world.data();
        assert_eq!(
            files_holding(&data, word.as_bytes()),
            Vec::<PathBuf>::new(),
            "{slug}"
        );
    }

    /// Conversations, posts and reply edges of the store; the index holds the same conversations.
    fn tally(&self) -> (usize, usize, usize) {
        let data = self.world.data();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let store = Store::open_read_only(&data, TimeZone::UTC)
                .await
                .expect("the store opens");
            let ids = store.conversation_ids(None, 1000).await.expect("a read");
            let held = store.conversations(&ids).await.expect("a read");
            let index = Index::open_read_only(&data.join("index")).expect("the index opens");
            let mut indexed = index.all_ids().expect("a read");
            let mut stored: Vec<_> = held.iter().map(|conversation| conversation.id).collect();
            indexed.sort_unstable();
            stored.sort_unstable();
            assert_eq!(indexed, stored, "the index holds what the store holds");
            let posts = held.iter().flat_map(|conversation| &conversation.posts);
            let edges = posts.clone().filter(|post| post.parent.is_some()).count();
            (held.len(), posts.count(), edges)
        })
    }

    /// Nothing that was never to be read, and no address of a person, is in any file or output.
    fn expect_clean(&self, slug: &str, query: &str) {
        let data = self.world.data();
        for needle in ["SECRET", "@example.org"] {
            assert_eq!(
                files_holding(&data, needle.as_bytes()),
                Vec::<PathBuf>::new(),
                "{needle}"
            );
        }
        let serving = Serving::start(&data, &["serve", "--no-crawl"]);
        let found = serving.json(&format!("/api/v1/search?q={query}&limit=100"));
        assert!(
            found["total"].as_u64().is_some_and(|total| total > 5),
            "{found}"
        );
        let id = found["items"][0]["id"].as_str().expect("an id").to_owned();
        for path in [
            format!("/api/v1/search?q={query}&limit=100"),
            "/api/v1/search?q=SECRET".to_owned(),
            format!("/api/v1/conversations/{id}"),
            format!("/conversations/{id}"),
            format!("/api/v1/networks/{slug}"),
            format!("/networks/{slug}"),
            format!("/search.atom?q={query}"),
            "/api/v1/topics?rank=enduring".to_owned(),
            "/".to_owned(),
        ] {
            let (status, body) = serving.get(&path);
            assert_eq!(status, 200, "{path}");
            let body = body.replace("q=SECRET", "").replace("\"SECRET\"", "");
            assert!(!body.contains("SECRET"), "{path} shows a secret: {body}");
            assert!(!body.contains("@example.org"), "{path} shows an address");
        }
        let secret = serving.json("/api/v1/search?q=SECRET");
        assert_eq!(secret["total"], 0, "{secret}");
    }
}
