//! Surfaces over the probes of Tydal and over bodies in closed form, against figures that other programs gave.

use crate::support::tydal::survey;
use geo::{Area, BooleanOps};
use peatplan::geostat::{
    Bounds, DeclusteredMean, Drift, Grid, Interpolator, IsopachRule, Isopachs, KrigingOptions, Nearest, Neighbourhood,
    NormalScores, Ring, Sample, Simulation, Support, Triangulation, Unwatched, Variogram, VariogramShape, isobands,
    leave_one_out, points_along, ring_length,
};
use peatplan::reserves::rings;
use proptest::prelude::*;

struct Tydal {
    samples: Vec<Sample>,
    rings: Vec<Ring>,
    grid: Grid,
    cells: Vec<usize>,
}

/// The 104 probes inside the outline, and cells of one square metre.
fn tydal() -> Tydal {
    let survey = survey();
    let samples = survey.probes_inside.iter().map(|probe| Sample { x: probe.x, y: probe.y, value: probe.depth.0 }).collect();
    let rings = rings(&survey.outline);
    let grid = Grid::covering(Bounds::of(&rings).unwrap(), 1.0, 1_000_000).unwrap();
    let cells = grid.cells_inside(&rings);
    Tydal { samples, rings, grid, cells }
}

fn near(computed: f64, expected: f64, tolerance: f64) {
    assert!((computed - expected).abs() <= tolerance, "{computed} against {expected}");
}

#[test]
fn the_nearest_probe_gives_thiessens_volume_of_tydal() {
    let Tydal { samples, grid, cells, .. } = tydal();
    let nearest = Nearest::new(&samples).unwrap();
    let volume: f64 = cells.iter().map(|cell| grid.centre(*cell)).map(|(x, y)| nearest.value_at(x, y)).sum();
    near(volume, 76_733.9, 0.05);
    assert_eq!(leave_one_out(&nearest, &samples, 104).unwrap().samples, 104);
}

#[test]
fn the_triangles_of_tydal_have_their_hull_and_prisms() {
    let tin = Triangulation::new(&tydal().samples).unwrap();
    near(tin.hull_area(), 33_448.70, 0.005);
    assert_eq!(tin.triangles().count(), 198);
    near(tin.prism_volume(), 71_023.52, 0.005);
}

/// The probes and points of depth zero along the outline, in equal steps of at most `step`.
fn closed(tydal: &Tydal, step: f64) -> Vec<Sample> {
    let boundary = tydal.rings.iter().flat_map(|ring| {
        let length = ring_length(ring);
        // A little more than a whole part: rounding shall not set the last point on the first.
        points_along(ring, length / (length / step).ceil() * (1.0 + 1e-12))
    });
    tydal.samples.iter().copied().chain(boundary.map(|[x, y]| Sample { x, y, value: 0.0 })).collect()
}

#[test]
fn a_zero_boundary_closes_the_triangles_of_tydal() {
    // Where along the outline the first point stands moves the volume by up to half a percent; in equal steps from its first
    // corner it is that of the other program to half a thousandth.
    let tydal = tydal();
    for (step, volume) in [(5.0, 69_709.0), (10.0, 70_009.0), (20.0, 70_294.0)] {
        let tin = Triangulation::new(&closed(&tydal, step)).unwrap();
        let sum: f64 = tin.over_cells(&tydal.grid, &tydal.cells).iter().flatten().sum();
        near(sum, volume, 5e-4 * volume);
        let centres = tydal.cells.iter().map(|cell| tydal.grid.centre(*cell));
        near(centres.filter_map(|(x, y)| tin.value_inside(x, y)).sum(), sum, 1e-6);
    }
}

