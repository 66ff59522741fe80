//! Words that set a result apart, and several results side by side.

use std::borrow::Cow;
use std::sync::Arc;

use discover_graph::Graph;
use discover_indexer::{SIGNIFICANT_BYTES, distinctive_terms};
use discover_model::threshold::rounded;
use discover_model::{Conversation, ConversationId, ConversationPost};

use super::names::Names;
use super::params::{CompareParams, SearchParams};
use super::search::{self, Purpose};
use super::{rows, timeline};
use crate::problem::Problem;
use crate::shapes::{Comparison, SearchPage, Side, SignificantTerm, SignificantTerms};
use crate::state::View;

/// Conversations of a result whose words are looked at, best matches first.
const SAMPLE: usize = 200;
/// Conversations read from the store at once.
const READ: usize = 50;
/// Words named.
const WORDS: usize = 24;

/// The words that set the result of a search apart from all other conversations.
pub async fn words(view: &View, params: &SearchParams) -> Result<SignificantTerms, Problem> {
    let (sample, total) = sample(view, params).await?;
    let of = sample.len() as u64;
    Ok(SignificantTerms {
        items: telling(view, &Arc::new(sample), search::words_of(&params.q)).await?,
        of,
        total,
        generation: view.generation(),
    })
}

/// The best matches of a search, and how many there are in all.
async fn sample(view: &View, params: &SearchParams) -> Result<(Vec<Conversation>, u64), Problem> {
    let mut sample = Vec::new();
    let mut step = SearchParams {
        cursor: None,
        limit: super::params::MAX_LIMIT,
        ..params.clone()
    };
    let mut total = 0;
    while sample.len() < SAMPLE {
        let page = search::run(view, &step, Purpose::Take).await?;
        total = page.total;
        let ids: Vec<ConversationId> = page.items.iter().map(|hit| hit.conversation.id).collect();
        for ids in ids.chunks(READ) {
            let rows = rows::visible(view, ids).await?;
            let rows = ids.iter().filter_map(|id| rows.get(id));
            sample.extend(rows.map(|row| beginning(row)));
        }
        step.cursor = page.next;
        if step.cursor.is_none() {
            break;
        }
    }
    let state = view.state.clone();
    let sample = view
        .state
        .compute(move || {
            state.with_graph(|graph| sample.into_iter().map(|row| own(graph, row)).collect())
        })
        .await?;
    Ok((sample, total))
}

/// A conversation without what its sources repeat under their posts, by all that is held of them.
fn own(graph: &Graph, mut conversation: Conversation) -> Conversation {
    for post in &mut conversation.posts {
        if let Cow::Owned(own) = graph.own_words(post.source, &post.text) {
            post.text = own;
        }
    }
    conversation
}

/// The words that set a sample apart from everything.
async fn telling(
    view: &View,
    sample: &Arc<Vec<Conversation>>,
    asked: Vec<String>,
) -> Result<Vec<SignificantTerm>, Problem> {
    let index = view.state.index().clone();
    let sample = Arc::clone(sample);
    let telling = view
        .state
        .compute(move || index.significant_terms(&sample, &asked, WORDS))
        .await?
        .map_err(|error| Problem::internal(&error))?;
    Ok(telling.into_iter().map(published).collect())
}

/// A word as it may be shown.
fn published(word: discover_indexer::SignificantTerm) -> SignificantTerm {
    SignificantTerm {
        word: word.word,
        count: rounded(word.conversations),
        // What is hidden for a while, and what is too little to show, have a part in it: coarse, as counts are.
        score: (word.score / 5.0).round() * 5.0,
    }
}

/// As much of a conversation as is looked at.
fn beginning(conversation: &Conversation) -> Conversation {
    let mut left = SIGNIFICANT_BYTES;
    let posts = conversation.posts.iter().map_while(|post| {
        let text = &post.text[..post.text.floor_char_boundary(left)];
        let wanted = left > 0;
        left -= text.len();
        wanted.then(|| ConversationPost {
            text: text.to_owned(),
            title: post.title.clone(),
            url: post.url.clone(),
            links: Vec::new(),
            ..*post
        })
    });
    Conversation {
        posts: posts.collect(),
        title: conversation.title.clone(),
        url: conversation.url.clone(),
        ..*conversation
    }
}

