//! The saved searches of a key: made, read, ended, and what became of their alerts.

use std::collections::BTreeMap;
use std::sync::Arc;

use discover_model::FollowId;
use discover_store::{
    self as store, DeliverySubject, Every, FollowAbout, Mailbox, NotMade, Replay,
};
use serde_json::{Map, Value};
use url::Url;

use super::webhook;
use crate::operations::OperationError;
use crate::owner;
use crate::problem::{Code, Problem};
use crate::read::names::Names;
use crate::read::params::{
    FollowParams, NoticeParams, PageParams, Query, SavedSearch, SearchParams,
};
use crate::read::{notices, search};
use crate::shapes::{
    AlertEvent, Deliver, Delivery, Follow, FollowState, List, NewDeliver, NewFollow, ReplayFrom,
    Replayed, ToMail, ToWebhook,
};
use crate::state::View;

/// Follows of one key.
pub(crate) const MOST: usize = 50;
/// Characters of a name.
const NAME: usize = 100;
/// Characters of a webhook's address.
const ADDRESS: usize = 2048;
/// Characters of a search as a query string.
const SEARCH: usize = 8192;

/// Saves a search for a key. Whatever is wrong with it is said as `GET /search` says it.
pub(crate) async fn make(view: &View, key: &str, new: &NewFollow) -> Result<Follow, Problem> {
    let (about, search) = match (&new.search, &new.early) {
        (Some(search), None) => (FollowAbout::Search, of_search(view, search).await?),
        (None, Some(early)) => (FollowAbout::Early, of_early(view, early).await?),
        _ => {
            let detail = "expected `search` or `early`, and not both";
            return Err(Problem::new(Code::BadBody, detail));
        }
    };
    let name = new.name.as_deref().map(str::trim);
    let fits = |name: &str| {
        (1..=NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control)
    };
    if !name.is_none_or(fits) {
        let detail = format!("expected one line of 1 to {NAME} characters");
        return Err(Problem::parameter("name", detail));
    }
    let (webhook, mail) = match &new.deliver {
        Some(deliver) => place(view, deliver).await?,
        None => (None, None),
    };
    let new = store::NewFollow {
        key: key.to_owned(),
        name: name.map(str::to_owned),
        about,
        search,
        webhook: webhook.map(String::from),
        mail,
        seq: view.seq,
    };
    let made = view.state.store().make_follow(&new, MOST, view.now).await;
    let made = made.map_err(|error| Problem::internal(&error))?;
    let made = made.map_err(|not_made| match not_made {
        NotMade::Full => Problem::new(Code::Conflict, format!("a key may have {MOST} follows"))
            .with_hint("end one of them"),
        NotMade::Left => Problem::not_found("network"),
        NotMade::Asked { again } => Problem {
            parameter: Some("deliver.mail".to_owned()),
            retry_after: Some(again.duration_since(view.now).as_secs().max(1).unsigned_abs()),
            ..Problem::new(
                Code::RateLimited,
                "this address, or others by this key, were asked whether they want mails as often as they may be",
            )
        },
    })?;
    let secret = made.webhook.is_some().then(|| secret(view, made.id));
    Ok(Follow {
        secret,
        ..shape(view, &made).await
    })
}

/// A search as it is stored.
async fn of_search(view: &View, search: &Map<String, Value>) -> Result<String, Problem> {
    let FollowParams(params) = FollowParams::parse(&query(search, &SEARCHED)?)?;
    stored(view, params).await
}

/// As [`make`] stores a search, of whomever it is. What is wrong with it is said as `GET /search` says it.
pub(crate) async fn stored(view: &View, params: SearchParams) -> Result<String, Problem> {
    let names = Arc::new(Names::forgiving(BTreeMap::new()));
    search::among(view, &params, &names, Arc::new([])).await?;
    let networks = names.seen().networks;
    let search = SavedSearch { params, networks }.to_stored();
    if search.len() > SEARCH {
        let detail = format!("the search has more than {SEARCH} characters as an address");
        return Err(Problem::new(Code::QueryTooLarge, detail));
    }
    Ok(search)
}

/// What is told early, narrowed as it is stored.
async fn of_early(view: &View, early: &Map<String, Value>) -> Result<String, Problem> {
    let params = NoticeParams::parse(&query(early, &TOLD_EARLY)?)?;
    notices::notices(view, &params).await?;
    Ok(params.to_query())
}

/// Where a follow is told: at a webhook, or by mail.
pub(crate) async fn place(
    view: &View,
    deliver: &NewDeliver,
) -> Result<(Option<Url>, Option<(Mailbox, Every)>), Problem> {
    match (&deliver.webhook, &deliver.mail) {
        (Some(_), Some(_)) => Err(Problem::parameter(
            "deliver",
            "expected `webhook` or `mail`, not both",
        )
        .with_hint("save the search twice")),
        (None, None) => Err(Problem::parameter(
            "deliver",
            "expected `webhook` or `mail`",
        )),
        (Some(_), None) if deliver.every.is_some() => Err(Problem::parameter(
            "deliver.every",
            "`every` goes with `mail`: a webhook is told at once",
        )),
        (Some(address), None) => Ok((Some(webhook(view, address).await?), None)),
        (None, Some(address)) => {
            if !view.state.config().operations.mails {
                return Err(Problem::parameter(
                    "deliver.mail",
                    "mail is not configured at this site",
                )
                .with_hint("use `webhook`, or ask the operator to set up mail"));
            }
            let to = address.parse::<Mailbox>();
            let to = to.map_err(|error| Problem::parameter("deliver.mail", error.to_string()))?;
            Ok((None, Some((to, deliver.every.unwrap_or_default().into()))))
        }
    }
}

