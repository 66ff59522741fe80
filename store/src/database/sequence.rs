//! Row numbers that are given out before their rows are written.

use sqlx::Error;

use super::{Connection, query_scalar};

/// What is numbered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sequence {
    Posts,
    /// Never given twice, whatever is deleted.
    Conversations,
}

/// As many fresh numbers, ascending. Within a transaction that writes.
pub(crate) async fn take(
    connection: &mut Connection,
    of: Sequence,
    many: usize,
) -> Result<Vec<i64>, Error> {
    if connection.is_postgres() {
        return query_scalar(match of {
            Sequence::Posts => {
                "SELECT nextval(pg_get_serial_sequence('posts', 'post')) FROM generate_series(1, ?)"
            }
            Sequence::Conversations => {
                "SELECT nextval(pg_get_serial_sequence('conversations', 'arrival')) FROM generate_series(1, ?)"
            }
        })
        .bind(many as i64)
        .fetch_all(connection)
        .await;
    }
    let first: i64 = query_scalar(match of {
        Sequence::Posts => "SELECT coalesce(max(post), 0) + 1 FROM posts",
        Sequence::Conversations => {
            "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'conversations'"
        }
    })
    .fetch_one(connection)
    .await?;
    Ok((first..).take(many).collect())
}
