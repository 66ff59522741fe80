//! Items as connectors fill them in: to be shown or held back, and without the names of the one who wrote them.

use discover_model::{Item, ItemState, Refusal, Source};
use url::Url;

use crate::parse::text::quotes::without_own_name;

/// An item to be filled in.
pub(crate) fn blank(source: &Source, key: String, url: Url) -> Item {
    Item {
        key,
        url,
        root: None,
        parent: None,
        thread: None,
        title: None,
        text: String::new(),
        author: None,
        published: None,
        updated: None,
        language: source.options.language.clone(),
        links: Vec::new(),
        state: ItemState::Live,
    }
}

/// An item that is held back: its address and the reason, and nothing of what it says.
pub(crate) fn withheld(source: &Source, key: String, url: Url, refusal: Refusal) -> Item {
    Item {
        state: ItemState::Withheld(refusal),
        ..blank(source, key, url)
    }
}

/// A text without the names of the one who wrote it.
pub(crate) fn without_names<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names = names.into_iter();
    names.fold(text.to_owned(), |text, name| without_own_name(&text, name))
}

/// The same of a title, of which nothing may be left.
pub(crate) fn title_without<'n>(
    title: Option<&str>,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<String> {
    let title = without_names(title?, names);
    (!title.is_empty()).then_some(title)
}

/// The parts that say something, each a paragraph, none twice.
pub(crate) fn paragraphs(parts: &[String]) -> String {
    let mut said: Vec<&str> = Vec::new();
    for part in parts.iter().map(|part| part.trim()) {
        if !part.is_empty() && !said.contains(&part) {
            said.push(part);
        }
    }
    said.join("\n\n")
}
