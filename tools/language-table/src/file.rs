//! The file: languages with their scripts, then a hash table from sequences to weights by language.
//!
//! All numbers are little-endian. `u8` number of languages; for each, three bytes of code (the third may be 0) and four of
//! script (ISO 15924). `u32` number of buckets, a power of two; one more `u32` than buckets: where each bucket begins,
//! counted from the first entry. Entry: `u16` fingerprint (the highest bits of the hash; the lowest ones choose the
//! bucket), `u8` number of weights, for each `u8` language and `i8` weight in eighths of a nat.

use anyhow::ensure;
use unicode_script::Script;

use crate::ngram::Ngram;

/// Sequences a bucket holds at most, on average.
const FILL: usize = 4;

/// What a sequence says for a language, by the language's number.
type Weight = (Ngram, u8, i8);

#[derive(Default)]
pub(crate) struct Table {
    languages: Vec<u8>,
    weights: Vec<Weight>,
}

/// `discover-indexer` computes the same.
const fn hash(ngram: Ngram) -> u64 {
    let (low, high) = (ngram as u64, (ngram >> 64) as u64);
    let mixed = (low ^ high.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

impl Table {
    pub(crate) fn add(
        &mut self,
        code: &str,
        script: Script,
        weights: &[(Ngram, i8)],
    ) -> anyhow::Result<()> {
        let number = u8::try_from(self.languages.len() / 7)?;
        let mut code = code.as_bytes().to_vec();
        code.resize(3, 0);
        ensure!(script.short_name().len() == 4, "a script without a code");
        self.languages.extend(code);
        self.languages.extend(script.short_name().bytes());
        let numbered = weights
            .iter()
            .map(|(ngram, weight)| (*ngram, number, *weight));
        self.weights.extend(numbered);
        Ok(())
    }

    pub(crate) fn bytes(mut self) -> anyhow::Result<Vec<u8>> {
        self.weights.sort_unstable();
        let by_ngram: Vec<&[Weight]> = self.weights.chunk_by(|a, b| a.0 == b.0).collect();
        let buckets = by_ngram.len().div_ceil(FILL).next_power_of_two();
        let mut filled: Vec<Vec<(u16, &[Weight])>> = vec![Vec::new(); buckets];
        let mut alike = 0;
        for weights in &by_ngram {
            let hash = hash(weights[0].0);
            let bucket = &mut filled[hash as usize & (buckets - 1)];
            let fingerprint = (hash >> 48) as u16;
            // One in a hundred thousand is taken for another; the first stays.
            if bucket.iter().any(|(taken, _)| *taken == fingerprint) {
                alike += 1;
                continue;
            }
            bucket.push((fingerprint, weights));
        }
        eprintln!(
            "{} sequences, {} weights, {alike} left out as taken for others",
            by_ngram.len(),
            self.weights.len()
        );

        let mut starts = Vec::with_capacity(buckets + 1);
        let mut entries = Vec::new();
        for bucket in filled {
            starts.push(u32::try_from(entries.len())?);
            for (fingerprint, weights) in bucket {
                entries.extend(fingerprint.to_le_bytes());
                entries.push(u8::try_from(weights.len())?);
                for (_, language, weight) in weights {
                    entries.extend([*language, weight.to_le_bytes()[0]]);
                }
            }
        }
        starts.push(u32::try_from(entries.len())?);
        let mut bytes = vec![u8::try_from(self.languages.len() / 7)?];
        bytes.extend(self.languages);
        bytes.extend(u32::try_from(buckets)?.to_le_bytes());
        bytes.extend(starts.iter().flat_map(|start| start.to_le_bytes()));
        bytes.extend(entries);
        Ok(bytes)
    }
}
