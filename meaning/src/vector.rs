//! A vector in 8 bits: whole numbers from -127 to 127 and one scale for all of them.

/// What a text says, as the model sees it, at length 1 before it was rounded.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    pub(crate) scale: f32,
    pub(crate) values: Box<[i8]>,
}

impl Vector {
    /// Rounds `numbers`; nothing but zeros where they are none that can be compared.
    pub fn of(numbers: &[f32]) -> Self {
        let length = length(numbers);
        if !length.is_normal() {
            return Self {
                scale: 0.0,
                values: vec![0; numbers.len()].into(),
            };
        }
        let largest = numbers.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let turn = 127.0 / largest;
        Self {
            scale: largest / 127.0 / length,
            values: numbers.iter().map(|x| (x * turn).round() as i8).collect(),
        }
    }

    pub fn dimensions(&self) -> usize {
        self.values.len()
    }

    pub fn numbers(&self) -> impl Iterator<Item = f32> + '_ {
        self.values.iter().map(|x| f32::from(*x) * self.scale)
    }

    /// Scale, little end first, then one byte a number.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 + self.values.len());
        bytes.extend(self.scale.to_le_bytes());
        bytes.extend(self.values.iter().map(|x| x.to_le_bytes()[0]));
        bytes
    }

    /// What [`Self::to_bytes`] wrote; nothing where these are not such bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (scale, values) = bytes.split_first_chunk::<4>()?;
        let scale = f32::from_le_bytes(*scale);
        (scale.is_finite() && scale >= 0.0 && !values.is_empty()).then(|| Self {
            scale,
            values: values.iter().map(|x| i8::from_le_bytes([*x])).collect(),
        })
    }
}

pub(crate) fn length(numbers: &[f32]) -> f32 {
    numbers.iter().map(|x| x * x).sum::<f32>().sqrt()
}

/// Cosine of two rounded vectors: the sum is of whole numbers, so it is the same in any order and from either side.
pub(crate) fn cosine(a: (&[i8], f32), b: (&[i8], f32)) -> f32 {
    let sum: i32 =
        a.0.iter()
            .zip(b.0)
            .map(|(x, y)| i32::from(*x) * i32::from(*y))
            .sum();
    sum as f32 * (a.1 * b.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounding_keeps_the_direction_and_bytes_keep_the_rounding(
            numbers in proptest::collection::vec(-1.0_f32..1.0, 64)
        ) {
            prop_assume!(length(&numbers) > 0.1);
            let vector = Vector::of(&numbers);
            let back = Vector::from_bytes(&vector.to_bytes()).expect("bytes of a vector");
            prop_assert_eq!(&back, &vector);
            let dot: f32 = vector.numbers().zip(&numbers).map(|(x, y)| x * y).sum();
            prop_assert!(dot / length(&numbers) > 0.995);
        }
    }

    #[test]
    fn what_has_no_direction_is_like_nothing() {
        for numbers in [[0.0; 4], [f32::NAN; 4], [f32::INFINITY; 4]] {
            let vector = Vector::of(&numbers);
            let side = (&vector.values[..], vector.scale);
            assert!(cosine(side, side).abs() < f32::EPSILON);
        }
        assert_eq!(Vector::from_bytes(&[0, 0]), None);
        assert_eq!(Vector::from_bytes(&[0, 0, 0xc0, 0x7f, 1]), None);
    }
}
