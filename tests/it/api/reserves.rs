//! Reserves over HTTP.

use crate::support::server::demo;
use serde_json::Value;

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("{name} is missing: {value}"))
}

#[test]
fn a_deposit_answers_by_id_code_and_either_name() {
    let by_id = demo().json("/reserves/1");
    let code = by_id["deposit"]["code"].as_str().unwrap().to_owned();
    let name = by_id["deposit"]["name"].as_str().unwrap().to_owned();
    for path in [format!("/reserves/{code}"), format!("/reserves/{name}"), format!("/reserves/{}", name.to_lowercase())] {
        assert_eq!(demo().json(&path)["geological_volume_m3"], by_id["geological_volume_m3"], "{path}");
    }
}

#[test]
fn the_answer_has_every_name_of_the_public_interface() {
    let answer = demo().json("/reserves/1?constraints=apply");
    for name in [
        "area_ha",
        "area_ellipsoidal_ha",
        "probes_used",
        "mean_depth_m",
        "geological_volume_m3",
        "balance_volume_m3",
        "extractable_volume_m3",
        "dry_mass_t",
        "mass_t",
        "reference_moisture",
        "energy_gj",
        "energy_mwh",
        "tonnes_coal_equivalent",
    ] {
        assert!(number(&answer, name) > 0.0, "{name}");
    }
    for name in ["mae_m", "rmse_m"] {
        assert!(number(&answer["cross_validation"], name) > 0.0);
    }
    assert!(answer["rests_on"].as_array().unwrap().iter().any(|used| used["parameter"] == "stumps"));
    assert_eq!(answer["synthetic"], true);
    assert_eq!(answer["inputs_hash"].as_str().unwrap().len(), 16);
    assert!(answer["stated"].as_array().is_some_and(|stated| !stated.is_empty()), "stated reserves stand beside");
}

#[test]
fn each_step_of_the_ladder_takes_what_it_says() {
    let answer = demo().json("/reserves/2?constraints=apply");
    let ladder = answer["ladder"].as_array().unwrap();
    let names: Vec<&str> = ladder.iter().map(|step| step["step"].as_str().unwrap()).collect();
    let all = ["geological", "balance", "legal", "above_bottom_layer", "without_stumps", "extractable", "extracted", "delivered"];
    assert_eq!(names, all);
    for pair in ladder.windows(2) {
        let lost = number(&pair[0], "volume_m3") - number(&pair[1], "volume_m3");
        assert!((lost - number(&pair[1], "lost_volume_m3")).abs() < 1.0, "{pair:?}");
        assert!(lost >= 0.0);
    }
    assert_eq!(ladder[7]["energy_mwh"], answer["energy_mwh"]);
    assert_eq!(ladder[5]["volume_m3"], answer["extractable_volume_m3"]);
    assert!(number(&ladder[2], "lost_volume_m3") > 1e6, "the invented national park bites here");
}

#[test]
fn constraints_are_reported_applied_or_ignored() {
    let report = demo().json("/reserves/2");
    let apply = demo().json("/reserves/2?constraints=apply");
    let ignore = demo().json("/reserves/2?constraints=ignore");
    assert_eq!(report["extractable_volume_m3"], ignore["extractable_volume_m3"], "a report stays gross");
    assert_eq!(report["net_of_constraints"]["extractable_volume_m3"], apply["extractable_volume_m3"]);
    assert!(number(&apply, "extractable_volume_m3") < number(&ignore, "extractable_volume_m3"));
    assert!(ignore["constraints"].as_array().unwrap().is_empty() && ignore["net_of_constraints"].is_null());
    let taken: f64 = report["constraints"].as_array().unwrap().iter().map(|c| number(c, "balance_volume_m3")).sum();
    let net = number(&report, "balance_volume_m3") - number(&report["net_of_constraints"], "balance_volume_m3");
    assert!(taken >= net - 1.0, "alone they take together no less than all at once");
}

