//! Conversations in a space in which what they speak of decides, and not the language they speak.
//!
//! Texts of one language lie together. For each language what its texts have in common is taken away:
//!
//! ```text
//! m(language) = (n mean(language) + 20 (g + o)) / (n + 20)     v' = (v - m) / |v - m|
//! n, mean: the conversations held in it; g: mean of all; o: a fixed offset of the language, 0 where none is known
//! ```
//!
//! The own mean is best where a language speaks of much, but takes the subject away where it speaks of little.

use std::collections::{BTreeMap, HashMap};

use discover_model::{ConversationId, Language};
use jiff::Timestamp;

use crate::offsets::Offsets;
use crate::signs::Signs;
use crate::vector::{Vector, cosine, length};

/// How many conversations the general mean counts for beside a language's own, and the table's beside the general one.
const PRIOR: f64 = 20.0;
/// Candidates by signs that are compared exactly.
const CANDIDATES: usize = 300;
/// Random pairs by which is learned how alike any two conversations are.
const PAIRS: u64 = 20_000;
/// Share of them that are less alike than those that count.
const CHANCE: f64 = 0.99;
/// Share of the pairs that lie a standard deviation below the median, where chance decides, and how many of these chance
/// goes above it at most: near copies and few subjects make the highest no chance.
const BELOW: f64 = 0.16;
const SPREADS: f32 = 2.0;
/// What [`CHANCE`] gives on many conversations, and for how many conversations that counts.
const USUAL: (f32, f32) = (0.27, 20.0);

/// Cosine to a topic's middle that 99 of 100 conversations have to no topic but their own (docs/meaning.md).
const ON_SUBJECT: f32 = 0.28;

/// A conversation and its vector.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: ConversationId,
    pub language: Option<Language>,
    /// When it began, where that is known; of those that say the same, the earlier comes first.
    pub started: Option<Timestamp>,
    pub vector: Vector,
}

/// A conversation near another, or near a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub id: ConversationId,
    /// Likeness beyond chance, from 0 to 1.
    pub likeness: f32,
}

/// What is held, language taken out. The same set gives the same space, in whatever order it came.
#[derive(Debug)]
pub struct Space {
    dimensions: usize,
    centres: Centres,
    /// Cosine that all but one in a hundred random pairs stay below.
    chance: f32,
    /// None where a conversation went.
    rows: Vec<Option<Row>>,
    values: Vec<i8>,
    signs: Signs,
    places: HashMap<ConversationId, u32>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    id: ConversationId,
    language: Option<Language>,
    scale: f32,
}

/// What is taken away, by language.
#[derive(Debug)]
struct Centres {
    of: BTreeMap<Language, Vec<f32>>,
    /// For a text of a language that none held is in, and none known.
    any: Vec<f32>,
    offsets: Option<std::sync::Arc<Offsets>>,
    /// Mean of the table over the languages held, which its rows are taken relative to.
    mixture: Vec<f32>,
}

