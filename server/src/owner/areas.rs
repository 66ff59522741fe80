//! Areas served, as owners type them: a field for each kind, names parted by commas. All fields empty: no one area.

use discover_model::Area;
use discover_model::area::{AreaError, AreaKind, distinct};

use crate::text::words;

/// The three fields, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) councils: String,
    pub(super) wards: String,
    pub(super) boards: String,
}

impl Fields {
    pub(super) fn of(areas: &[Area]) -> Self {
        let names = |kind: AreaKind| {
            let of_kind = areas.iter().filter(|area| area.kind() == kind);
            of_kind.map(Area::name).collect::<Vec<_>>().join(", ")
        };
        Self {
            councils: names(AreaKind::Council),
            wards: names(AreaKind::Ward),
            boards: names(AreaKind::HealthBoard),
        }
    }

    /// The areas, or what is wrong with them in words.
    pub(super) fn read(&self) -> Result<Vec<Area>, String> {
        let mut areas = Vec::new();
        for (kind, typed) in [
            (AreaKind::Council, &self.councils),
            (AreaKind::Ward, &self.wards),
            (AreaKind::HealthBoard, &self.boards),
        ] {
            for name in typed.split(',').filter(|name| !name.trim().is_empty()) {
                areas.push(Area::new(kind, name).map_err(said)?);
            }
        }
        distinct(areas).map_err(said)
    }
}

fn said(error: AreaError) -> String {
    format!("{}.", words::sentence(&error.to_string()))
}

/// Areas in a sentence.
pub(super) fn listed(areas: &[Area]) -> String {
    let name = |area: &Area| words::area(area.kind().as_str(), area.name());
    let names: Vec<String> = areas.iter().map(name).collect();
    if names.is_empty() {
        "no one area".to_owned()
    } else {
        words::list(&names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_and_shown_again_as_it_was_typed() {
        let typed = Fields {
            councils: "Ashmere, Brackenford".to_owned(),
            wards: String::new(),
            boards: " Wexmoor ,".to_owned(),
        };
        let areas = typed.read().expect("areas");
        assert_eq!(
            listed(&areas),
            "Ashmere (council), Brackenford (council) and Wexmoor (health board)"
        );
        let again = Fields::of(&areas);
        assert_eq!(again.boards, "Wexmoor");
        assert_eq!(again.read(), Ok(areas));
        assert_eq!(listed(&[]), "no one area");
        let wrong = Fields {
            wards: "--".to_owned(),
            ..Fields::default()
        };
        assert!(wrong.read().is_err());
    }
}