#[test]
fn the_isopachs_of_tydal_agree_with_the_triangles() {
    let tydal = tydal();
    let tin = Triangulation::new(&closed(&tydal, 5.0)).unwrap();
    let Tydal { grid, cells, .. } = tydal;
    let depths: Vec<f64> = cells.iter().map(|cell| grid.centre(*cell)).map(|(x, y)| tin.value_at(x, y)).collect();
    let sum: f64 = depths.iter().sum();
    for rule in [IsopachRule::Trapezoid, IsopachRule::Cone] {
        let isopachs = Isopachs::of_cells(&depths, 1.0, &[0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0], rule).unwrap();
        near(isopachs.volume(), sum, 1e-2 * sum);
    }
    let mut values = vec![None; grid.len()];
    for (cell, depth) in cells.iter().zip(&depths) {
        values[*cell] = Some(*depth);
    }
    let outline = survey().outline;
    let bands = isobands(&grid, &values, &[-1.0, 0.5, 1.0, 2.0, 3.0, 10.0]);
    let cut: Vec<f64> = bands.iter().map(|band| band.polygons.intersection(&outline).unsigned_area()).collect();
    near(cut.iter().sum(), outline.unsigned_area(), 0.5);
    // Area of a band as polygon and as cells.
    let by_cells = depths.iter().filter(|depth| (1.0..2.0).contains(*depth)).map(|_| 1.0).sum::<f64>();
    near(cut[2], by_cells, 0.01 * by_cells);
}

#[test]
fn simulated_volumes_of_tydal_spread_as_block_kriging_says() {
    // Another program kriged the whole as one block: 76,522 ± 1,910 m³.
    let Tydal { samples, rings, .. } = tydal();
    let grid = Grid::covering(Bounds::of(&rings).unwrap(), 2.0, 1_000_000).unwrap();
    let cells = grid.cells_inside(&rings);
    let variogram = Variogram::new(VariogramShape::Spherical, 0.1, 0.9, 60.0, None).unwrap();
    let options =
        KrigingOptions { variogram, drift: Drift::Constant, neighbourhood: Neighbourhood::Global, support: Support::Point };
    let simulation = Simulation::new(&samples, &grid, &cells, options, &Unwatched).unwrap();
    assert!(simulation.clipped_share() < 1e-3);
    let volumes = simulation.simulate(500, 1, &Unwatched, |_, depths| depths.iter().sum::<f64>() * 4.0).unwrap();
    let mean = volumes.iter().sum::<f64>() / 500.0;
    let deviation = (volumes.iter().map(|volume| (volume - mean).powi(2)).sum::<f64>() / 499.0).sqrt();
    // Four errors of the mean of 500 volumes and of their deviation; a little for probes moved by up to 1.4 m.
    near(mean, 76_522.0, 450.0);
    near(deviation, 1_910.0, 250.0);
}

#[test]
fn normal_scores_keep_simulated_depths_of_tydal_within_their_bounds() {
    let Tydal { samples, rings, .. } = tydal();
    let grid = Grid::covering(Bounds::of(&rings).unwrap(), 4.0, 1_000_000).unwrap();
    let cells = grid.cells_inside(&rings);
    let declustered = DeclusteredMean::automatic(&samples).unwrap();
    let depths: Vec<f64> = samples.iter().map(|sample| sample.value).collect();
    let scores = NormalScores::new(&depths, Some(&declustered.weights()), 0.0, 5.0).unwrap();
    let normal: Vec<Sample> = samples.iter().map(|sample| Sample { value: scores.score(sample.value), ..*sample }).collect();
    let variogram = Variogram::new(VariogramShape::Spherical, 0.1, 0.9, 60.0, None).unwrap();
    let neighbourhood = Neighbourhood::Nearest { count: 24, radius: None };
    let options = KrigingOptions { variogram, drift: Drift::Constant, neighbourhood, support: Support::Point };
    let simulation = Simulation::new(&normal, &grid, &cells, options, &Unwatched).unwrap();
    let means = simulation.simulate(200, 1, &Unwatched, |_, values| {
        let depths = values.iter().map(|score| scores.value(*score));
        assert!(depths.clone().all(|depth| (0.0..=5.0).contains(&depth)));
        depths.sum::<f64>() / f64::from(u32::try_from(values.len()).unwrap())
    });
    let means = means.unwrap();
    let mean = means.iter().sum::<f64>() / 200.0;
    // All methods of the ladder lie between 1.87 m (triangles, no boundary) and 2.19 m (twenty neighbours, no distance).
    assert!((1.8..2.3).contains(&mean), "{mean}");
}

