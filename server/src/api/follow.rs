//! GET /search/events

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::limits::Client;
use crate::problem::{Code, Problem};
use crate::read::follow::{Following, Happened, Place};
use crate::read::params::{FollowParams, Params};
use crate::state::View;

/// How often it is looked whether something happened: a withdrawal reaches an open stream within a second.
const EVERY: Duration = Duration::from_millis(500);
/// A stream ends after this time; those who follow come back by themselves with the number they are at.
const LASTS: Duration = Duration::from_hours(1);
/// When to come back.
const RETRY: Duration = Duration::from_secs(5);

/// Looks in a row for which the server was too busy, after which a stream ends: its search may be what keeps it busy.
const MOST_BUSY: u32 = 20;

/// Follow a search
///
/// Server-sent events: `conversation` (data: a conversation) for each that is new or has changed and fits the search
/// exactly, `gone` (data: its id) for each that this stream told and must not be shown any more, and `ready` at the
/// beginning. Every event has an id; come back with the last one in `Last-Event-ID` and nothing is told twice or missed,
/// however long you were away and whether or not the server was started anew meanwhile. `look-again` says that something
/// may have gone which an earlier stream told: ask for each conversation you hold, and drop what is not found. `start-again`
/// says that the id you came back with is not known here: ask the search anew for what happened meanwhile. `ready` has
/// `trouble` where the search names a network or topic that is not there (any more). The stream ends after an hour, or earlier where the server is too busy for the search.
#[utoipa::path(get, path = "/search/events", tag = "search",
    params(FollowParams, ("Last-Event-ID" = Option<String>, Header, description = "Id of the last event received", example = "120.3")),
    responses((status = 200, description = "Events, until the connection is closed", body = String, content_type = "text/event-stream")))]
pub(crate) async fn events(
    view: View,
    Client(client): Client,
    headers: HeaderMap,
    Params(params): Params<FollowParams>,
) -> Result<Response, Problem> {
    let place = last_event(&headers);
    let following = Following::start(&view, &params, place).await?;
    let open = view.state.streams().take(client)?;
    let id = || event_id(following.place());
    let said = match following.trouble() {
        Some(trouble) => serde_json::json!({ "trouble": trouble }),
        None => serde_json::json!({}),
    };
    let ready = Event::default()
        .event("ready")
        .id(id())
        .retry(RETRY)
        .data(said.to_string());
    let mut waiting = VecDeque::from([ready]);
    if following.afresh() {
        waiting.push_back(Event::default().event("start-again").id(id()).data("{}"));
    }
    let until = Instant::now() + LASTS;
    let events = stream::try_unfold(
        (following, waiting, open, 0),
        move |(mut following, mut waiting, open, mut busy)| async move {
            loop {
                if let Some(event) = waiting.pop_front() {
                    return Ok::<_, axum::Error>(Some((event, (following, waiting, open, busy))));
                }
                if Instant::now() >= until || busy >= MOST_BUSY {
                    return Ok(None);
                }
                tokio::time::sleep(EVERY).await;
                let (_, before) = following.place();
                match following.step().await {
                    Ok(happened) => {
                        busy = 0;
                        let (_, after) = following.place();
                        for one in happened {
                            // Who is cut off in the middle of what has gone must hear the rest of it.
                            let whole = matches!(one, Happened::Place(_));
                            let generation = if whole { after } else { before };
                            waiting.push_back(event(one, generation)?);
                        }
                    }
                    // Busy just now: the place has not moved, so nothing is lost.
                    Err(problem) if problem.code == Code::Overloaded => busy += 1,
                    Err(problem) => return Err(axum::Error::new(problem)),
                }
            }
        },
    );
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response())
}

/// What is in `Last-Event-ID`; an empty one is none. A browser that gets anything but 200 never comes back, so what is
/// no id of ours is a place that nobody knows.
fn last_event(headers: &HeaderMap) -> Option<Place> {
    const UNKNOWN: Place = Place {
        seq: u64::MAX,
        generation: None,
    };
    let text = headers.get("last-event-id")?.to_str().unwrap_or("?").trim();
    if text.is_empty() {
        return None;
    }
    let (seq, generation) = match text.split_once('.') {
        Some((seq, generation)) => (seq, Some(generation)),
        None => (text, None),
    };
    let generation = generation.map(str::parse).transpose();
    Some(match (seq.parse(), generation) {
        (Ok(seq), Ok(generation)) => Place { seq, generation },
        _ => UNKNOWN,
    })
}

fn event_id((seq, generation): (u64, u64)) -> String {
    format!("{seq}.{generation}")
}

fn event(happened: Happened, generation: u64) -> Result<Event, axum::Error> {
    let id = |place| event_id((place, generation));
    match happened {
        Happened::Conversation(place, conversation) => Event::default()
            .event("conversation")
            .id(id(place))
            .json_data(conversation),
        Happened::Gone(place, gone) => Event::default()
            .event("gone")
            .id(id(place))
            .json_data(serde_json::json!({ "id": gone })),
        Happened::LookAgain(place) => Ok(Event::default()
            .event("look-again")
            .id(id(place))
            .data("{}")),
        // No data: moves the id of those who listen, and is no event.
        Happened::Place(place) => Ok(Event::default().id(id(place))),
    }
}
