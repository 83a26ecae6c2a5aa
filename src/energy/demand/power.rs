//! Shapes of electric loads.

use super::calendar::{number, winter_phase};
use super::error::{DemandError, within};
use crate::model::DAYS_OF_YEAR;
use std::f64::consts::TAU;

/// The hour of the day about which a town's load is greatest; general knowledge.
const BUSIEST_HOUR: f64 = 18.0;

/// A town's electric load around its mean: `(1 + s_d cos(2 pi (h - 18) / 24)) (1 + s_y cos(2 pi (d - 20) / 365))`. It is an
/// assumption for want of measured hours: one hump a day, one a year.
///
/// # Errors
/// [`DemandError::OutOfRange`]: a swing below 0 or above 0.95.
pub fn town_power_shape(daily_swing: f64, seasonal_swing: f64) -> Result<Vec<f64>, DemandError> {
    let daily = within("power_daily_swing", daily_swing, [0.0, 0.95], "")?;
    let seasonal = within("power_seasonal_swing", seasonal_swing, [0.0, 0.95], "")?;
    let day = |hour: usize| 1.0 + daily * (TAU * (number(hour) + 0.5 - BUSIEST_HOUR) / 24.0).cos();
    let year = |day: usize| 1.0 + seasonal * winter_phase(number(day + 1));
    Ok((0..DAYS_OF_YEAR).flat_map(|date| (0..24).map(move |hour| year(date) * day(hour))).collect())
}

/// The electric load of pumps and fans: a constant part and one in proportion to the heat, both as shares of the year's energy. Where
/// there is no heat all of it is constant.
///
/// # Errors
/// [`DemandError::OutOfRange`]: a part below 0 or above 1.
pub fn following_power(heat_mw: &[f64], base_share: f64) -> Result<Vec<f64>, DemandError> {
    let base = within("pump_base_share", base_share, [0.0, 1.0], "")?;
    let hours = number(heat_mw.len());
    let heat: f64 = heat_mw.iter().sum();
    let follows = if heat > 0.0 { (1.0 - base) / heat } else { 0.0 };
    let constant = if heat > 0.0 { base / hours } else { 1.0 / hours };
    Ok(heat_mw.iter().map(|load| constant + follows * load).collect())
}
