//! Hashes by which pages and short texts are known again.

/// Hash of a page, for telling whether anything changed. It need not withstand an attacker: a site that makes two of
/// its pages collide only hides the second from itself, and this is twice as fast as [`body_hash`] even on processors
/// with instructions for SHA-256.
pub(crate) fn page_hash(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let fold = |hash: u64, word: u64| {
        let wide = u128::from(hash ^ word).wrapping_mul(MULTIPLIER);
        (wide as u64) ^ ((wide >> 64) as u64)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let (blocks, odd) = words.as_chunks::<4>();
    // Four at once: each step waits for the one before it, but not for its neighbours.
    let mut lanes = [1, 2, 3, 4].map(|lane| fold(bytes.len() as u64, lane));
    for block in blocks {
        for (lane, word) in lanes.iter_mut().zip(block) {
            *lane = fold(*lane, u64::from_le_bytes(*word));
        }
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let odd = odd
        .iter()
        .chain([&last])
        .map(|word| u64::from_le_bytes(*word));
    let hash = lanes.into_iter().chain(odd).fold(0, fold);
    fold(hash, hash >> 32)
}

/// Hash of a short text that stands for it in a state.
pub(crate) fn body_hash(bytes: &[u8]) -> u64 {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(bytes);
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_differ_anywhere_have_different_hashes() {
        let page = b"a page of some length, and a little more of it".repeat(20);
        let mut hashes = std::collections::BTreeSet::from([page_hash(&page), page_hash(&[])]);
        for at in 0..page.len() {
            let mut other = page.clone();
            other[at] ^= 1;
            hashes.insert(page_hash(&other));
            hashes.insert(page_hash(&page[..at.max(1)]));
        }
        assert_eq!(hashes.len(), 2 + page.len() * 2 - 1);
    }
}
