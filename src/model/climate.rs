//! Climate of a place as a building norm states it: four numbers with their edition.

use super::{EvidenceTag, Title};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use thiserror::Error;

/// Climate for heating, by the numbers of a norm. An edition of a norm is part of the number: newer ones are warmer.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Climate {
    /// Identifier in requests.
    pub id: String,
    /// Place.
    pub place: Title,
    /// Norm with its edition.
    pub edition: String,
    /// Outdoor temperature for which heating is sized: the coldest five days, 0.92.
    pub design_temperature_c: f64,
    /// Days a year with a mean of at most the heating limit.
    pub heating_days: f64,
    /// Mean outdoor temperature of the heating days.
    pub heating_mean_c: f64,
    /// Mean of a day up to which it is a heating day.
    pub heating_limit_c: f64,
    /// Strength of the source.
    pub tag: EvidenceTag,
    /// The source.
    pub source: String,
}

/// The numbers of a climate contradict each other.
#[derive(Debug, Clone, PartialEq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ClimateError {
    #[error("{name} must lie between {low} and {high} {unit}; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64, unit: &'static str },
    #[error(
        "design_temperature_c ({design} °C) must lie below heating_mean_c ({mean} °C), and that below heating_limit_c ({limit} °C)"
    )]
    Order { design: f64, mean: f64, limit: f64 },
}

impl Climate {
    /// Checks that the numbers go together: design temperature below the mean of the heating days, that below the limit.
    ///
    /// # Errors
    /// [`ClimateError`] names the number and what is allowed.
    pub fn check(&self) -> Result<(), ClimateError> {
        let within = |name, value: f64, low: f64, high: f64, unit| {
            let good = (low..=high).contains(&value);
            if good { Ok(()) } else { Err(ClimateError::OutOfRange { name, value, low, high, unit }) }
        };
        within("design_temperature_c", self.design_temperature_c, -70.0, 10.0, "°C")?;
        within("heating_days", self.heating_days, 1.0, 364.0, "days")?;
        within("heating_mean_c", self.heating_mean_c, -40.0, 20.0, "°C")?;
        within("heating_limit_c", self.heating_limit_c, 0.0, 20.0, "°C")?;
        if self.design_temperature_c < self.heating_mean_c && self.heating_mean_c < self.heating_limit_c {
            return Ok(());
        }
        let (design, mean, limit) = (self.design_temperature_c, self.heating_mean_c, self.heating_limit_c);
        Err(ClimateError::Order { design, mean, limit })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Climates {
    #[serde(rename = "climate")]
    list: Vec<Climate>,
}

static CLIMATES: LazyLock<Vec<Climate>> = LazyLock::new(|| {
    let text = include_str!("../../geodata/reference/climate.toml");
    let climates: Climates = toml::from_str(text).expect("the reference files are part of the program and a test reads them");
    climates.list
});

/// The climates of `geodata/reference/climate.toml`.
#[must_use]
pub fn climates() -> &'static [Climate] {
    &CLIMATES
}

/// A climate by its identifier.
///
/// ```
/// let vladimir = peatplan::model::climate("vladimir-1999").unwrap();
/// assert_eq!((vladimir.heating_days, vladimir.heating_mean_c), (213.0, -3.5));
/// ```
#[must_use]
pub fn climate(id: &str) -> Option<&'static Climate> {
    CLIMATES.iter().find(|climate| climate.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::demand_parameters;

    #[test]
    fn every_climate_of_the_reference_is_sound_and_has_an_id_of_its_own() {
        for (place, climate) in climates().iter().enumerate() {
            climate.check().unwrap();
            assert!(!climate.edition.is_empty() && !climate.source.is_empty(), "{}", climate.id);
            assert!(climates()[..place].iter().all(|other| other.id != climate.id), "{}", climate.id);
        }
    }

    #[test]
    fn the_words_of_the_choice_are_the_climates() {
        let words: Vec<&str> = demand_parameters().choice("climate").unwrap().values().collect();
        assert_eq!(words, climates().iter().map(|climate| climate.id.as_str()).collect::<Vec<_>>());
    }

    #[test]
    fn a_climate_that_contradicts_itself_is_refused_by_name() {
        let mut climate = climates()[0].clone();
        climate.heating_mean_c = -29.0;
        assert!(matches!(climate.check(), Err(ClimateError::Order { .. })));
        climate.heating_mean_c = f64::NAN;
        assert!(climate.check().unwrap_err().to_string().starts_with("heating_mean_c must lie between"));
    }
}