async fn webhook(view: &View, address: &str) -> Result<Url, Problem> {
    let wrong = |detail: String| Problem::parameter("deliver.webhook", detail);
    if address.len() > ADDRESS {
        return Err(wrong(format!("expected at most {ADDRESS} characters")));
    }
    let mut url = Url::parse(address).map_err(|_| {
        wrong("expected an address such as https://insight.example/hook".to_owned())
    })?;
    url.set_fragment(None);
    // A name of more than 253 characters is none (RFC 1035), and an address grows when it is written out.
    if url.as_str().len() > ADDRESS || url.host_str().is_some_and(|host| host.len() > 253) {
        return Err(wrong(
            "the address or its host's name is too long".to_owned(),
        ));
    }
    match (view.state.config().operations.may_send_to)(url.clone()).await {
        Ok(()) => Ok(url),
        Err(OperationError::Refused(why)) => Err(wrong(why)),
        Err(error) => Err(owner::problem_of(error)),
    }
}

/// What requests to a follow's webhook are signed with, as its holder is shown it.
pub(crate) fn secret(view: &View, follow: FollowId) -> String {
    webhook::shown(&webhook::secret(view.state.store(), follow))
}

/// Which parameters are one text, and which are lists.
struct Forms {
    texts: &'static [&'static str],
    lists: &'static [&'static str],
}

const SEARCHED: Forms = Forms {
    texts: &["q", "after", "before"],
    lists: &["network", "language", "kind", "topic"],
};
const TOLD_EARLY: Forms = Forms {
    texts: &["kind"],
    lists: &["language", "area"],
};

/// The parameters of an object as a query string. Names that it should not have are left to be refused as in an address.
fn query(search: &Map<String, Value>, forms: &Forms) -> Result<String, Problem> {
    let wrong = |name: &str, expected: &str| {
        let name: String = name.chars().take(40).collect();
        Problem::parameter(&name, expected)
    };
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in search {
        match value {
            Value::String(text) if !forms.lists.contains(&name.as_str()) => {
                if text.is_empty() && name != "q" {
                    return Err(wrong(name, "expected a text that is not empty"));
                }
                out.append_pair(name, text);
            }
            Value::Array(list) if !forms.texts.contains(&name.as_str()) => {
                for value in list {
                    let text = value.as_str().filter(|text| !text.is_empty());
                    let text = text.ok_or_else(|| wrong(name, "expected a list of texts"))?;
                    if name == "language" && text.bytes().any(|byte| !byte.is_ascii_lowercase()) {
                        return Err(wrong(name, "expected language codes, such as `en` or `cy`"));
                    }
                    out.append_pair(name, text);
                }
            }
            Value::Null => {}
            _ if forms.texts.contains(&name.as_str()) => {
                return Err(wrong(name, "expected a text"));
            }
            _ => return Err(wrong(name, "expected a list of texts")),
        }
    }
    Ok(out.finish())
}

/// The object that reads as this query string.
fn object(query: &str, forms: &Forms) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).into_owned() {
        if forms.texts.contains(&name.as_str()) {
            object.insert(name, Value::String(value));
        } else if let Value::Array(list) = object
            .entry(name)
            .or_insert_with(|| Value::Array(Vec::new()))
        {
            list.push(Value::String(value));
        }
    }
    object
}

/// All follows of a key, oldest first.
pub(crate) async fn list(view: &View, key: &str) -> Result<List<Follow>, Problem> {
    let held = view.state.store().follows_of(key).await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    let mut items = Vec::with_capacity(held.len());
    for follow in &held {
        items.push(shape(view, follow).await);
    }
    Ok(List {
        total: items.len() as u64,
        items,
        next: None,
        generation: view.generation(),
    })
}

/// One follow of a key.
pub(crate) async fn one(view: &View, key: &str, id: &str) -> Result<Follow, Problem> {
    let held = held(view, key, id).await?;
    Ok(shape(view, &held).await)
}

/// Another key's follow is none.
async fn held(view: &View, key: &str, id: &str) -> Result<store::Follow, Problem> {
    let none = || Problem::not_found("follow");
    let id: FollowId = id.parse().map_err(|_| none())?;
    let held = view.state.store().follow(id).await;
    let held = held.map_err(|error| Problem::internal(&error))?;
    held.filter(|held| held.key == key).ok_or_else(none)
}

/// Ends a follow and all that is kept for it.
pub(crate) async fn end(view: &View, key: &str, id: &str) -> Result<(), Problem> {
    let held = held(view, key, id).await?;
    let ended = view.state.store().drop_follow(held.id, key).await;
    ended.map_err(|error| Problem::internal(&error))?;
    Ok(())
}

