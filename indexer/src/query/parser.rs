//! From tokens to the tree; every limit is enforced here.
//!
//! `query := and (OR and)*` · `and := either (AND? either)*` · `either := unary (("|" | or) unary)*` ·
//! `unary := (- | NOT) unary | ( query ) | leaf`

use std::str::FromStr;

use discover_model::text::{is_unspaced, segments, shows_nothing};
use discover_model::{Language, SourceKind, TopicId};
use jiff::civil::Date;

use super::ast::{Filter, Node, Period, Query, Unit};
use super::error::{QueryError, QueryErrorCode};
use super::lexer::{Placed, Token, tokens};
use super::suggest::nearest;

/// Longest query, in characters (code points), the same in every script.
pub const MAX_CHARS: usize = 512;
/// Deepest nesting of groups and negations.
pub const MAX_DEPTH: usize = 8;
/// Most words, phrases and fields.
pub const MAX_CLAUSES: usize = 32;
/// Fewest letters before a star. A character of a script written without spaces counts for two.
pub const MIN_PREFIX: usize = 3;

const FIELDS: [&str; 7] = [
    "network", "lang", "kind", "topic", "after", "before", "last",
];

/// Reads a query. Never panics, and takes time linear in the text.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(QueryError::too_large(
            MAX_CHARS + 1,
            format!("the query is longer than {MAX_CHARS} characters"),
        ));
    }
    let mut tokens = tokens(text)?;
    without_loose_fields(&tokens)?;
    spoken_or(&mut tokens);
    without_punctuation(&mut tokens)?;
    let mut parser = Parser {
        tokens,
        at: 0,
        clauses: 0,
        end: text.chars().count() + 1,
    };
    if parser.tokens.is_empty() {
        // Dashes that stand alone are punctuation, and there is nothing beside them.
        let sign = text
            .chars()
            .position(|c| !shows_nothing(c.encode_utf8(&mut [0; 4])));
        return sign.map_or_else(|| Ok(Query::default()), |at| Err(signs_alone(at + 1)));
    }
    let root = parser.or(0)?;
    match parser.peek() {
        None => Ok(Query { root }),
        Some(placed) => Err(QueryError::syntax(
            placed.column,
            "this bracket closes nothing",
            Some("remove it, or open a group before it".into()),
        )),
    }
}

fn is_said(text: &str) -> bool {
    segments(text).next().is_some()
}

fn signs_alone(column: usize) -> QueryError {
    QueryError::syntax(
        column,
        "signs cannot be searched for",
        Some("write a word; emoji count as words".into()),
    )
}

/// A field whose value stands apart (`network: leeds`) is told, as the value would be looked for as a word. A heading with
/// a colon in it (`The bus network: what now?`) is none.
fn without_loose_fields(tokens: &[Placed]) -> Result<(), QueryError> {
    for (at, placed) in tokens.iter().enumerate() {
        let Token::Word(text) = &placed.token else {
            continue;
        };
        let name = text.strip_suffix(':').map(str::to_ascii_lowercase);
        let Some(name) = name.filter(|name| FIELDS.contains(&name.as_str())) else {
            continue;
        };
        let meant = match tokens.get(at + 1).map(|next| &next.token) {
            None => at == 0,
            Some(Token::Word(value)) if name == "network" => {
                !value.is_empty() && (at == 0 || at + 2 == tokens.len())
            }
            Some(Token::Word(value)) => filter(&name, value, 0, 0).is_ok(),
            Some(_) => false,
        };
        if meant {
            return Err(QueryError::syntax(
                placed.column,
                format!("nothing stands right behind {name}:"),
                Some(format!(
                    "write the value without a blank before it, or leave out the colon to look for the word {name}"
                )),
            ));
        }
    }
    Ok(())
}

/// Takes away signs that stand by themselves as punctuation. Signs alone, in quotes or behind a minus are conditions, and
/// what holds no word cannot be looked for.
fn without_punctuation(tokens: &mut Vec<Placed>) -> Result<(), QueryError> {
    let unsaid = |token: &Token| match token {
        Token::Word(text) | Token::Prefix(text) | Token::Phrase { text, .. } => !is_said(text),
        _ => false,
    };
    let some_said = tokens.iter().any(|placed| {
        !unsaid(&placed.token) && !matches!(placed.token, Token::Open | Token::Close | Token::Not)
    });
    let mut refused = None;
    let mut before: Option<Token> = None;
    for placed in tokens.iter().filter(|placed| unsaid(&placed.token)) {
        let punctuation =
            matches!(&placed.token, Token::Word(text) if text.chars().all(is_punctuation));
        if !(some_said && punctuation) {
            refused = refused.or(Some(placed.column));
        }
    }
    for placed in tokens.iter() {
        if before == Some(Token::Not) && unsaid(&placed.token) {
            refused = refused.or(Some(placed.column));
        }
        before = Some(placed.token.clone());
    }
    if let Some(column) = refused {
        return Err(signs_alone(column));
    }
    tokens.retain(|placed| !unsaid(&placed.token));
    Ok(())
}

