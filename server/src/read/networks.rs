//! Networks that opted in, and how each is doing.

use discover_model::Network as Registered;
use discover_model::network::is_slug;
use discover_model::threshold::{may_show_of_one, rounded};
use jiff::Timestamp;

use super::areas;
use super::params::{PageParams, bad_cursor, page};
use crate::figures::{Figures, figures};
use crate::problem::Problem;
use crate::shapes::{List, Network, Source};
use crate::state::View;
use crate::text::links;

/// The networks that may be shown, by name.
pub async fn list(view: &View, params: &PageParams) -> Result<List<Network>, Problem> {
    if params
        .cursor
        .as_deref()
        .is_some_and(|cursor| !is_slug(cursor))
    {
        return Err(bad_cursor());
    }
    let figures = figures(view).await?;
    let shown: Vec<&Registered> = view.networks().collect();
    let (items, next) = page(&shown, params.cursor.as_deref(), params.limit, |network| {
        network.slug.clone()
    })?;
    Ok(List {
        items: items
            .iter()
            .map(|network| shape(view, &figures, network))
            .collect(),
        next,
        total: shown.len() as u64,
        generation: view.generation(),
    })
}

/// One network.
pub async fn network(view: &View, slug: &str) -> Result<Network, Problem> {
    let network = view
        .network_by_slug(slug)
        .ok_or_else(|| view.gone_slug(slug))?;
    Ok(shape(view, &*figures(view).await?, network))
}

pub(super) fn shape(view: &View, figures: &Figures, network: &Registered) -> Network {
    let counts = figures.of(network.id);
    let enough = may_show_of_one(counts.voices);
    let base = &view.state.config().base_url;
    let sources: Vec<Source> = figures
        .sources(view, network.id)
        .map(|source| {
            let mut shape = source_shape(figures, source);
            if source.kind.is_uploaded() {
                // It stands nowhere else.
                shape.url = links::absolute(base, &links::network(&network.slug));
            }
            shape
        })
        .collect();
    let grants: Vec<_> = figures
        .grants
        .get(&network.id)
        .into_iter()
        .flatten()
        .filter(|grant| grant.is_live(view.now))
        .collect();
    Network {
        slug: network.slug.clone(),
        name: network.name.clone(),
        owner: network.owner.clone(),
        state: network.state.as_str().to_owned(),
        proof: network.proof.as_str().to_owned(),
        registered: network.registered,
        retention_days: network.retention_days,
        areas: areas::of(network),
        newcomers: network.welcomes(),
        scope: grants
            .iter()
            .filter(|grant| grant.evidence.method.has_place())
            .flat_map(|grant| grant.scope.addresses())
            .collect(),
        expires: grants.iter().map(|grant| grant.expires).min(),
        conversations: counts.conversations,
        posts: enough.then(|| rounded(counts.posts)),
        last_fetch: sources.iter().filter_map(|source| source.last_fetch).max(),
        unreachable_since: unreachable_since(&sources),
        sources,
    }
}

/// Why a source could not be read at its last visit, with the address that was asked for: for its owner.
pub(crate) fn trouble(figures: &Figures, source: &discover_model::Source) -> Option<String> {
    let health = figures.health.get(&source.id)?;
    (health.failures > 0 || health.stopped).then(|| {
        health
            .health_json
            .as_deref()
            .and_then(|json| said(json, "what"))
            .unwrap_or_else(|| "it could not be read at the last visit".to_owned())
    })
}

/// Addresses in a line, cut to their sites: a path may be a thread's title.
fn without_paths(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        let end = word.trim_end_matches([':', ',', '.', ';']);
        match url::Url::parse(end) {
            Ok(url) if url.has_host() => {
                format!(
                    "{}{}",
                    url.origin().ascii_serialization(),
                    &word[end.len()..]
                )
            }
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

pub(crate) fn source_shape(figures: &Figures, source: &discover_model::Source) -> Source {
    let health = figures.health.get(&source.id);
    let reached = health.is_none_or(|health| health.failures == 0 && !health.stopped);
    Source {
        kind: source.kind,
        url: source.url.as_str().to_owned(),
        last_fetch: health.and_then(|health| health.last_fetch),
        last_ok: health.and_then(|health| health.last_ok),
        reached,
        trouble: trouble(figures, source).map(|words| without_paths(&words)),
        fix: fix(figures, source).map(|words| without_paths(&words)),
        next_fetch: health
            .filter(|health| !health.stopped && health.next_due.as_second() < NEVER)
            .filter(|_| !source.kind.is_uploaded())
            .map(|health| health.next_due),
    }
}

/// How to mend what a source cannot be read for, for its owner.
pub(crate) fn fix(figures: &Figures, source: &discover_model::Source) -> Option<String> {
    let health = figures.health.get(&source.id)?;
    let reached = health.failures == 0 && !health.stopped;
    if reached {
        return None;
    }
    said(health.health_json.as_deref()?, "fix")
}

/// What became of everything that the last visit saw, for the source's owner.
pub(crate) fn entries(figures: &Figures, source: &discover_model::Source) -> Option<String> {
    said(
        figures.health.get(&source.id)?.health_json.as_deref()?,
        "entries",
    )
}

/// Visits due in the year 9000 and later are those of sources that are gone for good.
const NEVER: i64 = 221_845_392_000;

/// What blocked a visit (`what`), or how to mend it (`fix`), in the words of the crawler's health record.
fn said(health_json: &str, field: &str) -> Option<String> {
    let health: serde_json::Value = serde_json::from_str(health_json).ok()?;
    let text = health.get(field)?.as_str()?;
    Some(text.chars().take(300).collect())
}

/// A network is out of reach when none of its sources could be read; since the last time one could.
fn unreachable_since(sources: &[Source]) -> Option<Timestamp> {
    let visited: Vec<&Source> = sources
        .iter()
        .filter(|source| source.last_fetch.is_some())
        .collect();
    if visited.is_empty() || visited.iter().any(|source| source.reached) {
        return None;
    }
    visited
        .iter()
        .filter_map(|source| source.last_ok)
        .max()
        .or_else(|| visited.iter().filter_map(|source| source.last_fetch).min())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_source_in_public_names_sites_and_no_page() {
        for (said, public) in [
            (
                "https://site.example/t/my-name-is-sam/7?page=2 answered 403",
                "https://site.example answered 403",
            ),
            (
                "https://site.example:8443/feed: no feed, see http://[::1]/a.",
                "https://site.example:8443: no feed, see http://[::1].",
            ),
            (
                "robots.txt does not allow https://site.example/~ann/",
                "robots.txt does not allow https://site.example",
            ),
            ("no connection: refused", "no connection: refused"),
        ] {
            assert_eq!(without_paths(said), public);
        }
    }
}