/// Places on a lattice of whole metres, some of them twice.
fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let sample = (0_u16..200, 0_u16..200, 0.0..8.0_f64);
    let sample = sample.prop_map(|(x, y, value)| Sample { x: f64::from(x), y: f64::from(y), value });
    prop::collection::vec(sample, 1..80)
}

fn moved(samples: &[Sample], shift: f64) -> Vec<Sample> {
    samples.iter().map(|s| Sample { x: s.x + shift, y: s.y - shift, value: s.value }).collect()
}

/// The sum over cells whose centres lie on no line between lattice points that could tip either way.
fn volume(surface: &impl Interpolator, shift: f64) -> f64 {
    let places = (0..40).flat_map(|i| (0..40).map(move |j| (f64::from(i) * 5.0 + 0.25, f64::from(j) * 5.0 + 0.125)));
    places.map(|(x, y)| surface.value_at(x + shift, y - shift) * 25.0).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn surfaces_move_with_their_samples(samples in samples(), shift in 0_u32..7_000_000) {
        let shift = f64::from(shift);
        let there = moved(&samples, shift);
        let (a, b) = (Nearest::new(&samples).unwrap(), Nearest::new(&there).unwrap());
        prop_assert!((volume(&a, 0.0) - volume(&b, shift)).abs() < 1e-6);
        if let (Ok(a), Ok(b)) = (Triangulation::new(&samples), Triangulation::new(&there)) {
            prop_assert!((a.hull_area() - b.hull_area()).abs() < 1e-6);
            prop_assert!((volume(&a, 0.0) - volume(&b, shift)).abs() < 1e-3);
        } else {
            prop_assert!(Triangulation::new(&samples).is_err() && Triangulation::new(&there).is_err());
        }
    }

    #[test]
    fn a_doubled_sample_changes_no_surface(samples in samples(), which in any::<prop::sample::Index>()) {
        // Only a sample that is alone at its place: doubling one of two would move their mean.
        let chosen = samples[which.index(samples.len())];
        prop_assume!(samples.iter().filter(|s| (s.x - chosen.x).abs() + (s.y - chosen.y).abs() < 0.5).count() == 1);
        let mut doubled = samples.clone();
        doubled.push(chosen);
        let (a, b) = (Nearest::new(&samples).unwrap(), Nearest::new(&doubled).unwrap());
        prop_assert_eq!(volume(&a, 0.0).to_bits(), volume(&b, 0.0).to_bits());
        match (Triangulation::new(&samples), Triangulation::new(&doubled)) {
            (Ok(a), Ok(b)) => prop_assert_eq!(volume(&a, 0.0).to_bits(), volume(&b, 0.0).to_bits()),
            (a, b) => prop_assert_eq!(a.err(), b.err()),
        }
    }

    #[test]
    fn surfaces_stay_between_the_least_and_the_greatest(samples in samples(), x in -300.0..500.0_f64, y in -300.0..500.0_f64) {
        let least = samples.iter().map(|s| s.value).fold(f64::INFINITY, f64::min) - 1e-9;
        let greatest = samples.iter().map(|s| s.value).fold(0.0, f64::max) + 1e-9;
        let between = |value: f64| least <= value && value <= greatest;
        let nearest = Nearest::new(&samples).unwrap();
        prop_assert!(between(nearest.value_at(x, y)));
        prop_assert!((0..samples.len()).filter_map(|i| nearest.value_without(i)).all(between));
        if let Ok(tin) = Triangulation::new(&samples) {
            prop_assert!(between(tin.value_at(x, y)));
            prop_assert!((0..samples.len()).filter_map(|i| tin.value_without(i)).all(between));
        }
    }
}
