//! The system of record: networks, sources, grants, posts, the change log and the ledger, in one SQLite file.
//!
//! Contract:
//! - Only `Admitted<Post>` can be stored, and only under a grant that is live when it is stored.
//! - Posts, the change log, the frontier's state and refusal counts of one commit stand or fall together.
//! - Writes are idempotent: the same commit twice stores nothing the second time.
//! - What index and graph need is in the change log; a commit that has returned survives a loss of power, so the
//!   log never falls back behind a sequence number that was handed out (docs/adr/0004).
//! - Hiding and withdrawing are durable before they return; [`Store::erase`] leaves no byte of a withdrawn network
//!   but its random id.
//! - No clock is read here: `now` is always an argument.
//!
//! One connection writes, four read. Every method can be cancelled: an unfinished transaction is rolled back.

mod annotations;
mod answer_networks;
mod answers;
mod backup;
mod change_log;
mod clock;
mod closed;
mod consent;
mod database;
mod digests;
mod erasure;
mod error;
mod files;
mod following;
mod keys;
mod manifest;
mod migrations;
mod notices;
mod open;
mod packages;
mod posts;
mod receipts;
mod remains;
mod row;
mod scrub;
mod types;
mod vectors;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::{Mutex, MutexGuard, watch};

use database::{Connection, Pool, postgres, query};

pub use annotations::{Annotation, NewAnnotation, names_network};
pub use answer_networks::Raised;
pub use answers::{Answer, ErasedText, NewAnswer, Stage};
pub use clock::ClockRecord;
pub use consent::audit::Audit;
pub use consent::grants::WouldGo;
pub use consent::missing_sites::{MISSING_DAYS, MissingSite};
pub use consent::objections::{
    DECIDE_WITHIN, Decision, Objection, ObjectionId, ObjectionReason, ObjectionState,
};
pub use consent::pending_withdrawals::{PendingWithdrawal, set_aside_damaged};
pub use consent::proof_checks::ProofCheck;
pub use database::address::{BadAddress, PostgresAddress};
pub use digests::{DigestEdition, DigestEvery, DigestSection, DigestTopic};
pub use error::StoreError;
pub use files::{RESTORING, is_instance};
pub use following::about::{FollowAbout, NotMade};
pub use following::analysts::{AnalystKey, KeyScope, LONGEST_KEY, NewKey, UnknownScope, key_id};
pub use following::deliveries::{
    Claimed, Delivery, DeliveryEvent, DeliveryState, DeliverySubject, Outcome, Replay, Tried,
};
pub use following::follows::{Follow, NewFollow, Seen};
pub use following::mail::{ByMail, ClaimedMail, Every, MOST_IN_A_MAIL, MailItem};
pub use following::mailbox::{Mailbox, NotAMailbox};
pub use following::owners::{OwnerFollow, OwnerPlace};
pub use following::readers::DigestDue;
pub use manifest::put_back;
pub use notices::{Begun, Holds, Noted, Notice, NoticeKind};
pub use packages::{RecordedGrant, is_signed_package};
pub use posts::commit::marks::Marked;
pub use posts::expire::ExpiryClock;
pub use posts::uses::{USE_DAYS, Uses};
pub use scrub::Cleaning;
pub use types::*;
pub use vectors::{KeptVector, ModelPrint};

/// The database within the data folder.
pub const FILE: &str = "store.sqlite3";
/// How long a lock of another process is waited for.
const BUSY: Duration = Duration::from_secs(5);

/// A handle to the store; clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    /// What errors name: the folder, or the address of the database without its password.
    place: PathBuf,
    /// Where the database is, where it is not in the folder.
    postgres: Option<PostgresAddress>,
    zone: TimeZone,
    key: [u8; 32],
    readers: Pool,
    writer: Option<Mutex<WriteConnection>>,
    /// The database's file itself, where it is written: open as long as the store, for to close it would give up the locks
    /// that SQLite holds on it for the whole process.
    raw: Option<Arc<std::fs::File>>,
    cleaning: std::sync::Mutex<Option<Cleaning>>,
    /// Held while the file of pending withdrawals is changed.
    pending: std::sync::Mutex<()>,
    /// What that file holds, once it has been read.
    saved: std::sync::Mutex<Option<Vec<PendingWithdrawal>>>,
    /// Withdrawals that the file of pending ones could not take yet.
    unsaved: std::sync::Mutex<Vec<PendingWithdrawal>>,
    /// Raised by a restore; part of what tokens of proofs are made from.
    epoch: AtomicI64,
    /// A transaction is to begin.
    beginning: AtomicBool,
    /// A page was found that is not what was written.
    damaged: AtomicBool,
    /// Set when a write may have been lost: nothing is written any more until a restart.
    stopped: AtomicBool,
    /// How many transactions have been written since the store was opened.
    written: watch::Sender<u64>,
}

struct WriteConnection {
    connection: Connection,
    /// A transaction may be open; left so by a cancelled call.
    open: bool,
    /// The server ended it, or was not reached: it is made anew before the next write.
    lost: bool,
    /// The number by which this process has the database for itself.
    alone: Option<i64>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("dir", &self.inner.dir)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// The instance's time zone, in which days are counted.
    pub fn zone(&self) -> &TimeZone {
        &self.inner.zone
    }

    /// Changes with every transaction that is written, so that who waits for one need not ask again and again.
    pub fn written(&self) -> watch::Receiver<u64> {
        self.inner.written.subscribe()
    }

    fn readers(&self) -> &Pool {
        &self.inner.readers
    }

