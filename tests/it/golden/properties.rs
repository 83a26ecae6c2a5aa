//! What must hold for any survey and any plant.

use geo::{LineString, MultiPolygon, Polygon};
use peatplan::geostat::Unwatched;
use peatplan::reserves::{
    ConstraintArea, ConstraintUse, ProbedDepth, ReserveEstimate, ReserveRequest, StepName, Survey, reserve_estimate,
};
use peatplan::supply::{Source, depletion, supply_curve};
use peatplan::units::{MegawattHours, Metres, SquareMetres};
use proptest::prelude::*;

fn square(west: f64, south: f64, edge: f64) -> MultiPolygon {
    let corners = vec![(west, south), (west + edge, south), (west + edge, south + edge), (west, south + edge)];
    MultiPolygon::new(vec![Polygon::new(LineString::from(corners), vec![])])
}

fn survey(depths: &[(f64, f64, f64)], shift: f64, constraint: Option<(f64, f64)>) -> Survey {
    let probe = |(x, y, depth): &(f64, f64, f64)| ProbedDepth::measured(x + shift, y + shift, Metres(*depth));
    let taken = |(at, edge): (f64, f64)| ConstraintArea {
        id: 1,
        name: "Park".into(),
        name_ru: None,
        kind: "protected_area".into(),
        synthetic: true,
        area: square(at + shift, at + shift, edge),
    };
    Survey {
        crs: "planar".into(),
        outline: square(shift, shift, 1_000.0),
        area_ellipsoidal: SquareMetres(1e6),
        probes_inside: depths.iter().map(probe).collect(),
        probes_outside: Vec::new(),
        cores: Vec::new(),
        constraints: constraint.into_iter().map(taken).collect(),
        stated_mean_depth: None,
    }
}

fn estimate(survey: &Survey, inputs: &[(&str, String)], constraints: ConstraintUse) -> ReserveEstimate {
    let mut request = ReserveRequest::default();
    request.choices.constraints = constraints;
    for (name, value) in inputs {
        request.set(name, value).unwrap();
    }
    reserve_estimate(survey, &request, 1_000_000, &Unwatched).unwrap().estimate
}

fn volume(estimate: &ReserveEstimate, step: StepName) -> f64 {
    estimate.ladder.iter().find(|s| s.step == step).unwrap().volume_m3.0
}

fn depths() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    prop::collection::vec((0.0..1_000.0, 0.0..1_000.0, 0.0..8.0), 2..60)
}

