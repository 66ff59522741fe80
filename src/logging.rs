//! What is logged, and what is written to a terminal: foreign bytes in it can neither begin a line nor steer the terminal.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Logs to standard error, as `DISCOVER_LOG` says.
pub(crate) fn init() {
    let filter = EnvFilter::try_from_env("DISCOVER_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,discover=info"));
    let coloured = io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Lines { coloured })
        .with_ansi(coloured)
        .with_target(false)
        .init();
}

/// Text of which no character is obeyed: control characters, escape sequences and marks that turn the direction of
/// writing are spelt out. Line ends and tabs stay.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    escaped(text, |c| matches!(c, '\n' | '\t'))
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let steers = |c: char| {
        (c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
            && !stays(c)
    };
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if steers(c) {
            // Writing into a text cannot fail.
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Writers of one line each.
#[derive(Debug, Clone, Copy)]
struct Lines {
    coloured: bool,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<io::Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        Line {
            to: io::stderr(),
            coloured: self.coloured,
        }
    }
}

/// One logged event: it comes whole, and ends with the only line end that counts.
#[derive(Debug)]
struct Line<W> {
    to: W,
    /// Colours of ours are in it; those of others were spelt out before it came here.
    coloured: bool,
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let (line, end) = match text.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (&*text, ""),
        };
        let coloured = self.coloured;
        let line = escaped(line, |c| c == '\t' || (coloured && c == '\u{1b}'));
        self.to.write_all(line.as_bytes())?;
        self.to.write_all(end.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<u8>>>);

    impl Write for Heard {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("heard").write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn foreign_bytes_in_a_log_neither_begin_a_line_nor_steer_a_terminal() {
        let heard = Heard::default();
        let to = heard.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || Line {
                to: to.clone(),
                coloured: false,
            })
            .with_ansi(false)
            .without_time()
            .finish();
        let evil = "x\nERROR forged\r\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{202e}\u{0}";
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(title = %evil, debug = ?evil, "could not be read: {evil}");
        });
        let bytes = heard.0.lock().expect("heard").clone();
        let text = String::from_utf8(bytes).expect("text");
        assert_eq!(text.matches('\n').count(), 1, "{text}");
        assert!(text.ends_with('\n'));
        let steers = |c: char| c.is_control() || c == '\u{202e}';
        assert!(!text.trim_end().chars().any(steers), "{text}");
        assert!(text.contains("forged"));
        assert_eq!(harmless("a\n\tb"), "a\n\tb");
        assert_eq!(harmless("a\u{1b}[1mb"), "a\\u{1b}[1mb");
    }
}
