//! Where plants should stand, as a process over the demo project: sums that balance, numbers that are those of `/supply`, and inputs
//! that cannot be right.

use crate::support::projects::copy_of;
use crate::support::server::{Answer, Server, demo};
use serde_json::{Value, json};
use std::sync::LazyLock;

const EXECUTION: &str = "/ogc/processes/site-plants/execution";

fn asked(server: &Server, inputs: &Value, outputs: &Value) -> Answer {
    server.post(EXECUTION, &json!({ "inputs": inputs, "outputs": outputs }).to_string())
}

fn plan(inputs: &Value) -> Value {
    let answer = asked(demo(), inputs, &json!({ "plan": {} }));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("no list {name} in {value}"))
}

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("no number {name} in {value}"))
}

fn sum(rows: &[Value], name: &str) -> f64 {
    rows.iter().map(|row| number(row, name)).sum()
}

fn near(value: f64, wanted: f64) -> bool {
    (value - wanted).abs() <= 1e-6 * value.abs().max(wanted.abs()).max(1.0)
}

/// Heat is dear enough for several plants to pay.
fn dear_heat() -> Value {
    json!({ "heat_price_rub_mwh": 7500, "sizes_mw": [10, 20, 40], "most_candidates": 30, "alternative_count": 2 })
}

static PLAN: LazyLock<Value> = LazyLock::new(|| plan(&dear_heat()));

#[test]
fn heat_fuel_and_money_of_a_plan_balance() {
    let (plan, mut total) = (&*PLAN, 0.0);
    let sites = list(plan, "sites");
    assert!(!sites.is_empty(), "at this price of heat plants pay: {}", plan["warnings"]);
    for site in sites {
        let (heats, fed_by) = (list(site, "heats"), list(site, "fed_by"));
        assert!(near(sum(heats, "delivered_mwh_a"), number(site, "heat_delivered_mwh_a")));
        assert!(near(sum(heats, "sent_mwh_a"), number(site, "heat_sent_mwh_a")));
        assert!(near(sum(fed_by, "fuel_mwh_a"), number(site, "fuel_mwh_a")));
        assert!(near(
            number(site, "fuel_mwh_a") * number(&plan["parameters"], "heat_efficiency"),
            number(site, "heat_sent_mwh_a")
        ));
        assert!(number(site, "heat_sent_mwh_a") <= number(site, "heat_capacity_mwh_a") * (1.0 + 1e-6));
        assert!(near(number(site, "heat_capacity_mwh_a"), number(site, "heat_capacity_mw") * 5_000.0));
        assert!(near(sum(fed_by, "fuel_rub_a"), number(&site["cost"], "fuel_rub_a")));
        assert!(heats.iter().all(|heated| number(heated, "distance_km") <= 8.0), "the greatest length of a pipe");
        total += number(&site["cost"], "total_rub_a");
    }
    let consumers = list(plan, "consumers");
    for consumer in consumers {
        let got = number(consumer, "from_plants_mwh_a") + number(consumer, "other_heat_mwh_a");
        assert!(near(got, number(consumer, "heat_demand_mwh_a")), "{consumer}");
        assert!(near(number(consumer, "other_heat_rub_a"), 7_500.0 * number(consumer, "other_heat_mwh_a")));
    }
    assert_eq!(consumers[0]["name"], "Sirin glass works");
    assert!(near(number(&consumers[0], "heat_demand_mwh_a"), 41_000.0), "as its row says: {}", consumers[0]);
    assert!(near(sum(consumers, "from_plants_mwh_a"), sum(sites, "heat_delivered_mwh_a")));
    let need = number(plan, "heat_demand_mwh_a");
    assert!(near(sum(consumers, "heat_demand_mwh_a"), need));
    assert!(near(total + sum(consumers, "other_heat_rub_a"), number(&plan["cost"], "total_rub_a")));
    assert!(near(number(plan, "cost_without_plants_rub_a"), 7_500.0 * need));
    assert!(number(plan, "saving_rub_a") > 0.0);
    for deposit in list(plan, "deposits") {
        assert!(number(deposit, "used_mwh_a") <= number(deposit, "fuel_mwh_a") * (1.0 + 1e-6), "{deposit}");
    }
    assert!(near(sum(list(plan, "deposits"), "used_mwh_a"), sum(sites, "fuel_mwh_a")));
    assert!(number(plan, "bound_rub_a") <= number(&plan["cost"], "total_rub_a"));
    assert_eq!((&plan["proven"], &plan["synthetic"], &plan["currency"]), (&json!(true), &json!(true), &json!("RUB")));
    let tagged = list(plan, "rests_on").iter().any(|used| used["parameter"] == "pipe_cost_rub_mwh_km");
    assert!(tagged && plan["inputs_hash"].as_str().unwrap().len() == 16);
}

