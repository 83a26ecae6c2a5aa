//! What must hold for any boiler house, and what is refused.

use super::*;
use proptest::prelude::*;

fn expansion(inlet_mpa: f64, outlet_mpa: f64, isentropic: f64) -> Expansion {
    let machine = MachineEfficiency { isentropic, mechanical_electric: 0.94, own_use_share: 0.03 };
    Expansion::new(SteamState::saturated_steam(inlet_mpa).unwrap(), outlet_mpa, machine).unwrap()
}

fn request(inputs: &[(&str, &str)]) -> RetrofitRequest {
    let mut request = RetrofitRequest::default();
    let house = [("inlet_pressure_mpa", "1.3"), ("outlet_pressure_mpa", "0.12"), ("load", "1500:10; 2000:7; 1612:3")];
    for (name, text) in house.iter().chain(inputs) {
        request.set(name, text).unwrap();
    }
    request
}

proptest! {
    #[test]
    fn a_lower_outlet_pressure_gives_more_work_and_wetter_steam(inlet in 0.5..4.0_f64, share in 0.05..0.8_f64, isentropic in 0.6..0.9_f64) {
        let (high, low) = (expansion(inlet, share * inlet, isentropic), expansion(inlet, 0.9 * share * inlet, isentropic));
        prop_assert!(low.net_kwh_t > high.net_kwh_t);
        prop_assert!(low.exhaust.dryness() < high.exhaust.dryness());
        prop_assert!(low.heat_neutral_steam_factor > high.heat_neutral_steam_factor);
    }

    #[test]
    fn an_expansion_never_makes_entropy_less_and_keeps_the_energy(inlet in 0.2..8.0_f64, share in 0.02..0.95_f64, isentropic in 0.05..=1.0_f64) {
        let found = expansion(inlet, share * inlet, isentropic);
        prop_assert!(found.exhaust.entropy_kj_kg_k() >= found.inlet.entropy_kj_kg_k() - 1e-9);
        prop_assert!(found.throttled.entropy_kj_kg_k() >= found.exhaust.entropy_kj_kg_k() - 1e-9);
        let heat = found.throttled_heat_kj_kg() / 3.6;
        prop_assert!((found.heat_kwh_t + found.gross_kwh_t / 0.94 - heat).abs() < 1e-6);
    }

    #[test]
    fn users_keep_their_heat_whatever_the_load(
        demand in 0.0..60.0_f64, design in 0.1..40.0_f64, idle in 0.0..0.5_f64, least in 0.0..1.0_f64,
        limit in prop_oneof![Just(f64::INFINITY), 1.0..70.0_f64],
    ) {
        let expansion = expansion(1.3, 0.12, 0.6);
        let machine = PartLoad::new(design, idle, least).unwrap();
        let flow = machine.flow(&expansion, demand, limit);
        let before = demand * expansion.throttled_heat_kj_kg();
        let after = (flow.machine_t_h + flow.valve_t_h) * expansion.throttled_heat_kj_kg() - 3.6 * flow.shaft_kw;
        prop_assert!((after - before).abs() <= 1e-9 * before.max(1.0), "{flow:?}");
        prop_assert!(flow.valve_t_h >= 0.0 && flow.shaft_kw >= 0.0);
        prop_assert!(flow.machine_t_h <= design * (1.0 + 1e-12));
        if demand <= limit {
            prop_assert!(flow.machine_t_h + flow.valve_t_h <= limit * (1.0 + 1e-9), "{flow:?} {limit}");
        }
        if flow.shaft_kw > 0.0 {
            prop_assert!(flow.machine_t_h >= machine.least_steam_t_h() * (1.0 - 1e-12));
            // Steam at part load gives off less than at full load, each tonne.
            prop_assert!(flow.shaft_kw / flow.machine_t_h <= expansion.drop_kj_kg / 3.6 * (1.0 + 1e-12));
        }
    }

    #[test]
    fn more_demand_never_gives_less_power(demand in 0.0..30.0_f64, more in 0.0..10.0_f64, design in 0.1..20.0_f64) {
        let expansion = expansion(1.3, 0.3, 0.6);
        let machine = PartLoad::new(design, 0.15, 0.25).unwrap();
        let (few, many) = (machine.flow(&expansion, demand, f64::INFINITY), machine.flow(&expansion, demand + more, f64::INFINITY));
        prop_assert!(many.shaft_kw >= few.shaft_kw);
    }

    #[test]
    fn no_size_gains_more_than_the_chosen_one(
        flows in prop::collection::vec((50.0..1_500.0_f64, 1.0..40.0_f64), 1..6), price in 3_000.0..14_000.0_f64,
        own in prop_oneof![Just(None), (50.0..2_000.0_f64).prop_map(Some)], tried in prop::collection::vec(0.0..1.0_f64, 20),
    ) {
        let mut request = request(&[("discount_rate", "0.06")]);
        request.set("electricity_value_rub_mwh", &price.to_string()).unwrap();
        if let Some(own) = own {
            request.set("own_electric_load_kw", &own.to_string()).unwrap();
        }
        let steps = flows.into_iter().map(|(hours_h_a, steam_t_h)| LoadStep { hours_h_a, steam_t_h });
        request.load = Some(SteamLoad::from_steps(steps).unwrap());
        let study = retrofit(&request).unwrap();
        let (from, to) = (study.sizes[0].size_kw.max(100.0).min(study.year.size_kw), study.sizes.last().unwrap().size_kw);
        for share in tried {
            let size = from + share * (to - from);
            request.set("size_kw", &size.to_string()).unwrap();
            let other = retrofit(&request).unwrap();
            // A thousandth of the investment's yearly sum: what the search may leave between the sizes it looks at.
            prop_assert!(
                other.year.net_gain_rub_a <= study.year.net_gain_rub_a + 1e-3 * study.year.capital_rub_a,
                "{size} kW gains {} and {} kW {}", other.year.net_gain_rub_a, study.year.size_kw, study.year.net_gain_rub_a
            );
        }
    }

    #[test]
    fn the_order_of_the_steps_changes_no_bit(mut flows in prop::collection::vec((1.0..500.0_f64, 1.0..9.0_f64), 2..10), turn in 0..9_usize) {
        let load = |flows: &[(f64, f64)]| {
            let steps = flows.iter().map(|(hours, steam)| LoadStep { hours_h_a: *hours, steam_t_h: steam.round() });
            SteamLoad::from_steps(steps).unwrap()
        };
        let straight = load(&flows);
        let length = flows.len();
        flows.rotate_left(turn % length);
        flows.swap(0, length - 1);
        prop_assert_eq!(straight, load(&flows));
    }

    #[test]
    fn no_text_makes_the_study_panic_or_answer_with_no_number(name in 0..44_usize, text in prop_oneof!["[-+0-9.,:; eEinfNa]{0,12}", "-?[0-9]{1,4}(\\.[0-9]{1,3})?"]) {
        let mut request = request(&[]);
        let names: Vec<&str> = crate::model::steam_parameters().names().collect();
        let _ = request.set(names[name % names.len()], &text);
        let _ = request.set("load", &text);
        if let Ok(study) = retrofit(&request) {
            let year = serde_json::to_value(study.year).unwrap();
            for (name, value) in year.as_object().unwrap() {
                // serde_json writes what is no number as null.
                prop_assert!(name == "simple_payback_a" || value.as_f64().is_some(), "{name}: {year}");
            }
        }
    }
}

