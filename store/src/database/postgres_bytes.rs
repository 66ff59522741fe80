//! How bytes of what was deleted leave PostgreSQL's files.
//!
//! Contract: tables are written anew without what nobody sees any more, their indexes with them; the old files are empty at
//! once. No sample of a text is kept by the planner. The server's log lets go of them as far as the login may ask for it and
//! the server is set so ([`log_keeps`]).

use sqlx::{AssertSqlSafe, Error};

use super::copy::TABLES;
use super::{Connection, query, query_scalar};

/// Tables without anything of a network but its random id, hashes and numbers.
const BARE: &[&str] = &[
    "changes",
    "checkpoints",
    "ledger",
    "redaction_counts",
    "refusal_counts",
    "signed_heads",
    "source_days",
    "tombstones",
    "uses",
];

/// A moment after which nothing that was deleted before may be seen.
pub(crate) async fn mark(connection: &mut Connection) -> Result<String, Error> {
    query_scalar("SELECT pg_current_xact_id()::text")
        .fetch_one(connection)
        .await
}

/// Leaves no byte in a table of what was deleted and is seen no more.
pub(crate) async fn clean(connection: &mut Connection) -> Result<(), Error> {
    // Ours alone: the schema may hold tables of others.
    for table in TABLES.iter().map(|(table, _)| table) {
        if BARE.contains(table) {
            continue;
        }
        query(AssertSqlSafe(format!("VACUUM (FULL) {table}")))
            .execute(&mut *connection)
            .await?;
    }
    // What the login may not do, the operator is told of.
    for sql in ["SELECT pg_switch_wal()", "CHECKPOINT"] {
        match query(sql).execute(&mut *connection).await {
            Err(Error::Database(error)) if error.code().as_deref() == Some("42501") => {}
            done => {
                done?;
            }
        }
    }
    Ok(())
}

/// Whether a transaction, a standby or a replication slot goes on that may see what was deleted before this mark.
pub(crate) async fn is_seen(connection: &mut Connection, deleted: &str) -> Result<bool, Error> {
    let seen: i64 = query_scalar(
        // What is written in any database of the server bounds what is seen in each.
        "SELECT CASE WHEN pg_snapshot_xmin(pg_current_snapshot()) < ?1::xid8 OR EXISTS (
             SELECT 1 FROM pg_stat_activity WHERE (datname = current_database() OR datname IS NULL)
               AND pid <> pg_backend_pid() AND age(backend_xmin) > age(?1::xid8::xid))
             OR EXISTS (SELECT 1 FROM pg_replication_slots WHERE age(xmin) > age(?1::xid8::xid)) THEN 1 ELSE 0 END",
    )
    .bind(deleted)
    .fetch_one(connection)
    .await?;
    Ok(seen != 0)
}

/// Why the server's log keeps bytes of what was erased for longer than the erasure, where it does.
pub(crate) async fn log_keeps(connection: &mut Connection) -> Result<Vec<&'static str>, Error> {
    let row = query(
        "SELECT CASE WHEN current_setting('wal_recycle')::boolean THEN 1 ELSE 0 END AS recycled,
           CASE WHEN current_setting('archive_mode') <> 'off' THEN 1 ELSE 0 END AS archived,
           CASE WHEN pg_has_role('pg_read_all_stats', 'USAGE') THEN 1 ELSE 0 END AS told,
           CASE WHEN has_function_privilege('pg_switch_wal()', 'EXECUTE') AND EXISTS (SELECT 1 FROM pg_roles
             WHERE rolname = current_user AND rolsuper OR rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE'))
             THEN 1 ELSE 0 END AS emptied",
    )
    .fetch_one(connection)
    .await?;
    let is = |name| Ok::<_, Error>(row.try_get::<i64, _>(name)? != 0);
    let mut why = Vec::new();
    if is("recycled")? {
        why.push("`wal_recycle` is on, so files of the log are used again before they are overwritten: set it to off");
    }
    if is("archived")? {
        why.push("its log is archived: let archives expire");
    }
    if !is("told")? {
        why.push("the login is not told of what others still read: GRANT pg_read_all_stats to it");
    }
    if !is("emptied")? {
        why.push("the login may not empty the log: GRANT EXECUTE ON FUNCTION pg_switch_wal() and, on PostgreSQL 15 or newer, pg_checkpoint to it");
    }
    Ok(why)
}

/// Has the planner take no samples of texts and bytes: what is erased would stay in its statistics.
pub(crate) async fn sample_no_text(connection: &mut Connection) -> Result<(), Error> {
    let sampled = query(
        "SELECT c.relname::text AS name, format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', c.relname, a.attname) AS change
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
           AND a.atttypid IN ('text'::regtype, 'bytea'::regtype) AND a.attname <> 'network_id'
           AND a.attstattarget IS DISTINCT FROM 0",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in sampled {
        let name: String = row.try_get("name")?;
        if !TABLES.iter().any(|(table, _)| *table == name) {
            continue;
        }
        let sql: String = row.try_get("change")?;
        query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    Ok(())
}
