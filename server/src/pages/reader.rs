//! In which languages a reader would rather be told the names of topics (RFC 9110, 12.5.4).
//!
//! Contract: names alone are chosen, from those that the topic has by the language of its own conversations; nothing is
//! translated. Where a topic has none in a language that the reader asks for, it keeps its own.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use discover_model::Language;

use crate::i18n::asked;
use crate::shapes::{Brief, Digest, Home, MapTopic, Topic, TopicRef};

/// Languages that a reader asked for, best first; empty where none was named.
#[derive(Debug, Default)]
pub(super) struct Reader(Vec<Language>);

/// Something that is called by a topic's name.
pub(super) trait Named {
    fn name(&mut self) -> (&mut String, &BTreeMap<String, String>);
}

macro_rules! named {
    ($($shape:ty),+) => {$(
        impl Named for $shape {
            fn name(&mut self) -> (&mut String, &BTreeMap<String, String>) {
                (&mut self.label, &self.labels)
            }
        }
    )+};
}

named!(Topic, TopicRef, MapTopic, Brief);

impl Reader {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self(asked(headers))
    }

    /// Of one language.
    pub(super) fn reading(language: Language) -> Self {
        Self(vec![language])
    }

    /// The name in the first of the reader's languages that it is there in.
    fn choose<'a>(&self, labels: &'a BTreeMap<String, String>) -> Option<&'a String> {
        self.0
            .iter()
            .find_map(|language| labels.get(language.as_str()))
    }

    /// Gives each the name that its reader understands best.
    pub(super) fn name<'a, N: Named + 'a>(&self, topics: impl IntoIterator<Item = &'a mut N>) {
        for topic in topics {
            let (label, labels) = topic.name();
            if let Some(own) = self.choose(labels) {
                label.clone_from(own);
            }
        }
    }

    /// The same, of all that the front page mentions.
    pub(super) fn name_home(&self, home: &mut Home) {
        for page in [&mut home.emerging, &mut home.enduring, &mut home.quiet] {
            self.name(&mut page.items);
        }
        self.name(&mut home.lead);
        self.name(
            home.not_listed
                .iter_mut()
                .flatten()
                .map(|not| &mut not.topic),
        );
        self.name(
            home.warnings
                .items
                .iter_mut()
                .map(|warning| &mut warning.topic),
        );
    }
}

impl Reader {
    /// The same, of all that a digest names.
    pub(super) fn name_digest(&self, digest: &mut Digest) {
        let sections = [
            &mut digest.warnings,
            &mut digest.emerging,
            &mut digest.enduring,
            &mut digest.quiet,
        ];
        for section in sections {
            self.name(section.iter_mut().map(|item| &mut item.topic));
        }
        let answered = digest.answers.iter_mut();
        self.name(answered.filter_map(|one| one.topic.as_mut()));
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::ACCEPT_LANGUAGE;

    use super::*;

    fn reader(asked: &'static str) -> Reader {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
        Reader::of(&headers)
    }

    #[test]
    fn the_best_language_that_a_topic_has_a_name_in_is_chosen() {
        let labels = BTreeMap::from([
            ("cy".to_owned(), "prawf gwaed".to_owned()),
            ("en".to_owned(), "blood tests".to_owned()),
        ]);
        for (asked, name) in [
            ("cy-GB, en;q=0.8", Some("prawf gwaed")),
            ("pl, en;q=0.3, cy;q=0.5", Some("prawf gwaed")),
            ("en-GB,en", Some("blood tests")),
            ("cy;q=0, en;q=0.1", Some("blood tests")),
            ("pl, *;q=0.5", None),
            ("cy;q=often", None),
            ("", None),
        ] {
            let chosen = reader(asked).choose(&labels).map(String::as_str);
            assert_eq!(chosen, name, "{asked}");
        }
    }

    #[test]
    fn a_topic_without_a_name_in_the_language_keeps_its_own() {
        let mut topic = Some(crate::pages::sample::topic(0));
        reader("so").name(&mut topic);
        assert_eq!(topic.expect("a topic").label, "walk-in blood tests");
    }
}
