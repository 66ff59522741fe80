//! Traditional and simplified Chinese characters: one character for both.
//!
//! `han.txt` holds the pairs of Unicode's Unihan database (kSimplifiedVariant and kTraditionalVariant, version 15.0,
//! Unicode licence), a traditional character and its simplified one a line, sorted, without chains.

use std::sync::LazyLock;

static PAIRS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    include_str!("han.txt")
        .lines()
        .filter_map(|line| {
            let mut chars = line.chars();
            Some((chars.next()?, chars.next()?))
        })
        .collect()
});

/// The simplified character of a traditional one; any other as it is.
pub(super) fn simplified(c: char) -> char {
    if !matches!(c, '\u{3400}'..='\u{9fff}') {
        return c;
    }
    PAIRS
        .binary_search_by_key(&c, |(traditional, _)| *traditional)
        .map_or(c, |at| PAIRS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_sorted_and_lead_to_no_further_one() {
        assert!(PAIRS.is_sorted());
        assert!(
            PAIRS
                .iter()
                .all(|(_, simple)| simplified(*simple) == *simple)
        );
        assert_eq!(
            "醫院抽血檢查".chars().map(simplified).collect::<String>(),
            "医院抽血检查"
        );
    }
}
