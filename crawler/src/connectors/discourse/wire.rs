//! Discourse's JSON as far as it is read. Every field may be absent, unknown ones are ignored, and one unreadable
//! topic or post does not spoil its list.

use discover_model::Refusal;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::connectors::answers::{lost, readable};
use crate::connectors::items::title_without;
use crate::parse::date;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Listing {
    topic_list: Option<TopicList>,
}

#[derive(Debug, Default, Deserialize)]
struct TopicList {
    more_topics_url: Option<String>,
    topics: Option<Vec<Value>>,
}

impl Listing {
    pub(super) fn topics(&self) -> Vec<Listed> {
        let list = self.topic_list.as_ref();
        readable(list.and_then(|list| list.topics.as_ref()))
    }

    pub(super) fn unreadable(&self, topics: usize) -> usize {
        let list = self.topic_list.as_ref();
        lost(list.and_then(|list| list.topics.as_ref()), topics)
    }

    pub(super) fn has_more(&self) -> bool {
        self.topic_list.as_ref().is_some_and(|list| {
            list.more_topics_url
                .as_ref()
                .is_some_and(|url| !url.is_empty())
        })
    }
}

/// A topic as the list shows it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Listed {
    pub(super) id: u64,
    pub(super) slug: Option<String>,
    pub(super) posts_count: Option<u64>,
    pub(super) highest_post_number: Option<u64>,
    pub(super) category_id: Option<u64>,
    bumped_at: Option<String>,
    last_posted_at: Option<String>,
    created_at: Option<String>,
    pinned: Option<bool>,
    pinned_globally: Option<bool>,
    visible: Option<bool>,
}

impl Listed {
    pub(super) fn active(&self) -> Option<Timestamp> {
        [&self.bumped_at, &self.last_posted_at, &self.created_at]
            .into_iter()
            .find_map(|at| date::parse(at.as_deref()?))
    }

    pub(super) fn pinned(&self) -> bool {
        self.pinned == Some(true) || self.pinned_globally == Some(true)
    }

    /// Everything that changes when the topic does, in one number.
    pub(super) fn fingerprint(&self) -> u64 {
        crate::hashes::body_hash(
            format!(
                "{:?} {:?} {:?} {:?} {:?} {:?}",
                self.bumped_at,
                self.last_posted_at,
                self.posts_count,
                self.highest_post_number,
                self.visible,
                self.category_id,
            )
            .as_bytes(),
        )
    }
}

/// `/t/ID.json`, and `/t/ID/posts.json` where only the posts are there.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Topic {
    pub(super) id: Option<u64>,
    pub(super) title: Option<String>,
    pub(super) slug: Option<String>,
    pub(super) category_id: Option<u64>,
    pub(super) deleted_at: Option<String>,
    archetype: Option<String>,
    visible: Option<bool>,
    closed: Option<bool>,
    archived: Option<bool>,
    post_stream: Option<Stream>,
    details: Option<Details>,
}

#[derive(Debug, Default, Deserialize)]
struct Details {
    created_by: Option<Person>,
}

#[derive(Debug, Default, Deserialize)]
struct Person {
    name: Option<String>,
    username: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Stream {
    posts: Option<Vec<Value>>,
    #[serde(rename = "stream")]
    ids: Option<Vec<u64>>,
}

impl Topic {
    /// Whether nobody can answer in it any more.
    pub(super) fn is_closed(&self) -> Option<bool> {
        let said = self.closed.or(self.archived)?;
        Some(said || self.archived == Some(true))
    }

    /// The title without the name of the one who opened the topic, as far as the answer says who that is.
    pub(super) fn own_title(&self) -> Option<String> {
        let posts = self.posts();
        let opening = posts.iter().filter(|post| post.number == Some(1));
        let by_post = opening.flat_map(Post::names);
        let opener = self
            .details
            .as_ref()
            .and_then(|about| about.created_by.as_ref());
        let by_topic = opener.into_iter().flat_map(|person| {
            let names = [&person.name, &person.username];
            names.into_iter().filter_map(|name| name.as_deref())
        });
        title_without(self.title.as_deref(), by_topic.chain(by_post))
    }

    pub(super) fn refusal(&self) -> Option<Refusal> {
        match self.archetype.as_deref() {
            // Banners are regular topics shown on top.
            None | Some("regular" | "banner") => {}
            Some(_) => return Some(Refusal::NotPublic),
        }
        (self.visible == Some(false)).then_some(Refusal::Unlisted)
    }

    pub(super) fn posts(&self) -> Vec<Post> {
        readable(
            self.post_stream
                .as_ref()
                .and_then(|stream| stream.posts.as_ref()),
        )
    }

    /// The ids of all posts a visitor may see.
    pub(super) fn stream(&self) -> Vec<u64> {
        match self
            .post_stream
            .as_ref()
            .and_then(|stream| stream.ids.clone())
        {
            Some(stream) => stream,
            None => self.posts().iter().filter_map(|post| post.id).collect(),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Post {
    pub(super) id: Option<u64>,
    pub(super) username: Option<String>,
    pub(super) name: Option<String>,
    pub(super) created_at: Option<String>,
    pub(super) updated_at: Option<String>,
    pub(super) cooked: Option<String>,
    #[serde(rename = "post_number")]
    pub(super) number: Option<u64>,
    #[serde(rename = "post_type")]
    pub(super) kind: Option<i64>,
    pub(super) reply_to_post_number: Option<u64>,
    pub(super) version: Option<u64>,
    pub(super) hidden: Option<bool>,
    deleted_at: Option<String>,
    user_deleted: Option<bool>,
}

impl Post {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.username]
            .into_iter()
            .filter_map(|name| name.as_deref())
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.deleted_at.is_some() || self.user_deleted == Some(true)
    }
}

/// `/site.json` has the categories at the top, `/categories.json` in a list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Categories {
    #[serde(rename = "categories")]
    site: Option<Vec<Value>>,
    category_list: Option<CategoryList>,
    #[serde(rename = "lazy_load_categories")]
    lazy: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
struct CategoryList {
    categories: Option<Vec<Value>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Category {
    pub(super) id: Option<u64>,
    pub(super) slug: Option<String>,
    pub(super) read_restricted: Option<bool>,
    subcategory_list: Option<Vec<Value>>,
}

impl Categories {
    /// Whether the list goes on behind this page: forums of many categories give twenty at a time.
    pub(super) fn is_lazy(&self) -> bool {
        self.lazy == Some(true)
    }

    pub(super) fn list(&self) -> Vec<Category> {
        let top = self
            .site
            .as_ref()
            .or_else(|| self.category_list.as_ref()?.categories.as_ref());
        let mut all: Vec<Category> = readable(top);
        let nested: Vec<Category> = all
            .iter()
            .flat_map(|category| readable(category.subcategory_list.as_ref()))
            .collect();
        all.extend(nested);
        all
    }
}
