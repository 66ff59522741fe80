//! A brief as Markdown (CommonMark), for mails, minutes and wikis.

use std::fmt::Write as _;

use super::Page;
use super::sentences::Names;
use crate::text::inline::Text;
use crate::text::words;

/// The same as the page, without its pictures.
pub(in crate::pages) fn of(page: &Page) -> String {
    let said = &page.said;
    let mut out = String::new();
    line(&mut out, &format!("# {}", plain(&said.heading)));
    if let Some(headline) = &said.headline {
        line(&mut out, &format!("*“{}”*", plain(headline)));
    }
    let list = page.list.as_ref().map(|list| format!("{list}. "));
    line(
        &mut out,
        &format!(
            "{}Brief of {}, {}. <{}>",
            list.unwrap_or_default(),
            words::day(page.made.0),
            escaped(&page.runs),
            page.whole_address
        ),
    );
    line(&mut out, &escaped(&said.lead));
    for (what, asked) in &page.asked {
        let _ = writeln!(out, "- {what}: {}", plain(asked));
    }
    if !page.asked.is_empty() {
        out.push('\n');
    }
    line(&mut out, "## Conversations over time");
    out.push_str("| From | Conversations |\n| --- | ---: |\n");
    for (start, count, before) in &page.bars {
        let before = if *before { " (before it began)" } else { "" };
        let _ = writeln!(out, "| {start}{before} | {count} |");
    }
    out.push('\n');
    for (day, who, text) in &page.notes {
        let day = words::day(*day);
        let _ = writeln!(out, "- Note on {day}, {}: {}", plain(who), plain(text));
    }
    if !page.notes.is_empty() {
        out.push('\n');
    }
    line(&mut out, "## Who speaks");
    for (name, count) in &page.speaking {
        let _ = writeln!(out, "- {}: {count}", plain(name));
    }
    out.push('\n');
    names(&mut out, "Mention it and take no part", &said.mentions);
    names(&mut out, &page.could_words.to_string(), &said.could);
    names(&mut out, "Not comparable", &said.unknown);
    let languages: Vec<String> = page
        .languages
        .iter()
        .map(|(name, count)| format!("{} {count}", plain(name)))
        .collect();
    if !languages.is_empty() {
        line(&mut out, &format!("Languages: {}.", languages.join(", ")));
    }
    line(&mut out, "## In people’s words");
    if page.quotes.is_empty() {
        line(&mut out, &page.no_quotes.to_string());
    }
    for quote in &page.quotes {
        line(&mut out, &format!("> {}", plain(&quote.voice.text)));
        let day = quote
            .voice
            .day
            .map(|day| format!(", {}", words::day(day.0)));
        let _ = write!(
            out,
            "{}{} \\[{}\\] <{}>",
            plain(&quote.voice.network),
            day.unwrap_or_default(),
            quote.number,
            quote.here
        );
        if let Some(original) = &quote.voice.original {
            let what = match quote.voice.links_to {
                Some(_) => "links to",
                None => "original",
            };
            let _ = write!(out, ", {what}: <{original}>");
        }
        out.push_str("\n\n");
    }
    if let Some(happened) = &page.happened {
        line(&mut out, "## What happened");
        for said in &happened.lines {
            let _ = writeln!(
                out,
                "- {} by {}, {}: {}",
                said.what,
                plain(&said.by),
                words::day(said.at.0),
                plain(&said.text)
            );
        }
        for due in &happened.due {
            let _ = writeln!(out, "- {}", escaped(due));
        }
        let at = if happened.is_empty() {
            String::new()
        } else {
            format!(" <{}>", happened.href)
        };
        line(&mut out, &format!("\n{}{at}", happened.all));
    }
    for (heading, sentences) in [
        ("How sure this is", &said.sure),
        ("What is left out", &said.left_out),
        ("How to check", &said.check),
    ] {
        line(&mut out, &format!("## {heading}"));
        line(&mut out, &escaped(&sentences.join(" ")));
    }
    line(&mut out, &format!("The same as data: <{}>", page.data));
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push_str("\n\n");
}

fn names(out: &mut String, what: &str, names: &Names) {
    if names.is_empty() {
        return;
    }
    let mut named: Vec<String> = names
        .named
        .iter()
        .map(|(name, remark)| match remark.as_str() {
            "" => plain(name),
            remark => format!("{} ({})", plain(name), escaped(remark)),
        })
        .collect();
    named.extend(names.more.clone());
    line(out, &format!("{what}: {}.", words::list(&named)));
}

