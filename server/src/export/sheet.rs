//! Small tables to take away, such as the one behind a picture.

use super::table::Cell;
use super::{csv, xlsx};
use crate::problem::Problem;

/// A table of a few hundred rows at most, with a name for its sheet of a workbook (31 signs at most).
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: &'static str,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Sheet {
    pub(crate) fn csv(&self) -> Result<Vec<u8>, Problem> {
        let head: Vec<Cell> = self.columns.iter().map(|name| Cell::text(name)).collect();
        let rows = std::iter::once(&head).chain(&self.rows);
        csv::file(rows.map(|row| row.iter().cloned())).map_err(|error| Problem::internal(&error))
    }

    pub(crate) fn xlsx(&self) -> Result<Vec<u8>, Problem> {
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let rows = self.rows.iter().map(|row| row.iter().cloned());
        xlsx::file(self.name, &columns, rows).map_err(|error| Problem::internal(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_begins_like_a_formula_stays_a_text() {
        let sheet = Sheet {
            name: "Topics",
            columns: vec!["topic".to_owned(), "=1+1".to_owned()],
            rows: vec![vec![Cell::text("@cmd"), Cell::Number(3)]],
        };
        let csv = String::from_utf8(sheet.csv().expect("a table")).expect("text");
        assert_eq!(csv, "\u{feff}\"topic\",\"'=1+1\"\r\n\"'@cmd\",3\r\n");
        assert!(sheet.xlsx().expect("a workbook").starts_with(b"PK"));
    }
}
