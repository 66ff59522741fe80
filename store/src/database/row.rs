//! Rows of an answer.

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgRow, PgValueRef, Postgres};
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Error, Row as _, Sqlite, Type, TypeInfo as _, ValueRef as _};

/// One row.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column is read as. A truth may be read as a number, and a number as a truth: SQLite has no other.
pub(crate) trait Get<'r>: Decode<'r, Sqlite> + Type<Sqlite> {
    fn of_postgres(value: PgValueRef<'r>) -> Result<Self, BoxDynError>;
}

impl<'r> Get<'r> for i64 {
    fn of_postgres(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.type_info().name() {
            "INT4" => <i32 as Decode<Postgres>>::decode(value).map(i64::from),
            "BOOL" => <bool as Decode<Postgres>>::decode(value).map(i64::from),
            "INT8" => <i64 as Decode<Postgres>>::decode(value),
            other => Err(other_type("a whole number", other)),
        }
    }
}

impl<'r> Get<'r> for bool {
    fn of_postgres(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        i64::of_postgres(value).map(|number| number != 0)
    }
}

impl<'r> Get<'r> for f64 {
    fn of_postgres(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.type_info().name() {
            "FLOAT8" => <f64 as Decode<Postgres>>::decode(value),
            other => Err(other_type("a floating point number", other)),
        }
    }
}

impl<'r> Get<'r> for &'r str {
    fn of_postgres(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.type_info().name() {
            "TEXT" | "VARCHAR" | "NAME" | "UNKNOWN" => <&str as Decode<Postgres>>::decode(value),
            other => Err(other_type("a text", other)),
        }
    }
}

impl<'r> Get<'r> for String {
    fn of_postgres(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        <&str>::of_postgres(value).map(str::to_owned)
    }
}

impl<'r> Get<'r> for &'r [u8] {
    fn of_postgres(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.type_info().name() {
            "BYTEA" => <&[u8] as Decode<Postgres>>::decode(value),
            other => Err(other_type("bytes", other)),
        }
    }
}

impl<'r> Get<'r> for Vec<u8> {
    fn of_postgres(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        <&[u8]>::of_postgres(value).map(<[u8]>::to_vec)
    }
}

impl<'r, T: Get<'r>> Get<'r> for Option<T>
where
    Self: Decode<'r, Sqlite> + Type<Sqlite>,
{
    fn of_postgres(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        if value.is_null() {
            return Ok(None);
        }
        T::of_postgres(value).map(Some)
    }
}

fn other_type(wanted: &str, found: &str) -> BoxDynError {
    format!("{wanted} is wanted, and the column holds {found}").into()
}

/// How a column is named: by its name or its place.
pub(crate) trait Column: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> {}

impl<T: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>> Column for T {}

impl Row {
    pub(crate) fn try_get<'r, T: Get<'r>, I: Column>(&'r self, column: I) -> Result<T, Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => {
                let value = row.try_get_raw(&column)?;
                T::of_postgres(value).map_err(|source| Error::ColumnDecode {
                    index: format!("{column:?}"),
                    source,
                })
            }
        }
    }
}
