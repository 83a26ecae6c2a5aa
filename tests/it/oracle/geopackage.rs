//! The project's file, as GIS programs see it.

use crate::support::files::{file, run};
use crate::support::projects::{copy_of, demo_folder, succeeds};
use peatplan::model::Layer;
use peatplan::store::{GeoPackageStore, Store};

#[test]
fn gdal_finds_every_layer_with_its_extent_and_titles() {
    let project = demo_folder().join("demo.gpkg");
    let listing = run("ogrinfo", &["-ro", "-so", "-al", project.to_str().unwrap()]);
    assert!(!listing.to_lowercase().contains("warning"), "{listing}");
    let catalogue = GeoPackageStore::open(&project).unwrap().load().unwrap();
    for layer in Layer::ALL {
        let about = listing.split("Layer name: ").find(|part| part.starts_with(&format!("{}\n", layer.table()))).unwrap();
        assert!(about.contains(&format!("Feature Count: {}\n", catalogue.table(*layer).len())), "{about}");
        if let Some([west, south, east, north]) = catalogue.table(*layer).extent() {
            assert!(about.contains(&format!("Extent: ({west:.6}, {south:.6}) - ({east:.6}, {north:.6})")), "{about}");
            assert!(about.contains("WGS 84"), "{about}");
        }
    }
}

#[test]
fn the_spatial_index_agrees_with_the_table_after_gdal_has_edited_it() {
    let project = copy_of("demo.gpkg");
    let name = project.to_str().unwrap();
    // As QGIS would: delete, move, add.
    run("ogrinfo", &["-q", name, "-sql", "DELETE FROM probes WHERE fid <= 100"]);
    let added = file(
        "added.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"depth_m":9.5},"geometry":{"type":"Point","coordinates":[41.5,55.9]}}]}"#,
    );
    run("ogr2ogr", &["-update", "-append", name, added.to_str().unwrap(), "-nln", "probes"]);
    let count = run(
        "ogrinfo",
        &[
            "-q",
            name,
            "-sql",
            "SELECT (SELECT count(*) FROM probes) AS rows_, (SELECT count(*) FROM rtree_probes_geom) AS indexed",
        ],
    );
    assert!(count.contains("rows_ (Integer) = 5745") && count.contains("indexed (Integer) = 5745"), "{count}");
    // And peatplan reads and writes on.
    let store = GeoPackageStore::open(&project).unwrap();
    let catalogue = store.load().unwrap();
    assert_eq!(catalogue.table(Layer::Probes).len(), 5_745);
    assert_eq!(catalogue.table(Layer::Probes).rows_near([41.4, 55.8, 41.6, 56.0]).len(), 1);
    drop(store);
    let more = file("more.csv", "lon,lat,depth_m\n41.6,55.9,1\n");
    succeeds(["import", "probes", more.to_str().unwrap(), "--project", name]);
    let count = run("ogrinfo", &["-q", name, "-sql", "SELECT count(*) AS indexed FROM rtree_probes_geom"]);
    assert!(count.contains("indexed (Integer) = 5746"), "{count}");
}

#[test]
fn what_another_program_wrote_wrongly_does_not_stop_the_project() {
    let project = copy_of("demo.gpkg");
    let name = project.to_str().unwrap();
    run("ogrinfo", &["-q", name, "-sql", "UPDATE fields SET status = 'on fire', net_area_ha = 'many' WHERE fid = 1"]);
    run("ogrinfo", &["-q", name, "-sql", "UPDATE deposits SET geom = NULL WHERE fid = 1"]);
    run("ogrinfo", &["-q", name, "-sql", "UPDATE cores SET layers = 'no json' WHERE fid = 1"]);
    let catalogue = GeoPackageStore::open(&project).unwrap().load().unwrap();
    assert_eq!(catalogue.table(Layer::Fields).len(), 55);
    assert_eq!(catalogue.nouns.fields.len(), 54, "a field without a known state supplies nothing");
    assert_eq!(catalogue.nouns.deposits.len(), 7);
}
