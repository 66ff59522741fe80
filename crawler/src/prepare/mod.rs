//! Preparing: bytes as published to text that the parsers can read, and the scanners they read it with.
//!
//! Contract: pure and linear; every limit is checked here before anything is parsed. What a strict reader would
//! refuse (wrong charset, bare `&`, broken prolog, unclosed or crossed tags, foreign entities) is not rewritten into a
//! second document but tolerated while scanning: see [`scan`] and [`entities`].

pub mod charset;
pub mod entities;
pub(crate) mod json;
pub mod markup;
pub mod scan;

/// Largest document read, in bytes as received after decompression.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Why bytes are not read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    #[error("empty document")]
    Empty,
    #[error("document of {0} bytes is larger than the 8 MiB that are read")]
    TooLarge(usize),
}

/// The document as text: charset decided, byte order mark, control characters and surrounding blanks gone.
pub fn document<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
) -> Result<std::borrow::Cow<'a, str>, PrepareError> {
    if bytes.len() > MAX_BYTES {
        return Err(PrepareError::TooLarge(bytes.len()));
    }
    let text = charset::clean(charset::decode(bytes, content_type));
    if text.trim().is_empty() {
        return Err(PrepareError::Empty);
    }
    Ok(text)
}

/// The first place of an ASCII byte.
pub(crate) fn find(text: &str, byte: u8) -> Option<usize> {
    memchr::memchr(byte, text.as_bytes())
}
