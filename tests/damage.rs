//! Whatever happens to a file of the index, the next start finds it and answers as before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::following::{Stage, end};
use crate::support::binary::Serving;

/// What is done to one file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Deleted,
    /// One bit, at this tenth of the file.
    Flipped(usize),
    CutInHalf,
    Emptied,
}

const DAMAGES: [Damage; 6] = [
    Damage::Deleted,
    Damage::Flipped(0),
    Damage::Flipped(5),
    Damage::Flipped(10),
    Damage::CutInHalf,
    Damage::Emptied,
];

impl Damage {
    fn strike(self, file: &Path) {
        let bytes = std::fs::read(file).expect("its bytes");
        let write = |bytes: &[u8]| std::fs::write(file, bytes).expect("written");
        match self {
            Self::Deleted => std::fs::remove_file(file).expect("gone"),
            Self::Flipped(tenth) => {
                let mut bytes = bytes;
                let at = (bytes.len() * tenth / 10).min(bytes.len() - 1);
                // A digit stays a digit, so that what is text can still be read.
                bytes[at] ^= 1;
                write(&bytes);
            }
            Self::CutInHalf => write(&bytes[..bytes.len() / 2]),
            Self::Emptied => write(&[]),
        }
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("a file type");
        if kind.is_dir() {
            copy(&path, &copied);
        } else if kind.is_file() {
            std::fs::copy(&path, &copied).expect("a copy");
        }
    }
}

/// One file of each kind, by its ending: of several segments, the largest.
fn kinds(index: &Path) -> BTreeMap<String, PathBuf> {
    let mut kinds: BTreeMap<String, PathBuf> = BTreeMap::new();
    for entry in std::fs::read_dir(index).expect("the index").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = match path.extension().and_then(|end| end.to_str()) {
            Some("lock") | None => continue,
            Some("json") => name,
            Some(end) => end.to_owned(),
        };
        let size = |path: &Path| path.metadata().map_or(0, |about| about.len());
        let held = kinds.entry(kind).or_insert_with(|| path.clone());
        if size(&path) > size(held) {
            *held = path;
        }
    }
    kinds
}

/// What a searcher sees: everything, a part, and figures.
fn answers(serving: &Serving) -> Vec<Value> {
    [
        "/api/v1/search?q=tests&limit=100",
        "/api/v1/search?q=%22blood+tests%22+-zanzibarquux&sort=newest&limit=100",
        "/api/v1/search?q=remainder+OR+telephone&limit=100",
        "/api/v1/search?network=leaver&limit=100",
    ]
    .map(|path| {
        let mut answer = serving.json(path);
        for hit in answer["items"].as_array_mut().expect("items") {
            // It counts what was replaced and not yet merged away, which an index that is made anew has none of.
            hit["score"].take();
        }
        answer
    })
    .to_vec()
}

/// The first line in which two answers differ.
fn differ(before: &[Value], after: &[Value]) -> String {
    let lines = |answers: &[Value]| serde_json::to_string_pretty(answers).unwrap_or_default();
    let (before, after) = (lines(before), lines(after));
    let pair = before.lines().zip(after.lines()).find(|(a, b)| a != b);
    pair.map_or_else(|| "in length".to_owned(), |(a, b)| format!("{a} and {b}"))
}

/// Serves from a copy of `data` of which one file was struck; what it answered and said. What it said alone where it does
/// not start.
fn struck(data: &Path, name: &Path, damage: Damage) -> Result<(Vec<Value>, String), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let copied = folder.path().join("data");
    copy(data, &copied);
    damage.strike(&copied.join("index").join(name));
    let serving = Serving::try_start(&copied, &["--allow-loopback", "serve", "--no-crawl"])?;
    let answered = answers(&serving);
    let said = serving.said();
    end(serving);
    Ok((answered, said))
}

#[test]
fn a_file_of_the_index_that_is_lost_or_changed_is_found_at_the_start_and_answers_are_as_before() {
    let stage = Stage::new();
    let data = stage.world.data();
    // Several segments, and deletions in some of them.
    for (leaver, stayer) in [(4, 3), (6, 7), (9, 9)] {
        stage.publish(0..leaver, 0..stayer);
        stage.world.crawl();
    }
    let feed = stage.world.sites.take(0, "/feed").expect("a feed");
    let feed = String::from_utf8(feed).expect("text");
    let edited = feed.replace("booking line 1.", "booking by telephone.");
    assert_ne!(edited, feed);
    stage
        .world
        .sites
        .put(0, "/feed", "application/rss+xml", edited);
    stage.world.crawl();
    let serving = stage.serve(&[]);
    let before = answers(&serving);
    assert_eq!(before[0]["total"], 18, "{}", before[0]);
    assert_eq!(before[1]["total"], 9);
    end(serving);

    let kinds = kinds(&data.join("index"));
    for kind in [
        "store",
        "idx",
        "pos",
        "term",
        "fast",
        "fieldnorm",
        "del",
        "meta.json",
        ".managed.json",
    ] {
        assert!(kinds.contains_key(kind), "{kind}: {kinds:?}");
    }
    let mut cases: Vec<(String, PathBuf, Damage)> = Vec::new();
    for (kind, path) in &kinds {
        let name = PathBuf::from(path.file_name().expect("a name"));
        cases.extend(DAMAGES.map(|damage| (kind.clone(), name.clone(), damage)));
    }
    let (before, data, cases) = (&before, &data, &cases);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                scope.spawn(move || {
                    let mut wrong = Vec::new();
                    for (kind, name, damage) in cases.iter().skip(thread).step_by(4) {
                        let fault = match struck(data, name, *damage) {
                            Err(said) => format!("does not start: {said}"),
                            Ok((answered, _)) if answered != *before => {
                                format!("answers differ: {}", differ(before, &answered))
                            }
                            // A bit that says nothing, in a version or in white space, need not be found.
                            Ok((_, said))
                                if !said.contains("made anew from the store")
                                    && !matches!(damage, Damage::Flipped(_)) =>
                            {
                                "not told".to_owned()
                            }
                            Ok(_) => continue,
                        };
                        wrong.push(format!("{kind} {damage:?}: {fault}"));
                    }
                    wrong
                })
            })
            .collect();
        let joined = threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("an end"));
        joined.collect()
    });
    assert!(wrong.is_empty(), "of {} cases: {wrong:#?}", cases.len());
}
