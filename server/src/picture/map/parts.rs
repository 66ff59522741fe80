//! What the parts of the map have in common: its measures, and the pieces that are drawn.

use crate::picture::Px;
use crate::shapes::Rank;

/// Width of the picture.
pub(super) const WIDTH: f64 = 1120.0;
/// Half the pen that draws hulls, and a little.
pub(super) const MARGIN: f64 = 26.0;
/// Above so many topics the picture would be too large with the reasons.
pub(super) const MANY: usize = 120;
/// Characters of a name in the strip.
pub(super) const NAMED: usize = 32;

#[derive(Debug, Clone, Copy)]
pub(super) struct Tie {
    pub(super) width: Px,
    pub(super) x1: Px,
    pub(super) y1: Px,
    pub(super) x2: Px,
    pub(super) y2: Px,
}

/// A circle around a topic that is lit.
#[derive(Debug)]
pub(super) struct Ring {
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) radius: Px,
}

/// One line of the strip.
#[derive(Debug)]
pub(super) struct Why {
    pub(super) line: f64,
    pub(super) with: String,
    pub(super) reason: String,
}

#[derive(Debug)]
pub(super) struct Label {
    pub(super) text: String,
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) anchor: &'static str,
}

/// The `n`th letter that stands for a name: `a` to `z`, then `aa`, `ab` and so on.
pub(super) fn letter(n: usize) -> String {
    let of = |n: usize| char::from(b'a' + (n % 26) as u8);
    match n.checked_sub(26) {
        None => of(n).to_string(),
        Some(more) => format!("{}{}", of(more / 26), of(more)),
    }
}

/// `text` cut at a word.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let cut = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(before, _)| before);
    format!("{}…", cut.trim_end_matches([',', ';', ':']))
}

/// How far the ring of an emerging topic lies outside its circle.
pub(super) const fn ring(list: Option<Rank>) -> f64 {
    match list {
        Some(Rank::Emerging) => 4.0,
        _ => 0.0,
    }
}
