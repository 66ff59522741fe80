//! What `discover.toml` says of an instance's looks: its one-line texts, the languages of its pages, colours and logo.
//!
//! Contract: what could not be read by people is a mistake with its fix, like any other.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use discover_server::brand::{Brand, Colour, ColourError, Logo, Palette};
use discover_server::{Locales, LocalesError};

use super::Collector;
use super::table::{At, Table};

/// Characters of a line that stands in the head of every page.
const LINE: usize = 120;
/// Characters of the instance's name.
pub(super) const NAME: usize = 60;
/// More of a file is not read: a logo is smaller.
const MOST_BYTES: u64 = 1024 * 1024;

/// A text of one line that people read, such as a name.
pub(super) fn line(
    table: &mut Table<'_, '_>,
    key: &'static str,
    most: usize,
    mistakes: &mut Collector,
) -> Option<String> {
    let found = table.string(key, mistakes)?;
    let text = found.value.trim();
    let wrong = if text.is_empty() {
        "is empty".to_owned()
    } else if text.chars().any(char::is_control) {
        "is more than one line".to_owned()
    } else if text.chars().count() > most {
        format!("has {} characters", text.chars().count())
    } else {
        return Some(text.to_owned());
    };
    mistakes.add(
        found.at,
        format!("`{key}` {wrong}"),
        format!("write one line of at most {most} characters, or leave it out"),
    );
    None
}

/// A text of at most [`LINE`] characters.
pub(super) fn short(
    table: &mut Table<'_, '_>,
    key: &'static str,
    mistakes: &mut Collector,
) -> Option<String> {
    line(table, key, LINE, mistakes)
}

/// `languages`: codes, the first for whoever asks for none of them.
pub(super) fn languages(root: &mut Table<'_, '_>, mistakes: &mut Collector) -> Locales {
    if !root.has("languages") {
        return Locales::default();
    }
    let named = root.strings("languages", mistakes);
    let codes: Vec<&str> = named.iter().map(|one| one.value.as_str()).collect();
    Locales::new(&codes).unwrap_or_else(|error| {
        let at = match &error {
            LocalesError::Unknown(code) | LocalesError::Twice(code) => {
                named.iter().rfind(|one| one.value == *code)
            }
            LocalesError::NoEnglish => named.first(),
        };
        mistakes.add(
            at.map_or(0..0, |one| one.at.clone()),
            format!("`languages`: {error}"),
            "write for example languages = [\"en\", \"cy\"], the first for readers whose browser asks for none of them",
        );
        Locales::default()
    })
}

/// `tag_line`, and what stands under `[brand]`.
pub(super) fn brand(root: &mut Table<'_, '_>, mistakes: &mut Collector) -> Brand {
    let tag_line = short(root, "tag_line", mistakes);
    let Some(mut inner) = root.table("brand", "[brand]", mistakes) else {
        return Brand {
            tag_line,
            ..Brand::default()
        };
    };
    let colour = read_colour(&mut inner, "colour", mistakes);
    let in_dark = read_colour(&mut inner, "colour_in_dark", mistakes);
    let palette = match (colour, in_dark) {
        (Some(colour), in_dark) => palette(&colour, in_dark.as_ref(), mistakes),
        (None, Some(in_dark)) => {
            mistakes.add(
                in_dark.at,
                "`colour_in_dark` stands alone",
                "set `colour` too, which light screens show",
            );
            None
        }
        (None, None) => None,
    };
    let logo = inner
        .string("logo", mistakes)
        .and_then(|found| logo(&found, mistakes));
    inner.finish(mistakes);
    Brand {
        tag_line,
        palette,
        logo,
    }
}

fn read_colour(
    table: &mut Table<'_, '_>,
    key: &'static str,
    mistakes: &mut Collector,
) -> Option<At<Colour>> {
    let found = table.string(key, mistakes)?;
    match found.value.parse() {
        Ok(value) => Some(At {
            value,
            at: found.at,
        }),
        Err(error) => {
            mistakes.add(
                found.at,
                format!("`{key}`: {error}"),
                format!("write six digits, for example {key} = \"#0b5a59\""),
            );
            None
        }
    }
}

fn palette(
    colour: &At<Colour>,
    in_dark: Option<&At<Colour>>,
    mistakes: &mut Collector,
) -> Option<Palette> {
    // Each by itself, so that both are told at once.
    let light = Palette::new(colour.value, None);
    let both = match in_dark {
        Some(in_dark) if light.is_ok() => Palette::new(colour.value, Some(in_dark.value)),
        _ => light,
    };
    both.map_err(|error| {
        let (key, at) = match (&error, in_dark) {
            (ColourError::Contrast { screen: "dark", .. }, Some(in_dark)) => {
                ("colour_in_dark", &in_dark.at)
            }
            _ => ("colour", &colour.at),
        };
        let fix = match &error {
            ColourError::Contrast { instead, .. } => {
                format!("take another, such as {key} = \"{instead}\"")
            }
            ColourError::NotAColour(_) => "write six digits".to_owned(),
        };
        mistakes.add(at.clone(), format!("`{key}`: {error}"), fix);
    })
    .ok()
}

/// Reads the picture. It is a file here: nothing on a page is ever loaded from elsewhere.
fn logo(found: &At<String>, mistakes: &mut Collector) -> Option<Logo> {
    let mut wrong = |what: String, fix: &str| {
        mistakes.add(found.at.clone(), format!("`logo`: {what}"), fix);
        None
    };
    if found.value.contains("://") {
        return wrong(
            format!("{:?} is an address", found.value),
            "name a file on this machine: pages load nothing from elsewhere",
        );
    }
    let bytes = match read_file(Path::new(&found.value)) {
        Ok(bytes) => bytes,
        Err(error) => {
            return wrong(
                format!("cannot read {}: {error}", found.value),
                "name an SVG or PNG; its path begins at the folder in which discover is started, unless it begins with /",
            );
        }
    };
    match Logo::new(&bytes) {
        Ok(logo) => Some(logo),
        Err(error) => wrong(
            format!("{}: {error}", found.value),
            "take an SVG or PNG of at most 64 KiB that holds all it shows",
        ),
    }
}

fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
