//! Names in the order in which a reader looks for them: letters whatever their case and marks, numbers by their size.
//!
//! Contract: the same for every reader; scripts stand one after the other, as Unicode has them.

use std::cmp::Ordering;

use discover_model::text::folded;

/// Which of two names stands first: `Network 2` before `Network 10`, `Élan` between `Eden` and `Elm`.
pub(crate) fn by_name(one: &str, other: &str) -> Ordering {
    let key = |name: &str| -> Vec<Part> { name.split_whitespace().flat_map(parts).collect() };
    key(one).cmp(&key(other)).then_with(|| one.cmp(other))
}

/// A number stands before letters.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Where a word ends.
    End,
    /// How many digits without leading noughts, and these.
    Number(usize, String),
    Letters(String),
}

fn parts(word: &str) -> Vec<Part> {
    let folded = folded(word);
    let signs: Vec<char> = folded.chars().collect();
    let mut parts: Vec<Part> = signs
        .chunk_by(|a, b| digit(*a).is_some() == digit(*b).is_some())
        .map(|run| {
            let digits: String = run.iter().filter_map(|sign| digit(*sign)).collect();
            if digits.is_empty() {
                return Part::Letters(run.iter().collect());
            }
            let digits = digits.trim_start_matches('0');
            Part::Number(digits.len(), digits.to_owned())
        })
        .collect();
    parts.push(Part::End);
    parts
}

/// A decimal digit as the Latin one of the same value.
fn digit(sign: char) -> Option<char> {
    let value = match sign {
        '0'..='9' => return Some(sign),
        '\u{0660}'..='\u{0669}' => u32::from(sign) - 0x0660,
        '\u{06f0}'..='\u{06f9}' => u32::from(sign) - 0x06f0,
        '\u{0966}'..='\u{096f}' => u32::from(sign) - 0x0966,
        '\u{09e6}'..='\u{09ef}' => u32::from(sign) - 0x09e6,
        _ => return None,
    };
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_by_their_size_and_letters_without_their_marks() {
        let sorted = [
            "2nd Chance",
            "Cymru 9",
            "Cymru Fyw",
            "Eden",
            "élan",
            "Elm",
            "Network",
            "Network 1",
            "Network 2",
            "network 02 b",
            "Network 10",
            "Network 11",
            "Networks",
            "نیٹ ورک ۲",
            "نیٹ ورک ۱۰",
        ];
        let mut names = sorted;
        names.reverse();
        names.sort_by(|one, other| by_name(one, other));
        assert_eq!(names, sorted);
    }
}