#[test]
fn the_same_inputs_give_the_same_answer_by_query_and_by_body() {
    let query = demo().json("/reserves/3?method=idw&power=3&min_depth_m=1.2&constraints=apply");
    let body = demo().post("/reserves/3", r#"{"method":"idw","power":3,"min_depth_m":1.2,"constraints":"apply"}"#).json();
    assert_eq!(query, body);
    let other = demo().json("/reserves/3?method=idw&power=4&min_depth_m=1.2&constraints=apply");
    assert_ne!(other["inputs_hash"], query["inputs_hash"]);
}

#[test]
fn a_changed_cut_off_changes_the_numbers() {
    let shallow = demo().json("/reserves/4?min_depth_m=0.5");
    let deep = demo().json("/reserves/4?min_depth_m=2.5");
    assert_eq!(shallow["geological_volume_m3"], deep["geological_volume_m3"]);
    assert!(number(&deep, "balance_volume_m3") < number(&shallow, "balance_volume_m3"));
    assert!(number(&deep, "energy_mwh") < number(&shallow, "energy_mwh"));
}

#[test]
fn a_deposit_without_probes_takes_its_stated_depth_and_says_so() {
    let deposits = demo().json("/ogc/collections/deposits/items");
    let deposit = deposits["features"].as_array().unwrap().iter().find(|d| !d["properties"]["stated_mean_depth_m"].is_null());
    let id = deposit.unwrap()["id"].clone();
    let answer = demo().json(&format!("/reserves/{id}"));
    assert_eq!((answer["method"].as_str(), answer["probes_used"].as_u64()), (Some("mean"), Some(0)));
    assert!(answer["warnings"].as_array().unwrap().iter().any(|w| w["code"] == "mean_of_stated_depth"));
    let volume = number(&answer, "area_ha") * 1e4 * deposit.unwrap()["properties"]["stated_mean_depth_m"].as_f64().unwrap();
    assert!((number(&answer, "geological_volume_m3") / volume - 1.0).abs() < 1e-9);
    let problem = demo().problem(&format!("/reserves/{id}?method=idw"), 422);
    assert!(problem["detail"].as_str().unwrap().contains("method=mean"));
}

#[test]
fn an_area_cut_in_two_holds_what_its_parts_hold() {
    let extent = demo().json("/ogc/collections/deposits/items/1");
    let corners = extent["geometry"].to_string();
    let numbers: Vec<f64> = corners.split(['[', ']', ',']).filter_map(|part| part.parse().ok()).collect();
    let (xs, ys): (Vec<f64>, Vec<f64>) = numbers.chunks(2).map(|pair| (pair[0], pair[1])).unzip();
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (west, south, east, north) = (least(&xs) - 0.01, least(&ys) - 0.01, most(&xs) + 0.01, most(&ys) + 0.01);
    let middle = f64::midpoint(west, east);
    let volume = |west: f64, east: f64| {
        let ring = format!("[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]");
        let body = format!(r#"{{"method":"idw","cell_m":25,"area":{{"type":"Polygon","coordinates":[{ring}]}}}}"#);
        let answer = demo().post("/reserves/1", &body);
        assert_eq!(answer.status, 200, "{}", answer.text);
        number(&answer.json(), "geological_volume_m3")
    };
    let whole = volume(west, east);
    let parts = volume(west, middle) + volume(middle, east);
    assert!((parts / whole - 1.0).abs() < 2e-3, "{parts} {whole}");
}

#[test]
fn all_deposits_together_hold_the_figure_of_the_towns_strategy() {
    let deposits = demo().json("/ogc/collections/deposits/items");
    let volume = |deposit: &Value| number(&demo().json(&format!("/reserves/{}", deposit["id"])), "geological_volume_m3");
    let total: f64 = deposits["features"].as_array().unwrap().iter().map(volume).sum();
    assert!((480e6..=520e6).contains(&total), "{total}");
}
