//! Kriging and variograms against gstat, `PyKrige`, `GSTools` and GSLIB: their numbers for the same samples lie in
//! `fixtures/geostat-peers`, with how they were made and how each program's parameters turn into ours.

use crate::support::tydal;
use geo::{CoordsIter, LineString};
use peatplan::geostat::{
    Anisotropy, Bounds, Direction, Drift, ExperimentalVariogram, Grid, Kriged, Kriging, KrigingOptions, Lag, Neighbourhood, Ring,
    Sample, Support, Unwatched, Variogram, VariogramOptions, VariogramShape, experimental_variogram, fitted_variogram,
    leave_one_out,
};
use std::collections::HashMap;

/// A row of a fixture, by column.
type Row = HashMap<String, String>;

fn rows(name: &str) -> Vec<Row> {
    let file = format!("{}/tests/fixtures/geostat-peers/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(&file).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// A number; `None` where the cell is empty or R's `NA`.
fn number(row: &Row, column: &str) -> Option<f64> {
    let text = &row[column];
    (!text.is_empty() && text != "NA").then(|| text.parse().unwrap_or_else(|_| panic!("{column}: {text}")))
}

fn needed(row: &Row, column: &str) -> f64 {
    number(row, column).unwrap_or_else(|| panic!("no {column}: {row:?}"))
}

fn samples(name: &str) -> Vec<Sample> {
    let sample = |row: &Row| Sample { x: needed(row, "x"), y: needed(row, "y"), value: needed(row, "value") };
    rows(&format!("samples-{name}")).iter().map(sample).collect()
}

fn places(name: &str) -> Vec<[f64; 2]> {
    rows(name).iter().map(|row| [needed(row, "x"), needed(row, "y")]).collect()
}

fn shape(row: &Row) -> VariogramShape {
    match row["shape"].as_str() {
        "spherical" => VariogramShape::Spherical,
        "exponential" => VariogramShape::Exponential,
        "gaussian" => VariogramShape::Gaussian,
        "matern" => VariogramShape::Matern { smoothness: needed(row, "smoothness") },
        other => panic!("no shape {other}"),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
fn neighbourhood(row: &Row) -> Neighbourhood {
    number(row, "neighbours")
        .map_or(Neighbourhood::Global, |count| Neighbourhood::Nearest { count: count as usize, radius: None })
}

fn drift(row: &Row) -> Drift {
    match row["drift"].as_str() {
        "constant" => Drift::Constant,
        "linear" => Drift::Linear,
        "quadratic" => Drift::Quadratic,
        other => panic!("no drift {other}"),
    }
}

fn kriging(case: &Row) -> Kriging {
    let anisotropy = number(case, "ratio").map(|ratio| Anisotropy { azimuth_degrees: needed(case, "azimuth_degrees"), ratio });
    let (nugget, partial_sill) = (needed(case, "nugget"), needed(case, "partial_sill"));
    let options = KrigingOptions {
        variogram: Variogram::new(shape(case), nugget, partial_sill, needed(case, "range"), anisotropy).unwrap(),
        drift: drift(case),
        neighbourhood: neighbourhood(case),
        support: number(case, "block_width").map_or(Support::Point, |width| Support::Block { width }),
    };
    Kriging::new(&samples(&case["samples"]), options).unwrap()
}

/// The two models of the published ladder of Tydal.
fn tydal_model(name: &str) -> Variogram {
    let (nugget, partial_sill, range) = match name {
        "spherical-tydal" => (0.10, 0.90, 60.0),
        "spherical-tydal-without-nugget" => (0.0, 1.1298, 59.11),
        other => panic!("no model {other}"),
    };
    Variogram::new(VariogramShape::Spherical, nugget, partial_sill, range, None).unwrap()
}

fn tydal_kriging(name: &str, neighbourhood: Neighbourhood) -> Kriging {
    let options = KrigingOptions { variogram: tydal_model(name), drift: Drift::Constant, neighbourhood, support: Support::Point };
    Kriging::new(&samples("tydal"), options).unwrap()
}

/// How far from the peers a case may lie. Their numbers have twelve digits. Smooth shapes without a nugget make matrices
/// that double precision barely carries: ours get a nugget of 10⁻⁸ (Gaussian) or 10⁻¹¹ (Matérn 2.5) of the sill there.
fn tolerance(case: &str) -> f64 {
    match case {
        "gaussian" => 1e-6,
        "matern-2.5" => 1e-9,
        // gstat holds the shares of a block's points in single precision.
        block if block.contains("-block") => 5e-8,
        _ => 1e-10,
    }
}

#[test]
fn every_kind_of_kriging_gives_the_values_and_variances_of_gstat() {
    let expected = rows("kriging");
    let cases = rows("cases");
    assert!(cases.len() >= 25 && expected.len() == 100 * cases.len());
    for case in &cases {
        let name = &case["case"];
        let (kriging, tolerance) = (kriging(case), tolerance(name));
        let places = places(&format!("places-{}", case["samples"]));
        for row in expected.iter().filter(|row| row["case"] == *name) {
            let [x, y] = places[row["place"].parse::<usize>().unwrap()];
            let ours = kriging.at(x, y);
            let apart = (ours.value - needed(row, "value")).abs().max((ours.variance - needed(row, "variance")).abs());
            assert!(apart <= tolerance, "{name} at {x} {y}: {ours:?} against {} and {}", row["value"], row["variance"]);
        }
    }
}

#[test]
fn pykrige_and_gstools_agree_with_gstat_on_every_case_that_they_know() {
    let agreement = rows("agreement");
    for case in rows("cases") {
        let row = |peer: &str| agreement.iter().find(|row| row["case"] == case["case"] && row["peer"] == peer);
        let (block, quadratic, linear) =
            (!case["block_width"].is_empty(), case["drift"] == "quadratic", case["drift"] == "linear");
        let nearest = !case["neighbours"].is_empty();
        let known = [("PyKrige", !(block || quadratic || linear && nearest)), ("GSTools", !block && !nearest)];
        for (peer, knows) in known {
            assert_eq!(row(peer).is_some(), knows, "{peer} on {}", case["case"]);
            if let Some(row) = row(peer) {
                assert!(needed(row, "value_apart") < 1e-10 && needed(row, "variance_apart") < 1e-10, "{row:?}");
            }
        }
    }
}

#[test]
fn ordinary_and_universal_kriging_give_the_grids_of_gslib() {
    let samples = samples("kt3d");
    let variogram = Variogram::new(VariogramShape::Exponential, 0.0, 500.0, 3_000.0, None).unwrap();
    for row in rows("kt3d") {
        let options =
            KrigingOptions { variogram, drift: drift(&row), neighbourhood: Neighbourhood::Global, support: Support::Point };
        let ours = Kriging::new(&samples, options).unwrap().at(needed(&row, "x"), needed(&row, "y"));
        // KT3D computed and printed in single precision.
        assert!((ours.value - needed(&row, "value")).abs() <= 1e-5, "{ours:?} against {row:?}");
    }
}

#[test]
fn probes_left_out_are_estimated_as_gstat_does() {
    let samples = samples("tydal");
    let expected = rows("cross-validation");
    let published = [("spherical-tydal", "NA", 0.5466, 0.6825), ("spherical-tydal-without-nugget", "NA", 0.5665, 0.7025)];
    let nearest = [("spherical-tydal", "20", 0.5473, 0.6905), ("spherical-tydal-without-nugget", "20", 0.5644, 0.7089)];
    for (model, neighbours, mean_absolute, root_mean_squared) in published.into_iter().chain(nearest) {
        let rows: Vec<&Row> = expected.iter().filter(|row| row["case"] == model && row["neighbours"] == neighbours).collect();
        assert_eq!(rows.len(), 104);
        let kriging = tydal_kriging(model, neighbourhood(rows[0]));
        for row in rows {
            let ours = kriging.without(row["sample"].parse().unwrap()).unwrap();
            near(ours, row, 1e-10);
        }
        let errors = leave_one_out(&kriging, &samples, samples.len()).unwrap();
        assert!((errors.mean_absolute_error - mean_absolute).abs() < 5e-5, "{model}: {errors:?}");
        assert!((errors.root_mean_squared_error - root_mean_squared).abs() < 5e-5, "{model}: {errors:?}");
    }
}

fn near(ours: Kriged, row: &Row, tolerance: f64) {
    let (value, variance) = (needed(row, "value"), needed(row, "variance"));
    assert!((ours.value - value).abs() <= tolerance && (ours.variance - variance).abs() <= tolerance, "{ours:?} against {row:?}");
}

#[test]
fn the_mean_depth_of_a_mire_and_its_error_are_those_of_gstat() {
    let area = places("area-tydal");
    for row in rows("area") {
        // gstat holds the weights of the area's places, 1/385 each, in single precision.
        near(tydal_kriging(&row["case"], Neighbourhood::Global).mean_over(&area), &row, 5e-8);
    }
}

#[test]
fn the_volume_of_tydal_by_kriging_is_the_one_of_pykrige() {
    let ring = |line: &LineString| line.coords_iter().map(|corner| [corner.x, corner.y]).collect::<Ring>();
    let rings: Vec<Ring> = tydal::survey().outline.iter().map(|polygon| ring(polygon.exterior())).collect();
    let grid = Grid::covering(Bounds::of(&rings).unwrap(), 1.0, 1_000_000).unwrap();
    let cells = grid.cells_inside(&rings);
    for row in rows("volume") {
        assert_eq!(cells.len(), row["cells"].parse::<usize>().unwrap());
        let depths = tydal_kriging(&row["case"], Neighbourhood::Global).over_cells(&grid, &cells, &Unwatched).unwrap();
        let volume: f64 = depths.iter().map(|cell| cell.value).sum();
        assert!((volume - needed(&row, "volume")).abs() < 0.01, "{volume} against {row:?}");
    }
}

/// How each experimental variogram of the fixtures was made.
fn options(variogram: &str, azimuth_degrees: f64) -> VariogramOptions {
    let direction = |tolerance_degrees| Some(Direction { azimuth_degrees, tolerance_degrees });
    match variogram {
        "meuse" | "tydal" => VariogramOptions::default(),
        "meuse-directions" => VariogramOptions { direction: direction(22.5), ..VariogramOptions::default() },
        "meuse-narrow" => VariogramOptions { width: Some(100.0), cutoff: Some(1_200.0), direction: direction(15.0) },
        "tydal-10m" => VariogramOptions { width: Some(10.0), cutoff: Some(100.0), direction: None },
        other => panic!("no variogram {other}"),
    }
}

fn seen(row: &Row) -> ExperimentalVariogram {
    let survey = samples(row["variogram"].split('-').next().unwrap());
    experimental_variogram(
        &survey,
        options(&row["variogram"], row.get("azimuth_degrees").map_or(0.0, |text| text.parse().unwrap())),
    )
    .unwrap()
}

#[test]
fn experimental_variograms_have_the_pairs_distances_and_values_of_gstat() {
    let expected = rows("variograms");
    let mut curves: Vec<Vec<&Row>> = Vec::new();
    for row in &expected {
        match curves.last_mut() {
            Some(curve) if ["variogram", "azimuth_degrees"].iter().all(|key| curve[0][*key] == row[*key]) => curve.push(row),
            _ => curves.push(vec![row]),
        }
    }
    assert_eq!(curves.len(), 8);
    for curve in curves {
        let ours = seen(curve[0]);
        assert_eq!(ours.lags.len(), curve.len(), "{:?}", curve[0]);
        for (lag, row) in ours.lags.iter().zip(curve) {
            assert_eq!(lag.pairs, row["pairs"].parse::<usize>().unwrap(), "{row:?}");
            for (ours, theirs) in [(lag.distance, needed(row, "distance")), (lag.semivariance, needed(row, "semivariance"))] {
                assert!((ours / theirs - 1.0).abs() < 1e-10, "{lag:?} against {row:?}");
            }
        }
    }
    assert!((seen(&expected[0]).variance - 0.521_112).abs() < 1e-6, "ln(zinc) of the Meuse");
}

#[test]
fn fitted_models_have_the_least_squares_that_scipy_finds_and_never_more_than_gstat() {
    let by_gstat = rows("fits");
    for row in rows("fits-scipy") {
        let seen = seen(&row);
        let model = |row: &Row| {
            Variogram::new(shape(row), needed(row, "nugget"), needed(row, "partial_sill"), needed(row, "range"), None).unwrap()
        };
        let squares = |model: &Variogram| -> f64 {
            #[expect(clippy::cast_precision_loss, reason = "small counts")]
            let weighted = |lag: &Lag| {
                let miss = lag.semivariance - model.semivariance(lag.distance, 0.0);
                lag.pairs as f64 / lag.distance.powi(2) * miss.powi(2)
            };
            seen.lags.iter().map(weighted).sum()
        };
        let ours = fitted_variogram(&seen, &[shape(&row)]).unwrap();
        if needed(&row, "range") > 2.0 * seen.cutoff {
            // Lags say nothing of a range so far beyond them: ours stops there, theirs do not.
            assert!((ours.variogram.range - 2.0 * seen.cutoff).abs() < 1e-6, "{ours:?} against {row:?}");
            assert!(ours.weighted_squares < 1.01 * needed(&row, "weighted_squares"), "{ours:?} against {row:?}");
            continue;
        }
        assert!((ours.weighted_squares / needed(&row, "weighted_squares") - 1.0).abs() < 1e-7, "{ours:?} against {row:?}");
        assert!((squares(&ours.variogram) / ours.weighted_squares - 1.0).abs() < 1e-9);
        let (fitted, theirs) = (ours.variogram, model(&row));
        let pairs = [(fitted.nugget, theirs.nugget), (fitted.partial_sill, theirs.partial_sill), (fitted.range, theirs.range)];
        for (ours, theirs) in pairs {
            assert!((ours - theirs).abs() <= 1e-4 * theirs.max(0.01), "{fitted:?} against {row:?}");
        }
        let gstat = by_gstat.iter().find(|fit| fit["variogram"] == row["variogram"] && fit["shape"] == row["shape"]).unwrap();
        assert!((squares(&model(gstat)) / needed(gstat, "weighted_squares") - 1.0).abs() < 1e-6, "the same sum: {gstat:?}");
        assert!(ours.weighted_squares <= needed(gstat, "weighted_squares") * (1.0 + 1e-9), "{ours:?} against {gstat:?}");
    }
}

#[test]
fn the_fitted_model_of_the_published_ladder_of_tydal_comes_from_its_lags() {
    // 10 m lags to 130 m without the first, each pair with the same weight: gstat's fit.method 1 on these gives
    // nugget 0, partial sill 1.1298, range 59.11. Ours weighs near lags more and must come close, not equal.
    let options = VariogramOptions { width: Some(10.0), cutoff: Some(130.0), direction: None };
    let mut seen = experimental_variogram(&samples("tydal"), options).unwrap();
    seen.lags.remove(0);
    let fitted = fitted_variogram(&seen, &[VariogramShape::Spherical]).unwrap().variogram;
    assert!(
        fitted.nugget < 1e-9 && (fitted.partial_sill - 1.1298).abs() < 0.03 && (fitted.range - 59.11).abs() < 3.0,
        "{fitted:?}"
    );
}
