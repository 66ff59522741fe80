//! Real feeds as published: every item must come out, and where the named crate reads the document too, both agree.

use crate::parse::{Head, Parsed, feed};
use crate::prepare::charset;

/// Items counted without any parser: start tags named `item` or `entry`, or the objects of a JSON Feed's list.
fn count(bytes: &[u8]) -> usize {
    let text = charset::decode(bytes, None);
    if let Ok(json) = serde_json::from_str::<serde_json::Value>(text.trim_start()) {
        return json["items"].as_array().map_or(0, Vec::len);
    }
    let pattern = regex::Regex::new(r"<(?:\w+:)?(?:item|entry)[\s>]").expect("pattern");
    let cdata = regex::Regex::new(r"(?s)<!\[CDATA\[.*?\]\]>").expect("pattern");
    pattern.find_iter(&cdata.replace_all(&text, "")).count()
}

fn read(name: &str, bytes: &[u8]) -> Parsed {
    feed(bytes, &super::base(), &Head::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_item_of_every_real_feed_comes_out() {
    let (mut dated, mut linked, mut total) = (0, 0, 0);
    for (name, bytes) in super::real_files() {
        let parsed = read(&name, &bytes);
        total += parsed.entries.len();
        assert_eq!(parsed.entries.len(), count(&bytes), "{name}");
        for (at, entry) in parsed.entries.iter().enumerate() {
            let named = entry.title.is_some() || entry.summary().is_some();
            assert!(named, "{name} item {at}");
            linked += usize::from(entry.link.is_some());
            dated += usize::from(entry.published.is_some() || entry.updated.is_some());
        }
    }
    assert!(
        linked * 100 >= total * 99,
        "{linked} of {total} have a link"
    );
    assert!(dated * 100 >= total * 98, "{dated} of {total} have a date");
}

#[test]
fn where_feed_rs_reads_a_document_both_readers_agree() {
    for (name, bytes) in super::real_files() {
        let parsed = read(&name, &bytes);
        let Ok(theirs) = feed_rs::parser::parse(bytes.as_slice()) else {
            continue;
        };
        assert!(parsed.entries.len() >= theirs.entries.len(), "{name}");
        for (ours, theirs) in parsed.entries.iter().zip(&theirs.entries) {
            let title = theirs.title.as_ref().map(|title| title.content.trim());
            if let (Some(ours), Some(theirs)) = (&ours.title, title) {
                let plain = |text: &str| crate::parse::text::title(text, true);
                assert_eq!(plain(ours), plain(theirs), "{name}");
            }
            if let (Some(ours), Some(theirs)) = (ours.published, theirs.published) {
                assert_eq!(ours.as_second(), theirs.timestamp(), "{name}");
            }
        }
    }
}

#[test]
fn a_real_feed_cut_anywhere_gives_what_stands_before_the_cut() {
    for (name, bytes) in super::real_files() {
        let whole = read(&name, &bytes).entries.len();
        let step = (bytes.len() / 5).max(1);
        let mut before = 0;
        for cut in (step / 2..bytes.len()).step_by(step) {
            let Ok(parsed) = feed(&bytes[..cut], &super::base(), &Head::default()) else {
                continue;
            };
            let found = parsed.entries.len();
            assert!(
                (before..=whole).contains(&found),
                "{name} cut at {cut}: {found} of {whole}"
            );
            before = found;
        }
    }
}
