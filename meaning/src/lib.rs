//! Sentence vectors by a model in a local folder, language taken out of them, and nearest neighbours among them.
//!
//! Contract: nothing is fetched; a vector depends on its text alone, a [`Space`] on the set it holds, whatever the order
//! of arrival. Vectors tell much of their texts: they live and die with their conversations and never leave the process.
//! Method and figures: `docs/meaning.md`.

mod encoder;
mod folder;
mod offsets;
mod reading;
mod signs;
mod space;
mod vector;

pub use encoder::Encoder;
pub use folder::{Folder, MeaningError};
pub use offsets::{BASE, Offsets};
pub use reading::{digest, reading, reading_of};
pub use space::{Entry, Near, Space};
pub use vector::Vector;
