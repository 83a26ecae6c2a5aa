//! The duration curve of space heat in closed form.

use super::coverage::BaseCoverage;
use super::error::{DemandError, within};
use super::space_heat::SpaceHeatLaw;
use crate::model::Climate;
use serde::Serialize;

/// Rossander's duration curve: `Q / Q_d = 1 - (1 - q_0) x^k` with `x` the share of the heating period that has passed from the
/// coldest hour on, `q_0` the load at the heating limit and `q_m` the mean load, both over the design load, and
/// `k = (q_m - q_0) / (1 - q_m)`, so that the curve integrates to `q_m` exactly. It is the form that Russian textbooks of heat
/// supply give (Sokolov, "Теплофикация и тепловые сети").
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rossander {
    /// Load at the heating limit over design load, `q_0`.
    pub least_share: f64,
    /// Mean load of the heating period over design load, `q_m`.
    pub mean_share: f64,
    /// Exponent `k`.
    pub exponent: f64,
    /// Hours of the heating period.
    pub season_hours: f64,
}

impl Rossander {
    /// The curve of a climate.
    ///
    /// ```
    /// use peatplan::{energy::demand::Rossander, model::climate};
    /// let curve = Rossander::new(climate("vladimir-1999").unwrap(), 20.0).unwrap();
    /// assert!((curve.exponent - 0.46939).abs() < 5e-6);
    /// assert!((curve.full_load_hours() - 2_502.75).abs() < 1e-9);
    /// assert!((curve.coverage(0.5).unwrap().heat_share - 0.8625).abs() < 5e-5);
    /// ```
    ///
    /// # Errors
    /// [`DemandError`]: the climate contradicts itself, or it is no warmer inside than the heating limit.
    pub fn new(climate: &Climate, indoor_c: f64) -> Result<Self, DemandError> {
        SpaceHeatLaw::new(climate, indoor_c)?;
        let span = indoor_c - climate.design_temperature_c;
        let least_share = (indoor_c - climate.heating_limit_c) / span;
        let mean_share = (indoor_c - climate.heating_mean_c) / span;
        let exponent = (mean_share - least_share) / (1.0 - mean_share);
        Ok(Self { least_share, mean_share, exponent, season_hours: 24.0 * climate.heating_days })
    }

    /// Hours a year at full load, `24 n q_m`.
    #[must_use]
    pub fn full_load_hours(&self) -> f64 {
        self.season_hours * self.mean_share
    }

    /// Load over design load after so many hours from the coldest on; nothing after the heating period.
    #[must_use]
    pub fn load_ratio(&self, hours: f64) -> f64 {
        let passed = hours / self.season_hours;
        if passed <= 1.0 { 1.0 - (1.0 - self.least_share) * passed.max(0.0).powf(self.exponent) } else { 0.0 }
    }

    /// What a base unit of this capacity over the design load covers: with `x` where the curve falls to `alpha`,
    /// `[alpha x + (1 - x) - (1 - q_0) (1 - x^(k+1)) / (k+1)] / q_m`.
    ///
    /// # Errors
    /// [`DemandError::OutOfRange`]: a capacity below 0 or above 1.
    pub fn coverage(&self, relative_capacity: f64) -> Result<BaseCoverage, DemandError> {
        let alpha = within("relative_capacity", relative_capacity, [0.0, 1.0], "")?;
        let passed = ((1.0 - alpha) / (1.0 - self.least_share)).powf(1.0 / self.exponent).min(1.0);
        let next = self.exponent + 1.0;
        let below = (1.0 - passed) - (1.0 - self.least_share) * (1.0 - passed.powf(next)) / next;
        let covered = alpha * passed + below;
        Ok(BaseCoverage {
            relative_capacity: alpha,
            hours_at_full_load: self.season_hours * passed,
            heat_share: (covered / self.mean_share).min(1.0),
            unit_full_load_hours: if alpha > 0.0 { covered * self.season_hours / alpha } else { 0.0 },
        })
    }
}
