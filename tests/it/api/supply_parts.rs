//! The parts of a supply that are asked for by name: the stack over drawn seasons, the fields year by year, the blend.

use crate::support::projects::{copy_of, succeeds};
use crate::support::server::{Server, demo};
use serde_json::{Value, json};

const PARTS: [&str; 3] = ["stock_band", "preparation", "blend"];

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("{name} is missing: {value}"))
}

fn list<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("{name} is no list: {value}"))
}

fn sum(values: &[Value], name: &str) -> f64 {
    values.iter().map(|value| number(value, name)).sum()
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-6 * (1.0 + one.abs().max(other.abs()))
}

/// A part of the supply of a stored plant.
fn part(plant: &str, name: &str, inputs: &str) -> Value {
    demo().json(&format!("/supply/{plant}?routes=false&{name}=true{inputs}"))[name].clone()
}

#[test]
fn the_plain_answer_has_no_parts_and_stays_as_it_is_beside_them() {
    let plain = demo().json("/supply/3?routes=false");
    assert!(PARTS.iter().all(|part| plain.get(part).is_none()));
    assert_eq!(demo().json("/supply/3?routes=false&stock_band=false&preparation=0&blend=no"), plain);
    let mut whole = demo().json("/supply/3?routes=false&stock_band=true&preparation=true&blend=true&season_draws=20");
    for part in PARTS {
        assert!(whole[part].is_object(), "{part}");
        whole.as_object_mut().unwrap().remove(part);
    }
    for name in ["season_draws", "decisions", "ash_limit"] {
        assert!(plain["parameters"].get(name).is_none() && !whole["parameters"][name].is_null(), "{name}");
    }
    for other in ["parameters", "inputs_hash"] {
        assert_ne!(whole[other], plain[other]);
        whole[other] = plain[other].clone();
    }
    assert_eq!(whole, plain);
}

#[test]
fn the_band_of_the_stack_is_in_order_and_a_seed_decides_all_its_bits() {
    let band = part("3", "stock_band", "&season_draws=200&season_years=6&season_seed=5");
    assert_eq!(band, part("3", "stock_band", "&season_draws=200&season_years=6&season_seed=5"));
    assert_ne!(band["months"], part("3", "stock_band", "&season_draws=200&season_years=6&season_seed=6")["months"]);
    let months = list(&band, "months");
    assert_eq!((months.len(), list(&band, "years").len()), (72, 6));
    for month in months {
        for of in ["", "short_"] {
            let [low, middle, high] = ["p10_t", "p50_t", "p90_t"].map(|band| number(month, &format!("{of}{band}")));
            assert!(0.0 <= low && low <= middle && middle <= high, "{month}");
        }
        assert!(number(month, "p90_t") <= number(&band, "store_t") + 1e-6, "nothing beyond the store");
        assert_eq!(number(month, "short_p90_t") > 0.0, number(month, "short_share") > 0.1, "{month}");
    }
    let short = sum(list(&band, "years"), "short_share") / 6.0;
    assert!(close(short, number(&band, "year_short_share")));
    let lacking = sum(list(&band, "years"), "mean_short_t") / (6.0 * number(&band, "need_t_a"));
    assert!(close(1.0 - lacking, number(&band, "covered_share")));
}

#[test]
fn a_surer_plant_needs_a_larger_store() {
    let stores = ["0.7", "0.8", "0.9"].map(|certainty| {
        let inputs = format!("&season_draws=300&season_years=5&stock_certainty={certainty}");
        let band = part("1", "stock_band", &inputs);
        (band["certain_store"].clone(), number(&band, "need_t_a"))
    });
    let mut last = 0.0;
    for (store, need) in &stores {
        assert!(number(store, "reached") <= 1.0);
        if let Some(safety) = store["safety_stock_t"].as_f64() {
            assert!(number(store, "reached") >= number(store, "certainty") - 1e-12, "{store}");
            assert!(safety >= last && safety <= number(store, "most_safety_stock_t"));
            assert!(number(store, "store_t") > safety && number(store, "safety_stock_days") < 400.0);
            last = safety;
        } else {
            assert!(number(store, "reached") < number(store, "certainty"));
            last = f64::INFINITY;
        }
        assert!(number(store, "most_safety_stock_t") > *need);
    }
    // A store that holds little covers less.
    let small = part("1", "stock_band", "&season_draws=300&season_years=5&store_capacity_t=1000");
    let large = part("1", "stock_band", "&season_draws=300&season_years=5");
    assert!(number(&small, "covered_share") < number(&large, "covered_share"));
    assert!(list(&small, "months").iter().all(|month| number(month, "p90_t") <= 1000.0 + 1e-9));
}

