//! What the demo project answers, recorded: a change of any number is seen, and blessed only after it was read.

use crate::support::server::demo;
use serde_json::Value;
use std::fmt::Write;

/// Six significant figures: below that, machines may differ.
fn figure(value: &Value) -> String {
    value.as_f64().map_or_else(|| value.to_string(), |number| format!("{number:.5e}"))
}

fn line(answer: &Value, names: &[&str]) -> String {
    names.iter().map(|name| format!("{name} {}", figure(&answer[*name]))).collect::<Vec<_>>().join(", ")
}

fn check(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../../expected", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn reserves_of_the_demo_deposits_are_as_recorded() {
    let mut text = String::new();
    for deposit in demo().json("/ogc/collections/deposits/items")["features"].as_array().unwrap() {
        let answer = demo().json(&format!("/reserves/{}?constraints=apply", deposit["id"]));
        let names = [
            "area_ha",
            "probes_used",
            "geological_volume_m3",
            "balance_volume_m3",
            "extractable_volume_m3",
            "mass_t",
            "energy_mwh",
        ];
        writeln!(text, "{} by {}: {}", answer["deposit"]["code"], answer["method"], line(&answer, &names)).unwrap();
    }
    check("reserves", &text);
}

#[test]
fn supplies_of_the_demo_plants_are_as_recorded() {
    let mut text = String::new();
    for plant in demo().json("/ogc/collections/plants/items")["features"].as_array().unwrap() {
        let answer = demo().json(&format!("/supply/{}", plant["id"]));
        let names = ["covered_share", "mean_cost_rub_mwh", "marginal_cost_rub_mwh", "years_of_full_supply"];
        writeln!(text, "{}: {}", answer["plant"]["code"], line(&answer, &names)).unwrap();
        writeln!(text, "  wet season: {}", line(&answer["wet_season"], &["covered_share", "short_t_a"])).unwrap();
        for field in answer["fields"].as_array().unwrap().iter().take(8) {
            let names = ["distance_km", "haul_cost_rub_t", "delivered_cost_rub_mwh", "harvest_mwh_a", "stock_mwh", "used_mwh_a"];
            writeln!(text, "  {} by {}: {}", field["code"], field["route"], line(field, &names)).unwrap();
        }
    }
    check("supply", &text);
}
