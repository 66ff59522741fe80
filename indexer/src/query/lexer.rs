//! From characters to tokens, each with the column it starts at (1-based, in code points).

use super::error::QueryError;
use crate::analysis::MAX_SLOP;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Or,
    And,
    Not,
    Word(String),
    /// A word followed by `*`.
    Prefix(String),
    Phrase {
        text: String,
        slop: u32,
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

const fn is_minus(c: char) -> bool {
    matches!(c, '-' | '−' | '－')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c)
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
}

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, QueryError> {
    let mut lexer = Lexer {
        chars: text.chars().collect(),
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

    fn next(&mut self) -> Result<Option<Placed>, QueryError> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let column = self.at + 1;
        let Some(first) = self.peek() else {
            return Ok(None);
        };
        let token = match first {
            '(' => {
                self.at += 1;
                Token::Open
            }
            ')' => {
                self.at += 1;
                Token::Close
            }
            c if is_quote(c) => self.phrase(column)?,
            c if is_minus(c) => {
                self.at += 1;
                // A dash that stands alone is punctuation, not an operator.
                match self.peek() {
                    Some(next) if !next.is_whitespace() => Token::Not,
                    _ => return self.next(),
                }
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
            let tilde = self.at + 1;
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
        Ok(Token::Phrase { text, slop })
    }

    fn word(&mut self, column: usize) -> Result<Token, QueryError> {
        let from = self.at;
        while let Some(c) = self.peek() {
            if ends_word(c) {
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
            _ => match word.strip_suffix('*') {
                Some("") => {
                    return Err(QueryError::syntax(
                        column,
                        "a star must follow the beginning of a word",
                        Some("write the first letters of the word before the star".into()),
                    ));
                }
                Some(stem) => Token::Prefix(stem.to_owned()),
                None => Token::Word(word),
            },
        })
    }

    /// `topic:…` is a field; `10:30`, `https://…` and `note: this` are words.
    fn is_field_name(&self, from: usize, to: usize) -> bool {
        let name = &self.chars[from..to];
        let follows = self.chars.get(to + 1).copied();
        !name.is_empty()
            && name.iter().all(char::is_ascii_alphabetic)
            && follows.is_some_and(|c| !c.is_whitespace() && c != '/')
    }

    fn field(&mut self, name: String) -> Result<Token, QueryError> {
        let value_column = self.at + 1;
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
