//! A load for every hour of a year.

use super::calendar::month_of_day;
use super::error::DemandError;
use crate::model::{DAYS_OF_YEAR, HOURS_OF_YEAR};

/// A load for each of 8,760 hours, MW: finite and not negative. The number of an hour is its energy in MWh, too.
#[derive(Debug, Clone, PartialEq)]
pub struct HourlyLoad(Vec<f64>);

impl HourlyLoad {
    /// No load.
    #[must_use]
    pub fn none() -> Self {
        Self(vec![0.0; HOURS_OF_YEAR])
    }

    /// A load from its hours.
    ///
    /// # Errors
    /// [`DemandError::Load`]: not 8,760 hours, or one that is negative or no finite number.
    pub fn new(hours_mw: Vec<f64>) -> Result<Self, DemandError> {
        if hours_mw.len() != HOURS_OF_YEAR {
            return Err(DemandError::Load(format!("there were {} hours", hours_mw.len())));
        }
        match hours_mw.iter().position(|load| !(load.is_finite() && *load >= 0.0)) {
            Some(hour) => Err(DemandError::Load(format!("hour {} was {}", hour + 1, hours_mw[hour]))),
            None => Ok(Self(hours_mw)),
        }
    }

    /// A yearly energy spread by a shape; none where the shape is nothing everywhere.
    ///
    /// 8,760 MWh in proportion to a constant are 1 MW:
    ///
    /// ```
    /// use peatplan::energy::demand::HourlyLoad;
    /// let load = HourlyLoad::from_shape(8_760.0, &vec![3.0; 8_760]).unwrap();
    /// assert!((load.peak_mw() - 1.0).abs() < 1e-12);
    /// ```
    ///
    /// # Errors
    /// [`DemandError::Load`], as [`HourlyLoad::new`].
    pub fn from_shape(energy_mwh: f64, shape: &[f64]) -> Result<Self, DemandError> {
        let whole: f64 = shape.iter().sum();
        let factor = if whole > 0.0 { energy_mwh / whole } else { 0.0 };
        Self::new(shape.iter().map(|part| part * factor).collect())
    }

    /// Its hours, MW.
    #[must_use]
    pub fn hours_mw(&self) -> &[f64] {
        &self.0
    }

    /// Its energy over the year, MWh.
    #[must_use]
    pub fn energy_mwh(&self) -> f64 {
        self.0.iter().sum()
    }

    /// Its greatest hour, MW.
    #[must_use]
    pub fn peak_mw(&self) -> f64 {
        self.0.iter().copied().fold(0.0, f64::max)
    }

    /// The energy of each month, MWh.
    #[must_use]
    pub fn monthly_mwh(&self) -> [f64; 12] {
        let mut months = [0.0; 12];
        for (day, hours) in self.0.chunks_exact(24).enumerate().take(DAYS_OF_YEAR) {
            months[month_of_day(day)] += hours.iter().sum::<f64>();
        }
        months
    }

    /// Adds another load to it, hour by hour.
    pub fn add(&mut self, other: &Self) {
        for (own, others) in self.0.iter_mut().zip(&other.0) {
            *own += others;
        }
    }

    /// Its hours from the greatest to the least.
    #[must_use]
    pub fn sorted_mw(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        sorted
    }
}
