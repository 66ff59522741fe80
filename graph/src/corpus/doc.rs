//! A conversation in the graph. What was read of it lies in one list of numbers: there are as many of these as
//! conversations, and a list each for terms, links and signature would cost as much as what they hold.

use std::sync::Arc;

use discover_model::ConversationId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::corpus::facts::Facts;
use crate::corpus::near_copies;
use crate::corpus::place::Place;

/// What orders conversations whatever order they came in: when and what is said, then where; the id only where all else is
/// equal.
pub(crate) type ContentKey = (Date, u64, u64, ConversationId);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Doc {
    pub(crate) facts: Arc<Facts>,
    /// Terms in order of first use, two words each; links; the signature, in what is left.
    words: Box<[u32]>,
    terms: u16,
    links: u16,
    pub(crate) place: Place,
    /// The hash of its address, by which links find it.
    #[serde(skip)]
    pub(crate) address: u64,
    /// A hash of its title and text: what tells it from others of the day, whatever ids and addresses it was given.
    #[serde(skip)]
    pub(crate) content: u64,
}

/// A term of a conversation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Term {
    pub(crate) number: u32,
    /// How often it is used, a title's words several times.
    pub(crate) count: u16,
    /// The spelling that the conversation uses first.
    pub(crate) form: u16,
}

impl Doc {
    pub(crate) fn new(
        facts: Facts,
        terms: &[Term],
        links: &[u32],
        signature: &[u32],
        place: Place,
        address: u64,
    ) -> Self {
        let content = content(&facts, signature);
        let terms = &terms[..terms.len().min(usize::from(u16::MAX))];
        let links = &links[..links.len().min(usize::from(u16::MAX))];
        let mut words = Vec::with_capacity(2 * terms.len() + links.len() + signature.len());
        words.extend(terms.iter().flat_map(|term| term.packed()));
        words.extend(links);
        words.extend(signature);
        let mut doc = Self {
            facts: Arc::new(facts),
            words: words.into(),
            terms: terms.len() as u16,
            links: links.len() as u16,
            place,
            address,
            content,
        };
        doc.links_mut().sort_unstable();
        doc
    }

    fn ends(&self) -> (usize, usize) {
        let terms = 2 * usize::from(self.terms);
        (terms, terms + usize::from(self.links))
    }

    pub(crate) fn terms(&self) -> impl Iterator<Item = Term> + '_ {
        let words = &self.words[..self.ends().0];
        words.chunks_exact(2).map(|pair| Term::of(pair[0], pair[1]))
    }

    /// Sorted.
    pub(crate) fn links(&self) -> &[u32] {
        let (from, to) = self.ends();
        &self.words[from..to]
    }

    fn links_mut(&mut self) -> &mut [u32] {
        let (from, to) = self.ends();
        &mut self.words[from..to]
    }

    /// What stands for its text when near copies are looked for; empty where it has none.
    pub(crate) fn signature(&self) -> &[u32] {
        &self.words[self.ends().1..]
    }

    /// Gives terms and links other numbers.
    pub(crate) fn renumber(
        &mut self,
        mut term: impl FnMut(u32) -> u32,
        mut link: impl FnMut(u32) -> u32,
    ) {
        let (terms, links) = self.ends();
        for number in self.words[..terms].iter_mut().step_by(2) {
            *number = term(*number);
        }
        for number in &mut self.words[terms..links] {
            *number = link(*number);
        }
        self.links_mut().sort_unstable();
    }

    /// Whether its parts are as long as they say; to be asked first of one that was loaded.
    pub(crate) fn is_sound(&self) -> bool {
        let signature = self.words.len().checked_sub(self.ends().1);
        signature.is_some_and(near_copies::is_length)
    }
}

/// A hash of title and text; the signature stands for the text.
pub(crate) fn content(facts: &Facts, signature: &[u32]) -> u64 {
    signature
        .iter()
        .fold(near_copies::hash(facts.title().as_bytes()), |sum, word| {
            near_copies::mix(sum ^ u64::from(*word))
        })
}

impl Term {
    fn packed(self) -> [u32; 2] {
        let uses = u32::from(self.count) << 16 | u32::from(self.form);
        [self.number, uses]
    }

    const fn of(number: u32, uses: u32) -> Self {
        Self {
            number,
            count: (uses >> 16) as u16,
            form: uses as u16,
        }
    }
}
