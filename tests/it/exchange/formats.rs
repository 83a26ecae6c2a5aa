//! Every format that is read, written first by GDAL's own programs from one source.

use crate::support::files::{fresh_folder, run};
use crate::support::projects::succeeds;
use peatplan::catalogue::Catalogue;
use peatplan::model::Layer;
use peatplan::store::{GeoPackageStore, Store};
use std::path::{Path, PathBuf};

const FIELDS: &str = r#"{"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"name":"Северное","status":"in_production","net_area":81.5},
  "geometry":{"type":"Polygon","coordinates":[[[40.60,55.60],[40.62,55.60],[40.62,55.61],[40.60,55.61],[40.60,55.60]]]}},
 {"type":"Feature","properties":{"name":"Южное","status":"prepared","net_area":12.25},
  "geometry":{"type":"Polygon","coordinates":[[[40.70,55.60],[40.73,55.60],[40.73,55.62],[40.70,55.60]]]}}]}"#;

fn load(project: &Path) -> Catalogue {
    GeoPackageStore::open(project).unwrap().load().unwrap()
}

fn source() -> PathBuf {
    let path = fresh_folder("source").join("source.geojson");
    std::fs::write(&path, FIELDS).unwrap();
    path
}

/// Converts the source with ogr2ogr and imports the result.
fn through(driver: &str, file: &str, conversion: &[&str], import: &[&str]) -> Catalogue {
    let folder = fresh_folder("format");
    let target = folder.join(file);
    let (source, target) = (source(), target.to_str().unwrap().to_owned());
    let mut arguments = vec!["-f", driver, &target, source.to_str().unwrap()];
    arguments.extend(conversion);
    run("ogr2ogr", &arguments);
    let project = folder.join("project.gpkg");
    let mut arguments = vec!["import", "fields", &target, "--project", project.to_str().unwrap()];
    arguments.extend(import);
    succeeds(arguments);
    load(&project)
}

fn check(catalogue: &Catalogue, tolerance: f64) {
    let table = catalogue.table(Layer::Fields);
    assert_eq!(table.len(), 2);
    // FlatGeobuf keeps rows in the order of its index.
    let named = |row: &usize| table.feature(*row).text(Layer::Fields, "name") == Some("Северное");
    let row = (0..2).find(named).expect("the name survives");
    let first = table.feature(row);
    assert_eq!(first.text(Layer::Fields, "status"), Some("in_production"));
    let [west, south, east, north] = table.bounds(row).unwrap();
    for (found, expected) in [(west, 40.60), (south, 55.60), (east, 40.62), (north, 55.61)] {
        assert!((found - expected).abs() < tolerance, "{found} {expected}");
    }
}

const MAP: [&str; 2] = ["--map", "net_area=net_area"];

#[test]
fn the_common_vector_formats_come_in_with_names_areas_and_places() {
    for (driver, file) in
        [("GPKG", "f.gpkg"), ("GeoJSON", "f.geojson"), ("FlatGeobuf", "f.fgb"), ("GML", "f.gml"), ("ESRI Shapefile", "f.shp")]
    {
        let encoding: &[&str] = if driver == "ESRI Shapefile" { &["-lco", "ENCODING=UTF-8"] } else { &[] };
        let catalogue = through(driver, file, encoding, &MAP);
        check(&catalogue, 1e-7);
        let areas: f64 = catalogue.nouns.fields.iter().filter_map(|field| field.net_area).map(|area| area.0).sum();
        assert!((areas - 93.75).abs() < 1e-9, "{driver}: {areas}");
    }
}

#[test]
fn kml_and_mapinfo_come_in() {
    check(&through("KML", "f.kml", &["-dsco", "NameField=name"], &["--map", "name=Name", "status=status"]), 1e-7);
    check(&through("MapInfo File", "f.tab", &["-lco", "ENCODING=CP1251"], &MAP), 1e-6);
}

#[test]
fn a_zipped_shapefile_comes_in() {
    let folder = fresh_folder("zip");
    let (shapefile, archive) = (folder.join("in/поля.shp"), folder.join("fields.zip"));
    std::fs::create_dir(folder.join("in")).unwrap();
    run("ogr2ogr", &["-lco", "ENCODING=UTF-8", shapefile.to_str().unwrap(), source().to_str().unwrap()]);
    run("zip", &["-r", "-q", archive.to_str().unwrap(), folder.join("in").to_str().unwrap()]);
    let project = folder.join("project.gpkg");
    succeeds(["import", "fields", archive.to_str().unwrap(), "--project", project.to_str().unwrap()]);
    check(&load(&project), 1e-7);
}

#[test]
fn any_system_that_proj_knows_is_brought_to_the_right_place() {
    // Pulkovo 1942, zone 7 by its code; the same by a local definition; UTM.
    let local = "PROJCS[\"Local Gus\",GEOGCS[\"Pulkovo 1942\",DATUM[\"Pulkovo_1942\",SPHEROID[\"Krassowsky 1940\",6378245,298.3],\
                 TOWGS84[23.57,-140.95,-79.8,0,0.35,0.79,-0.22]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],\
                 PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],PARAMETER[\"central_meridian\",40.5],\
                 PARAMETER[\"scale_factor\",1],PARAMETER[\"false_easting\",100000],PARAMETER[\"false_northing\",-6000000],\
                 UNIT[\"metre\",1]]";
    for system in ["EPSG:28407", "EPSG:32637", "EPSG:3857", local] {
        // The file says it itself.
        check(&through("GPKG", "f.gpkg", &["-t_srs", system], &MAP), 1e-6);
        // The file does not; the option does.
        check(&through("CSV", "f.csv", &["-t_srs", system, "-lco", "GEOMETRY=AS_WKT"], &["--crs", system]), 1e-6);
    }
}