#[test]
fn peat_of_fields_is_harvested_or_remains_and_years_are_the_sum_of_fields() {
    let plan = part("3", "preparation", "&horizon_years=40");
    let (years, fields) = (list(&plan, "years"), list(&plan, "fields"));
    assert_eq!(years.len(), 40);
    for field in fields {
        let of_years = list(field, "years");
        assert!(close(number(field, "stock_t"), number(field, "harvest_t") + number(field, "remaining_t")), "{field}");
        assert!(close(sum(of_years, "taken_t"), number(field, "harvest_t")));
        let area = number(field, "preparation_cost_rub") / 600_000.0;
        assert!(area <= number(field, "net_area_ha") + 1e-6, "no hectare is prepared twice");
        if field["decision_year"].is_null() && field["status"] == "undeveloped" {
            assert!(of_years.iter().all(|year| year["status"] == "undeveloped"));
        }
    }
    for (at, year) in years.iter().enumerate() {
        let of_fields = |name: &str| fields.iter().map(|field| number(&field["years"][at], name)).sum::<f64>();
        assert!(close(of_fields("taken_t"), number(year, "harvest_t")));
        assert!(close(of_fields("preparation_cost_rub"), number(year, "preparation_cost_rub")));
        assert!(close(of_fields("restoration_cost_rub"), number(year, "restoration_cost_rub")));
        assert!(number(year, "supplied_mwh") <= number(year, "need_mwh"), "nothing beyond the need");
        assert!(close(number(year, "supplied_mwh") + number(year, "short_mwh"), number(year, "need_mwh")));
        assert!(number(year, "preparation_cost_rub") <= 100.0 * 600_000.0 + 1e-3, "crews have a pace");
    }
    assert!(close(sum(years, "preparation_cost_rub"), number(&plan, "preparation_cost_rub")));
}

#[test]
fn decisions_are_put_off_without_loss() {
    let of = |decisions: &str| part("3", "preparation", &format!("&horizon_years=40&decisions={decisions}"));
    let (late, all, none) = (of("when_needed"), of("all"), of("none"));
    let decided = |plan: &Value| {
        let fields = list(plan, "fields").iter().filter(|field| !field["decision_year"].is_null());
        fields.map(|field| (field["field_id"].clone(), number(field, "decision_year"))).collect::<Vec<_>>()
    };
    assert!(decided(&none).is_empty() && none["next_decision_year"].is_null());
    assert!(!decided(&all).is_empty() && decided(&all).iter().all(|(_, year)| (*year - 1.0).abs() < 1e-12));
    assert!(decided(&late).len() <= decided(&all).len() && decided(&late).iter().all(|(_, year)| *year >= 1.0));
    assert!(number(&late, "preparation_cost_rub") <= number(&all, "preparation_cost_rub"));
    for ((late, all), none) in list(&late, "years").iter().zip(list(&all, "years")).zip(list(&none, "years")) {
        assert!(number(late, "covered_share") >= number(all, "covered_share") - 1e-6, "{late} {all}");
        assert!(number(none, "covered_share") <= number(all, "covered_share") + 1e-6);
    }
    // The list of a year's decisions is that of the fields'.
    let by_year: usize = list(&late, "years").iter().map(|year| list(year, "decided_field_ids").len()).sum();
    assert_eq!(by_year, decided(&late).len());
}

/// Dry matter of a fuel's part in a year, t.
fn dry_t(lot: &Value) -> f64 {
    number(lot, "used_t_a") * (1.0 - number(lot, "moisture"))
}

