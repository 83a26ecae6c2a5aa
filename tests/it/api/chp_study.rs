//! A plant as a project over the demo project: energy, fuel and money that balance, numbers that are those of `/supply`, doubt that is
//! the same twice, and inputs that cannot be right.

use crate::support::projects::copy_of;
use crate::support::server::{Answer, Server, demo};
use serde_json::{Value, json};
use std::sync::LazyLock;

const EXECUTION: &str = "/ogc/processes/chp-study/execution";

fn asked(inputs: &Value) -> Answer {
    demo().post(EXECUTION, &json!({ "inputs": inputs }).to_string())
}

fn study(inputs: &Value) -> Value {
    let answer = asked(inputs);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// Without draws, for what does not need them.
fn quick(mut inputs: Value) -> Value {
    inputs["uncertainty_drawn"] = false.into();
    inputs["sizing"] = inputs.get("sizing").cloned().unwrap_or(false.into());
    study(&inputs)
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("no list {name} in {value}"))
}

fn number(value: &Value, path: &str) -> f64 {
    value.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no number {path}"))
}

fn numbers(value: &Value, path: &str) -> Vec<f64> {
    let list = value.pointer(path).and_then(Value::as_array).unwrap_or_else(|| panic!("no list {path}"));
    list.iter().map(|entry| entry.as_f64().expect("a number")).collect()
}

fn near(value: f64, wanted: f64) {
    assert!((value - wanted).abs() <= 1e-6 * value.abs().max(wanted.abs()).max(1.0), "{value} is not {wanted}");
}

fn flow<'a>(study: &'a Value, stream: &str, name: &str) -> &'a Value {
    let flows = list(&study["project"], "flows");
    flows
        .iter()
        .find(|flow| flow["stream"] == stream && flow["name"] == name)
        .unwrap_or_else(|| panic!("no flow {stream} {name}"))
}

fn npv(study: &Value) -> f64 {
    number(study, "/economics/measures/npv_rub")
}

/// Worth now of a rouble in every year of operation.
fn annuity(study: &Value) -> f64 {
    numbers(study, "/economics/cash_flow/discount_factor")[2..].iter().sum()
}

static STUDY: LazyLock<Value> = LazyLock::new(|| study(&json!({ "plant": "P-2", "uncertainty_draws": 200 })));

#[test]
fn heat_and_fuel_balance() {
    let study = &*STUDY;
    let units = list(&study["dispatch"], "units");
    let load = number(study, "/dispatch/heat_load_mwh");
    let made: f64 = units.iter().map(|unit| number(unit, "/heat_mwh")).sum();
    near(made + number(study, "/dispatch/unserved_mwh"), load);
    near(list(study, "consumers").iter().map(|consumer| number(consumer, "/heat_mwh_a")).sum(), load);
    near(number(study, "/heat_demand/energy_mwh_a"), load);
    near(number(&units[0], "/fuel_mwh"), number(study, "/fuel/plant_fuel_mwh_a"));
    near(number(study, "/fuel/peat_mwh_a") + number(study, "/fuel/wood_mwh_a"), number(study, "/fuel/plant_fuel_mwh_a"));
    near(number(study, "/plant/full_load_hours") * number(study, "/plant/fuel_power_mw"), number(&units[0], "/fuel_mwh"));
    let curve: f64 = list(&study["dispatch"], "duration_curve")
        .iter()
        .map(|point| number(point, "/hours") * number(point, "/heat_load_mw"))
        .sum();
    near(curve, load);
    // What the boilers that stand do not make is the plant's, and local.
    near(number(study, "/local_share/heat"), 1.0 - number(&units[1], "/heat_mwh") / load);
    assert!(list(study, "consumers").iter().all(|consumer| number(consumer, "/pipe_km") <= 8.0), "within greatest_pipe_km");
    assert!(list(study, "consumers").len() < 12, "not the whole town");
}

