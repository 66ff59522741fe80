//! Starts the real executable.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The executable under test: a release build where the environment names one, else the one cargo built.
pub(crate) fn path() -> PathBuf {
    std::env::var_os("DISCOVER_TEST_BINARY").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_discover")),
        PathBuf::from,
    )
}

pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(path());
    command
        .args(args)
        .env_remove("DISCOVER_DATA")
        .env_remove("DISCOVER_CONFIG")
        .env_remove("DISCOVER_STORE")
        .stdin(Stdio::null());
    command
}

/// Runs to the end.
pub(crate) fn run(args: &[&str]) -> Output {
    command(args).output().expect("the executable starts")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs and expects success; returns standard output.
pub(crate) fn succeed(args: &[&str]) -> String {
    let output = run(args);
    assert!(
        output.status.success(),
        "discover {args:?} failed:\n{}",
        stderr(&output)
    );
    stdout(&output)
}

/// Runs and expects failure; returns standard error.
pub(crate) fn fail(args: &[&str]) -> String {
    let output = run(args);
    assert!(
        !output.status.success(),
        "discover {args:?} should have failed:\n{}",
        stdout(&output)
    );
    stderr(&output)
}

/// A serving process; killed when dropped.
pub(crate) struct Serving {
    pub child: Child,
    pub base: String,
    said: Arc<Mutex<String>>,
}

impl Serving {
    /// Starts `discover … serve` on a free port and waits until it answers.
    pub(crate) fn start(data: &Path, args: &[&str]) -> Self {
        Self::try_start(data, args)
            .unwrap_or_else(|said| panic!("the site does not start:\n{said}"))
    }

    /// The same; what was logged, where it ends instead.
    pub(crate) fn try_start(data: &Path, args: &[&str]) -> Result<Self, String> {
        let data = data.to_str().expect("a plain path");
        let mut command = command(&["--data", data, "--listen", "127.0.0.1:0"]);
        command.args(args);
        Self::try_spawn(command)
    }

    /// The same of any command that serves.
    pub(crate) fn try_spawn(mut command: Command) -> Result<Self, String> {
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .expect("the executable starts");
        let errors = BufReader::new(child.stderr.take().expect("standard error is piped"));
        let (sender, receiver) = std::sync::mpsc::channel();
        let said: Arc<Mutex<String>> = Arc::default();
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                let mut heard = heard.lock().expect("what was said");
                heard.push_str(&line);
                heard.push('\n');
                drop(heard);
                if let Some(at) = line.find("http://127.0.0.1:") {
                    let address: String = line[at..]
                        .chars()
                        .take_while(|c| !c.is_whitespace())
                        .collect();
                    // The test may have stopped waiting.
                    let _ = sender.send(address.trim_end_matches('/').to_owned());
                }
            }
        });
        let Ok(base) = receiver.recv_timeout(Duration::from_mins(2)) else {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
            return Err(said.lock().expect("what was said").clone());
        };
        let serving = Self { child, base, said };
        let started = Instant::now();
        while super::site::get(&format!("{}/readyz", serving.base)).0 != 200 {
            assert!(
                started.elapsed() < Duration::from_mins(1),
                "the site is not ready"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(serving)
    }

    /// What it logged so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().expect("what was said").clone()
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        super::site::get(&format!("{}{path}", self.base))
    }

    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{path}: {error}: {body}"))
    }

    /// Sends a signal with the system's `kill`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
