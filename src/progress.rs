//! Progress of long work: a bar on a terminal, plain log lines elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Decides once whether bars are shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    visible: bool,
}

impl Progress {
    /// Bars go to standard error, if that is a terminal.
    pub(crate) fn detect() -> Self {
        Self {
            visible: std::io::stderr().is_terminal(),
        }
    }

    /// No bars and no lines: for the loops of a serving process.
    pub(crate) fn silent() -> Self {
        Self { visible: false }
    }

    pub(crate) fn bar(self, what: &'static str) -> Bar {
        let bar = if self.visible {
            ProgressBar::new(0)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) =
            ProgressStyle::with_template("{msg:.dim} {prefix} {wide_bar} {pos}/{len} {elapsed}")
        {
            bar.set_style(style);
        }
        bar.set_prefix(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        Bar { bar, what }
    }
}

/// One piece of long work.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    what: &'static str,
}

impl Bar {
    pub(crate) fn more(&self, count: usize) {
        self.bar.inc_length(count as u64);
    }

    pub(crate) fn step(&self, note: &str) {
        self.bar.inc(1);
        self.bar.set_message(note.to_owned());
    }

    pub(crate) fn finish(self) {
        if self.bar.is_hidden() && self.bar.position() > 0 {
            tracing::info!("{}: {} done", self.what, self.bar.position());
        }
        self.bar.finish_and_clear();
    }
}
