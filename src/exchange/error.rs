//! Why a file cannot be imported. Which to use: `Path`, `Format`, `Crs`, `Layer`, `Fields` before a row is read;
//! `Rejected` when rows are refused and none may be; `Limit` when a cap is passed; `Sink` for the taker's own error.

use super::report::ImportReport;
use thiserror::Error;

/// Why an import did not happen. Nothing was changed.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ImportError<E> {
    #[error("{0}")]
    Path(String),
    #[error("{0}")]
    Format(String),
    #[error("{0}")]
    Crs(String),
    #[error("{0}")]
    Layer(String),
    #[error("{0}")]
    Fields(String),
    #[error("{0}")]
    Limit(String),
    #[error("{}", rejected_text(.0))]
    Rejected(Box<ImportReport>),
    #[error(transparent)]
    Sink(E),
}

fn rejected_text(report: &ImportReport) -> String {
    format!(
        "{} of {} rows were refused, so nothing was imported; mend them, or give --on-error skip to import the others",
        report.rejected_total, report.rows_read
    )
}

/// Errors before the first row, without the taker's error in their type.
#[derive(Debug)]
pub(super) enum OpenError {
    Path(String),
    Format(String),
    Crs(String),
    Layer(String),
    Fields(String),
    Limit(String),
}

impl<E> From<OpenError> for ImportError<E> {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Path(text) => Self::Path(text),
            OpenError::Format(text) => Self::Format(text),
            OpenError::Crs(text) => Self::Crs(text),
            OpenError::Layer(text) => Self::Layer(text),
            OpenError::Fields(text) => Self::Fields(text),
            OpenError::Limit(text) => Self::Limit(text),
        }
    }
}
