//! Areas that networks serve: stated by their owners, never read from a post.
//!
//! Written as `council: Ashmere`. Two networks mean the same area where kind and name are the same but for case, accents
//! and signs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::folded;

/// Most areas that one network may state.
const MAX_AREAS: usize = 40;
/// Longest name of an area, in characters.
const MAX_NAME: usize = 80;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaKind {
    Council,
    Ward,
    HealthBoard,
}

impl AreaKind {
    pub const ALL: [Self; 3] = [Self::Council, Self::Ward, Self::HealthBoard];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Council => "council",
            Self::Ward => "ward",
            Self::HealthBoard => "health-board",
        }
    }
}

/// An area that a network says it serves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Area {
    kind: AreaKind,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    #[error("an area is written as its kind and its name: \"council: Ashmere\"")]
    Form,
    #[error("the kind of an area is council, ward or health-board")]
    Kind,
    #[error("the name of an area has letters, and at most {MAX_NAME} characters")]
    Name,
    #[error("a network serves at most {MAX_AREAS} areas")]
    Many,
}

impl Area {
    pub fn new(kind: AreaKind, name: &str) -> Result<Self, AreaError> {
        let words: Vec<&str> = name.split_whitespace().collect();
        let name = words.join(" ");
        let fits = name.chars().count() <= MAX_NAME
            && name.chars().any(char::is_alphanumeric)
            && !name.chars().any(char::is_control);
        if fits {
            Ok(Self { kind, name })
        } else {
            Err(AreaError::Name)
        }
    }

    pub const fn kind(&self) -> AreaKind {
        self.kind
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// What stands for it in addresses, such as `council-ashmere`.
    pub fn slug(&self) -> String {
        let folded = folded(&self.name);
        let mut slug = self.kind.as_str().to_owned();
        for word in folded.split(|c: char| !c.is_alphanumeric()) {
            if !word.is_empty() {
                slug.push('-');
                slug.push_str(word);
            }
        }
        slug
    }
}

/// Areas as a network states them: each once, in order.
pub fn distinct(areas: impl IntoIterator<Item = Area>) -> Result<Vec<Area>, AreaError> {
    let mut areas: Vec<Area> = areas.into_iter().collect();
    areas.sort_by_cached_key(|area| (area.slug(), area.name.clone()));
    areas.dedup_by_key(|area| area.slug());
    if areas.len() > MAX_AREAS {
        return Err(AreaError::Many);
    }
    Ok(areas)
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.name)
    }
}

impl FromStr for Area {
    type Err = AreaError;

    fn from_str(text: &str) -> Result<Self, AreaError> {
        let (kind, name) = text.split_once(':').ok_or(AreaError::Form)?;
        let kind = kind.trim();
        let kind = AreaKind::ALL.into_iter().find(|one| one.as_str() == kind);
        Self::new(kind.ok_or(AreaError::Kind)?, name)
    }
}

impl TryFrom<String> for Area {
    type Error = AreaError;

    fn try_from(text: String) -> Result<Self, AreaError> {
        text.parse()
    }
}

impl From<Area> for String {
    fn from(area: Area) -> Self {
        area.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_area_is_one_however_it_is_spelled() {
        let read = |text: &str| text.parse::<Area>();
        let areas = ["council: Bryn  Môr", "council:bryn mor", "ward: Bryn Môr"].map(read);
        let areas = distinct(areas.into_iter().flatten()).expect("few");
        let slugs: Vec<String> = areas.iter().map(Area::slug).collect();
        assert_eq!(slugs, ["council-bryn-mor", "ward-bryn-mor"]);
        assert_eq!(read(&areas[1].to_string()), Ok(areas[1].clone()));
    }

    #[test]
    fn what_is_no_area_is_told_apart() {
        let read = |text: &str| text.parse::<Area>();
        assert_eq!(read("Ashmere"), Err(AreaError::Form));
        assert_eq!(read("town: Ashmere"), Err(AreaError::Kind));
        assert_eq!(read("ward: --"), Err(AreaError::Name));
        assert_eq!(
            read(&format!("ward: {}", "a".repeat(81))),
            Err(AreaError::Name)
        );
        let many = (0..=MAX_AREAS).map(|n| Area::new(AreaKind::Ward, &n.to_string()));
        assert_eq!(distinct(many.flatten()), Err(AreaError::Many));
    }
}
