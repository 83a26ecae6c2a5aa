//! OGC API Tiles: tilesets, tiles as a foreign decoder reads them, grids.

use crate::support::projects::{copy_of, succeeds};
use crate::support::server::{Server, demo};
use geo::{Area, BooleanOps, BoundingRect, Geometry, MapCoords, MultiPolygon, Polygon};
use mvt_reader::Reader;
use mvt_reader::feature::{Feature, Value as Tag};
use peatplan::crs::{Crs, Reprojection};
use serde_json::Value;
use std::collections::BTreeSet;

const EXTENT: f64 = 4_096.0;

/// Features of a layer of a tile.
fn features(tile: &[u8], layer: &str) -> Vec<Feature<i32>> {
    let reader = Reader::new(tile.to_vec()).unwrap();
    let about = reader.get_layer_metadata().unwrap();
    let found = about.iter().find(|about| about.name == layer);
    found.map(|about| reader.get_features_as::<i32>(about.layer_index).unwrap()).unwrap_or_default()
}

fn tile(path: &str) -> Vec<u8> {
    let (kind, bytes) = demo().bytes(path);
    assert_eq!(kind, "application/vnd.mapbox-vector-tile", "{path}");
    bytes
}

/// Rows and columns of a zoom that a tileset says it has.
fn addresses(tileset: &str, zoom: u64) -> Vec<(u64, u64)> {
    let about = demo().json(tileset);
    let limits = about["tileMatrixSetLimits"].as_array().unwrap();
    let wanted = zoom.to_string();
    let limits = limits.iter().find(|limits| limits["tileMatrix"] == wanted.as_str()).unwrap();
    let number = |name: &str| limits[name].as_u64().unwrap();
    let rows = number("minTileRow")..=number("maxTileRow");
    rows.flat_map(|row| (number("minTileCol")..=number("maxTileCol")).map(move |column| (row, column))).collect()
}

fn polygons(geometry: &Geometry<i32>) -> MultiPolygon {
    let float = geometry.map_coords(|c| geo::coord! { x: f64::from(c.x), y: f64::from(c.y) });
    match float {
        Geometry::Polygon(polygon) => MultiPolygon::new(vec![polygon]),
        Geometry::MultiPolygon(polygons) => polygons,
        other => panic!("no polygon: {other:?}"),
    }
}

/// The place of a point, which the decoder gives as a list of one.
fn place(feature: &Feature<i32>) -> geo::Point<i32> {
    match &feature.geometry {
        Geometry::Point(point) => *point,
        Geometry::MultiPoint(points) if points.0.len() == 1 => points.0[0],
        other => panic!("no point: {other:?}"),
    }
}

fn whole_tile() -> MultiPolygon {
    MultiPolygon::new(vec![geo::Rect::new((0.0, 0.0), (EXTENT, EXTENT)).to_polygon()])
}

