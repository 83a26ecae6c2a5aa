//! Weather files into a project: what is stored is what the file says, and what is no weather is refused with the reason.

use crate::support::files::{file, fresh_folder};
use crate::support::projects::{copy_of, peatplan, refuses, succeeds};
use crate::support::weather::{chicago, fichtelberg};
use geo::{Geometry, Point};
use peatplan::catalogue::Catalogue;
use peatplan::model::{Layer, weather_from_text};
use peatplan::store::{GeoPackageStore, Store};
use serde_json::Value;
use std::path::Path;

fn stored(file: &Path, options: &[&str]) -> (Catalogue, String) {
    let project = fresh_folder("weather").join("project.gpkg");
    let mut arguments = vec!["import", "weather", file.to_str().unwrap(), "--project", project.to_str().unwrap()];
    arguments.extend(options);
    let said = succeeds(arguments);
    (GeoPackageStore::open(&project).unwrap().load().unwrap(), said)
}

#[test]
fn an_epw_file_becomes_a_weather_year_where_its_station_stands() {
    let options = ["--name", "Chicago", "--licence", "public domain"];
    let (catalogue, said) = stored(&file("chicago.epw", chicago()), &options);
    assert!(said.contains("1 of 1 rows imported into weather-years"), "{said}");
    let row = catalogue.table(Layer::WeatherYears).feature(0);
    assert_eq!(row.geometry, Some(Geometry::Point(Point::new(-87.917, 41.983))));
    for (name, text) in [
        ("name", "Chicago"),
        ("code", "725300"),
        ("kind", "energy_plus"),
        ("years", "1977-2002"),
        ("source", "EnergyPlus weather file, TMY3"),
        ("licence", "public domain"),
    ] {
        assert_eq!(row.text(Layer::WeatherYears, name), Some(text), "{name}");
    }
    assert_eq!(row.number(Layer::WeatherYears, "elevation_m"), Some(201.0));
    let place = catalogue.nouns.weather_meant("725300").unwrap().unwrap();
    let year = catalogue.nouns.weather_years[place].year().unwrap();
    assert_eq!(year.hourly_c(), weather_from_text(&chicago(), 6).unwrap().year.hourly_c(), "to the last digit");
}

#[test]
fn a_test_reference_year_in_latin_letters_is_stored_with_its_height_and_years() {
    let (catalogue, _) = stored(&file("TRY2010_11_Jahr.dat", fichtelberg()), &["--code", "fichtelberg"]);
    let row = catalogue.table(Layer::WeatherYears).feature(0);
    let Some(Geometry::Point(place)) = row.geometry else { panic!("a point") };
    // 50°26' N, 12°57' E.
    assert!((place.x() - 12.95).abs() < 1e-9 && (place.y() - (50.0 + 26.0 / 60.0)).abs() < 1e-9, "{place:?}");
    let text = |name| row.text(Layer::WeatherYears, name);
    assert_eq!(
        (text("code"), text("years"), text("kind")),
        (Some("fichtelberg"), Some("1988-2007"), Some("test_reference_year"))
    );
    assert_eq!(row.number(Layer::WeatherYears, "elevation_m"), Some(1_213.0));
}

#[test]
fn a_grid_of_2017_stands_where_proj_says() {
    let (head, rows) = {
        let text: String = fichtelberg().iter().map(|byte| char::from(*byte)).collect();
        let end = text.find("RG    IS").unwrap();
        ("Rechtswert        : 4320500 Meter\nHochwert          : 2670500 Meter\n\n", text[end..].to_owned())
    };
    let (catalogue, _) = stored(&file("2017.dat", format!("{head}{rows}")), &["--name", "Berlin"]);
    let Some(Geometry::Point(place)) = catalogue.table(Layer::WeatherYears).feature(0).geometry else { panic!("a point") };
    // `cs2cs EPSG:3034 EPSG:4326` of PROJ 9: Germany, to a metre.
    let crs = peatplan::crs::Crs::parse("EPSG:3034").unwrap();
    let way = peatplan::crs::Reprojection::new(&crs, &peatplan::crs::Crs::crs84()).unwrap();
    let (x, y) = way.point(4_320_500.0, 2_670_500.0).unwrap();
    assert!((place.x() - x).abs() < 1e-7 && (place.y() - y).abs() < 1e-7);
    assert!((5.0..16.0).contains(&x) && (47.0..56.0).contains(&y), "{x} {y}");
}

#[test]
fn a_file_without_a_place_is_stored_without_one_and_says_so() {
    let text = chicago().replacen("41.98300,-87.91700", ",", 1);
    let (catalogue, said) = stored(&file("nowhere.epw", text), &[]);
    assert_eq!(catalogue.table(Layer::WeatherYears).feature(0).geometry, None);
    assert!(said.contains("does not say where its station stands"), "{said}");
    assert!(said.contains("the year is that of Chicago OHare Intl AP, IL, USA, TMY3"), "{said}");
}

