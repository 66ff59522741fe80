//! Readers who asked on a page for digests, or for what a search finds, by mail: follows that belong to no analyst.
//!
//! Contract: as every follow by mail, nothing is sent before its reader said yes, and its address goes with it. They stand
//! under one key that nobody holds, and end with every restored backup, since a copy does not know who left.

use discover_model::FollowId;
use jiff::{SignedDuration, Timestamp};

use crate::database::{Connection, query, query_scalar};
use crate::following::about::{FollowAbout, NotMade, READERS};
use crate::following::deliveries::{self, DeliveryEvent, DeliverySubject};
use crate::following::mail::{self, Every};
use crate::following::mailbox::Mailbox;
use crate::row::{micros, name};
use crate::{Store, StoreError, files};

/// Follows of readers at most, of each kind: a digest is made once for all, a search is looked for by itself at every change.
const MOST_DIGESTS: i64 = 20_000;
const MOST_SEARCHES: i64 = 2_000;
/// No key lasts longer than a year by itself; this one is renewed whenever somebody asks.
const LASTS: SignedDuration = SignedDuration::from_hours(24 * 36_500);

/// What is to be queued of a digest for a follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestDue {
    pub follow: FollowId,
    /// Code of its period.
    pub code: String,
    /// When what it named was last seen to be gone, where this is an erratum; the digest itself goes out at `due`.
    pub gone: Option<Timestamp>,
    pub due: Timestamp,
}

/// What a reader asked for.
struct Asked<'a> {
    about: FollowAbout,
    /// Follows of this kind at most.
    most: i64,
    search: &'a str,
    /// Where in the change log it begins.
    seq: u64,
}

/// Between two errata of one digest to one reader.
const ERRATA_APART: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// Asks a mailbox whether it wants digests. One that gets the same or was asked for it already is not asked again,
    /// and whoever asked is not told.
    pub async fn make_digest_follow(
        &self,
        to: &Mailbox,
        every: Every,
        search: &str,
        now: Timestamp,
    ) -> Result<Result<(), NotMade>, StoreError> {
        let asked = Asked {
            about: FollowAbout::Digest,
            most: MOST_DIGESTS,
            search,
            seq: 0,
        };
        self.make_reader_follow(to, every, &asked, now).await
    }

    /// As [`Self::make_digest_follow`], for what a search finds from `seq` in the change log on.
    pub async fn make_reader_search(
        &self,
        to: &Mailbox,
        every: Every,
        search: &str,
        seq: u64,
        now: Timestamp,
    ) -> Result<Result<(), NotMade>, StoreError> {
        let asked = Asked {
            about: FollowAbout::Search,
            most: MOST_SEARCHES,
            search,
            seq,
        };
        self.make_reader_follow(to, every, &asked, now).await
    }

    async fn make_reader_follow(
        &self,
        to: &Mailbox,
        every: Every,
        what: &Asked<'_>,
        now: Timestamp,
    ) -> Result<Result<(), NotMade>, StoreError> {
        let fresh = FollowId::from_bytes(files::random_id()?);
        let nobody = files::random()?;
        let asked = self.asked(to, READERS);
        let mut writer = self.write().await?;
        let result = async {
            let connection = writer.connection();
            let there: Option<i64> = query_scalar(
                "SELECT 1 FROM follows WHERE key_id = ? AND about = ? AND search = ? AND lower(mail) = lower(?) LIMIT 1",
            )
            .bind(READERS)
            .bind(name(what.about))
            .bind(what.search)
            .bind(to.as_str())
            .fetch_optional(&mut *connection)
            .await?;
            if there.is_some() {
                return Ok(Ok(()));
            }
            let held: i64 =
                query_scalar("SELECT count(*) FROM follows WHERE key_id = ? AND about = ?")
                    .bind(READERS)
                    .bind(name(what.about))
                    .fetch_one(&mut *connection)
                    .await?;
            if held >= what.most {
                return Ok(Err(NotMade::Full));
            }
            if let Some(again) = asked.barred(&mut *connection, now).await? {
                return Ok(Err(NotMade::Asked { again }));
            }
            asked.count(&mut *connection, now).await?;
            query(
                "INSERT INTO api_keys (key_id, sha256, holder, purpose, scopes, per_minute, made, expires)
                 VALUES (?1, ?2, '', '', '[]', 1, ?3, ?4)
                 ON CONFLICT (key_id) DO UPDATE SET expires = excluded.expires, revoked = 0",
            )
            .bind(READERS)
            .bind(nobody.to_vec())
            .bind(micros(now))
            .bind(micros(now + LASTS))
            .execute(&mut *connection)
            .await?;
            query(
                "INSERT INTO follows (follow_id, key_id, search, made, began, seq, about)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
            )
            .bind(fresh.to_bytes().to_vec())
            .bind(READERS)
            .bind(what.search)
            .bind(micros(now))
            .bind(what.seq as i64)
            .bind(name(what.about))
            .execute(&mut *connection)
            .await?;
            mail::ask(connection, fresh, to, every, now).await?;
            Ok(Ok(()))
        }
        .await;
        writer.finish(result).await
    }

    /// Queues digests and errata, each once: a digest for a follow, and an erratum where something went after what was last
    /// queued of that digest. What a follow was never sent is not put right.
    pub async fn queue_digests(&self, all: &[DigestDue], now: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            for one in all {
                if wanted(writer.connection(), one, now).await? {
                    let event = match one.gone {
                        Some(_) => DeliveryEvent::Erratum,
                        None => DeliveryEvent::Digest,
                    };
                    let subject = Some(DeliverySubject::Digest(one.code.clone()));
                    deliveries::queue(
                        writer.connection(),
                        one.follow,
                        event,
                        subject,
                        one.due,
                        now,
                    )
                    .await?;
                }
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }
}

async fn wanted(
    connection: &mut Connection,
    one: &DigestDue,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // One that ended meanwhile wants nothing.
    let wanted: i64 = query_scalar(
        "SELECT EXISTS (SELECT 1 FROM follows WHERE follow_id = ?1) AND CASE WHEN ?3 IS NULL
           THEN NOT EXISTS (SELECT 1 FROM deliveries WHERE follow_id = ?1 AND digest = ?2 AND event = 'digest')
           ELSE EXISTS (SELECT 1 FROM deliveries WHERE follow_id = ?1 AND digest = ?2 AND event = 'digest' AND sent = 1)
             AND NOT EXISTS (SELECT 1 FROM deliveries WHERE follow_id = ?1 AND digest = ?2
               AND (state = 'pending' OR coalesce(ended, made) > ?3
                 OR event = 'erratum' AND (coalesce(ended, made) = ?3 OR made > ?4)))
         END",
    )
    .bind(one.follow.to_bytes().to_vec())
    .bind(&one.code)
    .bind(one.gone.map(micros))
    // A network that comes and goes mails nobody with every turn.
    .bind(micros(now - ERRATA_APART))
    .fetch_one(connection)
    .await?;
    Ok(wanted != 0)
}
