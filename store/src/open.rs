//! Opening the store: files, connections, migrations.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::Sha256;
use sqlx::ConnectOptions as _;
use tokio::sync::{Mutex, watch};

use crate::consent::ledger;
use crate::database::address::PostgresAddress;
use crate::database::{Connection, Pool, postgres, query, query_scalar, sqlite};
use crate::migrations::newest;
use crate::{BUSY, FILE, Inner, Store, StoreError, WriteConnection, files, migrations};

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
        let connection = sqlite::writer_options(dir)
            .connect()
            .await
            .map_err(explain)?;
        let mut connection = Connection::Sqlite(connection);
        migrations::run(&mut connection, dir).await?;
        let epoch = known(&mut connection, &key, dir, dir).await?;
        let readers = sqlite::readers(dir, sqlite::options(dir).read_only(true)).await?;
        let parts = Parts {
            key,
            readers,
            writer: Some(connection),
            raw: Some(raw),
            postgres: None,
            alone: None,
        };
        let store = Self::assemble(dir, zone, parts);
        store.inner.epoch.store(epoch, Ordering::Relaxed);
        store.catch_up_head().await?;
        Ok(store)
    }

    /// Opens the store in `dir` whose database is at `address`, for reading and writing; makes its schema where absent.
    /// Folder, keys and what else lies beside the database are as without. No other process can open it to write meanwhile.
    pub async fn open_on_postgres(
        dir: &Path,
        zone: TimeZone,
        address: &PostgresAddress,
    ) -> Result<Self, StoreError> {
        Self::open_postgres(dir, zone, address, true).await
    }

    /// As [`Self::open_on_postgres`], where others may write too if not `alone`.
    pub(crate) async fn open_postgres(
        dir: &Path,
        zone: TimeZone,
        address: &PostgresAddress,
        alone: bool,
    ) -> Result<Self, StoreError> {
        files::make_dir(dir)?;
        let place = PathBuf::from(address.to_string());
        let explain = |error: sqlx::Error| StoreError::Sql(error).explain(&place, BUSY.as_secs());
        let connection = postgres::connect(address, BUSY).await.map_err(explain)?;
        let mut connection = Connection::Postgres(connection);
        let version = postgres::version(&mut connection).await.map_err(explain)?;
        if let Err(found) = version {
            return Err(StoreError::OldServer { path: place, found });
        }
        if alone && !postgres::be_alone(&mut connection).await.map_err(explain)? {
            return Err(StoreError::Taken { path: place });
        }
        let held = postgres::holds_a_store(&mut connection).await;
        let is_new = !held.map_err(explain)?;
        if is_new && let Some(left) = files::left_of_a_store(dir) {
            return Err(StoreError::Gone { path: place, left });
        }
        let key = files::instance_key(dir, is_new)?;
        migrations::run(&mut connection, &place).await?;
        let epoch = known(&mut connection, &key, dir, &place).await?;
        let alone = if alone {
            Some(postgres::take(&mut connection).await.map_err(explain)?)
        } else {
            None
        };
        let readers = postgres::readers(address, BUSY).await.map_err(explain)?;
        let parts = Parts {
            key,
            readers,
            writer: Some(connection),
            raw: None,
            postgres: Some(address.clone()),
            alone,
        };
        let store = Self::assemble(dir, zone, parts);
        store.inner.epoch.store(epoch, Ordering::Relaxed);
        store.catch_up_head().await?;
        Ok(store)
    }

    /// The same for reading only, of a store that is there.
    pub async fn open_read_only_on_postgres(
        dir: &Path,
        zone: TimeZone,
        address: &PostgresAddress,
    ) -> Result<Self, StoreError> {
        let place = PathBuf::from(address.to_string());
        let explain = |error: sqlx::Error| StoreError::Sql(error).explain(&place, BUSY.as_secs());
        // A pool tries again where nobody answers, and says in the end that it waited.
        let connection = postgres::connect(address, BUSY).await.map_err(explain)?;
        let mut connection = Connection::Postgres(connection);
        let held = postgres::holds_a_store(&mut connection).await;
        connection.close().await.map_err(explain)?;
        if !held.map_err(explain)? {
            return Err(StoreError::NotThere { path: place });
        }
        let readers = postgres::readers(address, BUSY).await.map_err(explain)?;
        let key = files::instance_key(dir, false)?;
        let parts = Parts {
            key,
            readers,
            writer: None,
            raw: None,
            postgres: Some(address.clone()),
            alone: None,
        };
        Self::assemble(dir, zone, parts).if_up_to_date().await
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
        let plain = sqlite::options(dir).read_only(true);
        let readers = match sqlite::readers(dir, plain.clone()).await {
            Ok(readers) => readers,
            // On a medium that cannot be written, the shared memory of the log cannot be made; without a log
            // the file alone is the whole store.
            Err(_) if no_log(dir) => sqlite::readers(dir, plain.immutable(true)).await?,
            Err(error) => return Err(error),
        };
        let parts = Parts {
            key,
            readers,
            writer: None,
            raw: None,
            postgres: None,
            alone: None,
        };
        Self::assemble(dir, zone, parts).if_up_to_date().await
    }

    /// The store, if its schema is the one that is known.
    async fn if_up_to_date(self) -> Result<Self, StoreError> {
        let mut reader = self.named(self.readers().acquire().await.map_err(StoreError::from))?;
        let epoch = self.named(proof_epoch(&mut reader).await)?;
        drop(reader);
        self.inner.epoch.store(epoch, Ordering::Relaxed);
        let found: i64 = self.named(
            query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
                .fetch_one(self.readers())
                .await
                .map_err(StoreError::from),
        )?;
        let path = self.inner.place.clone();
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
            std::cmp::Ordering::Equal => Ok(self),
        }
    }

    fn assemble(dir: &Path, zone: TimeZone, parts: Parts) -> Self {
        let place = parts.postgres.as_ref().map(ToString::to_string);
        let writer = parts.writer.map(|connection| WriteConnection {
            connection,
            open: false,
            lost: false,
            alone: parts.alone,
        });
        Self {
            inner: Arc::new(Inner {
                dir: dir.to_owned(),
                place: place.map_or_else(|| dir.to_owned(), PathBuf::from),
                postgres: parts.postgres,
                zone,
                key: parts.key,
                readers: parts.readers,
                writer: writer.map(Mutex::new),
                raw: parts.raw.map(Arc::new),
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
        if let Some(behind) = self.behind(last.as_ref()) {
            return Err(behind);
        }
        // A mirror that is missing or says something else is evidence and stays as it is: verify_ledger tells.
        match (files::read_head(&self.inner.dir), last) {
            (Ok(Some((mirrored, _))), Some((seq, hash))) if mirrored < seq => {
                files::write_head(&self.inner.dir, seq, &hash).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// That the ledger ends before its mirror: an older store is in place of a newer one, and who left since would come back.
    pub(crate) fn behind(&self, last: Option<&(u64, String)>) -> Option<StoreError> {
        let found = last.map_or(0, |(seq, _)| *seq);
        match files::read_head(&self.inner.dir) {
            Ok(Some((mirrored, _))) if mirrored > found => Some(StoreError::Behind {
                path: self.inner.dir.join(FILE),
                found,
                mirrored,
            }),
            _ => None,
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
        let result = query(
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
            if !guard.connection.is_postgres() {
                let _ = query("PRAGMA wal_checkpoint(TRUNCATE)")
                    .execute(&mut guard.connection)
                    .await;
            }
        }
    }
}

/// What a store is made of.
struct Parts {
    key: [u8; 32],
    readers: Pool,
    writer: Option<Connection>,
    raw: Option<std::fs::File>,
    postgres: Option<PostgresAddress>,
    /// The number by which a process has a server's database for itself.
    alone: Option<i64>,
}

/// The epoch of proofs, if this is the key that the store was made with.
async fn known(
    connection: &mut Connection,
    key: &[u8; 32],
    dir: &Path,
    place: &Path,
) -> Result<i64, StoreError> {
    let result = async {
        Ok(if check_key(connection, key).await? {
            Some(proof_epoch(connection).await?)
        } else {
            None
        })
    }
    .await;
    result
        .map_err(|error: StoreError| error.explain(place, BUSY.as_secs()))?
        .ok_or_else(|| StoreError::ForeignKey {
            path: files::key_path(dir),
        })
}

fn is_empty(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|found| found.len() == 0)
}

/// Whether this is the key that the store was made with. A store that does not know its key yet learns it.
async fn check_key(connection: &mut Connection, key: &[u8; 32]) -> Result<bool, StoreError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(b"key check");
    let mut first = [0; 8];
    first.copy_from_slice(&mac.finalize().into_bytes()[..8]);
    let check = i64::from_be_bytes(first);
    let known: Option<i64> = query_scalar("SELECT value FROM meta WHERE name = 'key_check'")
        .fetch_optional(&mut *connection)
        .await?;
    if known.is_none() {
        query("INSERT INTO meta (name, value) VALUES ('key_check', ?)")
            .bind(check)
            .execute(connection)
            .await?;
    }
    Ok(known.is_none_or(|known| known == check))
}

async fn proof_epoch(connection: &mut Connection) -> Result<i64, StoreError> {
    let epoch: Option<i64> = query_scalar("SELECT value FROM meta WHERE name = 'proof_epoch'")
        .fetch_optional(connection)
        .await?;
    Ok(epoch.unwrap_or(0))
}

fn no_log(dir: &Path) -> bool {
    !std::fs::metadata(dir.join(format!("{FILE}-wal"))).is_ok_and(|log| log.len() > 0)
}

/// A connection of its own, for work that must not hold up the others.
pub(crate) async fn extra_reader(store: &Store) -> Result<Connection, StoreError> {
    let opened = sqlite::options(store.dir()).read_only(true).connect().await;
    store.named(opened.map(Connection::Sqlite).map_err(StoreError::from))
}
