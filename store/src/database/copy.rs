//! A whole store from one database into another, of either kind: how a store on PostgreSQL is backed up into a folder, and
//! how one in a folder moves there.

use sqlx::{AssertSqlSafe, Error};

use super::value::Value;
use super::{Bind as _, Connection, InsertRows, Row, query};

/// Every table with its key, in an order that references allow. One without a key is read as a whole.
pub(super) const TABLES: &[(&str, &[&str])] = &[
    ("meta", &["name"]),
    ("networks", &["network_id"]),
    ("voice_keys", &["network_id"]),
    ("sources", &["source_id"]),
    ("grants", &["grant_id"]),
    ("frontier", &["source_id"]),
    ("source_days", &["source_id", "day"]),
    ("conversations", &["arrival"]),
    ("aliases", &["old_id"]),
    ("posts", &["post"]),
    ("post_keys", &["key", "network_id", "post"]),
    ("waiting", &["wanted", "post"]),
    ("changes", &["seq"]),
    ("checkpoints", &["name"]),
    ("taken_back", &["network_id", "post_id"]),
    ("refusal_counts", &["network_id", "code"]),
    ("refusals", &["refusal"]),
    ("redaction_counts", &["network_id", "kind"]),
    ("hides", &["kind", "id"]),
    ("tombstones", &["mac", "network_id"]),
    ("ledger", &["seq"]),
    ("looks", &["network_id", "origin"]),
    ("receipts_due", &["network_id", "kind", "mac"]),
    ("barred_parts", &["network_id", "kind", "mac"]),
    ("signed_heads", &["day"]),
    ("owner_keys", &["network_id"]),
    ("objections", &["objection_id"]),
    ("api_keys", &["key_id"]),
    ("uses", &["network_id", "day"]),
    ("follows", &["follow_id"]),
    ("follow_found", &["conversation_id", "follow_id"]),
    ("deliveries", &["delivery"]),
    ("mail_asked", &[]),
    ("vectors", &["conversation"]),
    ("opted_out", &["network_id", "voice"]),
    ("gone_posts", &["network_id", "post_id"]),
    ("gone_keys", &["key", "network_id", "post_id"]),
    ("missing_sites", &["host"]),
    ("answers", &["seq"]),
    ("answer_cites", &["seq", "conversation_id"]),
    ("notices", &["notice"]),
    ("digests", &["every", "start"]),
    ("digest_topics", &["every", "start", "section", "place"]),
    ("answer_networks", &["seq", "network_id"]),
    ("annotations", &["annotation"]),
];

/// Tables whose rows are numbered by the database.
const NUMBERED: &[(&str, &str)] = &[
    ("conversations", "arrival"),
    ("posts", "post"),
    ("changes", "seq"),
    ("refusals", "refusal"),
    ("deliveries", "delivery"),
    ("notices", "notice"),
    ("annotations", "annotation"),
];

/// Rows read and written at a time: with all their columns fewer values than either database takes in one statement.
const PAGE: usize = 500;

/// Copies every row of `from` into `to`, which has the same schema and no rows. Both in a transaction of the caller's.
pub(crate) async fn copy(from: &mut Connection, to: &mut Connection) -> Result<(), Error> {
    for (table, key) in TABLES {
        copy_table(from, to, table, key).await?;
    }
    if to.is_postgres() {
        for (table, column) in NUMBERED {
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table} HAVING count(*) > 0"
            );
            query(AssertSqlSafe(sql)).fetch_optional(&mut *to).await?;
        }
    }
    Ok(())
}

async fn copy_table(
    from: &mut Connection,
    to: &mut Connection,
    table: &str,
    key: &[&str],
) -> Result<(), Error> {
    let columns = columns(from, table).await?;
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(", ");
    let mut after: Vec<Value<'static>> = Vec::new();
    loop {
        let keys = key.join(", ");
        let begin = if after.is_empty() {
            String::new()
        } else {
            let places = vec!["?"; key.len()].join(", ");
            format!("WHERE ({keys}) > ({places})")
        };
        let end = if key.is_empty() {
            String::new()
        } else {
            format!("ORDER BY {keys} LIMIT {PAGE}")
        };
        let mut page = query(AssertSqlSafe(format!(
            "SELECT {names} FROM {table} {begin} {end}"
        )));
        for value in after.drain(..) {
            page = page.bind(value);
        }
        let rows = page.fetch_all(&mut *from).await?;
        for piece in rows.chunks(PAGE) {
            let mut insert = InsertRows::new(&format!("INSERT INTO {table} ({names}) "));
            let values = piece
                .iter()
                .map(|row| values(row, &columns))
                .collect::<Result<Vec<_>, Error>>()?;
            insert.push_values(values, |row, values| {
                for value in values {
                    row.push_bind(value);
                }
            });
            insert.build().execute(&mut *to).await?;
        }
        match rows.last() {
            Some(last) if rows.len() == PAGE && !key.is_empty() => {
                for name in key {
                    let at = columns.iter().find(|(column, _)| column == name);
                    let (name, kind) = at.ok_or(Error::RowNotFound)?;
                    after.push(value(last, name, *kind)?);
                }
            }
            _ => return Ok(()),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Integer,
    Real,
    Text,
    Bytes,
}

async fn columns(connection: &mut Connection, table: &str) -> Result<Vec<(String, Kind)>, Error> {
    let rows = query(if connection.is_postgres() {
        "SELECT column_name::text AS name, data_type::text AS type FROM information_schema.columns
         WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position"
    } else {
        "SELECT name, type FROM pragma_table_info(?) ORDER BY cid"
    })
    .bind(table)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let kind = match row.try_get::<&str, _>("type")? {
                "INTEGER" | "bigint" => Kind::Integer,
                "REAL" | "double precision" => Kind::Real,
                "TEXT" | "text" => Kind::Text,
                _ => Kind::Bytes,
            };
            Ok((row.try_get("name")?, kind))
        })
        .collect()
}

fn values(row: &Row, columns: &[(String, Kind)]) -> Result<Vec<Value<'static>>, Error> {
    columns
        .iter()
        .map(|(name, kind)| value(row, name, *kind))
        .collect()
}

fn value(row: &Row, name: &str, kind: Kind) -> Result<Value<'static>, Error> {
    Ok(match kind {
        Kind::Integer => row.try_get::<Option<i64>, _>(name)?.value(),
        Kind::Real => row.try_get::<Option<f64>, _>(name)?.value(),
        Kind::Text => row.try_get::<Option<String>, _>(name)?.value(),
        Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(name)?.value(),
    })
}

#[cfg(test)]
mod tests {
    use sqlx::ConnectOptions as _;

    use super::*;
    use crate::database::{query_scalar, sqlite};

    #[tokio::test]
    async fn every_table_is_copied_by_its_key() {
        let dir = tempfile::tempdir().unwrap();
        let options = sqlite::writer_options(dir.path()).create_if_missing(true);
        let mut connection = Connection::Sqlite(options.connect().await.unwrap());
        crate::migrations::run(&mut connection, dir.path())
            .await
            .unwrap();
        let mut tables: Vec<String> = query_scalar(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '_sqlx%'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        tables.sort();
        let mut listed: Vec<&str> = TABLES.iter().map(|(table, _)| *table).collect();
        listed.sort_unstable();
        assert_eq!(tables, listed);
        for (table, key) in TABLES {
            let found: Vec<String> =
                query_scalar("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk")
                    .bind(*table)
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
            assert_eq!(found, *key, "{table}");
        }
    }
}
