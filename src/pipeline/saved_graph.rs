//! The graph's file: near copies first, so that they can be read alone, then the graph; behind each its SHA-256, so that a
//! torn or altered file is known for one.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

use anyhow::Context;
use discover_graph::Graph;
use sha2::{Digest, Sha256};

/// What a checksum is preceded by; another version of the file has another.
const MARK: &[u8; 8] = b"graph.2\n";
const SUM: usize = 32;
/// Bytes that say how long the near copies are.
const LENGTH: usize = 8;

/// The graph's bytes, if the file is what was written.
pub(crate) fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = std::fs::read(file)?;
    unseal(&mut bytes)?;
    let copies = bytes
        .first_chunk::<LENGTH>()
        .map(|length| u64::from_le_bytes(*length));
    let copies = copies
        .and_then(|copies| usize::try_from(copies).ok())
        .ok_or_else(damaged)?;
    let graph = copies
        .checked_add(LENGTH + MARK.len() + SUM)
        .filter(|graph| *graph <= bytes.len());
    bytes.drain(..graph.ok_or_else(damaged)?);
    Ok(bytes)
}

/// The bytes of the near copies alone.
pub(crate) fn read_copies(file: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(file)?;
    let whole = file.metadata()?.len();
    let mut length = [0; LENGTH];
    file.read_exact(&mut length)?;
    let sealed = u64::from_le_bytes(length)
        .checked_add((MARK.len() + SUM) as u64)
        .filter(|sealed| *sealed <= whole)
        .ok_or_else(damaged)?;
    let mut bytes = length.to_vec();
    file.take(sealed).read_to_end(&mut bytes)?;
    unseal(&mut bytes)?;
    bytes.drain(..LENGTH);
    Ok(bytes)
}

/// Writes the graph so that a crash leaves the old file or the new one, never half of either.
pub(crate) fn write(file: &Path, graph: &Graph) -> anyhow::Result<()> {
    let new = file.with_extension("new");
    let write = || {
        let mut out = Sealing::new(BufWriter::new(File::create(&new)?));
        let mut copies = Vec::new();
        graph.write_copies_to(&mut copies)?;
        out.write_all(&(copies.len() as u64).to_le_bytes())?;
        out.write_all(&copies)?;
        drop(copies);
        out.seal()?;
        graph.write_to(&mut out)?;
        out.seal()?;
        out.out.get_ref().sync_all()?;
        std::fs::rename(&new, file)?;
        anyhow::Ok(())
    };
    write().with_context(|| format!("cannot write {}: is the disk full?", file.display()))
}

fn damaged() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "it is not what was written")
}

/// Takes the checksum off the end, if it is that of the rest.
fn unseal(bytes: &mut Vec<u8>) -> io::Result<()> {
    let end = bytes
        .len()
        .checked_sub(MARK.len() + SUM)
        .ok_or_else(damaged)?;
    let (sealed, trailer) = bytes.split_at(end);
    let sum: [u8; SUM] = Sha256::digest(sealed).into();
    if trailer[..MARK.len()] != MARK[..] || trailer[MARK.len()..] != sum {
        return Err(damaged());
    }
    bytes.truncate(end);
    Ok(())
}

/// Passes on what is written and sums it, for the checksums.
struct Sealing<W> {
    out: W,
    sum: Sha256,
}

impl<W: Write> Sealing<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            sum: Sha256::new(),
        }
    }

    /// Writes the checksum of everything so far.
    fn seal(&mut self) -> io::Result<()> {
        let sum = self.sum.clone().finalize();
        self.write_all(MARK)?;
        self.write_all(&sum)?;
        self.flush()
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
    use discover_graph::Parameters;

    use super::*;

    #[test]
    fn a_file_that_was_cut_torn_or_altered_is_known_for_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("graph.bin");
        let graph = Graph::new(Parameters::default());
        write(&file, &graph).expect("a file");
        let (mut plain, mut copies) = (Vec::new(), Vec::new());
        graph.write_to(&mut plain).expect("memory");
        graph.write_copies_to(&mut copies).expect("memory");
        assert_eq!(read(&file).expect("whole"), plain);
        assert_eq!(read_copies(&file).expect("whole"), copies);
        let sealed = std::fs::read(&file).expect("a file");
        for bad in [
            sealed[..sealed.len() - 1].to_vec(),
            altered(&sealed, sealed.len() - 60),
            altered(&sealed, 0),
            altered(&sealed, 7),
            plain,
            Vec::new(),
        ] {
            std::fs::write(&file, bad).expect("a file");
            let error = read(&file).expect_err("damaged");
            assert_eq!(error.kind(), ErrorKind::InvalidData);
        }
        for at in [0, 7, LENGTH, LENGTH + copies.len() + MARK.len()] {
            std::fs::write(&file, altered(&sealed, at)).expect("a file");
            assert!(read_copies(&file).is_err(), "{at}");
        }
    }

    fn altered(bytes: &[u8], at: usize) -> Vec<u8> {
        let mut altered = bytes.to_vec();
        altered[at] ^= 1;
        altered
    }
}
