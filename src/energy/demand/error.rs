//! Why a demand cannot be computed.

use crate::model::{ClimateError, WeatherError};
use thiserror::Error;

/// Why a demand cannot be computed.
#[derive(Debug, Clone, PartialEq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum DemandError {
    #[error(transparent)]
    Climate(#[from] ClimateError),
    #[error(transparent)]
    Weather(#[from] WeatherError),
    #[error("{name} must lie between {low} and {high}{unit}; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64, unit: &'static str },
    #[error("indoor_temperature_c ({indoor} °C) must lie above heating_limit_c ({limit} °C)")]
    Indoor { indoor: f64, limit: f64 },
    #[error("a load has 8760 hours of finite MW that are not negative; {0}")]
    Load(String),
    #[error("{consumer}: {source}")]
    Consumer { consumer: String, source: Box<DemandError> },
    #[error("a demand takes {allowed} consumers at most; there were {consumers}")]
    TooMany { consumers: usize, allowed: usize },
    #[error(
        "no synthetic year has its coldest five days at {design} °C with {days} heating days of {mean} °C; \
         bring design_temperature_c and heating_mean_c closer together, or give a weather file"
    )]
    NoSuchYear { design: f64, days: f64, mean: f64 },
}

/// A number within its limits.
pub(super) fn within(name: &'static str, value: f64, [low, high]: [f64; 2], unit: &'static str) -> Result<f64, DemandError> {
    if (low..=high).contains(&value) { Ok(value) } else { Err(DemandError::OutOfRange { name, value, low, high, unit }) }
}