#[test]
fn peat_is_that_of_the_supply_for_the_same_need() {
    let study = &*STUDY;
    let [power, hours] = ["fuel_power_mw", "full_load_hours"].map(|name| number(&study["plant"], &format!("/{name}")));
    let supply = demo().json(&format!("/supply/P-2?fuel_power_mw={power}&full_load_hours={hours}&routes=false"));
    near(number(&supply, "/need/fuel_mwh_a"), number(study, "/fuel/peat_need_mwh_a"));
    near(number(&supply, "/mean_cost_rub_mwh"), number(study, "/fuel/peat_rub_mwh"));
    let covered = numbers(study, "/covered_share_by_year");
    let years = list(&supply, "years");
    assert_eq!(covered.len(), 25);
    for (covered, year) in covered.iter().zip(years) {
        near(*covered, number(year, "/covered_share"));
    }
    let peat = numbers(flow(study, "fuel", "peat"), "/quantity");
    near(peat[0], number(study, "/fuel/peat_mwh_a") * number(study, "/fuel/peat_rub_mwh"));
    // Cheap fields go first: what is left is not cheaper by the MWh.
    let by_mwh = |year: usize| peat[year] / (covered[year] * number(study, "/fuel/peat_need_mwh_a"));
    assert!((1..25).all(|year| by_mwh(year) >= by_mwh(year - 1) * (1.0 - 1e-9)));
}

#[test]
fn money_adds_up() {
    let study = &*STUDY;
    let (net, factor) = (numbers(study, "/economics/cash_flow/net_rub"), numbers(study, "/economics/cash_flow/discount_factor"));
    near(net.iter().zip(&factor).map(|(net, factor)| net * factor).sum(), npv(study));
    let invested: f64 = list(&study["project"], "capital").iter().map(|item| number(item, "/cost_rub")).sum();
    near(invested, number(study, "/unit/investment_rub"));
    let heat = flow(study, "heat_sales", "heat");
    near(
        number(heat, "/quantity"),
        number(study, "/dispatch/heat_load_mwh") - number(&study["dispatch"]["units"][1], "/heat_mwh"),
    );
    // A dearer MWh of heat is worth itself, each year: the plant runs as before.
    let dearer = quick(json!({ "plant": "P-2", "heat_price_rub_mwh": 2900 }));
    near(npv(&dearer) - npv(study), 1_000.0 * number(heat, "/quantity") * annuity(study));
    // The heat price at which nothing is lost is the levelised cost.
    let cost = number(study, "/economics/levelised_cost_heat_rub_mwh");
    let even = quick(json!({ "plant": "P-2", "heat_price_rub_mwh": cost }));
    assert!(npv(&even).abs() < 1e-6 * invested, "{}", npv(&even));
    assert_eq!((study["currency"].as_str(), study["price_year"].as_i64()), (Some("RUB"), Some(2024)));
    assert_eq!(study["economics"]["money"]["price_year"], 2024);
}

#[test]
fn a_boiler_that_is_built_sells_all_heat_and_costs_its_investment() {
    let built = quick(json!({ "plant": "P-2", "build_backup": true }));
    near(number(flow(&built, "heat_sales", "heat"), "/quantity"), number(&built, "/dispatch/heat_load_mwh"));
    let capital = list(&built["project"], "capital");
    assert_eq!(capital.iter().map(|item| item["name"].as_str().unwrap()).collect::<Vec<_>>(), ["plant", "backup boiler"]);
    near(number(&capital[1], "/cost_rub"), number(&built, "/backup/investment_rub"));
    assert_eq!(built["dispatch"]["units"], STUDY["dispatch"]["units"], "the year itself is the same");
    // Then the price of gas is a matter of the project: in the tornado it moves what the boiler burns.
    let drawn = study(&json!({
        "plant": "P-2", "build_backup": true, "uncertainty_draws": 20, "sizing": false, "working_capital_share": 0,
    }));
    let bar = list(&drawn["tornado"], "bars").iter().find(|bar| bar["factor"] == "present_fuel_price_factor").expect("a bar");
    let burned = number(flow(&drawn, "boiler_fuel", "fuel of the backup boiler"), "/quantity");
    let [low, high] = ["low", "high"].map(|end| number(bar, &format!("/{end}")));
    let swing = (high - low) * burned * number(&drawn, "/fuel/backup_rub_mwh") * annuity(&drawn);
    near(number(bar, "/swing"), swing);
}

