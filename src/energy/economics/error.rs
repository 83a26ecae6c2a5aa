//! Why there is no economic result.

use crate::model::{InputError, economics_parameters};
use thiserror::Error;

/// Amounts beyond this are mistakes: a hundred times the product of the world a year, in roubles.
const GREATEST_AMOUNT: f64 = 1e18;

/// What is wrong with an input.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum EconomicsError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("{name} must lie between {low} and {high}{unit}; it was {value}")]
    OutOfRange { name: String, value: f64, low: f64, high: f64, unit: &'static str },
    #[error("{name} must hold one number for each of the {expected} {each}; it held {given}")]
    WrongLength { name: String, expected: usize, given: usize, each: &'static str },
    #[error("the shares in {name} must add up to 1; they added up to {sum}")]
    NotWhole { name: &'static str, sum: f64 },
    #[error("there is no {what}: {allowed}")]
    Missing { what: &'static str, allowed: &'static str },
    #[error("{name} sells {sold_mwh} MWh in year {year} of operation, but only {produced_mwh} MWh are produced")]
    SoldBeyondProduction { name: &'static str, year: usize, sold_mwh: f64, produced_mwh: f64 },
    #[error("{products} and {value} MWh of fuel do not fit: {allowed}")]
    Unphysical { products: &'static str, value: f64, allowed: &'static str },
    #[error("{result} is beyond what a number can hold; the rate or the amounts are out of all proportion")]
    Overflow { result: &'static str },
}

/// A number within limits; not a number lies outside.
pub(super) fn within(
    name: impl Into<String>,
    value: f64,
    [low, high]: [f64; 2],
    unit: &'static str,
) -> Result<f64, EconomicsError> {
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(EconomicsError::OutOfRange { name: name.into(), value, low, high, unit })
}

/// A rate that a factor `(1 + r)` can be made of: above -100 % a year.
pub(super) fn rate(name: &'static str, value: f64) -> Result<f64, EconomicsError> {
    within(name, value, [-0.99, 1e6], " a year, as a share")
}

/// An amount of money of either sign.
pub(super) fn amount(name: impl Into<String>, value: f64) -> Result<f64, EconomicsError> {
    within(name, value, [-GREATEST_AMOUNT, GREATEST_AMOUNT], " RUB")
}

/// An amount of money that is not below nothing.
pub(super) fn cost(name: impl Into<String>, value: f64) -> Result<f64, EconomicsError> {
    within(name, value, [0.0, GREATEST_AMOUNT], " RUB")
}

/// A number within the limits that the reference file gives the parameter of this name.
pub(super) fn parameter(name: &'static str, value: f64) -> Result<f64, EconomicsError> {
    if let Some(parameter) = economics_parameters().get(name) {
        parameter.check(value).map_err(|detail| InputError { parameter: name.to_owned(), detail })?;
    }
    Ok(value)
}

/// A result, unless it has left the numbers.
pub(super) fn finite(result: &'static str, value: f64) -> Result<f64, EconomicsError> {
    if value.is_finite() { Ok(value) } else { Err(EconomicsError::Overflow { result }) }
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "counts of years are far below 2^53")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}