#[test]
fn a_duration_curve_has_the_peak_hours_and_mean_that_it_is_made_of() {
    let load = SteamLoad::duration_curve(20.0, 5_112.0, 0.49, 0.25).unwrap();
    assert!((load.hours_h_a() - 5_112.0).abs() < 1e-6);
    assert!((load.steam_t_a() - 20.0 * 0.49 * 5_112.0).abs() < 1e-6);
    assert!(load.peak_t_h() < 20.0 && load.peak_t_h() > 19.7);
    assert!(load.steps().last().unwrap().steam_t_h > 5.0);
    assert!(SteamLoad::duration_curve(20.0, 5_112.0, 0.2, 0.25).is_err());
}

#[test]
fn hours_and_steps_are_the_same_load() {
    let hours: Vec<f64> = (0..8_760_u16).map(|hour| if hour < 4_000 { 8.0 } else { 3.0 }).collect();
    assert_eq!(SteamLoad::hourly(&hours).unwrap(), SteamLoad::parse("4760:3; 4000:8").unwrap());
}

#[test]
fn impossible_states_are_refused_with_what_is_allowed() {
    let said = |result: Result<SteamState, SteamError>| result.unwrap_err().to_string();
    assert_eq!(
        said(SteamState::at_temperature(0.0, 20.0)),
        "the pressure must lie between 0.0007 and 100 MPa absolute; it was 0"
    );
    assert_eq!(said(SteamState::at_temperature(1.0, 800.0)), "the temperature must lie between 0 and 700 °C; it was 800");
    assert_eq!(said(SteamState::at_dryness(1.0, 1.2)), "the dryness must lie between 0 and 1; it was 1.2");
    assert!(said(SteamState::at_enthalpy(1.0, 9_000.0)).starts_with("at 1 MPa the enthalpy must lie between"));
    assert!(said(SteamState::at_entropy(1.0, -3.0)).starts_with("at 1 MPa the entropy must lie between"));
    assert!(said(SteamState::at_temperature(23.0, 375.0)).contains("near the critical point"));
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(SteamState::at_temperature(wrong, 20.0).is_err() && SteamState::at_temperature(1.0, wrong).is_err());
        assert!(SteamState::at_dryness(wrong, 1.0).is_err() && SteamState::at_dryness(1.0, wrong).is_err());
        assert!(SteamState::at_enthalpy(wrong, 1.0).is_err() && SteamState::at_enthalpy(1.0, wrong).is_err());
        assert!(SteamState::at_entropy(wrong, 1.0).is_err() && SteamState::at_entropy(1.0, wrong).is_err());
        assert!(saturation_temperature_c(wrong).is_err() && saturation_pressure_mpa(wrong).is_err());
    }
    let machine = MachineEfficiency { isentropic: 0.6, mechanical_electric: 0.94, own_use_share: 0.03 };
    let steam = SteamState::saturated_steam(0.6).unwrap();
    assert_eq!(
        Expansion::new(steam, 0.6, machine).unwrap_err().to_string(),
        "steam cannot expand from 0.6 to 0.6 MPa: the outlet pressure must be the lower one"
    );
    let lossless = MachineEfficiency { isentropic: 1.1, ..machine };
    assert_eq!(
        Expansion::new(steam, 0.12, lossless).unwrap_err().to_string(),
        "isentropic_efficiency must lie above 0 and not above 1; it was 1.1"
    );
    assert!(Expansion::new(SteamState::saturated_water(0.6).unwrap(), 0.12, machine).is_err());
}

