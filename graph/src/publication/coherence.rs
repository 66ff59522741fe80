//! Common coherence: the terms that a topic's central texts have in common. By it a topic is shown and named.
//!
//! Clustering gathers what is left over too, by a stray word here and another there. Such a topic has members and
//! numbers but no subject. It is told from one that has by asking whether there is a single term on which half of its
//! most central texts turn, beyond those that would by chance (Cohen's correction: of the texts that chance leaves). A
//! text turns on the terms that decide where it belongs, the heaviest few: a long text uses nearly every common word.
//! Chance is how many of all conversations use the term: what everybody says is nobody's subject.

use crate::publication::measure::Member;

/// A set of the texts read: a bit for each.
pub(crate) type Texts = u64;

/// How far a term, or several together, reach among the texts read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reach {
    /// The texts that turn on it.
    pub(crate) texts: Texts,
    /// Part of all conversations that use it.
    pub(crate) chance: f32,
}

impl Reach {
    pub(crate) const NONE: Self = Self {
        texts: 0,
        chance: 0.0,
    };

    /// Part of so many texts read that it reaches, of those that chance leaves.
    pub(super) fn beyond_chance(self, read: usize) -> f32 {
        let share = self.texts.count_ones() as f32 / read as f32;
        (share - self.chance) / (1.0 - self.chance).max(f32::MIN_POSITIVE)
    }
}

/// What the central texts of a topic have in common.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Coherence {
    /// Places in the list of members of the texts read, most central first; none where a mask hides one.
    pub(crate) read: Vec<Option<u32>>,
    /// Reach of the most widespread terms.
    pub(super) shared: Vec<Reach>,
}

impl Coherence {
    /// Whether the topic has a subject: half of what is left turns on it, in two networks where there are several.
    pub(crate) fn holds(&self, members: &[Member]) -> bool {
        let several = members
            .iter()
            .any(|member| member.facts.network != members[0].facts.network);
        self.shared
            .iter()
            .any(|reach| self.is_half(*reach) && (!several || self.is_of_several(*reach, members)))
    }

    /// Whether half of what is left turns on one word, of whatever networks.
    pub(crate) fn holds_alone(&self) -> bool {
        self.shared.iter().any(|reach| self.is_half(*reach))
    }

    /// Whether texts of two networks turn on it; a near copy turns on what the one that was read does.
    fn is_of_several(&self, reach: Reach, members: &[Member]) -> bool {
        let turn = self
            .read
            .iter()
            .enumerate()
            .filter(|(bit, _)| reach.texts & (1 << bit) != 0);
        let groups: Vec<u32> = turn
            .filter_map(|(_, at)| Some(members[(*at)? as usize].copies))
            .collect();
        let mut networks = members
            .iter()
            .filter(|member| groups.contains(&member.copies))
            .map(|member| member.facts.network);
        let first = networks.next();
        networks.any(|network| Some(network) != first)
    }

    /// The texts that turn on any of what makes it a subject.
    pub(crate) fn on_subject(&self) -> Texts {
        let subjects = self.shared.iter().filter(|reach| self.is_half(**reach));
        subjects.fold(0, |texts, reach| texts | reach.texts)
    }

    /// Whether it reaches half of the texts that are left, beyond chance.
    pub(crate) fn is_half(&self, reach: Reach) -> bool {
        let left = self.left();
        let (of, all) = ((reach.texts & left).count_ones(), left.count_ones());
        all > 0 && 2.0 * of as f32 >= all as f32 * (1.0 + reach.chance)
    }

    /// The one of two that reaches farther.
    pub(crate) fn farther(&self, one: Reach, other: Reach) -> Reach {
        let beyond = |reach: Reach| reach.beyond_chance(self.read.len());
        if beyond(other) > beyond(one) {
            other
        } else {
            one
        }
    }

    /// The same with every place as the one that `places` holds for it.
    pub(crate) fn moved(mut self, places: &[u32]) -> Self {
        for at in self.read.iter_mut().flatten() {
            *at = places[*at as usize];
        }
        self
    }

    /// Without the members that have no new place.
    pub(crate) fn reduced(&self, places: &[Option<u32>]) -> Self {
        let new = |at: &Option<u32>| at.and_then(|at| places[at as usize]);
        Self {
            read: self.read.iter().map(new).collect(),
            shared: self.shared.clone(),
        }
    }

    fn left(&self) -> Texts {
        let bits = self.read.iter().enumerate();
        bits.filter(|(_, at)| at.is_some())
            .fold(0, |left, (bit, _)| left | 1 << bit)
    }
}
