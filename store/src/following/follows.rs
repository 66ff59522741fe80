//! Saved searches that are followed, and what was found for each.
//!
//! Contract: what is found and the place in the change log up to which it was looked for move in one transaction, so
//! that no crash tells twice or misses. A follow belongs to an analyst's key, never to a person, and ends with it. Only
//! ids of conversations are kept. A conversation that has gone is told as gone once to each follow that was told of it,
//! and to no other.

use discover_model::{ConversationId, FollowId, NetworkId};
use jiff::Timestamp;

use crate::database::{Connection, Row, query, query_scalar};
use crate::files::random_id;
use crate::following::about::{FollowAbout, NotMade};
use crate::following::deliveries::{self, DeliveryEvent, DeliverySubject};
use crate::following::mail::{self, ByMail, Every};
use crate::following::mailbox::Mailbox;
use crate::row::{count, id, id_list, limit, maybe_id, micros, name, time, word};
use crate::{Store, StoreError};

/// Deliveries that may wait for one follow. Beyond it nothing more is looked for until some have gone out: its place in
/// the change log stays, so nothing is missed.
pub(crate) const MOST_WAITING: i64 = 10_000;

/// A saved search, or something else that is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    pub id: FollowId,
    /// Id of the analyst's key.
    pub key: String,
    pub name: Option<String>,
    pub about: FollowAbout,
    /// As a query string; of what is no search, what narrows it.
    pub search: String,
    pub webhook: Option<String>,
    pub mail: Option<ByMail>,
    pub made: Timestamp,
    /// Where in the change log it began.
    pub began: u64,
    /// Everything up to here in the change log was looked at.
    pub seq: u64,
    /// Why nothing is looked for or sent.
    pub paused: Option<String>,
    /// Whose owner is told, where it is an owner's.
    pub network: Option<NetworkId>,
}

/// What a new follow is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFollow {
    pub key: String,
    pub name: Option<String>,
    pub about: FollowAbout,
    pub search: String,
    pub webhook: Option<String>,
    /// Its reader is asked first.
    pub mail: Option<(Mailbox, Every)>,
    /// Where in the change log it begins.
    pub seq: u64,
}

/// What one look at the change log found for one follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub follow: FollowId,
    /// Everything up to here was looked at.
    pub seq: u64,
    pub fits: Vec<ConversationId>,
    /// What changed and does not fit, whether or not it ever did.
    pub fits_not: Vec<ConversationId>,
}

impl Store {
    /// Makes a follow, of which its key may have `most`. A mailbox is asked whether it wants to be told.
    pub async fn make_follow(
        &self,
        new: &NewFollow,
        most: usize,
        now: Timestamp,
    ) -> Result<Result<Follow, NotMade>, StoreError> {
        let fresh = FollowId::from_bytes(random_id()?);
        let mut writer = self.write().await?;
        let result = async {
            let held: i64 = query_scalar("SELECT count(*) FROM follows WHERE key_id = ?")
                .bind(&new.key)
                .fetch_one(writer.connection())
                .await?;
            if held >= limit(most) {
                return Ok(Some(NotMade::Full));
            }
            let asked = new.mail.as_ref().map(|(to, _)| self.asked(to, &new.key));
            if let Some(asked) = &asked {
                if let Some(again) = asked.barred(writer.connection(), now).await? {
                    return Ok(Some(NotMade::Asked { again }));
                }
                asked.count(writer.connection(), now).await?;
            }
            query(
                "INSERT INTO follows (follow_id, key_id, name, search, webhook, made, began, seq, about)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)",
            )
            .bind(fresh.to_bytes().to_vec())
            .bind(&new.key)
            .bind(&new.name)
            .bind(&new.search)
            .bind(&new.webhook)
            .bind(micros(now))
            .bind(new.seq as i64)
            .bind(name(new.about))
            .execute(writer.connection())
            .await?;
            if let Some((to, every)) = &new.mail {
                mail::ask(writer.connection(), fresh, to, *every, now).await?;
            }
            Ok(None)
        }
        .await;
        if let Some(not_made) = writer.finish(result).await? {
            return Ok(Err(not_made));
        }
        let made = self.follow(fresh).await?;
        made.map(Ok).ok_or_else(|| StoreError::NotFound {
            what: "follow",
            id: fresh.to_string(),
        })
    }

    pub async fn follow(&self, id: FollowId) -> Result<Option<Follow>, StoreError> {
        let row = query("SELECT * FROM follows WHERE follow_id = ?")
            .bind(id.to_bytes().to_vec())
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(row)?.as_ref().map(read).transpose()
    }

