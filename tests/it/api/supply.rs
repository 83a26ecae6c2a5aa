//! Fuel supply over HTTP.

use crate::support::projects::copy_of;
use crate::support::server::{Server, demo};
use serde_json::{Value, json};

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("{name} is missing: {value}"))
}

fn fields(answer: &Value) -> &Vec<Value> {
    answer["fields"].as_array().unwrap()
}

#[test]
fn fields_stand_by_delivered_cost_and_add_up() {
    let answer = demo().json("/supply/3");
    let (mut cost, mut cumulative, mut used) = (0.0, 0.0, 0.0);
    for field in fields(&answer) {
        assert!(number(field, "delivered_cost_rub_mwh") >= cost);
        cost = number(field, "delivered_cost_rub_mwh");
        cumulative += number(field, "harvest_mwh_a");
        used += number(field, "used_mwh_a");
        assert!((number(field, "cumulative_mwh_a") - cumulative).abs() < 1e-3);
        assert!(number(field, "used_mwh_a") <= number(field, "harvest_mwh_a") + 1e-9, "nothing beyond the harvest");
        assert!(number(field, "harvest_mwh_a") <= number(field, "stock_mwh") + 1e-6, "nothing beyond the stock");
        let parts = ["production_cost_rub_t", "handling_cost_rub_t", "haul_cost_rub_t"].map(|part| number(field, part));
        assert!((parts.iter().sum::<f64>() - number(field, "delivered_cost_rub_t")).abs() < 1e-9);
    }
    assert!((used - number(&answer, "covered_mwh_a")).abs() < 1e-3);
    assert!((used / number(&answer["need"], "fuel_mwh_a") - number(&answer, "covered_share")).abs() < 1e-9);
    assert_eq!(fields(&answer).iter().filter(|field| field["marginal"] == true).count(), 1);
}

