//! The database under the store: connections, queries and rows, whichever database it is.
//!
//! Contract: SQL is written once, as SQLite reads it, with `?` or `?1` in the place of values; [`dialect`] says how
//! PostgreSQL reads it. Values and columns are whole numbers, floating point numbers, texts and bytes; a truth is a whole
//! number, 0 or 1. What is one database's alone stands in [`sqlite`], [`postgres`] and [`postgres_bytes`].

pub(crate) mod address;
pub(crate) mod copy;
pub(crate) mod dialect;
pub(crate) mod postgres;
pub(crate) mod postgres_bytes;
mod query;
mod row;
pub(crate) mod sequence;
pub(crate) mod sqlite;
mod value;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool, Postgres};
use sqlx::sqlite::{Sqlite, SqliteConnection, SqlitePool};
use sqlx::{Connection as _, Error};

pub(crate) use query::{InsertRows, On, query, query_scalar};
pub(crate) use row::{Get, Row};
pub(crate) use value::Bind;

/// One connection.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    /// Lent by a pool, to which they go back.
    LentSqlite(PoolConnection<Sqlite>),
    LentPostgres(PoolConnection<Postgres>),
}

impl Connection {
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_) | Self::LentPostgres(_))
    }

    /// Closes it; one that was lent goes back to its pool.
    pub(crate) async fn close(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
            Self::LentSqlite(_) | Self::LentPostgres(_) => Ok(()),
        }
    }
}

/// Connections that read.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    /// A connection for several statements.
    pub(crate) async fn acquire(&self) -> Result<Connection, Error> {
        match self {
            Self::Sqlite(pool) => pool.acquire().await.map(Connection::LentSqlite),
            Self::Postgres(pool) => pool.acquire().await.map(Connection::LentPostgres),
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
