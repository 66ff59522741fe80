//! What a search can be narrowed to: filters as rows of a form, and what the forms carry on unseen.

use discover_model::{Language, SourceKind};

use crate::i18n::{Msg, msg};
use crate::pages::view;
use crate::read::params::SearchParams;
use crate::shapes::{FacetRow, Interval, SearchPage, Sort, TopicRef};
use crate::text::inline::Text;
use crate::text::{coordinated, kinds, links, words};

/// The address of a search.
pub(super) fn href(params: &SearchParams) -> String {
    links::search(&params.to_query())
}

/// Values of one facet that are printed; the search language reaches the rest.
const VALUES: usize = 12;

#[derive(Debug)]
pub(super) struct Facet {
    pub(super) legend: Msg,
    pub(super) name: &'static str,
    pub(super) rows: Vec<FacetValue>,
}

#[derive(Debug)]
pub(super) struct FacetValue {
    pub(super) value: String,
    pub(super) label: Text,
    /// Of a topic: that part of it looks coordinated.
    pub(super) sign: Option<Msg>,
    pub(super) count: String,
    pub(super) checked: bool,
}

/// Whether the search is narrowed by anything but its words.
pub(super) fn filtered(params: &SearchParams) -> bool {
    !(params.network.is_empty()
        && params.area.is_empty()
        && params.language.is_empty()
        && params.kind.is_empty()
        && params.topic.is_empty()
        && params.after.is_none()
        && params.before.is_none())
}

/// Parameters a form carries on unseen; with or without the filters.
pub(in crate::pages) fn kept(params: &SearchParams, filters: bool) -> Vec<(&'static str, String)> {
    let mut kept = Vec::new();
    if filters {
        kept.extend(params.network.iter().map(|slug| ("network", slug.clone())));
        kept.extend(params.area.iter().map(|slug| ("area", slug.clone())));
        kept.extend(
            params
                .language
                .iter()
                .map(|code| ("language", code.to_string())),
        );
        kept.extend(params.kind.iter().map(|kind| ("kind", kind.to_string())));
        kept.extend(params.topic.iter().map(|id| ("topic", id.to_string())));
        kept.extend(params.after.map(|day| ("after", day.to_string())));
        kept.extend(params.before.map(|day| ("before", day.to_string())));
    }
    if params.sort != Sort::default() {
        kept.push(("sort", params.sort.as_str().to_owned()));
    }
    if params.interval != Interval::default() {
        kept.push(("interval", params.interval.as_str().to_owned()));
    }
    kept
}

/// `topics` are those of the facet, as their reader calls them.
pub(super) fn facets(params: &SearchParams, found: &SearchPage, topics: &[TopicRef]) -> Vec<Facet> {
    [
        facet(
            msg!("facet-area"),
            "area",
            &found.facets.area,
            &params.area,
            &|_, label| Text::unknown(label),
        ),
        facet(
            msg!("column-network"),
            "network",
            &found.facets.network,
            &params.network,
            &|_, label| Text::unknown(label),
        ),
        facet(
            msg!("facet-language"),
            "language",
            &found.facets.language,
            &params
                .language
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            &|value, label| match value.parse::<Language>() {
                Ok(language) => Text::new(language.endonym(), Some(language)),
                Err(_) => Text::unknown(label),
            },
        ),
        facet(
            msg!("facet-kind"),
            "kind",
            &found.facets.kind,
            &params
                .kind
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            &|value, label| match value.parse::<SourceKind>() {
                Ok(kind) => Text::new(kinds::long(kind), Some(Language::ENGLISH)),
                Err(_) => Text::unknown(label),
            },
        ),
        facet(
            msg!("column-topic"),
            "topic",
            &found.facets.topic,
            &params
                .topic
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            &|value, label| {
                let mut topics = topics.iter();
                let topic = topics.find(|topic| topic.id.to_string() == value);
                topic.map_or_else(
                    || Text::unknown(words::sentence(label)),
                    |topic| view::label(&topic.label, &topic.labels),
                )
            },
        ),
    ]
    .into_iter()
    .filter(|facet| !facet.rows.is_empty())
    .collect()
}

fn facet(
    legend: Msg,
    name: &'static str,
    rows: &[FacetRow],
    chosen: &[String],
    label: &dyn Fn(&str, &str) -> Text,
) -> Facet {
    let mut printed: Vec<FacetValue> = rows
        .iter()
        .enumerate()
        .filter(|(n, row)| *n < VALUES || chosen.contains(&row.value))
        .map(|(_, row)| FacetValue {
            label: label(&row.value, &row.label),
            sign: coordinated::sign(row.coordinated.as_ref()),
            count: words::exact(row.once()),
            checked: chosen.contains(&row.value),
            value: row.value.clone(),
        })
        .collect();
    // What was chosen stays, so that it can be taken back, even where nothing was found under it.
    printed.extend(
        chosen
            .iter()
            .filter(|value| rows.iter().all(|row| row.value != **value))
            .map(|value| FacetValue {
                label: label(value, value),
                sign: None,
                count: String::new(),
                checked: true,
                value: value.clone(),
            }),
    );
    Facet {
        legend,
        name,
        rows: printed,
    }
}