fn method() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["mean", "declustered_mean", "thiessen", "idw", "kriging", "isopach"]).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_higher_cut_off_never_adds_volume(depths in depths(), method in method(), low in 0.0..4.0, more in 0.0..4.0) {
        let bog = survey(&depths, 0.0, None);
        let at = |cut: f64| {
            let inputs = [("method", method.clone()), ("cell_m", "50".into()), ("min_depth_m", cut.to_string())];
            volume(&estimate(&bog, &inputs, ConstraintUse::Ignore), StepName::Delivered)
        };
        prop_assert!(at(low + more) <= at(low) + 1e-6);
    }

    #[test]
    fn moving_everything_changes_nothing(depths in depths(), method in method(), shift in 0.0..1e6_f64) {
        // Numbers that a shift does not round, so that cells, pairs and lags keep their places bit for bit.
        let shift = shift.round();
        let whole = |length: f64| (length * 1_024.0).round() / 1_024.0;
        let depths: Vec<(f64, f64, f64)> = depths.into_iter().map(|(x, y, depth)| (whole(x), whole(y), depth)).collect();
        let inputs = [("method", method), ("cell_m", "50".into())];
        let here = estimate(&survey(&depths, 0.0, None), &inputs, ConstraintUse::Ignore);
        let there = estimate(&survey(&depths, shift, None), &inputs, ConstraintUse::Ignore);
        let (a, b) = (here.geological_volume_m3.0, there.geological_volume_m3.0);
        let model = |estimate: &ReserveEstimate| estimate.variogram.as_ref().map(|v| (v.shape, v.nugget_m2, v.partial_sill_m2, v.range_m));
        prop_assert!((a - b).abs() <= 1e-6 * a.max(1.0), "{a} {b} {:?} {:?}", model(&here), model(&there));
    }

    #[test]
    fn each_step_of_the_ladder_takes_and_never_gives(depths in depths(), method in method(), at in 0.0..900.0, edge in 10.0..900.0) {
        let inputs = [("method", method), ("cell_m", "25".into())];
        let estimate = estimate(&survey(&depths, 0.0, Some((at, edge))), &inputs, ConstraintUse::Apply);
        for pair in estimate.ladder.windows(2) {
            prop_assert!(pair[1].volume_m3.0 <= pair[0].volume_m3.0 + 1e-6);
            prop_assert!(pair[1].lost_volume_m3.0 >= -1e-6);
        }
        let delivered = estimate.ladder.last().unwrap();
        prop_assert_eq!(delivered.fuel.energy_mwh, estimate.energy_mwh);
    }

    #[test]
    fn what_a_constraint_takes_and_leaves_is_the_whole(depths in depths(), at in 0.0..900.0, edge in 50.0..900.0) {
        let inputs = [("method", "idw".to_owned()), ("cell_m", "25".into())];
        let estimate = estimate(&survey(&depths, 0.0, Some((at, edge))), &inputs, ConstraintUse::Report);
        let net = estimate.net_of_constraints.as_ref().unwrap();
        let sum = estimate.constraints[0].geological_volume_m3.0 + net.geological_volume_m3.0;
        prop_assert!((sum - estimate.geological_volume_m3.0).abs() < 1e-6 * sum.max(1.0));
    }

    #[test]
    fn a_plant_gets_its_need_or_all_there_is(sources in prop::collection::vec((1.0..1e3, 0.0..1e5), 0..40), need in 0.0..1e6) {
        let sources: Vec<(f64, MegawattHours)> = sources.into_iter().map(|(cost, energy)| (cost, MegawattHours(energy))).collect();
        let curve = supply_curve(&sources, MegawattHours(need));
        let used: f64 = curve.iter().map(|step| step.used.0).sum();
        let there: f64 = sources.iter().map(|(_, energy)| energy.0).sum();
        prop_assert!((used - need.min(there)).abs() < 1e-6 * need.max(1.0));
        prop_assert!(curve.windows(2).all(|pair| pair[0].cost <= pair[1].cost));
        // No step is used while a cheaper one has something left.
        for (place, step) in curve.iter().enumerate() {
            let cheaper_left = curve[..place].iter().any(|cheaper| cheaper.used.0 < cheaper.available.0 - 1e-9);
            prop_assert!(!(step.used.0 > 1e-9 && cheaper_left));
        }
    }

    #[test]
    fn no_peat_is_burned_twice(
        sources in prop::collection::vec((0_usize..4, 0.0..1e3, 0.0..2e4), 0..30), need in 0.0..5e3, horizon in 1_usize..80,
    ) {
        let sources: Vec<Source> = sources
            .into_iter()
            .map(|(group, yearly, stock)| Source { group, yearly: MegawattHours(yearly), stock: MegawattHours(stock) })
            .collect();
        let followed = depletion(&sources, 4, MegawattHours(need), horizon);
        for group in 0..4 {
            let held: f64 = sources.iter().filter(|s| s.group == group).map(|s| s.stock.0).sum();
            let burned: f64 = followed.years.iter().map(|year| year.by_deposit[group].0).sum();
            let left = followed.years.last().unwrap().remaining_by_deposit[group].0;
            prop_assert!((burned + left - held).abs() < 1e-6 * held.max(1.0));
        }
        prop_assert!(followed.years.iter().all(|year| year.supplied_mwh.0 <= need + 1e-6));
    }
}
