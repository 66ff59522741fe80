//! Notes: what was said offline, taken down as text or Markdown, one item a heading.
//!
//! Public is what its owner uploads, for that is what the consent on paper is about. Nothing is fetched. No author is read: a
//! source of notes is one voice. The day is the one that the owner names for the whole text; no date is read from it. What
//! is not taken is said by its lines, never by its words.

mod sections;

use discover_model::post::MAX_TEXT_BYTES;
use discover_model::{Item, Source, VoiceKey};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::items::blank;
use super::markdown;
use crate::trouble::Trouble;
pub use sections::LeftOut;
use sections::{Section, sections};

/// Longest text that is taken at once, in bytes: as long as one post may be, so that no item is ever cut.
pub const MAX_BYTES: usize = MAX_TEXT_BYTES;
/// Most items of one text.
pub const MAX_ITEMS: usize = 200;

/// Why a text cannot be taken, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadNotes {
    #[error("it has {0} bytes, and at most {MAX_BYTES} are taken at once: cut it at a heading")]
    TooLong(u64),
    #[error("it has {0} items, and at most {MAX_ITEMS} are taken at once: cut it at a heading")]
    TooMany(usize),
    #[error("nothing is written in it")]
    Empty,
    #[error("nothing is written under its headings: line {0} is the first of them")]
    OnlyHeadings(usize),
    #[error("it is {0}, not a text: save it as plain text or Markdown, in UTF-8")]
    NoText(&'static str),
    #[error("line {0} is not written in UTF-8: save it in UTF-8")]
    NotUtf8(usize),
    #[error(
        "line {0} has a control character, so it is no text: save it as plain text or Markdown"
    )]
    Control(usize),
}

/// What a text holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Notes {
    pub items: Vec<Item>,
    /// Lines that are not taken, from the first to the last of them, counted from 1.
    pub left_out: Vec<(usize, usize, LeftOut)>,
}

/// How files begin that hold a text and are none.
const NO_TEXTS: [(&[u8], &str); 8] = [
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word, OpenDocument or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"{\\rtf", "a rich text file"),
    (b"\xff\xfe", "written in UTF-16"),
    (b"\xfe\xff", "written in UTF-16"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
];

/// The text that bytes are, where they are one.
pub fn text_of(bytes: &[u8]) -> Result<&str, BadNotes> {
    if bytes.len() > MAX_BYTES {
        return Err(BadNotes::TooLong(bytes.len() as u64));
    }
    for (begins, what) in NO_TEXTS {
        if bytes.starts_with(begins) {
            return Err(BadNotes::NoText(what));
        }
    }
    let line = |at: usize| 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count();
    let text =
        std::str::from_utf8(bytes).map_err(|error| BadNotes::NotUtf8(line(error.valid_up_to())))?;
    // Tabs, and what ends lines and pages, are of texts.
    match text.find(|sign: char| sign < ' ' && !matches!(sign, '\t'..='\r')) {
        Some(at) => Err(BadNotes::Control(line(at))),
        None => Ok(text),
    }
}

/// Reads a text as it is uploaded. `on` is the day that all of it was said on, where that is known; `key` is the network's:
/// the items' names are made of their headings with it, so that nobody else can tell the one from the other.
pub fn read(
    source: &Source,
    text: &str,
    on: Option<Date>,
    zone: &TimeZone,
    key: &VoiceKey,
) -> Result<Notes, BadNotes> {
    let text = text_of(text.as_bytes())?;
    let (sections, mut left_out) = sections(text);
    let mut items = Vec::new();
    let published = on
        .and_then(|on| on.at(12, 0, 0, 0).to_zoned(zone.clone()).ok())
        .map(|at| at.timestamp());
    let day = on.map(|on| on.to_string()).unwrap_or_default();
    let mut known: Vec<String> = Vec::new();
    for Section { line, title, body } in sections {
        let said = markdown::to_text(&body, &source.url);
        let title = title.map(|title| markdown::to_text(&title, &source.url).text);
        let title = title.filter(|title| !title.trim().is_empty());
        if said.text.trim().is_empty() {
            if title.is_some() {
                left_out.push((line, line, LeftOut::WithoutText));
            }
            continue;
        }
        let about = format!("{day}\n{}", title.as_deref().unwrap_or(&said.text));
        // The same heading twice in one text: each is an item of its own.
        let before = known.iter().filter(|known| **known == about).count();
        let name = match before {
            0 => key.letters("note", &about),
            more => key.letters("note", &format!("{about}\n{more}")),
        };
        known.push(about);
        let url = source.url.join(&name);
        let mut item = blank(source, name, url.unwrap_or_else(|_| source.url.clone()));
        item.title = title;
        item.text = said.text;
        // An address without a site leads nowhere.
        item.links = said.links;
        item.links
            .retain(|link| link.origin() != source.url.origin());
        item.published = published;
        items.push(item);
    }
    if items.len() > MAX_ITEMS {
        return Err(BadNotes::TooMany(items.len()));
    }
    if items.is_empty() {
        let heading = |(line, _, why): &(usize, usize, LeftOut)| {
            (*why == LeftOut::WithoutText).then_some(*line)
        };
        let heading = left_out.iter().find_map(heading);
        return Err(heading.map_or(BadNotes::Empty, BadNotes::OnlyHeadings));
    }
    Ok(Notes { items, left_out })
}

