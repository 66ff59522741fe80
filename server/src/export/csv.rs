//! CSV as in RFC 4180, safe to open in a spreadsheet.

use std::fmt::Write as _;

use crate::shapes::Conversation;

const COLUMNS: [&str; 16] = [
    "id",
    "title",
    "url",
    "network",
    "network_name",
    "kind",
    "language",
    "started",
    "last_active",
    "posts",
    "voices",
    "excerpt",
    "copies",
    "copies_networks",
    "topics",
    "page",
];

pub(super) fn head() -> String {
    COLUMNS.join(",") + "\r\n"
}

fn time(at: Option<jiff::Timestamp>) -> String {
    at.map(|at| at.to_string()).unwrap_or_default()
}

pub(super) fn row(out: &mut String, base: &str, row: &Conversation) {
    let topics: Vec<String> = row.topics.iter().map(ToString::to_string).collect();
    let language = row.language.map(|language| language.to_string());
    cell(out, &row.id.to_string());
    for text in [
        &row.title,
        &row.url,
        &row.network.slug,
        &row.network.name,
        row.kind.as_str(),
        language.as_deref().unwrap_or_default(),
        &time(row.started),
        &time(row.last_active),
    ] {
        out.push(',');
        cell(out, text);
    }
    let _ = write!(out, ",{},{},", row.posts, row.voices);
    cell(out, &row.excerpt);
    match row.copies {
        Some(copies) => {
            let _ = write!(out, ",{},{},", copies.count, copies.networks);
        }
        None => out.push_str(",,,"),
    }
    cell(out, &topics.join(" "));
    out.push(',');
    cell(out, &format!("{base}/conversations/{}", row.id));
    out.push_str("\r\n");
}

/// One value. A spreadsheet runs what begins with one of these signs as a formula, whoever wrote it: an apostrophe
/// before it makes it text.
fn cell(out: &mut String, text: &str) {
    // Control signs say nothing in a table, and could hide what a value begins with.
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\t' | '\r' | '\n'))
        .collect();
    let runs = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%'])
        || text.starts_with(['\t', '\r', '\n']);
    let quoted =
        runs || text.contains([',', ';', '\t', '"', '\r', '\n']) || text.trim().len() != text.len();
    if quoted {
        out.push('"');
    }
    if runs {
        out.push('\'');
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\"\""),
            c => out.push(c),
        }
    }
    if quoted {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        cell(&mut out, text);
        out
    }

    #[test]
    fn no_cell_begins_like_a_formula_and_none_breaks_out_of_its_quotes() {
        assert_eq!(written("plain"), "plain");
        assert_eq!(written("a,b"), "\"a,b\"");
        assert_eq!(written("say \"no\""), "\"say \"\"no\"\"\"");
        assert_eq!(written("two\nlines"), "\"two\nlines\"");
        for text in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc",
        ] {
            let cell = written(text);
            assert!(cell.starts_with("\"'"), "{text:?}: {cell}");
            assert!(cell.ends_with(&format!("{text}\"")), "{text:?}: {cell}");
        }
        assert_eq!(written("\0=1+1"), "\"'=1+1\"");
        assert_eq!(
            written("a;=1+1"),
            "\"a;=1+1\"",
            "where the list separator is `;`"
        );
        assert_eq!(written("=\"x\""), "\"'=\"\"x\"\"\"");
    }
}
