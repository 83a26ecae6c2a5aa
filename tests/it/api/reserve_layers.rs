//! What is drawn and kept of an estimate, with GDAL as the outside judge of the files.

use crate::support::files::{file, run};
use crate::support::server::{Server, demo};
use serde_json::Value;

const INPUTS: &str = "method=idw&cell_m=25";

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("{name} is missing: {value}"))
}

fn properties(name: &str) -> Vec<Value> {
    let collection = demo().json(&format!("/reserves/1/{name}?{INPUTS}"));
    assert_eq!(collection["type"], "FeatureCollection");
    assert_eq!(collection["synthetic"], true, "invented data say so wherever they go");
    collection["features"].as_array().unwrap().iter().map(|feature| feature["properties"].clone()).collect()
}

fn estimate() -> Value {
    demo().json(&format!("/reserves/1?{INPUTS}&constraints=apply"))
}

#[test]
fn isopachs_hold_the_geological_reserve_and_cover_the_deposit() {
    let bands = properties("isopachs");
    let estimate = estimate();
    let sum = |name: &str| bands.iter().map(|band| number(band, name)).sum::<f64>();
    assert!((sum("volume_m3") / number(&estimate, "geological_volume_m3") - 1.0).abs() < 1e-6);
    assert!((sum("area_ha") / number(&estimate, "area_ha") - 1.0).abs() < 0.01);
    for pair in bands.windows(2) {
        assert_eq!(pair[0]["to_m"], pair[1]["from_m"], "band follows band");
    }
    for band in &bands {
        let mean = number(band, "volume_m3") / number(band, "area_ha").max(1e-9) / 1e4;
        assert!(number(band, "area_ha") == 0.0 || (number(band, "from_m")..number(band, "to_m")).contains(&mean), "{band}");
    }
    let hash = demo().json(&format!("/reserves/1/isopachs?{INPUTS}"))["inputs_hash"].clone();
    assert_eq!(hash, demo().json(&format!("/reserves/1?{INPUTS}"))["inputs_hash"]);
}

#[test]
fn gdal_measures_the_same_ground_in_the_drawn_areas() {
    for (name, whole) in [("isopachs", true), ("blocks", true), ("funnel", false)] {
        let (kind, bytes) = demo().bytes(&format!("/reserves/1/{name}?{INPUTS}&f=gpkg"));
        assert_eq!(kind, "application/geopackage+sqlite3");
        let path = file(&format!("{name}.gpkg"), bytes);
        let sql = format!(
            "SELECT count(*) AS n, sum(ST_Area(ST_Transform(geom, 32637))) / 10000 AS drawn, sum(area_ha) AS said, min(ST_IsValid(geom)) AS sound FROM {name}"
        );
        let said = run("ogrinfo", &["-q", path.to_str().unwrap(), "-dialect", "SQLITE", "-sql", &sql]);
        let figure = |name: &str| -> f64 {
            let line =
                said.lines().find(|line| line.trim().starts_with(&format!("{name} ("))).unwrap_or_else(|| panic!("{said}"));
            line.split('=').nth(1).unwrap().trim().parse().unwrap()
        };
        assert!((figure("sound") - 1.0).abs() < 0.5, "{name}: every area is valid: {said}");
        if whole {
            assert!((figure("drawn") / figure("said") - 1.0).abs() < 0.01, "{name}: {said}");
        }
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let count = properties(name).len() as f64;
        assert!((figure("n") - count).abs() < 0.5, "{said}");
    }
}

#[test]
fn the_funnel_narrows_and_its_volumes_are_those_of_the_ladder() {
    let funnel = properties("funnel");
    let names: Vec<&str> = funnel.iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(names, ["gross", "industrial", "legal", "technical", "recoverable"]);
    let estimate = estimate();
    for (step, name) in [(0, "geological_volume_m3"), (1, "balance_volume_m3")] {
        let (drawn, said) = (number(&funnel[step], "volume_m3"), number(&estimate, name));
        assert!((drawn / said - 1.0).abs() < 1e-9, "{name}: {drawn} {said}");
    }
    for pair in funnel.windows(2) {
        let lost = number(&pair[0], "volume_m3") - number(&pair[1], "volume_m3");
        assert!(lost >= 0.0 && (lost - number(&pair[1], "lost_volume_m3")).abs() < 1e-3, "{pair:?}");
    }
}

