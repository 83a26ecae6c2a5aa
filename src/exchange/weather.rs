//! Hourly weather of other people's files: `EnergyPlus` (`.epw`) and test reference years of the German weather service (`.dat`).
//!
//! Of all they hold the temperature of the air is read. Hours are placed by the date that stands in their row, not by their order;
//! 29 February is left out; hours that are missing are interpolated up to a stated length, and said.

use super::error::OpenError;
use super::import::Limits;
use super::source::checked_path;
use crate::model::{AIR_TEMPERATURES_C, DAYS_OF_YEAR, HOURS_OF_YEAR, WeatherError, WeatherKind, WeatherYear};
use std::path::Path;
use thiserror::Error;

/// Size of a weather file at most; a year of hours has one to two MB.
pub const WEATHER_FILE_BYTES: u64 = 20_000_000;
/// A temperature this far from zero says that it is missing: 99.9 by the data dictionary of `EnergyPlus`, 999 and 9999 elsewhere.
const MISSING_C: f64 = 99.0;
/// Days of the months in a leap year.
const DAYS_OF_MONTHS: [usize; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// The header of `EnergyPlus` ends with this word.
const PERIODS: &str = "DATA PERIODS";

/// Why a weather file is not read.
#[derive(Debug, Clone, PartialEq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum WeatherFileError {
    #[error("{0}")]
    Path(String),
    #[error("the file is no hourly weather file: {0}")]
    Format(String),
    #[error("line {line}: {detail}")]
    Line { line: usize, detail: String },
    #[error(
        "{rows} hours were read and {hours} in a row are missing, from hour {hour} of {day}.{month:02}. on; gaps of up to \
         {allowed} hours are filled (longest_gap_h), and a year has {HOURS_OF_YEAR} hours"
    )]
    Gap { rows: usize, hours: usize, month: usize, day: usize, hour: usize, allowed: usize },
    #[error(transparent)]
    Weather(#[from] WeatherError),
}

impl From<OpenError> for WeatherFileError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Path(text)
            | OpenError::Format(text)
            | OpenError::Crs(text)
            | OpenError::Layer(text)
            | OpenError::Fields(text)
            | OpenError::Limit(text) => Self::Path(text),
        }
    }
}

/// Reads a weather year from a user's file; see [`weather_from_text`].
///
/// # Errors
/// [`WeatherFileError`], with the line where one is wrong.
pub fn weather_from_file(path: &Path, longest_gap_h: usize) -> Result<WeatherYear, WeatherFileError> {
    let limits = Limits { file_bytes: WEATHER_FILE_BYTES, ..Limits::default() };
    let path = checked_path(path, &limits)?;
    let shown = path.display();
    let bytes = std::fs::read(&path).map_err(|error| WeatherFileError::Path(format!("{shown} cannot be read: {error}")))?;
    // German files without a mark are in Latin 1, whose bytes are the first characters of Unicode.
    let text = String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().map(|byte| char::from(*byte)).collect());
    weather_from_text(&text, longest_gap_h)
}

/// Reads a weather year from the text of a file; its first lines say which kind it is. Gaps of up to `longest_gap_h` hours are
/// interpolated in a straight line, over New Year too.
///
/// # Errors
/// [`WeatherFileError`]: neither kind, a row that is not understood or stands twice, or a longer gap.
pub fn weather_from_text(text: &str, longest_gap_h: usize) -> Result<WeatherYear, WeatherFileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().to_ascii_uppercase().starts_with("LOCATION,") {
        let (place, rows) = energy_plus(text)?;
        return year(rows, WeatherKind::EnergyPlus, place, longest_gap_h);
    }
    if text.lines().take(200).any(|line| line.trim() == "***") {
        let (place, rows) = test_reference_year(text)?;
        return year(rows, WeatherKind::TestReferenceYear, place, longest_gap_h);
    }
    let detail = "an EnergyPlus file begins with LOCATION, the head of a test reference year (.dat) ends with a line of ***";
    Err(WeatherFileError::Format(detail.to_owned()))
}

/// A row of a file.
struct Row {
    line: usize,
    month: usize,
    day: usize,
    /// 1 to 24: the hour ends at this time.
    hour: usize,
    /// None where the file says that it is missing.
    temperature_c: Option<f64>,
}

