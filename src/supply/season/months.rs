//! How the harvest of a season and the need of a year spread over the months.

use super::{SeasonError, within};
use crate::model::ParameterValues;
use crate::units::Hours;
use serde::Serialize;
use std::f64::consts::PI;

/// Days of the months of a common year, January first.
pub const DAYS_OF_MONTHS: [f64; 12] = [31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0];
const DAYS: usize = 365;
const HOURS_OF_YEAR: f64 = 8_760.0;
/// Mean daily temperature, °C, up to which buildings are heated (SP 131.13330).
const HEATED_UP_TO_C: f64 = 8.0;
/// The coldest day of a mean year.
const COLDEST_DAY: f64 = 20.0;
/// Hot water in summer over that in winter: 0.8 of the flow, warmed from 15 °C instead of 5 °C (form of MDK 4-05.2004).
const SUMMER_HOT_WATER: f64 = 0.8 * (55.0 - 15.0) / (55.0 - 5.0);
/// Days of summer on which hot water is off for repairs, 16 to 30 July.
const HOT_WATER_OFF: std::ops::Range<usize> = 196..211;

/// Shares of the twelve months, January first, with a sum of one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct MonthlyShares([f64; 12]);

impl MonthlyShares {
    /// Twelve weights of nothing or more, brought to a sum of one. `name` is that of the input, for the error.
    ///
    /// # Errors
    /// [`SeasonError::NotAYear`].
    pub fn new(name: &'static str, weights: [f64; 12]) -> Result<Self, SeasonError> {
        let sum: f64 = weights.iter().sum();
        if weights.iter().any(|weight| !weight.is_finite() || *weight < 0.0) || !sum.is_finite() || sum <= 0.0 {
            return Err(SeasonError::NotAYear { name });
        }
        Ok(Self(weights.map(|weight| weight / sum)))
    }

    /// Shares of the harvest by the weights of `geodata/reference/season.toml`, April to September.
    ///
    /// # Errors
    /// [`SeasonError::NotAYear`] where all of them are nothing.
    pub fn of_harvest(numbers: &ParameterValues) -> Result<Self, SeasonError> {
        let mut weights = [0.0; 12];
        for (month, name) in (3..).zip(["april", "may", "june", "july", "august", "september"]) {
            weights[month] = numbers.get(&format!("harvest_weight_{name}"));
        }
        Self::new("harvest_weight_april to harvest_weight_september", weights)
    }

    /// By calendar month, January first.
    #[must_use]
    pub fn values(&self) -> &[f64; 12] {
        &self.0
    }
}

/// Heat of a town over the year: space heating by outdoor temperature, and hot water.
///
/// The daily mean temperature is a cosine that has `heating_days` days of 8 °C or less with the mean `season_mean_c`:
/// with `θ = π n / 365`, amplitude `A = (8 - t_m) / (sin θ / θ - cos θ)` about `8 + A cos θ`. Space heating goes with the
/// difference to the indoor temperature on these days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatProfile {
    /// Days of the heating season.
    pub heating_days: f64,
    /// Its mean outdoor temperature, °C.
    pub season_mean_c: f64,
    /// Indoor temperature, °C.
    pub indoor_c: f64,
    /// Hot water over the heat of the year.
    pub hot_water_share: f64,
}

impl HeatProfile {
    /// By the parameters of `geodata/reference/season.toml`.
    #[must_use]
    pub fn from_numbers(numbers: &ParameterValues) -> Self {
        Self {
            heating_days: numbers.get("heating_days"),
            season_mean_c: numbers.get("heating_season_mean_c"),
            indoor_c: numbers.get("indoor_temperature_c"),
            hot_water_share: numbers.get("hot_water_share"),
        }
    }

