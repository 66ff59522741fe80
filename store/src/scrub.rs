//! Takes the bytes of deleted rows out of the database's file and its log, a few pages at a time.
//!
//! Contract: `secure_delete` zeroes rows and pages that are let go of. What it leaves are remains of rows that moved between
//! pages, in space of b-tree pages that holds nothing. That space is zeroed in the file itself, under the write lock and
//! beside an empty log, when the file is the whole database: those bytes mean nothing to whoever reads meanwhile.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::database::{Connection, postgres_bytes, query};
use crate::{FILE, Store, StoreError};

/// Pages cleaned under one lock: others write in between.
const PAGES: u64 = 128;
/// How often a reader in the middle of a long answer is waited for, outside of the writer's turn.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);
/// The same within the writer's turn, for readers of a moment.
const MOMENTS: u32 = 5;
const MOMENT: Duration = Duration::from_millis(2);
/// From so many pages on (128 GiB) the number that begins an overflow page can look like the kind of a b-tree page.
const TOLD_APART: u64 = 1 << 25;

/// How far the cleaning of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cleaning {
    pub pages: u64,
    pub of: u64,
    /// How long the rest takes at the pace so far.
    pub left: Duration,
}

/// What shows [`Cleaning`] for as long as it goes on.
struct Shown<'a> {
    cleaning: &'a Mutex<Option<Cleaning>>,
    began: Instant,
}

impl<'a> Shown<'a> {
    fn begin(cleaning: &'a Mutex<Option<Cleaning>>) -> Self {
        Self {
            cleaning,
            began: Instant::now(),
        }
    }

