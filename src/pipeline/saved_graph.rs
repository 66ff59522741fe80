//! The graph's file: its bytes, and behind them their SHA-256, so that a torn or altered file is known for one.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

/// What the checksum is preceded by; another version of the file has another.
const MARK: &[u8; 8] = b"graph.1\n";
const SUM: usize = 32;

/// The graph's bytes, if they are what was written.
pub(crate) fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = std::fs::read(file)?;
    let damaged = || io::Error::new(ErrorKind::InvalidData, "it is not what was written");
    let end = bytes
        .len()
        .checked_sub(MARK.len() + SUM)
        .ok_or_else(damaged)?;
    let (graph, trailer) = bytes.split_at(end);
    let sum: [u8; SUM] = Sha256::digest(graph).into();
    if trailer[..MARK.len()] != MARK[..] || trailer[MARK.len()..] != sum {
        return Err(damaged());
    }
    bytes.truncate(end);
    Ok(bytes)
}

/// Passes on what is written and sums it, for the checksum at the end.
pub(crate) struct Sealing<W> {
    out: W,
    sum: Sha256,
}

impl<W: Write> Sealing<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            sum: Sha256::new(),
        }
    }

    /// Writes the checksum of everything so far.
    pub(crate) fn seal(mut self) -> io::Result<W> {
        self.out.write_all(MARK)?;
        self.out.write_all(&self.sum.finalize())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_cut_torn_or_altered_is_known_for_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("graph.bin");
        let graph = b"nodes and edges".repeat(400);
        let mut out = Sealing::new(Vec::new());
        out.write_all(&graph).expect("memory");
        let sealed = out.seal().expect("memory");
        std::fs::write(&file, &sealed).expect("a file");
        assert_eq!(read(&file).expect("whole"), graph);
        let mut torn = sealed.clone();
        torn[4096..5000].fill(0);
        let mut altered = sealed.clone();
        altered[7] ^= 1;
        for bad in [&sealed[..sealed.len() - 1], &torn, &altered, &graph, b""] {
            std::fs::write(&file, bad).expect("a file");
            let error = read(&file).expect_err("damaged");
            assert_eq!(error.kind(), ErrorKind::InvalidData);
        }
    }
}
