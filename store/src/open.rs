//! Opening the store: files, connections, migrations.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::Sha256;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqlSafeStr};
use tokio::sync::{Mutex, watch};

use crate::consent::ledger;
use crate::{BUSY, FILE, Inner, Store, StoreError, WriteConnection, files};

/// Connections that read. Each has its own small cache; the operating system's is shared.
const READERS: u32 = 4;
const READER_CACHE_KIB: &str = "-2048";
/// Cache of the one connection that writes.
const CACHE_KIB: &str = "-8192";

/// Every file of `migrations/`, in order: version, name, text.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "store", include_str!("../migrations/0001_store.sql")),
    (2, "consent", include_str!("../migrations/0002_consent.sql")),
    (
        3,
        "brake_and_uses",
        include_str!("../migrations/0003_brake_and_uses.sql"),
    ),
    (
        4,
        "following",
        include_str!("../migrations/0004_following.sql"),
    ),
    (5, "mail", include_str!("../migrations/0005_mail.sql")),
    (
        6,
        "unknown_dates",
        include_str!("../migrations/0006_unknown_dates.sql"),
    ),
    (
        7,
        "declared_and_taken_down",
        include_str!("../migrations/0007_declared_and_taken_down.sql"),
    ),
    (8, "vectors", include_str!("../migrations/0008_vectors.sql")),
    (9, "names", include_str!("../migrations/0009_names.sql")),
    (
        10,
        "opted_out",
        include_str!("../migrations/0010_opted_out.sql"),
    ),
    (11, "gone", include_str!("../migrations/0011_gone.sql")),
    (
        12,
        "proof_remarks_and_folders",
        include_str!("../migrations/0012_proof_remarks_and_folders.sql"),
    ),
    (
        13,
        "options",
        include_str!("../migrations/0013_options.sql"),
    ),
    (
        14,
        "options_again",
        include_str!("../migrations/0014_options_again.sql"),
    ),
    (
        15,
        "missing_sites_and_alerts",
        include_str!("../migrations/0015_missing_sites_and_alerts.sql"),
    ),
    (
        16,
        "item_marks",
        include_str!("../migrations/0016_item_marks.sql"),
    ),
    (17, "areas", include_str!("../migrations/0017_areas.sql")),
    (
        18,
        "answers",
        include_str!("../migrations/0018_answers.sql"),
    ),
    (
        19,
        "notices_and_digests",
        include_str!("../migrations/0019_notices_and_digests.sql"),
    ),
    (20, "told", include_str!("../migrations/0020_told.sql")),
    (
        21,
        "digest_figures",
        include_str!("../migrations/0021_digest_figures.sql"),
    ),
];

fn migrator() -> Migrator {
    migrator_of(MIGRATIONS)
}

fn migrator_of(migrations: &[(i64, &'static str, &'static str)]) -> Migrator {
    Migrator::with_migrations(
        migrations
            .iter()
            .map(|(version, name, sql)| {
                let sql = sql.into_sql_str();
                Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
            })
            .collect(),
    )
}

fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |(version, ..)| *version)
}

impl Store {
    /// Opens the store in `dir` for reading and writing; makes folder, database and instance key where absent.
    /// `zone` is the instance's time zone.
    ///
    /// On a full disk it takes what was set aside: the log's shared memory has to fit.
    pub async fn open(dir: &Path, zone: TimeZone) -> Result<Self, StoreError> {
        files::make_dir(dir)?;
        match Self::open_writable(dir, zone.clone()).await {
            Err(StoreError::DiskFull { .. }) if files::free_reserve(dir) => {
                Self::open_writable(dir, zone).await
            }
            opened => {
                if opened.is_ok() {
                    files::make_reserve(dir);
                }
                opened
            }
        }
    }