#[test]
fn heights_are_dropped_and_said() {
    let folder = fresh_folder("height");
    let file = folder.join("probes.geojson");
    std::fs::write(
        &file,
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"depth_m":2.5},
            "geometry":{"type":"Point","coordinates":[40.6,55.6,123.4]}}]}"#,
    )
    .unwrap();
    let project = folder.join("project.gpkg");
    let said = succeeds(["import", "probes", file.to_str().unwrap(), "--project", project.to_str().unwrap()]);
    assert!(said.contains("heights dropped from 1 rows"), "{said}");
    let layer = run("ogrinfo", &["-so", project.to_str().unwrap(), "probes"]);
    assert!(layer.contains("Geometry: Point\n"), "{layer}");
}

#[test]
fn outlines_of_a_drawing_become_polygons() {
    let folder = fresh_folder("drawing");
    let (lines, drawing) = (folder.join("lines.geojson"), folder.join("outline.dxf"));
    std::fs::write(
        &lines,
        r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32637"}},"features":[
            {"type":"Feature","properties":{"Layer":"outline"},"geometry":{"type":"LineString","coordinates":
            [[600000,6160000],[604000,6160000],[604000,6163000],[600000,6163000],[600000,6160000]]}}]}"#,
    )
    .unwrap();
    run("ogr2ogr", &["-f", "DXF", drawing.to_str().unwrap(), lines.to_str().unwrap()]);
    let project = folder.join("project.gpkg");
    let (drawing, project) = (drawing.to_str().unwrap(), project.to_str().unwrap());
    succeeds(["import", "deposits", drawing, "--project", project, "--crs", "EPSG:32637", "--set", "name=Drawn"]);
    let catalogue = load(Path::new(project));
    let area = geo::Area::unsigned_area(&catalogue.nouns.deposits[0].outline);
    assert!((area - 12e6).abs() < 1.0, "{area}");
}

#[test]
fn statements_come_in_as_a_table_without_geometry() {
    let folder = fresh_folder("statements");
    let project = folder.join("project.gpkg");
    let table = folder.join("statements.csv");
    std::fs::write(&table, "deposit;category;balance_class;volume;year\nСеверное;C1;балансовые;1,5;1987\n").unwrap();
    let (table, project) = (table.to_str().unwrap(), project.to_str().unwrap());
    let said = succeeds([
        "import",
        "reserve-statements",
        table,
        "--project",
        project,
        "--map",
        "volume=volume",
        "--unit",
        "volume=million_m3",
    ]);
    assert!(said.contains("1 statements name a deposit that the project does not have"), "{said}");
    let row = load(Path::new(project)).table(Layer::ReserveStatements).feature(0);
    assert_eq!(row.number(Layer::ReserveStatements, "volume_m3"), Some(1_500_000.0));
    assert_eq!(row.text(Layer::ReserveStatements, "balance_class"), Some("balance"));
    assert_eq!(row.geometry, None);
}

/// Names with the bounds of their rows in millionths of a degree, in the order of the names.
fn places_by_name(table: &peatplan::catalogue::LayerTable) -> Vec<(String, Vec<String>)> {
    let place = |row: usize| {
        let name = table.feature(row).text(Layer::Fields, "name_ru").unwrap_or_default().to_owned();
        (name, table.bounds(row).unwrap().map(|degrees| format!("{degrees:.6}")).to_vec())
    };
    let mut places: Vec<_> = (0..table.len()).map(place).collect();
    places.sort();
    places
}

#[test]
fn an_exported_layer_comes_back_as_it_was() {
    let folder = fresh_folder("export");
    let demo = crate::support::projects::demo_folder().join("demo.gpkg");
    for extension in ["gpkg", "geojson", "fgb", "shp", "csv"] {
        let file = folder.join(format!("fields.{extension}"));
        let project = folder.join(format!("{extension}.gpkg"));
        let (file, project) = (file.to_str().unwrap(), project.to_str().unwrap());
        succeeds(["export", "fields", file, "--project", demo.to_str().unwrap()]);
        let mut import = vec!["import", "fields", file, "--project", project];
        if extension == "csv" {
            import.extend(["--crs", "EPSG:4326"]);
        }
        succeeds(import);
        let (before, after) = (load(&demo), load(Path::new(project)));
        let (before, after) = (before.table(Layer::Fields), after.table(Layer::Fields));
        assert_eq!(after.len(), before.len(), "{extension}");
        assert_eq!(places_by_name(after), places_by_name(before), "{extension}");
    }
    let again = crate::support::projects::refuses([
        "export",
        "fields",
        folder.join("fields.gpkg").to_str().unwrap(),
        "--project",
        demo.to_str().unwrap(),
    ]);
    assert!(again.contains("exists already"), "nothing is overwritten: {again}");
}

#[test]
fn a_file_that_is_not_made_is_refused_before_anything_is_done() {
    let nowhere = "there-is-no-project.gpkg";
    let folder = fresh_folder("refused");
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let archive = crate::support::projects::refuses(["export", "--tiles", &file("x.mbtiles"), "--project", nowhere]);
    assert!(archive.contains("x.mbtiles") && archive.contains(".pmtiles"), "{archive}");
    let layer = crate::support::projects::refuses(["export", "probes", &file("x.kml"), "--project", nowhere]);
    assert!(layer.contains(".kml") && layer.contains("gpkg, geojson"), "{layer}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}
