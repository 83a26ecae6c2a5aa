use super::*;

fn small() -> AllocationStudy {
    let mut study = bare(3, 0.1);
    study.sources.push(source("F", 1_000.0, 100.0, 200.0));
    study.plants.push(plant("P", vec![80.0], 3_000.0));
    study.ways.push(way("F", "P", 100.0));
    study
}

fn refusal(change: impl FnOnce(&mut AllocationStudy)) -> String {
    let mut study = small();
    change(&mut study);
    allocation(&study, &mut |_| true).expect_err("it is not allowed").to_string()
}

#[test]
fn what_is_not_allowed_is_named_with_its_unit_and_limits() {
    assert_eq!(refusal(|study| study.years = 1_000), "a study may have at most 100 years; it has 1000");
    assert_eq!(refusal(|study| study.years = 0), "years must lie between 1 and 100 a; it was 0");
    assert_eq!(
        refusal(|study| study.plants = (0..10_000).map(|j| plant(&j.to_string(), vec![1.0], 1.0)).collect()),
        "a study may have at most 2000 plants; it has 10000"
    );
    assert_eq!(
        refusal(|study| study.sources[0].stock_mwh = f64::NAN),
        "stock_mwh of source \"F\" must lie between 0 and 1000000000000 MWh; it was NaN"
    );
    assert_eq!(
        refusal(|study| study.sources[0].largest_ha = 0.5),
        "largest_ha of source \"F\" must lie between 1 and 10000000 ha; it was 0.5"
    );
    assert_eq!(
        refusal(|study| study.ways[0].cost_rub_mwh = -1.0),
        "cost_rub_mwh of the way from \"F\" to \"P\" must lie between 0 and 10000000 RUB/MWh; it was -1"
    );
    assert_eq!(refusal(|study| study.discount_rate = -1.0), "discount_rate must lie between 0 and 1 share a year; it was -1");
    assert_eq!(
        refusal(|study| study.plants[0].need_mwh = vec![1.0, 2.0]),
        "need_mwh of plant \"P\" must have one number for each of the 3 years, or one for all; it has 2"
    );
    assert_eq!(
        refusal(|study| study.weather = vec![1.0]),
        "weather must have one number for each of the 3 years, or none; it has 1"
    );
    assert_eq!(refusal(|study| study.sources.push(study.sources[0].clone())), "source \"F\" is named twice");
    assert_eq!(refusal(|study| study.ways.push(study.ways[0].clone())), "way \"F to P\" is named twice");
    assert_eq!(
        refusal(|study| study.ways.push(way("G", "P", 1.0))),
        "the way from \"G\" to \"P\" names source \"G\", which the study does not have"
    );
    assert_eq!(
        refusal(|study| study.plants[0].blend.ash.most = Some(0.1)),
        "plant \"P\" limits its blend; \"F\" needs its quality for that"
    );
    assert_eq!(
        refusal(|study| study.first_year = i32::MAX),
        "first_year must lie between 1 and 9999 calendar year; it was 2147483647"
    );
}

#[test]
fn a_need_that_cannot_be_met_names_the_limit_in_the_way() {
    let mut study = small();
    study.plants[0].must_be_met = true;
    study.plants[0].need_mwh = vec![80.0, 130.0, 80.0];
    let Err(AllocationError::Infeasible(shortfalls)) = allocation(&study, &mut |_| true) else { panic!("30 MWh are short") };
    assert_eq!(shortfalls.len(), 1);
    // A miss of 30 MWh is a smaller share of the need of 130 than of the harvest of 100.
    let short = &shortfalls[0];
    assert_eq!((short.kind, short.id.as_str(), short.year, short.unit), (ShortfallKind::Need, "P", Some(2027), "MWh"));
    assert!((short.amount - 30.0).abs() < 1e-6);
    assert_eq!(short.sentence, "plant \"P\" lacks 30.0 MWh in 2027");

    study.plants[0].need_mwh = vec![90.0];
    study.sources[0].stock_mwh = 200.0;
    let error = allocation(&study, &mut |_| true).expect_err("the stock is short").to_string();
    assert_eq!(error, "the needs cannot be met. The least that must give way: the stock of \"F\" is 70.0 MWh too small");
}

#[test]
fn a_blend_that_cannot_be_kept_is_named() {
    let mut study = small();
    study.plants[0].must_be_met = true;
    study.plants[0].blend.ash.most = Some(0.05);
    study.sources[0].quality =
        Some(FuelQuality { net_calorific_value_mwh_t: 2.5, ash_share: 0.06, moisture_share: 0.45, sulphur_share: 0.002 });
    study.years = 1;
    let Err(AllocationError::Infeasible(shortfalls)) = allocation(&study, &mut |_| true) else { panic!("too much ash") };
    // 32 t at 6 % against 5 %.
    assert_eq!((shortfalls[0].kind, shortfalls[0].unit), (ShortfallKind::Blend, "t"));
    assert!((shortfalls[0].amount - 0.32).abs() < 1e-6, "{shortfalls:?}");
    // With a price on what is missing nothing is burnt.
    study.plants[0].must_be_met = false;
    let plan = planned(&study);
    assert_eq!(plan.deliveries.len(), 0);
    assert!((plan.plants[0].years[0].unmet_mwh - 80.0).abs() < 1e-9);
}

#[test]
fn a_plan_can_be_stopped() {
    assert_eq!(allocation(&small(), &mut |_| false).map(|_| ()), Err(AllocationError::Cancelled));
    assert_eq!(allocation(&small(), &mut |share| share < 0.5).map(|_| ()), Err(AllocationError::Cancelled));
}

