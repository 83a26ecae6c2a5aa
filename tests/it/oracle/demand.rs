//! Demand by real weather files, against sums and standard profiles that numpy, pandas and demandlib make of them.

use peatplan::energy::demand::{HourlyLoad, bdew_shape, degree_days_of_weather};
use peatplan::model::weather_from_text;
use peatplan::model::{WeatherKind, WeatherYear};
use serde_json::Value;
use std::io::Read;

const CHICAGO: &[u8] = include_bytes!("../../fixtures/weather/USA_IL_Chicago.OHare.Intl.AP.725300_TMY3.epw.gz");
const FICHTELBERG: &[u8] = include_bytes!("../../fixtures/weather/TRY2010_11_Jahr.dat.gz");

fn weather(packed: &[u8]) -> WeatherYear {
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    weather_from_text(&text, 0).unwrap().year
}

fn both() -> [(&'static str, WeatherYear); 2] {
    [("chicago", weather(CHICAGO)), ("fichtelberg", weather(FICHTELBERG))]
}

fn expected() -> Value {
    serde_json::from_str(include_str!("../../fixtures/weather/expected.json")).unwrap()
}

fn near(ours: f64, theirs: &Value, tolerance: f64, what: &str) {
    let theirs = theirs.as_f64().unwrap();
    assert!((ours - theirs).abs() <= tolerance * theirs.abs().max(1.0), "{what}: {ours} against {theirs}");
}

#[test]
fn real_weather_files_are_read_as_pandas_reads_them() {
    let expected = expected();
    for (name, year) in both() {
        let theirs = &expected[name];
        let hours = year.hourly_c();
        near(hours.iter().sum::<f64>() / 8_760.0, &theirs["mean_c"], 1e-12, "mean");
        near(hours.iter().copied().fold(f64::INFINITY, f64::min), &theirs["least_c"], 0.0, "least");
        near(hours.iter().copied().fold(f64::NEG_INFINITY, f64::max), &theirs["greatest_c"], 0.0, "greatest");
        let degree_days = degree_days_of_weather(&year, 20.0, 8.0).unwrap();
        near(degree_days.heating_days, &theirs["heating_days"], 0.0, "heating days");
        near(degree_days.heating_mean_c.unwrap(), &theirs["heating_mean_c"], 1e-12, "mean of the heating days");
        near(degree_days.degree_days_k_d, &theirs["degree_days_k_d"], 1e-12, "degree days");
    }
}

#[test]
fn places_are_those_of_the_files() {
    let [(_, chicago), (_, fichtelberg)] = both();
    assert_eq!((chicago.kind, chicago.place.as_str()), (WeatherKind::EnergyPlus, "Chicago OHare Intl AP, IL, USA, TMY3"));
    assert_eq!(fichtelberg.kind, WeatherKind::TestReferenceYear);
    assert!(fichtelberg.place.starts_with("Station: Fichtelberg"), "{}", fichtelberg.place);
}

#[test]
fn the_german_profile_is_demandlibs() {
    let expected = expected();
    for (name, year) in both() {
        let theirs = &expected[name]["bdew"];
        // The published shares of the hours add up to 1 within 0.0003; demandlib keeps that, a load of ours has its energy exactly.
        let sum = theirs["sum"].as_f64().unwrap();
        let load = HourlyLoad::from_shape(sum, &bdew_shape(&year)).unwrap();
        for (hour, mw) in theirs["at"].as_array().unwrap().iter().zip(theirs["mw"].as_array().unwrap()) {
            let hour = usize::try_from(hour.as_u64().unwrap()).unwrap();
            near(load.hours_mw()[hour], mw, 1e-9, name);
        }
        near(load.peak_mw(), &theirs["greatest"], 1e-9, name);
        near(load.hours_mw().iter().map(|mw| mw * mw).sum(), &theirs["square_sum"], 1e-9, name);
    }
}
