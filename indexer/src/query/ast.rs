//! What a query means, as a tree.

use discover_model::text::{Joint, folded, segments};
use discover_model::{Language, SourceKind, TopicId};
use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan};

/// A parsed query. Made only by [`super::parse`], which enforces the limits.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    pub root: Node,
}

/// One part of a query.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Node {
    /// The empty query: everything.
    #[default]
    All,
    /// One word as typed, normalised; analysis may find several tokens in it (`walk-in`).
    Word(String),
    /// Words in this order, with at most `slop` places between them in all; of the last only the beginning is given
    /// where `prefix` says so.
    Phrase {
        text: String,
        slop: u32,
        prefix: bool,
    },
    /// A word of which only the beginning is given.
    Prefix(String),
    Field(Filter),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
}

/// A condition on something other than the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Slug of a network, with the column it stands at: whether it exists is known only when searching.
    Network {
        slug: String,
        column: usize,
    },
    Language(Language),
    Kind(SourceKind),
    Topic(TopicId),
    /// A post on this day or later.
    After(Date),
    /// A post before this day.
    Before(Date),
    /// A post within the time up to now.
    Last(Period),
}

/// `30d`, `12w`, `6m`, `1y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub count: u16,
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Period {
    /// The first day of the period that ends with `today`.
    pub fn start(self, today: Date) -> Date {
        let count = i64::from(self.count);
        let span: Span = match self.unit {
            Unit::Day => count.days(),
            Unit::Week => count.weeks(),
            Unit::Month => count.months(),
            Unit::Year => count.years(),
        };
        DateTime::from(today)
            .saturating_sub(span)
            .date()
            .tomorrow()
            .unwrap_or(today)
    }
}

impl Query {
    /// Words, phrases and prefixes that are asked for (not those excluded), in order.
    pub fn wanted(&self) -> Vec<&Node> {
        fn walk<'a>(node: &'a Node, into: &mut Vec<&'a Node>) {
            match node {
                Node::Word(_) | Node::Phrase { .. } | Node::Prefix(_) => into.push(node),
                Node::And(nodes) | Node::Or(nodes) => {
                    for node in nodes {
                        walk(node, into);
                    }
                }
                Node::All | Node::Field(_) | Node::Not(_) => {}
            }
        }
        let mut found = Vec::new();
        walk(&self.root, &mut found);
        found
    }

    /// The words that are asked for, folded as the index folds them, each once.
    pub fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for node in self.wanted() {
            let (Node::Word(text) | Node::Prefix(text) | Node::Phrase { text, .. }) = node else {
                continue;
            };
            for segment in segments(text).filter(|part| part.joint != Joint::Possessive) {
                let word = folded(&text[segment.from..segment.to]);
                if !word.is_empty() && !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words
    }

    /// Whether a condition of the query is a topic.
    pub fn names_topic(&self) -> bool {
        fn names(node: &Node) -> bool {
            match node {
                Node::Field(Filter::Topic(_)) => true,
                Node::Not(inner) => names(inner),
                Node::And(nodes) | Node::Or(nodes) => nodes.iter().any(names),
                _ => false,
            }
        }
        names(&self.root)
    }

    /// Whether the query asks for any text, so that relevance means something.
    pub fn has_text(&self) -> bool {
        !self.wanted().is_empty()
    }
}