fn plain(text: &Text) -> String {
    escaped(&text.text)
}

/// `text` on one line, with every sign that Markdown or HTML would read as markup escaped. A web address stays one: between
/// angle brackets, where no sign of it is markup.
pub(in crate::pages) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        match address(word) {
            Some((before, address, after)) => {
                push_escaped(&mut out, before);
                let _ = write!(out, "<{}>", uncoded(address));
                push_escaped(&mut out, after);
            }
            None => push_escaped(&mut out, word),
        }
    }
    // A dash, plus or number first would begin a list.
    let list = out.starts_with(['-', '+', '=']) || {
        let digits = out.trim_start_matches(|sign: char| sign.is_ascii_digit());
        digits.len() < out.len() && digits.starts_with(['.', ')'])
    };
    if list { format!("\u{200b}{out}") } else { out }
}

/// A web address in a word, and what of the word stands before and after it: as GitHub finds bare ones (GFM 6.9).
fn address(word: &str) -> Option<(&str, &str, &str)> {
    let at = ["http://", "https://"]
        .iter()
        .filter_map(|scheme| word.find(scheme))
        .min()?;
    let (before, rest) = word.split_at(at);
    if before.chars().any(char::is_alphanumeric) || rest.contains(['<', '>', '"', '`']) {
        return None;
    }
    let mut end = rest.len();
    loop {
        let address = &rest[..end];
        let last = address.chars().next_back()?;
        let count = |sign: char| address.matches(sign).count();
        let outside = match last {
            ')' => count(')') > count('('),
            '?' | '!' | '.' | ',' | ';' | ':' | '\'' | '”' | '’' | '»' | '\u{2069}' => true,
            _ => false,
        };
        if !outside {
            break;
        }
        end -= last.len_utf8();
    }
    let address = &rest[..end];
    let host = address.split_once("://").map_or("", |(_, host)| host);
    (!host.is_empty()).then_some((before, address, &rest[end..]))
}

/// An address in which nothing reads as a character reference.
fn uncoded(address: &str) -> String {
    if address.contains('&') && address.contains(';') {
        address.replace('&', "&amp;")
    } else {
        address.to_owned()
    }
}

fn push_escaped(out: &mut String, word: &str) {
    for (at, sign) in word.char_indices() {
        // Bare addresses become links where Markdown is GitHub's (GFM 6.9).
        let begins_link = word[at..].starts_with("://")
            || (sign == '.' && word[..at].to_ascii_lowercase().ends_with("www"));
        let markup = matches!(
            sign,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '<'
                | '>'
                | '#'
                | '|'
                | '~'
                | '&'
                | '!'
                | '$'
        );
        if begins_link || markup {
            out.push('\\');
        }
        out.push(sign);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_text_in_markdown_too() {
        assert_eq!(
            escaped("<b>[x](javascript:y)</b>\n# no *heading*"),
            "\\<b\\>\\[x\\](javascript:y)\\</b\\> \\# no \\*heading\\*"
        );
        for list in ["- a", "1. a", "+ a", "12) a"] {
            assert!(escaped(list).starts_with('\u{200b}'), "{list}");
        }
        assert_eq!(escaped("3 in 4: no."), "3 in 4: no.");
        assert_eq!(
            escaped("ftp://x.example WWW.x.example"),
            "ftp\\://x.example WWW\\.x.example"
        );
    }
    #[test]
    fn a_web_address_stays_one_whatever_signs_it_has() {
        for (text, expected) in [
            (
                "See https://a.example/x_y_z?b=*c* now",
                "See <https://a.example/x_y_z?b=*c*> now",
            ),
            (
                "(https://a.example/wiki/Ward_(9)).",
                "(<https://a.example/wiki/Ward_(9)>).",
            ),
            (
                "http://a.example/a?b=1&c=2, then",
                "<http://a.example/a?b=1&c=2>, then",
            ),
            (
                "https://a.example/?q=&lt;b",
                "<https://a.example/?q=&amp;lt;b>",
            ),
            // No address of its own: nothing of it becomes markup.
            ("https://a.example/<b>", "https\\://a.example/\\<b\\>"),
            ("https:// alone", "https\\:// alone"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
