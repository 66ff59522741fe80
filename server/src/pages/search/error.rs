//! A query that cannot be read: the form again, with the place at which reading stopped.

use askama::Template;

use crate::i18n::{Msg, filters, msg};
use crate::pages::view::{Frame, Link, Nav};
use crate::problem::{Code, Problem};
use crate::text::inline::{Part, parts};
use crate::text::{links, words};

#[derive(Debug, Template)]
#[template(path = "search_error.html")]
pub(in crate::pages) struct ErrorPage {
    frame: Frame,
    heading: Msg,
    detail: Msg,
    advice: Msg,
    q: String,
    column: Option<usize>,
    wrote: Vec<Part>,
    plain: Option<Link>,
}

impl ErrorPage {
    pub(in crate::pages) fn new(instance: &str, q: &str, problem: &Problem) -> Self {
        let detail = Msg::English(words::sentence(&problem.detail));
        let words = plain_words(q).join(" ");
        Self {
            frame: Frame::new(
                instance,
                msg!("error-title", title = msg!("search-unread")),
                Nav::Search,
            ),
            heading: msg!("search-unread"),
            advice: problem.hint.as_deref().map_or_else(
                || detail.clone(),
                |hint| Msg::English(words::sentence(hint)),
            ),
            detail,
            q: q.to_owned(),
            column: problem.column,
            wrote: wrote(q, problem.column),
            plain: (!words.is_empty() && words != q)
                .then(|| Link::new(links::search_for(&words), words)),
        }
    }
}

/// The query with the character marked at which reading stopped, counted from 1.
fn wrote(q: &str, column: Option<usize>) -> Vec<Part> {
    let marks: Vec<(usize, usize)> = column
        .filter(|column| *column > 0)
        .map(|column| (column - 1, column))
        .into_iter()
        .collect();
    let mut wrote = parts(q, &marks);
    if column.is_some_and(|column| column > q.chars().count()) {
        wrote.push(Part {
            text: "…".to_owned(),
            marked: true,
        });
    }
    wrote
}

/// Whether a problem is one of the query, to be mended in the form.
pub(in crate::pages) fn of_the_query(code: Code) -> bool {
    matches!(
        code,
        Code::QuerySyntax | Code::UnknownField | Code::QueryTooLarge | Code::BadParameter
    )
}

/// The value of `q` in a query string, however the rest of it reads.
pub(super) fn asked(query: &str) -> String {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "q")
        .map(|(_, value)| value.chars().take(600).collect())
        .unwrap_or_default()
}

/// The words of a query without its signs.
fn plain_words(q: &str) -> Vec<&str> {
    q.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’' || c == '-'))
        .map(|word| word.trim_matches(['-', '\'']))
        .filter(|word| !word.is_empty() && !matches!(*word, "OR" | "AND" | "NOT"))
        .take(16)
        .collect()
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_query_error_points_at_its_character_even_past_the_end() {
        let wrote_as = |q: &str, column| -> String {
            wrote(q, column)
                .iter()
                .map(|part| {
                    if part.marked {
                        format!("[{}]", part.text)
                    } else {
                        part.text.clone()
                    }
                })
                .collect()
        };
        assert_eq!(wrote_as("é \"x", Some(3)), "é [\"]x");
        assert_eq!(wrote_as("a OR", Some(5)), "a OR[…]");
        assert_eq!(wrote_as("abc", None), "abc");
        assert_eq!(wrote_as("abc", Some(0)), "abc");
        assert_eq!(
            plain_words("dentist OR \"new patients").join(" "),
            "dentist new patients"
        );
    }
}
