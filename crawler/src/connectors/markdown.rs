//! Markdown to plain text: signs of emphasis, links and pictures go, their words stay.

use url::Url;

use crate::parse::text::PlainText;
use crate::parse::text::quotes::is_attribution;

/// Most links taken of one text.
const MAX_LINKS: usize = 50;
/// Links and pictures within each other that are read.
const MAX_NESTED: usize = 3;

/// The words of a text in Markdown, and where it links to. Pictures say what their description says.
pub(super) fn to_text(markdown: &str, base: &Url) -> PlainText {
    let mut out = PlainText::default();
    let mut fenced = false;
    // Within a quote that says whom it quotes: those words are not the writer's.
    let mut of_others = false;
    for line in markdown.lines() {
        let trimmed = line.trim_start();
        let quoted = trimmed
            .strip_prefix('>')
            .map(|rest| rest.trim_matches([' ', '>', '*', '_']));
        match quoted.filter(|_| !fenced) {
            Some(rest) if of_others || is_attribution(rest) => {
                of_others = true;
                continue;
            }
            Some(_) => {}
            None => of_others = false,
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            out.text.push_str(line);
        } else if !is_rule(trimmed) {
            inline(without_marks(line), base, &mut out, 0);
        }
        out.text.push('\n');
    }
    let plain = crate::parse::text::plain(out.text.trim());
    for link in plain.links {
        add(&mut out.links, link);
    }
    out.text = plain.text;
    out
}

fn add(links: &mut Vec<Url>, link: Url) {
    if matches!(link.scheme(), "http" | "https")
        && links.len() < MAX_LINKS
        && !links.contains(&link)
    {
        links.push(link);
    }
}

/// `---`, `***`, `===`: a line of nothing but signs.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3
        && line
            .chars()
            .all(|c| matches!(c, '-' | '*' | '_' | '=' | ' '))
}

/// A line without what marks it as a heading, a quote or a folded part.
fn without_marks(line: &str) -> &str {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix(":::") {
        return rest
            .trim_start()
            .strip_prefix("spoiler")
            .unwrap_or_default()
            .trim();
    }
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() && (heading.starts_with(' ') || heading.is_empty()) {
        return heading.trim();
    }
    line
}

/// One line of running text.
fn inline(line: &str, base: &Url, out: &mut PlainText, depth: usize) {
    let mut rest = line;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '\\' if after.starts_with(|next: char| next.is_ascii_punctuation()) => {
                let escaped = after.chars().next().unwrap_or_default();
                out.text.push(escaped);
                rest = &after[escaped.len_utf8()..];
                continue;
            }
            '!' if depth < MAX_NESTED && after.starts_with('[') => {
                if let Some((words, _, behind)) = link(after) {
                    inline(words, base, out, depth + 1);
                    rest = behind;
                    continue;
                }
            }
            '[' if depth < MAX_NESTED => {
                if let Some((words, target, behind)) = link(rest) {
                    inline(words, base, out, depth + 1);
                    if let Ok(target) = base.join(target) {
                        add(&mut out.links, target);
                    }
                    rest = behind;
                    continue;
                }
            }
            '<' => {
                if let Some((address, behind)) = after.split_once('>')
                    && (address.starts_with("http://") || address.starts_with("https://"))
                {
                    out.text.push_str(address);
                    rest = behind;
                    continue;
                }
            }
            '`' => {
                rest = after;
                continue;
            }
            '*' | '_' | '~' => {
                let run = rest.len() - rest.trim_start_matches(c).len();
                let behind = &rest[run..];
                let opens = !behind.starts_with(char::is_whitespace) && !behind.is_empty();
                let closes = !before.is_whitespace();
                let inside_word =
                    before.is_alphanumeric() && behind.starts_with(char::is_alphanumeric);
                let is_mark = (opens || closes)
                    && !(c == '_' && inside_word)
                    && !(c == '~' && run < 2)
                    && !(c == '*' && run == 1 && before.is_ascii_digit());
                if is_mark {
                    rest = behind;
                    continue;
                }
                out.text.push_str(&rest[..run]);
                before = c;
                rest = behind;
                continue;
            }
            'h' if !before.is_alphanumeric()
                && (rest.starts_with("http://") || rest.starts_with("https://")) =>
            {
                // An address keeps its signs.
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                out.text.push_str(&rest[..end]);
                before = ' ';
                rest = &rest[end..];
                continue;
            }
            _ => {}
        }
        out.text.push(c);
        before = c;
        rest = after;
    }
}

/// `[words](target "title")`: words, target and what is behind; also `[words][reference]` and a footnote's mark.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let mut depth = 0_usize;
    let close = text.char_indices().take(2000).find_map(|(at, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let (words, behind) = (&text[1..close], &text[close + 1..]);
    let inner = behind.strip_prefix('(')?;
    let mut depth = 1_usize;
    let end = inner.char_indices().take(4000).find_map(|(at, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let target = inner[..end].trim();
    let target = target.split_whitespace().next().unwrap_or_default();
    let target = target.trim_start_matches('<').trim_end_matches('>');
    Some((words, target, &inner[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_addresses_go_and_words_stay() {
        let base = Url::parse("https://lemmy.example/post/1").expect("base");
        for (markdown, text, links) in [
            (
                "Same here. ![poster](https://i.example/p.png) **really** [report](https://r.example/a)",
                "Same here. poster really report",
                vec!["https://r.example/a"],
            ),
            (
                "# Heading\n\n*one* and __two__ ~~three~~",
                "Heading\n\none and two three",
                vec![],
            ),
            (
                "snake_case 2 * 3 and a*b",
                "snake_case 2 * 3 and ab",
                vec![],
            ),
            (
                "see https://x.example/a_b_c and <https://y.example/>",
                "see https://x.example/a_b_c and https://y.example/",
                vec!["https://x.example/a_b_c", "https://y.example/"],
            ),
            ("::: spoiler More\nhidden\n:::", "More\nhidden", vec![]),
            ("\\*not\\*", "*not*", vec![]),
            ("> Ann Lee wrote:\n> Old words.\n\nMine.", "Mine.", vec![]),
        ] {
            let read = to_text(markdown, &base);
            let found: Vec<&str> = read.links.iter().map(Url::as_str).collect();
            assert_eq!((read.text.as_str(), found), (text, links), "{markdown}");
        }
    }

    #[test]
    fn many_open_brackets_end() {
        let base = Url::parse("https://lemmy.example/").expect("base");
        let text = "[".repeat(20_000);
        assert!(!to_text(&text, &base).text.is_empty());
        let nested = format!("{}x{}", "![".repeat(5000), "](y)".repeat(5000));
        let _ = to_text(&nested, &base);
    }
}
