//! Everything that is held of a network, for its owner to take away: a conversation a line, read piece by piece.

use axum::body::Body;
use axum::extract::{Extension, State as FromState};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Response as HttpResponse};
use axum::response::Response;
use discover_model::{ConversationId, NetworkId};
use discover_store::Store;
use futures_util::stream;
use serde_json::json;
use url::Url;

use super::reply::internal;
use crate::access::Owner;
use crate::problem::Problem;
use crate::read;
use crate::shapes::Annotation;
use crate::state::State;
use crate::text::links;

/// Conversations read at a time.
const PAGE: usize = 200;

/// Everything held of the network, a conversation a line, read piece by piece.
pub(super) async fn download(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
) -> Result<Response, Problem> {
    struct Walk {
        store: Store,
        network: NetworkId,
        after: Option<ConversationId>,
        begun: bool,
        notes: Vec<Annotation>,
        base: Url,
    }
    let view = state.view().await?;
    let notes = read::annotations::own(&view, owner.network).await?;
    let walk = Walk {
        notes: notes.into_iter().map(|own| own.note).collect(),
        store: state.store().clone(),
        network: owner.network,
        after: None,
        begun: false,
        base: state.config().base_url.clone(),
    };
    let lines = stream::try_unfold(walk, |mut walk| async move {
        if walk.begun && walk.after.is_none() {
            return Ok::<_, std::io::Error>(None);
        }
        let first = !walk.begun;
        walk.begun = true;
        let other = |error: discover_store::StoreError| std::io::Error::other(error.to_string());
        let ids = walk
            .store
            .network_conversations(walk.network, walk.after, PAGE)
            .await
            .map_err(other)?;
        walk.after = ids.last().copied().filter(|_| ids.len() == PAGE);
        let held = walk.store.conversations(&ids).await.map_err(other)?;
        let mut text = String::new();
        if first {
            for note in std::mem::take(&mut walk.notes) {
                let line = json!({"note": {
                    "topic": note.topic, "day": note.day, "text": note.text, "written": note.written,
                }});
                text.push_str(&line.to_string());
                text.push('\n');
            }
            let places = walk.store.owner_follows(walk.network).await;
            for place in places.map_err(other)? {
                let mail = place.mail.as_ref().map(|mail| mail.to.as_str());
                let line = json!({"answers_sent_to": place.webhook.as_deref().or(mail)});
                text.push_str(&line.to_string());
                text.push('\n');
            }
        }
        for conversation in held {
            // What was taken down offline has no address but its page here.
            let page = links::absolute(&walk.base, &links::conversation(conversation.id));
            let here = conversation.kind.is_uploaded().then_some(&page);
            let posts: Vec<_> = conversation
                .posts
                .iter()
                .map(|post| {
                    json!({
                        "id": post.id, "url": here.unwrap_or(&post.url), "text": post.text,
                        "published": post.published, "grant": post.grant,
                    })
                })
                .collect();
            let line = json!({
                "id": conversation.id, "title": conversation.title, "url": here.unwrap_or(&conversation.url),
                "language": conversation.language, "started": conversation.started,
                "last_active": conversation.last_active, "posts": posts,
            });
            text.push_str(&line.to_string());
            text.push('\n');
        }
        Ok(Some((text, walk)))
    });
    HttpResponse::builder()
        .header(CONTENT_TYPE, "application/x-ndjson; charset=utf-8")
        .header(
            CONTENT_DISPOSITION,
            "attachment; filename=\"discover-everything-held.ndjson\"",
        )
        .header(CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .body(Body::from_stream(lines))
        .map_err(internal)
}
