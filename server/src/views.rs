//! Named views: searches, comparisons and lists of topics that an operator gives a name of their own.
//!
//! Contract: a view is an address of this site, checked when it is made; what cannot be read there is no view. It remembers
//! which networks and topics its address names, so that one that may not be shown takes the view with it.

use std::collections::{BTreeMap, BTreeSet};

use discover_indexer::query::{self, Filter, Node};
use discover_model::TopicId;
use discover_model::network::is_slug;

use crate::problem::Problem;
use crate::read::params::{CompareParams, MapParams, Query, SearchParams, TopicParams};
use crate::text::links;

/// Views of one instance.
pub const MOST_VIEWS: usize = 50;
/// Characters of a title, and of a description.
const TITLE: usize = 80;
const DESCRIPTION: usize = 300;

/// Why something is no view.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    #[error("{0:?} is no name for an address: lower-case letters, digits and hyphens")]
    Name(String),
    #[error("{0} must be one line of 1 to {1} characters")]
    Text(&'static str, usize),
    #[error("{0:?} is no page that a view can be of")]
    Page(String),
    #[error("{0}")]
    Refused(String),
    #[error("a view has no place in a list: leave `cursor` out")]
    Place,
    #[error("{0:?} is not one of the languages of the pages: en, cy, ur")]
    Language(String),
}

/// What a view is called, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewText {
    pub title: String,
    pub description: Option<String>,
}

impl ViewText {
    pub fn new(title: &str, description: Option<&str>) -> Result<Self, ViewError> {
        let line = |what, text: &str, most| {
            let text = text.trim();
            let fits = (1..=most).contains(&text.chars().count());
            (fits && !text.chars().any(char::is_control))
                .then(|| text.to_owned())
                .ok_or(ViewError::Text(what, most))
        };
        Ok(Self {
            title: line("`title`", title, TITLE)?,
            description: description
                .map(|text| line("`description`", text, DESCRIPTION))
                .transpose()?,
        })
    }
}

/// One view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedView {
    pub name: String,
    /// The page it leads to, as this site writes it.
    pub address: String,
    /// What it is called by who has no other language.
    pub english: ViewText,
    /// By the codes of further languages.
    pub others: BTreeMap<&'static str, ViewText>,
    /// Slugs of the networks, and topics, that the address names.
    pub networks: BTreeSet<String>,
    pub topics: BTreeSet<TopicId>,
}

impl NamedView {
    /// `address` begins with `/search`, `/compare`, `/topics` or `/map`; `english` is what those read who have no other.
    pub fn new(name: &str, address: &str, english: ViewText) -> Result<Self, ViewError> {
        if !is_slug(name) {
            return Err(ViewError::Name(name.chars().take(40).collect()));
        }
        let mut view = Self {
            name: name.to_owned(),
            address: String::new(),
            english,
            others: BTreeMap::new(),
            networks: BTreeSet::new(),
            topics: BTreeSet::new(),
        };
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        view.address = view.checked(path, query)?;
        Ok(view)
    }

    /// The same with its words in another language of the pages.
    pub fn with_text(mut self, language: &str, text: ViewText) -> Result<Self, ViewError> {
        let unknown = || ViewError::Language(language.chars().take(40).collect());
        let code = crate::i18n::code(language).ok_or_else(unknown)?;
        self.others.insert(code, text);
        Ok(self)
    }

    fn checked(&mut self, path: &str, query: &str) -> Result<String, ViewError> {
        match path {
            "/search" => {
                let params = read::<SearchParams>(query)?;
                if params.cursor.is_some() {
                    return Err(ViewError::Place);
                }
                self.searched(&params)?;
                Ok(links::search(&params.to_query()))
            }
            "/compare" => {
                let params = read::<CompareParams>(query)?;
                for side in params.sides() {
                    self.searched(&side.search)?;
                }
                Ok(links::with_query(path, &params.to_query()))
            }
            "/topics" => {
                let params = read::<TopicParams>(query)?;
                if params.cursor.is_some() {
                    return Err(ViewError::Place);
                }
                self.networks.extend(params.network.clone());
                Ok(links::with_query(path, &params.to_query()))
            }
            "/map" => {
                let params = read::<MapParams>(query)?;
                self.topics.extend(params.topic);
                Ok(links::with_query(path, &params.to_query()))
            }
            other => Err(ViewError::Page(other.chars().take(80).collect())),
        }
    }

