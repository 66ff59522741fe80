//! The serving process: one to a data folder, and it ends when it is told to.

use std::time::{Duration, Instant};

use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::site;

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

/// P14: what readers look for, and from where, is kept nowhere.
#[test]
fn what_a_reader_searches_for_is_in_no_file_log_or_figure() {
    let world = crate::consent::two_networks(3);
    let data = world.data();
    // A proxy that says who asks is the only way by which a reader's own address comes here from this machine.
    let config = world.folder.path().join("discover.toml");
    std::fs::write(&config, "trusted_proxies = [\"127.0.0.1\"]\n").expect("written");
    let config = config.to_str().expect("a path");
    let mut serving = Serving::start(&data, &["--config", config, "serve", "--no-crawl"]);
    let reader = [
        ("x-forwarded-for", "203.0.113.77"),
        ("user-agent", "okapibrowser"),
    ];
    for path in [
        "/search?q=numbatquery",
        "/api/v1/search?q=numbatquery",
        "/search.atom?q=numbatquery",
        "/api/v1/search/export?q=numbatquery",
        "/compare?q=numbatquery&q2=zanzibarquux",
        "/networks/numbatquery",
        "/search?q=(numbatquery",
    ] {
        let (status, _) = site::get_with(&format!("{}{path}", serving.base), &reader);
        assert!((200..500).contains(&status), "{path}: {status}");
    }
    let figures = serving.get("/metrics").1;
    serving.signal("TERM");
    assert!(serving.child.wait().expect("an end").success());
    let said = serving.said();
    for word in ["numbatquery", "203.0.113", "okapibrowser"] {
        let held = files_holding(&data, word.as_bytes());
        assert!(held.is_empty(), "{word}: {held:?}");
        assert!(
            !said.contains(word) && !figures.contains(word),
            "{word}: {said}"
        );
    }
}

#[test]
fn an_instance_has_its_own_looks_and_figures_away_from_readers() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name);
    std::fs::write(
        file("logo.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 90 30\"><path d=\"M0 0h90v30z\"/></svg>",
    )
    .expect("a logo");
    let settings = format!(
        "instance_name = \"Ashmere Listens\"\ntag_line = \"What Ashmere talks about\"\nmetrics_listen = \"127.0.0.1:0\"\n[brand]\ncolour = \"#1d4f91\"\nlogo = {:?}\n",
        file("logo.svg")
    );
    std::fs::write(file("discover.toml"), settings).expect("settings");
    let config = file("discover.toml").display().to_string();
    let serving = Serving::start(&file("data"), &["--config", &config, "serve", "--no-crawl"]);
    let page = serving.get("/").1;
    for part in ["What Ashmere talks about", "/brand.css\"", "/logo.svg\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(serving.get("/metrics").0, 404);
    let said = serving.said();
    let (_, figures) = said.split_once("its figures are at ").expect("an address");
    let figures = figures.lines().next().expect("an address");
    let (status, text) = site::get(figures);
    assert!(
        status == 200 && text.contains("discover_networks 0"),
        "{text}"
    );

    std::fs::write(file("discover.toml"), "[brand]\ncolour = \"#ffee00\"\n").expect("settings");
    let said = binary::fail(&["--config", &config, "serve"]);
    assert!(said.contains("WCAG") && said.contains("such as"), "{said}");
}