    async fn open_writable(dir: &Path, zone: TimeZone) -> Result<Self, StoreError> {
        let explain = |error: sqlx::Error| StoreError::Sql(error).explain(dir, BUSY.as_secs());
        // A file that cannot be written is told apart here: SQLite would quietly open it for reading.
        let file = dir.join(FILE);
        let is_new = !file.exists();
        if is_new && let Some(left) = files::left_of_a_store(dir) {
            return Err(StoreError::Gone { path: file, left });
        }
        let raw = std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&file)
            .map_err(|error| StoreError::io(&file, error))?;
        // A fresh key would make strangers of all who proved themselves under the old one.
        let key = files::instance_key(dir, is_new || is_empty(&file))?;
        let options = base_options(dir)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // New keys fall on pages all over the file: folding the log less often writes most of them once.
            .pragma("wal_autocheckpoint", "4000")
            .pragma("secure_delete", "ON");
        let mut connection = options.connect().await.map_err(explain)?;
        migrate(&mut connection, dir).await?;
        let known = check_key(&mut connection, &key).await;
        if !known.map_err(|error| error.explain(dir, BUSY.as_secs()))? {
            return Err(StoreError::ForeignKey {
                path: files::key_path(dir),
            });
        }
        let epoch = proof_epoch(&mut connection).await;
        let epoch = epoch.map_err(|error| error.explain(dir, BUSY.as_secs()))?;
        let readers = readers(dir, base_options(dir).read_only(true)).await?;
        let writer = WriteConnection {
            connection,
            open: false,
        };
        let store = Self::assemble(dir, zone, key, readers, Some((writer, raw)));
        store.inner.epoch.store(epoch, Ordering::Relaxed);
        store.catch_up_head().await?;
        Ok(store)
    }

    /// Opens an existing store for reading only, also beside a running writer.
    pub async fn open_read_only(dir: &Path, zone: TimeZone) -> Result<Self, StoreError> {
        let file = dir.join(FILE);
        match std::fs::File::open(&file) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::NotThere {
                    path: dir.to_owned(),
                });
            }
            Err(error) => return Err(StoreError::io(&file, error)),
        }
        let key = files::instance_key(dir, false)?;
        let plain = base_options(dir).read_only(true);
        let readers = match readers(dir, plain.clone()).await {
            Ok(readers) => readers,
            // On a medium that cannot be written, the shared memory of the log cannot be made; without a log
            // the file alone is the whole store.
            Err(_) if no_log(dir) => readers(dir, plain.immutable(true)).await?,
            Err(error) => return Err(error),
        };
        let store = Self::assemble(dir, zone, key, readers, None);
        let mut reader = store.named(store.readers().acquire().await.map_err(StoreError::from))?;
        let epoch = store.named(proof_epoch(&mut reader).await)?;
        drop(reader);
        store.inner.epoch.store(epoch, Ordering::Relaxed);
        let found: i64 = store.named(
            sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
                .fetch_one(store.readers())
                .await
                .map_err(StoreError::from),
        )?;
        let path = dir.to_owned();
        match found.cmp(&newest()) {
            std::cmp::Ordering::Less => Err(StoreError::Older {
                path,
                found,
                known: newest(),
            }),
            std::cmp::Ordering::Greater => Err(StoreError::Newer {
                path,
                found,
                known: newest(),
            }),
            std::cmp::Ordering::Equal => Ok(store),
        }
    }

    fn assemble(
        dir: &Path,
        zone: TimeZone,
        key: [u8; 32],
        readers: sqlx::SqlitePool,
        writer: Option<(WriteConnection, std::fs::File)>,
    ) -> Self {
        let (writer, raw) = writer.unzip();
        Self {
            inner: Arc::new(Inner {
                dir: dir.to_owned(),
                zone,
                key,
                readers,
                writer: writer.map(Mutex::new),
                raw: raw.map(Arc::new),
                cleaning: std::sync::Mutex::default(),
                pending: std::sync::Mutex::new(()),
                saved: std::sync::Mutex::default(),
                unsaved: std::sync::Mutex::default(),
                epoch: AtomicI64::new(0),
                beginning: AtomicBool::new(false),
                damaged: AtomicBool::new(false),
                stopped: AtomicBool::new(false),
                written: watch::Sender::default(),
            }),
        }
    }

    /// After a crash between an entry and its mirror, the mirror is one behind.
    async fn catch_up_head(&self) -> Result<(), StoreError> {
        let last = self.named(ledger::last(self.readers()).await)?;
        let seq = last.as_ref().map_or(0, |(seq, _)| *seq);
        // A mirror that is missing or says something else is evidence and stays as it is: verify_ledger tells.
        match (files::read_head(&self.inner.dir), last) {
            // An older store was put in place of a newer one: who left since would come back.
            (Ok(Some((mirrored, _))), _) if mirrored > seq => Err(StoreError::Behind {
                path: self.inner.dir.join(FILE),
                found: seq,
                mirrored,
            }),
            (Ok(Some((mirrored, _))), Some((seq, hash))) if mirrored < seq => {
                files::write_head(&self.inner.dir, seq, &hash).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The instance's secret, from which tokens and tombstones are made.
    pub fn instance_key(&self) -> [u8; 32] {
        self.inner.key
    }

    /// The secret that tokens of proofs are made with. A restore changes it, so that a proof from before it, which its
    /// owner may have meant to end since, does not count.
    pub fn proof_key(&self) -> [u8; 32] {
        match self.inner.epoch.load(Ordering::Relaxed) {
            0 => self.inner.key,
            epoch => self.sub_key(&format!("proof {epoch}")),
        }
    }

    /// Makes every token of before worthless: each network has to put up a new one.
    pub async fn begin_proof_epoch(&self, now: Timestamp) -> Result<(), StoreError> {
        let epoch = now
            .as_second()
            .max(self.inner.epoch.load(Ordering::Relaxed) + 1);
        let mut writer = self.write().await?;
        let result = sqlx::query(
            "INSERT INTO meta (name, value) VALUES ('proof_epoch', ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(epoch)
        .execute(writer.connection())
        .await
        .map(|_| ())
        .map_err(StoreError::from);
        writer.finish(result).await?;
        self.inner.epoch.store(epoch, Ordering::Relaxed);
        Ok(())
    }

    /// A secret for one use: HMAC-SHA256 of the label under the instance key.
    pub fn sub_key(&self, label: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.inner.key)
            .expect("HMAC takes a key of any length");
        mac.update(label.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Closes all connections; the log is folded into the database.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        if let Some(writer) = &self.inner.writer {
            let mut guard = writer.lock().await;
            guard.roll_back().await;
            let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .execute(&mut guard.connection)
                .await;
        }
    }
}

fn base_options(dir: &Path) -> SqliteConnectOptions {
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

async fn readers(
    dir: &Path,
    options: SqliteConnectOptions,
) -> Result<sqlx::SqlitePool, StoreError> {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .acquire_timeout(BUSY * 2)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options.pragma("cache_size", READER_CACHE_KIB))
        .await
        .map_err(|error| StoreError::Sql(error).explain(dir, BUSY.as_secs()))
}

fn is_empty(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|found| found.len() == 0)
}

/// Whether this is the key that the store was made with. A store that does not know its key yet learns it.
async fn check_key(connection: &mut SqliteConnection, key: &[u8; 32]) -> Result<bool, StoreError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(b"key check");
    let mut first = [0; 8];
    first.copy_from_slice(&mac.finalize().into_bytes()[..8]);
    let check = i64::from_be_bytes(first);
    let known: Option<i64> = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'key_check'")
        .fetch_optional(&mut *connection)
        .await?;
    if known.is_none() {
        sqlx::query("INSERT INTO meta (name, value) VALUES ('key_check', ?)")
            .bind(check)
            .execute(connection)
            .await?;
    }
    Ok(known.is_none_or(|known| known == check))
}

async fn proof_epoch(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let epoch: Option<i64> =
        sqlx::query_scalar("SELECT value FROM meta WHERE name = 'proof_epoch'")
            .fetch_optional(connection)
            .await?;
    Ok(epoch.unwrap_or(0))
}

fn no_log(dir: &Path) -> bool {
    !std::fs::metadata(dir.join(format!("{FILE}-wal"))).is_ok_and(|log| log.len() > 0)
}

async fn migrate(connection: &mut SqliteConnection, dir: &Path) -> Result<(), StoreError> {
    let path = dir.to_owned();
    // `run` takes a generic `Acquire`, which makes the future of `open` unable to move between threads.
    match migrator().run_direct(None, connection, false).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found)) => Err(StoreError::Newer {
            path,
            found,
            known: newest(),
        }),
        Err(MigrateError::VersionMismatch(version)) => Err(StoreError::Corrupt {
            path,
            detail: format!("schema {version} is not the one that was released"),
        }),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(StoreError::Sql(error).explain(dir, BUSY.as_secs()))
        }
        Err(error) => Err(StoreError::Corrupt {
            path,
            detail: error.to_string(),
        }),
    }
}

