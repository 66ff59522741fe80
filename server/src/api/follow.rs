//! GET /search/events

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::limits::{self, Client};
use crate::problem::{Code, Problem};
use crate::read::follow::{Following, Happened};
use crate::read::params::FollowParams;

/// How often it is looked whether something happened: a withdrawal reaches an open stream within a second.
const EVERY: Duration = Duration::from_millis(500);
/// A stream ends after this time; those who follow come back by themselves with the number they are at.
const LASTS: Duration = Duration::from_hours(1);
/// When to come back.
const RETRY: Duration = Duration::from_secs(5);

/// Streams open at once: in all, and of one client.
const STREAMS: usize = 256;
const OF_CLIENT: usize = 8;

/// Who has streams open. Kept in memory only.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<BTreeMap<Option<IpAddr>, usize>>);

/// Leave to have one stream open.
struct Open {
    state: crate::State,
    client: Option<IpAddr>,
}

impl Streams {
    fn take(&self, client: Option<IpAddr>) -> Result<(), Problem> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.values().sum::<usize>() >= STREAMS {
            return Err(Problem::new(Code::Overloaded, "too many streams are open"));
        }
        let mine = open.entry(client).or_default();
        // The operator's own machine is not limited.
        if client.is_some() && *mine >= OF_CLIENT {
            return Err(Problem::new(
                Code::RateLimited,
                format!("one client may have {OF_CLIENT} streams open"),
            ));
        }
        *mine += 1;
        Ok(())
    }

    fn give_back(&self, client: Option<IpAddr>) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mine) = open.get_mut(&client) {
            *mine -= 1;
            if *mine == 0 {
                open.remove(&client);
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.state.streams().give_back(self.client);
    }
}

/// Follow a search
///
/// Server-sent events: `conversation` (data: a conversation) for each that is new or has changed and fits the search
/// exactly, `gone` (data: its id) for each that was told and must not be shown any more, and `ready` at the beginning.
/// Every event has a number; come back with the last one in `Last-Event-ID` and nothing is told twice or missed, however
/// long you were away and whether or not the server was started anew meanwhile. The stream ends after an hour.
#[utoipa::path(get, path = "/search/events", tag = "search",
    params(FollowParams, ("Last-Event-ID" = Option<u64>, Header, description = "Number of the last event received")),
    responses((status = 200, description = "Events, until the connection is closed", body = String, content_type = "text/event-stream")))]
pub(crate) async fn events(
    State(state): State<crate::State>,
    Client(client): Client,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = FollowParams::parse(raw.as_deref().unwrap_or_default())?;
    let place = last_event(&headers)?;
    let view = state.view().await?;
    let following = Following::start(&view, &params, place).await?;
    let client = client.map(limits::neighbourhood);
    state.streams().take(client)?;
    let open = Open { state, client };
    let ready = Event::default()
        .event("ready")
        .id(following.place().to_string())
        .retry(RETRY)
        .data("{}");
    let waiting = VecDeque::from([ready]);
    let until = Instant::now() + LASTS;
    let events = stream::try_unfold(
        (following, waiting, open),
        move |(mut following, mut waiting, open)| async move {
            loop {
                if let Some(event) = waiting.pop_front() {
                    return Ok::<_, axum::Error>(Some((event, (following, waiting, open))));
                }
                if Instant::now() >= until {
                    return Ok(None);
                }
                tokio::time::sleep(EVERY).await;
                match following.step().await {
                    Ok(happened) => {
                        for one in happened {
                            waiting.push_back(event(one)?);
                        }
                    }
                    // Busy just now: the place has not moved, so nothing is lost.
                    Err(problem) if problem.code == Code::Overloaded => {}
                    Err(problem) => return Err(axum::Error::new(problem)),
                }
            }
        },
    );
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response())
}

/// The number in `Last-Event-ID`; an empty one is none.
fn last_event(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or("?").trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Problem {
        parameter: Some("Last-Event-ID".to_owned()),
        ..Problem::new(Code::BadCursor, "this is not the number of an event")
    })
}

fn event(happened: Happened) -> Result<Event, axum::Error> {
    match happened {
        Happened::Conversation(place, conversation) => Event::default()
            .event("conversation")
            .id(place.to_string())
            .json_data(conversation),
        Happened::Gone(place, id) => Event::default()
            .event("gone")
            .id(place.to_string())
            .json_data(serde_json::json!({ "id": id })),
        // No data: moves the number of those who listen, and is no event.
        Happened::Place(place) => Ok(Event::default().id(place.to_string())),
    }
}
