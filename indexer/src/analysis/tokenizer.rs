//! The two views as tokenizers of the index engine.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::pieces::Pieces;
use super::{Family, Piece, fold, parts, pieces};

pub(crate) const NEUTRAL: &str = "neutral";
pub(crate) const STEMMED: &str = "stemmed";

/// Text for a stemmed field: the language goes before the text, as the engine tells a tokenizer nothing else.
pub(crate) fn with_family(family: Option<&Family>, text: &str) -> String {
    let tag = family.map_or("", |family| family.tag);
    let mut marked = String::with_capacity(tag.len() + 1 + text.len());
    marked.push_str(tag);
    marked.push('\n');
    marked.push_str(text);
    marked
}

/// Places left between the texts of a conversation, so that no phrase, however loose, reaches from one post into the
/// next.
const BETWEEN_TEXTS: usize = 2 * super::MAX_SLOP as usize;

#[derive(Debug, Clone, Default)]
pub(crate) struct NeutralTokenizer;

#[derive(Debug)]
pub(crate) struct NeutralStream<'a> {
    text: &'a str,
    pieces: Pieces<'a>,
    token: Token,
}

impl Tokenizer for NeutralTokenizer {
    type TokenStream<'a> = NeutralStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> NeutralStream<'a> {
        NeutralStream {
            text,
            pieces: pieces(text),
            token: Token {
                position: BETWEEN_TEXTS,
                ..Token::default()
            },
        }
    }
}

fn place(token: &mut Token, piece: Piece) {
    token.offset_from = piece.from;
    token.offset_to = piece.to;
    token.position = token.position.wrapping_add(1);
}

impl TokenStream for NeutralStream<'_> {
    fn advance(&mut self) -> bool {
        for piece in self.pieces.by_ref() {
            self.token.text.clear();
            fold(&self.text[piece.from..piece.to], &mut self.token.text);
            if !self.token.text.is_empty() {
                place(&mut self.token, piece);
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

#[derive(Debug, Clone, Default)]
pub(crate) struct StemTokenizer;

#[derive(Debug)]
pub(crate) struct StemStream<'a> {
    text: &'a str,
    family: Option<&'static Family>,
    pieces: Pieces<'a>,
    /// The unspaced piece before, for pairs.
    before: Option<Piece>,
    /// Parts of the compound just given, still to come.
    parts: Vec<&'a str>,
    token: Token,
}

impl Tokenizer for StemTokenizer {
    type TokenStream<'a> = StemStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StemStream<'a> {
        let (tag, text) = text.split_once('\n').unwrap_or(("", text));
        StemStream {
            text,
            family: Family::tagged(tag),
            pieces: pieces(text),
            before: None,
            parts: Vec::new(),
            token: Token::default(),
        }
    }
}

impl StemStream<'_> {
    fn write(&mut self, word: &str) {
        match self.family.filter(|family| family.stems(word)) {
            Some(family) => family.stem(word, &mut self.token.text),
            None => fold(word, &mut self.token.text),
        }
    }
}

impl TokenStream for StemStream<'_> {
    fn advance(&mut self) -> bool {
        self.token.text.clear();
        if let Some(part) = self.parts.pop() {
            self.write(part);
            self.token.position = self.token.position.wrapping_add(1);
            return true;
        }
        while let Some(piece) = self.pieces.next() {
            let text = self.text;
            let word = &text[piece.from..piece.to];
            if piece.unspaced {
                let before = self.before.replace(piece);
                match before.filter(|_| piece.joined) {
                    Some(before) => {
                        fold(&text[before.from..before.to], &mut self.token.text);
                        fold(word, &mut self.token.text);
                    }
                    None if self.pieces.run_goes_on() => continue,
                    None => fold(word, &mut self.token.text),
                }
            } else {
                self.write(word);
                self.parts = parts(word);
            }
            if !self.token.text.is_empty() {
                place(&mut self.token, piece);
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
