//! Relations between two conversations and the reasons for them, in words.

use discover_model::{ConversationId, Language};
use jiff::civil::Date;

/// A link between two conversations. Score and reasons of a pair are the same from either side.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    pub other: ConversationId,
    /// 0..1, best first in every list.
    pub score: f32,
    /// Heaviest first; never empty.
    pub reasons: Vec<Reason>,
}

/// Why two conversations are related.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// Both link to the same page.
    SharedLink { url: String, weight: f32 },
    /// One text is nearly the other's.
    NearCopy { weight: f32 },
    /// Both use the same telling words.
    SharedTerms { terms: Vec<String>, weight: f32 },
    /// One links to the other.
    Quote { weight: f32 },
    /// Several telling words and the same days, in different networks.
    SameEvent { day: Date, weight: f32 },
    /// A model of meaning finds that both say much the same; in which languages, where these are two.
    Meaning {
        languages: Option<[Language; 2]>,
        weight: f32,
    },
}

impl Reason {
    /// The kind's name in the API.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SharedLink { .. } => "shared_link",
            Self::NearCopy { .. } => "near_copy",
            Self::SharedTerms { .. } => "shared_terms",
            Self::Quote { .. } => "quote",
            Self::SameEvent { .. } => "same_event",
            Self::Meaning { .. } => "meaning",
        }
    }

    pub const fn weight(&self) -> f32 {
        match self {
            Self::SharedLink { weight, .. }
            | Self::NearCopy { weight }
            | Self::SharedTerms { weight, .. }
            | Self::Quote { weight }
            | Self::SameEvent { weight, .. }
            | Self::Meaning { weight, .. } => *weight,
        }
    }

    /// The reason as a reader sees it.
    pub fn words(&self) -> String {
        match self {
            Self::SharedLink { .. } => "both link to the same page".to_owned(),
            Self::NearCopy { .. } => "nearly the same text".to_owned(),
            Self::SharedTerms { terms, .. } => format!("both speak of {}", terms.join(", ")),
            Self::Quote { .. } => "one links to the other".to_owned(),
            Self::SameEvent { day, .. } => format!("both speak of the same thing around {day}"),
            Self::Meaning {
                languages: Some([one, other]),
                ..
            } => format!(
                "say much the same, in {} and {} (found by a machine)",
                one.english_name(),
                other.english_name()
            ),
            Self::Meaning { .. } => "say much the same (found by a machine)".to_owned(),
        }
    }
}