#[test]
fn a_machine_outside_of_its_limits_is_none() {
    let said = |result: Result<PartLoad, SteamError>| result.unwrap_err().to_string();
    assert_eq!(said(PartLoad::new(-1.0, 0.1, 0.1)), "design_steam_t_h must lie between 0 and 100000 t/h; it was -1");
    assert_eq!(said(PartLoad::new(1.0, 0.6, 0.1)), "no_load_steam_share must lie between 0 and 0.5; it was 0.6");
    assert!(PartLoad::new(f64::NAN, 0.1, 0.1).is_err() && PartLoad::new(1.0, 0.1, f64::NAN).is_err());
    let (machine, expansion) = (PartLoad::new(10.0, 0.0, 0.0).unwrap(), expansion(1.3, 0.12, 0.6));
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -5.0] {
        let flow = machine.flow(&expansion, wrong, f64::INFINITY);
        assert_eq!((flow.valve_t_h, flow.shaft_kw), (0.0, 0.0));
        assert!(machine.shaft_kw(&expansion, wrong).is_finite() && machine.flow(&expansion, 5.0, wrong).shaft_kw.is_finite());
    }
}

#[test]
fn a_study_names_the_input_that_is_missing_or_wrong() {
    let said = |request: &RetrofitRequest| retrofit(request).unwrap_err().to_string();
    let empty = RetrofitRequest::default();
    assert_eq!(said(&empty), "inlet_pressure_mpa is needed: the absolute pressure before the reducing valve, MPa");
    let cold = request(&[("inlet_temperature_c", "150")]);
    let told =
        "inlet_temperature_c must lie above the boiling point, 191.6 °C at 1.3 MPa; it was 150; leave it out for saturated steam";
    assert_eq!(said(&cold), told);
    assert!(said(&request(&[("inlet_temperature_c", "250"), ("inlet_dryness", "0.98")])).contains("not both"));
    assert!(said(&request(&[("outlet_pressure_mpa", "2")])).contains("cannot expand"));
    assert!(said(&request(&[("outlet_pressure_mpa", "1.29999")])).starts_with("the largest steam flow drives a machine of 0.0"));
    assert!(said(&request(&[("load", "100:0.001")])).contains("a study needs 1 kW"));
    let mut request = RetrofitRequest::default();
    let unknown = request.set("pressure", "1").unwrap_err().detail;
    assert!(unknown.starts_with("there is no input \"pressure\"; the inputs are machine, load, inlet_pressure_mpa"), "{unknown}");
    assert!(request.set("machine", "engine").unwrap_err().detail.contains("turbine, screw"));
    let load = request.set("load", "5000:ten").unwrap_err().detail;
    assert!(load.starts_with("load must be steps such as") && load.contains("ten"), "{load}");
    assert!(request.set("load", "9000:10").unwrap_err().detail.contains("8784"));
    assert!(request.set("load", "5000:10; 4000:9").unwrap_err().detail.contains("8784"));
    assert!(request.set("load", "").unwrap_err().detail.contains("an hour with steam"));
}

