//! Kriging against other programs: the grids of GSLIB's KT3D (files and terms in `tests/fixtures/geostat`), and the
//! volumes of the Tydal survey that Python and R programs found.

use crate::support::tydal::survey;
use peatplan::geostat::{
    Anisotropy, Bounds, Drift, Grid, Kriged, Kriging, KrigingOptions, Neighbourhood, Sample, Support, Unwatched, Variogram,
    VariogramShape, leave_one_out,
};

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/fixtures/geostat/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// The 15 points of KT3D's tests.
fn kt3d_samples() -> Vec<Sample> {
    let sample = |row: Vec<f64>| Sample { x: row[0], y: row[1], value: row[2] };
    fixture("test_data.txt").lines().map(numbers).filter(|row| row.len() == 3).map(sample).collect()
}

/// The greatest difference to a grid of KT3D. Its rows run north to south, and so do ours.
fn greatest_difference(drift: Drift, answer: &str) -> f64 {
    let text = fixture(answer);
    let rows: Vec<Vec<f64>> = text.lines().map(numbers).filter(|row| row.len() == 100).collect();
    assert_eq!(rows.len(), 100);
    let variogram = Variogram::new(VariogramShape::Exponential, 0.0, 500.0, 3_000.0, None).unwrap();
    let options = KrigingOptions { variogram, drift, neighbourhood: Neighbourhood::Global, support: Support::Point };
    let samples = kt3d_samples();
    assert_eq!(samples.len(), 15);
    let kriging = Kriging::new(&samples, options).unwrap();
    let differences = rows.iter().zip(0_u32..).flat_map(|(row, north_to_south)| {
        let y = 243_934.0 - 25.0 * f64::from(north_to_south);
        row.iter().zip(0_u32..).map(move |(value, column)| (1_067_275.0 + 50.0 * f64::from(column), y, *value))
    });
    differences.map(|(x, y, value)| (kriging.at(x, y).value - value).abs()).fold(0.0, f64::max)
}

#[test]
fn ordinary_kriging_gives_the_grid_of_kt3d() {
    let difference = greatest_difference(Drift::Constant, "test1_answer.asc");
    assert!(difference < 1e-5, "{difference}");
}

#[test]
fn universal_kriging_gives_the_grid_of_kt3d() {
    let difference = greatest_difference(Drift::Linear, "test2_answer.asc");
    assert!(difference < 1e-5, "{difference}");
}

/// The 104 probes inside the outline of Tydal, in metres of depth.
fn tydal() -> Vec<Sample> {
    survey().probes_inside.iter().map(|probe| Sample { x: probe.x, y: probe.y, value: probe.depth.0 }).collect()
}

fn cells_of_tydal(cell: f64) -> (Grid, Vec<usize>) {
    let rings = peatplan::reserves::rings(&survey().outline);
    let grid = Grid::covering(Bounds::of(&rings).unwrap(), cell, 1_000_000).unwrap();
    let cells = grid.cells_inside(&rings);
    (grid, cells)
}

fn kriging(nugget: f64, partial_sill: f64, range: f64, neighbourhood: Neighbourhood) -> Kriging {
    let variogram = Variogram::new(VariogramShape::Spherical, nugget, partial_sill, range, None).unwrap();
    let options = KrigingOptions { variogram, drift: Drift::Constant, neighbourhood, support: Support::Point };
    Kriging::new(&tydal(), options).unwrap()
}

fn near(computed: f64, published: f64, tolerance: f64, what: &str) {
    assert!((computed - published).abs() <= tolerance, "{what}: {computed} against {published}");
}

/// Volume on the grid of one metre, and the errors of leaving out.
fn check(kriging: &Kriging, volume: f64, tolerance: f64, mae: f64, rmse: f64) {
    let (grid, cells) = cells_of_tydal(1.0);
    let values = kriging.values_over_cells(&grid, &cells, &Unwatched).unwrap();
    near(values.iter().sum(), volume, tolerance, "volume");
    let errors = leave_one_out(kriging, &tydal(), 104).unwrap();
    near(errors.mean_absolute_error, mae, 5e-5, "mean absolute error");
    near(errors.root_mean_squared_error, rmse, 5e-5, "root mean squared error");
}

#[test]
fn the_kriged_volume_of_tydal_is_that_of_other_programs() {
    check(&kriging(0.1, 0.9, 60.0, Neighbourhood::Global), 76_800.9, 0.05, 0.5466, 0.6825);
}

