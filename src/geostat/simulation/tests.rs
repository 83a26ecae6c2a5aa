use super::*;
use crate::geostat::kriging::{Drift, Kriging, Neighbourhood, Support};
use crate::geostat::progress::Unwatched;
use crate::geostat::variogram::{Anisotropy, VariogramShape};
use crate::geostat::{Bounds, Sample};
use std::sync::atomic::{AtomicUsize, Ordering};

fn grid(columns: u32, rows: u32, cell: f64) -> Grid {
    let (min_x, min_y) = (500_000.0, 6_000_000.0);
    let bounds = Bounds { min_x, min_y, max_x: min_x + f64::from(columns) * cell, max_y: min_y + f64::from(rows) * cell };
    Grid::covering(bounds, cell, 10_000_000).expect("a grid")
}

fn all(grid: &Grid) -> Vec<usize> {
    (0..grid.len()).collect()
}

fn variogram(shape: VariogramShape, nugget: f64, range: f64, anisotropy: Option<Anisotropy>) -> Variogram {
    Variogram::new(shape, nugget, 1.0 - nugget, range, anisotropy).expect("a variogram")
}

fn options(variogram: Variogram) -> KrigingOptions {
    let neighbourhood = Neighbourhood::Nearest { count: 24, radius: None };
    KrigingOptions { variogram, drift: Drift::Constant, neighbourhood, support: Support::Point }
}

/// Samples in the middle of cells scattered without order.
fn samples(grid: &Grid, count: usize) -> Vec<Sample> {
    let sample = |i: usize| {
        let (x, y) = grid.centre((i * 7_919 + 13) % grid.len());
        Sample { x, y, value: 2.0 + (x * 0.013).sin() + (y * 0.021).cos() }
    };
    (0..count).map(sample).collect()
}

/// Mean of half the squared differences over all pairs of cells that are so many columns and rows apart, and over surfaces.
fn observed_semivariance(surfaces: &[Vec<f64>], grid: &Grid, (columns, rows): (i64, i64)) -> f64 {
    let (width, height) = (i64::try_from(grid.columns()).expect("few"), i64::try_from(grid.rows()).expect("few"));
    let (mut sum, mut count) = (0.0, 0.0);
    for row in 0..height {
        for column in 0..width {
            let (to_row, to_column) = (row + rows, column + columns);
            if (0..height).contains(&to_row) && (0..width).contains(&to_column) {
                let index = |row: i64, column: i64| usize::try_from(row * width + column).expect("inside");
                let (a, b) = (index(row, column), index(to_row, to_column));
                sum += surfaces.iter().map(|surface| 0.5 * (surface[a] - surface[b]).powi(2)).sum::<f64>();
                count += f64::from(u32::try_from(surfaces.len()).expect("few"));
            }
        }
    }
    sum / count
}

#[test]
fn fields_have_the_variogram_of_the_model_in_every_direction() {
    let grid = grid(60, 50, 10.0);
    let long = Some(Anisotropy { azimuth_degrees: 30.0, ratio: 0.4 });
    let models = [
        variogram(VariogramShape::Spherical, 0.0, 120.0, None),
        variogram(VariogramShape::Spherical, 0.3, 150.0, long),
        variogram(VariogramShape::Exponential, 0.1, 150.0, None),
        variogram(VariogramShape::Exponential, 0.0, 120.0, long),
        variogram(VariogramShape::Gaussian, 0.0, 100.0, long),
        variogram(VariogramShape::Matern { smoothness: 1.5 }, 0.05, 120.0, None),
        variogram(VariogramShape::Matern { smoothness: 2.5 }, 0.0, 120.0, long),
    ];
    for model in models {
        let simulation = Simulation::unconditional(model, &grid, &all(&grid)).expect("a field");
        assert!(simulation.clipped_share() < 2e-3, "{model:?}: {}", simulation.clipped_share());
        let surfaces = simulation.simulate(200, 7, &Unwatched, |_, values| values.to_vec()).expect("not stopped");
        for (columns, rows) in [(1, 0), (0, 1), (3, 0), (0, 4), (4, 4), (4, -4), (10, 0), (0, 12)] {
            let [dx, dy] = [columns, -rows].map(|cells: i32| f64::from(cells) * 10.0);
            let expected = model.semivariance(dx, dy);
            let observed = observed_semivariance(&surfaces, &grid, (columns.into(), rows.into()));
            assert!((observed - expected).abs() < 0.06 * expected.max(0.1), "{model:?} {columns} {rows}: {observed} {expected}");
        }
    }
}

