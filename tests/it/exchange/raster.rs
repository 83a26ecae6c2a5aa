//! Rasters as other programs write them, and what the command makes of two surfaces.

use crate::support::files::{file, run};
use crate::support::projects::{demo_folder, refuses, succeeds};
use peatplan::crs::Crs;
use peatplan::exchange::{Limits, RasterError, surface_from_file};
use serde_json::Value;
use std::path::PathBuf;

/// A sloping surface of 40 × 30 pixels of 5 m in UTM zone 33 over the Tydal survey, changed by options of `gdal_translate`.
fn raster(options: &[&str]) -> PathBuf {
    let value = |column: u32, row: u32| 700.0 + f64::from(column) * 0.01 - f64::from(row) * 0.02;
    let rows: Vec<String> = (0..30)
        .map(|row| {
            (0..40)
                .map(|column| if (column, row) == (3, 4) { "-9999".into() } else { value(column, row).to_string() })
                .collect::<Vec<String>>()
                .join(" ")
        })
        .collect();
    let text = file(
        "slope.asc",
        format!("ncols 40\nnrows 30\nxllcorner 324000\nyllcorner 6993000\ncellsize 5\nNODATA_value -9999\n{}\n", rows.join("\n")),
    );
    let tif = text.with_file_name("slope.tif");
    let mut arguments = vec!["-q", "-ot", "Float32"];
    arguments.extend(options);
    arguments.extend([text.to_str().unwrap(), tif.to_str().unwrap()]);
    run("gdal_translate", &arguments);
    tif
}

fn refused(path: &std::path::Path, crs: Option<&Crs>) -> RasterError {
    surface_from_file(path, crs, &Limits::default()).expect_err("refused")
}

#[test]
fn values_holes_and_place_are_read_as_gdal_means_them() {
    for options in [
        vec!["-a_srs", "EPSG:25833"],
        vec!["-a_srs", "EPSG:25833", "-co", "TILED=YES", "-co", "COMPRESS=LZW"],
        vec!["-a_srs", "EPSG:25833", "-a_nodata", "-9999", "-ot", "Float64"],
    ] {
        let surface = surface_from_file(&raster(&options), None, &Limits::default()).unwrap();
        assert_eq!((surface.crs(), surface.size()), (&Crs::parse("EPSG:25833").unwrap(), (40, 30)));
        assert_eq!((surface.origin(), surface.pixel()), ((324_000.0, 6_993_150.0), (5.0, 5.0)));
        assert_eq!(surface.pixel_value(3, 4), None, "{options:?}");
        assert!((surface.pixel_value(10, 20).unwrap() - 699.7).abs() < 1e-3);
        assert!((surface.value_at(324_052.5, 6_993_047.5).unwrap() - 699.7).abs() < 1e-3);
    }
}

#[test]
fn a_south_up_raster_is_turned_round_and_scaled_values_are_scaled() {
    let turned = raster(&["-a_srs", "EPSG:25833", "-a_ullr", "324000", "6993000", "324200", "6993150"]);
    let surface = surface_from_file(&turned, None, &Limits::default()).unwrap();
    assert_eq!(surface.origin(), (324_000.0, 6_993_150.0));
    assert!((surface.pixel_value(10, 29 - 20).unwrap() - 699.7).abs() < 1e-3);
    let scaled = raster(&["-a_srs", "EPSG:25833", "-a_scale", "0.5", "-a_offset", "10"]);
    let surface = surface_from_file(&scaled, None, &Limits::default()).unwrap();
    assert!((surface.pixel_value(10, 20).unwrap() - 359.85).abs() < 1e-3);
}