#[test]
fn a_store_takes_heat_from_the_boilers_and_a_longer_pipe_gives_some_to_them() {
    let backup = |study: &Value| number(&study["dispatch"]["units"][1], "/heat_mwh");
    // The whole town is more than the plant can heat.
    let without = quick(json!({ "plant": "P-1", "greatest_pipe_km": 25, "dispatch_rule": "least_cost" }));
    let with = quick(json!({ "plant": "P-1", "greatest_pipe_km": 25, "store_mwh": 200, "dispatch_rule": "least_cost" }));
    assert!(backup(&with) <= backup(&without) * (1.0 + 1e-9));
    near(number(&with["store"], "/size_mwh"), 200.0);
    assert!(number(&with["project"]["capital"][1], "/cost_rub") > 0.0);
    let lossy =
        quick(json!({ "plant": "P-1", "greatest_pipe_km": 25, "pipe_loss_share_km": 0.05, "dispatch_rule": "least_cost" }));
    assert!(backup(&lossy) > backup(&without));
    assert!(number(&lossy, "/pipe_loss_share") > number(&without, "/pipe_loss_share"));
}

#[test]
fn a_tank_serves_a_plant_that_keeps_its_minimum_load() {
    let inputs = |store: f64| json!({ "plant": "P-1", "greatest_pipe_km": 6, "store_mwh": store });
    let (without, with) = (quick(inputs(0.0)), quick(inputs(200.0)));
    assert_eq!(with["parameters"]["dispatch_rule"], "committed");
    assert!(number(&with, "/dispatch/store/cycles") > 1.0, "{}", with["dispatch"]["store"]);
    let cost = |study: &Value| number(study, "/dispatch/cost/total_rub");
    let by_rule = quick({
        let mut inputs = inputs(200.0);
        inputs["dispatch_rule"] = json!("heat_led");
        inputs
    });
    assert!(
        cost(&with) < cost(&without) && cost(&with) <= cost(&by_rule),
        "{} {} {}",
        cost(&by_rule),
        cost(&with),
        cost(&without)
    );
}

#[test]
fn a_tank_of_any_size_is_answered_and_a_faster_one_costs_no_more() {
    let cost = |inputs: Value| number(&quick(inputs), "/dispatch/cost/total_rub");
    let slow = cost(json!({ "plant": "P-2", "store_mwh": 500, "store_hours": 60 }));
    let fast = cost(json!({ "plant": "P-2", "store_mwh": 500, "store_hours": 5 }));
    assert!(fast <= slow * 1.001, "{fast} and {slow}");
    let most = cost(json!({ "plant": "P-2", "store_mwh": 100_000 }));
    assert!(most < slow, "{most} and {slow}");
    // One works, whose load is that of an hour's discharge a hundredfold.
    let small = |rule: &str| cost(json!({ "plant": "P-1", "consumers": [4], "store_mwh": 1_000, "dispatch_rule": rule }));
    assert!(small("committed") <= small("heat_led"));
}

#[test]
fn a_need_that_the_fields_meet_is_met_however_their_shares_add_up() {
    for (name, value) in
        [("weather_factor", 0.8), ("weather_factor", 1.2), ("truck_payload_t", 100.0), ("off_road_speed_km_h", 1.0)]
    {
        let study = quick(json!({ "plant": "P-2", name: value }));
        assert!(number(&study, "/fuel/wood_mwh_a") >= 0.0, "{name} {value}");
    }
}

#[test]
fn a_plant_without_electricity_of_its_own_buys_what_it_uses() {
    let study = quick(json!({ "at": "40.66,55.62", "heat_capacity_mw": 8, "present_fuel_price_rub_mwh": 1500 }));
    let bought = flow(&study, "electricity_purchase", "electricity of the boilers");
    let used = -number(&study["dispatch"]["units"][0], "/electric_mwh");
    // Fans, pumps and the feed of fuel take 2 % of the heat of a boiler with a grate.
    near(used, 0.02 * number(&study["dispatch"]["units"][0], "/heat_mwh") / (1.0 - number(&study, "/pipe_loss_share")));
    near(number(bought, "/quantity"), used);
    near(number(bought, "/price_rub"), 7_000.0);
    near(number(&study, "/emissions/grid_co2_t_a"), used * number(&study, "/parameters/grid_co2_t_mwh"));
    let dearer = quick(json!({ "at": "40.66,55.62", "heat_capacity_mw": 8, "present_fuel_price_rub_mwh": 1500,
        "electricity_purchase_price_rub_mwh": 7001, "working_capital_share": 0 }));
    let cheap = quick(json!({ "at": "40.66,55.62", "heat_capacity_mw": 8, "present_fuel_price_rub_mwh": 1500,
        "working_capital_share": 0 }));
    near(npv(&cheap) - npv(&dearer), used * annuity(&cheap));
}