    /// Gives an error its path and its advice.
    fn named<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        result.map_err(|error| {
            let error = error.explain(&self.inner.place, BUSY.as_secs());
            if matches!(error, StoreError::Corrupt { .. }) {
                self.inner.damaged.store(true, Ordering::Relaxed);
            }
            error
        })
    }

    /// Whether a write waits at this moment for the lock of another process: within this one, writers take turns.
    pub fn waits_for_lock(&self) -> bool {
        self.inner.beginning.load(Ordering::Relaxed)
    }

    /// Whether damage was found since the store was opened: by a check, or by an answer that could not be read.
    pub fn is_damaged(&self) -> bool {
        self.inner.damaged.load(Ordering::Relaxed)
    }

    /// Whether nothing is written any more, because a write may have been lost.
    pub fn is_stopped(&self) -> bool {
        self.inner.stopped.load(Ordering::Relaxed)
    }

    /// The one writer, with a transaction open.
    async fn write(&self) -> Result<Writer<'_>, StoreError> {
        let mut guard = self.idle_writer().await?;
        // Before it is sent: a call that is cancelled now may leave it to be carried out.
        guard.open = true;
        let waiting = Waiting::begin(&self.inner.beginning);
        let begun = if guard.connection.is_postgres() {
            postgres::begin(&mut guard.connection).await
        } else {
            let begun = query("BEGIN IMMEDIATE").execute(&mut guard.connection);
            begun.await.map(|_| ())
        };
        let begun = match begun {
            // The server was started anew meanwhile, or the line was cut: nothing was asked of it yet.
            Err(error) if guard.connection.is_postgres() && postgres::is_lost(&error) => {
                guard.roll_back().await;
                self.connect_again(&mut guard).await?;
                guard.open = true;
                postgres::begin(&mut guard.connection).await
            }
            begun => begun,
        };
        drop(waiting);
        self.named(begun.map_err(StoreError::from))?;
        Ok(Writer {
            guard,
            store: self,
            head: None,
        })
    }

    /// The one writer, without a transaction.
    async fn idle_writer(&self) -> Result<MutexGuard<'_, WriteConnection>, StoreError> {
        let Some(writer) = &self.inner.writer else {
            return Err(StoreError::ReadOnly {
                path: self.inner.dir.clone(),
            });
        };
        let mut guard = writer.lock().await;
        if self.inner.stopped.load(Ordering::Relaxed) {
            return Err(StoreError::Stopped {
                path: self.inner.dir.clone(),
            });
        }
        guard.roll_back().await;
        self.connect_again(&mut guard).await?;
        Ok(guard)
    }

    /// Connects anew where the connection was lost. Where the lock is held, by another process or by the connection that was
    /// lost, the next write asks again; where another had the database since, or it is an older copy, nothing more is written:
    /// what went meanwhile is shown here still.
    async fn connect_again(&self, guard: &mut WriteConnection) -> Result<(), StoreError> {
        let Some(address) = self.inner.postgres.as_ref().filter(|_| guard.lost) else {
            return Ok(());
        };
        let connected = postgres::connect(address, BUSY).await;
        let mut connection = Connection::Postgres(self.named(connected.map_err(StoreError::from))?);
        if let Some(own) = guard.alone {
            let taken = || StoreError::Taken {
                path: self.inner.place.clone(),
            };
            let alone = postgres::be_alone(&mut connection).await;
            if !self.named(alone.map_err(StoreError::from))? {
                return Err(taken());
            }
            let by = postgres::taken_by(&mut connection).await;
            let is_own = self.named(by.map_err(StoreError::from))? == Some(own);
            let last = self.named(consent::ledger::last(&mut connection).await)?;
            let behind = self.behind(last.as_ref());
            if !is_own || behind.is_some() {
                self.inner.stopped.store(true, Ordering::Relaxed);
                return Err(behind.unwrap_or_else(taken));
            }
        }
        guard.connection = connection;
        guard.lost = false;
        Ok(())
    }
}

/// Set for as long as it lives; a call that is cancelled waits no longer.
struct Waiting<'a>(&'a AtomicBool);

impl<'a> Waiting<'a> {
    fn begin(flag: &'a AtomicBool) -> Self {
        flag.store(true, Ordering::Relaxed);
        Self(flag)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl WriteConnection {
    async fn roll_back(&mut self) {
        if self.open {
            // A disk error may have ended the transaction already; then there is nothing to roll back.
            let ended = query("ROLLBACK").execute(&mut self.connection).await;
            self.lost = self.connection.is_postgres() && ended.is_err();
            self.open = false;
        }
    }
}

/// An open write transaction. Dropped without [`Writer::finish`], it is rolled back by the next writer.
struct Writer<'a> {
    guard: MutexGuard<'a, WriteConnection>,
    store: &'a Store,
    /// The ledger's new head, to be mirrored once the transaction is durable.
    head: Option<(u64, String)>,
}

impl Writer<'_> {
    fn connection(&mut self) -> &mut Connection {
        &mut self.guard.connection
    }

    /// Commits what worked, rolls back what did not.
    async fn finish<T>(mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        let result = match result {
            Ok(value) => query("COMMIT")
                .execute(&mut self.guard.connection)
                .await
                .map(|_| value)
                .map_err(StoreError::from),
            Err(error) => Err(error),
        };
        match result {
            Ok(value) => {
                self.guard.open = false;
                self.store.inner.written.send_modify(|times| *times += 1);
                if let Some((seq, hash)) = self.head.take() {
                    files::write_head(&self.store.inner.dir, seq, &hash).await;
                }
                Ok(value)
            }
            Err(error) => {
                self.guard.roll_back().await;
                let ends_writing = error.ends_writing();
                let error = error.explain(&self.store.inner.place, BUSY.as_secs());
                if ends_writing && !matches!(error, StoreError::DiskFull { .. }) {
                    self.store.inner.stopped.store(true, Ordering::Relaxed);
                }
                Err(error)
            }
        }
    }
}
