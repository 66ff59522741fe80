//! The connections that are open, and which of them makes room for another.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::limits::Limits;

/// A reader or writer that is waited for may be sent away after this time, where others need the room.
const PATIENCE: Duration = Duration::from_secs(1);
const REFUSED: &str = "discover_connections_refused_total";
const CLOSED: &str = "discover_connections_closed_total";

/// All open connections.
#[derive(Debug)]
pub(super) struct Table {
    limits: Limits,
    began: Instant,
    open: Mutex<Open>,
    counted: Counted,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    all: HashMap<u64, Arc<State>>,
    by_client: HashMap<IpAddr, usize>,
}

/// What happened since the last report.
#[derive(Debug, Default)]
struct Counted {
    refused: AtomicU64,
    made_room: AtomicU64,
    stalled: AtomicU64,
    out_of_descriptors: AtomicU64,
}

/// How one connection is doing.
#[derive(Debug)]
struct State {
    /// `None` where connections are not counted by client.
    client: Option<IpAddr>,
    /// Milliseconds from the table's beginning to the last byte.
    active: AtomicU64,
    /// Requests under way: handled, or answered and not yet taken whole.
    busy: AtomicUsize,
    /// The reader takes nothing of its answer at the moment.
    blocked: AtomicBool,
    /// The rest of a request's body is waited for.
    uploading: AtomicBool,
    /// It has been chosen to make room.
    leaving: AtomicBool,
    leave: Notify,
}

/// An open connection; no longer in the table when dropped.
#[derive(Debug)]
pub(super) struct Connection {
    number: u64,
    state: Arc<State>,
    table: Arc<Table>,
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Busy(Arc<Connection>);

impl Table {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            began: Instant::now(),
            open: Mutex::default(),
            counted: Counted::default(),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Takes a newcomer in, if need be in place of another; `None` where all others are at work.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Arc<Connection>> {
        let client = self.client(peer);
        let now = self.now();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_client = client.map_or(0, |client| {
            open.by_client.get(&client).copied().unwrap_or_default()
        });
        let full = if client.is_some() && of_client >= self.limits.per_client {
            Some(client)
        } else if open.all.len() >= self.limits.all {
            Some(None)
        } else {
            None
        };
        if let Some(among) = full {
            let Some(victim) = victim(&open, among, now) else {
                self.counted.refused.fetch_add(1, Ordering::Relaxed);
                metrics::counter!(REFUSED).increment(1);
                return None;
            };
            if let Some(state) = open.all.remove(&victim) {
                forget(&mut open.by_client, &state);
                state.leaving.store(true, Ordering::Relaxed);
                state.leave.notify_one();
            }
            self.counted.made_room.fetch_add(1, Ordering::Relaxed);
            metrics::counter!(CLOSED, "why" => "made_room").increment(1);
        }
        let number = open.next;
        open.next += 1;
        let state = Arc::new(State {
            client,
            active: AtomicU64::new(now),
            busy: AtomicUsize::new(0),
            blocked: AtomicBool::new(false),
            uploading: AtomicBool::new(false),
            leaving: AtomicBool::new(false),
            leave: Notify::new(),
        });
        open.all.insert(number, Arc::clone(&state));
        if let Some(client) = client {
            *open.by_client.entry(client).or_default() += 1;
        }
        metrics::gauge!("discover_connections").set(open.all.len() as f64);
        Some(Arc::new(Connection {
            number,
            state,
            table: Arc::clone(self),
        }))
    }

    /// Under what a client's connections are counted: its address, or the /64 that one subscriber has.
    fn client(&self, peer: IpAddr) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if peer.is_loopback() || self.limits.trusted_proxies.contains(&peer) {
            return None;
        }
        Some(match peer {
            IpAddr::V4(_) => peer,
            IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX)).into(),
        })
    }

    pub(super) fn out_of_descriptors(&self) {
        self.counted
            .out_of_descriptors
            .fetch_add(1, Ordering::Relaxed);
        metrics::counter!(REFUSED).increment(1);
    }

    /// Says what was refused since it was last said.
    pub(super) fn report(&self) {
        let take = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
        let refused = take(&self.counted.refused);
        let made_room = take(&self.counted.made_room);
        let stalled = take(&self.counted.stalled);
        let out_of_descriptors = take(&self.counted.out_of_descriptors);
        if refused + made_room + stalled + out_of_descriptors > 0 {
            tracing::warn!(
                refused,
                made_room,
                stalled,
                out_of_descriptors,
                "connections in the last minute that were refused, closed to make room for others, or not read from"
            );
        }
    }
}