#[test]
fn rasters_that_cannot_be_placed_or_are_no_heights_are_refused() {
    let no_system = raster(&[]);
    assert!(matches!(refused(&no_system, None), RasterError::Crs(_)));
    assert!(surface_from_file(&no_system, Some(&Crs::parse("EPSG:25833").unwrap()), &Limits::default()).is_ok());
    let rotated = raster(&[
        "-a_srs",
        "EPSG:25833",
        "-gcp",
        "0",
        "0",
        "324000",
        "6993150",
        "-gcp",
        "40",
        "0",
        "324190",
        "6993210",
        "-gcp",
        "0",
        "30",
        "323950",
        "6993010",
    ]);
    let warped = rotated.with_file_name("rotated.vrt");
    run("gdal_translate", &["-q", "-of", "VRT", rotated.to_str().unwrap(), warped.to_str().unwrap()]);
    assert!(matches!(refused(&rotated, Some(&Crs::parse("EPSG:25833").unwrap())), RasterError::Place(_)), "only control points");
    assert!(matches!(refused(&warped, None), RasterError::Format(_)), "a VRT names other files");
    let feet = raster(&["-a_srs", "EPSG:25833"]);
    run("gdal_edit.py", &["-units", "ft", feet.to_str().unwrap()]);
    assert!(refused(&feet, None).to_string().contains("\"ft\""));
    let hole = raster(&["-a_srs", "EPSG:25833", "-a_nodata", "none"]);
    assert!(refused(&hole, None).to_string().contains("not declared"));
    for path in ["/vsicurl/http://127.0.0.1:9/x.tif", "/vsimem/x.tif", "/nowhere/x.tif", "/"] {
        assert!(matches!(refused(path.as_ref(), None), RasterError::Path(_)), "{path}");
    }
}

#[test]
fn the_command_compares_two_rasters() {
    let project = demo_folder().join("tydal.gpkg");
    let about = run("ogrinfo", &["-so", project.to_str().unwrap(), "deposits"]);
    assert!(about.contains("Extent"), "{about}");
    let (new, old) = (raster(&["-a_srs", "EPSG:25833", "-a_offset", "-0.25"]), raster(&["-a_srs", "EPSG:25833"]));
    let (project, new, old) = (project.to_str().unwrap(), new.to_str().unwrap(), old.to_str().unwrap());
    let said = refuses(["difference", "Tydal", "--project", project, "--top", new, "--before", old]);
    assert!(said.contains("does not overlap"), "{said}");
    let said = refuses(["difference", "Tydal", "--project", project, "--top", new]);
    assert!(said.contains("surface_elevation_m"), "the survey has no elevations: {said}");
}

#[test]
fn a_quarter_of_a_metre_taken_everywhere_is_a_quarter_of_the_area() {
    let project = demo_folder().join("tydal.gpkg");
    let project = project.to_str().unwrap();
    let estimate: Value =
        serde_json::from_str(&succeeds(["estimate", "Tydal", "--project", project, "--format", "json", "--method", "mean"]))
            .unwrap();
    let area = estimate["area_ha"].as_f64().unwrap() * 1e4;
    // A surface over all of Norway's mire: level planes in longitude and latitude.
    let level = |metres: &str| {
        let line = vec![metres; 60].join(" ");
        let text = file(
            "level.asc",
            format!("ncols 60\nnrows 60\nxllcorner 10\nyllcorner 62\ncellsize 0.05\n{}\n", vec![line; 60].join("\n")),
        );
        let tif = text.with_file_name("level.tif");
        run("gdal_translate", &["-q", "-ot", "Float32", "-a_srs", "EPSG:4326", text.to_str().unwrap(), tif.to_str().unwrap()]);
        tif.to_str().unwrap().to_owned()
    };
    let (new, old, bottom) = (level("699.75"), level("700"), level("698"));
    let arguments = ["difference", "Tydal", "--project", project, "--top", &new, "--before", &old, "--bottom", &bottom];
    let said = succeeds(arguments.iter().copied().chain(["--cell-m", "1", "--surface-error-m", "0.05", "--format", "json"]));
    let found: Value = serde_json::from_str(&said).unwrap();
    let figure = |name: &str| found[name].as_f64().unwrap_or_else(|| panic!("{name}: {found}"));
    assert!((figure("extracted_volume_m3") / (0.25 * area) - 1.0).abs() < 0.005, "{found}");
    assert!((figure("remaining_volume_m3") / (1.75 * area) - 1.0).abs() < 0.005);
    assert!((figure("extracted_error_m3") / (0.05 * area) - 1.0).abs() < 0.005);
    assert_eq!((figure("raised_volume_m3"), figure("cells_without_data")), (0.0, 0.0));
    let table = succeeds(arguments);
    assert!(table.contains("extracted") && table.contains("remaining"), "{table}");
}
