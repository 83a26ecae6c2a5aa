//! Why a program has no answer.

use thiserror::Error;

/// Why a program has no answer.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ProgramError {
    #[error("no values of the variables satisfy all rows; smallest_relief() says which rows, and by how much")]
    Infeasible,
    #[error("the objective falls without end: a variable with a gain has no limit")]
    Unbounded,
    #[error("the program has {count} {what}; at most {most} are allowed")]
    TooLarge { what: &'static str, count: usize, most: usize },
    #[error("the program was not solved within {most} {what}")]
    TooLong { what: &'static str, most: u64 },
    #[error("the computation was stopped before its end")]
    Interrupted,
    #[error("{what} must be a number; it was {value}")]
    NotANumber { what: String, value: f64 },
    #[error("{what} must not have a low end above its high end; they were {low} and {high}")]
    EmptyRange { what: String, low: f64, high: f64 },
    #[error("row {row:?} names a variable that this program does not have")]
    UnknownVariable { row: String },
    #[error("a program with yes-or-no variables has no prices")]
    HasIntegers,
    #[error("the answer could not be proven: {what} misses by {by:e}, relative")]
    Unproven { what: String, by: f64 },
    #[error("the solver failed: {0}")]
    Solver(String),
}