/// Nothing of notes is ever visited.
pub(crate) fn uploaded() -> Trouble {
    Trouble::Setting("notes are uploaded by their owner, and never fetched".to_owned())
}

#[cfg(test)]
mod tests {
    use discover_model::{NetworkId, SourceKind, SourceOptions, notes_address};

    use super::*;
    use crate::testing::{Hit, NOW, Reply, Site, fetcher, visit};

    const KEY: VoiceKey = VoiceKey::new([7; 32]);

    fn source() -> Source {
        let network = NetworkId::from_u128(7);
        let address = notes_address(network);
        Source::new(
            network,
            SourceKind::Notes,
            address,
            SourceOptions::default(),
        )
    }

    fn day() -> Option<Date> {
        Some(jiff::civil::date(2026, 11, 20))
    }

    fn read(text: &str) -> Result<Notes, BadNotes> {
        super::read(&source(), text, day(), &TimeZone::UTC, &KEY)
    }

    fn said(text: &str) -> Vec<(Option<String>, String)> {
        let notes = read(text).expect("notes");
        let items = notes.items.into_iter();
        items.map(|item| (item.title, item.text)).collect()
    }

    fn titles(text: &str) -> Vec<Option<String>> {
        said(text).into_iter().map(|(title, _)| title).collect()
    }

    /// The row of notes in the matrix of what is followed after a first visit: nothing is, as nothing is visited.
    #[tokio::test]
    async fn nothing_is_ever_asked_for() {
        let site = Site::start(|_| Reply::not_found()).await;
        let task = site.task(SourceKind::Notes, "/");
        let seen = visit(&fetcher(), task, NOW).await;
        assert!(seen.items().is_empty());
        assert!(!seen.finish.health.is_ok());
        let connector = |hit: &Hit| hit.path != "/robots.txt";
        assert_eq!(site.hits().iter().filter(|hit| connector(hit)).count(), 0);
    }

    #[test]
    fn one_item_a_heading_of_any_level_and_what_stands_before_the_first_one_is_one_too() {
        let text = "\u{feff}# Drop-in, November\r\n\r\nWe met.\r\n\r\n## Blood **tests**\r\n- closed on Fridays\r\n- see [the notice](https://a.example/n) and [below](#bus)\r\n\r\n###### The bus ######\r\nIt does not stop.\r\n";
        let notes = read(text).expect("notes");
        let titles: Vec<_> = notes
            .items
            .iter()
            .map(|item| item.title.as_deref())
            .collect();
        assert_eq!(
            titles,
            [
                Some("Drop-in, November"),
                Some("Blood tests"),
                Some("The bus")
            ]
        );
        assert!(notes.items[1].text.contains("closed on Fridays"));
        let links: Vec<&str> = notes.items[1].links.iter().map(url::Url::as_str).collect();
        assert_eq!(links, ["https://a.example/n"]);
        assert_eq!(
            said("Nobody answers.\n\nBuses\n-----\nNone.\n\nTrams\n=\nSome."),
            [
                (None, "Nobody answers.".to_owned()),
                (Some("Buses".to_owned()), "None.".to_owned()),
                (Some("Trams".to_owned()), "Some.".to_owned())
            ]
        );
        assert_eq!(
            said("Plain text\nof two lines"),
            [(None, "Plain text\nof two lines".to_owned())]
        );
        // As computers wrote that ended their lines otherwise.
        assert_eq!(said("# Buses\rNone.\r# Trams\rSome.").len(), 2);
    }

