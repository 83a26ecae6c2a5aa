//! Hourly weather of other people's files: `EnergyPlus` (`.epw`) and test reference years of the German weather service (`.dat`).
//!
//! Of all they hold the temperature of the air is read, and where the station stands. Hours are placed by the date that stands in their
//! row, not by their order; 29 February is left out; hours that are missing are interpolated up to a stated length, and said. It is given
//! the text: a service gets it in a request, an import from a file.

mod energy_plus;
mod row;
mod test_reference_year;

use super::weather::{DAYS_OF_YEAR, HOURS_OF_YEAR, WeatherError, WeatherKind, WeatherYear};
use super::weather_hours::to_hundredths;
use row::Row;
use thiserror::Error;

/// Size of a weather file at most; a year of hours has one to two MB.
pub const WEATHER_FILE_BYTES: usize = 20_000_000;
/// Days of the months in a leap year.
const DAYS_OF_MONTHS: [usize; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A weather file.
#[derive(Debug, Clone, PartialEq)]
pub struct WeatherFile {
    /// Its hours.
    pub year: WeatherYear,
    /// Where its station stands.
    pub station: Option<StationPlace>,
    /// Height of the station above sea level, m.
    pub elevation_m: Option<f64>,
    /// Number of the station with the World Meteorological Organization.
    pub wmo: Option<String>,
    /// Years of the measurements.
    pub years: Option<String>,
    /// Who made it, in its words.
    pub source: String,
}

/// Where a station stands, as its file says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StationPlace {
    /// System of the coordinates.
    pub crs: &'static str,
    /// East, or longitude.
    pub x: f64,
    /// North, or latitude.
    pub y: f64,
}

/// System of longitude and latitude.
const DEGREES: &str = "OGC:CRS84";
/// System of the German grid of 2017: Lambert's conformal conic of Europe.
const LAMBERT: &str = "EPSG:3034";

/// Why a text is no weather file.
#[derive(Debug, Clone, PartialEq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum WeatherTextError {
    #[error("it has {megabytes} MB; a weather file has at most {} MB", WEATHER_FILE_BYTES / 1_000_000)]
    TooLarge { megabytes: usize },
    #[error("it is no hourly weather file: {0}")]
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

/// Reads a weather year from the text of a file; its first lines say which kind it is. Gaps of up to `longest_gap_h` hours are
/// interpolated in a straight line, over New Year too. Temperatures are kept to the hundredth of a degree.
///
/// # Errors
/// [`WeatherTextError`]: neither kind, a row that is not understood or stands twice, or a longer gap.
pub fn weather_from_text(text: &str, longest_gap_h: usize) -> Result<WeatherFile, WeatherTextError> {
    if text.len() > WEATHER_FILE_BYTES {
        return Err(WeatherTextError::TooLarge { megabytes: text.len() / 1_000_000 });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let read = if text.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("LOCATION,")) {
        energy_plus::read(text)?
    } else if text.lines().take(200).any(|line| line.trim() == "***") {
        test_reference_year::read(text)?
    } else {
        let detail = "an EnergyPlus file begins with LOCATION, the head of a test reference year (.dat) ends with a line of ***";
        return Err(WeatherTextError::Format(detail.to_owned()));
    };
    let Read { rows, kind, place, station, elevation_m, wmo, years, source } = read;
    let years = years.or_else(|| years_of(&rows));
    Ok(WeatherFile { year: year(rows, kind, place, longest_gap_h)?, station, elevation_m, wmo, years, source })
}

/// What a file holds, before its rows are a year.
struct Read {
    rows: Vec<Row>,
    kind: WeatherKind,
    place: String,
    station: Option<StationPlace>,
    elevation_m: Option<f64>,
    wmo: Option<String>,
    years: Option<String>,
    source: String,
}

/// The first and the last year of the rows: a typical year is put together from the months of several.
fn years_of(rows: &[Row]) -> Option<String> {
    let years = || rows.iter().filter_map(|row| row.year);
    let (first, last) = (years().min()?, years().max()?);
    Some(if first == last { first.to_string() } else { format!("{first}-{last}") })
}

/// The year of the rows.
fn year(rows: Vec<Row>, kind: WeatherKind, place: String, longest_gap_h: usize) -> Result<WeatherYear, WeatherTextError> {
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
            return Err(WeatherTextError::Line { line: row.line, detail });
        }
        lines[place] = row.line;
        hours[place] = row.temperature_c;
    }
    let filled_hours = hours.iter().filter(|hour| hour.is_none()).count();
    let hourly_c = without_gaps(&hours, longest_gap_h).map_err(|(start, length)| {
        let (month, day) = date(start / 24);
        WeatherTextError::Gap { rows: read, hours: length, month, day, hour: start % 24 + 1, allowed: longest_gap_h }
    })?;
    let hourly_c = hourly_c.into_iter().map(to_hundredths).collect();
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
