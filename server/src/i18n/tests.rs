//! The catalogue is whole: every key that is used is there, in every language, with what it speaks of and its markup.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_bundle::{FluentArgs, FluentResource};
use jiff::civil::{date, datetime};

use super::catalogue::{self, files};
use super::{Locale, Msg, dates, msg};

/// Key -> the text of its message, with those of its variants.
pub(crate) fn messages(locale: Locale) -> BTreeMap<String, String> {
    let mut messages: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in files(locale) {
        assert!(
            FluentResource::try_new((*text).to_owned()).is_ok(),
            "{} {name} cannot be read",
            locale.code()
        );
        let mut last = String::new();
        for line in text.lines() {
            let begins = line.starts_with(|c: char| c.is_ascii_lowercase());
            match line.split_once(" = ") {
                Some((key, rest)) if begins => {
                    let known = messages.insert(key.to_owned(), rest.to_owned());
                    assert_eq!(known, None, "{} {key} stands twice", locale.code());
                    key.clone_into(&mut last);
                }
                _ if !line.starts_with('#') => {
                    if let Some(message) = messages.get_mut(&last) {
                        message.push('\n');
                        message.push_str(line);
                    }
                }
                _ => {}
            }
        }
    }
    messages
}

fn each_file(folder: &Path, ends: &[&str], read: &mut dyn FnMut(&str)) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            each_file(&path, ends, read);
        } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
            read(&std::fs::read_to_string(&path).expect("a text"));
        }
    }
}

/// Keys that templates and code name.
fn used() -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let server = Path::new(env!("CARGO_MANIFEST_DIR"));
    each_file(&server.join("templates"), &[".html", ".svg"], &mut |text| {
        for before in text
            .split("\"|t")
            .collect::<Vec<_>>()
            .split_last()
            .expect("parts")
            .1
        {
            used.insert(before.rsplit('"').next().unwrap_or_default().to_owned());
        }
    });
    each_file(&server.join("src"), &[".rs"], &mut |text| {
        for after in text.split("msg!(").skip(1) {
            let quoted = after.trim_start().strip_prefix('"');
            if let Some((key, _)) = quoted.and_then(|rest| rest.split_once('"'))
                && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            {
                used.insert(key.to_owned());
            }
        }
    });
    // What is formatted without a message, and what stands in this file and in the macro's own words.
    used.insert("moment".to_owned());
    used.remove("key");
    used
}

/// What stands after each of these signs, as a set.
fn after(text: &str, sign: &str, of: impl Fn(char) -> bool + Copy) -> BTreeSet<String> {
    text.split(sign)
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| of(*c)).collect())
        .collect()
}

#[test]
fn every_key_that_is_used_exists_and_none_is_unused() {
    let english: BTreeSet<String> = messages(Locale::English).into_keys().collect();
    let used = used();
    let missing: Vec<_> = used.difference(&english).collect();
    let unused: Vec<_> = english.difference(&used).collect();
    assert!(missing.is_empty(), "not in the catalogue: {missing:?}");
    assert!(unused.is_empty(), "used nowhere: {unused:?}");
}

#[test]
fn every_language_has_every_message_with_the_same_arguments_and_markup() {
    let english = messages(Locale::English);
    for locale in Locale::ALL {
        let theirs = messages(locale);
        let keys =
            |of: &BTreeMap<String, String>| -> BTreeSet<String> { of.keys().cloned().collect() };
        let (ours, own) = (keys(&english), keys(&theirs));
        let lacking: Vec<_> = ours.symmetric_difference(&own).collect();
        assert!(lacking.is_empty(), "{}: {lacking:?}", locale.code());
        for (key, text) in &theirs {
            let name = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let tag = |c: char| c != '>';
            assert_eq!(
                after(text, "$", name),
                after(&english[key], "$", name),
                "{} {key}",
                locale.code()
            );
            assert_eq!(
                after(text, "<", tag),
                after(&english[key], "<", tag),
                "{} {key}",
                locale.code()
            );
        }
    }
}

#[test]
fn every_message_can_be_formatted_with_few_and_with_many() {
    for locale in Locale::ALL {
        for (key, text) in messages(locale) {
            let key: &'static str = key.leak();
            for count in [0_u64, 1, 2, 3, 6, 1234] {
                let mut args = FluentArgs::new();
                for name in after(&text, "$", |c| c.is_ascii_alphanumeric() || c == '-') {
                    args.set(name, count);
                }
                let said = catalogue::format(locale, key, &args);
                assert!(!said.contains('{') && !said.contains('\u{2068}'), "{said}");
            }
        }
    }
}

