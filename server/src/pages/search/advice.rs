//! What to do where nothing was found.

use super::facets::href;
use crate::i18n::{Msg, msg};
use crate::pages::view::Link;
use crate::read::params::SearchParams;
use crate::text::say;

pub(super) fn empty(params: &SearchParams) -> Msg {
    let narrowed = if params.language.is_empty() {
        msg!("empty-anywhere")
    } else {
        let names = params.language.iter();
        let names = names.map(|language| Msg::Text(language.endonym().to_owned()));
        msg!("empty-in", languages = say::list(names))
    };
    let when = match (params.after, params.before) {
        (None, None) => msg!("empty-ever"),
        (Some(after), None) => msg!("empty-since", day = after),
        (None, Some(before)) => msg!("empty-before", day = before),
        (Some(after), Some(before)) => msg!("empty-between", first = after, last = before),
    };
    msg!("empty-found", narrowed = narrowed, when = when)
}

/// Ways to look wider, each a search of its own.
pub(super) fn advice(params: &SearchParams) -> Vec<Link> {
    let start = SearchParams {
        cursor: None,
        ..params.clone()
    };
    let mut advice = Vec::new();
    let mut add = |wider: SearchParams, words: Msg| {
        if wider != start {
            advice.push(Link::new(href(&wider), words));
        }
    };
    add(
        SearchParams {
            after: None,
            before: None,
            ..start.clone()
        },
        msg!("advice-dates"),
    );
    add(
        SearchParams {
            language: Vec::new(),
            ..start.clone()
        },
        msg!("advice-languages"),
    );
    add(
        SearchParams {
            area: Vec::new(),
            ..start.clone()
        },
        msg!("advice-areas"),
    );
    add(
        SearchParams {
            network: Vec::new(),
            kind: Vec::new(),
            ..start.clone()
        },
        msg!("advice-networks"),
    );
    add(
        SearchParams {
            topic: Vec::new(),
            ..start.clone()
        },
        msg!("advice-topics"),
    );
    if advice.is_empty() {
        advice.push(Link::new("/topics", msg!("advice-look")));
    }
    advice
}

#[cfg(test)]
mod unit {
    use super::*;
    use crate::read::params::Query;

    #[test]
    fn advice_looks_wider_and_never_at_the_same_place() {
        let params =
            SearchParams::parse("q=blood+tests&language=cy&after=2026-10-01").expect("parameters");
        let links = advice(&params);
        assert!(links.iter().all(|link| link.href != href(&params)));
        assert!(links.iter().any(|link| !link.href.contains("after")));
        assert_eq!(advice(&SearchParams::default())[0].href, "/topics");
    }
}
