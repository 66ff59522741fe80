//! Selectors for the engines of forums, so that no owner has to write them. Data: `presets.toml`.
//!
//! Each was made from the engine's own templates and is tried on pages made after them; what an owner changed in a theme
//! may need selectors of its own. An engine is told by its generator, or by marks of its markup.

use std::sync::LazyLock;

use discover_model::source::{ListSelectors, ThreadSelectors};
use serde::Deserialize;

#[cfg(test)]
mod tests;

/// How one engine's pages are read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preset {
    /// As `preset` names it.
    pub(crate) name: String,
    /// As people call the engine.
    pub(crate) title: String,
    /// Words of `<meta name="generator">`.
    #[serde(default)]
    generator: Vec<String>,
    /// Ids (`#id`), classes (`.class`) and words of a page, folded; all of one group must be there.
    #[serde(default)]
    marks: Vec<Vec<String>>,
    /// Parameters that number pages or name a place within a thread.
    #[serde(default)]
    pub(super) drop: Vec<String>,
    /// Patterns of path and query that do, and what stands there for the first page.
    #[serde(default)]
    pub(super) rewrite: Vec<(String, String)>,
    pub(super) list: ListSelectors,
    pub(super) thread: ThreadSelectors,
}

#[derive(Deserialize)]
struct Table {
    preset: Vec<Preset>,
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    toml::from_str::<Table>(include_str!("presets.toml"))
        .unwrap_or_else(|error| unreachable!("the table of presets: {error}"))
        .preset
});

/// The names that `preset` may have.
pub fn names() -> Vec<&'static str> {
    PRESETS.iter().map(|preset| preset.name.as_str()).collect()
}

pub(crate) fn named(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

/// The engine that a page gives away by its generator, else by its marks: ids and classes, each with a space before and
/// behind it, and the text; all folded.
pub(crate) fn given_away(generator: &str, marks: &str) -> Option<&'static Preset> {
    let by_generator = |preset: &&Preset| {
        let mut words = preset.generator.iter();
        words.any(|word| generator.contains(word.as_str()))
    };
    let has = |mark: &String| {
        if mark.starts_with(['#', '.']) {
            marks.contains(&format!(" {mark} "))
        } else {
            marks.contains(mark.as_str())
        }
    };
    let by_marks = |preset: &&Preset| preset.marks.iter().any(|group| group.iter().all(has));
    let found = PRESETS.iter().find(by_generator);
    found.or_else(|| PRESETS.iter().find(by_marks))
}
