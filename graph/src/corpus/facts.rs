//! What counts and masks need of a conversation, shared by the graph and every snapshot. There are as many of these as
//! conversations, so they are packed.

use std::ops::Deref;

use discover_model::{Conversation, ConversationId, Language, NetworkId, PostId, SourceId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::corpus::near_copies::hash;

/// Posts of a conversation that are kept for counting: the first and the latest.
pub(crate) const MAX_POSTS: usize = 400;
const MAX_TITLE: usize = 160;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) id: ConversationId,
    pub(crate) network: NetworkId,
    pub(crate) language: Option<Language>,
    pub(crate) posts: Posts,
    /// Address and title in one, and where the title begins.
    text: Box<str>,
    cut: u32,
}

/// Posts of a conversation; most have one, which needs no list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Posts {
    One(PostFact),
    Many(Box<[PostFact]>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PostFact {
    // As bytes, which need no alignment.
    id: [u8; 16],
    source: [u8; 16],
    /// The voice's hash, cut: enough to tell voices of one network apart.
    pub(crate) voice: u64,
    /// None where nobody knows when it was written: it counts for what is said, never for when.
    pub(crate) day: Option<Date>,
}

impl Facts {
    pub(crate) fn of(conversation: &Conversation) -> Self {
        let posts = &conversation.posts;
        let skip = posts.len().saturating_sub(MAX_POSTS - 1).max(1);
        let kept = posts.iter().take(1).chain(posts.iter().skip(skip));
        let mut text = conversation.url.clone();
        text.extend(conversation.title.chars().take(MAX_TITLE));
        Self {
            id: conversation.id,
            network: conversation.network,
            language: conversation.language,
            posts: kept
                .map(|post| PostFact {
                    id: post.id.to_bytes(),
                    source: post.source.to_bytes(),
                    voice: u64::from_be_bytes(
                        *post
                            .voice
                            .to_bytes()
                            .first_chunk()
                            .expect("16 bytes hold 8"),
                    ),
                    day: post.happened,
                })
                .collect(),
            text: text.into(),
            cut: conversation.url.len() as u32,
        }
    }

    pub(crate) fn url(&self) -> &str {
        self.text.get(..self.cut as usize).unwrap_or_default()
    }

    pub(crate) fn title(&self) -> &str {
        self.text.get(self.cut as usize..).unwrap_or_default()
    }

    /// A hash of where it is, without the part behind `#`: the address of an item that has none of its own ends in a
    /// hash by a key of the instance, and such a key must order nothing.
    pub(crate) fn place(&self) -> u64 {
        let url = self.url();
        hash(url.split('#').next().unwrap_or(url).as_bytes())
    }

    /// The day of the first post; what orders conversations whatever order they came in.
    pub(crate) fn first_day(&self) -> Date {
        self.posts
            .first()
            .and_then(|post| post.day)
            .unwrap_or(Date::ZERO)
    }
}

impl PostFact {
    pub(crate) const fn id(&self) -> PostId {
        PostId::from_bytes(self.id)
    }

    pub(crate) const fn source(&self) -> SourceId {
        SourceId::from_bytes(self.source)
    }
}

impl Deref for Posts {
    type Target = [PostFact];

    fn deref(&self) -> &[PostFact] {
        match self {
            Self::One(post) => std::slice::from_ref(post),
            Self::Many(posts) => posts,
        }
    }
}

impl FromIterator<PostFact> for Posts {
    fn from_iter<T: IntoIterator<Item = PostFact>>(posts: T) -> Self {
        let mut posts = posts.into_iter();
        match (posts.next(), posts.next()) {
            (Some(post), None) => Self::One(post),
            (first, second) => Self::Many(first.into_iter().chain(second).chain(posts).collect()),
        }
    }
}
