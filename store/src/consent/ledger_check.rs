//! The ledger checked against itself, its mirrored head and every signed head.

use discover_model::ledger::{Broken, LedgerEntry, verify};

use crate::consent::ledger::{PAGE, page};
use crate::consent::signed_heads;
use crate::{Store, StoreError, files};

impl Store {
    /// Checks every entry, the chain, the mirrored head and all signed heads; returns number and hash of the last entry.
    pub async fn verify_ledger(&self) -> Result<(u64, String), StoreError> {
        self.named(self.verified().await)
    }

    async fn verified(&self) -> Result<(u64, String), StoreError> {
        let mirrored = files::read_head(self.dir())?;
        let mut entries: Vec<LedgerEntry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let rows = page(self.readers(), after, PAGE).await?;
            let last = rows.len() < PAGE;
            for (number, entry) in rows {
                // Rows are read by their number: an entry that says another one was moved.
                if u64::try_from(number) != Ok(entry.seq) {
                    return Err(Broken::Sequence {
                        expected: number.max(0) as u64,
                        found: entry.seq,
                    }
                    .into());
                }
                entries.push(entry);
            }
            if last {
                break;
            }
        }
        if mirrored.is_none() && !entries.is_empty() {
            return Err(StoreError::LedgerHead {
                path: files::head_path(self.dir()),
            });
        }
        let head = mirrored.as_ref().map(|(seq, hash)| (*seq, hash.as_str()));
        let end = verify(&entries, head)?;
        for signed in signed_heads::all(self.readers()).await? {
            self.check_head(&signed)?;
            let said = usize::try_from(signed.seq)
                .ok()
                .and_then(|seq| entries.get(seq.checked_sub(1)?));
            match said {
                Some(entry) if entry.hash == signed.hash => {}
                Some(entry) => return Err(Broken::Head(entry.seq).into()),
                None => {
                    return Err(Broken::Truncated {
                        expected: signed.seq,
                        found: end.0,
                    }
                    .into());
                }
            }
        }
        Ok(end)
    }
}
