//! Asks the hub that a feed names to tell us of its news, and again before its lease ends.

use discover_model::{Permit, SourceId};
use jiff::Timestamp;
use url::Url;

use super::{Known, Subscription};
use crate::fetch::{FetchError, Fetcher};

/// Looks after a source's subscription: asks its hub where that is due. `declared` is the hub and topic that the feed
/// itself names; `news`: this visit found the feed changed. Whether news are pushed now is the answer: the hub holds a
/// lease for us and has told us of what was new. A hub that fails costs the visit nothing.
pub(crate) async fn tend(
    fetcher: &Fetcher,
    source: SourceId,
    permit: &Permit,
    declared: Option<&(Url, Url)>,
    kept: &mut Option<Subscription>,
    news: bool,
    now: Timestamp,
) -> bool {
    let (Some(subscriber), Some((hub, topic))) = (fetcher.subscriber(), declared) else {
        *kept = None;
        return false;
    };
    // A topic outside the consent is not ours to follow, whoever names it.
    let Some(leave) = permit
        .for_declared_hub(hub.clone())
        .filter(|_| permit.covers(topic))
    else {
        *kept = None;
        return false;
    };
    let same = kept
        .take()
        .filter(|kept| kept.hub == *hub && kept.topic == *topic);
    let fresh = same.is_none();
    let mut subscription = same.unwrap_or_else(|| Subscription {
        hub: hub.clone(),
        topic: topic.clone(),
        asked: now,
        lease: None,
        denied: None,
        heard: None,
        visited: None,
    });
    if let Some(known) = subscriber.known().get(&source).filter(|_| !fresh) {
        subscription.lease = known.lease.or(subscription.lease);
        subscription.denied = known.denied;
        subscription.heard = known.heard.max(subscription.heard);
    }
    // News since the last visit of which the hub said nothing: it cannot be relied on.
    if news && subscription.heard <= subscription.visited {
        subscription.heard = None;
    }
    subscription.visited = Some(now);
    let is_due = fresh || subscription.is_due(source, now);
    if is_due && !subscriber.is_dead(hub, now) {
        let before = (!fresh).then(|| subscription.clone());
        subscription.asked = now;
        subscription.denied = None;
        let entry = Known {
            pending: Some((topic.clone(), now)),
            lease: subscription.lease,
            denied: None,
            heard: subscription.heard,
        };
        subscriber.known().insert(source, entry);
        if let Some(form) = subscriber.form(source, topic) {
            match fetcher.post_form(&leave, hub, form, now).await {
                Ok(202 | 204 | 200) => {}
                Ok(status) => {
                    tracing::debug!(%source, status, "the hub did not take the subscription");
                }
                // It was not asked: the next visit tries again.
                Err(FetchError::HostWaits(_)) => match before {
                    Some(before) => subscription = before,
                    None => return false,
                },
                Err(error) => {
                    tracing::debug!(%source, %error, "the hub cannot be asked");
                    subscriber.failed(hub, now);
                }
            }
        }
    } else if fresh {
        return false;
    }
    let live = subscription.is_live(now) && subscription.heard.is_some();
    *kept = Some(subscription);
    live
}
