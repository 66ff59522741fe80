//! One visit to one source: what every connector works with.
//!
//! Discipline for connectors: push items first, then change `state`, then settle, with nothing that can fail between
//! the last two. A batch carries the state as it is when the batch leaves, so this order makes every state cover only
//! items that are in its own batch or an earlier one.

use std::time::{Duration, Instant};

use discover_model::gate::stored_key;
use discover_model::{Item, ItemState, Mark, Permit, PostId, Refusal, Source, VoiceKey};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use url::Url;

use crate::counts::Counts;
use crate::fetch::{Fetcher, Request, Response, Validators, What, shown};
use crate::hashes::page_hash;
use crate::parse::undated;
use crate::pattern;
use crate::prepare;
use crate::state::{PageState, SourceState};
use crate::task::{BATCH_ITEMS, Batch};
use crate::trouble::Trouble;

/// Listing pages and threads read in one visit; the rest waits in the cursor.
pub(crate) const MAX_LISTINGS: u32 = 50;
pub(crate) const MAX_THREADS: u32 = 2000;

/// A batch leaves at this size, or after this long, so that a stop costs little.
const FLUSH_ITEMS: usize = 100;
const FLUSH_AFTER: Duration = Duration::from_secs(10);

/// A page asked for conditionally.
pub(crate) enum Page {
    /// 304, or the same bytes as last time.
    Unchanged,
    /// New bytes, and what to remember of them once they are handed over.
    New(Box<Response>, PageState),
}

/// The visit's own things and its way to the network.
pub(crate) struct Visit<'a> {
    pub(crate) fetcher: &'a Fetcher,
    pub(crate) source: &'a Source,
    pub(crate) permit: &'a Permit,
    secret: VoiceKey,
    pub(crate) state: SourceState,
    pub(crate) requests: u32,
    pub(crate) not_modified: u32,
    /// Lifetime the last answer gave, 304 included.
    pub(crate) lifetime: Option<SignedDuration>,
    /// Where the last page asked for has moved for good.
    pub(crate) moved: Option<Url>,
    /// Times of posts seen, for the rhythm.
    pub(crate) times: Vec<Timestamp>,
    /// What was seen so far.
    pub(crate) counts: Counts,
    /// Threads in a row that failed as a server fails when it is down.
    pub(crate) down_in_a_row: u32,
    /// After so long nothing more is asked for in this visit.
    pub(crate) patience: Option<Duration>,
    start: Timestamp,
    begun: Instant,
    gap: Duration,
    out: mpsc::Sender<Batch>,
    items: Vec<Item>,
    gone: Vec<String>,
    missing: Vec<Mark>,
    flushed: Instant,
}

impl<'a> Visit<'a> {
    pub(crate) fn new(
        fetcher: &'a Fetcher,
        source: &'a Source,
        permit: &'a Permit,
        secret: VoiceKey,
        state: SourceState,
        now: Timestamp,
        out: mpsc::Sender<Batch>,
    ) -> Self {
        let gap = source
            .options
            .max_rps
            .filter(|rps| rps.is_finite() && *rps > 0.0)
            .map_or(Duration::ZERO, |rps| {
                Duration::from_secs_f64((1.0 / rps).clamp(0.0, 60.0))
            });
        Self {
            fetcher,
            source,
            permit,
            secret,
            state,
            requests: 0,
            not_modified: 0,
            lifetime: None,
            moved: None,
            times: Vec::new(),
            counts: Counts::default(),
            down_in_a_row: 0,
            patience: None,
            start: now,
            begun: fetcher.clock().now(),
            gap,
            out,
            items: Vec::new(),
            gone: Vec::new(),
            missing: Vec::new(),
            flushed: Instant::now(),
        }
    }

    /// What the state knows an item by.
    pub(crate) fn item_mark(&self, key: &str) -> Mark {
        let source = self.source;
        let post = PostId::derive(source.network, source.id, &stored_key(key));
        SourceState::item_mark(&self.secret, post)
    }

    /// What the state knows another thing by: a page by its address, a thread by its id.
    pub(crate) fn mark(&self, of: &str, name: &str) -> Mark {
        self.secret.mark(of, name)
    }

