//! Tables of text: delimiters, decimal commas, code pages, units, names of fields.

use crate::support::files::{file, fresh_folder};
use crate::support::projects::{refuses, succeeds};
use peatplan::model::{Layer, Value};
use peatplan::store::{GeoPackageStore, Store};
use std::path::Path;

fn import(layer: &str, content: impl AsRef<[u8]>, options: &[&str]) -> (String, peatplan::catalogue::Catalogue) {
    let project = fresh_folder("table").join("project.gpkg");
    let table = file("table.csv", content);
    let mut arguments = vec!["import", layer, table.to_str().unwrap(), "--project", project.to_str().unwrap()];
    arguments.extend(options);
    let said = succeeds(arguments);
    (said, GeoPackageStore::open(&project).unwrap().load().unwrap())
}

#[test]
fn semicolons_decimal_commas_and_cp1251_are_understood() {
    let text = "Пункт;Долгота;Широта;Глубина, см;Отказ;Дата\nП-1;40,60;55,60;125,5;древесина;31.07.1986\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    let (said, catalogue) = import(
        "probes",
        bytes,
        &["--map", "code=Пункт", "depth=Глубина, см", "refusal=Отказ", "date=Дата", "--unit", "depth=cm"],
    );
    assert!(said.contains("taken as WGS 84 longitude and latitude"), "{said}");
    let row = catalogue.table(Layer::Probes).feature(0);
    assert_eq!(row.text(Layer::Probes, "code"), Some("П-1"));
    assert_eq!(row.number(Layer::Probes, "depth_m"), Some(1.255));
    assert_eq!(row.text(Layer::Probes, "refusal"), Some("wood"));
    assert_eq!(row.value(Layer::Probes, "date"), &Value::Date("1986-07-31".into()));
    assert!(catalogue.nouns.probes[0].censored, "wood stopped it");
}

#[test]
fn columns_of_coordinates_are_named_and_their_system_given() {
    let table = "id,E_GK,N_GK,depth\n1,7600000,6170000,2\n";
    let options = ["--map", "x=E_GK", "y=N_GK", "depth=depth", "code=id", "--crs", "28407"];
    let (_, catalogue) = import("probes", table, &options);
    let [west, south, ..] = catalogue.table(Layer::Probes).bounds(0).unwrap();
    assert!((40.5..40.7).contains(&west) && (55.6..55.7).contains(&south), "{west} {south}");
}

#[test]
fn a_mapping_file_says_it_once_for_all_and_options_rule_over_it() {
    let mapping = file(
        "mapping.toml",
        "crs = \"EPSG:32637\"\n[map]\ndepth = \"h\"\nx = \"e\"\ny = \"n\"\n[unit]\ndepth = \"dm\"\n[set]\nmethod = \"auger\"\n",
    );
    let options = ["--mapping", mapping.to_str().unwrap(), "--unit", "depth=cm"];
    let (_, catalogue) = import("probes", "e\tn\th\n600000\t6160000\t150\n", &options);
    let row = catalogue.table(Layer::Probes).feature(0);
    assert_eq!((row.number(Layer::Probes, "depth_m"), row.text(Layer::Probes, "method")), (Some(1.5), Some("auger")));
    let wrong = file("wrong.toml", "colour = \"brown\"\n");
    let table = file("t.csv", "x,y,depth_m\n1,2,3\n");
    let project = fresh_folder("wrong").join("p.gpkg");
    let said = refuses([
        "import",
        "probes",
        table.to_str().unwrap(),
        "--project",
        project.to_str().unwrap(),
        "--mapping",
        wrong.to_str().unwrap(),
    ]);
    assert!(said.contains("colour"), "{said}");
}

#[test]
fn rows_of_one_code_are_the_layers_of_one_core() {
    let table = "code;lon;lat;from_m;to_m;peat_type;moisture;ash;rho\n\
                 К-1;40.6;55.6;0.5;1.5;низинный;89,5;8;0,11\nК-1;40.6;55.6;0;0.5;raised;91;3;0.07\nК-2;40.7;55.6;0;1;raised;;4;0.09\n";
    let options = ["--map", "dry_density=rho", "--unit", "dry_density=t/m3", "moisture=%", "ash=%"];
    let (said, catalogue) = import("cores", table, &options);
    assert!(said.contains("2 of 3 rows imported"), "{said}");
    let core = &catalogue.nouns.cores[0];
    assert_eq!(core.layers.len(), 2);
    assert_eq!((core.layers[0].from_m, core.layers[1].dry_density_kg_m3), (0.0, Some(110.0)));
    let density = core.dry_density().unwrap().0;
    assert!((density - (0.5 * 70.0 + 1.0 * 110.0) / 1.5).abs() < 1e-9);
    assert_eq!(core.layers[1].moisture, Some(0.895));
}