#[test]
fn another_kind_of_plant_has_the_efficiency_of_its_own() {
    let inputs = json!({ "plant": "P-1", "technology": "grate_boiler", "present_fuel_price_rub_mwh": 1500 });
    let study = quick(inputs.clone());
    let conversion = &study["unit"]["conversion"];
    // The row's 18.7 MW of fuel are those of its turbine. A boiler makes 0.83 · 0.97 of its fuel, here 12.5 MW.
    near(number(conversion, "/heat_mw"), 12.5);
    near(number(conversion, "/fuel_mw"), 12.5 / 0.83);
    assert!(list(&study, "warnings").iter().any(|warning| warning["code"] == "technology_replaced"), "{}", study["warnings"]);
    let mut stated = inputs;
    stated["fuel_power_mw"] = json!(15);
    let own = quick(stated);
    near(number(&own["unit"]["conversion"], "/fuel_mw"), 15.0);
}

#[test]
fn heat_that_a_turbine_cannot_give_is_told() {
    // 42 MW of electricity and 84 MW of heat stand in the row; a turbine of 42 MW can give 42 / (0.44 + 0.15).
    let study = quick(json!({ "plant": "P-3" }));
    let told =
        list(&study, "warnings").iter().any(|warning| warning["message"].as_str().is_some_and(|text| text.contains("71.2 MW")));
    assert!(told, "{}", study["warnings"]);
}

#[test]
fn carbon_is_paid_for_the_peat_of_each_year() {
    let study = quick(json!({ "plant": "P-2", "carbon_price_rub_t": 2000, "greatest_pipe_km": 25, "operation_years": 40,
        "electric_capacity_mw": 30, "heat_capacity_mw": 90, "present_fuel_price_rub_mwh": 2500 }));
    let tonnes = numbers(flow(&study, "carbon", "fossil carbon dioxide"), "/quantity");
    let covered = numbers(&study, "/covered_share_by_year");
    let need = number(&study, "/fuel/peat_need_mwh_a");
    for (tonnes, covered) in tonnes.iter().zip(&covered) {
        near(*tonnes, covered * need * 3.6e-3 * 106.0);
    }
    assert!(covered.last().unwrap() < covered.first().unwrap(), "fields are worked out: {covered:?}");
}

#[test]
fn factors_over_an_estimate_move_what_they_multiply() {
    let drawn = |changes: Value| {
        let mut inputs = json!({ "plant": "P-2", "uncertainty_draws": 50, "sizing": false });
        inputs.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        study(&inputs)
    };
    let middle = |study: &Value| number(&study["uncertainty"]["outputs"][0], "/summary/p50");
    let plain = drawn(json!({}));
    assert!(middle(&drawn(json!({ "heat_price_factor": 0.8 }))) < middle(&plain), "heat sells for less");
    assert!(middle(&drawn(json!({ "capital_cost_factor": 1.25 }))) < middle(&plain), "the plant costs more");
    // Harvests of 0.81 of what is expected stand one-sided in the tornado; the seasons of the draws have weather of their own.
    let bar = list(&plain["tornado"], "bars").iter().find(|bar| bar["factor"] == "harvest_factor").expect("a bar");
    assert!(number(bar, "/high") < number(bar, "/base") && (number(bar, "/base") - 1.0).abs() < 1e-12, "{bar}");
    // The row states what the plant makes, so its fuel is that of the nominal plant, whatever the derates of a technology.
    let derated = drawn(json!({ "electric_efficiency_derate": 0.5, "heat_efficiency_derate": 0.5 }));
    for study in [&plain, &derated] {
        let bar = list(&study["tornado"], "bars").iter().find(|bar| bar["factor"] == "efficiency_factor").expect("a bar");
        assert!((number(bar, "/base") - 1.0).abs() < 1e-12 && number(bar, "/high") < 1.0, "{bar}");
        assert!(number(bar, "/output_low") < number(study, "/tornado/base"), "{bar}");
    }
    // A plant that runs less leaves heat to the project's own boiler: what is lost is the dearer fuel, not the price of heat.
    let built = drawn(json!({ "build_backup": true }));
    let bar = list(&built["tornado"], "bars").iter().find(|bar| bar["factor"] == "availability").expect("a bar");
    let missing = (1.0 - number(bar, "/low") / number(bar, "/base")) * number(&built["dispatch"]["units"][0], "/heat_mwh");
    let lost = number(&built, "/tornado/base") - number(bar, "/output_low");
    assert!(lost < 0.5 * 1_900.0 * missing * annuity(&built), "{lost} for {missing} MWh a year");
}

