//! Text that a source repeats under (or above) its posts: house rules, signatures, licences.
//!
//! Contract: [`Repeated`] is a function of the texts it holds, whatever the order in which they came. A sentence or line
//! near the edge of a post that three conversations of one source have is repeated; it may be sought, and weighs
//! nothing where posts are compared. A post that says nothing else keeps its words: then it is a copy, not a footer.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use super::{fold, normalise, segments};
use crate::ids::SourceId;

/// Conversations of a source from which on what they share is the source's and not theirs.
const COMMON: usize = 3;
/// Sentences looked at from the beginning and from the end of a post.
const FIRST: usize = 2;
const LAST: usize = 6;
/// Fewest words that a post must have of its own for the rest to be left out.
const OWN: usize = 3;

/// A sentence or line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sentence {
    range: Range<usize>,
    /// Of its folded words, and of the source.
    hash: u64,
    words: usize,
}

fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '।'
            | '॥'
            | '۔'
            | '؟'
            | '።'
            | '။'
            | '|'
            | '•'
    )
}

/// The sentences and lines of a text as byte ranges, those that hold no word too.
fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let full = c > '\u{2000}' || next.is_none_or(char::is_whitespace);
        if c == '\n' || (ends_sentence(c) && full) {
            let to = at + c.len_utf8();
            found.push(from..to);
            from = to;
        }
    }
    found.push(from..text.len());
    found
}

/// A post's first and last sentences that hold a word, in order; what lies between is cut, and not read.
struct Edges {
    sentences: Vec<Sentence>,
    between: Vec<Range<usize>>,
}

impl Edges {
    fn of(source: SourceId, text: &str) -> Self {
        let mut between = ranges(text);
        let mut sentences = Vec::new();
        let mut from = 0;
        while sentences.len() < FIRST && from < between.len() {
            sentences.extend(sentence(source, text, between[from].clone()));
            from += 1;
        }
        between.drain(..from);
        let mut last = Vec::new();
        while last.len() < LAST
            && let Some(range) = between.pop()
        {
            last.extend(sentence(source, text, range));
        }
        sentences.extend(last.into_iter().rev());
        Self { sentences, between }
    }
}

fn sentence(source: SourceId, text: &str, range: Range<usize>) -> Option<Sentence> {
    let form = normalise(&text[range.clone()]);
    // FNV-1a: the same in every run, as it may be saved.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    eat(&source.to_bytes());
    let mut words = 0;
    let mut folded = String::new();
    for segment in segments(form.as_str()) {
        folded.clear();
        fold(&form.as_str()[segment.from..segment.to], &mut folded);
        eat(folded.as_bytes());
        words += 1;
    }
    (words > 0).then_some(Sentence { range, hash, words })
}

/// The hashes of what a post could share with others of its source: its first and last sentences.
pub fn edge_hashes(source: SourceId, text: &str) -> Vec<u64> {
    let edges = Edges::of(source, text).sentences;
    edges.into_iter().map(|sentence| sentence.hash).collect()
}

/// What each source repeats, learned from the conversations put in; `K` is what the caller knows a conversation by.
#[derive(Debug, Clone)]
pub struct Repeated<K> {
    /// What each conversation could share, each once, ascending.
    edges: HashMap<K, Box<[u64]>>,
    holders: HashMap<u64, Holders<K>>,
}

#[derive(Debug, Clone)]
enum Holders<K> {
    One(K),
    Many(Vec<K>),
}

impl<K> Default for Repeated<K> {
    fn default() -> Self {
        Self {
            edges: HashMap::new(),
            holders: HashMap::new(),
        }
    }
}

impl<K: Copy + Eq + Ord + Hash> Repeated<K> {
    /// Learns a conversation, in the place of what was known of it. Returns the others whose own words are different now,
    /// ascending: what was made of them must be made anew.
    pub fn put<'a>(
        &mut self,
        key: K,
        posts: impl IntoIterator<Item = (SourceId, &'a str)>,
    ) -> Vec<K> {
        let mut new: Vec<u64> = posts
            .into_iter()
            .flat_map(|(source, text)| edge_hashes(source, text))
            .collect();
        new.sort_unstable();
        new.dedup();
        self.put_hashes(key, new)
    }