impl Space {
    /// A space of these conversations; those of other `dimensions` are left out.
    pub fn of(
        mut held: Vec<Entry>,
        dimensions: usize,
        offsets: Option<&std::sync::Arc<Offsets>>,
    ) -> Self {
        held.retain(|one| one.vector.dimensions() == dimensions);
        // By what is said, and when: an id is random, and arrival is chance.
        held.sort_by(|a, b| {
            let key = |one: &Entry| (one.language, one.started);
            (a.vector.values.cmp(&b.vector.values))
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| a.id.cmp(&b.id))
        });
        held.dedup_by_key(|one| one.id);
        let mut space = Self {
            dimensions,
            centres: Centres::of(&held, dimensions, offsets.cloned()),
            chance: USUAL.0,
            rows: Vec::with_capacity(held.len()),
            values: Vec::with_capacity(held.len() * dimensions),
            signs: Signs::new(dimensions),
            places: HashMap::with_capacity(held.len()),
        };
        for one in &held {
            space.push(one);
        }
        space.chance = space.learn_chance();
        space
    }

    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Conversations held.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub fn contains(&self, id: ConversationId) -> bool {
        self.places.contains_key(&id)
    }

    /// Adds a conversation, or its new vector, by what was learned of the others.
    pub fn put(&mut self, one: &Entry) {
        self.remove(one.id);
        if one.vector.dimensions() == self.dimensions {
            self.push(one);
        }
    }

    /// Forgets a conversation, its numbers too.
    pub fn remove(&mut self, id: ConversationId) {
        if let Some(place) = self.places.remove(&id) {
            let place = place as usize;
            self.rows[place] = None;
            self.values[place * self.dimensions..(place + 1) * self.dimensions].fill(0);
            self.signs.clear(place);
        }
    }

    /// Likeness of two conversations beyond chance, from 0 to 1, the same from either side.
    pub fn likeness(&self, a: ConversationId, b: ConversationId) -> Option<f32> {
        let (a, b) = (self.side(a)?, self.side(b)?);
        Some(self.beyond_chance(cosine(a, b)))
    }

    /// The conversations most like one, best first, those no more like it than chance left out.
    pub fn nearest(&self, id: ConversationId, most: usize) -> Vec<Near> {
        self.side(id)
            .map(|side| self.near(side, Some(id), most))
            .unwrap_or_default()
    }

    /// The conversations most like a text in some language.
    pub fn nearest_to(&self, text: &Vector, language: Option<Language>, most: usize) -> Vec<Near> {
        if text.dimensions() != self.dimensions {
            return Vec::new();
        }
        let text = self.centres.taken_from(text, language);
        self.near((&text.values, text.scale), None, most)
    }

    /// How near a topic's members lie to its subject, in the same order: the cosine to the middle of the half that lies
    /// nearest to the middle of all; 1 is nearer than 99 of 100 conversations are to topics not theirs. None for a member
    /// without a vector, and for all where fewer than half have one.
    pub fn nearness(&self, members: &[ConversationId]) -> Option<Vec<Option<f32>>> {
        let sides: Vec<Option<(&[i8], f32)>> = members.iter().map(|id| self.side(*id)).collect();
        let known: Vec<(&[i8], f32)> = sides.iter().flatten().copied().collect();
        if known.len() < 3 || known.len() * 2 < members.len() {
            return None;
        }
        let middle = self.middle(&known);
        let mut nearest: Vec<(f32, usize)> = (0..)
            .zip(&known)
            .map(|(at, side)| (cosine(*side, (&middle.values, middle.scale)), at))
            .collect();
        nearest.sort_by(|a, b| b.0.total_cmp(&a.0));
        nearest.truncate(known.len().div_ceil(2));
        let inner: Vec<(&[i8], f32)> = nearest.iter().map(|(_, at)| known[*at]).collect();
        let middle = self.middle(&inner);
        // Where all speak of one field, any two are more alike.
        let bar = ON_SUBJECT.max(self.chance);
        let near = |side: (&[i8], f32)| cosine(side, (&middle.values, middle.scale)) / bar;
        Some(sides.into_iter().map(|side| side.map(near)).collect())
    }

    /// Where these lie as a whole, in whatever order they are named.
    fn middle(&self, sides: &[(&[i8], f32)]) -> Vector {
        let mut sums = vec![0.0_f64; self.dimensions];
        for (values, scale) in sides {
            for (sum, x) in sums.iter_mut().zip(*values) {
                *sum += f64::from(*x) * f64::from(*scale);
            }
        }
        let sums: Vec<f32> = sums.iter().map(|sum| *sum as f32).collect();
        Vector::of(&sums)
    }

    /// A conversation's vector with the language taken out: its numbers and their scale.
    pub fn vector(&self, id: ConversationId) -> Option<(&[i8], f32)> {
        self.side(id)
    }

    /// A text's vector with the language taken out.
    pub fn place(&self, text: &Vector, language: Option<Language>) -> Vector {
        self.centres.taken_from(text, language)
    }

    pub fn language(&self, id: ConversationId) -> Option<Language> {
        self.rows[*self.places.get(&id)? as usize]?.language
    }

    /// Cosine that all but one in a hundred pairs of conversations stay below.
    pub fn chance(&self) -> f32 {
        self.chance
    }

    pub fn beyond_chance(&self, cosine: f32) -> f32 {
        ((cosine - self.chance) / (1.0 - self.chance)).clamp(0.0, 1.0)
    }

    fn push(&mut self, one: &Entry) {
        let vector = self.centres.taken_from(&one.vector, one.language);
        self.places.insert(one.id, self.rows.len() as u32);
        self.rows.push(Some(Row {
            id: one.id,
            language: one.language,
            scale: vector.scale,
        }));
        self.signs.push(&vector.values);
        self.values.extend(&vector.values);
    }

    fn side(&self, id: ConversationId) -> Option<(&[i8], f32)> {
        let place = *self.places.get(&id)?;
        self.row(place).map(|(_, side)| side)
    }

    fn row(&self, place: u32) -> Option<(Row, (&[i8], f32))> {
        let place = place as usize;
        let row = self.rows[place]?;
        let values = &self.values[place * self.dimensions..(place + 1) * self.dimensions];
        Some((row, (values, row.scale)))
    }

    fn near(&self, side: (&[i8], f32), own: Option<ConversationId>, most: usize) -> Vec<Near> {
        let candidates = self.signs.nearest(side.0, CANDIDATES.max(most * 4));
        let mut near: Vec<Near> = candidates
            .into_iter()
            .filter_map(|place| self.row(place))
            .filter(|(row, _)| Some(row.id) != own)
            .map(|(row, other)| Near {
                id: row.id,
                likeness: self.beyond_chance(cosine(side, other)),
            })
            .filter(|near| near.likeness > 0.0)
            .collect();
        // Stable: those equally near stay in the order of what they say.
        near.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
        near.truncate(most);
        near
    }

    /// How alike any two are: of all pairs where they are few, else of pairs that a fixed sequence draws.
    fn learn_chance(&self) -> f32 {
        let rows = self.rows.len() as u64;
        if rows < 2 {
            return USUAL.0;
        }
        let between = |a: u64, b: u64| -> f32 {
            match (self.row(a as u32), self.row(b as u32)) {
                (Some((_, a)), Some((_, b))) => cosine(a, b),
                _ => 0.0,
            }
        };
        let mut cosines: Vec<f32> = if rows * (rows - 1) / 2 <= PAIRS {
            (0..rows)
                .flat_map(|a| (a + 1..rows).map(move |b| (a, b)))
                .map(|(a, b)| between(a, b))
                .collect()
        } else {
            let mut draw = sequence();
            (0..PAIRS)
                .map(|_| {
                    let a = draw(rows);
                    between(a, (a + 1 + draw(rows - 1)) % rows)
                })
                .collect()
        };
        cosines.sort_unstable_by(f32::total_cmp);
        let part = |part: f64| cosines[((cosines.len() - 1) as f64 * part) as usize];
        // Where more than one pair in a hundred belongs together, the highest are no chance: then the width below the
        // median says how far chance goes above it.
        let spread = part(0.5) - part(BELOW);
        let found = part(CHANCE).min(part(0.5) + SPREADS * spread);
        // Of a few conversations that speak of one thing, all pairs are alike.
        let rows = rows as f32;
        ((found * rows + USUAL.0 * USUAL.1) / (rows + USUAL.1)).clamp(0.0, 0.9)
    }
}

