//! Lines of lists: links to threads or boards, each with what stands in its row as far as it changes with the thread
//! and not with the clock.

use std::collections::{BTreeSet, HashMap, HashSet};

use scraper::ElementRef;
use scraper::node::Element;
use url::Url;

use super::addresses::without_session;
use super::pick::{Pick, words};
use crate::connectors::paging;

/// Links read of one list page, wanted or not.
const MAX_LINES: usize = 5000;
/// Pieces of text read of one link, and of the row it stands in.
const MAX_PIECES: usize = 2000;
/// Characters read of one link.
const MAX_TITLE: usize = 1000;
/// Ancestors of a link that may be its row.
const MAX_ANCESTORS: usize = 8;
/// The same where it is known what a row holds.
const MAX_OUTER: usize = 12;
/// Elements read of what changes with a thread.
const MAX_ACTIVITY: usize = 20;

/// A thread or board as a list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) url: Url,
    pub(super) title: Option<String>,
    /// What stands beside the link, as far as it changes with the thread and not with the clock.
    pub(super) counts: String,
}

/// Links in the order of the page, each once.
pub(super) fn lines(
    pick: &Pick,
    activity: Option<&Activity<'_>>,
    within: ElementRef<'_>,
    base: &Url,
) -> Vec<Line> {
    let links = pick.all(within).take(MAX_LINES * 4).filter_map(|element| {
        let target = match pick.attribute {
            Some(_) => pick.value(element),
            None => element.attr("href").map(str::to_owned),
        };
        let mut url = without_session(base.join(&target?).ok()?);
        url.set_fragment(None);
        matches!(url.scheme(), "http" | "https").then_some((element, url))
    });
    let links: Vec<(ElementRef<'_>, Url)> = links.collect();
    let mut counts = Counts::of(&links);
    let mut lines: Vec<Line> = Vec::new();
    let mut seen = BTreeSet::new();
    for (element, url) in links {
        if lines.len() == MAX_LINES {
            break;
        }
        if !seen.insert(url.clone()) {
            continue;
        }
        let title = element.text().take(MAX_PIECES).flat_map(str::chars);
        let title = words(&title.take(MAX_TITLE).collect::<String>());
        let told = activity.and_then(|activity| activity.beside(element, &counts.shared, base));
        lines.push(Line {
            url,
            counts: told.unwrap_or_else(|| counts.beside(element)),
            title: Some(title).filter(|title| !title.is_empty()),
        });
    }
    lines
}

/// Where a row says what changes with its thread: replies, the last post. Views, which our own visits raise, stand
/// elsewhere.
pub(super) struct Activity<'p> {
    pub(super) pick: &'p Pick,
    /// A row may name several: a board and those below it.
    pub(super) shared: bool,
}

impl Activity<'_> {
    fn beside(
        &self,
        link: ElementRef<'_>,
        shared: &HashSet<*const Element>,
        base: &Url,
    ) -> Option<String> {
        let around = link.ancestors().filter_map(ElementRef::wrap);
        let row = around
            .take(MAX_OUTER)
            .take_while(|row| self.shared || !shared.contains(&std::ptr::from_ref(row.value())))
            .find(|row| self.pick.all(*row).next().is_some())?;
        let told = self.pick.all(row).take(MAX_ACTIVITY).map(|element| {
            match self.pick.attribute.as_deref() {
                None => counts(element),
                Some("href") => element
                    .attr("href")
                    .and_then(|href| base.join(href).ok())
                    .map(|url| without_session(url).to_string())
                    .unwrap_or_default(),
                Some(_) => self.pick.value(element).unwrap_or_default(),
            }
        });
        Some(told.collect::<Vec<_>>().join(" "))
    }
}

/// The numbers in the rows of a list, read once for all links of a row.
#[derive(Debug, Default)]
struct Counts {
    read: HashMap<*const Element, String>,
    /// Elements that hold links to several threads.
    shared: HashSet<*const Element>,
}

impl Counts {
    fn of(links: &[(ElementRef<'_>, Url)]) -> Self {
        let mut homes: HashMap<*const Element, String> = HashMap::new();
        let mut shared = HashSet::new();
        for (link, url) in links {
            // Links to a thread's further pages are the thread's own.
            let thread = paging::unnumbered(url);
            let around = link.ancestors().filter_map(ElementRef::wrap);
            for element in around.take(MAX_OUTER) {
                let home = homes.entry(std::ptr::from_ref(element.value()));
                if *home.or_insert_with(|| thread.clone()) != thread {
                    shared.insert(std::ptr::from_ref(element.value()));
                }
            }
        }
        Self {
            read: HashMap::new(),
            shared,
        }
    }

    /// What stands in the row of a link: in the largest element around it that holds no other thread's link.
    fn beside(&mut self, link: ElementRef<'_>) -> String {
        const ROWS: [&str; 4] = ["tr", "li", "article", "section"];
        let is_shared =
            |element: &ElementRef<'_>| self.shared.contains(&std::ptr::from_ref(element.value()));
        let named = above(link).find(|element| ROWS.contains(&element.value().name()));
        let row = named
            .filter(|row| !is_shared(row))
            .or_else(|| above(link).take_while(|element| !is_shared(element)).last())
            .or(named);
        row.map_or_else(String::new, |row| {
            let known = self.read.entry(std::ptr::from_ref(row.value()));
            known.or_insert_with(|| counts(row)).clone()
        })
    }
}

/// The elements around a link, up to what surely holds a whole list.
fn above(link: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    const LISTS: [&str; 9] = [
        "table", "tbody", "ul", "ol", "dl", "main", "form", "body", "html",
    ];
    link.ancestors()
        .filter_map(ElementRef::wrap)
        .take(MAX_ANCESTORS)
        .take_while(|element| !LISTS.contains(&element.value().name()))
}

/// The numbers in a row, without those that only tell how long ago something was.
fn counts(row: ElementRef<'_>) -> String {
    let pieces = row.text().take(MAX_PIECES);
    let words: Vec<&str> = pieces.flat_map(str::split_whitespace).take(400).collect();
    let is_unit = |word: &str| {
        const UNITS: [&str; 9] = [
            "second", "minute", "hour", "day", "week", "month", "year", "min", "sec",
        ];
        UNITS.iter().any(|unit| {
            word.strip_prefix(unit)
                .is_some_and(|rest| matches!(rest.trim_end_matches([',', '.', ')']), "" | "s"))
        })
    };
    words
        .iter()
        .enumerate()
        .filter(|(_, word)| {
            word.bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'))
        })
        .filter(|(at, _)| {
            !words
                .get(at + 1)
                .is_some_and(|next| is_unit(&next.to_lowercase()))
        })
        .map(|(_, word)| *word)
        .collect::<Vec<_>>()
        .join(" ")
}
