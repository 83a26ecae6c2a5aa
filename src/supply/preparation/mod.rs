//! How fields come into production and leave it: permits, ditching and drainage, first years of harvest, the end of the
//! stock, rewetting. Year by year, with area, capacity and cost.
//!
//! A field comes in lots of hectares, in the years in which its works began: crews prepare so many hectares a year over all
//! fields, those decided on first going first. Years are counted from one; nothing here knows the calendar.

mod decisions;
mod field_years;

pub use decisions::{MOST_DECISIONS, latest_decisions};
pub use field_years::{FieldSchedule, FieldYear, FieldYearStatus, PlannedField, Taken, field_schedules};

use crate::model::{FeatureId, ParameterValues};
use crate::units::{Hectares, Share};
use thiserror::Error;

/// Why no schedule can be made.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum PreparationError {
    #[error("{name} must lie between {low} and {high}{unit}; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64, unit: &'static str },
    #[error("field {field} is given twice")]
    FieldTwice { field: FeatureId },
    #[error(
        "what is taken must be given for each of the {fields} fields and {years} years, or what is needed for each year, nothing or more"
    )]
    TakenMismatch { fields: usize, years: usize },
    #[error("the computation was stopped")]
    Cancelled,
}

/// Rules of preparation and of rewetting.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparationRules {
    /// Years from the decision to the beginning of works.
    pub permit_years: usize,
    /// Years of works on a hectare until its first harvest.
    pub works_years: usize,
    /// Area net on which works can begin in a year, over all fields.
    pub yearly: Hectares,
    /// Cost of a hectare net, spread evenly over the years of works.
    pub cost_rub_ha: f64,
    /// Yield of a hectare's first years over the full one.
    pub first_yields: Vec<Share>,
    /// Whole years between the last harvest and the beginning of rewetting.
    pub restoration_delay_years: usize,
    /// Years of rewetting.
    pub restoration_years: usize,
    /// Cost of a hectare gross, spread evenly over the years of rewetting.
    pub restoration_cost_rub_ha: f64,
}

impl PreparationRules {
    /// By the parameters of `geodata/reference/season.toml`; years are rounded.
    ///
    /// With two years of permits and two of works a field that is decided on in year 1 is harvested first in year 5:
    ///
    /// ```
    /// use peatplan::{model::{ParameterValues, season_parameters}, supply::PreparationRules};
    /// let rules = PreparationRules::from_numbers(&ParameterValues::defaults(season_parameters()));
    /// assert_eq!(rules.first_harvest(1), 5);
    /// ```
    #[must_use]
    pub fn from_numbers(numbers: &ParameterValues) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few years, by the limits of the parameter"
        )]
        let years = |name: &str| numbers.get(name).round().max(0.0) as usize;
        let share = |name: &str| Share::new(numbers.get(name)).unwrap_or(Share::ONE);
        Self {
            permit_years: years("permit_years"),
            works_years: years("works_years").max(1),
            yearly: Hectares(numbers.get("preparation_ha_a")),
            cost_rub_ha: numbers.get("preparation_cost_rub_ha"),
            first_yields: vec![share("first_year_yield_share"), share("second_year_yield_share")],
            restoration_delay_years: years("restoration_delay_years"),
            restoration_years: years("restoration_years").max(1),
            restoration_cost_rub_ha: numbers.get("restoration_cost_rub_ha"),
        }
    }

    /// The year of the first harvest of a field decided on in this year, where crews are free.
    #[must_use]
    pub fn first_harvest(&self, decision_year: usize) -> usize {
        decision_year.saturating_add(self.permit_years).saturating_add(self.works_years.max(1))
    }

    /// Share of the full yield by years since a hectare's first harvest.
    fn yield_share(&self, age: usize) -> f64 {
        self.first_yields.get(age).copied().unwrap_or(Share::ONE).value()
    }

    fn check(&self) -> Result<(), PreparationError> {
        within("preparation_ha_a", self.yearly.0, (f64::MIN_POSITIVE, 1e9), " ha/a")?;
        within("preparation_cost_rub_ha", self.cost_rub_ha, (0.0, 1e12), " RUB/ha")?;
        within("restoration_cost_rub_ha", self.restoration_cost_rub_ha, (0.0, 1e12), " RUB/ha")?;
        Ok(())
    }
}

fn within(name: &'static str, value: f64, (low, high): (f64, f64), unit: &'static str) -> Result<f64, PreparationError> {
    if (low..=high).contains(&value) { Ok(value) } else { Err(PreparationError::OutOfRange { name, value, low, high, unit }) }
}

#[cfg(test)]
mod tests;
