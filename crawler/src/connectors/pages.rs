//! Kept posts whose only sure sign of life is their own page: those of feeds and mailing-list archives.
//!
//! One look at a page serves all posts on it. A post that is named by a place on its page (`…#comment-35`) is gone when
//! the page still names others of its like and not this one, and is not one of several; where a page names none of them
//! (comments that a script brings), when its feed names older ones and not this one.

use std::collections::BTreeMap;

use discover_model::Refusal;
use url::Url;

use super::page_says::{Says, says};
use super::{feed, paging};
use crate::fetch::{FetchError, Response, Validators, What};
use crate::page;
use crate::prepare::markup::{Piece, Pieces};
use crate::recheck::review::Review;
use crate::trouble::Trouble;
use crate::visit::Visit;

pub(crate) async fn recheck(visit: &mut Visit<'_>, looks: &mut Review<'_>) -> Result<(), Trouble> {
    let mut pages: BTreeMap<Url, Vec<usize>> = BTreeMap::new();
    for (at, kept) in looks.kept.iter().enumerate() {
        let mut page = kept.url.clone();
        page.set_fragment(None);
        if visit.permit.covers(&page) {
            pages.entry(page).or_default().push(at);
        } else {
            looks.beyond(at);
        }
    }
    for (url, posts) in pages {
        let response = match visit.get(&url, What::Page, &Validators::default()).await {
            Ok(response) => response,
            // A file, not a page: it is there.
            Err(Trouble::Fetch(FetchError::TooLarge(_))) => {
                for at in posts {
                    looks.there(at);
                }
                continue;
            }
            Err(trouble) => {
                looks.trouble(&posts, trouble)?;
                continue;
            }
        };
        judge(visit, &response, &posts, looks)?;
    }
    Ok(())
}

fn judge(
    visit: &Visit<'_>,
    response: &Response,
    posts: &[usize],
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    match response.status {
        200 | 203 => {}
        // 300 is how public-inbox answers for a message that was withdrawn.
        300 | 404 | 410 => {
            for at in posts {
                looks.no_page(*at);
            }
            return Ok(());
        }
        _ => {
            let Err(trouble) = visit.require(response) else {
                return Ok(());
            };
            return looks.trouble(posts, trouble);
        }
    }
    let says = says(response, visit.fetcher.agent());
    let anchors = anchors(response);
    let html = page::text(&response.body, response.content_type()).unwrap_or_default();
    let is_part = paging::leads_to_others(&html, &response.url);
    for at in posts {
        let fragment = looks.kept[*at].url.fragment();
        match says {
            Says::Withheld(refusal) => looks.lost(*at, refusal),
            Says::Login => looks.shut(*at, Refusal::LoginWall),
            Says::Nothing => {}
            Says::Live if fragment.is_some_and(|name| is_missing(name, &anchors)) => {
                // It may have moved to another page of the same thing.
                if !is_part {
                    looks.lost(*at, Refusal::Withdrawn);
                }
            }
            Says::Live
                if fragment.is_some_and(|name| !anchors.iter().any(|other| other == name))
                    && feed::misses(&visit.state, visit.item_mark(&looks.kept[*at].key)) =>
            {
                looks.lost(*at, Refusal::Withdrawn);
            }
            Says::Live => looks.there(*at),
        }
    }
    Ok(())
}

/// The names of the page's elements.
fn anchors(response: &Response) -> Vec<String> {
    let html = page::text(&response.body, response.content_type()).unwrap_or_default();
    let mut anchors = Vec::new();
    for piece in Pieces::new(&html) {
        if let Piece::Start(tag) = piece {
            let names = [tag.attribute("id"), tag.attribute("name")];
            anchors.extend(names.into_iter().flatten().map(str::to_owned));
        }
    }
    anchors
}

/// Whether a page names elements like `comment-12`, but not this one.
fn is_missing(name: &str, anchors: &[String]) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.is_empty() || stem.len() == name.len() || anchors.iter().any(|other| other == name) {
        return false;
    }
    anchors.iter().any(|other| {
        other
            .strip_prefix(stem)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_missing_only_where_its_like_are_named() {
        let page = ["comment-12", "comment-15", "respond", "comment-form"].map(str::to_owned);
        assert!(is_missing("comment-13", &page));
        assert!(!is_missing("comment-12", &page));
        assert!(!is_missing("p13", &page));
        assert!(!is_missing("respond", &page));
        assert!(!is_missing("13", &page));
    }
}
