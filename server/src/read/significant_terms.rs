//! Words that set a result apart, and two results side by side.

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

/// Two searches, or two periods of one, side by side.
pub async fn compare(view: &View, params: &CompareParams) -> Result<Comparison, Problem> {
    let (first, second) = params.sides();
    let of_second = |problem: Problem| Problem {
        parameter: problem.parameter.map(|name| match name.as_str() {
            "q" if params.q2.is_some() => "q2".to_owned(),
            _ => name,
        }),
        ..problem
    };
    let (first, second) = (once(first), once(second));
    let mut pages = [
        search::run(view, &first, Purpose::Read).await?,
        search::run(view, &second, Purpose::Read)
            .await
            .map_err(of_second)?,
    ];
    let sides = [first, second];
    on_one_scale(view, &sides, &mut pages).await?;

    let [a, b] = &sides;
    let (a, b) = (sample(view, a).await?.0, sample(view, b).await?.0);
    let samples = [Arc::new(a), Arc::new(b)];
    let asked = sides.each_ref().map(|side| search::words_of(&side.q));
    let both = asked.concat();
    let (a, b) = (Arc::clone(&samples[0]), Arc::clone(&samples[1]));
    let distinctive = view
        .state
        .compute(move || distinctive_terms([&a, &b], &both, WORDS))
        .await?;

    let mut compared = Vec::with_capacity(2);
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
            matched: found.matched,
            facets: found.facets,
            timeline: found.timeline,
            too_small: found.too_small,
        });
    }
    Ok(Comparison {
        sides: compared,
        generation: view.generation(),
    })
}

fn once(params: SearchParams) -> SearchParams {
    SearchParams { limit: 1, ..params }
}

/// Gives both timelines the same interval; where both sides have the same period, the same buckets as well, else each
/// those of its whole period. Otherwise a bar of one side could not be held against one of the other.
async fn on_one_scale(
    view: &View,
    sides: &[SearchParams; 2],
    pages: &mut [SearchPage; 2],
) -> Result<(), Problem> {
    let [a, b] =
        [0, 1].map(|n| timeline::span(&pages[n].timeline, sides[n].after, sides[n].before));
    let same = sides[0].after == sides[1].after && sides[0].before == sides[1].before;
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) if same => {
            let both = (a.0.min(b.0), a.1.max(b.1));
            (Some(both), Some(both))
        }
        (one, other) if same => (one.or(other), other.or(one)),
        different => different,
    };
    let interval = [a, b].into_iter().flatten().fold(
        pages[0].timeline.interval.max(pages[1].timeline.interval),
        |interval, (from, to)| timeline::fitting(interval, from, to),
    );
    for ((page, side), span) in pages.iter_mut().zip(sides).zip([a, b]) {
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
