//! What can go wrong with the index, and with a search.

use std::io::ErrorKind;
use std::path::Path;

use tantivy::TantivyError;
use tantivy::directory::error::OpenReadError;

use crate::query::QueryError;

/// The index itself failed.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Files are missing, changed or of another version. The index is derived: the caller rebuilds it.
    #[error("the index is damaged or outdated and must be rebuilt: {0}")]
    Corrupt(String),
    /// Another process holds the writer's lock.
    #[error("the index is in use by another process")]
    Locked,
    /// The index was opened for reading only.
    #[error("the index was opened for reading only")]
    ReadOnly,
    #[error("cannot read or write the index folder")]
    Io(#[from] std::io::Error),
    #[error("the index engine failed")]
    Engine(#[source] TantivyError),
}

impl IndexError {
    /// An error met while opening: damage is told apart from a full disk or a missing right.
    pub(crate) fn opening(error: TantivyError, dir: &Path) -> Self {
        // What is too short, or does not read as it should, was read; what could not be read is no damage yet.
        let unreadable = |kind| matches!(kind, ErrorKind::InvalidData | ErrorKind::UnexpectedEof);
        match error {
            TantivyError::LockFailure(..) => Self::Locked,
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
                if unreadable(io_error.kind()) {
                    return Self::Corrupt(format!("{}: {io_error}", filepath.display()));
                }
                Self::Io(std::io::Error::new(io_error.kind(), io_error.to_string()))
            }
            TantivyError::IoError(error) if unreadable(error.kind()) => {
                Self::Corrupt(format!("{}: {error}", dir.display()))
            }
            TantivyError::IoError(error) => match std::sync::Arc::try_unwrap(error) {
                Ok(error) => Self::Io(error),
                Err(shared) => Self::Io(std::io::Error::new(shared.kind(), shared.to_string())),
            },
            TantivyError::DataCorruption(_)
            | TantivyError::OpenReadError(
                OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_),
            )
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::SchemaError(_) => Self::Corrupt(format!("{}: {error}", dir.display())),
            other => Self::Engine(other),
        }
    }
}

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::Locked,
            TantivyError::DataCorruption(damage) => Self::Corrupt(format!("{damage:?}")),
            other => Self::Engine(other),
        }
    }
}

/// A search was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Not one of our cursors, or one of another query.
    #[error("the cursor does not belong to this query")]
    BadCursor,
    /// A cursor of an earlier version of the index.
    #[error("the cursor is too old; start again from the first page")]
    CursorExpired,
    /// The time allowed for one query is over.
    #[error("the query took too long")]
    TooSlow,
    /// It takes many times what others take, and enough such are running.
    #[error("the query costs more than there is room for now")]
    Costly,
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        Self::Index(error.into())
    }
}
