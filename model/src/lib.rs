//! Domain types and rules of Discover: the words of the design as Rust types.
//!
//! Contract: pure. No I/O, no async, no clock and no randomness; `now` and fresh ids are arguments.
//! Two doors are guarded here by private fields: a [`Permit`] (needed to fetch) is made only from a
//! live [`Grant`], and an [`Admitted`] post (needed to store) only by the [`gate`].

pub mod area;
pub mod canonical;
pub mod conversation;
pub mod gate;
pub mod grant;
pub mod ids;
pub mod item;
pub mod item_mark;
pub mod language;
pub mod ledger;
pub mod network;
pub mod permit;
pub mod post;
pub mod proof;
pub mod proof_status;
pub mod redaction;
pub mod refusal;
pub mod scope;
pub mod source;
pub mod text;
pub mod threshold;
pub mod time;
pub mod visibility;
pub mod voice;

pub use area::Area;
pub use conversation::{Conversation, ConversationPost};
pub use gate::{Admitted, Policy};
pub use grant::Grant;
pub use ids::{
    ConversationId, DeliveryId, FollowId, GrantId, NetworkId, PostId, SourceId, TopicId,
};
pub use item::{Item, ItemState};
pub use item_mark::ItemMark;
pub use language::{Direction, Language};
pub use network::Network;
pub use permit::Permit;
pub use post::Post;
pub use refusal::Refusal;
pub use scope::{Origin, Scope};
pub use source::{Source, SourceKind, SourceOptions, notes_address};
pub use visibility::Visibility;
pub use voice::{Mark, Voice, VoiceKey};