/// The connection that is missed least: silent for longest, and without a request under way before all others.
fn victim(open: &Open, among: Option<IpAddr>, now: u64) -> Option<u64> {
    let patience = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
    open.all
        .iter()
        .filter(|(_, state)| among.is_none() || state.client == among)
        .filter_map(|(number, state)| {
            let active = state.active.load(Ordering::Relaxed);
            let waited_for =
                state.blocked.load(Ordering::Relaxed) || state.uploading.load(Ordering::Relaxed);
            let rank = if state.busy.load(Ordering::Relaxed) == 0 {
                0
            } else if waited_for && now.saturating_sub(active) >= patience {
                1
            } else {
                return None;
            };
            Some((rank, active, *number))
        })
        .min()
        .map(|(_, _, number)| number)
}

fn forget(by_client: &mut HashMap<IpAddr, usize>, state: &State) {
    if let Some(client) = state.client
        && let Some(count) = by_client.get_mut(&client)
    {
        *count -= 1;
        if *count == 0 {
            by_client.remove(&client);
        }
    }
}

impl Connection {
    pub(super) fn limits(&self) -> &Limits {
        &self.table.limits
    }

    /// Bytes went to or fro.
    pub(super) fn active(&self) {
        self.state.active.store(self.table.now(), Ordering::Relaxed);
    }

    pub(super) fn set_blocked(&self, blocked: bool) {
        self.state.blocked.store(blocked, Ordering::Relaxed);
    }

    pub(super) fn set_uploading(&self, uploading: bool) {
        self.state.uploading.store(uploading, Ordering::Relaxed);
    }

    /// The reader took nothing for too long.
    pub(super) fn stalled(&self) {
        self.table.counted.stalled.fetch_add(1, Ordering::Relaxed);
        metrics::counter!(CLOSED, "why" => "stalled").increment(1);
    }

    pub(super) fn begin(self: &Arc<Self>) -> Busy {
        self.state.busy.fetch_add(1, Ordering::Relaxed);
        Busy(Arc::clone(self))
    }

    /// Returns when the connection has to make room.
    pub(super) async fn closed(&self) {
        while !self.state.leaving.load(Ordering::Relaxed) {
            self.state.leave.notified().await;
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut open = self
            .table
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = open.all.remove(&self.number) {
            forget(&mut open.by_client, &state);
        }
        metrics::gauge!("discover_connections").set(open.all.len() as f64);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.state.busy.fetch_sub(1, Ordering::Relaxed);
        self.0.active();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(all: usize, per_client: usize) -> Arc<Table> {
        Arc::new(Table::new(Limits {
            all,
            per_client,
            head: Duration::from_secs(15),
            stall: Duration::from_secs(30),
            age: Duration::from_mins(10),
            trusted_proxies: vec!["10.0.0.1".parse().expect("an address")],
        }))
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_newcomer_takes_the_place_of_the_one_that_is_silent_for_longest() {
        let table = table(2, 2);
        let first = table.admit(ip("203.0.113.1")).expect("room");
        let second = table.admit(ip("203.0.113.2")).expect("room");
        let _busy = first.begin();
        let third = table.admit(ip("203.0.113.3")).expect("room is made");
        assert!(second.state.leaving.load(Ordering::Relaxed));
        assert!(!first.state.leaving.load(Ordering::Relaxed));
        let _also_busy = third.begin();
        assert!(table.admit(ip("203.0.113.4")).is_none(), "all are at work");
        assert_eq!(table.counted.refused.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_client_makes_room_for_itself_and_proxies_are_not_counted() {
        let table = table(100, 2);
        let other = table.admit(ip("2001:db8:1::9")).expect("room");
        let first = table.admit(ip("2001:db8::1")).expect("room");
        let _second = table.admit(ip("2001:db8::2")).expect("room");
        let _third = table.admit(ip("2001:db8::3")).expect("room");
        assert!(first.state.leaving.load(Ordering::Relaxed));
        assert!(!other.state.leaving.load(Ordering::Relaxed));
        for peer in ["10.0.0.1", "127.0.0.1"] {
            let many: Vec<_> = (0..10).map(|_| table.admit(ip(peer))).collect();
            assert!(many.iter().all(Option::is_some), "{peer}");
        }
    }

    #[test]
    fn what_is_closed_is_forgotten() {
        let table = table(10, 2);
        drop(table.admit(ip("203.0.113.1")));
        drop(table.admit(ip("203.0.113.1")));
        let open = table.open.lock().expect("the table");
        assert!(open.all.is_empty() && open.by_client.is_empty());
    }
}
