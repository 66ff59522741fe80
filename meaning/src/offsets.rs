//! Where the texts of a language lie as a whole, measured once on a text that exists in all of them.
//!
//! The table is made by `discover-bench offsets` from the Universal Declaration of Human Rights and holds vectors only.
//! It belongs to multilingual-e5-small; whether a model is that one is seen by how it reads two sentences.

use std::collections::BTreeMap;

use discover_model::Language;

use crate::vector::{Vector, cosine};

/// Code of the mean of all languages in the table.
pub const BASE: &str = "all";
const MAGIC: &[u8; 4] = b"DOF1";
/// Read by a model to see whether the table is of it.
const PROBES: [&str; 2] = [
    "The library is open until eight in the evening.",
    "My neighbour's dog barks at every passing train.",
];
/// Least cosine to how the table's model read the probes: rounding of its weights costs a hundredth or two.
const SAME_MODEL: f32 = 0.9;

/// Mean vectors by language, and what tells the model they are of.
#[derive(Debug, Clone, PartialEq)]
pub struct Offsets {
    probes: [Vector; 2],
    base: Vector,
    languages: BTreeMap<Language, Vector>,
}

impl Offsets {
    /// The built-in table.
    pub(crate) fn built_in() -> Option<Self> {
        Self::from_bytes(include_bytes!("offsets.bin"))
    }

    /// Sentences by whose vectors a model is known.
    pub fn probes() -> [&'static str; 2] {
        PROBES
    }

    /// A table of these means; the base is the mean of the languages.
    pub fn of(probes: [Vector; 2], languages: BTreeMap<Language, Vec<f32>>) -> Self {
        let mut base = vec![0.0; probes[0].dimensions()];
        for mean in languages.values() {
            for (sum, x) in base.iter_mut().zip(mean) {
                *sum += x / languages.len() as f32;
            }
        }
        Self {
            probes,
            base: with_length(&base),
            languages: languages
                .into_iter()
                .map(|(language, mean)| (language, with_length(&mean)))
                .collect(),
        }
    }

    /// Whether the table is of the model that read the probes so.
    pub(crate) fn fits(&self, probes: &[Vector; 2]) -> bool {
        self.probes.iter().zip(probes).all(|(ours, theirs)| {
            ours.dimensions() == theirs.dimensions()
                && cosine((&ours.values, ours.scale), (&theirs.values, theirs.scale)) >= SAME_MODEL
        })
    }

    pub(crate) fn base(&self) -> &Vector {
        &self.base
    }

    pub(crate) fn of_language(&self, language: Language) -> Option<&Vector> {
        self.languages.get(&language)
    }

    /// Whether it is known where this language lies.
    pub fn knows(&self, language: Language) -> bool {
        self.languages.contains_key(&language)
    }

    pub fn languages(&self) -> usize {
        self.languages.len()
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend((self.base.dimensions() as u16).to_le_bytes());
        for probe in &self.probes {
            bytes.extend(probe.to_bytes());
        }
        let rows = self
            .languages
            .iter()
            .map(|(code, row)| (code.as_str(), row));
        for (code, row) in std::iter::once((BASE, &self.base)).chain(rows) {
            let mut name = [0; 3];
            name[..code.len()].copy_from_slice(code.as_bytes());
            bytes.extend(name);
            bytes.extend(row.to_bytes());
        }
        bytes
    }

    /// What [`Self::to_bytes`] wrote; nothing where these are not such bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (dimensions, rest) = rest.split_first_chunk::<2>()?;
        let size = 4 + usize::from(u16::from_le_bytes(*dimensions));
        let (first, rest) = rest.split_at_checked(size)?;
        let (second, rest) = rest.split_at_checked(size)?;
        let mut base = None;
        let mut languages = BTreeMap::new();
        let rows = rest.chunks_exact(3 + size);
        if !rows.remainder().is_empty() {
            return None;
        }
        for row in rows {
            let code = std::str::from_utf8(&row[..3]).ok()?.trim_end_matches('\0');
            let mean = Vector::from_bytes(&row[3..])?;
            if code == BASE {
                base = Some(mean);
            } else {
                languages.insert(code.parse().ok()?, mean);
            }
        }
        Some(Self {
            probes: [Vector::from_bytes(first)?, Vector::from_bytes(second)?],
            base: base?,
            languages,
        })
    }
}

/// A mean in 8 bits; unlike a text's vector it keeps its length, which is below 1.
fn with_length(mean: &[f32]) -> Vector {
    let mut rounded = Vector::of(mean);
    rounded.scale *= crate::vector::length(mean);
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_can_be_read_and_is_small() {
        let bytes = include_bytes!("offsets.bin");
        assert!(bytes.len() < 48 << 10, "{} bytes", bytes.len());
        let table = Offsets::built_in().expect("the built-in table");
        assert!(table.languages() >= 70, "{} languages", table.languages());
        for code in ["en", "cy", "pl", "ur", "ar", "bn"] {
            let language = code.parse().expect("a code");
            assert!(table.of_language(language).is_some(), "{code}");
        }
        assert_eq!(table.to_bytes(), bytes);
    }

    #[test]
    fn a_table_is_of_the_model_that_reads_the_probes_alike() {
        let table = Offsets::built_in().expect("the built-in table");
        assert!(table.fits(&table.probes));
        let [first, second] = table.probes.clone();
        assert!(!table.fits(&[second, first]));
        let short = Vector::of(&[1.0, 2.0]);
        assert!(!table.fits(&[short.clone(), short]));
    }

    #[test]
    fn a_damaged_table_is_no_table() {
        let bytes = include_bytes!("offsets.bin");
        for cut in [0, 3, 5, 300, bytes.len() - 1] {
            assert_eq!(Offsets::from_bytes(&bytes[..cut]), None, "{cut}");
        }
    }
}
