//! What sources repeat under their posts, by slot: how it is put, saved and numbered anew.

use discover_model::Conversation;
use discover_model::text::Repeated;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Posts of a conversation from which it is learned what their sources repeat; a source shows it in the first.
const POSTS: usize = 20;

/// Learns a conversation; returns the slots of others whose own words are different now.
pub(crate) fn put(
    repeated: &mut Repeated<u32>,
    slot: u32,
    conversation: &Conversation,
) -> Vec<u32> {
    let posts = conversation.posts.iter().take(POSTS);
    repeated.put(slot, posts.map(|post| (post.source, post.text.as_str())))
}

/// The same with every slot as the one that `slots` holds for it.
pub(crate) fn renumbered(repeated: &Repeated<u32>, slots: &[u32]) -> Repeated<u32> {
    let mut all = Repeated::default();
    for (slot, hashes) in repeated.hashes() {
        all.put_hashes(slots[slot as usize], hashes.to_vec());
    }
    all
}

/// Whether each conversation is one of so many slots.
pub(crate) fn within(repeated: &Repeated<u32>, slots: u32) -> bool {
    repeated.hashes().all(|(slot, _)| slot < slots)
}

/// In order of slots: the same state, the same bytes.
pub(crate) fn serialize<S: Serializer>(
    repeated: &Repeated<u32>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut all: Vec<(u32, &[u64])> = repeated.hashes().collect();
    all.sort_unstable();
    all.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Repeated<u32>, D::Error> {
    let all = Vec::<(u32, Vec<u64>)>::deserialize(deserializer)?;
    let mut repeated = Repeated::default();
    for (slot, mut hashes) in all {
        // Of a damaged file they may be in no order.
        hashes.sort_unstable();
        hashes.dedup();
        repeated.put_hashes(slot, hashes);
    }
    Ok(repeated)
}