#[test]
fn blocks_hold_all_peat() {
    let blocks = properties("blocks");
    let volume: f64 = blocks.iter().map(|block| number(block, "volume_m3")).sum();
    assert!((volume / number(&estimate(), "geological_volume_m3") - 1.0).abs() < 1e-6);
}

#[test]
fn the_grid_as_geotiff_holds_the_volume_by_gdals_own_count() {
    let (kind, bytes) = demo().bytes(&format!("/reserves/1/thickness.tif?{INPUTS}"));
    assert!(kind.starts_with("image/tiff"), "{kind}");
    let tif = file("thickness.tif", bytes);
    let about = run("gdalinfo", &["-json", tif.to_str().unwrap()]);
    let about: Value = serde_json::from_str(&about).unwrap();
    assert_eq!((&about["bands"][0]["noDataValue"], &about["bands"][0]["description"]), (&(-9999.0).into(), &"depth".into()));
    assert_eq!(about["bands"][0]["type"], "Float32");
    assert!(about["coordinateSystem"]["wkt"].as_str().unwrap().contains("UTM zone 37N"), "{about}");
    assert_eq!(about["metadata"]["IMAGE_STRUCTURE"]["COMPRESSION"], "DEFLATE");
    // Every cell as a line of text: its volume by the sum of lines.
    let xyz = tif.with_extension("xyz");
    run("gdal_translate", &["-q", "-of", "XYZ", tif.to_str().unwrap(), xyz.to_str().unwrap()]);
    let text = std::fs::read_to_string(xyz).unwrap();
    let depths = text.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok()).filter(|depth| *depth > -9_000.0);
    let volume = depths.sum::<f64>() * 25.0 * 25.0;
    assert!((volume / number(&estimate(), "geological_volume_m3") - 1.0).abs() < 1e-6, "{volume}");
}

#[test]
fn a_tile_shows_the_depth_of_its_place_in_the_legends_colour() {
    let about = demo().json(&format!("/reserves/1/thickness?{INPUTS}"));
    assert_eq!((&about["tilejson"], &about["scheme"]), (&"3.0.0".into(), &"xyz".into()));
    let legend: Vec<(f64, [u8; 3])> = about["legend"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stop| {
            let colour = u32::from_str_radix(&stop["colour"].as_str().unwrap()[1..], 16).unwrap().to_be_bytes();
            (number(stop, "value_m"), [colour[1], colour[2], colour[3]])
        })
        .collect();
    assert!(legend[0].0 == 0.0 && legend.last().unwrap().0 >= number(&about, "most_m"));
    let bounds: Vec<f64> = about["bounds"].as_array().unwrap().iter().map(|degree| degree.as_f64().unwrap()).collect();
    let (longitude, latitude) = (f64::midpoint(bounds[0], bounds[2]), f64::midpoint(bounds[1], bounds[3]));

    // The tile of the middle at zoom 14, and the pixel of the middle in it.
    let count = 2_f64.powi(14);
    let across = (longitude + 180.0) / 360.0 * count;
    let down = (0.5 - latitude.to_radians().tan().asinh() / std::f64::consts::TAU) * count;
    let template = about["tiles"][0].as_str().unwrap();
    let address = template
        .replace("{z}", "14")
        .replace("{x}", &format!("{:.0}", across.floor()))
        .replace("{y}", &format!("{:.0}", down.floor()));
    let path = &address[address.find("/reserves").unwrap()..];
    let (kind, bytes) = demo().bytes(path);
    assert_eq!(kind, "image/png");
    let tile = file("tile.png", &bytes);
    let xyz = file("tile.xyz", "");
    run("gdal_translate", &["-q", "-expand", "rgba", "-of", "GTiff", tile.to_str().unwrap(), xyz.to_str().unwrap()]);
    let (column, row) = ((across.fract() * 256.0).floor(), (down.fract() * 256.0).floor());
    let shown = run("gdallocationinfo", &["-valonly", xyz.to_str().unwrap(), &column.to_string(), &row.to_string()]);
    let shown: Vec<f64> = shown.split_whitespace().map(|value| value.parse().unwrap()).collect();
    assert_eq!(shown.len(), 4, "{shown:?}");
    assert!((shown[3] - 255.0).abs() < 0.5, "the middle of deposit 1 lies in it");

    // What GDAL finds in the grid at the same place, in the legend's colour.
    let (_, bytes) = demo().bytes(&format!("/reserves/1/thickness.tif?{INPUTS}"));
    let tif = file("thickness.tif", bytes);
    let place = [longitude.to_string(), latitude.to_string()];
    let depth = run("gdallocationinfo", &["-valonly", "-wgs84", tif.to_str().unwrap(), &place[0], &place[1]]);
    let depth: f64 = depth.trim().parse().unwrap();
    let upper = legend.iter().position(|(value, _)| *value >= depth).unwrap().max(1);
    let ((from, low), (to, high)) = (legend[upper - 1], legend[upper]);
    for (channel, shown) in shown.iter().take(3).enumerate() {
        let (low, high) = (f64::from(low[channel]), f64::from(high[channel]));
        let expected = low + (depth - from) / (to - from) * (high - low);
        // Half a pixel beside, and between cells: a tenth of a metre of depth at most.
        assert!((shown - expected).abs() < 8.0, "{shown} {expected}: depth {depth}");
    }
}