    /// Middle and amplitude of the year's temperature, °C. For Vladimir (213 days of -3.5 °C) 4.204 and 14.626:
    ///
    /// ```
    /// let town = peatplan::supply::HeatProfile { heating_days: 213.0, season_mean_c: -3.5, indoor_c: 20.0, hot_water_share: 0.2 };
    /// let (middle, amplitude) = town.temperature().unwrap();
    /// assert!((middle - 4.204).abs() < 5e-4 && (amplitude - 14.626).abs() < 5e-4);
    /// ```
    ///
    /// # Errors
    /// [`SeasonError::OutOfRange`].
    pub fn temperature(&self) -> Result<(f64, f64), SeasonError> {
        let days = within("heating_days", self.heating_days, (30.0, 330.0), " d")?;
        let mean = within("heating_season_mean_c", self.season_mean_c, (-60.0, HEATED_UP_TO_C - 0.1), " °C")?;
        let angle = PI * days / 365.0;
        let amplitude = (HEATED_UP_TO_C - mean) / (angle.sin() / angle - angle.cos());
        Ok((HEATED_UP_TO_C + amplitude * angle.cos(), amplitude))
    }

    /// Heat of each day of a common year over that of the mean day.
    ///
    /// # Errors
    /// [`SeasonError::OutOfRange`].
    pub fn by_day(&self) -> Result<Vec<f64>, SeasonError> {
        let (middle, amplitude) = self.temperature()?;
        let indoor = within("indoor_temperature_c", self.indoor_c, (HEATED_UP_TO_C + 0.1, 40.0), " °C")?;
        let hot_water = within("hot_water_share", self.hot_water_share, (0.0, 1.0), "")?;
        #[expect(clippy::cast_precision_loss, reason = "days of a year")]
        let outdoor = |day: usize| middle - amplitude * (2.0 * PI * (day as f64 + 0.5 - COLDEST_DAY) / 365.0).cos();
        let (mut space, mut water) = (Vec::with_capacity(DAYS), Vec::with_capacity(DAYS));
        for day in 0..DAYS {
            let heated = outdoor(day) <= HEATED_UP_TO_C;
            space.push(if heated { indoor - outdoor(day) } else { 0.0 });
            let off = HOT_WATER_OFF.contains(&day);
            water.push(if off {
                0.0
            } else if heated {
                1.0
            } else {
                SUMMER_HOT_WATER
            });
        }
        let (of_space, of_water): (f64, f64) = (space.iter().sum(), water.iter().sum());
        let scale = |share: f64, sum: f64| if sum > 0.0 { 365.0 * share / sum } else { 0.0 };
        let (space_scale, water_scale) = (scale(1.0 - hot_water, of_space), scale(hot_water, of_water));
        Ok(space.iter().zip(&water).map(|(space, water)| space * space_scale + water * water_scale).collect())
    }
}

