//! What happens to a search from now on, or from a place it was left at.
//!
//! Contract: the place is a number of the store's change log, which survives restarts, so nothing is kept about who
//! follows. A conversation is told once for each of its changes and never skipped; one that changed again meanwhile is
//! told at its latest change only. What this stream told and must not be shown any more is told as gone within one step;
//! where something may have gone that an earlier stream told, the reader is asked to look again at what it holds. Ids of
//! what was never told here are never said.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use discover_model::ConversationId;

use super::names::Names;
use super::params::{FollowParams, SearchParams};
use super::rows;
use super::search;
use crate::problem::Problem;
use crate::shapes::Conversation;
use crate::state::{State, View};

/// Changes looked at in one step.
const STEP: usize = 200;
/// Conversations told that are remembered, so that it can be told when they go.
const TOLD: usize = 5_000;

/// One thing that happened, with the place after it.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// A conversation that fits is new, or has changed.
    Conversation(u64, Box<Conversation>),
    /// A conversation is not to be shown any more: withdrawn, hidden, taken back, or it fits no more.
    Gone(u64, ConversationId),
    /// Something may have gone that was told before this stream began.
    LookAgain(u64),
    /// Nothing to tell, but the place moved on: what came before it was told in this version of what may be shown.
    Place(u64),
}

/// Where a reader was: in the change log, and which version of what may be shown it had been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub seq: u64,
    /// Unknown of a reader who made the place up.
    pub generation: Option<u64>,
}

/// A search that is followed.
#[derive(Debug)]
pub struct Following {
    state: State,
    params: SearchParams,
    names: Arc<Names>,
    /// Everything up to here was told.
    place: u64,
    generation: u64,
    /// Latest last.
    told: VecDeque<ConversationId>,
    /// Whether the reader may hold what `told` does not.
    holds_more: bool,
    /// Something of that may have gone.
    look_again: bool,
    afresh: bool,
}

impl Following {
    /// Begins at `place`, or now. Whatever is wrong with the search is said here.
    pub async fn start(
        view: &View,
        params: &FollowParams,
        place: Option<Place>,
    ) -> Result<Self, Problem> {
        // A number that no event had yet: of another instance, or of before a restore.
        let unknown = place.is_some_and(|place| place.seq > view.seq);
        let place = place.filter(|_| !unknown);
        let following = Self {
            state: view.state.clone(),
            params: params.0.clone(),
            names: Arc::new(Names::forgiving(BTreeMap::new())),
            afresh: unknown,
            place: place.map_or(view.seq, |place| place.seq),
            generation: view.generation(),
            told: VecDeque::new(),
            // Who begins at the beginning holds nothing.
            holds_more: unknown || place.is_some_and(|place| place.seq > 0),
            look_again: unknown
                || place.is_some_and(|place| {
                    place.seq > 0 && place.generation != Some(view.generation())
                }),
        };
        search::among(view, &following.params, &following.names, Arc::new([])).await?;
        Ok(following)
    }

    /// Whether the reader came back from a place that is unknown here: what happened since then cannot be told.
    pub const fn afresh(&self) -> bool {
        self.afresh
    }

    /// What the search names and is not there, in words.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.names.seen().trouble()
    }

    /// Everything up to here was told, by this version of what may be shown.
    pub const fn place(&self) -> (u64, u64) {
        (self.place, self.generation)
    }

    /// What happened since the last step, oldest first.
    pub async fn step(&mut self) -> Result<Vec<Happened>, Problem> {
        let view = self.state.view().await?;
        // Told before anything else is asked for, which may fail.
        let gone = self.gone(&view).await?;
        if !gone.is_empty() {
            return Ok(gone);
        }
        let mut happened = Vec::new();
        if view.seq <= self.place {
            return Ok(happened);
        }
        let mut changes = self
            .state
            .store()
            .changes(self.place, STEP)
            .await
            .map_err(|error| Problem::internal(&error))?;
        let whole = changes.len() < STEP;
        // What the index has not taken in yet cannot be looked for.
        changes.retain(|change| change.seq <= view.seq);
        let ids: Arc<[ConversationId]> = changes
            .iter()
            .filter(|change| !change.gone)
            .map(|change| change.conversation)
            .collect();
        let mut found: HashMap<ConversationId, Conversation> =
            search::among(&view, &self.params, &self.names, ids)
                .await?
                .into_iter()
                .map(|conversation| (conversation.id, conversation))
                .collect();
        for change in &changes {
            let id = change.conversation;
            if let Some(conversation) = found.remove(&id) {
                self.tell(id);
                happened.push(Happened::Conversation(change.seq, Box::new(conversation)));
            } else if self.told.contains(&id) {
                self.told.retain(|told| *told != id);
                happened.push(Happened::Gone(change.seq, id));
            } else {
                self.look_again |= change.gone && self.holds_more;
            }
        }
        let last = changes.last().map_or(self.place, |change| change.seq);
        let place = if whole { view.seq.max(last) } else { last };
        if place > self.place {
            self.place = place;
            happened.push(Happened::Place(place));
        }
        Ok(happened)
    }

    /// What may not be shown any more since the last step.
    async fn gone(&mut self, view: &View) -> Result<Vec<Happened>, Problem> {
        let mut happened = Vec::new();
        let newer = view.generation() != self.generation;
        if newer {
            let ids: Vec<ConversationId> = self.told.iter().copied().collect();
            let mut hidden = HashSet::new();
            for some in ids.chunks(STEP) {
                let shown = rows::shown(view, some).await?;
                hidden.extend(some.iter().filter(|id| !shown.contains(*id)).copied());
            }
            self.generation = view.generation();
            self.look_again |= self.holds_more;
            self.told.retain(|id| !hidden.contains(id));
            let mut gone: Vec<ConversationId> = hidden.into_iter().collect();
            gone.sort_unstable();
            happened.extend(gone.into_iter().map(|id| Happened::Gone(self.place, id)));
        }
        if std::mem::take(&mut self.look_again) {
            happened.push(Happened::LookAgain(self.place));
        }
        if newer {
            // Only now has all of it been told.
            happened.push(Happened::Place(self.place));
        }
        Ok(happened)
    }

    fn tell(&mut self, id: ConversationId) {
        self.told.retain(|told| *told != id);
        self.told.push_back(id);
        if self.told.len() > TOLD {
            self.told.pop_front();
            self.holds_more = true;
        }
    }
}
