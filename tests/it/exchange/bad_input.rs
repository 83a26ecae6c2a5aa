//! Bad files get a clear word, and nothing is lost.

use crate::support::files::{file, fresh_folder, run};
use crate::support::projects::{copy_of, peatplan, refuses, succeeds};
use std::fs::File;
use std::path::{Path, PathBuf};

fn refused(layer: &str, source: &Path, options: &[&str]) -> String {
    let project = fresh_folder("refused").join("project.gpkg");
    let mut arguments = vec!["import", layer, source.to_str().unwrap(), "--project", project.to_str().unwrap()];
    arguments.extend(options);
    let said = refuses(arguments);
    assert!(!project.exists(), "a project made for a failed import is gone again");
    said
}

fn says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "{word:?} is missing: {said}");
    }
}

fn probes(geometry: &str) -> PathBuf {
    let feature = format!(r#"{{"type":"Feature","properties":{{"depth_m":1}},"geometry":{geometry}}}"#);
    file("probes.geojson", format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#))
}

#[test]
fn the_four_broken_archives_are_refused_with_their_reason() {
    let archive = |name: &str| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bad-uploads")).join(name);
    says(&refused("deposits", &archive("csv_only.zip"), &["--set", "name=x"]), &["no .shp", "csv_only.csv"]);
    says(&refused("deposits", &archive("invalid_shp.zip"), &["--set", "name=x"]), &["0 bytes", "no shapes"]);
    says(&refused("deposits", &archive("shp_no_proj_file.zip"), &["--set", "name=x"]), &["coordinate system", "--crs"]);
    // Its shapefile is sound; what is broken is the table beside it.
    let folder = fresh_folder("invalid_csv");
    run("unzip", &["-q", archive("invalid_csv.zip").to_str().unwrap(), "-d", folder.to_str().unwrap()]);
    let table = folder.join("invalid_csv/invalid_csv.csv");
    says(&refused("probes", &table, &["--crs", "EPSG:25832"]), &["coordinates"]);
    let project = folder.join("project.gpkg");
    succeeds([
        "import",
        "deposits",
        archive("invalid_csv.zip").to_str().unwrap(),
        "--project",
        project.to_str().unwrap(),
        "--set",
        "name=x",
    ]);
}

#[test]
fn a_file_that_does_not_say_its_system_needs_one() {
    let table = file("probes.csv", "x,y,depth_m\n600000,6160000,1\n");
    says(&refused("probes", &table, &[]), &["does not say its coordinate system", "--crs EPSG:28407"]);
    says(&refused("probes", &table, &["--crs", "EPSG:999999"]), &["not known"]);
    says(&refused("probes", &table, &["--crs", "+proj=utm"]), &["not accepted"]);
}

#[test]
fn unknown_layers_fields_and_units_are_listed() {
    let table = file("probes.csv", "lon,lat,depth\n40,55,1\n");
    let usage = peatplan(["import", "moons", table.to_str().unwrap()]);
    assert_eq!(usage.status.code(), Some(2));
    says(&String::from_utf8_lossy(&usage.stderr), &["moons", "deposits, fields, probes"]);
    says(&refused("probes", &table, &[]), &["needs depth_m", "--map depth_m=FIELD", "lon, lat, depth"]);
    says(&refused("probes", &table, &["--map", "depth=tiefe"]), &["no field \"tiefe\"", "lon, lat, depth"]);
    says(&refused("probes", &table, &["--map", "weight=depth"]), &["no property \"weight\"", "depth_m"]);
    says(&refused("probes", &table, &["--map", "depth=depth", "--unit", "depth=fathom"]), &["fathom", "cm"]);
    says(&refused("probes", &table, &["--map", "depth=depth", "--unit", "method=cm"]), &["has no unit"]);
    says(&refused("probes", &table, &["--map", "depth"]), &["PROPERTY=VALUE"]);
    says(&refused("probes", &table, &["--map", "depth=depth", "--set", "method=divining"]), &["divining", "auger"]);
    says(&refused("probes", &table, &["--map", "depth=depth", "--encoding", "klingon"]), &["klingon", "CP1251"]);
    let package = fresh_folder("layers").join("two.gpkg");
    run(
        "ogr2ogr",
        &[package.to_str().unwrap(), probes(r#"{"type":"Point","coordinates":[40,55]}"#).to_str().unwrap(), "-nln", "a"],
    );
    run(
        "ogr2ogr",
        &[
            "-update",
            package.to_str().unwrap(),
            probes(r#"{"type":"Point","coordinates":[40,55]}"#).to_str().unwrap(),
            "-nln",
            "b",
        ],
    );
    says(&refused("probes", &package, &[]), &["several layers", "--source-layer", "a, b"]);
    says(&refused("probes", &package, &["--source-layer", "c"]), &["no layer \"c\"", "a, b"]);
}

#[test]
fn wrong_geometry_is_refused_by_row() {
    let line = probes(r#"{"type":"LineString","coordinates":[[40,55],[41,55]]}"#);
    says(&refused("probes", &line, &[]), &["row 1", "holds point", "is a line", "1 of 1 rows"]);
    says(&refused("deposits", &line, &["--set", "name=x"]), &["not closed"]);
    says(&refused("probes", &probes("null"), &[]), &["row 1", "no geometry"]);
    let points = probes(r#"{"type":"MultiPoint","coordinates":[[40,55],[41,55]]}"#);
    says(&refused("probes", &points, &[]), &["group of points"]);
    let flat = probes(r#"{"type":"Polygon","coordinates":[[[40,55],[41,55],[40,55],[40,55]]]}"#);
    says(&refused("deposits", &flat, &["--set", "name=x"]), &["row 1"]);
}

#[test]
fn empty_files_folders_and_missing_ones_are_told_apart() {
    says(&refused("probes", &file("empty.csv", ""), &[]), &["is empty"]);
    says(&refused("probes", &file("empty.geojson", ""), &[]), &["is empty"]);
    says(&refused("probes", &file("none.geojson", r#"{"type":"FeatureCollection","features":[]}"#), &[]), &["empty"]);
    says(&refused("probes", &file("header.csv", "lon,lat,depth_m\n"), &[]), &["no rows"]);
    says(&refused("probes", &fresh_folder("folder"), &[]), &["is a folder"]);
    says(&refused("probes", Path::new("/no/such/file.csv"), &[]), &["cannot be read"]);
    says(&refused("probes", &file("noise.gpkg", [7_u8; 4_096]), &[]), &["cannot be read as a vector file of kind .gpkg"]);
    says(&refused("probes", &file("noise.doc", "x"), &[]), &["files of kind .doc are not read", "geojson"]);
    says(&refused("probes", &file("noise.zip", [7_u8; 4_096]), &[]), &["no readable zip"]);
    says(&refused("probes", &file("noise.csv", [0_u8; 4_096]), &[]), &["no text"]);
}

#[test]
fn virtual_paths_and_connection_strings_are_no_files() {
    for path in [
        "/vsicurl/http://127.0.0.1:9/x.geojson",
        "/vsizip//tmp/x.zip",
        "/VSIMEM/x",
        "PG:dbname=x",
        "http://127.0.0.1:9/x.geojson",
    ] {
        let said = refused("probes", Path::new(path), &[]);
        assert!(said.contains("virtual file systems") || said.contains("cannot be read"), "{said}");
    }
}

#[test]
fn depths_that_cannot_be_are_refused_and_the_good_rows_kept_on_request() {
    let table = file(
        "probes.csv",
        "lon,lat,depth_m\n40.6,55.6,2\n40.6,55.61,-1\n40.6,55.62,250\n40.6,55.63,deep\n40.6,55.64,\n40.6,55.65,NaN\n40.6,55.66,inf\n",
    );
    let said = refused("probes", &table, &[]);
    says(
        &said,
        &[
            "row 2: depth_m = -1 m lies outside 0 to 30 m",
            "row 3",
            "row 4: depth_m = \"deep\" is no number",
            "row 5: depth_m is missing",
        ],
    );
    says(&said, &["row 6", "row 7", "6 of 7 rows were refused", "--on-error skip"]);
    let project = fresh_folder("skip").join("project.gpkg");
    let arguments = ["import", "probes", table.to_str().unwrap(), "--project", project.to_str().unwrap(), "--on-error", "skip"];
    let said = succeeds(arguments);
    says(&said, &["1 of 7 rows imported", "refused: 6", "row 2: depth_m = -1"]);
}

#[test]
fn coordinates_that_are_no_place_are_refused_by_row() {
    let table = file("probes.csv", "lon,lat,depth_m\nNaN,55.6,1\ninf,55.6,1\n40,155,1\n640000,6160000,1\nhere,there,1\n,,1\n");
    let said = refused("probes", &table, &[]);
    says(
        &said,
        &[
            "row 1",
            "row 2",
            "row 3",
            "row 4",
            "lies outside",
            "row 5: coordinates \"here\", \"there\" are no numbers",
            "row 6: the row has no geometry",
        ],
    );
    let infinite = probes(r#"{"type":"Point","coordinates":[1e999,55]}"#);
    refused("probes", &infinite, &[]);
    let utm = file("utm.csv", "x,y,depth_m\n1e30,1e30,1\n");
    says(&refused("probes", &utm, &["--crs", "EPSG:32637"]), &["row 1", "lies outside"]);
}

#[test]
fn a_polygon_that_crosses_itself_is_repaired_and_reported() {
    let bow = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Bow"},
        "geometry":{"type":"Polygon","coordinates":[[[40,55],[41,56],[41,55],[40,56],[40,55]]]}}]}"#;
    let project = fresh_folder("bow").join("project.gpkg");
    let source = file("bow.geojson", bow);
    let said = succeeds(["import", "deposits", source.to_str().unwrap(), "--project", project.to_str().unwrap()]);
    says(&said, &["repaired: 1", "row 1", "2 part(s)"]);
    let valid = run(
        "ogrinfo",
        &["-q", project.to_str().unwrap(), "-dialect", "SQLITE", "-sql", "SELECT ST_IsValid(geom) AS valid FROM deposits"],
    );
    says(&valid, &["valid (Integer) = 1"]);
}

#[test]
fn two_gigabytes_of_garbage_are_refused_without_being_swallowed() {
    let path = fresh_folder("garbage").join("garbage.csv");
    let garbage = File::create(&path).unwrap();
    std::io::Write::write_all(&mut &garbage, b"lon,lat,depth_m\n40,55,1\n").unwrap();
    // The rest is a hole in the file: one line of 2 GB of zeros, no disk.
    garbage.set_len(2_000_000_000).unwrap();
    says(&refused("probes", &path, &[]), &["no text"]);
    let path = fresh_folder("garbage").join("garbage.gpkg");
    File::create(&path).unwrap().set_len(2_000_000_000).unwrap();
    says(&refused("probes", &path, &[]), &["cannot be read as a vector file"]);
    let path = fresh_folder("garbage").join("line.csv");
    std::fs::write(&path, format!("lon,lat,depth_m\n40,55,{}\n", "1".repeat(8_000_000))).unwrap();
    says(&refused("probes", &path, &[]), &["a line is longer"]);
    let path = fresh_folder("garbage").join("huge.csv");
    File::create(&path).unwrap().set_len(5_000_000_000).unwrap();
    says(&refused("probes", &path, &[]), &["5000 MB", "at most 4000 MB"]);
}

#[test]
fn columns_that_surveyors_name_the_other_way_round_are_not_swapped_in_silence() {
    let table = file("probes.csv", "X;Y;depth_m\n6170000;7600000;2,5\n");
    says(&refused("probes", &table, &["--crs", "EPSG:28407"]), &["row 1", "surveyors", "--map x=Y y=X"]);
    let project = fresh_folder("swapped").join("project.gpkg");
    succeeds([
        "import",
        "probes",
        table.to_str().unwrap(),
        "--project",
        project.to_str().unwrap(),
        "--crs",
        "EPSG:28407",
        "--map",
        "x=Y",
        "y=X",
    ]);
}

#[test]
fn a_row_with_too_many_cells_is_not_shifted() {
    let table = file("probes.csv", "depth_m,lon,lat\n2,5,40.5,55.5\n2,40.5,55.5\n");
    says(&refused("probes", &table, &[]), &["row 1: the row has 4 cells and the header 3", "decimal comma"]);
}

#[test]
fn a_file_that_breaks_off_is_not_taken_as_whole() {
    let folder = fresh_folder("broken");
    let demo = crate::support::projects::demo_folder().join("demo.gpkg");
    let whole = folder.join("whole.fgb");
    succeeds(["export", "probes", whole.to_str().unwrap(), "--project", demo.to_str().unwrap()]);
    let bytes = std::fs::read(&whole).unwrap();
    let half = folder.join("half.fgb");
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    says(&refused("probes", &half, &[]), &["damaged"]);
}

#[test]
fn closed_lines_that_cross_themselves_are_repaired_too() {
    let bow = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Bow"},
        "geometry":{"type":"LineString","coordinates":[[40,55],[41,56],[41,55],[40,56],[40,55]]}}]}"#;
    let project = fresh_folder("bow").join("project.gpkg");
    let said =
        succeeds(["import", "deposits", file("bow.geojson", bow).to_str().unwrap(), "--project", project.to_str().unwrap()]);
    says(&said, &["repaired: 1"]);
}

#[test]
fn curves_say_how_to_be_read_and_surfaces_are_read() {
    let curve = file("wkt.csv", "WKT;name\nCURVEPOLYGON(CIRCULARSTRING(40 55, 41 56, 42 55, 41 54, 40 55));Round\n");
    says(&refused("deposits", &curve, &["--crs", "EPSG:4326"]), &["CURVEPOLYGON", "CONVERT_TO_LINEAR"]);
    let surface = file("wkt.csv", "WKT;name\nMULTISURFACE(((40 55, 41 55, 41 56, 40 55)));Flat\n");
    let project = fresh_folder("surface").join("project.gpkg");
    succeeds(["import", "deposits", surface.to_str().unwrap(), "--project", project.to_str().unwrap(), "--crs", "EPSG:4326"]);
}

#[test]
fn an_import_leaves_nothing_in_the_users_folder() {
    let folder = fresh_folder("tidy");
    let source = folder.join("probes.gml");
    run(
        "ogr2ogr",
        &["-f", "GML", source.to_str().unwrap(), probes(r#"{"type":"Point","coordinates":[40,55]}"#).to_str().unwrap()],
    );
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let project = fresh_folder("tidy-project").join("project.gpkg");
    succeeds(["import", "probes", source.to_str().unwrap(), "--project", project.to_str().unwrap()]);
    assert_eq!(names(), before);
}

#[test]
fn a_shapefile_cannot_hold_several_kinds() {
    let demo = crate::support::projects::demo_folder().join("demo.gpkg");
    let target = fresh_folder("mixed").join("constraints.shp");
    let said = refuses(["export", "constraints", target.to_str().unwrap(), "--project", demo.to_str().unwrap()]);
    says(&said, &["several kinds", "gpkg"]);
    assert!(!target.with_extension("dbf").exists());
}

#[test]
fn files_that_are_no_project_are_left_alone() {
    let table = file("probes.csv", "lon,lat,depth_m\n40.6,55.6,2\n");
    let foreign = fresh_folder("foreign").join("foreign.gpkg");
    run("ogr2ogr", &[foreign.to_str().unwrap(), probes(r#"{"type":"Point","coordinates":[40,55]}"#).to_str().unwrap()]);
    for project in [foreign, file("text.gpkg", "not a database"), file("tiny.gpkg", "")] {
        let before = std::fs::read(&project).unwrap();
        let said = refuses(["import", "probes", table.to_str().unwrap(), "--project", project.to_str().unwrap()]);
        says(&said, &["is not a peatplan project"]);
        assert_eq!(std::fs::read(&project).unwrap(), before);
    }
    says(&refuses(["estimate", "1", "--project", "/no/such.gpkg"]), &["does not exist", "peatplan import"]);
    says(&refuses(["serve", "--project", "/no/such.gpkg"]), &["does not exist"]);
}

#[test]
fn a_refused_import_leaves_the_project_as_it_was() {
    let project = copy_of("demo.gpkg");
    let before = succeeds(["project", "--project", project.to_str().unwrap()]);
    let table = file("probes.csv", "lon,lat,depth_m\n40.6,55.6,2\n40.6,55.61,-1\n");
    for extra in [&[][..], &["--replace"][..]] {
        refuses(["import", "probes", table.to_str().unwrap(), "--project", project.to_str().unwrap()].iter().chain(extra));
        assert_eq!(succeeds(["project", "--project", project.to_str().unwrap()]), before);
    }
}

#[test]
fn a_working_system_that_is_not_metric_is_refused() {
    let project = copy_of("demo.gpkg");
    let table = file("probes.csv", "lon,lat,depth_m\n40.6,55.6,2\n");
    for system in ["EPSG:4326", "EPSG:3857"] {
        let import =
            ["import", "probes", table.to_str().unwrap(), "--project", project.to_str().unwrap(), "--working-crs", system];
        says(&refuses(import), &["metres"]);
        says(&refuses(["project", "--project", project.to_str().unwrap(), "--working-crs", system]), &["metres"]);
    }
}
