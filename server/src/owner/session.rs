//! Sessions of owners, and nonces for logging in by file: in memory only, bounded, and gone at a restart.
//!
//! A session is an opaque random id in a cookie; only its hash is held. It ends after 12 hours without use, after 7
//! days in any case, at logout, when its network leaves by whatever way, and when the owner's key is made anew.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use discover_model::NetworkId;
use discover_model::proof::{ProofSubject, sha256_hex};
use jiff::{SignedDuration, Timestamp};

use crate::limits::rate::RateLimits;

const IDLE: SignedDuration = SignedDuration::from_hours(12);
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
const NONCE_LASTS: SignedDuration = SignedDuration::from_mins(15);
/// Most sessions, and most nonces, held at once; the oldest goes first.
const MOST: usize = 10_000;

/// Whoever is logged in as the owner of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) network: NetworkId,
    /// Stands in every form of the session.
    pub(crate) form: String,
    /// What [`discover_store::Store::owner_stamp`] said when it began: another one ends it.
    pub(crate) stamp: String,
}

#[derive(Debug, Clone)]
struct Session {
    owner: Owner,
    begun: Timestamp,
    used: Timestamp,
}

impl Session {
    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.used) >= IDLE || now.duration_since(self.begun) >= LONGEST
    }
}

#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<BTreeMap<String, Session>>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn hex(bytes: [u8; 32]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Makes room for one more.
fn drop_oldest<T>(held: &mut BTreeMap<String, T>, begun: impl Fn(&T) -> Timestamp) {
    while held.len() >= MOST {
        let oldest = held
            .iter()
            .min_by_key(|(_, entry)| begun(entry))
            .map(|(id, _)| id.clone());
        if let Some(oldest) = oldest {
            held.remove(&oldest);
        }
    }
}

impl Sessions {
    /// Begins a session; returns the id for the cookie.
    pub(crate) fn begin(
        &self,
        network: NetworkId,
        random: [u8; 32],
        stamp: String,
        now: Timestamp,
    ) -> String {
        let id = hex(random);
        let mut held = lock(&self.0);
        drop_oldest(&mut held, |session| session.used);
        let owner = Owner {
            network,
            form: sha256_hex(format!("form {id}").as_bytes()),
            stamp,
        };
        held.insert(
            sha256_hex(id.as_bytes()),
            Session {
                owner,
                begun: now,
                used: now,
            },
        );
        id
    }

    /// The owner whose session this is, if it is still open.
    pub(crate) fn open(&self, id: &str, now: Timestamp) -> Option<Owner> {
        let key = sha256_hex(id.as_bytes());
        let mut held = lock(&self.0);
        let session = held.get_mut(&key)?;
        if session.is_over(now) {
            held.remove(&key);
            return None;
        }
        session.used = session.used.max(now);
        Some(session.owner.clone())
    }

    /// Lets go of sessions that are over.
    pub(crate) fn forget(&self, now: Timestamp) {
        lock(&self.0).retain(|_, session| !session.is_over(now));
    }

    pub(crate) fn end(&self, id: &str) {
        lock(&self.0).remove(&sha256_hex(id.as_bytes()));
    }

    /// Ends all sessions of a network.
    pub(crate) fn end_all(&self, network: NetworkId) {
        lock(&self.0).retain(|_, session| session.owner.network != network);
    }
}

/// A nonce that waits to be placed on an owner's site, bound to the page that was given with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nonce {
    pub(crate) network: NetworkId,
    pub(crate) subject: ProofSubject,
    pub(crate) code: String,
    asked: Timestamp,
}

#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<BTreeMap<String, Nonce>>);

impl Nonces {
    /// Makes a nonce; returns it and the id that the page's form carries.
    pub(crate) fn begin(
        &self,
        network: NetworkId,
        subject: ProofSubject,
        random: [[u8; 32]; 2],
        now: Timestamp,
    ) -> (Nonce, String) {
        let [id, nonce] = random.map(hex);
        let mut held = lock(&self.0);
        held.retain(|_, nonce| now.duration_since(nonce.asked) < NONCE_LASTS);
        drop_oldest(&mut held, |nonce| nonce.asked);
        let nonce = Nonce {
            network,
            subject,
            code: nonce[..32].to_owned(),
            asked: now,
        };
        held.insert(sha256_hex(id.as_bytes()), nonce.clone());
        (nonce, id)
    }

