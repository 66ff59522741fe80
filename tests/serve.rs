//! The serving process: one to a data folder, and it ends when it is told to.

use std::time::{Duration, Instant};

use crate::support::binary::{self, Serving};

#[test]
fn a_second_process_on_the_same_folder_is_refused_and_sigterm_ends_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let text = data.to_str().expect("a path");
    let mut serving = Serving::start(&data, &["serve"]);

    let started = Instant::now();
    let said = binary::fail(&["--data", text, "--listen", "127.0.0.1:0", "serve"]);
    assert!(
        said.contains("another discover") && said.contains("--data"),
        "{said}"
    );
    assert!(started.elapsed() < Duration::from_secs(2));

    let port = serving.base.rsplit(':').next().expect("a port");
    let elsewhere = folder.path().join("elsewhere");
    let said = binary::fail(&[
        "--data",
        elsewhere.to_str().expect("a path"),
        "--listen",
        &format!("127.0.0.1:{port}"),
        "serve",
    ]);
    assert!(said.contains("--listen"), "{said}");
    assert_eq!(
        serving.get("/healthz").0,
        200,
        "the first process is unharmed"
    );

    let started = Instant::now();
    serving.signal("TERM");
    let status = serving.child.wait().expect("an end");
    assert!(status.success(), "{status}");
    assert!(started.elapsed() < Duration::from_secs(10));
    drop(serving);
    let again = Serving::start(&data, &["serve"]);
    assert_eq!(
        again.get("/healthz").0,
        200,
        "a folder left in order can be opened again"
    );
}