    /// The same with what [`edge_hashes`] gives for its posts, sorted and each once: to learn again what was saved.
    pub fn put_hashes(&mut self, key: K, new: Vec<u64>) -> Vec<K> {
        let old = self.edges.remove(&key).unwrap_or_default();
        let mut changed = Vec::new();
        for hash in old.iter().filter(|hash| new.binary_search(hash).is_err()) {
            self.leave(*hash, key, &mut changed);
        }
        for hash in new.iter().filter(|hash| old.binary_search(hash).is_err()) {
            self.join(*hash, key, &mut changed);
        }
        if !new.is_empty() {
            self.edges.insert(key, new.into());
        }
        changed.retain(|other| *other != key);
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Forgets a conversation; returns the others whose own words are different now.
    pub fn remove(&mut self, key: K) -> Vec<K> {
        self.put_hashes(key, Vec::new())
    }

    fn join(&mut self, hash: u64, key: K, changed: &mut Vec<K>) {
        let Some(holders) = self.holders.get_mut(&hash) else {
            self.holders.insert(hash, Holders::One(key));
            return;
        };
        match holders {
            Holders::One(other) => *holders = Holders::Many(vec![*other, key]),
            Holders::Many(all) => {
                all.push(key);
                if all.len() == COMMON {
                    changed.extend(all.iter().copied());
                }
            }
        }
    }

    fn leave(&mut self, hash: u64, key: K, changed: &mut Vec<K>) {
        let Some(holders) = self.holders.get_mut(&hash) else {
            return;
        };
        match holders {
            Holders::One(_) => {
                self.holders.remove(&hash);
            }
            Holders::Many(all) => {
                all.retain(|other| *other != key);
                if all.len() + 1 == COMMON {
                    changed.extend(all.iter().copied());
                }
                if let [last] = all.as_slice() {
                    *holders = Holders::One(*last);
                }
            }
        }
    }

    fn is_repeated(&self, hash: u64) -> bool {
        matches!(self.holders.get(&hash), Some(Holders::Many(all)) if all.len() >= COMMON)
    }

    /// What [`Repeated::put_hashes`] takes, of every conversation: to be saved.
    pub fn hashes(&self) -> impl Iterator<Item = (K, &[u64])> {
        self.edges.iter().map(|(key, hashes)| (*key, &**hashes))
    }

    /// A post's text with what its source repeats blanked; offsets stay as they are.
    pub fn own_words<'a>(&self, source: SourceId, text: &'a str) -> Cow<'a, str> {
        let edges = Edges::of(source, text);
        let (repeated, own): (Vec<Sentence>, Vec<Sentence>) =
            (edges.sentences.into_iter()).partition(|sentence| self.is_repeated(sentence.hash));
        if repeated.is_empty() {
            return text.into();
        }
        let between = edges.between.into_iter();
        let read = between.filter_map(|range| sentence(source, text, range));
        let words = (own.into_iter().chain(read)).scan(0, |words, sentence| {
            *words += sentence.words;
            Some(*words)
        });
        if !words.into_iter().any(|words| words >= OWN) {
            return text.into();
        }
        let mut own = String::with_capacity(text.len());
        let mut from = 0;
        for Sentence { range, .. } in repeated {
            own.push_str(&text[from..range.start]);
            own.extend(std::iter::repeat_n(' ', range.len()));
            from = range.end;
        }
        own.push_str(&text[from..]);
        own.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOOTER: &str =
        "Please read the house rules before you post. This forum is moderated. For urgent";

    fn text(own: &str) -> String {
        format!("{own} {FOOTER}")
    }

    #[test]
    fn a_footer_weighs_nothing_from_its_third_use_on_and_again_when_too_few_are_left() {
        let source = SourceId::from_u128(1);
        let mut repeated = Repeated::default();
        let texts = [
            "Slugs ate every lettuce again.",
            "A heron stands on the weir.",
            "The night bus leaves early.",
        ]
        .map(text);
        assert!(repeated.put(1, [(source, texts[0].as_str())]).is_empty());
        assert!(repeated.put(2, [(source, texts[1].as_str())]).is_empty());
        assert_eq!(repeated.own_words(source, &texts[0]), texts[0]);
        assert_eq!(repeated.put(3, [(source, texts[2].as_str())]), [1, 2]);
        let own = repeated.own_words(source, &texts[0]);
        assert_eq!(own.trim_end(), "Slugs ate every lettuce again.");
        assert_eq!(own.len(), texts[0].len());
        assert_eq!(
            repeated.own_words(SourceId::from_u128(2), &texts[0]),
            texts[0],
            "of another source"
        );
        assert_eq!(
            repeated.own_words(source, FOOTER),
            FOOTER,
            "it says nothing else"
        );
        assert_eq!(repeated.remove(2), [1, 3]);
        assert_eq!(repeated.own_words(source, &texts[0]), texts[0]);
    }

    #[test]
    fn what_is_learned_does_not_depend_on_the_order() {
        let source = SourceId::from_u128(1);
        let texts: Vec<String> = (0..5)
            .map(|n| text(&format!("Own words number {n} here.")))
            .collect();
        let (mut one, mut other) = (Repeated::default(), Repeated::default());
        for (key, text) in texts.iter().enumerate() {
            one.put(key, [(source, text.as_str())]);
        }
        for (key, text) in texts.iter().enumerate().rev() {
            other.put(key, [(source, "something else first")]);
            other.put(key, [(source, text.as_str())]);
        }
        for text in &texts {
            assert_eq!(one.own_words(source, text), other.own_words(source, text));
        }
    }
}
