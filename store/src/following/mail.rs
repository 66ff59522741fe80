//! Follows that are told by mail: whether their reader said yes, and what their next mail holds.
//!
//! Contract: a mail holds what waits in the queue of [`crate::Delivery`]s. What it holds is on record before it is sent,
//! and a mail that is sent again holds no more than it did, so that one id names one mail. Before its reader said yes, one
//! mail that asks is all an address is sent. An address goes with its follow, and its bytes with the next
//! [`Store::erase`]. How often an address and a key are asked is bounded, by a keyed hash of the address.

use discover_model::{ConversationId, DeliveryId, FollowId, NetworkId};
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::database::{Connection, On, Row, query};
use crate::files::random_id;
use crate::following::about::{FollowAbout, READERS};
use crate::following::deliveries::{
    self, DeliveryEvent, DeliverySubject, Outcome, Settled, Tried, number,
};
use crate::following::mailbox::Mailbox;
use crate::row::{bad, id, limit, maybe_id, maybe_time, micros, name, time, word};
use crate::{Store, StoreError};

/// Conversations of one mail. The others wait for the next one.
pub const MOST_IN_A_MAIL: usize = 100;
/// For how long asking an address, and by a key, counts.
const ASKED: SignedDuration = SignedDuration::from_hours(24);
/// How often one address is asked in that time, by whatever keys.
const OF_AN_ADDRESS: i64 = 5;
/// How many addresses one key asks in that time.
const OF_A_KEY: i64 = 20;
/// How many addresses all readers together have asked by the form on a page.
const OF_READERS: i64 = 500;
/// For how long an address that said no is not asked again.
const REFUSED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// When what could not be told in a mail is looked at again, where another mail may go then.
const SOON: SignedDuration = SignedDuration::from_secs(5);

/// How often a mail may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    Hour,
    Day,
    Week,
    Month,
}

/// Where and how often a follow is told by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByMail {
    pub to: Mailbox,
    pub every: Every,
    /// When its reader said yes.
    pub confirmed: Option<Timestamp>,
}

/// What one mail is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailItem {
    /// It asks whether the address wants mails.
    Confirm,
    Found(ConversationId),
    Withdrawn(ConversationId),
    /// Number of a notice that began, and of one that holds no more.
    Begun(u64),
    Ended(u64),
    /// A digest by the code of its period, and one of which something is not shown any more.
    Digest(String),
    Erratum(String),
    /// Number of an entry of the answers, and of one whose text is erased.
    Answer(u64),
    AnswerErased(u64),
}

impl MailItem {
    fn of(event: DeliveryEvent, subject: Option<DeliverySubject>) -> Self {
        match (event, subject) {
            (DeliveryEvent::Found, Some(DeliverySubject::Conversation(id))) => Self::Found(id),
            (DeliveryEvent::Withdrawn, Some(DeliverySubject::Conversation(id))) => {
                Self::Withdrawn(id)
            }
            (DeliveryEvent::Begun, Some(DeliverySubject::Notice(number))) => Self::Begun(number),
            (DeliveryEvent::Ended, Some(DeliverySubject::Notice(number))) => Self::Ended(number),
            (DeliveryEvent::Digest, Some(DeliverySubject::Digest(code))) => Self::Digest(code),
            (DeliveryEvent::Erratum, Some(DeliverySubject::Digest(code))) => Self::Erratum(code),
            (DeliveryEvent::Answered, Some(DeliverySubject::Answer(number))) => {
                Self::Answer(number)
            }
            (DeliveryEvent::AnswerErased, Some(DeliverySubject::Answer(number))) => {
                Self::AnswerErased(number)
            }
            _ => Self::Confirm,
        }
    }

    const fn event(&self) -> DeliveryEvent {
        match self {
            Self::Confirm => DeliveryEvent::Confirm,
            Self::Found(_) => DeliveryEvent::Found,
            Self::Withdrawn(_) => DeliveryEvent::Withdrawn,
            Self::Begun(_) => DeliveryEvent::Begun,
            Self::Ended(_) => DeliveryEvent::Ended,
            Self::Digest(_) => DeliveryEvent::Digest,
            Self::Erratum(_) => DeliveryEvent::Erratum,
            Self::Answer(_) => DeliveryEvent::Answered,
            Self::AnswerErased(_) => DeliveryEvent::AnswerErased,
        }
    }
}

