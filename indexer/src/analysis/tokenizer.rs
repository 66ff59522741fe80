//! The two views as tokenizers of the index engine. Both are given normalised text.

use std::collections::VecDeque;

use discover_model::text::{
    Joint, Segment, Segments, Stemmer, bare, fold, folded, segments, spellings,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::{MAX_PARTS, MAX_SLOP, parts};

pub(crate) const NEUTRAL: &str = "neutral";
pub(crate) const STEMMED: &str = "stemmed";

/// Text for a stemmed field: the language goes before the text, as the engine tells a tokenizer nothing else.
pub(crate) fn marked(stemmer: Option<&Stemmer>, text: &str) -> String {
    let tag = stemmer.map_or("", |stemmer| stemmer.tag);
    let mut marked = String::with_capacity(tag.len() + 1 + text.len());
    marked.push_str(tag);
    marked.push('\n');
    marked.push_str(text);
    marked
}

/// Places left between the texts of a conversation, so that no phrase, however loose, reaches from one post into the
/// next.
const BETWEEN_TEXTS: usize = 2 * MAX_SLOP as usize;

#[derive(Debug, Clone, Default)]
pub(crate) struct NeutralTokenizer;

#[derive(Debug)]
pub(crate) struct NeutralStream<'a> {
    text: &'a str,
    segments: Segments<'a>,
    /// Other forms at places already reached, and parts still to come.
    pending: VecDeque<(String, usize)>,
    /// The last place given away.
    place: usize,
    token: Token,
}

impl Tokenizer for NeutralTokenizer {
    type TokenStream<'a> = NeutralStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> NeutralStream<'a> {
        NeutralStream {
            text,
            segments: segments(text),
            pending: VecDeque::new(),
            place: BETWEEN_TEXTS,
            token: Token::default(),
        }
    }
}

impl NeutralStream<'_> {
    fn other_spellings(&mut self, word: &str) {
        let place = self.place;
        // Who looks for `net` finds `.NET`, and not the other way round.
        let others = bare(word).map(folded).into_iter().chain(spellings(word));
        self.pending
            .extend(others.map(|spelling| (spelling, place)));
    }

    /// A word with signs in it: its parts one behind the other, and all of it as one word where it begins and ends.
    fn compound(&mut self, first: Segment, others: &[Segment]) {
        let text = self.text;
        let mut whole = String::new();
        let mut begin = None;
        for part in std::iter::once(&first).chain(others) {
            let word = &text[part.from..part.to];
            let token = folded(word);
            whole.push_str(&token);
            if part.joint == Joint::Possessive && begin.is_some() {
                continue;
            }
            self.place = self.place.wrapping_add(1);
            begin.get_or_insert(self.place);
            self.pending.push_back((token, self.place));
            self.other_spellings(word);
        }
        if others.len() < MAX_PARTS
            && let Some(begin) = begin
        {
            if begin != self.place {
                self.pending.push_back((whole.clone(), self.place));
            }
            self.pending.push_back((whole, begin));
        }
        // Places must not go back.
        self.pending
            .make_contiguous()
            .sort_by_key(|(_, place)| *place);
    }
}

impl TokenStream for NeutralStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            if let Some((text, place)) = self.pending.pop_front() {
                self.token.text = text;
                self.token.position = place;
                return true;
            }
            let Some(segment) = self.segments.next() else {
                return false;
            };
            let others = self.segments.joined_to(segment);
            if !others.is_empty() {
                self.compound(segment, &others);
                continue;
            }
            let word = &self.text[segment.from..segment.to];
            self.token.text.clear();
            fold(word, &mut self.token.text);
            if !self.token.text.is_empty() {
                self.place = self.place.wrapping_add(1);
                self.token.position = self.place;
                self.token.offset_from = segment.from;
                self.token.offset_to = segment.to;
                if !segment.unspaced {
                    self.other_spellings(word);
                }
                return true;
            }
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct StemTokenizer;

#[derive(Debug)]
pub(crate) struct StemStream<'a> {
    text: &'a str,
    stemmer: Option<&'static Stemmer>,
    segments: Segments<'a>,
    /// The unspaced character before, for pairs.
    before: Option<Segment>,
    /// Parts of what was just given, still to come.
    pending: Vec<String>,
    token: Token,
}

impl Tokenizer for StemTokenizer {
    type TokenStream<'a> = StemStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StemStream<'a> {
        let (tag, text) = text.split_once('\n').unwrap_or(("", text));
        StemStream {
            text,
            stemmer: Stemmer::tagged(tag),
            segments: segments(text),
            before: None,
            pending: Vec::new(),
            token: Token::default(),
        }
    }
}

impl StemStream<'_> {
    fn write(&mut self, word: &str) {
        match self.stemmer.filter(|stemmer| stemmer.stems(word)) {
            Some(stemmer) => stemmer.stem(word, &mut self.token.text),
            None => fold(word, &mut self.token.text),
        }
    }
}

impl TokenStream for StemStream<'_> {
    fn advance(&mut self) -> bool {
        self.token.text.clear();
        self.token.position = self.token.position.wrapping_add(1);
        if let Some(part) = self.pending.pop() {
            self.write(&part);
            return true;
        }
        while let Some(segment) = self.segments.next() {
            let text = self.text;
            let word = &text[segment.from..segment.to];
            if segment.unspaced {
                let before = self.before.replace(segment);
                match before.filter(|_| segment.joint == Joint::Adjacent) {
                    Some(before) => {
                        fold(&text[before.from..before.to], &mut self.token.text);
                        fold(word, &mut self.token.text);
                    }
                    None if self.segments.run_goes_on() => continue,
                    None => fold(word, &mut self.token.text),
                }
            } else {
                let others = self.segments.joined_to(segment);
                self.write(word);
                let said = |part: &&Segment| part.joint != Joint::Possessive;
                // Names within a word with signs in it fall apart too: `node.GetComponent`.
                for part in std::iter::once(&segment).chain(others.iter().filter(said)) {
                    let word = &text[part.from..part.to];
                    let within = parts(word).into_iter().chain(bare(word));
                    self.pending.extend(within.map(str::to_owned));
                    if *part != segment {
                        self.pending.push(word.to_owned());
                    }
                }
                if !others.is_empty() && others.len() < MAX_PARTS {
                    let all = std::iter::once(&segment).chain(&others);
                    self.pending
                        .push(all.map(|part| &text[part.from..part.to]).collect());
                }
            }
            if !self.token.text.is_empty() {
                self.token.offset_from = segment.from;
                self.token.offset_to = segment.to;
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
