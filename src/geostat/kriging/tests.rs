//! What must hold for kriging of anything.

use super::*;
use crate::geostat::{Anisotropy, Bounds, Unwatched, VariogramShape};
use proptest::prelude::*;

const SHAPES: [VariogramShape; 5] = [
    VariogramShape::Spherical,
    VariogramShape::Exponential,
    VariogramShape::Gaussian,
    VariogramShape::Matern { smoothness: 1.5 },
    VariogramShape::Matern { smoothness: 2.5 },
];
const DRIFTS: [Drift; 3] = [Drift::Constant, Drift::Linear, Drift::Quadratic];

fn sample(x: f64, y: f64, value: f64) -> Sample {
    Sample { x, y, value }
}

fn options(shape: VariogramShape, nugget: f64, drift: Drift, neighbourhood: Neighbourhood) -> KrigingOptions {
    let variogram = Variogram::new(shape, nugget, 1.0, 40.0, None).unwrap();
    KrigingOptions { variogram, drift, neighbourhood, support: Support::Point }
}

fn nearest(count: usize) -> Neighbourhood {
    Neighbourhood::Nearest { count, radius: None }
}

/// Scattered samples around a place with coordinates as large as real ones, no two at one place.
fn scattered() -> impl Strategy<Value = Vec<Sample>> {
    prop::collection::vec((0_u32..1_000, 0_u32..1_000, -3.0..3.0_f64), 8..40).prop_map(|rows| {
        let mut samples: Vec<Sample> = Vec::new();
        for (x, y, value) in rows {
            let (x, y) = (500_000.0 + 0.1 * f64::from(x), 6_200_000.0 + 0.1 * f64::from(y));
            if !samples.iter().any(|other| (other.x - x).hypot(other.y - y) < 1.0) {
                samples.push(sample(x, y, value));
            }
        }
        samples
    })
}

fn shapes() -> impl Strategy<Value = VariogramShape> {
    prop::sample::select(SHAPES.to_vec())
}

fn drifts() -> impl Strategy<Value = Drift> {
    prop::sample::select(DRIFTS.to_vec())
}

fn neighbourhoods() -> impl Strategy<Value = Neighbourhood> {
    prop::sample::select(vec![Neighbourhood::Global, nearest(7), Neighbourhood::Nearest { count: 12, radius: Some(25.0) }])
}

