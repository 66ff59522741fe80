//! A workbook of one sheet, which every spreadsheet program opens alike. Texts are texts: nothing in it is a formula.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::table::Cell;

/// The whole file; a workbook cannot be written row by row.
pub(super) fn file<R: IntoIterator<Item = Cell>>(
    name: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The moment of writing would make other bytes of the same rows.
    let made = ExcelDateTime::from_ymd(1980, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    let head = Format::new().set_bold();
    sheet.write_row_with_format(0, 0, columns.iter().copied(), &head)?;
    sheet.set_freeze_panes(1, 0)?;
    for (line, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(text) => sheet.write_string(line, column, text)?,
                // A count is far below 2^53, up to which every whole number is exact.
                Cell::Number(number) => sheet.write_number(line, column, number as f64)?,
                Cell::Nothing => continue,
            };
        }
    }
    workbook.save_to_buffer()
}
