//! Every form that a layer is written in, by the service and by `export`, read back by GDAL: the same features, the same kinds
//! of geometry at the same places, the same values.

use crate::support::files::{fresh_folder, run};
use crate::support::projects::{demo_folder, refuses, succeeds};
use crate::support::server::demo;
use peatplan::catalogue::{Catalogue, LayerTable};
use peatplan::model::{Feature, GeometryKind, Layer, Value as Stored};
use peatplan::store::{GeoPackageStore, Store};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use time::format_description::well_known::Rfc3339;

/// A centimetre in degrees, and a hair.
const NEAR: f64 = 1.1e-7;
/// What a text of a shapefile's table has room for.
const SHAPEFILE_BYTES: usize = 254;

fn project() -> Catalogue {
    GeoPackageStore::open(&demo_folder().join("demo.gpkg")).unwrap().load().unwrap()
}

/// What GDAL reads from a file, as GeoJSON.
fn read(source: &str, layer: Option<&str>, options: &[&str]) -> Vec<Value> {
    let copy = fresh_folder("read").join("copy.geojson");
    let mut arguments = vec!["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", "-preserve_fid", copy.to_str().unwrap(), source];
    arguments.extend(layer);
    arguments.extend(options);
    let said = run("ogr2ogr", &arguments);
    assert!(!said.contains("ERROR"), "{source}: {said}");
    let text = std::fs::read_to_string(&copy).unwrap();
    let Value::Object(mut read) = serde_json::from_str(&text).unwrap() else { panic!("{source}: {text}") };
    let Some(Value::Array(features)) = read.remove("features") else { panic!("{source}: {text}") };
    features
}

/// What GDAL reads from a file of a form.
fn read_form(path: &Path, form: &str, layer: Layer) -> Vec<Value> {
    let name = path.to_str().unwrap();
    let whole = |source: &str| read(source, None, &[]);
    match form {
        // Points have their places in two columns, other geometry in one.
        "csv" => read(
            name,
            None,
            &["-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude", "-oo", "GEOM_POSSIBLE_NAMES=WKT"]
                .into_iter()
                .chain(["-oo", "KEEP_GEOM_COLUMNS=NO"])
                .collect::<Vec<_>>(),
        ),
        "xlsx" => read(name, Some(layer.name()), &[]),
        "shp" if path.extension().is_some_and(|extension| extension == "zip") => {
            let archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
            let names: Vec<&str> = archive.file_names().collect();
            let tables = names.iter().filter_map(|part| part.strip_suffix(".dbf"));
            let table = |table: &str| {
                let shapes = format!("{table}.shp");
                let part = if names.contains(&shapes.as_str()) { shapes } else { format!("{table}.dbf") };
                whole(&format!("/vsizip/{name}/{part}"))
            };
            tables.flat_map(table).collect()
        }
        _ => whole(name),
    }
}

/// Lines and rings of a geometry, each a list of places.
fn lines(coordinates: &Value) -> Vec<Vec<(f64, f64)>> {
    let list = coordinates.as_array().unwrap();
    let place = |place: &Value| Some((place.get(0)?.as_f64()?, place.get(1)?.as_f64()?));
    if let Some(alone) = place(coordinates) {
        return vec![vec![alone]];
    }
    match list.iter().map(place).collect::<Option<Vec<_>>>() {
        Some(line) => vec![line],
        None => list.iter().flat_map(lines).collect(),
    }
}

fn same_line(one: &[(f64, f64)], other: &[(f64, f64)]) -> bool {
    let near = |(a, b): (&(f64, f64), &(f64, f64))| (a.0 - b.0).abs() <= NEAR && (a.1 - b.1).abs() <= NEAR;
    // Rings of a shapefile run the other way.
    one.len() == other.len() && (one.iter().zip(other).all(near) || one.iter().zip(other.iter().rev()).all(near))
}

fn check_geometry(about: &str, layer: Layer, form: &str, expected: &Feature, found: &Value) {
    let Some(expected) = &expected.geometry else {
        assert!(found.is_null(), "{about}: {found}");
        return;
    };
    let expected = serde_json::to_value(geojson::Geometry::from(expected)).unwrap();
    let kind = |geometry: &Value| geometry["type"].as_str().unwrap_or_default().to_owned();
    let single = |kind: String| kind.trim_start_matches("Multi").to_owned();
    assert_eq!(single(kind(found)), single(kind(&expected)), "{about}");
    let several = layer.schema().geometry.iter().filter(|kind| **kind != GeometryKind::None).count() > 1;
    if several && form != "shp" {
        assert_eq!(kind(found), kind(&expected), "{about}: each its own");
    } else if matches!(form, "fgb" | "gpkg") && kind(&expected) != "Point" {
        assert!(kind(found).starts_with("Multi"), "{about}: {}", kind(found));
    }
    let (expected, mut found) = (lines(&expected["coordinates"]), lines(&found["coordinates"]));
    assert_eq!(expected.len(), found.len(), "{about}");
    for line in expected {
        let place = found.iter().position(|other| same_line(&line, other));
        found.swap_remove(place.unwrap_or_else(|| panic!("{about}: a line of {} places is not there", line.len())));
    }
}

