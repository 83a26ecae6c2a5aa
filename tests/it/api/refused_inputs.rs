//! Inputs that cannot be right are refused by name, with what is allowed; none is silently read as another.

use crate::support::projects::copy_of;
use crate::support::server::{Answer, Server, demo};
use serde_json::{Value, json};

fn asked(server: &Server, process: &str, inputs: &Value) -> Answer {
    server.post(&format!("/ogc/processes/{process}/execution"), &json!({ "inputs": inputs }).to_string())
}

#[test]
fn what_cannot_be_right_is_refused_by_the_name_of_the_input() {
    let cases = [
        ("fuel-supply", json!({ "plant": 1, "fuel_power_mw": 0 }), 400, "fuel_power_mw", "above 0"),
        ("chp-study", json!({ "plant": 1, "heat_capacity_mw": 0 }), 400, "heat_capacity_mw", "above 0"),
        ("chp-study", json!({ "plant": 1, "electric_capacity_mw": 0 }), 400, "electric_capacity_mw", "above 0"),
        ("chp-study", json!({ "plant": 1, "consumers": [] }), 400, "consumers", "or left out"),
        ("town-demand", json!({ "consumers": [] }), 400, "consumers", "or left out"),
        ("site-plants", json!({ "consumers": [] }), 400, "consumers", "or left out"),
        ("allocate", json!({ "plants": [] }), 400, "plants", "or left out"),
        ("town-demand", json!({ "weather_seed": 1.5 }), 400, "weather_seed", "whole number"),
        ("site-plants", json!({ "sizes_mw": [10], "budget_rub": 0 }), 422, "budget_rub", "budget_rub is 0 RUB"),
        ("fuel-supply", json!({ "plant": "Moon base" }), 404, "plant", "Moon base"),
        ("fuel-supply", json!({ "plant": 1, "total_efficiency": 1.1 }), 400, "total_efficiency", "between 0.05 and 1"),
        ("fuel-supply", json!({ "at": "40.66,55.62" }), 400, "fuel_power_mw", "no size"),
        (
            "steam-retrofit",
            json!({ "inlet_pressure_mpa": 1, "outlet_pressure_mpa": 2, "nominal_steam_t_h": 20 }),
            400,
            "outlet_pressure_mpa",
            "lower one",
        ),
    ];
    for (process, inputs, status, parameter, said) in cases {
        let answer = asked(demo(), process, &inputs);
        let problem = answer.json();
        assert_eq!((answer.status, &problem["parameter"]), (status, &json!(parameter)), "{process} {inputs}: {}", answer.text);
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(said)), "{said}: {}", answer.text);
    }
    let by_query = demo().get("/supply/1?routes=false&fuel_power_mw=0");
    assert_eq!((by_query.status, &by_query.json()["parameter"]), (400, &json!("fuel_power_mw")));
    let none = demo().json("/supply/1?routes=false&electric_capacity_mw=0");
    assert_eq!(none["plant"]["electric_capacity_mw"], 0.0, "a plant may give heat alone");
}

#[test]
fn a_rate_has_the_same_limits_in_every_computation() {
    let limits = |process: &str| {
        let described = demo().json(&format!("/ogc/processes/{process}"));
        let schema = &described["inputs"]["discount_rate"]["schema"];
        (schema["minimum"].as_f64(), schema["maximum"].as_f64())
    };
    for process in ["allocate", "site-plants", "chp-study", "steam-retrofit"] {
        assert_eq!(limits(process), (Some(0.0), Some(1.0)), "{process}");
        assert_eq!(asked(demo(), process, &json!({ "discount_rate": -0.1 })).json()["parameter"], "discount_rate", "{process}");
    }
}

#[test]
fn a_long_text_is_not_sent_back_whole() {
    let long = "x\"\\".repeat(2_000);
    for (process, inputs) in [
        ("fuel-supply", json!({ "plant": long })),
        ("town-demand", json!({ "consumers": [long] })),
        ("town-demand", json!({ long.clone(): 1 })),
        ("town-demand", json!({ "climate": long })),
        ("site-plants", json!({ "candidates": [long] })),
    ] {
        let answer = asked(demo(), process, &inputs);
        assert!((400..500).contains(&answer.status), "{process}: {}", answer.text);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(!detail.contains(&"x\\\"\\\\".repeat(50)) && detail.contains('…'), "{process}: {detail}");
    }
}

#[test]
fn a_name_that_two_rows_share_is_refused_with_both_identifiers() {
    let server = Server::start(&copy_of("demo.gpkg"));
    let add = |layer: &str, properties: Value| {
        let row = json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [40.66, 55.62] }, "properties": properties });
        let items = format!("/ogc/collections/{layer}/items");
        let answer = server.post_as(&items, "application/geo+json", &row.to_string(), &[]);
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.headers["location"].to_str().unwrap().rsplit('/').next().unwrap().to_owned()
    };
    let plant = || add("plants", json!({ "name": "Twin", "status": "proposed", "fuel_power_mw": 10, "synthetic": true }));
    let consumer =
        || add("consumers", json!({ "name": "Twin", "kind": "boiler_house", "heat_demand_mwh_a": 900, "synthetic": true }));
    let (plants, consumers) = ([plant(), plant()], [consumer(), consumer()]);
    for (process, inputs, parameter, ids) in [
        ("fuel-supply", json!({ "plant": "twin" }), "plant", &plants),
        ("allocate", json!({ "plants": ["Twin"] }), "plants", &plants),
        ("town-demand", json!({ "consumers": ["Twin"] }), "consumers", &consumers),
        ("steam-retrofit", json!({ "consumer": "Twin", "outlet_pressure_mpa": 0.12 }), "consumer", &consumers),
    ] {
        let answer = asked(&server, process, &inputs);
        assert_eq!((answer.status, &answer.json()["parameter"]), (400, &json!(parameter)), "{process}: {}", answer.text);
        assert!(answer.text.contains(&format!("identifiers {}", ids.join(", "))), "{process}: {}", answer.text);
    }
    assert_eq!(asked(&server, "town-demand", &json!({ "consumers": [consumers[1].parse::<u64>().unwrap()] })).status, 200);
    assert_eq!(asked(&server, "fuel-supply", &json!({ "plant": plants[0], "routes": false })).status, 200);
}

#[test]
fn a_zero_is_answered_without_a_sign() {
    let answer = asked(demo(), "town-demand", &json!({}));
    assert!(!answer.text.contains("-0.0,") && !answer.text.contains("-0.0}"), "{}", answer.text);
    assert_eq!(answer.json()["present_local_heat_share"].to_string(), "0.0");
}
