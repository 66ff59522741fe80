//! Queries: a text, the values bound to it, and the ways to run it.

use std::marker::PhantomData;

use sqlx::postgres::{PgArguments, PgConnection, PgPool, Postgres};
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnection, SqlitePool};
use sqlx::{Arguments as _, AssertSqlSafe, Error, SqlSafeStr, SqlStr};

use super::dialect;
use super::value::Value;
use super::{Bind, Connection, Get, Pool, Row};

/// A query. Its statement is prepared once a connection.
pub(crate) fn query<'q>(sql: impl SqlSafeStr) -> Query<'q> {
    Query {
        sql: sql.into_sql_str(),
        values: Vec::new(),
    }
}

/// A query of whose answer the first column counts.
pub(crate) fn query_scalar<'q, T>(sql: impl SqlSafeStr) -> Scalar<'q, T> {
    Scalar {
        query: query(sql),
        of: PhantomData,
    }
}

#[must_use = "a query does nothing before it is run"]
pub(crate) struct Query<'q> {
    sql: SqlStr,
    values: Vec<Value<'q>>,
}

#[must_use = "a query does nothing before it is run"]
pub(crate) struct Scalar<'q, T> {
    query: Query<'q>,
    of: PhantomData<fn() -> T>,
}

/// What a query runs on.
pub(crate) enum On<'c> {
    Connection(&'c mut Connection),
    Pool(&'c Pool),
}

impl<'c> From<&'c mut Connection> for On<'c> {
    fn from(connection: &'c mut Connection) -> Self {
        Self::Connection(connection)
    }
}

impl<'c> From<&'c Pool> for On<'c> {
    fn from(pool: &'c Pool) -> Self {
        Self::Pool(pool)
    }
}

/// The same, by database.
enum Target<'c> {
    Sqlite(&'c mut SqliteConnection),
    SqlitePool(&'c SqlitePool),
    Postgres(&'c mut PgConnection),
    PostgresPool(&'c PgPool),
}

impl<'c> From<On<'c>> for Target<'c> {
    fn from(on: On<'c>) -> Self {
        match on {
            On::Connection(Connection::Sqlite(connection)) => Self::Sqlite(connection),
            On::Connection(Connection::LentSqlite(connection)) => Self::Sqlite(connection),
            On::Connection(Connection::Postgres(connection)) => Self::Postgres(connection),
            On::Connection(Connection::LentPostgres(connection)) => Self::Postgres(connection),
            On::Pool(Pool::Sqlite(pool)) => Self::SqlitePool(pool),
            On::Pool(Pool::Postgres(pool)) => Self::PostgresPool(pool),
        }
    }
}

/// What a statement changed.
#[derive(Debug)]
pub(crate) struct Done {
    rows: u64,
}

impl Done {
    pub(crate) fn rows_affected(&self) -> u64 {
        self.rows
    }
}

impl<'q> Query<'q> {
    pub(crate) fn bind(mut self, value: impl Bind<'q>) -> Self {
        self.values.push(value.value());
        self
    }

    pub(crate) fn execute<'c>(
        self,
        on: impl Into<On<'c>>,
    ) -> impl Future<Output = Result<Done, Error>> + Send {
        let on: On<'c> = on.into();
        let on = Target::from(on);
        async move {
            let rows = match on {
                Target::Sqlite(connection) => self
                    .for_sqlite()?
                    .execute(connection)
                    .await?
                    .rows_affected(),
                Target::SqlitePool(pool) => self.for_sqlite()?.execute(pool).await?.rows_affected(),
                Target::Postgres(connection) => self
                    .for_postgres()?
                    .execute(connection)
                    .await?
                    .rows_affected(),
                Target::PostgresPool(pool) => {
                    self.for_postgres()?.execute(pool).await?.rows_affected()
                }
            };
            Ok(Done { rows })
        }
    }

    pub(crate) fn fetch_all<'c>(
        self,
        on: impl Into<On<'c>>,
    ) -> impl Future<Output = Result<Vec<Row>, Error>> + Send {
        let on: On<'c> = on.into();
        let on = Target::from(on);
        async move {
            Ok(match on {
                Target::Sqlite(connection) => {
                    wrapped(self.for_sqlite()?.fetch_all(connection).await?, Row::Sqlite)
                }
                Target::SqlitePool(pool) => {
                    wrapped(self.for_sqlite()?.fetch_all(pool).await?, Row::Sqlite)
                }
                Target::Postgres(connection) => wrapped(
                    self.for_postgres()?.fetch_all(connection).await?,
                    Row::Postgres,
                ),
                Target::PostgresPool(pool) => {
                    wrapped(self.for_postgres()?.fetch_all(pool).await?, Row::Postgres)
                }
            })
        }
    }

    pub(crate) fn fetch_optional<'c>(
        self,
        on: impl Into<On<'c>>,
    ) -> impl Future<Output = Result<Option<Row>, Error>> + Send {
        let on: On<'c> = on.into();
        let on = Target::from(on);
        async move {
            Ok(match on {
                Target::Sqlite(connection) => {
                    let row = self.for_sqlite()?.fetch_optional(connection).await?;
                    row.map(Row::Sqlite)
                }
                Target::SqlitePool(pool) => {
                    let row = self.for_sqlite()?.fetch_optional(pool).await?;
                    row.map(Row::Sqlite)
                }
                Target::Postgres(connection) => {
                    let row = self.for_postgres()?.fetch_optional(connection).await?;
                    row.map(Row::Postgres)
                }
                Target::PostgresPool(pool) => {
                    let row = self.for_postgres()?.fetch_optional(pool).await?;
                    row.map(Row::Postgres)
                }
            })
        }
    }

    /// The first row; an error where there is none.
    pub(crate) async fn fetch_one<'c>(self, on: impl Into<On<'c>> + Send) -> Result<Row, Error> {
        self.fetch_optional(on).await?.ok_or(Error::RowNotFound)
    }

    fn for_sqlite(self) -> Result<sqlx::query::Query<'static, Sqlite, SqliteArguments>, Error> {
        let mut arguments = SqliteArguments::default();
        arguments.reserve(self.values.len(), 0);
        for value in self.values {
            match value {
                Value::Integer(number) => arguments.add(number),
                Value::Real(number) => arguments.add(number),
                Value::Text(text) => arguments.add(text),
                Value::Bytes(bytes) => arguments.add(bytes),
            }
            .map_err(Error::Encode)?;
        }
        Ok(sqlx::query_with(self.sql, arguments))
    }

    fn for_postgres(self) -> Result<sqlx::query::Query<'static, Postgres, PgArguments>, Error> {
        let mut arguments = PgArguments::default();
        arguments.reserve(self.values.len(), 0);
        for value in self.values {
            match value {
                Value::Integer(number) => arguments.add(number),
                Value::Real(number) => arguments.add(number),
                Value::Text(text) => arguments.add(text.as_deref()),
                Value::Bytes(bytes) => arguments.add(bytes.as_deref()),
            }
            .map_err(Error::Encode)?;
        }
        let sql = AssertSqlSafe(dialect::postgres(self.sql.as_str()));
        Ok(sqlx::query_with(sql, arguments))
    }
}

