//! Small numbers found by what they stand for.
//!
//! A map from ids to slots, or from words to numbers, would hold every id and every word a second time. Here only the
//! number is held; what it stands for is looked up where it is kept anyway.

use std::hash::{BuildHasher, Hash, RandomState};

use hashbrown::HashTable;

/// `key_of` in every method gives what a number stands for; it must give the same as long as the number is held.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner {
    table: HashTable<u32>,
    seed: RandomState,
}

impl Interner {
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.table.clear();
    }

    pub(crate) fn get<K: Hash + Eq>(
        &self,
        key: K,
        key_of: impl Fn(u32) -> Option<K>,
    ) -> Option<u32> {
        let key = Some(key);
        let hash = self.seed.hash_one(&key);
        let found = self.table.find(hash, |number| key_of(*number) == key);
        found.copied()
    }

    /// Holds a number, in the place of any other that stands for the same.
    pub(crate) fn insert<K: Hash + Eq>(&mut self, number: u32, key_of: impl Fn(u32) -> Option<K>) {
        let Self { table, seed } = self;
        let key = key_of(number);
        let hash = seed.hash_one(&key);
        if let Some(held) = table.find_mut(hash, |other| key_of(*other) == key) {
            *held = number;
        } else {
            table.insert_unique(hash, number, |other| seed.hash_one(key_of(*other)));
        }
    }

    /// Gives a number up; to be called while it still stands for what it was held for.
    pub(crate) fn remove<K: Hash + Eq>(&mut self, number: u32, key_of: impl Fn(u32) -> Option<K>) {
        let hash = self.seed.hash_one(key_of(number));
        if let Ok(held) = self.table.find_entry(hash, |other| *other == number) {
            held.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_keys_through_growth_and_removal() {
        let keys: Vec<String> = (0..500)
            .map(|number| format!("key{}", number % 400))
            .collect();
        let key_of = |number: u32| keys.get(number as usize).map(String::as_str);
        let mut numbers = Interner::default();
        for number in 0..500 {
            numbers.insert(number, key_of);
        }
        assert_eq!(numbers.len(), 400);
        assert_eq!(numbers.get("key7", key_of), Some(407), "the later one");
        assert_eq!(numbers.get("key300", key_of), Some(300));
        numbers.remove(7, key_of);
        assert_eq!(numbers.get("key7", key_of), Some(407), "7 was not held");
        numbers.remove(407, key_of);
        assert_eq!(numbers.get("key7", key_of), None);
        assert_eq!(numbers.get("other", key_of), None);
    }
}