#[test]
fn the_blend_covers_the_need_and_its_ash_is_that_of_its_parts() {
    let blend = part("3", "blend", "&ash_limit=0.05");
    let (peat, other, mixture) = (list(&blend, "peat"), list(&blend, "other"), &blend["mixture"]);
    let need = number(&blend, "need_mwh_a");
    assert!(close(sum(peat, "used_mwh_a") + sum(other, "used_mwh_a"), need));
    assert!(close(sum(peat, "energy_share") + sum(other, "energy_share"), 1.0));
    assert!(close(sum(peat, "energy_share"), number(mixture, "peat_share")));
    let mixed: Vec<&Value> = peat.iter().chain(other.iter().filter(|lot| lot["fired_apart"] == false)).collect();
    for lot in peat.iter().chain(other) {
        assert!(number(lot, "used_mwh_a") <= number(lot, "available_mwh_a") * (1.0 + 1e-9) + 1e-9);
        let heat = number(lot, "used_t_a") * number(lot, "net_calorific_value_mj_kg") / 3.6;
        assert!(close(heat, number(lot, "used_mwh_a")), "{lot}");
    }
    let dry: f64 = mixed.iter().map(|lot| dry_t(lot)).sum();
    for name in ["ash", "sulphur", "chlorine"] {
        let whole: f64 = mixed.iter().map(|lot| dry_t(lot) * number(lot, name)).sum();
        assert!(close(whole / dry, number(mixture, name)), "{name}");
    }
    let mass: f64 = mixed.iter().map(|lot| number(lot, "used_t_a")).sum();
    assert!(close(mass, number(mixture, "mass_t_a")) && close(1.0 - dry / mass, number(mixture, "moisture")));
    let cost: f64 = peat.iter().chain(other).map(|lot| number(lot, "used_mwh_a") * number(lot, "cost_rub_mwh")).sum();
    assert!(close(cost, number(mixture, "cost_rub_a")));
    for limit in list(&blend, "limits") {
        let (value, has) = (number(limit, "value"), number(limit, "mixture"));
        let kept = if limit["is_least"] == true { has >= value * (1.0 - 1e-6) } else { has <= value * (1.0 + 1e-6) };
        assert!(kept, "{limit}");
    }
}

#[test]
fn a_tighter_limit_is_never_cheaper_and_what_binds_has_a_price() {
    let cost = |limit: f64| part("3", "blend", &format!("&ash_limit={limit}"))["mixture"]["cost_rub_mwh"].as_f64();
    let mut last = 0.0;
    let mut dearer = 0;
    for limit in [0.3, 0.12, 0.08, 0.06, 0.05, 0.04, 0.03] {
        let Some(now) = cost(limit) else { break };
        assert!(now >= last - 1e-6, "{limit}: {now} after {last}");
        dearer += usize::from(last > 0.0 && now > last + 1e-6);
        last = now;
    }
    assert!(dearer > 0, "ash has a price somewhere");
    let blend = part("3", "blend", "&ash_limit=0.05");
    let ash = list(&blend, "binding").iter().find(|price| price["limit"] == "ash_limit").expect("ash binds");
    assert!(number(ash, "saving_rub_mwh") > 0.0);
    assert!(close(number(ash, "saving_rub_a"), number(ash, "saving_rub_mwh") * number(&blend, "need_mwh_a")));
    // What is said to be saved is what a blend under the relaxed limit costs less.
    let relaxed = part("3", "blend", "&ash_limit=0.0505");
    let saved = number(&blend["mixture"], "cost_rub_mwh") - number(&relaxed["mixture"], "cost_rub_mwh");
    assert!((saved - number(ash, "saving_rub_mwh")).abs() < 1e-6, "{saved} {ash}");
    assert!(number(&blend["mixture"], "cost_without_limits_rub_mwh") <= number(&blend["mixture"], "cost_rub_mwh") + 1e-9);
}

