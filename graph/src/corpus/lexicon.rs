//! Terms and addresses as small numbers, with how many conversations use them and a bounded list of those that use
//! them most. A term or a spelling that nobody uses any more is forgotten, its text too.

use serde::{Deserialize, Serialize};

use crate::corpus::interner::Interner;

/// Spellings of one term that are told apart; more say nothing new.
const FORMS: usize = 64;
/// The spelling that is the folded text itself.
pub(crate) const FOLDED: u16 = 0;

/// Okapi's saturation and share of length, and the length of an average conversation. A constant one, so that what a
/// term weighs in a conversation depends on that conversation alone.
const SATURATION: f32 = 3.0;
const LENGTH_SHARE: f32 = 0.75;
const LENGTH: f32 = 200.0;

/// One conversation that uses a term.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Posting {
    pub(crate) slot: u32,
    /// Half of it the impact, which is never negative, so that its bits are in order; half a part of the content's
    /// hash, which decides between equals whatever order they came in.
    rank: u32,
}

impl Posting {
    /// `content` is a hash of what the conversation says.
    pub(crate) fn new(slot: u32, impact: f32, content: u64) -> Self {
        let rank = impact.to_bits() & 0xffff_0000 | (content >> 48) as u32;
        Self { slot, rank }
    }

    pub(crate) fn impact(self) -> f32 {
        f32::from_bits(self.rank & 0xffff_0000)
    }
}

/// A term's part in a conversation of this length.
#[inline]
pub(crate) fn saturated(count: u16, length: f32) -> f32 {
    let count = f32::from(count);
    let size = 1.0 - LENGTH_SHARE + LENGTH_SHARE * length / LENGTH;
    (1.0 + SATURATION) * count / (count + SATURATION * size)
}

/// A spelling other than the folded text, and how many conversations write it first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Form {
    text: Box<str>,
    used: u32,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Folded; empty where the number is free.
    pub(crate) text: Box<str>,
    forms: Vec<Form>,
    /// Conversations that use it.
    pub(crate) used: u32,
    /// Highest impact first.
    pub(crate) postings: Vec<Posting>,
    /// A posting left a list that had once turned others away: refill it.
    leaky: bool,
}

impl Entry {
    /// The spelling that most conversations use; a word that somebody writes small is no name, so small ones go first.
    fn surface(&self) -> &str {
        let written: u32 = self.forms.iter().map(|form| form.used).sum();
        let small = |text: &str| !text.chars().any(char::is_uppercase);
        let forms = self.forms.iter().map(|form| (&*form.text, form.used));
        let folded = (&*self.text, self.used.saturating_sub(written));
        std::iter::once(folded)
            .chain(forms)
            .filter(|(_, used)| *used > 0)
            .max_by(|a, b| {
                small(a.0)
                    .cmp(&small(b.0))
                    .then(a.1.cmp(&b.1))
                    .then(b.0.cmp(a.0))
            })
            .map_or(&self.text, |(text, _)| text)
    }

