//! Why there is nothing to say about the uncertainty.

use crate::model::InputError;
use thiserror::Error;

/// What is wrong with a distribution, a factor or a run.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum UncertaintyError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("{name} must lie between {low} and {high}; it was {value}")]
    OutOfRange { name: String, value: f64, low: f64, high: f64 },
    #[error("{name}: {what} must hold: {detail}")]
    BadDistribution { name: String, what: &'static str, detail: String },
    #[error("there are two factors of the name {name:?}; a name must be its own, since draws follow from it")]
    SameName { name: String },
    #[error("the study gave {given} numbers where {expected} outputs were named")]
    WrongOutputs { expected: usize, given: usize },
    #[error("there is no output {name:?}; the outputs are {known}")]
    UnknownOutput { name: String, known: String },
    #[error("the scenarios cannot be compared draw by draw: {what} is {a} in one and {b} in the other")]
    NotPaired { what: &'static str, a: u64, b: u64 },
    #[error("the base study has no number for the output")]
    NoBase,
    #[error("the computation was stopped before its end")]
    Cancelled,
}

/// A number within limits; not a number lies outside.
pub(super) fn within(name: &str, value: f64, [low, high]: [f64; 2]) -> Result<f64, UncertaintyError> {
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(UncertaintyError::OutOfRange { name: name.to_owned(), value, low, high })
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "counts of draws are far below 2^53")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}