/// A mail whose next attempt is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMail {
    /// The same however often it is sent.
    pub id: DeliveryId,
    pub follow: FollowId,
    pub to: Mailbox,
    pub every: Every,
    pub about: FollowAbout,
    pub search: String,
    pub name: Option<String>,
    /// Whoever holds the key.
    pub holder: String,
    /// Whose owner is told, where it is an owner's.
    pub network: Option<NetworkId>,
    pub tried: Tried,
    /// Oldest first. Never empty.
    pub items: Vec<(DeliveryId, MailItem)>,
    /// Was it attempted before, by delivery.
    sent: Vec<bool>,
    /// What waits beside it.
    pub waiting: u64,
}

impl ClaimedMail {
    /// Whether it asks whether the address wants mails.
    pub fn asks(&self) -> bool {
        self.items
            .iter()
            .any(|(_, item)| *item == MailItem::Confirm)
    }
}

impl Store {
    /// The mailbox's reader said yes: mails go out from `first` on. `false` where there is no such follow by mail.
    pub async fn confirm_mail(
        &self,
        follow: FollowId,
        first: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let done = query(
                "UPDATE follows SET mail_next = CASE WHEN confirmed IS NULL THEN ?1 ELSE mail_next END,
                   held_until = CASE WHEN confirmed IS NULL THEN 0 ELSE held_until END,
                   failures = CASE WHEN confirmed IS NULL THEN 0 ELSE failures END,
                   confirmed = coalesce(confirmed, ?2)
                 WHERE follow_id = ?3 AND mail IS NOT NULL",
            )
            .bind(micros(first))
            .bind(micros(now))
            .bind(follow.to_bytes().to_vec())
            .execute(writer.connection())
            .await?;
            // The mail that asked may have come though its server did not say so.
            query(
                "UPDATE deliveries SET state = 'delivered', ended = ? WHERE follow_id = ? AND event = 'confirm' AND state = 'pending'",
            )
            .bind(micros(now))
            .bind(follow.to_bytes().to_vec())
            .execute(writer.connection())
            .await?;
            Ok(done.rows_affected() > 0)
        }
        .await;
        writer.finish(result).await
    }

    /// The mailbox's reader wants none: the follow ends, and all that is kept for it. One that had not said yes is not
    /// asked again for a month. `false` where there is no such follow by mail.
    pub async fn refuse_mail(&self, follow: FollowId, now: Timestamp) -> Result<bool, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let row = query(
                "DELETE FROM follows WHERE follow_id = ? AND mail IS NOT NULL RETURNING mail, key_id, confirmed",
            )
            .bind(follow.to_bytes().to_vec())
            .fetch_optional(writer.connection())
            .await?;
            let Some(row) = row else { return Ok(false) };
            if maybe_time(&row, "confirmed")?.is_none() {
                let asked = Asked {
                    address: self.hash_of(&mailbox(&row)?),
                    key: row.try_get("key_id")?,
                };
                asked.note(writer.connection(), now, REFUSED, true).await?;
            }
            Ok(true)
        }
        .await;
        writer.finish(result).await
    }

    /// Ends the follows whose mailbox was asked before then and has not said yes, and forgets who was asked long ago.
    pub async fn drop_unconfirmed_mail(
        &self,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let done = query(
                "DELETE FROM follows WHERE mail IS NOT NULL AND confirmed IS NULL AND made < ?",
            )
            .bind(micros(before))
            .execute(writer.connection())
            .await?;
            query("DELETE FROM mail_asked WHERE until <= ?")
                .bind(micros(now))
                .execute(writer.connection())
                .await?;
            Ok(done.rows_affected())
        }
        .await;
        writer.finish(result).await
    }

    /// Takes the next mail of each follow that has one due, of as many as `most`, those first that were served longest
    /// ago. The attempt counts from here on.
    pub async fn claim_mails(
        &self,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<ClaimedMail>, StoreError> {
        // Looked for without the one writer: most of the time there is nothing.
        if self.named(due(self.readers(), now, 1).await)?.is_empty() {
            return Ok(Vec::new());
        }
        let mut writer = self.write().await?;
        let result = async {
            let rows = due(writer.connection(), now, most).await?;
            let mut claimed = Vec::with_capacity(rows.len());
            for row in &rows {
                claimed.extend(claim(writer.connection(), row, now).await?);
            }
            Ok(claimed)
        }
        .await;
        writer.finish(result).await
    }

    /// Records what an attempt came to: of the deliveries that the mail told, the outcome; the others wait for another
    /// mail. Where it went out, the next one does not before `next`.
    pub async fn settle_mail(
        &self,
        claimed: &ClaimedMail,
        told: &[DeliveryId],
        outcome: &Outcome,
        next: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let connection = writer.connection();
            for ((delivery, item), sent) in claimed.items.iter().zip(&claimed.sent) {
                let settled = Settled {
                    delivery: *delivery,
                    event: item.event(),
                    sent: *sent,
                };
                let waits = Outcome::NotSent { again: now + SOON };
                let outcome = if told.contains(delivery) {
                    outcome
                } else {
                    &waits
                };
                deliveries::settle_one(connection, &settled, outcome, now).await?;
                if matches!(outcome, Outcome::NotSent { .. }) {
                    // The id names the mail that went out without it.
                    query("UPDATE deliveries SET mail_id = NULL WHERE delivery_id = ?")
                        .bind(delivery.to_bytes().to_vec())
                        .execute(&mut *connection)
                        .await?;
                }
            }
            deliveries::settle_follow(connection, claimed.follow, outcome, now).await?;
            if *outcome == Outcome::Delivered && !claimed.asks() {
                query("UPDATE follows SET mail_next = ? WHERE follow_id = ?")
                    .bind(micros(next))
                    .bind(claimed.follow.to_bytes().to_vec())
                    .execute(connection)
                    .await?;
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    pub(crate) fn asked(&self, to: &Mailbox, key: &str) -> Asked {
        Asked {
            address: self.hash_of(to),
            key: key.to_owned(),
        }
    }

    fn hash_of(&self, mailbox: &Mailbox) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.sub_key("asked mailboxes"))
            .expect("HMAC takes a key of any length");
        mac.update(mailbox.counted().as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// A mailbox that a key wants to be asked.
pub(crate) struct Asked {
    address: [u8; 32],
    key: String,
}

impl Asked {
    /// Until when it must not be asked.
    pub(crate) async fn barred(
        &self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let row = query(
            "SELECT max(CASE WHEN refused = 1 AND address = ?1 THEN until END) AS refused,
               count(*) FILTER (WHERE address = ?1 AND refused = 0) AS of_address,
               count(*) FILTER (WHERE key_id = ?2 AND refused = 0) AS of_key,
               min(CASE WHEN refused = 0 THEN until END) AS until
             FROM mail_asked WHERE (address = ?1 OR key_id = ?2) AND until > ?3",
        )
        .bind(self.address.to_vec())
        .bind(&self.key)
        .bind(micros(now))
        .fetch_one(connection)
        .await?;
        let refused = maybe_time(&row, "refused")?;
        let of_key = if self.key == READERS {
            OF_READERS
        } else {
            OF_A_KEY
        };
        let often = row.try_get::<i64, _>("of_address")? >= OF_AN_ADDRESS
            || row.try_get::<i64, _>("of_key")? >= of_key;
        let until = maybe_time(&row, "until")?.filter(|_| often);
        Ok(refused.max(until))
    }

    /// It is asked now.
    pub(crate) async fn count(
        &self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.note(connection, now, ASKED, false).await
    }

    async fn note(
        &self,
        connection: &mut Connection,
        now: Timestamp,
        lasts: SignedDuration,
        refused: bool,
    ) -> Result<(), StoreError> {
        query(
            "INSERT INTO mail_asked (address, key_id, at, until, refused) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(self.address.to_vec())
        .bind(&self.key)
        .bind(micros(now))
        .bind(micros(now + lasts))
        .bind(refused)
        .execute(connection)
        .await?;
        Ok(())
    }
}

fn mailbox(row: &Row) -> Result<Mailbox, StoreError> {
    // What cannot be read is not said either.
    let text: &str = row.try_get("mail")?;
    text.parse().map_err(|_| bad("mail", "…"))
}

/// How a follow is told by mail, where it is.
pub(crate) fn by_mail(row: &Row) -> Result<Option<ByMail>, StoreError> {
    if row.try_get::<Option<&str>, _>("mail")?.is_none() {
        return Ok(None);
    }
    Ok(Some(ByMail {
        to: mailbox(row)?,
        every: word(row, "every")?,
        confirmed: maybe_time(row, "confirmed")?,
    }))
}

/// Writes down where a fresh follow is told by mail, and has its mailbox asked.
pub(crate) async fn ask(
    connection: &mut Connection,
    follow: FollowId,
    to: &Mailbox,
    every: Every,
    now: Timestamp,
) -> Result<(), StoreError> {
    query("UPDATE follows SET mail = ?, every = ? WHERE follow_id = ?")
        .bind(to.as_str())
        .bind(name(every))
        .bind(follow.to_bytes().to_vec())
        .execute(&mut *connection)
        .await?;
    deliveries::queue(connection, follow, DeliveryEvent::Confirm, None, now, now).await
}

async fn due<'a>(
    connection: impl Into<On<'a>> + Send,
    now: Timestamp,
    most: usize,
) -> Result<Vec<Row>, StoreError> {
    let rows = query(
        "SELECT f.*, k.holder FROM follows f JOIN api_keys k ON k.key_id = f.key_id
         WHERE f.mail IS NOT NULL AND f.paused IS NULL AND f.held_until <= ?1
           AND (f.network_id IS NULL OR f.network_id IN (SELECT network_id FROM networks WHERE state = 'live'))
           AND (f.confirmed IS NULL OR f.mail_next <= ?1 OR f.about = 'digest')
           AND NOT EXISTS (SELECT 1 FROM deliveries s WHERE s.follow_id = f.follow_id AND s.sending = 1)
           AND EXISTS (SELECT 1 FROM deliveries p WHERE p.follow_id = f.follow_id AND p.state = 'pending'
             AND p.next_due <= ?1 AND (p.event = 'confirm') = (f.confirmed IS NULL)
             AND (p.event = 'confirm' OR p.conversation_id IS NOT NULL OR p.notice IS NOT NULL OR p.digest IS NOT NULL
               OR p.answer IS NOT NULL))
         ORDER BY f.tried, f.follow_id LIMIT ?2",
    )
    .bind(micros(now))
    .bind(limit(most))
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

async fn claim(
    connection: &mut Connection,
    follow: &Row,
    now: Timestamp,
) -> Result<Option<ClaimedMail>, StoreError> {
    let follow_id = id(follow, "follow_id")?.to_vec();
    let by_mail = by_mail(follow)?.ok_or_else(|| bad("mail", "…"))?;
    let waiting = query(
        "SELECT * FROM deliveries WHERE follow_id = ?1 AND state = 'pending' AND CASE WHEN event = 'confirm' THEN 1 ELSE 0 END = ?2
           AND (event = 'confirm' OR conversation_id IS NOT NULL OR notice IS NOT NULL OR digest IS NOT NULL OR answer IS NOT NULL)
           AND (mail_id IS NOT NULL OR next_due <= ?3)
         ORDER BY delivery",
    )
    .bind(follow_id.clone())
    .bind(by_mail.confirmed.is_none())
    .bind(micros(now))
    .fetch_all(&mut *connection)
    .await?;
    // A mail that was begun goes first, as it was.
    let mut begun = None;
    for row in &waiting {
        if let Some(mail) = maybe_id(row, "mail_id")? {
            begun = Some(mail);
            break;
        }
    }
    let mail = match begun {
        Some(mail) => mail,
        None => random_id()?,
    };
    let (mut items, mut sent, mut tried) = (Vec::new(), Vec::new(), None::<Tried>);
    for row in &waiting {
        if maybe_id(row, "mail_id")? != begun || items.len() == MOST_IN_A_MAIL {
            continue;
        }
        let item = MailItem::of(word(row, "event")?, deliveries::subject(row)?);
        items.push((DeliveryId::from_bytes(id(row, "delivery_id")?), item));
        sent.push(row.try_get::<i64, _>("sent")? != 0);
        let this = Tried {
            attempts: number(row, "attempts")? + 1,
            failures: number(follow, "failures")?,
            made: time(row, "made")?,
        };
        tried = Some(tried.map_or(this, |tried| Tried {
            attempts: tried.attempts.max(this.attempts),
            made: tried.made.min(this.made),
            ..tried
        }));
        query(
            "UPDATE deliveries SET sending = 1, sent = 1, attempts = attempts + 1, mail_id = ? WHERE delivery = ?",
        )
        .bind(mail.to_vec())
        .bind(row.try_get::<i64, _>("delivery")?)
        .execute(&mut *connection)
        .await?;
    }
    let Some(tried) = tried else { return Ok(None) };
    query("UPDATE follows SET tried = ? WHERE follow_id = ?")
        .bind(micros(now))
        .bind(follow_id)
        .execute(connection)
        .await?;
    Ok(Some(ClaimedMail {
        id: DeliveryId::from_bytes(mail),
        follow: FollowId::from_bytes(id(follow, "follow_id")?),
        to: by_mail.to,
        every: by_mail.every,
        about: word(follow, "about")?,
        search: follow.try_get("search")?,
        name: follow.try_get("name")?,
        holder: follow.try_get("holder")?,
        network: maybe_id(follow, "network_id")?.map(NetworkId::from_bytes),
        tried,
        waiting: (waiting.len() - items.len()) as u64,
        items,
        sent,
    }))
}