#[test]
fn alternatives_differ_and_cost_no_more_than_the_slack_allows() {
    let best = number(&PLAN["cost"], "total_rub_a");
    let ids = |plan: &Value| list(plan, "sites").iter().map(|site| site["site_id"].clone()).collect::<Vec<_>>();
    let mut seen = vec![ids(&PLAN)];
    for other in list(&PLAN, "alternatives") {
        assert!(number(&other["cost"], "total_rub_a") <= best * 1.05 * (1.0 + 1e-6));
        assert!(near(number(other, "extra_rub_a"), number(&other["cost"], "total_rub_a") - best));
        assert!(!seen.contains(&ids(other)), "{seen:?}");
        seen.push(ids(other));
    }
    let none = plan(&json!({ "alternative_count": 0, "most_candidates": 5 }));
    assert!(list(&none, "alternatives").is_empty());
}

#[test]
fn candidates_stand_in_the_order_of_their_scores_with_the_reasons() {
    let candidates = list(&PLAN, "candidates");
    assert!(candidates.len() > 5 && candidates.len() <= 30);
    for (place, candidate) in candidates.iter().enumerate() {
        assert_eq!(candidate["rank"], place + 1);
        let criteria = list(candidate, "criteria");
        assert!(near(sum(criteria, "contribution"), number(candidate, "score")), "{candidate}");
        assert!(near(sum(criteria, "weight"), 1.0));
        assert_eq!((candidate["origin"].as_str(), candidate["on_constraint"].as_bool()), (Some("network"), Some(false)));
    }
    assert_eq!(candidates[0]["criteria"][0]["unit"], "RUB/MWh");
    let chosen = candidates.iter().filter(|candidate| candidate["chosen"] == true).count();
    assert_eq!(chosen, list(&PLAN, "sites").len());
}

#[test]
fn fuel_at_a_gate_costs_what_the_supply_of_a_plant_there_says() {
    let supply = demo().json("/supply/P-2?routes=false");
    let at = &supply["plant"]["coordinates"];
    let inputs = json!({
        "candidates": [format!("{},{}", at[0], at[1])], "sizes_mw": [80], "greatest_pipe_km": 100, "heat_price_rub_mwh": 9000,
        "pipe_loss_share_km": 0.0, "alternative_count": 0, "heat_full_load_hours": 8000,
    });
    let plan = plan(&inputs);
    let fed_by = list(&plan["sites"][0], "fed_by");
    assert!(!fed_by.is_empty());
    for fed in fed_by {
        let (mut harvest, mut cost) = (0.0, 0.0);
        for field in list(&supply, "fields").iter().filter(|field| field["deposit_id"] == fed["deposit_id"]) {
            harvest += number(field, "harvest_mwh_a");
            cost += number(field, "harvest_mwh_a") * number(field, "delivered_cost_rub_mwh");
        }
        assert!(near(number(fed, "delivered_cost_rub_mwh"), cost / harvest), "{fed}: {}", cost / harvest);
        let deposit = list(&plan, "deposits").iter().find(|deposit| deposit["deposit_id"] == fed["deposit_id"]).unwrap();
        assert!(near(number(deposit, "fuel_mwh_a"), harvest), "{deposit}: {harvest}");
    }
}

