//! Rows that are changed one by one: durable, seen by other programs, and never by halves.

use crate::support::files::{fresh_folder, run};
use crate::support::projects::copy_of;
use peatplan::catalogue::fingerprint_of;
use peatplan::crs::Crs;
use peatplan::model::{Feature, FeatureId, Layer, Value};
use peatplan::store::{Change, Changed, GeoPackageStore, ProjectSettings, Store, StoreError};
use std::path::Path;

pub fn probe(longitude: f64, latitude: f64, depth: f64) -> Feature {
    row(Layer::Probes, geo::Point::new(longitude, latitude).into(), &[("depth_m", Value::Number(depth))])
}

fn row(layer: Layer, geometry: geo::Geometry, values: &[(&str, Value)]) -> Feature {
    let mut all = vec![Value::Null; layer.schema().properties.len()];
    for (name, value) in values {
        all[layer.schema().index_of(name).unwrap()] = value.clone();
    }
    Feature { id: 0, geometry: Some(geometry), values: all }
}

pub fn change(store: &GeoPackageStore, layer: Layer, id: Option<FeatureId>, change: Change) -> Changed {
    let mut change = Some(change);
    store.change(layer, id, &mut |_| change.take()).unwrap().changed.unwrap()
}

fn sql(project: &Path, sql: &str) -> String {
    run("ogrinfo", &["-ro", "-q", project.to_str().unwrap(), "-sql", sql])
}

/// What the file says of a layer's extent is what its rows have, and the spatial index has each row.
fn assert_extent_and_index_are_right(project: &Path, layer: Layer) {
    let table = layer.table();
    let said = sql(
        project,
        &format!("SELECT min_x AS a, min_y AS b, max_x AS c, max_y AS d FROM gpkg_contents WHERE table_name = '{table}'"),
    );
    let measured = sql(
        project,
        &format!(
            "SELECT min(ST_MinX(geom)) AS a, min(ST_MinY(geom)) AS b, max(ST_MaxX(geom)) AS c, max(ST_MaxY(geom)) AS d FROM \"{table}\""
        ),
    );
    let numbers = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.contains("(Real) = ")).map(|line| line.trim().to_owned()).collect()
    };
    assert_eq!(numbers(&said), numbers(&measured), "{said}{measured}");
    assert_eq!(numbers(&said).len(), 4, "{said}");
    let lost = sql(
        project,
        &format!(
            "SELECT count(*) AS n FROM \"{table}\" t LEFT JOIN \"rtree_{table}_geom\" r ON t.fid = r.id WHERE (t.geom IS NULL) <> (r.id IS NULL)
               OR r.minx > ST_MinX(t.geom) OR r.maxx < ST_MaxX(t.geom) OR r.miny > ST_MinY(t.geom) OR r.maxy < ST_MaxY(t.geom)"
        ),
    );
    assert!(lost.contains("n (Integer) = 0"), "{lost}");
    let stale =
        sql(project, &format!("SELECT count(*) AS n FROM \"rtree_{table}_geom\" WHERE id NOT IN (SELECT fid FROM \"{table}\")"));
    assert!(stale.contains("n (Integer) = 0"), "{stale}");
}

#[test]
fn a_change_is_there_after_a_restart_and_in_another_program() {
    let project = copy_of("demo.gpkg");
    let store = GeoPackageStore::open(&project).unwrap();
    let before = store.load().unwrap();
    let count = before.table(Layer::Probes).len();
    let id = change(&store, Layer::Probes, None, Change::Insert(probe(41.9, 56.1, 3.25))).id();
    // Deeper into the old extent, and back over its border: both ways of keeping it.
    for (place, depth) in [((40.7, 55.6), 2.5), ((39.9, 55.1), 2.75)] {
        let changed = change(&store, Layer::Probes, Some(id), Change::Replace(probe(place.0, place.1, depth)));
        assert_eq!(changed.id(), id);
        assert_extent_and_index_are_right(&project, Layer::Probes);
    }
    let near = run(
        "ogrinfo",
        &["-ro", "-al", "-geom=NO", project.to_str().unwrap(), "probes", "-spat", "39.89", "55.09", "39.91", "55.11"],
    );
    assert!(near.contains("Feature Count: 1") && near.contains("depth_m (Real) = 2.75"), "{near}");
    drop(store);
    let store = GeoPackageStore::open(&project).unwrap();
    let table = store.load().unwrap();
    let table = table.table(Layer::Probes);
    assert_eq!(table.len(), count + 1);
    assert_eq!(table.feature(table.row_of(id).unwrap()).number(Layer::Probes, "depth_m"), Some(2.75));

    assert_eq!(change(&store, Layer::Probes, Some(id), Change::Delete), Changed::Deleted(id));
    assert_extent_and_index_are_right(&project, Layer::Probes);
    let after = store.load().unwrap();
    assert_eq!(after.table(Layer::Probes).version(), before.table(Layer::Probes).version(), "all is as it was");
    assert_eq!(after.table(Layer::Probes).extent(), before.table(Layer::Probes).extent());
    let journal = sql(&project, "SELECT layer, row_id, what FROM peatplan_changes ORDER BY fid");
    let what: Vec<&str> = journal.lines().filter_map(|line| line.split("what (String) = ").nth(1)).collect();
    assert_eq!(what, ["inserted", "replaced", "replaced", "deleted"], "{journal}");
    let listed = run("ogrinfo", &["-ro", "-q", project.to_str().unwrap()]);
    assert!(listed.contains("peatplan_changes"), "{listed}");
}

