//! The steam of a consumer's boiler house, over the demo project.

use crate::support::server::demo;
use serde_json::{Value, json};

#[test]
fn a_consumer_gives_its_pressure_and_its_year_of_steam() {
    let asked = |inputs: Value| demo().post("/ogc/processes/steam-retrofit/execution", &json!({ "inputs": inputs }).to_string());
    let answer = asked(json!({ "consumer": "Boiler house Heron", "outlet_pressure_mpa": 0.12 }));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let study = answer.json();
    // The heat that goes through the valve is that of the row.
    let heat = study["heat_mwh_a"].as_f64().expect("heat");
    assert!((heat / 96_000.0 - 1.0).abs() < 0.02, "{heat}");
    assert_eq!(study["parameters"]["inlet_pressure_mpa"], 1.3);
    let by_hand =
        asked(json!({ "consumer": 5, "inlet_pressure_mpa": 1.1, "outlet_pressure_mpa": 0.12, "nominal_steam_t_h": 20 })).json();
    assert_eq!(by_hand["parameters"]["inlet_pressure_mpa"], 1.1);
    // The first of the curve's steps is the mean of the hours near the peak.
    let peak = by_hand["peak_steam_t_h"].as_f64().expect("a peak");
    assert!((19.0..=20.0).contains(&peak), "{peak}");
    assert_eq!(by_hand["consumer"]["code"], "C-05");
    let without = asked(json!({ "consumer": "Boiler house Teal", "outlet_pressure_mpa": 0.12 }));
    assert!(without.status == 400 && without.text.contains("steam_pressure_mpa"), "{}", without.text);
    assert_eq!(asked(json!({ "consumer": "Moon base", "outlet_pressure_mpa": 0.12 })).status, 400);
}
