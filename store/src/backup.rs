//! Copies of the store, and checks of its soundness.

use std::path::Path;

use sqlx::{Connection, Row};

use crate::{FILE, Store, StoreError, files, manifest, open};

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
        let mut connection = open::extra_reader(self).await?;
        let written = sqlx::query("VACUUM INTO ?")
            .bind(file.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await;
        // A full disk is that of the copy, not ours.
        written.map_err(|error| StoreError::Sql(error).explain(to, crate::BUSY.as_secs()))?;
        let head = sqlx::query(
            "SELECT seq, network_id, grant_id, event, entry FROM ledger ORDER BY seq DESC LIMIT 1",
        );
        let _ = connection.close().await;
        let copy = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
        let mut copy = self.named(
            sqlx::SqliteConnection::connect_with(&copy)
                .await
                .map_err(StoreError::from),
        )?;
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

    /// Looks at every page, index and reference of the database, and at the ledger. Slow: it reads everything.
    pub async fn integrity_check(&self) -> Result<(), StoreError> {
        self.pages("PRAGMA integrity_check(20)").await?;
        let broken = sqlx::query("PRAGMA foreign_key_check")
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
        self.pages("PRAGMA quick_check(20)").await?;
        self.verify_ledger().await?;
        Ok(())
    }

    async fn pages(&self, pragma: &'static str) -> Result<(), StoreError> {
        let lines: Result<Vec<String>, _> =
            sqlx::query_scalar(pragma).fetch_all(self.readers()).await;
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
