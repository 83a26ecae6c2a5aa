//! Files of `EnergyPlus`: a head that begins with LOCATION and ends with DATA PERIODS, then a row an hour with year, month, day, hour,
//! minute, marks and the dry-bulb temperature first.

use super::row::Row;
use super::{DEGREES, Read, StationPlace, WeatherTextError};
use crate::model::WeatherKind;

/// The head ends with this word.
const PERIODS: &str = "DATA PERIODS";

pub(super) fn read(text: &str) -> Result<Read, WeatherTextError> {
    let mut lines =
        text.lines().enumerate().map(|(place, line)| (place + 1, line)).skip_while(|(_, line)| line.trim().is_empty());
    let location = lines.next().map(|(_, line)| line).unwrap_or_default();
    let Some((line, periods)) = lines.by_ref().take(100).find(|(_, line)| line.to_ascii_uppercase().starts_with(PERIODS)) else {
        return Err(WeatherTextError::Format(format!("its head has no line {PERIODS}")));
    };
    let an_hour = periods.split(',').nth(2).map(str::trim).unwrap_or_default();
    if an_hour != "1" {
        let an_hour: String = an_hour.chars().take(40).collect();
        let detail = format!("one row an hour is read; {PERIODS} says {an_hour:?} rows an hour");
        return Err(WeatherTextError::Line { line, detail });
    }
    let row = |(line, text): (usize, &str)| {
        let fields: Vec<&str> = text.split(',').collect();
        if let [year, month, day, hour, _, _, temperature, ..] = fields[..] {
            return Row::new(line, [month, day, hour, temperature]).map(|row| Row { year: year.trim().parse().ok(), ..row });
        }
        let expected = "a row has year, month, day, hour, minute, marks, temperature and more";
        Err(WeatherTextError::Line { line, detail: format!("{expected}; there were {} fields", fields.len()) })
    };
    let rows = lines.filter(|(_, line)| !line.trim().is_empty()).map(row).collect::<Result<_, _>>()?;
    Ok(located(location, rows))
}

/// LOCATION, city, region, country, kind of data, number of the station, latitude, longitude, hours from Greenwich, height.
fn located(location: &str, rows: Vec<Row>) -> Read {
    let fields: Vec<&str> = location.split(',').map(str::trim).collect();
    let word = |place: usize| fields.get(place).copied().filter(|word| !word.is_empty() && *word != "-");
    let number = |place: usize| word(place)?.parse::<f64>().ok().filter(|number| number.is_finite());
    let latitude = number(6).filter(|latitude| latitude.abs() <= 90.0);
    let longitude = number(7).filter(|longitude| longitude.abs() <= 180.0);
    let source = match word(4) {
        Some(kind) => format!("EnergyPlus weather file, {kind}"),
        None => "EnergyPlus weather file".to_owned(),
    };
    Read {
        rows,
        kind: WeatherKind::EnergyPlus,
        place: (1..=4).filter_map(word).collect::<Vec<_>>().join(", "),
        station: longitude.zip(latitude).map(|(x, y)| StationPlace { crs: DEGREES, x, y }),
        elevation_m: number(9),
        wmo: word(5).map(str::to_owned),
        years: None,
        source,
    }
}
