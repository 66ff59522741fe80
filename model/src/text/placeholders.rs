//! What redaction leaves in a text, such as `[phone]`, is shown and is no word.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::redaction::PLACEHOLDERS;

/// Stands where a detail was taken out: no letter, so that no word and no phrase reaches across.
const GAP: char = '\u{fffc}';

static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(PLACEHOLDERS).ok());

/// The text with every placeholder of redaction blanked; offsets stay as they are.
pub fn without_placeholders(text: &str) -> Cow<'_, str> {
    let Some(finder) = FINDER.as_ref().filter(|_| text.contains('[')) else {
        return text.into();
    };
    let mut out = String::new();
    let mut from = 0;
    for found in finder.find_iter(text) {
        out.push_str(&text[from..found.start()]);
        out.push(GAP);
        out.extend(std::iter::repeat_n(' ', found.len() - GAP.len_utf8()));
        from = found.end();
    }
    if from == 0 {
        return text.into();
    }
    out.push_str(&text[from..]);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_goes_and_what_people_write_in_brackets_stays() {
        for placeholder in PLACEHOLDERS {
            let text = format!("before {placeholder} after");
            let blanked = without_placeholders(&text);
            assert_eq!(blanked.len(), text.len());
            assert_eq!(
                blanked.split_whitespace().collect::<Vec<_>>(),
                ["before", "\u{fffc}", "after"]
            );
        }
        assert_eq!(without_placeholders("[sic] [Phones]"), "[sic] [Phones]");
    }
}
