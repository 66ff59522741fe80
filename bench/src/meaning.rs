//! What a model makes of the conversations of a run, as the program would have it.

use std::path::Path;

use discover_graph::Meaning;
use discover_meaning::{Encoder, Entry, Space, reading};
use discover_model::{Conversation, ConversationId};

use crate::score::cpu_seconds;

/// Neighbours by meaning that a topics pass is given.
const NEAREST: usize = 15;

/// Conversations to be read once all are there.
#[derive(Debug, Default)]
pub(crate) struct Texts(Vec<(Conversation, String)>);

impl Texts {
    pub(crate) fn add(&mut self, conversation: &Conversation) {
        let text = reading(conversation);
        let mut bare = conversation.clone();
        bare.posts.clear();
        self.0.push((bare, text));
    }

    /// Lets the model in `folder` read them, and prints what that costs.
    pub(crate) fn read(self, folder: &Path) -> anyhow::Result<Space> {
        let encoder = Encoder::open(folder)?;
        let (conversations, texts): (Vec<Conversation>, Vec<String>) = self.0.into_iter().unzip();
        let before = cpu_seconds();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (vectors, pieces) = encoder.encode_all(&texts, threads, || ())?;
        let read = cpu_seconds();
        let entries = conversations
            .iter()
            .zip(vectors)
            .map(|(conversation, vector)| Entry {
                id: conversation.id,
                language: conversation.language,
                started: conversation.started,
                vector,
            });
        let space = Space::of(entries.collect(), encoder.dimensions(), encoder.offsets());
        println!(
            "meaning                 {pieces} pieces, {:.0} a CPU second; likeness by chance {:.3}; {:.2} s CPU to place them",
            pieces as f64 / (read - before).max(1e-9),
            space.chance(),
            cpu_seconds() - read
        );
        Ok(space)
    }
}

/// The space as a topics pass or the relations take it.
pub(crate) fn with<T>(space: Option<&Space>, work: impl FnOnce(Option<Meaning<'_>>) -> T) -> T {
    let Some(space) = space else {
        return work(None);
    };
    let nearest = |id: ConversationId| {
        let near = space.nearest(id, NEAREST).into_iter();
        near.map(|near| (near.id, near.likeness)).collect()
    };
    let likeness = |a, b| space.likeness(a, b);
    let nearness = |members: &[ConversationId]| space.nearness(members);
    work(Some(Meaning {
        nearest: &nearest,
        likeness: &likeness,
        nearness: &nearness,
    }))
}
