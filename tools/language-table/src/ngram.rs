//! A sequence of one to five letters and word ends, packed into one number: the first symbol is the highest.

use rustc_hash::FxHashMap;

/// Longest sequence.
pub(crate) const LONGEST: u32 = 5;
/// Where a word begins and ends.
pub(crate) const EDGE: Ngram = '_' as u128;
const BITS: u32 = 21;
const SYMBOL: u128 = (1 << BITS) - 1;

pub(crate) type Ngram = u128;
pub(crate) type Map<V> = FxHashMap<Ngram, V>;

pub(crate) fn of(letters: impl Iterator<Item = char>) -> Ngram {
    letters.fold(0, |packed, letter| packed << BITS | u128::from(letter))
}

pub(crate) const fn len(ngram: Ngram) -> u32 {
    (u128::BITS - ngram.leading_zeros()).div_ceil(BITS)
}

/// All but the last symbol: what a symbol follows.
pub(crate) const fn context(ngram: Ngram) -> Ngram {
    ngram >> BITS
}

/// All but the first symbol: what is looked at where the whole is too rare.
pub(crate) const fn shorter(ngram: Ngram) -> Ngram {
    ngram & !(SYMBOL << (BITS * (len(ngram) - 1)))
}

pub(crate) const fn begun(ngram: Ngram) -> Ngram {
    EDGE << (BITS * len(ngram)) | ngram
}

pub(crate) const fn ended(ngram: Ngram) -> Ngram {
    ngram << BITS | EDGE
}

pub(crate) const fn is_ended(ngram: Ngram) -> bool {
    ngram & SYMBOL == EDGE
}

pub(crate) fn symbols(ngram: Ngram) -> impl Iterator<Item = char> {
    (0..len(ngram)).rev().filter_map(move |at| {
        let symbol = (ngram >> (BITS * at)) & SYMBOL;
        char::from_u32(symbol as u32)
    })
}
