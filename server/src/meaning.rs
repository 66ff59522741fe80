//! What a model of meaning says, asked of the process around the server. No vector comes here.

use std::fmt;
use std::sync::Arc;

use discover_graph::{Alike, Meaning};
use discover_model::{ConversationId, Language};

type Nearest = Arc<dyn Fn(ConversationId) -> Alike + Send + Sync>;
type Likeness = Arc<dyn Fn(ConversationId, ConversationId) -> Option<f32> + Send + Sync>;
type Knows = Arc<dyn Fn(Language) -> bool + Send + Sync>;
type NearestToText = Arc<dyn Fn(&str, Option<Language>) -> Alike + Send + Sync>;

/// Likenesses beyond chance, from 0 to 1, language taken out. May compute for a tenth of a second.
#[derive(Clone)]
pub struct ByMeaning {
    /// The most alike of a conversation, best first.
    pub nearest: Nearest,
    /// How alike two conversations are, where both have been read.
    pub likeness: Likeness,
    /// Whether the model compares what is said in this language with what is said in others.
    pub knows: Knows,
    /// The most alike of a text, best first; in its own language, where it is named.
    pub nearest_to_text: NearestToText,
}

impl fmt::Debug for ByMeaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByMeaning")
    }
}

/// As the graph takes it; relations ask nothing about topics.
pub(crate) fn of_graph(meaning: Option<&ByMeaning>) -> Option<Meaning<'_>> {
    meaning.map(|meaning| Meaning {
        nearest: &*meaning.nearest,
        likeness: &*meaning.likeness,
        nearness: &|_| None,
    })
}