    /// The nonce of this page, while it lasts.
    pub(crate) fn of(&self, id: &str, now: Timestamp) -> Option<Nonce> {
        lock(&self.0)
            .get(&sha256_hex(id.as_bytes()))
            .filter(|nonce| now.duration_since(nonce.asked) < NONCE_LASTS)
            .cloned()
    }

    /// Uses the nonce up: `true` for the first who does.
    pub(crate) fn spend(&self, id: &str) -> bool {
        lock(&self.0).remove(&sha256_hex(id.as_bytes())).is_some()
    }
}

/// What the server remembers of owners; in memory only.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    pub(crate) sessions: Sessions,
    pub(crate) nonces: Nonces,
    pub(crate) rates: RateLimits,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);
    const ONE: NetworkId = NetworkId::from_u128(1);

    #[test]
    fn a_session_ends_unused_after_twelve_hours_and_used_after_seven_days() {
        let sessions = Sessions::default();
        let idle = sessions.begin(ONE, [1; 32], String::new(), NOW);
        assert!(
            sessions
                .open(&idle, NOW + SignedDuration::from_hours(11))
                .is_some()
        );
        assert!(
            sessions
                .open(&idle, NOW + SignedDuration::from_hours(24))
                .is_none()
        );
        let used = sessions.begin(ONE, [2; 32], String::new(), NOW);
        for hour in 0..7 * 24 {
            assert!(
                sessions
                    .open(&used, NOW + SignedDuration::from_hours(hour))
                    .is_some()
            );
        }
        assert!(sessions.open(&used, NOW + LONGEST).is_none());
        let never_again = sessions.begin(ONE, [3; 32], String::new(), NOW);
        sessions.forget(NOW + SignedDuration::from_hours(11));
        assert_eq!(lock(&sessions.0).len(), 1);
        sessions.forget(NOW + SignedDuration::from_hours(12));
        assert_eq!(lock(&sessions.0).len(), 0);
        assert!(sessions.open(&never_again, NOW).is_none());
        assert!(sessions.open("", NOW).is_none());
    }

    #[test]
    fn the_sessions_of_a_network_end_together_and_no_others() {
        let sessions = Sessions::default();
        let (a, b) = (
            sessions.begin(ONE, [1; 32], String::new(), NOW),
            sessions.begin(ONE, [2; 32], String::new(), NOW),
        );
        let other = sessions.begin(NetworkId::from_u128(2), [3; 32], String::new(), NOW);
        sessions.end_all(ONE);
        assert!(sessions.open(&a, NOW).is_none() && sessions.open(&b, NOW).is_none());
        assert!(sessions.open(&other, NOW).is_some());
    }

    #[test]
    fn a_nonce_is_bound_to_its_page_lasts_a_quarter_of_an_hour_and_is_used_once() {
        let nonces = Nonces::default();
        let origin: discover_model::Origin = "https://site.example".parse().expect("origin");
        let subject = ProofSubject::from(&origin);
        let (nonce, id) = nonces.begin(ONE, subject, [[1; 32], [2; 32]], NOW);
        assert_eq!(nonces.of(&id, NOW), Some(nonce));
        assert_eq!(nonces.of("another page", NOW), None);
        assert_eq!(nonces.of(&id, NOW + NONCE_LASTS), None);
        assert!(nonces.spend(&id) && !nonces.spend(&id));
    }

    #[test]
    fn memory_is_bounded_however_many_ask() {
        let sessions = Sessions::default();
        for n in 0..MOST as u64 + 50 {
            let mut random = [0; 32];
            random[..8].copy_from_slice(&n.to_be_bytes());
            sessions.begin(ONE, random, String::new(), NOW);
        }
        assert_eq!(lock(&sessions.0).len(), MOST);
    }
}