#[test]
fn places_of_the_request_keep_their_names_and_stand_or_fall_as_it_says() {
    let feature = |name: &str, status: &str, at: [f64; 2]| {
        json!({
            "type": "Feature", "geometry": { "type": "Point", "coordinates": at },
            "properties": { "name": name, "name_ru": "Двор", "status": status, "site_rub_a": 1e6 },
        })
    };
    let at = |code: &str| {
        let plant = demo().json(&format!("/supply/{code}?routes=false"));
        [0, 1].map(|part| plant["plant"]["coordinates"][part].as_f64().unwrap())
    };
    let places = json!({ "type": "FeatureCollection", "features": [
        feature("Must", "required", at("P-1")), feature("Must not", "forbidden", at("P-2")), feature("May", "optional", at("P-3")),
    ] });
    let given = plan(&json!({ "candidates": { "value": places }, "greatest_pipe_km": 30, "heat_price_rub_mwh": 100 }));
    let sites = list(&given, "sites");
    assert_eq!((sites.len(), &sites[0]["name"], &sites[0]["name_ru"]), (1, &json!("Must"), &json!("Двор")));
    assert!(near(number(&sites[0]["cost"], "site_rub_a"), 1e6));
    let warned = list(&given, "warnings").iter().any(|warning| warning["code"] == "plants_do_not_pay");
    assert!(warned && number(&given, "saving_rub_a") < 0.0, "nobody builds for heat at 100 RUB/MWh");

    let stored = plan(&json!({ "candidate_source": "plants", "greatest_pipe_km": 30, "most_plants": 0 }));
    assert_eq!(list(&stored, "candidates").len(), 3);
    assert!(list(&stored, "sites").is_empty() && near(number(&stored, "served_share"), 0.0));
    assert!(list(&stored, "candidates").iter().any(|candidate| candidate["name"] == "Merlin CHP (proposed)"));
}

#[test]
fn limits_on_number_and_money_hold_and_never_make_a_plan_cheaper() {
    let with = |name: &str, value: Value| {
        let mut inputs = dear_heat();
        inputs["alternative_count"] = json!(0);
        inputs["most_candidates"] = json!(12);
        inputs[name] = value;
        plan(&inputs)
    };
    let (one, free) = (with("most_plants", json!(1)), with("fewest_plants", json!(0)));
    assert_eq!(list(&one, "sites").len(), 1);
    assert!(number(&free["cost"], "total_rub_a") <= number(&one["cost"], "total_rub_a") * 1.000_2);
    let poor = with("budget_rub", json!(2.0e9));
    assert!(number(&poor, "investment_rub") <= 2.0e9);
    assert!(number(&poor["cost"], "total_rub_a") * 1.000_2 >= number(&free["cost"], "total_rub_a"));
}

#[test]
fn the_second_output_is_geojson_of_plants_and_flows() {
    let answer = asked(demo(), &dear_heat(), &json!({ "sites": {} }));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let drawn = answer.json();
    assert_eq!(drawn["type"], "FeatureCollection");
    let of = |kind: &str| list(&drawn, "features").iter().filter(|feature| feature["properties"]["kind"] == kind).count();
    let sites = list(&PLAN, "sites");
    assert_eq!(of("plant"), sites.len());
    assert_eq!(of("candidate") + of("plant"), list(&PLAN, "candidates").len());
    assert_eq!(of("heat"), sites.iter().map(|site| list(site, "heats").len()).sum::<usize>());
    assert_eq!(of("fuel"), sites.iter().map(|site| list(site, "fed_by").len()).sum::<usize>());
    let fuel = list(&drawn, "features").iter().find(|feature| feature["properties"]["kind"] == "fuel").unwrap();
    assert!(list(&fuel["geometry"], "coordinates")[0].as_array().unwrap().len() > 1, "the way of a field");
}

