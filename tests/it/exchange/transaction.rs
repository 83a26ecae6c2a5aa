//! An import is all or nothing, whatever ends it.

use crate::support::files::fresh_folder;
use crate::support::projects::{copy_of, refuses, succeeds};
use crate::support::server::Server;
use peatplan::model::Layer;
use peatplan::store::{GeoPackageStore, ImportTransaction, Store};
use std::fmt::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Everything a project holds, as text.
fn contents(project: &std::path::Path) -> String {
    let catalogue = GeoPackageStore::open(project).unwrap().load().unwrap();
    let mut text = String::new();
    for layer in Layer::ALL {
        let table = catalogue.table(*layer);
        for row in 0..table.len() {
            writeln!(text, "{layer} {:?}", table.feature(row)).unwrap();
        }
    }
    text
}

#[test]
fn an_import_that_is_killed_in_the_middle_leaves_the_project_as_it_was() {
    let project = copy_of("tydal.gpkg");
    let before = contents(&project);
    let table = fresh_folder("many").join("probes.csv");
    let mut rows = String::from("lon,lat,depth_m\n");
    for row in 0..400_000 {
        writeln!(rows, "{},{},1.5", 11.6 + f64::from(row) * 1e-7, 63.0 + f64::from(row % 1_000) * 1e-5).unwrap();
    }
    std::fs::write(&table, rows).unwrap();
    let log = project.with_extension("gpkg-wal");
    let arguments = ["import", "probes", table.to_str().unwrap(), "--project", project.to_str().unwrap(), "--replace"];
    let mut import =
        Command::new(env!("CARGO_BIN_EXE_peatplan")).args(arguments).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    // Killed when pages of the unfinished transaction are on the disk already.
    let deadline = Instant::now() + Duration::from_secs(120);
    while std::fs::metadata(&log).map_or(0, |about| about.len()) < 1_000_000 {
        assert!(import.try_wait().unwrap().is_none(), "the import ended before it could be killed");
        assert!(Instant::now() < deadline, "the import does not write");
        std::thread::sleep(Duration::from_millis(1));
    }
    import.kill().unwrap();
    import.wait().unwrap();
    assert_eq!(contents(&project), before);
    // And the project still works: for the server and for the next import.
    assert_eq!(Server::start(&project).json("/ogc/collections/probes/items?limit=1")["numberMatched"], 157);
    assert!(succeeds(arguments).contains("400000 of 400000 rows imported"));
}

#[test]
fn a_dropped_import_adds_nothing_and_frees_the_project() {
    let project = copy_of("tydal.gpkg");
    let before = contents(&project);
    let store = GeoPackageStore::open(&project).unwrap();
    let row = store.load().unwrap().table(Layer::Probes).feature(0);
    let mut import: Box<dyn ImportTransaction + '_> = store.begin_import(Layer::Probes, true).unwrap();
    import.add(&row).unwrap();
    // Others read the old state meanwhile, and may not write.
    assert_eq!(contents(&project), before);
    drop(import);
    assert_eq!(contents(&project), before);
    assert_eq!(store.load().unwrap().table(Layer::Probes).len(), 157);
}

#[test]
fn two_imports_at_once_do_not_mix() {
    let project = copy_of("tydal.gpkg");
    let store = GeoPackageStore::open(&project).unwrap();
    let import = store.begin_import(Layer::Probes, false).unwrap();
    let table = crate::support::files::file("p.csv", "lon,lat,depth_m\n11.6,63.0,1\n");
    let said = refuses(["import", "probes", table.to_str().unwrap(), "--project", project.to_str().unwrap()]);
    assert!(said.contains("another program is writing"), "{said}");
    drop(import);
    succeeds(["import", "probes", table.to_str().unwrap(), "--project", project.to_str().unwrap()]);
}