/// Up to five searches, or periods of one, side by side.
pub async fn compare(view: &View, params: &CompareParams) -> Result<Comparison, Problem> {
    let mut sides = Vec::new();
    let mut pages = Vec::new();
    for side in params.sides() {
        let asked = once(side.search);
        let page = search::run(view, &asked, Purpose::Read).await;
        pages.push(page.map_err(|problem| of_side(problem, side.number, side.own_query))?);
        sides.push(asked);
    }
    on_one_scale(view, &sides, &mut pages).await?;

    let mut samples = Vec::with_capacity(sides.len());
    for side in &sides {
        samples.push(Arc::new(sample(view, side).await?.0));
    }
    let asked: Vec<Vec<String>> = sides.iter().map(|side| search::words_of(&side.q)).collect();
    let all = asked.concat();
    let held = samples.clone();
    let distinctive = view
        .state
        .compute(move || {
            let samples: Vec<&[Conversation]> = held.iter().map(|one| one.as_slice()).collect();
            distinctive_terms(&samples, &all, WORDS)
        })
        .await?;

    let mut compared = Vec::with_capacity(sides.len());
    for (((params, found), (sample, asked)), distinctive) in sides
        .into_iter()
        .zip(pages)
        .zip(samples.iter().zip(asked))
        .zip(distinctive)
    {
        compared.push(Side {
            words: telling(view, sample, asked).await?,
            distinctive: distinctive.into_iter().map(published).collect(),
            of: sample.len() as u64,
            q: params.q,
            after: params.after,
            before: params.before,
            total: found.total,
            near_copies: found.near_copies,
            matched: found.matched,
            facets: found.facets,
            timeline: found.timeline,
            too_small: found.too_small,
        });
    }
    if compared.len() == 1 {
        // Nothing differs: the same on both sides.
        compared.extend_from_within(..);
    }
    Ok(Comparison {
        sides: compared,
        generation: view.generation(),
    })
}

/// What is wrong with a side is wrong with the parameter that it has its query from.
fn of_side(problem: Problem, number: usize, own_query: bool) -> Problem {
    Problem {
        parameter: problem.parameter.map(|name| match name.as_str() {
            "q" if own_query && number > 1 => format!("q{number}"),
            _ => name,
        }),
        ..problem
    }
}

fn once(params: SearchParams) -> SearchParams {
    SearchParams { limit: 1, ..params }
}

/// Gives all timelines the same interval; where all sides have the same period, the same buckets as well, else each
/// those of its whole period. Otherwise a bar of one side could not be held against one of another.
async fn on_one_scale(
    view: &View,
    sides: &[SearchParams],
    pages: &mut [SearchPage],
) -> Result<(), Problem> {
    let mut spans: Vec<_> = pages
        .iter()
        .zip(sides)
        .map(|(page, side)| timeline::span(&page.timeline, side.after, side.before))
        .collect();
    let first = sides.first().map(|side| (side.after, side.before));
    if sides
        .iter()
        .all(|side| Some((side.after, side.before)) == first)
    {
        let all = spans.iter().flatten().copied();
        let all = all.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        spans.fill(all);
    }
    let widest = pages.iter().map(|page| page.timeline.interval).max();
    let interval = spans
        .iter()
        .flatten()
        .fold(widest.unwrap_or_default(), |interval, (from, to)| {
            timeline::fitting(interval, *from, *to)
        });
    for ((page, side), span) in pages.iter_mut().zip(sides).zip(spans) {
        if page.timeline.interval != interval {
            let params = SearchParams {
                interval,
                ..side.clone()
            };
            page.timeline = search::run(view, &params, Purpose::Read).await?.timeline;
        }
        if let Some((from, to)) = span {
            let networks = search::networks(view, side, &Names::strict())?;
            let narrow = std::mem::take(&mut page.timeline);
            page.timeline = timeline::widened(view, narrow, from, to, &networks).await?;
        }
    }
    Ok(())
}
