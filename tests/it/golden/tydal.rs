//! The published volume of a real survey and what other methods and cut-offs make of it: 104 probes inside
//! the outline of a mire at Tydal, Norway (Kyrkjeeide et al. 2023, doi 10.1080/17583004.2023.2267018; ladder
//! reproduced with R and Python programs).

use crate::support::tydal::survey;
use peatplan::geostat::Unwatched;
use peatplan::reserves::{ReserveEstimate, ReserveRequest, StepName, reserve_estimate};

fn estimate(inputs: &[(&str, &str)]) -> ReserveEstimate {
    let mut request = ReserveRequest::default();
    let base = [("method", "idw"), ("probes", "inside"), ("cell_m", "1"), ("min_depth_m", "0"), ("bottom_layer_m", "0")];
    for (name, value) in base.iter().chain(inputs) {
        request.set(name, value).unwrap();
    }
    reserve_estimate(&survey(), &request, 1_000_000, &Unwatched).unwrap().estimate
}

fn near(computed: f64, published: f64, tolerance: f64, what: &str) {
    assert!((computed - published).abs() <= tolerance, "{what}: {computed} against {published}");
}

#[test]
fn the_published_volume_of_tydal_is_reproduced_to_the_litre() {
    let estimate = estimate(&[("power", "4"), ("neighbours", "20")]);
    near(estimate.geological_volume_m3.0, 77_336.97, 0.01, "volume");
    near(estimate.area_ha.square_metres().0, 37_922.82, 0.01, "planar area");
    near(estimate.area_ellipsoidal_ha.square_metres().0, 37_927.24, 0.01, "ellipsoidal area");
    assert_eq!(estimate.probes_used, 104);
    near(estimate.ladder[0].area_ha.square_metres().0, 37_979.0, 0.0, "cells of one square metre");
}

#[test]
fn the_power_ladder_of_tydal_holds_with_its_errors() {
    let rows = [
        ("0", 82_887.97, 0.7697, 0.926),
        ("1", 80_507.02, 0.6825, 0.831),
        ("2", 78_598.06, 0.6288, 0.781),
        ("3", 77_734.98, 0.5962, 0.774),
        ("4", 77_336.97, 0.5855, 0.774),
        ("5", 77_121.54, 0.5861, 0.776),
        ("6", 76_993.32, 0.5901, 0.780),
    ];
    for (power, volume, mae, rmse) in rows {
        let estimate = estimate(&[("power", power)]);
        near(estimate.geological_volume_m3.0, volume, 0.01, &format!("volume at power {power}"));
        let errors = estimate.cross_validation.unwrap();
        near(errors.mae_m, mae, 5e-5, &format!("mean absolute error at power {power}"));
        near(errors.rmse_m, rmse, 5e-4, &format!("root mean squared error at power {power}"));
    }
}

#[test]
fn the_cut_off_ladder_of_tydal_holds() {
    let rows = [
        ("0.5", 36_693.0, 77_004.3, 65_996.4, 58_657.8),
        ("0.7", 35_554.0, 76_303.6, 65_637.4, 58_526.6),
        ("1.0", 32_312.0, 73_507.0, 63_813.4, 57_351.0),
        ("1.5", 25_497.0, 64_987.7, 57_338.6, 52_239.2),
        ("2.0", 18_966.0, 53_591.2, 47_901.4, 44_108.2),
    ];
    for (cut, area, volume, leaving_30_cm, leaving_50_cm) in rows {
        for (bottom, left) in [("0.3", leaving_30_cm), ("0.5", leaving_50_cm)] {
            let estimate = estimate(&[("min_depth_m", cut), ("bottom_layer_m", bottom)]);
            let step = |name| estimate.ladder.iter().find(|step| step.step == name).unwrap();
            near(step(StepName::Balance).area_ha.square_metres().0, area, 1e-6, "area");
            near(step(StepName::Balance).volume_m3.0, volume, 0.05, "balance volume");
            near(step(StepName::AboveBottomLayer).volume_m3.0, left, 0.05, "above the bottom layer");
        }
    }
}

#[test]
fn the_mean_gives_the_rough_volume_of_tydal() {
    let estimate = estimate(&[("method", "mean")]);
    near(estimate.geological_volume_m3.0, 76_994.27, 0.05, "rough volume");
    near(estimate.mean_depth_m.0, 2.030_29, 5e-6, "mean depth");
    near(estimate.max_depth_m.0, 4.4, 1e-12, "deepest probe");
}

#[test]
fn the_nearest_probe_alone_gives_thiessens_volume() {
    near(estimate(&[("neighbours", "1")]).geological_volume_m3.0, 76_733.9, 0.05, "nearest probe");
}

#[test]
fn a_zero_boundary_lowers_the_volume_as_other_programs_found() {
    // The step along the outline can start anywhere on it: agreement to a part in a thousand.
    let rows = [("4", "5", 66_258.0), ("4", "10", 68_034.0), ("4", "20", 70_098.0), ("2", "5", 60_152.0), ("2", "10", 64_344.0)];
    for (power, step, volume) in rows {
        let estimate = estimate(&[("power", power), ("boundary", "zero"), ("boundary_step_m", step)]);
        near(estimate.geological_volume_m3.0, volume, volume * 1e-3, &format!("power {power}, step {step} m"));
    }
}
