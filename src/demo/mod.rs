//! Sample networks for `discover demo`: a dozen invented communities, served on loopback in real formats.
//!
//! What they say is data (`content/*.toml`); this module gives it dates relative to `now`, serves it, and says what a
//! registry file would say about it. The pipeline that reads it is the ordinary one: nothing here is known to it.

mod content;
mod discourse;
mod feeds;
mod page;
mod site;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use anyhow::Context;
use discover_model::source::SourceOptions;
use discover_model::{Area, Origin, SourceKind};
use jiff::Timestamp;
use tokio::task::JoinSet;
use url::Url;

use self::content::Network;

/// One sample network, as its owner would register it.
#[derive(Debug, Clone)]
pub(crate) struct DemoNetwork {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) contact: String,
    pub(crate) retention_days: u16,
    pub(crate) areas: Vec<Area>,
    pub(crate) newcomers: bool,
    #[cfg(test)]
    pub(crate) origin: Origin,
    pub(crate) sources: Vec<(SourceKind, Url, SourceOptions)>,
}

/// The running sample networks. They stop when this is dropped.
#[derive(Debug)]
pub(crate) struct DemoSite {
    #[cfg(test)]
    pub(crate) networks: Vec<DemoNetwork>,
    /// What a registry file would say, with the loopback addresses.
    pub(crate) sources_toml: String,
    /// Aborts the servers when dropped.
    _servers: JoinSet<()>,
}

/// Starts one server a network, each on an address of its own, so that each is an origin of its own.
///
/// `held` gives the address at which a folder that is used again took in the network of a slug: it listens there again, so
/// that nothing is taken in twice. `token_for` gives the consent token of a network's slug and origin; a network without one serves no consent file.
/// The same day (UTC) of `now` gives the same documents, addresses apart.
pub(crate) async fn start(
    held: impl Fn(&str) -> Option<SocketAddr>,
    token_for: impl Fn(&str, &Origin) -> Option<String>,
    now: Timestamp,
) -> anyhow::Result<DemoSite> {
    let mut networks = Vec::new();
    let mut servers = JoinSet::new();
    for (number, network) in content::load(now)?.into_iter().enumerate() {
        let held = held(&network.slug);
        let listener = site::bind(number, held).await.with_context(|| match held {
            Some(address) => format!(
                "this folder took in the sample network {} at {address}, which cannot be used now: end the other demo, or choose another folder with --data",
                network.slug
            ),
            None => format!(
                "no loopback address for the sample network {}",
                network.slug
            ),
        })?;
        let address = listener.local_addr().context("a bound address")?;
        let origin: Origin = format!("http://{address}").parse()?;
        tracing::debug!(network = network.slug, %origin, "sample network listens");
        let token = token_for(&network.slug, &origin);
        let routes = site::routes(&network, &origin, token.as_deref())?;
        networks.push(registration(&network, &origin)?);
        servers.spawn(site::serve(listener, routes));
    }
    let sources_toml = sources_toml(&networks)?;
    Ok(DemoSite {
        #[cfg(test)]
        networks,
        sources_toml,
        _servers: servers,
    })
}

fn registration(network: &Network, origin: &Origin) -> anyhow::Result<DemoNetwork> {
    let sources = network
        .sources
        .iter()
        .map(|source| {
            let url = origin.root().join(&source.path)?;
            Ok((source.format.kind(), url, source.options(network)))
        })
        .collect::<anyhow::Result<_>>()?;
    Ok(DemoNetwork {
        slug: network.slug.clone(),
        name: network.name.clone(),
        owner: network.owner.clone(),
        contact: network.contact.clone(),
        retention_days: network.retention_days,
        areas: network.areas.clone(),
        newcomers: network.newcomers,
        #[cfg(test)]
        origin: origin.clone(),
        sources,
    })
}

/// The registry file for `networks`: only what differs from the defaults.
fn sources_toml(networks: &[DemoNetwork]) -> anyhow::Result<String> {
    let mut file = toml::Table::new();
    let mut list = Vec::new();
    for network in networks {
        let mut entry = toml::Table::new();
        entry.insert("slug".into(), network.slug.clone().into());
        entry.insert("name".into(), network.name.clone().into());
        entry.insert("owner".into(), network.owner.clone().into());
        entry.insert("contact".into(), network.contact.clone().into());
        entry.insert("proof".into(), "well-known".into());
        entry.insert(
            "retention_days".into(),
            i64::from(network.retention_days).into(),
        );
        let areas = network.areas.iter().map(ToString::to_string);
        entry.insert("areas".into(), areas.collect::<Vec<_>>().into());
        if network.newcomers {
            entry.insert("newcomers".into(), true.into());
        }
        let sources = network.sources.iter().map(|(kind, url, options)| {
            let mut source = toml::Table::new();
            source.insert("kind".into(), kind.as_str().into());
            source.insert("url".into(), url.as_str().into());
            let given = toml::Table::try_from(options)?;
            let default = toml::Table::try_from(SourceOptions::default())?;
            source.extend(
                given
                    .into_iter()
                    .filter(|(key, value)| default.get(key) != Some(value)),
            );
            Ok(toml::Value::Table(source))
        });
        entry.insert(
            "source".into(),
            sources.collect::<anyhow::Result<Vec<_>>>()?.into(),
        );
        list.push(toml::Value::Table(entry));
    }
    file.insert("network".into(), list.into());
    Ok(toml::to_string(&file)?)
}
