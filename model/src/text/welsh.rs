//! Welsh mutations: the first consonant of a word changes with what stands before it.
//!
//! The table of the soft, nasal and aspirate mutation (King, *Modern Welsh*, 1993, ch. 2). Which word a mutated form
//! comes from is not always known (`fara` could be of `bara` or `mara`), so all that it could be are looked for.

/// A radical consonant and its mutated forms.
const MUTATIONS: [(&str, &[&str]); 9] = [
    ("p", &["b", "mh", "ph"]),
    ("t", &["d", "nh", "th"]),
    ("c", &["g", "ngh", "ch"]),
    ("b", &["f", "m"]),
    ("d", &["dd", "n"]),
    ("g", &["", "ng"]),
    ("ll", &["l"]),
    ("rh", &["r"]),
    ("m", &["f"]),
];

/// Welsh letters of two signs: `ll` does not begin with `l`.
const DIGRAPHS: [&str; 8] = ["ch", "dd", "ff", "ng", "ll", "ph", "rh", "th"];

/// Shortest rest of a word behind its first letter that says what word it is.
const MIN_REST: usize = 2;

fn digraph_begins(word: &str) -> bool {
    DIGRAPHS.iter().any(|digraph| word.starts_with(digraph))
}

fn rest_after<'a>(word: &'a str, beginning: &str) -> Option<&'a str> {
    let rest = word.strip_prefix(beginning)?;
    if rest.len() < MIN_REST {
        return None;
    }
    let may_begin = if beginning.is_empty() {
        // Without its `g` a word begins with what could stand behind one.
        !digraph_begins(word)
            && word.starts_with(['a', 'e', 'i', 'o', 'u', 'w', 'y', 'l', 'r', 'n'])
    } else {
        let longer = DIGRAPHS
            .iter()
            .any(|digraph| digraph.len() > beginning.len() && word.starts_with(digraph));
        // A nasal `mh`, `nh` or `ngh` is no `m`, `n` or `ng`.
        let nasal = matches!(beginning, "m" | "n" | "ng") && rest.starts_with('h');
        !longer && !nasal
    };
    may_begin.then_some(rest)
}

/// The other forms a folded word may take, itself left out.
pub(super) fn forms(word: &str) -> Vec<String> {
    if !word.is_ascii() {
        return Vec::new();
    }
    let mut radicals: Vec<(usize, &str)> = Vec::new();
    for (number, (radical, mutated)) in MUTATIONS.iter().enumerate() {
        for beginning in std::iter::once(radical).chain(*mutated) {
            if let Some(rest) = rest_after(word, beginning) {
                radicals.push((number, rest));
            }
        }
    }
    let mut forms: Vec<String> = Vec::new();
    for (number, rest) in radicals {
        let (radical, mutated) = MUTATIONS[number];
        for beginning in std::iter::once(&radical).chain(mutated) {
            let form = format!("{beginning}{rest}");
            if form != word && !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::forms;

    #[test]
    fn mutated_words_find_each_other_and_other_words_do_not() {
        for (word, other) in [
            ("gwaed", "waed"),
            ("waed", "ngwaed"),
            ("prawf", "brawf"),
            ("brawf", "phrawf"),
            ("meddygfa", "feddygfa"),
            ("caerdydd", "nghaerdydd"),
            ("tad", "nhad"),
            ("llyfr", "lyfr"),
            ("rhestr", "restr"),
            ("dinas", "ddinas"),
        ] {
            assert!(
                forms(word).contains(&other.to_owned()),
                "{word} {other} {:?}",
                forms(word)
            );
            assert!(
                forms(other).contains(&word.to_owned()),
                "{other} {word} {:?}",
                forms(other)
            );
        }
        assert!(!forms("llyfr").contains(&"gllyfr".to_owned()));
        assert!(forms("ysbyty").iter().all(|form| form.ends_with("ysbyty")));
    }
}