fn codes(inputs: &[(&str, &str)]) -> Vec<&'static str> {
    retrofit(&request(inputs)).unwrap().warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn wet_exhaust_is_a_turbines_trouble_and_not_a_screws() {
    let wet = [("isentropic_efficiency", "0.8"), ("inlet_dryness", "0.97"), ("size_kw", "400")];
    assert!(codes(&wet).contains(&"wet_exhaust"));
    let mut screw = wet.to_vec();
    screw.push(("machine", "screw"));
    assert!(!codes(&screw).contains(&"wet_exhaust"));
}

#[test]
fn a_machine_that_is_too_small_too_large_or_too_dear_is_said_to_be_so() {
    assert!(codes(&[("size_kw", "40")]).contains(&"too_small"));
    let large = codes(&[("size_kw", "2000")]);
    for code in ["never_full", "below_minimum_load", "no_gain", "never_pays_back"] {
        assert!(large.contains(&code), "{code}: {large:?}");
    }
    let good = codes(&[("size_kw", "400"), ("electricity_value_rub_mwh", "20000")]);
    assert!(!good.iter().any(|code| ["never_full", "no_gain", "never_pays_back", "too_small"].contains(code)), "{good:?}");
    assert!(codes(&[("size_kw", "600"), ("boiler_capacity_t_h", "10.2")]).contains(&"boilers_at_limit"));
    assert!(codes(&[("size_kw", "600"), ("boiler_capacity_t_h", "9")]).contains(&"boilers_too_small"));
}

#[test]
fn a_study_rests_on_what_was_not_given_and_not_read() {
    let names = |inputs: &[(&str, &str)]| -> Vec<&'static str> {
        retrofit(&request(inputs)).unwrap().rests_on.iter().map(|used| used.parameter).collect()
    };
    let by_default = names(&[]);
    for name in ["fuel_cost_rub_mwh", "electricity_value_rub_mwh", "exchange_rate_rub_usd", "boiler_efficiency", "inlet_dryness"]
    {
        assert!(by_default.contains(&name), "{name}");
    }
    for name in ["isentropic_efficiency_500_kw", "mean_load_share", "surplus_value_rub_mwh", "screw_cost_factor"] {
        assert!(!by_default.contains(&name), "{name} is sourced or not used");
    }
    let told = names(&[("fuel_cost_rub_mwh", "700"), ("machine", "screw"), ("own_electric_load_kw", "100")]);
    assert!(!told.contains(&"fuel_cost_rub_mwh"));
    assert!(told.contains(&"screw_cost_factor") && told.contains(&"surplus_value_rub_mwh"));
}

#[test]
fn the_duration_curve_adds_up_to_the_year() {
    let study = retrofit(&request(&[("size_kw", "400"), ("availability", "1")])).unwrap();
    let hours = study.operating_h_a / 96.0;
    let energy: f64 = study.duration.iter().map(|point| point.net_kw * hours / 1e3).sum();
    // Ninety-six points against three steps: one point at each step's end.
    assert!((energy / study.year.electricity_mwh_a - 1.0).abs() < 0.01, "{energy} {}", study.year.electricity_mwh_a);
    assert!(study.duration.windows(2).all(|pair| pair[0].net_kw >= pair[1].net_kw));
    assert_eq!(study.sizes.len(), 40);
}

#[test]
fn costs_and_efficiencies_stand_at_the_classes_and_run_between_them_without_a_step() {
    let numbers = crate::model::ParameterValues::defaults(crate::model::steam_parameters());
    let turbine = SpecificCosts::new(MachineKind::Turbine, &numbers);
    for (size, efficiency, dollars) in
        [(500.0, 0.525, 1136.0), (2_240.0, 0.612, 682.0), (11_200.0, 0.78, 666.0), (25_000.0, 0.78, 666.0)]
    {
        assert!((turbine.isentropic_efficiency(size) - efficiency).abs() < 1e-12);
        assert!((turbine.installed_rub_kw(size) / (dollars * 1.35 * 92.0) - 1.0).abs() < 1e-12);
    }
    let mut size = 5.0;
    while size < 30_000.0 {
        let next = size * 1.05;
        let total = |size: f64| size * turbine.installed_rub_kw(size);
        assert!(total(next) > total(size), "a larger machine costs more: {size}");
        assert!(turbine.installed_rub_kw(next) <= turbine.installed_rub_kw(size), "and less a kW: {size}");
        assert!(turbine.isentropic_efficiency(next) >= turbine.isentropic_efficiency(size));
        size = next;
    }
}

#[test]
fn the_same_request_gives_the_same_bits() {
    let text = |request: &RetrofitRequest| serde_json::to_string(&retrofit(request).unwrap()).unwrap();
    let request = request(&[]);
    assert_eq!(text(&request), text(&request));
}
