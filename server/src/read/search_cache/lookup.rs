//! Gives a view the answer to a search: one that is kept where it still holds, else one that is made for it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use moka::ops::compute::Op;
use tokio::sync::OnceCell;

use super::{Kept, KeptAnswer, Moment, Place, SearchCache, place, weight};
use crate::problem::Problem;
use crate::read::footprint::Footprint;
use crate::read::params::SearchParams;
use crate::read::search;
use crate::shapes::SearchPage;
use crate::state::View;

/// More changes than these at once are taken to touch everything.
const MOST_CHANGES: usize = 1_000;

impl Moment {
    fn of(view: &View) -> Self {
        Self {
            generation: view.generation(),
            seq: view.seq,
            topics: Arc::clone(&view.topics),
            networks: Arc::clone(&view.networks),
            today: view.today,
        }
    }
}

impl SearchCache {
    /// The answer to a search. Who asks for what is being made waits for it; a failure is not kept.
    pub(crate) async fn get(
        &self,
        view: &View,
        params: &SearchParams,
    ) -> Result<Arc<SearchPage>, Problem> {
        let key = params.to_query();
        let keeping = self.keeping.load_full();
        let (now, at) = (Moment::of(view), Instant::now());
        if let Some(kept) = keeping.get(&key) {
            carry_over(view, params, &kept, &now, at).await;
        }
        match place(&keeping, &key, &now, params.limit, at) {
            Place::Nowhere => Ok(make(view, params).await?.page),
            Place::Here(kept) => {
                let answer = kept.answer.get_or_try_init(|| make(view, params)).await?;
                Ok(Arc::clone(&answer.page))
            }
            Place::Old(page) => {
                self.renew(view, params, key);
                Ok(page)
            }
        }
    }

    /// Makes an answer anew, unless another is being made anew just now.
    fn renew(&self, view: &View, params: &SearchParams, key: String) {
        let Ok(turn) = Arc::clone(&self.renewing).try_acquire_owned() else {
            return;
        };
        let (view, params) = (view.clone(), params.clone());
        tokio::spawn(async move {
            let began = Instant::now();
            // Who asks when it has grown too old is told what went wrong.
            if let Ok(answer) = make(&view, &params).await {
                let kept = Kept {
                    answer: OnceCell::new_with(Some(answer)),
                    ..Kept::new(Moment::of(&view), began, weight(params.limit))
                };
                let kept = Arc::new(kept);
                let keeping = view.state.search_cache().keeping.load_full();
                keeping.entry(key).and_compute_with(|entry| match entry {
                    Some(entry) if entry.value().finds_as(&kept.of) => Op::Put(kept),
                    _ => Op::Nop,
                });
            }
            tokio::time::sleep(began.elapsed()).await;
            drop(turn);
        });
    }
}

async fn make(view: &View, params: &SearchParams) -> Result<KeptAnswer, Problem> {
    let (page, footprint) = search::to_keep(view, params).await?;
    let page = Arc::new(page);
    Ok(KeptAnswer { page, footprint })
}

/// Lets an answer stand for a later place in the change log, where nothing that has changed meanwhile touches it. Whatever
/// cannot be told for sure touches it.
async fn carry_over(view: &View, params: &SearchParams, kept: &Kept, now: &Moment, at: Instant) {
    let Some(answer) = kept.answer.get().filter(|_| kept.may_hold(now, at)) else {
        return;
    };
    let _turn = kept.looking.lock().await;
    if !kept.may_hold(now, at) {
        return;
    }
    let from = kept.holds_to.load(Ordering::Acquire);
    if matches!(
        is_touched(view, params, &answer.footprint, from).await,
        Ok(false)
    ) {
        kept.holds_to.fetch_max(now.seq, Ordering::AcqRel);
    } else {
        kept.touched.store(true, Ordering::Release);
    }
}

async fn is_touched(
    view: &View,
    params: &SearchParams,
    footprint: &Footprint,
    from: u64,
) -> Result<bool, Problem> {
    let recent = view.state.recent_changes();
    let changed = recent.after(view.state.store(), view.seq, from).await;
    let changed = changed.map_err(|error| Problem::internal(&error))?;
    match changed {
        Some(changed) if changed.is_empty() => Ok(false),
        Some(changed) if changed.len() <= MOST_CHANGES => {
            footprint.is_touched(view, params, changed).await
        }
        _ => Ok(true),
    }
}