#[test]
fn an_input_that_cannot_be_right_is_named() {
    for (inputs, name, said) in [
        (json!({ "heat_price_rub_mwh": -1 }), "heat_price_rub_mwh", "between 0"),
        (json!({ "candidates": ["north"] }), "candidates", "longitude,latitude"),
        (json!({ "consumers": ["Atlantis"] }), "consumers", "Sirin glass works"),
        (json!({ "candidates": ["40.6,55.6", "40.6,55.6"] }), "candidates", "two at"),
        (json!({ "sizes_mw": [] }), "sizes_mw", "1 to 20"),
        (json!({ "sizes_mw": [-3] }), "sizes_mw", "0.01"),
        (json!({ "fewest_plants": 3, "most_plants": 1 }), "fewest_plants", "at most 1"),
        (json!({ "alternative_count": 6 }), "alternative_count", "between 0 and 5"),
        (json!({ "heat_efficiency": 0.9, "power_to_heat": 0.5, "most_candidates": 5 }), "power_to_heat", "at most 1.2"),
        (json!({ "wet_season_factor": 0.5 }), "wet_season_factor", "the inputs are"),
        (json!({ "wind": 1 }), "wind", "the inputs are"),
    ] {
        let refused = asked(demo(), &inputs, &json!({ "plan": {} }));
        assert_eq!((refused.status, refused.json()["parameter"].as_str()), (400, Some(name)), "{inputs}: {}", refused.text);
        assert!(refused.json()["detail"].as_str().unwrap().contains(said), "{}", refused.text);
    }
    let cold = asked(demo(), &json!({ "heat_all": true, "greatest_pipe_km": 0.05 }), &json!({ "plan": {} }));
    assert_eq!(cold.status, 422, "{}", cold.text);
    assert!(cold.json()["detail"].as_str().unwrap().contains("no permitted site can heat"), "{}", cold.text);
}

#[test]
fn a_project_without_consumers_roads_or_fields_is_told_what_it_lacks() {
    let server = Server::start(&copy_of("tydal.gpkg"));
    let refused = |inputs: &Value, lacks: &str| {
        let answer = asked(&server, inputs, &json!({ "plan": {} }));
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.json()["detail"].as_str().unwrap().contains(lacks), "{}", answer.text);
    };
    refused(&json!({}), "no consumers of heat");
    let deposit = server.json("/ogc/collections/deposits/items/1");
    let mut corner = &deposit["geometry"]["coordinates"];
    while corner[0].is_array() {
        corner = &corner[0];
    }
    let consumer = json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": corner },
        "properties": { "name": "Dairy", "kind": "industry", "heat_demand_mwh_a": 5000, "synthetic": true },
    });
    let made = server.post_as("/ogc/collections/consumers/items", "application/geo+json", &consumer.to_string(), &[]);
    assert_eq!(made.status, 201, "{}", made.text);
    refused(&json!({}), "no roads");
    refused(&json!({ "candidates": [format!("{},{}", corner[0], corner[1])] }), "no field");
    // A consumer that goes is no longer planned for.
    let place = made.headers["location"].to_str().unwrap();
    let path = place.split_once("/ogc").map(|(_, path)| format!("/ogc{path}")).unwrap();
    assert_eq!(server.delete(&path).status, 204);
    refused(&json!({}), "no consumers of heat");
}

#[test]
fn it_describes_itself_and_runs_as_a_job() {
    let described = demo().json("/ogc/processes/site-plants?lang=ru");
    assert_eq!(described["title"], "Размещение станций");
    assert_eq!(described["inputs"]["greatest_pipe_km"]["schema"]["default"], 8.0);
    assert_eq!(described["outputs"]["sites"]["schema"]["contentMediaType"], "application/geo+json");
    for name in ["candidates", "climate", "discount_rate", "truck_payload_t", "net_area_share", "narrow_gauge"] {
        assert!(described["inputs"][name]["title"].is_string(), "{name}");
    }
    assert!(described["inputs"]["wet_season_factor"].is_null(), "what makes no difference is no input");
    let body = json!({ "inputs": { "most_candidates": 5, "alternative_count": 0 } }).to_string();
    let started = demo().post_with(EXECUTION, &body, &[("Prefer", "respond-async")]);
    assert_eq!(started.status, 201, "{}", started.text);
    let page = demo().get_with("/ogc/processes/site-plants", &[("Accept", "text/html")]);
    assert!(page.status == 200 && page.text.contains("Sizes in which plants can be built"), "{}", page.text);
}
