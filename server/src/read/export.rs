//! A whole result to take away, in steps.
//!
//! Contract: what [`super::search`] shows page by page, in the same order, up to [`MAX_ROWS`] rows. Every step takes a
//! view of its own, so that what is withdrawn while a download runs is not in what still comes.

use std::time::Duration;

use discover_store::Uses;

use super::params::{ExportParams, SearchParams};
use super::search::{self, Purpose};
use crate::problem::{Code, Problem};
use crate::shapes::{Conversation, Hit, SearchPage};
use crate::state::{State, View};
use crate::uses;

/// Rows of one step: bounds the memory of a download, as conversations are read whole.
const STEP: usize = super::params::MAX_LIMIT;
/// How often, and how long apart, a step that found the server full is tried again.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// A download under way.
#[derive(Debug)]
pub struct Export {
    state: State,
    params: SearchParams,
    /// What the first step found and has not been taken.
    held: Option<Vec<Conversation>>,
    next: Option<String>,
    left: usize,
    /// Conversations found, exact; those beyond the limit are not in the export.
    pub total: u64,
}

impl Export {
    /// Runs the first step, so that whatever is wrong with the request is answered before the first byte.
    pub async fn start(view: &View, params: &ExportParams) -> Result<Self, Problem> {
        let mut export = Self {
            state: view.state.clone(),
            params: params.search.clone(),
            held: None,
            next: None,
            left: params.rows,
            total: 0,
        };
        let page = export.step(view).await?;
        export.total = page.total;
        export.held = Some(export.taken(page));
        Ok(export)
    }

    /// The next rows; nothing at the end.
    pub async fn rows(&mut self) -> Result<Option<Vec<Conversation>>, Problem> {
        let rows = self.next_rows().await?;
        if let Some(rows) = &rows {
            let one = Uses {
                exported: 1,
                ..Uses::default()
            };
            let view = self.state.view().await?;
            uses::count(&view, rows.iter().map(|row| row.network.slug.as_str()), one);
        }
        Ok(rows)
    }

    async fn next_rows(&mut self) -> Result<Option<Vec<Conversation>>, Problem> {
        if let Some(rows) = self.held.take() {
            return Ok(Some(rows));
        }
        if self.left == 0 || self.next.is_none() {
            return Ok(None);
        }
        let mut tries = 0;
        loop {
            let view = self.state.view().await?;
            match self.step(&view).await {
                Ok(page) => return Ok(Some(self.taken(page))),
                Err(problem) if problem.code == Code::Overloaded && tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                Err(problem) => return Err(problem),
            }
        }
    }

    async fn step(&self, view: &View) -> Result<SearchPage, Problem> {
        let params = SearchParams {
            cursor: self.next.clone(),
            limit: self.left.min(STEP),
            ..self.params.clone()
        };
        search::run(view, &params, Purpose::Take).await
    }

    fn taken(&mut self, page: SearchPage) -> Vec<Conversation> {
        self.left -= self.left.min(STEP);
        self.next = page.next;
        let shape = |hit: Hit| hit.conversation;
        page.items.into_iter().map(shape).collect()
    }
}