    fn set(&self, pages: u64, of: u64) {
        let left = self.began.elapsed().as_secs_f64() * of.saturating_sub(pages) as f64
            / pages.max(1) as f64;
        *self.cleaning.lock().unwrap_or_else(PoisonError::into_inner) = Some(Cleaning {
            pages,
            of,
            left: Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX),
        });
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        *self.cleaning.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Up to which page the file was cleaned, and how many it has.
#[derive(Debug, Clone, Copy)]
struct Cleaned {
    next: u64,
    of: u64,
}

impl Store {
    /// How far the cleaning of the file is, while it goes on.
    pub fn cleaning(&self) -> Option<Cleaning> {
        *self
            .inner
            .cleaning
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Cleans the file of everything that was deleted before, and empties the log of it. Durable when it returns.
    pub(crate) async fn clean(&self) -> Result<(), StoreError> {
        if self.inner.postgres.is_some() {
            let cleaned = self.clean_server().await;
            return self.named(cleaned);
        }
        let shown = Shown::begin(&self.inner.cleaning);
        // The first page holds the names of tables, and stays in the writer's memory.
        let (mut next, mut tries) = (1, 0);
        loop {
            let Some(cleaned) = self.clean_some(next).await? else {
                tries += 1;
                if tries == TRIES {
                    return Err(StoreError::LongReader);
                }
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            tries = 0;
            next = cleaned.next;
            shown.set(cleaned.next, cleaned.of);
            if next >= cleaned.of {
                break;
            }
        }
        let file = self.raw()?;
        let synced = tokio::task::spawn_blocking(move || file.sync_data()).await;
        synced
            .map_err(std::io::Error::other)
            .flatten()
            .map_err(|error| StoreError::io(self.dir(), error))
    }

    /// Why the server's log keeps bytes of what was erased for longer than the erasure, and what to do about it; nothing where
    /// it does not, or where the store is in a folder.
    pub async fn server_log_keeps(&self) -> Result<Vec<&'static str>, StoreError> {
        if self.inner.postgres.is_none() {
            return Ok(Vec::new());
        }
        let reader = self.readers().acquire().await.map_err(StoreError::from);
        let mut reader = self.named(reader)?;
        let keeps = postgres_bytes::log_keeps(&mut reader).await;
        self.named(keeps.map_err(StoreError::from))
    }

    /// Others write while readers are waited for; tables are written anew in the writer's turn.
    async fn clean_server(&self) -> Result<(), StoreError> {
        let deleted = {
            let mut guard = self.idle_writer().await?;
            postgres_bytes::mark(&mut guard.connection).await?
        };
        let mut tries = 0;
        loop {
            let mut reader = self.readers().acquire().await?;
            if !postgres_bytes::is_seen(&mut reader, &deleted).await? {
                break;
            }
            drop(reader);
            tries += 1;
            if tries == TRIES {
                return Err(StoreError::LongReader);
            }
            tokio::time::sleep(PAUSE).await;
        }
        let mut guard = self.idle_writer().await?;
        Ok(postgres_bytes::clean(&mut guard.connection).await?)
    }

    fn raw(&self) -> Result<Arc<File>, StoreError> {
        self.inner.raw.clone().ok_or_else(|| StoreError::ReadOnly {
            path: self.dir().to_owned(),
        })
    }

    /// Cleans the pages from this one on that fit into one turn; `None` where another process is in the way.
    async fn clean_some(&self, from: u64) -> Result<Option<Cleaned>, StoreError> {
        let store = self.clone();
        // To its end, whether or not anybody waits for it: no page may be written once the lock is given up.
        let turn = tokio::spawn(async move { store.take_turn(from).await });
        match turn.await {
            Ok(cleaned) => self.named(cleaned),
            Err(error) => Err(StoreError::io(self.dir(), std::io::Error::other(error))),
        }
    }

    async fn take_turn(&self, from: u64) -> Result<Option<Cleaned>, StoreError> {
        let raw = self.raw()?;
        let mut guard = self.idle_writer().await?;
        if !fold_log(&mut guard.connection).await? {
            return Ok(None);
        }
        if shape(&raw)
            .map_err(|error| StoreError::io(self.dir(), error))?
            .pages
            >= TOLD_APART
        {
            query("VACUUM").execute(&mut guard.connection).await?;
            return Ok(Some(Cleaned { next: 1, of: 1 }));
        }
        // A page that the writer remembers as it was would bring back what is zeroed in the file.
        query("PRAGMA shrink_memory")
            .execute(&mut guard.connection)
            .await?;
        guard.open = true;
        let begun = query("BEGIN IMMEDIATE")
            .execute(&mut guard.connection)
            .await;
        let cleaned = match begun {
            // Another process may have written since the log was emptied.
            Ok(_) if log_is_empty(self.dir()) => {
                let cleaned = tokio::task::spawn_blocking(move || clean_pages(&raw, from)).await;
                cleaned
                    .map_err(std::io::Error::other)
                    .flatten()
                    .map(Some)
                    .map_err(|error| StoreError::io(self.dir(), error))
            }
            Ok(_) => Ok(None),
            Err(error) if crate::error::is_busy(&error) => Ok(None),
            Err(error) => Err(error.into()),
        };
        guard.roll_back().await;
        cleaned
    }
}

fn log_is_empty(dir: &Path) -> bool {
    !std::fs::metadata(dir.join(format!("{FILE}-wal"))).is_ok_and(|log| log.len() > 0)
}

/// Folds the log into the database and empties it; `false` while a reader needs it.
pub(crate) async fn fold_log(connection: &mut Connection) -> Result<bool, StoreError> {
    if connection.is_postgres() {
        return Ok(true);
    }
    // A reader is waited for outside of the writer's turn.
    query("PRAGMA busy_timeout = 0")
        .execute(&mut *connection)
        .await?;
    let mut folded = try_fold(connection).await;
    for _ in 1..MOMENTS {
        if !matches!(folded, Ok(false)) {
            break;
        }
        tokio::time::sleep(MOMENT).await;
        folded = try_fold(connection).await;
    }
    query(sqlx::AssertSqlSafe(format!(
        "PRAGMA busy_timeout = {}",
        crate::BUSY.as_millis()
    )))
    .execute(connection)
    .await?;
    folded
}

async fn try_fold(connection: &mut Connection) -> Result<bool, StoreError> {
    let folded = query("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(connection)
        .await;
    match folded {
        Ok(row) => Ok(row.try_get::<i64, _>(0)? == 0),
        Err(error) if crate::error::is_busy(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Sizes as the file's own header gives them.
struct Shape {
    page: usize,
    /// Without what is reserved at a page's end.
    usable: usize,
    pages: u64,
}

fn shape(file: &File) -> std::io::Result<Shape> {
    let mut header = [0; 32];
    file.read_exact_at(&mut header, 0)?;
    let page = match number(&header, 16) {
        1 => 65_536,
        size => size,
    };
    let usable = page.saturating_sub(usize::from(header[20]));
    if page < 512 || usable < 480 {
        return Err(std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "the database's header gives no size of a page",
        ));
    }
    Ok(Shape {
        page,
        usable,
        pages: file.metadata()?.len() / page as u64,
    })
}

fn clean_pages(file: &File, from: u64) -> std::io::Result<Cleaned> {
    let shape = shape(file)?;
    let to = shape.pages.min(from + PAGES);
    let mut bytes = vec![0; to.saturating_sub(from) as usize * shape.page];
    let begin = from * shape.page as u64;
    file.read_exact_at(&mut bytes, begin)?;
    for (at, page) in bytes.chunks_exact(shape.page).enumerate() {
        let at = begin + (at * shape.page) as u64;
        for gap in unused(&page[..shape.usable]) {
            if page[gap.clone()].iter().any(|byte| *byte != 0) {
                file.write_all_at(&vec![0; gap.len()], at + gap.start as u64)?;
            }
        }
    }
    Ok(Cleaned {
        next: to.max(from),
        of: shape.pages,
    })
}

fn number(page: &[u8], at: usize) -> usize {
    usize::from(page[at]) << 8 | usize::from(page[at + 1])
}

/// The bytes of a page that hold nothing: between the list of cells and the cells, and within blocks that are free.
/// Nothing of a page that is none of a b-tree, or does not hold together
/// (<https://www.sqlite.org/fileformat2.html#b_tree_pages>).
fn unused(page: &[u8]) -> Vec<Range<usize>> {
    let header = match page[0] {
        2 | 5 => 12,
        10 | 13 => 8,
        _ => return Vec::new(),
    };
    let cells = number(page, 3);
    let list = header + 2 * cells;
    let content = match number(page, 5) {
        0 => 65_536,
        at => at,
    };
    if list > content || content > page.len() {
        return Vec::new();
    }
    let within = |at: usize| (content..page.len()).contains(&at);
    if !(0..cells).all(|cell| within(number(page, header + 2 * cell))) {
        return Vec::new();
    }
    let mut unused = Vec::new();
    let (mut block, mut after) = (number(page, 1), content);
    while block != 0 {
        if block < after || block + 4 > page.len() {
            return Vec::new();
        }
        let (next, size) = (number(page, block), number(page, block + 2));
        if size < 4 || block + size > page.len() {
            return Vec::new();
        }
        unused.push(block + 4..block + size);
        after = block + size;
        block = next;
    }
    unused.push(list..content);
    unused
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A leaf with a list of two cells, a block that is free, and old bytes in between.
    fn leaf() -> Vec<u8> {
        let mut page = vec![0xee; 512];
        page[..12].copy_from_slice(&[13, 1, 200, 0, 2, 1, 144, 0, 1, 144, 1, 250]);
        page[1..3].copy_from_slice(&450_u16.to_be_bytes());
        page[450..454].copy_from_slice(&[0, 0, 0, 20]);
        page
    }

    #[test]
    fn what_a_page_does_not_use_is_found_and_nothing_else() {
        assert_eq!(unused(&leaf()), [454..470, 12..400]);
        for (at, byte) in [(0, 0), (0, 7), (3, 1), (5, 2), (8, 0), (450, 1), (453, 3)] {
            let mut page = leaf();
            page[at] = byte;
            assert!(unused(&page).is_empty(), "byte {at} as {byte}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_page_breaks_it(mut page in proptest::collection::vec(proptest::num::u8::ANY, 512), kind in 0_usize..4) {
            page[0] = [2, 5, 10, 13][kind];
            for gap in unused(&page) {
                proptest::prop_assert!(gap.end <= page.len());
            }
        }
    }
}
