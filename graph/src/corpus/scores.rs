//! Sums by small number, for sums of few numbers among many.

/// Sums by number in a table that stays small, however many there are.
pub(crate) struct Scores {
    slots: Vec<(u32, f32)>,
    used: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl Scores {
    /// For at most so many different numbers at a time.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            slots: vec![(FREE, 0.0); (2 * most.max(1)).next_power_of_two()],
            used: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, number: u32, score: f32) {
        let mask = self.slots.len() - 1;
        let mut at = (number.wrapping_mul(0x9e37_79b1) >> 7) as usize & mask;
        loop {
            let slot = &mut self.slots[at];
            if slot.0 == number {
                slot.1 += score;
                return;
            }
            if slot.0 == FREE {
                *slot = (number, score);
                self.used.push(at as u32);
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// Moves all sums out, in order of first mention.
    pub(crate) fn take(&mut self, out: &mut Vec<(f32, u32)>) {
        out.clear();
        for at in self.used.drain(..) {
            let slot = &mut self.slots[at as usize];
            out.push((slot.1, slot.0));
            slot.0 = FREE;
        }
    }
}
