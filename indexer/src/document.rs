//! From a conversation to a document of the index. Pure.

use std::collections::BTreeSet;

use discover_model::text::{Stemmer, normalise, without_placeholders};
use discover_model::{Conversation, ConversationPost, Language, SourceKind};
use jiff::civil::Date;
use tantivy::TantivyDocument;
use tantivy::schema::Field;

use crate::analysis::marked;
use crate::schema::Fields;

/// Text indexed from the beginning of a conversation, and as much again from its latest posts; what lies between is
/// counted but not found. Keeps one endless thread from filling the memory of the writer.
pub(crate) const WINDOW_BYTES: usize = 512 * 1024;
/// Most path prefixes kept of one conversation; with more it counts as lying under every hidden path of its network.
const MAX_PATHS: usize = 4096;
/// Stands for "more paths than we keep".
pub(crate) const MANY_PATHS: u64 = 0;

/// Days since 1 January 1970.
pub(crate) fn day_number(day: Date) -> i64 {
    day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

pub(crate) fn kind_number(kind: SourceKind) -> u64 {
    SourceKind::ALL
        .iter()
        .position(|known| *known == kind)
        .unwrap_or_default() as u64
}

/// FNV-1a: stable between runs and versions, as it stands in the index.
fn hash(parts: &[&[u8]]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.iter().chain(&[0xff]) {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    state.max(1)
}

/// The term that stands for "an address under this prefix".
pub(crate) fn path_term(origin: &str, prefix: &str) -> u64 {
    hash(&[origin.as_bytes(), prefix.as_bytes()])
}

/// The terms of every prefix that `Visibility` could hide this address by: the path cut before and after each slash.
fn add_paths(url: &str, into: &mut BTreeSet<u64>) {
    let host = url.find("://").map_or(0, |at| at + 3);
    let path_at = url[host..].find('/').map_or(url.len(), |at| host + at);
    let (origin, path) = url.split_at(path_at);
    for (at, _) in path.match_indices('/') {
        into.insert(path_term(origin, &path[..at]));
        into.insert(path_term(origin, &path[..=at]));
    }
    into.insert(path_term(origin, path));
}

/// Which posts are indexed with their text: all, or the first and the latest that fit.
fn within_window(posts: &[ConversationPost]) -> impl Iterator<Item = (usize, &ConversationPost)> {
    let fits = |size: &mut usize, post: &ConversationPost| {
        *size += post.text.len();
        *size <= WINDOW_BYTES
    };
    let mut size = 0;
    let first = posts
        .iter()
        .take_while(|post| fits(&mut size, post))
        .count()
        .max(1);
    size = 0;
    let latest = posts
        .iter()
        .rev()
        .take_while(|post| fits(&mut size, post))
        .count();
    let resume = first.max(posts.len().saturating_sub(latest));
    posts
        .iter()
        .enumerate()
        .filter(move |(at, _)| *at < first || *at >= resume)
}

pub(crate) fn document(fields: &Fields, conversation: &Conversation) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    let id = conversation.id.as_u128();
    document.add_bytes(fields.id, &conversation.id.to_bytes());
    document.add_u64(fields.id_high, (id >> 64) as u64);
    document.add_u64(fields.id_low, id as u64);
    document.add_bytes(fields.network, &conversation.network.to_bytes());
    document.add_u64(fields.kind, kind_number(conversation.kind));
    if let Some(language) = conversation.language {
        document.add_bytes(fields.language, language.as_str().as_bytes());
    }
    if let Some(started) = conversation.started {
        document.add_i64(fields.started, started.as_second());
    }
    if let Some(last_active) = conversation.last_active {
        document.add_i64(fields.last_active, last_active.as_second());
    }
    document.add_u64(fields.posts, conversation.posts.len() as u64);

    let (mut days, mut sources, mut voices, mut paths) = (
        BTreeSet::new(),
        BTreeSet::new(),
        BTreeSet::new(),
        BTreeSet::new(),
    );
    for post in &conversation.posts {
        days.extend(post.happened.map(day_number));
        sources.insert(post.source);
        voices.insert(hash(&[&post.voice.to_bytes()]) & 0xffff_ffff);
        if paths.len() <= MAX_PATHS {
            add_paths(&post.url, &mut paths);
        }
        document.add_bytes(fields.post, &post.id.to_bytes());
    }
    if paths.len() > MAX_PATHS {
        paths = BTreeSet::from([MANY_PATHS]);
    }
    for day in days {
        document.add_i64(fields.post_day, day);
    }
    for source in sources {
        document.add_bytes(fields.source, &source.to_bytes());
    }
    for voice in voices {
        document.add_u64(fields.voice, voice);
    }
    for path in paths {
        document.add_u64(fields.path, path);
    }

    let opening_language = conversation
        .posts
        .first()
        .and_then(|post| post.language)
        .or(conversation.language);
    let has_title = conversation.posts.first().is_some_and(|post| post.title.is_some())
        // A title made from the first words would count them twice.
        || conversation.posts.is_empty();
    if has_title {
        add_text(
            &mut document,
            fields,
            fields.title,
            opening_language,
            &conversation.title,
        );
    }
    for (at, post) in within_window(&conversation.posts) {
        let part = if at == 0 {
            fields.opening
        } else {
            fields.replies
        };
        let language = post.language.or(conversation.language);
        add_text(&mut document, fields, part, language, &post.text);
    }
    document
}

/// Adds a text to the neutral view, and to a part of the stemmed one. What redaction put in is no word of it.
fn add_text(
    document: &mut TantivyDocument,
    fields: &Fields,
    part: Field,
    language: Option<Language>,
    text: &str,
) {
    let text = without_placeholders(text);
    let form = normalise(&text);
    document.add_text(fields.any, form.as_str());
    document.add_text(part, marked(Stemmer::of(language), form.as_str()));
}
