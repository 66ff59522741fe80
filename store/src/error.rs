//! What can go wrong, in words that say what to do about it.

use std::path::{Path, PathBuf};

use discover_model::ledger::Broken;
use discover_model::{GrantId, NetworkId, Origin, PostId, SourceId};
use jiff::Timestamp;
use sqlx::error::DatabaseError as _;
use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{} may not be read or written: give the user that runs discover full access to it", path.display())]
    Permission { path: PathBuf },
    #[error("{} is read-only: use a data folder that can be written, or only commands that read", path.display())]
    ReadOnly { path: PathBuf },
    #[error(
        "no room left for {}: free some space on its disk and try again; nothing was lost and nothing half-written",
        path.display()
    )]
    DiskFull { path: PathBuf },
    #[error(
        "{} has been locked by another process for more than {seconds} s: end that process, or try again later",
        path.display()
    )]
    Locked { path: PathBuf, seconds: u64 },
    #[error(
        "{} is damaged ({detail}): stop discover, keep a copy of the folder, and restore the latest backup with `discover restore`",
        path.display()
    )]
    Corrupt { path: PathBuf, detail: String },
    #[error(
        "line {line} of {} is not what was written, so a withdrawal may be lost: stop discover, run `discover admin withdrawals --set-aside`, and withdraw again, with `discover withdraw`, what was asked for lately and is not in the ledger",
        path.display()
    )]
    PendingDamaged { path: PathBuf, line: usize },
    #[error("there is no store in {}: check the data folder, or start with `discover demo` or `discover serve`", path.display())]
    NotThere { path: PathBuf },
    #[error(
        "{} was written by a newer discover (schema {found}; this one knows {known}): use that version, or restore an older backup",
        path.display()
    )]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error(
        "{} was written by an older discover (schema {found}; this one needs {known}): run `discover serve` once to bring it up to date",
        path.display()
    )]
    Older {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error(
        "{} is gone, and {left} beside it is not: put the store back, or restore a backup into an empty folder with `discover restore`; for a fresh start, choose an empty folder with --data",
        path.display()
    )]
    Gone { path: PathBuf, left: &'static str },
    #[error(
        "{} ends at entry {found} of the ledger, and ledger.head beside it says {mirrored}: it is older than what was here. Put the newer store back, or restore it into an empty folder with `discover restore --ledger FILE`, so that nobody who left since comes back",
        path.display()
    )]
    Behind {
        path: PathBuf,
        found: u64,
        mirrored: u64,
    },
    #[error(
        "{} is not the key this store was made with: put the right one back from a backup, for tokens, voices and tombstones depend on it",
        path.display()
    )]
    ForeignKey { path: PathBuf },
    #[error(
        "{} is missing: put it back from a backup, for tokens, voices and tombstones depend on it; without it nobody who left can be kept out",
        path.display()
    )]
    NoKey { path: PathBuf },
    #[error("{} is no whole backup ({detail}): name another folder that `discover backup` wrote", path.display())]
    NotABackup { path: PathBuf, detail: String },
    #[error("{} is older than PostgreSQL 14 (it says {found}): use a newer server", path.display())]
    OldServer { path: PathBuf, found: i64 },
    #[error("{} cannot be reached ({detail}): check the address, the server and the login", path.display())]
    Unreachable { path: PathBuf, detail: String },
    #[error(
        "another process of discover uses {}: end it first; several on one database do not hear of each other's withdrawals yet",
        path.display()
    )]
    Taken { path: PathBuf },
    #[error("an earlier write to {} failed, so nothing more is written: check the disk, then restart discover", path.display())]
    Stopped { path: PathBuf },
    #[error("cannot use {}: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is not an instance key (64 hexadecimal digits expected): restore it from a backup; tokens and voices depend on it", path.display())]
    BadKey { path: PathBuf },
    #[error("{} is missing or cannot be read, so a shortened ledger would go unseen: restore it from a backup or from the last published head", path.display())]
    LedgerHead { path: PathBuf },
    #[error("the ledger does not hold together: {0}")]
    Ledger(#[from] Broken),
    #[error("ledger row {seq} does not fit the entry it holds")]
    LedgerRow { seq: i64 },
    #[error("the head of {day} does not bear this instance's signature")]
    HeadSignature { day: jiff::civil::Date },
    #[error("no {what} {id} in the store")]
    NotFound { what: &'static str, id: String },
    #[error(
        "network {network} has withdrawn: it can come back only as a new registration with a new proof"
    )]
    Withdrawn { network: NetworkId },
    #[error(
        "{scope} was withdrawn on {withdrawn}: only a proof on the site that was seen after that day opens it again"
    )]
    WithdrawnScope { scope: String, withdrawn: Timestamp },
    #[error(
        "{origin} has a proof of its own, or withdrew: no folder of it proves anything, only a proof for the whole site does"
    )]
    OriginHasSpoken { origin: Origin },
    #[error(
        "{} objections to posts of network {network} wait for a decision: decide them with `discover admin objections`",
        crate::OPEN_AT_ONCE
    )]
    TooManyObjections { network: NetworkId },
    #[error("the name {slug:?} is taken by another network: choose another")]
    SlugTaken { slug: String },
    #[error(
        "post {post} is of another network or source than the commit it came in with ({source_id})"
    )]
    Foreign { post: PostId, source_id: SourceId },
    #[error("grant {grant} is not recorded: record the grant before posts that came in under it")]
    UnknownGrant { grant: GrantId },
    #[error(
        "the lease of source {source_id} was given to another worker: drop this visit, the other one continues"
    )]
    LeaseLost { source_id: SourceId },
    #[error(
        "{posts} of {of} posts would expire at once, {days} days after the last run: they are hidden; if the clock is right, run `discover admin expire --confirm`, else set the clock. After 7 days they go without it"
    )]
    ClockJump { posts: u64, of: u64, days: i64 },
    #[error(
        "{posts} posts are past their term by a clock that is in doubt: they are hidden; set the clock, or, if it is right, run `discover admin expire --confirm`. After 7 days they go without it"
    )]
    ClockDoubted { posts: u64 },
    #[error(
        "another process reads the store without end, so erased text may still be in its log: end that process; the next purge completes the erasure"
    )]
    LongReader,
    #[error(
        "column {column} holds {value:?}, which cannot be: check the store with `discover doctor`"
    )]
    BadRow { column: String, value: String },
    #[error("the store could not answer: {0}")]
    Sql(#[from] sqlx::Error),
}

