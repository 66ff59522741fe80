//! A language's model, thinned out and written so that the weights of all sequences in a text add up.
//!
//! Witten-Bell smoothing: what has been seen after a context counts, and as much as kinds of symbols were seen there goes
//! to the context without its first symbol. (Witten and Bell, "The zero-frequency problem", 1991.)

use anyhow::Context as _;

use crate::counts::Counts;
use crate::ngram::{self, Map, Ngram};

/// Least gain of a sequence that is kept, in nats a symbol of the language's texts.
const LEAST_GAIN: f64 = 2e-6;
/// The probability, as a logarithm, of what was never seen; a weight is counted from here.
const FLOOR: f64 = -14.0;
/// Bounds of what a context gives to the shorter one.
const GIVEN: (f64, f64) = (1e-3, 20.0);
/// Parts of a nat that weights are written in.
const PARTS: f64 = 8.0;

struct Seen {
    probability: f64,
    kept: bool,
}

/// The weight of each sequence in eighths of a nat, in order; those that round to nothing are left out.
pub(crate) fn weights(counts: &Counts) -> anyhow::Result<Vec<(Ngram, i8)>> {
    let mut sorted: Vec<Ngram> = counts.seen.keys().copied().collect();
    sorted.sort_unstable();
    let (mut seen, all) = smoothed(counts, &sorted)?;
    thin(counts, &sorted, &mut seen, all);
    sorted.retain(|ngram| seen[ngram].kept);
    let given = given(&sorted, &seen);

    let backed = |ngram: Ngram| value(ngram, &seen, &given);
    let mut weights = Vec::with_capacity(sorted.len());
    for ngram in sorted {
        let probability = libm::log(seen[&ngram].probability);
        let given_from =
            |context: Ngram| given.get(&context).map_or(0.0, |share| libm::log(*share));
        let mut weight = if ngram::len(ngram) == 1 {
            probability - FLOOR
        } else {
            probability
                - given_from(ngram::context(ngram))
                - libm::log(backed(ngram::shorter(ngram)))
        };
        // A word's end is followed by nothing; a word's beginning is counted with its end.
        if ngram::len(ngram) == 1 || !ngram::is_ended(ngram) {
            weight += given_from(ngram);
        }
        let limit = f64::from(i8::MAX);
        match libm::round(weight * PARTS).clamp(-limit, limit) as i8 {
            0 => {}
            rounded => weights.push((ngram, rounded)),
        }
    }
    Ok(weights)
}

/// P(last symbol | those before) of everything seen, and how many symbols there were.
fn smoothed(counts: &Counts, sorted: &[Ngram]) -> anyhow::Result<(Map<Seen>, f64)> {
    // By context: how many symbols followed it, and how many kinds of them.
    let mut followed: Map<(f64, f64)> = Map::default();
    for ngram in sorted {
        let (sum, kinds) = followed.entry(ngram::context(*ngram)).or_default();
        *sum += counts.seen[ngram];
        *kinds += 1.0;
    }
    let all = followed.get(&0).context("no letters")?.0;
    let mut seen: Map<Seen> = Map::default();
    for ngram in sorted {
        let count = counts.seen[ngram];
        let probability = if ngram::len(*ngram) == 1 {
            (count / all).max(libm::exp(FLOOR))
        } else {
            let (sum, kinds) = followed[&ngram::context(*ngram)];
            let shorter = seen
                .get(&ngram::shorter(*ngram))
                .context("a sequence is seen and its end is not")?;
            (count + kinds * shorter.probability) / (sum + kinds)
        };
        let kept = false;
        seen.insert(*ngram, Seen { probability, kept });
    }
    Ok((seen, all))
}

/// Marks what says more than its end alone, the beginnings of what is marked, and single symbols.
fn thin(counts: &Counts, sorted: &[Ngram], seen: &mut Map<Seen>, all: f64) {
    // Longer ones first: a beginning is shorter.
    for ngram in sorted.iter().rev() {
        let this = &seen[ngram];
        let keep = this.kept || ngram::len(*ngram) == 1 || {
            let ratio = this.probability / seen[&ngram::shorter(*ngram)].probability;
            counts.seen[ngram] / all * libm::log(ratio).abs() >= LEAST_GAIN
        };
        if keep {
            for marked in [*ngram, ngram::context(*ngram)] {
                if let Some(marked) = seen.get_mut(&marked) {
                    marked.kept = true;
                }
            }
        }
    }
}

/// By context, the factor on the shorter context's value for symbols that are not kept after it.
fn given(kept: &[Ngram], seen: &Map<Seen>) -> Map<f64> {
    let mut given: Map<f64> = Map::default();
    for after in kept.chunk_by(|a, b| ngram::context(*a) == ngram::context(*b)) {
        let context = ngram::context(after[0]);
        if context == 0 {
            continue;
        }
        let own: f64 = after.iter().map(|ngram| seen[ngram].probability).sum();
        let shorter: f64 = after
            .iter()
            .map(|ngram| value(ngram::shorter(*ngram), seen, &given))
            .sum();
        let share = (1.0 - own) / (1.0 - shorter).max(f64::MIN_POSITIVE);
        given.insert(context, share.clamp(GIVEN.0, GIVEN.1));
    }
    given
}

/// The thinned model's value of a sequence that was seen.
fn value(ngram: Ngram, seen: &Map<Seen>, given: &Map<f64>) -> f64 {
    let (mut ngram, mut factor) = (ngram, 1.0);
    loop {
        match seen.get(&ngram) {
            Some(found) if found.kept => return factor * found.probability,
            _ if ngram::len(ngram) == 1 => return factor * libm::exp(FLOOR),
            _ => {
                factor *= given.get(&ngram::context(ngram)).copied().unwrap_or(1.0);
                ngram = ngram::shorter(ngram);
            }
        }
    }
}
