//! Words that set a result apart, and two results side by side.

use discover_indexer::TELLING_BYTES;
use discover_model::threshold::rounded;
use discover_model::{Conversation, ConversationId};

use super::params::{CompareParams, SearchParams};
use super::rows;
use super::search::{self, Purpose};
use crate::problem::Problem;
use crate::shapes::{Comparison, Side, TellingWord, TellingWords};
use crate::state::View;

/// Conversations of a result whose words are looked at, best matches first.
const SAMPLE: usize = 200;
/// Conversations read from the store at once.
const READ: usize = 50;
/// Words named.
const WORDS: usize = 24;

/// The words that set the result of a search apart from all other conversations.
pub async fn words(view: &View, params: &SearchParams) -> Result<TellingWords, Problem> {
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
            let mut rows = rows::visible(view, ids).await?;
            for id in ids {
                sample.extend(rows.remove(id).map(beginning));
            }
        }
        step.cursor = page.next;
        if step.cursor.is_none() {
            break;
        }
    }
    let of = sample.len() as u64;
    let asked = search::words_of(&params.q);
    let index = view.state.index().clone();
    let telling = view
        .state
        .compute(move || index.telling_words(&sample, &asked, WORDS))
        .await?
        .map_err(|error| Problem::internal(&error))?;
    Ok(TellingWords {
        items: telling
            .into_iter()
            .map(|word| TellingWord {
                word: word.word,
                count: rounded(word.conversations),
                // The whole index has a part in it, with what is hidden for a while: coarse, as counts are.
                score: (word.score / 5.0).round() * 5.0,
            })
            .collect(),
        of,
        total,
        generation: view.generation(),
    })
}

/// As much of a conversation as is looked at; the rest need not wait in memory for its turn.
fn beginning(mut conversation: Conversation) -> Conversation {
    let mut left = TELLING_BYTES;
    let mut posts = 0;
    for post in &mut conversation.posts {
        if left == 0 {
            break;
        }
        post.text.truncate(post.text.floor_char_boundary(left));
        post.text.shrink_to_fit();
        left -= post.text.len();
        posts += 1;
    }
    conversation.posts.truncate(posts);
    conversation
}

/// Two searches, or two periods of one, side by side.
pub async fn compare(view: &View, params: &CompareParams) -> Result<Comparison, Problem> {
    let (first, second) = params.sides();
    Ok(Comparison {
        sides: vec![side(view, first).await?, side(view, second).await?],
        generation: view.generation(),
    })
}

async fn side(view: &View, params: SearchParams) -> Result<Side, Problem> {
    let once = SearchParams {
        limit: 1,
        ..params.clone()
    };
    let found = search::run(view, &once, Purpose::Read).await?;
    let words = words(view, &params).await?;
    Ok(Side {
        q: params.q,
        after: params.after,
        before: params.before,
        total: found.total,
        matched: found.matched,
        facets: found.facets,
        timeline: found.timeline,
        words: words.items,
        too_small: found.too_small,
    })
}
