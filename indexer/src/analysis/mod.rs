//! From normalised text to tokens of the index; what a word is, is said in [`discover_model::text`].
//!
//! Contract: two views of every text. The *neutral* view (lower-cased, folded) does not depend on any language and
//! decides what is found; the *stemmed* view adds the stems of one language, marked with its code so that languages
//! never meet by accident, and decides the order. Scripts written without spaces (Chinese, Japanese, Thai, …) and
//! Hangul are cut into single characters in the neutral view (a word is then a phrase, found anywhere) and into pairs
//! in the stemmed one, so that no dictionary decides what can be found. The parts of a word with a sign in it stand in a
//! row, and the whole stands beside them as one word.

mod compound;
mod tokenizer;

pub(crate) use compound::parts;
pub(crate) use tokenizer::{NEUTRAL, NeutralTokenizer, STEMMED, StemTokenizer, marked};

/// Most places that a phrase may leave between its words.
pub(crate) const MAX_SLOP: u32 = 20;
/// Most parts of a word with signs in it that are also looked for as one word; what has more is an address or a list.
pub(crate) const MAX_PARTS: usize = 4;