#[test]
fn a_plant_need_not_be_stored() {
    let stored = demo().json("/supply/2");
    let plant = &stored["plant"];
    let [x, y] = [0, 1].map(|i| plant["coordinates"][i].as_f64().unwrap());
    let (power, hours) = (number(plant, "fuel_power_mw"), number(plant, "full_load_hours"));
    let asked = demo().json(&format!("/supply?at={x},{y}&fuel_power_mw={power}&full_load_hours={hours}"));
    assert_eq!(asked["fields"], stored["fields"]);
    assert!(asked["plant"]["id"].is_null());
    let body = demo().post("/supply", &format!(r#"{{"at":[{x},{y}],"fuel_power_mw":{power},"full_load_hours":{hours}}}"#)).json();
    assert_eq!(body, asked);
}

#[test]
fn a_moved_plant_changes_its_curve() {
    let here = demo().json("/supply/1");
    let there = demo().json("/supply/1?at=41.0,55.4");
    assert_ne!(here["fields"], there["fields"]);
    assert_eq!(here["need"], there["need"]);
    assert_eq!(there["plant"]["coordinates"][0], 41.0);
}

#[test]
fn the_network_is_used_and_said_and_left_out_lines_are_empty() {
    let answer = demo().json("/supply/1?routes=false");
    assert!(fields(&answer).iter().all(|field| field["line"].as_array().unwrap().is_empty()));
    let drawn = demo().json("/supply/1");
    let by_road: Vec<&Value> = fields(&drawn).iter().filter(|field| field["route"] == "network").collect();
    assert!(!by_road.is_empty());
    for field in &by_road {
        assert!(field["line"].as_array().unwrap().len() > 2, "a road bends");
        assert!(number(field, "off_road_km") < number(field, "distance_km"));
    }
    assert!(["network", "mixed"].contains(&drawn["routes_by"].as_str().unwrap()));
}

#[test]
fn a_larger_plant_is_covered_less_and_pays_more() {
    let small = demo().json("/supply?at=40.66,55.62&fuel_power_mw=10");
    let large = demo().json("/supply?at=40.66,55.62&fuel_power_mw=900");
    assert!((number(&small, "covered_share") - 1.0).abs() < 1e-12);
    assert!(number(&large, "covered_share") < 1.0 && number(&large, "short_t_a") > 0.0);
    assert!(number(&large, "marginal_cost_rub_mwh") > number(&small, "marginal_cost_rub_mwh"));
    let wet = &large["wet_season"];
    assert!(number(wet, "covered_share") < number(&large, "covered_share"));
    assert!((number(wet, "available_mwh_a") + number(wet, "short_mwh_a") - number(&large["need"], "fuel_mwh_a")).abs() < 1.0);
}

#[test]
fn the_years_use_up_the_stock_and_no_more() {
    let answer = demo().json("/supply/3?horizon_years=200");
    let deposits = answer["deposits"].as_array().unwrap();
    let years = answer["years"].as_array().unwrap();
    assert_eq!(years.len(), 200);
    for (place, deposit) in deposits.iter().enumerate() {
        let burned: f64 = years.iter().map(|year| year["by_deposit"][place].as_f64().unwrap()).sum();
        let left = years[199]["remaining_by_deposit"][place].as_f64().unwrap();
        assert!((burned + left - number(deposit, "stock_mwh")).abs() < 1.0);
        if let Some(end) = deposit["worked_out_year"].as_u64() {
            let end = usize::try_from(end).unwrap();
            assert!(years[end - 1]["remaining_by_deposit"][place].as_f64().unwrap() < 1.0);
            assert!(years[end..].iter().all(|year| year["by_deposit"][place].as_f64().unwrap() < 1e-6));
        }
    }
}

#[test]
fn undeveloped_fields_count_only_when_asked() {
    let now = demo().json("/supply/1");
    let later = demo().json("/supply/1?include_undeveloped=true");
    assert!(fields(&now).iter().all(|field| ["in_production", "prepared"].contains(&field["status"].as_str().unwrap())));
    assert!(fields(&later).iter().any(|field| field["status"] == "undeveloped"));
    assert!(fields(&later).iter().all(|field| !["worked_out", "rewetted"].contains(&field["status"].as_str().unwrap())));
}

#[test]
fn the_consumers_in_reach_make_a_first_size() {
    let answer = demo().json("/supply/2?routes=false");
    let first = &answer["first_size"];
    let study = demo()
        .post("/ogc/processes/chp-study/execution", r#"{"inputs":{"plant":"P-2","uncertainty_drawn":false,"sizing":false}}"#)
        .json();
    // The same consumers need the same heat, hour by hour or in closed form; the peak of the hours has hot water's morning in it.
    assert_eq!(first["consumers"].as_u64(), study["consumers"].as_array().map(|all| all.len() as u64));
    let energy = number(first, "heat_mwh_a");
    assert!((energy / number(&study["heat_demand"], "energy_mwh_a") - 1.0).abs() < 1e-6);
    let peak = number(first, "peak_mw");
    assert!((peak / number(&study["heat_demand"], "peak_mw") - 1.0).abs() < 0.35, "{peak} and {}", study["heat_demand"]);
    let unit = &first["unit"];
    assert!((number(unit, "heat_mw") - number(unit, "alpha") * peak).abs() < 1e-9);
    assert!(
        (number(unit, "heat_share") * energy - number(unit, "heat_mw") * number(unit, "full_load_hours")).abs() < 1e-6 * energy
    );
    assert!((number(&first["of_plant"], "heat_mw") - number(&answer["plant"], "heat_capacity_mw")).abs() < 1e-9);
    // Far out in the bog no pipe reaches anybody.
    assert!(demo().json("/supply?at=40.2,55.2&fuel_power_mw=10&routes=false")["first_size"].is_null());
}

/// Far from all others, a deposit of a square kilometre that states its mean depth.
struct Bog(Server);

impl Bog {
    /// Corners in km from the deposit's own.
    fn square(west: f64, south: f64, east: f64, north: f64) -> Value {
        let place = |x: f64, y: f64| json!([41.2 + x / 62.96, 55.2 + y / 111.34]);
        json!({ "type": "Polygon", "coordinates":
            [[place(west, south), place(east, south), place(east, north), place(west, north), place(west, south)]] })
    }

    fn new() -> Self {
        let bog = Self(Server::start(&copy_of("demo.gpkg")));
        bog.add("deposits", &Self::square(0.0, 0.0, 1.0, 1.0), json!({ "name": "Lone bog", "stated_mean_depth_m": 2.0 }));
        bog
    }

    fn add(&self, layer: &str, geometry: &Value, mut properties: Value) {
        properties["synthetic"] = json!(true);
        let feature = json!({ "type": "Feature", "geometry": geometry, "properties": properties });
        let answer = self.0.post(&format!("/ogc/collections/{layer}/items"), &feature.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    fn field(&self, name: &str, geometry: &Value) {
        self.add("fields", geometry, json!({ "name": name, "deposit": "Lone bog", "status": "in_production" }));
    }

    /// Tonnes by field, and the codes of the warnings that name one.
    fn stocks(&self) -> impl Fn(&str) -> (f64, Vec<String>) {
        let answer = self.0.json("/supply?at=41.2,55.2&fuel_power_mw=5000&routes=false");
        move |name| {
            let own = fields(&answer).iter().find(|field| field["name"] == name);
            let warned = answer["warnings"].as_array().unwrap().iter();
            let warned = warned.filter(|warning| warning["message"].as_str().unwrap().contains(&format!("field {name} ")));
            let codes = warned.map(|warning| warning["code"].as_str().unwrap().to_owned()).collect();
            (own.map_or(0.0, |field| number(field, "stock_t")), codes)
        }
    }
}

#[test]
fn peat_under_two_fields_is_counted_once_where_the_depth_is_a_mean_too() {
    let bog = Bog::new();
    bog.field("Whole", &Bog::square(0.0, 0.0, 1.0, 1.0));
    let (whole, _) = bog.stocks()("Whole");
    assert!(whole > 0.0);
    bog.field("Part", &Bog::square(0.0, 0.0, 0.4, 1.0));
    let of = bog.stocks();
    let ((part, warned), (rest, told)) = (of("Part"), of("Whole"));
    assert!((part / whole - 0.4).abs() < 0.01, "{part} of {whole}");
    assert!(((part + rest) / whole - 1.0).abs() < 0.01, "{part} and {rest} of {whole}");
    assert!(warned.is_empty() && told == ["fields_overlap"], "{warned:?} {told:?}");
}

#[test]
fn a_field_has_the_peat_that_lies_in_its_deposit() {
    let bog = Bog::new();
    bog.field("Inside", &Bog::square(0.0, 0.0, 0.25, 1.0));
    bog.field("Across", &Bog::square(0.75, 0.0, 1.25, 1.0));
    bog.field("Outside", &Bog::square(3.0, 0.0, 3.25, 1.0));
    let of = bog.stocks();
    let ((inside, _), (across, _), (outside, warned)) = (of("Inside"), of("Across"), of("Outside"));
    assert!(inside > 0.0 && (across / inside - 1.0).abs() < 0.01, "{across} and {inside}");
    assert!(outside == 0.0 && warned == ["field_outside_deposit"], "{outside} {warned:?}");
}