#[test]
fn what_is_read_back_is_what_was_written() {
    let store = GeoPackageStore::open(&copy_of("demo.gpkg")).unwrap();
    let square = geo::Rect::new((40.1, 55.1), (40.2, 55.2)).to_polygon();
    let named = [("name", Value::Text("Новое \"болото\"".into()))];
    let single = row(Layer::Deposits, square.clone().into(), &named);
    let Changed::Inserted(read) = change(&store, Layer::Deposits, None, Change::Insert(single.clone())) else {
        panic!("inserted")
    };
    assert_eq!(read.geometry, Some(geo::MultiPolygon::new(vec![square]).into()), "the table's type is multi-part");
    assert_eq!(read.values, single.values);
    let picture = store.load().unwrap();
    let table = picture.table(Layer::Deposits);
    assert_eq!(table.fingerprint(table.row_of(read.id).unwrap()), fingerprint_of(&read));
    // Every row of every layer can be put back as it is.
    for layer in Layer::ALL {
        let table = picture.table(*layer);
        for row in (0..table.len()).step_by(table.len() / 20 + 1) {
            let feature = table.feature(row);
            let changed = change(&store, *layer, Some(feature.id), Change::Replace(feature.clone()));
            assert_eq!(changed, Changed::Replaced(feature));
        }
    }
    assert_eq!(store.load().unwrap().version(), picture.version());
}

#[test]
fn what_would_be_read_back_otherwise_is_not_written() {
    let store = GeoPackageStore::open(&copy_of("demo.gpkg")).unwrap();
    let before = store.load().unwrap().version();
    // Nobody may hand the store such a row; if somebody does, it is not kept as something else.
    let mut insert = Some(Change::Insert(probe(41.0, 55.5, -3.0)));
    let refused = store.change(Layer::Probes, None, &mut |_| insert.take());
    assert!(matches!(refused, Err(StoreError::NotKept { layer: Layer::Probes })), "{refused:?}");
    let mut delete = Some(Change::Delete);
    let refused = store.change(Layer::Probes, Some(1_000_000), &mut |now| {
        assert!(now.is_none());
        delete.take()
    });
    assert!(matches!(refused, Err(StoreError::NoRow { id: 1_000_000, .. })), "{refused:?}");
    assert_eq!(store.load().unwrap().version(), before);
}

#[test]
fn a_row_that_would_take_the_working_system_out_of_its_zone_is_refused() {
    let store = GeoPackageStore::create(&fresh_folder("zone").join("project.gpkg")).unwrap();
    change(&store, Layer::Probes, None, Change::Insert(probe(40.7, 55.6, 1.0)));
    let zone = Crs::parse("EPSG:32637").unwrap();
    store.set_settings(&ProjectSettings { working_crs: Some(zone), ..ProjectSettings::default() }).unwrap();
    let before = store.load().unwrap().version();
    let mut insert = Some(Change::Insert(probe(-170.0, -60.0, 1.0)));
    let refused = store.change(Layer::Probes, None, &mut |_| insert.take());
    assert!(matches!(refused, Err(StoreError::Crs(_))), "{refused:?}");
    assert_eq!(store.load().unwrap().version(), before, "else the project could not be opened again");
}

#[test]
fn an_identifier_is_never_given_twice() {
    let store = GeoPackageStore::open(&copy_of("demo.gpkg")).unwrap();
    let insert = || change(&store, Layer::Probes, None, Change::Insert(probe(40.7, 55.6, 1.0))).id();
    let first = insert();
    change(&store, Layer::Probes, Some(first), Change::Delete);
    assert!(insert() > first);
}

