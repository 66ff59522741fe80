//! What is PostgreSQL's alone: how it is connected to, and its one writer.

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{ConnectOptions as _, Error};

use super::address::PostgresAddress;
use super::{Connection, Pool, query, query_scalar};

/// Connections that read.
const READERS: u32 = 8;
/// Statements that stay prepared on a connection: more than the store has.
const STATEMENTS: usize = 1000;

/// The oldest release whose SQL is used.
const OLDEST: i64 = 140_000;

fn options(address: &PostgresAddress, busy: std::time::Duration) -> PgConnectOptions {
    let busy = busy.as_millis().to_string();
    address
        .options
        .clone()
        .application_name("discover")
        .statement_cache_capacity(STATEMENTS)
        // A line that was cut on one side alone is given up within a minute, and with it the process's lock.
        .options([
            ("lock_timeout", busy.as_str()),
            ("tcp_keepalives_idle", "30"),
            ("tcp_keepalives_interval", "10"),
            ("tcp_keepalives_count", "3"),
        ])
        .disable_statement_logging()
}

/// The connection that writes.
pub(crate) async fn connect(
    address: &PostgresAddress,
    busy: std::time::Duration,
) -> Result<PgConnection, Error> {
    options(address, busy).connect().await
}

/// Connections that read, and can do nothing else.
pub(crate) async fn readers(
    address: &PostgresAddress,
    busy: std::time::Duration,
) -> Result<Pool, Error> {
    let reading = options(address, busy).options([("default_transaction_read_only", "on")]);
    PgPoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .acquire_timeout(busy * 2)
        .test_before_acquire(true)
        .connect_with(reading)
        .await
        .map(Pool::Postgres)
}

/// Release of the server as a number: 150004 is 15.4. `Err` names one that is too old.
pub(crate) async fn version(connection: &mut Connection) -> Result<Result<i64, i64>, Error> {
    let version: i64 = query_scalar("SELECT current_setting('server_version_num')::bigint")
        .fetch_one(connection)
        .await?;
    Ok(if version < OLDEST {
        Err(version)
    } else {
        Ok(version)
    })
}

/// Whether the schema holds a store: it knows a key.
pub(crate) async fn holds_a_store(connection: &mut Connection) -> Result<bool, Error> {
    let made: i64 = query_scalar("SELECT CASE WHEN to_regclass('meta') IS NULL THEN 0 ELSE 1 END")
        .fetch_one(&mut *connection)
        .await?;
    if made == 0 {
        return Ok(false);
    }
    let known: i64 = query_scalar("SELECT count(*) FROM meta")
        .fetch_one(connection)
        .await?;
    Ok(known != 0)
}

/// Makes the connection the only one that writes, for as long as it lives; `false` where there is another. What one process
/// withdraws, another would not hear of.
pub(crate) async fn be_alone(connection: &mut Connection) -> Result<bool, Error> {
    let alone: i64 = query_scalar(
        "SELECT pg_try_advisory_lock(hashtextextended('discover process ' || current_schema(), 0))",
    )
    .fetch_one(connection)
    .await?;
    Ok(alone != 0)
}

/// Writes down that this process has the database now: a number drawn anew, by which it knows after a cut whether another
/// had it meanwhile, or the database is an older copy.
pub(crate) async fn take(connection: &mut Connection) -> Result<i64, Error> {
    query_scalar(
        "INSERT INTO meta (name, value) VALUES ('process', (random() * 1e15)::bigint)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value RETURNING value",
    )
    .fetch_one(connection)
    .await
}

/// The number of the process that took the database last.
pub(crate) async fn taken_by(connection: &mut Connection) -> Result<Option<i64>, Error> {
    query_scalar("SELECT value FROM meta WHERE name = 'process'")
        .fetch_optional(connection)
        .await
}

/// Begins a transaction that writes. One lock a store, held to the commit: writers of all processes take turns, as they do
/// on SQLite, so that what is read first and written then still holds, the ledger is a chain, and numbers of the change log
/// are committed in their order.
pub(crate) async fn begin(connection: &mut Connection) -> Result<(), Error> {
    // Whatever the server's default is: the lock's statement would take the snapshot of a stricter one, before it is granted.
    query("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        .execute(&mut *connection)
        .await?;
    query(
        "SELECT pg_advisory_xact_lock(hashtextextended('discover store ' || current_schema(), 0))",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the connection is of no use any more.
pub(crate) fn is_lost(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::WorkerCrashed => true,
        // It was ended by an administrator, a crash or a stop of the server.
        Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08") || matches!(&*code, "57P01" | "57P02" | "57P03")
        }),
        _ => false,
    }
}
