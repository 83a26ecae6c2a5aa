//! Extracts of OpenStreetMap as the haul network; GDAL's own driver for them is the judge of places and tags.

use crate::support::files::{fresh_folder, run};
use crate::support::projects::{refuses, succeeds};
use geo::{CoordsIter, Geometry};
use peatplan::catalogue::Catalogue;
use peatplan::model::Layer;
use peatplan::store::{GeoPackageStore, Store};
use std::collections::BTreeMap;

const EXTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/osm/extract.osm.pbf");

fn imported(options: &[&str]) -> (Catalogue, String) {
    let project = fresh_folder("osm").join("project.gpkg");
    let mut arguments = vec!["import", "haul-network", EXTRACT, "--project", project.to_str().unwrap()];
    arguments.extend(options);
    let said = succeeds(arguments);
    (GeoPackageStore::open(&project).unwrap().load().unwrap(), said)
}

fn vertices(geometry: &Geometry) -> Vec<[f64; 2]> {
    geometry.coords_iter().map(|c| [c.x, c.y]).collect()
}

#[test]
fn roads_and_narrow_gauge_lines_come_in_with_class_name_speed_and_source() {
    let (catalogue, said) = imported(&[]);
    let table = catalogue.table(Layer::HaulNetwork);
    let rows: Vec<_> = (0..table.len()).map(|row| table.feature(row)).collect();
    let text = |row: usize, name: &str| rows[row].text(Layer::HaulNetwork, name).map(str::to_owned);
    let classes: Vec<Option<String>> = (0..rows.len()).map(|row| text(row, "class")).collect();
    assert_eq!(classes.iter().flatten().collect::<Vec<_>>(), ["secondary", "track", "narrow_gauge", "primary", "unclassified"]);
    assert_eq!(text(0, "name").as_deref(), Some("Invented road"));
    assert_eq!(text(0, "name_ru").as_deref(), Some("Вымышленная дорога"));
    assert_eq!(text(0, "code").as_deref(), Some("way/101"));
    assert_eq!(rows[0].number(Layer::HaulNetwork, "speed_km_h"), Some(40.0));
    assert_eq!(rows[1].number(Layer::HaulNetwork, "speed_km_h"), None);
    assert!(text(0, "source").unwrap().contains("OpenStreetMap"));
    for told in ["winter roads were left out", "out of use were left out", "one direction", "limit of weight", "were cut"] {
        assert!(said.contains(told), "{told}: {said}");
    }
}

#[test]
fn places_are_those_that_gdals_driver_reads() {
    let (catalogue, _) = imported(&["--source-layer", "with-disused-and-winter"]);
    let judge = fresh_folder("osm").join("judge.geojson");
    run("ogr2ogr", &["-f", "GeoJSON", judge.to_str().unwrap(), EXTRACT, "lines"]);
    let judge: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&judge).unwrap()).unwrap();
    let by_way: BTreeMap<String, Vec<[f64; 2]>> = judge["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let places = line["geometry"]["coordinates"].as_array().unwrap().iter();
            let places = places.map(|place| [place[0].as_f64().unwrap(), place[1].as_f64().unwrap()]).collect();
            (format!("way/{}", line["properties"]["osm_id"].as_str().unwrap()), places)
        })
        .collect();
    let table = catalogue.table(Layer::HaulNetwork);
    assert_eq!(table.len(), 7);
    for row in (0..table.len()).map(|row| table.feature(row)) {
        let way = row.text(Layer::HaulNetwork, "code").unwrap().to_owned();
        // GDAL closes the gap where a node is missing; here the way is cut.
        if way == "way/108" {
            continue;
        }
        let (ours, theirs) = (vertices(row.geometry.as_ref().unwrap()), &by_way[&way]);
        assert_eq!(ours.len(), theirs.len(), "{way}");
        for (a, b) in ours.iter().zip(theirs) {
            assert!((a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9, "{way}");
        }
    }
}

#[test]
fn a_box_takes_the_ways_that_come_into_it() {
    let (catalogue, said) = imported(&["--within", "40.615,55.0,40.625,56.0"]);
    assert_eq!(catalogue.table(Layer::HaulNetwork).len(), 2);
    assert!(said.contains("40.615"), "{said}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = fresh_folder("osm");
    let project = folder.join("project.gpkg");
    let project = project.to_str().unwrap();
    let broken = folder.join("broken.osm.pbf");
    std::fs::write(&broken, &std::fs::read(EXTRACT).unwrap()[..400]).unwrap();
    let broken = broken.to_str().unwrap();
    assert!(refuses(["import", "haul-network", broken, "--project", project]).contains("breaks off at byte"));
    std::fs::write(broken, "no extract").unwrap();
    assert!(refuses(["import", "haul-network", broken, "--project", project]).contains("no .osm.pbf file"));
    assert!(refuses(["import", "deposits", EXTRACT, "--project", project]).contains("haul-network"));
    let layer = ["import", "haul-network", EXTRACT, "--project", project, "--source-layer", "roads"];
    assert!(refuses(layer).contains("with-disused"));
    let turned = ["import", "haul-network", EXTRACT, "--project", project, "--within", "41,55,40,56"];
    assert!(refuses(turned).contains("west,south,east,north"));
}
