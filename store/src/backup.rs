//! Copies of the store, and checks of its soundness.

use std::path::{Path, PathBuf};

use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use crate::database::address::PostgresAddress;
use crate::database::{Connection, copy, postgres, query, query_scalar, sqlite};
use crate::{BUSY, FILE, Store, StoreError, files, manifest, migrations, open};

impl Store {
    /// Writes a complete copy into the new folder `to`, while work goes on: the database as of now, without what
    /// was deleted, the ledger's head, and the instance key (keep the copy as safe as the original). The copy is a
    /// data folder; before it is used, [`Store::replay_ledger`] must carry out the withdrawals since.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        files::make_dir(to)?;
        let file = to.join(FILE);
        if file.exists() {
            return Err(StoreError::io(
                &file,
                std::io::Error::new(
                    std::io::ErrorKind::AlreadyExists,
                    "there is a store in this folder already",
                ),
            ));
        }
        if let Some(address) = &self.inner.postgres {
            self.copy_out(address, to).await?;
        } else {
            let mut connection = open::extra_reader(self).await?;
            let written = query("VACUUM INTO ?")
                .bind(file.to_string_lossy().into_owned())
                .execute(&mut connection)
                .await;
            let _ = connection.close().await;
            // A full disk is that of the copy, not ours.
            written.map_err(|error| StoreError::Sql(error).explain(to, BUSY.as_secs()))?;
        }
        let head = query(
            "SELECT seq, network_id, grant_id, event, entry FROM ledger ORDER BY seq DESC LIMIT 1",
        );
        let copy = SqliteConnectOptions::new().filename(&file).connect().await;
        let mut copy = self.named(copy.map(Connection::Sqlite).map_err(StoreError::from))?;
        // The head of the copy's own ledger: ours may have grown meanwhile.
        let head = self.named(
            head.fetch_optional(&mut copy)
                .await
                .map_err(StoreError::from),
        )?;
        let _ = copy.close().await;
        if let Some(row) = head {
            let (_, entry) = crate::consent::ledger::read(&row)?;
            let line = format!("{} {}\n", entry.seq, entry.hash);
            files::write_durably(&files::head_path(to), line.as_bytes())
                .map_err(|error| StoreError::io(to, error))?;
        }
        let key = format!("{}\n", crate::row::hex(&self.instance_key()));
        files::write_durably(&files::key_path(to), key.as_bytes())
            .map_err(|error| StoreError::io(to, error))?;
        manifest::write(to)
    }

    /// Writes what PostgreSQL holds at one moment into a database file in `to`, while work goes on.
    async fn copy_out(&self, address: &PostgresAddress, to: &Path) -> Result<(), StoreError> {
        let told = |error: sqlx::Error| StoreError::Sql(error).explain(to, BUSY.as_secs());
        let options = sqlite::writer_options(to).create_if_missing(true);
        let mut copy = options
            .connect()
            .await
            .map(Connection::Sqlite)
            .map_err(told)?;
        migrations::run(&mut copy, to).await?;
        let connected = postgres::connect(address, BUSY).await;
        let mut reader = self.named(
            connected
                .map(Connection::Postgres)
                .map_err(StoreError::from),
        )?;
        let copied = async {
            query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .execute(&mut reader)
                .await?;
            query("BEGIN IMMEDIATE").execute(&mut copy).await?;
            copy::copy(&mut reader, &mut copy).await?;
            query("COMMIT").execute(&mut copy).await
        }
        .await;
        let _ = reader.close().await;
        copied.map_err(told)?;
        copy.close().await.map_err(told)
    }

    /// Copies the store of a folder, which nobody writes meanwhile, to where there is none yet: all of it or nothing. What
    /// lies beside the database stays where it is.
    pub async fn copy_to_postgres(&self, address: &PostgresAddress) -> Result<(), StoreError> {
        let place = PathBuf::from(address.to_string());
        let told = |error: sqlx::Error| StoreError::Sql(error).explain(&place, BUSY.as_secs());
        let connected = postgres::connect(address, BUSY).await;
        let mut to = connected.map(Connection::Postgres).map_err(told)?;
        // Before anything is changed there: a store may be in use.
        if !postgres::be_alone(&mut to).await.map_err(told)? {
            return Err(StoreError::Taken { path: place });
        }
        if postgres::holds_a_store(&mut to).await.map_err(told)? {
            return Err(StoreError::io(
                &place,
                std::io::Error::new(
                    std::io::ErrorKind::AlreadyExists,
                    "there is a store in it already",
                ),
            ));
        }
        migrations::run(&mut to, &place).await?;
        let mut from = open::extra_reader(self).await?;
        let copied = async {
            query("BEGIN").execute(&mut from).await?;
            postgres::begin(&mut to).await?;
            copy::copy(&mut from, &mut to).await?;
            query("COMMIT").execute(&mut to).await
        }
        .await;
        let _ = from.close().await;
        copied.map_err(told)?;
        to.close().await.map_err(told)
    }

    /// Looks at every page, index and reference of the database, and at the ledger. Slow: it reads everything.
    pub async fn integrity_check(&self) -> Result<(), StoreError> {
        if self.inner.postgres.is_some() {
            // The server keeps indexes and references by itself.
            self.verify_ledger().await?;
            return Ok(());
        }
        self.pages("PRAGMA integrity_check(20)").await?;
        let broken = query("PRAGMA foreign_key_check")
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        if let Some(row) = self.named(broken)? {
            let table: String = self.named(row.try_get(0).map_err(StoreError::from))?;
            return Err(StoreError::Corrupt {
                path: self.dir().to_owned(),
                detail: format!("a row of {table} refers to one that is not there"),
            });
        }
        self.verify_ledger().await?;
        Ok(())
    }

    /// The same without indexes and references: for every start.
    pub async fn quick_check(&self) -> Result<(), StoreError> {
        if self.inner.postgres.is_none() {
            self.pages("PRAGMA quick_check(20)").await?;
        }
        self.verify_ledger().await?;
        Ok(())
    }

    async fn pages(&self, pragma: &'static str) -> Result<(), StoreError> {
        let lines: Result<Vec<String>, _> = query_scalar(pragma).fetch_all(self.readers()).await;
        let lines = self.named(lines.map_err(StoreError::from))?;
        if lines.iter().all(|line| line == "ok") {
            return Ok(());
        }
        self.inner
            .damaged
            .store(true, std::sync::atomic::Ordering::Relaxed);
        // SQLite puts several findings into one row, a line each; doctor and readyz say a state in one line.
        let found: Vec<&str> = lines.iter().flat_map(|row| row.lines()).collect();
        Err(StoreError::Corrupt {
            path: self.dir().to_owned(),
            detail: found.join("; "),
        })
    }
}