    /// The time, as far as a visit that was told `now` at its start knows it.
    pub(crate) fn now(&self) -> Timestamp {
        let elapsed = self.fetcher.clock().now().duration_since(self.begun);
        self.start + SignedDuration::from_secs(elapsed.as_secs() as i64)
    }

    /// How long it has been going on.
    pub(crate) fn running(&self) -> Duration {
        self.fetcher.clock().now().duration_since(self.begun)
    }

    /// One fetch; any status is `Ok`.
    pub(crate) async fn get(
        &mut self,
        url: &Url,
        what: What,
        validators: &Validators,
    ) -> Result<Response, Trouble> {
        self.send(Request::new(url.clone(), what).with(validators))
            .await
    }

    async fn send(&mut self, mut request: Request) -> Result<Response, Trouble> {
        if self
            .patience
            .is_some_and(|patience| self.begun.elapsed() > patience)
        {
            return Err(Trouble::Stopped);
        }
        request.gap = self.gap;
        self.requests += 1;
        let now = self.now();
        let response = self.fetcher.get(self.permit, request, now).await?;
        self.requests += u32::from(response.hops);
        if response.status == 304 {
            self.not_modified += 1;
        }
        Ok(response)
    }

    /// One fetch that must succeed.
    pub(crate) async fn get_ok(&mut self, url: &Url, what: What) -> Result<Response, Trouble> {
        let response = self.get(url, what, &Validators::default()).await?;
        self.require(&response)?;
        Ok(response)
    }

    /// A page asked for with what `state.pages` remembers of it under `key`.
    pub(crate) async fn page(&mut self, key: &str, url: &Url, what: What) -> Result<Page, Trouble> {
        let known = self.state.pages.get(key).cloned().unwrap_or_default();
        let mut request = Request::new(url.clone(), what).with(&known.validators);
        request.validators_of.clone_from(&known.of);
        let response = self.send(request).await?;
        self.lifetime = response.lifetime(self.now());
        self.moved.clone_from(&response.moved);
        let newer = response.validators();
        if response.status == 304 {
            if known == PageState::default() {
                // A 304 to a question that was not asked says nothing.
                return Err(status(&response, self.now()));
            }
            let validators = known.validators.updated(newer);
            self.state.remember_page(
                key,
                PageState {
                    validators,
                    ..known
                },
            );
            return Ok(Page::Unchanged);
        }
        self.require(&response)?;
        let hash = match what {
            What::Feed => page_hash(&undated(&response.body)),
            _ => page_hash(&response.body),
        };
        let page = PageState {
            validators: newer,
            of: (response.hops > 0).then(|| response.url.clone()),
            hash: Some(hash),
            more: known.more,
        };
        if known.hash == Some(hash) {
            self.state.remember_page(key, page);
            return Ok(Page::Unchanged);
        }
        Ok(Page::New(Box::new(response), page))
    }

    pub(crate) fn require(&self, response: &Response) -> Result<(), Trouble> {
        if response.is_success() {
            Ok(())
        } else {
            Err(status(response, self.now()))
        }
    }

    /// Whether the owner's own patterns let `url` be read.
    pub(crate) fn wanted(&self, url: &Url) -> bool {
        let options = &self.source.options;
        let path = url.path();
        let hit = |patterns: &[String]| {
            patterns
                .iter()
                .any(|pattern| pattern.starts_with('/') && pattern::matches(pattern, path))
        };
        let limited = options.allow.iter().any(|pattern| pattern.starts_with('/'));
        (!limited || hit(&options.allow)) && !hit(&options.deny)
    }

    /// Hands items over. Call before `state` says they were read.
    pub(crate) async fn push(
        &mut self,
        items: Vec<Item>,
        gone: Vec<String>,
    ) -> Result<(), Trouble> {
        if !self.items.is_empty() && self.items.len() + items.len() > BATCH_ITEMS {
            self.flush().await?;
        }
        self.gone.extend(gone);
        for mut item in items {
            self.counts.seen += 1;
            self.counts.undated +=
                u64::from(item.state == ItemState::Live && item.published.is_none());
            if item.state == ItemState::Live {
                if let Some(published) = item.published {
                    self.times.push(published);
                }
                if !self.wanted(&item.url) {
                    item.state = ItemState::Withheld(Refusal::OutOfScope);
                }
            }
            if self.items.len() == BATCH_ITEMS {
                self.flush().await?;
            }
            self.items.push(item);
        }
        if self.times.len() > 400 {
            self.times.sort_unstable();
            self.times.drain(..200);
        }
        Ok(())
    }

