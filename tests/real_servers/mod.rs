//! Real servers of the platforms, on loopback, read by the real executable: WordPress, a Fossil forum, a public-inbox;
//! and, on demand, an AT Protocol data server.
//!
//! `.ci/run` installs, starts and seeds them and says where they are (`DISCOVER_TEST_SERVERS`: a folder with one folder
//! a server, each with its address in `url`). Without that, a test starts its own server with the script in
//! `DISCOVER_TEST_RIG` (default `../shared/rig`), where the server's packages are installed. Otherwise it says that it
//! is skipped; in CI it fails.

mod atproto;
mod fossil;
mod public_inbox;
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
    /// The server called `name`; `program` tells whether its packages are installed.
    fn find(name: &str, program: &str) -> Option<Self> {
        let rig = std::env::var_os("DISCOVER_TEST_RIG").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/rig"),
            PathBuf::from,
        );
        let script = rig.join(format!("{name}.sh"));
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
        let installed = Command::new("sh")
            .args(["-c", &format!("command -v {program}")])
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !script.exists() || !installed {
            crate::support::skip::skip(&format!(
                "no running {name}, and it cannot be started: {} or {program} is missing",
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
        let output = Command::new("bash")
            .arg(&self.script)
            .arg(&self.dir)
            .args([&self.port, verb])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .expect("bash runs");
        assert!(
            output.status.success(),
            "{} {verb} failed: {}",
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

/// A port that is free together with the next one, which some scripts use too.
fn free_port() -> u16 {
    let bind = |port| std::net::TcpListener::bind(("127.0.0.1", port)).ok();
    (0..100)
        .find_map(|_| {
            let first = bind(0)?;
            let port = first.local_addr().ok()?.port();
            let next = port.checked_add(1)?;
            bind(next).map(|_| port)
        })
        .expect("two free ports")
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
        let now = jiff::Timestamp::try_from(std::time::SystemTime::now()).expect("a time");
        let later = now + jiff::SignedDuration::from_hours(8 * 24);
        let later = later.to_string();
        let (data, registry) = (self.world.data(), self.world.registry());
        let text = |path: &Path| path.to_str().expect("a plain path").to_owned();
        let (data, registry) = (text(&data), text(&registry));
        let said = binary::succeed(&[
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
            "crawl",
            "--once",
            "--json",
        ]);
        serde_json::from_str(&said).expect("JSON")
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
