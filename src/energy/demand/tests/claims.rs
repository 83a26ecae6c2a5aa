//! What must be true of any consumer, any load and any year.

use super::*;

fn any_kind() -> impl Strategy<Value = ConsumerKind> {
    prop_oneof![
        Just(ConsumerKind::GlassWorks),
        Just(ConsumerKind::BoilerHouse),
        Just(ConsumerKind::DistrictHeating),
        Just(ConsumerKind::Industry),
        Just(ConsumerKind::Other)
    ]
}

fn any_profile() -> impl Strategy<Value = OperatingProfile> {
    prop_oneof![
        Just(OperatingProfile::Continuous),
        Just(OperatingProfile::ThreeShifts),
        Just(OperatingProfile::TwoShifts),
        Just(OperatingProfile::OneShift)
    ]
}

prop_compose! {
    fn any_consumer()(
        kind in any_kind(),
        heat in prop::option::of(1.0..1e6_f64),
        peak in prop::option::of(0.01..500.0_f64),
        power in prop::option::of(0.0..1e6_f64),
        process in prop::option::of(0.0..0.5_f64),
        water in prop::option::of(0.0..0.5_f64),
        area in prop::option::of(0.0..1e6_f64),
        steam in prop::option::of(0.0..100.0_f64),
        profile in prop::option::of(any_profile()),
        shutdown in prop::option::of(0.0..52.0_f64),
    ) -> Consumer {
        Consumer {
            heat_demand_mwh_a: heat,
            peak_heat_mw: peak,
            power_demand_mwh_a: power,
            process_share: process,
            hot_water_share: water,
            floor_area_m2: area,
            steam_flow_t_h: steam,
            operating_profile: profile,
            shutdown_weeks: shutdown,
            ..consumer(kind)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_hours_have_the_energy_that_was_given(consumer in any_consumer(), bdew in any::<bool>()) {
        let mut request = DemandRequest::default();
        request.set("heat_profile", if bdew { "bdew" } else { "degree_hours" }).unwrap();
        let (demand, hours) = consumer_demand(&consumer, &norm_year(), &request).unwrap();
        if let Some(heat) = consumer.heat_demand_mwh_a {
            prop_assert!(close(demand.heat.energy_mwh_a, heat, 1e-9), "{} of {heat}", demand.heat.energy_mwh_a);
        }
        prop_assert!(close(hours.power.energy_mwh(), consumer.power_demand_mwh_a.unwrap_or(0.0), 1e-9));
        let parts = demand.space_heat_mwh_a + demand.hot_water_mwh_a + demand.process_heat_mwh_a + demand.network_loss_mwh_a;
        prop_assert!(close(parts, demand.heat.energy_mwh_a, 1e-9));
        prop_assert!(hours.heat.hours_mw().iter().chain(hours.power.hours_mw()).all(|hour| hour.is_finite() && *hour >= 0.0));
        prop_assert!(close(demand.heat.monthly_mwh.iter().sum(), demand.heat.energy_mwh_a, 1e-9));
        prop_assert!(demand.derived.iter().all(|derived| derived.value.is_finite()));
    }

    #[test]
    fn warmer_never_needs_more(consumer in any_consumer(), kelvin in 0.0..12.0_f64) {
        let mut request = DemandRequest::default();
        request.set("annual_heat_refers_to", "norm").unwrap();
        let year = norm_year();
        let demand = |year: &WeatherYear| consumer_demand(&consumer, year, &request).unwrap().0;
        let (cold, warm) = (demand(&year), demand(&warmer(&year, kelvin)));
        prop_assert!(warm.space_heat_mwh_a <= cold.space_heat_mwh_a * (1.0 + 1e-12));
        prop_assert!(warm.hot_water_mwh_a <= cold.hot_water_mwh_a * (1.0 + 1e-12));
        prop_assert!(warm.heat.energy_mwh_a <= cold.heat.energy_mwh_a * (1.0 + 1e-9));
        // A loss stated as a share of a year's heat is the year's alone, so it says nothing of the peak.
        if cold.network_loss_mwh_a <= 0.0 {
            prop_assert!(warm.heat.peak_mw <= cold.heat.peak_mw * (1.0 + 1e-9));
        }
    }

    #[test]
    fn a_thinned_duration_curve_keeps_peak_foot_and_integral_and_falls(
        hours in prop::collection::vec(0.0..100.0_f64, 1..3_000), at_most in 3_usize..250,
    ) {
        let mut sorted = hours;
        sorted.sort_by(|a, b| b.total_cmp(a));
        let steps = duration_steps(&sorted, at_most);
        prop_assert!(steps.len() <= at_most, "{} steps", steps.len());
        prop_assert_eq!(steps[0].load_mw, sorted[0]);
        prop_assert_eq!(steps[steps.len() - 1].load_mw, sorted[sorted.len() - 1]);
        prop_assert!(steps.windows(2).all(|pair| pair[0].load_mw >= pair[1].load_mw && pair[0].from_h + pair[0].hours == pair[1].from_h));
        let energy: f64 = steps.iter().map(|step| step.load_mw * step.hours).sum();
        prop_assert!(close(energy, sorted.iter().sum(), 1e-9));
        prop_assert_eq!(steps.iter().map(|step| step.hours).sum::<f64>(), sorted.len() as f64);
    }

    #[test]
    fn a_larger_base_unit_never_covers_less(seed in 0_u32..50, small in 0.0..1.0_f64, more in 0.0..1.0_f64) {
        let law = SpaceHeatLaw::new(vladimir(), 20.0).unwrap();
        let mut numbers = numbers();
        numbers.set("weather_seed", &seed.to_string()).unwrap();
        let load = HourlyLoad::new(law.shape(&synthetic_weather(vladimir(), &numbers).unwrap())).unwrap();
        let large = small + (1.0 - small) * more;
        let curve = Rossander::new(vladimir(), 20.0).unwrap();
        for (less, greater) in [
            (hourly_coverage(&load, small).unwrap(), hourly_coverage(&load, large).unwrap()),
            (curve.coverage(small).unwrap(), curve.coverage(large).unwrap()),
        ] {
            prop_assert!(less.heat_share <= greater.heat_share + 1e-12);
            prop_assert!(less.hours_at_full_load >= greater.hours_at_full_load - 1e-9);
            prop_assert!((0.0..=1.0).contains(&greater.heat_share));
        }
    }

    #[test]
    fn local_fuel_never_meets_more_than_there_is_or_is_needed(
        need in 0.0..50.0_f64, have in 0.0..50.0_f64, power in 0.0..50.0_f64, made in 0.0..50.0_f64,
    ) {
        let load = |mw: f64| HourlyLoad::from_shape(mw * 8_760.0, &SpaceHeatLaw::new(vladimir(), 20.0).unwrap().shape(&norm_year())).unwrap();
        let flat = |mw: f64| HourlyLoad::new(vec![mw; HOURS_OF_YEAR]).unwrap();
        let share = local_share([&load(need), &flat(power)], [&flat(have), &load(made)]);
        prop_assert!(share.heat_met_mwh_a <= 8_760.0 * need.min(have) * (1.0 + 1e-9));
        for part in [share.heat, share.power, share.both].into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&part));
        }
        prop_assert!(close(share.power_met_mwh_a + share.power_surplus_mwh_a, 8_760.0 * made, 1e-9) || made < 1e-6);
    }

    #[test]
    fn any_climate_gives_a_year_of_its_numbers_or_a_refusal(
        design in -60.0..5.0_f64, mean in -30.0..15.0_f64, days in 1.0..364.0_f64, limit in 0.0..15.0_f64, seed in 0_u32..9,
    ) {
        let climate = Climate {
            design_temperature_c: design, heating_mean_c: mean, heating_days: days.round(), heating_limit_c: limit, ..vladimir().clone()
        };
        let mut numbers = numbers();
        numbers.set("weather_seed", &seed.to_string()).unwrap();
        if let Ok(year) = synthetic_weather(&climate, &numbers) {
            let cold: Vec<f64> = year.daily_means_c().into_iter().filter(|day| *day <= limit).collect();
            prop_assert_eq!(cold.len() as f64, days.round());
            prop_assert!((cold.iter().sum::<f64>() / cold.len() as f64 - mean).abs() < 1e-6);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_another_year() {
    let mut other = numbers();
    other.set("weather_seed", "2").unwrap();
    assert_eq!(norm_year(), norm_year());
    assert_ne!(norm_year().hourly_c(), synthetic_weather(vladimir(), &other).unwrap().hourly_c());
}

#[test]
fn the_order_of_consumers_changes_no_bit_of_the_town() {
    let town: Vec<Consumer> = [(3, 4_000.0), (1, 12_345.6), (2, 777.7)]
        .map(|(id, heat)| Consumer { id: Some(id), heat_demand_mwh_a: Some(heat), ..consumer(ConsumerKind::BoilerHouse) })
        .to_vec();
    let mut turned = town.clone();
    turned.reverse();
    let (request, year) = (DemandRequest::default(), norm_year());
    let (one, two) = (town_demand(&town, &year, &request).unwrap(), town_demand(&turned, &year, &request).unwrap());
    assert_eq!(one.hours, two.hours);
    assert_eq!(one.consumers.iter().map(|demand| demand.consumer).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
}

#[test]
fn a_town_is_the_sum_of_its_consumers() {
    let mut peat = Consumer { heat_demand_mwh_a: Some(30_000.0), ..consumer(ConsumerKind::DistrictHeating) };
    peat.present_fuel = Some(PresentFuel::Peat);
    let works =
        Consumer { heat_demand_mwh_a: Some(10_000.0), power_demand_mwh_a: Some(5_000.0), ..consumer(ConsumerKind::GlassWorks) };
    let town = town_demand(&[peat, works], &norm_year(), &DemandRequest::default()).unwrap();
    assert!(close(town.heat.energy_mwh_a, 40_000.0, 1e-12) && close(town.power.energy_mwh_a, 5_000.0, 1e-12));
    assert!((town.present_local_heat_share.unwrap() - 0.75).abs() < 1e-12);
    assert!(town.sum_of_peaks_over_peak.unwrap() >= 1.0 - 1e-12);
    assert!(town.heat.duration.len() <= DURATION_STEPS);
    assert_eq!(town.coverage.len(), town.space_heat_coverage.len());
    assert!((0.6..0.95).contains(&town.base_unit.heat_share) && close(town.base_unit.relative_capacity, 0.45, 1e-12));
    let json = serde_json::to_string(&town).unwrap();
    assert!(!json.contains("null,null") && json.contains("\"energy_mwh_a\"") && !json.contains("\"hours\":{"));
    let mut wrong = consumer(ConsumerKind::Other);
    wrong.peak_heat_mw = Some(-1.0);
    let refused = town_demand(&[wrong], &norm_year(), &DemandRequest::default()).unwrap_err();
    assert!(refused.to_string().starts_with("test: peak_heat_mw"), "{refused}");
}

#[test]
fn more_consumers_than_a_town_has_are_refused() {
    let crowd = vec![consumer(ConsumerKind::Other); MOST_CONSUMERS + 1];
    let refused = town_demand(&crowd, &norm_year(), &DemandRequest::default()).unwrap_err();
    assert_eq!(refused.to_string(), "a demand takes 5000 consumers at most; there were 5001");
}

#[test]
fn an_empty_town_needs_nothing() {
    let town = town_demand(&[], &norm_year(), &DemandRequest::default()).unwrap();
    assert_eq!((town.heat.energy_mwh_a, town.heat.full_load_hours, town.present_local_heat_share), (0.0, None, None));
    assert!(town.heat.duration.iter().all(|step| step.load_mw == 0.0));
}

#[test]
fn loads_that_are_none_are_refused() {
    assert!(HourlyLoad::new(vec![1.0; 8_784]).is_err());
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        let mut hours = vec![1.0; HOURS_OF_YEAR];
        hours[7] = wrong;
        assert!(HourlyLoad::new(hours).unwrap_err().to_string().contains("hour 8 was"));
    }
    assert!(hourly_coverage(&HourlyLoad::none(), 1.5).is_err());
    assert_eq!(hourly_coverage(&HourlyLoad::none(), 0.5).unwrap().heat_share, 0.0);
}

#[test]
fn a_climate_of_which_no_year_can_be_made_is_refused() {
    let mut request = DemandRequest::default();
    request.set("indoor_temperature_c", "7").unwrap();
    let year = request.synthetic_weather().unwrap();
    let error = town_demand(&[], &year, &request).unwrap_err();
    assert_eq!(error, DemandError::Indoor { indoor: 7.0, limit: 8.0 });
    request.set("heating_mean_c", "-28").unwrap();
    assert!(matches!(request.synthetic_weather(), Err(DemandError::Climate(_))));
    assert!(
        request.set("heating_days", "400").is_err() && request.set("mood", "1").is_err() && request.set("bdew", "1").is_err()
    );
}