#[test]
fn every_layer_comes_through_a_tile_with_its_numbers_and_properties() {
    let dataset = tile("/ogc/tiles/WebMercatorQuad/8/80/156");
    for layer in ["deposits", "fields", "probes", "constraints", "haul-network", "plants", "settlements", "districts", "waters"] {
        let of_dataset = features(&dataset, layer);
        let own = features(&tile(&format!("/ogc/collections/{layer}/tiles/WebMercatorQuad/8/80/156")), layer);
        assert!(!own.is_empty(), "{layer} is in the middle of the demo");
        assert_eq!(of_dataset.len(), own.len(), "{layer}");
        let item = demo().json(&format!("/ogc/collections/{layer}/items/{}", own[0].id.unwrap()));
        let tags = own[0].properties.as_ref().unwrap();
        for (name, value) in item["properties"].as_object().unwrap() {
            let tag = tags.get(name);
            match value {
                Value::Null | Value::Array(_) => assert!(tag.is_none(), "{layer}.{name}"),
                Value::String(text) => assert_eq!(tag, Some(&Tag::String(text.clone())), "{layer}.{name}"),
                Value::Bool(flag) => assert_eq!(tag, Some(&Tag::Bool(*flag)), "{layer}.{name}"),
                Value::Number(number) => match tag {
                    Some(Tag::Double(tag)) => assert!((tag - number.as_f64().unwrap()).abs() < 1e-12, "{layer}.{name}"),
                    Some(Tag::UInt(tag)) => assert_eq!(Some(*tag), number.as_u64(), "{layer}.{name}"),
                    Some(Tag::SInt(tag)) => assert_eq!(Some(*tag), number.as_i64(), "{layer}.{name}"),
                    other => panic!("{layer}.{name}: {other:?} for {number}"),
                },
                Value::Object(_) => panic!("{layer}.{name} is an object"),
            }
        }
        assert!(tags.keys().all(|name| item["properties"].get(name).is_some()), "{layer}");
    }
    let some = features(&tile("/ogc/tiles/WebMercatorQuad/8/80/156?collections=fields,plants"), "deposits");
    assert!(some.is_empty(), "only the layers that were asked for");
}

#[test]
fn at_the_deepest_zoom_every_probe_is_in_one_tile_and_no_place_is_thinned() {
    let tileset = "/ogc/collections/probes/tiles/Working";
    let deepest = demo().json(tileset)["tileMatrixSetLimits"].as_array().unwrap().len() as u64 - 1;
    let count = demo().json("/ogc/collections/probes/items?limit=1")["numberMatched"].as_u64().unwrap();
    let inside = |feature: &Feature<i32>| {
        let point = place(feature);
        (0..4_096).contains(&point.x()) && (0..4_096).contains(&point.y())
    };
    let at_zoom = |zoom: u64| -> usize {
        let tiles = addresses(tileset, zoom).into_iter();
        tiles
            .map(|(row, column)| {
                features(&tile(&format!("{tileset}/{zoom}/{row}/{column}")), "probes").iter().filter(|f| inside(f)).count()
            })
            .sum()
    };
    let (far, near) = (at_zoom(0) as u64, at_zoom(7) as u64);
    assert!(0 < far && far < near && near <= count, "from afar they are thinned: {far}, {near} of {count}");

    let set = demo().json("/ogc/tileMatrixSets/Working");
    let crs = Crs::parse(demo().json("/project")["working_crs"].as_str().unwrap()).unwrap();
    let way = Reprojection::new(&Crs::crs84(), &crs).unwrap();
    let matrix = &set["tileMatrices"].as_array().unwrap()[usize::try_from(deepest).unwrap()];
    let (cell, corner) = (matrix["cellSize"].as_f64().unwrap(), &matrix["pointOfOrigin"]);
    let (left, top) = (corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap());
    let all = demo().json("/ogc/collections/probes/items?limit=10000");
    let side = cell * 256.0;
    let mut expected = std::collections::BTreeMap::new();
    for probe in all["features"].as_array().unwrap() {
        let at = |axis: usize| probe["geometry"]["coordinates"][axis].as_f64().unwrap();
        let (east, north) = way.point(at(0), at(1)).unwrap();
        let (across, down) = ((east - left) / side, (top - north) / side);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the grid")]
        let address = (down.floor() as u64, across.floor() as u64);
        let place = (across.fract() * EXTENT, down.fract() * EXTENT);
        expected.entry(address).or_insert_with(Vec::new).push((probe["id"].as_u64().unwrap(), place));
    }
    let mut met = BTreeSet::new();
    for ((row, column), probes) in &expected {
        let found = features(&tile(&format!("{tileset}/{deepest}/{row}/{column}")), "probes");
        for (id, (x, y)) in probes {
            let feature = found.iter().find(|feature| feature.id == Some(*id)).unwrap_or_else(|| panic!("probe {id} is lost"));
            let point = place(feature);
            let (dx, dy) = (f64::from(point.x()) - x, f64::from(point.y()) - y);
            assert!(dx.abs() <= 0.51 && dy.abs() <= 0.51, "probe {id} agrees with the reprojected place: {dx} {dy}");
            met.insert(*id);
        }
        let strangers = found.iter().filter(|feature| {
            let point = place(feature);
            let inside = (0..4_096).contains(&point.x()) && (0..4_096).contains(&point.y());
            // Rounding may carry a place on the very edge over.
            inside && !probes.iter().any(|(id, _)| feature.id == Some(*id)) && point.x() % 4_095 != 0 && point.y() % 4_095 != 0
        });
        assert_eq!(strangers.count(), 0, "{row}/{column}");
    }
    assert_eq!(met.len() as u64, count);
}

