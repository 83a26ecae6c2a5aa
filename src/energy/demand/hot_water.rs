//! Domestic hot water.

use super::calendar::{number, whole_days};
use super::error::{DemandError, within};
use crate::model::{DAYS_OF_YEAR, ParameterValues};

/// How hot water is used: the form of MDK 4-05.2004, with the load of winter days as 1.
#[derive(Debug, Clone, PartialEq)]
pub struct HotWater {
    /// Mean load of a summer day over that of a winter day: `beta (t_h - t_cs) / (t_h - t_cw)`.
    pub summer_ratio: f64,
    /// Days without hot water.
    pub outage_days: usize,
    /// Day of the year, from 1, on which the outage begins.
    pub outage_from_day: usize,
    /// Load of the 24 hours over the mean of the day.
    pub hours_of_day: [f64; 24],
}

impl HotWater {
    /// From the parameters `hot_water_*` and `cold_water_*`.
    ///
    /// # Errors
    /// [`DemandError::OutOfRange`]: hot water that is no warmer than the cold, or a day without any load.
    pub fn from_numbers(numbers: &ParameterValues) -> Result<Self, DemandError> {
        let hot = numbers.get("hot_water_c");
        let (winter, summer) = (numbers.get("cold_water_winter_c"), numbers.get("cold_water_summer_c"));
        within("cold_water_winter_c", winter, [0.0, hot - 1.0], " °C")?;
        within("cold_water_summer_c", summer, [0.0, hot - 1.0], " °C")?;
        let parts = ["hot_water_night", "hot_water_morning", "hot_water_day", "hot_water_evening"].map(|name| numbers.get(name));
        let [night, morning, day, evening] = parts;
        let hours: [f64; 24] = std::array::from_fn(|hour| match hour {
            0..6 => night,
            6..9 => morning,
            9..18 => day,
            _ => evening,
        });
        let mean = hours.iter().sum::<f64>() / 24.0;
        within("the mean of hot_water_night, _morning, _day and _evening", mean, [1e-9, 5.0], "")?;
        Ok(Self {
            summer_ratio: numbers.get("hot_water_summer_factor") * (hot - summer) / (hot - winter),
            outage_days: whole_days(numbers.get("hot_water_outage_days")),
            outage_from_day: whole_days(numbers.get("hot_water_outage_from_day")).max(1),
            hours_of_day: hours.map(|hour| hour / mean),
        })
    }

    /// Load of the hours of a year over the mean load of a winter day; `heating_days` says which days are winter. The outage lies on
    /// days from its beginning on that are no heating days.
    #[must_use]
    pub fn shape(&self, heating_days: &[bool]) -> Vec<f64> {
        let days = heating_days.len();
        let mut of_day: Vec<f64> = heating_days.iter().map(|winter| if *winter { 1.0 } else { self.summer_ratio }).collect();
        let from = (self.outage_from_day - 1).min(days.saturating_sub(1));
        let warm = (from..days).chain(0..from).filter(|day| !heating_days[*day]);
        for day in warm.take(self.outage_days).collect::<Vec<_>>() {
            of_day[day] = 0.0;
        }
        of_day.into_iter().flat_map(|load| self.hours_of_day.map(|hour| hour * load)).collect()
    }
}

/// Hours a year that hot water runs at its winter mean: `24 [n + (365 - outage - n) beta (t_h - t_cs)/(t_h - t_cw)]`.
///
/// With 213 winter days, 15 days of outage, `beta` 0.8 and water of 5, 15 and 55 °C: `24 (213 + 137 · 0.64)`:
///
/// ```
/// use peatplan::{energy::demand::{HotWater, hot_water_hours}, model::*};
/// let water = HotWater::from_numbers(&ParameterValues::defaults(demand_parameters())).unwrap();
/// assert!((hot_water_hours(&water, 213.0) - 7_216.32).abs() < 1e-9);
/// ```
#[must_use]
pub fn hot_water_hours(water: &HotWater, heating_days: f64) -> f64 {
    let warm_days = (number(DAYS_OF_YEAR) - heating_days - number(water.outage_days)).max(0.0);
    24.0 * (heating_days + warm_days * water.summer_ratio)
}