#[test]
fn a_change_that_is_not_decided_or_breaks_off_leaves_nothing() {
    let project = copy_of("demo.gpkg");
    let store = GeoPackageStore::open(&project).unwrap();
    let (before, version) = (store.load().unwrap().version(), store.version().unwrap());
    let outcome = store
        .change(Layer::Probes, Some(1), &mut |now| {
            assert_eq!(now.unwrap().id, 1);
            None
        })
        .unwrap();
    assert_eq!((outcome.changed, outcome.version), (None, version));
    let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.change(Layer::Probes, Some(1), &mut |_| panic!("broken"))
    }));
    assert!(broken.is_err());
    // A writer that ends within its transaction: the rows it has written are gone with it.
    let mut import = store.begin_import(Layer::Probes, true).unwrap();
    import.add(&probe(40.7, 55.6, 1.0)).unwrap();
    drop(import);
    assert_eq!(store.load().unwrap().version(), before);
    change(&store, Layer::Probes, Some(1), Change::Delete);
}

#[test]
fn another_program_that_writes_makes_a_change_wait_and_then_give_up() {
    let project = copy_of("demo.gpkg");
    let store = GeoPackageStore::open(&project).unwrap();
    let other = GeoPackageStore::open(&project).unwrap();
    let import = other.begin_import(Layer::Plants, false).unwrap();
    let mut asked = false;
    let busy = store.change(Layer::Probes, Some(1), &mut |_| {
        asked = true;
        Some(Change::Delete)
    });
    assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
    assert!(!asked, "nothing was decided on a row that may be changing");
    drop(import);
    change(&store, Layer::Probes, Some(1), Change::Delete);
}

#[test]
fn of_writers_at_once_each_sees_what_the_one_before_has_done() {
    const WRITERS: u32 = 4;
    const EACH: u32 = 10;
    let project = copy_of("demo.gpkg");
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                // Two processes' worth of connections: each store has its own.
                let store = GeoPackageStore::open(&project).unwrap();
                for _ in 0..EACH {
                    let outcome = store.change(Layer::Probes, Some(1), &mut |now| {
                        let mut row = now.unwrap().clone();
                        let code = Layer::Probes.schema().index_of("code").unwrap();
                        let count = row.text(Layer::Probes, "code").and_then(|text| text.parse().ok()).unwrap_or(0_u32);
                        row.values[code] = Value::Text((count + 1).to_string());
                        Some(Change::Replace(row))
                    });
                    outcome.unwrap();
                }
            });
        }
    });
    let picture = GeoPackageStore::open(&project).unwrap().load().unwrap();
    let row = picture.table(Layer::Probes).feature(0);
    assert_eq!(row.text(Layer::Probes, "code"), Some((WRITERS * EACH).to_string().as_str()), "no change was lost");
}

#[test]
fn a_file_made_before_there_was_a_journal_opens_and_gets_it_with_its_first_change() {
    let project = copy_of("demo.gpkg");
    let name = project.to_str().unwrap();
    for old in [
        "DROP TABLE peatplan_changes",
        "DELETE FROM gpkg_contents WHERE table_name = 'peatplan_changes'",
        "ALTER TABLE probes DROP COLUMN surface_elevation_m",
    ] {
        run("ogrinfo", &["-q", name, "-sql", old]);
    }
    let store = GeoPackageStore::open(&project).unwrap();
    assert!(!run("ogrinfo", &["-ro", "-q", name]).contains("peatplan_changes"));
    let mut with_elevation = probe(40.7, 55.6, 1.0);
    with_elevation.values[Layer::Probes.schema().index_of("surface_elevation_m").unwrap()] = Value::Number(118.0);
    change(&store, Layer::Probes, None, Change::Insert(with_elevation));
    assert!(run("ogrinfo", &["-ro", "-q", name]).contains("peatplan_changes"));
    assert_extent_and_index_are_right(&project, Layer::Probes);
}

#[test]
fn a_change_elsewhere_leaves_the_working_system_as_the_data_have_chosen_it() {
    let store = GeoPackageStore::create(&fresh_folder("chosen").join("project.gpkg")).unwrap();
    let insert = |x: f64, y: f64| {
        store.change(Layer::Probes, None, &mut |_| Some(Change::Insert(probe(x, y, 1.0)))).unwrap().project.working_crs
    };
    assert_eq!(insert(10.9, 63.1).definition(), "EPSG:32632", "the first one chooses");
    assert_eq!(insert(40.6, 55.6).definition(), "EPSG:32632");
    assert_eq!(store.load().unwrap().project.working_crs.definition(), "EPSG:32632");
}
