//! Refusals: the gate's "no". Counted, and shown to the owner by address and code only.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $words:literal;)*) => {
        /// Why an item is not kept. Codes are final: they stand in the API and in stored counts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Refusal { $($(#[$doc])* $name,)* }

        impl Refusal {
            pub const ALL: &[Self] = &[$(Self::$name,)*];
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
            /// The reason in plain words, for owners and the public.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

refusals! {
    NotPublic = "not_public", "not public: a visitor without an account cannot read it";
    LoginWall = "login_wall", "behind a login";
    Password = "password", "behind a password";
    Held = "held", "held for moderation";
    Noindex = "noindex", "the page asks not to be indexed (noindex)";
    Robots = "robots", "robots.txt does not allow it";
    Unlisted = "unlisted", "unlisted";
    FollowersOnly = "followers_only", "for followers only";
    AuthorOptedOut = "author_opted_out", "its author asked not to be found";
    OutOfScope = "out_of_scope", "outside the scope the owner agreed to";
    StrangerReply = "stranger_reply", "a reply by somebody who did not register";
    /// The network is shown by title and link alone, and this is a reply or has no title.
    LinkOnly = "link_only", "a reply, or without a title, of a network that is shown by links alone";
    Withdrawn = "withdrawn", "withdrawn, or taken back";
    Objected = "objected", "somebody objected to it";
    TooOld = "too_old", "older than the network's retention";
    TooLarge = "too_large", "too large";
    Malformed = "malformed", "cannot be read: no text, or no usable address";
    Syndicated = "syndicated", "syndicated from another site that did not register";
    /// The whole source is closed to visitors.
    Closed = "closed", "its source is closed to visitors";
    BlockedAddress = "blocked_address", "its address is not on the public internet";
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Refusal {
    type Err = UnknownRefusal;
    fn from_str(text: &str) -> Result<Self, UnknownRefusal> {
        Self::ALL
            .iter()
            .copied()
            .find(|refusal| refusal.code() == text)
            .ok_or_else(|| UnknownRefusal(text.chars().take(40).collect()))
    }
}

/// The text is no refusal code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown refusal code {0:?}")]
pub struct UnknownRefusal(pub String);