    /// The follows of a key, oldest first.
    pub async fn follows_of(&self, key: &str) -> Result<Vec<Follow>, StoreError> {
        let rows = query("SELECT * FROM follows WHERE key_id = ? ORDER BY made, follow_id")
            .bind(key)
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    /// The follows that have somewhere to be told, are not paused, have room, and have not looked as far as `seq`.
    pub async fn follows_behind(&self, seq: u64) -> Result<Vec<Follow>, StoreError> {
        let rows = query(
            "SELECT * FROM follows f WHERE seq < ?1 AND paused IS NULL AND about = 'search'
               AND (webhook IS NOT NULL OR confirmed IS NOT NULL)
               AND (SELECT count(*) FROM deliveries d WHERE d.follow_id = f.follow_id AND d.state = 'pending') < ?2
             ORDER BY seq, follow_id",
        )
        .bind(seq as i64)
        .bind(MOST_WAITING)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    /// The follows of this kind that have somewhere to be told and are not paused.
    pub async fn follows_about(&self, about: FollowAbout) -> Result<Vec<Follow>, StoreError> {
        let rows = query(
            "SELECT * FROM follows WHERE about = ? AND paused IS NULL
               AND (webhook IS NOT NULL OR confirmed IS NOT NULL) ORDER BY follow_id",
        )
        .bind(name(about))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    /// Ends a follow of this key, and all that is kept for it; `false` where the key has no such follow.
    pub async fn drop_follow(&self, id: FollowId, key: &str) -> Result<bool, StoreError> {
        let mut writer = self.write().await?;
        let result = query("DELETE FROM follows WHERE follow_id = ? AND key_id = ?")
            .bind(id.to_bytes().to_vec())
            .bind(key)
            .execute(writer.connection())
            .await
            .map(|done| done.rows_affected() > 0)
            .map_err(StoreError::from);
        writer.finish(result).await
    }

    /// Ends the follows of keys that were revoked or have run out.
    pub async fn drop_follows_of_ended_keys(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = drop_of_ended_keys(writer.connection(), Some(now)).await;
        writer.finish(result).await
    }

    /// Writes down what looks at the change log found: what is to be told, and the places, all of it or nothing. What
    /// was found before is not told again. A follow that ended meanwhile is left out.
    pub async fn tell(&self, seen: &[Seen], now: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            for one in seen {
                tell(writer.connection(), one, now).await?;
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    /// Those of some conversations that any follow was told of.
    pub async fn told_among(
        &self,
        ids: &[ConversationId],
    ) -> Result<Vec<ConversationId>, StoreError> {
        let rows = query(
            "SELECT DISTINCT conversation_id FROM follow_found
             WHERE conversation_id IN (SELECT unhex(value) FROM json_each(?)) ORDER BY 1",
        )
        .bind(id_list(ids.iter().map(|id| id.to_bytes())))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        conversations(&self.named(rows)?)
    }

    /// Those of some conversations that changed after `seq` and are held.
    pub async fn changed_among(
        &self,
        ids: &[ConversationId],
        seq: u64,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let rows = query(
            "SELECT conversation_id FROM changes WHERE seq > ? AND gone = 0
               AND conversation_id IN (SELECT unhex(value) FROM json_each(?)) ORDER BY seq",
        )
        .bind(seq as i64)
        .bind(id_list(ids.iter().map(|id| id.to_bytes())))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        conversations(&self.named(rows)?)
    }

    /// All conversations that any follow was told of, by id, after `last`.
    pub async fn told_after(
        &self,
        last: Option<ConversationId>,
        most: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let rows = query(
            "SELECT DISTINCT conversation_id FROM follow_found WHERE conversation_id > ?
             ORDER BY conversation_id LIMIT ?",
        )
        .bind(last.map_or_else(Vec::new, |id| id.to_bytes().to_vec()))
        .bind(limit(most))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        conversations(&self.named(rows)?)
    }

    /// These must not be shown any more: every follow that was told of them is told so, once. One that has another id
    /// now, because its first post came in later, has not gone.
    pub async fn tell_gone(
        &self,
        ids: &[ConversationId],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            for id in ids {
                rename(writer.connection(), *id).await?;
                let rows = query("SELECT follow_id FROM follow_found WHERE conversation_id = ?")
                    .bind(id.to_bytes().to_vec())
                    .fetch_all(writer.connection())
                    .await?;
                for row in &rows {
                    let follow = FollowId::from_bytes(self::id(row, "follow_id")?);
                    gone(writer.connection(), follow, *id, now).await?;
                }
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }
}

fn conversations(rows: &[Row]) -> Result<Vec<ConversationId>, StoreError> {
    rows.iter()
        .map(|row| Ok(ConversationId::from_bytes(id(row, "conversation_id")?)))
        .collect()
}

pub(crate) fn read(row: &Row) -> Result<Follow, StoreError> {
    Ok(Follow {
        id: FollowId::from_bytes(id(row, "follow_id")?),
        key: row.try_get("key_id")?,
        name: row.try_get("name")?,
        about: word(row, "about")?,
        search: row.try_get("search")?,
        webhook: row.try_get("webhook")?,
        mail: mail::by_mail(row)?,
        made: time(row, "made")?,
        began: count(row, "began")?,
        seq: count(row, "seq")?,
        paused: row.try_get("paused")?,
        network: maybe_id(row, "network_id")?.map(NetworkId::from_bytes),
    })
}

/// Without `now`, of those that were revoked alone.
pub(crate) async fn drop_of_ended_keys(
    connection: &mut Connection,
    now: Option<Timestamp>,
) -> Result<u64, StoreError> {
    let done = query(
        "DELETE FROM follows WHERE key_id IN (SELECT key_id FROM api_keys WHERE revoked = 1 OR expires <= ?)",
    )
    .bind(now.map_or(i64::MIN, micros))
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// A network leaves, and its slug with it: searches go on and name it by its id, under which nothing is found.
pub(crate) async fn forget_network(
    connection: &mut Connection,
    network: NetworkId,
) -> Result<(), StoreError> {
    let slug: Option<String> = query_scalar("SELECT slug FROM networks WHERE network_id = ?")
        .bind(network.to_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(slug) = slug else { return Ok(()) };
    let rows = query("SELECT follow_id, search FROM follows WHERE instr(lower(search), ?) > 0")
        .bind(&slug)
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        let search: &str = row.try_get("search")?;
        query(
            "UPDATE follows SET search = ?1,
               name = CASE WHEN instr(lower(name), ?2) > 0 THEN NULL ELSE name END WHERE follow_id = ?3",
        )
        .bind(by_id(search, &slug, network))
        .bind(&slug)
        .bind(id(row, "follow_id")?.to_vec())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// The search with the network named by its id wherever its slug named it; nothing of the slug is left that does.
fn by_id(search: &str, slug: &str, network: NetworkId) -> String {
    let meant = format!("{slug}.");
    let pairs = url::form_urlencoded::parse(search.as_bytes());
    let pairs = pairs.filter_map(|(name, value)| {
        let value = match &*name {
            "network" if value == slug => network.to_string(),
            "network-meant" if value.starts_with(&meant) => return None,
            "q" => in_query(&value, slug, network),
            _ => value.into_owned(),
        };
        Some((name, value))
    });
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// A query in which every `network:slug` is `network:id`.
fn in_query(q: &str, slug: &str, network: NetworkId) -> String {
    const FIELD: &str = "network:";
    let (mut out, mut rest) = (String::with_capacity(q.len()), q);
    // Both have the same bytes but for the case of letters.
    let mut lower = q.to_ascii_lowercase();
    while let Some(at) = lower.find(FIELD) {
        let mut end = at + FIELD.len();
        end += usize::from(lower[end..].starts_with('"'));
        out.push_str(&rest[..end]);
        if let Some(after) = lower[end..].strip_prefix(slug)
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
        {
            out.push_str(&network.to_string());
            end += slug.len();
        }
        rest = &rest[end..];
        lower = lower.split_off(end);
    }
    out + rest
}

async fn tell(connection: &mut Connection, seen: &Seen, now: Timestamp) -> Result<(), StoreError> {
    let follow = seen.follow;
    let moved = query("UPDATE follows SET seq = ?1 WHERE follow_id = ?2 AND seq <= ?1")
        .bind(seen.seq as i64)
        .bind(follow.to_bytes().to_vec())
        .execute(&mut *connection)
        .await?;
    if moved.rows_affected() == 0 {
        return Ok(());
    }
    for conversation in &seen.fits {
        for old in old_ids(connection, *conversation).await? {
            rename(connection, old).await?;
        }
        let added = query(
            "INSERT INTO follow_found (conversation_id, follow_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(conversation.to_bytes().to_vec())
        .bind(follow.to_bytes().to_vec())
        .execute(&mut *connection)
        .await?;
        if added.rows_affected() > 0 {
            queue(connection, follow, DeliveryEvent::Found, *conversation, now).await?;
        }
    }
    if seen.fits_not.is_empty() {
        return Ok(());
    }
    let rows = query(
        "SELECT conversation_id FROM follow_found WHERE follow_id = ?
           AND conversation_id IN (SELECT unhex(value) FROM json_each(?)) ORDER BY 1",
    )
    .bind(follow.to_bytes().to_vec())
    .bind(id_list(seen.fits_not.iter().map(|id| id.to_bytes())))
    .fetch_all(&mut *connection)
    .await?;
    for conversation in conversations(&rows)? {
        rename(connection, conversation).await?;
        gone(connection, follow, conversation, now).await?;
    }
    Ok(())
}

async fn old_ids(
    connection: &mut Connection,
    conversation: ConversationId,
) -> Result<Vec<ConversationId>, StoreError> {
    let rows = query("SELECT old_id AS conversation_id FROM aliases WHERE new_id = ?")
        .bind(conversation.to_bytes().to_vec())
        .fetch_all(connection)
        .await?;
    conversations(&rows)
}

/// Puts a conversation's present id in the place of an old one, where it has one. Where both were found, the old one
/// stays, to be told as gone.
async fn rename(connection: &mut Connection, old: ConversationId) -> Result<(), StoreError> {
    let row = query("SELECT new_id FROM aliases WHERE old_id = ?")
        .bind(old.to_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let new = id(&row, "new_id")?;
    query(
        "UPDATE follow_found SET conversation_id = ?1, told = coalesce(told, CASE WHEN EXISTS (
             SELECT 1 FROM deliveries d WHERE d.follow_id = follow_found.follow_id AND d.conversation_id = ?2
               AND d.event = 'found' AND d.state = 'pending' AND d.sent = 0) THEN NULL ELSE ?2 END)
         WHERE conversation_id = ?2 AND NOT EXISTS (SELECT 1 FROM follow_found AS other
           WHERE other.conversation_id = ?1 AND other.follow_id = follow_found.follow_id)",
    )
    .bind(new.to_vec())
    .bind(old.to_bytes().to_vec())
    .execute(&mut *connection)
    .await?;
    query(
        "UPDATE deliveries SET conversation_id = ?1 WHERE conversation_id = ?2 AND event = 'found'
           AND follow_id NOT IN (SELECT follow_id FROM follow_found WHERE conversation_id = ?2)",
    )
    .bind(new.to_vec())
    .bind(old.to_bytes().to_vec())
    .execute(connection)
    .await?;
    Ok(())
}

/// A conversation that was found for a follow is no more for it: what is still to be told of it is called off, and where
/// it was told, that it has gone is to be told.
async fn gone(
    connection: &mut Connection,
    follow: FollowId,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = query(
        "DELETE FROM follow_found WHERE follow_id = ? AND conversation_id = ? RETURNING told",
    )
    .bind(follow.to_bytes().to_vec())
    .bind(conversation.to_bytes().to_vec())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let told = maybe_id(&row, "told")?.map_or(conversation, ConversationId::from_bytes);
    let untold: i64 = query_scalar(
        "SELECT count(*) FROM deliveries WHERE follow_id = ?1 AND conversation_id = ?2 AND event = 'found'
           AND state = 'pending' AND sent = 0",
    )
    .bind(follow.to_bytes().to_vec())
    .bind(conversation.to_bytes().to_vec())
    .fetch_one(&mut *connection)
    .await?;
    deliveries::call_off(connection, follow, conversation, now).await?;
    if untold == 0 {
        queue(connection, follow, DeliveryEvent::Withdrawn, told, now).await?;
    }
    Ok(())
}

async fn queue(
    connection: &mut Connection,
    follow: FollowId,
    event: DeliveryEvent,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let subject = DeliverySubject::Conversation(conversation);
    deliveries::queue(connection, follow, event, Some(subject), now, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_names_a_network_that_left_by_its_id_and_nothing_else_changes() {
        let network = NetworkId::from_u128(7);
        let id = network.to_string();
        for (before, after) in [
            (
                "network=one&network=two&q=lamp",
                format!("network={id}&network=two&q=lamp"),
            ),
            ("network=one&network-meant=one.abc", format!("network={id}")),
            ("q=one+-network%3Aone", format!("q=one+-network%3A{id}")),
            (
                "q=NETWORK%3A%22One%22+network%3Aone-more",
                format!("q=NETWORK%3A%22{id}%22+network%3Aone-more"),
            ),
            (
                "q=(network%3Aone+OR+network%3Aone)",
                format!("q=%28network%3A{id}+OR+network%3A{id}%29"),
            ),
            (
                "network=one-more&q=one",
                "network=one-more&q=one".to_owned(),
            ),
        ] {
            assert_eq!(by_id(before, "one", network), after);
        }
    }
}
