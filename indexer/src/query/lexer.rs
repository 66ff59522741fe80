//! From characters to tokens, each with the column it starts at (1-based, in code points).

use discover_model::text::{is_invisible, normalise};

use super::error::QueryError;
use crate::analysis::MAX_SLOP;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    /// Between all that stands on its two sides.
    Or,
    /// `|` or a small `or`: between the two conditions beside it.
    Either,
    And,
    Not,
    Word(String),
    /// A word followed by `*`.
    Prefix(String),
    Phrase {
        text: String,
        slop: u32,
        /// A star follows: the last word is a beginning.
        prefix: bool,
    },
    Field {
        name: String,
        value: String,
        value_column: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) column: usize,
}

const fn is_quote(c: char) -> bool {
    // Phones and word processors turn straight quotes into these.
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

/// Word processors turn a hyphen before a word into longer dashes.
const fn is_minus(c: char) -> bool {
    matches!(
        c,
        '-' | '−' | '－' | '‐' | '‑' | '‒' | '–' | '—' | '﹣' | '⁻'
    )
}

/// Full width, as keyboards for Chinese and Japanese give them.
const fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')' | '（' | '）')
}

fn is_blank(c: char) -> bool {
    // Letters and signs of no width or ink, which are pasted along.
    c.is_whitespace() || matches!(c, '\u{3164}' | '\u{ffa0}' | '\u{115f}' | '\u{2800}')
}

/// Marks that nobody sees and that never count, but for the joiners within words.
fn is_ignored(c: char) -> bool {
    is_invisible(c)
        && !is_blank(c)
        && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

fn ends_word(c: char) -> bool {
    is_blank(c) || is_bracket(c) || is_quote(c)
}

const fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{05d0}'..='\u{05ea}')
}

