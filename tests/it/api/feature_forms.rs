//! Features in other programs' forms: each is opened by GDAL, which did not write the text ones.

use crate::support::files::{fresh_folder, run};
use crate::support::projects::copy_of;
use crate::support::server::{Server, demo};
use peatplan::config::Config;
use peatplan::model::{Layer, Value as Stored};
use peatplan::store::{Change, GeoPackageStore, Store};
use serde_json::Value;
use std::path::PathBuf;

/// A page as a file.
fn downloaded(address: &str, name: &str) -> PathBuf {
    let (_, bytes) = demo().bytes(address);
    let path = fresh_folder("form").join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn summary(path: &str) -> String {
    run("ogrinfo", &["-ro", "-so", "-al", path])
}

#[test]
fn gdal_opens_every_form_and_counts_the_same_features() {
    for (form, name, layer, open) in [
        ("gpkg", "page.gpkg", "constraints", ""),
        ("fgb", "page.fgb", "fields", ""),
        ("fgb", "points.fgb", "probes", ""),
        ("csv", "page.csv", "fields", ""),
        ("geojsonseq", "page.geojsons", "haul-network", ""),
        ("geojson", "page.geojson", "waters", ""),
        ("shp", "page.zip", "probes", "/vsizip/"),
        ("shp", "areas.zip", "deposits", "/vsizip/"),
        ("xlsx", "page.xlsx", "plants", ""),
    ] {
        let address = format!("/ogc/collections/{layer}/items?limit=200&f={form}");
        let returned = demo().get(&address).headers["ogc-numberreturned"].to_str().unwrap().to_owned();
        let path = downloaded(&address, name);
        let said = summary(&format!("{open}{}", path.display()));
        assert!(said.contains(&format!("Feature Count: {returned}\n")), "{form} of {layer}: {said}");
    }
}

#[test]
fn a_geopackage_keeps_the_numbers_the_system_and_the_days() {
    let path = downloaded("/ogc/collections/probes/items?limit=20&offset=100&f=gpkg&crs=EPSG:28407", "page.gpkg");
    let path = path.to_str().unwrap();
    let said = summary(path);
    assert!(said.contains("28407") && said.contains("FID Column = fid"), "{said}");
    let listed = demo().json("/ogc/collections/probes/items?limit=20&offset=100&crs=EPSG:28407");
    let first = &listed["features"][0];
    let row = run("ogrinfo", &["-ro", "-al", "-fid", &first["id"].to_string(), path]);
    // Whoever reads a file has the easting first, whatever the authority says.
    let place = &first["geometry"]["coordinates"];
    let (north, east) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
    let at = row.split("POINT (").nth(1).unwrap_or_else(|| panic!("{row}")).split(')').next().unwrap();
    let numbers: Vec<f64> = at.split(' ').map(|number| number.parse().unwrap()).collect();
    assert!((numbers[0] - east).abs() < 0.01 && (numbers[1] - north).abs() < 0.01, "{row}");
}

#[test]
fn a_flatgeobuf_has_its_numbers_first_and_finds_by_place() {
    let path = downloaded("/ogc/collections/probes/items?limit=500&f=fgb", "page.fgb");
    let path = path.to_str().unwrap();
    let said = summary(path);
    let columns: Vec<&str> = said.lines().filter(|line| line.contains(" (0.0)")).collect();
    assert!(columns[0].starts_with("id: Integer64"), "{said}");
    assert!(said.contains("WGS 84"), "{said}");
    let listed = demo().json("/ogc/collections/probes/items?limit=500");
    let place = |feature: &Value| {
        let place = &feature["geometry"]["coordinates"];
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
    };
    let (x, y) = place(&listed["features"][250]);
    let (west, south, east, north) = (x - 0.01, y - 0.01, x + 0.01, y + 0.01);
    let inside = |feature: &&Value| {
        let (x, y) = place(feature);
        (west..=east).contains(&x) && (south..=north).contains(&y)
    };
    let expected = listed["features"].as_array().unwrap().iter().filter(inside).count();
    let corners = [west, south, east, north].map(|number| number.to_string());
    let [west, south, east, north] = corners.each_ref().map(String::as_str);
    let found = run("ogrinfo", &["-ro", "-so", "-al", "-spat", west, south, east, north, path]);
    assert!(found.contains(&format!("Feature Count: {expected}\n")), "{expected}: {found}");
    // An order that was asked for is kept, which an index would not.
    let sorted = downloaded("/ogc/collections/probes/items?limit=5&f=fgb&sortby=-depth_m", "sorted.fgb");
    let rows = run("ogrinfo", &["-ro", "-al", sorted.to_str().unwrap()]);
    let depth = |line: &str| line.split("depth_m (Real) = ").nth(1).and_then(|depth| depth.trim().parse::<f64>().ok());
    let depths: Vec<f64> = rows.lines().filter_map(depth).collect();
    assert!(depths.len() == 5 && depths.is_sorted_by(|a, b| a >= b), "{depths:?}");
}

#[test]
fn a_zipped_shapefile_has_all_its_parts_and_names_that_differ() {
    let path = downloaded("/ogc/collections/plants/items?f=shp", "page.zip");
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let names: Vec<String> = (0..archive.len()).map(|place| archive.by_index(place).unwrap().name().to_owned()).collect();
    for part in ["plants.shp", "plants.shx", "plants.dbf", "plants.prj", "plants.cpg"] {
        assert!(names.iter().any(|name| name == part), "{part}: {names:?}");
    }
    let said = summary(&format!("/vsizip/{}", path.display()));
    let fields: Vec<&str> =
        said.lines().skip_while(|line| !line.starts_with("id:")).filter_map(|line| line.split(": ").next()).collect();
    let distinct: std::collections::BTreeSet<&&str> = fields.iter().collect();
    assert!(fields.len() > 10 && distinct.len() == fields.len() && fields.iter().all(|name| name.len() <= 10), "{fields:?}");
    let row = run("ogrinfo", &["-ro", "-al", &format!("/vsizip/{}", path.display())]);
    let russian =
        demo().json("/ogc/collections/plants/items")["features"][0]["properties"]["name_ru"].as_str().unwrap().to_owned();
    assert!(row.contains(&russian), "{russian}: {row}");
}

#[test]
fn a_layer_of_several_kinds_gives_a_shapefile_a_kind() {
    let kinds = run(
        "ogrinfo",
        &[
            "-ro",
            "-so",
            "-al",
            &format!("/vsizip/{}", downloaded("/ogc/collections/constraints/items?f=shp", "kinds.zip").display()),
        ],
    );
    let matched = demo().json("/ogc/collections/constraints/items")["numberMatched"].as_u64().unwrap();
    let counts = kinds.lines().filter_map(|line| line.strip_prefix("Feature Count: ")?.parse::<u64>().ok());
    assert_eq!(counts.sum::<u64>(), matched, "{kinds}");
    let table = downloaded("/ogc/collections/reserve-statements/items?f=shp", "table.zip");
    assert!(summary(&format!("/vsizip/{}", table.display())).contains("Geometry: None"));
}

#[test]
fn a_table_of_points_has_their_places_in_columns() {
    let text = demo().get("/ogc/collections/probes/items?limit=3&f=csv").text;
    let mut lines = csv::Reader::from_reader(text.as_bytes());
    let header = lines.headers().unwrap().clone();
    assert_eq!(&header[0], "id");
    let (x, y) = (header.len() - 2, header.len() - 1);
    assert_eq!((&header[x], &header[y]), ("longitude", "latitude"));
    let listed = demo().json("/ogc/collections/probes/items?limit=3");
    for (row, feature) in lines.records().map(Result::unwrap).zip(listed["features"].as_array().unwrap()) {
        assert_eq!(row[0].parse::<i64>().unwrap(), feature["id"].as_i64().unwrap());
        assert_eq!(row[x].parse().ok(), feature["geometry"]["coordinates"][0].as_f64());
        assert_eq!(row[y].parse().ok(), feature["geometry"]["coordinates"][1].as_f64());
    }
}

#[test]
fn json_fg_has_the_place_in_its_system_and_the_geometry_in_crs84() {
    let answer = demo().get("/ogc/collections/probes/items?limit=2&f=jsonfg&crs=EPSG:28407");
    assert_eq!(answer.content_type, "application/vnd.ogc.fg+json");
    let page = answer.json();
    assert_eq!(page["coordRefSys"], "http://www.opengis.net/def/crs/EPSG/0/28407");
    assert!(page["conformsTo"].as_array().unwrap().iter().any(|uri| uri.as_str().unwrap().ends_with("json-fg-1/1.0/conf/core")));
    let plain = demo().json("/ogc/collections/probes/items?limit=2");
    let zone = demo().json("/ogc/collections/probes/items?limit=2&crs=EPSG:28407");
    for place in 0..2 {
        let feature = &page["features"][place];
        assert_eq!(feature["featureType"], "probes");
        assert_eq!(feature["geometry"], plain["features"][place]["geometry"]);
        assert_eq!(feature["place"], zone["features"][place]["geometry"]);
        let day = &plain["features"][place]["properties"]["date"];
        assert_eq!(feature["time"]["date"], *day, "{feature}");
    }
    let alone = demo().json("/ogc/collections/probes/items/1?f=jsonfg");
    assert!(alone["place"].is_null() && alone["conformsTo"].is_array() && alone["links"].is_array(), "{alone}");
}

#[test]
fn a_sequence_is_a_feature_a_record() {
    let answer = demo().get("/ogc/collections/plants/items?f=geojsonseq");
    assert_eq!(answer.content_type, "application/geo+json-seq");
    let records: Vec<&str> = answer.text.split('\u{1e}').skip(1).collect();
    assert_eq!(records.len(), 3);
    for record in records {
        assert!(record.ends_with('\n'));
        assert_eq!(serde_json::from_str::<Value>(record).unwrap()["type"], "Feature");
    }
}

#[test]
fn a_form_that_there_is_not_is_refused_with_those_that_there_are() {
    let problem = demo().problem("/ogc/collections/plants/items?f=kml", 400);
    assert!(problem["detail"].as_str().unwrap().contains("gpkg"), "{problem}");
    assert_eq!(demo().get_with("/ogc/collections/plants/items", &[("Accept", "image/png")]).status, 406);
    for address in ["/ogc/collections/plants/items", "/ogc/collections/plants/items/1", "/ogc/collections/plants/items?f=json"] {
        let plain = demo().get_with(address, &[("Accept", "application/json")]);
        assert_eq!((plain.status, plain.content_type.as_str()), (200, "application/geo+json"), "GeoJSON is JSON");
    }
}

#[test]
fn a_file_holds_all_that_is_found_or_says_that_it_does_not() {
    for form in ["csv", "geojsonseq", "fgb", "gpkg", "shp", "xlsx"] {
        let answer = demo().get(&format!("/ogc/collections/probes/items?f={form}&properties=code"));
        assert_eq!(answer.headers["ogc-numberreturned"], "5844", "{form}");
        assert!(!answer.headers.get_all("link").iter().any(|link| link.to_str().unwrap().contains("rel=\"next\"")), "{form}");
    }
    let caps = |config| Config { file_rows: 20, streamed_rows: 30, page_default: 10, page_most: 15, ..config };
    let server = Server::start_with(&copy_of("demo.gpkg"), caps);
    for (form, usual, most) in [("csv", "30", "30"), ("geojsonseq", "30", "30"), ("gpkg", "20", "20"), ("geojson", "10", "15")] {
        for (limit, returned) in [("", usual), ("&limit=25", if most == "30" { "25" } else { most }), ("&limit=99999", most)] {
            let answer = server.get(&format!("/ogc/collections/settlements/items?f={form}{limit}"));
            assert_eq!(answer.headers["ogc-numberreturned"], returned, "{form}{limit}");
            let next = answer.headers.get_all("link").iter().any(|link| link.to_str().unwrap().contains("rel=\"next\""));
            assert!(next, "{form}{limit} leads on");
        }
    }
    let (_, bytes) = server.bytes("/ogc/collections/settlements/items?f=xlsx");
    let path = fresh_folder("part").join("part.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let about = run("ogrinfo", &["-ro", "-q", path.to_str().unwrap(), "about"]);
    assert!(about.contains("Rows 1 to 20 of 181") && about.contains("cursor=after."), "{about}");
}

#[test]
fn a_stored_text_that_a_form_has_no_room_for_breaks_no_form() {
    let project = copy_of("demo.gpkg");
    let store = GeoPackageStore::open(&project).unwrap();
    let schema = Layer::Plants.schema();
    let (name, source) = (schema.index_of("name").unwrap(), schema.index_of("source").unwrap());
    let change = |mut feature: peatplan::model::Feature| {
        feature.values[name] = Stored::Text("pe\0at\u{1b} plant".into());
        feature.values[source] = Stored::Text("я".repeat(40_000));
        Change::Replace(feature)
    };
    store.change(Layer::Plants, Some(1), &mut |now| Some(change(now.unwrap().clone()))).unwrap();
    let server = Server::start(&project);
    for (form, file) in [
        ("gpkg", "plants.gpkg"),
        ("fgb", "plants.fgb"),
        ("shp", "plants.zip"),
        ("xlsx", "plants.xlsx"),
        ("csv", "plants.csv"),
        ("geojsonseq", "plants.geojsons"),
        ("geojson", "plants.geojson"),
        ("jsonfg", "plants.json"),
    ] {
        let (_, bytes) = server.bytes(&format!("/ogc/collections/plants/items?f={form}"));
        let path = fresh_folder("odd").join(file);
        std::fs::write(&path, bytes).unwrap();
        let path = if form == "shp" { format!("/vsizip/{}", path.display()) } else { path.display().to_string() };
        let said = run("ogrinfo", &["-ro", "-al", &path]);
        if !form.contains("json") {
            assert!(said.contains(" = peat"), "{form}: {said}");
        }
        assert!(said.contains("яяяяяяяя"), "{form}: {said}");
    }
}