#[test]
fn what_is_no_weather_is_refused_and_makes_no_project() {
    let lines = chicago();
    let hot = lines.replacen(",-12.20,", ",200,", 1);
    let cut: String = lines.lines().take(5_000).map(|line| format!("{line}\n")).collect();
    let binary: Vec<u8> = (0..=u8::MAX).map(|place| place.wrapping_mul(7)).collect::<Vec<_>>().repeat(800);
    for (name, bytes, word) in [
        ("hot.epw", hot.into_bytes(), "line 9: the temperature must lie between -90 and 60 °C; it was 200"),
        ("cut.epw", cut.into_bytes(), "4992 hours were read"),
        ("binary.dat", binary, "it is no hourly weather file"),
        ("empty.epw", Vec::new(), "is empty"),
        ("huge.epw", vec![b' '; 20_000_001], "at most 20 MB are read"),
    ] {
        let (source, project) = (file(name, bytes), fresh_folder("weather").join("project.gpkg"));
        let said = refuses(["import", "weather", source.to_str().unwrap(), "--project", project.to_str().unwrap()]);
        assert!(said.contains(word) && said.contains(name), "{name}: {said}");
        assert!(!project.exists(), "{name}");
    }
    let source = file("chicago.epw", chicago());
    let project = fresh_folder("weather").join("project.gpkg");
    let into = |layer: &str, more: &[&str]| {
        let mut arguments = vec!["import", layer, source.to_str().unwrap(), "--project", project.to_str().unwrap()];
        arguments.extend(more);
        refuses(arguments)
    };
    assert!(into("consumers", &[]).contains("is read into layer weather-years, not consumers"));
    assert!(into("consumers", &["--licence", "x"]).contains("--licence is for weather years"));
    assert!(into("weather", &["--unit", "elevation_m=sazhen"]).contains("elevation_m"));
}

#[test]
fn the_command_line_answers_the_demand_by_a_file_and_by_the_stored_year_alike() {
    let (project, source) = (copy_of("demo.gpkg"), file("chicago.epw", chicago()));
    let (project, source) = (project.to_str().unwrap(), source.to_str().unwrap());
    succeeds(["import", "weather", source, "--project", project, "--code", "ord"]);
    let answer = |options: &[&str]| -> Value {
        let mut arguments = vec!["demand", "--project", project, "--format", "json", "--indoor-temperature-c", "21"];
        arguments.extend(options);
        serde_json::from_slice(&peatplan(arguments).stdout).unwrap()
    };
    let (by_year, by_file) = (answer(&["--weather", "ord"]), answer(&["--weather-file", source]));
    assert_eq!((&by_year["heat"], &by_year["weather"]), (&by_file["heat"], &by_file["weather"]));
    assert_eq!(by_year["inputs_hash"], by_file["inputs_hash"]);
    assert_eq!(by_year["parameters"]["indoor_temperature_c"], 21.0);
    let far = by_year["warnings"].as_array().unwrap().iter().find(|warning| warning["code"] == "weather_far");
    assert!(far.unwrap()["message"].as_str().unwrap().contains("km from the nearest"), "Chicago is not near");
    let table = succeeds(["demand", "--project", project]);
    assert!(table.contains("full-load hours") && table.contains("by curve"), "{table}");
    let csv = succeeds(["demand", "--project", project, "--format", "csv"]);
    assert!(csv.starts_with("consumer,kind,space_heat_mwh_a"), "{csv}");
    assert!(refuses(["demand", "--project", project, "nobody"]).contains("there is no consumer \"nobody\""));
}

#[test]
fn a_weather_year_goes_out_to_other_programs_and_comes_back() {
    let (folder, source) = (fresh_folder("weather"), file("chicago.epw", chicago()));
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let project = path("project.gpkg");
    succeeds(["import", "weather", source.to_str().unwrap(), "--project", &project]);
    let year = |project: &str| {
        let catalogue = GeoPackageStore::open(Path::new(project)).unwrap().load().unwrap();
        let row = catalogue.table(Layer::WeatherYears).feature(0);
        (row.geometry, catalogue.nouns.weather_years[0].year().unwrap())
    };
    for form in ["gpkg", "geojson", "csv", "fgb"] {
        let (written, copy) = (path(&format!("year.{form}")), path(&format!("copy-{form}.gpkg")));
        succeeds(["export", "weather-years", &written, "--project", &project]);
        succeeds(["import", "weather-years", &written, "--project", &copy, "--crs", "EPSG:4326"]);
        assert_eq!(year(&copy).1, year(&project).1, "{form}");
    }
    // What a stranger writes is checked as what is sent is.
    let spoilt = std::fs::read_to_string(path("year.geojson")).unwrap().replace("\"hourly_c\":\"", "\"hourly_c\":\"!");
    std::fs::write(path("spoilt.geojson"), spoilt).unwrap();
    let said = refuses(["import", "weather-years", &path("spoilt.geojson"), "--project", &path("spoilt.gpkg")]);
    assert!(said.contains("hourly_c: letter 1 ('!') is none of base64"), "{said}");
}
