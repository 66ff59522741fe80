//! Names to addresses: looked up once, filtered by the guard, and connected to without a second look-up.
//!
//! The HTTP client asks this resolver for every name, so it can only ever be handed addresses that passed. The
//! short cache makes the addresses seen by pacing and those connected to the same ones.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::error::FetchError;
use crate::ssrf_guard::{self, Blocked};

const KEEP: Duration = Duration::from_mins(1);
/// Failed names are not asked for again at once.
const KEEP_FAILURE: Duration = Duration::from_secs(30);
const MAX_CACHED: usize = 4096;

type Answer = Result<Arc<[IpAddr]>, FetchError>;

/// A shared, caching, guarding resolver.
#[derive(Debug, Clone)]
pub(crate) struct Resolver {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    allow_loopback: bool,
    /// Public names may stand on loopback, where tests play the public internet.
    #[cfg(test)]
    trusts_loopback: std::sync::atomic::AtomicBool,
    /// Names answered from here instead of the system's resolver, as a hosts file would.
    hosts: Mutex<BTreeMap<String, Vec<IpAddr>>>,
    cache: Mutex<HashMap<String, (Instant, Answer)>>,
    /// How often a name was really asked for.
    #[cfg(test)]
    asked: std::sync::atomic::AtomicUsize,
}

impl Resolver {
    pub(crate) fn new(allow_loopback: bool, hosts: BTreeMap<String, Vec<IpAddr>>) -> Self {
        Self {
            inner: Arc::new(Inner {
                allow_loopback,
                #[cfg(test)]
                trusts_loopback: std::sync::atomic::AtomicBool::new(false),
                hosts: Mutex::new(hosts),
                cache: Mutex::new(HashMap::new()),
                #[cfg(test)]
                asked: std::sync::atomic::AtomicUsize::new(0),
            }),
        }
    }

    #[cfg(test)]
    pub(crate) fn asked(&self) -> usize {
        self.inner.asked.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The allowed addresses of `host`. Never empty.
    pub(crate) async fn lookup(&self, host: &str) -> Answer {
        let now = Instant::now();
        {
            let cache = self
                .inner
                .cache
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if let Some((until, answer)) = cache.get(host)
                && *until > now
            {
                return answer.clone();
            }
        }
        let answer = self.resolve_now(host).await;
        let keep = if answer.is_ok() { KEEP } else { KEEP_FAILURE };
        let mut cache = self
            .inner
            .cache
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= MAX_CACHED {
            cache.retain(|_, (until, _)| *until > now);
            if cache.len() >= MAX_CACHED {
                cache.clear();
            }
        }
        cache.insert(host.to_owned(), (now + keep, answer.clone()));
        answer
    }

    async fn resolve_now(&self, host: &str) -> Answer {
        #[cfg(test)]
        self.inner
            .asked
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if ssrf_guard::is_localhost(host) {
            // RFC 6761: these never leave the machine, whatever a name server says.
            return if self.inner.allow_loopback {
                Ok(Arc::from([
                    IpAddr::V4(Ipv4Addr::LOCALHOST),
                    IpAddr::V6(Ipv6Addr::LOCALHOST),
                ]))
            } else {
                Err(Blocked::LocalName(host.to_owned()).into())
            };
        }
        let fixed = self
            .inner
            .hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(host)
            .cloned();
        let found = match fixed {
            Some(found) => found,
            None => tokio::net::lookup_host((host, 0))
                .await
                .map_err(|error| FetchError::Dns {
                    host: host.to_owned(),
                    reason: error.to_string(),
                })?
                .map(|address| address.ip())
                .collect(),
        };
        // A public name has no business on loopback, so `allow_loopback` does not count here.
        let allowed: Vec<IpAddr> = found
            .iter()
            .copied()
            .filter(|ip| ssrf_guard::check_ip(*ip, self.trusts_loopback()).is_ok())
            .collect();
        match (allowed.is_empty(), found.first()) {
            (false, _) => Ok(allowed.into()),
            (true, Some(ip)) => Err(Blocked::NotGlobal(*ip).into()),
            (true, None) => Err(FetchError::Dns {
                host: host.to_owned(),
                reason: "the name has no address".to_owned(),
            }),
        }
    }

    #[cfg(not(test))]
    const fn trusts_loopback(&self) -> bool {
        false
    }

    #[cfg(test)]
    fn trusts_loopback(&self) -> bool {
        self.inner
            .trusts_loopback
            .load(std::sync::atomic::Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(crate) fn trust_loopback(&self) {
        self.inner
            .trusts_loopback
            .store(true, std::sync::atomic::Ordering::Relaxed);
    }

    #[cfg(test)]
    pub(crate) fn set(&self, host: &str, addresses: Vec<IpAddr>) {
        self.inner
            .hosts
            .lock()
            .expect("hosts")
            .insert(host.to_owned(), addresses);
        self.inner.cache.lock().expect("cache").clear();
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let found = this.lookup(name.as_str()).await?;
            // Port 0 is replaced by the address's own port.
            let addresses: Vec<SocketAddr> =
                found.iter().map(|ip| SocketAddr::new(*ip, 0)).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssrf_guard::tests::FORBIDDEN;

    #[tokio::test]
    async fn row_38_sixty_special_addresses_are_refused_as_dns_answers() {
        for allow_loopback in [false, true] {
            let resolver = Resolver::new(allow_loopback, BTreeMap::new());
            for text in FORBIDDEN {
                resolver.set("trick.example", vec![text.parse().expect(text)]);
                let answer = resolver.lookup("trick.example").await;
                assert!(
                    matches!(answer, Err(FetchError::Blocked(_))),
                    "{text}: {answer:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn special_addresses_are_filtered_out_of_mixed_answers() {
        let resolver = Resolver::new(false, BTreeMap::new());
        let public: IpAddr = "93.184.216.34".parse().expect("ip");
        resolver.set(
            "mixed.example",
            vec![
                "127.0.0.1".parse().expect("ip"),
                public,
                "::1".parse().expect("ip"),
            ],
        );
        let found = resolver
            .lookup("mixed.example")
            .await
            .expect("one is public");
        assert_eq!(&*found, [public]);
    }

    #[tokio::test]
    async fn a_name_that_changes_its_answer_is_connected_to_the_address_checked() {
        let resolver = Resolver::new(false, BTreeMap::new());
        let public: IpAddr = "93.184.216.34".parse().expect("ip");
        resolver.set("rebind.example", vec![public]);
        assert!(resolver.lookup("rebind.example").await.is_ok());
        // The second answer, which the client would connect to, is checked like the first.
        resolver.set("rebind.example", vec!["127.0.0.1".parse().expect("ip")]);
        let name: Name = "rebind.example".parse().expect("name");
        assert!(resolver.resolve(name).await.is_err());
    }

    #[tokio::test]
    async fn localhost_is_answered_without_a_name_server_and_only_when_allowed() {
        let open = Resolver::new(true, BTreeMap::new());
        let found = open.lookup("a.localhost").await.expect("loopback");
        assert!(found.iter().all(IpAddr::is_loopback));
        let shut = Resolver::new(false, BTreeMap::new());
        assert!(shut.lookup("localhost").await.is_err());
    }
}
