//! Pictures that follow one another: what has not changed is shared, and nothing is of two moments.

use super::changes::{change, probe};
use crate::support::files::run;
use crate::support::projects::copy_of;
use peatplan::catalogue::Catalogue;
use peatplan::model::{Layer, Value};
use peatplan::store::{Change, GeoPackageStore, ProjectSettings, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Layers whose tables two pictures do not share.
fn not_shared(a: &Catalogue, b: &Catalogue) -> Vec<Layer> {
    let differs = |layer: &&Layer| !Arc::ptr_eq(a.shared_table(**layer), b.shared_table(**layer));
    Layer::ALL.iter().filter(differs).copied().collect()
}

#[test]
fn a_layer_that_another_program_changed_is_the_only_one_that_is_new() {
    let project = copy_of("demo.gpkg");
    let store = GeoPackageStore::open(&project).unwrap();
    let (first, seen) = (store.load().unwrap(), store.version().unwrap());
    run("ogrinfo", &["-q", project.to_str().unwrap(), "-sql", "UPDATE plants SET name = 'Another name' WHERE fid = 1"]);
    assert_ne!(store.version().unwrap(), seen);
    let second = store.load_again(&first).unwrap();
    assert_eq!(not_shared(&first, &second), [Layer::Plants]);
    assert!(Arc::ptr_eq(&first.nouns.probes, &second.nouns.probes));
    assert!(Arc::ptr_eq(&first.nouns.deposit_of_probe, &second.nouns.deposit_of_probe));
    assert_eq!(second.nouns.plants[0].name.as_deref(), Some("Another name"));
    assert!(second.data_version > first.data_version && second.version() != first.version());
    // The outlines of deposits decide where probes belong.
    run("ogrinfo", &["-q", project.to_str().unwrap(), "-sql", "DELETE FROM deposits WHERE fid = 1"]);
    let third = store.load_again(&second).unwrap();
    assert_eq!(not_shared(&second, &third), [Layer::Deposits]);
    assert!(Arc::ptr_eq(&second.nouns.probes, &third.nouns.probes));
    let loose = |picture: &Catalogue| picture.nouns.deposit_of_probe.iter().filter(|home| home.is_none()).count();
    assert!(loose(&third) > loose(&second));
}

#[test]
fn a_picture_with_a_changed_row_is_the_picture_read_anew() {
    let project = copy_of("demo.gpkg");
    let store = GeoPackageStore::open(&project).unwrap();
    let mut picture = store.load().unwrap();
    let seen = store.version().unwrap();
    for layer in
        [Layer::Deposits, Layer::Fields, Layer::Probes, Layer::Cores, Layer::Constraints, Layer::HaulNetwork, Layer::Plants]
    {
        let feature = picture.table(layer).feature(0);
        let steps = [
            (None, Change::Insert(feature.clone())),
            (Some(feature.id), Change::Replace(picture.table(layer).feature(1))),
            (Some(picture.table(layer).id(2)), Change::Delete),
        ];
        for (id, step) in steps {
            let changed = change(&store, layer, id, step);
            let next = picture.with(layer, &changed).unwrap().unwrap();
            assert_eq!(not_shared(&picture, &next), [layer]);
            picture = next;
        }
        let fresh = store.load().unwrap();
        assert_eq!(picture.version(), fresh.version(), "{layer}");
        // The nouns have no order of their own to hide behind.
        assert_eq!(format!("{:?}", picture.nouns), format!("{:?}", fresh.nouns), "{layer}");
    }
    assert_eq!(store.version().unwrap(), seen, "what was changed here need not be read again");
    assert_eq!(not_shared(&picture, &store.load_again(&picture).unwrap()), []);
}

#[test]
fn the_same_content_has_the_same_version_in_every_process() {
    let project = copy_of("demo.gpkg");
    let versions = |project: &std::path::Path| {
        let picture = GeoPackageStore::open(project).unwrap().load().unwrap();
        (Layer::ALL.iter().map(|layer| picture.table(*layer).version()).collect::<Vec<_>>(), picture.version())
    };
    let before = versions(&project);
    let replica = copy_of("demo.gpkg");
    assert_eq!(versions(&replica).0, before.0);
    assert_eq!(versions(&project), before);
    let store = GeoPackageStore::open(&project).unwrap();
    store.set_settings(&ProjectSettings { title: Some("Another title".into()), ..ProjectSettings::default() }).unwrap();
    let renamed = versions(&project);
    assert_eq!(renamed.0, before.0);
    assert_ne!(renamed.1, before.1, "the title is part of what the project says");
}

#[test]
fn what_one_reads_is_of_one_moment_while_another_writes() {
    let project = copy_of("demo.gpkg");
    let store = GeoPackageStore::open(&project).unwrap();
    let first = store.load().unwrap();
    let count = first.table(Layer::Probes).len();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let reader = GeoPackageStore::open(&project).unwrap();
            let (mut pictures, mut last) = (0, 0);
            while !done.load(Ordering::Relaxed) || pictures == 0 {
                let picture = reader.load_again(&first).unwrap();
                let now = picture.table(Layer::Probes).len() - count;
                // A probe first, then a plant that says how many: never more plants than probes, at most one probe ahead.
                let plants = picture.table(Layer::Plants).len() - first.table(Layer::Plants).len();
                assert!(now == plants || now == plants + 1, "{now} probes, {plants} plants");
                assert!(now >= last);
                (pictures, last) = (pictures + 1, now);
            }
            pictures
        });
        for _ in 0..40 {
            change(&store, Layer::Probes, None, Change::Insert(probe(40.7, 55.6, 1.0)));
            let mut plant = first.table(Layer::Plants).feature(0);
            plant.values[Layer::Plants.schema().index_of("name").unwrap()] = Value::Text("one more".into());
            change(&store, Layer::Plants, None, Change::Insert(plant));
        }
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
    });
    assert_eq!(store.load().unwrap().table(Layer::Probes).len(), count + 40);
}

#[test]
fn a_layer_of_many_parts_is_read_whole_and_in_order() {
    let project = copy_of("demo.gpkg");
    // Identifiers far apart: the table is read in parts, by several connections.
    run("ogrinfo", &["-q", project.to_str().unwrap(), "-sql", "UPDATE probes SET fid = fid * 1000003"]);
    let parts = GeoPackageStore::open(&project).unwrap().load().unwrap();
    let whole = GeoPackageStore::open(&copy_of("demo.gpkg")).unwrap().load().unwrap();
    let (parts, whole) = (parts.table(Layer::Probes), whole.table(Layer::Probes));
    assert_eq!(parts.len(), whole.len());
    for row in 0..parts.len() {
        let mut feature = whole.feature(row);
        feature.id *= 1_000_003;
        assert_eq!(parts.feature(row), feature);
    }
}
