//! What a base unit covers of a load.

use super::calendar::number;
use super::error::{DemandError, within};
use super::hourly_load::HourlyLoad;
use serde::Serialize;

/// What a base unit covers of a load.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BaseCoverage {
    /// Its capacity over the peak load.
    pub relative_capacity: f64,
    /// Hours a year in which the load is at least its capacity.
    pub hours_at_full_load: f64,
    /// Share of the annual energy that it covers.
    pub heat_share: f64,
    /// Its energy over its capacity, hours.
    pub unit_full_load_hours: f64,
}

/// What a base unit covers of a load, hour by hour: `sum min(Q, alpha Q_peak) / sum Q`. It runs down to any small load and never
/// fails; what a real one loses to its least load and its repairs is the dispatch's to say.
///
/// Of a load that is 2 MW for a quarter of the year and 1 MW else, half the peak covers four fifths:
///
/// ```
/// use peatplan::energy::demand::{HourlyLoad, hourly_coverage};
/// let hours = (0..8_760).map(|hour| if hour < 2_190 { 2.0 } else { 1.0 }).collect();
/// let coverage = hourly_coverage(&HourlyLoad::new(hours).unwrap(), 0.5).unwrap();
/// assert!((coverage.heat_share - 0.8).abs() < 1e-12);
/// assert_eq!(coverage.hours_at_full_load, 8_760.0);
/// ```
///
/// # Errors
/// [`DemandError::OutOfRange`]: a capacity below 0 or above 1.
pub fn hourly_coverage(load: &HourlyLoad, relative_capacity: f64) -> Result<BaseCoverage, DemandError> {
    let alpha = within("relative_capacity", relative_capacity, [0.0, 1.0], "")?;
    let capacity_mw = alpha * load.peak_mw();
    let covered_mwh: f64 = load.hours_mw().iter().map(|hour| hour.min(capacity_mw)).sum();
    let full = load.hours_mw().iter().filter(|hour| capacity_mw > 0.0 && **hour >= capacity_mw).count();
    let energy_mwh = load.energy_mwh();
    Ok(BaseCoverage {
        relative_capacity: alpha,
        hours_at_full_load: number(full),
        heat_share: if energy_mwh > 0.0 { (covered_mwh / energy_mwh).min(1.0) } else { 0.0 },
        unit_full_load_hours: if capacity_mw > 0.0 { covered_mwh / capacity_mw } else { 0.0 },
    })
}
