//! Areas that networks serve: what their owners state, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Area, Network, NetworkId};

use super::names::{NOBODY, Names};
use crate::problem::Problem;
use crate::shapes::{AreaRef, FacetRow};
use crate::state::View;
use crate::text::order::by_name;
use crate::text::words;

/// Areas that networks which may be shown serve, by slug, with the networks of each.
pub(crate) fn served(view: &View) -> BTreeMap<&str, (&Area, BTreeSet<NetworkId>)> {
    let mut served = BTreeMap::new();
    for (slug, area, network) in view.networks.areas() {
        if view.network(network).is_some() {
            let of = served.entry(slug).or_insert((area, BTreeSet::new()));
            of.1.insert(network);
        }
    }
    served
}

/// Areas that networks which may be shown serve, by kind and name.
pub(crate) fn list(view: &View) -> Vec<AreaRef> {
    let served = served(view).into_values();
    let mut areas: Vec<AreaRef> = served.map(|(area, _)| reference(area)).collect();
    sort(&mut areas);
    areas
}

/// By kind, then by name.
pub(super) fn sort(areas: &mut [AreaRef]) {
    areas.sort_by(|one, other| {
        let kind = one.kind.cmp(&other.kind);
        kind.then_with(|| by_name(&one.name, &other.name))
    });
}

/// The areas of one network.
pub(crate) fn of(network: &Network) -> Vec<AreaRef> {
    network.areas.iter().map(reference).collect()
}

/// The areas that any of some networks serves, and how many areas all networks serve.
pub(crate) fn of_networks(
    view: &View,
    networks: impl IntoIterator<Item = NetworkId>,
) -> (Vec<AreaRef>, u64) {
    let networks: BTreeSet<NetworkId> = networks.into_iter().collect();
    let served = served(view);
    let touched = served
        .values()
        .filter(|(_, serving)| !serving.is_disjoint(&networks));
    let mut areas: Vec<AreaRef> = touched.map(|(area, _)| reference(area)).collect();
    sort(&mut areas);
    (areas, served.len() as u64)
}

/// The networks that serve any of the areas asked for.
pub(crate) fn asked(
    view: &View,
    slugs: &[String],
    names: &Names,
) -> Result<BTreeSet<NetworkId>, Problem> {
    let served = served(view);
    let mut networks = BTreeSet::new();
    for slug in slugs {
        match served.get(slug.as_str()) {
            Some((_, of)) => networks.extend(of),
            None if names.is_forgiving() => names.no_area(slug),
            None => return Err(unknown(slug)),
        }
    }
    if networks.is_empty() {
        networks.insert(NOBODY);
    }
    Ok(networks)
}

pub(crate) fn unknown(slug: &str) -> Problem {
    Problem::parameter("area", format!("no network here serves an area {slug}"))
        .with_hint("take a `slug` out of the areas of /api/v1/networks")
}

/// Conversations found in each area: a conversation counts in every area that its network serves.
/// `counts` are conversations and near copies among them; a text that two networks of an area have counts for both.
pub(crate) fn facet(view: &View, counts: &BTreeMap<NetworkId, (u64, u64)>) -> Vec<FacetRow> {
    let rows = served(view).into_iter().map(|(slug, (area, networks))| {
        let counts = || networks.iter().filter_map(|network| counts.get(network));
        FacetRow {
            value: slug.to_owned(),
            label: words::area(area.kind().as_str(), area.name()),
            count: counts().map(|(count, _)| count).sum(),
            near_copies: counts().map(|(_, near_copies)| near_copies).sum(),
            coordinated: None,
        }
    });
    rows.filter(|row| row.count > 0).collect()
}

fn reference(area: &Area) -> AreaRef {
    AreaRef {
        slug: area.slug(),
        kind: area.kind().as_str().to_owned(),
        name: area.name().to_owned(),
    }
}
