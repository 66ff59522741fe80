//! The first look at an item's page: what the page says is known before the item is shown.
//!
//! Each page that the consent covers is looked at once, newest first, at the host's pace, in the visit that brings its item.
//! What a visit has no time for waits, and its feed is read again soon. Where the page cannot be judged the item waits a day:
//! then it is shown where the server was in trouble, and refused where there was no page.

use std::cmp::Reverse;
use std::time::Duration;

use discover_model::{Item, ItemState, Mark, Refusal};
use url::Url;

use crate::connectors::page_says::{Says, says};
use crate::fetch::{FetchError, Validators, What};
use crate::frontier::DAILY;
use crate::seen_pages::{Seen, page_of};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Longest that one visit looks at pages: its lease must not run out under it.
const PATIENCE: Duration = Duration::from_mins(15);
/// Pages looked at before what was seen is handed over: an owner who left is asked for no more than these.
const AT_ONCE: u32 = 20;
/// So many pages without one that is there: the feed's addresses lead nowhere, and say nothing of its items.
const NOWHERE: usize = 10;

/// What an item means that is listed and has no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connectors) enum NoPage {
    /// It waits a day, and then it was taken back.
    Waits,
    /// It was taken back: the document is read once.
    Goes,
    /// Its platform says that it is published: its pages are elsewhere.
    Stays,
}

/// What handing over the items of a document gave.
#[derive(Debug, Default)]
pub(in crate::connectors) struct Looked {
    /// Items that wait for another look.
    pub(in crate::connectors) waiting: usize,
    /// Of these, those that this visit had no time for.
    pub(in crate::connectors) left: usize,
    /// What ended the looks.
    pub(in crate::connectors) ended: Option<Trouble>,
}

/// What a page is known by.
pub(in crate::connectors) fn page_mark(visit: &Visit<'_>, url: &Url) -> Mark {
    visit.mark("page", page_of(url).as_str())
}

/// Whether this visit still has time for pages.
pub(in crate::connectors) fn has_time(visit: &Visit<'_>) -> bool {
    visit.running() < PATIENCE
}

/// Hands over the items of a document, each once its page was seen; in pieces, so that an owner who leaves meanwhile is
/// heard.
pub(in crate::connectors) async fn hand_over(
    visit: &mut Visit<'_>,
    items: Vec<Item>,
    gone: Vec<String>,
    no_page: NoPage,
) -> Result<Looked, Trouble> {
    // Newest first in looking, and in the feed's own order when handed over.
    let mut items: Vec<(usize, Item)> = items.into_iter().enumerate().collect();
    items.sort_by_key(|(_, item)| Reverse(item.published));
    let mut looked = Looked::default();
    let mut judged: Vec<(usize, Item)> = Vec::with_capacity(items.len());
    let mut absent: Vec<(Mark, usize, Item)> = Vec::new();
    let (mut asked, mut nowhere) = (0, false);
    for (at, mut item) in items {
        let page = page_of(&item.url);
        // What lies elsewhere is not ours to look at: the feed's word counts. What the owner does not want read is not
        // asked for, and refused as such.
        let is_ours = visit.permit.covers(&page) && visit.wanted(&item.url);
        if item.state != ItemState::Live || !is_ours {
            judged.push((at, item));
            continue;
        }
        let mark = page_mark(visit, &page);
        let now = visit.now().as_second();
        let pages = &visit.state.seen_pages;
        nowhere |= absent.len() >= NOWHERE && !pages.any_seen();
        let known = pages.get(mark);
        let settled = match known {
            _ if nowhere => Some(Seen::Live(now)),
            Some(Seen::Withheld(last, _)) if now - last >= DAILY.as_secs() => None,
            Some(Seen::Absent(since) | Seen::Unsure(since)) if since != now => None,
            known => known,
        };
        let seen = if let Some(seen) = settled {
            seen
        } else if looked.ended.is_some() || !has_time(visit) {
            looked.left += 1;
            continue;
        } else {
            asked += 1;
            match look(visit, &page, no_page).await {
                Ok(Seen::Absent(_)) if no_page == NoPage::Stays => Seen::Live(now),
                Ok(seen) => after(known, seen, now),
                Err(trouble) => {
                    looked.ended = Some(trouble);
                    looked.left += 1;
                    continue;
                }
            }
        };
        visit.state.seen_pages.insert(mark, seen);
        match seen {
            Seen::Live(_) => judged.push((at, item)),
            Seen::Withheld(_, refusal) => {
                item.state = withheld_as(refusal);
                judged.push((at, item));
            }
            Seen::Absent(_) => absent.push((mark, at, item)),
            Seen::Unsure(_) => looked.waiting += 1,
        }
        if asked >= AT_ONCE {
            asked = 0;
            visit.push(in_order(&mut judged), Vec::new()).await?;
            visit.flush().await?;
        }
    }
    let now = visit.now().as_second();
    nowhere |= absent.len() >= NOWHERE && !visit.state.seen_pages.any_seen();
    for (mark, at, mut item) in absent {
        let seen = if nowhere {
            Seen::Live(now)
        } else if no_page == NoPage::Goes {
            item.state = withheld_as(Refusal::Withdrawn);
            Seen::Withheld(now, Refusal::Withdrawn)
        } else {
            looked.waiting += 1;
            continue;
        };
        visit.state.seen_pages.insert(mark, seen);
        judged.push((at, item));
    }
    visit.push(in_order(&mut judged), gone).await?;
    looked.waiting += looked.left;
    visit.waits(looked.waiting);
    Ok(looked)
}

