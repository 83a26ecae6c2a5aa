//! Consumers whose rows say much, little, or what does not go together.

use super::*;

fn demand(consumer: &Consumer) -> ConsumerDemand {
    consumer_demand(consumer, &norm_year(), &DemandRequest::default()).unwrap().0
}

fn derived(demand: &ConsumerDemand, quantity: &str) -> f64 {
    demand
        .derived
        .iter()
        .find(|derived| derived.quantity == quantity)
        .unwrap_or_else(|| panic!("{quantity}: {:?}", demand.derived))
        .value
}

#[test]
fn annual_heat_and_peak_together_give_the_share_of_hot_water() {
    let mut town = consumer(ConsumerKind::DistrictHeating);
    town.heat_demand_mwh_a = Some(100_000.0);
    town.peak_heat_mw = Some(34.0);
    let demand = demand(&town);
    assert!(close(demand.heat.energy_mwh_a, 100_000.0, 1e-12));
    assert!(close(demand.heat.peak_mw, 34.0, 1e-9), "{}", demand.heat.peak_mw);
    let share = derived(&demand, "hot_water_share");
    assert!(close(share, demand.hot_water_mwh_a / 100_000.0, 1e-9) && (0.1..0.5).contains(&share), "{share}");
    assert!(demand.warnings.is_empty());
}

#[test]
fn annual_heat_and_peak_together_give_the_share_of_process_heat() {
    let mut works = consumer(ConsumerKind::GlassWorks);
    works.heat_demand_mwh_a = Some(41_000.0);
    works.peak_heat_mw = Some(9.5);
    let demand = demand(&works);
    // S = (41,000 - 9.5 H) / (8,760 - H) with H close to 2,502.75 h.
    let hours = 2_502.75;
    let expected = (41_000.0 - 9.5 * hours) / (8_760.0 - hours) * 8_760.0 / 41_000.0;
    assert!((derived(&demand, "process_share") - expected).abs() < 2e-3);
    assert!(close(demand.heat.peak_mw, 9.5, 1e-9) && close(demand.heat.energy_mwh_a, 41_000.0, 1e-12));
    assert!(close(demand.process.peak_mw, demand.process.least_mw, 1e-12), "round the clock is a constant");
}

#[test]
fn a_peak_that_no_share_gives_is_said_and_the_energy_holds() {
    let mut house = consumer(ConsumerKind::BoilerHouse);
    house.heat_demand_mwh_a = Some(13_500.0);
    house.peak_heat_mw = Some(9.0);
    let demand = demand(&house);
    assert!(close(demand.heat.energy_mwh_a, 13_500.0, 1e-12));
    assert!(demand.warnings[0].contains("1500 full-load hours"), "{:?}", demand.warnings);
    assert_eq!((demand.stated_peak_heat_mw, derived(&demand, "hot_water_share")), (Some(9.0), 0.0));
}

#[test]
fn annual_heat_alone_takes_the_default_share_and_says_so() {
    let mut town = consumer(ConsumerKind::DistrictHeating);
    town.heat_demand_mwh_a = Some(10_000.0);
    let demand = demand(&town);
    assert!(close(demand.hot_water_mwh_a, 2_000.0, 1e-12) && close(demand.space_heat_mwh_a, 8_000.0, 1e-12));
    assert!(demand.rests_on.iter().any(|used| used.parameter == "hot_water_share"));
    assert!(close(derived(&demand, "peak_heat_mw"), demand.heat.peak_mw, 1e-9));
}

#[test]
fn a_peak_alone_gives_the_annual_heat() {
    for kind in [ConsumerKind::DistrictHeating, ConsumerKind::Industry] {
        let mut peaked = consumer(kind);
        peaked.peak_heat_mw = Some(20.0);
        let of_peak = demand(&peaked);
        assert!(close(of_peak.heat.peak_mw, 20.0, 1e-9), "{}", of_peak.heat.peak_mw);
        let annual = derived(&of_peak, "heat_demand_mwh_a");
        assert!(close(annual, of_peak.heat.energy_mwh_a, 1e-12));
        let mut again = consumer(kind);
        again.heat_demand_mwh_a = Some(annual);
        assert!(close(demand(&again).heat.peak_mw, 20.0, 1e-9), "there and back");
    }
}

#[test]
fn floor_area_alone_gives_space_heat_by_degree_days_and_a_network_its_loss() {
    let mut house = consumer(ConsumerKind::Other);
    house.floor_area_m2 = Some(50_000.0);
    let alone = demand(&house);
    assert!(close(alone.space_heat_mwh_a, 120.0 * 50_000.0 * 5_005.5 / 3.6e6, 1e-9), "{}", alone.space_heat_mwh_a);
    assert_eq!(alone.network_loss_mwh_a, 0.0);
    house.kind = ConsumerKind::DistrictHeating;
    let network = demand(&house);
    assert!(close(network.network_loss_mwh_a, 0.12 * network.heat.energy_mwh_a, 1e-9));
    assert!(network.rests_on.iter().any(|used| used.parameter == "network_loss_share"));
}

