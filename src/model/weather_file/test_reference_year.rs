//! Test reference years of the German weather service: a head, the names of the columns, a line of ***, then a row an hour. Columns are
//! found by their names (MM, DD, HH, t), so the editions of 2011 and 2017 are both read.

use super::row::Row;
use super::{DEGREES, LAMBERT, Read, StationPlace, WeatherTextError};
use crate::model::WeatherKind;

pub(super) fn read(text: &str) -> Result<Read, WeatherTextError> {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(place, line)| (place + 1, line)).collect();
    let end = lines.iter().position(|(_, line)| line.trim() == "***").unwrap_or(lines.len());
    let columns = |line: &str| -> Option<[usize; 4]> {
        let names: Vec<&str> = line.split_whitespace().collect();
        let [month, day, hour, temperature] = ["MM", "DD", "HH", "t"].map(|name| names.iter().position(|word| *word == name));
        Some([month?, day?, hour?, temperature?])
    };
    let Some(columns) = lines[..end].iter().rev().find_map(|(_, line)| columns(line)) else {
        return Err(WeatherTextError::Format("above *** stands no line with the columns MM, DD, HH and t".to_owned()));
    };
    let row = |(line, text): &(usize, &str)| {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [month, day, hour, temperature] = columns.map(|column| fields.get(column).copied());
        match (month, day, hour, temperature) {
            (Some(month), Some(day), Some(hour), Some(temperature)) => Row::new(*line, [month, day, hour, temperature]),
            _ => Err(WeatherTextError::Line {
                line: *line,
                detail: format!("there were {} columns, too few for the temperature", fields.len()),
            }),
        }
    };
    let data = lines.iter().skip(end + 1).filter(|(_, line)| !line.trim().is_empty());
    let rows = data.map(row).collect::<Result<_, _>>()?;
    let head: Vec<String> = lines[..end].iter().map(|(_, line)| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    Ok(located(&head, rows))
}

/// What the head tells of the station.
fn located(head: &[String], rows: Vec<Row>) -> Read {
    let after = |name: &str| {
        let line = head.iter().find_map(|line| line.strip_prefix(name))?;
        let value = line.trim_start().strip_prefix(':')?.trim();
        (!value.is_empty()).then_some(value)
    };
    let number = |name: &str| after(name)?.split(' ').next()?.replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite());
    let named = ["Station", "Ort", "Rechtswert", "Hochwert", "Art des TRY", "Bezugszeitraum"];
    let told: Vec<&str> =
        head.iter().filter(|line| named.iter().any(|name| line.starts_with(name))).map(String::as_str).collect();
    let in_degrees = after("Lage").and_then(degrees);
    let on_the_grid = || {
        let (x, y) = number("Rechtswert").zip(number("Hochwert"))?;
        Some(StationPlace { crs: LAMBERT, x, y })
    };
    let wmo = head.iter().find_map(|line| line.split_once("WMO-Nummer:")).and_then(|(_, rest)| rest.split_whitespace().next());
    let kind = after("Art des TRY").map(|kind| format!(", {kind}")).unwrap_or_default();
    Read {
        rows,
        kind: WeatherKind::TestReferenceYear,
        place: told.join("; "),
        station: in_degrees.map(|[x, y, _]| StationPlace { crs: DEGREES, x, y }).or_else(on_the_grid),
        elevation_m: in_degrees.map(|[_, _, height]| height).or_else(|| number("Hoehenlage")).or_else(|| number("Höhenlage")),
        wmo: wmo.map(str::to_owned),
        years: after("Bezugszeitraum").map(str::to_owned),
        source: format!("Deutscher Wetterdienst, test reference year{kind}"),
    }
}

/// Longitude, latitude and height of `50°26'N <- B. 12°57'O <- L. 1213 Meter über NN`. The sign of degrees is not looked at: in a text
/// that was read as another code page it is not one.
fn degrees(text: &str) -> Option<[f64; 3]> {
    let mut numbers = text.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let mut next = || numbers.next()?.parse::<f64>().ok();
    let [north, north_minutes, east, east_minutes, height] = [next()?, next()?, next()?, next()?, next()?];
    let mut sides = text.chars().filter(|letter| matches!(letter, 'N' | 'S' | 'O' | 'E' | 'W'));
    let (north_or_south, east_or_west) = (sides.next()?, sides.next()?);
    let latitude = (north + north_minutes / 60.0) * if north_or_south == 'S' { -1.0 } else { 1.0 };
    let longitude = (east + east_minutes / 60.0) * if east_or_west == 'W' { -1.0 } else { 1.0 };
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some([longitude, latitude, height])
}

#[cfg(test)]
mod tests {
    use super::degrees;

    #[test]
    fn a_place_in_degrees_and_minutes_is_read_in_any_code_page() {
        for sign in ["°", "\u{fffd}", "В°", ""] {
            let sign = if sign.is_empty() { " " } else { sign };
            let text = format!("50{sign}30'N <- B.  12{sign}45'O <- L.  1213 Meter über NN");
            assert_eq!(degrees(&text), Some([12.75, 50.5, 1_213.0]), "{text}");
        }
        assert_eq!(degrees("33°00'S <- B. 70°30'W <- L. 520 Meter"), Some([-70.5, -33.0, 520.0]));
        assert_eq!(degrees("unknown"), None);
    }
}
