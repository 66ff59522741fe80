//! How many long answers (event streams, exports) are open at once: in all, and of one client. In memory only.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::limits;
use crate::problem::{Code, Problem};

/// The long answers of one kind.
#[derive(Debug)]
pub(crate) struct ConcurrencyLimit {
    /// What they are called in a refusal.
    what: &'static str,
    all: usize,
    of_client: usize,
    open: Mutex<BTreeMap<Option<IpAddr>, usize>>,
}

/// One open answer; given back when it ends.
#[derive(Debug)]
pub(crate) struct OpenAnswer {
    limit: Arc<ConcurrencyLimit>,
    client: Option<IpAddr>,
}

impl ConcurrencyLimit {
    pub(crate) fn new(what: &'static str, all: usize, of_client: usize) -> Arc<Self> {
        Arc::new(Self {
            what,
            all,
            of_client,
            open: Mutex::default(),
        })
    }

    pub(crate) fn take(self: &Arc<Self>, client: Option<IpAddr>) -> Result<OpenAnswer, Problem> {
        let client = client.map(limits::neighbourhood);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.values().sum::<usize>() >= self.all {
            return Err(Problem::new(
                Code::Overloaded,
                format!("too many {} are open", self.what),
            ));
        }
        let mine = open.entry(client).or_default();
        // The operator's own machine is not limited.
        if client.is_some() && *mine >= self.of_client {
            return Err(Problem::new(
                Code::RateLimited,
                format!("one client may have {} {} open", self.of_client, self.what),
            ));
        }
        *mine += 1;
        Ok(OpenAnswer {
            limit: Arc::clone(self),
            client,
        })
    }
}

impl Drop for OpenAnswer {
    fn drop(&mut self) {
        let limit = &self.limit;
        let mut open = limit.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mine) = open.get_mut(&self.client) {
            *mine -= 1;
            if *mine == 0 {
                open.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_client_and_not_all_together_have_more_open_than_they_may() {
        let limit = ConcurrencyLimit::new("exports", 3, 2);
        let client = |text: &str| text.parse().ok();
        let one = limit.take(client("192.0.2.1")).expect("free");
        let _two = limit.take(client("192.0.2.1")).expect("free");
        let refused = limit
            .take(client("192.0.2.1"))
            .expect_err("its share is taken");
        assert_eq!(refused.code, Code::RateLimited);
        let _three = limit.take(client("198.51.100.1")).expect("free");
        let refused = limit
            .take(client("203.0.113.1"))
            .expect_err("all are taken");
        assert_eq!(refused.code, Code::Overloaded);
        drop(one);
        limit.take(client("203.0.113.1")).expect("given back");
    }
}
