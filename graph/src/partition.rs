//! Topics at three zoom levels from one hierarchy.

use crate::leiden::{Net, aggregate, compact, leiden, mass};

/// Communities of every node at levels 0 (coarse), 1 (middle), 2 (fine); each level lies within the one before.
pub(crate) fn levels(net: &Net) -> [Vec<u32>; 3] {
    let total = mass(net).max(f64::MIN_POSITIVE);
    let middle = leiden(net, 4.0 / total, None, None);
    let fine = leiden(net, 16.0 / total, None, Some(&middle));
    let mut parts = middle.clone();
    let count = compact(&mut parts);
    let above = leiden(
        &aggregate(net, &parts, count as usize),
        1.0 / total,
        None,
        None,
    );
    let coarse = parts.iter().map(|part| above[*part as usize]).collect();
    [coarse, middle, fine]
}
