//! Conversations: a root post and its replies; the unit that is searched, related, clustered, counted and shown.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, GrantId, NetworkId, PostId, SourceId};
use crate::language::Language;
use crate::source::SourceKind;
use crate::visibility::Visibility;
use crate::voice::Voice;

/// Longest excerpt ever shown, in characters.
pub const EXCERPT_CHARS: usize = 300;

/// A conversation as the store holds it; what index and graph are made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    pub id: ConversationId,
    pub network: NetworkId,
    pub kind: SourceKind,
    /// The original's address (the root's).
    pub url: String,
    /// The root's title; where it has none, the first words of its text.
    pub title: String,
    /// Language of most of the text.
    pub language: Option<Language>,
    /// Its earliest known date; none where no post says when it was written.
    pub started: Option<Timestamp>,
    pub last_active: Option<Timestamp>,
    /// Root first, then by time and id, undated ones by when they were first seen. Never empty.
    pub posts: Vec<ConversationPost>,
}

/// One post of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationPost {
    pub id: PostId,
    pub source: SourceId,
    pub grant: GrantId,
    /// The post replied to, where it is held.
    pub parent: Option<PostId>,
    pub url: String,
    pub title: Option<String>,
    pub text: String,
    pub language: Option<Language>,
    pub voice: Voice,
    /// None where nobody knows when it was written.
    pub published: Option<Timestamp>,
    pub first_seen: Timestamp,
    /// Whole day in the instance's time zone; what charts and ranks use. None where the date is unknown.
    pub happened: Option<Date>,
    /// Canonical outgoing links.
    pub links: Vec<String>,
}

impl Conversation {
    /// Distinct voices.
    pub fn voices(&self) -> usize {
        let mut voices: Vec<Voice> = self.posts.iter().map(|post| post.voice).collect();
        voices.sort_unstable();
        voices.dedup();
        voices.len()
    }

    /// At most [`EXCERPT_CHARS`] characters of the opening post, cut at a word.
    pub fn excerpt(&self) -> String {
        self.posts
            .first()
            .map(|post| excerpt(&post.text))
            .unwrap_or_default()
    }

    /// The conversation without what must not be shown, or nothing where nothing is left to show.
    pub fn visible(mut self, visibility: &Visibility) -> Option<Self> {
        if !visibility.shows_network(self.network) || visibility.conversations.contains(&self.id) {
            return None;
        }
        if visibility.hides_parts() {
            let before = self.posts.len();
            let root = self.posts.first().map(|post| post.id);
            let (network, id) = (self.network, self.id);
            self.posts
                .retain(|post| visibility.shows_post(network, post.source, id, post.id, &post.url));
            if self.posts.is_empty() {
                return None;
            }
            if self.posts.len() < before && self.posts.first().map(|post| post.id) != root {
                let first = &self.posts[0];
                self.title = first
                    .title
                    .clone()
                    .unwrap_or_else(|| title_from_text(&first.text));
                self.url.clone_from(&first.url);
            }
        }
        Some(self)
    }
}

/// Cuts `text` to at most [`EXCERPT_CHARS`] characters, at a word where one ends near, white space folded.
pub fn excerpt(text: &str) -> String {
    cut(text, EXCERPT_CHARS)
}

/// A title for a post that has none: its first words, at most 80 characters.
pub fn title_from_text(text: &str) -> String {
    cut(
        text.lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default(),
        80,
    )
}

fn cut(text: &str, limit: usize) -> String {
    let mut folded = String::with_capacity(text.len().min(limit * 4 + 8));
    let mut count = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        let gap = usize::from(count > 0);
        if count + gap + length < limit {
            if gap == 1 {
                folded.push(' ');
            }
            folded.push_str(word);
            count += gap + length;
            continue;
        }
        if count == 0 {
            folded.extend(word.chars().take(limit - 1));
        }
        folded.push('…');
        return folded;
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_never_passes_its_limit_and_ends_at_a_word() {
        let text = "word ".repeat(200);
        let short = excerpt(&text);
        assert!(short.chars().count() <= EXCERPT_CHARS);
        assert!(short.ends_with("word…"));
        assert_eq!(excerpt(&"x".repeat(1000)).chars().count(), EXCERPT_CHARS);
        assert_eq!(excerpt("one  two\n\nthree"), "one two three");
    }
}