fn check_value(about: &str, form: &str, expected: &Stored, found: &Value) {
    let text = found.as_str().map_or_else(|| found.to_string(), ToOwned::to_owned);
    let number = found.as_f64().or_else(|| text.parse().ok());
    let same = match expected {
        Stored::Null => found.is_null() || text.is_empty(),
        Stored::Number(expected) => number.is_some_and(|found| (found - expected).abs() <= 1e-9 * expected.abs()),
        #[expect(clippy::cast_precision_loss, reason = "small")]
        Stored::Integer(expected) => number == Some(*expected as f64),
        Stored::Boolean(flag) => text == flag.to_string() || number == Some(f64::from(u8::from(*flag))),
        Stored::Text(expected) if form == "shp" && expected.len() > SHAPEFILE_BYTES => expected.starts_with(&text),
        Stored::Text(expected) if expected.starts_with('{') && found.is_object() => {
            // GDAL's writer of GeoJSON takes a text that looks like JSON for JSON.
            serde_json::from_str::<Value>(expected).is_ok_and(|expected| expected == *found)
        }
        Stored::Text(expected) => *expected == text,
        Stored::Date(day) => text.replace('/', "-").get(..10) == Some(day),
        Stored::Moment(moment) => {
            let same = |text: &str| time::OffsetDateTime::parse(text, &Rfc3339).is_ok_and(|found| found == *moment);
            same(&text) || same(&format!("{text}Z"))
        }
        Stored::Layers(layers) => {
            let expected = serde_json::to_value(layers).unwrap();
            match found {
                Value::String(text) if form == "shp" => expected.to_string().starts_with(text.as_str()),
                Value::String(text) => serde_json::from_str::<Value>(text).unwrap() == expected,
                other => *other == expected,
            }
        }
    };
    assert!(same, "{about}: {expected:?} is {found}");
}

fn check(table: &LayerTable, layer: Layer, form: &str, by: &str, found: &[Value]) {
    assert_eq!(found.len(), table.len(), "{layer} as {form} by {by}");
    let mut expected: BTreeMap<i64, Feature> = (0..table.len()).map(|row| (table.id(row), table.feature(row))).collect();
    for feature in found {
        let properties = feature["properties"].as_object().unwrap();
        let as_column = properties.get("id").map(|id| id.as_i64().or_else(|| id.as_str()?.parse().ok()).unwrap());
        let id = as_column
            .or_else(|| feature["id"].as_i64())
            .unwrap_or_else(|| panic!("{layer} as {form} by {by}: no number: {properties:?}"));
        let stored = expected.remove(&id).unwrap_or_else(|| panic!("{layer} as {form} by {by}: {id} twice or never"));
        let about = format!("{layer} {id} as {form} by {by}");
        if form != "xlsx" {
            check_geometry(&about, layer, form, &stored, &feature["geometry"]);
        }
        let mut columns = properties.iter().filter(|(name, _)| *name != "id");
        for (property, stored) in layer.schema().properties.iter().zip(&stored.values) {
            let name = &property.name;
            let value = if form == "shp" {
                // Its names are short and come one after the other.
                let (short, value) = columns.next().unwrap_or_else(|| panic!("{about}: {name} is missing"));
                let same = short.bytes().zip(name.bytes()).take(5).all(|(a, b)| a == b);
                assert!(same, "{about}: {short} stands for {name}");
                value
            } else {
                // Of these forms GDAL reads a value that is not there as unset.
                assert!(matches!(form, "fgb" | "xlsx") || properties.contains_key(name), "{about}: {name} is missing");
                properties.get(name).unwrap_or(&Value::Null)
            };
            check_value(&format!("{about}: {name}"), form, stored, value);
        }
    }
}

#[test]
fn every_form_of_every_layer_that_the_service_gives_is_read_back_as_it_is_stored() {
    let (project, folder) = (project(), fresh_folder("forms"));
    // GDAL opens no file of nothing; weather years have a test of their own.
    for layer in Layer::ALL.iter().filter(|layer| !project.table(**layer).is_empty()) {
        for (form, extension) in [
            ("fgb", "fgb"),
            ("gpkg", "gpkg"),
            ("shp", "zip"),
            ("csv", "csv"),
            ("geojsonseq", "geojsons"),
            ("xlsx", "xlsx"),
            ("geojson", "geojson"),
            ("jsonfg", "json"),
        ] {
            // A file is whole without a word; a page says how much it wants.
            let limit = if form.contains("json") && form != "geojsonseq" { "&limit=10000" } else { "" };
            let (_, bytes) = demo().bytes(&format!("/ogc/collections/{layer}/items?f={form}{limit}"));
            let path = folder.join(format!("{layer}.{extension}"));
            std::fs::write(&path, bytes).unwrap();
            check(project.table(*layer), *layer, form, "the service", &read_form(&path, form, *layer));
        }
    }
}