impl StoreError {
    /// Whether a part of the disk write may be lost although it was asked for: then no further write is sound.
    pub(crate) fn ends_writing(&self) -> bool {
        matches!(self, Self::Sql(error) if primary_code(error) == Some(IO))
            || matches!(self, Self::Corrupt { .. })
    }

    /// Puts the plain reason, with the path, in the place of a database code.
    pub(crate) fn explain(self, path: &Path, busy_seconds: u64) -> Self {
        let Self::Sql(error) = self else { return self };
        let path = path.to_owned();
        if let Some(state) = sql_state(&error) {
            return explain_postgres(path, &state, error, busy_seconds);
        }
        match primary_code(&error) {
            Some(PERM | AUTH) => Self::Permission { path },
            Some(BUSY | LOCKED) => Self::Locked {
                path,
                seconds: busy_seconds,
            },
            Some(READ_ONLY) => Self::ReadOnly { path },
            Some(FULL) => Self::DiskFull { path },
            Some(IO) if extended_code(&error) == Some(IO_SHM_SIZE) => Self::DiskFull { path },
            Some(CORRUPT | NOT_A_DATABASE) => Self::Corrupt {
                path,
                detail: error.to_string(),
            },
            Some(CANNOT_OPEN) => why_unopenable(path, error),
            _ => match error {
                sqlx::Error::PoolTimedOut => Self::Locked {
                    path,
                    seconds: busy_seconds,
                },
                sqlx::Error::Io(error) => Self::io(&path, error),
                error => Self::Sql(error),
            },
        }
    }

    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            std::io::ErrorKind::PermissionDenied => Self::Permission { path },
            std::io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { path }
            }
            _ => Self::Io { path, source },
        }
    }
}

const PERM: i32 = 3;
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READ_ONLY: i32 = 8;
const IO: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;
const AUTH: i32 = 23;
const NOT_A_DATABASE: i32 = 26;
/// The shared-memory file of the write-ahead log could not grow: in practice, the disk is full.
const IO_SHM_SIZE: i32 = IO + (19 << 8);

fn extended_code(error: &sqlx::Error) -> Option<i32> {
    let error = error
        .as_database_error()?
        .try_downcast_ref::<SqliteError>()?;
    error.code()?.parse().ok()
}

/// PostgreSQL's code of an error (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn sql_state(error: &sqlx::Error) -> Option<String> {
    let error = error
        .as_database_error()?
        .try_downcast_ref::<PgDatabaseError>()?;
    Some(error.code().to_owned())
}

fn explain_postgres(path: PathBuf, state: &str, error: sqlx::Error, seconds: u64) -> StoreError {
    match state {
        "53100" => StoreError::DiskFull { path },
        "55P03" => StoreError::Locked { path, seconds },
        "25006" => StoreError::ReadOnly { path },
        "42501" => StoreError::Permission { path },
        "XX001" | "XX002" => StoreError::Corrupt {
            path,
            detail: error.to_string(),
        },
        // A login that is refused, a database that is not there, a server that starts, stops or is full.
        "28000" | "28P01" | "3D000" | "53300" | "57P01" | "57P02" | "57P03" => {
            StoreError::Unreachable {
                path,
                detail: error.to_string(),
            }
        }
        _ => StoreError::Sql(error),
    }
}

/// SQLite's primary result code.
pub(crate) fn primary_code(error: &sqlx::Error) -> Option<i32> {
    extended_code(error).map(|code| code & 0xff)
}

/// Another connection is in the way.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(BUSY | LOCKED))
}

/// "Cannot open" hides the reason; looking at the file tells it.
fn why_unopenable(path: PathBuf, error: sqlx::Error) -> StoreError {
    match std::fs::OpenOptions::new()
        .read(true)
        .open(path.join(crate::FILE))
    {
        Err(reason) if reason.kind() != std::io::ErrorKind::NotFound => {
            StoreError::io(&path, reason)
        }
        Err(_) => StoreError::NotThere { path },
        Ok(_) => StoreError::Sql(error),
    }
}
