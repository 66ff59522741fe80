//! What is SQLite's alone: how its file is opened.

use std::path::Path;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Pool;
use crate::{BUSY, FILE, StoreError};

/// Connections that read. Each has its own small cache; the operating system's is shared.
const READERS: u32 = 4;
const READER_CACHE_KIB: &str = "-2048";
/// Cache of the one connection that writes.
const CACHE_KIB: &str = "-8192";

/// How every connection is opened.
pub(crate) fn options(dir: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(dir.join(FILE))
        .busy_timeout(BUSY)
        .pragma("cache_size", CACHE_KIB)
        .pragma("mmap_size", "0")
        .pragma("trusted_schema", "OFF")
        // Rows come from a thread of the connection's own: the answers that readers wait for fit in one hand-over.
        .row_buffer_size(1024)
        .disable_statement_logging()
}

/// How the one that writes is opened.
pub(crate) fn writer_options(dir: &Path) -> SqliteConnectOptions {
    options(dir)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // New keys fall on pages all over the file: folding the log less often writes most of them once.
        .pragma("wal_autocheckpoint", "4000")
        .pragma("secure_delete", "ON")
}

pub(crate) async fn readers(dir: &Path, options: SqliteConnectOptions) -> Result<Pool, StoreError> {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .acquire_timeout(BUSY * 2)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options.pragma("cache_size", READER_CACHE_KIB))
        .await
        .map(Pool::Sqlite)
        .map_err(|error| StoreError::Sql(error).explain(dir, BUSY.as_secs()))
}