#[test]
fn an_impossible_blend_says_what_must_give_way_and_by_how_little() {
    let wet = "&backup=false&wood_chips_most_share=1";
    let blend = part("3", "blend", &format!("{wet}&moisture_limit=0.3"));
    assert!(blend["mixture"].is_null());
    assert_eq!(blend["refused"]["code"], "limit_unreachable");
    let relief = list(&blend["refused"]["relief"], "alone");
    let moisture = relief.iter().find(|relief| relief["limit"] == "moisture_limit").expect("the moisture must give way");
    let needed = number(moisture, "needed");
    assert!(needed > 0.3 && part("3", "blend", &format!("{wet}&moisture_limit={}", needed + 1e-6))["mixture"].is_object());
    assert!(part("3", "blend", &format!("{wet}&moisture_limit={}", needed - 1e-4))["mixture"].is_null(), "no less will do");
    // Peat alone that is not enough: what is missing is told in MWh.
    let alone = part("3", "blend", "&backup=false&wood_chips=false&weather_factor=0.05");
    assert_eq!(alone["refused"]["code"], "fuel_missing");
    let there = sum(list(&alone, "peat"), "available_mwh_a");
    assert!(close(number(&alone["refused"], "missing_mwh_a") + there, number(&alone, "need_mwh_a")));
}

#[test]
fn what_no_core_says_is_a_default_and_is_named() {
    let blend = part("3", "blend", "");
    let named = |parameter: &str| list(&blend, "rests_on").iter().any(|used| used["parameter"] == parameter);
    assert!(
        ["peat_moisture", "peat_sulphur", "peat_chlorine", "ash_limit", "wood_chips_most_share"].iter().all(|name| named(name))
    );
    for lot in list(&blend, "peat") {
        assert_eq!(lot["ash_from"] == "default", (number(lot, "ash") - 0.06).abs() < 1e-12, "{lot}");
    }
    assert!(list(&blend, "peat").iter().any(|lot| lot["ash_from"] == "cores"));
    let given = part("3", "blend", "&peat_ash=0.1&peat_sulphur=0.001&superheat_c=540");
    assert!(list(&given, "peat").iter().all(|lot| lot["ash_from"] == "request" && (number(lot, "ash") - 0.1).abs() < 1e-9));
    assert!(!list(&given, "rests_on").iter().any(|used| used["parameter"] == "peat_sulphur"));
}

#[test]
fn wrong_inputs_of_the_parts_are_named() {
    for (query, parameter, allowed) in [
        ("stock_band=maybe", "stock_band", "true, false"),
        ("season_draws=5", "season_draws", "between 10 and 20000"),
        ("season_draws=20.5", "season_draws", "whole number"),
        ("stock_band=true&season_draws=20000&season_years=50", "season_draws", "200000"),
        ("stock_certainty=1", "stock_certainty", "between 0.5 and 0.999"),
        ("decisions=never", "decisions", "when_needed, all, none"),
        ("decision_year=0", "decision_year", "between 1 and 300"),
        ("ash_limit=2", "ash_limit", "between 0 and 0.9"),
        ("peat_cost_rub_mwh=500", "peat_cost_rub_mwh", "there is no input"),
        ("wood_chips_most_share=2", "wood_chips_most_share", "between 0 and 1"),
    ] {
        let problem = demo().problem(&format!("/supply/3?{query}"), 400);
        assert_eq!(problem["parameter"], parameter, "{query}");
        assert!(problem["detail"].as_str().unwrap().contains(allowed), "{query}: {problem}");
    }
    let problem = demo().problem("/supply/3?stock_band=true&season_factor_least=1&season_factor_greatest=1", 422);
    assert!(problem["detail"].as_str().unwrap().contains("least weather factor"), "{problem}");
}

#[test]
fn the_process_answers_the_same_and_describes_each_input() {
    let body = json!({ "inputs": { "plant": 2, "routes": false, "blend": true, "preparation": true, "season_draws": 50, "stock_band": true } });
    let answer = demo().post("/ogc/processes/fuel-supply/execution", &body.to_string());
    assert_eq!(answer.status, 200, "{}", answer.text);
    let plain = demo().json("/supply/2?routes=false&blend=true&preparation=true&season_draws=50&stock_band=true");
    assert_eq!(answer.json(), plain);
    let (english, russian) =
        (demo().json("/ogc/processes/fuel-supply?lang=en"), demo().json("/ogc/processes/fuel-supply?lang=ru"));
    let parameters = demo().json("/parameters");
    for name in ["stock_band", "decisions", "season_draws", "stock_certainty", "ash_limit", "wood_chips_cost_rub_mwh", "backup"] {
        let [one, other] = [&english, &russian].map(|process| process["inputs"][name]["title"].clone());
        assert!(one.is_string() && other.is_string() && one != other, "{name}");
    }
    for (table, name) in [("season", "season_draws"), ("blend", "sulphur_limit"), ("season_choices", "decisions")] {
        assert!(list(&parameters, table).iter().any(|parameter| parameter["name"] == name), "{name}");
    }
}

