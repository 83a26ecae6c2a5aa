//! Weather files that are as they should be, and others.

#![expect(clippy::float_cmp, reason = "what is read is what was written")]

use super::*;
use proptest::prelude::*;
use std::fmt::Write;

const HEAD: &str = "LOCATION,Somewhere,-,RUS,TEST,1,55.6,40.7,3.0,130\nDATA PERIODS,1,1,Data,Monday,1/1,12/31\n";

fn year_of(text: &str, longest_gap_h: usize) -> Result<WeatherYear, WeatherTextError> {
    weather_from_text(text, longest_gap_h).map(|file| file.year)
}

/// The rows of a year with a temperature by its place; `leap` with 29 February.
fn rows(leap: bool, temperature: impl Fn(usize) -> Option<String>) -> String {
    let mut text = String::new();
    let mut place = 0;
    for (month, days) in DAYS_OF_MONTHS.iter().enumerate() {
        let days = if month == 1 && !leap { 28 } else { *days };
        for day in 1..=days {
            for hour in 1..=24 {
                if let Some(value) = temperature(place) {
                    writeln!(text, "2001,{},{day},{hour},60,?9,{value},0,80", month + 1).unwrap();
                }
                place += 1;
            }
        }
    }
    text
}

fn file(leap: bool, temperature: impl Fn(usize) -> Option<String>) -> String {
    format!("{HEAD}{}", rows(leap, temperature))
}

#[expect(clippy::unnecessary_wraps, reason = "the form that a file is made of")]
fn place(index: usize) -> Option<String> {
    Some(format!("{}", whole(index % 5_000) / 100.0))
}

#[test]
fn hours_stand_where_their_dates_say() {
    let year = year_of(&file(false, place), 0).unwrap();
    assert_eq!((year.kind, year.place.as_str(), year.filled_hours), (WeatherKind::EnergyPlus, "Somewhere, RUS, TEST", 0));
    assert!(year.hourly_c().iter().enumerate().all(|(index, value)| *value == whole(index % 5_000) / 100.0));
    let text = file(false, place);
    let mut backwards: Vec<&str> = text.lines().skip(2).collect();
    backwards.reverse();
    let reversed = year_of(&format!("{HEAD}{}", backwards.join("\r\n")), 0).unwrap();
    assert_eq!(reversed.hourly_c(), year.hourly_c(), "the order of the rows changes nothing");
}

#[test]
fn the_head_tells_of_the_station() {
    let read = weather_from_text(&file(false, place), 0).unwrap();
    assert_eq!(read.station, Some(StationPlace { crs: "OGC:CRS84", x: 40.7, y: 55.6 }));
    assert_eq!((read.elevation_m, read.wmo.as_deref(), read.years.as_deref()), (Some(130.0), Some("1"), Some("2001")));
    assert_eq!(read.source, "EnergyPlus weather file, TEST");
    for (wrong, right) in [("LOCATION", "LOCATION"), (",55.6,40.7,3.0,130", ",99,40.7,3.0,x"), (",55.6,40.7,3.0,130", "")] {
        let read = weather_from_text(&file(false, place).replace(wrong, right), 0).unwrap();
        assert_eq!(read.station.is_some(), wrong == right, "a place off the globe is none");
    }
}

#[test]
fn a_leap_year_loses_its_29_february_and_says_so() {
    let leap_day = (31 + 28) * 24..(31 + 29) * 24;
    let year = year_of(&file(true, |index| Some(if leap_day.contains(&index) { "50" } else { "-5" }.to_owned())), 0).unwrap();
    assert!(year.hourly_c().iter().all(|value| *value == -5.0));
    assert_eq!(year.remarks, ["29 February (24 hours) was left out"]);
}

#[test]
fn missing_hours_are_drawn_straight_between_their_neighbours() {
    let year = year_of(&file(false, |index| if (100..106).contains(&index) { None } else { place(index) }), 6).unwrap();
    assert_eq!(year.filled_hours, 6);
    assert!(year.hourly_c().iter().enumerate().all(|(index, value)| (value - whole(index % 5_000) / 100.0).abs() < 1e-12));
    for mark in ["99.9", "999", "-9999", ""] {
        let marked = |index| if index == 4_000 { Some(mark.to_owned()) } else { place(index) };
        assert_eq!(year_of(&file(false, marked), 1).unwrap().filled_hours, 1, "{mark:?}");
    }
}

