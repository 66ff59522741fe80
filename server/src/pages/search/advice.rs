//! What to do where nothing was found.

use discover_model::Language;

use super::href;
use crate::pages::view::Link;
use crate::read::params::SearchParams;
use crate::text::words;

pub(super) fn empty(params: &SearchParams) -> String {
    let where_ = if params.language.is_empty() {
        String::new()
    } else {
        let names: Vec<&str> = params.language.iter().map(Language::endonym).collect();
        format!(" in {}", words::list(&names))
    };
    let when = match (params.after, params.before) {
        (None, None) => String::new(),
        (Some(after), None) => format!(" since {}", words::day(after)),
        (None, Some(before)) => format!(" before {}", words::day(before)),
        (Some(after), Some(before)) => {
            format!(" between {} and {}", words::day(after), words::day(before))
        }
    };
    format!(
        "Nothing that we hold matches{where_}{when}. We look only at networks that asked to be found; other places may well talk about it."
    )
}

/// Ways to look wider, each a search of its own.
pub(super) fn advice(params: &SearchParams) -> Vec<Link> {
    let start = SearchParams {
        cursor: None,
        ..params.clone()
    };
    let mut advice = Vec::new();
    let mut add = |wider: SearchParams, words: &str| {
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
        "Search all dates",
    );
    add(
        SearchParams {
            language: Vec::new(),
            ..start.clone()
        },
        "Search all languages",
    );
    add(
        SearchParams {
            area: Vec::new(),
            ..start.clone()
        },
        "Search all areas",
    );
    add(
        SearchParams {
            network: Vec::new(),
            kind: Vec::new(),
            ..start.clone()
        },
        "Search all networks",
    );
    add(
        SearchParams {
            topic: Vec::new(),
            ..start.clone()
        },
        "Search all topics",
    );
    if advice.is_empty() {
        advice.push(Link::new(
            "/topics",
            "Look at what people are talking about",
        ));
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
