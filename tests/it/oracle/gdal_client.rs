//! GDAL's own driver for OGC API Features reads every collection back.

use crate::support::files::{fresh_folder, run};
use crate::support::projects::demo_folder;
use crate::support::server::demo;
use peatplan::model::Layer;
use peatplan::store::{GeoPackageStore, Store};

#[test]
fn gdal_lists_every_collection_with_its_count() {
    let listing = run("ogrinfo", &["-ro", "-so", "-al", &format!("OAPIF:{}", demo().url("/ogc"))]);
    for layer in Layer::ALL {
        let expected = demo().json(&format!("/ogc/collections/{layer}/items?limit=1"))["numberMatched"].as_u64().unwrap();
        let about = listing.split("Layer name: ").find(|part| part.starts_with(&format!("{layer}\n")));
        let about = about.unwrap_or_else(|| panic!("{layer} is not listed: {listing}"));
        assert!(about.contains(&format!("Feature Count: {expected}\n")), "{about}");
    }
}

#[test]
fn gdal_reads_every_collection_back_with_equal_rows_and_geometry() {
    let copy = fresh_folder("oapif").join("copy.gpkg");
    let (copy_name, service) = (copy.to_str().unwrap(), format!("OAPIF:{}", demo().url("/ogc")));
    let catalogue = GeoPackageStore::open(&demo_folder().join("demo.gpkg")).unwrap().load().unwrap();
    for layer in Layer::ALL {
        let first = !copy.exists();
        let mut arguments = vec!["-f", "GPKG", copy_name, &service, layer.name(), "-oo", "PAGE_SIZE=500", "-nlt", "GEOMETRY"];
        if !first {
            arguments.push("-update");
        }
        run("ogr2ogr", &arguments);
        let table = catalogue.table(*layer);
        let count = "SELECT count(*) AS n, sum(geom IS NOT NULL) AS g FROM";
        let read = run("ogrinfo", &["-q", copy_name, "-sql", &format!("{count} \"{layer}\"")]);
        let with_geometry = (0..table.len()).filter(|row| table.geometry(*row).is_some()).count();
        assert!(read.contains(&format!("n (Integer) = {}\n", table.len())), "{layer}: {read}");
        assert!(read.contains(&format!("g (Integer) = {with_geometry}\n")) || with_geometry == 0, "{layer}: {read}");
    }
    // Geometry: every vertex within the centimetre that seven decimals keep.
    let ours = demo_folder().join("demo.gpkg");
    for layer in Layer::ALL.iter().filter(|layer| **layer != Layer::ReserveStatements) {
        let export = |source: &str, name: &str, key: &str| {
            let sql = format!("SELECT ST_AsText(geom) AS shape FROM \"{name}\" ORDER BY {key}");
            let text = run("ogrinfo", &["-q", source, "-dialect", "SQLITE", "-sql", &sql]);
            let numbers =
                text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').filter_map(|part| part.parse::<f64>().ok());
            numbers.collect::<Vec<f64>>()
        };
        let (stored, read) = (export(ours.to_str().unwrap(), &layer.table(), "fid"), export(copy_name, layer.name(), "fid"));
        assert_eq!(stored.len(), read.len(), "{layer}");
        let farthest = stored.iter().zip(&read).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(farthest <= 1.1e-6, "{layer}: {farthest}");
    }
}