#[test]
fn the_doubt_is_the_same_twice_and_grows_with_what_is_unsure() {
    let study = &*STUDY;
    let again = self::study(&json!({ "plant": "P-2", "uncertainty_draws": 200 }));
    assert_eq!(study["uncertainty"], again["uncertainty"]);
    assert_eq!(study["inputs_hash"], again["inputs_hash"]);
    let outputs = list(&study["uncertainty"], "outputs");
    let of = |name: &str| outputs.iter().find(|output| output["output"] == name).expect("an output");
    for output in outputs {
        let [p10, p50, p90] = ["p10", "p50", "p90"].map(|name| number(output, &format!("/summary/{name}")));
        assert!(p10 <= p50 && p50 <= p90, "{output}");
    }
    let pays = number(of("net_present_value_rub"), "/above_zero/probability");
    assert!((0.0..=1.0).contains(&pays));
    // The tornado's middle is the study itself, and every factor has a bar.
    near(number(study, "/tornado/base"), npv(study));
    let bars: Vec<&str> = list(&study["tornado"], "bars").iter().filter_map(|bar| bar["factor"].as_str()).collect();
    let reserves = list(study, "reserve_factors");
    assert!(!reserves.is_empty() && bars.len() == 8 + reserves.len(), "{bars:?}");
    assert!(!bars.contains(&"present_fuel_price_factor"), "no boiler of the project burns it");
    for reserve in reserves {
        assert!(bars.contains(&format!("reserve_factor_{}", reserve["deposit_id"]).as_str()));
        let [p10, p50, p90] = ["/p10", "/p50", "/p90"].map(|name| number(reserve, name));
        assert!(p10 < p50 && p50 < p90 && p10 > 0.3 && p90 < 2.0, "{reserve}");
    }
    // Seasons without scatter and at their mean bring all peat that the plan counts on; wet ones bring less.
    let covered = |season: f64| {
        let inputs = json!({
            "plant": "P-2", "greatest_pipe_km": 25, "uncertainty_draws": 20, "sizing": false,
            "electric_capacity_mw": 30, "heat_capacity_mw": 90, "present_fuel_price_rub_mwh": 1500,
            "season_factor_mean": season, "season_factor_sd": 0.01, "harvest_factor_distribution": "fixed",
        });
        let study = self::study(&inputs);
        let outputs = list(&study["uncertainty"], "outputs").to_vec();
        number(outputs.iter().find(|output| output["output"] == "peat_covered_share").expect("it"), "/summary/p50")
    };
    assert!(covered(0.26) < covered(1.0));
    let without = quick(json!({ "plant": "P-2" }));
    assert!(without["uncertainty"].is_null() && without["tornado"].is_null() && list(&without, "reserve_factors").is_empty());
    near(npv(&without), npv(study));
}