    /// Reads the query of a search, and remembers what it names.
    fn searched(&mut self, params: &SearchParams) -> Result<(), ViewError> {
        let query = query::parse(&params.q).map_err(|error| {
            let hint = error
                .hint
                .map_or_else(String::new, |hint| format!("; {hint}"));
            ViewError::Refused(format!(
                "the query cannot be read at its character {}: {}{hint}",
                error.column, error.detail
            ))
        })?;
        self.networks.extend(params.network.iter().cloned());
        self.topics.extend(&params.topic);
        let mut open = vec![&query.root];
        while let Some(node) = open.pop() {
            match node {
                Node::Field(Filter::Network { slug, .. }) => {
                    self.networks.insert(slug.clone());
                }
                Node::Field(Filter::Topic(id)) => {
                    self.topics.insert(*id);
                }
                Node::Not(node) => open.push(node),
                Node::And(nodes) | Node::Or(nodes) => open.extend(nodes),
                Node::All
                | Node::Word(_)
                | Node::Phrase { .. }
                | Node::Prefix(_)
                | Node::Field(_) => {}
            }
        }
        Ok(())
    }
}

fn read<P: Query>(query: &str) -> Result<P, ViewError> {
    P::parse(query).map_err(|problem: Problem| {
        let of = problem.parameter.iter().filter(|name| !name.is_empty());
        let of: String = of.map(|name| format!("`{name}`: ")).collect();
        let hint = problem.hint.iter().map(|hint| format!("; {hint}"));
        ViewError::Refused(format!(
            "{of}{}{}",
            problem.detail,
            hint.collect::<String>()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> Result<NamedView, ViewError> {
        let text = ViewText::new("Blood tests", None).expect("a text");
        NamedView::new("blood-tests", address, text)
    }

    #[test]
    fn a_view_knows_what_it_names_and_has_words_in_the_languages_of_the_pages() {
        let id = "a".repeat(26);
        let view = of(&format!(
            "/search?q=blood+-network%3Aaire-carers+topic%3A{id}&network=bakers&language=cy"
        ));
        let view = view.expect("a view");
        let named: Vec<&str> = view.networks.iter().map(String::as_str).collect();
        assert_eq!(named, ["aire-carers", "bakers"]);
        assert_eq!(view.topics.len(), 1);
        assert!(
            of("/compare?q=a&q2=b&q5=network%3Ax").is_ok_and(|view| view.networks.contains("x"))
        );
        let welsh = ViewText::new("Profion gwaed", Some("Yn Gymraeg")).expect("a text");
        let view = view.with_text("cy", welsh.clone()).expect("a language");
        assert_eq!(view.others["cy"], welsh);
        assert!(view.with_text("de", welsh).is_err());
    }

    #[test]
    fn what_does_not_parse_is_no_view_and_the_reason_is_said() {
        for (address, said) in [
            (
                "/search?q=%22open",
                "the query cannot be read at its character",
            ),
            ("/search?author=jo", "`author`"),
            ("/search?cursor=x", "no place in a list"),
            ("/search?after=tomorrow", "`after`"),
            ("/topics?rank=best", "`rank`"),
            ("/compare?q=a&q3=%22b", "the query cannot be read"),
            ("/owner", "\"/owner\""),
            ("https://elsewhere.example/search", "no page"),
        ] {
            let error = of(address).expect_err(address);
            assert!(error.to_string().contains(said), "{address}: {error}");
        }
        assert!(ViewText::new("", None).is_err() && ViewText::new("a\nb", None).is_err());
    }
}
