//! A year of outdoor temperatures, hour by hour.

use super::weather_hours::HOURS_TEXT_LETTERS;
use serde::Serialize;
use thiserror::Error;

/// Days of a year here: 29 February is left out of leap years.
pub const DAYS_OF_YEAR: usize = 365;
/// Hours of a year here.
pub const HOURS_OF_YEAR: usize = 24 * DAYS_OF_YEAR;
/// No colder and no warmer air has been measured near the ground, to ten degrees.
pub const AIR_TEMPERATURES_C: [f64; 2] = [-90.0, 60.0];

/// Where a weather year comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WeatherKind {
    /// Made from the numbers of a norm.
    Synthetic,
    /// An `EnergyPlus` weather file.
    EnergyPlus,
    /// A test reference year of the German weather service.
    TestReferenceYear,
    /// Hours that a project was given by other means.
    Other,
}

impl WeatherKind {
    /// By its word in the layer; a project stores no synthetic years.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::EnergyPlus, Self::TestReferenceYear, Self::Other].into_iter().find(|kind| kind.word() == word)
    }

    /// Its word in the layer and in answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Synthetic => "synthetic",
            Self::EnergyPlus => "energy_plus",
            Self::TestReferenceYear => "test_reference_year",
            Self::Other => "other",
        }
    }
}

/// Hourly outdoor temperatures of a year of 8,760 hours in local standard time; the first is from midnight to one on 1 January.
#[derive(Debug, Clone, PartialEq)]
pub struct WeatherYear {
    hourly_c: Vec<f64>,
    /// Where it comes from.
    pub kind: WeatherKind,
    /// Place, in the source's words.
    pub place: String,
    /// Hours that were missing and are interpolated.
    pub filled_hours: usize,
    /// What should be known of how it was made or read.
    pub remarks: Vec<String>,
}

/// The hours make no weather year.
#[derive(Debug, Clone, PartialEq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum WeatherError {
    #[error("a weather year has {HOURS_OF_YEAR} hours; there were {0}")]
    Count(usize),
    #[error("hour {hour} of the year: {value} is no air temperature; allowed are {} to {} °C", AIR_TEMPERATURES_C[0], AIR_TEMPERATURES_C[1])]
    Temperature { hour: usize, value: f64 },
    #[error("the text of {HOURS_OF_YEAR} hours has {HOURS_TEXT_LETTERS} letters; this one has {0}")]
    Letters(usize),
    #[error("letter {place} ({letter:?}) is none of base64; the hours are hundredths of a degree in whole numbers of two bytes")]
    Letter { place: usize, letter: char },
}

/// Checks the hours of a year.
///
/// # Errors
/// [`WeatherError`]: not 8,760 of them, or one that is no air temperature.
pub(super) fn check_hours(hourly_c: &[f64]) -> Result<(), WeatherError> {
    if hourly_c.len() != HOURS_OF_YEAR {
        return Err(WeatherError::Count(hourly_c.len()));
    }
    let [coldest, warmest] = AIR_TEMPERATURES_C;
    match hourly_c.iter().position(|value| !(coldest..=warmest).contains(value)) {
        Some(hour) => Err(WeatherError::Temperature { hour: hour + 1, value: hourly_c[hour] }),
        None => Ok(()),
    }
}

impl WeatherYear {
    /// A year from its hours.
    ///
    /// # Errors
    /// [`WeatherError`]: not 8,760 of them, or one that is no air temperature.
    pub fn new(hourly_c: Vec<f64>, kind: WeatherKind, place: impl Into<String>) -> Result<Self, WeatherError> {
        check_hours(&hourly_c)?;
        Ok(Self { hourly_c, kind, place: place.into(), filled_hours: 0, remarks: Vec::new() })
    }

    /// Its hours, °C.
    #[must_use]
    pub fn hourly_c(&self) -> &[f64] {
        &self.hourly_c
    }

    /// The means of its 365 days, °C.
    #[must_use]
    pub fn daily_means_c(&self) -> Vec<f64> {
        self.hourly_c.chunks_exact(24).map(|day| day.iter().sum::<f64>() / 24.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_8760_hours_of_air() {
        let year = WeatherYear::new(vec![4.0; HOURS_OF_YEAR], WeatherKind::Synthetic, "nowhere").unwrap();
        assert_eq!(year.daily_means_c(), vec![4.0; DAYS_OF_YEAR]);
        let short = WeatherYear::new(vec![4.0; 8_784], WeatherKind::Synthetic, "nowhere");
        assert_eq!(short, Err(WeatherError::Count(8_784)));
        for wrong in [f64::NAN, f64::INFINITY, 99.9] {
            let mut hours = vec![4.0; HOURS_OF_YEAR];
            hours[99] = wrong;
            let refused = WeatherYear::new(hours, WeatherKind::Synthetic, "nowhere").unwrap_err();
            assert!(refused.to_string().starts_with("hour 100 of the year"), "{refused}");
        }
    }
}
