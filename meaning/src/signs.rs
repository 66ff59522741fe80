//! The signs of a vector's numbers, one bit each: 48 bytes for 384 numbers. How many differ says about how far two
//! vectors point apart (Charikar 2002), so that a flat scan finds candidates for the exact measure.

/// Signs of equally long vectors, in rows.
#[derive(Debug, Default)]
pub(crate) struct Signs {
    words: Vec<u64>,
    /// Words of one row.
    width: usize,
}

impl Signs {
    pub(crate) fn new(dimensions: usize) -> Self {
        Self {
            words: Vec::new(),
            width: dimensions.div_ceil(64).max(1),
        }
    }

    pub(crate) fn push(&mut self, values: &[i8]) {
        self.words.extend(Self::row(values, self.width));
    }

    /// Leaves nothing of a row.
    pub(crate) fn clear(&mut self, row: usize) {
        self.words[row * self.width..(row + 1) * self.width].fill(0);
    }

    fn row(values: &[i8], width: usize) -> impl Iterator<Item = u64> + '_ {
        let packed = values.chunks(64).map(|chunk| {
            chunk.iter().enumerate().fold(0, |word, (bit, value)| {
                word | (u64::from(*value > 0) << bit)
            })
        });
        packed.chain(std::iter::repeat(0)).take(width)
    }

    /// At least `most` rows (all, where there are fewer) whose signs differ least from those of `values`, in order of
    /// their rows. Rows as near as the last are all among them, up to twice as many: then the first of them.
    pub(crate) fn nearest(&self, values: &[i8], most: usize) -> Vec<u32> {
        let rows = self.words.len() / self.width;
        if rows <= most {
            return (0..rows as u32).collect();
        }
        let own: Vec<u64> = Self::row(values, self.width).collect();
        let apart: Vec<u16> = self
            .words
            .chunks_exact(self.width)
            .map(|row| {
                row.iter()
                    .zip(&own)
                    .map(|(a, b)| (a ^ b).count_ones() as u16)
                    .sum()
            })
            .collect();
        let mut counts = vec![0_usize; self.width * 64 + 1];
        for distance in &apart {
            counts[usize::from(*distance)] += 1;
        }
        let mut found = 0;
        let last = counts
            .iter()
            .position(|count| {
                found += count;
                found >= most
            })
            .unwrap_or(counts.len()) as u16;
        let at_last = 2 * most - (found - counts[usize::from(last)]);
        let mut taken = 0;
        (0..)
            .zip(&apart)
            .filter(|(_, distance)| {
                taken += usize::from(**distance == last);
                **distance < last || (**distance == last && taken <= at_last)
            })
            .map(|(row, _)| row)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_whose_signs_differ_least_are_found() {
        let mut signs = Signs::new(70);
        for negative in 0..70_usize {
            let row: Vec<i8> = (0..70)
                .map(|at| if at < negative { -3 } else { 2 })
                .collect();
            signs.push(&row);
        }
        let asked: Vec<i8> = vec![1; 70];
        assert_eq!(signs.nearest(&asked, 3), [0, 1, 2]);
        assert_eq!(signs.nearest(&asked, 500).len(), 70);
    }

    #[test]
    fn what_is_equally_near_is_taken_up_to_twice_as_much() {
        let mut signs = Signs::new(64);
        for _ in 0..100 {
            signs.push(&[1; 64]);
        }
        assert_eq!(signs.nearest(&[1; 64], 10).len(), 20);
    }
}