#[test]
fn sulphur_of_a_core_is_that_of_its_deposits_peat() {
    let server = Server::start(&copy_of("demo.gpkg"));
    let asked = "/supply/3?routes=false&blend=true";
    let before = server.json(asked);
    assert!(list(&before["blend"], "peat").iter().all(|lot| lot["sulphur_from"] == "default"));
    let cores = server.json("/ogc/collections/cores/items?limit=1000");
    for core in list(&cores, "features") {
        let mut layers = core["properties"]["layers"].clone();
        for layer in layers.as_array_mut().unwrap() {
            layer["sulphur"] = json!(0.004);
        }
        let patch = json!({ "properties": { "layers": layers } }).to_string();
        let address = format!("/ogc/collections/cores/items/{}", core["id"]);
        let changed = server.request("PATCH", &address, &[("Content-Type", "application/merge-patch+json")], Some(&patch));
        assert_eq!(changed.status, 204, "{}", changed.text);
    }
    let after = server.json(asked);
    let measured: Vec<&Value> = list(&after["blend"], "peat").iter().filter(|lot| lot["sulphur_from"] == "cores").collect();
    assert!(!measured.is_empty() && measured.iter().all(|lot| close(number(lot, "sulphur"), 0.004)));
    assert_ne!(after["inputs_hash"], before["inputs_hash"]);
    let cost = |answer: &Value| answer["blend"]["mixture"]["cost_rub_mwh"].as_f64().unwrap();
    assert!(cost(&after) >= cost(&before), "more sulphur is never cheaper");
}

#[test]
fn a_project_without_fields_answers_every_part() {
    let project = crate::support::files::fresh_folder("bare").join("bare.gpkg");
    succeeds(["project", "--title", "Bare", "--project", project.to_str().unwrap()]);
    let server = Server::start(&project);
    let answer = server.json("/supply?at=40.66,55.62&fuel_power_mw=10&stock_band=true&preparation=true&blend=true&backup=false");
    assert_eq!(answer["blend"]["refused"]["code"], "fuel_missing");
    assert!(close(number(&answer["blend"]["refused"], "missing_mwh_a"), 0.7 * number(&answer["blend"], "need_mwh_a")));
    assert!(list(&answer["preparation"], "fields").is_empty());
    assert!(
        close(number(&answer["stock_band"], "year_short_share"), 1.0)
            && answer["stock_band"]["certain_store"]["store_t"].is_null()
    );
}

#[test]
fn the_parts_can_be_read_in_both_languages() {
    let body = json!({ "inputs": { "plant": 2, "blend": true, "preparation": true, "stock_band": true, "season_draws": 20 } });
    let asked = demo().post_with("/ogc/processes/fuel-supply/execution", &body.to_string(), &[("Prefer", "respond-async")]);
    assert_eq!(asked.status, 201, "{}", asked.text);
    let location = asked.headers["location"].to_str().unwrap();
    let results = format!("/ogc/jobs/{}/results", location.rsplit('/').next().unwrap());
    let start = std::time::Instant::now();
    while demo().get(&results).status != 200 {
        assert!(start.elapsed() < std::time::Duration::from_secs(60));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    for (language, said) in [
        ("en", ["Stack over drawn seasons", "Fields year by year", "Cheapest blend", "Safety stock before the season"]),
        ("ru", ["Запас при разных сезонах", "Поля по годам", "Самая дешёвая смесь", "Страховой запас к началу сезона"]),
    ] {
        let page = demo().get_with(&format!("{results}?lang={language}"), &[("Accept", "text/html")]).text;
        assert!(said.iter().all(|text| page.contains(text)), "{language}");
        assert!(["undefined", ">part_", ">figure_", ">status_"].iter().all(|missing| !page.contains(missing)), "{language}");
    }
}
