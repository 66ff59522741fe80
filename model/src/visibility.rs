//! Visibility: what must not be shown now. One versioned value, required by every function that reads for an output.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, NetworkId, PostId, SourceId};
use crate::scope::path_within;

/// The deny set. `generation` grows with every change and stands in ETags and list answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Visibility {
    pub generation: u64,
    pub networks: HashSet<NetworkId>,
    pub sources: HashSet<SourceId>,
    /// Path prefixes within a network: `(network, origin, path prefix)`.
    pub paths: Vec<(NetworkId, String, String)>,
    pub conversations: HashSet<ConversationId>,
    pub posts: HashSet<PostId>,
}

impl Visibility {
    pub fn shows_network(&self, network: NetworkId) -> bool {
        !self.networks.contains(&network)
    }

    pub fn shows_source(&self, network: NetworkId, source: SourceId) -> bool {
        self.shows_network(network) && !self.sources.contains(&source)
    }

    fn hides_url(&self, network: NetworkId, url: &str) -> bool {
        self.paths.iter().any(|(of, origin, prefix)| {
            *of == network
                && url
                    .strip_prefix(origin.as_str())
                    .is_some_and(|path| path_within(path, prefix))
        })
    }

    /// Whether one post may be shown.
    pub fn shows_post(
        &self,
        network: NetworkId,
        source: SourceId,
        conversation: ConversationId,
        post: PostId,
        url: &str,
    ) -> bool {
        self.shows_source(network, source)
            && !self.conversations.contains(&conversation)
            && !self.posts.contains(&post)
            && !self.hides_url(network, url)
    }

    /// Whether anything finer than whole networks and conversations is hidden, so that posts must be looked at one by one.
    pub fn hides_parts(&self) -> bool {
        !(self.sources.is_empty() && self.paths.is_empty() && self.posts.is_empty())
    }
}
