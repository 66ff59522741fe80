//! Thresholds for aggregates (topics, labels, trends, facets, published figures), after the disclosure control
//! of NHS hospital statistics: nothing about fewer than 8 voices in fewer than 3 networks, and small counts rounded.
//! They never bind a single public conversation or a relation between two.

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

/// A published count: exact from 50 on, else rounded to the nearest 5 (and never down to 0).
pub const fn rounded(count: u64) -> u64 {
    if count == 0 || count >= EXACT_FROM {
        return count;
    }
    let nearest = (count + ROUND_TO / 2) / ROUND_TO * ROUND_TO;
    if nearest == 0 { ROUND_TO } else { nearest }
}

/// A published part of a published whole: to the nearest 5 whatever its size, so that a part that is withheld is not
/// what the others leave.
pub const fn part(count: u64) -> u64 {
    if count < EXACT_FROM {
        return rounded(count);
    }
    (count + ROUND_TO / 2) / ROUND_TO * ROUND_TO
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

    #[test]
    fn a_part_that_is_withheld_is_not_what_the_others_leave() {
        // 130 in all, of which 70 and 58 are shown: the third part could be anything from none to a handful.
        for (a, b) in [(70, 58), (69, 60), (72, 58), (68, 62)] {
            assert_eq!((part(a), part(b)), (70, 60), "{a} {b}");
        }
        assert_eq!(part(2), 5);
    }
}