#[test]
fn a_study_rests_on_what_it_used() {
    let names = |study: &Value| -> Vec<String> {
        list(study, "rests_on").iter().filter_map(|used| used["parameter"].as_str().map(str::to_owned)).collect()
    };
    let drawn = names(&STUDY);
    for name in ["season_factor_mean", "season_factor_sd", "first_alpha", "capital_cost_factor", "wood_chips_cost_rub_mwh"] {
        assert!(drawn.iter().any(|used| used == name), "{name} is not in {drawn:?}");
    }
    // Neither gases of the bog's blocks nor a tank that nobody builds nor a price that the project does not pay.
    for name in ["category_a_error", "horticultural_max_ash", "store_life_a", "present_fuel_price_factor"] {
        assert!(!drawn.iter().any(|used| used == name), "{name}");
    }
    let plain = names(&quick(json!({ "plant": "P-2", "store_mwh": 20 })));
    assert!(plain.iter().any(|used| used == "store_life_a") && !plain.iter().any(|used| used == "season_factor_mean"));
}

#[test]
fn minimum_loads_are_kept_where_that_is_asked_for() {
    let below = |study: &Value| number(&study["dispatch"]["units"][0], "/below_minimum_load_h");
    let warned = |study: &Value| list(study, "warnings").iter().any(|warning| warning["code"] == "plant_below_minimum_load");
    // P-2 is too large for three works, which need little in summer.
    let works = json!(["C-02", "C-03", "C-10"]);
    let free = quick(json!({ "plant": "P-2", "consumers": works, "dispatch_rule": "least_cost" }));
    assert!(below(&free) > 0.0 && warned(&free));
    for rule in ["committed", "heat_led"] {
        let kept = quick(json!({ "plant": "P-2", "consumers": works, "dispatch_rule": rule }));
        assert_eq!(kept["parameters"]["dispatch_rule"], rule);
        assert!(below(&kept) < 0.5 && !warned(&kept), "{rule}");
        let made: f64 = list(&kept["dispatch"], "units").iter().map(|unit| number(unit, "/heat_mwh")).sum();
        near(made + number(&kept, "/dispatch/unserved_mwh"), number(&kept, "/dispatch/heat_load_mwh"));
        let of_plant = |study: &Value| number(&study["dispatch"]["units"][0], "/heat_mwh");
        assert!(of_plant(&kept) <= of_plant(&free) * (1.0 + 1e-9), "{rule}: what it cannot serve so low, the boilers do");
    }
}

#[test]
fn sulphur_of_wood_leaves_the_stack() {
    let sulphur = |share: f64| {
        let study = quick(json!({ "plant": "P-2", "wood_sulphur_share": share }));
        (number(&study, "/emissions/air/sulphur_dioxide_t_a"), number(&study, "/fuel/wood_mwh_a"))
    };
    let ((none, wood_mwh), (some, _)) = (sulphur(0.0), sulphur(0.001));
    // 16.501 GJ come with a tonne of dry wood at 45 % moisture; a tonne of sulphur makes 1.998 t, a tenth of which stays in the ash.
    let retained = number(&quick(json!({ "plant": "P-2" })), "/parameters/sulphur_retained_share");
    near(some - none, wood_mwh * 3.6 / (18.5 - 2.443 * 0.45 / 0.55) * 0.001 * (1.0 - retained) * 64.066 / 32.065);
}

#[test]
fn a_place_and_a_size_are_enough() {
    let study =
        quick(json!({ "at": "40.66,55.62", "electric_capacity_mw": 2, "heat_capacity_mw": 8, "include_undeveloped": true }));
    assert_eq!(study["technology"], "organic_rankine", "the smallest that reaches its size");
    let boiler = quick(json!({ "at": "40.66,55.62", "heat_capacity_mw": 8, "present_fuel_price_rub_mwh": 1500 }));
    assert_eq!(
        (boiler["technology"].as_str(), number(&boiler, "/unit/conversion/electric_mw") <= 0.0),
        (Some("grate_boiler"), true)
    );
    assert!(boiler["economics"]["levelised_cost_electricity_rub_mwh"].is_null(), "a boiler sells none");
}

