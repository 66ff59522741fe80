//! The rig: what goes wrong around the process, and what must hold all the same (docs/reliability.md).

mod clock;
mod connections;
mod disk;
mod files;
mod kills;
mod retention;
mod shim;
mod withdrawal;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::consent::two_networks;
use crate::support::binary::{self, Serving};
use crate::support::networks::World;

/// Posts of each of the two networks.
const POSTS: usize = 12;

fn world() -> World {
    two_networks(POSTS)
}

/// Posts of the network that leaves which a reader finds.
fn shown(serving: &Serving) -> u64 {
    let found = serving.json("/api/v1/search?q=zanzibarquux");
    found["total"].as_u64().expect("a number")
}

fn signs(serving: &Serving) -> Value {
    serving.json("/readyz")["signs"].clone()
}

/// A bad state is named by site, figures and doctor, in one line that says what to do.
fn said_everywhere(data: &Path, serving: &Serving, sign: &str, what_to_do: &str) {
    let advice = signs(serving)[sign].to_string();
    assert!(advice.contains(what_to_do), "{sign}: {advice}");
    let figures = serving.get("/metrics").1;
    let figure = format!("discover_sign{{sign=\"{sign}\"}} 1");
    assert!(figures.contains(&figure), "{sign}: {figures}");
    let data = data.to_str().expect("a plain path");
    let said = binary::stdout(&binary::run(&["--data", data, "doctor"]));
    let begins = format!("problem  the process that serves says {sign}: ");
    let named = said
        .lines()
        .any(|line| line.starts_with(&begins) && line.contains(what_to_do));
    assert!(named, "{sign}: {said}");
}

/// Another process that has a transaction open in the database, until it is dropped.
struct Foreign(Child);

impl Foreign {
    /// `begin` opens the transaction.
    fn hold(data: &Path, begin: &str) -> Self {
        Self::run(
            data,
            &format!(
                "[c.execute(s).fetchall() for s in {begin:?}.split(';')]\n\
                 print('held',flush=True)\n\
                 sys.stdin.read()"
            ),
        )
    }

    /// Reads the posts over and over, each time for half a second with a moment between.
    fn come_and_go(data: &Path) -> Self {
        Self::run(
            data,
            "import time\n\
             print('held',flush=True)\n\
             while True:\n \
             c.execute('BEGIN'); c.execute('SELECT count(*) FROM posts').fetchall(); time.sleep(.5); c.execute('COMMIT'); time.sleep(.02)",
        )
    }

    /// A program with the database open as `c`, that says when it holds it.
    fn run(data: &Path, program: &str) -> Self {
        let program = format!(
            "import sqlite3,sys\n\
             c=sqlite3.connect({:?},isolation_level=None,timeout=30)\n\
             {program}",
            data.join("store.sqlite3").display().to_string()
        );
        let mut child = Command::new("python3")
            .args(["-c", &program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("it says something");
        assert_eq!(line.trim(), "held");
        Self(child)
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