    #[test]
    fn the_words_of_a_quote_are_kept_for_all_of_it_was_said_there() {
        let text = "# Buses\n> On Monday Ann Lee wrote:\n> It never stops.\n\nSo said three.\n";
        let kept = &said(text)[0].1;
        assert!(
            kept.contains("It never stops.") && kept.contains("So said three."),
            "{kept}"
        );
    }

    #[test]
    fn what_is_not_taken_is_named_by_its_lines_and_never_by_its_words() {
        let notes =
            read("---\nauthor: Jane Roe\n---\n# Minutes\n\n## Buses\nNone.\n\n## Next time\n")
                .expect("notes");
        assert_eq!(notes.items.len(), 1);
        assert_eq!(
            notes.left_out,
            [
                (1, 3, LeftOut::FrontMatter),
                (4, 4, LeftOut::WithoutText),
                (9, 9, LeftOut::WithoutText)
            ]
        );
        assert_eq!(read("\n# Only a heading\n"), Err(BadNotes::OnlyHeadings(2)));
        for nothing in ["", " \n\t\r\n", "\u{feff}", "---\ntitle: T\n---\n"] {
            assert_eq!(read(nothing), Err(BadNotes::Empty), "{nothing:?}");
        }
    }

    #[test]
    fn an_item_keeps_its_key_when_its_text_is_mended_and_two_of_one_heading_have_two() {
        let keys = |text: &str| -> Vec<String> {
            let notes = read(text).expect("notes");
            notes.items.into_iter().map(|item| item.key).collect()
        };
        assert_eq!(keys("# Buses\nNon."), keys("# Buses\nNone."));
        let twice = keys("# Buses\nOne.\n# Buses\nTwo.");
        assert_ne!(twice[0], twice[1]);
        let with = |on, key: &VoiceKey| {
            let notes = super::read(&source(), "# Buses\nNone.", on, &TimeZone::UTC, key);
            notes.expect("notes").items.remove(0)
        };
        let other_day = with(None, &KEY);
        assert_ne!(other_day.key, keys("# Buses\nNone.")[0]);
        assert_eq!(other_day.published, None);
        let host = other_day.url.host_str().expect("a host");
        assert!(host.ends_with(".notes.invalid"), "{host}");
        // Who guesses the heading cannot tell that it is this one.
        let other_key = with(day(), &VoiceKey::new([8; 32]));
        assert_ne!(other_key.key, keys("# Buses\nNone.")[0]);
        assert!(twice[0].len() == 24 && twice[0].bytes().all(|byte| byte.is_ascii_lowercase()));
    }

    #[test]
    fn what_is_no_text_or_too_much_of_it_is_refused_and_says_what_to_do() {
        let long = "x".repeat(MAX_BYTES + 1);
        assert_eq!(read(&long), Err(BadNotes::TooLong(MAX_BYTES as u64 + 1)));
        let many = "# A\nb\n".repeat(1000);
        assert_eq!(read(&many), Err(BadNotes::TooMany(1000)));
        assert_eq!(titles(&"# A\nb\n".repeat(MAX_ITEMS)).len(), MAX_ITEMS);
        for bad in [BadNotes::TooMany(1000), BadNotes::TooLong(99_999)] {
            assert!(bad.to_string().contains("cut it at a heading"), "{bad}");
        }
        for (bytes, expected) in [
            (&b"%PDF-1.7\n"[..], BadNotes::NoText("a PDF")),
            (
                &b"PK\x03\x04\x14"[..],
                BadNotes::NoText("a Word, OpenDocument or zip file"),
            ),
            (
                &b"\xff\xfeB\0u\0s\0"[..],
                BadNotes::NoText("written in UTF-16"),
            ),
            (&b"# Buses\ncaf\xe9\n"[..], BadNotes::NotUtf8(2)),
            (&b"B\0u\0s\0"[..], BadNotes::Control(1)),
            (&b"\x7fELF\x02\x01"[..], BadNotes::Control(1)),
        ] {
            let said = text_of(bytes).expect_err("refused");
            assert_eq!(said, expected);
            assert!(said.to_string().contains("save it"), "{said}");
        }
    }
}
