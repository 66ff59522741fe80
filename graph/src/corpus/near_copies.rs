//! Near copies: MinHash over three-word shingles; a short text is compared as a whole.
//!
//! Three words and not five: one changed word spoils as many shingles as they are long, and whoever floods a network
//! changes a few words in every copy.

use petgraph::unionfind::UnionFind;

/// Values of a signature.
pub(crate) const HASHES: usize = 32;
/// Bands of two values each: texts that share one value pair are compared.
const BAND: usize = 2;
const SHINGLE: usize = 3;
/// Texts before it in a band that one is compared with.
const COMPARED: usize = 4;
/// Below so many words a text's shingles are too few to compare; its hash stands for it.
const SHORT: usize = 8;

/// Words of a signature: the hash of a text too short to compare in part, or MinHash values, a band a word. Values are
/// cut to 16 bits: two of 65,536 that are equal by chance do not matter among 32.
const WHOLE: usize = 2;
const BANDS: usize = HASHES / BAND;

/// Whether a signature can have so many words; none where a text has none.
pub(crate) const fn is_length(words: usize) -> bool {
    matches!(words, 0 | WHOLE | BANDS)
}

pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A stable 64-bit hash of some bytes (FNV-1a, mixed); not for keys an enemy may choose.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut value = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        value = (value ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(value)
}

/// Signature of a text given as the hashes of its words; empty where it has none.
pub(crate) fn signature(words: &[u64]) -> Vec<u32> {
    if words.is_empty() {
        return Vec::new();
    }
    let fold = |words: &[u64]| words.iter().fold(7, |sum, word| mix(sum ^ *word));
    if words.len() < SHORT {
        let hash = fold(words);
        return vec![(hash >> 32) as u32, hash as u32];
    }
    let mut values = [u32::MAX; HASHES];
    for shingle in words.windows(SHINGLE) {
        let mut value = fold(shingle);
        for slot in &mut values {
            // One multiplication a value: the low bits step through a fixed sequence.
            value = value
                .wrapping_mul(0x5851_f42d_4c95_7f2d)
                .wrapping_add(0x1405_7b7e_f767_814f);
            *slot = (*slot).min((value >> 32) as u32);
        }
    }
    let bands = values.chunks_exact(BAND);
    bands
        .map(|pair| pair[0] << 16 | u32::from(pair[1] as u16))
        .collect()
}

/// Share of equal values: an estimate of how much of two texts' shingles is common.
pub(crate) fn likeness(a: &[u32], b: &[u32]) -> f32 {
    match (a.len(), b.len()) {
        (WHOLE, WHOLE) => f32::from(u8::from(a == b)),
        (BANDS, BANDS) => {
            let unlike = a.iter().zip(b).map(|(a, b)| a ^ b);
            let equal: u32 = unlike
                .map(|bits| u32::from(bits >> 16 == 0) + u32::from(bits as u16 == 0))
                .sum();
            equal as f32 / HASHES as f32
        }
        _ => 0.0,
    }
}

/// Groups near copies: each text gets the first text of its group.
pub(crate) fn groups(signatures: &[&[u32]], similarity: f32) -> Vec<u32> {
    let mut sets: UnionFind<u32> = UnionFind::new(signatures.len());
    let mut band: Vec<(u64, u32)> = Vec::with_capacity(signatures.len());
    for turn in 0..BANDS {
        band.clear();
        band.extend(
            (0..)
                .zip(signatures)
                .filter_map(|(at, signature)| match **signature {
                    // Whole texts are all in the first band, apart from every pair of values.
                    [high, low] if turn == 0 => {
                        let hash = u64::from(high) << 32 | u64::from(low);
                        Some((hash | 1 << 63, at))
                    }
                    [] | [_, _] => None,
                    ref bands => Some((u64::from(*bands.get(turn)?), at)),
                }),
        );
        band.sort_unstable();
        for run in band.chunk_by(|a, b| a.0 == b.0) {
            // Each is compared with some before it and with the run's first: linear, and groups chain.
            for at in 1..run.len() {
                let near = run[at.saturating_sub(COMPARED)..at].iter();
                let text = run[at].1;
                for &(_, other) in near.chain(&run[..1]) {
                    let alike = || {
                        let (a, b) = (signatures[text as usize], signatures[other as usize]);
                        likeness(a, b) >= similarity
                    };
                    if !sets.equiv(text, other) && alike() {
                        sets.union(text, other);
                    }
                }
            }
        }
    }
    let sets = sets.into_labeling();
    let mut first = vec![u32::MAX; signatures.len()];
    (0..)
        .zip(sets)
        .map(|(text, set)| {
            let first = &mut first[set as usize];
            *first = text.min(*first);
            *first
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(text: &str) -> Vec<u32> {
        let words: Vec<u64> = text.split(' ').map(|word| hash(word.as_bytes())).collect();
        signature(&words)
    }

    #[test]
    fn an_edited_copy_joins_its_original_and_another_text_does_not() {
        let text = "the walk in blood test service at the health centre stopped without notice last week and \
                    now people must book by telephone and wait for three weeks before they get an appointment";
        let copy = text
            .replace("last week", "this month")
            .replace("telephone", "phone");
        let other = "members of the garden club met on sunday to plan the spring planting along the canal path \
                     and agreed to ask the council for two benches and a bin";
        let signatures = [
            sign(text),
            sign(other),
            sign(&copy),
            sign("short text"),
            sign("short text"),
            Vec::new(),
        ];
        let signatures: Vec<_> = signatures.iter().map(Vec::as_slice).collect();
        assert_eq!(groups(&signatures, 0.4), [0, 1, 0, 3, 3, 5]);
    }
}
