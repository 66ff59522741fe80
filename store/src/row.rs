//! Small conversions between rows and domain values.

use std::str::FromStr;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::StoreError;
use crate::database::Row;

pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(crate) fn bad(column: &str, value: impl std::fmt::Debug) -> StoreError {
    StoreError::BadRow {
        column: column.to_owned(),
        value: format!("{value:?}").chars().take(80).collect(),
    }
}

pub(crate) fn id(row: &Row, column: &str) -> Result<[u8; 16], StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map_err(|_| bad(column, bytes))
}

pub(crate) fn maybe_id(row: &Row, column: &str) -> Result<Option<[u8; 16]>, StoreError> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    bytes
        .map(|bytes| bytes.try_into().map_err(|_| bad(column, bytes)))
        .transpose()
}

pub(crate) fn time(row: &Row, column: &str) -> Result<Timestamp, StoreError> {
    moment(row.try_get(column)?, column)
}

pub(crate) fn maybe_time(row: &Row, column: &str) -> Result<Option<Timestamp>, StoreError> {
    row.try_get::<Option<i64>, _>(column)?
        .map(|at| moment(at, column))
        .transpose()
}

pub(crate) fn moment(at: i64, column: &str) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(at).map_err(|_| bad(column, at))
}

/// A value that is kept as text and read with `FromStr`.
pub(crate) fn parsed<T: FromStr>(row: &Row, column: &str) -> Result<T, StoreError> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| bad(column, text))
}

/// A value that is kept as JSON.
pub(crate) fn json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, StoreError> {
    let text: &str = row.try_get(column)?;
    serde_json::from_str(text).map_err(|_| bad(column, text))
}

/// A plain enum that is kept as its serde name.
pub(crate) fn word<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, StoreError> {
    let text: &str = row.try_get(column)?;
    from_word(text).ok_or_else(|| bad(column, text))
}

pub(crate) fn from_word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

/// The serde name of a plain enum.
pub(crate) fn name(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => unreachable!("a plain enum becomes a string"),
    }
}

pub(crate) fn count(row: &Row, column: &str) -> Result<u64, StoreError> {
    let value: i64 = row.try_get(column)?;
    u64::try_from(value).map_err(|_| bad(column, value))
}

/// Ids as one JSON parameter, read in SQL with `SELECT unhex(value) FROM json_each(?)`: one prepared statement
/// serves lists of any length.
pub(crate) fn id_list(ids: impl IntoIterator<Item = [u8; 16]>) -> String {
    let mut list = String::from("[");
    for id in ids {
        if list.len() > 1 {
            list.push(',');
        }
        list.push('"');
        push_hex(&mut list, &id);
        list.push('"');
    }
    list.push(']');
    list
}

/// Row numbers as one JSON parameter.
pub(crate) fn number_list(numbers: impl IntoIterator<Item = i64>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(|n| n.to_string()).collect();
    format!("[{}]", numbers.join(","))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    push_hex(&mut text, bytes);
    text
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// A limit as SQL takes it.
pub(crate) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
