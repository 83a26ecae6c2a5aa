//! A row of a weather file: an hour by its date.

use super::super::weather::AIR_TEMPERATURES_C;
use super::{DAYS_OF_MONTHS, WeatherTextError};

/// From here on a temperature of nothing but nines says that it is missing: 99.9 by the data dictionary of `EnergyPlus`, 999 and -9999
/// elsewhere.
const MISSING_C: f64 = 99.0;

/// A row of a file.
pub(super) struct Row {
    pub line: usize,
    /// Year of the measurement, where the row has one.
    pub year: Option<i32>,
    pub month: usize,
    pub day: usize,
    /// 1 to 24: the hour ends at this time.
    pub hour: usize,
    /// None where the file says that it is missing.
    pub temperature_c: Option<f64>,
}

impl Row {
    /// A row from the texts of its fields.
    pub(super) fn new(line: usize, [month, day, hour, temperature]: [&str; 4]) -> Result<Self, WeatherTextError> {
        let wrong = |detail: String| WeatherTextError::Line { line, detail };
        let whole = |name: &str, text: &str, low: usize, high: usize| {
            let number = text.trim().parse::<usize>().ok().filter(|number| (low..=high).contains(number));
            number.ok_or_else(|| wrong(format!("{name} must be a whole number from {low} to {high}; it was {:?}", short(text))))
        };
        let month = whole("the month", month, 1, 12)?;
        let day = whole("the day", day, 1, DAYS_OF_MONTHS[month - 1])?;
        let hour = whole("the hour", hour, 1, 24)?;
        Ok(Self { line, year: None, month, day, hour, temperature_c: air_temperature(temperature).map_err(wrong)? })
    }

    /// Its place in the year, from 0; none on 29 February.
    pub(super) fn place(&self) -> Option<usize> {
        let leap_day = self.month == 2 && self.day == 29;
        let before: usize = DAYS_OF_MONTHS[..self.month - 1].iter().sum();
        // Days after February stand a day later in a leap year.
        let day = before + self.day - 1 - usize::from(self.month > 2);
        (!leap_day).then_some(24 * day + self.hour - 1)
    }
}

/// A temperature in °C; none where it is missing.
fn air_temperature(text: &str) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let [coldest, warmest] = AIR_TEMPERATURES_C;
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value.abs() >= MISSING_C && is_nines(text) => Ok(None),
        Ok(value) if (coldest..=warmest).contains(&value) => Ok(Some(value)),
        Ok(value) => Err(format!("the temperature must lie between {coldest} and {warmest} °C; it was {value}")),
        Err(_) => Err(format!("the temperature must be a number in °C; it was {:?}", short(text))),
    }
}

/// Whether a number has nothing but nines, but for a sign, a point, and zeros at the end of its decimals: 99.90, -9999.
fn is_nines(text: &str) -> bool {
    let plain = if text.contains('.') { text.trim_end_matches('0') } else { text };
    plain.chars().all(|letter| matches!(letter, '9' | '.' | '-' | '+'))
}

/// What a message shows of a stranger's text.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nines_are_missing_and_heat_is_wrong() {
        for missing in ["", " ", "99.9", "99.90", "99", "999", "-999.9", "9999.000", "-9999"] {
            assert_eq!(air_temperature(missing), Ok(None), "{missing:?}");
        }
        for wrong in ["200", "99.5", "-99.1", "990", "61", "NaN", "inf", "-91", "909"] {
            assert!(air_temperature(wrong).unwrap_err().starts_with("the temperature must lie between -90 and 60 °C"), "{wrong}");
        }
        assert_eq!(air_temperature("-9.90"), Ok(Some(-9.9)));
    }
}