#[test]
fn the_tydal_survey_comes_in_and_gives_its_published_volume() {
    let tydal = crate::support::projects::demo_folder().join("tydal.gpkg");
    let options = [
        "estimate",
        "Tydal",
        "--project",
        tydal.to_str().unwrap(),
        "--method",
        "idw",
        "--power",
        "4",
        "--neighbours",
        "20",
        "--cell-m",
        "1",
        "--crs",
        "EPSG:25833",
        "--probes",
        "inside",
        "--format",
        "json",
    ];
    let answer: serde_json::Value = serde_json::from_str(&succeeds(options)).unwrap();
    let volume = answer["geological_volume_m3"].as_f64().unwrap();
    assert!((volume - 77_336.97).abs() <= 0.01, "{volume}");
    assert!((answer["area_ha"].as_f64().unwrap() * 1e4 - 37_922.82).abs() < 0.01);
    assert_eq!(answer["synthetic"], false);
}

#[test]
fn a_request_file_serves_the_same_as_options() {
    let tydal = crate::support::projects::demo_folder().join("tydal.gpkg");
    let request = file("request.json", r#"{"method": "idw", "power": 4, "cell_m": 1, "probes": "inside", "min_depth_m": 9}"#);
    let base = ["estimate", "1", "--project", tydal.to_str().unwrap(), "--format", "csv"];
    let from_file = succeeds(base.iter().chain(&["--request", request.to_str().unwrap(), "--min-depth-m", "0.5"]));
    let from_options = succeeds(base.iter().chain(&[
        "--method",
        "idw",
        "--power",
        "4",
        "--cell_m",
        "1",
        "--probes",
        "inside",
        "--min_depth_m",
        "0.5",
    ]));
    assert_eq!(from_file, from_options);
    assert!(from_file.starts_with("step,area_ha,volume_m3"), "{from_file}");
}

#[test]
fn the_same_file_twice_does_not_double_the_probes() {
    let project = fresh_folder("twice").join("project.gpkg");
    let table = file("probes.csv", "lon,lat,depth_m\n40.6,55.6,2\n40.6,55.6,2\n40.6,55.6,2.5\n40.7,55.6,1\n");
    let arguments = ["import", "probes", table.to_str().unwrap(), "--project", project.to_str().unwrap()];
    let first = succeeds(arguments);
    assert!(first.contains("3 of 4 rows imported") && first.contains("duplicates: 2"), "{first}");
    assert!(first.contains("repeats another one wholly") && first.contains("with other values; kept"), "{first}");
    assert!(succeeds(arguments).contains("0 of 4 rows imported"));
    assert_eq!(GeoPackageStore::open(Path::new(&project)).unwrap().load().unwrap().table(Layer::Probes).len(), 3);
    assert!(succeeds(arguments.iter().chain(&["--replace"])).contains("3 of 4 rows imported"));
    assert_eq!(GeoPackageStore::open(Path::new(&project)).unwrap().load().unwrap().table(Layer::Probes).len(), 3);
}

#[test]
fn water_protection_and_fire_breaks_need_no_width_of_their_strip() {
    let head = "lon,lat,name,kind,effect,buffer_m,river_length_km\n";
    let rows = "40.6,55.6,Spring,water_protection,buffer,,\n40.7,55.6,Gus,water_protection,buffer,,147\n40.8,55.6,Break,fire_break,buffer,,\n";
    let (_, catalogue) = import("constraints", format!("{head}{rows}"), &[]);
    let widths: Vec<f64> = catalogue
        .nouns
        .constraints
        .iter()
        .map(|constraint| match constraint.effect {
            peatplan::model::ConstraintEffect::Buffer { width, .. } => width.0,
            peatplan::model::ConstraintEffect::Exclude => 0.0,
        })
        .collect();
    assert_eq!(widths, [50.0, 200.0, 75.0]);

    let project = fresh_folder("strip").join("p.gpkg");
    let table = file("strip.csv", format!("{head}40.6,55.6,Road,road,buffer,,\n"));
    let said = refuses(["import", "constraints", table.to_str().unwrap(), "--project", project.to_str().unwrap()]);
    assert!(said.contains("needs buffer_m") && said.contains("fire_break"), "{said}");
}