#[test]
fn the_kriged_volume_of_tydal_by_a_fitted_variogram_is_that_of_other_programs() {
    // The range is known to two digits after the point: from 59.105 to 59.115 the volume falls by 0.63 m³.
    check(&kriging(0.0, 1.1298, 59.11, Neighbourhood::Global), 76_384.1, 0.35, 0.5665, 0.7025);
}

#[test]
fn the_mean_depth_of_tydal_has_the_error_that_other_programs_found() {
    let (grid, cells) = cells_of_tydal(5.0);
    let places: Vec<[f64; 2]> = cells.iter().map(|cell| grid.centre(*cell).into()).collect();
    let mean = kriging(0.1, 0.9, 60.0, Neighbourhood::Global).mean_over(&places);
    near(mean.value, 2.0178, 5e-5, "mean");
    // The other program gave each of the 1,531 places a nugget of its own. Over an area it averages out.
    let with_nuggets = mean.variance + 0.1 / 1_531.0;
    near(with_nuggets.sqrt(), 0.0504, 5e-5, "standard deviation of the mean");
    let mean = kriging(0.0, 1.1298, 59.11, Neighbourhood::Global).mean_over(&places);
    near(mean.value * 37_922.82, 76_114.8, 1.0, "volume");
    near(mean.variance.sqrt() * 37_922.82, 1_643.0, 1.0, "its standard deviation");
}

/// `krige` of gstat 2.1 of log(zinc) of the meuse at three places, with a spherical variogram of nugget 0.05, partial sill
/// 0.6 and range 900.
fn check_meuse(change: impl Fn(&mut KrigingOptions), expected: [(f64, f64); 3], tolerance: f64) {
    let variogram = Variogram::new(VariogramShape::Spherical, 0.05, 0.6, 900.0, None).unwrap();
    let (drift, neighbourhood, support) = (Drift::Constant, Neighbourhood::Global, Support::Point);
    let mut options = KrigingOptions { variogram, drift, neighbourhood, support };
    change(&mut options);
    let mut reader = csv::Reader::from_reader(std::io::Cursor::new(fixture("meuse_155.txt")));
    let samples: Vec<Sample> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let number = |index: usize| row[index].parse::<f64>().unwrap();
            Sample { x: number(0), y: number(1), value: number(5).ln() }
        })
        .collect();
    let kriging = Kriging::new(&samples, options).unwrap();
    for ([x, y], (value, variance)) in
        [[179_500.0, 330_500.0], [180_000.0, 331_500.0], [181_000.0, 332_500.0]].into_iter().zip(expected)
    {
        let found: Kriged = kriging.at(x, y);
        near(found.value, value, tolerance, "value");
        near(found.variance, variance, tolerance, "variance");
    }
}

#[test]
fn values_and_variances_of_the_meuse_are_those_of_gstat() {
    check_meuse(
        |_| {},
        [(5.174_897_030_17, 0.170_467_862_021), (5.052_645_378_72, 0.212_109_612_324), (5.266_251_098_77, 0.173_503_842_088)],
        1e-9,
    );
    check_meuse(
        |options| options.drift = Drift::Linear,
        [(5.182_639_117_61, 0.170_485_285_372), (5.066_719_878_54, 0.212_132_734_308), (5.260_608_965_31, 0.173_518_043_492)],
        1e-7,
    );
    check_meuse(
        |options| options.drift = Drift::Quadratic,
        [(5.173_905_730_77, 0.170_491_210_011), (5.063_827_837_49, 0.212_188_133_983), (5.243_203_213_86, 0.173_543_223_416)],
        1e-4,
    );
    check_meuse(
        |options| options.neighbourhood = Neighbourhood::Nearest { count: 12, radius: None },
        [(5.195_816_231_21, 0.171_906_621_878), (5.174_128_129_73, 0.217_786_745_183), (5.267_637_827_16, 0.175_115_478_403)],
        1e-9,
    );
    check_meuse(
        |options| options.variogram.anisotropy = Some(Anisotropy { azimuth_degrees: 30.0, ratio: 0.5 }),
        [(5.211_046_713_69, 0.230_755_752_480), (5.153_779_531_47, 0.250_074_955_432), (5.312_943_958_82, 0.200_620_910_495)],
        1e-9,
    );
}

#[test]
fn blocks_of_the_meuse_are_those_of_gstat() {
    check_meuse(
        |options| options.support = Support::Block { width: 40.0 },
        [(5.175_468_438_88, 0.100_839_732_973), (5.053_048_654_99, 0.142_171_176_896), (5.267_099_744_29, 0.103_851_195_679)],
        // gstat holds the shares of a block's points in single precision.
        2e-8,
    );
}
