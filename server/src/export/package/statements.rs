//! Quotations as statements, one a row: for Polis to vote on, for Talk to the City to read.
//!
//! Both read CSV by the names of its columns (docs/handing-on.md). Neither wants a byte order mark.

use super::{COPIED, CSV, File, because, seeds};
use crate::export::csv;
use crate::export::table::Cell;
use crate::problem::Problem;
use crate::shapes::Package;

/// Talk to the City refuses larger files of those who have no larger allowance.
const LARGEST: usize = 150 * 1024;

/// Statements to vote on, in one column.
pub(super) fn polis(package: &Package) -> Result<File, Problem> {
    let (quotations, copied) = seeds(package);
    let head = [Cell::text("comment_text")];
    let rows = quotations.iter().map(|one| [statement(&one.text)]);
    let bytes = csv::records(std::iter::once(head).chain(rows));
    Ok(File {
        name: "polis.csv",
        media: CSV,
        bytes: bytes.map_err(|error| Problem::internal(&error))?,
        quotations: quotations.len() as u64,
        left_out: copied,
        because: because(&[(copied, COPIED)]),
    })
}

/// Responses; the network stands as the one who is interviewed, so that each counts once however much is said there.
pub(super) fn talk_to_the_city(package: &Package) -> Result<File, Problem> {
    let name = |slug: &str| {
        let network = package.networks.iter().find(|one| one.slug == slug);
        network.map_or_else(|| slug.to_owned(), |one| one.name.clone())
    };
    let written = |row: [Cell; 3]| csv::records([row]).map_err(|error| Problem::internal(&error));
    let mut bytes = written(["id", "interview", "comment"].map(Cell::text))?;
    let (quotations, copied) = seeds(package);
    let (mut taken, mut refused_there) = (0, 0);
    for one in quotations {
        let network = name(&one.network);
        let row = written([
            Cell::text(&one.conversation.to_string()),
            statement(&network),
            statement(&one.text),
        ])?;
        let refused = is_refused(&one.text) || is_refused(&network) || repeats(&row);
        if refused || bytes.len() + row.len() > LARGEST {
            refused_there += 1;
            continue;
        }
        taken += 1;
        bytes.extend(row);
    }
    Ok(File {
        name: "talk-to-the-city.csv",
        media: CSV,
        bytes,
        quotations: taken,
        left_out: copied + refused_there,
        because: because(&[
            (copied, COPIED),
            (
                refused_there,
                "Talk to the City refuses a file in which anything looks like a script, a formula or data, or that has more than 150 KB",
            ),
        ]),
    })
}

/// One that no spreadsheet takes for a formula: what would be one begins as a passage does that goes on in the middle.
fn statement(text: &str) -> Cell {
    let formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%']);
    Cell::text(&if formula {
        format!("… {text}")
    } else {
        text.to_owned()
    })
}

/// Whether Talk to the City takes a cell for an attack: then it refuses the whole file.
fn is_refused(text: &str) -> bool {
    let text = text.to_lowercase();
    let followed = |word: &str, sign: char| {
        let mut after = text.match_indices(word);
        after.any(|(at, _)| text[at + word.len()..].trim_start().starts_with(sign))
    };
    let words = ["powershell", "javascript:", "data:", "<script", "vbscript:"];
    words.iter().any(|word| text.contains(word)) || followed("dde", '(') || followed("cmd", '|')
}

/// Whether a row looks like one of a file that is made to burst a reader.
fn repeats(row: &[u8]) -> bool {
    row.chunk_by(|a, b| a == b)
        .any(|run| run.len() >= 100 && matches!(run[0], b',' | b'"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_begins_like_no_formula_and_says_what_was_said() {
        assert_eq!(statement("Nobody answers."), Cell::text("Nobody answers."));
        assert_eq!(statement("-5 all night"), Cell::text("… -5 all night"));
        assert_eq!(statement("=1+1"), Cell::text("… =1+1"));
    }

    #[test]
    fn what_would_have_a_whole_upload_refused_is_seen() {
        for text in [
            "Patient data: gone",
            "see JavaScript:alert(1)",
            "<SCRIPT>",
            "=DDE (x)",
            "cmd | calc",
            "open PowerShell",
        ] {
            assert!(is_refused(text), "{text}");
        }
        for text in ["The data are gone", "add (two)", "a command", "script"] {
            assert!(!is_refused(text), "{text}");
        }
        assert!(repeats(&[b'"'; 100]) && !repeats(&[b'"'; 99]) && !repeats(&[b'a'; 300]));
    }
}