/// What a follow was and is to be told, latest first.
pub(crate) async fn deliveries(
    view: &View,
    key: &str,
    id: &str,
    params: &PageParams,
) -> Result<List<Delivery>, Problem> {
    let held = held(view, key, id).await?;
    let before = params.before()?;
    let found = view
        .state
        .store()
        .deliveries(held.id, before, params.limit + 1);
    let (mut found, total) = found.await.map_err(|error| Problem::internal(&error))?;
    let more = found.len() > params.limit;
    found.truncate(params.limit);
    let last = found.last().map(|delivery| delivery.number.to_string());
    Ok(List {
        next: last.filter(|_| more),
        items: found.iter().map(delivery).collect(),
        total,
        generation: view.generation(),
    })
}

/// Has deliveries sent once more.
pub(crate) async fn replay(
    view: &View,
    key: &str,
    id: &str,
    from: &ReplayFrom,
) -> Result<Replayed, Problem> {
    let held = held(view, key, id).await?;
    let none = || Problem::parameter("from", "this follow has no such delivery (any more)");
    let what = match &from.from {
        None => Replay::Dead,
        Some(id) => Replay::From(id.parse().map_err(|_| none())?),
    };
    let queued = view
        .state
        .store()
        .replay_deliveries(held.id, what, view.now);
    let queued = queued.await.map_err(|error| Problem::internal(&error))?;
    Ok(Replayed {
        queued: queued.ok_or_else(none)?,
    })
}

async fn shape(view: &View, held: &store::Follow) -> Follow {
    let early = held.about == FollowAbout::Early;
    let state = match (&held.paused, &held.webhook, &held.mail) {
        (Some(_), ..) => FollowState::Paused,
        (None, None, Some(mail)) if mail.confirmed.is_none() => FollowState::Unconfirmed,
        (None, None, None) => FollowState::Saved,
        _ => FollowState::Live,
    };
    let webhook = held.webhook.clone();
    let mail = held.mail.as_ref().map(|mail| ToMail {
        mail: mail.to.as_str().to_owned(),
        every: mail.every.into(),
    });
    let reason = match &held.paused {
        Some(reason) => Some(reason.clone()),
        None if early => trouble_early(view, &held.search).await,
        None => trouble(view, &held.search).await,
    };
    Follow {
        id: held.id,
        name: held.name.clone(),
        search: (!early).then(|| {
            let saved = SavedSearch::parse(&held.search);
            let query = saved.map_or_else(|_| held.search.clone(), |saved| saved.params.to_query());
            object(&query, &SEARCHED)
        }),
        early: early.then(|| object(&held.search, &TOLD_EARLY)),
        deliver: webhook
            .map(|webhook| Deliver::Webhook(ToWebhook { webhook }))
            .or(mail.map(Deliver::Mail)),
        state,
        reason,
        made: held.made,
        secret: None,
    }
}

/// Why a search that was right when it was saved finds nothing now, or not all that it names.
async fn trouble(view: &View, search: &str) -> Option<String> {
    let saved = match SavedSearch::parse(search) {
        Ok(saved) => saved,
        Err(problem) => return Some(problem.detail),
    };
    let names = Arc::new(Names::forgiving(saved.networks));
    match search::among(view, &saved.params, &names, Arc::new([])).await {
        Ok(_) => names.seen().trouble(),
        Err(problem) if problem.status.is_server_error() => None,
        Err(problem) => Some(problem.detail),
    }
}

async fn trouble_early(view: &View, stored: &str) -> Option<String> {
    let params = NoticeParams::parse(stored).ok()?;
    let asked = notices::notices(view, &params).await;
    asked.err().map(|problem| problem.detail)
}

fn delivery(held: &store::Delivery) -> Delivery {
    let pending = held.state == store::DeliveryState::Pending;
    Delivery {
        id: held.id,
        event: match held.event {
            store::DeliveryEvent::Found => AlertEvent::Found,
            store::DeliveryEvent::Withdrawn => AlertEvent::Withdrawn,
            store::DeliveryEvent::Confirm => AlertEvent::Confirm,
            store::DeliveryEvent::Begun => AlertEvent::Begun,
            store::DeliveryEvent::Ended => AlertEvent::Ended,
            store::DeliveryEvent::Digest => AlertEvent::Digest,
            store::DeliveryEvent::Erratum => AlertEvent::Erratum,
            store::DeliveryEvent::Answered => AlertEvent::Answered,
            store::DeliveryEvent::AnswerErased => AlertEvent::AnswerErased,
        },
        state: held.state.as_str().to_owned(),
        attempts: held.attempts,
        conversation: match &held.subject {
            Some(DeliverySubject::Conversation(id)) => Some(*id),
            _ => None,
        },
        notice: match &held.subject {
            Some(DeliverySubject::Notice(number)) => Some(*number),
            _ => None,
        },
        made: held.made,
        next: pending.then_some(held.next_due),
        ended: held.ended,
        outcome: held.said.clone(),
    }
}