#[test]
fn nothing_asked_costs_nothing() {
    let plan = planned(&bare(5, 0.1));
    assert_eq!(plan.cost.discounted_rub.to_bits(), 0);
    let mut study = small();
    study.ways.clear();
    let plan = planned(&study);
    assert!((plan.plants[0].years[0].unmet_mwh - 80.0).abs() < 1e-9);
    assert!(plan.plants[0].years[0].marginal_cost_rub_mwh.is_some_and(|price| (price - 3_000.0).abs() < 1e-6));
    assert_eq!(plan.plants[0].first_short_year, Some(2026));
}

#[test]
fn defaults_without_a_source_are_listed_only_where_they_are_used() {
    assert!(planned(&small()).rests_on.is_empty());
    let mut study = small();
    study.plants[0].shortage_rub_mwh = None;
    study.sources[0].largest_ha = 2.0;
    let used: Vec<&str> = planned(&study).rests_on.iter().map(|used| used.parameter).collect();
    assert_eq!(used, ["shortage_penalty_rub_mwh", "preparation_ha_a", "preparation_cost_rub_ha"]);
}

#[test]
fn a_plan_that_does_not_hold_is_refused() {
    let mut study = small();
    study.plants[0].need_mwh = vec![120.0];
    let case = case::Case::of(&study).expect("allowed");
    let plan = planned(&study);
    assert_eq!(check::check(&case, &plan), Ok(()));
    let refused = |change: &dyn Fn(&mut Allocation)| {
        let mut changed = plan.clone();
        change(&mut changed);
        match check::check(&case, &changed) {
            Err(AllocationError::Unproven { what, .. }) => what,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(&|plan| plan.plants[0].years[1].unmet_mwh += 1.0), "the need of plant \"P\" in 2027");
    assert_eq!(refused(&|plan| plan.sources[0].years[0].harvested_mwh += 1.0), "the harvest of source \"F\" in 2026");
    assert_eq!(refused(&|plan| plan.sources[0].years[0].stack_mwh += 1.0), "what leaves of source \"F\" in 2026");
    assert_eq!(refused(&|plan| plan.sources[0].years[2].lost_mwh += 1.0), "the balance of source \"F\" in 2028");
    assert_eq!(refused(&|plan| plan.sources[0].years[0].newly_prepared_ha += 1.0), "the ramp of source \"F\" in 2026");
    assert_eq!(refused(&|plan| plan.sources[0].years[0].area_ha = f64::NAN), "the area of source \"F\" in 2026");
    assert_eq!(refused(&|plan| plan.deliveries[0].fuel_mwh -= 1.0), "deliveries of \"F\" in 2026");
    assert_eq!(refused(&|plan| plan.cost.discounted_rub *= 1.001), "the discounted cost");
}

#[test]
fn the_proof_of_prices_can_be_stopped() {
    let study = super::oracles::drawn(12, 4, 25);
    assert!(matches!(allocation(&study, &mut |share| share < 0.7), Err(AllocationError::Cancelled)));
}

/// Two new fields, crews for 1 ha a year, a year of permits and one of works: harvest of one hectare in the third year, of two in
/// the fourth, whichever fields they are on.
#[test]
fn crews_are_shared_and_wait_for_permits() {
    let mut study = bare(4, 0.1);
    for id in ["A", "B"] {
        study.sources.push(HarvestSource {
            prepared_ha: 0.0,
            largest_ha: 1.0,
            preparation_ha_a: Some(1.0),
            preparation_cost_rub_ha: Some(1.0),
            permit_years: 1,
            preparation_years: Some(1),
            ..source(id, 1_000.0, 100.0, 200.0)
        });
        study.ways.push(way(id, "P", 100.0));
    }
    study.plants.push(plant("P", vec![200.0], 3_000.0));
    let peat = |study: &AllocationStudy| planned(study).plants[0].years.iter().map(|year| year.peat_mwh).collect::<Vec<_>>();
    let close = |given: Vec<f64>, expected: [f64; 4]| given.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6);
    assert!(close(peat(&study), [0.0, 0.0, 200.0, 200.0]));
    study.preparation_most_ha_a = Some(1.0);
    assert!(close(peat(&study), [0.0, 0.0, 100.0, 200.0]));
    study.plants[0].must_be_met = true;
    study.plants[0].need_mwh = vec![0.0, 0.0, 150.0, 150.0];
    let Err(AllocationError::Infeasible(shortfalls)) = allocation(&study, &mut |_| true) else { panic!("50 MWh are short") };
    assert!((shortfalls[0].amount - 50.0).abs() < 1e-6 && shortfalls.len() == 1, "{shortfalls:?}");
}

/// 1 ha prepared in the first year gives a half, then three quarters, then all of 100 MWh; no second hectare can be had for it.
#[test]
fn new_hectares_give_less_at_first() {
    let mut study = bare(4, 0.1);
    study.sources.push(HarvestSource {
        prepared_ha: 0.0,
        largest_ha: 1.0,
        preparation_ha_a: Some(5.0),
        preparation_cost_rub_ha: Some(1.0),
        preparation_years: Some(1),
        first_yields: vec![0.5, 0.75],
        ..source("A", 1_000.0, 100.0, 200.0)
    });
    study.ways.push(way("A", "P", 100.0));
    study.plants.push(plant("P", vec![200.0], 3_000.0));
    let plan = planned(&study);
    for (year, peat) in plan.plants[0].years.iter().zip([0.0, 50.0, 75.0, 100.0]) {
        assert!((year.peat_mwh - peat).abs() < 1e-6, "{year:?}");
    }
    study.sources[0].first_yields = vec![1.5];
    let error = allocation(&study, &mut |_| true).expect_err("more than all").to_string();
    assert_eq!(error, "first_yields of source \"A\" must lie between 0 and 1 share of the full yield; it was 1.5");
}
