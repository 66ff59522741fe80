//! Terms and addresses as small numbers, with how many conversations use them and a bounded list of those that use
//! them most. A term that nobody uses any more is forgotten, its text too.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// One conversation that uses a term.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Posting {
    pub(crate) slot: u32,
    pub(crate) impact: f32,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Folded; empty where the number is free.
    pub(crate) text: Box<str>,
    /// As people write it, where that differs.
    surface: Option<Box<str>>,
    /// Conversations that use it.
    pub(crate) used: u32,
    /// Highest impact first, then earliest.
    pub(crate) postings: Vec<Posting>,
    /// A posting left a list that had once turned others away: refill it.
    leaky: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Lexicon {
    entries: Vec<Entry>,
    free: Vec<u32>,
    #[serde(skip)]
    numbers: HashMap<Box<str>, u32>,
}

impl Lexicon {
    /// To be called after loading.
    pub(crate) fn restore(&mut self) {
        self.numbers = (0..)
            .zip(&self.entries)
            .filter(|(_, entry)| !entry.text.is_empty())
            .map(|(number, entry)| (entry.text.clone(), number))
            .collect();
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn get(&self, number: u32) -> &Entry {
        &self.entries[number as usize]
    }

    pub(crate) fn number(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    pub(crate) fn surface(&self, number: u32) -> &str {
        let entry = self.get(number);
        entry.surface.as_deref().unwrap_or(&entry.text)
    }

    /// The number of a term, made where it is new. `raw` is the word as written.
    pub(crate) fn intern(&mut self, text: &str, raw: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            let entry = &mut self.entries[number as usize];
            // An ordinary word is written small somewhere; a name never is.
            let capital = |word: &str| word.chars().any(char::is_uppercase);
            if entry.surface.as_deref().is_some_and(capital) && !capital(raw) {
                entry.surface = (raw != text).then(|| raw.into());
            }
            return number;
        }
        let entry = Entry {
            text: text.into(),
            surface: (raw != text && !raw.is_empty()).then(|| raw.into()),
            ..Entry::default()
        };
        let number = if let Some(number) = self.free.pop() {
            self.entries[number as usize] = entry;
            number
        } else {
            self.entries.push(entry);
            self.entries.len() as u32 - 1
        };
        self.numbers.insert(text.into(), number);
        number
    }

    /// Notes that a conversation uses a term.
    pub(crate) fn add(&mut self, number: u32, posting: Posting, cap: usize) {
        let entry = &mut self.entries[number as usize];
        entry.used += 1;
        insert(&mut entry.postings, posting, cap);
    }

    /// Takes a conversation's use of a term back; the term goes with its last use.
    pub(crate) fn take(&mut self, number: u32, slot: u32) {
        let entry = &mut self.entries[number as usize];
        entry.used = entry.used.saturating_sub(1);
        if entry.used == 0 {
            let text = std::mem::take(&mut entry.text);
            *entry = Entry::default();
            self.numbers.remove(&text);
            self.free.push(number);
            return;
        }
        if let Some(at) = entry
            .postings
            .iter()
            .position(|posting| posting.slot == slot)
        {
            let full = entry.used as usize >= entry.postings.len();
            entry.postings.remove(at);
            entry.leaky |= full;
        }
    }

    /// Terms whose lists must be refilled because a removal left room that others may take.
    pub(crate) fn leaky(&self) -> Vec<u32> {
        (0..)
            .zip(&self.entries)
            .filter(|(_, entry)| entry.leaky)
            .map(|(number, _)| number)
            .collect()
    }

    /// Empties a leaky list before it is refilled with [`Lexicon::refill`].
    pub(crate) fn drain(&mut self, number: u32) {
        let entry = &mut self.entries[number as usize];
        entry.postings.clear();
        entry.leaky = false;
    }

    pub(crate) fn refill(&mut self, number: u32, posting: Posting, cap: usize) {
        insert(&mut self.entries[number as usize].postings, posting, cap);
    }

    /// Whether every posting names one of so many slots.
    pub(crate) fn within(&self, slots: u32) -> bool {
        self.entries
            .iter()
            .flat_map(|entry| &entry.postings)
            .all(|posting| posting.slot < slots)
    }

    #[cfg(test)]
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .map(|entry| &*entry.text)
            .filter(|text| !text.is_empty())
    }
}

fn insert(postings: &mut Vec<Posting>, posting: Posting, cap: usize) {
    let at = postings.partition_point(|other| {
        other.impact > posting.impact
            || (other.impact >= posting.impact && other.slot < posting.slot)
    });
    if at >= cap {
        return;
    }
    if postings.len() == cap {
        postings.pop();
    }
    postings.insert(at, posting);
}
