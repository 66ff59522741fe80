//! A text in Markdown cut at its headings (CommonMark 4.2, 4.3, 4.5).
//!
//! A line underlined with `=` or `-` is a heading where it is one line between blank ones, as plain text is written; an open
//! fence that nothing closes is none. No letter of the text is lost but the headings' signs and the front matter.

use std::collections::BTreeMap;

use discover_model::post::MAX_TITLE_BYTES;

/// Why lines are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// A heading under which nothing stands.
    WithoutText,
    /// What stands between `---` before the text, and is about it.
    FrontMatter,
}

impl LeftOut {
    pub const fn words(self) -> &'static str {
        match self {
            Self::WithoutText => "a heading with no text of its own under it, so no item",
            Self::FrontMatter => "about the text (front matter), not of it",
        }
    }
}

/// A heading and what stands under it, up to the next one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// The heading's line, counted from 1.
    pub line: usize,
    /// None before the first heading.
    pub title: Option<String>,
    /// Without the signs of quotes: all of it was said there.
    pub body: String,
}

type Lines = (usize, usize, LeftOut);

/// The sections of a text, and which of its lines are not of it.
pub(super) fn sections(text: &str) -> (Vec<Section>, Vec<Lines>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n");
    let text = text.replace(['\r', '\u{b}', '\u{c}'], "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let mut left_out = Vec::new();
    let mut at = front_matter(&lines);
    if at > 0 {
        left_out.push((1, at, LeftOut::FrontMatter));
    }
    let mut sections = vec![Section {
        line: at + 1,
        title: None,
        body: String::new(),
    }];
    // Where the fence ends that the line stands in.
    let mut fenced_to = at;
    // Of each sign, the length from which on nothing closes a fence: what one search did not find, no later one will.
    let mut unclosed: BTreeMap<char, usize> = BTreeMap::new();
    while let Some(line) = lines.get(at) {
        if at >= fenced_to {
            if let Some((title, taken)) = heading(&lines, at) {
                sections.push(Section {
                    line: at + 1,
                    title: Some(title.to_owned()),
                    body: String::new(),
                });
                at += taken;
                fenced_to = at;
                continue;
            }
            let fence = Fence::opened_by(line).filter(|fence| {
                unclosed
                    .get(&fence.sign)
                    .is_none_or(|from| fence.length < *from)
            });
            if let Some(fence) = fence {
                match lines[at + 1..].iter().position(|line| fence.closes(line)) {
                    Some(closed) => fenced_to = at + closed + 2,
                    None => {
                        unclosed.insert(fence.sign, fence.length);
                    }
                }
            }
        }
        let line = if at < fenced_to {
            *line
        } else {
            unquoted(line)
        };
        if let Some(last) = sections.last_mut() {
            last.body.push_str(line);
            last.body.push('\n');
        }
        at += 1;
    }
    (sections, left_out)
}

/// How many lines before the text are about it: `---`, lines, `---`, as Jekyll and Pandoc write it.
fn front_matter(lines: &[&str]) -> usize {
    if lines.first().map(|line| line.trim_end()) != Some("---") {
        return 0;
    }
    let body = &lines[1..];
    let end = body
        .iter()
        .position(|line| matches!(line.trim_end(), "---" | "..."));
    // A rule at the beginning of a text is followed by the text, not by `name: value`.
    let is_matter = |line: &&str| {
        let line = line.trim_end();
        line.is_empty()
            || line.starts_with([' ', '\t', '-', '#'])
            || line
                .split_once(':')
                .is_some_and(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace))
    };
    match end {
        Some(end) if body[..end].iter().all(is_matter) => end + 2,
        _ => 0,
    }
}

/// The words of the heading at a line, and how many lines it takes.
fn heading<'t>(lines: &[&'t str], at: usize) -> Option<(&'t str, usize)> {
    let line = set_in(lines[at])?;
    let found = with_signs(line).map(|words| (words, 1)).or_else(|| {
        let blank_before = at == 0 || lines[at - 1].trim().is_empty();
        // After a list or a quote such a line is a rule.
        let is_words = !line.trim().is_empty()
            && !line.starts_with(['-', '*', '+', '>', '|', '#', '`', '~'])
            && underline(line).is_none();
        let under = lines.get(at + 1).and_then(|next| underline(next));
        (blank_before && is_words && under.is_some()).then_some((line.trim(), 2))
    });
    // What is longer than a title may be is a paragraph, of which nothing is lost.
    found.filter(|(words, _)| words.len() <= MAX_TITLE_BYTES)
}