#[test]
fn a_flow_of_steam_is_process_heat() {
    let mut works = consumer(ConsumerKind::GlassWorks);
    works.steam_flow_t_h = Some(10.0);
    works.operating_profile = Some(OperatingProfile::TwoShifts);
    works.shutdown_weeks = Some(2.0);
    let alone = demand(&works);
    assert!(close(alone.process_heat_mw, 6.53, 1e-12) && close(alone.heat.peak_mw, 6.53, 1e-12));
    assert_eq!(alone.heat.least_mw, 0.0, "it stands in the shutdown");
    works.heat_demand_mwh_a = Some(60_000.0);
    let with_heat = demand(&works);
    assert!(close(with_heat.process_heat_mwh_a, alone.process_heat_mwh_a, 1e-9));
    assert!(close(with_heat.heat.energy_mwh_a, 60_000.0, 1e-12));
    works.heat_demand_mwh_a = Some(1_000.0);
    let too_little = demand(&works);
    assert!(close(too_little.heat.energy_mwh_a, 1_000.0, 1e-12));
    assert!(too_little.warnings[0].starts_with("steam_flow_t_h gives more heat"), "{:?}", too_little.warnings);
}

#[test]
fn a_consumer_of_which_nothing_is_known_needs_nothing_and_says_so() {
    let unknown = demand(&consumer(ConsumerKind::Other));
    assert_eq!((unknown.heat.energy_mwh_a, unknown.heat.full_load_hours, unknown.power.energy_mwh_a), (0.0, None, 0.0));
    assert!(unknown.warnings[0].contains("all missing"));
}

#[test]
fn a_wrong_number_is_refused_with_consumer_name_and_limits() {
    let mut wrong = consumer(ConsumerKind::Industry);
    wrong.heat_demand_mwh_a = Some(f64::NAN);
    let error = consumer_demand(&wrong, &norm_year(), &DemandRequest::default()).unwrap_err();
    assert_eq!(error.to_string(), "test: heat_demand_mwh_a must lie between 0 and 1000000000 MWh; it was NaN");
    wrong.heat_demand_mwh_a = None;
    (wrong.process_share, wrong.hot_water_share) = (Some(0.8), Some(0.3));
    let error = consumer_demand(&wrong, &norm_year(), &DemandRequest::default()).unwrap_err();
    assert!(error.to_string().contains("process_share plus hot_water_share"), "{error}");
}

#[test]
fn a_stated_loss_comes_on_top_of_the_end_users() {
    let mut town = consumer(ConsumerKind::DistrictHeating);
    town.heat_demand_mwh_a = Some(90_000.0);
    town.network_loss_share = Some(0.1);
    let demand = demand(&town);
    assert!(close(demand.heat.energy_mwh_a, 100_000.0, 1e-9) && close(demand.network_loss_mwh_a, 10_000.0, 1e-9));
}

#[test]
fn by_the_norm_a_mild_year_needs_less_than_the_annual_heat() {
    let mut town = consumer(ConsumerKind::DistrictHeating);
    town.heat_demand_mwh_a = Some(50_000.0);
    let mut request = DemandRequest::default();
    request.set("annual_heat_refers_to", "norm").unwrap();
    let year = norm_year();
    let norm = consumer_demand(&town, &year, &request).unwrap().0.heat.energy_mwh_a;
    // The norm's own year gives the annual heat but for what is cut above the design load.
    assert!(norm <= 50_000.0 + 1e-6 && norm > 49_750.0, "{norm}");
    let mild = consumer_demand(&town, &warmer(&year, 2.0), &request).unwrap().0.heat.energy_mwh_a;
    assert!(mild < 0.95 * norm, "{mild}");
}

#[test]
fn a_year_without_winter_still_has_the_annual_heat() {
    let tropics = WeatherYear::new(vec![26.0; HOURS_OF_YEAR], WeatherKind::Synthetic, "tropics").unwrap();
    for kind in [ConsumerKind::DistrictHeating, ConsumerKind::GlassWorks] {
        let mut town = consumer(kind);
        town.heat_demand_mwh_a = Some(50_000.0);
        let (demand, _) = consumer_demand(&town, &tropics, &DemandRequest::default()).unwrap();
        assert!(close(demand.heat.energy_mwh_a, 50_000.0, 1e-9), "{kind:?} {}", demand.heat.energy_mwh_a);
    }
}
