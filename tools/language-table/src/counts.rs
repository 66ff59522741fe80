//! How often each sequence of letters was seen in a language, brought back from the published probabilities.

use std::path::Path;

use anyhow::{Context, bail};
use fst::{Map as Fst, Streamer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

use crate::ngram::{self, EDGE, LONGEST, Map, Ngram};

/// How much of each sequence also counts for its letters without their marks, as people type them.
const UNMARKED: f64 = 0.1;
/// Most times that the rarest letter of a language may have been seen.
const RAREST: u32 = 400;
/// How far from a whole number a count may be.
const WHOLE: f64 = 0.02;

/// Counts of the sequences of up to five letters and word ends in one script.
pub(crate) struct Counts {
    pub(crate) script: Script,
    pub(crate) seen: Map<f64>,
}

/// Reads the logarithms of P(last letter | letters before), within words.
pub(crate) fn read(path: &Path) -> anyhow::Result<Counts> {
    let figures = Fst::new(std::fs::read(path)?)?;
    let mut published = Vec::with_capacity(figures.len());
    let mut stream = figures.stream();
    while let Some((letters, bits)) = stream.next() {
        let letters = std::str::from_utf8(letters).context("letters in UTF-8")?;
        let ngram = ngram::of(letters.chars());
        if ngram::len(ngram) > LONGEST {
            bail!("a sequence of {} letters", ngram::len(ngram));
        }
        published.push((ngram, f64::from_bits(bits)));
    }
    // Shorter ones first, as a sequence's count needs that of its beginning.
    published.sort_unstable_by_key(|(ngram, _)| *ngram);
    let letters = published.partition_point(|(ngram, _)| ngram::len(*ngram) == 1);
    let scale = scale(&published[..letters])?;

    let script = most_used(&published[..letters], scale);
    // What comes before the last letter has been looked at as a sequence of its own.
    let of_script = |ngram: Ngram| {
        let last = ngram::symbols(ngram).last();
        last.is_some_and(|letter| letter.script() == script)
    };
    let mut seen: Map<f64> = Map::default();
    for (ngram, ln) in &published {
        let all = match ngram::len(*ngram) {
            1 => Some(scale),
            _ => seen.get(&ngram::context(*ngram)).copied(),
        };
        if let Some(all) = all
            && of_script(*ngram)
        {
            seen.insert(*ngram, libm::round(all * libm::exp(*ln)));
        }
    }
    add_edges(&mut seen);
    if script == Script::Latin {
        add_unmarked(&mut seen);
    }
    Ok(Counts { script, seen })
}

/// How many letters were counted: the least number that makes the count of each letter whole.
fn scale(letters: &[(Ngram, f64)]) -> anyhow::Result<f64> {
    let least = letters.iter().map(|(_, ln)| *ln).fold(0.0, f64::min);
    (1..=RAREST)
        .map(|times| f64::from(times) * libm::exp(-least))
        .find(|scale| {
            letters.iter().all(|(_, ln)| {
                let count = scale * libm::exp(*ln);
                (count - libm::round(count)).abs() <= WHOLE
            })
        })
        .context("the letters' probabilities are no counts")
}

/// The script of most letters.
fn most_used(letters: &[(Ngram, f64)], scale: f64) -> Script {
    let mut used: Vec<(Script, f64)> = Vec::new();
    for (ngram, ln) in letters {
        let count = scale * libm::exp(*ln);
        for letter in ngram::symbols(*ngram) {
            match used
                .iter_mut()
                .find(|(script, _)| *script == letter.script())
            {
                Some((_, sum)) => *sum += count,
                None => used.push((letter.script(), count)),
            }
        }
    }
    used.into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(Script::Unknown, |(script, _)| script)
}

/// Adds the sequences that begin or end a word: what is seen, less what is seen with a letter more.
fn add_edges(seen: &mut Map<f64>) {
    let mut before: Map<f64> = Map::default();
    let mut after: Map<f64> = Map::default();
    let mut around: Map<f64> = Map::default();
    for (ngram, count) in seen.iter().filter(|(ngram, _)| ngram::len(**ngram) > 1) {
        // Whole numbers: their sum is the same in any order.
        *before.entry(ngram::shorter(*ngram)).or_default() += count;
        *after.entry(ngram::context(*ngram)).or_default() += count;
        if ngram::len(*ngram) > 2 {
            let middle = ngram::context(ngram::shorter(*ngram));
            *around.entry(middle).or_default() += count;
        }
    }
    let less = |sums: &Map<f64>, ngram: &Ngram| sums.get(ngram).copied().unwrap_or_default();
    let mut edges = Vec::new();
    let mut words = 0.0;
    for (ngram, count) in &*seen {
        let length = ngram::len(*ngram);
        let (begun, ended) = (count - less(&before, ngram), count - less(&after, ngram));
        if length < LONGEST {
            edges.push((ngram::begun(*ngram), begun));
            edges.push((ngram::ended(*ngram), ended));
        }
        if length < LONGEST - 1 {
            let alone = begun + ended - count + less(&around, ngram);
            edges.push((ngram::begun(ngram::ended(*ngram)), alone));
        }
        if length == 1 {
            words += begun;
        }
    }
    edges.push((EDGE, words));
    seen.extend(edges.into_iter().filter(|(_, count)| *count > 0.0));
}

fn add_unmarked(seen: &mut Map<f64>) {
    let mut marked: Vec<(Ngram, f64)> =
        seen.iter().map(|(ngram, count)| (*ngram, *count)).collect();
    marked.sort_unstable_by_key(|(ngram, _)| *ngram);
    for (ngram, count) in marked {
        let plain = ngram::of(ngram::symbols(ngram).map(unmarked));
        if plain != ngram {
            *seen.entry(plain).or_default() += UNMARKED * count;
        }
    }
}

fn unmarked(letter: char) -> char {
    match letter {
        'ł' => 'l',
        'đ' => 'd',
        'ı' => 'i',
        _ => {
            let mut parts = letter.nfd();
            match (parts.next(), parts.all(is_combining_mark)) {
                (Some(base), true) => base,
                _ => letter,
            }
        }
    }
}
