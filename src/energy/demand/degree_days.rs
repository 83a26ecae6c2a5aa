//! Degree days, never without their base.

use super::calendar::number;
use super::error::{DemandError, within};
use super::space_heat::SpaceHeatLaw;
use crate::model::{Climate, WeatherYear};
use serde::Serialize;

/// Degree days of a heating period (the Russian norm's ГСОП): `sum over heating days of (t_i - t_o)`. Two numbers of degree days
/// compare only where base and limit are the same, so they stand beside.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DegreeDays {
    /// The degree days.
    pub degree_days_k_d: f64,
    /// The base: the indoor temperature.
    pub base_temperature_c: f64,
    /// Mean of a day up to which it is a heating day.
    pub heating_limit_c: f64,
    /// Heating days.
    pub heating_days: f64,
    /// Their mean outdoor temperature; none without a heating day.
    pub heating_mean_c: Option<f64>,
    /// Norm with edition, or weather file, that they are of.
    pub of: String,
}

/// Degree days of a climate: `(t_i - t_m) n`.
///
/// Vladimir by the norm of 1999 at 20 °C: (20 + 3.5) times 213 days:
///
/// ```
/// use peatplan::{energy::demand::degree_days_of_climate, model::climate};
/// let days = degree_days_of_climate(climate("vladimir-1999").unwrap(), 20.0).unwrap();
/// assert_eq!(days.degree_days_k_d, 5_005.5);
/// ```
///
/// # Errors
/// [`DemandError`]: the climate contradicts itself, or it is no warmer inside than the heating limit.
pub fn degree_days_of_climate(climate: &Climate, indoor_c: f64) -> Result<DegreeDays, DemandError> {
    SpaceHeatLaw::new(climate, indoor_c)?;
    Ok(DegreeDays {
        degree_days_k_d: (indoor_c - climate.heating_mean_c) * climate.heating_days,
        base_temperature_c: indoor_c,
        heating_limit_c: climate.heating_limit_c,
        heating_days: climate.heating_days,
        heating_mean_c: Some(climate.heating_mean_c),
        of: format!("{}, {}", climate.place.en, climate.edition),
    })
}

/// Degree days of a weather year, over its days with a mean of at most the limit.
///
/// # Errors
/// [`DemandError::OutOfRange`]: a limit or an indoor temperature that is none.
pub fn degree_days_of_weather(weather: &WeatherYear, indoor_c: f64, limit_c: f64) -> Result<DegreeDays, DemandError> {
    within("indoor_temperature_c", indoor_c, [5.0, 30.0], " °C")?;
    within("heating_limit_c", limit_c, [0.0, indoor_c], " °C")?;
    let cold: Vec<f64> = weather.daily_means_c().into_iter().filter(|mean| *mean <= limit_c).collect();
    Ok(DegreeDays {
        degree_days_k_d: cold.iter().map(|mean| indoor_c - mean).sum(),
        base_temperature_c: indoor_c,
        heating_limit_c: limit_c,
        heating_days: number(cold.len()),
        heating_mean_c: (!cold.is_empty()).then(|| cold.iter().sum::<f64>() / number(cold.len())),
        of: weather.place.clone(),
    })
}