#[test]
fn every_form_of_every_layer_that_export_writes_is_read_back_as_it_is_stored() {
    let (project, folder) = (project(), fresh_folder("exports"));
    let file = demo_folder().join("demo.gpkg");
    // GDAL opens no file of nothing; weather years have a test of their own.
    for layer in Layer::ALL.iter().filter(|layer| !project.table(**layer).is_empty()) {
        for form in ["fgb", "gpkg", "shp", "csv", "geojsons", "geojson"] {
            let path = folder.join(format!("{layer}.{form}"));
            let arguments = ["export", layer.name(), path.to_str().unwrap(), "--project", file.to_str().unwrap()];
            // A shapefile has one kind of geometry: who wants several gets several from the service.
            let several = matches!(layer, Layer::ReserveStatements | Layer::Constraints | Layer::Consumers | Layer::Waters);
            if form == "shp" && several {
                let said = refuses(arguments);
                assert!(said.contains("shapefile") && said.contains("gpkg") && !path.exists(), "{said}");
                continue;
            }
            succeeds(arguments);
            check(project.table(*layer), *layer, form, "export", &read_form(&path, form, *layer));
        }
    }
}

#[test]
fn files_say_what_their_columns_and_their_geometry_are() {
    let (_, bytes) = demo().bytes("/ogc/collections/probes/items?f=gpkg&limit=3");
    let served = fresh_folder("typed").join("probes.gpkg");
    std::fs::write(&served, bytes).unwrap();
    let exported = fresh_folder("typed").join("probes.gpkg");
    let file = demo_folder().join("demo.gpkg");
    succeeds(["export", "probes", exported.to_str().unwrap(), "--project", file.to_str().unwrap()]);
    let stored = run("ogrinfo", &["-ro", "-so", file.to_str().unwrap(), "probes"]);
    let columns = |said: &str| {
        let lines = said.lines().filter(|line| line.contains(": ") && line.ends_with(')') && line.contains("(0.0)"));
        lines.map(|line| line.replace(" NOT NULL", "")).collect::<Vec<_>>()
    };
    for path in [served, exported] {
        let said = run("ogrinfo", &["-ro", "-so", path.to_str().unwrap(), "probes"]);
        assert!(said.contains("Geometry: Point\n") && said.contains("FID Column = fid"), "{said}");
        assert!(said.contains("date: Date (0.0)") && said.contains("censored: Integer(Boolean) (0.0)"), "{said}");
        assert!(!columns(&said).is_empty() && columns(&said) == columns(&stored), "{said}\n{stored}");
        let sql = "SELECT table_name, column_name, geometry_type_name FROM gpkg_geometry_columns";
        let registered = run("ogrinfo", &["-ro", "-q", path.to_str().unwrap(), "-sql", sql]);
        assert!(registered.contains("geometry_type_name (String) = POINT\n"), "{registered}");
        let sound = run("ogrinfo", &["-ro", "-q", path.to_str().unwrap(), "-sql", "PRAGMA integrity_check"]);
        assert!(sound.contains("= ok"), "{sound}");
        let found = run("ogrinfo", &["-ro", "-q", path.to_str().unwrap(), "probes", "-where", "date > '1900-01-01'", "-so"]);
        assert!(!found.contains("ERROR"), "{found}");
    }
    for (layer, kind) in [
        ("deposits", "Multi Polygon"),
        ("haul-network", "Multi Line String"),
        ("waters", "Unknown (any)"),
        ("reserve-statements", "None"),
    ] {
        let (_, bytes) = demo().bytes(&format!("/ogc/collections/{layer}/items?f=gpkg"));
        let path = fresh_folder("typed").join("layer.gpkg");
        std::fs::write(&path, bytes).unwrap();
        let said = run("ogrinfo", &["-ro", "-so", path.to_str().unwrap(), layer]);
        assert!(said.contains(&format!("Geometry: {kind}\n")), "{said}");
    }
    let (_, bytes) = demo().bytes("/ogc/collections/probes/items?f=shp&limit=3");
    let path = fresh_folder("typed").join("probes.zip");
    std::fs::write(&path, bytes).unwrap();
    let said = run("ogrinfo", &["-ro", "-so", "-al", &format!("/vsizip/{}", path.display())]);
    assert!(said.contains("date: Date (10.0)"), "{said}");
}

#[test]
fn the_sheet_of_features_is_a_table_for_programs_and_another_says_what_it_is() {
    let (_, bytes) = demo().bytes("/ogc/collections/probes/items?f=xlsx&lang=ru");
    let path = fresh_folder("sheet").join("probes.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let said = run("ogrinfo", &["-ro", "-so", path.to_str().unwrap(), "probes"]);
    assert!(said.contains("Feature Count: 5844\n"), "{said}");
    assert!(said.contains("id: Integer") && said.contains("depth_m: Real") && said.contains("date: Date"), "{said}");
    let about = run("ogrinfo", &["-ro", "-q", path.to_str().unwrap(), "о таблице"]);
    for word in ["Пункты зондирования", "depth_m", "вымышлены", "Строки с 1 по 5844 из 5844"]
    {
        assert!(about.contains(word), "{word}: {about}");
    }
}
