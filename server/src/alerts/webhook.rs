//! The body of an alert, made at the moment of sending, and its signature (Standard Webhooks 1.0).

use data_encoding::BASE64;
use discover_model::FollowId;
use discover_store::{Claimed, DeliveryEvent, DeliverySubject, Store, Uses};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use super::answers;
use crate::problem::Problem;
use crate::read::params::SavedSearch;
use crate::read::{notices, search};
use crate::shapes::{
    Alert, AlertAnswer, AlertConversation, AlertEvent, AlertTopic, GoneConversation,
};
use crate::state::{State, View};
use crate::text::{early, words};
use crate::uses;

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRequest {
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Vec<u8>,
}

/// What a delivery says now; nothing where its conversation may not be shown (any more, or just now).
pub async fn webhook_request(
    state: &State,
    claimed: &Claimed,
) -> Result<Option<WebhookRequest>, Problem> {
    let view = state.view().await?;
    let (kind, said) = match (claimed.event, &claimed.subject) {
        (DeliveryEvent::Withdrawn, DeliverySubject::Conversation(id)) => (
            AlertEvent::Withdrawn,
            Said::Conversation(AlertConversation::Withdrawn(GoneConversation { id: *id })),
        ),
        (DeliveryEvent::Found, DeliverySubject::Conversation(id)) => {
            let q = SavedSearch::parse(&claimed.search)
                .map_or_else(|_| String::new(), |saved| saved.params.q);
            let hit = search::hit(&view, &q, *id).await?;
            let Some((conversation, highlight)) = hit else {
                return Ok(None);
            };
            let one = Uses {
                alerted: 1,
                ..Uses::default()
            };
            uses::count(&view, [conversation.network.slug.as_str()], one);
            let found = AlertConversation::Found {
                conversation: Box::new(conversation),
                highlight,
            };
            (AlertEvent::Found, Said::Conversation(found))
        }
        (
            event @ (DeliveryEvent::Begun | DeliveryEvent::Ended),
            DeliverySubject::Notice(number),
        ) => {
            let Some((notice, all)) = notices::one(&view, *number).await? else {
                return Ok(None);
            };
            let began = event == DeliveryEvent::Begun;
            // What is not shown any more is told by its end alone.
            if began && (notice.topic.is_none() || notice.ended.is_some()) {
                return Ok(None);
            }
            let told = if began {
                early::begun(&notice, &all)
            } else {
                early::ended(&notice, &day(&view, notice.began))
            };
            let kind = if began {
                AlertEvent::Begun
            } else {
                AlertEvent::Ended
            };
            let said = AlertTopic {
                title: told.title,
                text: told.text,
                notice,
            };
            (kind, Said::Topic(Box::new(said)))
        }
        (
            event @ (DeliveryEvent::Answered | DeliveryEvent::AnswerErased),
            DeliverySubject::Answer(number),
        ) => {
            let erased = event == DeliveryEvent::AnswerErased;
            let entry = answers::entry(&view, claimed.network, *number, erased).await?;
            let Some(entry) = entry else {
                return Ok(None);
            };
            let kind = if erased {
                AlertEvent::AnswerErased
            } else {
                AlertEvent::Answered
            };
            (kind, Said::Answer(Box::new(entry)))
        }
        // A webhook is not asked, and is sent no digest.
        _ => return Ok(None),
    };
    let (mut conversation, mut topic, mut answer) = (None, None, None);
    match said {
        Said::Conversation(said) => conversation = Some(said),
        Said::Topic(said) => topic = Some(said),
        Said::Answer(said) => answer = Some(said),
    }
    let alert = Alert {
        kind,
        id: claimed.id,
        follow: claimed.follow,
        name: claimed.name.clone(),
        timestamp: claimed.made,
        conversation,
        topic,
        answer,
    };
    let body = serde_json::to_vec(&alert).map_err(|error| Problem::internal(&error))?;
    let (id, at) = (claimed.id.to_string(), view.now.as_second().to_string());
    let signature = sign(&secret(state.store(), claimed.follow), &id, &at, &body);
    Ok(Some(WebhookRequest {
        headers: vec![
            ("webhook-id", id),
            ("webhook-timestamp", at),
            ("webhook-signature", signature),
            ("discover-event", kind.as_str().to_owned()),
        ],
        body,
    }))
}

/// What an alert is about.
enum Said {
    Conversation(AlertConversation),
    Topic(Box<AlertTopic>),
    Answer(Box<AlertAnswer>),
}

/// A day in words.
pub(super) fn day(view: &View, at: Timestamp) -> String {
    let zone = view.state.config().zone.clone();
    words::day(at.to_zoned(zone).date())
}

/// A follow's secret. It is made from the instance's key whenever it is needed, and kept nowhere.
pub(super) fn secret(store: &Store, follow: FollowId) -> [u8; 32] {
    store.sub_key(&format!("webhook {follow}"))
}

/// The secret as its holder is shown it.
pub(super) fn shown(secret: &[u8; 32]) -> String {
    format!("whsec_{}", BASE64.encode(secret))
}

fn sign(secret: &[u8; 32], id: &str, at: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    for part in [id.as_bytes(), b".", at.as_bytes(), b".", body] {
        mac.update(part);
    }
    format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification's reference libraries, with its key of 24 bytes filled up to
    /// 32 by zeros, which HMAC does by itself.
    #[test]
    fn signatures_are_those_of_standard_webhooks() {
        let key = BASE64
            .decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .expect("base64");
        let mut secret = [0; 32];
        secret[..key.len()].copy_from_slice(&key);
        let signature = sign(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
