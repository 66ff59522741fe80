//! How rows to take away are written: CSV, a workbook, NDJSON, a list of references, and packages for other tools.

mod csv;
pub(crate) mod graphml;
pub(crate) mod package;
pub(crate) mod quotations;
mod references;
pub(crate) mod sheet;
pub(crate) mod table;
mod xlsx;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::problem::Problem;
use crate::read::params::{ExportParams, Format};
use crate::read::rows;
use crate::shapes::Conversation;
use crate::state::View;

/// Writes rows in one form.
pub(crate) struct Writer {
    format: Format,
    /// Where this instance is, without a slash at the end.
    base: String,
    instance: String,
    zone: TimeZone,
    now: Timestamp,
    query: String,
    q: String,
    mark: bool,
    written: usize,
    /// Rows of a form that is written as a whole.
    held: Vec<Conversation>,
}

impl Writer {
    pub(crate) fn new(view: &View, params: &ExportParams) -> Self {
        let config = view.state.config();
        Self {
            format: params.format,
            base: config.base_url.as_str().trim_end_matches('/').to_owned(),
            instance: config.instance_name.clone(),
            zone: config.zone.clone(),
            now: view.now,
            query: params.search.to_query(),
            q: params.search.q.trim().to_owned(),
            mark: params.byte_order_mark,
            written: 0,
            held: Vec::new(),
        }
    }

    pub(crate) const fn media(&self) -> &'static str {
        match self.format {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Ndjson => "application/x-ndjson",
            Format::References => "text/plain; charset=utf-8",
        }
    }

    /// What the file is called where it is saved.
    pub(crate) fn file_name(&self) -> String {
        let day = self.now.to_zoned(self.zone.clone()).date();
        let extension = match self.format {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Ndjson => "ndjson",
            Format::References => "txt",
        };
        format!("conversations-{day}.{extension}")
    }

    pub(crate) fn head(&self) -> Result<Vec<u8>, Problem> {
        match self.format {
            Format::Csv => csv::head(self.mark).map_err(|error| Problem::internal(&error)),
            Format::Xlsx | Format::Ndjson => Ok(Vec::new()),
            Format::References => Ok(references::head(self).into_bytes()),
        }
    }

    pub(crate) fn rows(&mut self, rows: Vec<Conversation>) -> Result<Vec<u8>, Problem> {
        let mut out = Vec::new();
        match self.format {
            Format::Csv => {
                out = csv::rows(&self.base, &rows).map_err(|error| Problem::internal(&error))?;
            }
            Format::Xlsx => self.held.extend(rows),
            Format::Ndjson => {
                for row in &rows {
                    serde_json::to_writer(&mut out, row)
                        .map_err(|error| Problem::internal(&error))?;
                    out.push(b'\n');
                }
            }
            Format::References => {
                let mut text = String::new();
                for row in &rows {
                    self.written += 1;
                    references::row(&mut text, self, row);
                }
                out = text.into_bytes();
            }
        }
        Ok(out)
    }

    /// The end of the file: how much of the result was written where the form has a place for it, or all of a form that
    /// is written as a whole, without what was withdrawn meanwhile.
    pub(crate) async fn tail(&mut self, view: &View, total: u64) -> Result<Vec<u8>, Problem> {
        Ok(match self.format {
            Format::Csv | Format::Ndjson => Vec::new(),
            Format::Xlsx => {
                let ids: Vec<_> = self.held.iter().map(|row| row.id).collect();
                let shown = rows::shown(view, &ids).await?;
                let (base, mut held) = (self.base.clone(), std::mem::take(&mut self.held));
                held.retain(|row| shown.contains(&row.id));
                let write = move || {
                    let rows = held.iter().map(|row| table::cells(&base, row));
                    xlsx::file("Conversations", &table::COLUMNS, rows)
                };
                let file = view.state.compute(write).await?;
                file.map_err(|error| Problem::internal(&error))?
            }
            Format::References => references::tail(self, total).into_bytes(),
        })
    }
}
