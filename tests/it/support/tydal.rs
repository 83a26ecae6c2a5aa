//! The Tydal survey, read without peatplan's own importer so that the two can disagree.

use geo::{BoundingRect, Contains, LineString, MultiPolygon, Point, Polygon};
use peatplan::crs::{Crs, Reprojection, ellipsoidal_area};
use peatplan::reserves::{ProbedDepth, Survey};
use peatplan::units::Metres;

/// The survey in EPSG:25833, the system of the published volume.
pub fn survey() -> Survey {
    let source = Crs::parse("EPSG:25832").unwrap();
    let working = Reprojection::new(&source, &Crs::parse("EPSG:25833").unwrap()).unwrap();
    let outline = working.shape(&outline()).unwrap();
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for (x, y, centimetres) in probes() {
        let (x, y) = working.point(x, y).unwrap();
        let probe = ProbedDepth::measured(x, y, Metres(centimetres / 100.0));
        if outline.contains(&Point::new(x, y)) { inside.push(probe) } else { outside.push(probe) }
    }
    assert!(outline.bounding_rect().is_some());
    let geographic = Reprojection::new(&source, &Crs::crs84()).unwrap().shape(&self::outline()).unwrap();
    Survey {
        crs: "EPSG:25833".into(),
        outline,
        area_ellipsoidal: ellipsoidal_area(&geographic),
        probes_inside: inside,
        probes_outside: outside,
        cores: Vec::new(),
        constraints: Vec::new(),
        stated_mean_depth: None,
    }
}

fn probes() -> Vec<(f64, f64, f64)> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/geodata/demo/tydal/test_depths_samples.csv");
    let mut reader = csv::Reader::from_path(file).unwrap();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.unwrap();
        (row[0].parse().unwrap(), row[1].parse().unwrap(), row[2].parse().unwrap())
    };
    reader.records().map(row).collect()
}

/// The only polygon of the shapefile, by the format's own offsets (ESRI Shapefile description, July 1998).
fn outline() -> MultiPolygon {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/geodata/demo/tydal/test_shapefile.shp")).unwrap();
    let record = &bytes[108..];
    let integer = |at: usize| i32::from_le_bytes(record[at..at + 4].try_into().unwrap());
    let number = |at: usize| f64::from_le_bytes(record[at..at + 8].try_into().unwrap());
    assert_eq!((integer(0) % 10, integer(36)), (5, 1), "one polygon of one part");
    let points = usize::try_from(integer(40)).unwrap();
    let corner = |i: usize| (number(48 + 16 * i), number(56 + 16 * i));
    MultiPolygon::new(vec![Polygon::new((0..points).map(corner).collect::<LineString>(), vec![])])
}
