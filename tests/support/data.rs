//! Data folders of a test, and the shared test data.

use std::path::{Path, PathBuf};

/// The shared test data, or `None` with a visible line where it is absent. Never absent in CI.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DISCOVER_TEST_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.exists() {
        return Some(path);
    }
    super::skip::skip(&format!("no test data at {}", path.display()));
    None
}

/// Whether any file under `folder` holds `needle`.
pub(crate) fn files_holding(folder: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let kind = entry.file_type().expect("a file type");
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                let bytes = std::fs::read(&path).unwrap_or_default();
                if bytes.windows(needle.len()).any(|window| window == needle) {
                    found.push(path);
                }
            }
        }
    }
    found
}