/// The grid of 3 m over the samples, with a margin.
fn grid() -> (Grid, Vec<usize>) {
    let bounds = Bounds { min_x: 499_980.0, min_y: 6_199_980.0, max_x: 500_120.0, max_y: 6_200_120.0 };
    let grid = Grid::covering(bounds, 3.0, 10_000).unwrap();
    (grid, (0..grid.len()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn kriging_honours_the_samples(samples in scattered(), shape in shapes(), drift in drifts(), hood in neighbourhoods(), nugget in 0.0..0.5_f64) {
        let kriging = Kriging::new(&samples, options(shape, nugget, drift, hood)).unwrap();
        for known in &samples {
            prop_assert_eq!(kriging.at(known.x, known.y), Kriged { value: known.value, variance: 0.0 });
        }
    }

    #[test]
    fn near_a_sample_and_without_a_nugget_the_surface_is_near_it(samples in scattered(), drift in drifts(), hood in neighbourhoods()) {
        let kriging = Kriging::new(&samples, options(VariogramShape::Spherical, 0.0, drift, hood)).unwrap();
        for known in &samples {
            let beside = kriging.at(known.x + 1e-6, known.y);
            prop_assert!((beside.value - known.value).abs() < 1e-3 && beside.variance < 1e-4, "{beside:?} {known:?}");
        }
    }

    #[test]
    fn weights_sum_to_one_and_make_the_values(samples in scattered(), drift in drifts(), hood in neighbourhoods(), block in any::<bool>()) {
        let support = if block { Support::Block { width: 3.0 } } else { Support::Point };
        let kriging = Kriging::new(&samples, KrigingOptions { support, ..options(VariogramShape::Spherical, 0.1, drift, hood) }).unwrap();
        let (grid, cells) = grid();
        let weights = kriging.weights_over_cells(&grid, &cells, &Unwatched).unwrap();
        prop_assert_eq!(weights.start.len(), cells.len() + 1);
        let values: Vec<f64> = samples.iter().map(|sample| sample.value).collect();
        let weighted = weights.values(&values);
        let kriged = kriging.values_over_cells(&grid, &cells, &Unwatched).unwrap();
        for (cell, (weighted, kriged)) in weighted.iter().zip(&kriged).enumerate() {
            let of_cell = &weights.weights[weights.start[cell]..weights.start[cell + 1]];
            let size: f64 = of_cell.iter().map(|weight| f64::from(weight.abs())).sum();
            let sum: f64 = of_cell.iter().map(|weight| f64::from(*weight)).sum();
            prop_assert!((sum - 1.0).abs() < 1e-6 * size.max(1.0), "{sum}");
            prop_assert!((weighted - kriged).abs() < 1e-5 * size.max(1.0), "{weighted} {kriged}");
        }
    }

    #[test]
    fn variances_are_never_negative(samples in scattered(), shape in shapes(), drift in drifts(), hood in neighbourhoods(), nugget in 0.0..0.5_f64) {
        let kriging = Kriging::new(&samples, options(shape, nugget, drift, hood)).unwrap();
        let (grid, cells) = grid();
        for kriged in kriging.over_cells(&grid, &cells, &Unwatched).unwrap() {
            prop_assert!(kriged.value.is_finite() && kriged.variance >= 0.0 && kriged.variance.is_finite(), "{kriged:?}");
        }
    }

    #[test]
    fn moving_and_turning_everything_changes_nothing(samples in scattered(), drift in drifts(), angle in 0.0..6.3_f64, east in -1e6..1e6_f64) {
        let turned = |x: f64, y: f64| {
            let (u, v) = (x - 500_000.0, y - 6_200_000.0);
            (u * angle.cos() - v * angle.sin() + east, u * angle.sin() + v * angle.cos())
        };
        let moved: Vec<Sample> = samples.iter().map(|s| (turned(s.x, s.y), s.value)).map(|((x, y), value)| sample(x, y, value)).collect();
        let options = options(VariogramShape::Exponential, 0.1, drift, Neighbourhood::Global);
        let (here, there) = (Kriging::new(&samples, options).unwrap(), Kriging::new(&moved, options).unwrap());
        for step in 0..20 {
            let (x, y) = (500_000.0 + f64::from(step) * 5.0 + 0.37, 6_200_000.0 + f64::from(step * 7 % 20) * 5.0 + 0.21);
            let (u, v) = turned(x, y);
            let (one, other) = (here.at(x, y), there.at(u, v));
            prop_assert!((one.value - other.value).abs() < 1e-5 && (one.variance - other.variance).abs() < 1e-5, "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_sample_taken_twice_counts_once(samples in scattered(), drift in drifts(), hood in neighbourhoods(), which in any::<prop::sample::Index>()) {
        let mut doubled = samples.clone();
        doubled.push(samples[which.index(samples.len())]);
        let options = options(VariogramShape::Spherical, 0.1, drift, hood);
        let (once, twice) = (Kriging::new(&samples, options).unwrap(), Kriging::new(&doubled, options).unwrap());
        for step in 0..10 {
            let (x, y) = (500_000.0 + f64::from(step) * 10.0 + 0.37, 6_200_033.3);
            let (one, other) = (once.at(x, y), twice.at(x, y));
            // A drift that is carried far makes large variances and badly conditioned systems: of those, eight digits agree.
            let close = |a: f64, b: f64| (a - b).abs() < 1e-7 + 1e-8 * a.abs();
            prop_assert!(close(one.value, other.value) && close(one.variance, other.variance), "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_neighbourhood_of_all_samples_is_the_global_one(samples in scattered(), drift in drifts(), shape in shapes()) {
        let all = Neighbourhood::Nearest { count: 100, radius: Some(1e4) };
        let moving = Kriging::new(&samples, options(shape, 0.05, drift, all)).unwrap();
        prop_assert!(matches!(moving.reach, Reach::Nearest(_)));
        let global = Kriging::new(&samples, options(shape, 0.05, drift, Neighbourhood::Global)).unwrap();
        let (grid, cells) = grid();
        let pairs = moving.over_cells(&grid, &cells, &Unwatched).unwrap().into_iter().zip(global.over_cells(&grid, &cells, &Unwatched).unwrap());
        for (one, other) in pairs {
            prop_assert!((one.value - other.value).abs() < 1e-6 * (1.0 + other.value.abs()), "{one:?} {other:?}");
            prop_assert!((one.variance - other.variance).abs() < 1e-6 * (1.0 + other.variance), "{one:?} {other:?}");
        }
        for index in 0..samples.len() {
            let (one, other) = (moving.without(index).unwrap(), global.without(index).unwrap());
            prop_assert!((one.value - other.value).abs() < 1e-6 * (1.0 + other.value.abs()), "{one:?} {other:?}");
            prop_assert!((one.variance - other.variance).abs() < 1e-6 * (1.0 + other.variance), "{one:?} {other:?}");
        }
    }

    #[test]
    fn tiles_give_what_each_cell_alone_gives(
        samples in scattered(), drift in drifts(), count in 1_usize..15, radius in prop::option::of(2.0..60.0_f64), block in any::<bool>(), ratio in 0.2..1.0_f64,
    ) {
        let mut options = options(VariogramShape::Spherical, 0.1, drift, Neighbourhood::Nearest { count, radius });
        options.variogram.anisotropy = Some(Anisotropy { azimuth_degrees: 30.0, ratio });
        options.support = if block { Support::Block { width: 3.0 } } else { Support::Point };
        let kriging = Kriging::new(&samples, options).unwrap();
        let (grid, cells) = grid();
        // Some cells only, and out of order.
        let cells: Vec<usize> = cells.into_iter().rev().filter(|cell| cell % 7 != 3).collect();
        let tiled = kriging.over_cells(&grid, &cells, &Unwatched).unwrap();
        for (cell, tiled) in cells.iter().zip(tiled) {
            let (x, y) = grid.centre(*cell);
            let alone = kriging.at(x, y);
            if matches!(kriging.reach, Reach::Nearest(_)) {
                prop_assert_eq!(alone, tiled);
            } else {
                // Panels of the global neighbourhood sum in another order.
                prop_assert!((alone.value - tiled.value).abs() < 1e-9 && (alone.variance - tiled.variance).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn the_nearest_samples_are_those_that_a_sort_finds(samples in scattered(), count in 1_usize..12, x in 0.0..100.0_f64, y in 0.0..100.0_f64) {
        let (x, y) = (500_000.0 + x, 6_200_000.0 + y);
        let mut sorted = samples.clone();
        sorted.sort_by(|a, b| (a.x - x).hypot(a.y - y).total_cmp(&(b.x - x).hypot(b.y - y)));
        sorted.truncate(count);
        let moving = Kriging::new(&samples, options(VariogramShape::Spherical, 0.1, Drift::Constant, nearest(count))).unwrap().at(x, y);
        let few = Kriging::new(&sorted, options(VariogramShape::Spherical, 0.1, Drift::Constant, Neighbourhood::Global)).unwrap().at(x, y);
        prop_assert!((moving.value - few.value).abs() < 1e-6 && (moving.variance - few.variance).abs() < 1e-6, "{moving:?} {few:?}");
    }

    #[test]
    fn leaving_out_in_closed_form_is_kriging_from_the_others(samples in scattered(), shape in shapes(), drift in drifts()) {
        let options = options(shape, 0.02, drift, Neighbourhood::Global);
        let kriging = Kriging::new(&samples, options).unwrap();
        for index in 0..samples.len() {
            let mut others = samples.clone();
            let left_out = others.remove(index);
            let expected = Kriging::new(&others, options).unwrap().at(left_out.x, left_out.y);
            let found = kriging.without(index).unwrap();
            let tolerance = 1e-6 * (1.0 + expected.variance);
            prop_assert!((found.value - expected.value).abs() < tolerance * (1.0 + expected.value.abs()), "{found:?} {expected:?}");
            prop_assert!((found.variance - expected.variance).abs() < tolerance, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn the_bordered_matrix_gives_the_same(samples in scattered(), shape in shapes(), drift in drifts(), x in 0.0..100.0_f64, y in 0.0..100.0_f64) {
        let options = options(shape, 0.1, drift, Neighbourhood::Global);
        let (x, y) = (500_000.0 + x, 6_200_000.0 + y);
        let kriged = Kriging::new(&samples, options).unwrap().at(x, y);
        let (value, variance) = bordered(&samples, options, x, y);
        prop_assert!((kriged.value - value).abs() < 1e-6 * (1.0 + variance) && (kriged.variance - variance).abs() < 1e-6 * (1.0 + variance), "{kriged:?} {value} {variance}");
    }

    #[test]
    fn a_drift_is_given_back_where_the_samples_lie_on_it(samples in scattered(), hood in neighbourhoods()) {
        let plane = |x: f64, y: f64| 3.0 + 0.02 * (x - 500_050.0) - 0.03 * (y - 6_200_050.0);
        let on_plane: Vec<Sample> = samples.iter().map(|s| Sample { value: plane(s.x, s.y), ..*s }).collect();
        // Sixteen more, so that each neighbourhood spans the plane.
        let more = (0..16).map(|i| (500_003.3 + 30.0 * f64::from(i % 4), 6_200_004.7 + 30.0 * f64::from(i / 4))).map(|(x, y)| sample(x, y, plane(x, y)));
        let on_plane: Vec<Sample> = on_plane.into_iter().chain(more).collect();
        let kriging = Kriging::new(&on_plane, options(VariogramShape::Spherical, 0.1, Drift::Linear, hood)).unwrap();
        for step in 0..10 {
            let (x, y) = (500_000.0 + 10.0 * f64::from(step), 6_200_041.0);
            if matches!(hood, Neighbourhood::Global) {
                prop_assert!((kriging.at(x, y).value - plane(x, y)).abs() < 1e-6);
            } else {
                prop_assert!(kriging.at(x, y).value.is_finite());
            }
        }
    }
}

/// Ordinary or universal kriging as textbooks print it: the bordered matrix, solved by elimination with pivots.
fn bordered(samples: &[Sample], options: KrigingOptions, x: f64, y: f64) -> (f64, f64) {
    let variogram = options.variogram;
    let terms = |px: f64, py: f64| {
        let (u, v) = ((px - 500_050.0) / 50.0, (py - 6_200_050.0) / 50.0);
        let all = [1.0, u, v, u * u, u * v, v * v];
        match options.drift {
            Drift::Constant => all[..1].to_vec(),
            Drift::Linear => all[..3].to_vec(),
            Drift::Quadratic => all.to_vec(),
        }
    };
    let target: Vec<f64> = samples.iter().map(|s| variogram.covariance(s.x - x, s.y - y)).chain(terms(x, y)).collect();
    let mut rows: Vec<Vec<f64>> = samples
        .iter()
        .map(|a| samples.iter().map(|b| variogram.covariance(a.x - b.x, a.y - b.y)).chain(terms(a.x, a.y)).collect())
        .collect();
    for term in 0..terms(x, y).len() {
        rows.push(samples.iter().map(|s| terms(s.x, s.y)[term]).chain(terms(x, y).iter().map(|_| 0.0)).collect());
    }
    let n = rows.len();
    for (row, right) in rows.iter_mut().zip(&target) {
        row.push(*right);
    }
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs())).unwrap();
        rows.swap(column, pivot);
        let pivot_row = rows[column].clone();
        for row in &mut rows[column + 1..] {
            let factor = row[column] / pivot_row[column];
            row.iter_mut().zip(&pivot_row).for_each(|(value, pivot)| *value -= factor * pivot);
        }
    }
    let mut solution = vec![0.0; n];
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| rows[row][k] * solution[k]).sum();
        solution[row] = (rows[row][n] - known) / rows[row][row];
    }
    let value = samples.iter().zip(&solution).map(|(s, weight)| weight * s.value).sum();
    let variance = variogram.sill() - solution.iter().zip(&target).map(|(weight, c)| weight * c).sum::<f64>();
    (value, variance)
}

#[test]
fn whatever_the_samples_are_every_answer_is_a_number() {
    let line: Vec<Sample> =
        (0..12).map(|i| sample(6e6 + 10.0 * f64::from(i), 6e6 + 10.0 * f64::from(i), f64::from(i % 3))).collect();
    let constant: Vec<Sample> = (0..12).map(|i| sample(f64::from(i % 4) * 9.0, f64::from(i / 4) * 7.0, 2.5)).collect();
    let coincident: Vec<Sample> = (0..9).map(|i| sample(100.0, 100.0, f64::from(i))).collect();
    let almost: Vec<Sample> = (0..9).map(|i| sample(100.0 + 1e-9 * f64::from(i), 100.0, f64::from(i))).collect();
    let near: Vec<Sample> =
        (0..30).map(|i| sample(100.0 + 1e-3 * f64::from(i), 100.0 + 1e-3 * f64::from(i % 7), f64::from(i))).collect();
    let far = vec![sample(-1e12, 0.0, 1.0), sample(1e12, 3.0, 2.0), sample(0.0, 1e12, 5.0)];
    let huge = vec![sample(1e200, 0.0, 1.0), sample(-1e200, 1.0, 2.0), sample(0.0, 1e150, 5.0)];
    let sets = [
        vec![sample(5.0, 5.0, 2.0)],
        vec![sample(5.0, 5.0, 2.0), sample(9.0, 5.0, 3.0)],
        line,
        constant,
        coincident,
        almost,
        near,
        far,
        huge,
    ];
    for (set, samples) in sets.iter().enumerate() {
        for shape in SHAPES {
            for drift in DRIFTS {
                let hoods =
                    [Neighbourhood::Global, nearest(1), nearest(5), Neighbourhood::Nearest { count: 8, radius: Some(0.5) }];
                for hood in hoods {
                    for (nugget, partial_sill) in [(0.0, 1.0), (0.3, 0.7), (1.0, 0.0)] {
                        for support in [Support::Point, Support::Block { width: 4.0 }] {
                            let variogram = Variogram { nugget, partial_sill, ..options(shape, 0.0, drift, hood).variogram };
                            let kriging =
                                Kriging::new(samples, KrigingOptions { variogram, drift, neighbourhood: hood, support }).unwrap();
                            let what = format!("set {set}, {shape:?}, {drift:?}, {hood:?}, nugget {nugget}, {support:?}");
                            every_answer_is_a_number(&kriging, samples, &what);
                        }
                    }
                }
            }
        }
    }
}

fn every_answer_is_a_number(kriging: &Kriging, samples: &[Sample], what: &str) {
    let sound = |kriged: Kriged| kriged.value.is_finite() && kriged.variance.is_finite() && kriged.variance >= 0.0;
    let (x, y) = (samples[0].x, samples[0].y);
    for place in [
        [x, y],
        [x + 1.0, y + 2.0],
        [x + 1e-7, y],
        [0.0, 0.0],
        [1e15, -1e15],
        [1e300, 1e300],
        [f64::NAN, 0.0],
        [f64::INFINITY, 0.0],
    ] {
        let kriged = kriging.at(place[0], place[1]);
        assert!(sound(kriged), "{what}: {kriged:?} at {place:?}");
        assert!(kriging.value_at(place[0], place[1]).is_finite(), "{what} at {place:?}");
    }
    for index in 0..samples.len() {
        let left_out = kriging.without(index);
        assert!(left_out.is_none_or(sound), "{what}: {left_out:?} without {index}");
        assert_eq!(left_out.is_none(), samples.len() == 1, "{what}");
    }
    let bounds = Bounds { min_x: x - 4.0, min_y: y - 4.0, max_x: x + 4.0, max_y: y + 4.0 };
    if let Ok(grid) = Grid::covering(bounds, 1.0, 100) {
        let cells: Vec<usize> = (0..grid.len()).collect();
        let kriged = kriging.over_cells(&grid, &cells, &Unwatched).unwrap();
        assert!(kriged.len() == cells.len() && kriged.into_iter().all(sound), "{what}");
        let weights = kriging.weights_over_cells(&grid, &cells, &Unwatched).unwrap();
        assert!(weights.weights.iter().all(|weight| weight.is_finite()), "{what}");
    }
    for area in [vec![], vec![[x, y]], vec![[x, y], [x + 3.0, y], [x, y + 3.0]], vec![[f64::NAN, 0.0]]] {
        let mean = kriging.mean_over(&area);
        assert!(sound(mean), "{what}: {mean:?} over {area:?}");
    }
}

#[test]
fn who_watches_can_stop_the_work() {
    struct Impatient;
    impl Progress for Impatient {
        fn go_on(&self, done: usize, total: usize) -> bool {
            assert!(done <= total && total > 0);
            false
        }
    }
    let samples: Vec<Sample> =
        (0..50).map(|i| sample(500_000.0 + f64::from(i * 37 % 100), 6_200_000.0 + f64::from(i * 61 % 100), 1.0)).collect();
    let (grid, cells) = grid();
    for hood in [Neighbourhood::Global, nearest(9)] {
        let kriging = Kriging::new(&samples, options(VariogramShape::Spherical, 0.1, Drift::Constant, hood)).unwrap();
        assert_eq!(kriging.over_cells(&grid, &cells, &Impatient), Err(Cancelled));
        assert_eq!(kriging.values_over_cells(&grid, &cells, &Impatient), Err(Cancelled));
        assert_eq!(kriging.weights_over_cells(&grid, &cells, &Impatient), Err(Cancelled));
        assert_eq!(kriging.over_cells(&grid, &[], &Impatient), Ok(Vec::new()));
    }
}

#[test]
fn any_number_of_threads_gives_the_same_answer() {
    let samples: Vec<Sample> = (0..90)
        .map(|i| sample(500_000.0 + f64::from(i * 37 % 101), 6_200_000.0 + f64::from(i * 61 % 97), f64::from(i % 5)))
        .collect();
    let (grid, cells) = grid();
    for hood in [Neighbourhood::Global, nearest(11)] {
        let kriged = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let kriging = Kriging::new(&samples, options(VariogramShape::Spherical, 0.1, Drift::Linear, hood)).unwrap();
                let places: Vec<[f64; 2]> = cells.iter().map(|cell| grid.centre(*cell).into()).collect();
                (kriging.over_cells(&grid, &cells, &Unwatched).unwrap(), kriging.mean_over(&places))
            })
        };
        assert_eq!(kriged(1), kriged(3));
    }
}

#[test]
fn what_cannot_be_kriged_is_refused_by_name() {
    let one = [sample(0.0, 0.0, 1.0)];
    let usual = options(VariogramShape::Spherical, 0.1, Drift::Constant, Neighbourhood::Global);
    let refused = |samples: &[Sample], options: KrigingOptions| Kriging::new(samples, options).err().unwrap();
    assert_eq!(refused(&[], usual), KrigingError::NoSamples);
    assert_eq!(refused(&[sample(f64::NAN, 0.0, 1.0)], usual), KrigingError::NotFinite);
    assert_eq!(refused(&one, KrigingOptions { support: Support::Block { width: 0.0 }, ..usual }), KrigingError::Block);
    assert_eq!(refused(&one, KrigingOptions { neighbourhood: nearest(0), ..usual }), KrigingError::Neighbours { limit: 500 });
    let no_radius = Neighbourhood::Nearest { count: 3, radius: Some(0.0) };
    assert_eq!(refused(&one, KrigingOptions { neighbourhood: no_radius, ..usual }), KrigingError::Radius);
    let no_range = Variogram { range: -1.0, ..usual.variogram };
    assert_eq!(refused(&one, KrigingOptions { variogram: no_range, ..usual }), KrigingError::Variogram(VariogramError::Range));
    let many: Vec<Sample> = (0..4_001).map(|i| sample(f64::from(i), 0.0, 1.0)).collect();
    assert_eq!(
        refused(&many, usual).to_string(),
        "a global neighbourhood takes at most 4000 samples, not 4001; take the nearest ones instead"
    );
}

#[test]
fn the_mean_over_places_is_the_mean_of_their_values_and_surer_than_each() {
    let samples: Vec<Sample> = (0..60)
        .map(|i| sample(500_000.0 + f64::from(i * 37 % 101), 6_200_000.0 + f64::from(i * 61 % 97), f64::from(i % 5)))
        .collect();
    let (grid, cells) = grid();
    let places: Vec<[f64; 2]> = cells.iter().map(|cell| grid.centre(*cell).into()).collect();
    for drift in DRIFTS {
        let kriging = Kriging::new(&samples, options(VariogramShape::Exponential, 0.2, drift, Neighbourhood::Global)).unwrap();
        let kriged = kriging.over_cells(&grid, &cells, &Unwatched).unwrap();
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let count = cells.len() as f64;
        let (value, variance) =
            kriged.iter().fold((0.0, 0.0), |(v, s), cell| (v + cell.value / count, s + cell.variance / count));
        let mean = kriging.mean_over(&places);
        assert!((mean.value - value).abs() < 1e-9, "{mean:?} {value}");
        assert!(mean.variance > 0.0 && mean.variance < 0.5 * variance, "{mean:?} {variance}");
        let moving =
            Kriging::new(&samples, options(VariogramShape::Exponential, 0.2, drift, nearest(9))).unwrap().mean_over(&places);
        assert!((mean.value - moving.value).abs() < 1e-9 && (mean.variance - moving.variance).abs() < 1e-9);
    }
}

#[test]
fn many_places_and_samples_of_an_area_are_gathered_with_little_loss() {
    // A field of 100 ranges: 2,500 samples, of which a block sees the nearby ones, and 62,500 places.
    let value = |x: f64, y: f64| (x / 90.0).sin() + (y / 70.0).cos();
    let samples: Vec<Sample> = (0..2_500)
        .map(|i| (f64::from(i % 50) * 8.0 + f64::from(i * 7 % 11) * 0.3, f64::from(i / 50) * 8.0 + f64::from(i * 5 % 13) * 0.3))
        .map(|(x, y)| sample(x, y, value(x, y)))
        .collect();
    let places: Vec<[f64; 2]> = (0..62_500).map(|i| [50.0 + f64::from(i % 250), 50.0 + f64::from(i / 250)]).collect();
    let global = Kriging::new(&samples, options(VariogramShape::Spherical, 0.1, Drift::Constant, Neighbourhood::Global)).unwrap();
    let moving = Kriging::new(&samples, options(VariogramShape::Spherical, 0.1, Drift::Constant, nearest(20))).unwrap();
    let (whole, thinned) = (global.mean_over(&places), moving.mean_over(&places));
    let truth = places.iter().map(|[x, y]| value(*x, *y)).sum::<f64>() / 62_500.0;
    assert!((whole.value - truth).abs() < 2e-3 && (thinned.value - truth).abs() < 2e-3, "{whole:?} {thinned:?} {truth}");
    assert!((thinned.variance / whole.variance - 1.0).abs() < 0.3, "{whole:?} {thinned:?}");
}

#[test]
fn two_thirds_of_a_cluster_do_not_outweigh_a_lone_sample() {
    // Kriging declusters: ten samples at nearly one place count little more than one.
    let cluster = (0..10).map(|i| sample(f64::from(i) * 0.1, 0.0, 0.0));
    let samples: Vec<Sample> = cluster.chain([sample(20.45, 0.0, 1.0)]).collect();
    let kriging =
        Kriging::new(&samples, options(VariogramShape::Spherical, 0.0, Drift::Constant, Neighbourhood::Global)).unwrap();
    let middle = kriging.at(10.45, 0.0).value;
    assert!((0.4..0.6).contains(&middle), "{middle}");
}