/// Shares of the fuel need by month of a plant that follows the heat of a town, `full_load_hours` a year at full load.
///
/// The plant carries the daily load up to its own size and leaves the rest to boilers: `min(q_d, c)`. The cap `c` is the
/// one that makes its full-load hours: `Σ min(q_d, c) / (365 c) = h / 8760`. A plant of few hours follows the heat load
/// whole, one of very many hours runs alike on every day that needs heat.
///
/// ```
/// use peatplan::{supply::{HeatProfile, need_by_month}, units::Hours};
/// let town = HeatProfile { heating_days: 213.0, season_mean_c: -3.5, indoor_c: 20.0, hot_water_share: 0.2 };
/// let boilers = need_by_month(&town, Hours(2_000.0)).unwrap();
/// let summer: f64 = boilers.values()[4..8].iter().sum();
/// assert!((summer - 0.06).abs() < 0.01, "hardly anything is burned from May to August");
/// let base = need_by_month(&town, Hours(6_000.0)).unwrap();
/// assert!(base.values()[4..8].iter().sum::<f64>() > summer);
/// ```
///
/// # Errors
/// [`SeasonError::OutOfRange`]: a profile outside its limits, or hours outside 0 to 8,784.
pub fn need_by_month(profile: &HeatProfile, full_load_hours: Hours) -> Result<MonthlyShares, SeasonError> {
    let hours = within("full_load_hours", full_load_hours.0, (0.0, 8_784.0), " h")?;
    let loads = profile.by_day()?;
    let greatest = loads.iter().copied().fold(0.0, f64::max);
    let used = |cap: f64| loads.iter().map(|load| load.min(cap)).sum::<f64>() / (365.0 * cap);
    let wanted = (hours / HOURS_OF_YEAR).min(1.0);
    let (mut low, mut high) = (0.0, greatest);
    // The use falls as the cap grows. Where even the greatest cap is used more than asked, the load is followed whole;
    // where the least one is used less, what remains is a plant that runs alike on all days that need heat.
    if used(greatest) < wanted {
        for _ in 0..80 {
            let middle = f64::midpoint(low, high);
            if used(middle) >= wanted { low = middle } else { high = middle }
        }
    }
    let cap = high;
    let mut days = loads.iter().map(|load| load.min(cap));
    let weights = DAYS_OF_MONTHS.map(|length| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days of a month")]
        let month = days.by_ref().take(length as usize);
        // In shares of the cap, so that a tiny cap does not lose digits.
        month.map(|load| load / cap).sum()
    });
    MonthlyShares::new("the need by month", weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::season_parameters;
    use proptest::prelude::*;

    fn vladimir(hot_water_share: f64) -> HeatProfile {
        HeatProfile { heating_days: 213.0, season_mean_c: -3.5, indoor_c: 20.0, hot_water_share }
    }

    #[test]
    fn the_year_has_the_heating_season_it_was_made_from() {
        let (middle, amplitude) = vladimir(0.2).temperature().unwrap();
        let temperatures: Vec<f64> =
            (0..36_500).map(|i| middle - amplitude * (2.0 * PI * (f64::from(i) / 100.0 - 20.0) / 365.0).cos()).collect();
        let cold: Vec<f64> = temperatures.into_iter().filter(|t| *t <= 8.0).collect();
        #[expect(clippy::cast_precision_loss, reason = "a count below 36,500")]
        let (days, mean) = (cold.len() as f64 / 100.0, cold.iter().sum::<f64>() / cold.len() as f64);
        assert!((days - 213.0).abs() < 0.02 && (mean + 3.5).abs() < 1e-3, "{days} {mean}");
    }

    #[test]
    fn little_is_burned_from_may_to_august() {
        // 1.8, 5.1, 6.2 and 7.3 % of the year with 0, 15, 20 and 25 % hot water, from a model that placed the repairs and
        // rounded the days in its own way.
        for (hot_water, share) in [(0.0, 0.018), (0.15, 0.051), (0.20, 0.062), (0.25, 0.073)] {
            let months = need_by_month(&vladimir(hot_water), Hours(100.0)).unwrap();
            let summer: f64 = months.values()[4..8].iter().sum();
            assert!((summer - share).abs() < 0.004, "{hot_water}: {summer}");
        }
    }

    #[test]
    fn a_plant_of_many_hours_runs_alike_on_every_day_that_needs_heat() {
        let months = need_by_month(&vladimir(0.2), Hours(8_784.0)).unwrap();
        for (month, (share, days)) in months.values().iter().zip(DAYS_OF_MONTHS).enumerate() {
            let running = if month == 6 { days - 15.0 } else { days };
            assert!((share - running / 350.0).abs() < 1e-9, "{month}: {share}");
        }
    }

    #[test]
    fn the_harvest_weights_make_a_season() {
        let shares = MonthlyShares::of_harvest(&ParameterValues::defaults(season_parameters())).unwrap();
        assert!((shares.values().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(shares.values()[4..8].iter().all(|share| *share > 0.1));
        let nothing = MonthlyShares::new("x", [0.0; 12]);
        assert_eq!(nothing, Err(SeasonError::NotAYear { name: "x" }));
        let mut weights = [1.0; 12];
        weights[3] = -0.5;
        assert!(MonthlyShares::new("x", weights).is_err());
        weights[3] = f64::INFINITY;
        assert!(MonthlyShares::new("x", weights).is_err());
    }

    proptest! {
        #[test]
        fn shares_add_up_and_more_hours_never_empty_the_summer(
            hours in 0.0..8_784.0f64, more in 0.0..3_000.0f64, hot_water in 0.0..0.5f64, mean in -12.0..2.0f64, days in 150.0..260.0f64,
        ) {
            let town = HeatProfile { heating_days: days, season_mean_c: mean, indoor_c: 20.0, hot_water_share: hot_water };
            let shares = need_by_month(&town, Hours(hours)).unwrap();
            prop_assert!((shares.values().iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let longer = need_by_month(&town, Hours((hours + more).min(8_784.0))).unwrap();
            let summer = |shares: &MonthlyShares| shares.values()[4..8].iter().sum::<f64>();
            prop_assert!(summer(&longer) >= summer(&shares) - 1e-9);
        }
    }
}
