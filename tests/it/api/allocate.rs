//! The allocation of peat to plants over HTTP: what balances, what agrees with the supply of one plant, what is refused.

use crate::support::projects::copy_of;
use crate::support::server::{Answer, demo};
use peatplan::config::Config;
use peatplan::geostat::Progress;
use peatplan::planning::{AllocationRequest, PlanningError, Workbench};
use peatplan::store::{GeoPackageStore, Store};
use serde_json::{Value, json};
use std::sync::Mutex;

fn execute(inputs: &Value) -> Answer {
    demo().post("/ogc/processes/allocate/execution", &json!({ "inputs": inputs }).to_string())
}

fn plan(inputs: &Value) -> Value {
    let answer = execute(inputs);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn the_fuel_of_all_years_balances() {
    let plan = plan(&json!({ "years": 12, "first_year": 2026, "wet_years": [2028], "include_undeveloped": true }));
    let list = |name: &str| plan[name].as_array().unwrap().clone();
    assert_eq!(plan["years"].as_array().unwrap().len(), 12);
    assert_eq!((plan["years"][0].as_i64(), plan["plants"].as_array().unwrap().len()), (Some(2026), 3));
    for year in 0..12 {
        for plant in list("plants") {
            let of = |name: &str| number(&plant[name][year]);
            assert!(close(of("need_mwh_a"), of("peat_mwh_a") + of("alternatives_mwh_a") + of("unmet_mwh_a")), "{year}: {plant}");
            let flows: f64 =
                list("flows").iter().filter(|flow| flow["plant"] == plant["id"]).map(|flow| number(&flow["mwh_a"][year])).sum();
            assert!(close(flows, of("peat_mwh_a")));
        }
        for source in list("sources") {
            let of = |name: &str| number(&source[name][year]);
            let flows: f64 =
                list("flows").iter().filter(|flow| flow["source"] == source["id"]).map(|flow| number(&flow["mwh_a"][year])).sum();
            assert!(close(flows, of("delivered_mwh_a")));
            assert!(of("harvested_mwh_a") <= of("capacity_mwh_a") * (1.0 + 1e-6) + 1e-3);
            let before = if year == 0 { number(&source["stock_mwh"]) } else { number(&source["remaining_mwh"][year - 1]) };
            assert!((before - of("harvested_mwh_a") - of("remaining_mwh")).abs() <= 1e-6 * number(&source["stock_mwh"]));
        }
    }
    let totals = &plan["totals"];
    let sum = number(&totals["peat_mwh"]) + number(&totals["alternatives_mwh"]) + number(&totals["unmet_mwh"]);
    assert!(close(number(&totals["need_mwh"]), sum));
    let cost = &plan["cost"];
    let parts = ["harvest_rub", "delivery_rub", "preparation_rub", "alternatives_rub", "shortage_rub"];
    assert!(close(number(&cost["total_rub"]), parts.iter().map(|part| number(&cost[*part])).sum()));
    assert!(number(&plan["duality_gap"]) < 1e-6);
    for source in list("sources") {
        // 2028 is wet: 0.45 of what the same area gives in 2026.
        if source["prepared_ha"] == source["largest_ha"] {
            let capacity = numbers(&source["capacity_mwh_a"]);
            let ratio = number(&plan["parameters"]["wet_season_factor"]) / number(&plan["parameters"]["weather_factor"]);
            assert!(close(capacity[2], ratio * capacity[0]));
        }
        let new: f64 = numbers(&source["newly_prepared_ha"])[..2].iter().sum();
        assert!(new <= 0.0, "permits take two years");
    }
    let flow = &plan["flows"][0];
    assert_eq!(flow["geometry"]["type"], "LineString");
    assert_eq!(
        (plan["currency"].as_str(), plan["synthetic"].as_bool(), plan["by"].as_str()),
        (Some("RUB"), Some(true), Some("field"))
    );
    assert_eq!(plan["inputs_hash"].as_str().unwrap().len(), 16);
}

#[test]
fn one_plant_for_one_year_is_its_fuel_supply() {
    let server = demo();
    let supply = server.json("/supply/P-2?routes=false");
    let plan = plan(&json!({ "plants": ["P-2"], "years": 1, "wood_chips": false, "carry_over": false, "routes": false }));
    let plant = &plan["plants"][0];
    assert!(close(number(&plant["need_mwh_a"][0]), number(&supply["need"]["fuel_mwh_a"])));
    assert!(close(number(&plant["peat_mwh_a"][0]), number(&supply["covered_mwh_a"])));
    assert!(close(number(&plant["mean_cost_rub_mwh"][0]), number(&supply["mean_cost_rub_mwh"])));
    assert!(close(number(&plant["marginal_cost_rub_mwh"][0]), number(&supply["marginal_cost_rub_mwh"])));
    for field in supply["fields"].as_array().unwrap().iter().filter(|field| number(&field["used_mwh_a"]) > 0.0) {
        let flow = plan["flows"].as_array().unwrap().iter().find(|flow| flow["source"] == field["field_id"]).unwrap();
        assert!(close(number(&flow["total_mwh"]), number(&field["used_mwh_a"])), "{flow} {field}");
        assert!(close(number(&flow["delivered_cost_rub_mwh"]), number(&field["delivered_cost_rub_mwh"])));
        assert!(flow["geometry"].is_null());
    }
}

#[test]
fn deposits_stand_as_sources_and_hold_what_their_fields_hold() {
    let by = |by: &str| plan(&json!({ "by": by, "years": 3, "routes": false }));
    let (fields, deposits) = (by("field"), by("deposit"));
    assert_eq!(deposits["sources"][0]["kind"], "deposit");
    assert!(deposits["sources"].as_array().unwrap().len() < fields["sources"].as_array().unwrap().len());
    assert!(close(number(&fields["totals"]["stock_mwh"]), number(&deposits["totals"]["stock_mwh"])));
    let ratio = number(&deposits["cost"]["discounted_rub"]) / number(&fields["cost"]["discounted_rub"]);
    assert!((0.9..1.1).contains(&ratio), "means of a deposit are near its fields: {ratio}");
}

#[test]
fn more_ways_to_get_fuel_never_cost_more() {
    let cost = |inputs: Value| number(&plan(&inputs)["cost"]["discounted_rub"]);
    let base = cost(json!({ "years": 8, "routes": false, "wood_chips": false, "carry_over": false, "wet_years": [3, 4] }));
    let stacks = cost(json!({ "years": 8, "routes": false, "wood_chips": false, "wet_years": [3, 4] }));
    let chips = cost(json!({ "years": 8, "routes": false, "wet_years": [3, 4] }));
    let backup = cost(json!({ "years": 8, "routes": false, "wet_years": [3, 4], "backup": true }));
    let slack = 1.0 + 1e-9;
    assert!(stacks <= base * slack && chips <= stacks * slack && backup <= chips * slack, "{base} {stacks} {chips} {backup}");
    let full = plan(&json!({ "years": 2, "backup": true, "routes": false }));
    assert!(close(number(&full["totals"]["covered_share"]), 1.0));
}

#[test]
fn needs_that_cannot_be_met_name_the_limits_in_the_way() {
    let inputs = json!({ "years": 2, "must_be_met": true, "wood_chips": false, "full_load_hours": 8000, "weather_factor": 0.1 });
    let answer = execute(&inputs);
    let problem = answer.json();
    assert_eq!(answer.status, 422, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("The least that must give way"), "{problem}");
    let shortfall = &problem["shortfalls"][0];
    assert!(number(&shortfall["amount"]) > 0.0 && shortfall["unit"] == "MWh", "{problem}");
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    for (inputs, status, parameter) in [
        (json!({ "truck_payload_t": -1 }), 400, Some("truck_payload_t")),
        (json!({ "wood_chips_cost_rub_mwh": -5 }), 400, Some("wood_chips_cost_rub_mwh")),
        (json!({ "years": 101 }), 400, Some("years")),
        (json!({ "years": 0 }), 400, Some("years")),
        (json!({ "discount_rate": -0.1 }), 400, Some("discount_rate")),
        (json!({ "wet_years": [7], "years": 5 }), 400, Some("wet_years")),
        (json!({ "wet_years": ["x"] }), 400, Some("wet_years")),
        (json!({ "by": "bog" }), 400, Some("by")),
        (json!({ "horizon_years": 5 }), 400, Some("horizon_years")),
        (json!({ "plants": ["P-2", "Merlin CHP (proposed)"] }), 400, Some("plants")),
        (json!({ "plants": ["nowhere"] }), 400, Some("plants")),
    ] {
        let answer = execute(&inputs);
        let problem = answer.json();
        assert_eq!((answer.status, problem["parameter"].as_str()), (status, parameter), "{inputs}: {problem}");
    }
}

#[test]
fn it_describes_itself_in_both_languages_and_runs_as_a_job() {
    let russian = demo().json("/ogc/processes/allocate?lang=ru");
    assert_eq!(russian["title"], "Распределение торфа по станциям");
    assert_eq!(russian["inputs"]["years"]["schema"]["maximum"], 100);
    let body = json!({ "inputs": { "years": 5 } }).to_string();
    let answer = demo().post_with("/ogc/processes/allocate/execution", &body, &[("Prefer", "respond-async")]);
    assert_eq!(answer.status, 201, "{}", answer.text);
}

/// Notes what it is told, and stops the computation when it is told of the second step.
#[derive(Default)]
struct StopsSoon(Mutex<Vec<(usize, usize)>>);

impl Progress for StopsSoon {
    fn go_on(&self, done: usize, total: usize) -> bool {
        let mut told = self.0.lock().unwrap();
        told.push((done, total));
        told.len() < 2
    }
}

/// The hauls to three plants are the first tenth of the way.
#[test]
fn hauls_are_told_plant_by_plant_and_can_be_stopped() {
    let store = GeoPackageStore::open(&copy_of("demo.gpkg")).unwrap();
    let bench = Workbench::new(store.load().unwrap(), Config::default().estimate_cells);
    let watch = StopsSoon::default();
    let stopped = bench.allocation_plan(&AllocationRequest::default(), &watch);
    assert!(matches!(stopped, Err(PlanningError::Cancelled)));
    assert_eq!(*watch.0.lock().unwrap(), [(0, 10_000), (333, 10_000)]);
}
