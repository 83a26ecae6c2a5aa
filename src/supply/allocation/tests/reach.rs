//! Prepared land is worked out before the whole stock is.

use super::*;

/// 20 MWh a year for six years; a hectare gives 2 MWh a year and holds 6.
fn of_new_land(reach: Option<Reach>) -> AllocationStudy {
    let land = HarvestSource {
        stock_mwh: 600.0,
        yield_mwh_ha: 2.0,
        prepared_ha: 0.0,
        largest_ha: 100.0,
        preparation_ha_a: Some(100.0),
        preparation_cost_rub_ha: Some(10.0),
        preparation_years: Some(0),
        reach,
        ..source("bog", 0.0, 0.0, 100.0)
    };
    let plant = plant("plant", vec![20.0], 10_000.0);
    AllocationStudy { sources: vec![land], plants: vec![plant], ways: vec![way("bog", "plant", 0.0)], ..bare(6, 0.0) }
}

fn prepared_ha(plan: &Allocation) -> f64 {
    plan.sources[0].years.iter().map(|year| year.newly_prepared_ha).sum()
}

#[test]
fn a_hectare_gives_what_it_holds_and_the_next_one_is_prepared() {
    let all = planned(&of_new_land(None));
    assert!((prepared_ha(&all) - 10.0).abs() < 1e-6, "any hectare reaches the whole bog");
    let own = planned(&of_new_land(Some(Reach { prepared_mwh: vec![0.0; 6], new_mwh_ha: 6.0 })));
    // 120 MWh are those of 20 ha, ten of which last three years.
    assert!((prepared_ha(&own) - 20.0).abs() < 1e-6, "{}", prepared_ha(&own));
    assert!((own.cost.total_rub - all.cost.total_rub - 10.0 * 10.0).abs() < 1e-6);
    assert!(own.plants[0].first_short_year.is_none());
}

#[test]
fn a_field_that_is_worked_out_harvests_no_more() {
    // Two fields of 10 MWh a year: one holds two years of peat, the other sixty.
    let cut_by = |year: f64| (10.0 * year).min(20.0) + 10.0 * year;
    let prepared_mwh: Vec<f64> = (0..6).map(|year| cut_by(f64::from(year) + 1.0) - cut_by(f64::from(year))).collect();
    let fields = HarvestSource { reach: Some(Reach { prepared_mwh, new_mwh_ha: 0.0 }), ..source("bog", 620.0, 20.0, 100.0) };
    let plant = plant("plant", vec![20.0], 10_000.0);
    let study =
        AllocationStudy { sources: vec![fields], plants: vec![plant], ways: vec![way("bog", "plant", 0.0)], ..bare(6, 0.0) };
    let plan = planned(&study);
    let harvested: f64 = plan.sources[0].years.iter().map(|year| year.harvested_mwh).sum();
    assert!((harvested - 80.0).abs() < 1e-6, "{harvested}: two years of 20 MWh and four of 10");
    // There is more in the deposit than is needed, and none of it can be cut: on its land it is worth what is missed less what it costs to cut.
    let rent = plan.sources[0].years[4].scarcity_rent_rub_mwh.expect("a proof");
    assert!((rent - (10_000.0 - 100.0)).abs() < 1e-6, "{rent}");
    assert!(plan.sources[0].scarcity_rent_rub_mwh.expect("a proof").abs() < 1e-6);
}

#[test]
fn new_land_gives_its_peat_by_its_own_seasons() {
    // Ten hectares of 2 MWh a year last two years; one more holds 60 MWh, and gives 2 of them a year all the same.
    let mut study = of_new_land(Some(Reach { prepared_mwh: vec![20.0, 20.0, 0.0, 0.0, 0.0, 0.0], new_mwh_ha: 60.0 }));
    (study.sources[0].prepared_ha, study.sources[0].largest_ha) = (10.0, 11.0);
    let plan = planned(&study);
    let harvested: f64 = plan.sources[0].years.iter().map(|year| year.harvested_mwh).sum();
    assert!((harvested - (40.0 + 6.0 * 2.0)).abs() < 1e-6, "{harvested}");
    // Of land that has its first yields the first season gives as much less.
    study.sources[0].first_yields = vec![0.5];
    let harvested: f64 = planned(&study).sources[0].years.iter().map(|year| year.harvested_mwh).sum();
    assert!((harvested - (40.0 + 6.0 * 2.0 - 1.0)).abs() < 1e-6, "{harvested}");
}

#[test]
fn peat_within_reach_has_a_number_for_each_year() {
    let study = of_new_land(Some(Reach { prepared_mwh: vec![0.0; 5], new_mwh_ha: 6.0 }));
    let error = allocation(&study, &mut |_| true).unwrap_err().to_string();
    assert!(error.contains("reach.prepared_mwh") && error.contains('6') && error.contains('5'), "{error}");
    let study = of_new_land(Some(Reach { prepared_mwh: vec![0.0; 6], new_mwh_ha: -1.0 }));
    assert!(allocation(&study, &mut |_| true).unwrap_err().to_string().contains("reach.new_mwh_ha"));
}

#[test]
fn needs_beyond_the_prepared_land_are_told_as_such() {
    let mut study = of_new_land(Some(Reach { prepared_mwh: vec![30.0, 0.0, 0.0, 0.0, 0.0, 0.0], new_mwh_ha: 6.0 }));
    (study.sources[0].prepared_ha, study.sources[0].largest_ha) = (10.0, 10.0);
    study.plants[0].must_be_met = true;
    let error = allocation(&study, &mut |_| true).unwrap_err();
    let AllocationError::Infeasible(shortfalls) = &error else { panic!("{error}") };
    let missing: f64 = shortfalls.iter().map(|shortfall| shortfall.amount).sum();
    assert!(shortfalls.iter().any(|shortfall| shortfall.sentence.contains("prepared land of \"bog\"")), "{error}");
    assert!((missing - 90.0).abs() < 1e-6, "{error}");
}