#[test]
fn tiles_are_kept_by_whom_they_were_sent_to() {
    let about = demo().json(&format!("/reserves/1/thickness?{INPUTS}"));
    let hash = about["inputs_hash"].as_str().unwrap();
    let path = format!("/reserves/1/thickness/3/4/2.png?{INPUTS}");
    let plain = demo().get_with(&path, &[("If-None-Match", "\"other\"")]);
    assert_eq!((plain.status, plain.headers["cache-control"].to_str().unwrap()), (200, "public, no-cache"));
    let tag = plain.headers["etag"].to_str().unwrap().to_owned();
    assert!(tag.contains(hash), "{tag}");
    let again = demo().get_with(&path, &[("If-None-Match", &tag)]);
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let lasting = demo().get_with(&format!("{path}&v={hash}"), &[("If-None-Match", &tag)]);
    assert!(lasting.headers["cache-control"].to_str().unwrap().contains("immutable"));
    let other = demo().get_with(&format!("/reserves/1/thickness/3/4/2.png?{INPUTS}&power=3"), &[("If-None-Match", &tag)]);
    assert_eq!(other.status, 200, "another estimate is another picture");
}

#[test]
fn a_tile_beside_the_deposit_is_empty_and_one_beside_the_world_is_none() {
    let (_, bytes) = demo().bytes(&format!("/reserves/1/thickness/14/1/1.png?{INPUTS}"));
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() < 500, "{}", bytes.len());
    for address in ["3/8/0", "3/0/8", "21/0/0", "-1/0/0", "x/0/0", "3/0/0.5"] {
        demo().problem(&format!("/reserves/1/thickness/{address}.png?{INPUTS}"), 404);
    }
    let problem = demo().problem(&format!("/reserves/1/thickness/3/4/2.png?{INPUTS}&band=error"), 400);
    assert_eq!(problem["parameter"], "band");
    assert_eq!(demo().problem("/reserves/1/blocks?f=dwg", 400)["parameter"], "f");
    assert_eq!(demo().problem("/reserves/1/table.csv?lang=fi", 400)["parameter"], "lang");
    demo().problem("/reserves/Atlantis/isopachs", 404);
    demo().problem("/reserves/1/isopachs?power=-1", 400);
}

#[test]
fn the_table_adds_up_in_text_and_in_the_spreadsheet() {
    let (kind, bytes) = demo().bytes(&format!("/reserves/1/table.csv?{INPUTS}&lang=en"));
    assert!(kind.starts_with("text/csv"));
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let volume = reader.headers().unwrap().iter().position(|header| header.starts_with("Volume")).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let value = |row: &csv::StringRecord| row[volume].parse::<f64>().unwrap();
    let all = rows.iter().find(|row| &row[0] == "All").unwrap();
    let blocks: f64 = rows.iter().filter(|row| row[0].parse::<u32>().is_ok()).map(value).sum();
    assert!((value(all) - blocks).abs() < 0.02, "{blocks}");
    assert!((value(all) * 1e3 / number(&estimate(), "geological_volume_m3") - 1.0).abs() < 1e-4);

    let (_, bytes) = demo().bytes(&format!("/reserves/1/table.xlsx?{INPUTS}&lang=ru"));
    let path = file("table.xlsx", bytes);
    let read = run("ogrinfo", &["-al", path.to_str().unwrap()]);
    for part in [
        "Layer name: Блоки",
        "Layer name: Метод",
        "Layer name: Лестница",
        "Данные вымышлены",
        "балансовые",
        "геологические запасы",
    ] {
        assert!(read.contains(part), "{part}: {read}");
    }
}