/// A connection of its own, for work that must not hold up the others.
pub(crate) async fn extra_reader(store: &Store) -> Result<SqliteConnection, StoreError> {
    store.named(
        SqliteConnection::connect_with(&base_options(store.dir()).read_only(true))
            .await
            .map_err(StoreError::from),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_file_is_built_in_and_in_order() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut files: Vec<String> = std::fs::read_dir(dir)
            .expect("migrations")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        files.sort();
        let built: Vec<String> = MIGRATIONS
            .iter()
            .map(|(version, name, _)| format!("{version:04}_{name}.sql"))
            .collect();
        assert_eq!(files, built);
    }

    #[tokio::test]
    async fn a_store_of_every_older_version_is_brought_up_to_date() {
        for version in 1..newest() {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("instance.key"), "ab".repeat(32)).unwrap();
            let mut connection = base_options(dir.path())
                .create_if_missing(true)
                .connect()
                .await
                .unwrap();
            let older: Vec<_> = MIGRATIONS[..version as usize].to_vec();
            migrator_of(&older)
                .run_direct(None, &mut connection, false)
                .await
                .unwrap();
            sqlx::query("INSERT INTO meta (name, value) VALUES ('generation', 7)")
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
            let store = Store::open(dir.path(), TimeZone::UTC).await.unwrap();
            assert_eq!(store.visibility().await.unwrap().generation, 7, "{version}");
            store.integrity_check().await.unwrap();
            store.close().await;
            Store::open_read_only(dir.path(), TimeZone::UTC)
                .await
                .unwrap_or_else(|error| panic!("{version}: {error}"));
        }
    }
}