#[test]
fn plural_forms_and_numbers_are_those_of_the_language() {
    let topics = |count: u64, locale| msg!("count-topics", count = count).html(locale);
    let welsh: Vec<String> = [1, 2, 3, 4, 6, 1284]
        .map(|count| topics(count, Locale::Welsh))
        .into();
    assert_eq!(
        welsh,
        [
            "1 pwnc",
            "2 bwnc",
            "3 phwnc",
            "4 pwnc",
            "6 phwnc",
            "1,284 pwnc"
        ]
    );
    assert_eq!(topics(1, Locale::English), "1 topic");
    assert_eq!(topics(2, Locale::Urdu), "2 موضوعات");
}

#[test]
fn days_are_written_as_the_language_writes_them() {
    let day = date(2026, 11, 2);
    let said = |locale| {
        [
            dates::day(locale, day),
            dates::short_day(locale, day),
            dates::short_month(locale, day),
        ]
    };
    assert_eq!(
        said(Locale::English),
        ["2 November 2026", "2 Nov", "Nov 2026"]
    );
    assert_eq!(
        said(Locale::Welsh),
        ["2 Tachwedd 2026", "2 Tach", "Tach 2026"]
    );
    assert_eq!(
        said(Locale::Urdu),
        ["2 نومبر، 2026", "2 نومبر", "نومبر 2026"]
    );
    let evening = datetime(2026, 11, 22, 20, 40, 0, 0);
    assert_eq!(
        dates::moment(Locale::English, evening),
        "8:40 pm on 22 November 2026"
    );
    assert_eq!(
        dates::moment(Locale::Welsh, evening),
        "8:40 yh ar 22 Tachwedd 2026"
    );
}

#[test]
fn what_is_not_ours_is_escaped_and_begins_a_sentence_as_it_should() {
    let shown = msg!("operator-runs", operator = "<b> & co");
    assert_eq!(shown.to_string(), "&#60;b&#62; &#38; co runs this.");
    let small = msg!("some-conversations", count = 0_u64).sentence();
    assert_eq!(small.to_string(), "No conversations");
    let english = Msg::English("not <yet>".to_owned());
    assert_eq!(english.html(Locale::English), "not &#60;yet&#62;");
    assert_eq!(
        english.html(Locale::Urdu),
        "<span lang=\"en\" dir=\"ltr\">not &#60;yet&#62;</span>"
    );
}

/// Templates with words of their own: long prose of law and of programs, what is marked as English where it stands, and
/// owners' pages that are not in the catalogue yet. A page that is not here is in the catalogue whole.
const IN_ENGLISH: [&str; 11] = [
    "api.html",
    "bot.html",
    "owner/areas.html",
    "owner/change.html",
    "owner/home.html",
    "owner/notes.html",
    "part/elsewhere.html",
    "privacy.html",
    "problem.html",
    "problems.html",
    "sheet.html",
];

/// Names that are the same in every language.
const NAMES: [&str; 11] = [
    "Atom",
    "Discourse",
    "GraphML",
    "JSON",
    "KB",
    "Markdown",
    "SHA",
    "WordPress",
    "consent",
    "discover",
    "json",
];

/// `text` without what stands between two signs, these included.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut parts = text.split(from);
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push(' ');
        rest.push_str(part.split_once(to).map_or("", |(_, after)| after));
    }
    rest
}

/// Words that a template says by itself.
fn own_words(template: &str) -> BTreeSet<String> {
    let mut text = without(template, "{%", "%}");
    text = without(&text, "{{", "}}");
    let mut own = BTreeSet::new();
    let mut note = |text: &str| {
        let words = text.split(|c: char| !c.is_alphabetic());
        let words = words.filter(|word| word.chars().count() > 1 && !NAMES.contains(word));
        own.extend(words.map(str::to_owned));
    };
    for label in ["aria-label=\"", " alt=\"", " placeholder=\""] {
        for part in text.split(label).skip(1) {
            note(part.split('"').next().unwrap_or_default());
        }
    }
    for (from, to) in [
        ("<code", "</code>"),
        ("<pre", "</pre>"),
        ("<svg", "</svg>"),
        ("<", ">"),
        ("class=\"", "\""),
        ("&", ";"),
    ] {
        text = without(&text, from, to);
    }
    note(&text);
    own
}

#[test]
fn no_template_but_those_that_are_named_says_words_that_are_not_in_the_catalogue() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut with_words = BTreeMap::new();
    for part in ["", "owner", "part", "picture"] {
        for entry in std::fs::read_dir(folder.join(part)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|end| end == "html") {
                let words = own_words(&std::fs::read_to_string(&path).expect("a text"));
                let name = path
                    .strip_prefix(&folder)
                    .expect("within")
                    .to_string_lossy();
                if !words.is_empty() {
                    with_words.insert(name.into_owned(), words);
                }
            }
        }
    }
    let found: Vec<&str> = with_words.keys().map(String::as_str).collect();
    assert_eq!(found, IN_ENGLISH, "{with_words:#?}");
}