    fn form(&mut self, raw: &str) -> u16 {
        if raw.is_empty() || raw == &*self.text {
            return FOLDED;
        }
        let known = self.forms.iter().position(|form| &*form.text == raw);
        let at = known.or_else(|| self.forms.iter().position(|form| form.used == 0));
        match at {
            Some(at) => {
                if known.is_none() {
                    self.forms[at].text = raw.into();
                }
                at as u16 + 1
            }
            None if self.forms.len() < FORMS => {
                self.forms.push(Form {
                    text: raw.into(),
                    used: 0,
                });
                self.forms.len() as u16
            }
            None => FOLDED,
        }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Lexicon {
    entries: Vec<Entry>,
    free: Vec<u32>,
    #[serde(skip)]
    numbers: Interner,
}

impl Lexicon {
    /// To be called after loading.
    pub(crate) fn restore(&mut self) {
        self.numbers.clear();
        for (number, entry) in (0..).zip(&self.entries) {
            if !entry.text.is_empty() {
                self.numbers.insert(number, text_of(&self.entries));
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn get(&self, number: u32) -> &Entry {
        &self.entries[number as usize]
    }

    pub(crate) fn number(&self, text: &str) -> Option<u32> {
        self.numbers.get(text, text_of(&self.entries))
    }

    /// A term as most people write it.
    pub(crate) fn surface(&self, number: u32) -> &str {
        self.get(number).surface()
    }

    /// A spelling of a term, by its number there.
    pub(crate) fn spelling(&self, number: u32, form: u16) -> &str {
        let entry = self.get(number);
        let form = usize::from(form).checked_sub(1);
        let form = form.and_then(|at| entry.forms.get(at));
        form.map_or(&entry.text, |form| &form.text)
    }

    /// The number of a term, made where it is new, and of its spelling `raw`.
    pub(crate) fn intern(&mut self, text: &str, raw: &str) -> (u32, u16) {
        let number = if let Some(number) = self.number(text) {
            number
        } else {
            let entry = Entry {
                text: text.into(),
                ..Entry::default()
            };
            let number = if let Some(number) = self.free.pop() {
                self.entries[number as usize] = entry;
                number
            } else {
                self.entries.push(entry);
                self.entries.len() as u32 - 1
            };
            self.numbers.insert(number, text_of(&self.entries));
            number
        };
        (number, self.entries[number as usize].form(raw))
    }

    /// Notes that a conversation uses a term.
    /// `key_of` tells equals apart by what the conversations of two slots say.
    pub(crate) fn add<K: Ord>(
        &mut self,
        number: u32,
        form: u16,
        posting: Posting,
        cap: usize,
        key_of: impl Fn(u32) -> K,
    ) {
        let entry = &mut self.entries[number as usize];
        entry.used += 1;
        if let Some(form) = usize::from(form)
            .checked_sub(1)
            .and_then(|at| entry.forms.get_mut(at))
        {
            form.used += 1;
        }
        insert(&mut entry.postings, posting, cap, key_of);
    }

    /// Takes a conversation's use of a term back; the term goes with its last use.
    pub(crate) fn take(&mut self, number: u32, form: u16, slot: u32) {
        if self.entries[number as usize].used <= 1 {
            self.numbers.remove(number, text_of(&self.entries));
            self.entries[number as usize] = Entry::default();
            self.free.push(number);
            return;
        }
        let entry = &mut self.entries[number as usize];
        entry.used -= 1;
        if let Some(form) = usize::from(form)
            .checked_sub(1)
            .and_then(|at| entry.forms.get_mut(at))
        {
            form.used = form.used.saturating_sub(1);
            if form.used == 0 {
                form.text = Box::default();
            }
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

    pub(crate) fn refill<K: Ord>(
        &mut self,
        number: u32,
        posting: Posting,
        cap: usize,
        key_of: impl Fn(u32) -> K,
    ) {
        let postings = &mut self.entries[number as usize].postings;
        insert(postings, posting, cap, key_of);
    }

    /// Gives every term the number that `numbers` holds for it and every posting the slot that `slots` holds for it.
    /// Numbers without one are given up; both must be free of doubles.
    pub(crate) fn renumber(&mut self, numbers: &[Option<u32>], slots: &[u32]) {
        let mut old: Vec<Entry> = std::mem::take(&mut self.entries);
        self.free.clear();
        let count = numbers.iter().flatten().count();
        self.entries = vec![Entry::default(); count];
        for (at, number) in numbers.iter().enumerate() {
            if let Some(number) = number {
                let mut entry = std::mem::take(&mut old[at]);
                for posting in &mut entry.postings {
                    posting.slot = slots[posting.slot as usize];
                }
                self.entries[*number as usize] = entry;
            }
        }
        self.restore();
    }

    /// Whether every posting names one of so many slots.
    pub(crate) fn within(&self, slots: u32) -> bool {
        self.entries
            .iter()
            .flat_map(|entry| &entry.postings)
            .all(|posting| posting.slot < slots)
    }

    /// Bytes of the lists of postings.
    pub(crate) fn posting_bytes(&self) -> usize {
        self.entries
            .iter()
            .map(|entry| entry.postings.capacity() * size_of::<Posting>())
            .sum()
    }

    #[cfg(test)]
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .map(|entry| &*entry.text)
            .filter(|text| !text.is_empty())
    }
}

fn text_of<'a>(entries: &'a [Entry]) -> impl Fn(u32) -> Option<&'a str> {
    |number| entries.get(number as usize).map(|entry| &*entry.text)
}

fn insert<K: Ord>(
    postings: &mut Vec<Posting>,
    posting: Posting,
    cap: usize,
    key_of: impl Fn(u32) -> K,
) {
    let goes_before = |other: &Posting| {
        other.rank > posting.rank
            || other.rank == posting.rank && key_of(other.slot) < key_of(posting.slot)
    };
    let full = postings.len() >= cap;
    if full && postings.last().is_none_or(&goes_before) {
        return;
    }
    let at = postings.partition_point(goes_before);
    if full {
        postings.pop();
    }
    postings.insert(at, posting);
}