fn wrapped<T>(rows: Vec<T>, wrap: fn(T) -> Row) -> Vec<Row> {
    rows.into_iter().map(wrap).collect()
}

impl<'q, T: for<'r> Get<'r> + Send> Scalar<'q, T> {
    pub(crate) fn bind(mut self, value: impl Bind<'q>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    pub(crate) async fn fetch_all<'c>(self, on: impl Into<On<'c>> + Send) -> Result<Vec<T>, Error> {
        let rows = self.query.fetch_all(on).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    pub(crate) async fn fetch_optional<'c>(
        self,
        on: impl Into<On<'c>> + Send,
    ) -> Result<Option<T>, Error> {
        let row = self.query.fetch_optional(on).await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    pub(crate) async fn fetch_one<'c>(self, on: impl Into<On<'c>> + Send) -> Result<T, Error> {
        self.query.fetch_one(on).await?.try_get(0)
    }
}

/// An INSERT of several rows.
pub(crate) struct InsertRows<'q> {
    sql: String,
    values: Vec<Value<'q>>,
}

/// The values of one row, in the order of its columns.
pub(crate) struct Values<'b, 'q>(&'b mut Vec<Value<'q>>);

impl<'q> Values<'_, 'q> {
    pub(crate) fn push_bind(&mut self, value: impl Bind<'q>) -> &mut Self {
        self.0.push(value.value());
        self
    }
}

impl<'q> InsertRows<'q> {
    /// `head` goes up to the names of the columns.
    pub(crate) fn new(head: &str) -> Self {
        Self {
            sql: head.to_owned(),
            values: Vec::new(),
        }
    }

    pub(crate) fn push_values<T>(
        &mut self,
        rows: impl IntoIterator<Item = T>,
        mut push: impl FnMut(&mut Values<'_, 'q>, T),
    ) {
        self.sql.push_str("VALUES ");
        for (at, row) in rows.into_iter().enumerate() {
            if at > 0 {
                self.sql.push_str(", ");
            }
            let before = self.values.len();
            push(&mut Values(&mut self.values), row);
            for value in before..self.values.len() {
                self.sql
                    .push_str(if value == before { "(?" } else { ", ?" });
            }
            self.sql.push(')');
        }
    }

    /// What follows the rows.
    pub(crate) fn push(&mut self, tail: &str) {
        self.sql.push_str(tail);
    }

    pub(crate) fn build(self) -> Query<'q> {
        Query {
            // The text of a statement and question marks alone.
            sql: AssertSqlSafe(self.sql).into_sql_str(),
            values: self.values,
        }
    }
}
