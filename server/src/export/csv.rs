//! CSV as in RFC 4180, safe to open in a spreadsheet.
//!
//! Contract: every file begins with a byte order mark, but one for a program that was asked for without it or that takes none;
//! lines end with CRLF, every text is quoted, and none is run as a formula.

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::table::{COLUMNS, Cell, cells};
use crate::shapes::Conversation;

/// Without it some programs read UTF-8 as the signs of their country; others show it as a sign of the first column.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The beginning of a table of conversations.
pub(super) fn head(mark: bool) -> Result<Vec<u8>, csv::Error> {
    let columns = [COLUMNS.map(Cell::text)];
    if mark {
        file(columns)
    } else {
        records(columns)
    }
}

/// A whole file of any table, its columns first.
pub(super) fn file<R: IntoIterator<Item = Cell>>(
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
    bytes.extend(records(rows)?);
    Ok(bytes)
}

/// Rows as they follow [`head`]. Every text is quoted: the list separator is `;` or a tab in some countries.
pub(super) fn rows(base: &str, rows: &[Conversation]) -> Result<Vec<u8>, csv::Error> {
    records(rows.iter().map(|row| cells(base, row)))
}

/// Rows of any table, for what follows a beginning, and for programs that take no mark.
pub(super) fn records<R: IntoIterator<Item = Cell>>(
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>, csv::Error> {
    let mut out = writer();
    for row in rows {
        out.write_record(row.into_iter().map(|cell| match cell {
            Cell::Text(text) => no_formula(text),
            Cell::Number(number) => number.to_string(),
            Cell::Nothing => String::new(),
        }))?;
    }
    out.into_inner().map_err(|error| error.into_error().into())
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::NonNumeric)
        .from_writer(Vec::new())
}

/// A spreadsheet runs what begins with one of these signs as a formula, whoever wrote it: an apostrophe before it makes
/// it text.
fn no_formula(text: String) -> String {
    let runs = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%'])
        || text.starts_with(['\t', '\r', '\n']);
    if runs { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = writer();
        out.write_record([no_formula(text.to_owned())])
            .expect("a record");
        String::from_utf8(out.into_inner().expect("bytes")).expect("text")
    }

    #[test]
    fn no_cell_begins_like_a_formula_and_none_breaks_out_of_its_quotes() {
        assert_eq!(written("plain"), "\"plain\"\r\n");
        assert_eq!(written("a;=1+1"), "\"a;=1+1\"\r\n");
        assert_eq!(written("say \"no\""), "\"say \"\"no\"\"\"\r\n");
        assert_eq!(written("two\nlines"), "\"two\nlines\"\r\n");
        for text in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc",
        ] {
            assert_eq!(written(text), format!("\"'{text}\"\r\n"));
        }
        assert_eq!(written("=\"x\""), "\"'=\"\"x\"\"\"\r\n");
    }
}
