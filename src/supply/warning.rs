//! What a reader should know beside the numbers.

use serde::Serialize;

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupplyWarning {
    /// A fixed word for programs and translations.
    pub code: &'static str,
    /// An English sentence.
    pub message: String,
}

impl SupplyWarning {
    /// A warning.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}
