//! A table of letter sequences: what each of one to five letters says for each language of its script.
//!
//! The sum of a text's weights is the logarithm of its likelihood in a Witten-Bell model, with the same constant for all
//! languages. Where the figures come from, how they are made and how the file is laid out: `data/README.md`.

use std::sync::LazyLock;

use discover_model::Language;
use unicode_script::Script;

use super::script;

static FILE: &[u8] = include_bytes!("../../data/letters.bin");
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(FILE).unwrap_or_default());

/// A letter or word end in a sequence, of which the last is the lowest, and the longest sequence.
const BITS: u32 = 21;
const SYMBOL: u128 = (1 << BITS) - 1;
const LONGEST: u128 = (1 << (5 * BITS)) - 1;
/// Where a word begins and ends.
const EDGE: u128 = '_' as u128;
/// Weights are in eighths of a nat, and count from what was never seen.
const PARTS: f32 = 8.0;
const FLOOR: f32 = -14.0;
/// What a language gets beforehand, in eighths: Bokmål and English are more common than languages like them, and Latin
/// is quoted more often than written.
const BEFOREHAND: [(&str, i32); 3] = [("nb", 16), ("en", 16), ("la", -16)];

#[derive(Default)]
struct Table {
    languages: Vec<Known>,
    /// `u32` each: where the entries of a bucket begin; one more than there are buckets.
    starts: &'static [u8],
    entries: &'static [u8],
}

struct Known {
    language: Language,
    /// As ISO 15924.
    script: [u8; 4],
    beforehand: i32,
}

/// What the table says of a text.
pub(super) struct Reading {
    /// Letters and word ends.
    pub(super) symbols: f32,
    /// The logarithm of the likelihood in nats; languages of the text's script only, at least one.
    pub(super) nats: Vec<(Language, f32)>,
    /// The highest of them without what languages get beforehand, by symbol.
    pub(super) fluency: f32,
}

/// Whether the table has figures of this language.
pub(super) fn knows(language: Language) -> bool {
    let mut known = TABLE.languages.iter();
    known.any(|known| known.language == language)
}

/// Reads a text in composed characters. Nothing if the table has no language of this script.
pub(super) fn read(text: &str, script: Script) -> Option<Reading> {
    let table = &*TABLE;
    let mut sums = vec![0_i32; table.languages.len()];
    let mut symbols = 0_u32;
    let foreign = |c: char| script::of_letter(c) != Some(script);
    for word in text.split(foreign).filter(|word| !word.is_empty()) {
        let lower = word.chars().filter_map(|c| c.to_lowercase().next());
        let mut last = EDGE;
        for symbol in lower.map(u128::from).chain([EDGE]) {
            last = (last << BITS | symbol) & LONGEST;
            table.add_ends(last, &mut sums);
            symbols += 1;
        }
    }
    let symbols = symbols as f32;
    let code = script.short_name().as_bytes();
    let nats = |sum: i32| sum as f32 / PARTS + FLOOR * symbols;
    let read: Vec<(&Known, i32)> = table
        .languages
        .iter()
        .zip(sums)
        .filter(|(known, _)| known.script == *code)
        .collect();
    let best = read.iter().map(|(_, sum)| *sum).max()?;
    Some(Reading {
        symbols,
        nats: read
            .iter()
            .map(|(known, sum)| (known.language, nats(sum + known.beforehand)))
            .collect(),
        fluency: nats(best) / symbols.max(1.0),
    })
}

impl Table {
    /// Nothing if the file is not laid out as its description says.
    fn read(file: &'static [u8]) -> Option<Self> {
        let (count, rest) = file.split_first()?;
        let (languages, rest) = rest.split_at_checked(usize::from(*count) * 7)?;
        let (buckets, rest) = rest.split_first_chunk()?;
        let buckets = u32::from_le_bytes(*buckets) as usize;
        let (starts, entries) = rest.split_at_checked((buckets + 1) * 4)?;
        let languages = languages
            .as_chunks::<7>()
            .0
            .iter()
            .map(|[code @ .., a, b, c, d]| {
                let code = str::from_utf8(code).ok()?.trim_end_matches('\0');
                let beforehand = BEFOREHAND.iter().find(|(language, _)| *language == code);
                Some(Known {
                    language: code.parse().ok()?,
                    script: [*a, *b, *c, *d],
                    beforehand: beforehand.map_or(0, |(_, parts)| *parts),
                })
            });
        buckets.is_power_of_two().then_some(Self {
            languages: languages.collect::<Option<_>>()?,
            starts,
            entries,
        })
    }

    /// Adds the weights of all sequences that end with the last of these symbols.
    fn add_ends(&self, symbols: u128, sums: &mut [i32]) {
        let mut mask = 0;
        while mask < LONGEST && symbols & !mask != 0 {
            mask = mask << BITS | SYMBOL;
            for [language, weight] in self.weights(symbols & mask) {
                if let Some(sum) = sums.get_mut(usize::from(*language)) {
                    *sum += i32::from(weight.cast_signed());
                }
            }
        }
    }

    /// Pairs of language and weight.
    fn weights(&self, ngram: u128) -> &'static [[u8; 2]] {
        let hash = hash(ngram);
        let fingerprint = ((hash >> 48) as u16).to_le_bytes();
        let starts = self.starts.as_chunks::<4>().0;
        let bucket = hash as usize & (starts.len().saturating_sub(2));
        let start = |at: usize| {
            starts
                .get(at)
                .map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize)
        };
        let mut entries = self
            .entries
            .get(start(bucket)..start(bucket + 1))
            .unwrap_or_default();
        while let Some(([a, b, count], rest)) = entries.split_first_chunk() {
            let Some((weights, rest)) = rest.split_at_checked(usize::from(*count) * 2) else {
                break;
            };
            if [*a, *b] == fingerprint {
                return weights.as_chunks().0;
            }
            entries = rest;
        }
        &[]
    }
}

/// As `tools/language-table` computes it.
const fn hash(ngram: u128) -> u64 {
    let (low, high) = (ngram as u64, (ngram >> 64) as u64);
    let mixed = (low ^ high.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_file_is_the_one_described_and_every_entry_of_it_is_whole() {
        let described = include_str!("../../data/README.md");
        let sum = HEXLOWER.encode(&Sha256::digest(FILE));
        assert!(described.contains(&sum), "{sum}");
        let table = Table::read(FILE).expect("a table");
        assert_eq!(table.languages.len(), 62);
        let starts = table.starts.as_chunks::<4>().0;
        let starts = starts
            .iter()
            .map(|start| u32::from_le_bytes(*start) as usize);
        let mut at = 0;
        for end in starts.skip(1) {
            while at < end {
                at += 3 + 2 * usize::from(table.entries[at + 2]);
            }
            assert_eq!(at, end);
        }
        assert_eq!(at, table.entries.len());
    }
}
