//! What people say on a topic: passages of its central conversations, one a network, unlike each other.
//!
//! Contract: nothing is kept of it. Whose words come into question is the snapshot's, masked; the words are taken from rows as
//! they may be shown now. At most [`EXCERPT_CHARS`] characters, with the network's name and the way to the original.

use std::collections::{BTreeMap, BTreeSet};

use discover_graph::Topic;
use discover_model::conversation::{Conversation, EXCERPT_CHARS, excerpt};
use discover_model::text::folded;
use discover_model::{ConversationId, NetworkId};

use super::rows;
use crate::problem::Problem;
use crate::shapes::{NetworkRef, Quote};
use crate::state::View;

/// Quotes of one topic at most.
pub(crate) const MOST: usize = 6;
/// Conversations read for it, and of one network.
const READ: usize = 24;
const READ_OF_ONE: usize = 3;
/// A passage of fewer characters says too little by itself.
const SHORTEST: usize = 24;
/// Sentences at which a passage may begin.
const BEGINNINGS: usize = 40;
/// Part of the words of two passages, taken together, that both have: from there on they are alike.
const ALIKE: f64 = 0.4;
/// Letters from which on a word counts as another form of one that it begins with.
const STEM: usize = 4;

/// Up to `most` quotes of a topic, nearest to its middle first.
pub(super) async fn of_topic(
    view: &View,
    topic: &Topic,
    most: usize,
) -> Result<Vec<Quote>, Problem> {
    let mut of_network: BTreeMap<NetworkId, usize> = BTreeMap::new();
    let mut ids: Vec<ConversationId> = Vec::new();
    for central in view.topics.central(topic.id) {
        let read = of_network.entry(central.network).or_default();
        *read += 1;
        if *read <= READ_OF_ONE && ids.len() < READ {
            ids.push(central.conversation);
        }
    }
    let rows = rows::visible(view, &ids).await?;
    let subject = subject(topic);
    let mut quoted: BTreeSet<NetworkId> = BTreeSet::new();
    let mut said: Vec<BTreeSet<String>> = Vec::new();
    let mut quotes = Vec::new();
    for id in ids {
        if quotes.len() == most {
            break;
        }
        let Some(row) = rows.get(&id).filter(|row| !quoted.contains(&row.network)) else {
            continue;
        };
        let Some(text) = passage(row, &subject) else {
            continue;
        };
        let own = words(&text);
        if said.iter().any(|other| alike(other, &own)) {
            continue;
        }
        let Some(quote) = quote(view, row, text) else {
            continue;
        };
        quoted.insert(row.network);
        said.push(own);
        quotes.push(quote);
    }
    Ok(quotes)
}

/// What a conversation says on a topic, where it may be shown; none where it says next to nothing.
pub(super) async fn of_conversation(
    view: &View,
    topic: &Topic,
    id: ConversationId,
) -> Result<Option<Quote>, Problem> {
    let rows = rows::visible(view, &[id]).await?;
    let subject = subject(topic);
    Ok(rows.get(&id).and_then(|row| {
        let text = passage(row, &subject)?;
        quote(view, row, text)
    }))
}

/// The words that a topic turns on.
pub(super) fn subject(topic: &Topic) -> BTreeSet<String> {
    words(&format!("{} {}", topic.label, topic.terms.join(" ")))
}

/// `text`, a passage of this row, with whose it is; nothing where its network may not be named.
pub(super) fn quote(view: &View, row: &Conversation, text: String) -> Option<Quote> {
    let network = view.network(row.network)?;
    let first = row.posts.first()?;
    let language = first.language.or(row.language);
    Some(Quote {
        text,
        language,
        direction: rows::direction(language),
        network: NetworkRef {
            slug: network.slug.clone(),
            name: network.name.clone(),
        },
        conversation: row.id,
        title: row.title.clone(),
        kind: row.kind,
        day: first.happened,
        links_to: view.links_to(row.network, &row.url),
        url: rows::address(view, row),
    })
}

/// The passage of the opening post that has most words of the subject, the earliest of equals; none where the post says
/// next to nothing.
pub(super) fn passage(row: &Conversation, subject: &BTreeSet<String>) -> Option<String> {
    let text = &row.posts.first()?.text;
    let sentences = sentences(text);
    let begin = |at: usize| excerpt(&sentences[at..].join(" "));
    let score = |passage: &str| {
        let own = words(passage);
        let met = subject
            .iter()
            .filter(|word| own.iter().any(|own| same(word, own)));
        met.count()
    };
    let mut best: Option<(usize, String)> = None;
    for at in 0..sentences.len().min(BEGINNINGS) {
        let passage = begin(at);
        let length = passage.chars().count();
        if length < SHORTEST || (at > 0 && length < EXCERPT_CHARS / 4) {
            continue;
        }
        let score = score(&passage);
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, passage));
        }
    }
    best.map(|(_, passage)| passage)
}

/// A text cut after the signs that end a sentence, and at its lines.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    for line in text.lines() {
        let mut rest = line.trim();
        while let Some(end) = end_of_sentence(rest) {
            let (sentence, after) = rest.split_at(end);
            sentences.push(sentence.trim());
            rest = after.trim_start();
        }
        if !rest.is_empty() {
            sentences.push(rest);
        }
    }
    sentences
}

fn end_of_sentence(text: &str) -> Option<usize> {
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let next = signs.peek().map(|(_, next)| *next);
        let ends = match sign {
            '.' | '!' | '?' => next.is_some_and(char::is_whitespace),
            '\u{3002}' | '\u{ff01}' | '\u{ff1f}' | '\u{06d4}' | '\u{061f}' | '\u{0964}' => {
                next.is_some()
            }
            _ => false,
        };
        if ends {
            return Some(at + sign.len_utf8());
        }
    }
    None
}

/// Its words, folded, each once.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| word.chars().count() > 2)
        .map(folded)
        .collect()
}

/// Whether two words are forms of one: the same, or one begins with the other.
fn same(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    a == b || (short.chars().count() >= STEM && long.starts_with(short))
}

fn alike(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let both = a.intersection(b).count();
    let all = a.len() + b.len() - both;
    all > 0 && both as f64 >= ALIKE * all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_sentences_in_any_script() {
        let text = "Closed at 9.30 again. Why?\nAsk them!\nخون کے ٹیسٹ بند ہیں۔ اعلان کہاں ہے؟";
        let cut = sentences(text);
        assert_eq!(cut[..3], ["Closed at 9.30 again.", "Why?", "Ask them!"]);
        assert_eq!(cut.len(), 5, "{cut:?}");
    }

    #[test]
    fn forms_of_a_word_are_the_same_and_passages_that_share_words_are_alike() {
        assert!(same("test", "tests") && !same("bus", "business"));
        let one = words("Turned away at the door, booking only from now on");
        assert!(alike(
            &one,
            &words("Turned away at the door: booking only now")
        ));
        assert!(!alike(
            &one,
            &words("The bus stops at the bottom of the hill")
        ));
    }
}