/// A line without the up to three spaces that it may be set in by.
fn set_in(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(' ');
    (line.len() - bare.len() <= 3).then_some(bare)
}

/// The words behind one to six signs and a space, without the signs that close them.
fn with_signs(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    if !(1..=6).contains(&level) || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let words = rest.trim();
    let open = words.trim_end_matches('#');
    let words = if open.is_empty() || open.ends_with([' ', '\t']) {
        open.trim_end()
    } else {
        words
    };
    (!words.is_empty()).then_some(words)
}

fn underline(line: &str) -> Option<char> {
    let line = set_in(line)?.trim_end();
    let sign = line
        .chars()
        .next()
        .filter(|sign| matches!(sign, '=' | '-'))?;
    line.chars().all(|each| each == sign).then_some(sign)
}

/// A line without the signs of a quote.
fn unquoted(line: &str) -> &str {
    let bare = line.trim_start_matches([' ', '>']);
    if line.trim_start().starts_with('>') {
        bare
    } else {
        line
    }
}

/// What begins a piece that is taken as it is.
struct Fence {
    sign: char,
    length: usize,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let line = set_in(line)?;
        let sign = line
            .chars()
            .next()
            .filter(|sign| matches!(sign, '`' | '~'))?;
        let length = line.len() - line.trim_start_matches(sign).len();
        (length >= 3).then_some(Self { sign, length })
    }

    fn closes(&self, line: &str) -> bool {
        set_in(line).is_some_and(|line| {
            let line = line.trim_end();
            line.len() >= self.length && line.chars().all(|each| each == self.sign)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        let (sections, _) = sections(text);
        sections
            .into_iter()
            .filter_map(|section| section.title)
            .collect()
    }

    #[test]
    fn headings_are_those_of_commonmark_and_of_plain_text() {
        for (text, expected) in [
            ("# A #\n## B ##\n###### F", &["A", "B", "F"][..]),
            ("   # Set in\n    # Not a heading", &["Set in"]),
            ("#hashtag\n####### Seven\n#\n# ", &[]),
            ("# C#\n# Sharp \\#", &["C#", "Sharp \\#"]),
            ("A\n=\n\nB\n---\n\nC\n==", &["A", "B", "C"]),
            // A rule, a table, a list, and a paragraph of two lines.
            ("A\nB\n---\n\n---\n\n- c\n---\n\na | b\n--- | ---", &[]),
            ("```\n# a\n```\n# B\n~~~ sh\n# c\n```\n~~~~", &["B"]),
            ("# A\n```\nnever closed\n# B", &["A", "B"]),
            ("A\n=\nx\r\n\r\nB\r\n=\r\ny", &["A", "B"]),
        ] {
            assert_eq!(titles(text), expected, "{text:?}");
        }
        let long = format!("# {}", "x".repeat(MAX_TITLE_BYTES + 1));
        assert_eq!(titles(&long), Vec::<String>::new());
    }

    #[test]
    fn front_matter_is_told_from_a_rule_before_a_text() {
        let (_, left) = sections("---\ntitle: Minutes\ntags:\n  - bus\n---\n# A\nb");
        assert_eq!(left, [(1, 5, LeftOut::FrontMatter)]);
        for text in [
            "---\nWe met: all of us.\n---\n",
            "---\ntitle: never closed\n",
            "# A\n---\ntitle: b\n---\n",
        ] {
            assert_eq!(sections(text).1, [], "{text:?}");
        }
    }

    #[test]
    fn no_letter_is_lost_but_signs_and_front_matter() {
        let text =
            "one\n# two\n> three\n> > four\n```\n> five\n# six\n```\n\nseven\n-----\n\neight";
        let (sections, _) = sections(text);
        let all: String = sections
            .iter()
            .map(|section| {
                format!(
                    "{} {}",
                    section.title.as_deref().unwrap_or_default(),
                    section.body
                )
            })
            .collect();
        for word in [
            "one", "two", "three", "four", "> five", "# six", "seven", "eight",
        ] {
            assert!(all.contains(word), "{word}: {all}");
        }
    }
}