/// A level surface over a box in a system, as a GeoTIFF that GDAL's own programs wrote.
fn level(metres: f64, crs: &str, (left, top): (f64, f64), pixel: f64, count: usize) -> Vec<u8> {
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let bottom = top - pixel * count as f64;
    let line = vec![metres.to_string(); count].join(" ");
    let grid = format!(
        "ncols {count}\nnrows {count}\nxllcorner {left}\nyllcorner {bottom}\ncellsize {pixel}\nNODATA_value -9999\n{}\n",
        vec![line; count].join("\n")
    );
    let text = file("level.asc", grid);
    let tif = text.with_file_name("level.tif");
    run("gdal_translate", &["-q", "-ot", "Float32", "-a_srs", crs, text.to_str().unwrap(), tif.to_str().unwrap()]);
    std::fs::read(tif).unwrap()
}

fn posted(server: &Server, path: &str, body: &[u8]) -> Value {
    let answer = server.post_bytes(path, "image/tiff", body);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

#[test]
fn a_surface_half_a_metre_lower_is_half_a_metre_more_extracted() {
    let about = demo().json("/reserves/1/thickness?method=mean");
    let bounds: Vec<f64> = about["bounds"].as_array().unwrap().iter().map(|degree| degree.as_f64().unwrap()).collect();
    let (corner, pixel) = ((bounds[0] - 0.01, bounds[3] + 0.01), 0.005);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
    let count = ((bounds[2] - bounds[0]).max(bounds[3] - bounds[1]) / pixel).ceil() as usize + 6;
    let at = |metres: f64| {
        let path = "/reserves/1/difference?cell_m=50&surface_error_m=0.1";
        posted(demo(), path, &level(metres, "EPSG:4326", corner, pixel, count))
    };
    // Far below every probe's surface: all of the ground is lowered.
    let (low, lower) = (at(100.0), at(99.5));
    assert_eq!((&low["old_top_from"], &low["bottom_from"]), (&"probes".into(), &"probes".into()));
    assert_eq!(low["cells_without_data"], 0);
    let area = number(&low, "extracted_area_ha") * 1e4;
    let more = number(&lower, "extracted_volume_m3") - number(&low, "extracted_volume_m3");
    assert!((more / (0.5 * area) - 1.0).abs() < 1e-6, "{more} {area}");
    assert!((number(&low, "extracted_error_m3") / (0.1 * area) - 1.0).abs() < 1e-9);
    assert!((area / 1e4 / number(&estimate(), "area_ha") - 1.0).abs() < 0.01);
    assert!(low["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "surfaces_far_apart"), "{low}");
}

#[test]
fn a_raster_that_says_nothing_of_the_deposit_is_refused_with_a_word() {
    let refused = |path: &str, kind: &str, body: &[u8], parameter: &str, says: &str| {
        let answer = demo().post_bytes(path, kind, body);
        assert_eq!((answer.status, answer.json()["parameter"].as_str()), (400, Some(parameter)), "{}", answer.text);
        assert!(answer.text.contains(says), "{}", answer.text);
    };
    let path = "/reserves/1/difference";
    refused(path, "image/tiff", &level(100.0, "EPSG:32637", (300_000.0, 5_000_000.0), 10.0, 20), "top", "does not overlap");
    refused(path, "image/tiff", b"no raster", "body", "GeoTIFF");
    refused(path, "image/tiff", b"", "body", "no bytes");
    refused(path, "application/json", b"{}", "body", "Content-Type: image/tiff");
    refused("/reserves/1/difference?surface_error_m=-1", "image/tiff", b"x", "surface_error_m", "between 0 and 10");
    assert_eq!(demo().get(path).status, 405);
}