#[test]
fn a_polygon_over_many_tiles_covers_what_its_simplified_whole_covers() {
    for (layer, zoom, set) in
        [("deposits", 11, "WebMercatorQuad"), ("districts", 9, "WebMercatorQuad"), ("deposits", 8, "Working")]
    {
        let tileset = format!("/ogc/collections/{layer}/tiles/{set}");
        let about = demo().json(&format!("/ogc/tileMatrixSets/{set}"));
        let crs = if set == "Working" {
            demo().json("/project")["working_crs"].as_str().unwrap().to_owned()
        } else {
            "EPSG:3857".into()
        };
        let way = Reprojection::new(&Crs::crs84(), &Crs::parse(&crs).unwrap()).unwrap();
        let matrix = &about["tileMatrices"].as_array().unwrap()[zoom];
        let (unit, corner) = (matrix["cellSize"].as_f64().unwrap() * 256.0 / EXTENT, &matrix["pointOfOrigin"]);
        let (left, top) = (corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap());
        let mut covered = std::collections::BTreeMap::new();
        let mut crossed = 0;
        for (row, column) in addresses(&tileset, zoom as u64) {
            for feature in features(&tile(&format!("{tileset}/{zoom}/{row}/{column}")), layer) {
                let shape = polygons(&feature.geometry);
                // Within the tile itself: the buffers overlap.
                let inside = shape.intersection(&whole_tile()).unsigned_area();
                let entry = covered.entry(feature.id.unwrap()).or_insert((0.0, 0));
                entry.0 += inside;
                entry.1 += usize::from(inside > 0.0);
                crossed += usize::from(entry.1 == 2);
            }
        }
        assert!(crossed > 0, "{layer}: some lie in several tiles");
        let all = demo().json(&format!("/ogc/collections/{layer}/items?limit=1000"));
        for feature in all["features"].as_array().unwrap() {
            let id = feature["id"].as_u64().unwrap();
            let geometry: geojson::Geometry = serde_json::from_value(feature["geometry"].clone()).unwrap();
            let shape = way.geometry(&Geometry::<f64>::try_from(geometry).unwrap()).unwrap();
            let shape = shape.map_coords(|c| geo::coord! { x: (c.x - left) / unit, y: (top - c.y) / unit });
            let (area, bounds) = (shape.unsigned_area(), shape.bounding_rect().unwrap());
            // Half a pixel (4 units) along the outline at most, and hardly all of it to one side.
            let outline = 2.0 * (bounds.width() + bounds.height());
            let (found, _) = covered.get(&id).copied().unwrap_or_else(|| panic!("{layer} {id} is lost"));
            assert!((found - area).abs() < 2.0 * outline.max(64.0), "{layer} {id}: {found} of {area}, outline {outline}");
        }
    }
}

