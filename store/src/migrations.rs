//! The schema's migrations: every file of `migrations/`, in order, as each database reads it.
//!
//! Contract: forward only; a released file is never edited. What a file says in triggers stands for PostgreSQL in
//! `migrations/postgres/` under the same name, and runs with it.

use std::path::Path;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use crate::StoreError;
use crate::database::{Connection, dialect, postgres_bytes};

struct Step {
    version: i64,
    /// Without its end.
    file: &'static str,
    sql: &'static str,
    /// What follows on PostgreSQL.
    postgres: &'static str,
}

macro_rules! step {
    ($version:literal, $file:literal) => {
        step!($version, $file; "")
    };
    ($version:literal, $file:literal, postgres) => {
        step!($version, $file; include_str!(concat!("../migrations/postgres/", $file, ".sql")))
    };
    ($version:literal, $file:literal; $postgres:expr) => {
        Step {
            version: $version,
            file: $file,
            sql: include_str!(concat!("../migrations/", $file, ".sql")),
            postgres: $postgres,
        }
    };
}

const STEPS: &[Step] = &[
    step!(1, "0001_store", postgres),
    step!(2, "0002_consent"),
    step!(3, "0003_brake_and_uses"),
    step!(4, "0004_following"),
    step!(5, "0005_mail", postgres),
    step!(6, "0006_unknown_dates"),
    step!(7, "0007_declared_and_taken_down"),
    step!(8, "0008_vectors", postgres),
    step!(9, "0009_names"),
    step!(10, "0010_opted_out"),
    step!(11, "0011_gone"),
    step!(12, "0012_proof_remarks_and_folders"),
    step!(13, "0013_options"),
    step!(14, "0014_options_again"),
    step!(15, "0015_missing_sites_and_alerts"),
    step!(16, "0016_item_marks"),
    step!(17, "0017_areas"),
    step!(18, "0018_answers", postgres),
    step!(19, "0019_notices_and_digests", postgres),
    step!(20, "0020_told"),
    step!(21, "0021_digest_figures"),
];

/// Number of the newest schema that is known.
pub(crate) fn newest() -> i64 {
    STEPS.last().map_or(0, |step| step.version)
}

fn migration(step: &Step) -> Migration {
    let name = step
        .file
        .split_once('_')
        .map_or(step.file, |(_, name)| name);
    Migration::new(
        step.version,
        name.into(),
        MigrationType::Simple,
        step.sql.into_sql_str(),
        false,
    )
}

fn migration_for_postgres(step: &Step) -> Migration {
    let text = format!("{}\n{}", dialect::schema(step.sql), step.postgres);
    Migration {
        // The sum is of the files as they are kept.
        checksum: Migration::new(
            step.version,
            step.file.into(),
            MigrationType::Simple,
            sqlx::AssertSqlSafe(format!("{}\n{}", step.sql, step.postgres)).into_sql_str(),
            false,
        )
        .checksum,
        sql: sqlx::AssertSqlSafe(text).into_sql_str(),
        ..migration(step)
    }
}

/// Brings the schema up to date. `place` is what errors name.
pub(crate) async fn run(connection: &mut Connection, place: &Path) -> Result<(), StoreError> {
    run_steps(connection, place, STEPS).await
}

async fn run_steps(
    connection: &mut Connection,
    place: &Path,
    steps: &[Step],
) -> Result<(), StoreError> {
    // `run` takes a generic `Acquire`, which makes the future of `open` unable to move between threads.
    let done = match connection {
        Connection::Sqlite(connection) => {
            let all = Migrator::with_migrations(steps.iter().map(migration).collect());
            all.run_direct(None, connection, false).await
        }
        Connection::Postgres(connection) => {
            let all = Migrator::with_migrations(steps.iter().map(migration_for_postgres).collect());
            all.run_direct(None, connection, false).await
        }
        // Those that are lent only read.
        Connection::LentSqlite(_) | Connection::LentPostgres(_) => {
            return Err(StoreError::ReadOnly {
                path: place.to_owned(),
            });
        }
    };
    let path = place.to_owned();
    match done {
        Ok(()) if connection.is_postgres() => postgres_bytes::sample_no_text(connection)
            .await
            .map_err(|error| StoreError::Sql(error).explain(place, crate::BUSY.as_secs())),
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
            Err(StoreError::Sql(error).explain(place, crate::BUSY.as_secs()))
        }
        Err(error) => Err(StoreError::Corrupt {
            path,
            detail: error.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use sqlx::ConnectOptions as _;

    use super::*;
    use crate::Store;
    use crate::database::{query, sqlite};

    fn names(folder: &str) -> Vec<String> {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files: Vec<String> = std::fs::read_dir(dir)
            .expect("migrations")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".sql"))
            .collect();
        files.sort();
        files
    }

    #[test]
    fn every_migration_file_is_built_in_and_in_order() {
        let built: Vec<String> = STEPS
            .iter()
            .map(|step| format!("{}.sql", step.file))
            .collect();
        assert_eq!(names("migrations"), built);
        for step in STEPS {
            let number = format!("{:04}_", step.version);
            assert!(step.file.starts_with(&number), "{}", step.file);
        }
        let twins: Vec<String> = STEPS
            .iter()
            .filter(|step| !step.postgres.is_empty())
            .map(|step| format!("{}.sql", step.file))
            .collect();
        assert_eq!(names("migrations/postgres"), twins);
    }

    #[test]
    fn a_migration_with_a_trigger_has_its_twin() {
        for step in STEPS
            .iter()
            .filter(|step| step.sql.contains("CREATE TRIGGER"))
        {
            assert!(step.postgres.contains("CREATE TRIGGER"), "{}", step.file);
        }
    }

    #[tokio::test]
    async fn a_store_of_every_older_version_is_brought_up_to_date() {
        for version in 1..newest() {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("instance.key"), "ab".repeat(32)).unwrap();
            let connection = sqlite::options(dir.path())
                .create_if_missing(true)
                .connect()
                .await
                .unwrap();
            let mut connection = Connection::Sqlite(connection);
            run_steps(&mut connection, dir.path(), &STEPS[..version as usize])
                .await
                .unwrap();
            query("INSERT INTO meta (name, value) VALUES ('generation', 7)")
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