struct Lexer {
    chars: Vec<char>,
    /// Where each character stands in the query as it came.
    columns: Vec<usize>,
    at: usize,
}

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, QueryError> {
    let seen = text.chars().enumerate().filter(|(_, c)| !is_ignored(*c));
    let (columns, chars) = seen.map(|(at, c)| (at + 1, c)).unzip();
    let mut lexer = Lexer {
        chars,
        columns,
        at: 0,
    };
    let mut found = Vec::new();
    while let Some(placed) = lexer.next()? {
        found.push(placed);
    }
    Ok(found)
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Where the character at `at` stands; behind the last one, where the query ends.
    fn column(&self, at: usize) -> usize {
        let last = self.columns.last().map_or(1, |last| last + 1);
        self.columns.get(at).copied().unwrap_or(last)
    }

    fn next(&mut self) -> Result<Option<Placed>, QueryError> {
        // A joiner joins nothing where a word begins.
        while self.peek().is_some_and(|c| is_blank(c) || is_invisible(c)) {
            self.at += 1;
        }
        let column = self.column(self.at);
        let Some(first) = self.peek() else {
            return Ok(None);
        };
        let token = match first {
            '(' | '（' => {
                self.at += 1;
                Token::Open
            }
            ')' | '）' => {
                self.at += 1;
                Token::Close
            }
            c if is_quote(c) => self.phrase(column)?,
            c if is_minus(c) => {
                self.at += 1;
                // A dash that stands alone is punctuation, not an operator, and so is an arrow.
                let sign = |c: &char| is_minus(*c) || matches!(c, '>' | '=');
                let signs = self.chars[self.at..].iter().take_while(|c| sign(c)).count();
                match self.chars.get(self.at + signs) {
                    Some(next) if !is_blank(*next) => Token::Not,
                    _ => {
                        self.at += signs;
                        return self.next();
                    }
                }
            }
            '|' => {
                while self.peek() == Some('|') {
                    self.at += 1;
                }
                Token::Either
            }
            _ => self.word(column)?,
        };
        Ok(Some(Placed { token, column }))
    }

    fn quoted(&mut self, column: usize) -> Result<String, QueryError> {
        self.at += 1;
        let from = self.at;
        while let Some(c) = self.peek() {
            if is_quote(c) {
                let text = self.chars[from..self.at].iter().collect();
                self.at += 1;
                return Ok(text);
            }
            self.at += 1;
        }
        Err(QueryError::syntax(
            column,
            "this quotation mark is not closed",
            Some("add a quotation mark after the last word of the phrase".into()),
        ))
    }

    fn phrase(&mut self, column: usize) -> Result<Token, QueryError> {
        let text = self.quoted(column)?;
        let mut slop = 0;
        if self.peek() == Some('~') {
            let tilde = self.column(self.at);
            self.at += 1;
            let from = self.at;
            while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1;
            }
            let digits: String = self.chars[from..self.at].iter().collect();
            slop = digits
                .parse::<u32>()
                .ok()
                .filter(|slop| *slop <= MAX_SLOP)
                .ok_or_else(|| {
                    QueryError::syntax(
                        tilde,
                        format!("a number from 0 to {MAX_SLOP} must follow ~"),
                        Some("\"blood test\"~3 allows three words in between".into()),
                    )
                })?;
        }
        let mut prefix = false;
        while self.peek() == Some('*') {
            self.at += 1;
            prefix = true;
        }
        if let Some(begun) = text.trim_end().strip_suffix('*') {
            prefix = true;
            return self
                .starless(begun, column)
                .map(|text| Token::Phrase { text, slop, prefix });
        }
        self.starless(&text, column)
            .map(|text| Token::Phrase { text, slop, prefix })
    }

    /// The text, if it holds no star that cannot be followed.
    fn starless(&self, text: &str, column: usize) -> Result<String, QueryError> {
        let text = text.trim_end_matches('*');
        let is_wild = |at: usize| {
            let beside = text[..at]
                .chars()
                .next_back()
                .into_iter()
                .chain(text[at + 1..].chars().next());
            beside.into_iter().any(char::is_alphanumeric)
        };
        // Beside a word a star stands for letters; by itself it is a sign, as in a list or an address.
        if text.contains("://")
            || !text
                .match_indices('*')
                .any(|(at, _)| is_wild(at) || text.trim() == "*")
        {
            return Ok(normalise(text).as_str().to_owned());
        }
        Err(QueryError::syntax(
            column,
            "a star can only stand at the end of a word",
            Some("write the beginning of the word and a star behind it, as in test*".into()),
        ))
    }

    fn word(&mut self, column: usize) -> Result<Token, QueryError> {
        let from = self.at;
        while let Some(c) = self.peek() {
            // The mark of a Hebrew acronym is a quotation mark on most keyboards.
            let within = c == '"'
                && self.at > from
                && is_hebrew(self.chars[self.at - 1])
                && self.chars.get(self.at + 1).copied().is_some_and(is_hebrew);
            if ends_word(c) && !within {
                break;
            }
            if c == '|' && self.at > from {
                break;
            }
            self.at += 1;
            if c == ':' && self.is_field_name(from, self.at - 1) {
                let name: String = self.chars[from..self.at - 1].iter().collect();
                return self.field(name);
            }
        }
        let word: String = self.chars[from..self.at].iter().collect();
        Ok(match word.as_str() {
            "OR" => Token::Or,
            "AND" => Token::And,
            "NOT" => Token::Not,
            _ => {
                let begun = word.trim_end_matches('*');
                if begun.is_empty() {
                    return Err(QueryError::syntax(
                        column,
                        "a star must follow the beginning of a word",
                        Some("write the first letters of the word before the star".into()),
                    ));
                }
                let text = self.starless(begun, column)?;
                self.is_no_single_letter_wildcard(&text, column)?;
                if begun.len() < word.len() {
                    Token::Prefix(text)
                } else {
                    Token::Word(text)
                }
            }
        })
    }

    /// A question mark between letters would have to stand for one; only addresses may hold it.
    fn is_no_single_letter_wildcard(&self, text: &str, column: usize) -> Result<(), QueryError> {
        let between = |at: usize| {
            text[..at].ends_with(char::is_alphanumeric)
                && text[at + 1..].starts_with(char::is_alphanumeric)
        };
        let wild = text.match_indices('?').any(|(at, _)| between(at));
        if !wild || text.contains(['/', '.', '=']) {
            return Ok(());
        }
        Err(QueryError::syntax(
            column,
            "a question mark cannot stand for a letter",
            Some("write the beginning of the word and a star behind it, as in test*".into()),
        ))
    }

    /// `topic:…` is a field; `10:30`, `https://…` and `note: this` are words.
    fn is_field_name(&self, from: usize, to: usize) -> bool {
        let name = &self.chars[from..to];
        let follows = self.chars.get(to + 1).copied();
        !name.is_empty()
            && name.iter().all(char::is_ascii_alphabetic)
            && follows.is_some_and(|c| !is_blank(c) && c != '/')
    }

    fn field(&mut self, name: String) -> Result<Token, QueryError> {
        let value_column = self.column(self.at);
        let value = if self.peek().is_some_and(is_quote) {
            self.quoted(value_column)?
        } else {
            let from = self.at;
            while self.peek().is_some_and(|c| !ends_word(c)) {
                self.at += 1;
            }
            self.chars[from..self.at].iter().collect()
        };
        Ok(Token::Field {
            name,
            value,
            value_column,
        })
    }
}
