//! Whether the files of an index are those that its last commit left, for the one who is about to write to it.
//!
//! Contract: segments have checksums of their own. The two lists beside them have none: what they say is compared with
//! what lies in the folder and in the segments, so that a part that is lost or changed is never left out in silence.

use std::path::Path;

use tantivy::IndexReader;

use crate::error::IndexError;
use crate::schema::column;

/// What is wrong with the files; `None` where they are whole. Nobody else may be writing.
pub(crate) fn damage(engine: &tantivy::Index, dir: &Path) -> Result<Option<String>, IndexError> {
    let metas = engine.load_metas()?;
    // A name that was changed would be left out as unknown, with what it says.
    let mut as_written = serde_json::to_vec_pretty(&metas).map_err(std::io::Error::from)?;
    as_written.push(b'\n');
    if std::fs::read(dir.join("meta.json"))? != as_written {
        return Ok(Some("meta.json is not as it was written".to_owned()));
    }
    // What is not on the list of files has no checksum looked at, and is never deleted.
    let listed = engine.directory().list_managed_files();
    for entry in std::fs::read_dir(dir)? {
        let name = entry?.file_name();
        if is_segment_file(Path::new(&name)) && !listed.contains(Path::new(&name)) {
            let name = name.to_string_lossy();
            return Ok(Some(format!("{name} is not on the list of files")));
        }
    }
    Ok(None)
}

/// The same, for what only an open index tells.
pub(crate) fn miscounted(
    engine: &tantivy::Index,
    reader: &IndexReader,
) -> Result<Option<String>, IndexError> {
    let metas = engine.load_metas()?;
    for segment in reader.searcher().segment_readers() {
        let meta = metas
            .segments
            .iter()
            .find(|meta| meta.id() == segment.segment_id());
        let ids = segment.fast_fields().column_opt::<u64>(column::ID_HIGH)?;
        let held = ids.map_or(0, |ids| ids.num_docs());
        let alive = segment.alive_bitset().map_or(held, |bits| {
            u32::try_from(bits.num_alive_docs()).unwrap_or(held)
        });
        let said = meta.map_or((0, 0), |meta| (meta.max_doc(), meta.num_docs()));
        // Where none is said to be deleted, the list of the deleted is not looked at.
        let lists = meta.is_some_and(|meta| meta.delete_opstamp().is_some());
        if said != (held, alive) || lists != segment.has_deletes() {
            let id = segment.segment_id().short_uuid_string();
            return Ok(Some(format!(
                "segment {id} holds {alive} of {held} conversations, not {} of {}",
                said.1, said.0
            )));
        }
    }
    Ok(None)
}

pub(crate) fn is_segment_file(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension != "json" && extension != "lock")
}
