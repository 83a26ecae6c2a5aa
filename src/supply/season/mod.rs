//! Harvest over seasons: what a cycle of a technology gives, how many cycles the weather allows, how seasons
//! differ, and how harvest and need spread over the months.
//!
//! It knows areas and tonnes; which peat lies where, what it costs and who burns it, it does not.

mod cycles;
mod harvests;
mod months;
mod weather;

pub use cycles::{HarvestCycle, days_for_dry_run, drying_cycles, yearly_lowering};
pub use harvests::{LooseFuel, SeasonHarvest, SeasonNorms, season_harvests};
pub use months::{DAYS_OF_MONTHS, HeatProfile, MonthlyShares, need_by_month};
pub use weather::{SeasonKind, SeasonWeather};

use thiserror::Error;

/// Why a season cannot be computed.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SeasonError {
    #[error("{name} must lie between {low} and {high}{unit}; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64, unit: &'static str },
    #[error("the least weather factor must lie below the greatest one; they were {least} and {greatest}")]
    NoSpread { least: f64, greatest: f64 },
    #[error("{name} must be twelve numbers of nothing or more, January first, one of them above nothing")]
    NotAYear { name: &'static str },
}

pub(super) fn within(name: &'static str, value: f64, (low, high): (f64, f64), unit: &'static str) -> Result<f64, SeasonError> {
    if (low..=high).contains(&value) { Ok(value) } else { Err(SeasonError::OutOfRange { name, value, low, high, unit }) }
}

#[cfg(test)]
pub(super) use harvests::tests as tests_of_harvests;
