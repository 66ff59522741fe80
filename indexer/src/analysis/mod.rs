//! From text to tokens, the same way for indexing, searching and highlighting.
//!
//! Contract: two views of every text. The *neutral* view (lower-cased, folded) does not depend on any language and
//! decides what is found; the *stemmed* view adds the stems of one language, marked with its code so that languages
//! never meet by accident, and decides the order. Scripts written without spaces (Chinese, Japanese, Thai, …) and
//! Hangul are cut into single characters in the neutral view (a word is then a phrase, found anywhere) and into pairs
//! in the stemmed one, so that no dictionary decides what can be found.

mod compound;
mod fold;
mod pieces;
mod stem;
mod tokenizer;

pub(crate) use compound::parts;
pub(crate) use fold::fold;
pub(crate) use pieces::{Piece, Pieces, is_unspaced, pieces};
pub(crate) use stem::{FAMILIES, Family};
pub(crate) use tokenizer::{NEUTRAL, NeutralTokenizer, STEMMED, StemTokenizer, with_family};

/// Most places that a phrase may leave between its words.
pub(crate) const MAX_SLOP: u32 = 20;
/// Longest token, in characters; what is longer is cut, in the index as in queries.
pub(crate) const MAX_TOKEN_CHARS: usize = 64;
