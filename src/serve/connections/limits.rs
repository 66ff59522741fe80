//! What connections may cost, as the process's descriptors allow.

use std::net::IpAddr;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that are never spent on readers: the store's files, the index, the crawler, alerts, the control socket.
const KEPT_BACK: u64 = 256;
/// More connections than this are not taken, however many descriptors there are.
const MOST: u64 = 8192;

/// What connections may cost.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Connections at once.
    pub all: usize,
    /// Connections of one client (an IPv4 address, an IPv6 /64) at once; this machine and trusted proxies excepted.
    pub per_client: usize,
    /// From the moment a request may come to the end of its head.
    pub head: Duration,
    /// How long a reader may take nothing of an answer.
    pub stall: Duration,
    /// After this time a connection ends with the answer that is under way. Streams of events go on.
    pub age: Duration,
    pub trusted_proxies: Vec<IpAddr>,
}

impl Limits {
    /// As the process's descriptors allow; their soft limit is raised to the hard one first.
    pub(crate) fn of_process(trusted_proxies: Vec<IpAddr>) -> Self {
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: limit.maximum,
            ..limit
        };
        // Refused where a sandbox forbids it; then the soft limit stands.
        let descriptors = match setrlimit(Resource::Nofile, raised) {
            Ok(()) => limit.maximum,
            Err(_) => limit.current,
        };
        let all = within(descriptors.unwrap_or(u64::MAX));
        Self {
            all,
            per_client: (all / 4).max(16),
            head: Duration::from_secs(15),
            stall: Duration::from_secs(30),
            age: Duration::from_mins(10),
            trusted_proxies,
        }
    }
}

/// Connections that so many descriptors allow.
fn within(descriptors: u64) -> usize {
    let most = descriptors
        .saturating_sub(KEPT_BACK)
        .max(descriptors / 3)
        .clamp(8, MOST);
    usize::try_from(most).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_kept_back_for_everything_but_readers() {
        assert_eq!(within(1024), 768);
        assert_eq!(within(64), 21);
        assert_eq!(within(u64::MAX), 8192);
    }
}