impl Centres {
    fn of(held: &[Entry], dimensions: usize, offsets: Option<std::sync::Arc<Offsets>>) -> Self {
        let offsets = offsets.filter(|table| table.base().dimensions() == dimensions);
        let mut sums: BTreeMap<Option<Language>, (f64, Vec<f64>)> = BTreeMap::new();
        for one in held {
            let (count, sum) = sums
                .entry(one.language)
                .or_insert_with(|| (0.0, vec![0.0; dimensions]));
            *count += 1.0;
            for (sum, x) in sum.iter_mut().zip(one.vector.numbers()) {
                *sum += f64::from(x);
            }
        }
        let mut all = (0.0, vec![0.0; dimensions]);
        let mut mixture = (0.0, vec![0.0; dimensions]);
        for (language, (count, sum)) in &sums {
            all.0 += count;
            for (all, sum) in all.1.iter_mut().zip(sum) {
                *all += sum;
            }
            let row = language
                .zip(offsets.as_ref())
                .and_then(|(language, table)| table.of_language(language));
            if let Some(row) = row {
                mixture.0 += count;
                for (sum, x) in mixture.1.iter_mut().zip(row.numbers()) {
                    *sum += f64::from(x) * count;
                }
            }
        }
        let base = offsets.as_ref().map(|table| table.base());
        let mixture: Vec<f32> = if mixture.0 > 0.0 {
            mixture
                .1
                .iter()
                .map(|sum| (sum / mixture.0) as f32)
                .collect()
        } else {
            base.map_or_else(|| vec![0.0; dimensions], |base| base.numbers().collect())
        };
        // Of a few conversations the mean is their subject: what texts have in common anywhere stands beside it.
        let prior = if offsets.is_some() { PRIOR } else { 0.0 };
        let any: Vec<f32> = all
            .1
            .iter()
            .zip(&mixture)
            .map(|(sum, usual)| {
                ((sum + prior * f64::from(*usual)) / (all.0 + prior).max(1.0)) as f32
            })
            .collect();
        let mut centres = Self {
            of: BTreeMap::new(),
            any,
            offsets,
            mixture,
        };
        for (language, (count, sum)) in sums {
            let Some(language) = language else { continue };
            let usual = centres.usual(Some(language));
            let mean = sum
                .iter()
                .zip(usual)
                .map(|(sum, usual)| ((sum + PRIOR * f64::from(usual)) / (count + PRIOR)) as f32)
                .collect();
            centres.of.insert(language, mean);
        }
        centres
    }

