//! What happened to all followed searches since the last look.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use discover_graph::Snapshot;
use discover_model::{ConversationId, TopicId};
use discover_store::{Change, Follow, Seen};

use crate::problem::{Code, Problem};
use crate::read::names::Names;
use crate::read::params::{SavedSearch, SearchParams};
use crate::read::{rows, search};
use crate::state::{State, View};

/// Changes looked at in one step of one follow, and conversations checked at once.
const STEP: usize = 200;
/// Follows whose finds are written down in one transaction.
const TOGETHER: usize = 100;
/// Changes are looked at when the index has held them for so long: names of networks are read anew each second, and
/// what a network just became must not be missed for want of its name.
const SETTLED: Duration = Duration::from_millis(1500);

/// Looks at the change log for all follows. One at a time.
#[derive(Debug)]
pub struct Percolator {
    state: State,
    settled: Duration,
    /// What the index held, and since when, oldest first.
    held: VecDeque<(Instant, u64)>,
    /// Everything that was told was looked at under this version of what may be shown.
    generation: Option<u64>,
    /// Whether what was told has gone was looked at up to here in the change log.
    gone: u64,
    /// The topics that follows of topics were looked at with.
    topics: Option<Arc<Snapshot>>,
}

impl Percolator {
    pub fn new(state: State) -> Self {
        Self {
            state,
            settled: SETTLED,
            held: VecDeque::new(),
            generation: None,
            gone: 0,
            topics: None,
        }
    }

    /// Looks at everything at once, for tests.
    #[cfg(test)]
    pub(crate) fn at_once(state: State) -> Self {
        Self {
            settled: Duration::ZERO,
            ..Self::new(state)
        }
    }

    /// One look. Writes down what is to be told; `true` where more is to be looked at.
    pub async fn step(&mut self) -> Result<bool, Problem> {
        let view = self.state.view().await?;
        let more = self.gone(&view).await?;
        let Some(seq) = self.settled(view.seq) else {
            return Ok(more);
        };
        let anew = self
            .topics
            .as_ref()
            .is_none_or(|topics| !Arc::ptr_eq(topics, &view.topics));
        if anew {
            let seen = self.of_topics(&view).await?;
            self.tell(&seen, &view).await?;
            self.topics = Some(Arc::clone(&view.topics));
        }
        let (mut more, mut changes, mut seen) = (more, Changes::default(), Vec::new());
        let mut busy = Ok(());
        for follow in self.follows(seq).await? {
            match self.look(&view, &follow, seq, &mut changes).await {
                Ok(one) => {
                    more |= one.seq < seq;
                    seen.push(one);
                }
                // What was seen so far counts; the others are looked at next time.
                Err(problem) if is_passing(&problem) => {
                    busy = Err(problem);
                    break;
                }
                // What its search names is not there (any more, or just now): it goes on from its place when it is.
                Err(_) => {}
            }
        }
        self.tell(&seen, &view).await?;
        busy.map(|()| more)
    }

    async fn tell(&self, seen: &[Seen], view: &View) -> Result<(), Problem> {
        for some in seen.chunks(TOGETHER) {
            let told = self.state.store().tell(some, view.now).await;
            told.map_err(|error| Problem::internal(&error))?;
        }
        Ok(())
    }

    /// The last place that the index has passed long enough ago.
    fn settled(&mut self, seq: u64) -> Option<u64> {
        let now = Instant::now();
        if self.held.back().is_none_or(|(_, last)| *last != seq) {
            self.held.push_back((now, seq));
        }
        // An index that is made anew begins at its beginning.
        self.held.retain(|(_, held)| *held <= seq);
        while let Some((since, _)) = self.held.get(1)
            && now.duration_since(*since) >= self.settled
        {
            self.held.pop_front();
        }
        let (since, seq) = self.held.front()?;
        (now.duration_since(*since) >= self.settled).then_some(*seq)
    }

    async fn follows(&self, seq: u64) -> Result<Vec<Follow>, Problem> {
        let follows = self.state.store().follows_behind(seq).await;
        follows.map_err(|error| Problem::internal(&error))
    }

    /// Looks whether what was told has gone: all of it where what may be shown changed, else what the change log names.
    async fn gone(&mut self, view: &View) -> Result<bool, Problem> {
        let internal = |error| Problem::internal(&error);
        let store = self.state.store();
        if self.generation != Some(view.generation()) {
            let last = store.last_seq().await.map_err(internal)?;
            let mut after = None;
            loop {
                let told = store.told_after(after, STEP).await.map_err(internal)?;
                after = told.last().copied();
                self.tell_gone(view, &told).await?;
                if told.len() < STEP {
                    break;
                }
            }
            self.generation = Some(view.generation());
            self.gone = self.gone.max(last);
            return Ok(false);
        }
        let changes = store.changes(self.gone, STEP).await.map_err(internal)?;
        let Some(last) = changes.last() else {
            return Ok(false);
        };
        let ids: Vec<ConversationId> = changes.iter().map(|change| change.conversation).collect();
        let told = store.told_among(&ids).await.map_err(internal)?;
        self.tell_gone(view, &told).await?;
        self.gone = last.seq;
        Ok(changes.len() == STEP)
    }

