//! Space heat by the outdoor temperature.

use super::error::{DemandError, within};
use crate::model::{Climate, WeatherYear};

/// How space heat follows the outdoor temperature: `Q / Q_d = (t_i - t_o) / (t_i - t_d)` on days with a mean of at most the
/// heating limit, else nothing. Both the switch and the load go by the mean of the day: buildings store the heat of hours, and
/// heating is not switched on for a cold night.
///
/// A load is never more than the design load `Q_d`: on days colder than the design temperature indoor temperatures sag.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_field_names, reason = "the unit stands in the name")]
pub struct SpaceHeatLaw {
    indoor_c: f64,
    design_c: f64,
    limit_c: f64,
}

impl SpaceHeatLaw {
    /// The law of a climate and an indoor temperature.
    ///
    /// # Errors
    /// [`DemandError`]: the climate contradicts itself, or it is no warmer inside than the heating limit.
    pub fn new(climate: &Climate, indoor_c: f64) -> Result<Self, DemandError> {
        climate.check()?;
        within("indoor_temperature_c", indoor_c, [5.0, 30.0], " °C")?;
        if indoor_c <= climate.heating_limit_c {
            return Err(DemandError::Indoor { indoor: indoor_c, limit: climate.heating_limit_c });
        }
        Ok(Self { indoor_c, design_c: climate.design_temperature_c, limit_c: climate.heating_limit_c })
    }

    /// Load over design load on a day of this mean.
    ///
    /// At 8 °C outside, 20 °C inside and -28 °C design temperature it is 12/48:
    ///
    /// ```
    /// use peatplan::{energy::demand::SpaceHeatLaw, model::climate};
    /// let law = SpaceHeatLaw::new(climate("vladimir-1999").unwrap(), 20.0).unwrap();
    /// assert_eq!((law.load_ratio(8.0), law.load_ratio(-28.0), law.load_ratio(8.1)), (0.25, 1.0, 0.0));
    /// ```
    #[must_use]
    pub fn load_ratio(&self, outdoor_c: f64) -> f64 {
        if outdoor_c <= self.limit_c { ((self.indoor_c - outdoor_c) / (self.indoor_c - self.design_c)).min(1.0) } else { 0.0 }
    }

    /// Whether a day of this mean is a heating day.
    #[must_use]
    pub fn is_heating_day(&self, daily_mean_c: f64) -> bool {
        daily_mean_c <= self.limit_c
    }

    /// Load over design load for the hours of a year. Its sum is the full-load hours.
    #[must_use]
    pub fn shape(&self, weather: &WeatherYear) -> Vec<f64> {
        let days = weather.daily_means_c().into_iter();
        days.flat_map(|mean| std::iter::repeat_n(self.load_ratio(mean), 24)).collect()
    }

    /// The indoor temperature, °C.
    #[must_use]
    pub fn indoor_c(&self) -> f64 {
        self.indoor_c
    }
}
