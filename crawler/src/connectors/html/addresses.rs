//! Addresses of a site's pages: without the session that a server hangs on them, and the first of several pages that
//! show one thing.

use std::sync::LazyLock;

use regex::Regex;
use url::{Position, Url};

/// What servers hang on the links they show to visitors without cookies.
static SESSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[&;])(?:sid|phpsessid|jsessionid|session_?id)=[0-9a-z,-]{16,}")
        .unwrap_or_else(|error| unreachable!("fixed pattern: {error}"))
});

/// Path and query: what tells the pages of one site apart, whatever name the site is reached by.
pub(in crate::connectors) fn token(url: &Url) -> String {
    url[Position::BeforePath..Position::AfterQuery].to_owned()
}

/// The same page, for any visitor.
pub(super) fn without_session(mut url: Url) -> Url {
    if let Some(query) = url.query()
        && SESSION.is_match(query)
    {
        let kept = SESSION.replace_all(query, "");
        let kept = kept.trim_start_matches(['&', ';']).to_owned();
        url.set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
    }
    let path = url.path();
    if let Some(at) = path.to_ascii_lowercase().find(";jsessionid=") {
        let path = path[..at].to_owned();
        url.set_path(&path);
    }
    url
}

/// How an engine numbers the further pages of a thread or board.
#[derive(Debug, Clone, Default)]
pub(super) struct Paging {
    /// Parameters of the query that name a page or a place in the thread.
    drop: Vec<String>,
    /// The same within path and query, and what stands there for the first page.
    rewrite: Vec<(Regex, String)>,
}

impl Paging {
    pub(super) fn compile(drop: &[String], rewrite: &[(String, String)]) -> Result<Self, String> {
        let rewrite = rewrite.iter().map(|(pattern, first)| {
            let pattern = Regex::new(pattern)
                .map_err(|error| format!("the pattern {pattern:?} cannot be used: {error}"))?;
            Ok((pattern, first.clone()))
        });
        Ok(Self {
            drop: drop.to_vec(),
            rewrite: rewrite.collect::<Result<_, String>>()?,
        })
    }

    /// The first page of what `url` is a page of, without a fragment.
    pub(super) fn first(&self, url: &Url) -> Url {
        let mut first = without_session(url.clone());
        first.set_fragment(None);
        if let Some(query) = first.query().filter(|_| !self.drop.is_empty()) {
            let kept = query
                .split('&')
                .filter(|part| !self.drops(part.split('=').next().unwrap_or_default()));
            let kept = kept.collect::<Vec<_>>().join("&");
            first.set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
        }
        let mut path = token(&first);
        for (pattern, replacement) in &self.rewrite {
            path = pattern.replace(&path, replacement.as_str()).into_owned();
        }
        first.join(&path).unwrap_or(first)
    }

    fn drops(&self, name: &str) -> bool {
        self.drop.iter().any(|dropped| dropped == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://forum.example")
            .and_then(|base| base.join(path))
            .expect("url")
    }

    #[test]
    fn a_session_is_no_part_of_an_address() {
        for (with, without) in [
            (
                "/viewtopic.php?t=5&sid=0123456789abcdef0123456789abcdef",
                "/viewtopic.php?t=5",
            ),
            (
                "/viewforum.php?sid=0123456789abcdef0123456789abcdef&f=2",
                "/viewforum.php?f=2",
            ),
            (
                "/index.php?PHPSESSID=0123456789abcdefghij;topic=5.0",
                "/index.php?topic=5.0",
            ),
            ("/t/5;jsessionid=0123456789ABCDEF?x=1", "/t/5?x=1"),
            ("/t/5?sid=12", "/t/5?sid=12"),
        ] {
            assert_eq!(without_session(url(with)), url(without));
        }
    }

    #[test]
    fn the_first_page_is_found_by_parameter_and_by_pattern() {
        let rewrite = [(
            r"((?:topic|board)=\d+)\.[0-9a-z]+".to_owned(),
            "${1}.0".to_owned(),
        )];
        let paging = Paging::compile(&["start".to_owned()], &rewrite).expect("patterns");
        for (page, first) in [
            ("/viewtopic.php?start=20&t=5#p9", "/viewtopic.php?t=5"),
            ("/index.php?topic=5.msg12#msg12", "/index.php?topic=5.0"),
            ("/index.php?topic=5.20", "/index.php?topic=5.0"),
            ("/index.php?board=2.20", "/index.php?board=2.0"),
        ] {
            assert_eq!(paging.first(&url(page)), url(first));
        }
        assert!(Paging::compile(&[], &[("(".to_owned(), String::new())]).is_err());
    }
}