    /// Says that items of these marks are not there any more. Call before `state` forgets them.
    pub(crate) fn miss(&mut self, items: impl IntoIterator<Item = Mark>) {
        self.missing.extend(items);
    }

    /// Counts entries of which nothing can be made.
    pub(crate) fn unreadable(&mut self, entries: usize) {
        self.counts.seen += entries as u64;
        self.counts.unreadable += entries as u64;
    }

    /// Counts rows of a list of which nothing can be made. Where that is all of them, the list cannot be read.
    pub(crate) fn unreadable_rows(
        &mut self,
        rows: usize,
        readable: usize,
        list: &Url,
    ) -> Result<(), Trouble> {
        if rows == 0 {
            return Ok(());
        }
        if readable == 0 {
            self.unreadable(rows);
            return Err(Trouble::Unreadable {
                url: Box::new(list.clone()),
                why: format!("none of its {rows} rows can be read"),
            });
        }
        let skipped = &mut self.counts.skipped;
        *skipped.entry("row_unreadable".to_owned()).or_default() += rows as u64;
        Ok(())
    }

    /// Counts entries that wait for a look at their pages.
    pub(crate) fn waits(&mut self, entries: usize) {
        self.counts.seen += entries as u64;
        self.counts.waiting += entries as u64;
    }

    /// Says that `state` covers what was pushed, and nothing else.
    pub(crate) async fn settle(&mut self) -> Result<(), Trouble> {
        if self.items.len() >= FLUSH_ITEMS || self.flushed.elapsed() >= FLUSH_AFTER {
            self.flush().await?;
        }
        Ok(())
    }

    /// Sends what waits, with the state as it is.
    pub(crate) async fn flush(&mut self) -> Result<(), Trouble> {
        self.flushed = Instant::now();
        if self.items.is_empty() && self.gone.is_empty() && self.missing.is_empty() {
            return Ok(());
        }
        let batch = Batch {
            items: std::mem::take(&mut self.items),
            gone: std::mem::take(&mut self.gone),
            missing: std::mem::take(&mut self.missing),
            state: self.state.clone(),
        };
        self.out.send(batch).await.map_err(|_| Trouble::Stopped)
    }
}

fn status(response: &Response, now: Timestamp) -> Trouble {
    let says_login = response.status == 403
        && std::str::from_utf8(&response.body).is_ok_and(|body| body.contains("not_logged_in"));
    if says_login {
        return Trouble::Refused {
            refusal: Refusal::LoginWall,
            what: format!("{} can be read only after logging in", shown(&response.url)),
        };
    }
    Trouble::Status {
        url: Box::new(response.url.clone()),
        status: response.status,
        retry_after: response.retry_after(now),
    }
}

/// Reads a JSON body, as forgivingly as feeds are read, with a reason an owner can use where it is something else.
pub(crate) fn json<T: serde::de::DeserializeOwned>(response: &Response) -> Result<T, Trouble> {
    prepare::json::read(&response.body).map_err(|error| Trouble::Unreadable {
        url: Box::new(response.url.clone()),
        why: if response.body.trim_ascii_start().starts_with(b"<") {
            "a web page came where data was asked for".to_owned()
        } else {
            // The error's own text quotes what the answer holds, which may be anybody's words.
            format!(
                "the data cannot be read ({:?} error in line {}, column {})",
                error.classify(),
                error.line(),
                error.column()
            )
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Reply, Site, fetcher};

    #[tokio::test]
    async fn what_an_answer_says_is_not_quoted_where_it_cannot_be_read() {
        let site = Site::start(|_| Reply::json("{\n\"id\": \"words of a person\"}")).await;
        let request = Request::new(site.url("/x"), What::Json);
        let response = fetcher()
            .get(&site.permit(), request, crate::testing::NOW)
            .await;
        let read = json::<std::collections::BTreeMap<String, u64>>(&response.expect("answer"));
        let why = read.expect_err("no number").to_string();
        assert!(
            why.contains("Data error in line 2") && !why.contains("words"),
            "{why}"
        );
    }
}
