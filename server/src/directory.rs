//! The names of all networks, their own hosts, and the areas that they serve.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Area, Grant, Network, NetworkId};
use url::Url;

use crate::text::order::by_name;

/// All networks by id and slug, shown or not. Outputs go through [`crate::state::View::network`].
#[derive(Debug, Default, PartialEq)]
pub struct Directory {
    pub(crate) by_id: BTreeMap<NetworkId, Network>,
    pub(crate) by_slug: BTreeMap<String, NetworkId>,
    /// All networks in the order of their names.
    pub(crate) by_name: Vec<NetworkId>,
    /// Hosts that each network has proved to be its own.
    pub(crate) homes: BTreeMap<NetworkId, BTreeSet<String>>,
    /// Which network serves which area, by the area's slug.
    areas: Vec<(String, Area, NetworkId)>,
}

/// A host, with its port where that is not the usual one, and without the `www.` that many sites answer under as well.
pub(crate) fn host_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

impl Directory {
    /// Areas with their slugs, and a network that serves each; shown or not.
    pub(crate) fn areas(&self) -> impl Iterator<Item = (&str, &Area, NetworkId)> {
        let areas = self.areas.iter();
        areas.map(|(slug, area, network)| (slug.as_str(), area, *network))
    }

    pub(crate) fn new(networks: Vec<Network>, grants: &[Grant]) -> Self {
        let mut areas: Vec<(String, Area, NetworkId)> = networks
            .iter()
            .flat_map(|network| {
                let areas = network.areas.iter();
                areas.map(|area| (area.slug(), area.clone(), network.id))
            })
            .collect();
        areas.sort();
        let mut named: Vec<&Network> = networks.iter().collect();
        named.sort_by(|one, other| by_name(&one.name, &other.name).then(one.slug.cmp(&other.slug)));
        let by_name = named.iter().map(|network| network.id).collect();
        let mut homes: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for grant in grants {
            if let Some(host) = host_of(grant.scope.origin().as_str()) {
                homes.entry(grant.network).or_default().insert(host);
            }
        }
        Self {
            areas,
            homes,
            by_name,
            by_slug: networks
                .iter()
                .map(|network| (network.slug.clone(), network.id))
                .collect(),
            by_id: networks
                .into_iter()
                .map(|network| (network.id, network))
                .collect(),
        }
    }
}
