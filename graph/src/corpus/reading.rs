//! From a conversation to its features: the terms it uses and how often, the pages it links to, and the signature by
//! which near copies are found. What they are numbered by is the graph's.

use std::borrow::Cow;

use discover_model::canonical::canonical_str;
use discover_model::text::Repeated;
use discover_model::{Conversation, Language};

use crate::Parameters;
use crate::corpus::interner::Interner;
use crate::corpus::near_copies::{self, hash};
use crate::corpus::words::{fold, terms, without_placeholders, words};

/// Links of a conversation that are kept.
const MAX_LINKS: usize = 32;

/// A term of one conversation before it has a number.
pub(crate) struct RawTerm {
    pub(crate) folded: String,
    pub(crate) raw: String,
    pub(crate) count: u16,
}

pub(crate) struct Raw {
    pub(crate) terms: Vec<RawTerm>,
    pub(crate) links: Vec<String>,
    pub(crate) signature: Vec<u32>,
}

/// Reads a conversation's features; what its sources repeat under their posts is none.
pub(crate) fn read(
    conversation: &Conversation,
    repeated: &Repeated<u32>,
    parameters: &Parameters,
) -> Raw {
    let mut reader = Reader::new(parameters);
    let titled = conversation
        .posts
        .first()
        .is_some_and(|post| post.title.is_some());
    if titled || conversation.posts.iter().all(|post| post.text.is_empty()) {
        reader.take(
            &conversation.title,
            conversation.language,
            parameters.title_weight,
        );
    }
    // The first post's text decides about copies: replies to a copy differ.
    let mut signed = Cow::Borrowed("");
    for (at, post) in conversation.posts.iter().enumerate() {
        let own = repeated.own_words(post.source, &post.text);
        reader.take(&own, post.language.or(conversation.language), 1);
        if at == 0 {
            signed = own;
        }
    }
    if signed.trim().is_empty() {
        signed = Cow::Borrowed(&conversation.title);
    }
    let own = canonical_str(&conversation.url);
    let mut links: Vec<String> = Vec::new();
    for link in conversation.posts.iter().flat_map(|post| &post.links) {
        let link = canonical_str(link).unwrap_or_else(|| link.clone());
        if links.len() < MAX_LINKS
            && link.len() <= 500
            && own.as_ref() != Some(&link)
            && !links.contains(&link)
        {
            links.push(link);
        }
    }
    let mut raw = reader.finish(parameters);
    raw.signature = sign(&signed, parameters);
    raw.links = links;
    raw
}

/// Reads the features of a text that belongs to no conversation.
pub(crate) fn read_text(text: &str, language: Option<Language>, parameters: &Parameters) -> Raw {
    let mut reader = Reader::new(parameters);
    reader.take(text, language, 1);
    let mut raw = reader.finish(parameters);
    raw.signature = sign(text, parameters);
    raw
}

fn sign(text: &str, parameters: &Parameters) -> Vec<u32> {
    let mut hashes = Vec::new();
    let mut folded = String::new();
    words(&without_placeholders(text), |word| {
        fold(word.text, &mut folded);
        hashes.push(hash(folded.as_bytes()));
        hashes.len() < parameters.max_tokens
    });
    near_copies::signature(&hashes)
}

struct Reader {
    /// Places of the terms found so far.
    places: Interner,
    terms: Vec<RawTerm>,
    left: usize,
}

impl Reader {
    fn new(parameters: &Parameters) -> Self {
        Self {
            places: Interner::default(),
            terms: Vec::new(),
            left: parameters.max_tokens,
        }
    }

    fn take(&mut self, text: &str, language: Option<Language>, weight: u16) {
        let Self {
            places,
            terms: known,
            left,
        } = self;
        terms(text, language, |folded, raw| {
            if let Some(place) = places.get(folded, text_of(known)) {
                let count = &mut known[place as usize].count;
                *count = count.saturating_add(weight);
            } else {
                let place = known.len() as u32;
                known.push(RawTerm {
                    folded: folded.to_owned(),
                    raw: raw.to_owned(),
                    count: weight,
                });
                places.insert(place, text_of(known));
            }
            *left = left.saturating_sub(1);
            *left > 0
        });
    }

    fn finish(self, parameters: &Parameters) -> Raw {
        let mut terms = self.terms;
        if terms.len() > parameters.max_terms {
            // Most used first; a stable sort, so equals stay in order of first use.
            terms.sort_by_key(|term| std::cmp::Reverse(term.count));
            terms.truncate(parameters.max_terms);
        }
        Raw {
            terms,
            links: Vec::new(),
            signature: Vec::new(),
        }
    }
}

fn text_of<'a>(terms: &'a [RawTerm]) -> impl Fn(u32) -> Option<&'a str> {
    |place| terms.get(place as usize).map(|term| &*term.folded)
}
