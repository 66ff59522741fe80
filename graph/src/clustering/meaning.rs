//! The place where meaning enters: what a model of sentences says of the conversations held.
//!
//! The graph holds no vectors. Whoever does hands likenesses in for one pass; without them everything goes by words.

use discover_model::ConversationId;

/// A conversation's neighbours with their likeness beyond chance.
pub type Alike = Vec<(ConversationId, f32)>;

/// How near each of some members lies to their subject; none where one has no vector.
pub(crate) type Nearness = Vec<Option<f32>>;

/// Likenesses by meaning for one pass, language taken out. All of them lie in 0..1, where 0 is what two conversations
/// that have nothing to do with each other have. The same conversations must give the same answers.
#[derive(Clone, Copy)]
pub struct Meaning<'a> {
    /// The nearest of a conversation, best first, at most 15; none where it has no vector.
    pub nearest: &'a (dyn Fn(ConversationId) -> Alike + Sync),
    /// How alike two are; none where either has no vector.
    pub likeness: &'a (dyn Fn(ConversationId, ConversationId) -> Option<f32> + Sync),
    /// How near a topic's members lie to its subject, in the same order: 1 is nearer than all but one in a hundred
    /// conversations are to what they do not speak of. None for a member without a vector, and for all where too few have one.
    pub nearness: &'a (dyn Fn(&[ConversationId]) -> Option<Nearness> + Sync),
}

impl std::fmt::Debug for Meaning<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meaning")
    }
}

/// Neighbours by meaning that enter at most.
pub(crate) const NEAREST: usize = 15;
/// Part of words, and likeness of words that any two have by chance.
const WORDS: f32 = 0.3;
const CHANCE: f32 = 0.08;
/// Within a language likeness by meaning counts by this power: the model finds much a little alike there, which joins what
/// only neighbours. Between languages it counts so many times, at most 1: what it finds of the same subject is less alike
/// there. Both were chosen with the labelled sets in sight (docs/adr/0061-likeness-within-and-between-languages.md).
const POWER: f32 = 1.4;
const BETWEEN: f32 = 1.3;

/// What an edge weighs by the likeness of words (a cosine) and of meaning. Between languages words say nothing.
pub(crate) fn joint(words: f32, meaning: Option<f32>, one_language: bool) -> f32 {
    let beyond = ((words - CHANCE) / (1.0 - CHANCE)).max(0.0);
    match meaning {
        None => beyond,
        Some(meaning) if one_language => WORDS * beyond + (1.0 - WORDS) * meaning.powf(POWER),
        Some(meaning) => (BETWEEN * meaning).min(1.0),
    }
}
