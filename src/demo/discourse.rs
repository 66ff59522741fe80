//! A sample network's Discourse: the JSON an anonymous reader of a real one is given.
//!
//! Shapes follow Discourse 3.5: `latest.json` in pages, `t/ID.json` with the first 20 posts, `t/ID/posts.json` for the
//! rest, `categories.json`, `site/basic-info.json`.

use discover_model::Origin;
use serde_json::{Value, json};

use super::content::{Conversation, Network, Post, State};
use super::page::html;

/// Topics on one page of `latest.json`. A real one gives 30; fewer make the reader turn pages.
pub(super) const PER_PAGE: usize = 10;
/// Posts that `t/ID.json` holds in full.
const CHUNK: usize = 20;

const REGULAR: u8 = 1;
const WHISPER: u8 = 4;

fn listing(conversation: &Conversation) -> Value {
    let count = conversation.posts.len();
    json!({
        "id": conversation.topic_id(),
        "title": conversation.title,
        "fancy_title": conversation.title,
        "slug": conversation.topic_slug(),
        "posts_count": count,
        "reply_count": count - 1,
        "highest_post_number": count,
        "created_at": conversation.root().at,
        "last_posted_at": conversation.latest(),
        "bumped": true,
        "bumped_at": conversation.latest(),
        "archetype": "regular",
        "unseen": false,
        "pinned": false,
        "visible": conversation.root().state != State::Unlisted,
        "closed": false,
        "archived": false,
        "bookmarked": null,
        "liked": null,
        "category_id": conversation.category,
        "tags": [],
        "views": 40 + 7 * count,
        "like_count": count,
        "has_summary": false,
        "posters": [],
    })
}

/// `latest.json`, page by page, the most recently active topic first. Never empty.
pub(super) fn latest(network: &Network, category: Option<u32>) -> Vec<Value> {
    let mut topics: Vec<_> = network
        .conversations
        .iter()
        .filter(|conversation| category.is_none_or(|id| conversation.category == id))
        .collect();
    topics.sort_by_key(|topic| (std::cmp::Reverse(topic.latest()), topic.topic_id()));
    let pages = topics.len().div_ceil(PER_PAGE).max(1);
    (0..pages)
        .map(|page| {
            let topics: Vec<_> = topics
                .iter()
                .skip(page * PER_PAGE)
                .take(PER_PAGE)
                .map(|topic| listing(topic))
                .collect();
            let mut list = json!({
                "can_create_topic": false,
                "per_page": PER_PAGE,
                "top_tags": [],
                "topics": topics,
            });
            if page + 1 < pages {
                list["more_topics_url"] =
                    format!("/latest?no_definitions=true&page={}", page + 1).into();
            }
            json!({"users": [], "primary_groups": [], "flair_groups": [], "topic_list": list})
        })
        .collect()
}

fn post(conversation: &Conversation, position: usize, post: &Post) -> Value {
    let post_number = position + 1;
    let answered = post
        .answers
        .filter(|answered| *answered > 0)
        .map(|answered| answered + 1);
    json!({
        "id": post.number,
        "name": "",
        "username": post.by,
        "avatar_template": "/letter_avatar_proxy/v4/letter/a/{size}.png",
        "created_at": post.at,
        "cooked": html(&post.text),
        "post_number": post_number,
        "post_type": if post.state == State::Whisper { WHISPER } else { REGULAR },
        "updated_at": post.at,
        "reply_count": conversation.posts.iter().filter(|other| other.answers == Some(position)).count(),
        "reply_to_post_number": answered,
        "quote_count": 0,
        "reads": 12,
        "score": 3.0,
        "yours": false,
        "topic_id": conversation.topic_id(),
        "topic_slug": conversation.topic_slug(),
        "version": 1,
        "can_edit": false,
        "hidden": matches!(post.state, State::Flagged | State::Held),
        "cooked_hidden": matches!(post.state, State::Flagged | State::Held),
        "moderator": false,
        "admin": false,
        "staff": false,
        "user_id": u32::try_from(post.by.len()).unwrap_or(0) + 10,
        "trust_level": 1,
        "deleted_at": null,
        "user_deleted": false,
        "edit_reason": null,
        "wiki": false,
        "post_url": format!("{}/{post_number}", conversation.topic_path()),
    })
}

/// `t/ID.json`.
pub(super) fn topic(conversation: &Conversation) -> Value {
    let mut topic = listing(conversation);
    let posts: Vec<_> = conversation
        .posts
        .iter()
        .enumerate()
        .take(CHUNK)
        .map(|(position, each)| post(conversation, position, each))
        .collect();
    let stream: Vec<_> = conversation.posts.iter().map(|post| post.number).collect();
    topic["post_stream"] = json!({"posts": posts, "stream": stream});
    topic["chunk_size"] = CHUNK.into();
    topic["deleted_at"] = Value::Null;
    topic["user_id"] = json!(11);
    topic
}

/// `t/ID/posts.json?post_ids[]=…`.
pub(super) fn posts(conversation: &Conversation, wanted: &[u32]) -> Value {
    let posts: Vec<_> = conversation
        .posts
        .iter()
        .enumerate()
        .filter(|(_, post)| wanted.contains(&post.number))
        .map(|(position, each)| post(conversation, position, each))
        .collect();
    json!({"post_stream": {"posts": posts}, "id": conversation.topic_id()})
}

/// `categories.json`. A real one leaves restricted categories out for anonymous readers; this one names them,
/// so that a reader who does not look at `read_restricted` is found out.
pub(super) fn categories(network: &Network) -> Value {
    let categories: Vec<_> = network
        .categories
        .iter()
        .map(|category| {
            let topics = network
                .conversations
                .iter()
                .filter(|topic| topic.category == category.id)
                .count();
            json!({
                "id": category.id,
                "name": category.name,
                "slug": category.slug,
                "color": "0088CC",
                "text_color": "FFFFFF",
                "topic_count": topics,
                "read_restricted": category.restricted,
                "permission": null,
                "topic_url": format!("/c/{}/{}", category.slug, category.id),
            })
        })
        .collect();
    json!({"category_list": {"can_create_category": false, "can_create_topic": false, "categories": categories}})
}

/// `site.json`: the part about categories.
pub(super) fn site(network: &Network) -> Value {
    let categories = categories(network);
    json!({"default_archetype": "regular", "categories": categories["category_list"]["categories"]})
}

/// `site/basic-info.json`, with Discourse's own declaration that it may be found.
pub(super) fn basic_info(network: &Network, origin: &Origin) -> Value {
    json!({
        "title": network.name,
        "description": network.about,
        "logo_url": format!("{origin}/logo.svg"),
        "login_required": false,
        "locale": network.language,
        "include_in_discourse_discover": true,
        "mobile_logo_url": null,
    })
}