#[test]
fn a_range_beyond_the_grid_is_simulated_too() {
    let grid = grid(40, 30, 10.0);
    for shape in [VariogramShape::Spherical, VariogramShape::Gaussian, VariogramShape::Exponential] {
        let model = variogram(shape, 0.0, 1_500.0, None);
        let simulation = Simulation::unconditional(model, &grid, &all(&grid)).expect("a field");
        assert!(simulation.clipped_share() < 1e-2, "{shape:?}: {}", simulation.clipped_share());
        let surfaces = simulation.simulate(400, 3, &Unwatched, |_, values| values.to_vec()).expect("not stopped");
        for step in [(5, 0), (0, 10), (20, 0)] {
            let expected = model.semivariance(f64::from(step.0) * 10.0, f64::from(step.1) * 10.0);
            let observed = observed_semivariance(&surfaces, &grid, (step.0.into(), step.1.into()));
            assert!((observed / expected - 1.0).abs() < 0.2, "{shape:?} {step:?}: {observed} {expected}");
        }
    }
}

#[test]
fn both_fields_of_a_pair_are_independent() {
    let grid = grid(50, 50, 10.0);
    let model = variogram(VariogramShape::Spherical, 0.0, 60.0, None);
    let simulation = Simulation::unconditional(model, &grid, &all(&grid)).expect("a field");
    let surfaces = simulation.simulate(100, 5, &Unwatched, |_, values| values.to_vec()).expect("not stopped");
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / 2_500.0;
    let within: f64 = surfaces.chunks_exact(2).map(|pair| product(&pair[0], &pair[1])).sum::<f64>() / 50.0;
    let variance: f64 = surfaces.iter().map(|surface| product(surface, surface)).sum::<f64>() / 100.0;
    assert!(within.abs() < 0.05, "{within}");
    assert!((variance - 1.0).abs() < 0.1, "{variance}");
}

#[test]
fn surfaces_honour_the_samples_at_their_cells() {
    let grid = grid(60, 50, 10.0);
    let samples = samples(&grid, 40);
    for model in [
        variogram(VariogramShape::Spherical, 0.2, 200.0, None),
        variogram(VariogramShape::Gaussian, 0.0, 80.0, Some(Anisotropy { azimuth_degrees: 120.0, ratio: 0.5 })),
    ] {
        let simulation = Simulation::new(&samples, &grid, &all(&grid), options(model), &Unwatched).expect("a simulation");
        assert_eq!(simulation.places_honoured(), 40);
        let cells: Vec<usize> = samples.iter().map(|s| grid.cell_at(s.x, s.y).expect("inside")).collect();
        let misses = simulation.simulate(11, 9, &Unwatched, |_, values| {
            samples.iter().zip(&cells).map(|(sample, cell)| (values[*cell] - sample.value).abs()).fold(0.0, f64::max)
        });
        assert!(misses.expect("not stopped").into_iter().all(|miss| miss < 1e-5));
    }
}

#[test]
fn samples_in_one_cell_count_as_their_mean_and_far_ones_not_at_all() {
    let grid = grid(20, 20, 10.0);
    let (x, y) = grid.centre(45);
    let near = [Sample { x: x - 3.0, y, value: 1.0 }, Sample { x: x + 3.0, y: y + 2.0, value: 4.0 }];
    let beside = Sample { x: 500_000.0 - 35.0, y: 6_000_000.0 + 235.0, value: 3.0 };
    let far = Sample { x: 0.0, y: 0.0, value: 99.0 };
    let model = options(variogram(VariogramShape::Spherical, 0.0, 100.0, None));
    let simulation = Simulation::new(&[near[0], near[1], beside, far], &grid, &all(&grid), model, &Unwatched).expect("samples");
    assert_eq!(simulation.places_honoured(), 2);
    let values = simulation.simulate(5, 1, &Unwatched, |_, values| values[45]).expect("not stopped");
    assert!(values.iter().all(|value| (value - 2.5).abs() < 1e-5));
    assert_eq!(Simulation::new(&[far], &grid, &all(&grid), model, &Unwatched).err(), Some(SimulationError::NoSamples));
}

