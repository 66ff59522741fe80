//! Pages that come in several: whether one is the third of five, or leads to the others. What is missing from one of
//! several may stand on the next, so its absence says nothing.

use url::Url;

use crate::prepare::entities::decode_html;
use crate::prepare::markup::{Piece, Pieces};

/// Parameters by which sites number the pages of one thing.
const PARAMETERS: [&str; 12] = [
    "page",
    "paged",
    "pg",
    "cpage",
    "p",
    "pagenumber",
    "page_num",
    "currentpage",
    "start",
    "offset",
    "from",
    "skip",
];
/// The same as steps of a path: `/page/2`, `/comment-page-2`, `/page-2`, `/p2`.
const STEPS: [&str; 5] = ["page", "comment-page", "comments-page", "seite", "p"];
/// Links looked at on one page.
const MAX_LINKS: usize = 5000;

/// Whether the address itself names a page by its number.
pub(super) fn is_numbered(url: &Url) -> bool {
    first(url).1
}

/// Whether the page at `url` links to other pages of the same thing, or names one as the next or the last.
pub(super) fn leads_to_others(html: &str, url: &Url) -> bool {
    let (own, is_numbered) = first(url);
    let tags = Pieces::new(html).filter_map(|piece| match piece {
        Piece::Start(tag)
            if ["a", "link"]
                .iter()
                .any(|name| tag.name.eq_ignore_ascii_case(name)) =>
        {
            Some(tag)
        }
        _ => None,
    });
    tags.take(MAX_LINKS).any(|tag| {
        let Some(target) = tag
            .attribute("href")
            .and_then(|href| url.join(&decode_html(href)).ok())
        else {
            return false;
        };
        if target.origin() != url.origin() || address(&target) == address(url) {
            return false;
        }
        let (other, other_numbered) = first(&target);
        if other == own && (is_numbered || other_numbered) {
            return true;
        }
        // Blogs name the next post as the next page: only what lies at or below this address is a part of it.
        let rel = tag.attribute("rel").unwrap_or_default();
        let is_next = rel
            .split_ascii_whitespace()
            .any(|rel| rel.eq_ignore_ascii_case("next") || rel.eq_ignore_ascii_case("prev"));
        is_next && (target.path() == url.path() || target.path().starts_with(&folder(url)))
    })
}

/// The address of the whole that a page is one of, as a name.
pub(super) fn unnumbered(url: &Url) -> String {
    first(url).0
}

/// What stays of an address when the number of its page is taken out, and whether there was one.
fn first(url: &Url) -> (String, bool) {
    let mut found = false;
    let mut path = url.path().trim_end_matches('/').to_owned();
    for step in STEPS {
        let cut = path.trim_end_matches(|c: char| c.is_ascii_digit());
        let stem = cut.strip_suffix(['/', '-']).unwrap_or(cut);
        let stem = stem
            .strip_suffix(step)
            .and_then(|stem| stem.strip_suffix('/'));
        if cut.len() < path.len()
            && let Some(stem) = stem
        {
            path = stem.to_owned();
            found = true;
            break;
        }
    }
    let mut rest: Vec<(String, String)> = Vec::new();
    for (name, value) in url.query_pairs() {
        let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
        if is_number && PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) {
            found = true;
        } else {
            rest.push((name.into_owned(), value.into_owned()));
        }
    }
    (format!("{path} {rest:?}"), found)
}

fn address(url: &Url) -> &str {
    &url[..url::Position::AfterQuery]
}

fn folder(url: &Url) -> String {
    format!("{}/", url.path().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(link: &str, path: &str) -> bool {
        let url = Url::parse("https://site.example")
            .and_then(|url| url.join(path))
            .expect("url");
        leads_to_others(&format!("<p>x</p>{link}<p>y</p>"), &url)
    }

    #[test]
    fn links_to_other_pages_of_the_same_thing_are_told_from_links_to_other_things() {
        assert!(leads("<a href='?page=2'>2</a>", "/t/5"));
        assert!(leads("<a href='/t/5'>1</a>", "/t/5?page=2"));
        assert!(leads(
            "<a href='/2026/post/comment-page-2/#comments'>older</a>",
            "/2026/post/"
        ));
        assert!(leads("<a href='/t/5/page/3'>3</a>", "/t/5/page/2"));
        assert!(leads(
            "<a href='/t/5?sort=old&amp;start=20'>3</a>",
            "/t/5?sort=old"
        ));
        assert!(leads("<link rel='next' href='/t/5/more'>", "/t/5"));
        // The next post, a way to reply, the whole blog's pages.
        assert!(!leads(
            "<link rel='next' href='/2026/other/'>",
            "/2026/post/"
        ));
        assert!(!leads(
            "<a href='/2026/post/?replytocom=4#respond'>reply</a>",
            "/2026/post/"
        ));
        assert!(!leads("<a href='/page/2'>older posts</a>", "/2026/post/"));
        assert!(!leads("<a href='#c2'>2</a>", "/t/5"));
    }
}
