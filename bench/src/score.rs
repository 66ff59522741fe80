//! Clustering scores and the cost of this process.

use std::collections::BTreeMap;
use std::fmt;

/// How well found clusters agree with true ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scores {
    pub(crate) nmi_arithmetic: f64,
    pub(crate) nmi_geometric: f64,
    pub(crate) ami: f64,
    pub(crate) ari: f64,
    pub(crate) b_cubed_precision: f64,
    pub(crate) b_cubed_recall: f64,
    pub b_cubed_f1: f64,
    pub(crate) truth: usize,
    pub(crate) found: usize,
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "clusters           {} true, {} found",
            self.truth, self.found
        )?;
        writeln!(
            f,
            "NMI                {:.4} arithmetic, {:.4} geometric",
            self.nmi_arithmetic, self.nmi_geometric
        )?;
        writeln!(f, "AMI                {:.4}", self.ami)?;
        writeln!(f, "ARI                {:.4}", self.ari)?;
        write!(
            f,
            "B-cubed F1         {:.4} (precision {:.4}, recall {:.4})",
            self.b_cubed_f1, self.b_cubed_precision, self.b_cubed_recall
        )
    }
}

/// Numbers for names, in order of first use.
fn numbers(names: &[String]) -> (Vec<usize>, Vec<f64>) {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sizes: Vec<f64> = Vec::new();
    let numbers = names
        .iter()
        .map(|name| {
            let next = known.len();
            let number = *known.entry(name).or_insert(next);
            if number == sizes.len() {
                sizes.push(0.0);
            }
            sizes[number] += 1.0;
            number
        })
        .collect();
    (numbers, sizes)
}

impl Scores {
    /// `truth` and `found` name the cluster of each item, in the same order.
    pub(crate) fn of(truth: &[String], found: &[String]) -> Self {
        let (a, sizes_a) = numbers(truth);
        let (b, sizes_b) = numbers(found);
        let n = a.len() as f64;
        let mut cells: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for pair in a.iter().copied().zip(b.iter().copied()) {
            *cells.entry(pair).or_default() += 1.0;
        }
        let entropy =
            |sizes: &[f64]| -> f64 { sizes.iter().map(|size| -size / n * (size / n).ln()).sum() };
        let (ha, hb) = (entropy(&sizes_a), entropy(&sizes_b));
        let mutual: f64 = cells
            .iter()
            .map(|((x, y), both)| both / n * (n * both / (sizes_a[*x] * sizes_b[*y])).ln())
            .sum();
        let expected = expected_mutual(&sizes_a, &sizes_b, n);
        let mean = f64::midpoint(ha, hb);
        let pairs = |count: f64| count * (count - 1.0) / 2.0;
        let together: f64 = cells.values().map(|both| pairs(*both)).sum();
        let (in_a, in_b): (f64, f64) = (
            sizes_a.iter().map(|size| pairs(*size)).sum(),
            sizes_b.iter().map(|size| pairs(*size)).sum(),
        );
        let chance = in_a * in_b / pairs(n).max(1.0);
        let precision: f64 = cells
            .iter()
            .map(|((_, y), both)| both * both / sizes_b[*y])
            .sum::<f64>()
            / n;
        let recall: f64 = cells
            .iter()
            .map(|((x, _), both)| both * both / sizes_a[*x])
            .sum::<f64>()
            / n;
        let ratio = |top: f64, bottom: f64| {
            if bottom.abs() < 1e-12 {
                1.0
            } else {
                top / bottom
            }
        };
        Self {
            nmi_arithmetic: ratio(mutual, mean),
            nmi_geometric: ratio(mutual, (ha * hb).sqrt()),
            ami: ratio(mutual - expected, mean - expected),
            ari: ratio(together - chance, f64::midpoint(in_a, in_b) - chance),
            b_cubed_precision: precision,
            b_cubed_recall: recall,
            b_cubed_f1: 2.0 * precision * recall / (precision + recall),
            truth: sizes_a.len(),
            found: sizes_b.len(),
        }
    }
}

/// Mutual information that chance alone would give (hypergeometric model).
fn expected_mutual(left: &[f64], right: &[f64], n: f64) -> f64 {
    let mut factorial = vec![0.0_f64];
    for k in 1..=n as usize {
        factorial.push(factorial[k - 1] + (k as f64).ln());
    }
    let log = |k: f64| factorial[k as usize];
    // Many clusters have the same size: each pair of sizes is worked out once.
    let count = |sizes: &[f64]| {
        let mut counts: BTreeMap<u64, f64> = BTreeMap::new();
        for size in sizes {
            *counts.entry(*size as u64).or_default() += 1.0;
        }
        counts
    };
    let mut sum = 0.0;
    for (x, times_x) in count(left) {
        for (y, times_y) in count(right) {
            let (x, y) = (x as f64, y as f64);
            let fixed = log(x) + log(y) + log(n - x) + log(n - y) - log(n);
            let mut both = (x + y - n).max(1.0);
            while both <= x.min(y) {
                let chance =
                    fixed - log(both) - log(x - both) - log(y - both) - log(n - x - y + both);
                sum += times_x * times_y * both / n * (n * both / (x * y)).ln() * chance.exp();
                both += 1.0;
            }
        }
    }
    sum
}

/// CPU time of this process so far, all threads together, in seconds; 0 where the system does not say.
pub(crate) fn cpu_seconds() -> f64 {
    cpu_time::ProcessTime::try_now().map_or(0.0, |time| time.as_duration().as_secs_f64())
}

/// Largest resident size so far, in bytes.
pub(crate) fn peak_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_partitions_score_one_and_one_cluster_scores_none() {
        let truth: Vec<String> = ["a", "a", "b", "b", "c", "c"].map(String::from).to_vec();
        let same = Scores::of(&truth, &truth);
        for value in [
            same.nmi_arithmetic,
            same.nmi_geometric,
            same.ami,
            same.ari,
            same.b_cubed_f1,
        ] {
            assert!((value - 1.0).abs() < 1e-9, "{same:?}");
        }
        let one = Scores::of(&truth, &vec!["x".to_owned(); 6]);
        assert!(
            one.nmi_arithmetic.abs() < 1e-9 && one.ari.abs() < 1e-9,
            "{one:?}"
        );
    }

    #[test]
    fn a_known_case_gives_the_known_figures() {
        // scikit-learn: NMI 0.5158, AMI 0.2988 (arithmetic), ARI 0.2424.
        let truth: Vec<String> = ["0", "0", "0", "1", "1", "1"].map(String::from).to_vec();
        let found: Vec<String> = ["0", "0", "1", "1", "2", "2"].map(String::from).to_vec();
        let scores = Scores::of(&truth, &found);
        assert!((scores.nmi_arithmetic - 0.5158).abs() < 1e-3, "{scores:?}");
        assert!((scores.ami - 0.2988).abs() < 1e-3, "{scores:?}");
        assert!((scores.ari - 0.2424).abs() < 1e-3, "{scores:?}");
    }
}
