//! A feed document without the dates of its head, to tell whether it says anything new.
//!
//! Many servers write the time of the answer into `lastBuildDate` (RSS), `updated` (Atom) or `dc:date` (RDF) of the
//! feed itself. No item takes anything from there, so a document that differs in nothing else is the same.

use std::borrow::Cow;

use memchr::memmem;

/// How far into a document its first item is looked for, in bytes.
const HEAD: usize = 64 << 10;
/// Longest content that is taken for a date, in bytes.
const DATE: usize = 64;
const DATES: [&[u8]; 5] = [
    b"lastBuildDate",
    b"pubDate",
    b"updated",
    b"modified",
    b"dc:date",
];

/// The document without what dates its head stand for and without white space at its end. Costs a look at the head alone
/// where it holds no date; what is no XML is left as it is but for its end.
pub(crate) fn undated(body: &[u8]) -> Cow<'_, [u8]> {
    let body = body.trim_ascii_end();
    let head = &body[..first_item(&body[..body.len().min(HEAD)])];
    let mut dates: Vec<_> = DATES
        .iter()
        .filter_map(|name| content(head, name))
        .collect();
    if dates.is_empty() {
        return Cow::Borrowed(body);
    }
    dates.sort_unstable_by_key(|date| date.start);
    let mut kept = Vec::with_capacity(body.len());
    let mut from = 0;
    for date in dates {
        kept.extend_from_slice(&body[from..date.start]);
        from = date.end;
    }
    kept.extend_from_slice(&body[from..]);
    Cow::Owned(kept)
}

/// Where the first item begins, or the part that was looked at ends. A feed whose items come before its dates has no head.
fn first_item(part: &[u8]) -> usize {
    [&b"<item"[..], b"<entry"]
        .iter()
        .filter_map(|name| memmem::find(part, name))
        .min()
        .unwrap_or(0)
}

/// Where the text of the first element of this name stands; none where it holds more than a date.
fn content(head: &[u8], name: &[u8]) -> Option<std::ops::Range<usize>> {
    let tag = [b"<", name].concat();
    let start = memmem::find(head, &tag)? + tag.len();
    // `<updated>` and `<updated xml:lang="en">`, not `<updatedBy>`.
    let open = start + memchr::memchr(b'>', head[start..].get(..DATE.min(head.len() - start))?)?;
    if !matches!(head[start], b'>' | b' ') || head[open - 1] == b'/' {
        return None;
    }
    let text = open + 1;
    let end = text + memchr::memchr(b'<', &head[text..])?;
    (end - text <= DATE && head[end..].starts_with(b"</")).then_some(text..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: &str =
        "<item><title>Bus 9</title><pubDate>Mon, 01 Jun 2026 10:00:00 GMT</pubDate></item>";

    fn rss(head: &str, item: &str) -> Vec<u8> {
        format!("<rss><channel><title>T</title>{head}{item}</channel></rss>").into_bytes()
    }

    #[test]
    fn dates_of_the_head_and_the_end_of_the_document_say_nothing() {
        for [one, other] in [
            [
                "<lastBuildDate>Mon, 01 Jun 2026 10:00:00 GMT</lastBuildDate>",
                "<lastBuildDate>Tue, 02 Jun 2026 11:00:00 GMT</lastBuildDate>",
            ],
            [
                "<updated>2026-06-01T10:00:00Z</updated>",
                "<updated>2026-06-02</updated>",
            ],
            [
                "<pubDate>a</pubDate><dc:date xml:lang=\"en\">b</dc:date>",
                "<pubDate>c</pubDate><dc:date xml:lang=\"en\">d</dc:date>",
            ],
        ] {
            let (one, mut other) = (rss(one, ITEM), rss(other, ITEM));
            other.extend_from_slice(b"\r\n\n");
            assert_eq!(undated(&one), undated(&other));
        }
    }

    #[test]
    fn everything_else_says_something() {
        let date = "Mon, 01 Jun 2026 10:00:00 GMT";
        let head = format!("<lastBuildDate>{date}</lastBuildDate><ttl>60</ttl>");
        let whole = rss(&head, ITEM);
        let blind = (0..whole.len())
            .filter(|at| {
                let mut other = whole.clone();
                other[*at] ^= 1;
                undated(&other) == undated(&whole)
            })
            .count();
        assert_eq!(
            blind,
            date.len(),
            "the bytes of the one date of the head alone"
        );
        for (one, other) in [
            (
                rss("<updated>2026</updated>", ""),
                rss("<updated>2027</updated>", ""),
            ),
            (
                rss("<updatedBy>a</updatedBy>", ITEM),
                rss("<updatedBy>b</updatedBy>", ITEM),
            ),
            (b"{\"updated\": 1}".to_vec(), b"{\"updated\": 2}".to_vec()),
        ] {
            assert_ne!(undated(&one), undated(&other));
        }
    }

    #[test]
    fn what_is_cut_or_odd_ends_nothing() {
        for odd in [
            "",
            "<item",
            "<updated",
            "<updated><item",
            "<updated/><item>",
            "<updated>",
            "<lastBuildDate x",
        ] {
            let _ = undated(odd.as_bytes());
            let _ = undated(format!("{odd}{ITEM}").as_bytes());
        }
    }
}