    async fn tell_gone(&self, view: &View, told: &[ConversationId]) -> Result<(), Problem> {
        if told.is_empty() {
            return Ok(());
        }
        let shown = rows::shown(view, told).await?;
        let gone: Vec<ConversationId> = told
            .iter()
            .filter(|id| !shown.contains(*id))
            .copied()
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let told = self.state.store().tell_gone(&gone, view.now).await;
        told.map_err(|error| Problem::internal(&error))
    }

    /// What the changes since its place, up to `seq`, mean for a follow.
    async fn look(
        &self,
        view: &View,
        follow: &Follow,
        seq: u64,
        changes: &mut Changes,
    ) -> Result<Seen, Problem> {
        let saved = SavedSearch::parse(&follow.search)?;
        let names = Arc::new(Names::forgiving(saved.networks));
        let (all, whole) = changes.after(&self.state, follow.seq).await?;
        let changed: Vec<Change> = all
            .iter()
            .filter(|change| change.seq <= seq)
            .copied()
            .collect();
        let whole = whole || changed.len() < all.len();
        let ids: Arc<[ConversationId]> = changed
            .iter()
            .filter(|change| !change.gone)
            .map(|change| change.conversation)
            .collect();
        let found = search::among(view, &saved.params, &names, ids).await?;
        let found: BTreeSet<ConversationId> = found.iter().map(|found| found.id).collect();
        // In the order in which they changed.
        let (fits, fits_not) = changed
            .iter()
            .map(|change| change.conversation)
            .partition(|id| found.contains(id));
        let last = changed.last().map_or(follow.seq, |change| change.seq);
        Ok(Seen {
            follow: follow.id,
            seq: if whole { seq } else { last },
            fits,
            fits_not,
        })
    }

    /// Topics are drawn some time after what belongs to them changed: what changed since a follow of a topic began, and
    /// has come to its topic by now.
    async fn of_topics(&self, view: &View) -> Result<Vec<Seen>, Problem> {
        let mut seen = Vec::new();
        for follow in self.follows(u64::MAX >> 1).await? {
            let Ok(SavedSearch { params, networks }) = SavedSearch::parse(&follow.search) else {
                continue;
            };
            let names = Arc::new(Names::forgiving(networks));
            let members: Vec<ConversationId> = topics_named(&params)
                .into_iter()
                .filter_map(|id| view.topics.resolve(id))
                .flat_map(|topic| view.topics.members(topic.id).to_vec())
                .collect();
            if members.is_empty() {
                continue;
            }
            let changed = self.state.store().changed_among(&members, follow.began);
            let changed = changed.await.map_err(|error| Problem::internal(&error))?;
            let mut fits = Vec::new();
            for some in changed.chunks(STEP) {
                match search::among(view, &params, &names, some.into()).await {
                    Ok(found) => fits.extend(found.iter().map(|found| found.id)),
                    Err(problem) if is_passing(&problem) => return Err(problem),
                    Err(_) => break,
                }
            }
            if !fits.is_empty() {
                seen.push(Seen {
                    follow: follow.id,
                    seq: follow.seq,
                    fits,
                    fits_not: Vec::new(),
                });
            }
        }
        Ok(seen)
    }
}

/// Whether it is we who cannot answer, and not the search that cannot be asked.
fn is_passing(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::Overloaded | Code::Unavailable | Code::Internal
    )
}

/// The topics that a search asks for, by parameter or in its query.
fn topics_named(params: &SearchParams) -> Vec<TopicId> {
    let mut named = params.topic.clone();
    for part in params.q.split("topic:").skip(1) {
        let id: String = part
            .trim_start_matches(['"', '('])
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        named.extend(id.parse::<TopicId>());
    }
    named
}

/// Parts of the change log that several follows look at.
#[derive(Default)]
struct Changes(BTreeMap<u64, (Arc<[Change]>, bool)>);

impl Changes {
    /// The changes after `seq`, and whether these are all.
    async fn after(&mut self, state: &State, seq: u64) -> Result<(Arc<[Change]>, bool), Problem> {
        if let Some((changes, whole)) = self.0.get(&seq) {
            return Ok((Arc::clone(changes), *whole));
        }
        let changes = state.store().changes(seq, STEP).await;
        let changes = changes.map_err(|error| Problem::internal(&error))?;
        let whole = changes.len() < STEP;
        let changes: Arc<[Change]> = changes.into();
        self.0.insert(seq, (Arc::clone(&changes), whole));
        Ok((changes, whole))
    }
}