    /// The general mean, moved to where the language lies.
    fn usual(&self, language: Option<Language>) -> Vec<f32> {
        let row = language
            .zip(self.offsets.as_ref())
            .and_then(|(language, table)| table.of_language(language));
        match row {
            Some(row) => self
                .any
                .iter()
                .zip(row.numbers().zip(&self.mixture))
                .map(|(any, (row, mixture))| any + row - mixture)
                .collect(),
            None => self.any.clone(),
        }
    }

    fn taken_from(&self, vector: &Vector, language: Option<Language>) -> Vector {
        let usual;
        let centre = match language.and_then(|language| self.of.get(&language)) {
            Some(centre) => centre,
            None => {
                usual = self.usual(language);
                &usual
            }
        };
        let moved: Vec<f32> = vector.numbers().zip(centre).map(|(x, m)| x - m).collect();
        // What lies at the centre itself, such as the only text of a model without a table, points nowhere.
        if length(&moved) < 1e-3 {
            return Vector::of(&vec![0.0; moved.len()]);
        }
        Vector::of(&moved)
    }
}

/// A fixed sequence of numbers below what is asked for (SplitMix64, Steele et al. 2014).
fn sequence() -> impl FnMut(u64) -> u64 {
    let mut state = 0x5eed_u64;
    move |below| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIMENSIONS: usize = 64;

    /// Texts of six subjects in three languages: a subject points one way, a language lies far off as a whole.
    fn world() -> Vec<Entry> {
        let mut draw = sequence();
        let mut random = |spread: f32| -> Vec<f32> {
            (0..DIMENSIONS)
                .map(|_| (draw(2001) as f32 / 1000.0 - 1.0) * spread)
                .collect()
        };
        let subjects: Vec<Vec<f32>> = (0..6).map(|_| random(1.0)).collect();
        let languages: Vec<Vec<f32>> = (0..3).map(|_| random(2.0)).collect();
        let mut held = Vec::new();
        for number in 0..180_usize {
            let noise = random(0.5);
            let (subject, language) = (&subjects[number % 6], &languages[(number / 6) % 3]);
            let numbers: Vec<f32> = (0..DIMENSIONS)
                .map(|at| subject[at] + language[at] + noise[at])
                .collect();
            held.push(Entry {
                id: ConversationId::from_u128(number as u128 + 1),
                language: Some(
                    ["en", "ur", "pl"][(number / 6) % 3]
                        .parse()
                        .expect("a code"),
                ),
                started: Some(Timestamp::UNIX_EPOCH),
                vector: Vector::of(&numbers),
            });
        }
        held
    }

    fn subject(id: ConversationId) -> u128 {
        (id.as_u128() - 1) % 6
    }

    #[test]
    fn the_nearest_speak_of_the_same_and_mostly_in_other_languages() {
        let space = Space::of(world(), DIMENSIONS, None);
        let (mut same, mut across, mut all) = (0, 0, 0);
        for one in world() {
            for near in space.nearest(one.id, 20) {
                all += 1;
                same += usize::from(subject(near.id) == subject(one.id));
                across += usize::from(space.language(near.id) != one.language);
            }
        }
        assert!(all > 3000, "{all}");
        assert!(same * 100 >= all * 97, "{same} of {all}");
        // Of the 29 others on a subject 20 speak another language.
        assert!(across * 2 >= all, "{across} of {all}");
    }

    #[test]
    fn the_order_of_arrival_changes_nothing() {
        let (forth, mut turned) = (world(), world());
        turned.reverse();
        let (a, b) = (
            Space::of(forth.clone(), DIMENSIONS, None),
            Space::of(turned, DIMENSIONS, None),
        );
        assert_eq!(a.chance().to_bits(), b.chance().to_bits());
        for one in forth {
            assert_eq!(a.nearest(one.id, 15), b.nearest(one.id, 15));
            assert_eq!(a.vector(one.id), b.vector(one.id));
        }
    }

    #[test]
    fn likeness_is_the_same_from_either_side() {
        let space = Space::of(world(), DIMENSIONS, None);
        let id = |number| ConversationId::from_u128(number);
        for (a, b) in [(1, 7), (2, 90), (3, 4)] {
            let (one, other) = (space.likeness(id(a), id(b)), space.likeness(id(b), id(a)));
            assert!(one.is_some());
            assert_eq!(one, other);
        }
        assert_eq!(space.likeness(id(1), id(999)), None);
    }

    #[test]
    fn a_newcomer_finds_its_subject_and_who_is_gone_is_not_found() {
        let mut held = world();
        let newcomer = held.pop().expect("one");
        let mut space = Space::of(held, DIMENSIONS, None);
        space.put(&newcomer);
        let near = space.nearest(newcomer.id, 5);
        assert_eq!(near.len(), 5);
        assert!(
            near.iter()
                .all(|near| subject(near.id) == subject(newcomer.id))
        );

        let (gone, numbers) = (near[0].id, near.len());
        space.remove(gone);
        assert_eq!(space.vector(gone), None);
        let after = space.nearest(newcomer.id, 5);
        assert!(after.len() == numbers && after.iter().all(|near| near.id != gone));
        assert!(space.nearest(gone, 5).is_empty());
    }

    #[test]
    fn a_member_of_another_subject_does_not_hang_on_the_topic() {
        let space = Space::of(world(), DIMENSIONS, None);
        let mut members: Vec<ConversationId> = world()
            .iter()
            .map(|one| one.id)
            .filter(|id| subject(*id) == 2)
            .collect();
        members.truncate(12);
        members.push(ConversationId::from_u128(5));
        let near = space.nearness(&members).expect("all have vectors");
        let judged: Vec<bool> = near.into_iter().map(|near| near >= Some(1.0)).collect();
        assert_eq!(judged.iter().filter(|on| **on).count(), 12);
        assert!(!judged[12]);
        let unknown = [ConversationId::from_u128(9999); 3];
        assert_eq!(space.nearness(&unknown), None);
    }

    #[test]
    fn one_alone_and_none_at_all_are_like_nothing() {
        let one = world().remove(0);
        assert!(Space::of(Vec::new(), DIMENSIONS, None).is_empty());
        let space = Space::of(vec![one.clone()], DIMENSIONS, None);
        assert!(space.nearest(one.id, 3).is_empty());
        let other_model = Space::of(vec![one], 32, None);
        assert!(other_model.is_empty());
    }
}