#[test]
fn their_mean_and_deviation_are_those_of_kriging() {
    let grid = grid(40, 30, 10.0);
    let cells: Vec<usize> = all(&grid).into_iter().filter(|cell| cell % 3 != 1).collect();
    let samples = samples(&grid, 25);
    for model in [
        variogram(VariogramShape::Spherical, 0.0, 150.0, None),
        variogram(VariogramShape::Exponential, 0.2, 150.0, Some(Anisotropy { azimuth_degrees: 60.0, ratio: 0.5 })),
    ] {
        let options = options(model);
        let kriged = Kriging::new(&samples, options).expect("kriging").over_cells(&grid, &cells, &Unwatched).expect("cells");
        let simulation = Simulation::new(&samples, &grid, &cells, options, &Unwatched).expect("a simulation");
        let (numbers, spread) = simulation.simulate_with_spread(600, 2, &Unwatched, |number, _| number).expect("not stopped");
        assert_eq!(numbers, (0..600).collect::<Vec<_>>());
        for (cell, kriged) in kriged.iter().enumerate() {
            let error = kriged.variance.sqrt();
            assert!((simulation.expected()[cell] - kriged.value).abs() < 1e-5);
            assert!((spread.mean[cell] - kriged.value).abs() < 5.0 * error / 600_f64.sqrt() + 1e-5, "cell {cell}");
            assert!((spread.deviation[cell] - error).abs() < 0.16 * error + 1e-5, "{} {error}", spread.deviation[cell]);
        }
    }
}

#[test]
fn the_mean_over_the_area_spreads_as_block_kriging_says() {
    let grid = grid(40, 30, 10.0);
    let samples = samples(&grid, 25);
    let places: Vec<[f64; 2]> = (0..grid.len()).map(|cell| grid.centre(cell)).map(|(x, y)| [x, y]).collect();
    let all_samples = KrigingOptions {
        neighbourhood: Neighbourhood::Global,
        ..options(variogram(VariogramShape::Spherical, 0.0, 120.0, None))
    };
    let block = Kriging::new(&samples, all_samples).expect("kriging").mean_over(&places);
    let simulation = Simulation::new(&samples, &grid, &all(&grid), all_samples, &Unwatched).expect("a simulation");
    let means = simulation.simulate(1_000, 4, &Unwatched, |_, values| values.iter().sum::<f64>() / 1_200.0).expect("not stopped");
    let mean = means.iter().sum::<f64>() / 1_000.0;
    let variance = means.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 999.0;
    assert!((mean - block.value).abs() < 5.0 * (block.variance / 1_000.0).sqrt(), "{mean} {}", block.value);
    // Five deviations of the variance of a thousand surfaces.
    assert!((variance / block.variance - 1.0).abs() < 0.22, "{variance} {}", block.variance);
}

#[test]
fn a_seed_gives_the_same_surfaces_on_any_number_of_threads() {
    let grid = grid(50, 40, 10.0);
    let model = options(variogram(VariogramShape::Exponential, 0.1, 100.0, None));
    let simulation = Simulation::new(&samples(&grid, 30), &grid, &all(&grid), model, &Unwatched).expect("a simulation");
    let with = |threads: usize, realisations: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let bits = |_: usize, values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        pool.install(|| simulation.simulate_with_spread(realisations, seed, &Unwatched, bits)).expect("not stopped")
    };
    let (one, four) = (with(1, 21, 1), with(4, 21, 1));
    assert_eq!(one, four);
    let plain = simulation.simulate(9, 1, &Unwatched, |_, values| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>());
    assert_eq!(plain.expect("not stopped"), one.0[..9]);
    assert_ne!(with(4, 2, 2).0[0], one.0[0]);
    assert_ne!(one.0[0], one.0[2]);
}