/// Rings as the specification wants them: outer ones clockwise with y down, closed, without repeated places.
fn check_rings(polygon: &Polygon<i32>) {
    let doubled = |ring: &geo::LineString<i32>| -> i64 {
        ring.lines().map(|l| i64::from(l.start.x) * i64::from(l.end.y) - i64::from(l.end.x) * i64::from(l.start.y)).sum()
    };
    assert!(doubled(polygon.exterior()) > 0, "an outer ring runs clockwise: {polygon:?}");
    for hole in polygon.interiors() {
        assert!(doubled(hole) < 0, "a hole runs anticlockwise: {polygon:?}");
    }
    for ring in [polygon.exterior()].into_iter().chain(polygon.interiors()) {
        assert!(ring.0.len() >= 4 && ring.is_closed());
        assert!(ring.0.windows(2).all(|pair| pair[0] != pair[1]), "no place is repeated");
        assert!(ring.0.iter().all(|c| (-64..=4_160).contains(&c.x) && (-64..=4_160).contains(&c.y)), "within the buffer");
    }
}

#[test]
fn rings_are_wound_and_closed_as_the_specification_says_at_every_zoom() {
    let mut seen = 0;
    for layer in ["deposits", "districts", "waters", "fields", "constraints"] {
        for zoom in [0, 4, 6, 8, 10, 12] {
            let tileset = format!("/ogc/collections/{layer}/tiles/WebMercatorQuad");
            for (row, column) in addresses(&tileset, zoom).into_iter().take(12) {
                for feature in features(&tile(&format!("{tileset}/{zoom}/{row}/{column}")), layer) {
                    match &feature.geometry {
                        Geometry::Polygon(polygon) => check_rings(polygon),
                        Geometry::MultiPolygon(polygons) => polygons.iter().for_each(check_rings),
                        Geometry::LineString(line) => assert!(line.0.len() > 1),
                        Geometry::MultiLineString(lines) => assert!(lines.iter().all(|line| line.0.len() > 1)),
                        Geometry::Point(_) | Geometry::MultiPoint(_) => {}
                        other => panic!("{other:?}"),
                    }
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 500, "{seen} features were looked at");
}

#[test]
fn a_tile_that_the_client_has_is_not_sent_again_and_a_change_makes_it_another() {
    let project = copy_of("demo.gpkg");
    let server = Server::start(&project);
    let about = server.json("/ogc/collections/plants/tiles/WebMercatorQuad?f=tilejson");
    let template = about["tiles"][0].as_str().unwrap();
    let path = template.replace("{z}", "8").replace("{y}", "80").replace("{x}", "156");
    let path = &path[path.find("/ogc").unwrap()..];
    let first = server.get_with(path, &[]);
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    assert!(first.headers["cache-control"].to_str().unwrap().contains("immutable"), "its address names its version");
    assert_eq!(server.get_with(path, &[("If-None-Match", &tag)]).status, 304);
    let plain = path.split('?').next().unwrap();
    let bare = server.get_with(plain, &[("If-None-Match", &tag)]);
    assert_eq!(bare.status, 304, "the same tile under its plain address");
    let other = server.get_with("/ogc/collections/plants/tiles/WebMercatorQuad/8/80/155", &[("If-None-Match", &tag)]);
    assert_ne!(other.status, 304, "another tile");

    let count = || {
        let (_, bytes) = server.bytes(plain);
        features(&bytes, "plants").len()
    };
    let before = count();
    let plant = crate::support::files::file("plant.csv", "name,lon,lat,fuel_power_mw\nNew plant,40.7,55.6,12\n");
    succeeds(["import", "plants", plant.to_str().unwrap(), "--project", project.to_str().unwrap()]);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while server.get_with(plain, &[("If-None-Match", &tag)]).status == 304 {
        assert!(std::time::Instant::now() < deadline, "the tile has not changed");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(count(), before + 1, "the new plant is in the tile");
    let outdated = server.get_with(path, &[]);
    let lasting = outdated.headers.get("cache-control").is_some_and(|kept| kept.to_str().unwrap().contains("immutable"));
    assert!(outdated.status == 200 && !lasting, "under the address of the old version nobody keeps the new tile for good");
}

#[test]
fn tiles_that_are_none_are_refused() {
    let base = "/ogc/collections/deposits/tiles/WebMercatorQuad";
    for address in ["17/0/0", "3/8/0", "3/0/8", "300/0/0", "12/2147483647/0", "10/0/0"] {
        demo().problem(&format!("{base}/{address}"), 404);
    }
    for (address, parameter) in [("x/0/0", "tileMatrix"), ("3/-1/0", "tileRow"), ("3/0/0.5", "tileCol")] {
        assert_eq!(demo().problem(&format!("{base}/{address}"), 400)["parameter"], parameter);
    }
    demo().problem("/ogc/tiles/EuropeanETRS89_LAEAQuad", 404);
    demo().problem("/ogc/collections/atlantis/tiles", 404);
    assert_eq!(demo().problem("/ogc/tiles/WebMercatorQuad/0/0/0?collections=atlantis", 400)["parameter"], "collections");
    assert_eq!(demo().problem("/ogc/tiles/Working?f=tilejson", 400)["parameter"], "f");
    assert_eq!(demo().problem("/ogc/tiles/WebMercatorQuad/0/0/0?f=png", 400)["parameter"], "f");
    assert_eq!(demo().problem("/ogc/style.json?lang=fi", 400)["parameter"], "lang");
}

#[test]
fn tilesets_are_found_from_the_landing_page_and_lead_to_tiles() {
    let rel = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    let path = |href: &str| href[href.find("/ogc").unwrap()..].to_owned();
    let link = |document: &Value, rel: &str| {
        let links = document["links"].as_array().unwrap();
        links.iter().find(|link| link["rel"] == rel).unwrap_or_else(|| panic!("{rel}: {document}"))["href"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let collection = demo().json("/ogc/collections/probes");
    for document in [demo().json("/ogc"), collection] {
        let list = demo().json(&path(&link(&document, rel)));
        let tilesets = list["tilesets"].as_array().unwrap();
        assert_eq!(tilesets.len(), 2, "the web's grid and the project's own");
        for tileset in tilesets {
            for name in ["tileMatrixSetId", "tileMatrixSetURI", "crs", "dataType", "tileMatrixSetLimits", "links", "boundingBox"]
            {
                assert!(!tileset[name].is_null(), "{name}");
            }
            let about = demo().json(&path(&link(tileset, "self")));
            assert!(about["layers"].as_array().is_some_and(|layers| !layers.is_empty()));
            let grid = demo().json(&path(&link(&about, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme")));
            let matrix = &grid["tileMatrices"][3];
            let ratio = matrix["cellSize"].as_f64().unwrap() / matrix["scaleDenominator"].as_f64().unwrap();
            assert!((ratio - 0.000_28).abs() < 1e-12);
            let limits = &tileset["tileMatrixSetLimits"][5];
            let template = path(&link(&about, "item"));
            let address = template
                .replace("{tileMatrix}", limits["tileMatrix"].as_str().unwrap())
                .replace("{tileRow}", &limits["maxTileRow"].to_string())
                .replace("{tileCol}", &limits["minTileCol"].to_string());
            assert_eq!(demo().get(&address).status, 200, "{address}");
        }
    }
    let grids = demo().json("/ogc/tileMatrixSets");
    assert_eq!(grids["tileMatrixSets"].as_array().unwrap().len(), 2);
    let web = demo().json("/ogc/tileMatrixSets/WebMercatorQuad");
    assert!((web["tileMatrices"][0]["scaleDenominator"].as_f64().unwrap() - 559_082_264.028_717_9).abs() < 1e-5);
    assert_eq!(web["tileMatrices"].as_array().unwrap().len(), 25);
}

#[test]
fn tilejson_and_the_style_name_every_layer_and_its_fields() {
    let about = demo().json("/ogc/tiles/WebMercatorQuad?f=tilejson");
    assert_eq!(about["tilejson"], "3.0.0");
    let layers = about["vector_layers"].as_array().unwrap();
    assert_eq!(layers.len(), 13);
    let probes = layers.iter().find(|layer| layer["id"] == "probes").unwrap();
    assert_eq!((&probes["fields"]["depth_m"], &probes["fields"]["synthetic"]), (&"Number".into(), &"Boolean".into()));
    assert!(about["attribution"].as_str().unwrap().contains("invented"));
    let style = demo().json("/ogc/style.json?lang=ru");
    assert_eq!((style["version"].as_u64(), &style["sources"]["peatplan"]["type"]), (Some(8), &"vector".into()));
    assert!(style.get("glyphs").is_none() && style.get("sprite").is_none(), "nothing from elsewhere");
    for layer in style["layers"].as_array().unwrap().iter().filter(|layer| layer["type"] != "background") {
        assert!(layers.iter().any(|known| known["id"] == layer["source-layer"]), "{layer}");
    }
}

#[test]
fn isopachs_and_blocks_of_an_estimate_are_tiles_with_the_areas_of_their_geojson() {
    let inputs = "method=idw&cell_m=25";
    for layer in ["isopachs", "blocks", "funnel"] {
        let about = demo().json(&format!("/reserves/1/{layer}?{inputs}&f=tilejson"));
        let bounds: Vec<f64> = about["bounds"].as_array().unwrap().iter().map(|degree| degree.as_f64().unwrap()).collect();
        let count = 2_f64.powi(12);
        let across = |longitude: f64| ((longitude + 180.0) / 360.0 * count).floor();
        let down = |latitude: f64| ((0.5 - latitude.to_radians().tan().asinh() / std::f64::consts::TAU) * count).floor();
        let (mut area, mut ids) = (0.0, BTreeSet::new());
        let template = about["tiles"][0].as_str().unwrap();
        let template = &template[template.find("/reserves").unwrap()..];
        let (mut x, last) = (across(bounds[0]), across(bounds[2]));
        while x <= last {
            let (mut y, bottom) = (down(bounds[3]), down(bounds[1]));
            while y <= bottom {
                let path = template.replace("{z}", "12").replace("{x}", &x.to_string()).replace("{y}", &y.to_string());
                for feature in features(&tile(&path), layer) {
                    let shape = polygons(&feature.geometry).intersection(&whole_tile());
                    area += shape.unsigned_area();
                    ids.insert(feature.id.unwrap());
                }
                y += 1.0;
            }
            x += 1.0;
        }
        let all = demo().json(&format!("/reserves/1/{layer}?{inputs}"));
        let all = all["features"].as_array().unwrap();
        assert_eq!(ids.len(), all.len(), "{layer}: each of them is drawn");
        let ground: f64 = all.iter().map(|feature| feature["properties"]["area_ha"].as_f64().unwrap()).sum();
        // A unit of the web's grid at the latitude of the deposit.
        let unit = 40_075_016.685_578_5 / count / EXTENT * f64::midpoint(bounds[1], bounds[3]).to_radians().cos();
        assert!((area * unit * unit / 1e4 / ground - 1.0).abs() < 0.02, "{layer}: {} {ground}", area * unit * unit / 1e4);
        demo().problem(&format!("/reserves/1/{layer}/17/0/0.mvt?{inputs}"), 404);
    }
}

#[test]
fn an_archive_of_tiles_holds_the_tiles_of_the_service() {
    let project = copy_of("demo.gpkg");
    let target = project.with_file_name("demo.pmtiles");
    let (from, to) = (project.to_str().unwrap(), target.to_str().unwrap());
    let said =
        succeeds(["export", "--project", from, "--tiles", to, "--layer", "deposits", "--layer", "plants", "--max-zoom", "9"]);
    assert!(said.contains(" tiles, ") && said.contains("invented"), "{said}");
    let bytes = std::fs::read(&target).unwrap();
    assert!(bytes.starts_with(b"PMTiles\x03"));
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    // Header of the format, version 3: metadata at 24, tile data at 56, zooms at 100.
    let metadata = &bytes[usize::try_from(number(24)).unwrap()..][..usize::try_from(number(32)).unwrap()];
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(metadata), &mut text).unwrap();
    let metadata: Value = serde_json::from_str(&text).unwrap();
    let layers: Vec<&str> = metadata["vector_layers"].as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap()).collect();
    assert_eq!(layers, ["deposits", "plants"]);
    assert!(metadata["attribution"].as_str().unwrap().contains("invented"));
    assert_eq!((bytes[100], bytes[101]), (0, 9));
    // The first tile of the data is the whole world's.
    let data = &bytes[usize::try_from(number(56)).unwrap()..];
    let mut world = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(data), &mut world).unwrap();
    assert_eq!(world, tile("/ogc/tiles/WebMercatorQuad/0/0/0?collections=deposits,plants"));
}

#[test]
fn a_tile_has_the_features_of_its_filter_at_every_zoom() {
    let whole = demo().json("/ogc/collections/probes/items?resultType=hits")["numberMatched"].as_u64().unwrap();
    let deep = demo().json("/ogc/collections/probes/items?filter=depth_m%3E6&limit=10000");
    let wanted: BTreeSet<u64> = deep["features"].as_array().unwrap().iter().map(|f| f["id"].as_u64().unwrap()).collect();
    assert!(!wanted.is_empty() && (wanted.len() as u64) < whole / 10);
    let tileset = "/ogc/collections/probes/tiles/WebMercatorQuad";
    for zoom in [6_u64, 14] {
        let mut seen = BTreeSet::new();
        for (row, column) in addresses(tileset, zoom) {
            let (_, bytes) = demo().bytes(&format!("{tileset}/{zoom}/{row}/{column}?filter=depth_m%3E6"));
            seen.extend(features(&bytes, "probes").iter().filter_map(|feature| feature.id));
            if seen.len() > 400 || zoom == 14 && seen.len() > 5 {
                break;
            }
        }
        assert!(!seen.is_empty() && seen.is_subset(&wanted), "zoom {zoom}");
    }
    let first = deep["features"][0]["geometry"]["coordinates"].as_array().unwrap();
    assert_eq!(first.len(), 2);
    assert_eq!(demo().problem(&format!("{tileset}/6/20/39?filter=deep%3E5"), 400)["parameter"], "filter");
    let none = demo().bytes(&format!("{tileset}/6/20/39?filter=depth_m%3E600")).1;
    assert!(features(&none, "probes").is_empty());
    let document = demo().json(&format!("{tileset}?f=tilejson&filter=depth_m%3E6"));
    assert!(document["tiles"][0].as_str().unwrap().contains("filter=depth_m%3E6&v="), "{document}");
}

#[test]
fn a_tileset_is_to_be_had_as_one_file() {
    let tileset = demo().json("/ogc/collections/deposits/tiles/WebMercatorQuad");
    let link = tileset["links"].as_array().unwrap().iter().find(|link| link["rel"] == "enclosure").unwrap().clone();
    assert_eq!(link["type"], "application/vnd.pmtiles");
    let path = link["href"].as_str().unwrap().strip_prefix(&demo().url("")).unwrap().to_owned();
    let answer = demo().get(&path);
    assert_eq!((answer.status, answer.content_type.as_str()), (200, "application/vnd.pmtiles"));
    let tag = answer.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(demo().get_with(&path, &[("If-None-Match", &tag)]).status, 304);
    let (_, bytes) = demo().bytes(&path);
    assert_eq!(&bytes[..8], b"PMTiles\x03");
    let job = demo().get_with(&path, &[("Prefer", "respond-async")]);
    assert_eq!(job.status, 202, "who does not want to wait gets the job");
    assert_eq!(demo().problem(&format!("{path}&filter=code=%27D1%27"), 400)["parameter"], "f");
    assert_eq!(demo().problem("/ogc/tiles/Working?f=pmtiles", 400)["parameter"], "f");
}
