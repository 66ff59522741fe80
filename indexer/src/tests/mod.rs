//! The index as its users see it.

mod answers;
mod durability;
mod highlights;
mod languages;
mod paging;
mod spellings;
mod support;
mod visibility;