impl Row {
    /// A row from the texts of its fields.
    fn new(line: usize, [month, day, hour, temperature]: [&str; 4]) -> Result<Self, WeatherFileError> {
        let wrong = |detail: String| WeatherFileError::Line { line, detail };
        let whole = |name: &str, text: &str, low: usize, high: usize| {
            let number = text.trim().parse::<usize>().ok().filter(|number| (low..=high).contains(number));
            number.ok_or_else(|| wrong(format!("{name} must be a whole number from {low} to {high}; it was {text:?}")))
        };
        let month = whole("the month", month, 1, 12)?;
        let day = whole("the day", day, 1, DAYS_OF_MONTHS[month - 1])?;
        let hour = whole("the hour", hour, 1, 24)?;
        Ok(Self { line, month, day, hour, temperature_c: air_temperature(temperature).map_err(wrong)? })
    }

    /// Its place in the year, from 0; none on 29 February.
    fn place(&self) -> Option<usize> {
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
        Ok(value) if value.abs() >= MISSING_C && value.is_finite() => Ok(None),
        Ok(value) if (coldest..=warmest).contains(&value) => Ok(Some(value)),
        Ok(value) => Err(format!("the temperature must lie between {coldest} and {warmest} °C; it was {value}")),
        Err(_) => Err(format!("the temperature must be a number in °C; it was {text:?}")),
    }
}

/// Place and rows of an `EnergyPlus` file: a head that begins with LOCATION and ends with DATA PERIODS, then a row an hour with year,
/// month, day, hour, minute, marks and the dry-bulb temperature first.
fn energy_plus(text: &str) -> Result<(String, Vec<Row>), WeatherFileError> {
    let mut lines =
        text.lines().enumerate().map(|(place, line)| (place + 1, line)).skip_while(|(_, line)| line.trim().is_empty());
    let location = lines.next().map(|(_, line)| line).unwrap_or_default();
    let words: Vec<&str> =
        location.split(',').skip(1).take(4).map(str::trim).filter(|word| !word.is_empty() && *word != "-").collect();
    let Some((line, periods)) = lines.by_ref().take(100).find(|(_, line)| line.to_ascii_uppercase().starts_with(PERIODS)) else {
        return Err(WeatherFileError::Format(format!("its head has no line {PERIODS}")));
    };
    let an_hour = periods.split(',').nth(2).map(str::trim).unwrap_or_default();
    if an_hour != "1" {
        let detail = format!("one row an hour is read; {PERIODS} says {an_hour:?} rows an hour");
        return Err(WeatherFileError::Line { line, detail });
    }
    let row = |(line, text): (usize, &str)| {
        let fields: Vec<&str> = text.split(',').collect();
        if let [_, month, day, hour, _, _, temperature, ..] = fields[..] {
            return Row::new(line, [month, day, hour, temperature]);
        }
        let expected = "a row has year, month, day, hour, minute, marks, temperature and more";
        Err(WeatherFileError::Line { line, detail: format!("{expected}; there were {} fields", fields.len()) })
    };
    let rows = lines.filter(|(_, line)| !line.trim().is_empty()).map(row).collect::<Result<_, _>>()?;
    Ok((words.join(", "), rows))
}

