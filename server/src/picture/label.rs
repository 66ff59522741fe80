//! Boxes of text: how wide a label is, and where it can stand without touching another.

/// Height of a line of text at the map's size.
pub(crate) const LINE: f64 = 17.0;

/// A box in a picture's units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) x0: f64,
    pub(crate) y0: f64,
    pub(crate) x1: f64,
    pub(crate) y1: f64,
}

impl Area {
    pub(crate) fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0, y0, x1, y1 }
    }

    pub(crate) fn around(x: f64, y: f64, radius: f64) -> Self {
        Self::new(x - radius, y - radius, x + radius, y + radius)
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    pub(crate) fn within(&self, outer: &Self) -> bool {
        self.x0 >= outer.x0 && self.y0 >= outer.y0 && self.x1 <= outer.x1 && self.y1 <= outer.y1
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        Self::new(
            self.x0.min(other.x0),
            self.y0.min(other.y0),
            self.x1.max(other.x1),
            self.y1.max(other.y1),
        )
    }
}

/// About how wide `text` is at the map's 13.5 units. Errs on the wide side: a label that is thought too wide is
/// hidden, one that is thought too narrow overlaps.
pub(crate) fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

fn advance(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | '!' => 4.2,
        'f' | 't' | 'r' | 'I' | '-' | '(' | ')' | ' ' => 5.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 12.6,
        'A'..='Z' => 9.6,
        '\u{0000}'..='\u{024f}' => 8.0,
        // Combining marks stand on the letter before.
        '\u{0300}'..='\u{036f}' | '\u{064b}'..='\u{065f}' => 0.0,
        '\u{0600}'..='\u{08ff}' => 8.4,
        '\u{0900}'..='\u{0dff}' => 10.0,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffef}' | '\u{20000}'.. => 14.5,
        _ => 9.4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_boxes_do_not_overlap() {
        let area = Area::new(10.0, 10.0, 20.0, 20.0);
        assert!(!area.overlaps(&Area::new(20.0, 10.0, 30.0, 20.0)));
        assert!(area.overlaps(&Area::new(19.0, 19.0, 30.0, 30.0)));
    }

    #[test]
    fn wide_scripts_take_more_room() {
        assert!(width("漢字漢字") > width("abcd"));
        assert!(width("mmmm") > width("iiii"));
    }
}
