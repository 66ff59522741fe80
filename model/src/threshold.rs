//! The one rule of which numbers are published, and how exactly.
//!
//! - What a reader can list by a filter is counted exactly: totals, facet rows, bars, and numbers of conversations of a
//!   network or a topic. Rounding it would protect nobody, as the list itself can be counted.
//! - Whether a topic, label, suggestion, telling word or warning is shown at all: from 3 networks or 8 voices on
//!   ([`may_show`]), after the disclosure control of NHS hospital statistics.
//! - Every other number (voices, posts, uses, words) is rounded ([`rounded`]), and those of one network need 8 voices.
//!
//! A single public conversation and a relation between two are never bound by it. See docs/adr/0022.

/// Networks from which on an aggregate may be shown.
pub const MIN_NETWORKS: usize = 3;
/// Voices from which on an aggregate may be shown.
pub const MIN_VOICES: usize = 8;
/// Counts below this are rounded to [`ROUND_TO`].
pub const EXACT_FROM: u64 = 50;
pub const ROUND_TO: u64 = 5;

/// Whether an aggregate over so many networks and voices may be shown.
pub const fn may_show(networks: usize, voices: usize) -> bool {
    networks >= MIN_NETWORKS || voices >= MIN_VOICES
}

/// Whether a number of one network alone may be shown.
pub const fn may_show_of_one(voices: u64) -> bool {
    voices >= MIN_VOICES as u64
}

/// A published count: exact from 50 on, else rounded to the nearest 5 (and never down to 0).
pub const fn rounded(count: u64) -> u64 {
    if count == 0 || count >= EXACT_FROM {
        return count;
    }
    let nearest = (count + ROUND_TO / 2) / ROUND_TO * ROUND_TO;
    if nearest == 0 { ROUND_TO } else { nearest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_rounded_and_never_vanish() {
        let shown: Vec<u64> = [0, 1, 2, 3, 7, 8, 12, 13, 47, 48, 49, 50, 51]
            .into_iter()
            .map(rounded)
            .collect();
        assert_eq!(shown, [0, 5, 5, 5, 5, 10, 10, 15, 45, 50, 50, 50, 51]);
    }
}