/// Place and rows of a test reference year: a head, the names of the columns, a line of ***, then a row an hour. Columns are found by
/// their names (MM, DD, HH, t), so the editions of 2011 and 2017 are both read.
fn test_reference_year(text: &str) -> Result<(String, Vec<Row>), WeatherFileError> {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(place, line)| (place + 1, line)).collect();
    let end = lines.iter().position(|(_, line)| line.trim() == "***").unwrap_or(lines.len());
    let columns = |line: &str| -> Option<[usize; 4]> {
        let names: Vec<&str> = line.split_whitespace().collect();
        let [month, day, hour, temperature] = ["MM", "DD", "HH", "t"].map(|name| names.iter().position(|word| *word == name));
        Some([month?, day?, hour?, temperature?])
    };
    let Some(columns) = lines[..end].iter().rev().find_map(|(_, line)| columns(line)) else {
        return Err(WeatherFileError::Format("above *** stands no line with the columns MM, DD, HH and t".to_owned()));
    };
    let head = lines[..end].iter().map(|(_, line)| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let named = ["Station", "Ort", "Rechtswert", "Hochwert", "Art des TRY", "Bezugszeitraum"];
    let told: Vec<String> = head.filter(|line| named.iter().any(|name| line.starts_with(name))).collect();
    let row = |(line, text): &(usize, &str)| {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [month, day, hour, temperature] = columns.map(|column| fields.get(column).copied());
        match (month, day, hour, temperature) {
            (Some(month), Some(day), Some(hour), Some(temperature)) => Row::new(*line, [month, day, hour, temperature]),
            _ => Err(WeatherFileError::Line {
                line: *line,
                detail: format!("there were {} columns, too few for the temperature", fields.len()),
            }),
        }
    };
    let data = lines.iter().skip(end + 1).filter(|(_, line)| !line.trim().is_empty());
    Ok((told.join("; "), data.map(row).collect::<Result<_, _>>()?))
}

/// The year of the rows.
fn year(rows: Vec<Row>, kind: WeatherKind, place: String, longest_gap_h: usize) -> Result<WeatherYear, WeatherFileError> {
    let mut hours: Vec<Option<f64>> = vec![None; HOURS_OF_YEAR];
    let mut lines = vec![0_usize; HOURS_OF_YEAR];
    let mut leap_hours = 0_usize;
    let read = rows.len();
    for row in rows {
        let Some(place) = row.place() else {
            leap_hours += 1;
            continue;
        };
        if lines[place] > 0 {
            let detail = format!("hour {} of {}.{:02}. stands in line {} already", row.hour, row.day, row.month, lines[place]);
            return Err(WeatherFileError::Line { line: row.line, detail });
        }
        lines[place] = row.line;
        hours[place] = row.temperature_c;
    }
    let filled_hours = hours.iter().filter(|hour| hour.is_none()).count();
    let hourly_c = without_gaps(&hours, longest_gap_h).map_err(|(start, length)| {
        let (month, day) = date(start / 24);
        WeatherFileError::Gap { rows: read, hours: length, month, day, hour: start % 24 + 1, allowed: longest_gap_h }
    })?;
    let mut year = WeatherYear::new(hourly_c, kind, place)?;
    year.filled_hours = filled_hours;
    if filled_hours > 0 {
        year.remarks.push(format!("{filled_hours} missing hours were interpolated"));
    }
    if leap_hours > 0 {
        year.remarks.push(format!("29 February ({leap_hours} hours) was left out"));
    }
    Ok(year)
}

/// Fills gaps in a straight line; `Err` has the place and the length of one that is too long.
fn without_gaps(hours: &[Option<f64>], longest: usize) -> Result<Vec<f64>, (usize, usize)> {
    let count = hours.len();
    let Some(first) = hours.iter().position(Option::is_some) else { return Err((0, count)) };
    let mut filled = vec![0.0; count];
    let mut last = (first, hours[first].unwrap_or_default());
    // Once round the ring, from a known hour to itself.
    for step in 1..=count {
        let place = first + step;
        let Some(value) = hours[place % count] else { continue };
        let missing = place - last.0 - 1;
        if missing > longest {
            return Err(((last.0 + 1) % count, missing));
        }
        let slope = (value - last.1) / whole(place - last.0);
        for between in 1..=missing {
            filled[(last.0 + between) % count] = last.1 + slope * whole(between);
        }
        filled[place % count] = value;
        last = (place, value);
    }
    Ok(filled)
}

#[expect(clippy::cast_precision_loss, reason = "hours of a year")]
fn whole(count: usize) -> f64 {
    count as f64
}

/// Month and day of the month of a day of the year that counts from 0.
fn date(day_of_year: usize) -> (usize, usize) {
    let mut rest = day_of_year.min(DAYS_OF_YEAR - 1);
    for (month, leap_days) in DAYS_OF_MONTHS.iter().enumerate() {
        let days = leap_days - usize::from(month == 1);
        if rest < days {
            return (month + 1, rest + 1);
        }
        rest -= days;
    }
    (12, 31)
}

#[cfg(test)]
mod tests;
