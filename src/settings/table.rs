//! Reads a TOML table key by key and keeps track of what was asked for, so that the rest can be named as unknown.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::SignedDuration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Collector, nearest};

/// A view of one table; call [`Table::finish`] when every known key was asked for.
#[derive(Debug)]
pub(super) struct Table<'t, 'i> {
    entries: &'t DeTable<'i>,
    /// The table's header, for mistakes about what is missing.
    pub(super) at: Range<usize>,
    /// What the table is called in messages, for example `[[network]]`.
    name: &'static str,
    known: BTreeSet<&'static str>,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) at: Range<usize>,
}

impl<'t, 'i> Table<'t, 'i> {
    pub(super) fn new(table: &'t DeTable<'i>, at: Range<usize>, name: &'static str) -> Self {
        Self {
            entries: table,
            at,
            name,
            known: BTreeSet::new(),
        }
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.known.insert(key);
        self.entries.get(key)
    }

    /// Whether `key` is written at all.
    pub(super) fn has(&mut self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    fn wrong(
        &self,
        found: &Spanned<DeValue<'i>>,
        key: &str,
        expected: &str,
        mistakes: &mut Collector,
    ) {
        mistakes.add(
            found.span(),
            format!(
                "`{key}` in {} must be {expected}, not {}",
                self.name,
                found.get_ref().type_str()
            ),
            format!("write {key} = {expected}"),
        );
    }

    pub(super) fn string(
        &mut self,
        key: &'static str,
        mistakes: &mut Collector,
    ) -> Option<At<String>> {
        let found = self.get(key)?;
        if let Some(text) = found.get_ref().as_str() {
            return Some(At {
                value: text.to_owned(),
                at: found.span(),
            });
        }
        self.wrong(found, key, "a text in quotes", mistakes);
        None
    }

    pub(super) fn required(
        &mut self,
        key: &'static str,
        example: &str,
        mistakes: &mut Collector,
    ) -> Option<At<String>> {
        if !self.entries.contains_key(key) {
            self.known.insert(key);
            mistakes.add(
                self.at.clone(),
                format!("{} has no `{key}`", self.name),
                format!("add {key} = {example}"),
            );
            return None;
        }
        let found = self.string(key, mistakes)?;
        if found.value.trim().is_empty() {
            mistakes.add(
                found.at,
                format!("`{key}` is empty"),
                format!("write {key} = {example}"),
            );
            return None;
        }
        Some(found)
    }

    pub(super) fn boolean(&mut self, key: &'static str, mistakes: &mut Collector) -> Option<bool> {
        let found = self.get(key)?;
        if found.get_ref().as_bool().is_none() {
            self.wrong(found, key, "true or false", mistakes);
        }
        found.get_ref().as_bool()
    }

    pub(super) fn integer(
        &mut self,
        key: &'static str,
        range: Range<i64>,
        mistakes: &mut Collector,
    ) -> Option<i64> {
        let found = self.get(key)?;
        let Some(integer) = found.get_ref().as_integer() else {
            self.wrong(found, key, "a whole number", mistakes);
            return None;
        };
        let number = i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok();
        if let Some(number) = number.filter(|number| range.contains(number)) {
            return Some(number);
        }
        mistakes.add(
            found.span(),
            format!("`{key}` is out of range"),
            format!(
                "use a whole number from {} to {}",
                range.start,
                range.end - 1
            ),
        );
        None
    }

    pub(super) fn number(
        &mut self,
        key: &'static str,
        mistakes: &mut Collector,
    ) -> Option<At<f64>> {
        let found = self.get(key)?;
        let text = match found.get_ref() {
            DeValue::Float(float) => float.as_str().to_owned(),
            DeValue::Integer(integer) => integer.as_str().to_owned(),
            _ => {
                self.wrong(found, key, "a number", mistakes);
                return None;
            }
        };
        let value = text.replace('_', "").parse().ok()?;
        Some(At {
            value,
            at: found.span(),
        })
    }

    /// A duration such as `"1h"` or `"90 min"`.
    pub(super) fn duration(
        &mut self,
        key: &'static str,
        mistakes: &mut Collector,
    ) -> Option<At<SignedDuration>> {
        let found = self.string(key, mistakes)?;
        if let Ok(value) = found.value.parse::<SignedDuration>() {
            return Some(At {
                value,
                at: found.at,
            });
        }
        mistakes.add(
            found.at,
            format!("`{key}` is not a length of time: {:?}", found.value),
            format!("write for example {key} = \"1h\" or \"30m\""),
        );
        None
    }

    pub(super) fn date_text(
        &mut self,
        key: &'static str,
        mistakes: &mut Collector,
    ) -> Option<At<jiff::civil::Date>> {
        let found = self.get(key)?;
        let text = match found.get_ref() {
            DeValue::Datetime(datetime) => datetime.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        if let Ok(value) = text.parse() {
            return Some(At {
                value,
                at: found.span(),
            });
        }
        self.wrong(found, key, "a date such as 2026-11-22", mistakes);
        None
    }

    pub(super) fn strings(
        &mut self,
        key: &'static str,
        mistakes: &mut Collector,
    ) -> Vec<At<String>> {
        let Some(found) = self.get(key) else {
            return Vec::new();
        };
        let Some(array) = found.get_ref().as_array() else {
            self.wrong(found, key, "a list of texts, [\"…\"]", mistakes);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for entry in array {
            match entry.get_ref().as_str() {
                Some(text) => texts.push(At {
                    value: text.to_owned(),
                    at: entry.span(),
                }),
                None => self.wrong(entry, key, "a list of texts, [\"…\"]", mistakes),
            }
        }
        texts
    }

    /// A value out of a closed set of words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        mistakes: &mut Collector,
    ) -> Option<T> {
        let found = self.string(key, mistakes)?;
        let known: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == found.value) {
            return Some(*value);
        }
        let fix = match nearest(&found.value, &known) {
            Some(near) => format!("did you mean \"{near}\"? Possible: {}", known.join(", ")),
            None => format!("possible: {}", known.join(", ")),
        };
        mistakes.add(
            found.at,
            format!("`{key}` cannot be {:?}", found.value),
            fix,
        );
        None
    }

    pub(super) fn table(
        &mut self,
        key: &'static str,
        name: &'static str,
        mistakes: &mut Collector,
    ) -> Option<Table<'t, 'i>> {
        let found = self.get(key)?;
        if let Some(table) = found.get_ref().as_table() {
            Some(Table::new(table, found.span(), name))
        } else {
            self.wrong(found, key, "a table", mistakes);
            None
        }
    }

    /// Tables of an array such as `[[network]]`.
    pub(super) fn tables(
        &mut self,
        key: &'static str,
        name: &'static str,
        mistakes: &mut Collector,
    ) -> Vec<Table<'t, 'i>> {
        let Some(found) = self.get(key) else {
            return Vec::new();
        };
        let Some(array) = found.get_ref().as_array() else {
            self.wrong(found, key, name, mistakes);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for entry in array {
            match entry.get_ref().as_table() {
                Some(table) => tables.push(Table::new(table, entry.span(), name)),
                None => self.wrong(entry, key, name, mistakes),
            }
        }
        tables
    }

    /// Reports every key that was never asked for.
    pub(super) fn finish(self, mistakes: &mut Collector) {
        let known: Vec<&str> = self.known.iter().copied().collect();
        for (key, _) in self.entries {
            if self.known.contains(key.get_ref().as_ref()) {
                continue;
            }
            let fix = match nearest(key.get_ref(), &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("remove it; known here: {}", known.join(", ")),
            };
            mistakes.add(
                key.span(),
                format!("unknown key `{}` in {}", key.get_ref(), self.name),
                fix,
            );
        }
    }
}
