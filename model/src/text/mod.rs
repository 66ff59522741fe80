//! The one way from text to words, for index, query, highlights, graph and whatever else compares what posts say.
//!
//! Contract: [`without_placeholders`] blanks what redaction put in the place of a detail; [`normalise`] brings a text to
//! one form (NFKC) and remembers where everything stood; [`segments`] cuts it; [`fold`] makes one token of all spellings
//! of a word, [`spellings`] the other forms it may be written in, and [`Stemmer`] its stem. [`is_function_word`] and
//! [`Repeated`] tell what may be sought but weighs nothing. All are pure: the same text gives the same words.

mod cut;
mod fold;
mod form;
mod function_words;
mod han;
mod indic;
mod number_words;
mod placeholders;
mod repeated;
mod stem;
mod welsh;

pub use cut::{Joint, Segment, Segments, bare, is_joining_sign, is_unspaced, segments};
pub use fold::{fold, folded, is_invisible, shows_nothing, spellings};
pub use form::{Normalised, normalise};
pub use function_words::{FunctionWords, Lengths, Usage, is_function_word};
pub use number_words::is_number_word;
pub use placeholders::without_placeholders;
pub use repeated::{Repeated, edge_hashes};
pub use stem::Stemmer;

/// Longest token, in characters; what is longer is cut, in the index as in queries.
pub const MAX_TOKEN_CHARS: usize = 64;