#[test]
fn the_size_that_serves_the_demand_at_least_cost_is_told() {
    let study = &*STUDY;
    let sizes = &study["sizing"];
    let best = number(sizes, "/best/total_rub_a");
    let enough = |point: &&Value| point["enough_full_load_hours"] == true;
    assert!(list(sizes, "points").iter().filter(enough).all(|point| number(point, "/total_rub_a") >= best));
    assert!(number(sizes, "/best/size_mw") < number(study, "/unit/size_mw"), "11 MW are too many for three works");
    let warned = list(study, "warnings").iter().any(|warning| warning["code"] == "plant_size");
    assert!(warned, "{}", study["warnings"]);
    assert!(quick(json!({ "plant": "P-1" }))["sizing"].is_null());
}

#[test]
fn consumers_named_twice_are_heated_once_and_unknown_ones_are_told() {
    let once = quick(json!({ "plant": "P-1", "consumers": ["Sirin glass works"] }));
    let twice = quick(json!({ "plant": "P-1", "consumers": ["Sirin glass works", 1] }));
    assert_eq!(once["heat_demand"], twice["heat_demand"]);
    near(number(&once, "/heat_demand/energy_mwh_a"), 41_000.0);
    let answer = asked(&json!({ "plant": "P-1", "consumers": ["Moon base"] }));
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("Moon base") && answer.text.contains("Sirin"), "{}", answer.text);
}

#[test]
fn nonsense_is_refused_by_name() {
    for (name, value, said) in [
        ("heat_price_rub_mwh", json!(-5), "heat_price_rub_mwh"),
        ("total_efficiency", json!(1.4), "total_efficiency"),
        ("technology", json!("perpetuum"), "technology"),
        ("dispatch_rule", json!("at_will"), "dispatch_rule"),
        ("store_mwh", json!(-1), "store_mwh"),
        ("store_mwh", json!(1e9), "store_mwh"),
        ("operation_years", json!(1_000), "operation_years"),
        ("uncertainty_draws", json!(1e9), "uncertainty_draws"),
        ("discount_rate", json!("much"), "discount_rate"),
        ("harvest_factor_distribution", json!("cauchy"), "harvest_factor_distribution"),
        ("pipe_loss_share_km", json!(7), "pipe_loss_share_km"),
        ("electric_capacity_mw", json!(-3), "capacity"),
        ("greatest_pipe_km", json!(0.1), "greatest_pipe_km"),
        ("routes", json!(true), "routes"),
        ("preparation_ha_a", json!(10), "preparation_ha_a"),
        ("wet_season_factor", json!(0.4), "wet_season_factor"),
        ("colour", json!("red"), "colour"),
    ] {
        let mut inputs = json!({ "plant": "P-1" });
        inputs[name] = value;
        let answer = asked(&inputs);
        assert!((400..=422).contains(&answer.status), "{name}: {} {}", answer.status, answer.text);
        assert!(answer.text.contains(said), "{name}: {}", answer.text);
    }
    assert_eq!(asked(&json!({ "plant": "nobody" })).status, 404);
    assert_eq!(asked(&json!({})).status, 400);
}

#[test]
fn scenarios_of_a_study_are_compared_figure_by_figure() {
    let server = Server::start(&copy_of("demo.gpkg"));
    for (code, inputs) in [
        ("C-1", json!({ "plant": "P-2", "uncertainty_draws": 50 })),
        ("C-2", json!({ "plant": "P-2", "uncertainty_draws": 50, "heat_price_rub_mwh": 2400 })),
    ] {
        let feature = json!({ "type": "Feature", "geometry": null, "properties": {
            "code": code, "name": code, "process": "chp-study", "inputs": inputs.to_string(), "synthetic": true } });
        let answer = server.post("/ogc/collections/scenarios/items", &feature.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    let asked = json!({ "inputs": { "scenarios": ["C-1", "C-2"] } });
    let answer = server.post("/ogc/processes/compare-scenarios/execution", &asked.to_string());
    assert_eq!(answer.status, 200, "{}", answer.text);
    let comparison = answer.json();
    let row = |path: &str| list(&comparison, "results").iter().find(|row| row["path"] == path).expect("a row").clone();
    let worth = row("economics.measures.npv_rub");
    assert_eq!(worth["unit"], "RUB");
    assert!(worth["changes"][1].as_f64().expect("a change") > 0.0);
    assert_eq!(comparison["rows_left_out"], 0);
}
