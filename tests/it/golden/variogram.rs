//! Experimental variograms and fits against gstat and other programs.

use crate::support::tydal::survey;
use peatplan::geostat::{Sample, VariogramOptions, experimental_variogram};

fn meuse() -> Vec<Sample> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/geostat/meuse_155.txt");
    let mut reader = csv::Reader::from_path(file).unwrap();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.unwrap();
        let number = |index: usize| row[index].parse::<f64>().unwrap();
        Sample { x: number(0), y: number(1), value: number(5).ln() }
    };
    reader.records().map(row).collect()
}

fn tydal() -> Vec<Sample> {
    survey().probes_inside.iter().map(|probe| Sample { x: probe.x, y: probe.y, value: probe.depth.0 }).collect()
}

fn near(computed: f64, published: f64, tolerance: f64, what: &str) {
    assert!((computed - published).abs() <= tolerance, "{what}: {computed} against {published}");
}

#[test]
fn the_variogram_of_the_meuse_is_that_of_gstat() {
    let seen = experimental_variogram(&meuse(), VariogramOptions::default()).unwrap();
    let (first, last) = (seen.lags[0], seen.lags[14]);
    assert_eq!((seen.lags.len(), seen.samples_used, first.pairs, last.pairs), (15, 155, 57, 415));
    near(first.distance, 79.29244, 5e-6, "first lag");
    near(first.semivariance, 0.123_447_9, 5e-8, "first semivariance");
    near(last.distance, 1_543.202_48, 5e-6, "last lag");
    near(last.semivariance, 0.574_822_7, 5e-8, "last semivariance");
}

#[test]
fn the_lags_of_tydal_are_those_of_other_programs() {
    let options = VariogramOptions { width: Some(10.0), cutoff: Some(100.0), direction: None };
    let seen = experimental_variogram(&tydal(), options).unwrap();
    near(seen.variance, 1.0774, 5e-5, "variance of the probes");
    let published = [
        (18.3, 0.458),
        (25.3, 0.691),
        (36.9, 0.948),
        (44.2, 1.032),
        (56.3, 1.095),
        (64.4, 1.147),
        (75.4, 1.218),
        (84.6, 1.198),
        (96.4, 1.134),
    ];
    for (lag, (distance, semivariance)) in seen.lags.iter().skip(1).zip(published) {
        near(lag.distance, distance, 0.05, "lag");
        near(lag.semivariance, semivariance, 5e-4, "semivariance");
    }
}
