//! Cursors: where a page ended, opaque and checked.
//!
//! A cursor holds the rank of the last hit shown (sort key and id), not an offset: posts that come in meanwhile move
//! nothing. A conversation that itself changes its key (a new post, when sorted by the latest) moves, as it must.

use data_encoding::BASE64URL_NOPAD;
use discover_model::ConversationId;

use super::minimum_should_match::Mode;
use super::request::{SearchRequest, Sort};
use crate::error::SearchError;

const VERSION: u8 = 1;
const BYTES: usize = 1 + 8 + 16 + 1 + 8 + 8 + 8;

/// Place of a hit in the order: smaller comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    pub(super) key: u64,
    pub(super) id: ConversationId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) rank: Rank,
    pub(super) mode: Mode,
    /// Which kept statistics scored the first page.
    pub(super) statistics: u64,
    /// Visibility's generation then; what is hidden since is left out all the same.
    pub(super) generation: u64,
}

/// FNV-1a over everything that decides which hits there are and in which order.
pub(super) fn fingerprint(request: &SearchRequest, sort: Sort) -> u64 {
    let described = format!(
        "{:?}",
        (
            request.q.trim(),
            sort,
            &request.network,
            &request.language,
            &request.kind,
            &request.topic,
            request.after,
            request.before,
            request.matching,
        )
    );
    fnv(described.as_bytes())
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |state, byte| {
        (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Cursor {
    pub(super) fn write(&self, fingerprint: u64) -> String {
        let mode = match self.mode {
            Mode::All => 0,
            Mode::Most => 1,
            Mode::Any => 2,
        };
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.push(VERSION);
        bytes.extend(self.rank.key.to_be_bytes());
        bytes.extend(self.rank.id.to_bytes());
        bytes.push(mode);
        bytes.extend(self.statistics.to_be_bytes());
        bytes.extend(self.generation.to_be_bytes());
        let check = fnv(&bytes) ^ fingerprint;
        bytes.extend(check.to_be_bytes());
        BASE64URL_NOPAD.encode(&bytes)
    }

    pub(super) fn read(text: &str, fingerprint: u64) -> Result<Self, SearchError> {
        if text.len() > 2 * BYTES {
            return Err(SearchError::BadCursor);
        }
        let bytes = BASE64URL_NOPAD
            .decode(text.as_bytes())
            .map_err(|_| SearchError::BadCursor)?;
        if bytes.first().is_some_and(|version| *version != VERSION) {
            return Err(SearchError::CursorExpired);
        }
        let Some((body, check)) = bytes.split_last_chunk::<8>() else {
            return Err(SearchError::BadCursor);
        };
        if bytes.len() != BYTES || u64::from_be_bytes(*check) != fnv(body) ^ fingerprint {
            return Err(SearchError::BadCursor);
        }
        let mut rest = &body[1..];
        let key = u64::from_be_bytes(take(&mut rest)?);
        let id = ConversationId::from_bytes(take(&mut rest)?);
        let [mode] = take(&mut rest)?;
        let mode = match mode {
            0 => Mode::All,
            1 => Mode::Most,
            2 => Mode::Any,
            _ => return Err(SearchError::BadCursor),
        };
        Ok(Self {
            rank: Rank { key, id },
            mode,
            statistics: u64::from_be_bytes(take(&mut rest)?),
            generation: u64::from_be_bytes(take(&mut rest)?),
        })
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], SearchError> {
    let (first, after) = rest
        .split_first_chunk::<N>()
        .ok_or(SearchError::BadCursor)?;
    *rest = after;
    Ok(*first)
}
