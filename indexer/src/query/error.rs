//! Why a query cannot be read, and where.

/// The query cannot be read; points at the column (1-based, in code points).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {detail}")]
pub struct QueryError {
    pub column: usize,
    pub code: QueryErrorCode,
    pub detail: String,
    /// What to write instead, where we can tell.
    pub hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryErrorCode {
    Syntax,
    UnknownField,
    TooLarge,
}

impl QueryErrorCode {
    /// The stable code of the API's problem answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "query_syntax",
            Self::UnknownField => "unknown_field",
            Self::TooLarge => "query_too_large",
        }
    }
}

impl QueryError {
    pub(crate) fn syntax(column: usize, detail: impl Into<String>, hint: Option<String>) -> Self {
        Self {
            column,
            code: QueryErrorCode::Syntax,
            detail: detail.into(),
            hint,
        }
    }

    pub(crate) fn too_large(column: usize, detail: impl Into<String>) -> Self {
        Self {
            column,
            code: QueryErrorCode::TooLarge,
            detail: detail.into(),
            hint: Some("leave out some words, or search in two steps".into()),
        }
    }
}
