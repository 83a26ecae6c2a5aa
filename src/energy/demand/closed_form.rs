//! A load in closed form: space heat by Rossander's curve over an even base. What a first look needs, while a plant is dragged.

use super::coverage::BaseCoverage;
use super::error::{DemandError, within};
use super::rossander::Rossander;

/// Hours of a year.
const YEAR_HOURS: f64 = 8_760.0;

/// Space heat by [`Rossander`]'s curve on top of a base that is the same in all hours: hot water, process heat and losses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClosedFormLoad {
    curve: Rossander,
    /// Space heat in the coldest hour, MW.
    space_mw: f64,
    /// Everything else, MW.
    base_mw: f64,
}

impl ClosedFormLoad {
    /// The load with this much space heat and this much other heat a year, MWh.
    ///
    /// # Errors
    /// [`DemandError::OutOfRange`]: an amount below zero.
    pub fn new(curve: Rossander, space_mwh_a: f64, base_mwh_a: f64) -> Result<Self, DemandError> {
        let space = within("space_heat_mwh_a", space_mwh_a, [0.0, 1e12], " MWh")?;
        let base = within("base_heat_mwh_a", base_mwh_a, [0.0, 1e12], " MWh")?;
        Ok(Self { curve, space_mw: space / curve.full_load_hours(), base_mw: base / YEAR_HOURS })
    }

    /// Load of the coldest hour, MW.
    #[must_use]
    pub fn peak_mw(&self) -> f64 {
        self.space_mw + self.base_mw
    }

    /// Load of all hours, MW.
    #[must_use]
    pub fn base_mw(&self) -> f64 {
        self.base_mw
    }

    /// Energy of the year, MWh.
    #[must_use]
    pub fn energy_mwh_a(&self) -> f64 {
        self.space_mw * self.curve.full_load_hours() + self.base_mw * YEAR_HOURS
    }

    /// What a base unit of this heat capacity covers: the even base first, then space heat up to what is left of it.
    ///
    /// In Vladimir's climate 10 MW of space heat are 25,027 MWh a year. A unit of 6 MW serves a base of 1 MW the whole year and
    /// half the space heat's peak, which is 86.25 % of its energy: 8,760 + 21,586 of 33,787 MWh.
    ///
    /// ```
    /// use peatplan::{energy::demand::{ClosedFormLoad, Rossander}, model::climate};
    /// let curve = Rossander::new(climate("vladimir-1999").unwrap(), 20.0).unwrap();
    /// let load = ClosedFormLoad::new(curve, 25_027.5, 8_760.0).unwrap();
    /// assert!((load.peak_mw() - 11.0).abs() < 1e-9);
    /// let unit = load.coverage(6.0).unwrap();
    /// assert!((unit.heat_share - 0.8981).abs() < 1e-4);
    /// assert!((unit.unit_full_load_hours - 0.8981 * 33_787.5 / 6.0).abs() < 1.0);
    /// ```
    ///
    /// # Errors
    /// [`DemandError::OutOfRange`]: a capacity below zero.
    pub fn coverage(&self, heat_mw: f64) -> Result<BaseCoverage, DemandError> {
        let capacity = within("heat_mw", heat_mw, [0.0, f64::MAX], " MW")?;
        let for_space = if self.space_mw > 0.0 { ((capacity - self.base_mw) / self.space_mw).clamp(0.0, 1.0) } else { 1.0 };
        let space = self.curve.coverage(for_space)?;
        let base_mwh = capacity.min(self.base_mw) * YEAR_HOURS;
        let covered = base_mwh + space.heat_share * self.space_mw * self.curve.full_load_hours();
        let (peak, energy) = (self.peak_mw(), self.energy_mwh_a());
        let below_base = capacity <= self.base_mw;
        Ok(BaseCoverage {
            relative_capacity: if peak > 0.0 { capacity / peak } else { 0.0 },
            hours_at_full_load: if below_base { YEAR_HOURS } else { space.hours_at_full_load },
            heat_share: if energy > 0.0 { (covered / energy).min(1.0) } else { 0.0 },
            unit_full_load_hours: if capacity > 0.0 { covered / capacity } else { 0.0 },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::climate;

    fn load(space: f64, base: f64) -> ClosedFormLoad {
        let curve = Rossander::new(climate("vladimir-1999").unwrap(), 20.0).unwrap();
        ClosedFormLoad::new(curve, space, base).unwrap()
    }

    #[test]
    fn it_covers_nothing_with_nothing_and_all_with_the_peak() {
        for load in [load(25_000.0, 0.0), load(0.0, 8_760.0), load(25_000.0, 8_760.0)] {
            assert!(load.coverage(0.0).unwrap().heat_share < 1e-12);
            assert!((load.coverage(load.peak_mw()).unwrap().heat_share - 1.0).abs() < 1e-12);
            assert!((load.coverage(2.0 * load.peak_mw()).unwrap().heat_share - 1.0).abs() < 1e-12);
            let shares: Vec<f64> =
                (0..=20).map(|step| load.coverage(f64::from(step) / 20.0 * load.peak_mw()).unwrap().heat_share).collect();
            assert!(shares.windows(2).all(|pair| pair[0] <= pair[1]), "{shares:?}");
        }
        assert!(load(1.0, 1.0).coverage(-1.0).is_err());
    }

    #[test]
    fn below_the_base_it_runs_all_year() {
        let unit = load(25_000.0, 8_760.0).coverage(0.5).unwrap();
        assert!((unit.unit_full_load_hours - 8_760.0).abs() < 1e-9 && (unit.hours_at_full_load - 8_760.0).abs() < 1e-9);
    }

    #[test]
    fn its_energy_is_that_of_the_curve_added_up() {
        let load = load(25_027.5, 8_760.0);
        let curve = Rossander::new(climate("vladimir-1999").unwrap(), 20.0).unwrap();
        // The middle rule over half hours.
        let added = |capacity: f64| -> f64 {
            (0..17_520).map(|step| (1.0 + 10.0 * curve.load_ratio(0.5 * f64::from(step) + 0.25)).min(capacity) / 2.0).sum()
        };
        for capacity in [0.8, 2.0, 5.0, 9.0, 11.0] {
            let covered = load.coverage(capacity).unwrap().heat_share * load.energy_mwh_a();
            assert!((covered / added(capacity) - 1.0).abs() < 1e-3, "{capacity} MW: {covered} and {}", added(capacity));
        }
    }
}
