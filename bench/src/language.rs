//! `discover-bench language`: what language our rule decides, beside bare whatlang on the same texts.

use std::collections::BTreeMap;
use std::path::Path;

use discover_indexer::language::Detector;
use serde::{Deserialize, Serialize};

use crate::measure::{Figure, print, read_lines, timed, write_lines};

/// Reported one by one.
const NAMED: [&str; 12] = [
    "cy", "ga", "pl", "ro", "ur", "pa", "bn", "gu", "ar", "so", "ta", "pt",
];

#[derive(Deserialize)]
struct Case {
    id: String,
    text: String,
    #[serde(default)]
    declared: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

/// `{id, text, declared?, source?}` lines in, `{id, language}` lines out. With `declare`, each text gets a declared
/// language that is right for 80 of 100, a wrong "en" for 15, and absent for 5, by its line number.
#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
pub(crate) fn run(
    input: &Path,
    out: Option<&Path>,
    score: bool,
    declare: bool,
) -> anyhow::Result<()> {
    let mut cases: Vec<Case> = read_lines(input)?;
    if declare {
        for (number, case) in cases.iter_mut().enumerate() {
            case.declared = match number * 37 % 100 {
                0..80 => case.language.clone(),
                80..95 => Some("en".to_owned()),
                _ => None,
            };
            case.source.clone_from(&case.language);
        }
    }
    let (ours, our_cpu) = timed(|| {
        let mut detectors: BTreeMap<Option<&str>, Detector> = BTreeMap::new();
        cases
            .iter()
            .map(|case| {
                let mut alone = Detector::default();
                let detector = match case.source.as_deref() {
                    Some(source) => detectors.entry(Some(source)).or_default(),
                    None => &mut alone,
                };
                let decided = detector.decide(&case.text, None, case.declared.as_deref());
                decided.language.map(|language| language.to_string())
            })
            .collect::<Vec<_>>()
    });
    let (bare, bare_cpu) = timed(|| {
        cases
            .iter()
            .map(|case| {
                whatlang::detect_lang(&case.text).map(|language| language.code().to_owned())
            })
            .collect::<Vec<_>>()
    });
    if let Some(out) = out {
        write_lines(
            out,
            cases.iter().zip(&ours).map(|(case, language)| Answer {
                id: &case.id,
                language: language.clone(),
            }),
        )?;
    }
    if score {
        let shares = by_language(&cases, &ours);
        let macro_accuracy = shares.values().sum::<f64>() / shares.len().max(1) as f64;
        println!(
            "macro accuracy over {} languages: {:.2} %",
            shares.len(),
            macro_accuracy * 100.0
        );
        for code in NAMED {
            println!(
                "  {code}: {:.1} %",
                shares.get(code).copied().unwrap_or_default() * 100.0
            );
        }
    }
    let rate = |cpu: std::time::Duration| cases.len() as f64 / cpu.as_secs_f64();
    let answered = bare.iter().flatten().count();
    tracing::debug!(answered, "whatlang");
    print(&[Figure::new(
        "language",
        "texts per CPU second",
        rate(our_cpu),
        rate(bare_cpu),
        "bare whatlang",
    )]);
    Ok(())
}

fn by_language(cases: &[Case], answers: &[Option<String>]) -> BTreeMap<String, f64> {
    let mut counts: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (case, answer) in cases.iter().zip(answers) {
        let Some(truth) = &case.language else {
            continue;
        };
        let entry = counts.entry(truth.clone()).or_default();
        entry.1 += 1.0;
        if answer.as_ref() == Some(truth) {
            entry.0 += 1.0;
        }
    }
    counts
        .into_iter()
        .map(|(language, (right, all))| (language, right / all))
        .collect()
}