fn in_order(judged: &mut Vec<(usize, Item)>) -> Vec<Item> {
    judged.sort_by_key(|(at, _)| *at);
    judged.drain(..).map(|(_, item)| item).collect()
}

fn withheld_as(refusal: Refusal) -> ItemState {
    match refusal {
        Refusal::Withdrawn => ItemState::Gone,
        refusal => ItemState::Withheld(refusal),
    }
}

/// What a look means beside what was seen before.
fn after(before: Option<Seen>, seen: Seen, now: i64) -> Seen {
    let day = DAILY.as_secs();
    match (seen, before) {
        (Seen::Absent(_), Some(Seen::Withheld(_, refusal))) => Seen::Withheld(now, refusal),
        (Seen::Absent(_), Some(Seen::Absent(since) | Seen::Unsure(since))) => {
            if now - since >= day {
                Seen::Withheld(now, Refusal::Withdrawn)
            } else {
                Seen::Absent(since)
            }
        }
        // What was withheld stays so until its page says otherwise.
        (Seen::Unsure(_), Some(Seen::Withheld(at, refusal))) => Seen::Withheld(at, refusal),
        (Seen::Unsure(_), Some(Seen::Absent(since) | Seen::Unsure(since))) => {
            if now - since >= day {
                Seen::Live(now)
            } else {
                Seen::Unsure(since)
            }
        }
        (seen, _) => seen,
    }
}

/// One look, as a visitor without an account. Trouble that concerns the whole host is an error.
async fn look(visit: &mut Visit<'_>, page: &Url, no_page: NoPage) -> Result<Seen, Trouble> {
    let now = visit.now().as_second();
    let withheld = |refusal| Ok(Seen::Withheld(now, refusal));
    let response = match visit.get(page, What::Page, &Validators::default()).await {
        Ok(response) => response,
        // It leads out of the consent.
        Err(Trouble::Fetch(FetchError::NoConsent(_) | FetchError::OutOfScope { .. })) => {
            return Ok(Seen::Live(now));
        }
        // A file, not a page: it is there.
        Err(Trouble::Fetch(FetchError::TooLarge(_))) => return Ok(Seen::Live(now)),
        Err(Trouble::Fetch(error @ (FetchError::LoginWall { .. } | FetchError::Robots(_)))) => {
            return withheld(error.refusal().unwrap_or(Refusal::NotPublic));
        }
        Err(trouble) if trouble.ends_visit() => return Err(trouble),
        Err(_) => return Ok(Seen::Unsure(now)),
    };
    match response.status {
        200 | 203 => {}
        401..=403 | 451 => return withheld(Refusal::NotPublic),
        404 => return Ok(Seen::Absent(now)),
        // 300 is how public-inbox answers for a message that was withdrawn.
        300 | 410 => return withheld(Refusal::Withdrawn),
        _ => {
            return match visit.require(&response) {
                Err(trouble) if trouble.ends_visit() => Err(trouble),
                _ => Ok(Seen::Unsure(now)),
            };
        }
    }
    match says(&response, visit.fetcher.agent()) {
        Says::Live => Ok(Seen::Live(now)),
        Says::Withheld(refusal) => withheld(refusal),
        Says::Login => withheld(Refusal::LoginWall),
        // A site that is shown elsewhere answers so, by what it calls a post's page.
        Says::Nothing if no_page == NoPage::Stays => Ok(Seen::Live(now)),
        Says::Nothing => Ok(Seen::Unsure(now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_judged_waits_a_day_and_no_longer() {
        let day = DAILY.as_secs();
        let twice = |first, then, later| {
            let before = after(None, first, 0);
            after(Some(before), then, later)
        };
        let (absent, unsure) = (Seen::Absent, Seen::Unsure);
        assert_eq!(twice(unsure(0), unsure(day - 1), day - 1), unsure(0));
        assert_eq!(twice(unsure(0), unsure(day), day), Seen::Live(day));
        assert_eq!(twice(absent(0), absent(day - 1), day - 1), absent(0));
        let gone = Seen::Withheld(day, Refusal::Withdrawn);
        assert_eq!(twice(absent(0), absent(day), day), gone);
        assert_eq!(twice(absent(0), Seen::Live(9), 9), Seen::Live(9));
        let no = Seen::Withheld(5, Refusal::Noindex);
        assert_eq!(
            twice(no, unsure(day * 2), day * 2),
            no,
            "not shown for a failure"
        );
    }
}