/// What stands between words in running text.
const fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '&' | '+'
            | '/'
            | ','
            | '.'
            | ';'
            | ':'
            | '?'
            | '!'
            | '…'
            | '·'
            | '•'
            | '-'
            | '–'
            | '—'
            | '\''
            | '’'
            | '*'
            | '_'
            | '~'
            | '#'
            | '>'
            | '<'
            | '='
            | '،'
            | '؛'
            | '؟'
            | '۔'
            | '।'
            | '、'
            | '。'
            | '，'
            | '？'
            | '！'
            | '：'
            | '；'
            | '['
            | ']'
            | '{'
            | '}'
            | '¿'
            | '¡'
    )
}

/// A small `or` between two conditions is one where the query is a list (`tea or coffee`) or is composed of more than
/// plain words; in a sentence it is a word.
fn spoken_or(tokens: &mut [Placed]) {
    let is_or =
        |token: &Token| matches!(token, Token::Word(text) if text.eq_ignore_ascii_case("or"));
    let composed = tokens
        .iter()
        .any(|placed| !matches!(placed.token, Token::Word(_)));
    let listed = tokens.len() >= 3
        && tokens.len() % 2 == 1
        && tokens
            .iter()
            .enumerate()
            .all(|(at, placed)| is_or(&placed.token) == (at % 2 == 1));
    if !(composed || listed) {
        return;
    }
    let ends = |token: &Token| {
        !matches!(
            token,
            Token::Open | Token::Or | Token::And | Token::Either | Token::Not
        )
    };
    let begins =
        |token: &Token| !matches!(token, Token::Close | Token::Or | Token::And | Token::Either);
    for at in 1..tokens.len().saturating_sub(1) {
        if is_or(&tokens[at].token) && ends(&tokens[at - 1].token) && begins(&tokens[at + 1].token)
        {
            tokens[at].token = Token::Either;
        }
    }
}

struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    clauses: usize,
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Placed> {
        self.tokens.get(self.at)
    }

    fn column(&self) -> usize {
        self.peek().map_or(self.end, |placed| placed.column)
    }

    fn take(&mut self) -> Option<Placed> {
        let placed = self.tokens.get(self.at).cloned();
        self.at += usize::from(placed.is_some());
        placed
    }

    fn is_next(&self, token: &Token) -> bool {
        self.peek().is_some_and(|placed| placed.token == *token)
    }

    fn or(&mut self, depth: usize) -> Result<Node, QueryError> {
        let mut branches = vec![self.and(depth)?];
        while self.is_next(&Token::Or) {
            self.at += 1;
            branches.push(self.and(depth)?);
        }
        Ok(one_or(branches, Node::Or))
    }

    fn and(&mut self, depth: usize) -> Result<Node, QueryError> {
        let mut parts = vec![self.either(depth)?];
        let mut insisted = false;
        loop {
            match self.peek().map(|placed| &placed.token) {
                None | Some(Token::Or | Token::Close) => break,
                Some(Token::And) => {
                    self.at += 1;
                    insisted = true;
                    parts.push(self.either(depth)?);
                }
                Some(_) => parts.push(self.either(depth)?),
            }
        }
        let joined = one_or(parts, Node::And);
        // Words joined by a written AND are one condition, which searching never loosens.
        Ok(if insisted {
            Node::And(vec![joined])
        } else {
            joined
        })
    }

    fn either(&mut self, depth: usize) -> Result<Node, QueryError> {
        let mut branches = vec![self.unary(depth)?];
        while self.is_next(&Token::Either) {
            self.at += 1;
            branches.push(self.unary(depth)?);
        }
        Ok(one_or(branches, Node::Or))
    }

    fn unary(&mut self, depth: usize) -> Result<Node, QueryError> {
        let column = self.column();
        if depth >= MAX_DEPTH {
            return Err(QueryError::too_large(
                column,
                format!("groups are nested more than {MAX_DEPTH} deep"),
            ));
        }
        let Some(Placed { token, column }) = self.take() else {
            return Err(QueryError::syntax(
                column,
                "a word is missing here",
                Some("the query ends where a word was expected".into()),
            ));
        };
        match token {
            Token::Not => Ok(Node::Not(Box::new(self.unary(depth + 1)?))),
            Token::Open => {
                if self.is_next(&Token::Close) {
                    return Err(QueryError::syntax(column, "this group is empty", None));
                }
                let inner = self.or(depth + 1)?;
                if !self.is_next(&Token::Close) {
                    return Err(QueryError::syntax(
                        column,
                        "this bracket is not closed",
                        Some("add ) after the group".into()),
                    ));
                }
                self.at += 1;
                Ok(inner)
            }
            Token::Close => Err(QueryError::syntax(
                column,
                "this bracket closes nothing",
                Some("remove it, or open a group before it".into()),
            )),
            Token::Or | Token::And | Token::Either => Err(QueryError::syntax(
                column,
                "there must be a word on both sides of this operator",
                Some("write or and and in small letters to search for the words themselves".into()),
            )),
            Token::Word(text) => self.leaf(column, Node::Word(text)),
            Token::Phrase { text, slop, prefix } => {
                self.leaf(column, Node::Phrase { text, slop, prefix })
            }
            Token::Prefix(text) => {
                prefix_is_long_enough(&text, column)?;
                self.leaf(column, Node::Prefix(text))
            }
            Token::Field {
                name,
                value,
                value_column,
            } => {
                let filter = filter(&name, &value, column, value_column)?;
                self.leaf(column, Node::Field(filter))
            }
        }
    }

    fn leaf(&mut self, column: usize, node: Node) -> Result<Node, QueryError> {
        self.clauses += 1;
        if self.clauses > MAX_CLAUSES {
            return Err(QueryError::too_large(
                column,
                format!("the query has more than {MAX_CLAUSES} words and conditions"),
            ));
        }
        Ok(node)
    }
}

fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    if nodes.len() == 1 {
        nodes.swap_remove(0)
    } else {
        many(nodes)
    }
}

fn prefix_is_long_enough(text: &str, column: usize) -> Result<(), QueryError> {
    let letters: usize = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| 1 + usize::from(is_unspaced(c)))
        .sum();
    if letters >= MIN_PREFIX {
        return Ok(());
    }
    Err(QueryError::syntax(
        column,
        format!("at least {MIN_PREFIX} letters must stand before the star"),
        None,
    ))
}

fn filter(
    name: &str,
    value: &str,
    column: usize,
    value_column: usize,
) -> Result<Filter, QueryError> {
    let wrong = |detail: String, hint: &str| {
        Err(QueryError::syntax(
            value_column,
            detail,
            Some(hint.to_owned()),
        ))
    };
    match name.to_ascii_lowercase().as_str() {
        "network" => Ok(Filter::Network {
            slug: value.to_lowercase(),
            column: value_column,
        }),
        "lang" | "language" => match Language::from_tag(value) {
            Some(language) => Ok(Filter::Language(language)),
            None => wrong(
                format!("{value:?} is not a language code"),
                "use a code such as lang:en, lang:cy or lang:ur",
            ),
        },
        "kind" => SourceKind::from_str(&value.to_ascii_lowercase())
            .map(Filter::Kind)
            .or_else(|_| {
                let known: Vec<&str> = SourceKind::ALL.iter().map(|kind| kind.as_str()).collect();
                let hint = nearest(value, &known).map_or_else(
                    || format!("kinds are {}", known.join(", ")),
                    |kind| format!("did you mean kind:{kind}?"),
                );
                wrong(format!("there is no kind {value:?}"), &hint)
            }),
        "topic" => value.parse::<TopicId>().map(Filter::Topic).or_else(|_| {
            wrong(
                format!("{value:?} is not the id of a topic"),
                "copy the id from the address of the topic's page",
            )
        }),
        "after" | "since" => day(value).map(Filter::After).map_or_else(
            || {
                wrong(
                    format!("{value:?} is not a date"),
                    "use after:2026, after:2026-09 or after:2026-09-14",
                )
            },
            Ok,
        ),
        "before" | "until" => day(value).map(Filter::Before).map_or_else(
            || {
                wrong(
                    format!("{value:?} is not a date"),
                    "use before:2026, before:2026-09 or before:2026-09-14",
                )
            },
            Ok,
        ),
        "last" => period(value).map(Filter::Last).map_or_else(
            || {
                wrong(
                    format!("{value:?} is not a length of time"),
                    "use last:30d, last:12w, last:6m or last:1y",
                )
            },
            Ok,
        ),
        _ => Err(QueryError {
            column,
            code: QueryErrorCode::UnknownField,
            detail: format!("there is no field {name:?}"),
            hint: Some(nearest(name, &FIELDS).map_or_else(
                || {
                    format!(
                        "fields are {}; put the text in quotation marks to search for it",
                        FIELDS.join(", ")
                    )
                },
                |field| format!("did you mean {field}:?"),
            )),
        }),
    }
}

/// First day of a year, month or day.
fn day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let number = |part: &str, digits: std::ops::RangeInclusive<usize>| -> Option<i16> {
        (digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse().ok())
            .flatten()
    };
    let year = number(parts.next()?, 4..=4)?;
    let month = parts.next().map_or(Some(1), |part| number(part, 1..=2))?;
    let day = parts.next().map_or(Some(1), |part| number(part, 1..=2))?;
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn period(text: &str) -> Option<Period> {
    let unit = match text.chars().last()? {
        'd' | 'D' => Unit::Day,
        'w' | 'W' => Unit::Week,
        'm' | 'M' => Unit::Month,
        'y' | 'Y' => Unit::Year,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: u16 = digits.parse().ok()?;
    (count > 0).then_some(Period { count, unit })
}
