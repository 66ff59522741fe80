//! The files people write for Discover: `discover.toml` (configuration), `sources.toml` (the registry) and `views.toml`.
//!
//! They are read leniently to the end, so that every mistake is reported at once, each with file, line, column
//! and the fix.

mod brand;
pub(crate) mod config;
pub(crate) mod registry;
mod table;
pub(crate) mod views;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};

/// One mistake in a file, where it stands, and what to do about it.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub(crate) struct Mistake {
    message: String,
    #[help]
    fix: String,
    #[source_code]
    source_code: NamedSource<Arc<str>>,
    #[label]
    at: SourceSpan,
}

/// All mistakes of one file. Never empty.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.summary())]
pub(crate) struct Mistakes {
    pub file: PathBuf,
    pub list: Vec<Mistake>,
}

impl Mistakes {
    fn summary(&self) -> String {
        let count = self.list.len();
        let noun = if count == 1 { "mistake" } else { "mistakes" };
        format!("{count} {noun} in {}", self.file.display())
    }

    /// The mistakes as shown to people: message, excerpt with file, line and column, and the fix.
    pub(crate) fn render(&self) -> String {
        let handler =
            miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor());
        let mut out = String::new();
        for mistake in &self.list {
            if handler.render_report(&mut out, mistake).is_err() {
                out.push_str(&mistake.message);
            }
            out.push('\n');
        }
        out.push_str(&self.summary());
        out
    }
}

/// The same text, as long byte for byte, with what may be a password starred: an excerpt shows the lines around a mistake too.
fn without_secrets(text: &str) -> String {
    let line = |line: &str| {
        // A password may hold any sign; before the last `@` of the line it is one, or the name beside it.
        let user = line
            .find("://")
            .and_then(|at| Some(at + 3..line.rfind('@').filter(|end| *end > at)?));
        let parameter = line.find("password=").map(|at| {
            let from = at + "password=".len();
            let end = line[from..].find(['&', '"', '\'', '#', '\n']);
            from..end.map_or(line.len(), |end| from + end)
        });
        let secret = |at: usize| {
            let within = |range: &Option<std::ops::Range<usize>>| {
                range.as_ref().is_some_and(|range| range.contains(&at))
            };
            within(&user) || within(&parameter)
        };
        line.char_indices()
            .map(|(at, c)| {
                if secret(at) {
                    "*".repeat(c.len_utf8())
                } else {
                    c.to_string()
                }
            })
            .collect::<String>()
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Collects the mistakes of one file.
#[derive(Debug)]
struct Collector {
    file: PathBuf,
    text: Arc<str>,
    list: Vec<Mistake>,
}

impl Collector {
    fn new(file: &Path, text: &str) -> Self {
        Self {
            file: file.to_owned(),
            text: Arc::from(without_secrets(text)),
            list: Vec::new(),
        }
    }

    fn add(
        &mut self,
        at: std::ops::Range<usize>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let end = at.end.min(self.text.len());
        let start = at.start.min(end);
        self.list.push(Mistake {
            message: message.into(),
            fix: fix.into(),
            source_code: NamedSource::new(self.file.to_string_lossy(), Arc::clone(&self.text)),
            at: SourceSpan::from(start..end),
        });
    }

    fn finish<T>(self, value: T) -> Result<T, Mistakes> {
        if self.list.is_empty() {
            return Ok(value);
        }
        let mut list = self.list;
        list.sort_by_key(|mistake| mistake.at.offset());
        Err(Mistakes {
            file: self.file,
            list,
        })
    }
}

/// The known name nearest to a mistyped one, where one is near.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (edit_distance(name, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
