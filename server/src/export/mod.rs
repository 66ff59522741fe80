//! How rows to take away are written: CSV, NDJSON, and a list of references.

mod csv;
pub(crate) mod graphml;
mod references;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::problem::Problem;
use crate::read::params::{ExportParams, Format};
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
    written: usize,
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
            written: 0,
        }
    }

    pub(crate) const fn media(&self) -> &'static str {
        match self.format {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Ndjson => "application/x-ndjson",
            Format::References => "text/plain; charset=utf-8",
        }
    }

    /// What the file is called where it is saved.
    pub(crate) fn file_name(&self) -> String {
        let day = self.now.to_zoned(self.zone.clone()).date();
        let extension = match self.format {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
            Format::References => "txt",
        };
        format!("conversations-{day}.{extension}")
    }

    pub(crate) fn head(&self) -> String {
        match self.format {
            Format::Csv => csv::head(),
            Format::Ndjson => String::new(),
            Format::References => references::head(self),
        }
    }

    pub(crate) fn rows(&mut self, rows: &[Conversation]) -> Result<String, Problem> {
        let mut out = String::new();
        for row in rows {
            self.written += 1;
            match self.format {
                Format::Csv => csv::row(&mut out, &self.base, row),
                Format::Ndjson => {
                    let line =
                        serde_json::to_string(row).map_err(|error| Problem::internal(&error))?;
                    out.push_str(&line);
                    out.push('\n');
                }
                Format::References => references::row(&mut out, self, row),
            }
        }
        Ok(out)
    }

    /// How much of the result was written, where the form has a place for it.
    pub(crate) fn tail(&self, total: u64) -> String {
        match self.format {
            Format::Csv | Format::Ndjson => String::new(),
            Format::References => references::tail(self, total),
        }
    }
}