struct StopAfter(usize, AtomicUsize);

impl Progress for StopAfter {
    fn go_on(&self, done: usize, total: usize) -> bool {
        assert!(done <= total);
        self.1.fetch_max(done, Ordering::Relaxed);
        done < self.0
    }
}

#[test]
fn who_has_seen_enough_stops_it() {
    let grid = grid(30, 30, 10.0);
    let model = options(variogram(VariogramShape::Spherical, 0.0, 100.0, None));
    let simulation = Simulation::new(&samples(&grid, 10), &grid, &all(&grid), model, &Unwatched).expect("a simulation");
    let watch = StopAfter(10, AtomicUsize::new(0));
    assert_eq!(simulation.simulate(10_000, 1, &watch, |_, _| ()), Err(Cancelled));
    assert!(watch.1.load(Ordering::Relaxed) < 1_000);
    let watch = StopAfter(10, AtomicUsize::new(0));
    assert_eq!(simulation.simulate_with_spread(10_000, 1, &watch, |_, _| ()).err(), Some(Cancelled));
    let watch = StopAfter(0, AtomicUsize::new(0));
    assert_eq!(
        Simulation::new(&samples(&grid, 10), &grid, &all(&grid), model, &watch).err(),
        Some(SimulationError::Cancelled(Cancelled))
    );
}

#[test]
fn one_sample_constant_samples_and_no_surfaces_are_no_trouble() {
    let grid = grid(20, 10, 10.0);
    let model = options(variogram(VariogramShape::Spherical, 0.1, 60.0, None));
    let one = Simulation::new(&samples(&grid, 1), &grid, &all(&grid), model, &Unwatched).expect("a sample");
    let finite = one.simulate(3, 1, &Unwatched, |_, values| values.iter().all(|value| value.is_finite()));
    assert_eq!(finite, Ok(vec![true; 3]));
    assert_eq!(one.simulate(0, 1, &Unwatched, |_, _| ()), Ok(Vec::new()));
    let constant: Vec<Sample> = samples(&grid, 9).into_iter().map(|sample| Sample { value: 2.5, ..sample }).collect();
    let simulation = Simulation::new(&constant, &grid, &all(&grid), model, &Unwatched).expect("samples");
    assert!(simulation.expected().iter().all(|value| (value - 2.5).abs() < 1e-5));
    let (_, spread) = simulation.simulate_with_spread(1, 1, &Unwatched, |_, _| ()).expect("not stopped");
    assert!(spread.deviation.iter().all(|deviation| *deviation == 0.0) && spread.mean.iter().all(|mean| mean.is_finite()));
    assert_eq!(Simulation::new(&[], &grid, &[], model, &Unwatched).err(), Some(KrigingError::NoSamples.into()));
    let wrong = [Sample { x: f64::NAN, y: 0.0, value: 1.0 }];
    assert_eq!(Simulation::new(&wrong, &grid, &[], model, &Unwatched).err(), Some(KrigingError::NotFinite.into()));
}

#[test]
fn what_would_not_fit_into_memory_is_refused() {
    let grid = grid(900, 900, 1.0);
    let model = |range: f64| variogram(VariogramShape::Exponential, 0.0, range, None);
    let refused =
        |range: f64| matches!(Simulation::unconditional(model(range), &grid, &[]), Err(SimulationError::TooManyNodes { .. }));
    assert!(!refused(50.0));
    let grid_of_2_km = self::grid(2_100, 2_100, 1.0);
    let too_many = Simulation::unconditional(model(10.0), &grid_of_2_km, &[]);
    assert!(matches!(too_many, Err(SimulationError::TooManyNodes { .. })));
    let monstrous = Sample { x: 1e300, y: -1e300, value: 1.0 };
    let options = options(model(1e299));
    assert!(Simulation::new(&[monstrous], &grid, &[], options, &Unwatched).is_err());
}