#[test]
fn a_gap_over_new_year_is_filled_from_both_ends() {
    let year = year_of(&file(false, |index| (1..8_758).contains(&index).then(|| "2".to_owned())), 3).unwrap();
    assert_eq!((year.filled_hours, year.hourly_c()[0], year.hourly_c()[8_759]), (3, 2.0, 2.0));
}

#[test]
fn a_longer_gap_refuses_the_file_and_says_where_it_is() {
    let error = year_of(&file(false, |index| if (744..760).contains(&index) { None } else { place(index) }), 6).unwrap_err();
    assert_eq!(
        error.to_string(),
        "8744 hours were read and 16 in a row are missing, from hour 1 of 1.02. on; gaps of up to 6 hours are filled \
         (longest_gap_h), and a year has 8760 hours"
    );
    assert!(matches!(year_of(HEAD, 6), Err(WeatherTextError::Gap { rows: 0, hours: 8_760, .. })));
}

#[test]
fn what_is_wrong_with_a_row_is_said_by_its_line() {
    let good = rows(false, place);
    for (row, expected) in [
        ("2001,13,1,1,0,?,5,", "line 3: the month must be a whole number from 1 to 12; it was \"13\""),
        ("2001,2,30,1,0,?,5,", "line 3: the day must be a whole number from 1 to 29; it was \"30\""),
        ("2001,1,1,0,0,?,5,", "line 3: the hour must be a whole number from 1 to 24; it was \"0\""),
        ("2001,1,1,1,0,?,cold,", "line 3: the temperature must be a number in °C; it was \"cold\""),
        ("2001,1,1,1,0,?,77,", "line 3: the temperature must lie between -90 and 60 °C; it was 77"),
        ("2001,1,1,1,0,?,NaN,", "line 3: the temperature must lie between -90 and 60 °C; it was NaN"),
        ("2001,1,1", "line 3: a row has year, month, day, hour, minute, marks, temperature and more; there were 3 fields"),
        ("2001,1,1,1,0,?,5,", "line 4: hour 1 of 1.01. stands in line 3 already"),
    ] {
        let error = year_of(&format!("{HEAD}{row}\n{good}"), 6).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let often = HEAD.replace("PERIODS,1,1", "PERIODS,1,4");
    let error = year_of(&format!("{often}{good}"), 6).unwrap_err();
    assert_eq!(error.to_string(), "line 2: one row an hour is read; DATA PERIODS says \"4\" rows an hour");
}

#[test]
fn a_file_of_another_kind_is_refused_with_what_is_read() {
    for text in ["", "a,b\n1,2\n", "\u{feff}", "LOCATION,x\n1,2,3\n", "head\n***\n1 1 1 5.0\n"] {
        let error = year_of(text, 6).unwrap_err();
        assert!(matches!(error, WeatherTextError::Format(_)), "{text:?}: {error}");
    }
}

#[test]
fn the_edition_of_2017_has_its_columns_elsewhere() {
    let head = "Rechtswert : 3951500 Meter\nHochwert : 2459500 Meter\nHoehenlage : 112 Meter ueber NN\n";
    let mut text = head.to_owned()
        + "Art des TRY       : mittleres Jahr\nBezugszeitraum : 1995-2012\n\n     RW      HW MM DD HH     t    p  WR   WG\n***\n";
    for line in rows(false, place).lines() {
        let fields: Vec<&str> = line.split(',').collect();
        writeln!(text, "3951500 2459500 {:>2} {:>2} {:>2} {:>6} 987 208 1.6", fields[1], fields[2], fields[3], fields[6])
            .unwrap();
    }
    let read = weather_from_text(&text, 0).unwrap();
    assert_eq!(read.station, Some(StationPlace { crs: "EPSG:3034", x: 3_951_500.0, y: 2_459_500.0 }));
    assert_eq!((read.elevation_m, read.years.as_deref()), (Some(112.0), Some("1995-2012")));
    let year = read.year;
    assert_eq!(year.kind, WeatherKind::TestReferenceYear);
    assert!(year.place.ends_with("Art des TRY : mittleres Jahr; Bezugszeitraum : 1995-2012"), "{}", year.place);
    assert_eq!(year.hourly_c()[8_759], 37.59);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}", head in any::<bool>()) {
        let text = if head { format!("{HEAD}{text}") } else { format!("MM DD HH t\n***\n{text}") };
        prop_assert!(year_of(&text, 6).is_err());
    }
}
