//! `discover-bench language`: what language our rule decides, and how fast, beside bare whatlang on the same texts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use discover_indexer::language::Detector;
use serde::{Deserialize, Serialize};

use crate::measure::{Figure, file_memory, own_memory, print, read_lines, timed, write_lines};

/// Reported one by one.
const NAMED: [&str; 12] = [
    "cy", "ga", "pl", "ro", "ur", "pa", "bn", "gu", "ar", "so", "ta", "pt",
];
/// whatlang's codes as the rest of the house writes languages.
#[rustfmt::skip]
const WHATLANG: [(&str, &str); 70] = [
    ("eng", "en"), ("spa", "es"), ("por", "pt"), ("fra", "fr"), ("deu", "de"), ("ita", "it"),
    ("nld", "nl"), ("rus", "ru"), ("ukr", "uk"), ("bel", "be"), ("bul", "bg"), ("mkd", "mk"),
    ("srp", "sr"), ("hrv", "hr"), ("slv", "sl"), ("slk", "sk"), ("ces", "cs"), ("pol", "pl"),
    ("ron", "ro"), ("hun", "hu"), ("fin", "fi"), ("est", "et"), ("lav", "lv"), ("lit", "lt"),
    ("swe", "sv"), ("dan", "da"), ("nob", "nb"), ("ell", "el"), ("tur", "tr"), ("aze", "az"),
    ("uzb", "uz"), ("tuk", "tk"), ("heb", "he"), ("yid", "yi"), ("ara", "ar"), ("pes", "fa"),
    ("urd", "ur"), ("hin", "hi"), ("mar", "mr"), ("nep", "ne"), ("ben", "bn"), ("pan", "pa"),
    ("guj", "gu"), ("ori", "or"), ("tam", "ta"), ("tel", "te"), ("kan", "kn"), ("mal", "ml"),
    ("sin", "si"), ("tha", "th"), ("khm", "km"), ("mya", "my"), ("cmn", "zh"), ("jpn", "ja"),
    ("kor", "ko"), ("vie", "vi"), ("ind", "id"), ("jav", "jv"), ("tgl", "tl"), ("amh", "am"),
    ("hye", "hy"), ("kat", "ka"), ("epo", "eo"), ("lat", "la"), ("cat", "ca"), ("afr", "af"),
    ("zul", "zu"), ("sna", "sn"), ("aka", "ak"), ("cym", "cy"),
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
    /// `short` marks the first words of a sentence.
    #[serde(default)]
    kind: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

/// `{id, text, declared?, source?}` lines in, `{id, language}` lines out. With `declare`, each text gets a declared
/// language that is right for 80 of 100, a wrong "en" for 15, and absent for 5, by its line number; where the lines name
/// no source, each language is one.
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
            if case.source.is_none() {
                case.source.clone_from(&case.language);
            }
        }
    }
    let (own, files) = (own_memory(), file_memory());
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
    let mib = |after: u64, before: u64| after.saturating_sub(before) as f64 / f64::from(1 << 20);
    println!(
        "memory taken: {:.0} MiB of its own, {:.0} MiB of pages of the program",
        mib(own_memory(), own),
        mib(file_memory(), files)
    );
    let (bare, bare_cpu) = timed(|| {
        cases
            .iter()
            .map(|case| whatlang::detect_lang(&case.text))
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
    let rate = |cpu: std::time::Duration| cases.len() as f64 / cpu.as_secs_f64();
    let mut figures = vec![Figure::new(
        "languages decided",
        "texts per CPU second",
        rate(our_cpu),
        rate(bare_cpu),
        "bare whatlang",
    )];
    if score {
        figures.extend(scored(&cases, &ours, &bare));
    }
    print(&figures);
    Ok(())
}

/// Macro accuracy beside whatlang's, and the named languages one by one.
#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
fn scored(cases: &[Case], ours: &[Option<String>], bare: &[Option<whatlang::Lang>]) -> Vec<Figure> {
    let theirs: Vec<Option<String>> = bare
        .iter()
        .map(|found| {
            let code = found.as_ref()?.code();
            let known = WHATLANG.iter().find(|(three, _)| *three == code);
            known.map(|(_, two)| (*two).to_owned())
        })
        .collect();
    let all = |_: &Case| true;
    let short = |case: &Case| case.kind.as_deref() == Some("short");
    let both = |case: &Case| {
        short(case)
            && case
                .language
                .as_deref()
                .is_some_and(|language| WHATLANG.iter().any(|(_, two)| *two == language))
    };
    let mut figures = Vec::new();
    let mut row = |what: &str, which: &dyn Fn(&Case) -> bool| {
        let (mine, other) = (
            by_language(cases, ours, which),
            by_language(cases, &theirs, which),
        );
        if mine.is_empty() {
            return;
        }
        let mean = |shares: &BTreeMap<String, f64>| {
            shares.values().sum::<f64>() / shares.len().max(1) as f64 * 100.0
        };
        figures.push(Figure::new(
            format!("{what}, {} languages", mine.len()),
            "% right, macro",
            mean(&mine),
            mean(&other),
            "bare whatlang, without declarations",
        ));
    };
    row("language of all texts", &all);
    row("language of sentences", &|case| !short(case));
    row("language of short texts", &short);
    row("language of short texts, known to whatlang too", &both);
    let (mine, other) = (
        by_language(cases, ours, &all),
        by_language(cases, &theirs, &all),
    );
    let present: BTreeSet<&str> = mine.keys().map(String::as_str).collect();
    println!("language | ours | whatlang\n---|--:|--:");
    for code in NAMED.iter().filter(|code| present.contains(**code)) {
        println!(
            "{code} | {:.1} | {:.1}",
            mine[*code] * 100.0,
            other[*code] * 100.0
        );
    }
    figures
}

fn by_language(
    cases: &[Case],
    answers: &[Option<String>],
    which: &dyn Fn(&Case) -> bool,
) -> BTreeMap<String, f64> {
    let mut counts: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (case, answer) in cases.iter().zip(answers).filter(|(case, _)| which(case)) {
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
